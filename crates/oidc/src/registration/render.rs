//! What a client is told about itself (RFC 7591 section 3.2.1, RFC 7592 section 3).

use primitives::time::Timestamp;
use serde_json::{Map, Value, json};

use super::Registration;
use crate::client::{GrantType, SigningAlg};
use crate::redirect;

/// The members that only the server says.
pub(super) const SERVERS: [&str; 4] = [
    "registration_access_token",
    "registration_client_uri",
    "client_secret_expires_at",
    "client_id_issued_at",
];

/// What the server says to the client alone.
#[derive(Clone, Copy)]
pub struct Issued<'a> {
    /// When the client was registered.
    pub at: Timestamp,
    /// Its secret, while it is known: secrets are kept as digests.
    pub secret: Option<&'a str>,
    /// When that ends; never, if not at all.
    pub secret_ends: Option<Timestamp>,
    /// What opens `registration_client_uri`, when it is new.
    pub access_token: Option<&'a str>,
    /// Where the client reads and changes its registration.
    pub client_uri: &'a str,
}

impl std::fmt::Debug for Issued<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Issued")
    }
}

/// The answer to a registration, and to reading and changing it.
pub fn render(registration: &Registration, issued: &Issued<'_>) -> Value {
    let mut out = protocol(registration);
    out.extend(optional(registration));
    out.insert("client_id_issued_at".to_owned(), issued.at.secs().into());
    out.insert("registration_client_uri".to_owned(), issued.client_uri.into());
    if let Some(token) = issued.access_token {
        out.insert("registration_access_token".to_owned(), token.into());
    }
    if let Some(secret) = issued.secret {
        out.insert("client_secret".to_owned(), secret.into());
        // 0 says never (RFC 7591 section 3.2.1).
        let ends = issued.secret_ends.map_or(0, Timestamp::secs);
        out.insert("client_secret_expires_at".to_owned(), ends.into());
    }
    Value::Object(out)
}

fn members(value: Value) -> Map<String, Value> {
    if let Value::Object(members) = value { members } else { Map::new() }
}

fn protocol(registration: &Registration) -> Map<String, Value> {
    let client = &registration.client;
    let codes = client.may(GrantType::AuthorizationCode);
    let response_types: &[&str] = if codes { &["code"] } else { &[] };
    let grants: Vec<&str> = client.grants.iter().map(|grant| grant.name()).collect();
    let native = client.redirect_uris.iter().any(|uri| redirect::is_private_use(uri));
    members(json!({
        "client_id": client.id.as_str(),
        "redirect_uris": client.redirect_uris,
        "post_logout_redirect_uris": client.post_logout_redirect_uris,
        "grant_types": grants,
        "response_types": response_types,
        "scope": client.scopes.to_string(),
        "token_endpoint_auth_method": client.authentication.name(),
        "id_token_signed_response_alg": client.id_token_alg.name(),
        "subject_type": "public",
        "application_type": if native { "native" } else { "web" },
        "require_pushed_authorization_requests": client.pushed_only,
        "require_signed_request_object": client.signed_only,
        "dpop_bound_access_tokens": client.dpop_bound,
        "default_acr_values": client.default_acr_values,
        "backchannel_logout_session_required": client.backchannel_logout_uri.is_some(),
        "frontchannel_logout_session_required": client.frontchannel_session_required,
    }))
}

fn optional(registration: &Registration) -> Map<String, Value> {
    let client = &registration.client;
    let text = |text: &Option<String>| text.as_deref().map(Value::from);
    let alg = |alg: Option<SigningAlg>| alg.map(|alg| Value::from(alg.name()));
    [
        ("client_name", text(&registration.name)),
        ("client_uri", text(&registration.home)),
        ("logo_uri", text(&registration.logo_uri)),
        ("userinfo_signed_response_alg", alg(client.userinfo_alg)),
        ("authorization_signed_response_alg", alg(client.response_alg)),
        ("jwks", client.keys.set.clone()),
        ("jwks_uri", text(&client.keys.uri)),
        ("default_max_age", client.default_max_age.map(Value::from)),
        ("backchannel_logout_uri", text(&client.backchannel_logout_uri)),
        ("frontchannel_logout_uri", text(&client.frontchannel_logout_uri)),
    ]
    .into_iter()
    .filter_map(|(name, value)| value.map(|value| (name.to_owned(), value)))
    .collect()
}
