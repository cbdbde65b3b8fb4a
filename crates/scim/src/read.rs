//! What a client sent, in canonical shape.

use serde_json::{Map, Value};

use crate::schema::{Attribute, COMMON, ResourceType, find};
use crate::values::{is_nothing, whole};
use crate::{Refusal, Resource};

/// Reads a resource to create or to put in place of another: what only the server writes is read over, what there is no
/// attribute for is refused unless RFC 7643 has one.
pub fn resource(kind: &ResourceType, body: Value) -> Result<Resource, Refusal> {
    let Value::Object(body) = body else {
        return Err(Refusal::syntax("The body is not a JSON object"));
    };
    let listed = body.iter().find(|(name, _)| name.eq_ignore_ascii_case("schemas"));
    let schemas = listed.and_then(|(_, value)| value.as_array());
    let names = |urn: &str| schemas.is_some_and(|list| list.iter().any(|listed| is_text(listed, urn)));
    if !names(kind.schema.urn) {
        return Err(Refusal::syntax(format!("`schemas` does not name {}", kind.schema.urn)));
    }
    let mut resource = Map::new();
    for (name, value) in body {
        if value.is_null() {
            continue;
        }
        if let Some(extension) = kind.extension(&name) {
            let Value::Object(parts) = value else {
                return Err(Refusal::value(format!("{name} takes an object")));
            };
            let mut read = Map::new();
            for (name, value) in parts {
                put(kind, extension.attributes, &mut read, (&name, value))?;
            }
            if !read.is_empty() {
                resource.insert(extension.urn.to_owned(), Value::Object(read));
            }
        } else if name.starts_with("urn:") {
            // An extension that this server does not have: RFC 7644 section 3.3 lets it be read over.
        } else {
            put(kind, kind.schema.attributes, &mut resource, (&name, value))?;
        }
    }
    for required in kind.schema.attributes.iter().filter(|attribute| attribute.required) {
        if !resource.contains_key(required.name) {
            return Err(Refusal::value(format!("{} is missing", required.name)));
        }
    }
    Ok(resource)
}

fn put(
    kind: &ResourceType,
    attributes: &'static [Attribute],
    into: &mut Resource,
    (name, value): (&str, Value),
) -> Result<(), Refusal> {
    let Some(attribute) = find(attributes, name).or_else(|| find(COMMON, name)) else {
        if kind.ignores(name) {
            return Ok(());
        }
        return Err(Refusal::syntax(format!("There is no attribute {name}")));
    };
    if attribute.is_writable() {
        let value = whole(kind, attribute, value)?;
        if !is_nothing(&value) {
            into.insert(attribute.name.to_owned(), value);
        }
    }
    Ok(())
}

fn is_text(value: &Value, text: &str) -> bool {
    value.as_str().is_some_and(|value| value.eq_ignore_ascii_case(text))
}

#[cfg(test)]
mod tests;
