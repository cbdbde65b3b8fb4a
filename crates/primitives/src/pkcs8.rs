//! Private keys as others take and give them: PKCS #8 (RFC 5958) in DER, of those keys that a seed of 32 bytes makes.
//!
//! P-256 by RFC 5915, Ed25519 by RFC 8410, ML-DSA by RFC 9881 in the form that has its seed.

use zeroize::Zeroizing;

use crate::cose::{Algorithm, Family, SigningKey};
use crate::der;
use crate::encoding;

/// `id-ecPublicKey`.
const EC_PUBLIC_KEY: &[u8] = &[0x2a, 0x86, 0x48, 0xce, 0x3d, 0x02, 0x01];
/// `prime256v1`.
const P256: &[u8] = &[0x2a, 0x86, 0x48, 0xce, 0x3d, 0x03, 0x01, 0x07];
/// `id-Ed25519`.
const ED25519: &[u8] = &[0x2b, 0x65, 0x70];
/// `id-ml-dsa-44` and its two greater siblings.
const ML_DSA: [(&[u8], Algorithm); 3] = [
    (&[0x60, 0x86, 0x48, 0x01, 0x65, 0x03, 0x04, 0x03, 0x11], Algorithm::MlDsa44),
    (&[0x60, 0x86, 0x48, 0x01, 0x65, 0x03, 0x04, 0x03, 0x12], Algorithm::MlDsa65),
    (&[0x60, 0x86, 0x48, 0x01, 0x65, 0x03, 0x04, 0x03, 0x13], Algorithm::MlDsa87),
];
/// The seed's choice in an ML-DSA private key: `[0] IMPLICIT OCTET STRING`.
const SEED_CHOICE: u8 = 0x80;
/// `[1] IMPLICIT BIT STRING` of RFC 5958: the public key of version 1.
const PUBLIC_KEY: u8 = 0x81;

/// Writes the key that `seed` makes; `None` for RSA and for the curves whose scalars are longer than a seed.
pub fn write(algorithm: Algorithm, seed: &[u8; 32]) -> Option<Zeroizing<Vec<u8>>> {
    let (identifier, secret) = match algorithm {
        Algorithm::Es256 | Algorithm::Esp256 => {
            let key = SigningKey::from_seed(algorithm, seed).ok()?;
            let point = [&[0], key.public_key().octets()].concat();
            let public = der::write_explicit(1, &[&der::write(der::BIT_STRING, &[&point])]);
            let scalar = Zeroizing::new(der::write(der::OCTET_STRING, &[seed]));
            let version = der::write(der::INTEGER, &[&[1]]);
            let secret = Zeroizing::new(der::write(der::SEQUENCE, &[&version, &scalar, &public]));
            let oids = [der::write(der::OID, &[EC_PUBLIC_KEY]), der::write(der::OID, &[P256])];
            (oids.concat(), secret)
        }
        Algorithm::EdDsa | Algorithm::Ed25519 => {
            (der::write(der::OID, &[ED25519]), Zeroizing::new(der::write(der::OCTET_STRING, &[seed])))
        }
        _ => {
            let (oid, _) = ML_DSA.into_iter().find(|(_, known)| *known == algorithm)?;
            (der::write(der::OID, &[oid]), Zeroizing::new(der::write(SEED_CHOICE, &[seed])))
        }
    };
    let version = der::write(der::INTEGER, &[&[0]]);
    let identifier = der::write(der::SEQUENCE, &[&identifier]);
    let secret = Zeroizing::new(der::write(der::OCTET_STRING, &[&secret]));
    Some(Zeroizing::new(der::write(der::SEQUENCE, &[&version, &identifier, &secret])))
}

/// Reads a key: which it is, and its seed.
pub fn read(bytes: &[u8]) -> Result<(Algorithm, Zeroizing<[u8; 32]>), Pkcs8Refusal> {
    let outer = outer(bytes).ok_or(Pkcs8Refusal::Syntax)?;
    let (oid, parameters) = der::read(outer.identifier, der::OID).ok_or(Pkcs8Refusal::Syntax)?;
    let ml_dsa = ML_DSA.into_iter().find(|(known, _)| *known == oid);
    match (oid, ml_dsa) {
        (EC_PUBLIC_KEY, _) if der::only(parameters, der::OID) == Some(P256) => p256(outer.secret),
        (EC_PUBLIC_KEY, _) => Err(Pkcs8Refusal::Algorithm),
        (ED25519, _) if parameters.is_empty() => {
            let seed = der::only(outer.secret, der::OCTET_STRING).ok_or(Pkcs8Refusal::Syntax)?;
            Ok((Algorithm::EdDsa, seed_of(seed)?))
        }
        (_, Some((_, algorithm))) if parameters.is_empty() => Ok((algorithm, ml_dsa_seed(outer.secret)?)),
        (ED25519, _) | (_, Some(_)) => Err(Pkcs8Refusal::Syntax),
        _ => Err(Pkcs8Refusal::Algorithm),
    }
}

