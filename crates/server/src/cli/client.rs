//! What can be said to `keyward client`.

use std::path::PathBuf;

use account::application::Consent;
use account::policy::Needed;
use account::strength::Strength;
use clap::{Args, Subcommand, ValueEnum};
use oidc::client::{Authentication, ClientId, GrantType, SigningAlg};
use oidc::scope::Scopes;
use primitives::time::Span;

use crate::client_terms::ClaimLine;

/// Applications that people sign in to.
#[derive(Debug, Subcommand)]
pub enum Client {
    /// Add an application and print what to paste there; prints {"clientId","clientSecret","paste",…} with --json, and the
    /// secret is not shown again
    Add {
        /// How people know it
        #[arg(long)]
        name: String,
        /// Where its terms come from; `keyward client template` lists them
        #[arg(long, default_value = crate::client_templates::GENERIC)]
        template: String,
        /// Where it is, such as https://grafana.example.com
        #[arg(long)]
        url: Option<String>,
        /// Its identifier; drawn from its name if not given
        #[arg(long, value_parser = client_id)]
        id: Option<ClientId>,
        /// What goes over the template
        #[command(flatten)]
        terms: Box<ClientTerms>,
    },
    /// List applications in the order of their names, never their secrets
    List,
    /// Show an application and what to paste there, without its secret
    Show {
        /// Its client_id
        #[arg(value_parser = client_id)]
        id: ClientId,
    },
    /// Change an application; what is not named stays as it is
    Change {
        /// Its client_id
        #[arg(value_parser = client_id)]
        id: ClientId,
        /// How people know it
        #[arg(long)]
        name: Option<String>,
        /// Where it is; empty for nowhere
        #[arg(long)]
        url: Option<String>,
        /// What changes
        #[command(flatten)]
        terms: Box<ClientTerms>,
    },
    /// Let people in again
    Enable {
        /// Its client_id
        #[arg(value_parser = client_id)]
        id: ClientId,
    },
    /// Let nobody in, and take no token of it any more
    Disable {
        /// Its client_id
        #[arg(value_parser = client_id)]
        id: ClientId,
    },
    /// Make another secret; prints {"clientId","clientSecret"} with --json, and it is not shown again
    RotateSecret {
        /// Its client_id
        #[arg(value_parser = client_id)]
        id: ClientId,
        /// For how long the old one goes on, such as 1h; at most 90d
        #[arg(long, default_value = "0s", value_parser = super::span)]
        keep_old: Span,
    },
    /// Remove an application with everything that people granted it
    Remove {
        /// Its client_id
        #[arg(value_parser = client_id)]
        id: ClientId,
    },
    /// List templates of applications, or show what one asks to paste
    Template {
        /// Its name
        template: Option<String>,
    },
    /// Give an application a picture, a PNG of at most 256 KiB and 1024 × 1024, or none
    Logo {
        /// Its client_id
        #[arg(value_parser = client_id)]
        id: ClientId,
        /// The picture; none if not given
        file: Option<PathBuf>,
    },
}

