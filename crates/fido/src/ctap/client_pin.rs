//! authenticatorClientPIN (CTAP 2.3 section 6.5).

use primitives::cbor::{Key, Value};

use super::members;
use super::read::{self, MessageRefusal};

/// What is to be done (section 6.5.5).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Subcommand {
    /// 0x01: how many wrong PINs are left.
    GetPinRetries,
    /// 0x02: the authenticator's key for agreement.
    GetKeyAgreement,
    /// 0x03: the first PIN.
    SetPin,
    /// 0x04: another PIN.
    ChangePin,
    /// 0x05: a token for the default permissions.
    GetPinToken,
    /// 0x06: a token by built-in verification.
    GetTokenUsingUv,
    /// 0x07: how many failed verifications are left.
    GetUvRetries,
    /// 0x09: a token by PIN.
    GetTokenUsingPin,
}

impl Subcommand {
    /// All of them.
    pub const ALL: [Self; 8] = [
        Self::GetPinRetries,
        Self::GetKeyAgreement,
        Self::SetPin,
        Self::ChangePin,
        Self::GetPinToken,
        Self::GetTokenUsingUv,
        Self::GetUvRetries,
        Self::GetTokenUsingPin,
    ];

    /// The number that stands for it.
    pub const fn number(self) -> u64 {
        match self {
            Self::GetPinRetries => 0x01,
            Self::GetKeyAgreement => 0x02,
            Self::SetPin => 0x03,
            Self::ChangePin => 0x04,
            Self::GetPinToken => 0x05,
            Self::GetTokenUsingUv => 0x06,
            Self::GetUvRetries => 0x07,
            Self::GetTokenUsingPin => 0x09,
        }
    }

    /// The one with that number.
    pub fn from_number(number: u64) -> Option<Self> {
        Self::ALL.into_iter().find(|subcommand| subcommand.number() == number)
    }
}

/// What the platform asks. Which members must be there depends on the subcommand, and the authenticator says so.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Request {
    /// 0x01: the PIN/UV auth protocol.
    pub protocol: Option<u64>,
    /// 0x02: the subcommand, see [`Subcommand::from_number`].
    pub subcommand: u64,
    /// 0x03: the platform's key, as an uncompressed point.
    pub key_agreement: Option<Vec<u8>>,
    /// 0x04: the proof that the platform sent what follows.
    pub auth_param: Option<Vec<u8>>,
    /// 0x05: the new PIN, encrypted.
    pub new_pin: Option<Vec<u8>>,
    /// 0x06: the first half of the digest of the PIN, encrypted.
    pub pin_hash: Option<Vec<u8>>,
    /// 0x09: what the token is to be good for.
    pub permissions: Option<u64>,
    /// 0x0a: the site that it is for.
    pub rp_id: Option<String>,
}

impl Request {
    /// One of a subcommand that needs nothing more.
    pub fn of(subcommand: Subcommand) -> Self {
        Self { subcommand: subcommand.number(), ..Self::default() }
    }

    /// The message's parameters in canonical CBOR, without the command byte.
    pub fn encode(&self) -> Vec<u8> {
        members::map([
            (1, self.protocol.map(members::number)),
            (2, Some(members::number(self.subcommand))),
            (3, self.key_agreement.as_deref().map(agreement_key)),
            (4, self.auth_param.as_deref().map(Value::Bytes)),
            (5, self.new_pin.as_deref().map(Value::Bytes)),
            (6, self.pin_hash.as_deref().map(Value::Bytes)),
            (9, self.permissions.map(members::number)),
            (10, self.rp_id.as_deref().map(Value::Text)),
        ])
        .encode()
    }

    /// Reads the message's parameters.
    pub fn parse(bytes: &[u8]) -> Result<Self, MessageRefusal> {
        let message = read::parse(bytes)?;
        let key_agreement = members::optional(&message, 3, |value| value.as_map().map(|_| value))?;
        Ok(Self {
            protocol: members::optional_unsigned(&message, 1)?,
            subcommand: members::optional_unsigned(&message, 2)?.ok_or(MessageRefusal::MemberMissing)?,
            key_agreement: key_agreement.map(agreement_point),
            auth_param: members::optional_bytes(&message, 4)?,
            new_pin: members::optional_bytes(&message, 5)?,
            pin_hash: members::optional_bytes(&message, 6)?,
            permissions: members::optional_unsigned(&message, 9)?,
            rp_id: members::optional_text(&message, 10)?,
        })
    }
}

/// What the authenticator answers; which members there are depends on the subcommand.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Response {
    /// 0x01: the authenticator's key, as an uncompressed point.
    pub key_agreement: Option<Vec<u8>>,
    /// 0x02: the token, encrypted.
    pub token: Option<Vec<u8>>,
    /// 0x03: how many wrong PINs are left.
    pub pin_retries: Option<u64>,
    /// 0x04: whether only a power cycle lets it take PINs again.
    pub power_cycle: Option<bool>,
    /// 0x05: how many failed verifications are left.
    pub uv_retries: Option<u64>,
}

impl Response {
    /// The answer in canonical CBOR; nothing where it has no members.
    pub fn encode(&self) -> Vec<u8> {
        members::answer([
            (1, self.key_agreement.as_deref().map(agreement_key)),
            (2, self.token.as_deref().map(Value::Bytes)),
            (3, self.pin_retries.map(members::number)),
            (4, self.power_cycle.map(Value::Bool)),
            (5, self.uv_retries.map(members::number)),
        ])
    }

    /// Reads an answer.
    pub fn parse(bytes: &[u8]) -> Result<Self, MessageRefusal> {
        if bytes.is_empty() {
            return Ok(Self::default());
        }
        let message = read::parse(bytes)?;
        let key_agreement = members::optional(&message, 1, |value| value.as_map().map(|_| value))?;
        Ok(Self {
            key_agreement: key_agreement.map(agreement_point),
            token: members::optional_bytes(&message, 2)?,
            pin_retries: members::optional_unsigned(&message, 3)?,
            power_cycle: members::optional(&message, 4, Value::as_bool)?,
            uv_retries: members::optional_unsigned(&message, 5)?,
        })
    }
}

/// A key for agreement as COSE_Key (section 6.5.6, `getPublicKey`): its "algorithm" is one by the text of CTAP only.
///
/// `point` is uncompressed; what is not has no coordinates to speak of and becomes a key that nobody takes.
pub fn agreement_key(point: &[u8]) -> Value<'_> {
    let coordinates = point.get(1..).unwrap_or_default();
    let (x, y) = coordinates.split_at_checked(32).unwrap_or_default();
    Value::Map(vec![
        (Key::Integer(1), Value::Integer(2)),
        (Key::Integer(3), Value::Integer(-25)),
        (Key::Integer(-1), Value::Integer(1)),
        (Key::Integer(-2), Value::Bytes(x)),
        (Key::Integer(-3), Value::Bytes(y)),
    ])
}

/// The point of a key for agreement, uncompressed; of a key of any other kind there are no bytes, and no curve has a
/// point of no bytes.
pub fn agreement_point(key: &Value<'_>) -> Vec<u8> {
    let is = |label: i64, wanted: i64| key.at(label).and_then(Value::as_integer) == Some(wanted);
    let coordinate =
        |label: i64| key.at(label).and_then(Value::as_bytes).filter(|coordinate| coordinate.len() == 32);
    match (coordinate(-2), coordinate(-3)) {
        (Some(x), Some(y)) if is(1, 2) && is(3, -25) && is(-1, 1) => [&[4], x, y].concat(),
        _ => Vec::new(),
    }
}

#[cfg(test)]
mod tests;
