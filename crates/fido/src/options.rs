//! What the relying party asks the client for (WebAuthn Level 3 section 5.1.8 and 5.1.9, the JSON forms).

use serde::{Deserialize, Serialize};

use crate::credential::{Attachment, Base64Url, CredentialDescriptor, CredentialType};
use crate::extension::{CreationExtensions, RequestExtensions};

/// Whether the authenticator must verify the person (section 5.8.6).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum UserVerification {
    /// The ceremony fails without.
    #[default]
    Required,
    /// Wanted, not insisted upon.
    Preferred,
    /// Not wanted.
    Discouraged,
}

/// Whether the credential must be discoverable (section 5.4.6).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum ResidentKey {
    /// The ceremony fails without.
    #[default]
    Required,
    /// Wanted, not insisted upon.
    Preferred,
    /// Not wanted.
    Discouraged,
}

/// How much about the authenticator the client shall pass on (section 5.4.7).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum AttestationConveyance {
    /// Nothing.
    #[default]
    None,
    /// Something, at the client's choice.
    Indirect,
    /// What the authenticator made.
    Direct,
    /// What identifies the very authenticator.
    Enterprise,
}

/// What kind of authenticator a person is likely to use (section 5.8.7).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Hint {
    /// A security key.
    SecurityKey,
    /// The device itself.
    ClientDevice,
    /// A phone.
    Hybrid,
}

/// PublicKeyCredentialRpEntity (section 5.4.2).
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct RelyingPartyEntity {
    /// The RP ID.
    pub id: String,
    /// The organisation's name.
    pub name: String,
}

/// PublicKeyCredentialUserEntityJSON (section 5.4.3).
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct UserEntity {
    /// The user handle: 1 to 64 random bytes, no personal data.
    pub id: Base64Url,
    /// The name that tells accounts apart, such as an email address.
    pub name: String,
    /// The person's name.
    pub display_name: String,
}

/// PublicKeyCredentialParameters (section 5.3).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CredentialParameters {
    /// Always `public-key`.
    #[serde(rename = "type", default)]
    pub kind: CredentialType,
    /// COSE algorithm identifier.
    pub alg: i64,
}

/// AuthenticatorSelectionCriteria (section 5.4.4).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct AuthenticatorSelection {
    /// Only authenticators attached like this.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub authenticator_attachment: Option<Attachment>,
    /// Whether the credential must be discoverable.
    pub resident_key: ResidentKey,
    /// The same for clients of Level 1: true exactly if `residentKey` is `required`.
    pub require_resident_key: bool,
    /// Whether the person must be verified.
    pub user_verification: UserVerification,
}

/// PublicKeyCredentialCreationOptionsJSON (section 5.1.8).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct CreationOptions {
    /// Who asks.
    pub rp: RelyingPartyEntity,
    /// For whom.
    pub user: UserEntity,
    /// What makes the answer fresh.
    pub challenge: Base64Url,
    /// Acceptable algorithms, most preferred first.
    pub pub_key_cred_params: Vec<CredentialParameters>,
    /// How long the client may wait, in milliseconds.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub timeout: Option<u32>,
    /// Authenticators that hold one of these make no second one.
    #[serde(default)]
    pub exclude_credentials: Vec<CredentialDescriptor>,
    /// Which authenticators will do.
    pub authenticator_selection: AuthenticatorSelection,
    /// What the person will probably use, most likely first.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub hints: Vec<Hint>,
    /// How much attestation to pass on.
    #[serde(default)]
    pub attestation: AttestationConveyance,
    /// Attestation formats, most preferred first.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub attestation_formats: Vec<String>,
    /// Extensions.
    #[serde(default)]
    pub extensions: CreationExtensions,
}

/// PublicKeyCredentialRequestOptionsJSON (section 5.1.9).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct RequestOptions {
    /// What makes the answer fresh.
    pub challenge: Base64Url,
    /// How long the client may wait, in milliseconds.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub timeout: Option<u32>,
    /// Who asks.
    pub rp_id: String,
    /// Acceptable credentials; empty means any discoverable one.
    #[serde(default)]
    pub allow_credentials: Vec<CredentialDescriptor>,
    /// Whether the person must be verified.
    #[serde(default)]
    pub user_verification: UserVerification,
    /// What the person will probably use, most likely first.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub hints: Vec<Hint>,
    /// Extensions.
    #[serde(default, skip_serializing_if = "RequestExtensions::is_empty")]
    pub extensions: RequestExtensions,
}

#[cfg(test)]
mod tests;
