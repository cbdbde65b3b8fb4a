//! authenticatorGetAssertion (CTAP 2.2 section 6.2).

use primitives::cbor::{Key, Value};

use super::read::{self, MessageRefusal};
use crate::credential::CredentialDescriptor;

/// What the platform asks.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Request {
    /// 0x01: the RP ID.
    pub rp_id: String,
    /// 0x02: SHA-256 of the client data.
    pub client_data_hash: [u8; 32],
    /// 0x03: acceptable credentials; empty means any discoverable one.
    pub allow: Vec<CredentialDescriptor>,
    /// 0x05 `up`: whether the person must be there.
    pub user_presence: bool,
    /// 0x05 `uv`: whether the person must be verified.
    pub user_verification: bool,
}

impl Request {
    /// The message's parameters in canonical CBOR, without the command byte.
    pub fn encode(&self) -> Vec<u8> {
        let mut entries = vec![
            (Key::Integer(1), Value::Text(&self.rp_id)),
            (Key::Integer(2), Value::Bytes(&self.client_data_hash)),
        ];
        if !self.allow.is_empty() {
            entries.push((Key::Integer(3), read::descriptor_values(&self.allow)));
        }
        entries.push((
            Key::Integer(5),
            Value::Map(vec![
                (Key::Text("up"), Value::Bool(self.user_presence)),
                (Key::Text("uv"), Value::Bool(self.user_verification)),
            ]),
        ));
        Value::Map(entries).encode()
    }

    /// Reads the message's parameters.
    pub fn parse(bytes: &[u8]) -> Result<Self, MessageRefusal> {
        let message = read::parse(bytes)?;
        Ok(Self {
            rp_id: read::text(message.at(1))?,
            client_data_hash: read::array_of_32(message.at(2))?,
            allow: read::descriptors(message.at(3))?,
            user_presence: read::option(&message, 5, "up", true)?,
            user_verification: read::option(&message, 5, "uv", false)?,
        })
    }
}

/// What the authenticator answers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Response {
    /// 0x01: the credential that signed.
    pub credential_id: Vec<u8>,
    /// 0x02: authenticator data.
    pub authenticator_data: Vec<u8>,
    /// 0x03: over authenticator data and client data hash.
    pub signature: Vec<u8>,
    /// 0x04 `id`: the user handle, if the credential is discoverable.
    pub user_handle: Option<Vec<u8>>,
}

impl Response {
    /// The response in canonical CBOR, without the status byte.
    pub fn encode(&self) -> Vec<u8> {
        let credential = Value::Map(vec![
            (Key::Text("id"), Value::Bytes(&self.credential_id)),
            (Key::Text("type"), Value::Text("public-key")),
        ]);
        let mut entries = vec![
            (Key::Integer(1), credential),
            (Key::Integer(2), Value::Bytes(&self.authenticator_data)),
            (Key::Integer(3), Value::Bytes(&self.signature)),
        ];
        if let Some(handle) = &self.user_handle {
            entries.push((Key::Integer(4), Value::Map(vec![(Key::Text("id"), Value::Bytes(handle))])));
        }
        Value::Map(entries).encode()
    }

    /// Reads the response.
    pub fn parse(bytes: &[u8]) -> Result<Self, MessageRefusal> {
        let message = read::parse(bytes)?;
        let credential = message.at(1).ok_or(MessageRefusal::MemberMissing)?;
        Ok(Self {
            credential_id: read::descriptor(credential)?.id.0,
            authenticator_data: read::bytes(message.at(2))?,
            signature: read::bytes(message.at(3))?,
            user_handle: match message.at(4) {
                None => None,
                Some(user) => Some(read::bytes(user.get("id"))?),
            },
        })
    }
}
