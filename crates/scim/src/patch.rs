//! PATCH (RFC 7644 section 3.5.2): operations on a resource.

use scim_v2::filter::{AttrExp, AttrPath, CompValue, CompareOp, PatchPath, PatchValuePath, ValFilter};
use serde_json::{Map, Value};

use crate::Resource;
use crate::filter::{Located, check_parts, locate, selects};
use crate::refusal::{Refusal, ScimType};
use crate::schema::{Attribute, Kind, ResourceType, find};
use crate::values::{is_nothing, single, whole};

/// Most operations of one request.
pub const MOST_OPERATIONS: usize = 1000;

/// What an operation does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verb {
    /// Adds values.
    Add,
    /// Puts values in place of what is there.
    Replace,
    /// Removes values.
    Remove,
}

/// One operation.
#[derive(Clone, Debug)]
pub struct Operation {
    /// What it does.
    pub verb: Verb,
    /// To what; to the resource where absent.
    pub path: Option<String>,
    /// With what.
    pub value: Option<Value>,
}

/// Reads the body of a PATCH.
pub fn read(body: Value) -> Result<Vec<Operation>, Refusal> {
    let Value::Object(body) = body else {
        return Err(Refusal::syntax("The body is not a JSON object"));
    };
    let field = |object: Map<String, Value>, name: &str| {
        object.into_iter().find(|(key, _)| key.eq_ignore_ascii_case(name)).map(|(_, value)| value)
    };
    let Some(Value::Array(operations)) = field(body, "Operations") else {
        return Err(Refusal::syntax("`Operations` is missing"));
    };
    if operations.is_empty() || operations.len() > MOST_OPERATIONS {
        return Err(Refusal::syntax(format!("A request has 1 to {MOST_OPERATIONS} operations")));
    }
    operations.into_iter().map(operation).collect()
}

fn operation(value: Value) -> Result<Operation, Refusal> {
    let Value::Object(object) = value else {
        return Err(Refusal::syntax("An operation is not a JSON object"));
    };
    let (mut verb, mut path, mut with) = (None, None, None);
    for (name, value) in object {
        match name.to_ascii_lowercase().as_str() {
            "op" => verb = value.as_str().map(str::to_ascii_lowercase),
            "path" => match value {
                Value::String(text) if text.len() <= crate::filter::LONGEST => path = Some(text),
                Value::Null => {}
                _ => return Err(Refusal::bad(ScimType::InvalidPath, "`path` is not a short text")),
            },
            "value" => with = Some(value),
            _ => {}
        }
    }
    let verb = match verb.as_deref() {
        Some("add") => Verb::Add,
        Some("replace") => Verb::Replace,
        Some("remove") => Verb::Remove,
        _ => return Err(Refusal::syntax("`op` is add, replace or remove")),
    };
    Ok(Operation { verb, path, value: with })
}

/// Does the operations in order, all or none.
pub fn apply(
    kind: &'static ResourceType,
    resource: &Resource,
    operations: &[Operation],
) -> Result<Resource, Refusal> {
    let mut changed = resource.clone();
    for operation in operations {
        one(kind, &mut changed, operation)?;
    }
    for required in kind.schema.attributes.iter().filter(|attribute| attribute.required) {
        if !changed.contains_key(required.name) {
            return Err(Refusal::value(format!("{} cannot be removed", required.name)));
        }
    }
    Ok(changed)
}

fn one(kind: &'static ResourceType, resource: &mut Resource, operation: &Operation) -> Result<(), Refusal> {
    let Operation { verb, path, value } = operation;
    let value = match (verb, value) {
        (Verb::Remove, value) => value.clone(),
        (_, Some(value)) => Some(value.clone()),
        (_, None) => return Err(Refusal::value("`value` is missing")),
    };
    match path.as_deref() {
        None => match (verb, value) {
            (Verb::Remove, _) => Err(Refusal::bad(ScimType::NoTarget, "`remove` needs a path")),
            (_, Some(Value::Object(members))) => merge(kind, resource, *verb, members),
            _ => Err(Refusal::value("Without a path the value is an object")),
        },
        Some(path) if kind.extension(path).is_some() => {
            let urn = kind.extension(path).map(|extension| extension.urn).unwrap_or_default();
            match value {
                None => {
                    resource.remove(urn);
                    Ok(())
                }
                Some(value) => merge(kind, resource, *verb, Map::from_iter([(urn.to_owned(), value)])),
            }
        }
        Some(path) => at(kind, resource, *verb, (path, value)),
    }
}

