//! A client's values brought into the shape of their attribute.

use serde_json::{Map, Value};

use crate::Refusal;
use crate::schema::{Attribute, Kind, ResourceType, find};

/// Most values of one attribute in one message.
pub(crate) const MOST_VALUES: usize = 10_000;
/// Longest text in bytes.
const LONGEST_TEXT: usize = 2000;

/// `value` as one of the attribute's: canonical names of parts, the right types, nothing that only the server writes.
pub(crate) fn single(kind: &ResourceType, attribute: &Attribute, value: Value) -> Result<Value, Refusal> {
    let wrong = |expected: &str| Err(Refusal::value(format!("{} takes {expected}", attribute.name)));
    match (attribute.kind, value) {
        (Kind::String | Kind::Reference(_), Value::String(text)) => {
            if text.len() > LONGEST_TEXT {
                return wrong("a shorter text");
            }
            Ok(Value::String(text))
        }
        // Some clients number their people.
        (Kind::String, Value::Number(number)) => Ok(Value::String(number.to_string())),
        (Kind::Boolean, Value::Bool(truth)) => Ok(Value::Bool(truth)),
        // Entra ID sends truths as texts.
        (Kind::Boolean, Value::String(text)) if text.eq_ignore_ascii_case("true") => Ok(Value::Bool(true)),
        (Kind::Boolean, Value::String(text)) if text.eq_ignore_ascii_case("false") => Ok(Value::Bool(false)),
        (Kind::Complex(parts), Value::Object(object)) => {
            let mut canonical = Map::new();
            for (name, value) in object {
                let Some(part) = find(parts, &name) else {
                    if kind.ignores(&name) {
                        continue;
                    }
                    return Err(Refusal::value(format!("{} has no part {name}", attribute.name)));
                };
                if part.is_writable() && !value.is_null() {
                    canonical.insert(part.name.to_owned(), single(kind, part, value)?);
                }
            }
            Ok(Value::Object(canonical))
        }
        // The id alone, as some clients write references.
        (Kind::Complex(parts), Value::String(text)) if find(parts, "value").is_some() => {
            Ok(Value::Object(Map::from_iter([("value".to_owned(), Value::String(text))])))
        }
        (Kind::String | Kind::Reference(_), _) => wrong("a text"),
        (Kind::Boolean, _) => wrong("true or false"),
        (Kind::Complex(_), _) => wrong("an object"),
    }
}

/// `value` as all that the attribute has; a single one of a multi-valued attribute may stand without its list.
pub(crate) fn whole(kind: &ResourceType, attribute: &Attribute, value: Value) -> Result<Value, Refusal> {
    if !attribute.multi {
        return single(kind, attribute, value);
    }
    let values = match value {
        Value::Array(values) => values,
        one => vec![one],
    };
    if values.len() > MOST_VALUES {
        return Err(Refusal::value(format!("{} takes {MOST_VALUES} values at most", attribute.name)));
    }
    let values: Result<Vec<Value>, Refusal> = values
        .into_iter()
        .filter(|value| !value.is_null())
        .map(|value| single(kind, attribute, value))
        .collect();
    values.map(Value::Array)
}

/// Whether a value says nothing (RFC 7643 section 2.5): it is the same as none.
pub(crate) fn is_nothing(value: &Value) -> bool {
    match value {
        Value::Null => true,
        Value::Array(values) => values.is_empty(),
        Value::Object(parts) => parts.is_empty(),
        _ => false,
    }
}
