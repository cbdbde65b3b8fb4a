//! What this provider says of itself (OpenID Connect Discovery section 3, RFC 8414 section 2).
//!
//! Both addresses serve the same document. It names what is there and nothing else: each list is made from the enums that
//! the rest of the crate works with.

use serde_json::{Map, Value, json};

use crate::authorization::Prompt;
use crate::client::{Authentication, GrantType, ResponseMode, SigningAlg};
use crate::jwt::CLIENT_ALGORITHMS;
use crate::pkce;
use crate::scope;
use crate::userinfo;

/// The document's path behind the issuer (OpenID Connect Discovery section 4).
pub const OPENID_PATH: &str = "/.well-known/openid-configuration";
/// The same document for OAuth 2 (RFC 8414 section 3).
pub const OAUTH_PATH: &str = "/.well-known/oauth-authorization-server";

/// What is not there everywhere, or not the same.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Offers {
    /// Whether clients may register themselves (RFC 7591).
    pub registration: bool,
    /// Whether a URL may be a `client_id` (OAuth Client ID Metadata Document).
    pub client_documents: bool,
    /// Whether any client uses the device grant (RFC 8628).
    pub device: bool,
    /// The `acr` values that can be reached, the strongest first.
    pub acr_values: Vec<String>,
    /// The languages of the pages.
    pub ui_locales: Vec<String>,
    /// The names of the organisation's own claims.
    pub claims: Vec<String>,
}

/// The addresses behind the issuer, by their members of the document.
pub const ENDPOINTS: [(&str, &str); 10] = [
    ("authorization_endpoint", "/authorize"),
    ("token_endpoint", "/oauth/token"),
    ("userinfo_endpoint", "/oauth/userinfo"),
    ("jwks_uri", "/oauth/jwks"),
    ("introspection_endpoint", "/oauth/introspect"),
    ("revocation_endpoint", "/oauth/revoke"),
    ("pushed_authorization_request_endpoint", "/oauth/par"),
    ("end_session_endpoint", "/oauth/end-session"),
    ("registration_endpoint", REGISTRATION),
    ("device_authorization_endpoint", DEVICE),
];

const REGISTRATION: &str = "/oauth/register";
const DEVICE: &str = "/oauth/device";

/// The claims of tokens, beside those of people.
const TOKEN_CLAIMS: [&str; 10] =
    ["iss", "aud", "exp", "iat", "auth_time", "nonce", "acr", "amr", "sid", "at_hash"];

/// The document.
pub fn document(issuer: &str, offers: &Offers) -> Value {
    let mut document = Map::new();
    document.insert("issuer".to_owned(), issuer.into());
    for (name, path) in ENDPOINTS {
        let there = match path {
            REGISTRATION => offers.registration,
            DEVICE => offers.device,
            _ => true,
        };
        if there {
            document.insert(name.to_owned(), format!("{issuer}{path}").into());
        }
    }
    for part in [requests(offers), tokens(offers), clients(offers), logout()] {
        document.extend(part);
    }
    Value::Object(document)
}

fn members(value: Value) -> Map<String, Value> {
    if let Value::Object(members) = value { members } else { Map::new() }
}

fn requests(offers: &Offers) -> Map<String, Value> {
    members(json!({
        "scopes_supported": [scope::OPENID, scope::PROFILE, scope::EMAIL, scope::GROUPS, scope::OFFLINE_ACCESS],
        "response_types_supported": ["code"],
        "response_modes_supported": ResponseMode::ALL.map(ResponseMode::name),
        "code_challenge_methods_supported": [pkce::METHOD],
        "prompt_values_supported": Prompt::VALUES,
        "display_values_supported": ["page", "popup", "touch", "wap"],
        "ui_locales_supported": offers.ui_locales,
        "claims_parameter_supported": true,
        "request_parameter_supported": true,
        // The default would be true. A reference to a pushed request needs no word here (RFC 9126 section 5).
        "request_uri_parameter_supported": false,
        "require_pushed_authorization_requests": false,
        "require_signed_request_object": false,
        "request_object_signing_alg_values_supported": CLIENT_ALGORITHMS,
        "authorization_response_iss_parameter_supported": true,
        "authorization_signing_alg_values_supported": SigningAlg::ALL.map(SigningAlg::name),
    }))
}

