//! What a relying party asks of extensions.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::CredentialProtection;
use crate::credential::Base64Url;

/// Extensions asked for at creation.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct CreationExtensions {
    /// `credProps` (section 10.1.3): tell whether the credential is discoverable.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub cred_props: bool,
    /// `credProtect` (CTAP 2.2 section 12.1): the wished level.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub credential_protection_policy: Option<CredentialProtection>,
    /// Whether creation shall fail if that level cannot be had.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub enforce_credential_protection_policy: Option<bool>,
    /// `prf` (section 10.1.4): a credential that derives secrets.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub prf: Option<PrfCreation>,
    /// `largeBlob` (section 10.1.5): a credential that keeps a blob.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub large_blob: Option<LargeBlobCreation>,
    /// `minPinLength` (CTAP 2.2 section 12.5): tell how long a PIN must be.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub min_pin_length: bool,
    /// `uvm`: tell how the person was verified.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub uvm: bool,
}

/// Extensions asked for at an assertion.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct RequestExtensions {
    /// `prf`: derive secrets.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub prf: Option<PrfRequest>,
    /// `largeBlob`: read or write the blob.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub large_blob: Option<LargeBlobRequest>,
    /// `uvm`: tell how the person was verified.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub uvm: bool,
}

impl RequestExtensions {
    /// Whether nothing is asked.
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }
}

/// Inputs of the pseudo-random function; the client hashes them with a context of its own.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PrfValues {
    /// Gives the first secret.
    pub first: Base64Url,
    /// Gives a second one, for changing from one to the other.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub second: Option<Base64Url>,
}

/// `prf` at creation.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct PrfCreation {
    /// What to derive at once, where the authenticator can.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub eval: Option<PrfValues>,
}

/// `prf` at an assertion.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct PrfRequest {
    /// What to derive by a credential that the map below does not name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub eval: Option<PrfValues>,
    /// What to derive by which credential; each must be among the allowed ones.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub eval_by_credential: BTreeMap<Base64Url, PrfValues>,
}

/// `largeBlob` at creation.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct LargeBlobCreation {
    /// Whether creation shall fail without.
    pub support: LargeBlobSupport,
}

/// LargeBlobSupport (section 10.1.5).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum LargeBlobSupport {
    /// Creation fails without.
    Required,
    /// Wanted, not insisted upon.
    Preferred,
}

/// `largeBlob` at an assertion: one or the other.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum LargeBlobRequest {
    /// Give the blob back; always true.
    Read(bool),
    /// Keep this one.
    Write(Base64Url),
}

#[cfg(test)]
mod tests;
