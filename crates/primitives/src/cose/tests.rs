use super::*;
use crate::encoding::from_hex;

/// A modulus of so many bits; that it is no product of two primes concerns nobody here.
fn modulus(bits: usize) -> Vec<u8> {
    let mut n = vec![0xff; bits.div_ceil(8)];
    n[0] = 0xff >> (n.len() * 8 - bits);
    n
}

fn es256() -> PublicKey {
    SigningKey::from_seed(Algorithm::Es256, &[1; 32]).unwrap().public_key().clone()
}

fn ed25519() -> PublicKey {
    SigningKey::from_seed(Algorithm::EdDsa, &[1; 32]).unwrap().public_key().clone()
}

/// The entries of a key as (label, value), for changing one of them.
fn entries(key: &PublicKey) -> Vec<(i64, Vec<u8>)> {
    let encoded = key.encode();
    let value = cbor::parse(&encoded, 1).unwrap();
    let entries = value.as_map().unwrap().iter();
    entries
        .map(|(key, value)| match key {
            Key::Integer(label) => (*label, value.encode()),
            Key::Text(_) => unreachable!(),
        })
        .collect()
}

/// The key with the entry `label` replaced by `value`, added, or removed.
fn changed(key: &PublicKey, label: i64, value: Option<Value<'_>>) -> Vec<u8> {
    let mut entries = entries(key);
    entries.retain(|(other, _)| *other != label);
    if let Some(value) = value {
        entries.push((label, value.encode()));
    }
    let values = entries.iter().map(|(label, value)| (Key::Integer(*label), cbor::parse(value, 1).unwrap()));
    Value::Map(values.collect()).encode()
}

#[track_caller]
fn refused(bytes: &[u8], refusal: KeyRefusal) {
    assert_eq!(PublicKey::parse(bytes), Err(refusal));
}

#[test]
fn keys_survive_encoding_and_verify() {
    for algorithm in [Algorithm::Es256, Algorithm::EdDsa] {
        let key = SigningKey::from_seed(algorithm, &[7; 32]).unwrap();
        let public = PublicKey::parse(&key.public_key().encode()).unwrap();
        assert_eq!(&public, key.public_key());
        assert_eq!(public.algorithm(), algorithm);
        let signature = key.sign(b"message");
        assert_eq!(public.verify(b"message", &signature), Ok(()));
        assert_eq!(public.verify(b"massage", &signature), Err(BadSignature));
        assert_eq!(public.verify(b"message", &signature[1..]), Err(BadSignature));
        assert_eq!(public.verify(b"message", &[]), Err(BadSignature));
        let registered = PublicKey::parse_registered(&key.public_key().encode()).unwrap();
        assert_eq!(registered, public);
    }
}

#[test]
fn algorithms_have_their_registered_numbers() {
    for algorithm in Algorithm::ALL {
        assert_eq!(Algorithm::from_id(algorithm.id()), Some(algorithm));
    }
    let ids: Vec<i64> = Algorithm::ALL.iter().map(|algorithm| algorithm.id()).collect();
    assert_eq!(ids, [-7, -8, -35, -36, -257]);
    assert_eq!(Algorithm::from_id(-65535), None);
}

#[test]
fn a_key_is_a_map_with_a_known_algorithm() {
    refused(&[0xbf, 0xff], KeyRefusal::Cbor(CborRefusal::IndefiniteLength));
    refused(&[0x00], KeyRefusal::NotAMap);
    refused(&[0xa0], KeyRefusal::AlgorithmMissing);
    refused(&changed(&es256(), ALG, Some(Value::Text("ES256"))), KeyRefusal::AlgorithmMissing);
    refused(&changed(&es256(), ALG, Some(Value::Integer(-53))), KeyRefusal::AlgorithmUnknown);
    let trailing = [es256().encode(), vec![0]].concat();
    refused(&trailing, KeyRefusal::Cbor(CborRefusal::TrailingBytes));
}

#[test]
fn key_type_and_curve_are_the_algorithms() {
    for key in [es256(), ed25519()] {
        refused(&changed(&key, KTY, None), KeyRefusal::KeyType);
        refused(&changed(&key, KTY, Some(Value::Integer(KTY_RSA))), KeyRefusal::KeyType);
        refused(&changed(&key, -1, None), KeyRefusal::Curve);
        refused(&changed(&key, -1, Some(Value::Integer(8))), KeyRefusal::Curve);
    }
    // An ES256 key on P-384, and a P-256 key for ES384.
    refused(&changed(&es256(), -1, Some(Value::Integer(2))), KeyRefusal::Curve);
    refused(&changed(&es256(), ALG, Some(Value::Integer(-35))), KeyRefusal::Curve);
}

