//! `jwks` or `jwks_uri`, never both (RFC 7591 section 2).

use serde_json::{Map, Value};

use super::read::{refuse, secure_uri};
use super::{MetadataRule, RegistrationRefusal};
use crate::client::ClientKeys;
use crate::key_set::{self, KeySetRefusal};

/// Most bytes of a key set's JSON.
const LONGEST_SET: usize = 16 * 1024;

/// The members of private and shared keys (RFC 7518 sections 6.2.2, 6.3.2 and 6.4.1, RFC 8037).
const SECRET: [&str; 8] = ["d", "p", "q", "dp", "dq", "qi", "oth", "k"];

pub(super) fn read(members: &Map<String, Value>) -> Result<ClientKeys, RegistrationRefusal> {
    let set = match members.get("jwks") {
        None | Some(Value::Null) => None,
        Some(set) => Some(checked(set)?.clone()),
    };
    let uri = secure_uri(members, "jwks_uri")?;
    if set.is_some() && uri.is_some() {
        return Err(refuse("jwks_uri", MetadataRule::Conflict));
    }
    Ok(ClientKeys { set, uri })
}

/// A set of public keys. Those of types that nobody here knows are kept: the client may need them elsewhere.
fn checked(set: &Value) -> Result<&Value, RegistrationRefusal> {
    let keys = set.get("keys").and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default();
    let typed = keys.iter().all(|key| key.get("kty").is_some_and(Value::is_string));
    let rule = match key_set::read(set) {
        Err(KeySetRefusal::NotASet) => MetadataRule::Type,
        Err(KeySetRefusal::TooMany) => MetadataRule::Bounds,
        Ok(_) if keys.is_empty() || set.to_string().len() > LONGEST_SET => MetadataRule::Bounds,
        _ if !typed => MetadataRule::Type,
        Err(KeySetRefusal::Key(_)) => MetadataRule::Value,
        Ok(_) if holds_secrets(keys) => MetadataRule::Value,
        Ok(_) => return Ok(set),
    };
    Err(refuse("jwks", rule))
}

/// Who sends us a private key has given it away, whatever it was for.
fn holds_secrets(keys: &[Value]) -> bool {
    keys.iter().any(|key| SECRET.iter().any(|name| key.get(name).is_some()))
}

/// Whether the client can sign with what it registered; what is behind an address nobody knows yet.
pub(super) fn can_sign(keys: &ClientKeys) -> bool {
    let usable = |set| key_set::read(set).is_ok_and(|keys| !keys.is_empty());
    keys.uri.is_some() || keys.set.as_ref().is_some_and(usable)
}
