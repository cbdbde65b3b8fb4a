//! The form that authenticatorCredentialManagement and authenticatorConfig share: a subcommand, what it is told, and the
//! platform's proof over both (CTAP 2.3 sections 6.8 and 6.11).

use primitives::cbor::Value;

use super::members;
use super::read::{self, MessageRefusal};

/// What a subcommand is told.
pub trait Parameters: Sized {
    /// The subcommands that there are.
    type Subcommand: Into<u8>;

    /// The CBOR map.
    fn value(&self) -> Value<'_>;

    /// Reads the CBOR map.
    fn read(value: &Value<'_>) -> Result<Self, MessageRefusal>;

    /// In canonical CBOR, as the platform's proof covers them.
    fn encode(&self) -> Vec<u8> {
        self.value().encode()
    }
}

/// What the platform asks.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Request<P> {
    /// 0x01: the subcommand.
    pub subcommand: u64,
    /// 0x02: what it is told.
    pub parameters: Option<P>,
    /// 0x02 as it came: what the platform's proof covers, members and all that this program does not know.
    pub parameters_as_sent: Vec<u8>,
    /// 0x03: the PIN/UV auth protocol.
    pub protocol: Option<u64>,
    /// 0x04: the proof.
    pub auth_param: Option<Vec<u8>>,
}

impl<P: Parameters> Request<P> {
    /// One without proof.
    pub fn of(subcommand: P::Subcommand, parameters: Option<P>) -> Self {
        let parameters_as_sent = parameters.as_ref().map(Parameters::encode).unwrap_or_default();
        let subcommand = u64::from(subcommand.into());
        Self { subcommand, parameters, parameters_as_sent, protocol: None, auth_param: None }
    }

    /// The message's parameters in canonical CBOR, without the command byte.
    pub fn encode(&self) -> Vec<u8> {
        members::map([
            (1, Some(members::number(self.subcommand))),
            (2, self.parameters.as_ref().map(Parameters::value)),
            (3, self.protocol.map(members::number)),
            (4, self.auth_param.as_deref().map(Value::Bytes)),
        ])
        .encode()
    }

    /// Reads the message's parameters.
    pub fn parse(bytes: &[u8]) -> Result<Self, MessageRefusal> {
        let message = read::parse(bytes)?;
        let parameters = members::optional(&message, 2, |value| value.as_map().map(|_| value))?;
        Ok(Self {
            subcommand: members::optional_unsigned(&message, 1)?.ok_or(MessageRefusal::MemberMissing)?,
            parameters: parameters.map(P::read).transpose()?,
            // Canonical bytes have one spelling, so writing them again gives back what was read.
            parameters_as_sent: parameters.map(Value::encode).unwrap_or_default(),
            protocol: members::optional_unsigned(&message, 3)?,
            auth_param: members::optional_bytes(&message, 4)?,
        })
    }
}
