//! Logout: what applications are told (OpenID Connect Back-Channel and Front-Channel Logout), and what they show when they
//! ask for one (RP-Initiated Logout).

use primitives::encoding::base64url;
use primitives::entropy::{self, Entropy};
use primitives::time::{Span, Timestamp};
use serde_json::{Map, Value, json};

use crate::client::ClientId;
use crate::id_token;
use crate::jwt::{self, JwtRefusal, Key, Typ};

/// `typ` of a logout token (Back-Channel Logout section 2.4).
pub const TYP: &str = "logout+jwt";

/// How long a logout token is good for; section 2.4 recommends at most two minutes.
pub const LIFETIME: Span = Span::from_minutes(2);

/// The event that it tells of.
pub const EVENT: &str = "http://schemas.openid.net/event/backchannel-logout";

/// Whose session has ended, at whom.
#[derive(Clone, Copy, Debug)]
pub struct Ended<'a> {
    /// `iss`.
    pub issuer: &'a str,
    /// `aud`: the client that is told.
    pub client: &'a ClientId,
    /// `sub`.
    pub subject: &'a str,
    /// `sid`.
    pub sid: &'a str,
}

/// The claims of a logout token, for [`crate::jwt::sign`] with [`TYP`]. There is no `nonce`, which would make it look
/// like an ID token.
pub fn token(ended: Ended<'_>, now: Timestamp, entropy: &mut dyn Entropy) -> Map<String, Value> {
    let mut out = Map::new();
    let mut put = |name: &str, value: Value| out.insert(name.to_owned(), value);
    put("iss", ended.issuer.into());
    put("aud", ended.client.as_str().into());
    put("sub", ended.subject.into());
    put("sid", ended.sid.into());
    put("iat", now.secs().into());
    put("exp", (now + LIFETIME).secs().into());
    put("jti", base64url(&entropy::array::<16>(entropy)).into());
    put("events", json!({ EVENT: {} }));
    out
}

/// Whom an ID token of ours, old or new, was made for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HintedSession {
    /// `sub`.
    pub subject: String,
    /// `aud`.
    pub client: ClientId,
    /// `sid`, if it has one.
    pub sid: Option<String>,
}

/// Reads an `id_token_hint` (RP-Initiated Logout section 2, Core section 3.1.2.1). Expired ones are taken, because an
/// application keeps the one that it got at sign-in; `keys` are all that we still know of ours.
pub fn hint(id_token_hint: &str, keys: &[Key], issuer: &str) -> Result<HintedSession, JwtRefusal> {
    let claims = jwt::open(id_token_hint, keys, Typ::Exactly(id_token::TYP), &["ES256", "EdDSA", "RS256"])?;
    if jwt::text(&claims, "iss")? != Some(issuer) {
        return Err(JwtRefusal::Issuer);
    }
    // Signed answers of userinfo and of the authorization endpoint are JWTs of ours as well, but say no such thing.
    if jwt::time(&claims, "auth_time")?.is_none() {
        return Err(JwtRefusal::Type);
    }
    let audience = jwt::audience(&claims)?;
    let [client] = audience.as_slice() else { return Err(JwtRefusal::Audience) };
    Ok(HintedSession {
        subject: jwt::text(&claims, "sub")?.ok_or(JwtRefusal::Subject)?.to_owned(),
        client: ClientId::parse(client).map_err(|_| JwtRefusal::Audience)?,
        sid: jwt::text(&claims, "sid")?.map(str::to_owned),
    })
}

/// The address that the signed-out page loads (Front-Channel Logout section 2): as it is registered, with `iss` and `sid`
/// where the client wants them.
pub fn frontchannel_url(uri: &str, session: Option<(&str, &str)>) -> String {
    let Some((issuer, sid)) = session else { return uri.to_owned() };
    let mut out = String::with_capacity(uri.len().saturating_add(200));
    out.push_str(uri);
    out.push(if uri.contains('?') { '&' } else { '?' });
    out.push_str("iss=");
    escape(issuer, &mut out);
    out.push_str("&sid=");
    escape(sid, &mut out);
    out
}

/// Percent-encodes all but the unreserved characters (RFC 3986 section 2.3).
fn escape(text: &str, out: &mut String) {
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'.' | b'_' | b'~') {
            out.push(char::from(byte));
        } else {
            out.push('%');
            out.push_str(&primitives::encoding::hex_upper(&[byte]));
        }
    }
}

#[cfg(test)]
mod tests;
