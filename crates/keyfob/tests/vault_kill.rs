//! A process that writes to a vault is killed, again and again, at whatever it is doing: what it has said is kept is there.
//!
//! The child is this very program, told to run the one test that is ignored otherwise. It says a line after each change
//! that the vault has acknowledged; now and then it writes the whole file anew.

#![expect(clippy::unwrap_used, reason = "a test: what cannot be done has failed")]

use std::io::{BufRead, BufReader, Read, Write};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use authenticator::Vault;
use authenticator::private_key::PrivateKey;
use authenticator::vault::{Credential, DeviceState};
use fido::extension::CredentialProtection;
use fido::options::UserEntity;
use keyfob::vault_file::{Unlock, VaultFile};
use primitives::cose::Algorithm;
use primitives::entropy::{self, SystemEntropy};
use primitives::time::Timestamp;
use zeroize::Zeroizing;

/// How often the child dies.
const DEATHS: u32 = 30;
/// The item that counts what was done.
const COUNT: &str = "count";

fn credential(number: u64) -> Credential {
    Credential {
        id: number.to_be_bytes().to_vec(),
        rp_id: format!("site{}.example", number % 5),
        rp_name: String::new(),
        user: UserEntity {
            id: number.to_be_bytes().to_vec().into(),
            name: format!("anna{number}"),
            display_name: String::new(),
        },
        key: PrivateKey::from_seed(Algorithm::EdDsa, Zeroizing::new([7; 32])).unwrap(),
        sign_count: 0,
        discoverable: true,
        backup_eligible: false,
        protection: CredentialProtection::UserVerificationOptional,
        cred_random: Zeroizing::new([1; 64]),
        cred_blob: None,
        large_blob_key: None,
        created: Timestamp::from_secs(1),
        last_used: None,
    }
}

/// Deed `number`: what it is depends on nothing else, so that whoever opens the vault knows what must be there.
fn deed(vault: &mut VaultFile, number: u64) {
    match number % 8 {
        3 => vault.set_state(DeviceState { large_blobs: vec![9; 2_000], ..DeviceState::default() }).unwrap(),
        5 => drop(vault.count_use(&(number - 1).to_be_bytes(), Timestamp::from_secs(5)).unwrap()),
        7 => vault.remove(&(number - 1).to_be_bytes()).unwrap(),
        _ => vault.add(credential(number)).unwrap(),
    }
    if number.is_multiple_of(10) {
        // Writes the file anew.
        vault.add_all(vec![credential(number + 1_000_000_000)]).unwrap();
    }
    vault.set_item(COUNT, Some(&number.to_be_bytes())).unwrap();
}

/// How many deeds the vault has whole, after checking that it has what they did.
fn done(path: &Path) -> u64 {
    let vault = VaultFile::open(path, Unlock::Unattended).unwrap();
    let count = vault.item(COUNT).map_or(0, |count| u64::from_be_bytes(count.try_into().unwrap()));
    for number in 1..=count {
        let id = number.to_be_bytes();
        match number % 8 {
            3 | 5 | 7 => {}
            6 if number < count => assert!(vault.get(&id).is_none(), "{number} was removed"),
            6 => {}
            _ => assert!(vault.get(&id).is_some(), "{number} of {count} is missing"),
        }
        if number % 8 == 5 {
            assert_eq!(vault.get(&(number - 1).to_be_bytes()).unwrap().sign_count, 1, "{number}");
        }
        if number.is_multiple_of(10) {
            assert!(vault.get(&(number + 1_000_000_000).to_be_bytes()).is_some(), "{number} of {count}");
        }
    }
    count
}

#[test]
#[ignore = "the child of the other test"]
fn child() {
    let mut line = String::new();
    std::io::stdin().read_line(&mut line).unwrap();
    let path = PathBuf::from(line.trim());
    let mut vault = VaultFile::open(&path, Unlock::Unattended).unwrap();
    let mut count = vault.item(COUNT).map_or(0, |count| u64::from_be_bytes(count.try_into().unwrap()));
    // What was begun before the last death and is not counted is taken back first.
    let begun = count + 1;
    let _ = vault.remove(&begun.to_be_bytes());
    if begun % 8 == 7 && vault.get(&(begun - 1).to_be_bytes()).is_none() {
        vault.add(credential(begun - 1)).unwrap();
    }
    if begun % 8 == 5 && vault.get(&(begun - 1).to_be_bytes()).unwrap().sign_count == 1 {
        vault.remove(&(begun - 1).to_be_bytes()).unwrap();
        vault.add(credential(begun - 1)).unwrap();
    }
    loop {
        count += 1;
        deed(&mut vault, count);
        writeln!(std::io::stdout(), "done {count}").unwrap();
    }
}

#[test]
fn whenever_the_process_is_killed_what_it_acknowledged_is_there() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("vault");
    drop(VaultFile::create(&path, Unlock::Unattended, &mut SystemEntropy).unwrap());
    let mut acknowledged = 0;
    for death in 0..DEATHS {
        let mut child = Command::new(std::env::current_exe().unwrap())
            .args(["--exact", "child", "--ignored", "--nocapture"])
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        writeln!(child.stdin.take().unwrap(), "{}", path.display()).unwrap();
        let mut lines = BufReader::new(child.stdout.take().unwrap());
        let [wanted, spin] = entropy::array::<2>(&mut SystemEntropy);
        let mut read = 0;
        let mut line = String::new();
        while read <= u32::from(wanted % 12) {
            line.clear();
            assert_ne!(lines.read_line(&mut line).unwrap(), 0, "death {death}: the child ended by itself");
            if let Some(count) = number(&line) {
                (acknowledged, read) = (count, read + 1);
            }
        }
        // A moment more, never the same: into the midst of a write, a flush, a renaming.
        for turn in 0..u64::from(spin) * 20_000 {
            std::hint::black_box(turn);
        }
        child.kill().unwrap();
        child.wait().unwrap();
        // What it said in its last moment counts.
        let mut rest = String::new();
        lines.read_to_string(&mut rest).unwrap();
        acknowledged = rest.split_inclusive('\n').filter_map(number).next_back().unwrap_or(acknowledged);
        let kept = done(&path);
        assert!(
            kept == acknowledged || kept == acknowledged + 1,
            "death {death}: {acknowledged} were acknowledged and {kept} are there"
        );
    }
    assert!(acknowledged > u64::from(DEATHS));
}

fn number(line: &str) -> Option<u64> {
    line.strip_suffix('\n')?.split("done ").nth(1)?.parse().ok()
}
