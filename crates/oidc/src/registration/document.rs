//! Clients whose identifier is the address of a document about them (OAuth Client ID Metadata Document).

use serde_json::Value;

use super::{Defaults, MetadataRule, Registration, RegistrationRefusal, members, read};
use crate::client::{Authentication, ClientId, GrantType};
use crate::uri::Uri;

/// Whether a `client_id` is the address of such a document: HTTPS, a host that is no address of a network, and a path
/// (section 3).
pub fn is_document_id(id: &ClientId) -> bool {
    let Ok(uri) = Uri::parse(id.as_str()) else { return false };
    let host = uri.host().unwrap_or_default();
    let by_name =
        !host.starts_with('[') && host.parse::<core::net::Ipv4Addr>().is_err() && !uri.is_loopback();
    uri.scheme() == "https" && by_name && uri.path().len() > 1
}

/// Reads the document that was found at `id` (section 4). It says the same identifier, and no secret is shared with it:
/// everybody can read it. It acts for people only.
pub fn read_document(
    document: &Value,
    id: &ClientId,
    defaults: &Defaults,
) -> Result<Registration, RegistrationRefusal> {
    let said = members(document)?;
    if !is_document_id(id) || said.get("client_id").and_then(Value::as_str) != Some(id.as_str()) {
        return Err(RegistrationRefusal::new("client_id", MetadataRule::Value));
    }
    for field in ["client_secret", "client_secret_expires_at"] {
        if said.contains_key(field) {
            return Err(RegistrationRefusal::new(field, MetadataRule::NotYours));
        }
    }
    let by_code = |grant: &GrantType| *grant != GrantType::ClientCredentials;
    let grants = defaults.grants.iter().copied().filter(by_code).collect();
    let defaults = Defaults { authentication: Authentication::None, grants, ..defaults.clone() };
    let registration = read::registration(said, id.clone(), &defaults)?;
    if registration.client.authentication.has_secret() {
        return Err(RegistrationRefusal::new("token_endpoint_auth_method", MetadataRule::Value));
    }
    Ok(registration)
}
