//! The first message of the phone after the handshake (CTAP 2.3 section 11.5.1.5): what it can do.

use primitives::cbor::{self, Key, Value};

/// What the phone can do.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PostHandshake {
    /// The reply to getInfo without its status, if the phone speaks CTAP.
    pub get_info: Option<Vec<u8>>,
    /// Whether it takes digital credentials.
    pub digital_credentials: bool,
}

impl PostHandshake {
    /// The CBOR map, which goes without a byte of kind.
    pub fn write(&self) -> Vec<u8> {
        let mut entries = Vec::new();
        let mut features = Vec::new();
        if let Some(info) = &self.get_info {
            entries.push((Key::Integer(1), Value::Bytes(info)));
            features.push(Value::Text("ctap"));
        }
        if self.digital_credentials {
            features.push(Value::Text("dc"));
        }
        entries.push((Key::Integer(3), Value::Array(features)));
        Value::Map(entries).encode()
    }

    /// From the CBOR map. Who lists no features has CTAP alone.
    pub fn read(bytes: &[u8]) -> Result<Self, PostHandshakeRefusal> {
        let value = cbor::parse(bytes, cbor::CTAP2_DEPTH).map_err(|_| PostHandshakeRefusal::Cbor)?;
        if value.as_map().is_none() {
            return Err(PostHandshakeRefusal::Cbor);
        }
        let features = match value.at(3) {
            None => vec!["ctap"],
            Some(list) => {
                let items = list.as_array().ok_or(PostHandshakeRefusal::Features)?;
                let texts: Option<Vec<&str>> = items.iter().map(Value::as_text).collect();
                texts.ok_or(PostHandshakeRefusal::Features)?
            }
        };
        let info = value.at(1).and_then(Value::as_bytes).map(<[u8]>::to_vec);
        if features.contains(&"ctap") && info.is_none() {
            return Err(PostHandshakeRefusal::GetInfo);
        }
        Ok(Self { get_info: info, digital_credentials: features.contains(&"dc") })
    }
}

/// Why the phone's first message is refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PostHandshakeRefusal {
    /// Not a map of CTAP2 canonical CBOR.
    Cbor,
    /// Key 1 is missing though the phone speaks CTAP, or no byte string.
    GetInfo,
    /// Key 3 is no list of texts.
    Features,
}

impl PostHandshakeRefusal {
    /// The name by which people and logs know it.
    pub fn code(self) -> &'static str {
        match self {
            PostHandshakeRefusal::Cbor => "post_handshake_cbor",
            PostHandshakeRefusal::GetInfo => "post_handshake_get_info",
            PostHandshakeRefusal::Features => "post_handshake_features",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn map(entries: Vec<(i64, Value<'_>)>) -> Vec<u8> {
        Value::Map(entries.into_iter().map(|(key, value)| (Key::Integer(key), value)).collect()).encode()
    }

    #[test]
    fn what_is_written_is_read() {
        for get_info in [None, Some(vec![0xa0])] {
            for digital_credentials in [false, true] {
                let message = PostHandshake { get_info: get_info.clone(), digital_credentials };
                assert_eq!(PostHandshake::read(&message.write()), Ok(message));
            }
        }
    }

    #[test]
    fn no_features_mean_ctap_and_unknown_keys_nothing() {
        let plain = PostHandshake { get_info: Some(vec![0xa0]), digital_credentials: false };
        let padded = map(vec![(0, Value::Bytes(&[0; 99])), (1, Value::Bytes(&[0xa0])), (9, Value::Null)]);
        assert_eq!(PostHandshake::read(&padded), Ok(plain));
    }

    #[test]
    fn each_fault_is_refused_by_its_name() {
        let features = |items| Value::Array(items);
        for (bytes, refusal) in [
            (vec![0x80], PostHandshakeRefusal::Cbor),
            (vec![0xa1, 1], PostHandshakeRefusal::Cbor),
            (map(vec![]), PostHandshakeRefusal::GetInfo),
            (map(vec![(1, Value::Text("x"))]), PostHandshakeRefusal::GetInfo),
            (map(vec![(3, features(vec![Value::Text("ctap")]))]), PostHandshakeRefusal::GetInfo),
            (map(vec![(1, Value::Bytes(&[])), (3, Value::Null)]), PostHandshakeRefusal::Features),
            (map(vec![(3, features(vec![Value::Integer(1)]))]), PostHandshakeRefusal::Features),
        ] {
            assert_eq!(PostHandshake::read(&bytes), Err(refusal), "{bytes:?}");
            assert!(refusal.code().starts_with("post_handshake"));
        }
    }
}
