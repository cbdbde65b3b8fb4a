//! Which applications may come by themselves.

use serde::Deserialize;

/// The section `[oidc]`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Oidc {
    /// Whether applications may register themselves with an initial access token (RFC 7591).
    pub registration: bool,
    /// Whether the address of a document may name an application (OAuth Client ID Metadata Document).
    pub client_documents: bool,
}
