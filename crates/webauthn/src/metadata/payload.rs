//! The payload: a number, a day and entries, read one by one.

use std::collections::BTreeMap;
use std::fmt;

use primitives::time::Timestamp;
use serde::de::{IgnoredAny, MapAccess, SeqAccess, Visitor};
use serde::{Deserialize, Deserializer};
use serde_json::value::RawValue;

use super::entry::{Entry, Key};
use super::{Blob, MetadataRefusal};

/// Most entries that are read. That of 2026 has some four hundred.
const MOST_ENTRIES: usize = 20_000;

/// Most faults that are told one by one.
const MOST_FAULTS: usize = 200;

/// Something in a blob that could not be read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fault {
    /// Where it stands, counted from 1.
    pub position: usize,
    /// Whose entry it is, if that could be read.
    pub key: Option<Key>,
    /// Whether the entry is left out; otherwise only a part of it.
    pub lost: bool,
    /// What is wrong with it, for the operator.
    pub cause: String,
}

/// Reads the payload of a blob.
pub(super) fn read(json: &[u8]) -> Result<Blob, MetadataRefusal> {
    let payload: Payload = serde_json::from_slice(json).map_err(|_| MetadataRefusal::Payload)?;
    let Payload { no, next_update, entries } = payload;
    let number = no.filter(|number| *number >= 0).ok_or(MetadataRefusal::Payload)?;
    let next_update = next_update.as_deref().and_then(day).ok_or(MetadataRefusal::Payload)?;
    let entries = entries.ok_or(MetadataRefusal::Payload)?;
    Ok(Blob { number, next_update, entries: entries.read, faults: entries.faults })
}

/// A day of ISO 8601, or a moment.
pub(super) fn day(text: &str) -> Option<Timestamp> {
    let text = text.trim();
    let moment = if text.len() == 10 { format!("{text}T00:00:00Z") } else { text.to_owned() };
    Timestamp::parse_rfc3339(&moment).ok()
}

struct Payload {
    no: Option<i64>,
    next_update: Option<String>,
    entries: Option<Entries>,
}

/// Not derived: a member that stands twice must not mean that the blob is lost, and the first one counts.
impl<'de> Deserialize<'de> for Payload {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Members;
        impl<'de> Visitor<'de> for Members {
            type Value = Payload;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("the payload of a metadata blob")
            }

            fn visit_map<M: MapAccess<'de>>(self, mut map: M) -> Result<Payload, M::Error> {
                let mut payload = Payload { no: None, next_update: None, entries: None };
                while let Some(name) = map.next_key::<String>()? {
                    match name.as_str() {
                        "no" if payload.no.is_none() => payload.no = Some(map.next_value()?),
                        "nextUpdate" if payload.next_update.is_none() => {
                            payload.next_update = Some(map.next_value()?);
                        }
                        "entries" if payload.entries.is_none() => payload.entries = Some(map.next_value()?),
                        _ => drop(map.next_value::<IgnoredAny>()?),
                    }
                }
                Ok(payload)
            }
        }
        deserializer.deserialize_map(Members)
    }
}

#[derive(Default)]
struct Entries {
    read: Vec<Entry>,
    faults: Vec<Fault>,
    /// Where each model stands among `read`.
    places: BTreeMap<Key, usize>,
}

impl Entries {
    fn fault(&mut self, fault: Fault) {
        if self.faults.len() < MOST_FAULTS || fault.lost {
            self.faults.push(fault);
        }
    }

    fn take(&mut self, position: usize, raw: &RawValue) {
        let mut causes = Vec::new();
        let (key, lost) = match Entry::read(raw, &mut causes) {
            Ok(entry) => {
                let key = entry.key.clone();
                match self.places.get(&key).and_then(|place| self.read.get_mut(*place)) {
                    // What either of two says against a model counts.
                    Some(first) => {
                        first.reports.extend(entry.reports);
                        causes.push("the model has an entry already".to_owned());
                    }
                    None => {
                        self.places.insert(key.clone(), self.read.len());
                        self.read.push(entry);
                    }
                }
                (Some(key), false)
            }
            Err(key) => (key, true),
        };
        for cause in causes {
            self.fault(Fault { position, key: key.clone(), lost, cause });
        }
    }
}

impl<'de> Deserialize<'de> for Entries {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct OneByOne;
        impl<'de> Visitor<'de> for OneByOne {
            type Value = Entries;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("entries")
            }

            fn visit_seq<S: SeqAccess<'de>>(self, mut seq: S) -> Result<Entries, S::Error> {
                let mut entries = Entries::default();
                let mut position = 0;
                // Borrowed from the payload: of an entry only what is used is ever copied, and no icon.
                while let Some(raw) = seq.next_element::<&RawValue>()? {
                    position += 1;
                    if position > MOST_ENTRIES {
                        return Err(serde::de::Error::custom("too many entries"));
                    }
                    entries.take(position, raw);
                }
                Ok(entries)
            }
        }
        deserializer.deserialize_seq(OneByOne)
    }
}
