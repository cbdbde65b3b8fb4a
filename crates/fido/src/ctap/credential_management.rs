//! authenticatorCredentialManagement (CTAP 2.3 section 6.8).

use primitives::cbor::{Key, Value};

use super::read::{self, MessageRefusal};
use super::{members, proven};
use crate::credential::{Base64Url, CredentialDescriptor};
use crate::extension::CredentialProtection;
use crate::options::UserEntity;

/// What is to be done (section 6.8).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Subcommand {
    /// 0x01: how many discoverable credentials there are, and how many more there may be.
    GetCredsMetadata,
    /// 0x02: the first relying party that has some.
    EnumerateRpsBegin,
    /// 0x03: the next one.
    EnumerateRpsGetNextRp,
    /// 0x04: a relying party's first credential.
    EnumerateCredentialsBegin,
    /// 0x05: the next one.
    EnumerateCredentialsGetNextCredential,
    /// 0x06: a credential goes.
    DeleteCredential,
    /// 0x07: other names for a credential's user.
    UpdateUserInformation,
}

impl Subcommand {
    /// All of them.
    pub const ALL: [Self; 7] = [
        Self::GetCredsMetadata,
        Self::EnumerateRpsBegin,
        Self::EnumerateRpsGetNextRp,
        Self::EnumerateCredentialsBegin,
        Self::EnumerateCredentialsGetNextCredential,
        Self::DeleteCredential,
        Self::UpdateUserInformation,
    ];

    /// The number that stands for it.
    pub const fn number(self) -> u8 {
        match self {
            Self::GetCredsMetadata => 0x01,
            Self::EnumerateRpsBegin => 0x02,
            Self::EnumerateRpsGetNextRp => 0x03,
            Self::EnumerateCredentialsBegin => 0x04,
            Self::EnumerateCredentialsGetNextCredential => 0x05,
            Self::DeleteCredential => 0x06,
            Self::UpdateUserInformation => 0x07,
        }
    }

    /// The one with that number.
    pub fn from_number(number: u64) -> Option<Self> {
        Self::ALL.into_iter().find(|subcommand| u64::from(subcommand.number()) == number)
    }
}

impl From<Subcommand> for u8 {
    fn from(subcommand: Subcommand) -> Self {
        subcommand.number()
    }
}

/// 0x02: what the subcommand is about.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Parameters {
    /// 0x01: SHA-256 of the relying party's id.
    pub rp_id_hash: Option<[u8; 32]>,
    /// 0x02: the credential.
    pub credential: Option<CredentialDescriptor>,
    /// 0x03: its user as it is to be called.
    pub user: Option<UserEntity>,
}

impl proven::Parameters for Parameters {
    type Subcommand = Subcommand;

    fn value(&self) -> Value<'_> {
        members::map([
            (1, self.rp_id_hash.as_ref().map(|hash| Value::Bytes(hash))),
            (2, self.credential.as_ref().map(read::descriptor_value)),
            (3, self.user.as_ref().map(user_value)),
        ])
    }

    fn read(value: &Value<'_>) -> Result<Self, MessageRefusal> {
        let hash = value.at(1).map(|hash| read::array_of_32(Some(hash))).transpose()?;
        Ok(Self {
            rp_id_hash: hash,
            credential: value.at(2).map(read::descriptor).transpose()?,
            user: value.at(3).map(user).transpose()?,
        })
    }
}

/// What the platform asks; its subcommand is one of [`Subcommand`].
pub type Request = proven::Request<Parameters>;

