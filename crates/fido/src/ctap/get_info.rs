//! authenticatorGetInfo (CTAP 2.3 section 6.4).

use primitives::cbor::{Key, Value};

use super::members;
use super::read::{self, MessageRefusal};

/// What the authenticator says about itself. Members that it does not have are left out.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Response {
    /// 0x01: the versions of the protocol.
    pub versions: Vec<String>,
    /// 0x02: extensions.
    pub extensions: Vec<String>,
    /// 0x03: the model.
    pub aaguid: [u8; 16],
    /// 0x04: options by name.
    pub options: Vec<(String, bool)>,
    /// 0x05: longest message that it reads.
    pub max_msg_size: Option<u64>,
    /// 0x06: PIN/UV auth protocols, most wanted first.
    pub pin_uv_auth_protocols: Vec<u64>,
    /// 0x07: most credentials in a list.
    pub max_credential_count_in_list: Option<u64>,
    /// 0x08: longest credential id in a list.
    pub max_credential_id_length: Option<u64>,
    /// 0x09: how it may be reached.
    pub transports: Vec<String>,
    /// 0x0a: COSE algorithms, most wanted first.
    pub algorithms: Vec<i64>,
    /// 0x0b: longest serialized array of large blobs.
    pub max_serialized_large_blob_array: Option<u64>,
    /// 0x0c: whether the PIN must be changed first.
    pub force_pin_change: Option<bool>,
    /// 0x0d: fewest code points of a PIN.
    pub min_pin_length: Option<u64>,
    /// 0x0f: longest `credBlob`.
    pub max_cred_blob_length: Option<u64>,
    /// 0x10: most relying parties that may be told how short a PIN may be.
    pub max_rp_ids_for_set_min_pin_length: Option<u64>,
    /// 0x14: how many more discoverable credentials it takes for sure.
    pub remaining_discoverable_credentials: Option<u64>,
    /// 0x16: attestation formats.
    pub attestation_formats: Vec<String>,
    /// 0x1a: over which transports it may be reset.
    pub transports_for_reset: Vec<String>,
}

impl Response {
    /// The answer in canonical CBOR, without the status byte.
    pub fn encode(&self) -> Vec<u8> {
        let options =
            self.options.iter().map(|(name, value)| (Key::Text(name), Value::Bool(*value))).collect();
        let numbers = self.pin_uv_auth_protocols.iter().map(|number| members::number(*number)).collect();
        members::map([
            (0x01, Some(texts(&self.versions))),
            (0x02, some_texts(&self.extensions)),
            (0x03, Some(Value::Bytes(&self.aaguid))),
            (0x04, (!self.options.is_empty()).then_some(Value::Map(options))),
            (0x05, self.max_msg_size.map(members::number)),
            (0x06, (!self.pin_uv_auth_protocols.is_empty()).then_some(Value::Array(numbers))),
            (0x07, self.max_credential_count_in_list.map(members::number)),
            (0x08, self.max_credential_id_length.map(members::number)),
            (0x09, some_texts(&self.transports)),
            (0x0a, (!self.algorithms.is_empty()).then(|| algorithms(&self.algorithms))),
            (0x0b, self.max_serialized_large_blob_array.map(members::number)),
            (0x0c, self.force_pin_change.map(Value::Bool)),
            (0x0d, self.min_pin_length.map(members::number)),
            (0x0f, self.max_cred_blob_length.map(members::number)),
            (0x10, self.max_rp_ids_for_set_min_pin_length.map(members::number)),
            (0x14, self.remaining_discoverable_credentials.map(members::number)),
            (0x16, some_texts(&self.attestation_formats)),
            (0x1a, some_texts(&self.transports_for_reset)),
        ])
        .encode()
    }

    /// Reads the answer; members that are not known are passed over.
    pub fn parse(bytes: &[u8]) -> Result<Self, MessageRefusal> {
        let message = read::parse(bytes)?;
        let aaguid = read::bytes(message.at(0x03))?;
        message.at(0x01).ok_or(MessageRefusal::MemberMissing)?;
        let unsigned = |key| members::optional_unsigned(&message, key);
        Ok(Self {
            versions: read_texts(&message, 0x01)?,
            extensions: read_texts(&message, 0x02)?,
            aaguid: aaguid.try_into().map_err(|_| MessageRefusal::MemberLength)?,
            options: read_options(&message)?,
            max_msg_size: unsigned(0x05)?,
            pin_uv_auth_protocols: list(&message, 0x06, |item| u64::try_from(item.as_integer()?).ok())?,
            max_credential_count_in_list: unsigned(0x07)?,
            max_credential_id_length: unsigned(0x08)?,
            transports: read_texts(&message, 0x09)?,
            algorithms: list(&message, 0x0a, |item| item.get("alg")?.as_integer())?,
            max_serialized_large_blob_array: unsigned(0x0b)?,
            force_pin_change: members::optional(&message, 0x0c, Value::as_bool)?,
            min_pin_length: unsigned(0x0d)?,
            max_cred_blob_length: unsigned(0x0f)?,
            max_rp_ids_for_set_min_pin_length: unsigned(0x10)?,
            remaining_discoverable_credentials: unsigned(0x14)?,
            attestation_formats: read_texts(&message, 0x16)?,
            transports_for_reset: read_texts(&message, 0x1a)?,
        })
    }

    /// What it says to an option; `None` is nothing at all, which is not the same as no.
    pub fn option(&self, name: &str) -> Option<bool> {
        self.options.iter().find(|(other, _)| other == name).map(|(_, value)| *value)
    }
}

fn texts(items: &[String]) -> Value<'_> {
    Value::Array(items.iter().map(|item| Value::Text(item)).collect())
}

fn some_texts(items: &[String]) -> Option<Value<'_>> {
    (!items.is_empty()).then(|| texts(items))
}

fn algorithms(items: &[i64]) -> Value<'static> {
    let parameters = |alg: &i64| {
        let kind = (Key::Text("type"), Value::Text("public-key"));
        Value::Map(vec![(Key::Text("alg"), Value::Integer(*alg)), kind])
    };
    Value::Array(items.iter().map(parameters).collect())
}

fn list<T>(
    message: &Value<'_>,
    key: i64,
    as_type: impl Fn(&Value<'_>) -> Option<T>,
) -> Result<Vec<T>, MessageRefusal> {
    let Some(value) = message.at(key) else { return Ok(Vec::new()) };
    let items = value.as_array().ok_or(MessageRefusal::MemberType)?;
    items.iter().map(|item| as_type(item).ok_or(MessageRefusal::MemberType)).collect()
}

fn read_texts(message: &Value<'_>, key: i64) -> Result<Vec<String>, MessageRefusal> {
    list(message, key, |item| item.as_text().map(str::to_owned))
}

fn read_options(message: &Value<'_>) -> Result<Vec<(String, bool)>, MessageRefusal> {
    let Some(options) = message.at(0x04) else { return Ok(Vec::new()) };
    let read = |(key, value): &(Key<'_>, Value<'_>)| match (key, value) {
        (Key::Text(name), Value::Bool(value)) => Ok(((*name).to_owned(), *value)),
        _ => Err(MessageRefusal::MemberType),
    };
    options.as_map().ok_or(MessageRefusal::MemberType)?.iter().map(read).collect()
}

#[cfg(test)]
mod tests;
