//! aws-lc's signature checks from the raw key: what no verification can do without.

use aws_lc_rs::signature::{self as lc, RsaPublicKeyComponents, UnparsedPublicKey};
use primitives::cbor::{self, Value};
use primitives::cose::Algorithm;

use crate::failure::Failure;

/// A raw public key; it is read again for each signature, as a stored one must be.
pub(crate) enum Bare {
    /// A point, or the octets of the algorithm's own standard.
    Octets(UnparsedPublicKey<Vec<u8>>),
    /// Modulus and exponent.
    Rsa {
        /// The padding and the sizes.
        parameters: &'static lc::RsaParameters,
        /// Modulus, big-endian.
        n: Vec<u8>,
        /// Exponent, big-endian.
        e: Vec<u8>,
    },
}

impl Bare {
    /// From a COSE_Key; `None` for algorithms that are another one's check under another number.
    pub(crate) fn of(algorithm: Algorithm, cose: &[u8]) -> Result<Option<Self>, Failure> {
        let no_key = || Failure::new(format!("the {algorithm:?} key is not as expected"));
        let value = cbor::parse(cose, cbor::CTAP2_DEPTH).map_err(|_| no_key())?;
        let bytes = |label| value.at(label).and_then(as_bytes).ok_or_else(no_key);
        let point = || Ok::<_, Failure>([&[4], bytes(-2)?.as_slice(), bytes(-3)?.as_slice()].concat());
        let rsa = |parameters| Ok::<_, Failure>(Bare::Rsa { parameters, n: bytes(-1)?, e: bytes(-2)? });
        let octets = |check: &'static dyn lc::VerificationAlgorithm, key: Vec<u8>| {
            Bare::Octets(UnparsedPublicKey::new(check, key))
        };
        Ok(Some(match algorithm {
            Algorithm::Es256 => octets(&lc::ECDSA_P256_SHA256_ASN1, point()?),
            Algorithm::Es384 => octets(&lc::ECDSA_P384_SHA384_ASN1, point()?),
            Algorithm::Es512 => octets(&lc::ECDSA_P521_SHA512_ASN1, point()?),
            Algorithm::EdDsa => octets(&lc::ED25519, bytes(-2)?),
            Algorithm::Rs256 => rsa(&lc::RSA_PKCS1_2048_8192_SHA256)?,
            Algorithm::Ps256 => rsa(&lc::RSA_PSS_2048_8192_SHA256)?,
            Algorithm::MlDsa44 => octets(&lc::ML_DSA_44, bytes(-1)?),
            Algorithm::MlDsa65 => octets(&lc::ML_DSA_65, bytes(-1)?),
            Algorithm::MlDsa87 => octets(&lc::ML_DSA_87, bytes(-1)?),
            Algorithm::Esp256 | Algorithm::Ed25519 | Algorithm::Esp384 | Algorithm::Esp512 => {
                return Ok(None);
            }
        }))
    }

    /// Whether the signature holds.
    pub(crate) fn verify(&self, message: &[u8], signature: &[u8]) -> bool {
        match self {
            Bare::Octets(key) => key.verify(message, signature).is_ok(),
            Bare::Rsa { parameters, n, e } => {
                RsaPublicKeyComponents { n, e }.verify(parameters, message, signature).is_ok()
            }
        }
    }
}

fn as_bytes(value: &Value<'_>) -> Option<Vec<u8>> {
    match value {
        Value::Bytes(bytes) => Some(bytes.to_vec()),
        _ => None,
    }
}