/// What the authenticator answers; which members there are depends on the subcommand.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Response {
    /// 0x01: how many discoverable credentials there are.
    pub existing: Option<u64>,
    /// 0x02: how many more there is certainly room for.
    pub remaining: Option<u64>,
    /// 0x03: the id of a relying party and what it called itself.
    pub rp: Option<(String, String)>,
    /// 0x04: SHA-256 of that id.
    pub rp_id_hash: Option<[u8; 32]>,
    /// 0x05: how many relying parties there are.
    pub total_rps: Option<u64>,
    /// 0x06: whose credential.
    pub user: Option<UserEntity>,
    /// 0x07: which credential.
    pub credential: Option<CredentialDescriptor>,
    /// 0x08: its public key as COSE_Key.
    pub public_key: Option<Vec<u8>>,
    /// 0x09: how many credentials the relying party has here.
    pub total_credentials: Option<u64>,
    /// 0x0a: `credProtect`.
    pub cred_protect: Option<CredentialProtection>,
    /// 0x0b: the key of the credential's large blob.
    pub large_blob_key: Option<[u8; 32]>,
}

impl Response {
    /// The answer in canonical CBOR; nothing where it has no members.
    pub fn encode(&self) -> Vec<u8> {
        let key = self.public_key.as_deref().and_then(|key| read::parse(key).ok());
        members::answer([
            (1, self.existing.map(members::number)),
            (2, self.remaining.map(members::number)),
            (3, self.rp.as_ref().map(|(id, name)| rp_value(id, name))),
            (4, self.rp_id_hash.as_ref().map(|hash| Value::Bytes(hash))),
            (5, self.total_rps.map(members::number)),
            (6, self.user.as_ref().map(user_value)),
            (7, self.credential.as_ref().map(read::descriptor_value)),
            (8, key),
            (9, self.total_credentials.map(members::number)),
            (10, self.cred_protect.map(|level| Value::Integer(level.level()))),
            (11, self.large_blob_key.as_ref().map(|key| Value::Bytes(key))),
        ])
    }

    /// Reads an answer.
    pub fn parse(bytes: &[u8]) -> Result<Self, MessageRefusal> {
        if bytes.is_empty() {
            return Ok(Self::default());
        }
        let message = read::parse(bytes)?;
        let array = |key| {
            members::optional(&message, key, |value| value.as_bytes().and_then(|bytes| bytes.try_into().ok()))
        };
        Ok(Self {
            existing: members::optional_unsigned(&message, 1)?,
            remaining: members::optional_unsigned(&message, 2)?,
            rp: message.at(3).map(rp).transpose()?,
            rp_id_hash: array(4)?,
            total_rps: members::optional_unsigned(&message, 5)?,
            user: message.at(6).map(user).transpose()?,
            credential: message.at(7).map(read::descriptor).transpose()?,
            public_key: message.at(8).map(Value::encode),
            total_credentials: members::optional_unsigned(&message, 9)?,
            cred_protect: members::optional(&message, 10, |level| {
                level.as_integer().and_then(CredentialProtection::from_level)
            })?,
            large_blob_key: array(11)?,
        })
    }
}

fn rp_value<'a>(id: &'a str, name: &'a str) -> Value<'a> {
    let mut members = vec![(Key::Text("id"), Value::Text(id))];
    if !name.is_empty() {
        members.push((Key::Text("name"), Value::Text(name)));
    }
    Value::Map(members)
}

fn rp(value: &Value<'_>) -> Result<(String, String), MessageRefusal> {
    Ok((read::text(value.get("id"))?, read::optional_text(value.get("name"))?))
}

/// A name that is empty is none: section 6.8.6 has it left out.
fn user_value(user: &UserEntity) -> Value<'_> {
    let mut members = vec![(Key::Text("id"), Value::Bytes(&user.id))];
    let names = [("name", &user.name), ("displayName", &user.display_name)];
    let said = names.into_iter().filter(|(_, name)| !name.is_empty());
    members.extend(said.map(|(key, name)| (Key::Text(key), Value::Text(name.as_str()))));
    Value::Map(members)
}

fn user(value: &Value<'_>) -> Result<UserEntity, MessageRefusal> {
    if value.as_map().is_none() {
        return Err(MessageRefusal::MemberType);
    }
    Ok(UserEntity {
        id: Base64Url(read::bytes(value.get("id"))?),
        name: read::optional_text(value.get("name"))?,
        display_name: read::optional_text(value.get("displayName"))?,
    })
}

#[cfg(test)]
mod tests;
