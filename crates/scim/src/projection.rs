//! What of a resource is given back (RFC 7644 section 3.9).

use scim_v2::filter::AttrPath;
use serde_json::Value;

use crate::filter::{Located, locate};
use crate::schema::ResourceType;
use crate::{Refusal, Resource};

/// Longest list in bytes.
const LONGEST: usize = 2000;

/// Which attributes a client wants.
#[derive(Clone, Debug, Default)]
pub struct Projection {
    only: Option<Vec<String>>,
    without: Vec<String>,
}

impl Projection {
    /// From the parameters `attributes` and `excludedAttributes`, of which one may be given.
    pub fn read(attributes: Option<&str>, excluded: Option<&str>) -> Result<Self, Refusal> {
        let list = |text: &str| -> Vec<String> {
            text.split(',').map(str::trim).filter(|name| !name.is_empty()).map(str::to_owned).collect()
        };
        if attributes.map_or(0, str::len).max(excluded.map_or(0, str::len)) > LONGEST {
            return Err(Refusal::value(format!("A list of attributes has {LONGEST} bytes at most")));
        }
        if attributes.is_some() && excluded.is_some() {
            return Err(Refusal::value("`attributes` and `excludedAttributes` exclude each other"));
        }
        Ok(Self { only: attributes.map(list), without: excluded.map(list).unwrap_or_default() })
    }

    /// Whether the attribute of that canonical name is asked for: what is dear to find need not be found.
    pub fn wants(&self, kind: &'static ResourceType, name: &str) -> bool {
        let names = |path: &String| {
            located(kind, path).is_some_and(|found| found.attribute.name == name && found.part.is_none())
        };
        let names_a_part =
            |path: &String| located(kind, path).is_some_and(|found| found.attribute.name == name);
        match &self.only {
            Some(only) => only.iter().any(names_a_part),
            None => !self.without.iter().any(names),
        }
    }

    /// The resource with what was asked for; id and schemas are always there.
    pub fn of(&self, kind: &'static ResourceType, resource: Resource) -> Resource {
        if let Some(only) = &self.only {
            let mut kept = Resource::new();
            for name in ["schemas", "id"] {
                if let Some(value) = resource.get(name) {
                    kept.insert(name.to_owned(), value.clone());
                }
            }
            for path in only {
                if let Some(urn) = kind.extension(path).map(|extension| extension.urn) {
                    if let Some(value) = resource.get(urn) {
                        kept.insert(urn.to_owned(), value.clone());
                    }
                } else if let Some(found) = located(kind, path) {
                    keep(&resource, &mut kept, &found);
                }
            }
            return kept;
        }
        let mut resource = resource;
        for path in &self.without {
            if let Some(found) = located(kind, path) {
                leave_out(&mut resource, &found);
            }
        }
        resource
    }
}

fn located(kind: &'static ResourceType, text: &str) -> Option<Located> {
    let path = match text.parse() {
        Ok(scim_v2::filter::PatchPath::Attr(path)) => path,
        _ => AttrPath::with_name(text),
    };
    locate(kind, &path)
}

fn keep(resource: &Resource, kept: &mut Resource, found: &Located) {
    let name = found.attribute.name;
    let from = match found.extension {
        Some(urn) => resource.get(urn).and_then(Value::as_object),
        None => Some(resource),
    };
    let Some(value) = from.and_then(|from| from.get(name)) else { return };
    let value = match found.part {
        None => value.clone(),
        Some(part) => {
            let only = |element: &Value| {
                let part_of = element.get(part.name).cloned();
                Value::Object(part_of.map(|value| (part.name.to_owned(), value)).into_iter().collect())
            };
            match value {
                Value::Array(elements) => elements.iter().map(only).collect(),
                element => only(element),
            }
        }
    };
    let into = match found.extension {
        Some(urn) => {
            let extension = kept.entry(urn).or_insert_with(|| Value::Object(Resource::new()));
            extension.as_object_mut()
        }
        None => Some(kept),
    };
    let Some(into) = into else { return };
    match (into.get_mut(name), value) {
        (Some(Value::Object(there)), Value::Object(more)) => there.extend(more),
        (Some(Value::Array(there)), Value::Array(more)) => {
            for (element, more) in there.iter_mut().zip(more) {
                if let (Some(element), Value::Object(more)) = (element.as_object_mut(), more) {
                    element.extend(more);
                }
            }
        }
        (_, value) => {
            into.insert(name.to_owned(), value);
        }
    }
}

fn leave_out(resource: &mut Resource, found: &Located) {
    // `id` and `schemas` are returned whatever is asked for.
    if matches!(found.attribute.name, "id" | "schemas") {
        return;
    }
    let holder = match found.extension {
        Some(urn) => resource.get_mut(urn).and_then(Value::as_object_mut),
        None => Some(resource),
    };
    let Some(holder) = holder else { return };
    match found.part {
        None => {
            holder.remove(found.attribute.name);
        }
        Some(part) => match holder.get_mut(found.attribute.name) {
            Some(Value::Array(elements)) => {
                for element in elements.iter_mut().filter_map(Value::as_object_mut) {
                    element.remove(part.name);
                }
            }
            Some(Value::Object(element)) => {
                element.remove(part.name);
            }
            _ => {}
        },
    }
}

#[cfg(test)]
mod tests;
