use super::*;
use crate::cbor::CborRefusal;
use crate::cose::SigningKey;

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

fn ml_dsa() -> PublicKey {
    SigningKey::from_seed(Algorithm::MlDsa44, &[1; 32]).unwrap().public_key().clone()
}

/// The key with the entry `label` replaced by `value`, added, or removed.
fn changed(key: &PublicKey, label: i64, value: Option<Value<'_>>) -> Vec<u8> {
    let encoded = key.encode();
    let Value::Map(mut entries) = cbor::parse(&encoded, 1).unwrap() else { panic!("a key is a map") };
    entries.retain(|(other, _)| *other != Key::Integer(label));
    entries.extend(value.map(|value| (Key::Integer(label), value)));
    Value::Map(entries).encode()
}

fn changed_bytes(key: &PublicKey, label: i64, bytes: &[u8]) -> Vec<u8> {
    changed(key, label, Some(Value::Bytes(bytes)))
}

#[track_caller]
fn refused(bytes: &[u8], refusal: KeyRefusal) {
    assert_eq!(PublicKey::parse(bytes), Err(refusal));
}

#[test]
fn keys_survive_encoding_and_verify() {
    for algorithm in Algorithm::ALL {
        let key = SigningKey::generate(algorithm, &mut crate::entropy::SystemEntropy).unwrap();
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
fn a_key_is_of_the_curve_that_its_algorithm_names() {
    let curves = [Algorithm::Es256, Algorithm::Es384, Algorithm::Es512];
    let specified = [Algorithm::Esp256, Algorithm::Esp384, Algorithm::Esp512];
    for (index, algorithm) in curves.into_iter().enumerate() {
        let key = SigningKey::from_seed(algorithm, &[1; 32]).unwrap().public_key().clone();
        for (other, (loose, strict)) in curves.into_iter().zip(specified).enumerate() {
            for id in [loose.id(), strict.id()] {
                let changed = changed(&key, ALG, Some(Value::Integer(id)));
                let expected = if index == other { None } else { Some(KeyRefusal::Curve) };
                assert_eq!(PublicKey::parse(&changed).err(), expected, "{algorithm:?} as {id}");
            }
        }
        let off = vec![1; key.octets().len() / 2];
        refused(&changed_bytes(&key, -3, &off), KeyRefusal::PointNotOnCurve);
        let short = off.get(1..).unwrap();
        refused(&changed_bytes(&key, -2, short), KeyRefusal::CoordinateLength);
    }
    let ed25519 = changed(&ed25519(), ALG, Some(Value::Integer(Algorithm::Ed25519.id())));
    let ed25519 = PublicKey::parse(&ed25519).unwrap();
    assert_eq!(ed25519.algorithm(), Algorithm::Ed25519);
    // Ed448 and X25519 are other curves.
    for curve in [4, 7] {
        refused(&changed(&ed25519, -1, Some(Value::Integer(curve))), KeyRefusal::Curve);
    }
}

#[test]
fn ml_dsa_keys_have_the_length_of_their_parameter_set() {
    for (algorithm, length) in
        [(Algorithm::MlDsa44, 1312), (Algorithm::MlDsa65, 1952), (Algorithm::MlDsa87, 2592)]
    {
        let key = SigningKey::from_seed(algorithm, &[1; 32]).unwrap().public_key().clone();
        assert_eq!(key.octets().len(), length);
        for wrong in [0, 32, length - 1, length + 1] {
            refused(&changed_bytes(&key, -1, &vec![1; wrong]), KeyRefusal::MlDsaLength);
        }
        for other in [Algorithm::MlDsa44, Algorithm::MlDsa65, Algorithm::MlDsa87] {
            let renamed = PublicKey::parse(&changed(&key, ALG, Some(Value::Integer(other.id()))));
            let expected = (other != algorithm).then_some(KeyRefusal::MlDsaLength);
            assert_eq!(renamed.err(), expected);
        }
    }
    refused(&changed(&ml_dsa(), -1, None), KeyRefusal::MemberMissing);
    refused(&changed(&ml_dsa(), -1, Some(Value::Text("key"))), KeyRefusal::MemberType);
    refused(&changed(&ml_dsa(), KTY, Some(Value::Integer(KTY_OKP))), KeyRefusal::KeyType);
    refused(&changed(&ml_dsa(), KTY, None), KeyRefusal::KeyType);
}

#[test]
fn a_subject_public_key_info_is_no_raw_key() {
    // aws-lc would take it; its length gives it away.
    use aws_lc_rs::encoding::{AsDer, PublicKeyX509Der};
    let parsed = ml_dsa().parsed.clone();
    let der: PublicKeyX509Der<'_> = parsed.as_der().unwrap();
    assert_eq!(PublicKey::from_ml_dsa(Algorithm::MlDsa44, der.as_ref()), Err(KeyRefusal::MlDsaLength));
}

#[test]
fn constructors_want_an_algorithm_of_their_kind() {
    let (ec, ed, pq) = (es256(), ed25519(), ml_dsa());
    assert_eq!(PublicKey::from_ec_point(Algorithm::EdDsa, ec.octets()), Err(KeyRefusal::KeyType));
    assert_eq!(PublicKey::from_ed25519(Algorithm::Es256, ed.octets()), Err(KeyRefusal::KeyType));
    assert_eq!(PublicKey::from_ml_dsa(Algorithm::Es256, pq.octets()), Err(KeyRefusal::KeyType));
    assert_eq!(PublicKey::from_rsa(Algorithm::Es256, &modulus(2048), &[1, 0, 1]), Err(KeyRefusal::KeyType));
}

#[test]
fn the_same_numbers_for_another_algorithm_are_another_key() {
    let n = modulus(2048);
    let rsa = |algorithm| PublicKey::from_rsa(algorithm, &n, &[1, 0, 1]).unwrap();
    assert_ne!(rsa(Algorithm::Rs256), rsa(Algorithm::Ps256));
    let key = SigningKey::generate(Algorithm::Rs256, &mut crate::entropy::SystemEntropy).unwrap();
    let pkcs8 = key.to_rsa_pkcs8().unwrap();
    let pss = SigningKey::from_rsa_pkcs8(Algorithm::Ps256, &pkcs8).unwrap();
    assert_eq!(key.public_key().verify(b"m", &pss.sign(b"m")), Err(BadSignature));
    assert_eq!(pss.public_key().verify(b"m", &key.sign(b"m")), Err(BadSignature));
}

#[test]
fn no_member_occurs_twice() {
    let mut encoded = es256().encode();
    // Six entries, the last of them -3 again.
    let again = encoded.get(encoded.len() - 35..).unwrap().to_vec();
    encoded[0] = 0xa6;
    encoded.extend(again);
    refused(&encoded, KeyRefusal::Cbor(CborRefusal::DuplicateKey));
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
    let rsa = PublicKey::from_rsa(Algorithm::Rs256, &modulus(2048), &[1, 0, 1]).unwrap();
    refused(&changed(&rsa, -3, Some(private.clone())), KeyRefusal::ForeignMember);
    refused(&changed(&ml_dsa(), -2, Some(private)), KeyRefusal::ForeignMember);
}

#[test]
fn rsa_sizes_and_exponents() {
    let rsa = |bits, e: &[u8]| PublicKey::from_rsa(Algorithm::Rs256, &modulus(bits), e);
    for bits in [2048, 3072, 3482, 4096] {
        let key = rsa(bits, &[1, 0, 1]).unwrap();
        assert_eq!(PublicKey::parse(&key.encode()), Ok(key));
    }
    for bits in [1024, 2047, 4097, 8192] {
        assert_eq!(rsa(bits, &[1, 0, 1]), Err(KeyRefusal::RsaModulusSize), "{bits}");
    }
    for e in [&[3][..], &[0xff; 4], &[1, 0, 0, 0, 1], &[1, 0xff, 0xff, 0xff, 0xff]] {
        assert!(rsa(2048, e).is_ok(), "{e:?}");
    }
    // Longer than 33 bits: aws-lc would take the key and no signature of it.
    let exponents: [&[u8]; 7] =
        [&[], &[1], &[2], &[1, 0, 0], &[0, 1, 0, 1], &[2, 0, 0, 0, 1], &[1, 0, 0, 0, 0, 1]];
    for e in exponents {
        assert_eq!(rsa(2048, e), Err(KeyRefusal::RsaExponent), "{e:?}");
    }
    let mut even = modulus(2048);
    even[255] = 0xfe;
    assert_eq!(PublicKey::from_rsa(Algorithm::Rs256, &even, &[1, 0, 1]), Err(KeyRefusal::RsaModulus));
    let padded = [vec![0], modulus(2048)].concat();
    assert_eq!(PublicKey::from_rsa(Algorithm::Rs256, &padded, &[1, 0, 1]), Err(KeyRefusal::RsaModulus));
    assert_eq!(PublicKey::from_rsa(Algorithm::Rs256, &[], &[1, 0, 1]), Err(KeyRefusal::RsaModulus));
}

#[test]
fn every_truncation_is_refused_without_panic() {
    for key in [
        es256(),
        ed25519(),
        ml_dsa(),
        PublicKey::from_rsa(Algorithm::Rs256, &modulus(2048), &[1, 0, 1]).unwrap(),
    ] {
        let encoded = key.encode();
        for length in 0..encoded.len() {
            assert!(PublicKey::parse(&encoded[..length]).is_err(), "cut at {length}");
        }
    }
}
