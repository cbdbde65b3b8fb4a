//! Credential ids, descriptors and the words that go with them.

use std::fmt;
use std::ops::Deref;

use primitives::encoding;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// Bytes that are base64url text in JSON (WebAuthn's `Base64URLString`).
#[derive(Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Default)]
pub struct Base64Url(pub Vec<u8>);

impl Deref for Base64Url {
    type Target = [u8];
    fn deref(&self) -> &[u8] {
        &self.0
    }
}

impl From<Vec<u8>> for Base64Url {
    fn from(bytes: Vec<u8>) -> Self {
        Self(bytes)
    }
}

impl From<&[u8]> for Base64Url {
    fn from(bytes: &[u8]) -> Self {
        Self(bytes.to_vec())
    }
}

impl fmt::Debug for Base64Url {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&encoding::base64url(&self.0))
    }
}

impl Serialize for Base64Url {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&encoding::base64url(&self.0))
    }
}

impl<'de> Deserialize<'de> for Base64Url {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = std::borrow::Cow::<'de, str>::deserialize(deserializer)?;
        let bytes = encoding::from_base64url(&text);
        bytes.map(Self).ok_or_else(|| serde::de::Error::custom("not base64url"))
    }
}

/// `type` of every credential: the specification has one.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum CredentialType {
    /// `public-key`.
    #[default]
    #[serde(rename = "public-key")]
    PublicKey,
}

/// PublicKeyCredentialDescriptorJSON (section 5.8.3): names one credential.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CredentialDescriptor {
    /// Its id.
    pub id: Base64Url,
    /// Always `public-key`.
    #[serde(rename = "type", default)]
    pub kind: CredentialType,
    /// How its authenticator may be reached, as reported at registration; unknown words are kept.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub transports: Vec<String>,
}

impl CredentialDescriptor {
    /// For the credential `id`.
    pub fn new(id: impl Into<Base64Url>, transports: Vec<String>) -> Self {
        Self { id: id.into(), kind: CredentialType::PublicKey, transports }
    }
}

/// AuthenticatorAttachment (section 5.4.5).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Attachment {
    /// Built into the device that runs the client.
    Platform,
    /// A security key, or a phone over the hybrid transport.
    CrossPlatform,
}

impl Attachment {
    /// From the word; unknown ones are treated as absent, as section 5.4.5 says.
    pub fn from_word(word: &str) -> Option<Self> {
        match word {
            "platform" => Some(Attachment::Platform),
            "cross-platform" => Some(Attachment::CrossPlatform),
            _ => None,
        }
    }
}

/// For `#[serde(with = "fido::credential::base64url_32")]`: 32 bytes as base64url text.
pub mod base64url_32 {
    use super::{Base64Url, Deserialize, Deserializer, Serialize, Serializer};

    /// Writes the text.
    pub fn serialize<S: Serializer>(bytes: &[u8; 32], serializer: S) -> Result<S::Ok, S::Error> {
        Base64Url(bytes.to_vec()).serialize(serializer)
    }

    /// Reads the text.
    pub fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<[u8; 32], D::Error> {
        let bytes = Base64Url::deserialize(deserializer)?;
        bytes.0.try_into().map_err(|_| serde::de::Error::custom("not 32 bytes"))
    }
}
