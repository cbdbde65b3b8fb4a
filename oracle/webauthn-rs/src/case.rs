//! A case as `keyward explain --ndjson` takes it, as far as this oracle can be told of it.

use data_encoding::BASE64URL_NOPAD;
use serde::{Deserialize, Deserializer, de::Error};
use serde_json::Value;
use serde_json::value::RawValue;

/// A recorded ceremony.
#[derive(Deserialize)]
pub(crate) struct Case {
    pub(crate) id: Value,
    pub(crate) kind: Kind,
    pub(crate) rp: RelyingParty,
    pub(crate) options: Options,
    pub(crate) stored: Option<Stored>,
    /// As it stands, so that the oracle's own parser sees what a client sent.
    pub(crate) response: Box<RawValue>,
}

#[derive(Clone, Copy, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Kind {
    Registration,
    Authentication,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct RelyingParty {
    pub(crate) rp_id: String,
    pub(crate) origins: Vec<String>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Options {
    pub(crate) challenge: String,
    pub(crate) user_verification: Option<String>,
    pub(crate) pub_key_cred_params: Option<Vec<i64>>,
    #[serde(default)]
    pub(crate) require_trusted_attestation: bool,
    pub(crate) trust_anchors: Option<Vec<Bytes>>,
    pub(crate) allow_credentials: Option<Vec<Bytes>>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Stored {
    pub(crate) credential_id: Bytes,
    pub(crate) public_key: Bytes,
    #[serde(default)]
    pub(crate) sign_count: u32,
    #[serde(default)]
    pub(crate) backup_eligible: bool,
}

/// Bytes that stand as base64url.
#[derive(Clone, PartialEq, Eq)]
pub(crate) struct Bytes(pub(crate) Vec<u8>);

impl<'de> Deserialize<'de> for Bytes {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        BASE64URL_NOPAD.decode(text.as_bytes()).map(Bytes).map_err(D::Error::custom)
    }
}
