//! Filters (RFC 7644 section 3.4.2.2).

use std::cmp::Ordering;

use scim_v2::filter::{AttrExp, AttrPath, CompValue, CompareOp, Filter as Parsed, ValFilter};
use serde_json::Value;

use crate::Resource;
use crate::refusal::{Refusal, ScimType};
use crate::schema::{Attribute, COMMON, Kind, ResourceType, find};

/// Longest filter in bytes.
pub const LONGEST: usize = 4096;

/// A filter that names only attributes of its resource type.
#[derive(Clone, Debug)]
pub struct Filter {
    kind: &'static ResourceType,
    parsed: Parsed,
}

/// An attribute with the names that lead to it.
pub(crate) struct Located {
    pub(crate) extension: Option<&'static str>,
    pub(crate) attribute: &'static Attribute,
    pub(crate) part: Option<&'static Attribute>,
}

/// Finds what a path names.
pub(crate) fn locate(kind: &'static ResourceType, path: &AttrPath) -> Option<Located> {
    let core = || find(kind.schema.attributes, &path.name).or_else(|| find(COMMON, &path.name));
    let (extension, attribute) = match path.uri.as_deref() {
        None => (None, core()?),
        Some(urn) if urn.eq_ignore_ascii_case(kind.schema.urn) => (None, core()?),
        Some(urn) => {
            let extension = kind.extension(urn)?;
            (Some(extension.urn), find(extension.attributes, &path.name)?)
        }
    };
    let part = match &path.sub_attr {
        Some(name) => Some(find(attribute.parts(), name)?),
        None => None,
    };
    Some(Located { extension, attribute, part })
}

impl Filter {
    /// Reads one.
    pub fn parse(kind: &'static ResourceType, text: &str) -> Result<Self, Refusal> {
        let refuse = |detail: String| Refusal::bad(ScimType::InvalidFilter, detail);
        if text.len() > LONGEST {
            return Err(refuse(format!("A filter has {LONGEST} bytes at most")));
        }
        let parsed: Parsed = text.parse().map_err(|_| refuse("The filter cannot be read".to_owned()))?;
        check(kind, &parsed).map_err(|name| refuse(format!("There is no attribute {name} to filter by")))?;
        Ok(Self { kind, parsed })
    }

    /// The attribute and text of a filter that is `attribute eq "text"` and nothing more, by the attribute's canonical
    /// name: what an index answers.
    pub fn equality(&self) -> Option<(&'static str, &str)> {
        match &self.parsed {
            Parsed::Attr(AttrExp::Comparison(path, CompareOp::Eq, CompValue::Str(text))) => {
                let located = locate(self.kind, path)?;
                (located.extension.is_none() && located.part.is_none())
                    .then_some((located.attribute.name, text.as_str()))
            }
            _ => None,
        }
    }

    /// Whether it asks by the attribute of that canonical name.
    pub fn names(&self, name: &str) -> bool {
        asks_by(self.kind, &self.parsed, name)
    }

    /// Whether the resource matches.
    pub fn matches(&self, resource: &Resource) -> bool {
        evaluate(self.kind, &self.parsed, resource)
    }
}

fn asks_by(kind: &'static ResourceType, filter: &Parsed, name: &str) -> bool {
    let is = |path: &AttrPath| locate(kind, path).is_some_and(|located| located.attribute.name == name);
    match filter {
        Parsed::Attr(AttrExp::Present(path) | AttrExp::Comparison(path, ..)) => is(path),
        Parsed::ValuePath(values) => is(&values.attr),
        Parsed::Not(inner) => asks_by(kind, inner, name),
        Parsed::And(operands) | Parsed::Or(operands) => {
            operands.as_slice().iter().any(|operand| asks_by(kind, operand, name))
        }
    }
}

fn check(kind: &'static ResourceType, filter: &Parsed) -> Result<(), String> {
    let known = |path: &AttrPath| locate(kind, path).map(|_| ()).ok_or_else(|| path.to_string());
    match filter {
        Parsed::Attr(AttrExp::Present(path) | AttrExp::Comparison(path, ..)) => known(path),
        Parsed::ValuePath(values) => {
            let located = locate(kind, &values.attr).ok_or_else(|| values.attr.to_string())?;
            check_parts(located.attribute, &values.filter)
        }
        Parsed::Not(inner) => check(kind, inner),
        Parsed::And(operands) | Parsed::Or(operands) => {
            operands.as_slice().iter().try_for_each(|operand| check(kind, operand))
        }
    }
}

/// Whether a filter in brackets names parts of `attribute` only.
pub(crate) fn check_parts(attribute: &Attribute, filter: &ValFilter) -> Result<(), String> {
    match filter {
        ValFilter::Attr(AttrExp::Present(path) | AttrExp::Comparison(path, ..)) => {
            find(attribute.parts(), &path.name).map(|_| ()).ok_or_else(|| path.to_string())
        }
        ValFilter::Not(inner) => check_parts(attribute, inner),
        ValFilter::And(operands) | ValFilter::Or(operands) => {
            operands.as_slice().iter().try_for_each(|operand| check_parts(attribute, operand))
        }
    }
}