/// Each member as if it were the path of its value, which is how clients write it: URNs and dots included.
fn merge(
    kind: &'static ResourceType,
    resource: &mut Resource,
    verb: Verb,
    members: Map<String, Value>,
) -> Result<(), Refusal> {
    for (name, value) in members {
        match (kind.extension(&name), value) {
            (Some(extension), Value::Object(parts)) => {
                // Some clients say again in it which schema it is of.
                for (part, value) in
                    parts.into_iter().filter(|(part, _)| !part.eq_ignore_ascii_case("schemas"))
                {
                    at(kind, resource, verb, (&format!("{}:{part}", extension.urn), Some(value)))?;
                }
            }
            (Some(_), _) => return Err(Refusal::value(format!("{name} takes an object"))),
            // What only the server writes is read over where it comes along with the rest.
            (None, _) if ["schemas", "id", "meta"].iter().any(|own| own.eq_ignore_ascii_case(&name)) => {}
            (None, value) => at(kind, resource, verb, (&name, Some(value)))?,
        }
    }
    Ok(())
}

fn at(
    kind: &'static ResourceType,
    resource: &mut Resource,
    verb: Verb,
    (text, value): (&str, Option<Value>),
) -> Result<(), Refusal> {
    let unknown = || Refusal::bad(ScimType::InvalidPath, format!("There is no attribute {text}"));
    let path: PatchPath = text.parse().map_err(|_| unknown())?;
    let (attr, values) = match path {
        PatchPath::Attr(attr) => (attr, None),
        PatchPath::Value(PatchValuePath { attr, filter, sub_attr }) => (attr, Some((filter, sub_attr))),
    };
    let Some(located) = locate(kind, &attr) else {
        return if is_ignored(kind, &attr) { Ok(()) } else { Err(unknown()) };
    };
    if !located.attribute.is_writable() {
        return Err(Refusal::bad(ScimType::Mutability, format!("{text} is written by this server only")));
    }
    let holder = holder(resource, &located)?;
    match values {
        Some((filter, part)) => selected(kind, holder, &located, (verb, filter, part, value)),
        None => plain(kind, holder, &located, (verb, value)),
    }?;
    tidy(resource);
    Ok(())
}

/// Whether RFC 7643 has such an attribute, or such a part of one, that is not kept here.
fn is_ignored(kind: &ResourceType, path: &AttrPath) -> bool {
    let alien = path
        .uri
        .as_deref()
        .is_some_and(|urn| !urn.eq_ignore_ascii_case(kind.schema.urn) && kind.extension(urn).is_none());
    alien || kind.ignores(&path.name) || path.sub_attr.as_deref().is_some_and(|part| kind.ignores(part))
}

fn holder<'a>(resource: &'a mut Resource, located: &Located) -> Result<&'a mut Resource, Refusal> {
    let Some(urn) = located.extension else { return Ok(resource) };
    let extension = resource.entry(urn).or_insert_with(|| Value::Object(Map::new()));
    extension.as_object_mut().ok_or_else(|| Refusal::value(format!("{urn} takes an object")))
}

/// What says nothing is not there (RFC 7643 section 2.5).
fn tidy(resource: &mut Resource) {
    resource.retain(|_, value| !is_nothing(value));
}

fn plain(
    kind: &ResourceType,
    holder: &mut Resource,
    located: &Located,
    (verb, value): (Verb, Option<Value>),
) -> Result<(), Refusal> {
    let Located { attribute, part, .. } = located;
    if let Some(part) = part {
        return parts(kind, holder, (attribute, part), (verb, value));
    }
    let name = attribute.name;
    let value = value.filter(|value| !is_nothing(value));
    let Some(value) = value else {
        holder.remove(name);
        return Ok(());
    };
    let given = whole(kind, attribute, value)?;
    match (verb, attribute.multi, given) {
        (Verb::Add, true, Value::Array(given)) => add_values(holder, name, given),
        // Entra ID removes members by listing them.
        (Verb::Remove, true, Value::Array(given)) => remove_values(holder, name, &given),
        (Verb::Remove, ..) => {
            holder.remove(name);
        }
        (Verb::Add | Verb::Replace, false, Value::Object(given)) => {
            let there = holder.entry(name).or_insert_with(|| Value::Object(Map::new()));
            if let Some(there) = there.as_object_mut() {
                there.extend(given);
            }
        }
        (_, _, given) => {
            holder.insert(name.to_owned(), given);
        }
    }
    Ok(())
}

/// A part of a complex attribute; of a multi-valued one it is a part of every value.
fn parts(
    kind: &ResourceType,
    holder: &mut Resource,
    (attribute, part): (&Attribute, &Attribute),
    (verb, value): (Verb, Option<Value>),
) -> Result<(), Refusal> {
    if !part.is_writable() {
        return Err(Refusal::bad(
            ScimType::Mutability,
            format!("{} is written by this server only", part.name),
        ));
    }
    let value = match value.filter(|value| verb != Verb::Remove && !value.is_null()) {
        Some(value) => Some(single(kind, part, value)?),
        None => None,
    };
    let set = |element: &mut Value| {
        if let Some(element) = element.as_object_mut() {
            match &value {
                Some(value) => {
                    element.insert(part.name.to_owned(), value.clone());
                }
                None => {
                    element.remove(part.name);
                }
            }
        }
    };
    match holder.get_mut(attribute.name) {
        Some(Value::Array(elements)) => elements.iter_mut().for_each(set),
        Some(element) => set(element),
        None if value.is_some() => {
            let mut element = Value::Object(Map::new());
            set(&mut element);
            let element = if attribute.multi { Value::Array(vec![element]) } else { element };
            holder.insert(attribute.name.to_owned(), element);
        }
        None => {}
    }
    Ok(())
}

