//! How a client proves who it is at the endpoints for programs (RFC 6749 section 2.3, RFC 7523, OpenID Connect Core
//! section 9).

use std::fmt;

use primitives::encoding::from_base64;
use primitives::secret::SecretText;
use primitives::time::{Span, Timestamp};

use crate::client::{Authentication, ClientId};
use crate::jwt::{self, CLIENT_ALGORITHMS, JwtRefusal, Key, Rules, Typ};
use crate::parameters::Parameters;

/// `client_assertion_type` of RFC 7523 section 2.2.
pub const ASSERTION_TYPE: &str = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";

/// Longest `Authorization` header that is looked at, in bytes: the longest name and secret fit, however encoded.
pub const LONGEST_HEADER: usize = 4 * 1024;

/// Longest secret in bytes.
pub const LONGEST_SECRET: usize = 512;

/// How far ahead an assertion may expire; its `jti` has to be remembered so long.
pub const LONGEST_ASSERTION: Span = Span::from_hours(1);

/// What a client presents, of which nothing is proven yet.
#[derive(Clone, PartialEq, Eq)]
pub enum Presented {
    /// Only its name.
    None(ClientId),
    /// A secret.
    Secret {
        /// Its name.
        id: ClientId,
        /// The secret.
        secret: SecretText,
        /// Where it stood.
        method: Authentication,
    },
    /// A signed assertion.
    Assertion {
        /// Its name.
        id: ClientId,
        /// The assertion, for [`verify_assertion`].
        assertion: String,
    },
}

/// Says who and how, and nothing that proves it.
impl fmt::Debug for Presented {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Presented({} {:?})", self.id(), self.method())
    }
}

impl Presented {
    /// Reads the one method that a request uses; `authorization` is its header of that name.
    pub fn read(
        authorization: Option<&str>,
        parameters: &Parameters,
    ) -> Result<Self, ClientAuthenticationRefusal> {
        let secret = parameters.get("client_secret");
        let assertion = parameters.get("client_assertion");
        let methods = [authorization, secret, assertion].into_iter().flatten().count();
        if methods > 1 {
            return Err(ClientAuthenticationRefusal::TwoMethods);
        }
        let named = match parameters.get("client_id") {
            Some(id) => Some(ClientId::parse(id).map_err(|_| ClientAuthenticationRefusal::ClientId)?),
            None => None,
        };
        let read = match (authorization, secret, assertion) {
            (Some(header), _, _) => basic(header)?,
            (_, Some(secret), _) => {
                let id = named.clone().ok_or(ClientAuthenticationRefusal::Missing)?;
                Presented::Secret { id, secret: bounded(secret)?, method: Authentication::ClientSecretPost }
            }
            (_, _, Some(assertion)) => asserted(assertion, parameters.get("client_assertion_type"))?,
            _ => Presented::None(named.clone().ok_or(ClientAuthenticationRefusal::Missing)?),
        };
        if named.is_some_and(|named| named != *read.id()) {
            return Err(ClientAuthenticationRefusal::TwoClients);
        }
        Ok(read)
    }

    /// Who it says that it is.
    pub fn id(&self) -> &ClientId {
        match self {
            Presented::None(id) | Presented::Secret { id, .. } | Presented::Assertion { id, .. } => id,
        }
    }

    /// The method, to be held against the registered one.
    pub fn method(&self) -> Authentication {
        match self {
            Presented::None(_) => Authentication::None,
            Presented::Secret { method, .. } => *method,
            Presented::Assertion { .. } => Authentication::PrivateKeyJwt,
        }
    }
}

/// `Basic`, name and secret each encoded as forms are (RFC 6749 section 2.3.1). Clients that do not encode are understood
/// where that makes no difference, and it makes none for the secrets that we give out.
fn basic(header: &str) -> Result<Presented, ClientAuthenticationRefusal> {
    if header.len() > LONGEST_HEADER {
        return Err(ClientAuthenticationRefusal::TooLong);
    }
    let (scheme, credentials) = header.split_once(' ').ok_or(ClientAuthenticationRefusal::Scheme)?;
    if !scheme.eq_ignore_ascii_case("Basic") {
        return Err(ClientAuthenticationRefusal::Scheme);
    }
    let broken = ClientAuthenticationRefusal::Header;
    let decoded = from_base64(credentials.trim_matches(' ')).ok_or(broken)?;
    let decoded = zeroize_text(decoded).ok_or(broken)?;
    let (id, secret) = decoded.reveal().split_once(':').ok_or(broken)?;
    let id = form_decoded(id).ok_or(broken)?;
    let id = ClientId::parse(id.reveal()).map_err(|_| ClientAuthenticationRefusal::ClientId)?;
    let secret = form_decoded(secret).ok_or(broken)?;
    // Libraries that know no public clients send their name with an empty password; that proves as much as the name.
    if secret.reveal().is_empty() {
        return Ok(Presented::None(id));
    }
    Ok(Presented::Secret { id, secret: bounded(secret.reveal())?, method: Authentication::ClientSecretBasic })
}

