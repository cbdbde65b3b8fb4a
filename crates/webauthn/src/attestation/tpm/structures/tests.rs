use authenticator::attestation::tpm as maker;
use primitives::cose::{Algorithm, SigningKey};

use super::*;

fn area(algorithm: Algorithm) -> Vec<u8> {
    let key = SigningKey::generate(algorithm, &mut crate::testing::Seeded(1)).unwrap();
    maker::public_area(key.public_key()).unwrap()
}

#[test]
fn every_truncation_is_refused() {
    let info = maker::cert_info(&[1; 34], &[2; 32]);
    assert!(Attest::read(&info).is_some());
    for length in 0..info.len() {
        assert!(Attest::read(&info[..length]).is_none(), "cut at {length}");
    }
    for area in [area(Algorithm::Es256), area(Algorithm::Es512), area(Algorithm::Rs256)] {
        assert!(Public::read(&area).is_some());
        for length in 0..area.len() {
            assert!(Public::read(&area[..length]).is_none(), "cut at {length}");
        }
    }
}

#[test]
fn lengths_are_bounded() {
    assert!(Attest::read(&maker::cert_info(&[1; 66], &[2; 66])).is_some());
    assert!(Attest::read(&maker::cert_info(&[1; 67], &[2; 32])).is_none());
    assert!(Attest::read(&maker::cert_info(&[1; 34], &[2; 67])).is_none());
    let modulus = |length: u16| {
        let mut area = area(Algorithm::Rs256)[..14].to_vec();
        area.extend(length.wrapping_mul(8).to_be_bytes());
        area.extend(0_u32.to_be_bytes());
        area.extend(length.to_be_bytes());
        area.resize(area.len() + usize::from(length), 7);
        area
    };
    assert!(Public::read(&modulus(512)).is_some());
    assert!(Public::read(&modulus(513)).is_none());
}

#[test]
fn signature_schemes_carry_a_hash() {
    for (algorithm, scheme, known) in [
        (Algorithm::Es256, TPM_ALG_ECDSA, true),
        (Algorithm::Es256, TPM_ALG_RSASSA, false),
        (Algorithm::Rs256, TPM_ALG_RSASSA, true),
        (Algorithm::Rs256, TPM_ALG_RSAPSS, true),
        (Algorithm::Rs256, TPM_ALG_ECDSA, false),
    ] {
        let mut area = area(algorithm);
        area.splice(12..14, [scheme.to_be_bytes(), SHA256.to_be_bytes()].concat());
        assert_eq!(Public::read(&area).is_some(), known, "{algorithm:?} {scheme:#x}");
    }
}

#[test]
fn the_size_of_an_rsa_key_is_that_of_its_modulus() {
    let mut area = area(Algorithm::Rs256);
    area[14..16].copy_from_slice(&1024_u16.to_be_bytes());
    assert!(Public::read(&area).is_none());
}
