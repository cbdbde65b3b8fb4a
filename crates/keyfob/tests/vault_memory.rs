//! What a picture of this process's memory would show: nothing of a vault that was closed.
//!
//! The test reads its own memory (`/proc/self/mem`) and looks for the secrets of a vault that it has opened, used and closed.
//! So that it does not find what it looks for in itself, it knows them only behind a mask.

#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test: what cannot be done has failed")]

use std::fs::File;
use std::os::unix::fs::FileExt;
use std::path::Path;

use authenticator::Vault;
use authenticator::private_key::PrivateKey;
use authenticator::vault::Credential;
use fido::extension::CredentialProtection;
use fido::options::UserEntity;
use keyfob::vault_file::{Unlock, VaultFile};
use primitives::cose::Algorithm;
use primitives::entropy::SystemEntropy;
use primitives::secret::SecretText;
use primitives::slow_hash::Cost;
use primitives::time::Timestamp;
use zeroize::Zeroizing;

const PASSKEYS: u8 = 200;
const MASK: u8 = 0x5a;

/// Bytes of a secret behind the mask; each number and kind has its own.
fn masked<const N: usize>(kind: u8, number: u8) -> [u8; N] {
    let mut state = u32::from(kind) << 8 | u32::from(number) | 0x9e37_0000;
    std::array::from_fn(|_| {
        state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        state.to_be_bytes()[0]
    })
}

fn secret<const N: usize>(kind: u8, number: u8) -> Zeroizing<[u8; N]> {
    let mut out = Zeroizing::new([0; N]);
    out.iter_mut().zip(masked::<N>(kind, number)).for_each(|(byte, masked)| *byte = masked ^ MASK);
    out
}

fn credential(number: u8) -> Credential {
    Credential {
        id: vec![number; 16],
        rp_id: "site.example".to_owned(),
        rp_name: String::new(),
        user: UserEntity { id: vec![number].into(), name: String::new(), display_name: String::new() },
        key: PrivateKey::from_seed(Algorithm::Es256, secret(1, number)).unwrap(),
        sign_count: 0,
        discoverable: true,
        backup_eligible: false,
        protection: CredentialProtection::UserVerificationOptional,
        cred_random: secret(2, number),
        cred_blob: None,
        large_blob_key: Some(secret(3, number)),
        created: Timestamp::from_secs(1),
        last_used: None,
    }
}

fn passphrase() -> Unlock {
    let letters = secret::<24>(4, 0);
    let text: String = letters.iter().map(|byte| char::from(b'a' + byte % 26)).collect();
    Unlock::Passphrase(SecretText::new(text))
}

/// How often 16 bytes of each secret are in this process's memory: seeds, CredRandom, keys of large blobs.
fn found() -> [usize; 3] {
    let needles: Vec<(usize, [u8; 16])> = (1..=PASSKEYS)
        .flat_map(|number| (1_u8..=3).map(move |kind| (usize::from(kind - 1), masked::<16>(kind, number))))
        .collect();
    let mut firsts = vec![Vec::new(); 65_536];
    for (kind, needle) in &needles {
        firsts[usize::from(needle[0]) << 8 | usize::from(needle[1])].push((*kind, *needle));
    }
    let maps = std::fs::read_to_string("/proc/self/maps").unwrap();
    let memory = File::open("/proc/self/mem").unwrap();
    let mut counts = [0; 3];
    let mut page = vec![0_u8; 1 << 20];
    for line in maps.lines().filter(|line| line.split(' ').nth(1).is_some_and(|mode| mode.starts_with("rw")))
    {
        let (from, to) = line.split(' ').next().unwrap().split_once('-').unwrap();
        let (mut at, end) = (u64::from_str_radix(from, 16).unwrap(), u64::from_str_radix(to, 16).unwrap());
        while at < end {
            let length = usize::try_from(end - at).unwrap().min(page.len());
            let Ok(read) = memory.read_at(&mut page[..length], at) else { break };
            for window in page[..read].windows(16) {
                let [one, two, ..] = window else { continue };
                for (kind, needle) in &firsts[usize::from(one ^ MASK) << 8 | usize::from(two ^ MASK)] {
                    if window.iter().zip(needle).all(|(byte, masked)| byte ^ MASK == *masked) {
                        counts[*kind] += 1;
                    }
                }
            }
            if read <= 16 {
                break;
            }
            at += u64::try_from(read - 15).unwrap();
            if read < length || at + 15 >= end {
                break;
            }
        }
    }
    counts
}

fn make(path: &Path) {
    let mut vault =
        VaultFile::create_costing(path, &passphrase(), Cost::CHEAP_FOR_TESTS, &mut SystemEntropy).unwrap();
    (1..=PASSKEYS).for_each(|number| vault.add(credential(number)).unwrap());
}

#[test]
fn a_closed_vault_leaves_nothing_in_memory() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("vault");
    make(&path);
    let mut vault = VaultFile::open(&path, passphrase()).unwrap();
    vault.count_use(&[7; 16], Timestamp::from_secs(2)).unwrap();
    vault.get(&[7; 16]).unwrap().key.sign(b"message");
    vault.change_lock_costing(&passphrase(), Cost::CHEAP_FOR_TESTS).unwrap();
    let open = found();
    drop(vault);
    let closed = found();
    let all = usize::from(PASSKEYS);
    assert!(
        open.iter().all(|count| (all..all + 10).contains(count)),
        "an open vault has each once: {open:?}"
    );
    // One or another may still be where the stack was when it was read last.
    assert!(closed.iter().sum::<usize>() <= 3, "{closed:?} are left of {all} each");
}
