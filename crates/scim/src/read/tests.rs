use serde_json::json;

use super::*;
use crate::ScimType;
use crate::schema::{ENTERPRISE_USER, USER, USERS};

#[test]
fn names_become_canonical_and_what_the_server_writes_is_read_over() {
    let read = resource(
        &USERS,
        json!({
            "Schemas": [USER.to_lowercase(), ENTERPRISE_USER],
            "id": "mine", "meta": { "created": "never" }, "groups": [{ "value": "admins" }],
            "USERNAME": "ana", "externalid": 7, "active": "True", "title": null, "nickName": "A",
            "name": { "GIVENNAME": "Ana", "formatted": "Ana Meier" },
            "emails": { "value": "a@b", "display": "A" },
            ENTERPRISE_USER: { "employeeNumber": "3", "manager": "42" },
            "urn:example:other": { "x": 1 },
        }),
    );
    assert_eq!(
        Value::Object(read.unwrap()),
        json!({
            "userName": "ana", "externalId": "7", "active": true, "name": { "givenName": "Ana" },
            "emails": [{ "value": "a@b" }],
            ENTERPRISE_USER: { "manager": { "value": "42" } },
        })
    );
}

#[test]
fn nonsense_is_refused_by_its_keyword() {
    let with = |name: &str, value: Value| {
        let mut body = json!({ "schemas": [USER], "userName": "ana" });
        body[name] = value;
        resource(&USERS, body).unwrap_err().kind
    };
    assert_eq!(resource(&USERS, json!([])).unwrap_err().kind, Some(ScimType::InvalidSyntax));
    assert_eq!(with("schemas", json!(["x"])), Some(ScimType::InvalidSyntax));
    assert_eq!(with("shoeSize", json!(1)), Some(ScimType::InvalidSyntax));
    assert_eq!(with("userName", json!(null)), Some(ScimType::InvalidValue));
    assert_eq!(with("userName", json!({})), Some(ScimType::InvalidValue));
    assert_eq!(with("title", json!("x".repeat(2001))), Some(ScimType::InvalidValue));
    assert_eq!(with("active", json!(1)), Some(ScimType::InvalidValue));
    assert_eq!(with("name", json!({ "shoe": 1 })), Some(ScimType::InvalidValue));
    assert_eq!(with("emails", json!(vec![json!({ "value": "x" }); 10_001])), Some(ScimType::InvalidValue));
}
