//! authenticatorMakeCredential (CTAP 2.2 section 6.1).

use primitives::cbor::{Key, Value};

use super::read::{self, MessageRefusal};
use crate::attestation_object::AttestationObject;
use crate::credential::{Base64Url, CredentialDescriptor};
use crate::extension::CredentialProtection;
use crate::options::{RelyingPartyEntity, UserEntity};

/// What the platform asks.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Request {
    /// 0x01: SHA-256 of the client data.
    pub client_data_hash: [u8; 32],
    /// 0x02: for which relying party.
    pub rp: RelyingPartyEntity,
    /// 0x03: for which user.
    pub user: UserEntity,
    /// 0x04: COSE algorithms, most wanted first.
    pub algorithms: Vec<i64>,
    /// 0x05: make none if one of these lives here.
    pub exclude: Vec<CredentialDescriptor>,
    /// 0x06: `credProtect`.
    pub cred_protect: Option<CredentialProtection>,
    /// 0x07 `rk`: whether it must be discoverable.
    pub resident_key: bool,
    /// 0x07 `up`: false only for conditional creation, which the client itself vouches for.
    pub user_presence: bool,
    /// 0x07 `uv`: whether the person must be verified.
    pub user_verification: bool,
}

impl Request {
    /// The message's parameters in canonical CBOR, without the command byte.
    pub fn encode(&self) -> Vec<u8> {
        let parameters = self
            .algorithms
            .iter()
            .map(|alg| {
                Value::Map(vec![
                    (Key::Text("alg"), Value::Integer(*alg)),
                    (Key::Text("type"), Value::Text("public-key")),
                ])
            })
            .collect();
        let mut entries = vec![
            (Key::Integer(1), Value::Bytes(&self.client_data_hash)),
            (
                Key::Integer(2),
                Value::Map(vec![
                    (Key::Text("id"), Value::Text(&self.rp.id)),
                    (Key::Text("name"), Value::Text(&self.rp.name)),
                ]),
            ),
            (
                Key::Integer(3),
                Value::Map(vec![
                    (Key::Text("id"), Value::Bytes(&self.user.id)),
                    (Key::Text("name"), Value::Text(&self.user.name)),
                    (Key::Text("displayName"), Value::Text(&self.user.display_name)),
                ]),
            ),
            (Key::Integer(4), Value::Array(parameters)),
        ];
        if !self.exclude.is_empty() {
            entries.push((Key::Integer(5), read::descriptor_values(&self.exclude)));
        }
        if let Some(level) = self.cred_protect {
            let extension = vec![(Key::Text("credProtect"), Value::Integer(level.level()))];
            entries.push((Key::Integer(6), Value::Map(extension)));
        }
        entries.push((
            Key::Integer(7),
            Value::Map(vec![
                (Key::Text("rk"), Value::Bool(self.resident_key)),
                (Key::Text("up"), Value::Bool(self.user_presence)),
                (Key::Text("uv"), Value::Bool(self.user_verification)),
            ]),
        ));
        Value::Map(entries).encode()
    }

    /// Reads the message's parameters.
    pub fn parse(bytes: &[u8]) -> Result<Self, MessageRefusal> {
        let message = read::parse(bytes)?;
        let rp = message.at(2).ok_or(MessageRefusal::MemberMissing)?;
        let user = message.at(3).ok_or(MessageRefusal::MemberMissing)?;
        let parameters = message.at(4).ok_or(MessageRefusal::MemberMissing)?;
        let algorithms = parameters
            .as_array()
            .ok_or(MessageRefusal::MemberType)?
            .iter()
            .map(|item| item.get("alg").and_then(Value::as_integer).ok_or(MessageRefusal::MemberType))
            .collect::<Result<_, _>>()?;
        Ok(Self {
            client_data_hash: read::array_of_32(message.at(1))?,
            rp: RelyingPartyEntity {
                id: read::text(rp.get("id"))?,
                name: read::optional_text(rp.get("name"))?,
            },
            user: UserEntity {
                id: Base64Url(read::bytes(user.get("id"))?),
                name: read::optional_text(user.get("name"))?,
                display_name: read::optional_text(user.get("displayName"))?,
            },
            algorithms,
            exclude: read::descriptors(message.at(5))?,
            cred_protect: message
                .at(6)
                .and_then(|extensions| extensions.get("credProtect"))
                .and_then(Value::as_integer)
                .and_then(CredentialProtection::from_level),
            resident_key: read::option(&message, 7, "rk", false)?,
            user_presence: read::option(&message, 7, "up", true)?,
            user_verification: read::option(&message, 7, "uv", false)?,
        })
    }
}

/// What the authenticator answers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Response<'a>(pub AttestationObject<'a>);

impl<'a> Response<'a> {
    /// The response in canonical CBOR, without the status byte.
    pub fn encode(&self) -> Vec<u8> {
        Value::Map(vec![
            (Key::Integer(1), Value::Text(self.0.format)),
            (Key::Integer(2), Value::Bytes(self.0.authenticator_data)),
            (Key::Integer(3), self.0.statement.clone()),
        ])
        .encode()
    }

    /// Reads the response.
    pub fn parse(bytes: &'a [u8]) -> Result<Self, MessageRefusal> {
        let message = read::parse(bytes)?;
        let format = message.at(1).ok_or(MessageRefusal::MemberMissing)?;
        let data = message.at(2).ok_or(MessageRefusal::MemberMissing)?;
        let statement = message.at(3).ok_or(MessageRefusal::MemberMissing)?;
        Ok(Self(AttestationObject {
            format: format.as_text().ok_or(MessageRefusal::MemberType)?,
            authenticator_data: data.as_bytes().ok_or(MessageRefusal::MemberType)?,
            statement: statement.clone(),
        }))
    }
}
