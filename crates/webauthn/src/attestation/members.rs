//! The members of a statement's map.

use primitives::cbor::{Key, Value};

use super::StatementRefusal;

/// A statement's members, each of which the format knows.
pub(super) struct Members<'s, 'a>(&'s Value<'a>);

impl<'s, 'a> Members<'s, 'a> {
    /// The members of `value`, which may have no others than `names`.
    pub(super) fn of(value: &'s Value<'a>, names: &[&str]) -> Result<Self, StatementRefusal> {
        let entries = value.as_map().ok_or(StatementRefusal::NotAMap)?;
        let known = |key: &Key<'_>| matches!(key, Key::Text(name) if names.contains(name));
        if entries.iter().all(|(key, _)| known(key)) {
            Ok(Self(value))
        } else {
            Err(StatementRefusal::ForeignMember)
        }
    }

    /// The member with that name, if there is one.
    pub(super) fn optional(&self, name: &str) -> Option<&'s Value<'a>> {
        self.0.get(name)
    }

    pub(super) fn value(&self, name: &str) -> Result<&'s Value<'a>, StatementRefusal> {
        self.0.get(name).ok_or(StatementRefusal::MemberMissing)
    }

    pub(super) fn bytes(&self, name: &str) -> Result<&'a [u8], StatementRefusal> {
        self.value(name)?.as_bytes().ok_or(StatementRefusal::MemberType)
    }

    pub(super) fn text(&self, name: &str) -> Result<&'a str, StatementRefusal> {
        self.value(name)?.as_text().ok_or(StatementRefusal::MemberType)
    }

    pub(super) fn integer(&self, name: &str) -> Result<i64, StatementRefusal> {
        self.value(name)?.as_integer().ok_or(StatementRefusal::MemberType)
    }
}
