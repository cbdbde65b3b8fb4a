//! The JSON of a case: known members once, unknown ones passed over, lists bounded, nothing recursive.
//!
//! Only the frame of a case is read here. The client's response stays text for the production parsers, which
//! judge its depth, duplicates and lengths.

use std::borrow::Cow;
use std::fmt;

use serde::de::{Deserialize, Error, IgnoredAny, MapAccess, SeqAccess, Visitor};
use serde_json::Deserializer;
use serde_json::value::RawValue;

use super::Fault;

/// The known members of one object, each as the text that stands there.
pub(super) struct Members<'a> {
    /// The name of the object, for messages; empty for the case itself.
    path: &'static str,
    found: Vec<(Cow<'a, str>, &'a str)>,
    duplicate: Option<Cow<'a, str>>,
}

impl<'a> Members<'a> {
    /// Reads the object that is all of `text`, as far as its members are `known`. Also gives what was found
    /// before something was wrong.
    pub(super) fn read(
        text: &'a str,
        path: &'static str,
        known: &'static [&'static str],
    ) -> (Self, Result<(), Fault>) {
        let mut members = Self::none(path);
        let outcome = members.fill(text, known).map_err(|detail| {
            let name = if path.is_empty() { "The case".to_owned() } else { format!("The member {path}") };
            Fault::malformed(format!("{name} {detail}."))
        });
        (members, outcome)
    }

    fn fill(&mut self, text: &'a str, known: &'static [&'static str]) -> Result<(), &'static str> {
        if !text.trim_start().starts_with('{') {
            return Err("is no JSON object");
        }
        let mut deserializer = Deserializer::from_str(text);
        let object = Object { known, out: self };
        serde::Deserializer::deserialize_map(&mut deserializer, object).map_err(|_| "is no JSON")?;
        deserializer.end().map_err(|_| "is followed by something else")
    }

    fn none(path: &'static str) -> Self {
        Self { path, found: Vec::new(), duplicate: None }
    }

    /// Refuses a known member that stands there twice: its readers could differ about which one counts.
    pub(super) fn once(&self) -> Result<(), Fault> {
        match &self.duplicate {
            None => Ok(()),
            Some(name) => Err(Fault::malformed(format!("The member {} occurs twice.", self.name(name)))),
        }
    }

    /// The text of a member as it stands, `null` included.
    pub(super) fn raw(&self, name: &str) -> Option<&'a str> {
        self.found.iter().find(|(other, _)| other == name).map(|(_, text)| *text)
    }

    /// The text of a member; `null` is as good as absent.
    pub(super) fn given(&self, name: &str) -> Option<&'a str> {
        self.raw(name).filter(|text| *text != "null")
    }

    /// A member that may be absent, read as `T`; `what` says what it must be.
    pub(super) fn optional<T: Deserialize<'a>>(&self, name: &str, what: &str) -> Result<Option<T>, Fault> {
        let Some(text) = self.given(name) else { return Ok(None) };
        serde_json::from_str(text).map(Some).map_err(|_| self.fault(name, &format!("must be {what}")))
    }

    /// A member that must be there, read as `T`.
    pub(super) fn required<T: Deserialize<'a>>(&self, name: &str, what: &str) -> Result<T, Fault> {
        self.optional(name, what)?.ok_or_else(|| self.fault(name, "is missing"))
    }

    /// A list of at most `most` items that may be absent.
    pub(super) fn list<T: Deserialize<'a>>(
        &self,
        name: &str,
        most: usize,
        what: &str,
    ) -> Result<Option<Vec<T>>, Fault> {
        let Some(text) = self.given(name) else { return Ok(None) };
        let mut items = Items { most, found: Vec::new(), too_many: false };
        let mut deserializer = Deserializer::from_str(text);
        match serde::Deserializer::deserialize_seq(&mut deserializer, &mut items) {
            Ok(()) => Ok(Some(items.found)),
            Err(_) if items.too_many => Err(Fault {
                reason: "resource_limit",
                finding: format!("The member {} has more than {most} items.", self.name(name)),
            }),
            Err(_) => Err(self.fault(name, &format!("must be a list of {what}"))),
        }
    }

    /// Something wrong about a member.
    pub(super) fn fault(&self, name: &str, detail: &str) -> Fault {
        Fault::malformed(format!("The member {} {detail}.", self.name(name)))
    }

    fn name(&self, name: &str) -> String {
        if self.path.is_empty() { name.to_owned() } else { format!("{}.{name}", self.path) }
    }
}

/// Reads an object and keeps what is known.
struct Object<'o, 'de> {
    known: &'static [&'static str],
    out: &'o mut Members<'de>,
}

impl<'de> Visitor<'de> for Object<'_, 'de> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut members: A) -> Result<(), A::Error> {
        while let Some(name) = members.next_key::<Cow<'de, str>>()? {
            if !self.known.contains(&name.as_ref()) {
                members.next_value::<IgnoredAny>()?;
                continue;
            }
            let value = members.next_value::<&'de RawValue>()?;
            if self.out.raw(&name).is_some() {
                self.out.duplicate = Some(name);
            } else {
                self.out.found.push((name, value.get()));
            }
        }
        Ok(())
    }
}

/// Reads a list up to a bound.
struct Items<T> {
    most: usize,
    found: Vec<T>,
    too_many: bool,
}

impl<'de, T: Deserialize<'de>> Visitor<'de> for &mut Items<T> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a list")
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<(), A::Error> {
        while let Some(item) = items.next_element()? {
            if self.found.len() == self.most {
                self.too_many = true;
                return Err(A::Error::custom("too many"));
            }
            self.found.push(item);
        }
        Ok(())
    }
}
