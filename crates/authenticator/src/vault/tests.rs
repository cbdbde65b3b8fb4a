use fido::ctap::Status;
use fido::extension::CredentialProtection;
use fido::options::UserEntity;
use primitives::cose::Algorithm;
use primitives::digest;
use primitives::time::Timestamp;
use zeroize::Zeroizing;

use super::*;

fn credential(id: u8, rp_id: &str, user: &[u8], discoverable: bool) -> Credential {
    Credential {
        id: vec![id; 16],
        rp_id: rp_id.to_owned(),
        rp_name: String::new(),
        user: UserEntity { id: user.into(), name: "ada".to_owned(), display_name: "Ada".to_owned() },
        key: PrivateKey::from_seed(Algorithm::Es256, Zeroizing::new([id; 32])).unwrap(),
        sign_count: 0,
        discoverable,
        backup_eligible: false,
        protection: CredentialProtection::UserVerificationOptional,
        cred_random: Zeroizing::new([id; 64]),
        cred_blob: Some(vec![id]),
        large_blob_key: Some(Zeroizing::new([id; 32])),
        created: Timestamp::EPOCH,
        last_used: None,
    }
}

#[test]
fn the_array_of_no_large_blobs_carries_its_own_digest() {
    assert_eq!(NO_LARGE_BLOBS[..1], [0x80]);
    assert_eq!(NO_LARGE_BLOBS[1..], digest::sha256(&[0x80])[..16]);
}

#[test]
fn a_vault_lists_uses_renames_deletes_and_forgets() {
    let mut vault = MemoryVault::bounded(3);
    for (id, user) in [(1, b"one"), (2, b"two")] {
        vault.add(credential(id, "example.org", user, true)).unwrap();
    }
    vault.add(credential(3, "example.com", b"one", false)).unwrap();
    let ids = |vault: &MemoryVault| vault.credentials("example.org").map(|it| it.id[0]).collect::<Vec<_>>();
    assert_eq!(ids(&vault), [2, 1], "newest first");
    assert_eq!(Vault::all(&vault).map(|it| it.id[0]).collect::<Vec<_>>(), [1, 2, 3]);
    assert_eq!(vault.room(), 0);
    assert_eq!(vault.add(credential(4, "example.org", b"three", true)), Err(VaultRefusal::Full));

    let now = Timestamp::from_secs(9);
    assert_eq!(vault.count_use(&[1; 16], now), Ok(1));
    assert_eq!(vault.get(&[1; 16]).unwrap().last_used, Some(now));
    let user =
        UserEntity { id: b"other".as_slice().into(), name: "n".to_owned(), display_name: "d".to_owned() };
    vault.change_user(&[1; 16], user).unwrap();
    let renamed = &vault.get(&[1; 16]).unwrap().user;
    assert_eq!((&*renamed.id, &*renamed.name, &*renamed.display_name), (&b"one"[..], "n", "d"));

    assert_eq!(Vault::remove(&mut vault, &[1; 16]), Ok(()));
    assert_eq!(Vault::remove(&mut vault, &[1; 16]), Err(VaultRefusal::Unknown));
    assert_eq!(vault.count_use(&[1; 16], now), Err(VaultRefusal::Unknown));
    vault.set_state(DeviceState { always_uv: true, ..DeviceState::default() }).unwrap();
    vault.reset().unwrap();
    assert!(vault.all().is_empty());
    assert_eq!(vault.state(), &DeviceState::default());
}

#[test]
fn only_discoverable_ones_replace_each_other() {
    for (old, new, left) in [(true, true, 1), (true, false, 2), (false, true, 2), (false, false, 2)] {
        let mut vault = MemoryVault::default();
        vault.add(credential(1, "example.org", b"one", old)).unwrap();
        vault.add(credential(2, "example.org", b"one", new)).unwrap();
        assert_eq!(vault.all().len(), left, "{old} then {new}");
    }
}

#[test]
fn a_refusal_is_a_status_and_secrets_stay_out_of_debug() {
    assert_eq!(Status::from(VaultRefusal::Full), Status::KeyStoreFull);
    assert_eq!(Status::from(VaultRefusal::Unknown), Status::NoCredentials);
    assert_eq!(Status::from(VaultRefusal::Failed), Status::Other);
    let text = format!("{:?}", credential(7, "example.org", b"one", true));
    assert!(!text.contains("cred_random") && !text.contains("blob"), "{text}");
}
