//! Access tokens: JWTs of RFC 9068 that resource servers verify by their signature.
//!
//! Our own endpoints need not, for tokens that nobody else is to see: their last claim, `mac`, is an HMAC of this
//! deployment over everything before it, which costs a twentieth of a signature. It opens our endpoints without the
//! signature, so tokens for resource servers have none: whoever writes the claims of requests to a log must not have
//! written a secret.

use std::borrow::Cow;

use primitives::encoding::{base64url, base64url_append, from_base64url};
use primitives::entropy::{self, Entropy};
use primitives::jws;
use primitives::keys::{KeyRing, Purpose, SHORT_MAC_LENGTH};
use primitives::time::Timestamp;
use serde::{Deserialize, Serialize};

use crate::client::{ClientId, SigningAlg};
use crate::jwt::{self, Key, Signer, Typ};
use crate::scope::Scopes;

/// `typ` of an access token (RFC 9068 section 2.1).
pub const TYP: &str = "at+jwt";

/// Longest access token that is looked at, in bytes.
pub const LONGEST: usize = 16 * 1024;

/// What an access token says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AccessToken {
    /// What it came of; nothing where a client acts for itself.
    pub grant: Option<[u8; 16]>,
    /// Who: the person, or the client itself.
    pub subject: String,
    /// For which client it was made.
    pub client: ClientId,
    /// For which resource servers.
    pub audience: Vec<String>,
    /// What may be done with it.
    pub scopes: Scopes,
    /// When it was made, in whole seconds.
    pub issued: Timestamp,
    /// When it ends, in whole seconds.
    pub expires: Timestamp,
    /// When the person signed in.
    pub auth_time: Option<Timestamp>,
    /// How strongly.
    pub acr: Option<String>,
    /// By what (RFC 8176).
    pub amr: Vec<String>,
    /// The line of sessions.
    pub sid: Option<String>,
    /// The thumbprint of the key that it is bound to (RFC 9449 section 6.1).
    pub jkt: Option<String>,
    /// Tells it apart from others of the same grant; drawn when it is made.
    pub serial: [u8; 8],
}

/// The claims in the order in which they are written; `mac` is put after them.
#[derive(Serialize, Deserialize)]
struct Claims<'a> {
    #[serde(borrow)]
    iss: Cow<'a, str>,
    #[serde(borrow)]
    sub: Cow<'a, str>,
    #[serde(borrow)]
    aud: Audience<'a>,
    #[serde(borrow)]
    client_id: Cow<'a, str>,
    iat: i64,
    exp: i64,
    #[serde(skip_serializing_if = "str::is_empty", default, borrow)]
    scope: Cow<'a, str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    auth_time: Option<i64>,
    #[serde(skip_serializing_if = "Option::is_none", borrow)]
    acr: Option<Cow<'a, str>>,
    #[serde(skip_serializing_if = "<[_]>::is_empty", default, borrow)]
    amr: Cow<'a, [Cow<'a, str>]>,
    #[serde(skip_serializing_if = "Option::is_none", borrow)]
    sid: Option<Cow<'a, str>>,
    #[serde(skip_serializing_if = "Option::is_none", borrow)]
    cnf: Option<Confirmation<'a>>,
    #[serde(borrow)]
    jti: Cow<'a, str>,
}

#[derive(Serialize, Deserialize)]
struct Confirmation<'a> {
    #[serde(borrow)]
    jkt: Cow<'a, str>,
}

#[derive(Serialize, Deserialize)]
#[serde(untagged)]
enum Audience<'a> {
    #[serde(borrow)]
    One(Cow<'a, str>),
    Several(Vec<String>),
}

/// Makes an access token. `token.serial` is drawn anew.
pub fn mint(
    keys: &KeyRing,
    signer: Signer<'_>,
    issuer: &str,
    token: &AccessToken,
    entropy: &mut dyn Entropy,
) -> String {
    let mut text = String::with_capacity(1024);
    base64url_append(&jwt::header_of(signer, TYP), &mut text);
    let mut payload = prefix(issuer, token, entropy::array(entropy));
    if token.is_only_for(issuer) {
        let mac = keys.short_mac(Purpose::AccessToken, &[text.as_bytes(), &payload]);
        payload.extend_from_slice(MAC_START);
        payload.extend_from_slice(base64url(&mac).as_bytes());
        payload.push(b'"');
    }
    payload.push(b'}');
    text.push('.');
    base64url_append(&payload, &mut text);
    jws::finish(signer.key, &mut text);
    text
}

const MAC_START: &[u8] = b",\"mac\":\"";
const MAC_END: &[u8] = b"\"}";
/// Characters of [`SHORT_MAC_LENGTH`] bytes in base64url.
const MAC_TEXT: usize = (SHORT_MAC_LENGTH * 4).div_ceil(3);

/// The payload's JSON up to where its `mac` begins.
fn prefix(issuer: &str, token: &AccessToken, serial: [u8; 8]) -> Vec<u8> {
    let scope = token.scopes.to_string();
    let amr: Vec<Cow<'_, str>> = token.amr.iter().map(|amr| Cow::from(amr.as_str())).collect();
    let jti = base64url(&[token.grant.unwrap_or_default().as_slice(), &serial].concat());
    let claims = Claims {
        iss: issuer.into(),
        sub: token.subject.as_str().into(),
        aud: match token.audience.as_slice() {
            [one] => Audience::One(one.as_str().into()),
            several => Audience::Several(several.to_vec()),
        },
        client_id: token.client.as_str().into(),
        iat: token.issued.secs(),
        exp: token.expires.secs(),
        scope: scope.into(),
        auth_time: token.auth_time.map(Timestamp::secs),
        acr: token.acr.as_deref().map(Cow::from),
        amr: amr.into(),
        sid: token.sid.as_deref().map(Cow::from),
        cnf: token.jkt.as_deref().map(|jkt| Confirmation { jkt: jkt.into() }),
        jti: jti.into(),
    };
    let mut out = Vec::with_capacity(512);
    if serde_json::to_writer(&mut out, &claims).is_err() {
        unreachable!("texts and numbers have JSON");
    }
    out.pop();
    out
}

