//! Members that may be missing: most of what the commands about PIN and management carry.

use primitives::cbor::{Key, Value};

use super::read::MessageRefusal;

/// The member at `key`, if there is one, read by `as_type`; another type than that is refused.
pub(super) fn optional<'m, 'a, T>(
    message: &'m Value<'a>,
    key: i64,
    as_type: impl FnOnce(&'m Value<'a>) -> Option<T>,
) -> Result<Option<T>, MessageRefusal> {
    message.at(key).map(|value| as_type(value).ok_or(MessageRefusal::MemberType)).transpose()
}

/// The member at `key`, if there is one, as a number that is not negative.
pub(super) fn optional_unsigned(message: &Value<'_>, key: i64) -> Result<Option<u64>, MessageRefusal> {
    optional(message, key, |value| u64::try_from(value.as_integer()?).ok())
}

/// The member at `key`, if there is one, as bytes.
pub(super) fn optional_bytes(message: &Value<'_>, key: i64) -> Result<Option<Vec<u8>>, MessageRefusal> {
    optional(message, key, |value| value.as_bytes().map(<[u8]>::to_vec))
}

/// The member at `key`, if there is one, as text.
pub(super) fn optional_text(message: &Value<'_>, key: i64) -> Result<Option<String>, MessageRefusal> {
    optional(message, key, |value| value.as_text().map(str::to_owned))
}

/// A number as CBOR; those of CTAP all fit.
pub(super) fn number(value: u64) -> Value<'static> {
    Value::Integer(i64::try_from(value).unwrap_or(i64::MAX))
}

/// A map of those members that are there.
pub(super) fn map<'a>(members: impl IntoIterator<Item = (i64, Option<Value<'a>>)>) -> Value<'a> {
    Value::Map(
        members
            .into_iter()
            .filter_map(|(key, value)| value.map(|value| (Key::Integer(key), value)))
            .collect(),
    )
}

/// [`map`] as an answer: nothing at all where there are no members, as CTAP wants it.
pub(super) fn answer<'a>(members: impl IntoIterator<Item = (i64, Option<Value<'a>>)>) -> Vec<u8> {
    match map(members) {
        Value::Map(members) if members.is_empty() => Vec::new(),
        map => map.encode(),
    }
}
