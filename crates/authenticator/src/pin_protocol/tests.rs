use super::*;
use primitives::encoding::{from_hex, hex};
use primitives::entropy::SystemEntropy;

fn pair(protocol: Protocol) -> (SharedSecret, SharedSecret) {
    let (ours, theirs) = (PrivateKey::generate(&mut SystemEntropy), PrivateKey::generate(&mut SystemEntropy));
    let agree = |own: &PrivateKey, peer: &PrivateKey| {
        SharedSecret::agree(protocol, own, &peer.public_uncompressed()).unwrap()
    };
    (agree(&ours, &theirs), agree(&theirs, &ours))
}

#[test]
fn both_sides_read_what_the_other_wrote() {
    for protocol in Protocol::ALL {
        let (platform, authenticator) = pair(protocol);
        for length in [0, 16, 32, 64] {
            let plain = vec![7; length];
            let sealed = platform.seal(&plain, &mut SystemEntropy);
            let iv = if protocol == Protocol::Two { 16 } else { 0 };
            assert_eq!(sealed.len(), length + iv);
            assert_eq!(*authenticator.decrypt(&sealed).unwrap(), plain);
        }
        let tag = authenticator.authenticate(b"message");
        assert_eq!(tag.len(), if protocol == Protocol::Two { 32 } else { 16 });
        assert!(platform.verify(b"message", &tag));
        assert!(!platform.verify(b"massage", &tag));
        assert_eq!(Protocol::from_number(protocol.number()), Some(protocol));
    }
    assert_eq!(Protocol::from_number(0), None);
    assert_eq!(Protocol::from_number(3), None);
}

#[test]
fn a_tag_must_be_whole_and_no_longer() {
    for protocol in Protocol::ALL {
        let key = [3; 32];
        let tag = protocol.authenticate(&key, b"message");
        assert!(protocol.verify(&key, b"message", &tag));
        for cut in 0..tag.len() {
            assert!(!protocol.verify(&key, b"message", &tag[..cut]), "{cut}");
        }
        assert!(!protocol.verify(&key, b"message", &[tag.as_slice(), &[0]].concat()));
    }
    // The longer tag of the other protocol over the same message is none for this one.
    let long = Protocol::Two.authenticate(&[3; 32], b"message");
    assert!(!Protocol::One.verify(&[3; 32], b"message", &long));
}

#[test]
fn only_whole_blocks_are_read() {
    for protocol in Protocol::ALL {
        let (one, _) = pair(protocol);
        for length in (0..64_usize).filter(|length| !length.is_multiple_of(BLOCK)) {
            assert_eq!(one.decrypt(&vec![0; length]), Err(BadCiphertext), "{length}");
        }
    }
    let (two, _) = pair(Protocol::Two);
    assert_eq!(two.decrypt(&[]), Err(BadCiphertext), "not even an initialization vector");
}

/// Keys and answers computed by python-cryptography, independently of this program.
#[test]
fn the_secrets_are_those_of_the_specification() {
    let key = |byte: u8| PrivateKey::from_scalar([byte; 32]).unwrap_or_else(|_| panic!("{byte}"));
    let peer = key(0x22).public_uncompressed();
    let one = SharedSecret::agree(Protocol::One, &key(0x11), &peer).unwrap();
    assert_eq!(hex(&one.authenticate(b"message")), "6d75b5bba87dd047f9c7897424f3be6a");
    assert_eq!(hex(&one.seal(&[5; 16], &mut SystemEntropy)), "a18a83e6d7d2ae8bd80ce2e873f7a840");
    let two = SharedSecret::agree(Protocol::Two, &key(0x11), &peer).unwrap();
    assert_eq!(
        hex(&two.authenticate(b"message")),
        "400ed27245666d9da974c13d1dbb898613ac4e39f2e8749fad2ff591c2fd455c"
    );
    let sealed = from_hex("000102030405060708090a0b0c0d0e0f13e61b24299e7a31d9075f96af1d3ac8").unwrap();
    assert_eq!(*two.decrypt(&sealed).unwrap(), [5; 16]);
}
