//! authenticatorGetAssertion (CTAP 2.3 section 6.2).

use primitives::cbor::{Key, Value};

use super::PinUvAuth;
use super::extensions::{AssertionInputs, PrfResults};
use super::members;
use super::read::{self, MessageRefusal};
use crate::credential::CredentialDescriptor;

/// What the platform asks.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Request {
    /// 0x01: the RP ID.
    pub rp_id: String,
    /// 0x02: SHA-256 of the client data.
    pub client_data_hash: [u8; 32],
    /// 0x03: acceptable credentials; empty means any discoverable one.
    pub allow: Vec<CredentialDescriptor>,
    /// 0x04: extensions.
    pub extensions: AssertionInputs,
    /// 0x05 `up`: whether the person must be there.
    pub user_presence: bool,
    /// 0x05 `uv`: whether the person must be verified.
    pub user_verification: bool,
    /// 0x05 `rk`, which has no place here and is refused whatever it says.
    pub resident_key: Option<bool>,
    /// 0x06 and 0x07.
    pub auth: Option<PinUvAuth>,
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
        let inputs = self.extensions.entries();
        if !inputs.is_empty() {
            entries.push((Key::Integer(4), Value::Map(inputs)));
        }
        let mut options = vec![
            (Key::Text("up"), Value::Bool(self.user_presence)),
            (Key::Text("uv"), Value::Bool(self.user_verification)),
        ];
        options.extend(self.resident_key.map(|rk| (Key::Text("rk"), Value::Bool(rk))));
        entries.push((Key::Integer(5), Value::Map(options)));
        entries.extend(read::pin_uv_auth_entries(self.auth.as_ref(), 6, 7));
        Value::Map(entries).encode()
    }

    /// Reads the message's parameters.
    pub fn parse(bytes: &[u8]) -> Result<Self, MessageRefusal> {
        let message = read::parse_extended(bytes)?;
        Ok(Self {
            rp_id: read::text(message.at(1))?,
            client_data_hash: read::array_of_32(message.at(2))?,
            allow: read::descriptors(message.at(3))?,
            extensions: AssertionInputs::read(message.at(4))?,
            user_presence: read::option(&message, 5, "up", true)?,
            user_verification: read::option(&message, 5, "uv", false)?,
            resident_key: read::optional_option(&message, 5, "rk")?,
            auth: read::pin_uv_auth(&message, 6, 7)?,
        })
    }
}

/// The user as an answer names them.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct User {
    /// The user handle.
    pub id: Vec<u8>,
    /// The name to sign in with and the name to read; only for who must choose and was verified.
    pub names: Option<(String, String)>,
}

/// What the authenticator answers.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Response {
    /// 0x01: the credential that signed.
    pub credential_id: Vec<u8>,
    /// 0x02: authenticator data.
    pub authenticator_data: Vec<u8>,
    /// 0x03: over authenticator data and client data hash.
    pub signature: Vec<u8>,
    /// 0x04: the user, if the credential is discoverable.
    pub user: Option<User>,
    /// 0x05: how many credentials there are, if there are more to come.
    pub number_of_credentials: Option<u64>,
    /// 0x06: whether the person chose among several.
    pub user_selected: bool,
    /// 0x07: the key of the credential's large blob.
    pub large_blob_key: Option<[u8; 32]>,
    /// 0x08: `prf`.
    pub prf: Option<PrfResults>,
}

impl Response {
    /// The user handle, if the credential is discoverable.
    pub fn user_handle(&self) -> Option<&[u8]> {
        self.user.as_ref().map(|user| user.id.as_slice())
    }

    /// The response in canonical CBOR, without the status byte.
    pub fn encode(&self) -> Vec<u8> {
        let credential = Value::Map(vec![
            (Key::Text("id"), Value::Bytes(&self.credential_id)),
            (Key::Text("type"), Value::Text("public-key")),
        ]);
        members::map([
            (1, Some(credential)),
            (2, Some(Value::Bytes(&self.authenticator_data))),
            (3, Some(Value::Bytes(&self.signature))),
            (4, self.user.as_ref().map(User::value)),
            (5, self.number_of_credentials.map(members::number)),
            (6, self.user_selected.then_some(Value::Bool(true))),
            (7, self.large_blob_key.as_ref().map(|key| Value::Bytes(key))),
            (8, self.prf.as_ref().map(PrfResults::outputs)),
        ])
        .encode()
    }

    /// Reads the response.
    pub fn parse(bytes: &[u8]) -> Result<Self, MessageRefusal> {
        let message = read::parse(bytes)?;
        let credential = message.at(1).ok_or(MessageRefusal::MemberMissing)?;
        Ok(Self {
            credential_id: read::descriptor(credential)?.id.0,
            authenticator_data: read::bytes(message.at(2))?,
            signature: read::bytes(message.at(3))?,
            user: message.at(4).map(User::read).transpose()?,
            number_of_credentials: members::optional_unsigned(&message, 5)?,
            user_selected: members::optional(&message, 6, Value::as_bool)?.unwrap_or(false),
            large_blob_key: message.at(7).map(|key| read::array_of_32(Some(key))).transpose()?,
            prf: PrfResults::read(message.at(8))?,
        })
    }
}

impl User {
    fn value(&self) -> Value<'_> {
        let mut entries = vec![(Key::Text("id"), Value::Bytes(&self.id))];
        if let Some((name, display_name)) = &self.names {
            entries.push((Key::Text("name"), Value::Text(name)));
            entries.push((Key::Text("displayName"), Value::Text(display_name)));
        }
        Value::Map(entries)
    }

    fn read(user: &Value<'_>) -> Result<Self, MessageRefusal> {
        let names = match user.get("name") {
            None => None,
            name => Some((read::text(name)?, read::optional_text(user.get("displayName"))?)),
        };
        Ok(Self { id: read::bytes(user.get("id"))?, names })
    }
}