fn tokens(offers: &Offers) -> Map<String, Value> {
    let algorithms = SigningAlg::ALL.map(SigningAlg::name);
    let own = offers.claims.iter().map(String::as_str);
    let claims: Vec<&str> = TOKEN_CLAIMS.into_iter().chain(userinfo::SUPPORTED).chain(own).collect();
    members(json!({
        "subject_types_supported": ["public"],
        "id_token_signing_alg_values_supported": algorithms,
        "userinfo_signing_alg_values_supported": algorithms,
        "dpop_signing_alg_values_supported": CLIENT_ALGORITHMS,
        "acr_values_supported": offers.acr_values,
        "claim_types_supported": ["normal"],
        "claims_supported": claims,
    }))
}

fn clients(offers: &Offers) -> Map<String, Value> {
    let grants = GrantType::ALL.into_iter().filter(|grant| offers.device || *grant != GrantType::DeviceCode);
    let grants: Vec<&str> = grants.map(GrantType::name).collect();
    let methods = Authentication::ALL.map(Authentication::name);
    // Who asks about tokens has to be somebody (RFC 7662 section 2.1).
    let known: Vec<&str> = methods.into_iter().filter(|name| *name != Authentication::None.name()).collect();
    members(json!({
        "grant_types_supported": grants,
        "token_endpoint_auth_methods_supported": methods,
        "token_endpoint_auth_signing_alg_values_supported": CLIENT_ALGORITHMS,
        "revocation_endpoint_auth_methods_supported": methods,
        "revocation_endpoint_auth_signing_alg_values_supported": CLIENT_ALGORITHMS,
        "introspection_endpoint_auth_methods_supported": known,
        "introspection_endpoint_auth_signing_alg_values_supported": CLIENT_ALGORITHMS,
        "client_id_metadata_document_supported": offers.client_documents,
    }))
}

fn logout() -> Map<String, Value> {
    members(json!({
        "backchannel_logout_supported": true,
        "backchannel_logout_session_supported": true,
        "frontchannel_logout_supported": true,
        "frontchannel_logout_session_supported": true,
    }))
}

impl GrantType {
    /// All.
    pub const ALL: [GrantType; 4] = [
        GrantType::AuthorizationCode,
        GrantType::RefreshToken,
        GrantType::ClientCredentials,
        GrantType::DeviceCode,
    ];

    /// Its text in `grant_type`.
    pub fn name(self) -> &'static str {
        match self {
            GrantType::AuthorizationCode => "authorization_code",
            GrantType::RefreshToken => "refresh_token",
            GrantType::ClientCredentials => "client_credentials",
            GrantType::DeviceCode => "urn:ietf:params:oauth:grant-type:device_code",
        }
    }

    /// The grant of that text.
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|grant| grant.name() == text)
    }
}

impl Authentication {
    /// All.
    pub const ALL: [Authentication; 4] = [
        Authentication::ClientSecretBasic,
        Authentication::ClientSecretPost,
        Authentication::PrivateKeyJwt,
        Authentication::None,
    ];

    /// Its text in `token_endpoint_auth_method`.
    pub fn name(self) -> &'static str {
        match self {
            Authentication::None => "none",
            Authentication::ClientSecretBasic => "client_secret_basic",
            Authentication::ClientSecretPost => "client_secret_post",
            Authentication::PrivateKeyJwt => "private_key_jwt",
        }
    }

    /// The method of that text.
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|method| method.name() == text)
    }

    /// Whether it rests on a secret that both sides know.
    pub fn has_secret(self) -> bool {
        matches!(self, Authentication::ClientSecretBasic | Authentication::ClientSecretPost)
    }
}

#[cfg(test)]
mod tests;