/// Terms of an application.
#[derive(Debug, Args)]
pub struct ClientTerms {
    /// Where codes may go, compared as it stands; may be given several times
    #[arg(long, value_name = "URI")]
    pub redirect_uri: Vec<String>,
    /// Where people may be led after they signed out; may be given several times
    #[arg(long, value_name = "URI")]
    pub post_logout_redirect_uri: Vec<String>,
    /// How it proves who it is
    #[arg(long, value_enum)]
    pub auth: Option<AuthenticationName>,
    /// What it may ask for, separated by spaces
    #[arg(long, value_parser = scopes)]
    pub scopes: Option<Scopes>,
    /// What it may ask the token endpoint for; several are separated by commas
    #[arg(long, value_enum, value_delimiter = ',')]
    pub grants: Vec<GrantName>,
    /// What its ID tokens are signed with: ES256, EdDSA or RS256
    #[arg(long, value_parser = algorithm)]
    pub algorithm: Option<SigningAlg>,
    /// Groups whose members may use it, separated by commas; empty for everybody
    #[arg(long, value_delimiter = ',', value_name = "GROUP")]
    pub groups: Option<Vec<String>>,
    /// What it asks for at least: anything, the name of a built-in strength or of one of the organisation's own
    #[arg(long, value_parser = needed)]
    pub needs: Option<Needed>,
    /// Whether people who do not reach a strength that it only prefers go on without it
    #[arg(long)]
    pub prefers: Option<bool>,
    /// Whether people are asked: pre-approved, remembered or always
    #[arg(long, value_parser = consent)]
    pub consent: Option<Consent>,
    /// How long its access tokens live, 1m to 1h
    #[arg(long, value_parser = super::span)]
    pub access_lifetime: Option<Span>,
    /// How long a refresh token lives that is not used, 5m to 365d
    #[arg(long, value_parser = super::span)]
    pub refresh_idle: Option<Span>,
    /// How long everything lives that came of one sign-in, 5m to 365d
    #[arg(long, value_parser = super::span)]
    pub refresh_lifetime: Option<Span>,
    /// A claim, such as "role = in-group(Admins, admin, user) in id-token"; several times for several, which take the
    /// place of all it had
    #[arg(long, value_parser = claim)]
    pub claim: Vec<ClaimLine>,
    /// Tell it no claims of the organisation's own
    #[arg(long, conflicts_with = "claim")]
    pub no_claims: bool,
    /// Whether ID tokens say what the scopes bring, for applications that read nothing else
    #[arg(long)]
    pub profile_in_id_token: Option<bool>,
    /// Where a logout token goes; empty for nowhere
    #[arg(long, value_name = "URI")]
    pub backchannel_logout_uri: Option<String>,
    /// What the signed-out page loads; empty for nothing
    #[arg(long, value_name = "URI")]
    pub frontchannel_logout_uri: Option<String>,
    /// A resource whose tokens it may ask for (RFC 8707); may be given several times
    #[arg(long, value_name = "URI")]
    pub resource: Vec<String>,
    /// A file with its public keys, a JWK Set
    #[arg(long, value_name = "FILE", conflicts_with = "jwks_uri")]
    pub jwks: Option<PathBuf>,
    /// Where it publishes its public keys; empty for nowhere
    #[arg(long, value_name = "URI")]
    pub jwks_uri: Option<String>,
    /// Whether its requests must be pushed (RFC 9126)
    #[arg(long)]
    pub pushed_only: Option<bool>,
    /// Whether its requests must be signed (RFC 9101)
    #[arg(long)]
    pub signed_only: Option<bool>,
    /// Whether its access tokens must be bound to a key (RFC 9449)
    #[arg(long)]
    pub dpop_bound: Option<bool>,
    /// An origin that it guards by forward authentication; may be given several times
    #[arg(long, value_name = "ORIGIN")]
    pub guard: Vec<String>,
}

/// `token_endpoint_auth_method`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
#[value(rename_all = "snake_case")]
pub enum AuthenticationName {
    /// A public client
    None,
    /// A secret in the header
    ClientSecretBasic,
    /// A secret in the body
    ClientSecretPost,
    /// Its own key
    PrivateKeyJwt,
}

impl From<AuthenticationName> for Authentication {
    fn from(name: AuthenticationName) -> Self {
        match name {
            AuthenticationName::None => Authentication::None,
            AuthenticationName::ClientSecretBasic => Authentication::ClientSecretBasic,
            AuthenticationName::ClientSecretPost => Authentication::ClientSecretPost,
            AuthenticationName::PrivateKeyJwt => Authentication::PrivateKeyJwt,
        }
    }
}

/// `grant_types`, the device grant by a short name.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
#[value(rename_all = "snake_case")]
pub enum GrantName {
    /// A code, with PKCE
    AuthorizationCode,
    /// A refresh token
    RefreshToken,
    /// The client for itself
    ClientCredentials,
    /// A device's code (RFC 8628)
    DeviceCode,
}

impl From<GrantName> for GrantType {
    fn from(name: GrantName) -> Self {
        match name {
            GrantName::AuthorizationCode => GrantType::AuthorizationCode,
            GrantName::RefreshToken => GrantType::RefreshToken,
            GrantName::ClientCredentials => GrantType::ClientCredentials,
            GrantName::DeviceCode => GrantType::DeviceCode,
        }
    }
}

fn client_id(text: &str) -> Result<ClientId, String> {
    ClientId::parse(text).map_err(|_| "a client_id has 1 to 255 visible ASCII characters".to_owned())
}

fn scopes(text: &str) -> Result<Scopes, String> {
    Scopes::parse(text).map_err(|_| "scopes such as \"openid profile email\"".to_owned())
}

fn algorithm(text: &str) -> Result<SigningAlg, String> {
    let known = SigningAlg::ALL.into_iter().find(|algorithm| algorithm.name() == text);
    known.ok_or_else(|| "one of ES256, EdDSA, RS256".to_owned())
}

#[expect(clippy::unnecessary_wraps, reason = "the shape that clap asks of a parser")]
fn needed(text: &str) -> Result<Needed, String> {
    Ok(match text {
        "anything" => Needed::Anything,
        name => Strength::parse(name).map_or_else(|| Needed::Custom(name.to_owned()), Needed::BuiltIn),
    })
}

fn consent(text: &str) -> Result<Consent, String> {
    Consent::parse(text).ok_or_else(|| "one of pre-approved, remembered, always".to_owned())
}

fn claim(text: &str) -> Result<ClaimLine, String> {
    ClaimLine::parse(text).map_err(|_| {
        "a claim is NAME = login, email, name, external-id, groups, groups(A, B), in-group(A, member, other), \
         constant(text), passkey-model, passkey-attested or passkey-backed-up; with \" in id-token\" behind it, ID \
         tokens have it too"
            .to_owned()
    })
}
