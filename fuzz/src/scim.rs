//! A filter, a list of attributes and a body as a provisioning system may send them, a line each.

use ::scim::filter::Filter;
use ::scim::projection::Projection;
use ::scim::schema::{GROUPS, USERS};
use ::scim::{Resource, patch, read};
use serde_json::Value;

/// What was read by one of the parsers can be worked on by all that follows.
pub fn scim(data: &[u8]) {
    let Ok(text) = std::str::from_utf8(data) else { return };
    let mut parts = text.splitn(3, '\n');
    let (filter, attributes) = (parts.next().unwrap_or_default(), parts.next());
    let body: Value = parts.next().and_then(|body| serde_json::from_str(body).ok()).unwrap_or_default();
    for kind in [&USERS, &GROUPS] {
        let resource = read::resource(kind, body.clone()).unwrap_or_else(|_| Resource::new());
        let changed = match patch::read(body.clone()) {
            Ok(operations) => patch::apply(kind, &resource, &operations).unwrap_or(resource),
            Err(_) => resource,
        };
        if let Ok(filter) = Filter::parse(kind, filter) {
            let _ = (filter.matches(&changed), filter.equality().is_some());
        }
        if let Ok(projection) = Projection::read(attributes, None) {
            let _ = projection.of(kind, changed);
        }
    }
}
