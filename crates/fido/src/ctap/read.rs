//! Reading the members of CTAP2 messages.

use primitives::cbor::{self, CborRefusal, Key, Value};

use super::{PinUvAuth, Status, members};
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
    /// A member is longer or shorter than it may be.
    MemberLength,
    /// A member has a value that it may not have.
    MemberValue,
    /// An option, or an extension that is one, has a value that it may not have.
    OptionValue,
}

/// The status that the authenticator answers with (CTAP 2.3 section 8.2).
impl From<MessageRefusal> for Status {
    fn from(refusal: MessageRefusal) -> Self {
        match refusal {
            // A list that is longer than any is one that is too long, and no nonsense.
            MessageRefusal::Cbor(CborRefusal::TooManyEntries) => Status::LimitExceeded,
            MessageRefusal::Cbor(_) => Status::InvalidCbor,
            MessageRefusal::MemberMissing => Status::MissingParameter,
            MessageRefusal::MemberType => Status::CborUnexpectedType,
            MessageRefusal::MemberLength => Status::InvalidLength,
            MessageRefusal::MemberValue => Status::InvalidParameter,
            MessageRefusal::OptionValue => Status::InvalidOption,
        }
    }
}

/// The parameters of a message: a map.
pub(super) fn parse(bytes: &[u8]) -> Result<Value<'_>, MessageRefusal> {
    map(cbor::parse(bytes, cbor::CTAP2_DEPTH))
}

/// [`parse`] where `prf` may be among the extensions, which nests deeper and names credentials by bytes.
pub(super) fn parse_extended(bytes: &[u8]) -> Result<Value<'_>, MessageRefusal> {
    map(cbor::parse_message(bytes))
}

fn map(parsed: Result<Value<'_>, CborRefusal>) -> Result<Value<'_>, MessageRefusal> {
    let value = parsed.map_err(MessageRefusal::Cbor)?;
    if value.as_map().is_some() { Ok(value) } else { Err(MessageRefusal::MemberType) }
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
    bytes(value)?.try_into().map_err(|_| MessageRefusal::MemberLength)
}

/// A member of the `options` map; absent is `default`.
pub(super) fn option(
    message: &Value<'_>,
    at: i64,
    name: &str,
    default: bool,
) -> Result<bool, MessageRefusal> {
    Ok(optional_option(message, at, name)?.unwrap_or(default))
}

/// A member of the `options` map, if it is there.
pub(super) fn optional_option(
    message: &Value<'_>,
    at: i64,
    name: &str,
) -> Result<Option<bool>, MessageRefusal> {
    let Some(options) = message.at(at) else { return Ok(None) };
    options.as_map().ok_or(MessageRefusal::MemberType)?;
    options.get(name).map(|value| value.as_bool().ok_or(MessageRefusal::MemberType)).transpose()
}

/// `pinUvAuthParam` and `pinUvAuthProtocol`.
pub(super) fn pin_uv_auth(
    message: &Value<'_>,
    param: i64,
    protocol: i64,
) -> Result<Option<PinUvAuth>, MessageRefusal> {
    let param = members::optional_bytes(message, param)?;
    let protocol = members::optional_unsigned(message, protocol)?;
    Ok(param.map(|param| PinUvAuth { param, protocol }))
}

/// The same, written.
pub(super) fn pin_uv_auth_entries<'a>(
    auth: Option<&'a PinUvAuth>,
    param: i64,
    protocol: i64,
) -> impl Iterator<Item = (Key<'a>, Value<'a>)> {
    let proof = auth.map(|auth| (Key::Integer(param), Value::Bytes(&auth.param)));
    let number = auth.and_then(|auth| auth.protocol);
    proof.into_iter().chain(number.map(|number| (Key::Integer(protocol), members::number(number))))
}

pub(super) fn descriptors(value: Option<&Value<'_>>) -> Result<Vec<CredentialDescriptor>, MessageRefusal> {
    let Some(value) = value else {
        return Ok(Vec::new());
    };
    let items = value.as_array().ok_or(MessageRefusal::MemberType)?;
    items.iter().map(descriptor_or_nobody).collect()
}

/// A credential of a type that nobody knows is none of ours; but a list of such names somebody, and is not no list at all.
fn descriptor_or_nobody(item: &Value<'_>) -> Result<CredentialDescriptor, MessageRefusal> {
    match item.get("type").and_then(Value::as_text) {
        None | Some("public-key") => descriptor(item),
        Some(_) => Ok(CredentialDescriptor::new(Vec::new(), Vec::new())),
    }
}

pub(super) fn descriptor(item: &Value<'_>) -> Result<CredentialDescriptor, MessageRefusal> {
    item.as_map().ok_or(MessageRefusal::MemberType)?;
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
