//! A vault that a TPM opens, against a real TPM 2.0 in software (swtpm, libtpms), spoken to as `/dev/tpmrm0` would be.
//!
//! Where swtpm is not installed the tests say so and pass; with `CI=true` they fail, as `./check` installs it.

#![expect(clippy::unwrap_used, reason = "a test: what cannot be done has failed")]

use std::io::{Read, Write};
use std::os::unix::net::UnixStream;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output, Stdio};

use authenticator::Vault;
use authenticator::private_key::PrivateKey;
use authenticator::vault::Credential;
use fido::extension::CredentialProtection;
use fido::options::UserEntity;
use keyfob::vault_file::{LockKind, TpmDevice, TpmRefusal, Unlock, VaultError, VaultFile};
use primitives::cose::Algorithm;
use primitives::entropy::SystemEntropy;
use primitives::secret::SecretText;
use primitives::slow_hash::Cost;
use primitives::time::Timestamp;
use tempfile::TempDir;
use zeroize::Zeroizing;

/// A TPM in software, whose state outlives it in a folder.
struct Simulator {
    process: Child,
    socket: PathBuf,
    state: TempDir,
}

impl Simulator {
    /// `None` where there is none.
    fn start() -> Option<Self> {
        Self::start_in(tempfile::tempdir().unwrap())
    }

    fn start_in(state: TempDir) -> Option<Self> {
        let socket = state.path().join("socket");
        let _ = std::fs::remove_file(&socket);
        let started = Command::new("swtpm")
            .args(["socket", "--tpm2", "--flags", "not-need-init,startup-clear", "--tpmstate"])
            .arg(format!("dir={}", state.path().display()))
            .arg("--server")
            .arg(format!("type=unixio,path={}", socket.display()))
            .stderr(Stdio::null())
            .spawn();
        let Ok(process) = started else {
            #[expect(
                clippy::disallowed_methods,
                reason = "a test: whether it runs where everything must be there"
            )]
            let ci = std::env::var("CI").is_ok_and(|value| value == "true");
            assert!(!ci, "swtpm is missing, and CI=true");
            eprintln!("swtpm is not installed: no TPM was tried");
            return None;
        };
        let mut simulator = Self { process, socket, state };
        while UnixStream::connect(&simulator.socket).is_err() {
            assert!(simulator.process.try_wait().unwrap().is_none(), "swtpm ended");
            std::thread::yield_now();
        }
        Some(simulator)
    }

    /// Switched off and on again.
    fn restarted(mut self) -> Self {
        self.process.kill().unwrap();
        self.process.wait().unwrap();
        let state = std::mem::replace(&mut self.state, tempfile::tempdir().unwrap());
        Self::start_in(state).unwrap()
    }

    fn device(&self) -> TpmDevice {
        TpmDevice::at(Some(self.socket.clone()))
    }

    fn unlock(&self) -> Unlock {
        Unlock::Tpm(self.device())
    }

    /// Sends a command as it is and gives the response code.
    fn raw(&self, command: &[u8]) -> u32 {
        let mut stream = UnixStream::connect(&self.socket).unwrap();
        stream.write_all(command).unwrap();
        let mut head = [0; 10];
        stream.read_exact(&mut head).unwrap();
        u32::from_be_bytes(*head.last_chunk().unwrap())
    }
}

