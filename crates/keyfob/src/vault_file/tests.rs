//! What the vault says is kept is kept: across closing, cutting, dying and changing of secrets.

mod hostile;
mod kept;
mod sample;
mod secrets;
mod stopped;

use std::path::{Path, PathBuf};

use authenticator::attestation::Private;
use authenticator::private_key::PrivateKey;
use authenticator::vault::{DeviceState, PinRecord, Vault};
use fido::extension::CredentialProtection;
use fido::options::UserEntity;
use primitives::cose::Algorithm;
use primitives::secret::SecretText;
use primitives::time::Timestamp;
use tempfile::TempDir;

use super::*;

/// A folder with a vault's place in it.
fn place() -> (TempDir, PathBuf) {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("vault");
    (folder, path)
}

fn passphrase(text: &str) -> Unlock {
    Unlock::Passphrase(SecretText::new(text))
}

fn make(path: &Path) -> VaultFile {
    VaultFile::create(path, Unlock::Unattended, &mut SystemEntropy).unwrap()
}

fn open(path: &Path) -> VaultFile {
    VaultFile::open(path, Unlock::Unattended).unwrap()
}

fn credential(number: u8) -> Credential {
    let algorithm = [Algorithm::Es256, Algorithm::EdDsa, Algorithm::MlDsa44][usize::from(number) % 3];
    Credential {
        id: vec![number; 16],
        rp_id: format!("site{}.example", number % 4),
        rp_name: "Site".to_owned(),
        user: UserEntity {
            id: vec![number, 1].into(),
            name: format!("anna{number}"),
            display_name: "Anna Bergström".to_owned(),
        },
        key: PrivateKey::from_seed(algorithm, Zeroizing::new([number | 1; 32])).unwrap(),
        sign_count: 0,
        discoverable: true,
        backup_eligible: false,
        protection: CredentialProtection::UserVerificationRequired,
        cred_random: Zeroizing::new([number; 64]),
        cred_blob: number.is_multiple_of(2).then(|| vec![number; 20]),
        large_blob_key: (number % 2 == 1).then(|| Zeroizing::new([number; 32])),
        created: Timestamp::from_secs(1_800_000_000),
        last_used: None,
    }
}

fn full_state() -> DeviceState {
    DeviceState {
        pin: Some(PinRecord { hash: Zeroizing::new([5; 16]), length: 6 }),
        pin_retries: 3,
        always_uv: true,
        min_pin_length: 6,
        min_pin_rp_ids: vec!["a.example".to_owned(), "b.example".to_owned()],
        force_pin_change: true,
        large_blobs: vec![9; 4096],
        attestations: vec![Private {
            rp_id: "a.example".to_owned(),
            chain: vec![vec![1; 700], vec![2; 500]],
            key: PrivateKey::from_seed(Algorithm::Es256, Zeroizing::new([3; 32])).unwrap(),
        }],
    }
}

/// Everything in a vault, in a form that compares.
fn facts(vault: &VaultFile) -> Vec<Vec<u8>> {
    let credentials = vault.all().map(|credential| record::credential(credential, &[]).unwrap().to_vec());
    let state = record::state(vault.state()).unwrap().to_vec();
    let items = vault.contents.items.iter().map(|(name, value)| record::item(name, Some(value)).to_vec());
    credentials.chain([state]).chain(items).collect()
}
