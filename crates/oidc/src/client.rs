//! Clients: what a relying party registered, in the terms of the protocols (RFC 7591 section 2, OpenID Connect
//! Registration section 2).

use std::fmt;

use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::scope::Scopes;

mod judge;

pub use judge::ClientRefusal;

/// Longest identifier of a client in bytes. A client ID metadata document's is its URL.
pub const LONGEST_ID: usize = 255;

/// `client_id`.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct ClientId(String);

/// A text that is no `client_id`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NotAClientId;

impl fmt::Display for NotAClientId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("not a client_id")
    }
}

impl ClientId {
    /// Takes 1 to [`LONGEST_ID`] visible ASCII characters without quotes and backslashes, so that it can stand anywhere.
    pub fn parse(text: &str) -> Result<Self, NotAClientId> {
        let fits = (1..=LONGEST_ID).contains(&text.len());
        let plain = text
            .bytes()
            .all(|byte| byte.is_ascii_graphic() && !matches!(byte, b'"' | b'\\' | b'\'' | b'<' | b'>'));
        if fits && plain { Ok(Self(text.to_owned())) } else { Err(NotAClientId) }
    }

    /// Its text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for ClientId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl TryFrom<String> for ClientId {
    type Error = NotAClientId;

    fn try_from(text: String) -> Result<Self, NotAClientId> {
        Self::parse(&text)
    }
}

impl From<ClientId> for String {
    fn from(id: ClientId) -> Self {
        id.0
    }
}

/// What a client registered.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Client {
    /// Its identifier.
    pub id: ClientId,
    /// How it proves who it is at the token endpoint.
    pub authentication: Authentication,
    /// Where answers of the authorization endpoint may go, each compared as it stands ([`crate::redirect`]).
    pub redirect_uris: Vec<String>,
    /// Where people may be led after they signed out.
    #[serde(default)]
    pub post_logout_redirect_uris: Vec<String>,
    /// What it may ask the token endpoint for.
    pub grants: Vec<GrantType>,
    /// How answers may reach it.
    pub response_modes: Vec<ResponseMode>,
    /// What it may ask for at all.
    pub scopes: Scopes,
    /// What its ID tokens are signed with.
    pub id_token_alg: SigningAlg,
    /// What userinfo is signed with; plain JSON otherwise.
    #[serde(default)]
    pub userinfo_alg: Option<SigningAlg>,
    /// What its answers are signed with where it asks for a mode of JARM.
    #[serde(default)]
    pub response_alg: Option<SigningAlg>,
    /// Whether its requests must be pushed (RFC 9126).
    #[serde(default)]
    pub pushed_only: bool,
    /// Whether its requests must be signed (RFC 9101).
    #[serde(default)]
    pub signed_only: bool,
    /// Whether its access tokens must be bound to a key (RFC 9449).
    #[serde(default)]
    pub dpop_bound: bool,
    /// Its public keys.
    #[serde(default)]
    pub keys: ClientKeys,
    /// Whose tokens it may ask for besides its own userinfo (RFC 8707), absolute URIs.
    #[serde(default)]
    pub resources: Vec<String>,
    /// Greatest age of an authentication in seconds, if it asks for none itself.
    #[serde(default)]
    pub default_max_age: Option<u32>,
    /// The strengths that it asks for if a request names none.
    #[serde(default)]
    pub default_acr_values: Vec<String>,
    /// Where a logout token goes (OpenID Connect Back-Channel Logout).
    #[serde(default)]
    pub backchannel_logout_uri: Option<String>,
    /// What the signed-out page loads (OpenID Connect Front-Channel Logout).
    #[serde(default)]
    pub frontchannel_logout_uri: Option<String>,
    /// Whether that wants `iss` and `sid`.
    #[serde(default)]
    pub frontchannel_session_required: bool,
}

/// `token_endpoint_auth_method`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Authentication {
    /// A public client.
    None,
    /// A secret in the `Authorization` header.
    ClientSecretBasic,
    /// A secret in the body.
    ClientSecretPost,
    /// An assertion signed by its own key (RFC 7523).
    PrivateKeyJwt,
}

/// `grant_types`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum GrantType {
    /// A code, with PKCE.
    #[serde(rename = "authorization_code")]
    AuthorizationCode,
    /// A refresh token.
    #[serde(rename = "refresh_token")]
    RefreshToken,
    /// The client for itself.
    #[serde(rename = "client_credentials")]
    ClientCredentials,
    /// RFC 8628.
    #[serde(rename = "urn:ietf:params:oauth:grant-type:device_code")]
    DeviceCode,
}

/// `response_mode`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum ResponseMode {
    /// In the query.
    #[serde(rename = "query")]
    Query,
    /// In the fragment.
    #[serde(rename = "fragment")]
    Fragment,
    /// By a form that the browser posts.
    #[serde(rename = "form_post")]
    FormPost,
    /// As one signed parameter in the query (JARM).
    #[serde(rename = "query.jwt")]
    QueryJwt,
    /// The same in the fragment.
    #[serde(rename = "fragment.jwt")]
    FragmentJwt,
    /// The same by a form.
    #[serde(rename = "form_post.jwt")]
    FormPostJwt,
}

/// What this provider signs with, by its name in JOSE.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum SigningAlg {
    /// ECDSA with P-256 and SHA-256.
    #[serde(rename = "ES256")]
    Es256,
    /// Ed25519 (RFC 8037).
    #[serde(rename = "EdDSA")]
    EdDsa,
    /// RSASSA-PKCS1-v1_5 with SHA-256, for clients that know nothing else.
    #[serde(rename = "RS256")]
    Rs256,
}

impl SigningAlg {
    /// All, the preferred ones first.
    pub const ALL: [SigningAlg; 3] = [SigningAlg::Es256, SigningAlg::EdDsa, SigningAlg::Rs256];

    /// Its name in JOSE.
    pub fn name(self) -> &'static str {
        match self {
            SigningAlg::Es256 => "ES256",
            SigningAlg::EdDsa => "EdDSA",
            SigningAlg::Rs256 => "RS256",
        }
    }
}

/// A client's public keys, as JWKs.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ClientKeys {
    /// `jwks`: a JWK Set that it registered.
    #[serde(default)]
    pub set: Option<Value>,
    /// `jwks_uri`: where it publishes one, over HTTPS.
    #[serde(default)]
    pub uri: Option<String>,
}

impl Client {
    /// Whether it can keep no secret.
    pub fn is_public(&self) -> bool {
        self.authentication == Authentication::None
    }

    /// Whether it may use that grant.
    pub fn may(&self, grant: GrantType) -> bool {
        self.grants.contains(&grant)
    }
}
