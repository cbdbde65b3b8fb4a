//! JSON Web Keys (RFC 7517, RFC 7518 section 6, RFC 8037): public keys only.

use serde_json::{Map, Value};

use crate::cose::{Algorithm, Family, KeyRefusal, PublicKey};
use crate::encoding::{base64url, from_base64url};
use crate::{digest, jws};

/// Longest `kid` in bytes.
pub const LONGEST_KID: usize = 255;

/// A public key with what its JWK says of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Jwk {
    /// The key.
    pub key: PublicKey,
    /// `kid`.
    pub kid: Option<String>,
    /// `alg`, if it is one of ours.
    pub alg: Option<Algorithm>,
    /// `use`.
    pub usage: Option<String>,
}

/// The members of the JWK that name the key and nothing else, in the order of RFC 7638 section 3.3. There are none for
/// keys that have no JWK here.
pub fn members(key: &PublicKey) -> Vec<(&'static str, String)> {
    match key.algorithm().family() {
        Family::Ec(curve) => {
            let octets = key.octets().get(1..).unwrap_or_default();
            let (x, y) = octets.split_at(octets.len() / 2);
            let name = match curve.field {
                32 => "P-256",
                48 => "P-384",
                _ => "P-521",
            };
            vec![("crv", name.to_owned()), ("kty", "EC".to_owned()), ("x", base64url(x)), ("y", base64url(y))]
        }
        Family::Ed25519 => {
            let x = base64url(key.octets());
            vec![("crv", "Ed25519".to_owned()), ("kty", "OKP".to_owned()), ("x", x)]
        }
        Family::Rsa(_) => {
            let (n, e) = key.rsa_numbers().unwrap_or_default();
            vec![("e", base64url(e)), ("kty", "RSA".to_owned()), ("n", base64url(n))]
        }
        Family::MlDsa(_) => Vec::new(),
    }
}

/// The JWK of a key that verifies signatures, with its algorithm.
pub fn to_jwk(key: &PublicKey, kid: Option<&str>) -> Map<String, Value> {
    let mut jwk = Map::new();
    for (name, value) in members(key) {
        jwk.insert(name.to_owned(), Value::String(value));
    }
    let more = [("alg", jws::name(key.algorithm())), ("kid", kid), ("use", Some("sig"))];
    for (name, value) in more {
        if let Some(value) = value {
            jwk.insert(name.to_owned(), Value::from(value));
        }
    }
    jwk
}

/// The thumbprint of RFC 7638 with SHA-256, in base64url.
pub fn thumbprint(key: &PublicKey) -> String {
    let mut text = String::with_capacity(512);
    for (name, value) in members(key) {
        text.push(if text.is_empty() { '{' } else { ',' });
        // None of the values needs an escape.
        for part in ["\"", name, "\":\"", value.as_str(), "\""] {
            text.push_str(part);
        }
    }
    text.push('}');
    base64url(&digest::sha256(text.as_bytes()))
}

/// Reads a public key. Where the JWK names no algorithm the key is for `algorithm`, or for the usual one of its type.
pub fn from_jwk(jwk: &Map<String, Value>, algorithm: Option<Algorithm>) -> Result<Jwk, JwkRefusal> {
    if PRIVATE.iter().any(|name| jwk.contains_key(*name)) {
        return Err(JwkRefusal::Private);
    }
    let kty = text(jwk, "kty")?.ok_or(JwkRefusal::KeyType)?;
    let usual = match (kty, text(jwk, "crv")?) {
        ("EC", Some("P-256")) => Algorithm::Es256,
        ("EC", Some("P-384")) => Algorithm::Es384,
        ("EC", Some("P-521")) => Algorithm::Es512,
        ("OKP", Some("Ed25519")) => Algorithm::Ed25519,
        ("RSA", _) => Algorithm::Rs256,
        ("EC" | "OKP", _) => return Err(JwkRefusal::Curve),
        _ => return Err(JwkRefusal::KeyType),
    };
    let alg = match text(jwk, "alg")? {
        Some(name) => Some(jws::algorithm(name).ok_or(JwkRefusal::Algorithm)?),
        None => None,
    };
    let chosen = alg.or(algorithm).unwrap_or(usual);
    if !same_family(chosen, usual) {
        return Err(JwkRefusal::Algorithm);
    }
    let kid = text(jwk, "kid")?;
    if kid.is_some_and(|kid| kid.is_empty() || kid.len() > LONGEST_KID) {
        return Err(JwkRefusal::KeyId);
    }
    let usage = text(jwk, "use")?.map(str::to_owned);
    Ok(Jwk { key: key(jwk, chosen)?, kid: kid.map(str::to_owned), alg, usage })
}