fn evaluate(kind: &'static ResourceType, filter: &Parsed, resource: &Resource) -> bool {
    match filter {
        Parsed::Attr(AttrExp::Present(path)) => !values(kind, path, resource).is_empty(),
        Parsed::Attr(AttrExp::Comparison(path, operator, wanted)) => {
            let Some(located) = locate(kind, path) else { return false };
            let found = values(kind, path, resource);
            // Of a complex attribute the value is meant (RFC 7644 section 3.4.2.2).
            let of = located
                .part
                .or_else(|| find(located.attribute.parts(), "value"))
                .unwrap_or(located.attribute);
            if found.is_empty() {
                return compares_with_nothing(operator, wanted);
            }
            found.iter().any(|value| compare(of, operator, value, wanted))
        }
        Parsed::ValuePath(path) => {
            let Some(located) = locate(kind, &path.attr) else { return false };
            elements(&located, resource)
                .iter()
                .any(|element| selects(located.attribute, &path.filter, element))
        }
        Parsed::Not(inner) => !evaluate(kind, inner, resource),
        Parsed::And(operands) => operands.as_slice().iter().all(|inner| evaluate(kind, inner, resource)),
        Parsed::Or(operands) => operands.as_slice().iter().any(|inner| evaluate(kind, inner, resource)),
    }
}

/// The values of a located attribute, one by one.
fn elements<'a>(located: &Located, resource: &'a Resource) -> Vec<&'a Value> {
    let holder = match located.extension {
        Some(urn) => resource.get(urn).and_then(Value::as_object),
        None => Some(resource),
    };
    match holder.and_then(|holder| holder.get(located.attribute.name)) {
        None | Some(Value::Null) => Vec::new(),
        Some(Value::Array(values)) => values.iter().collect(),
        Some(value) => vec![value],
    }
}

fn values<'a>(kind: &'static ResourceType, path: &AttrPath, resource: &'a Resource) -> Vec<&'a Value> {
    let Some(located) = locate(kind, path) else { return Vec::new() };
    let part = match (located.part, located.attribute.kind) {
        (Some(part), _) => Some(part.name),
        (None, Kind::Complex(parts)) => find(parts, "value").map(|part| part.name),
        (None, _) => None,
    };
    elements(&located, resource)
        .into_iter()
        .filter_map(|element| match part {
            Some(part) => element.get(part),
            None => Some(element),
        })
        .filter(|value| !value.is_null())
        .collect()
}

/// Whether a filter in brackets selects an element of `attribute`.
pub(crate) fn selects(attribute: &Attribute, filter: &ValFilter, element: &Value) -> bool {
    match filter {
        ValFilter::Attr(AttrExp::Present(path)) => part_of(attribute, path, element).is_some(),
        ValFilter::Attr(AttrExp::Comparison(path, operator, wanted)) => {
            let Some(part) = find(attribute.parts(), &path.name) else { return false };
            match part_of(attribute, path, element) {
                Some(value) => compare(part, operator, value, wanted),
                None => compares_with_nothing(operator, wanted),
            }
        }
        ValFilter::Not(inner) => !selects(attribute, inner, element),
        ValFilter::And(operands) => {
            operands.as_slice().iter().all(|inner| selects(attribute, inner, element))
        }
        ValFilter::Or(operands) => operands.as_slice().iter().any(|inner| selects(attribute, inner, element)),
    }
}

fn part_of<'a>(attribute: &Attribute, path: &AttrPath, element: &'a Value) -> Option<&'a Value> {
    let part = find(attribute.parts(), &path.name)?;
    element.get(part.name).filter(|value| !value.is_null())
}

/// What is not there equals nothing, and differs from everything else.
fn compares_with_nothing(operator: &CompareOp, wanted: &CompValue) -> bool {
    match operator {
        CompareOp::Eq => *wanted == CompValue::Null,
        CompareOp::Ne => *wanted != CompValue::Null,
        _ => false,
    }
}

fn compare(attribute: &Attribute, operator: &CompareOp, value: &Value, wanted: &CompValue) -> bool {
    match (value, wanted) {
        (Value::String(value), CompValue::Str(wanted)) => {
            if attribute.case_exact {
                compare_text(operator, value, wanted)
            } else {
                compare_text(operator, &value.to_lowercase(), &wanted.to_lowercase())
            }
        }
        (Value::Bool(value), CompValue::True | CompValue::False) => {
            let equal = *value == (*wanted == CompValue::True);
            match operator {
                CompareOp::Eq => equal,
                CompareOp::Ne => !equal,
                _ => false,
            }
        }
        // Entra ID asks for truths as texts.
        (Value::Bool(value), CompValue::Str(wanted)) => {
            *operator == CompareOp::Eq && wanted.eq_ignore_ascii_case(if *value { "true" } else { "false" })
        }
        _ => *operator == CompareOp::Ne,
    }
}

fn compare_text(operator: &CompareOp, value: &str, wanted: &str) -> bool {
    let order = value.cmp(wanted);
    match operator {
        CompareOp::Eq => order == Ordering::Equal,
        CompareOp::Ne => order != Ordering::Equal,
        CompareOp::Co => value.contains(wanted),
        CompareOp::Sw => value.starts_with(wanted),
        CompareOp::Ew => value.ends_with(wanted),
        // Times are of one form (RFC 3339 in UTC), so their order is that of their texts.
        CompareOp::Gt => order == Ordering::Greater,
        CompareOp::Ge => order != Ordering::Less,
        CompareOp::Lt => order == Ordering::Less,
        CompareOp::Le => order != Ordering::Greater,
    }
}

#[cfg(test)]
mod tests;
