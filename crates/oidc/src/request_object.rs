//! Request objects: an authorization request as a token that the client signed (RFC 9101, OpenID Connect Core section 6).
//!
//! What is signed replaces everything beside it (RFC 9101 section 5).

use primitives::time::{Span, Timestamp};
use serde_json::{Map, Value};

use crate::client::Client;
use crate::error::OAuthError;
use crate::jwt::{self, CLIENT_ALGORITHMS, JwtRefusal, Key, Rules, Typ};
use crate::parameters::{ParameterRefusal, Parameters};

/// `typ` of a request object (RFC 9101 section 10.8).
pub const TYP: &str = "oauth-authz-req+jwt";
/// How far ahead its `exp` may lie.
pub const LONGEST_LIFE: Span = Span::from_hours(1);

/// The claims that are about the token and no parameters (RFC 7519 section 4.1).
const ABOUT_THE_TOKEN: [&str; 7] = ["iss", "sub", "aud", "exp", "nbf", "iat", "jti"];

/// The parameters whose value is a text.
const TEXTS: [&str; 18] = [
    "client_id",
    "response_type",
    "response_mode",
    "redirect_uri",
    "scope",
    "state",
    "nonce",
    "code_challenge",
    "code_challenge_method",
    "prompt",
    "acr_values",
    "login_hint",
    "id_token_hint",
    "ui_locales",
    "dpop_jkt",
    "display",
    "max_age",
    "registration",
];

/// Why a request object does not hold.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RequestObjectRefusal {
    /// Its token does not.
    Jwt(JwtRefusal),
    /// The client has no keys with which it could sign.
    KeysMissing,
    /// It holds another request object, or a reference to one (RFC 9101 section 4).
    Nested,
    /// Its `client_id` is missing or another client's (RFC 9101 section 5).
    ClientMismatch,
    /// Its `sub` is the client, so that it could pass for a client assertion (RFC 9101 section 10.8).
    ClientAssertion,
    /// A parameter has another type than it must have.
    Member,
    /// Its parameters break a rule of parameters.
    Parameters(ParameterRefusal),
}

impl RequestObjectRefusal {
    /// The stable code.
    pub fn code(self) -> &'static str {
        match self {
            RequestObjectRefusal::Jwt(refusal) => refusal.code(),
            RequestObjectRefusal::KeysMissing => "request_object_keys",
            RequestObjectRefusal::Nested => "request_object_nested",
            RequestObjectRefusal::ClientMismatch => "request_object_client",
            RequestObjectRefusal::ClientAssertion => "request_object_assertion",
            RequestObjectRefusal::Member => "request_object_member",
            RequestObjectRefusal::Parameters(refusal) => refusal.code(),
        }
    }

    /// What it is called in the protocol.
    pub fn error(self) -> OAuthError {
        match self {
            // OpenID Connect Core knows objects that nobody signed; we do not.
            RequestObjectRefusal::Jwt(JwtRefusal::Unsigned) => OAuthError::RequestNotSupported,
            _ => OAuthError::InvalidRequestObject,
        }
    }
}

/// Verifies a request object with the client's registered keys, and makes the parameters of it that count.
pub fn verify(
    client: &Client,
    keys: &[Key],
    text: &str,
    issuer: &str,
    now: Timestamp,
) -> Result<Parameters, RequestObjectRefusal> {
    let rules = Rules {
        // OpenID Connect Core knows no type for it; the members that it must have tell it from other tokens.
        typ: Typ::OrNone(TYP),
        algorithms: &CLIENT_ALGORITHMS,
        issuer: client.id.as_str(),
        subject: None,
        audience: &[issuer],
        now,
        longest: LONGEST_LIFE,
        max_age: None,
        jti: false,
    };
    let claims = jwt::verify(text, keys, &rules).map_err(|refusal| match refusal {
        JwtRefusal::UnknownKey if keys.is_empty() => RequestObjectRefusal::KeysMissing,
        other => RequestObjectRefusal::Jwt(other),
    })?;
    if claims.contains_key("request") || claims.contains_key("request_uri") {
        return Err(RequestObjectRefusal::Nested);
    }
    if claims.get("sub").is_some_and(|sub| sub.as_str() == Some(client.id.as_str())) {
        return Err(RequestObjectRefusal::ClientAssertion);
    }
    if claims.get("client_id").and_then(Value::as_str) != Some(client.id.as_str()) {
        return Err(RequestObjectRefusal::ClientMismatch);
    }
    parameters(&claims)
}

fn parameters(claims: &Map<String, Value>) -> Result<Parameters, RequestObjectRefusal> {
    let mut parameters = Parameters::default();
    let mut add = |name: &str, value: String| {
        parameters.add(name.to_owned(), value).map_err(RequestObjectRefusal::Parameters)
    };
    for (name, value) in claims.iter().filter(|(name, _)| !ABOUT_THE_TOKEN.contains(&name.as_str())) {
        match (name.as_str(), value) {
            ("resource", Value::Array(resources)) => {
                for resource in resources {
                    add(name, resource.as_str().ok_or(RequestObjectRefusal::Member)?.to_owned())?;
                }
            }
            (_, Value::String(text)) => add(name, text.clone())?,
            ("claims" | "registration", Value::Object(_)) | ("max_age", Value::Number(_)) => {
                add(name, value.to_string())?;
            }
            (known, _) if TEXTS.contains(&known) || matches!(known, "claims" | "resource") => {
                return Err(RequestObjectRefusal::Member);
            }
            // What nobody here knows may be anything.
            _ => {}
        }
    }
    Ok(parameters)
}

#[cfg(test)]
mod tests;