fn add_values(holder: &mut Resource, name: &str, given: Vec<Value>) {
    let there = holder.entry(name).or_insert_with(|| Value::Array(Vec::new()));
    let Some(there) = there.as_array_mut() else { return };
    for value in given {
        if !there.iter().any(|old| is_same(old, &value)) {
            there.push(value);
        }
    }
}

fn remove_values(holder: &mut Resource, name: &str, given: &[Value]) {
    if let Some(there) = holder.get_mut(name).and_then(Value::as_array_mut) {
        there.retain(|old| !given.iter().any(|value| is_same(old, value)));
    }
}

/// Whether two values are the same one: by what they refer to, where they refer, and else by all that they say.
fn is_same(old: &Value, new: &Value) -> bool {
    match (old.get("value"), new.get("value")) {
        (Some(old_value), Some(new_value)) if old_value == new_value => {
            let kind = |value: &Value| value.get("type").cloned();
            kind(old).is_none() || kind(new).is_none() || kind(old) == kind(new)
        }
        _ => old == new,
    }
}

fn selected(
    kind: &ResourceType,
    holder: &mut Resource,
    located: &Located,
    (verb, filter, part, value): (Verb, ValFilter, Option<String>, Option<Value>),
) -> Result<(), Refusal> {
    let attribute = located.attribute;
    check_parts(attribute, &filter).map_err(|name| {
        Refusal::bad(ScimType::InvalidPath, format!("{} has no part {name}", attribute.name))
    })?;
    let part = match part {
        Some(name) if kind.ignores(&name) => return Ok(()),
        Some(name) => Some(find(attribute.parts(), &name).ok_or_else(|| {
            Refusal::bad(ScimType::InvalidPath, format!("{} has no part {name}", attribute.name))
        })?),
        None => None,
    };
    let value = match (verb, value) {
        (Verb::Remove, _) => None,
        (_, None | Some(Value::Null)) => None,
        (_, Some(value)) => Some(match part {
            Some(part) => single(kind, part, value)?,
            None => single(kind, attribute, value)?,
        }),
    };
    let there = holder.entry(attribute.name).or_insert_with(|| Value::Array(Vec::new()));
    let Some(there) = there.as_array_mut() else {
        return Err(Refusal::bad(ScimType::InvalidPath, format!("{} has one value only", attribute.name)));
    };
    let before = there.len();
    let mut met = false;
    if value.is_none() && part.is_none() {
        there.retain(|element| !selects(attribute, &filter, element));
        met = there.len() != before;
    } else {
        for element in there.iter_mut().filter(|element| selects(attribute, &filter, element)) {
            met = true;
            change(element, part, value.as_ref());
        }
    }
    if met || verb == Verb::Remove && value.is_none() {
        return Ok(());
    }
    // Adding to what is not there makes it, with what the filter says of it, as Entra ID and Okta expect.
    match (verb, template(attribute, &filter)) {
        (Verb::Add, Some(mut element)) => {
            change(&mut element, part, value.as_ref());
            there.push(element);
            Ok(())
        }
        _ => Err(Refusal::bad(ScimType::NoTarget, format!("No value of {} is selected", attribute.name))),
    }
}

fn change(element: &mut Value, part: Option<&Attribute>, value: Option<&Value>) {
    let Some(object) = element.as_object_mut() else { return };
    match (part, value) {
        (Some(part), Some(value)) => {
            object.insert(part.name.to_owned(), value.clone());
        }
        (Some(part), None) => {
            object.remove(part.name);
        }
        (None, Some(Value::Object(parts))) => object.extend(parts.clone()),
        (None, _) => {}
    }
}

/// An element of which a filter of equalities is true.
fn template(attribute: &Attribute, filter: &ValFilter) -> Option<Value> {
    let mut element = Map::new();
    fill(attribute, filter, &mut element)?;
    Some(Value::Object(element))
}

fn fill(attribute: &Attribute, filter: &ValFilter, element: &mut Map<String, Value>) -> Option<()> {
    match filter {
        ValFilter::Attr(AttrExp::Comparison(path, CompareOp::Eq, value)) => {
            let part = find(attribute.parts(), &path.name)?;
            let value = match (part.kind, value) {
                (Kind::Boolean, CompValue::True) => Value::Bool(true),
                (Kind::Boolean, CompValue::False) => Value::Bool(false),
                (_, CompValue::Str(text)) => Value::String(text.clone()),
                _ => return None,
            };
            element.insert(part.name.to_owned(), value);
            Some(())
        }
        ValFilter::And(operands) => {
            operands.as_slice().iter().try_for_each(|inner| fill(attribute, inner, element))
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests;