struct Outer<'a> {
    identifier: &'a [u8],
    secret: &'a [u8],
}

fn outer(bytes: &[u8]) -> Option<Outer<'_>> {
    let content = der::only(bytes, der::SEQUENCE)?;
    let (version, rest) = der::read(content, der::INTEGER)?;
    let version = der::small(version).filter(|version| *version <= 1)?;
    let (identifier, rest) = der::read(rest, der::SEQUENCE)?;
    let (secret, mut rest) = der::read(rest, der::OCTET_STRING)?;
    if let Some((0, _, after)) = der::explicit(rest) {
        rest = after;
    }
    // The public key follows from the private one.
    if version == 1
        && let Some((_, after)) = der::read(rest, PUBLIC_KEY)
    {
        rest = after;
    }
    rest.is_empty().then_some(Outer { identifier, secret })
}

fn p256(secret: &[u8]) -> Result<(Algorithm, Zeroizing<[u8; 32]>), Pkcs8Refusal> {
    let read = || {
        let content = der::only(secret, der::SEQUENCE)?;
        let (version, rest) = der::read(content, der::INTEGER)?;
        let (scalar, mut rest) = der::read(rest, der::OCTET_STRING)?;
        if let Some((0, curve, after)) = der::explicit(rest) {
            rest = after;
            (der::only(curve, der::OID)? == P256).then_some(())?;
        }
        let public = match der::explicit(rest) {
            Some((1, public, [])) => Some(der::only(public, der::BIT_STRING)?),
            None if rest.is_empty() => None,
            _ => return None,
        };
        (der::small(version)? == 1).then_some((scalar, public))
    };
    let (scalar, public) = read().ok_or(Pkcs8Refusal::Syntax)?;
    let seed = seed_of(scalar)?;
    let key = SigningKey::from_seed(Algorithm::Es256, &seed).map_err(|_| Pkcs8Refusal::Secret)?;
    let expected = [&[0], key.public_key().octets()].concat();
    // A scalar whose neighbour is another key's point is damaged, or a trap.
    if public.is_some_and(|public| !encoding::constant_time_eq(public, &expected)) {
        return Err(Pkcs8Refusal::OtherPublicKey);
    }
    Ok((Algorithm::Es256, seed))
}

/// The choice that is a seed, or the one that has it in front of what it expands to.
fn ml_dsa_seed(secret: &[u8]) -> Result<Zeroizing<[u8; 32]>, Pkcs8Refusal> {
    if let Some(seed) = der::only(secret, SEED_CHOICE) {
        return seed_of(seed);
    }
    match der::any(secret) {
        Some((der::SEQUENCE, both, [])) => {
            let (seed, _) = der::read(both, der::OCTET_STRING).ok_or(Pkcs8Refusal::Syntax)?;
            seed_of(seed)
        }
        Some((der::OCTET_STRING, _, [])) => Err(Pkcs8Refusal::NoSeed),
        _ => Err(Pkcs8Refusal::Syntax),
    }
}

fn seed_of(bytes: &[u8]) -> Result<Zeroizing<[u8; 32]>, Pkcs8Refusal> {
    let mut seed = Zeroizing::new([0; 32]);
    if bytes.len() != seed.len() {
        return Err(Pkcs8Refusal::Secret);
    }
    seed.copy_from_slice(bytes);
    Ok(seed)
}

/// Whether a key of this algorithm can be written.
pub fn takes(algorithm: Algorithm) -> bool {
    match algorithm.family() {
        Family::Ec(curve) => curve.field == 32,
        Family::Ed25519 | Family::MlDsa(_) => true,
        Family::Rsa(_) => false,
    }
}

/// Why bytes are no private key that could be kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Pkcs8Refusal {
    /// Not PKCS #8.
    Syntax,
    /// Another algorithm than ES256, EdDSA and ML-DSA.
    Algorithm,
    /// The secret has not 32 bytes, or is no scalar of the curve's group.
    Secret,
    /// An ML-DSA key in its expanded form, from which no seed comes back.
    NoSeed,
    /// A public key stands beside it that is another one's.
    OtherPublicKey,
}

#[cfg(test)]
mod tests;
