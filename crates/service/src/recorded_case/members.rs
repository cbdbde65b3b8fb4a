//! Takes a member out of a JSON object and leaves every other byte of every value as it was.

use std::fmt;

use serde::de::{MapAccess, Visitor};
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use serde_json::value::{RawValue, to_raw_value};

/// The members of an object in their order, duplicates included, values unread.
struct Members(Vec<(String, Box<RawValue>)>);

impl<'de> Deserialize<'de> for Members {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_map(Read)
    }
}

struct Read;

impl<'de> Visitor<'de> for Read {
    type Value = Members;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Members, A::Error> {
        let mut members = Vec::new();
        while let Some(member) = map.next_entry()? {
            members.push(member);
        }
        Ok(Members(members))
    }
}

impl Serialize for Members {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_map(self.0.iter().map(|(name, value)| (name, value)))
    }
}

/// `value` without the member at `path`, wherever it occurs; `value` itself if there is none.
pub(super) fn without(value: &RawValue, path: &[&str]) -> Box<RawValue> {
    let Some((name, rest)) = path.split_first() else { return value.to_owned() };
    let Ok(Members(members)) = serde_json::from_str(value.get()) else { return value.to_owned() };
    let mut changed = false;
    let mut kept = Vec::with_capacity(members.len());
    for (key, member) in members {
        if key != *name {
            kept.push((key, member));
        } else if rest.is_empty() {
            changed = true;
        } else {
            let inner = without(&member, rest);
            changed |= inner.get() != member.get();
            kept.push((key, inner));
        }
    }
    if !changed {
        return value.to_owned();
    }
    to_raw_value(&Members(kept)).unwrap_or_else(|_| unreachable!("members of JSON are JSON"))
}

#[cfg(test)]
mod tests;
