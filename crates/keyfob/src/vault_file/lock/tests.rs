//! Each secret opens its own kind of lock and gives its own key.

use primitives::entropy::SystemEntropy;

use super::super::tpm::TpmRefusal;
use super::*;

const ID: [u8; 16] = [1; 16];

fn passphrase(text: &str) -> Unlock {
    Unlock::Passphrase(SecretText::new(text))
}

fn make(unlock: &Unlock) -> Result<(Lock, Zeroizing<[u8; 32]>), VaultError> {
    Lock::make(unlock, Cost::CHEAP_FOR_TESTS, &ID, &mut SystemEntropy)
}

#[test]
fn the_same_passphrase_gives_the_same_key() {
    let (lock, opener) = make(&passphrase("schöne Grüße")).unwrap();
    let read = Lock::read(LockKind::Passphrase, &lock.body()).unwrap();
    // Composed or not, it is one passphrase.
    let decomposed = passphrase("scho\u{308}ne Gru\u{308}ße");
    assert_eq!(read.opener(&decomposed, &ID).unwrap(), opener);
    assert_ne!(read.opener(&passphrase("schone Grusse"), &ID).unwrap(), opener);
    assert_ne!(make(&passphrase("schöne Grüße")).unwrap().1, opener, "each lock has its own salt");
}

#[test]
fn a_short_passphrase_is_refused() {
    assert_eq!(make(&passphrase("seven77")).err(), Some(VaultError::Passphrase));
    assert!(make(&passphrase("eight888")).is_ok());
}

#[test]
fn another_kind_of_secret_is_told_what_opens() {
    let (lock, _) = make(&passphrase("correct horse")).unwrap();
    let error = lock.opener(&Unlock::Unattended, &ID).err();
    assert_eq!(error, Some(VaultError::OtherLock(LockKind::Passphrase)));
    let (lock, opener) = make(&Unlock::Unattended).unwrap();
    assert_eq!(lock.opener(&Unlock::Unattended, &ID).unwrap(), opener);
    let error = lock.opener(&passphrase("correct horse"), &ID).err();
    assert_eq!(error, Some(VaultError::OtherLock(LockKind::Unattended)));
}

#[test]
fn a_tpm_that_is_not_there_makes_no_lock() {
    let nowhere = Unlock::Tpm(TpmDevice::at(Some("/nowhere/tpm".into())));
    assert_eq!(make(&nowhere).err(), Some(VaultError::Tpm(TpmRefusal::Absent)));
    let body = [1, 0, 1, 9, 0, 1, 8];
    let lock = Lock::read(LockKind::Tpm, &body).unwrap();
    assert_eq!((lock.kind(), lock.body()), (LockKind::Tpm, body.to_vec()));
    assert_eq!(lock.opener(&nowhere, &ID).err(), Some(VaultError::Tpm(TpmRefusal::Absent)));
    for body in
        [&[][..], &[1], &[2, 0, 1, 9, 0, 1, 8], &body[..6], &[1, 0, 0, 0, 0], &[1, 0, 1, 9, 0, 1, 8, 7]]
    {
        assert_eq!(Lock::read(LockKind::Tpm, body).err(), Some(VaultError::NotAVault), "{body:?}");
    }
}

#[test]
fn a_body_that_is_none_is_refused_before_it_costs_anything() {
    let (lock, _) = make(&passphrase("correct horse")).unwrap();
    let body = lock.body();
    for length in 0..body.len() {
        let error = Lock::read(LockKind::Passphrase, &body[..length]).err();
        assert_eq!(error, Some(VaultError::NotAVault), "{length}");
    }
    let mut greedy = body.clone();
    greedy[1..5].copy_from_slice(&u32::MAX.to_be_bytes());
    assert_eq!(Lock::read(LockKind::Passphrase, &greedy).err(), Some(VaultError::NotAVault));
    assert_eq!(Lock::read(LockKind::Keyring, &[0; 15]).err(), Some(VaultError::NotAVault));
    assert_eq!(Lock::read(LockKind::Unattended, &[0; 31]).err(), Some(VaultError::NotAVault));
}

#[test]
fn kinds_have_numbers_and_names() {
    for kind in [LockKind::Passphrase, LockKind::Keyring, LockKind::Tpm, LockKind::Unattended] {
        assert_eq!(LockKind::from_number(kind.number()), Some(kind));
    }
    assert_eq!(LockKind::from_number(0), None);
    assert_eq!(LockKind::from_number(5), None);
    assert_eq!(passphrase("correct horse").kind().name(), "passphrase");
    let (lock, _) = make(&Unlock::Unattended).unwrap();
    assert_eq!(format!("{lock:?}"), "Lock(unattended)", "no key is printed");
}
