//! A disk without room, for real: the kernel cuts a write short and refuses the rest (RLIMIT_FSIZE, without its signal).
//!
//! The child is this very program, told to run the one test that is ignored otherwise. It says a line after each change
//! that the vault has acknowledged, and goes on after what was refused.

#![expect(clippy::unwrap_used, reason = "a test: what cannot be done has failed")]

use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use keyfob::vault_file::{Unlock, VaultError, VaultFile};
use primitives::entropy::SystemEntropy;

/// Runs something of which no file gets longer than `blocks` of 512 bytes.
fn limited(blocks: usize, program: &Path, arguments: &[&Path]) -> Output {
    let script = "trap '' XFSZ; ulimit -f \"$1\"; shift; exec \"$@\"";
    let mut command = Command::new("sh");
    command.args(["-c", script, "sh", &blocks.to_string()]).arg(program).args(arguments).output().unwrap()
}

fn item(number: usize) -> String {
    format!("item/{number}")
}

#[test]
#[ignore = "the child of the other test"]
fn child() {
    #[expect(clippy::disallowed_methods, reason = "a test: its argument")]
    let path = PathBuf::from(std::env::var("VAULT_FULL").unwrap());
    let mut vault = VaultFile::open(&path, Unlock::Unattended).unwrap();
    let mut refused = 0;
    for number in 0..200 {
        // Of many lengths, so that some still fit where others do not.
        match vault.set_item(&item(number), Some(&vec![7; number * 37 % 400])) {
            Ok(()) => writeln!(std::io::stdout(), "\ndone {number}").unwrap(),
            Err(VaultError::Io(_)) => refused += 1,
            Err(error) => panic!("{error}"),
        }
    }
    writeln!(std::io::stdout(), "\nrefused {refused}").unwrap();
}

#[test]
fn where_there_is_no_room_what_was_acknowledged_is_there_and_nothing_else() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("vault");
    for blocks in [4, 5, 6, 7, 11, 16] {
        let _ = std::fs::remove_file(&path);
        drop(VaultFile::create(&path, Unlock::Unattended, &mut SystemEntropy).unwrap());
        let script = "trap '' XFSZ; ulimit -f \"$1\"; shift; exec \"$@\"";
        let output = Command::new("sh")
            .args(["-c", script, "sh", &blocks.to_string()])
            .arg(std::env::current_exe().unwrap())
            .args(["--exact", "child", "--ignored", "--nocapture"])
            .env("VAULT_FULL", &path)
            .output()
            .unwrap();
        let said = String::from_utf8(output.stdout).unwrap();
        assert!(output.status.success(), "{said}");
        let told = |word: &str| -> Vec<usize> {
            said.lines().filter_map(|line| line.strip_prefix(word)?.parse().ok()).collect()
        };
        let (done, refused) = (told("done "), told("refused "));
        assert!(refused > vec![0], "{blocks}: there was room: {said}");
        let length = std::fs::metadata(&path).unwrap().len();
        let vault = VaultFile::open(&path, Unlock::Unattended).unwrap();
        let kept: Vec<usize> = (0..200).filter(|number| vault.item(&item(*number)).is_some()).collect();
        assert_eq!(kept, done, "{blocks}");
        drop(vault);
        assert_eq!(std::fs::metadata(&path).unwrap().len(), length, "no torn end was left to cut off");
    }
}

#[test]
fn half_a_backup_or_export_does_not_stay() {
    let folder = tempfile::tempdir().unwrap();
    let place = |name: &str| folder.path().join(name);
    let (vault, copy) = (place("vault"), place("copy"));
    let mut open = VaultFile::create(&vault, Unlock::Unattended, &mut SystemEntropy).unwrap();
    open.set_item("long", Some(&[7; 40_000])).unwrap();
    drop(open);
    // What opening makes once a day is there before there is no room.
    drop(VaultFile::open(&vault, Unlock::Unattended).unwrap());
    let keyfob = Path::new(env!("CARGO_BIN_EXE_keyfob"));
    let arguments = [Path::new("--vault"), &vault, Path::new("backup"), &copy];
    let output = limited(20, keyfob, &arguments);
    assert_eq!(output.status.code(), Some(1), "{output:?}");
    let why = String::from_utf8_lossy(&output.stderr);
    assert!(why.contains("No backup was made: the vault's file: "), "{why}");
    assert!(!copy.exists(), "half a backup looks like a backup");
    // The daily backup fails as well, and keeps nobody from their passkeys.
    std::fs::remove_file(place("vault.backup-1")).unwrap();
    let output = limited(20, keyfob, &[Path::new("--vault"), &vault, Path::new("list")]);
    assert!(output.status.success(), "{output:?}");
    assert!(!place("vault.copy").exists() && !place("vault.backup-1").exists());
}
