//! Signatures over certificates.

use aws_lc_rs::signature::{self as lc, UnparsedPublicKey, VerificationAlgorithm};

use super::{Key, oid};
use crate::cose::BadSignature;

/// Most octets of the RSA modulus of an issuer: 4096 bits, as the largest roots of attestation have.
const LONGEST_MODULUS: usize = 512;

/// Whether `key` made `signature` over `message` with the algorithm that the certificate names.
pub(super) fn verify(
    key: &Key,
    algorithm: &[u8],
    message: &[u8],
    signature: &[u8],
) -> Result<(), BadSignature> {
    let verification = verification(key, algorithm).ok_or(BadSignature)?;
    if key.algorithm == oid::RSA_ENCRYPTION {
        let (n, _) = crate::cose::rsa_components(&key.bits).ok_or(BadSignature)?;
        // aws-lc wants 2048 bits and takes 8192, whose verification costs four times as much.
        if n.len() > LONGEST_MODULUS {
            return Err(BadSignature);
        }
    }
    UnparsedPublicKey::new(verification, &key.bits).verify(message, signature).map_err(|_| BadSignature)
}

/// RSASSA-PKCS1-v1_5 with SHA-1.
pub(super) fn verify_rs1(key: &Key, message: &[u8], signature: &[u8]) -> Result<(), BadSignature> {
    if key.algorithm != oid::RSA_ENCRYPTION {
        return Err(BadSignature);
    }
    UnparsedPublicKey::new(&lc::RSA_PKCS1_2048_8192_SHA1_FOR_LEGACY_USE_ONLY, &key.bits)
        .verify(message, signature)
        .map_err(|_| BadSignature)
}

/// SHA-1 is not among them: who trusts it may as well trust nothing.
fn verification(key: &Key, algorithm: &[u8]) -> Option<&'static dyn VerificationAlgorithm> {
    let curve = key.curve.as_deref();
    match (key.algorithm.as_slice(), algorithm) {
        (oid::EC_PUBLIC_KEY, oid::ECDSA_SHA256) if curve == Some(oid::P256) => {
            Some(&lc::ECDSA_P256_SHA256_ASN1)
        }
        (oid::EC_PUBLIC_KEY, oid::ECDSA_SHA384) if curve == Some(oid::P256) => {
            Some(&lc::ECDSA_P256_SHA384_ASN1)
        }
        (oid::EC_PUBLIC_KEY, oid::ECDSA_SHA512) if curve == Some(oid::P256) => {
            Some(&lc::ECDSA_P256_SHA512_ASN1)
        }
        (oid::EC_PUBLIC_KEY, oid::ECDSA_SHA256) if curve == Some(oid::P384) => {
            Some(&lc::ECDSA_P384_SHA256_ASN1)
        }
        (oid::EC_PUBLIC_KEY, oid::ECDSA_SHA384) if curve == Some(oid::P384) => {
            Some(&lc::ECDSA_P384_SHA384_ASN1)
        }
        (oid::EC_PUBLIC_KEY, oid::ECDSA_SHA512) if curve == Some(oid::P384) => {
            Some(&lc::ECDSA_P384_SHA512_ASN1)
        }
        (oid::EC_PUBLIC_KEY, oid::ECDSA_SHA256) if curve == Some(oid::P521) => {
            Some(&lc::ECDSA_P521_SHA256_ASN1)
        }
        (oid::EC_PUBLIC_KEY, oid::ECDSA_SHA384) if curve == Some(oid::P521) => {
            Some(&lc::ECDSA_P521_SHA384_ASN1)
        }
        (oid::EC_PUBLIC_KEY, oid::ECDSA_SHA512) if curve == Some(oid::P521) => {
            Some(&lc::ECDSA_P521_SHA512_ASN1)
        }
        (oid::RSA_ENCRYPTION, oid::RSA_SHA256) => Some(&lc::RSA_PKCS1_2048_8192_SHA256),
        (oid::RSA_ENCRYPTION, oid::RSA_SHA384) => Some(&lc::RSA_PKCS1_2048_8192_SHA384),
        (oid::RSA_ENCRYPTION, oid::RSA_SHA512) => Some(&lc::RSA_PKCS1_2048_8192_SHA512),
        (oid::ED25519, oid::ED25519) => Some(&lc::ED25519),
        (oid::ML_DSA_44, oid::ML_DSA_44) => Some(&lc::ML_DSA_44),
        (oid::ML_DSA_65, oid::ML_DSA_65) => Some(&lc::ML_DSA_65),
        (oid::ML_DSA_87, oid::ML_DSA_87) => Some(&lc::ML_DSA_87),
        _ => None,
    }
}
