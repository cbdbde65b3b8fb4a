//! Client metadata: what a program says of itself when it registers, and what it is told (RFC 7591 section 2, RFC 7592,
//! OpenID Connect Dynamic Client Registration section 2, Client ID Metadata Document).
//!
//! What is left out has the standard's default. What is not there (implicit grants, pairwise subjects, encryption) is
//! refused by the name of the member that asks for it; members that nobody here knows are ignored.

use serde_json::{Map, Value};

use crate::client::{Authentication, Client, ClientId, GrantType};
use crate::error::OAuthError;
use crate::scope::Scopes;

mod document;
mod keys;
mod read;
mod render;

pub use document::{is_document_id, read_document};
pub use render::{Issued, render};

/// Most redirect URIs, and most URIs that people may be led to after they signed out.
pub const MOST_URIS: usize = 20;
/// Longest name in characters.
pub const LONGEST_NAME: usize = 100;
/// Most values of `default_acr_values`.
pub const MOST_ACR_VALUES: usize = 8;
/// Longest of them in bytes.
pub const LONGEST_ACR_VALUE: usize = 100;
/// Greatest `default_max_age` in seconds: a year.
pub const LONGEST_AGE: u32 = 31_536_000;

/// What a client gets that does not say, and the most that it may get.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Defaults {
    /// The scopes that a client may register; one that names none gets all of them.
    pub scopes: Scopes,
    /// `token_endpoint_auth_method` of a client that names none.
    pub authentication: Authentication,
    /// The grants that a client may register.
    pub grants: Vec<GrantType>,
    /// The resources whose tokens it may ask for, which no member names: they are the organisation's to give.
    pub resources: Vec<String>,
}

impl Default for Defaults {
    fn default() -> Self {
        Self {
            scopes: Scopes::parse("openid profile email groups offline_access").unwrap_or_default(),
            authentication: Authentication::ClientSecretBasic,
            // Codes for devices are phished with ease; an administrator switches them on, never the client itself.
            grants: vec![GrantType::AuthorizationCode, GrantType::RefreshToken, GrantType::ClientCredentials],
            resources: Vec::new(),
        }
    }
}

impl Defaults {
    /// The same for a client that is there already: what an administrator gave it is not taken away when it speaks of
    /// itself again.
    pub fn beside(client: &Client) -> Self {
        let mut defaults = Self::default();
        defaults.scopes = defaults.scopes.or(&client.scopes);
        let given = client.grants.iter().filter(|grant| !defaults.grants.contains(grant));
        let given: Vec<GrantType> = given.copied().collect();
        defaults.grants.extend(given);
        defaults.resources.clone_from(&client.resources);
        defaults
    }
}

/// A client with what people see of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Registration {
    /// In the terms of the protocols.
    pub client: Client,
    /// `client_name`.
    pub name: Option<String>,
    /// `client_uri`.
    pub home: Option<String>,
    /// `logo_uri`.
    pub logo_uri: Option<String>,
}

/// What is wrong with metadata, and where.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RegistrationRefusal {
    /// The member.
    pub field: &'static str,
    /// The rule that it breaks.
    pub rule: MetadataRule,
}

/// A rule of metadata.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MetadataRule {
    /// The metadata are no JSON object.
    NotAnObject,
    /// It has to be there.
    Missing,
    /// It has another type than it must have.
    Type,
    /// It is too long, or has too many entries.
    Bounds,
    /// Its value is not one that is offered here.
    Value,
    /// It is no address that may stand there.
    Uri,
    /// It does not go with another member.
    Conflict,
    /// It is the server's to say.
    NotYours,
}

impl MetadataRule {
    /// The stable code.
    pub fn code(self) -> &'static str {
        match self {
            MetadataRule::NotAnObject => "metadata_not_an_object",
            MetadataRule::Missing => "metadata_missing",
            MetadataRule::Type => "metadata_type",
            MetadataRule::Bounds => "metadata_bounds",
            MetadataRule::Value => "metadata_value",
            MetadataRule::Uri => "metadata_uri",
            MetadataRule::Conflict => "metadata_conflict",
            MetadataRule::NotYours => "metadata_not_yours",
        }
    }
}

impl RegistrationRefusal {
    pub(crate) fn new(field: &'static str, rule: MetadataRule) -> Self {
        Self { field, rule }
    }

    /// The stable code of the rule.
    pub fn code(self) -> &'static str {
        self.rule.code()
    }

    /// What it is called in the protocol (RFC 7591 section 3.2.2).
    pub fn error(self) -> OAuthError {
        match self.field {
            "redirect_uris" => OAuthError::InvalidRedirectUri,
            _ => OAuthError::InvalidClientMetadata,
        }
    }

    /// Member and rule in one sentence, for developers.
    pub fn description(self) -> String {
        let field = self.field;
        match self.rule {
            MetadataRule::NotAnObject => "The metadata are no JSON object".to_owned(),
            MetadataRule::Missing => format!("{field} is missing"),
            MetadataRule::Type => format!("{field} has the wrong type"),
            MetadataRule::Bounds => format!("{field} is too long or has too many entries"),
            MetadataRule::Value => format!("{field} has a value that is not offered here"),
            MetadataRule::Uri => format!("{field} has an address that may not stand there"),
            MetadataRule::Conflict => format!("{field} does not go with another member"),
            MetadataRule::NotYours => format!("{field} is not for the client to say"),
        }
    }
}

/// Reads the metadata of a client that is registering as `id`.
pub fn read(
    metadata: &Value,
    id: ClientId,
    defaults: &Defaults,
) -> Result<Registration, RegistrationRefusal> {
    read::registration(members(metadata)?, id, defaults)
}

/// Reads the metadata with which `client` replaces its own (RFC 7592 section 2.2). What the server says must not be
/// there; a secret that is there must be the client's, which `is_secret` says.
pub fn read_update(
    metadata: &Value,
    id: &ClientId,
    defaults: &Defaults,
    is_secret: impl FnOnce(&str) -> bool,
) -> Result<Registration, RegistrationRefusal> {
    let members = members(metadata)?;
    for field in render::SERVERS {
        if members.contains_key(field) {
            return Err(RegistrationRefusal::new(field, MetadataRule::NotYours));
        }
    }
    let named =
        members.get("client_id").ok_or(RegistrationRefusal::new("client_id", MetadataRule::Missing))?;
    if named.as_str() != Some(id.as_str()) {
        return Err(RegistrationRefusal::new("client_id", MetadataRule::Value));
    }
    if let Some(secret) = members.get("client_secret") {
        let text = secret.as_str().ok_or(RegistrationRefusal::new("client_secret", MetadataRule::Type))?;
        if !is_secret(text) {
            return Err(RegistrationRefusal::new("client_secret", MetadataRule::Value));
        }
    }
    read::registration(members, id.clone(), defaults)
}

fn members(metadata: &Value) -> Result<&Map<String, Value>, RegistrationRefusal> {
    metadata.as_object().ok_or(RegistrationRefusal::new("", MetadataRule::NotAnObject))
}

#[cfg(test)]
mod tests;
