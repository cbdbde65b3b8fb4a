//! Proofs of possession (RFC 9449).

use primitives::digest;
use primitives::encoding::base64url;
use primitives::jwk::{self, JwkRefusal};
use primitives::jws;
use primitives::time::{Span, Timestamp};

use crate::jwt::{self, CLIENT_ALGORITHMS, JwtRefusal, LEEWAY, Typ};

/// `typ` of a proof.
pub const TYP: &str = "dpop+jwt";

/// How old a proof may be. Its `jti` has to be remembered so long.
pub const WINDOW: Span = Span::from_secs(60);

/// Longest `jti` in bytes.
const LONGEST_ID: usize = 255;

/// What a proof proves: that whoever sent the request holds a key.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Proof {
    /// The thumbprint of the key (RFC 7638), which tokens are bound to.
    pub jkt: String,
    /// Works once for that key.
    pub jti: String,
    /// When it was made.
    pub iat: Timestamp,
}

/// Checks the proof of a request with `method` to `url` (section 4.3), and that it goes with `access_token` where the
/// request has one. Whether its `jti` was seen before is for the caller to see.
pub fn verify(
    proof: &str,
    method: &str,
    url: &str,
    access_token: Option<&str>,
    now: Timestamp,
) -> Result<Proof, DpopRefusal> {
    let compact = jwt::split(proof)?;
    let header = jwt::header(&compact)?;
    Typ::Exactly(TYP).admits(header.typ.as_deref())?;
    if jws::name(header.algorithm).is_none_or(|name| !CLIENT_ALGORITHMS.contains(&name)) {
        return Err(DpopRefusal::Jwt(JwtRefusal::Algorithm));
    }
    let jwk = header.jwk.ok_or(DpopRefusal::KeyMissing)?;
    let key = jwk::from_jwk(&jwk, Some(header.algorithm)).map_err(DpopRefusal::Key)?.key;
    if jws::name(key.algorithm()) != jws::name(header.algorithm) {
        return Err(DpopRefusal::Jwt(JwtRefusal::Algorithm));
    }
    let payload = compact.verified_payload(&key).map_err(JwtRefusal::from)?;
    let claims = jwt::payload(&payload)?;
    let text = |name: &str| jwt::text(&claims, name);
    if text("htm")? != Some(method) {
        return Err(DpopRefusal::Method);
    }
    let htu = text("htu")?.and_then(normalised);
    if htu.is_none() || htu != normalised(url) {
        return Err(DpopRefusal::Url);
    }
    let iat = jwt::time(&claims, "iat")?.ok_or(DpopRefusal::Time)?;
    if iat > now + LEEWAY || iat + WINDOW < now {
        return Err(DpopRefusal::Time);
    }
    let jti = text("jti")?.filter(|jti| (1..=LONGEST_ID).contains(&jti.len())).ok_or(DpopRefusal::Id)?;
    if let Some(token) = access_token {
        let ath = base64url(&digest::sha256(token.as_bytes()));
        if text("ath")? != Some(ath.as_str()) {
            return Err(DpopRefusal::AccessToken);
        }
    }
    Ok(Proof { jkt: jwk::thumbprint(&key), jti: jti.to_owned(), iat })
}

/// The URL without query and fragment, its scheme and host in lower case, its default port and empty path as RFC 3986
/// sections 6.2.2 and 6.2.3 have them.
fn normalised(url: &str) -> Option<String> {
    let url = url.split(['?', '#']).next()?;
    let (scheme, rest) = url.split_once("://")?;
    let (authority, path) = rest.find('/').map_or((rest, "/"), |slash| rest.split_at(slash));
    let scheme = scheme.to_ascii_lowercase();
    let authority = authority.to_ascii_lowercase();
    let default = match scheme.as_str() {
        "https" => ":443",
        "http" => ":80",
        _ => return None,
    };
    let authority = authority.strip_suffix(default).unwrap_or(&authority);
    Some(format!("{scheme}://{authority}{path}"))
}

/// Why a proof does not count.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DpopRefusal {
    /// The token itself, its header or its signature.
    Jwt(JwtRefusal),
    /// It brings no key.
    KeyMissing,
    /// Its key is private, broken or none of ours.
    Key(JwkRefusal),
    /// `htm` is another method.
    Method,
    /// `htu` is another address.
    Url,
    /// `iat` is missing, more than [`WINDOW`] ago or ahead.
    Time,
    /// `jti` is missing or too long.
    Id,
    /// `ath` is missing or another token's.
    AccessToken,
}

impl DpopRefusal {
    /// The stable code.
    pub fn code(self) -> &'static str {
        match self {
            DpopRefusal::Jwt(refusal) => refusal.code(),
            DpopRefusal::KeyMissing => "dpop_key_missing",
            DpopRefusal::Key(refusal) => refusal.code(),
            DpopRefusal::Method => "dpop_method",
            DpopRefusal::Url => "dpop_url",
            DpopRefusal::Time => "dpop_time",
            DpopRefusal::Id => "dpop_id",
            DpopRefusal::AccessToken => "dpop_access_token",
        }
    }
}

impl From<JwtRefusal> for DpopRefusal {
    fn from(refusal: JwtRefusal) -> Self {
        DpopRefusal::Jwt(refusal)
    }
}

#[cfg(test)]
mod tests;
