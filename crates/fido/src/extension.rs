//! Extension outputs (WebAuthn Level 3 section 10, CTAP 2.2 section 12), as far as they are understood.

use primitives::cbor::{Key, Value};

use crate::json::Json;

/// `credProtect` (CTAP 2.2 section 12.1): when the authenticator shows and uses the credential.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CredentialProtection {
    /// Always.
    UserVerificationOptional,
    /// Without user verification only to who names it.
    UserVerificationOptionalWithCredentialIdList,
    /// Only after user verification.
    UserVerificationRequired,
}

impl CredentialProtection {
    /// The number in CTAP2 messages.
    pub const fn level(self) -> i64 {
        match self {
            CredentialProtection::UserVerificationOptional => 1,
            CredentialProtection::UserVerificationOptionalWithCredentialIdList => 2,
            CredentialProtection::UserVerificationRequired => 3,
        }
    }

    /// From the number in CTAP2 messages.
    pub const fn from_level(level: i64) -> Option<Self> {
        match level {
            1 => Some(CredentialProtection::UserVerificationOptional),
            2 => Some(CredentialProtection::UserVerificationOptionalWithCredentialIdList),
            3 => Some(CredentialProtection::UserVerificationRequired),
            _ => None,
        }
    }

    /// From the name in `credentialProtectionPolicy` of the client extension.
    pub fn from_policy(name: &str) -> Option<Self> {
        match name {
            "userVerificationOptional" => Some(CredentialProtection::UserVerificationOptional),
            "userVerificationOptionalWithCredentialIDList" => {
                Some(CredentialProtection::UserVerificationOptionalWithCredentialIdList)
            }
            "userVerificationRequired" => Some(CredentialProtection::UserVerificationRequired),
            _ => None,
        }
    }
}

/// What the authenticator says inside signed authenticator data. Unknown extensions are passed over.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct AuthenticatorExtensions {
    /// `credProtect`: the level the credential got.
    pub cred_protect: Option<CredentialProtection>,
}

impl AuthenticatorExtensions {
    /// Takes the extension map of authenticator data.
    pub fn from_value(value: &Value<'_>) -> Result<Self, ExtensionRefusal> {
        let entries = value.as_map().ok_or(ExtensionRefusal::Shape)?;
        if entries.iter().any(|(key, _)| matches!(key, Key::Integer(_))) {
            return Err(ExtensionRefusal::Shape);
        }
        let cred_protect = match value.get("credProtect") {
            None => None,
            Some(level) => Some(
                level
                    .as_integer()
                    .and_then(CredentialProtection::from_level)
                    .ok_or(ExtensionRefusal::CredProtect)?,
            ),
        };
        Ok(Self { cred_protect })
    }

    /// The extension map in canonical CBOR.
    pub fn encode(&self) -> Vec<u8> {
        let level = self.cred_protect.map(|level| (Key::Text("credProtect"), Value::Integer(level.level())));
        Value::Map(level.into_iter().collect()).encode()
    }
}

/// What the client says outside the signature: a hint, never evidence. Unknown extensions are passed over.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ClientExtensions {
    /// `credProps.rk`: whether the credential is discoverable.
    pub discoverable: Option<bool>,
}

impl ClientExtensions {
    /// Takes `clientExtensionResults`.
    pub fn from_json(json: &Json<'_>) -> Result<Self, ExtensionRefusal> {
        if !json.is_object() {
            return Err(ExtensionRefusal::Shape);
        }
        let discoverable = match json.get("credProps") {
            None => None,
            Some(props) if props.is_object() => match props.get("rk") {
                None => None,
                Some(rk) => Some(rk.as_bool().ok_or(ExtensionRefusal::CredProps)?),
            },
            Some(_) => return Err(ExtensionRefusal::CredProps),
        };
        Ok(Self { discoverable })
    }
}

/// Why extension outputs are not what their definitions say.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ExtensionRefusal {
    /// Not a map whose keys are texts.
    Shape,
    /// `credProtect` is no level.
    CredProtect,
    /// `credProps` is no object, or its `rk` no boolean.
    CredProps,
}
