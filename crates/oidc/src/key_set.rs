//! Key sets (RFC 7517 section 5): ours as it is published, and those of clients.

use primitives::cose::{Algorithm, PublicKey};
use primitives::jwk::{self, JwkRefusal};
use serde_json::{Map, Value};

use crate::client::SigningAlg;
use crate::jwt::Key;

/// Most keys of a client's set.
pub const MOST: usize = 16;

/// A key of ours that others verify with.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PublishedKey {
    /// Its name.
    pub kid: String,
    /// What it signs with.
    pub alg: SigningAlg,
    /// Its public half.
    pub public: PublicKey,
}

/// The set as `/oauth/jwks` answers it.
pub fn render(keys: &[PublishedKey]) -> String {
    let jwk = |key: &PublishedKey| Value::Object(jwk::to_jwk(&key.public, Some(&key.kid)));
    let keys: Vec<Value> = keys.iter().map(jwk).collect();
    let mut set = Map::new();
    set.insert("keys".to_owned(), Value::Array(keys));
    Value::Object(set).to_string()
}

/// The keys that verify what a client signed. Those for encryption and of unknown types are left out, as RFC 7517
/// section 5 asks; one that is private or broken makes the set a refusal, because somebody should know.
pub fn read(set: &Value) -> Result<Vec<Key>, KeySetRefusal> {
    let keys = set.get("keys").and_then(Value::as_array).ok_or(KeySetRefusal::NotASet)?;
    if keys.len() > MOST {
        return Err(KeySetRefusal::TooMany);
    }
    let mut out = Vec::new();
    for key in keys {
        let key = key.as_object().ok_or(KeySetRefusal::NotASet)?;
        let verifies = |operations: &Value| {
            operations.as_array().is_some_and(|list| list.iter().any(|one| one == "verify"))
        };
        if key.get("use").is_some_and(|usage| usage != "sig")
            || key.get("key_ops").is_some_and(|operations| !verifies(operations))
        {
            continue;
        }
        match keys_of(key) {
            Ok(keys) => out.extend(keys),
            Err(JwkRefusal::KeyType | JwkRefusal::Curve | JwkRefusal::Algorithm) => {}
            Err(refusal) => return Err(KeySetRefusal::Key(refusal)),
        }
    }
    Ok(out)
}

/// A key of RSA that names no algorithm serves both paddings.
fn keys_of(jwk: &Map<String, Value>) -> Result<Vec<Key>, JwkRefusal> {
    let read = jwk::from_jwk(jwk, None)?;
    let mut keys = Vec::with_capacity(2);
    if read.alg.is_none() && read.key.algorithm() == Algorithm::Rs256 {
        let public = jwk::from_jwk(jwk, Some(Algorithm::Ps256))?.key;
        keys.push(Key { kid: read.kid.clone(), public });
    }
    keys.push(Key { kid: read.kid, public: read.key });
    Ok(keys)
}

/// Why a value is no key set of a client.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum KeySetRefusal {
    /// Not an object with a list of objects under `keys`.
    NotASet,
    /// More than [`MOST`] keys.
    TooMany,
    /// One of them is private or broken.
    Key(JwkRefusal),
}

impl KeySetRefusal {
    /// The stable code.
    pub fn code(self) -> &'static str {
        match self {
            KeySetRefusal::NotASet => "key_set_not_a_set",
            KeySetRefusal::TooMany => "key_set_too_many",
            KeySetRefusal::Key(refusal) => refusal.code(),
        }
    }
}

#[cfg(test)]
mod tests;
