//! Introspection (RFC 7662).

use primitives::time::Timestamp;
use serde_json::{Map, Value, json};

use crate::client::ClientId;
use crate::scope::Scopes;
use crate::token::AccessToken;

/// What is said of every token that does not count, or that is none of the caller's business (section 2.2).
pub fn inactive() -> Map<String, Value> {
    let mut out = Map::new();
    out.insert("active".to_owned(), Value::Bool(false));
    out
}

/// What is said of an access token that counts. `username` is the person's login name.
pub fn access_token(issuer: &str, token: &AccessToken, username: Option<&str>) -> Map<String, Value> {
    let mut out = active(issuer, &token.client, &token.subject, &token.scopes);
    let mut put = |name: &str, value: Option<Value>| {
        if let Some(value) = value {
            out.insert(name.to_owned(), value);
        }
    };
    let seconds = |time: Timestamp| Value::from(time.secs());
    put("token_type", Some(if token.jkt.is_some() { "DPoP" } else { "Bearer" }.into()));
    put("aud", Some(token.audience.as_slice().into()));
    put("iat", Some(seconds(token.issued)));
    put("exp", Some(seconds(token.expires)));
    put("jti", Some(token.id().into()));
    put("username", username.map(Value::from));
    put("cnf", token.jkt.as_deref().map(|jkt| json!({ "jkt": jkt })));
    put("sid", token.sid.as_deref().map(Value::from));
    // RFC 9470 section 6.2.
    put("acr", token.acr.as_deref().map(Value::from));
    put("auth_time", token.auth_time.map(seconds));
    put("amr", (!token.amr.is_empty()).then(|| token.amr.as_slice().into()));
    out
}

/// What is said of a refresh token that counts, to the client that holds it.
pub fn refresh_token(
    issuer: &str,
    client: &ClientId,
    subject: &str,
    scopes: &Scopes,
    expires: Timestamp,
) -> Map<String, Value> {
    let mut out = active(issuer, client, subject, scopes);
    out.insert("exp".to_owned(), expires.secs().into());
    out
}

fn active(issuer: &str, client: &ClientId, subject: &str, scopes: &Scopes) -> Map<String, Value> {
    let mut out = Map::new();
    out.insert("active".to_owned(), Value::Bool(true));
    out.insert("iss".to_owned(), issuer.into());
    out.insert("client_id".to_owned(), client.as_str().into());
    out.insert("sub".to_owned(), subject.into());
    if !scopes.is_empty() {
        out.insert("scope".to_owned(), scopes.to_string().into());
    }
    out
}

#[cfg(test)]
mod tests;