fn zeroize_text(bytes: Vec<u8>) -> Option<SecretText> {
    String::from_utf8(bytes).ok().map(SecretText::new)
}

/// Undoes `application/x-www-form-urlencoded` of one value.
fn form_decoded(text: &str) -> Option<SecretText> {
    let mut out = Vec::with_capacity(text.len());
    let mut bytes = text.bytes();
    while let Some(byte) = bytes.next() {
        out.push(match byte {
            b'+' => b' ',
            b'%' => hex_digit(bytes.next()?)? << 4 | hex_digit(bytes.next()?)?,
            other => other,
        });
    }
    zeroize_text(out)
}

fn hex_digit(byte: u8) -> Option<u8> {
    char::from(byte).to_digit(16).and_then(|digit| u8::try_from(digit).ok())
}

fn bounded(secret: &str) -> Result<SecretText, ClientAuthenticationRefusal> {
    if secret.len() > LONGEST_SECRET {
        return Err(ClientAuthenticationRefusal::TooLong);
    }
    Ok(SecretText::new(secret))
}

fn asserted(assertion: &str, kind: Option<&str>) -> Result<Presented, ClientAuthenticationRefusal> {
    if kind != Some(ASSERTION_TYPE) {
        return Err(ClientAuthenticationRefusal::AssertionType);
    }
    // `client_id` may be left out (RFC 7521 section 4.2); `sub` says whose keys to try, and must be right in the end.
    let id = jwt::claimed(assertion, "sub").ok_or(ClientAuthenticationRefusal::Missing)?;
    let id = ClientId::parse(&id).map_err(|_| ClientAuthenticationRefusal::ClientId)?;
    Ok(Presented::Assertion { id, assertion: assertion.to_owned() })
}

/// An assertion that holds. It works once: its `jti` is to be remembered until it expires, and [`jwt::LEEWAY`] longer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Assertion {
    /// `jti`.
    pub jti: String,
    /// `exp`.
    pub expires: Timestamp,
}

/// Verifies an assertion of `client` with its registered keys (RFC 7523 section 3). `audience` is the issuer and the
/// endpoints that clients may name instead of it.
pub fn verify_assertion(
    assertion: &str,
    client: &ClientId,
    keys: &[Key],
    audience: &[&str],
    now: Timestamp,
) -> Result<Assertion, JwtRefusal> {
    let rules = Rules {
        typ: Typ::OrNone("client-authentication+jwt"),
        algorithms: &CLIENT_ALGORITHMS,
        issuer: client.as_str(),
        subject: Some(client.as_str()),
        audience,
        now,
        longest: LONGEST_ASSERTION,
        max_age: None,
        jti: true,
    };
    let claims = jwt::verify(assertion, keys, &rules)?;
    Ok(Assertion {
        jti: jwt::text(&claims, "jti")?.ok_or(JwtRefusal::IdMissing)?.to_owned(),
        expires: jwt::time(&claims, "exp")?.ok_or(JwtRefusal::ExpiryMissing)?,
    })
}

/// Why a request says nothing about who sent it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ClientAuthenticationRefusal {
    /// It names no client.
    Missing,
    /// What it names is no `client_id`.
    ClientId,
    /// It names two clients.
    TwoClients,
    /// It uses more than one method (RFC 6749 section 2.3).
    TwoMethods,
    /// Its `Authorization` header is not `Basic`.
    Scheme,
    /// Its `Authorization` header is broken.
    Header,
    /// The header or the secret is too long.
    TooLong,
    /// `client_assertion_type` is missing or another one.
    AssertionType,
}

impl ClientAuthenticationRefusal {
    /// The stable code.
    pub fn code(self) -> &'static str {
        match self {
            ClientAuthenticationRefusal::Missing => "client_missing",
            ClientAuthenticationRefusal::ClientId => "client_id_malformed",
            ClientAuthenticationRefusal::TwoClients => "client_two_clients",
            ClientAuthenticationRefusal::TwoMethods => "client_two_methods",
            ClientAuthenticationRefusal::Scheme => "client_scheme",
            ClientAuthenticationRefusal::Header => "client_header",
            ClientAuthenticationRefusal::TooLong => "client_too_long",
            ClientAuthenticationRefusal::AssertionType => "client_assertion_type",
        }
    }

    /// Whether the request is malformed (`invalid_request`) rather than the client unknown (`invalid_client`).
    pub fn is_malformed(self) -> bool {
        matches!(self, ClientAuthenticationRefusal::TwoMethods | ClientAuthenticationRefusal::TwoClients)
    }
}

#[cfg(test)]
mod tests;
