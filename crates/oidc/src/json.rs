//! JSON objects that somebody else wrote, read strictly.
//!
//! RFC 8259 lets a member stand twice and does not say which one counts; two readers that choose differently are an
//! attack (RFC 7519 section 4, RFC 8725 section 2.6). So it is refused here, at any depth.

use std::fmt;

use serde::de::{DeserializeSeed, Deserializer, Error, MapAccess, SeqAccess, Visitor};
use serde_json::{Map, Number, Value};

/// How much of a text is looked at.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Bounds {
    /// Most bytes.
    pub bytes: usize,
    /// How deep objects and arrays may stand in each other; the outermost is 1.
    pub depth: u8,
}

/// What suits the payload of a token and a client's metadata.
pub const USUAL: Bounds = Bounds { bytes: 64 * 1024, depth: 8 };

/// Reads one object that is all of `bytes`.
pub fn read(bytes: &[u8], bounds: Bounds) -> Result<Map<String, Value>, JsonRefusal> {
    if bytes.len() > bounds.bytes {
        return Err(JsonRefusal::TooLong);
    }
    let mut found = None;
    let strict = Strict { depth: bounds.depth, found: &mut found };
    let mut reader = serde_json::Deserializer::from_slice(bytes);
    let value = strict.deserialize(&mut reader).and_then(|value| reader.end().map(|()| value));
    match (value, found) {
        (Ok(Value::Object(map)), _) => Ok(map),
        (Ok(_), _) => Err(JsonRefusal::NotAnObject),
        (Err(_), Some(refusal)) => Err(refusal),
        (Err(_), None) => Err(JsonRefusal::Syntax),
    }
}

/// Reads a value that stands so deep; `found` says afterwards what was refused beyond the grammar.
struct Strict<'a> {
    depth: u8,
    found: &'a mut Option<JsonRefusal>,
}

impl<'a> Strict<'a> {
    fn within(self) -> Result<Strict<'a>, ()> {
        match self.depth.checked_sub(1) {
            Some(depth) => Ok(Strict { depth, found: self.found }),
            None => {
                *self.found = Some(JsonRefusal::TooDeep);
                Err(())
            }
        }
    }
}

impl<'de> DeserializeSeed<'de> for Strict<'_> {
    type Value = Value;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Value, D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Strict<'_> {
    type Value = Value;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("JSON")
    }

    fn visit_unit<E: Error>(self) -> Result<Value, E> {
        Ok(Value::Null)
    }

    fn visit_bool<E: Error>(self, value: bool) -> Result<Value, E> {
        Ok(Value::Bool(value))
    }

    fn visit_i64<E: Error>(self, value: i64) -> Result<Value, E> {
        Ok(Value::from(value))
    }

    fn visit_u64<E: Error>(self, value: u64) -> Result<Value, E> {
        Ok(Value::from(value))
    }

    fn visit_f64<E: Error>(self, value: f64) -> Result<Value, E> {
        Ok(Number::from_f64(value).map_or(Value::Null, Value::Number))
    }

    fn visit_str<E: Error>(self, value: &str) -> Result<Value, E> {
        Ok(Value::from(value))
    }

    fn visit_string<E: Error>(self, value: String) -> Result<Value, E> {
        Ok(Value::String(value))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Value, A::Error> {
        let within = self.within().map_err(|()| A::Error::custom(""))?;
        let mut values = Vec::new();
        while let Some(value) =
            items.next_element_seed(Strict { depth: within.depth, found: within.found })?
        {
            values.push(value);
        }
        Ok(Value::Array(values))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut members: A) -> Result<Value, A::Error> {
        let within = self.within().map_err(|()| A::Error::custom(""))?;
        let mut map = Map::new();
        while let Some(name) = members.next_key::<String>()? {
            if map.contains_key(&name) {
                *within.found = Some(JsonRefusal::Duplicate);
                return Err(A::Error::custom(""));
            }
            let value = members.next_value_seed(Strict { depth: within.depth, found: within.found })?;
            map.insert(name, value);
        }
        Ok(Value::Object(map))
    }
}

/// Why a text is no object that may be relied on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum JsonRefusal {
    /// Longer than its bound.
    TooLong,
    /// Not JSON.
    Syntax,
    /// JSON, but no object.
    NotAnObject,
    /// A member stands twice.
    Duplicate,
    /// Nested deeper than its bound.
    TooDeep,
}

impl JsonRefusal {
    /// The stable code.
    pub fn code(self) -> &'static str {
        match self {
            JsonRefusal::TooLong => "json_too_long",
            JsonRefusal::Syntax => "json_syntax",
            JsonRefusal::NotAnObject => "json_not_an_object",
            JsonRefusal::Duplicate => "json_duplicate",
            JsonRefusal::TooDeep => "json_too_deep",
        }
    }
}

#[cfg(test)]
mod tests;