#[test]
fn coordinates() {
    refused(&changed(&es256(), -2, None), KeyRefusal::MemberMissing);
    refused(&changed(&es256(), -3, None), KeyRefusal::MemberMissing);
    refused(&changed(&es256(), -2, Some(Value::Integer(1))), KeyRefusal::MemberType);
    refused(&changed(&es256(), -3, Some(Value::Bool(true))), KeyRefusal::PointCompressed);
    refused(&changed(&es256(), -2, Some(Value::Bytes(&[1; 31]))), KeyRefusal::CoordinateLength);
    refused(&changed(&es256(), -3, Some(Value::Bytes(&[1; 33]))), KeyRefusal::CoordinateLength);
    refused(&changed(&es256(), -2, Some(Value::Bytes(&[1; 32]))), KeyRefusal::PointNotOnCurve);
    refused(&changed(&es256(), -3, Some(Value::Bytes(&[0xff; 32]))), KeyRefusal::PointNotOnCurve);
    refused(&changed(&ed25519(), -2, Some(Value::Bytes(&[1; 31]))), KeyRefusal::CoordinateLength);
    assert_eq!(PublicKey::from_ec_point(Algorithm::Es256, &[2; 33]), Err(KeyRefusal::PointCompressed));
}

#[test]
fn ed25519_points() {
    let mut two = [0; 32];
    two[0] = 2;
    refused(&changed(&ed25519(), -2, Some(Value::Bytes(&two))), KeyRefusal::PointNotOnCurve);
    refused(&changed(&ed25519(), -2, Some(Value::Bytes(&[0; 32]))), KeyRefusal::PointSmallOrder);
    // A registered key is not checked for the curve again, but for small order always.
    let small = changed(&ed25519(), -2, Some(Value::Bytes(&[0; 32])));
    assert_eq!(PublicKey::parse_registered(&small), Err(KeyRefusal::PointSmallOrder));
}

#[test]
fn members_that_do_not_belong_to_a_public_key() {
    let private = Value::Bytes(&[1; 32]);
    refused(&changed(&es256(), -4, Some(private.clone())), KeyRefusal::ForeignMember);
    refused(&changed(&ed25519(), -4, Some(private.clone())), KeyRefusal::ForeignMember);
    refused(&changed(&es256(), 4, Some(Value::Array(vec![]))), KeyRefusal::ForeignMember);
    let rsa = PublicKey::from_rsa(&modulus(2048), &[1, 0, 1]).unwrap();
    refused(&changed(&rsa, -3, Some(private)), KeyRefusal::ForeignMember);
}

#[test]
fn rsa_sizes_and_exponents() {
    let rsa = |bits, e: &[u8]| PublicKey::from_rsa(&modulus(bits), e);
    for bits in [2048, 3072, 3482, 4096] {
        let key = rsa(bits, &[1, 0, 1]).unwrap();
        assert_eq!(PublicKey::parse(&key.encode()), Ok(key));
    }
    for bits in [1024, 2047, 4097, 8192] {
        assert_eq!(rsa(bits, &[1, 0, 1]), Err(KeyRefusal::RsaModulusSize), "{bits}");
    }
    assert!(rsa(2048, &[3]).is_ok());
    let exponents: [&[u8]; 6] = [&[], &[1], &[2], &[1, 0, 0], &[0, 1, 0, 1], &[1, 0, 0, 0, 0, 0, 0, 0, 1]];
    for e in exponents {
        assert_eq!(rsa(2048, e), Err(KeyRefusal::RsaExponent), "{e:?}");
    }
    let mut even = modulus(2048);
    even[255] = 0xfe;
    assert_eq!(PublicKey::from_rsa(&even, &[1, 0, 1]), Err(KeyRefusal::RsaModulus));
    let padded = [vec![0], modulus(2048)].concat();
    assert_eq!(PublicKey::from_rsa(&padded, &[1, 0, 1]), Err(KeyRefusal::RsaModulus));
    assert_eq!(PublicKey::from_rsa(&[], &[1, 0, 1]), Err(KeyRefusal::RsaModulus));
}

#[test]
fn signing_keys_come_from_seeds() {
    let zero = SigningKey::from_seed(Algorithm::Es256, &[0; 32]);
    assert_eq!(zero.err(), Some(KeyRefusal::ScalarRange));
    let beyond = SigningKey::from_seed(Algorithm::Es256, &[0xff; 32]);
    assert_eq!(beyond.err(), Some(KeyRefusal::ScalarRange));
    let rsa = SigningKey::from_seed(Algorithm::Rs256, &[1; 32]);
    assert_eq!(rsa.err(), Some(KeyRefusal::AlgorithmUnknown));
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
    use aws_lc_rs::encoding::{AsDer, Pkcs8V1Der};
    use aws_lc_rs::rsa::{KeyPair, KeySize};
    let pair = KeyPair::generate(KeySize::Rsa2048).unwrap();
    let der: Pkcs8V1Der<'_> = pair.as_der().unwrap();
    let key = SigningKey::from_rsa_pkcs8(der.as_ref()).unwrap();
    let public = PublicKey::parse(&key.public_key().encode()).unwrap();
    assert_eq!(public.verify(b"message", &key.sign(b"message")), Ok(()));
    assert_eq!(public.verify(b"massage", &key.sign(b"message")), Err(BadSignature));
    assert!(SigningKey::from_rsa_pkcs8(&[]).is_err());
}

#[test]
fn every_truncation_is_refused_without_panic() {
    for key in [es256(), ed25519(), PublicKey::from_rsa(&modulus(2048), &[1, 0, 1]).unwrap()] {
        let encoded = key.encode();
        for length in 0..encoded.len() {
            assert!(PublicKey::parse(&encoded[..length]).is_err(), "cut at {length}");
        }
    }
}