impl Drop for Simulator {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

fn credential(number: u8) -> Credential {
    Credential {
        id: vec![number; 16],
        rp_id: "site.example".to_owned(),
        rp_name: "Site".to_owned(),
        user: UserEntity { id: vec![number].into(), name: "anna".into(), display_name: "Anna".into() },
        key: PrivateKey::from_seed(Algorithm::Es256, Zeroizing::new([number; 32])).unwrap(),
        sign_count: 0,
        discoverable: true,
        backup_eligible: false,
        protection: CredentialProtection::UserVerificationRequired,
        cred_random: Zeroizing::new([number; 64]),
        cred_blob: None,
        large_blob_key: None,
        created: Timestamp::from_secs(1),
        last_used: None,
    }
}

fn count(path: &Path, unlock: Unlock) -> Result<usize, VaultError> {
    VaultFile::open(path, unlock).map(|vault| vault.count())
}

#[test]
fn the_tpm_that_made_the_lock_opens_it_and_no_other() {
    let Some(tpm) = Simulator::start() else { return };
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("vault");
    tpm.device().try_out().unwrap();
    let mut vault = VaultFile::create(&path, tpm.unlock(), &mut SystemEntropy).unwrap();
    vault.add(credential(1)).unwrap();
    drop(vault);
    assert_eq!(VaultFile::lock_of(&path), Ok(LockKind::Tpm));
    assert_eq!(count(&path, Unlock::Unattended), Err(VaultError::OtherLock(LockKind::Tpm)));
    // What is loaded must go again: a TPM has room for three objects.
    for _ in 0..8 {
        assert_eq!(count(&path, tpm.unlock()), Ok(1));
    }
    let tpm = tpm.restarted();
    assert_eq!(count(&path, tpm.unlock()), Ok(1), "its seed outlives a restart");

    let other = Simulator::start().unwrap();
    assert_eq!(count(&path, other.unlock()), Err(VaultError::Tpm(TpmRefusal::NotSealedHere)));

    // TPM2_Clear, authorised by the lockout hierarchy: another seed from now on.
    let clear = [
        &[0x80, 2, 0, 0, 0, 27, 0, 0, 1, 0x26][..],
        &[0x40, 0, 0, 0x0a, 0, 0, 0, 9, 0x40, 0, 0, 9, 0, 0, 0, 0, 0],
    ];
    assert_eq!(tpm.raw(&clear.concat()), 0);
    assert_eq!(count(&path, tpm.unlock()), Err(VaultError::Tpm(TpmRefusal::NotSealedHere)));
}

#[test]
fn an_owner_with_a_password_is_told_apart() {
    let Some(tpm) = Simulator::start() else { return };
    // TPM2_HierarchyChangeAuth of the owner's, to one byte.
    let change = [
        &[0x80, 2, 0, 0, 0, 30, 0, 0, 1, 0x29][..],
        &[0x40, 0, 0, 1, 0, 0, 0, 9, 0x40, 0, 0, 9, 0, 0, 0, 0, 0, 0, 1, b'x'],
    ];
    assert_eq!(tpm.raw(&change.concat()), 0);
    assert_eq!(tpm.device().try_out(), Err(TpmRefusal::Owned));
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("vault");
    let made = VaultFile::create(&path, tpm.unlock(), &mut SystemEntropy);
    assert_eq!(made.err(), Some(VaultError::Tpm(TpmRefusal::Owned)));
    assert!(!path.exists());
}

#[test]
fn a_changed_sealed_object_opens_nothing() {
    let Some(tpm) = Simulator::start() else { return };
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("vault");
    drop(VaultFile::create(&path, tpm.unlock(), &mut SystemEntropy).unwrap());
    let bytes = std::fs::read(&path).unwrap();
    let lock = usize::from(u16::from_be_bytes([bytes[67], bytes[68]]));
    for at in (69..69 + lock).step_by(3) {
        let mut changed = bytes.clone();
        changed[at] ^= 0x20;
        std::fs::write(&path, &changed).unwrap();
        assert!(count(&path, tpm.unlock()).is_err(), "byte {at}");
    }
    std::fs::write(&path, &bytes).unwrap();
    assert_eq!(count(&path, tpm.unlock()), Ok(0), "and the TPM is none the worse for it");
}

#[test]
fn a_vault_goes_from_a_passphrase_to_the_tpm_and_back() {
    let Some(tpm) = Simulator::start() else { return };
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("vault");
    let (passphrase, cost) = (Unlock::Passphrase(SecretText::new("correct horse")), Cost::CHEAP_FOR_TESTS);
    let mut vault = VaultFile::create_costing(&path, &passphrase, cost, &mut SystemEntropy).unwrap();
    vault.add(credential(1)).unwrap();
    vault.change_lock(&tpm.unlock()).unwrap();
    drop(vault);
    assert_eq!(count(&path, passphrase.clone()), Err(VaultError::OtherLock(LockKind::Tpm)));
    let mut vault = VaultFile::open(&path, tpm.unlock()).unwrap();
    vault.change_lock_costing(&passphrase, cost).unwrap();
    drop(vault);
    assert_eq!(count(&path, passphrase), Ok(1));
}

#[test]
fn the_program_makes_and_opens_it() {
    let Some(tpm) = Simulator::start() else { return };
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("vault");
    let run = |socket: &Path, arguments: &[&str]| -> Output {
        let mut command = Command::new(env!("CARGO_BIN_EXE_keyfob"));
        command.env_clear().env("HOME", folder.path()).env("KEYFOB_TPM", socket);
        command.arg("--vault").arg(&path).arg("--json").args(arguments).output().unwrap()
    };
    let made = run(&tpm.socket, &["init", "--tpm"]);
    assert!(made.status.success(), "{}", String::from_utf8_lossy(&made.stderr));
    assert!(String::from_utf8_lossy(&made.stdout).contains(r#""lock":"tpm""#));
    let mut vault = VaultFile::open(&path, tpm.unlock()).unwrap();
    vault.add(credential(1)).unwrap();
    drop(vault);
    let listed = run(&tpm.socket, &["list"]);
    assert!(String::from_utf8_lossy(&listed.stdout).contains("site.example"), "{listed:?}");
    let elsewhere = run(Path::new("/nowhere/tpm"), &["list"]);
    assert_eq!(elsewhere.status.code(), Some(1));
    assert!(String::from_utf8_lossy(&elsewhere.stderr).contains("shows no TPM 2.0"), "{elsewhere:?}");
}
