use super::*;
use crate::encoding::{from_hex, hex};

/// Test case 16 of McGrew and Viega, "The Galois/Counter Mode of Operation".
const KEY: &str = "feffe9928665731c6d6a8f9467308308feffe9928665731c6d6a8f9467308308";
const NONCE: &str = "cafebabefacedbaddecaf888";
const AAD: &str = "feedfacedeadbeeffeedfacedeadbeefabaddad2";
const PLAIN: &str = "d9313225f88406e5a55909c5aff5269a86a7a9531534f7da2e4c303d8a318a721c3c0c95956809532fcf0e2449a6b525b16aedf5aa0de657ba637b39";
const SEALED: &str = "522dc1f099567d07f47f37a32a84427d643a8cdcbfe5c0c97598a2bd2555d1aa8cb08e48590dbb3da7b08b1056828838c5f61e6393ba7a0abcc9f66276fc6ece0f4e1768cddf8853bb2d551b";

fn key() -> Aes256Gcm {
    Aes256Gcm::new(&from_hex(KEY).unwrap().try_into().unwrap())
}

fn nonce() -> [u8; 12] {
    from_hex(NONCE).unwrap().try_into().unwrap()
}

#[test]
fn the_answer_of_the_designers() {
    let (aad, plain) = (from_hex(AAD).unwrap(), from_hex(PLAIN).unwrap());
    let sealed = key().seal(&nonce(), &aad, &plain);
    assert_eq!(hex(&sealed), SEALED);
    assert_eq!(key().open(&nonce(), &aad, &sealed).unwrap().as_slice(), plain);
}

#[test]
fn nothing_else_opens() {
    let (aad, sealed) = (from_hex(AAD).unwrap(), from_hex(SEALED).unwrap());
    for index in 0..sealed.len() {
        let mut broken = sealed.clone();
        broken[index] ^= 1;
        assert_eq!(key().open(&nonce(), &aad, &broken), Err(BadSeal), "byte {index}");
        assert_eq!(key().open(&nonce(), &aad, &sealed[..index]), Err(BadSeal), "cut at {index}");
    }
    assert_eq!(key().open(&[0; 12], &aad, &sealed), Err(BadSeal));
    assert_eq!(key().open(&nonce(), b"", &sealed), Err(BadSeal));
    assert_eq!(Aes256Gcm::new(&[0; 32]).open(&nonce(), &aad, &sealed), Err(BadSeal));
}

#[test]
fn nothing_is_sealed_as_a_tag() {
    let sealed = key().seal(&nonce(), b"", b"");
    assert_eq!(sealed.len(), TAG_LENGTH);
    assert!(key().open(&nonce(), b"", &sealed).unwrap().is_empty());
}
