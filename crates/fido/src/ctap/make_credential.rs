//! authenticatorMakeCredential (CTAP 2.3 section 6.1).

use primitives::cbor::{Key, Value};

use super::PinUvAuth;
use super::extensions::{self, CreationInputs, PrfResults};
use super::members;
use super::read::{self, MessageRefusal};
use crate::attestation_object::AttestationObject;
use crate::credential::{Base64Url, CredentialDescriptor};
use crate::extension::CredentialProtection;
use crate::options::{RelyingPartyEntity, UserEntity};

/// What the platform asks.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
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
    /// 0x06: the other extensions.
    pub extensions: CreationInputs,
    /// 0x07 `rk`: whether it must be discoverable.
    pub resident_key: bool,
    /// 0x07 `up`: false only for conditional creation, which the client itself vouches for.
    pub user_presence: bool,
    /// 0x07 `uv`: whether the person must be verified.
    pub user_verification: bool,
    /// 0x08 and 0x09.
    pub auth: Option<PinUvAuth>,
    /// 0x0a: which kind of enterprise attestation is wanted.
    pub enterprise_attestation: Option<i64>,
    /// 0x0b: attestation formats, most wanted first.
    pub attestation_formats: Vec<String>,
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
        let mut inputs = self.extensions.entries();
        if let Some(level) = self.cred_protect {
            inputs.push((Key::Text("credProtect"), Value::Integer(level.level())));
        }
        if !inputs.is_empty() {
            entries.push((Key::Integer(6), Value::Map(inputs)));
        }
        entries.push((
            Key::Integer(7),
            Value::Map(vec![
                (Key::Text("rk"), Value::Bool(self.resident_key)),
                (Key::Text("up"), Value::Bool(self.user_presence)),
                (Key::Text("uv"), Value::Bool(self.user_verification)),
            ]),
        ));
        entries.extend(read::pin_uv_auth_entries(self.auth.as_ref(), 8, 9));
        if let Some(kind) = self.enterprise_attestation {
            entries.push((Key::Integer(10), Value::Integer(kind)));
        }
        if !self.attestation_formats.is_empty() {
            let formats = self.attestation_formats.iter().map(|format| Value::Text(format));
            entries.push((Key::Integer(11), Value::Array(formats.collect())));
        }
        Value::Map(entries).encode()
    }

    /// Reads the message's parameters. An algorithm for another type of credential is passed over.
    pub fn parse(bytes: &[u8]) -> Result<Self, MessageRefusal> {
        let message = read::parse_extended(bytes)?;
        let client_data_hash = read::array_of_32(message.at(1))?;
        let rp = member_map(&message, 2)?;
        let rp =
            RelyingPartyEntity { id: read::text(rp.get("id"))?, name: read::optional_text(rp.get("name"))? };
        let user = member_map(&message, 3)?;
        let user = UserEntity {
            id: Base64Url(read::bytes(user.get("id"))?),
            name: read::optional_text(user.get("name"))?,
            display_name: read::optional_text(user.get("displayName"))?,
        };
        if user.id.is_empty() || user.id.len() > LONGEST_USER_HANDLE {
            return Err(MessageRefusal::MemberLength);
        }
        let inputs = message.at(6);
        Ok(Self {
            client_data_hash,
            rp,
            user,
            algorithms: algorithms(&message)?,
            exclude: read::descriptors(message.at(5))?,
            extensions: CreationInputs::read(inputs)?,
            cred_protect: extensions::cred_protect(inputs)?,
            resident_key: read::option(&message, 7, "rk", false)?,
            user_presence: read::option(&message, 7, "up", true)?,
            user_verification: read::option(&message, 7, "uv", false)?,
            auth: read::pin_uv_auth(&message, 8, 9)?,
            enterprise_attestation: members::optional(&message, 10, Value::as_integer)?,
            attestation_formats: formats(message.at(11))?,
        })
    }
}

/// Longest user handle (WebAuthn Level 3 section 5.4.3).
const LONGEST_USER_HANDLE: usize = 64;

fn member_map<'m, 'a>(message: &'m Value<'a>, at: i64) -> Result<&'m Value<'a>, MessageRefusal> {
    let member = message.at(at).ok_or(MessageRefusal::MemberMissing)?;
    if member.as_map().is_some() { Ok(member) } else { Err(MessageRefusal::MemberType) }
}

fn algorithms(message: &Value<'_>) -> Result<Vec<i64>, MessageRefusal> {
    let parameters = message.at(4).ok_or(MessageRefusal::MemberMissing)?;
    let mut algorithms = Vec::new();
    for item in parameters.as_array().ok_or(MessageRefusal::MemberType)? {
        item.as_map().ok_or(MessageRefusal::MemberType)?;
        let algorithm = item.get("alg").ok_or(MessageRefusal::MemberMissing)?;
        let algorithm = algorithm.as_integer().ok_or(MessageRefusal::MemberType)?;
        if read::text(item.get("type"))? == "public-key" {
            algorithms.push(algorithm);
        }
    }
    Ok(algorithms)
}

fn formats(value: Option<&Value<'_>>) -> Result<Vec<String>, MessageRefusal> {
    let Some(value) = value else { return Ok(Vec::new()) };
    let items = value.as_array().ok_or(MessageRefusal::MemberType)?;
    items.iter().map(|item| read::text(Some(item))).collect()
}

/// What the authenticator answers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Response<'a> {
    /// 0x01 to 0x03: format, authenticator data, statement.
    pub object: AttestationObject<'a>,
    /// 0x05: the key of the credential's large blob.
    pub large_blob_key: Option<[u8; 32]>,
    /// 0x06: `prf`.
    pub prf: Option<PrfResults>,
}

impl<'a> Response<'a> {
    /// One without extensions outside the signature.
    pub fn new(object: AttestationObject<'a>) -> Self {
        Self { object, large_blob_key: None, prf: None }
    }

    /// The response in canonical CBOR, without the status byte.
    pub fn encode(&self) -> Vec<u8> {
        members::map([
            (1, Some(Value::Text(self.object.format))),
            (2, Some(Value::Bytes(self.object.authenticator_data))),
            (3, Some(self.object.statement.clone())),
            (5, self.large_blob_key.as_ref().map(|key| Value::Bytes(key))),
            (6, self.prf.as_ref().map(PrfResults::outputs)),
        ])
        .encode()
    }

    /// Reads the response.
    pub fn parse(bytes: &'a [u8]) -> Result<Self, MessageRefusal> {
        let message = read::parse(bytes)?;
        let format = message.at(1).ok_or(MessageRefusal::MemberMissing)?;
        let data = message.at(2).ok_or(MessageRefusal::MemberMissing)?;
        let statement = message.at(3).ok_or(MessageRefusal::MemberMissing)?;
        Ok(Self {
            object: AttestationObject {
                format: format.as_text().ok_or(MessageRefusal::MemberType)?,
                authenticator_data: data.as_bytes().ok_or(MessageRefusal::MemberType)?,
                statement: statement.clone(),
            },
            large_blob_key: message.at(5).map(|key| read::array_of_32(Some(key))).transpose()?,
            prf: PrfResults::read(message.at(6))?,
        })
    }
}
