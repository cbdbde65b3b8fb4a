//! authenticatorConfig (CTAP 2.3 section 6.11).

use primitives::cbor::Value;

use super::members;
use super::read::{self, MessageRefusal};

/// What is to be done (section 6.11).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Subcommand {
    /// 0x01: attestation that names the device, for an enterprise.
    EnableEnterpriseAttestation,
    /// 0x02: always verify, or not always any more.
    ToggleAlwaysUv,
    /// 0x03: longer PINs, and who may ask how long.
    SetMinPinLength,
}

impl Subcommand {
    /// All of them.
    pub const ALL: [Self; 3] =
        [Self::EnableEnterpriseAttestation, Self::ToggleAlwaysUv, Self::SetMinPinLength];

    /// The number that stands for it.
    pub const fn number(self) -> u8 {
        match self {
            Self::EnableEnterpriseAttestation => 0x01,
            Self::ToggleAlwaysUv => 0x02,
            Self::SetMinPinLength => 0x03,
        }
    }

    /// The one with that number.
    pub fn from_number(number: u64) -> Option<Self> {
        Self::ALL.into_iter().find(|subcommand| u64::from(subcommand.number()) == number)
    }
}

/// 0x02: what setMinPINLength is told (section 6.11.4).
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Parameters {
    /// 0x01: the least number of code points.
    pub new_min_pin_length: Option<u64>,
    /// 0x02: the relying parties that may ask for it.
    pub min_pin_length_rp_ids: Option<Vec<String>>,
    /// 0x03: whether the PIN must change in any case.
    pub force_change_pin: Option<bool>,
    /// 0x04: whether PINs are to be held against a policy of the authenticator's own.
    pub pin_complexity_policy: Option<bool>,
}

impl Parameters {
    /// In canonical CBOR, as the platform's proof covers them.
    pub fn encode(&self) -> Vec<u8> {
        self.value().encode()
    }

    fn value(&self) -> Value<'_> {
        let rp_ids = self.min_pin_length_rp_ids.as_ref();
        members::map([
            (1, self.new_min_pin_length.map(members::number)),
            (2, rp_ids.map(|ids| Value::Array(ids.iter().map(|id| Value::Text(id)).collect()))),
            (3, self.force_change_pin.map(Value::Bool)),
            (4, self.pin_complexity_policy.map(Value::Bool)),
        ])
    }

    fn read(value: &Value<'_>) -> Result<Self, MessageRefusal> {
        Ok(Self {
            new_min_pin_length: members::optional_unsigned(value, 1)?,
            min_pin_length_rp_ids: members::optional(value, 2, |ids| {
                ids.as_array()?.iter().map(|id| id.as_text().map(str::to_owned)).collect()
            })?,
            force_change_pin: members::optional(value, 3, Value::as_bool)?,
            pin_complexity_policy: members::optional(value, 4, Value::as_bool)?,
        })
    }
}

/// What the platform asks. There is no answer but the status.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Request {
    /// 0x01: the subcommand, see [`Subcommand::from_number`].
    pub subcommand: u64,
    /// 0x02: what it is told.
    pub parameters: Option<Parameters>,
    /// 0x02 as it came: what the platform's proof covers.
    pub parameters_as_sent: Vec<u8>,
    /// 0x03: the PIN/UV auth protocol.
    pub protocol: Option<u64>,
    /// 0x04: the proof.
    pub auth_param: Option<Vec<u8>>,
}

impl Request {
    /// One without proof.
    pub fn of(subcommand: Subcommand, parameters: Option<Parameters>) -> Self {
        let parameters_as_sent = parameters.as_ref().map(Parameters::encode).unwrap_or_default();
        let subcommand = u64::from(subcommand.number());
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
            parameters: parameters.map(Parameters::read).transpose()?,
            // Canonical bytes have one spelling, so writing them again gives back what was read.
            parameters_as_sent: parameters.map(Value::encode).unwrap_or_default(),
            protocol: members::optional_unsigned(&message, 3)?,
            auth_param: members::optional_bytes(&message, 4)?,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use primitives::cbor::Key;

    #[test]
    fn a_request_reads_back() {
        for subcommand in Subcommand::ALL {
            let bare = Request::of(subcommand, None);
            assert_eq!(Request::parse(&bare.encode()), Ok(bare));
            assert_eq!(Subcommand::from_number(u64::from(subcommand.number())), Some(subcommand));
        }
        let parameters = Parameters {
            new_min_pin_length: Some(6),
            min_pin_length_rp_ids: Some(vec!["example.org".to_owned()]),
            force_change_pin: Some(true),
            pin_complexity_policy: Some(false),
        };
        let mut full = Request::of(Subcommand::SetMinPinLength, Some(parameters));
        full.protocol = Some(2);
        full.auth_param = Some(vec![1; 32]);
        assert_eq!(Request::parse(&full.encode()), Ok(full));
        assert_eq!(Subcommand::from_number(0xff), None);
    }

    #[test]
    fn members_of_the_wrong_type_are_refused() {
        let one = (Key::Integer(1), Value::Integer(3));
        for key in [2, 3, 4] {
            let odd = Value::Map(vec![one.clone(), (Key::Integer(key), Value::Null)]);
            assert_eq!(Request::parse(&odd.encode()), Err(MessageRefusal::MemberType), "{key}");
        }
        let odd_ids = Value::Array(vec![Value::Integer(1)]);
        for (key, odd) in [
            (1, Value::Text("6")),
            (2, odd_ids),
            (2, Value::Text("x")),
            (3, Value::Integer(1)),
            (4, Value::Null),
        ] {
            let parameters = Value::Map(vec![(Key::Integer(key), odd)]);
            let message = Value::Map(vec![one.clone(), (Key::Integer(2), parameters)]);
            assert_eq!(Request::parse(&message.encode()), Err(MessageRefusal::MemberType), "{key}");
        }
        assert_eq!(Request::parse(&[0xa0]), Err(MessageRefusal::MemberMissing));
    }
}
