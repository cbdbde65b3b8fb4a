//! ID tokens (OpenID Connect Core section 2).

use primitives::digest;
use primitives::encoding::base64url;
use primitives::time::{Span, Timestamp};
use serde_json::{Map, Value};

use crate::client::{ClientId, SigningAlg};

/// `typ` of an ID token.
pub const TYP: &str = "JWT";

/// How long an ID token is good for: it is read once, when it arrives.
pub const LIFETIME: Span = Span::from_minutes(5);

/// What an ID token says.
#[derive(Clone, Debug)]
pub struct IdToken<'a> {
    /// `iss`.
    pub issuer: &'a str,
    /// `sub`.
    pub subject: &'a str,
    /// `aud`: the client alone, so that `azp` has nothing to say.
    pub client: &'a ClientId,
    /// `iat`; `exp` follows from it.
    pub issued: Timestamp,
    /// `auth_time`: when the person last gave what the session rests on.
    pub auth_time: Timestamp,
    /// `nonce` of the request.
    pub nonce: Option<&'a str>,
    /// `acr`.
    pub acr: Option<&'a str>,
    /// `amr` (RFC 8176).
    pub amr: &'a [String],
    /// `sid`: the line of sessions.
    pub sid: Option<&'a str>,
    /// The access token that goes with it, and what signs this one: makes `at_hash`.
    pub access_token: Option<(&'a str, SigningAlg)>,
    /// Claims of the person that were asked for, and the organisation's own. None of them takes another's place.
    pub more: Map<String, Value>,
}

/// Its claims, for [`crate::jwt::sign`] with [`TYP`].
pub fn claims(token: IdToken<'_>) -> Map<String, Value> {
    let mut out = token.more;
    let mut put = |name: &str, value: Value| out.insert(name.to_owned(), value);
    put("iss", token.issuer.into());
    put("sub", token.subject.into());
    put("aud", token.client.as_str().into());
    put("iat", token.issued.secs().into());
    put("exp", (token.issued + LIFETIME).secs().into());
    put("auth_time", token.auth_time.secs().into());
    if !token.amr.is_empty() {
        put("amr", token.amr.into());
    }
    let texts = [("nonce", token.nonce), ("acr", token.acr), ("sid", token.sid)];
    for (name, text) in texts {
        if let Some(text) = text {
            put(name, text.into());
        }
    }
    if let Some((access_token, alg)) = token.access_token {
        put("at_hash", at_hash(access_token, alg).into());
    }
    out
}

/// The left half of the digest that belongs to the signature's algorithm (section 3.1.3.6); for Ed25519 that is SHA-512.
pub fn at_hash(access_token: &str, alg: SigningAlg) -> String {
    let left = |digest: &[u8]| base64url(digest.get(..digest.len() / 2).unwrap_or_default());
    match alg {
        SigningAlg::Es256 | SigningAlg::Rs256 => left(&digest::sha256(access_token.as_bytes())),
        SigningAlg::EdDsa => left(&digest::sha512(access_token.as_bytes())),
    }
}

#[cfg(test)]
mod tests;
