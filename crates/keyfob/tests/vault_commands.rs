//! `export`, `import`, `backup` and `change-passphrase` as a person's shell runs them.

#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test: what cannot be done has failed")]

use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use authenticator::Vault;
use authenticator::private_key::PrivateKey;
use authenticator::vault::Credential;
use fido::extension::CredentialProtection;
use fido::options::UserEntity;
use keyfob::vault_file::{Unlock, VaultError, VaultFile};
use primitives::cose::Algorithm;
use primitives::entropy::SystemEntropy;
use primitives::secret::SecretText;
use primitives::slow_hash::Cost;
use primitives::time::Timestamp;
use serde_json::{Value, json};
use tempfile::TempDir;
use zeroize::Zeroizing;

/// A folder with a vault of three passkeys and files of passphrases.
struct Stand {
    folder: TempDir,
}

fn passphrase(text: &str) -> Unlock {
    Unlock::Passphrase(SecretText::new(text))
}

fn credential(number: u8) -> Credential {
    Credential {
        id: vec![number; 16],
        rp_id: format!("site{number}.example"),
        rp_name: "Site".to_owned(),
        user: UserEntity { id: vec![number].into(), name: "anna".into(), display_name: "Anna".into() },
        key: PrivateKey::from_seed(Algorithm::Es256, Zeroizing::new([number; 32])).unwrap(),
        sign_count: 4,
        discoverable: true,
        backup_eligible: false,
        protection: CredentialProtection::UserVerificationRequired,
        cred_random: Zeroizing::new([number; 64]),
        cred_blob: None,
        large_blob_key: None,
        created: Timestamp::from_secs(1_700_000_000),
        last_used: None,
    }
}

