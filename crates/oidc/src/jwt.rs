//! JSON Web Tokens that are signed (RFC 7519, RFC 8725): made with our keys, and judged when others made them.
//!
//! Which algorithms and keys count is the caller's word and never the token's. A token that says `none`, that was made
//! with a shared secret, that brings its own key or names extensions is refused before any key is tried.

use primitives::cose::{Algorithm, PublicKey, SigningKey};
use primitives::encoding;
use primitives::jws::{self, Compact};
use serde_json::{Map, Value};

use crate::json::{self, Bounds};

mod claims;
mod refusal;

pub use claims::{Rules, audience, judge, seconds, text, time};
pub use refusal::JwtRefusal;

/// Longest token that is looked at, in bytes.
pub const LONGEST: usize = 16 * 1024;

/// How far somebody else's clock may be from ours.
pub const LEEWAY: primitives::time::Span = primitives::time::Span::from_secs(10);

/// The algorithms that clients may sign with, by their names in JOSE as discovery lists them.
pub const CLIENT_ALGORITHMS: [&str; 6] = ["ES256", "ES384", "ES512", "EdDSA", "RS256", "PS256"];

const HEADER: Bounds = Bounds { bytes: 4 * 1024, depth: 4 };

/// A key of ours with its name in the key set.
#[derive(Clone, Copy, Debug)]
pub struct Signer<'a> {
    /// The key.
    pub key: &'a SigningKey,
    /// `kid`.
    pub kid: &'a str,
}

/// Somebody's public key.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Key {
    /// `kid`, if the key set gives one.
    pub kid: Option<String>,
    /// The key itself.
    pub public: PublicKey,
}

/// What `typ` must say (RFC 8725 section 3.11); upper and lower case mean the same, and `application/` may stand before it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Typ<'a> {
    /// Exactly that.
    Exactly(&'a str),
    /// That or nothing, for kinds of tokens that are older than the rule; `JWT` says nothing.
    OrNone(&'a str),
}

/// The header of a token, of which nothing counts until the signature does.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Header {
    /// `alg`.
    pub algorithm: Algorithm,
    /// `typ`.
    pub typ: Option<String>,
    /// `kid`.
    pub kid: Option<String>,
    /// `jwk`, which only proofs of RFC 9449 may bring.
    pub jwk: Option<Map<String, Value>>,
}

/// Makes a token of `typ` with these claims.
pub fn sign(signer: Signer<'_>, typ: &str, claims: &Map<String, Value>) -> String {
    let payload = serde_json::to_vec(claims).unwrap_or_else(|_| unreachable!("a map of texts has JSON"));
    jws::sign(signer.key, &header_of(signer, typ), &payload)
}

/// The header of our own tokens, as JSON.
pub(crate) fn header_of(signer: Signer<'_>, typ: &str) -> Vec<u8> {
    let alg = jws::name(signer.key.algorithm()).unwrap_or_default();
    // `typ` is a constant and `kid` base64url: neither needs an escape.
    let parts = ["{\"alg\":\"", alg, "\",\"typ\":\"", typ, "\",\"kid\":\"", signer.kid, "\"}"];
    parts.concat().into_bytes()
}

/// Verifies a token and judges its claims.
pub fn verify(text: &str, keys: &[Key], rules: &Rules<'_>) -> Result<Map<String, Value>, JwtRefusal> {
    let claims = open(text, keys, rules.typ, rules.algorithms)?;
    judge(&claims, rules)?;
    Ok(claims)
}

