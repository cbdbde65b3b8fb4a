//! What is written is what aws-lc reads, what is read is what aws-lc writes, and nonsense is refused.

use aws_lc_rs::signature::{ECDSA_P256_SHA256_ASN1_SIGNING, EcdsaKeyPair, Ed25519KeyPair, KeyPair};

use super::*;

const SEED: [u8; 32] = [0x5a; 32];
const TAKEN: [Algorithm; 5] =
    [Algorithm::Es256, Algorithm::EdDsa, Algorithm::MlDsa44, Algorithm::MlDsa65, Algorithm::MlDsa87];

#[test]
fn what_is_written_is_read_back() {
    for algorithm in Algorithm::ALL {
        let written = write(algorithm, &SEED);
        assert_eq!(written.is_some(), takes(algorithm), "{algorithm:?}");
        if let Some(written) = written {
            let (read, seed) = read(&written).unwrap();
            assert_eq!(read.family_name(), algorithm.family_name(), "{algorithm:?}");
            assert_eq!(*seed, SEED);
        }
    }
}

impl Algorithm {
    fn family_name(self) -> String {
        let family = self.family();
        match family {
            Family::Ec(curve) => format!("EC {}", curve.id),
            Family::Ed25519 => "Ed25519".to_owned(),
            Family::Rsa(_) => "RSA".to_owned(),
            Family::MlDsa(_) => format!("{self:?}"),
        }
    }
}

#[test]
fn aws_lc_reads_what_is_written() {
    let written = write(Algorithm::Es256, &SEED).unwrap();
    let pair = EcdsaKeyPair::from_pkcs8(&ECDSA_P256_SHA256_ASN1_SIGNING, &written).unwrap();
    let ours = SigningKey::from_seed(Algorithm::Es256, &SEED).unwrap();
    assert_eq!(pair.public_key().as_ref(), ours.public_key().octets());
    let written = write(Algorithm::EdDsa, &SEED).unwrap();
    let pair = Ed25519KeyPair::from_pkcs8_maybe_unchecked(&written).unwrap();
    let ours = SigningKey::from_seed(Algorithm::EdDsa, &SEED).unwrap();
    assert_eq!(pair.public_key().as_ref(), ours.public_key().octets());
}

#[test]
fn what_aws_lc_writes_is_read() {
    let pair = EcdsaKeyPair::generate(&ECDSA_P256_SHA256_ASN1_SIGNING).unwrap();
    let der = pair.to_pkcs8v1().unwrap();
    let (algorithm, seed) = read(der.as_ref()).unwrap();
    let key = SigningKey::from_seed(algorithm, &seed).unwrap();
    assert_eq!(key.public_key().octets(), pair.public_key().as_ref());
    let pair = Ed25519KeyPair::generate().unwrap();
    let (older, newer) = (pair.to_pkcs8v1().unwrap(), pair.to_pkcs8().unwrap());
    for der in [older.as_ref(), newer.as_ref()] {
        let (algorithm, seed) = read(der).unwrap();
        let key = SigningKey::from_seed(algorithm, &seed).unwrap();
        assert_eq!(key.public_key().octets(), pair.public_key().as_ref());
    }
}

/// RFC 8410 section 10.3: the first example, and the second with attributes and a public key.
#[test]
fn the_examples_of_rfc_8410_are_read() {
    let hex =
        "302e020100300506032b657004220420d4ee72dbf913584ad5b6d8f1f769f8ad3afe7c28cbf1d4fbe097a88f44755842";
    let (algorithm, seed) = read(&encoding::from_hex(hex).unwrap()).unwrap();
    assert_eq!(algorithm, Algorithm::EdDsa);
    assert_eq!(encoding::hex(seed.as_slice()), &hex[hex.len() - 64..]);
    let hex = "3072020101300506032b657004220420d4ee72dbf913584ad5b6d8f1f769f8ad3afe7c28cbf1d4fbe097a88f44755842\
        a01f301d060a2a864886f70d01090914310f0c0d437572646c6520436861697273\
        81210019bf44096984cdfe8541bac167dc3b96c85086aa30b6b6cb0c5c38ad703166e1";
    assert_eq!(read(&encoding::from_hex(hex).unwrap()).unwrap().1, seed);
}

#[test]
fn an_ml_dsa_key_with_both_forms_gives_its_seed() {
    let rewrap = |choice: &[u8]| {
        let oid = der::write(der::OID, &[ML_DSA[0].0]);
        let parts = [
            der::write(der::INTEGER, &[&[0]]),
            der::write(der::SEQUENCE, &[&oid]),
            der::write(der::OCTET_STRING, &[choice]),
        ];
        der::write(der::SEQUENCE, &[&parts.concat()])
    };
    let both =
        [der::write(der::OCTET_STRING, &[&SEED]), der::write(der::OCTET_STRING, &[&[1; 2560]])].concat();
    let (algorithm, seed) = read(&rewrap(&der::write(der::SEQUENCE, &[&both]))).unwrap();
    assert_eq!((algorithm, *seed), (Algorithm::MlDsa44, SEED));
    let expanded = rewrap(&der::write(der::OCTET_STRING, &[&[1; 2560]]));
    assert_eq!(read(&expanded), Err(Pkcs8Refusal::NoSeed));
    let short = rewrap(&der::write(SEED_CHOICE, &[&[1; 31]]));
    assert_eq!(read(&short), Err(Pkcs8Refusal::Secret));
    assert_eq!(read(&rewrap(&[5, 0])), Err(Pkcs8Refusal::Syntax));
}

#[test]
fn a_foreign_public_key_is_refused() {
    let mut written = write(Algorithm::Es256, &SEED).unwrap();
    if let Some(last) = written.last_mut() {
        *last ^= 1;
    }
    assert_eq!(read(&written), Err(Pkcs8Refusal::OtherPublicKey));
}

#[test]
fn nonsense_is_refused_and_never_taken_for_another_key() {
    for algorithm in TAKEN {
        let written = write(algorithm, &SEED).unwrap();
        for length in 0..written.len() {
            assert_eq!(read(&written[..length]), Err(Pkcs8Refusal::Syntax), "{algorithm:?} cut at {length}");
        }
        let longer = [written.as_slice(), &[0]].concat();
        assert_eq!(read(&longer), Err(Pkcs8Refusal::Syntax));
    }
    assert_eq!(read(&[0xff; 64]), Err(Pkcs8Refusal::Syntax));
    let zero = write(Algorithm::EdDsa, &[0; 32]).unwrap();
    assert!(read(&zero).is_ok(), "every seed is an Ed25519 key");
    assert!(write(Algorithm::Es256, &[0; 32]).is_none(), "and zero is no scalar");
    // Curve P-384 under the same algorithm.
    let p384 = [0x2b, 0x81, 0x04, 0x00, 0x22];
    let oids = [der::write(der::OID, &[EC_PUBLIC_KEY]), der::write(der::OID, &[&p384])].concat();
    let parts = [
        der::write(der::INTEGER, &[&[0]]),
        der::write(der::SEQUENCE, &[&oids]),
        der::write(der::OCTET_STRING, &[&SEED]),
    ];
    assert_eq!(read(&der::write(der::SEQUENCE, &[&parts.concat()])), Err(Pkcs8Refusal::Algorithm));
}
