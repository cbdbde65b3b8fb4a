//! authenticatorConfig (CTAP 2.3 section 6.11).

use primitives::cbor::Value;

use super::read::MessageRefusal;
use super::{members, proven};

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

impl From<Subcommand> for u8 {
    fn from(subcommand: Subcommand) -> Self {
        subcommand.number()
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

impl proven::Parameters for Parameters {
    type Subcommand = Subcommand;

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

/// What the platform asks; its subcommand is one of [`Subcommand`].
pub type Request = proven::Request<Parameters>;

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
