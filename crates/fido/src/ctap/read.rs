//! Reading the members of CTAP2 messages.

use primitives::cbor::{self, CborRefusal, Key, Value};

use crate::credential::{Base64Url, CredentialDescriptor, CredentialType};

/// Why bytes are no message of this kind.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MessageRefusal {
    /// Not canonical CBOR.
    Cbor(CborRefusal),
    /// A member that must be there is not.
    MemberMissing,
    /// A member has the wrong type.
    MemberType,
}

pub(super) fn parse(bytes: &[u8]) -> Result<Value<'_>, MessageRefusal> {
    cbor::parse(bytes, cbor::CTAP2_DEPTH).map_err(MessageRefusal::Cbor)
}

pub(super) fn bytes(value: Option<&Value<'_>>) -> Result<Vec<u8>, MessageRefusal> {
    value
        .ok_or(MessageRefusal::MemberMissing)?
        .as_bytes()
        .map(<[u8]>::to_vec)
        .ok_or(MessageRefusal::MemberType)
}

pub(super) fn text(value: Option<&Value<'_>>) -> Result<String, MessageRefusal> {
    value.ok_or(MessageRefusal::MemberMissing)?.as_text().map(str::to_owned).ok_or(MessageRefusal::MemberType)
}

pub(super) fn optional_text(value: Option<&Value<'_>>) -> Result<String, MessageRefusal> {
    if value.is_none() { Ok(String::new()) } else { text(value) }
}

pub(super) fn array_of_32(value: Option<&Value<'_>>) -> Result<[u8; 32], MessageRefusal> {
    bytes(value)?.try_into().map_err(|_| MessageRefusal::MemberType)
}

/// A member of the `options` map; absent is `default`.
pub(super) fn option(
    message: &Value<'_>,
    at: i64,
    name: &str,
    default: bool,
) -> Result<bool, MessageRefusal> {
    match message.at(at).and_then(|options| options.get(name)) {
        None => Ok(default),
        Some(value) => value.as_bool().ok_or(MessageRefusal::MemberType),
    }
}

pub(super) fn descriptors(value: Option<&Value<'_>>) -> Result<Vec<CredentialDescriptor>, MessageRefusal> {
    let Some(value) = value else {
        return Ok(Vec::new());
    };
    let items = value.as_array().ok_or(MessageRefusal::MemberType)?;
    items.iter().map(descriptor).collect()
}

pub(super) fn descriptor(item: &Value<'_>) -> Result<CredentialDescriptor, MessageRefusal> {
    let id = bytes(item.get("id"))?;
    match text(item.get("type"))?.as_str() {
        "public-key" => {}
        _ => return Err(MessageRefusal::MemberType),
    }
    Ok(CredentialDescriptor { id: Base64Url(id), kind: CredentialType::PublicKey, transports: Vec::new() })
}

pub(super) fn descriptor_value(descriptor: &CredentialDescriptor) -> Value<'_> {
    Value::Map(vec![
        (Key::Text("id"), Value::Bytes(&descriptor.id)),
        (Key::Text("type"), Value::Text("public-key")),
    ])
}

pub(super) fn descriptor_values(descriptors: &[CredentialDescriptor]) -> Value<'_> {
    Value::Array(descriptors.iter().map(descriptor_value).collect())
}
