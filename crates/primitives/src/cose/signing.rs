//! Private keys: what an authenticator and an attestation authority sign with.

use std::fmt;

use aws_lc_rs::rand::SystemRandom;
use aws_lc_rs::signature::{
    ECDSA_P256_SHA256_ASN1_SIGNING, EcdsaKeyPair, Ed25519KeyPair, KeyPair, RSA_PKCS1_SHA256, RsaKeyPair,
};
use zeroize::Zeroizing;

use super::{Algorithm, KeyRefusal, PublicKey};
use crate::entropy::{self, Entropy};

/// A private key, parsed and ready to sign.
pub struct SigningKey {
    pair: Pair,
    public: PublicKey,
}

enum Pair {
    Es256(Box<EcdsaKeyPair>),
    Ed25519(Box<Ed25519KeyPair>),
    Rs256(Box<RsaKeyPair>),
}

/// RFC 5915 ECPrivateKey of P-256 around the 32 octets of the scalar.
const P256_PREFIX: [u8; 7] = [0x30, 0x31, 0x02, 0x01, 0x01, 0x04, 0x20];
const P256_SUFFIX: [u8; 12] = [0xa0, 0x0a, 0x06, 0x08, 0x2a, 0x86, 0x48, 0xce, 0x3d, 0x03, 0x01, 0x07];

impl SigningKey {
    /// A new key for ES256 or EdDSA. RSA keys are read, not made.
    pub fn generate(algorithm: Algorithm, entropy: &mut dyn Entropy) -> Result<Self, KeyRefusal> {
        // A random P-256 scalar is out of range once in 2^32 draws.
        loop {
            let seed = Zeroizing::new(entropy::array(entropy));
            match Self::from_seed(algorithm, &seed) {
                Err(KeyRefusal::ScalarRange) => {}
                other => return other,
            }
        }
    }

    /// The key whose secret is `seed`: the scalar of P-256, or the seed of RFC 8032 for Ed25519.
    pub fn from_seed(algorithm: Algorithm, seed: &[u8; 32]) -> Result<Self, KeyRefusal> {
        match algorithm {
            Algorithm::Es256 => {
                let der = Zeroizing::new([P256_PREFIX.as_slice(), seed, &P256_SUFFIX].concat());
                let pair = EcdsaKeyPair::from_private_key_der(&ECDSA_P256_SHA256_ASN1_SIGNING, &der)
                    .map_err(|_| KeyRefusal::ScalarRange)?;
                let public = PublicKey::from_ec_point(algorithm, pair.public_key().as_ref())?;
                Ok(Self { pair: Pair::Es256(Box::new(pair)), public })
            }
            Algorithm::EdDsa => {
                let pair = Ed25519KeyPair::from_seed_unchecked(seed).map_err(|_| KeyRefusal::ScalarRange)?;
                let public = PublicKey::from_ed25519(pair.public_key().as_ref())?;
                Ok(Self { pair: Pair::Ed25519(Box::new(pair)), public })
            }
            Algorithm::Es384 | Algorithm::Es512 | Algorithm::Rs256 => Err(KeyRefusal::AlgorithmUnknown),
        }
    }

    /// An RSA key for RS256 from PKCS #8 in DER (RFC 5208).
    pub fn from_rsa_pkcs8(der: &[u8]) -> Result<Self, KeyRefusal> {
        let pair = RsaKeyPair::from_pkcs8(der).map_err(|_| KeyRefusal::RsaModulus)?;
        let public = pair.public_key();
        let components = super::rsa_components(public.as_ref()).ok_or(KeyRefusal::RsaModulus)?;
        let public = PublicKey::from_rsa(components.0, components.1)?;
        Ok(Self { pair: Pair::Rs256(Box::new(pair)), public })
    }

    /// The public half.
    pub fn public_key(&self) -> &PublicKey {
        &self.public
    }

    /// The algorithm that it signs with.
    pub fn algorithm(&self) -> Algorithm {
        self.public.algorithm()
    }

    /// A signature over `message`; ECDSA's is ASN.1 DER with a nonce that aws-lc draws itself.
    pub fn sign(&self, message: &[u8]) -> Vec<u8> {
        let random = SystemRandom::new();
        let signed = match &self.pair {
            Pair::Es256(pair) => pair.sign(&random, message).map(|signature| signature.as_ref().to_vec()),
            Pair::Ed25519(pair) => Ok(pair.sign(message).as_ref().to_vec()),
            Pair::Rs256(pair) => {
                let mut signature = vec![0; pair.public_modulus_len()];
                pair.sign(&RSA_PKCS1_SHA256, &random, message, &mut signature).map(|()| signature)
            }
        };
        signed.unwrap_or_else(|_| unreachable!("a parsed key pair signs whatever it is given"))
    }
}

impl fmt::Debug for SigningKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "SigningKey({:?})", self.algorithm())
    }
}
