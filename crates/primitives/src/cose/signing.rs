//! Private keys: what an authenticator and an attestation authority sign with.

use std::fmt;

use aws_lc_rs::encoding::{AsDer, Pkcs8V1Der};
use aws_lc_rs::hkdf;
use aws_lc_rs::rand::SystemRandom;
use aws_lc_rs::rsa::KeySize;
use aws_lc_rs::signature::{
    EcdsaKeyPair, Ed25519KeyPair, KeyPair, PqdsaKeyPair, RSA_PKCS1_SHA256, RSA_PSS_SHA256, RsaKeyPair,
};
use zeroize::Zeroizing;

use super::algorithm::{Algorithm, Curve, Family};
use super::public_key::{self, PublicKey};
use super::refusal::KeyRefusal;
use crate::der;
use crate::entropy::{self, Entropy};

/// A private key, parsed and ready to sign.
pub struct SigningKey {
    pair: Pair,
    public: PublicKey,
}

enum Pair {
    Ec(Box<EcdsaKeyPair>),
    Ed25519(Box<Ed25519KeyPair>),
    Rsa(Box<RsaKeyPair>),
    MlDsa(Box<PqdsaKeyPair>),
}

impl SigningKey {
    /// A new key for any algorithm. RSA keys have 2048 bits, and aws-lc draws their primes itself: `entropy`
    /// has no part in them.
    pub fn generate(algorithm: Algorithm, entropy: &mut dyn Entropy) -> Result<Self, KeyRefusal> {
        if let Family::Rsa(_) = algorithm.family() {
            let pair = RsaKeyPair::generate(KeySize::Rsa2048).map_err(|_| KeyRefusal::RsaModulus)?;
            return Self::rsa(algorithm, pair);
        }
        // A random P-256 scalar is out of range once in 2^32 draws.
        loop {
            let seed = Zeroizing::new(entropy::array(entropy));
            match Self::from_seed(algorithm, &seed) {
                Err(KeyRefusal::ScalarRange) => {}
                other => return other,
            }
        }
    }

    /// The key whose secret is `seed`: the scalar of P-256, or the seed of Ed25519 (RFC 8032) or ML-DSA (FIPS
    /// 204). P-384 and P-521 have longer scalars, which HKDF makes of it. RSA keys have no seed.
    pub fn from_seed(algorithm: Algorithm, seed: &[u8; 32]) -> Result<Self, KeyRefusal> {
        match algorithm.family() {
            Family::Ec(curve) => {
                let der = ec_private_key(curve, &scalar(curve, seed));
                let pair = EcdsaKeyPair::from_private_key_der(curve.signing, &der)
                    .map_err(|_| KeyRefusal::ScalarRange)?;
                let public = PublicKey::from_ec_point(algorithm, pair.public_key().as_ref())?;
                Ok(Self { pair: Pair::Ec(Box::new(pair)), public })
            }
            Family::Ed25519 => {
                let pair = Ed25519KeyPair::from_seed_unchecked(seed).map_err(|_| KeyRefusal::ScalarRange)?;
                let public = PublicKey::from_ed25519(algorithm, pair.public_key().as_ref())?;
                Ok(Self { pair: Pair::Ed25519(Box::new(pair)), public })
            }
            Family::MlDsa(set) => {
                let pair = PqdsaKeyPair::from_seed(set.signing, seed).map_err(|_| KeyRefusal::MlDsaLength)?;
                let public = PublicKey::from_ml_dsa(algorithm, pair.public_key().as_ref())?;
                Ok(Self { pair: Pair::MlDsa(Box::new(pair)), public })
            }
            Family::Rsa(_) => Err(KeyRefusal::KeyType),
        }
    }

    /// A key for RS256 or PS256 from PKCS #8 in DER (RFC 5208).
    pub fn from_rsa_pkcs8(algorithm: Algorithm, der: &[u8]) -> Result<Self, KeyRefusal> {
        Self::rsa(algorithm, RsaKeyPair::from_pkcs8(der).map_err(|_| KeyRefusal::RsaModulus)?)
    }