/// Opens an access token of ours: by its MAC if it has one, else by its signature, for which `verifying` gives the keys.
pub fn open(
    keys: &KeyRing,
    verifying: impl FnOnce() -> Vec<Key>,
    text: &str,
    (issuer, now): (&str, Timestamp),
) -> Result<AccessToken, TokenRefusal> {
    if text.len() > LONGEST {
        return Err(TokenRefusal::NotOurs);
    }
    let (signed, signature) = text.rsplit_once('.').ok_or(TokenRefusal::NotOurs)?;
    let (header, payload) = signed.split_once('.').ok_or(TokenRefusal::NotOurs)?;
    if !is_signature(signature) {
        return Err(TokenRefusal::NotOurs);
    }
    let mut payload = from_base64url(payload).ok_or(TokenRefusal::NotOurs)?;
    let has_mac = mac_of(&payload).is_some();
    match mac_of(&payload) {
        Some((prefix, mac)) => {
            let (parts, length) = ([header.as_bytes(), prefix], prefix.len());
            let checked = keys.verify_short_mac(Purpose::AccessToken, &parts, &mac);
            checked.map_err(|_| TokenRefusal::NotOurs)?;
            payload.truncate(length);
            payload.push(b'}');
        }
        None => {
            let algorithms = SigningAlg::ALL.map(SigningAlg::name);
            let verified = jwt::open(text, &verifying(), Typ::Exactly(TYP), &algorithms);
            verified.map_err(|_| TokenRefusal::NotOurs)?;
        }
    }
    let claims: Claims<'_> = serde_json::from_slice(&payload).map_err(|_| TokenRefusal::NotOurs)?;
    if claims.iss != issuer {
        return Err(TokenRefusal::Issuer);
    }
    if now >= Timestamp::from_secs(claims.exp) {
        return Err(TokenRefusal::Expired);
    }
    let token = read(claims).ok_or(TokenRefusal::NotOurs)?;
    // Whoever has stolen a signing key and not the root key makes none of those.
    if has_mac || !token.is_only_for(issuer) { Ok(token) } else { Err(TokenRefusal::NotOurs) }
}

/// The MAC at the end of a payload, and what it is over.
fn mac_of(payload: &[u8]) -> Option<(&[u8], Vec<u8>)> {
    let at = payload.len().checked_sub(MAC_START.len() + MAC_TEXT + MAC_END.len())?;
    let (prefix, last) = payload.split_at_checked(at)?;
    let mac = last.strip_prefix(MAC_START)?.strip_suffix(MAC_END)?;
    Some((prefix, from_base64url(std::str::from_utf8(mac).ok()?)?))
}

/// Whether it looks like one: what it proves is proven by the MAC, but a token without it is only half of one.
fn is_signature(text: &str) -> bool {
    text.len() >= 86 && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_'))
}

fn read(claims: Claims<'_>) -> Option<AccessToken> {
    let jti = from_base64url(&claims.jti)?;
    let (grant, serial) = jti.split_first_chunk::<16>()?;
    Some(AccessToken {
        grant: (*grant != [0; 16]).then_some(*grant),
        subject: claims.sub.into_owned(),
        client: ClientId::parse(&claims.client_id).ok()?,
        audience: match claims.aud {
            Audience::One(one) => vec![one.into_owned()],
            Audience::Several(several) => several,
        },
        scopes: Scopes::parse(&claims.scope).ok()?,
        issued: Timestamp::from_secs(claims.iat),
        expires: Timestamp::from_secs(claims.exp),
        auth_time: claims.auth_time.map(Timestamp::from_secs),
        acr: claims.acr.map(Cow::into_owned),
        amr: claims.amr.iter().map(|amr| amr.clone().into_owned()).collect(),
        sid: claims.sid.map(Cow::into_owned),
        jkt: claims.cnf.map(|cnf| cnf.jkt.into_owned()),
        serial: serial.try_into().ok()?,
    })
}

impl AccessToken {
    /// `jti`.
    pub fn id(&self) -> String {
        base64url(&[self.grant.unwrap_or_default().as_slice(), &self.serial].concat())
    }

    /// Whether nobody but the server of that name is to see it, besides its client.
    fn is_only_for(&self, issuer: &str) -> bool {
        matches!(self.audience.as_slice(), [one] if one == issuer)
    }

    /// Whether it may be used at the resource server of that name.
    pub fn is_for(&self, resource: &str) -> bool {
        self.audience.iter().any(|audience| audience == resource)
    }
}

/// Why a text is no access token that counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TokenRefusal {
    /// This deployment did not make it.
    NotOurs,
    /// It was made under another name of this deployment.
    Issuer,
    /// It has ended.
    Expired,
}

impl TokenRefusal {
    /// The stable code.
    pub fn code(self) -> &'static str {
        match self {
            TokenRefusal::NotOurs => "token_not_ours",
            TokenRefusal::Issuer => "token_issuer",
            TokenRefusal::Expired => "token_expired",
        }
    }
}

#[cfg(test)]
mod tests;