/// What only a private or a shared key has.
const PRIVATE: [&str; 8] = ["d", "p", "q", "dp", "dq", "qi", "oth", "k"];

fn key(jwk: &Map<String, Value>, algorithm: Algorithm) -> Result<PublicKey, JwkRefusal> {
    let octets = |name: &str| {
        let value = text(jwk, name)?.ok_or(JwkRefusal::MemberMissing)?;
        from_base64url(value).ok_or(JwkRefusal::Base64)
    };
    let key = match algorithm.family() {
        Family::Ec(curve) => {
            let (x, y) = (octets("x")?, octets("y")?);
            if x.len() != curve.field || y.len() != curve.field {
                return Err(JwkRefusal::Key(KeyRefusal::CoordinateLength));
            }
            PublicKey::from_ec_point(algorithm, &[&[4], x.as_slice(), &y].concat())
        }
        Family::Ed25519 => PublicKey::from_foreign_ed25519(algorithm, &octets("x")?),
        Family::Rsa(_) => PublicKey::from_rsa(algorithm, &octets("n")?, &octets("e")?),
        Family::MlDsa(_) => return Err(JwkRefusal::KeyType),
    };
    key.map_err(JwkRefusal::Key)
}

/// Whether keys of one are keys of the other: the curve is the same, or both are RSA.
fn same_family(one: Algorithm, other: Algorithm) -> bool {
    match (one.family(), other.family()) {
        (Family::Ec(one), Family::Ec(other)) => one.id == other.id,
        (Family::Ed25519, Family::Ed25519) | (Family::Rsa(_), Family::Rsa(_)) => true,
        _ => false,
    }
}

fn text<'a>(jwk: &'a Map<String, Value>, name: &str) -> Result<Option<&'a str>, JwkRefusal> {
    match jwk.get(name) {
        None => Ok(None),
        Some(Value::String(text)) => Ok(Some(text)),
        Some(_) => Err(JwkRefusal::MemberType),
    }
}

/// Why a JWK is no public key with which somebody may sign.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum JwkRefusal {
    /// `kty` is missing or none of EC, OKP and RSA.
    KeyType,
    /// `crv` is missing or none of ours.
    Curve,
    /// `alg` is none of ours, or not one for such a key.
    Algorithm,
    /// It has a member that only private and shared keys have.
    Private,
    /// A member that the key type demands is missing.
    MemberMissing,
    /// A member is no text.
    MemberType,
    /// A number is no base64url.
    Base64,
    /// `kid` is empty or too long.
    KeyId,
    /// The numbers are no such key.
    Key(KeyRefusal),
}

impl JwkRefusal {
    /// The stable code.
    pub fn code(self) -> &'static str {
        match self {
            JwkRefusal::KeyType => "jwk_key_type",
            JwkRefusal::Curve => "jwk_curve",
            JwkRefusal::Algorithm => "jwk_algorithm",
            JwkRefusal::Private => "jwk_private",
            JwkRefusal::MemberMissing => "jwk_member_missing",
            JwkRefusal::MemberType => "jwk_member_type",
            JwkRefusal::Base64 => "jwk_base64",
            JwkRefusal::KeyId => "jwk_key_id",
            JwkRefusal::Key(_) => "jwk_key",
        }
    }
}

#[cfg(test)]
mod tests;