/// Verifies only that one of `keys` signed the token as `typ`; its claims are still to be judged.
pub fn open(
    text: &str,
    keys: &[Key],
    typ: Typ<'_>,
    algorithms: &[&str],
) -> Result<Map<String, Value>, JwtRefusal> {
    let compact = split(text)?;
    let header = header(&compact)?;
    if header.jwk.is_some() {
        return Err(JwtRefusal::KeyInHeader);
    }
    typ.admits(header.typ.as_deref())?;
    let name = jws::name(header.algorithm).ok_or(JwtRefusal::Algorithm)?;
    if !algorithms.contains(&name) {
        return Err(JwtRefusal::Algorithm);
    }
    let named = |key: &&Key| match (&header.kid, &key.kid) {
        (Some(asked), Some(kid)) => asked == kid,
        _ => true,
    };
    let mut fitting = keys.iter().filter(named).filter(|key| jws::name(key.public.algorithm()) == Some(name));
    let first = fitting.next().ok_or(JwtRefusal::UnknownKey)?;
    let mut outcome = compact.verified_payload(&first.public);
    // A set may hold several keys without names; the bound on sets bounds this too.
    for key in fitting {
        if outcome.is_ok() {
            break;
        }
        outcome = compact.verified_payload(&key.public);
    }
    payload(&outcome?)
}

/// Tells the parts of a token apart that is not too long.
pub(crate) fn split(text: &str) -> Result<Compact<'_>, JwtRefusal> {
    if text.len() > LONGEST {
        return Err(JwtRefusal::TooLong);
    }
    Ok(Compact::split(text)?)
}

/// The claims of a payload.
pub(crate) fn payload(bytes: &[u8]) -> Result<Map<String, Value>, JwtRefusal> {
    json::read(bytes, json::USUAL).map_err(JwtRefusal::Payload)
}

/// Reads the header, and refuses what no token may have.
pub(crate) fn header(compact: &Compact<'_>) -> Result<Header, JwtRefusal> {
    let members = json::read(&compact.header()?, HEADER).map_err(JwtRefusal::Header)?;
    let algorithm = match text(&members, "alg")?.ok_or(JwtRefusal::Algorithm)? {
        none if none.eq_ignore_ascii_case("none") => return Err(JwtRefusal::Unsigned),
        shared if shared.starts_with("HS") => return Err(JwtRefusal::SharedSecret),
        name => jws::algorithm(name).ok_or(JwtRefusal::Algorithm)?,
    };
    // RFC 7515 section 4.1.11: whoever does not understand an extension refuses; we understand none.
    if members.contains_key("crit") {
        return Err(JwtRefusal::Critical);
    }
    if ["jku", "x5u"].iter().any(|name| members.contains_key(*name)) {
        return Err(JwtRefusal::KeyUrl);
    }
    if members.contains_key("x5c") {
        return Err(JwtRefusal::KeyInHeader);
    }
    let jwk = match members.get("jwk") {
        None => None,
        Some(Value::Object(jwk)) => Some(jwk.clone()),
        Some(_) => return Err(JwtRefusal::KeyInHeader),
    };
    let owned = |name: &str| text(&members, name).map(|value| value.map(str::to_owned));
    Ok(Header { algorithm, typ: owned("typ")?, kid: owned("kid")?, jwk })
}

impl Typ<'_> {
    pub(crate) fn admits(self, typ: Option<&str>) -> Result<(), JwtRefusal> {
        let is = |wanted: &str| {
            let bare = |typ: &str| match typ.split_at_checked("application/".len()) {
                Some((start, rest)) if start.eq_ignore_ascii_case("application/") => rest.to_owned(),
                _ => typ.to_owned(),
            };
            typ.is_some_and(|typ| bare(typ).eq_ignore_ascii_case(wanted))
        };
        let fits = match self {
            Typ::Exactly(wanted) => is(wanted),
            Typ::OrNone(wanted) => typ.is_none() || is("JWT") || is(wanted),
        };
        if fits { Ok(()) } else { Err(JwtRefusal::Type) }
    }
}

/// A member of the payload of a token that nobody has verified: it says only whose keys to look for.
pub fn claimed(token: &str, name: &str) -> Option<String> {
    let part = token.get(..token.len().min(LONGEST)).unwrap_or_default().split('.').nth(1)?;
    let members = payload(&encoding::from_base64url(part)?).ok()?;
    members.get(name)?.as_str().map(str::to_owned)
}

#[cfg(test)]
mod tests;