    fn rsa(algorithm: Algorithm, pair: RsaKeyPair) -> Result<Self, KeyRefusal> {
        let public = pair.public_key();
        let (n, e) = public_key::rsa_components(public.as_ref()).ok_or(KeyRefusal::RsaModulus)?;
        let public = PublicKey::from_rsa(algorithm, n, e)?;
        Ok(Self { pair: Pair::Rsa(Box::new(pair)), public })
    }

    /// An RSA key in PKCS #8, for [`SigningKey::from_rsa_pkcs8`]; nothing for other keys, which have seeds.
    pub fn to_rsa_pkcs8(&self) -> Option<Zeroizing<Vec<u8>>> {
        let Pair::Rsa(pair) = &self.pair else { return None };
        let der: Pkcs8V1Der<'_> = pair.as_der().ok()?;
        Some(Zeroizing::new(der.as_ref().to_vec()))
    }

    /// The public half.
    pub fn public_key(&self) -> &PublicKey {
        &self.public
    }

    /// The algorithm that it signs with.
    pub fn algorithm(&self) -> Algorithm {
        self.public.algorithm()
    }

    /// A signature over `message`; ECDSA's is ASN.1 DER with a nonce that aws-lc draws itself, and so are the
    /// salt of PS256 and the randomness of ML-DSA.
    pub fn sign(&self, message: &[u8]) -> Vec<u8> {
        let random = SystemRandom::new();
        let signed = match &self.pair {
            Pair::Ec(pair) => pair.sign(&random, message).map(|signature| signature.as_ref().to_vec()),
            Pair::Ed25519(pair) => Ok(pair.sign(message).as_ref().to_vec()),
            Pair::Rsa(pair) => {
                let mut signature = vec![0; pair.public_modulus_len()];
                let padding = match self.algorithm() {
                    Algorithm::Ps256 => &RSA_PSS_SHA256,
                    _ => &RSA_PKCS1_SHA256,
                };
                pair.sign(padding, &random, message, &mut signature).map(|()| signature)
            }
            Pair::MlDsa(pair) => {
                let mut signature = vec![0; pair.algorithm().signature_len()];
                pair.sign(message, &mut signature).map(|_| signature)
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

/// So many octets of HKDF's output.
struct Octets(usize);

impl hkdf::KeyType for Octets {
    fn len(&self) -> usize {
        self.0
    }
}

/// The secret scalar that a seed stands for: itself where it fits, otherwise HKDF-SHA-512 of it.
fn scalar(curve: &Curve, seed: &[u8; 32]) -> Zeroizing<Vec<u8>> {
    let mut out = Zeroizing::new(seed.to_vec());
    if curve.field > seed.len() {
        out.resize(curve.field, 0);
        let derived = hkdf::Salt::new(hkdf::HKDF_SHA512, b"keyward scalar v1")
            .extract(seed)
            .expand(&[&curve.id.to_be_bytes()], Octets(curve.field))
            .and_then(|okm| okm.fill(&mut out));
        if derived.is_err() {
            unreachable!("a scalar is within HKDF-SHA-512's bound");
        }
    }
    // P-521 has 521 bits in 66 octets; of each other curve all bits count.
    if let (66, Some(first)) = (curve.field, out.first_mut()) {
        *first &= 1;
    }
    out
}

/// ECPrivateKey of RFC 5915 without the public key.
fn ec_private_key(curve: &Curve, scalar: &[u8]) -> Zeroizing<Vec<u8>> {
    let name: &[u8] = match curve.id {
        1 => &[0x2a, 0x86, 0x48, 0xce, 0x3d, 0x03, 0x01, 0x07],
        2 => &[0x2b, 0x81, 0x04, 0x00, 0x22],
        _ => &[0x2b, 0x81, 0x04, 0x00, 0x23],
    };
    let secret = Zeroizing::new(der::write(der::OCTET_STRING, &[scalar]));
    let version = der::write(der::INTEGER, &[&[1]]);
    let parameters = der::write(0xa0, &[&der::write(der::OID, &[name])]);
    Zeroizing::new(der::write(der::SEQUENCE, &[&version, &secret, &parameters]))
}

#[cfg(test)]
mod tests;
