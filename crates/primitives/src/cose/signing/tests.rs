use super::*;
use crate::cose::BadSignature;
use crate::encoding::from_hex;

#[test]
fn signing_keys_come_from_seeds() {
    let zero = SigningKey::from_seed(Algorithm::Es256, &[0; 32]);
    assert_eq!(zero.err(), Some(KeyRefusal::ScalarRange));
    let beyond = SigningKey::from_seed(Algorithm::Es256, &[0xff; 32]);
    assert_eq!(beyond.err(), Some(KeyRefusal::ScalarRange));
    let rsa = SigningKey::from_seed(Algorithm::Rs256, &[1; 32]);
    assert_eq!(rsa.err(), Some(KeyRefusal::KeyType));
    // RFC 8032 section 7.1, TEST 1.
    let seed = from_hex("9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60").unwrap();
    let key = SigningKey::from_seed(Algorithm::EdDsa, &seed.try_into().unwrap()).unwrap();
    let public = from_hex("d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a").unwrap();
    assert_eq!(key.public_key().octets(), public);
    let made = SigningKey::generate(Algorithm::Es256, &mut crate::entropy::SystemEntropy).unwrap();
    assert_eq!(made.public_key().verify(b"m", &made.sign(b"m")), Ok(()));
    assert_eq!(format!("{made:?} {:?}", made.public_key()), "SigningKey(Es256) PublicKey(Es256)");
}

#[test]
fn an_rsa_key_from_pkcs8_signs() {
    for algorithm in [Algorithm::Rs256, Algorithm::Ps256] {
        let made = SigningKey::generate(algorithm, &mut crate::entropy::SystemEntropy).unwrap();
        let key = SigningKey::from_rsa_pkcs8(algorithm, &made.to_rsa_pkcs8().unwrap()).unwrap();
        assert_eq!(key.public_key(), made.public_key());
        let public = PublicKey::parse(&key.public_key().encode()).unwrap();
        assert_eq!(public.verify(b"message", &key.sign(b"message")), Ok(()));
        assert_eq!(public.verify(b"massage", &key.sign(b"message")), Err(BadSignature));
    }
    assert!(SigningKey::from_rsa_pkcs8(Algorithm::Rs256, &[]).is_err());
    let seeded = SigningKey::from_seed(Algorithm::Es256, &[1; 32]).unwrap();
    assert!(seeded.to_rsa_pkcs8().is_none());
}

#[test]
fn a_seed_makes_the_same_key_again_and_another_seed_another() {
    for algorithm in
        Algorithm::ALL.into_iter().filter(|algorithm| !matches!(algorithm.family(), Family::Rsa(_)))
    {
        let key = |seed: u8| SigningKey::from_seed(algorithm, &[seed; 32]).unwrap().public_key().clone();
        assert_eq!(key(1), key(1), "{algorithm:?}");
        assert_ne!(key(1), key(2), "{algorithm:?}");
        assert_eq!(key(1).algorithm(), algorithm);
    }
}