impl Stand {
    fn new() -> Self {
        let stand = Self { folder: tempfile::tempdir().unwrap() };
        stand.vault("vault", 3);
        for (name, text) in [("old", "correct horse"), ("new", "battery staple"), ("export", "purple monkey")]
        {
            std::fs::write(stand.path(name), format!("{text}\nsecond line\n")).unwrap();
        }
        stand
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    fn vault(&self, name: &str, passkeys: u8) {
        let (unlock, cost) = (passphrase("correct horse"), Cost::CHEAP_FOR_TESTS);
        let path = self.path(name);
        let mut vault = VaultFile::create_costing(&path, &unlock, cost, &mut SystemEntropy).unwrap();
        (1..=passkeys).for_each(|number| vault.add(credential(number)).unwrap());
    }

    fn ids(&self, name: &str, secret: &str) -> Result<Vec<u8>, VaultError> {
        let vault = VaultFile::open(&self.path(name), passphrase(secret))?;
        Ok(vault.all().map(|credential| credential.id[0]).collect())
    }

    /// Runs `keyfob`; arguments that begin with `@` are files of this folder.
    fn run(&self, vault: &str, arguments: &[&str]) -> Output {
        let place = |argument: &&str| match argument.strip_prefix('@') {
            Some(name) => self.path(name).into_os_string(),
            None => argument.into(),
        };
        let mut command = Command::new(env!("CARGO_BIN_EXE_keyfob"));
        command.env_clear().env("HOME", self.folder.path()).arg("--vault").arg(self.path(vault));
        command.arg("--json").arg("--passphrase-file").arg(self.path("old"));
        command.args(arguments.iter().map(place)).output().unwrap()
    }

    fn said(&self, vault: &str, arguments: &[&str]) -> Value {
        let output = self.run(vault, arguments);
        assert!(output.status.success(), "{arguments:?}: {}", String::from_utf8_lossy(&output.stderr));
        serde_json::from_slice(&output.stdout).unwrap()
    }

    fn refusal(&self, vault: &str, arguments: &[&str]) -> (i32, String) {
        let output = self.run(vault, arguments);
        assert!(output.stdout.is_empty());
        (output.status.code().unwrap(), String::from_utf8(output.stderr).unwrap())
    }
}

fn reads(path: &Path, text: &str) -> bool {
    std::fs::read(path).unwrap().windows(text.len()).any(|window| window == text.as_bytes())
}

#[test]
fn passkeys_go_from_one_vault_to_another() {
    let stand = Stand::new();
    stand.vault("other", 1);
    let export = ["export", "@file", "--export-passphrase-file", "@export"];
    let said = stand.said("vault", &export);
    assert_eq!(
        (&said["passkeys"], &said["device_bound"], &said["encrypted"]),
        (&json!(3), &json!(3), &json!(true))
    );
    assert!(!reads(&stand.path("file"), "site1.example"));
    let import = ["import", "@file", "--export-passphrase-file", "@export"];
    let said = stand.said("other", &import);
    assert_eq!(said, json!({ "imported": 2, "known_already": 1, "others": 0, "refused": [] }));
    assert_eq!(stand.ids("other", "correct horse"), Ok(vec![1, 2, 3]));
    assert_eq!(stand.said("other", &import)["imported"], json!(0));

    let (code, why) = stand.refusal("other", &["import", "@file", "--export-passphrase-file", "@old"]);
    assert_eq!(code, 1);
    assert!(why.starts_with("Nothing was imported: the file does not open"), "{why}");
    let (code, why) = stand.refusal("vault", &export);
    assert_eq!(code, 1, "nothing is written over: {why}");
}

#[test]
fn another_program_gets_them_in_clear_only_when_told_so() {
    let stand = Stand::new();
    let said = stand.said("vault", &["export", "@file", "--in-clear", "--site", "site2.example"]);
    assert_eq!((&said["passkeys"], &said["encrypted"]), (&json!(1), &json!(false)));
    assert!(reads(&stand.path("file"), "site2.example") && !reads(&stand.path("file"), "site1.example"));
    stand.vault("other", 0);
    assert_eq!(stand.said("other", &["import", "@file"])["imported"], json!(1));
    let (code, why) = stand.refusal("vault", &["export", "@file2", "--in-clear", "--site", "none.example"]);
    assert_eq!((code, why.trim()), (1, "Nothing was exported: there are no such passkeys."));
    let (code, why) = stand.refusal("vault", &["import", "@old"]);
    assert_eq!(code, 1);
    assert!(why.contains("neither an export of Keyfob's"), "{why}");
    assert!(!stand.path("file2").exists());
    let (code, _) = stand.refusal("vault", &["export"]);
    assert_eq!(code, 2, "usage");
}

#[test]
fn a_backup_opens_as_the_vault_does() {
    let stand = Stand::new();
    let said = stand.said("vault", &["backup", "@copy"]);
    assert_eq!((&said["passkeys"], &said["lock"]), (&json!(3), &json!("passphrase")));
    assert_eq!(stand.ids("copy", "correct horse"), Ok(vec![1, 2, 3]));
    let (code, why) = stand.refusal("vault", &["backup", "@copy"]);
    assert_eq!(code, 1);
    assert!(why.starts_with("No backup was made: there is a file already"), "{why}");
}

#[test]
fn a_changed_passphrase_is_the_only_one() {
    let stand = Stand::new();
    let said = stand.said("vault", &["change-passphrase", "--new-passphrase-file", "@new"]);
    assert_eq!(said["lock"], json!("passphrase"));
    assert_eq!(stand.ids("vault", "correct horse"), Err(VaultError::WrongKey));
    assert_eq!(stand.ids("vault", "battery staple"), Ok(vec![1, 2, 3]));
    let (code, why) = stand.refusal("vault", &["change-passphrase", "--new-passphrase-file", "@old"]);
    assert_eq!(code, 1);
    assert!(why.starts_with("The vault opens as before: "), "{why}");
}

#[test]
fn an_open_vault_is_left_alone() {
    let stand = Stand::new();
    let _open = VaultFile::open(&stand.path("vault"), passphrase("correct horse")).unwrap();
    let (code, why) = stand.refusal("vault", &["backup", "@copy"]);
    assert_eq!(code, 1);
    assert!(why.contains("another Keyfob has the vault open"), "{why}");
}

/// A process that has a vault open leaves no picture of its memory when it dies, whatever the shell allows.
#[test]
fn no_core_is_left() {
    let stand = Stand::new();
    // It waits here for its passphrase until it is looked at.
    let pipe = stand.path("pipe");
    assert!(Command::new("mkfifo").arg(&pipe).status().unwrap().success());
    let mut command = Command::new("sh");
    command.args(["-c", "ulimit -S -c \"$(ulimit -H -c)\"; exec \"$@\"", "sh", env!("CARGO_BIN_EXE_keyfob")]);
    command.arg("--vault").arg(stand.path("vault")).arg("--passphrase-file").arg(&pipe);
    let mut child = command.args(["backup"]).arg(stand.path("copy")).spawn().unwrap();
    // Opening the pipe to write waits until the program reads it.
    let mut passphrase = std::fs::OpenOptions::new().write(true).open(&pipe).unwrap();
    let limits = std::fs::read_to_string(format!("/proc/{}/limits", child.id())).unwrap();
    let core = limits.lines().find(|line| line.starts_with("Max core file size")).unwrap();
    let words: Vec<&str> = core.split_whitespace().collect();
    assert_eq!(words[4..6], ["0", "0"], "{core}");
    passphrase.write_all(b"correct horse\n").unwrap();
    drop(passphrase);
    assert!(child.wait().unwrap().success());
}
