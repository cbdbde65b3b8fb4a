//! authenticatorLargeBlobs (CTAP 2.3 section 6.10).

use primitives::cbor::Value;

use super::members;
use super::read::{self, MessageRefusal};

/// What the platform asks: a piece of the array, or to take a piece.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Request {
    /// 0x01: how many bytes to hand out.
    pub get: Option<u64>,
    /// 0x02: bytes to take.
    pub set: Option<Vec<u8>>,
    /// 0x03: from where.
    pub offset: Option<u64>,
    /// 0x04: how long the whole array will be; with its first piece only.
    pub length: Option<u64>,
    /// 0x05: the proof.
    pub auth_param: Option<Vec<u8>>,
    /// 0x06: the PIN/UV auth protocol.
    pub protocol: Option<u64>,
}

impl Request {
    /// The message's parameters in canonical CBOR, without the command byte.
    pub fn encode(&self) -> Vec<u8> {
        members::map([
            (1, self.get.map(members::number)),
            (2, self.set.as_deref().map(Value::Bytes)),
            (3, self.offset.map(members::number)),
            (4, self.length.map(members::number)),
            (5, self.auth_param.as_deref().map(Value::Bytes)),
            (6, self.protocol.map(members::number)),
        ])
        .encode()
    }

    /// Reads the message's parameters.
    pub fn parse(bytes: &[u8]) -> Result<Self, MessageRefusal> {
        let message = read::parse(bytes)?;
        Ok(Self {
            get: members::optional_unsigned(&message, 1)?,
            set: members::optional_bytes(&message, 2)?,
            offset: members::optional_unsigned(&message, 3)?,
            length: members::optional_unsigned(&message, 4)?,
            auth_param: members::optional_bytes(&message, 5)?,
            protocol: members::optional_unsigned(&message, 6)?,
        })
    }
}

/// What the authenticator answers: the piece that was asked for. To one that it took, there is only the status.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Response {
    /// 0x01: the bytes.
    pub config: Option<Vec<u8>>,
}

impl Response {
    /// The answer in canonical CBOR; nothing where it has no members.
    pub fn encode(&self) -> Vec<u8> {
        members::answer([(1, self.config.as_deref().map(Value::Bytes))])
    }

    /// Reads an answer.
    pub fn parse(bytes: &[u8]) -> Result<Self, MessageRefusal> {
        if bytes.is_empty() {
            return Ok(Self::default());
        }
        Ok(Self { config: members::optional_bytes(&read::parse(bytes)?, 1)? })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use primitives::cbor::Key;

    #[test]
    fn messages_read_back() {
        let full = Request {
            get: Some(960),
            set: Some(vec![1; 17]),
            offset: Some(0),
            length: Some(17),
            auth_param: Some(vec![2; 32]),
            protocol: Some(2),
        };
        assert_eq!(Request::parse(&full.encode()), Ok(full));
        assert_eq!(Request::parse(&[0xa0]), Ok(Request::default()));
        let answer = Response { config: Some(vec![3; 17]) };
        assert_eq!(Response::parse(&answer.encode()), Ok(answer));
        assert_eq!(Response::default().encode(), Vec::<u8>::new());
    }

    #[test]
    fn members_of_the_wrong_type_are_refused() {
        for key in 1..=6 {
            let odd = Value::Map(vec![(Key::Integer(key), Value::Bool(true))]);
            assert_eq!(Request::parse(&odd.encode()), Err(MessageRefusal::MemberType), "{key}");
        }
        let negative = Value::Map(vec![(Key::Integer(3), Value::Integer(-1))]);
        assert_eq!(Request::parse(&negative.encode()), Err(MessageRefusal::MemberType));
    }
}
