//! Whatever was changed in a header, the vault does not open.

use primitives::entropy::SystemEntropy;
use primitives::slow_hash::Cost;

use super::super::lock::Unlock;
use super::*;

fn written() -> (Header, Identity, Zeroizing<[u8; 32]>) {
    let identity = Identity::generate(&mut SystemEntropy);
    let unlock = Unlock::Passphrase(primitives::secret::SecretText::new("correct horse"));
    let (lock, opener) =
        Lock::make(&unlock, Cost::CHEAP_FOR_TESTS, &identity.id, &mut SystemEntropy).unwrap();
    let header = Header::write(&identity, 3, &lock, &opener, &mut SystemEntropy);
    (header, identity, opener)
}

#[test]
fn a_header_is_read_back_and_opens() {
    let (header, identity, opener) = written();
    let file = [header.bytes(), b"records"].concat();
    let read = Header::read(&file).unwrap();
    assert_eq!((read.id, read.generation, read.bytes()), (identity.id, 3, header.bytes()));
    assert_eq!(read.open(&opener).unwrap().key, identity.key);
    assert_eq!(read.open(&[0; 32]).err(), Some(VaultError::WrongKey));
    assert_eq!(read.tail(), header.tail());
}

#[test]
fn each_generation_has_its_own_keys() {
    let (one, identity, opener) = written();
    let other = Header::write(&identity, 4, &one.lock, &opener, &mut SystemEntropy);
    assert_ne!(one.keys(&identity).heads, other.keys(&identity).heads);
    assert_ne!(one.keys(&identity).heads, one.keys(&identity).nonces);
}

#[test]
fn a_changed_byte_anywhere_keeps_it_shut() {
    let (header, _, opener) = written();
    for at in 0..header.bytes().len() {
        let mut changed = header.bytes().to_vec();
        changed[at] ^= 1;
        let opened = Header::read(&changed).and_then(|header| header.open(&opener));
        let expected = match at {
            0..8 => VaultError::NotAVault,
            8 => VaultError::Newer,
            // Version 0 there never was.
            9 => VaultError::NotAVault,
            // The lock's kind, its length, its function.
            66 => VaultError::Newer,
            67..=69 => VaultError::NotAVault,
            _ => VaultError::WrongKey,
        };
        let error = opened.err();
        // A cost beyond all bounds is no lock, one within them gives another key: the MAC tells.
        assert!(error == Some(expected) || (70..78).contains(&at) && error.is_some(), "byte {at}: {error:?}");
    }
}

#[test]
fn a_cut_header_is_no_vault() {
    let (header, ..) = written();
    for length in 0..header.bytes().len() {
        let error = Header::read(&header.bytes()[..length]).err();
        assert_eq!(error, Some(VaultError::NotAVault), "cut at {length}");
    }
}

#[test]
fn nonsense_is_no_vault() {
    for file in [b"".as_slice(), b"hello", &[0; 4096], &[0xff; 300], b"\x89KEYFOB\n"] {
        assert_eq!(Header::read(file).err(), Some(VaultError::NotAVault));
    }
    let newer = [b"\x89KEYFOB\n\x00\x02".as_slice(), &[0; 200]].concat();
    assert_eq!(Header::read(&newer).err(), Some(VaultError::Newer));
}
