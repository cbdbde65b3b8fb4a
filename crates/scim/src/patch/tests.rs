use serde_json::json;

use super::*;
use crate::schema::{ENTERPRISE_USER, GROUPS, USERS};

fn object(value: Value) -> Resource {
    match value {
        Value::Object(object) => object,
        other => panic!("{other} is no object"),
    }
}

fn ana() -> Resource {
    object(json!({
        "id": "1",
        "userName": "ana",
        "displayName": "Ana",
        "active": true,
        "name": { "givenName": "Ana" },
        "emails": [{ "value": "ana@example.com", "type": "work" }],
    }))
}

fn patched(operations: Value) -> Result<Resource, Refusal> {
    let operations = read(json!({ "schemas": [], "Operations": operations }))?;
    apply(&USERS, &ana(), &operations)
}

#[test]
fn entra_id_is_understood() {
    // The shapes of Microsoft's tutorial for provisioning.
    let changed = patched(json!([
        { "op": "Replace", "path": "active", "value": "False" },
        { "op": "Add", "path": "emails[type eq \"home\"].value", "value": "a@home.example" },
        { "op": "Add", "path": format!("{ENTERPRISE_USER}:department"), "value": "Sales" },
        { "op": "Add", "value": { format!("{ENTERPRISE_USER}:manager"): "42", "name.familyName": "Meier" } },
        { "op": "Replace", "path": "name.formatted", "value": "Ana Meier" },
        { "op": "Add", "path": "phoneNumbers[type eq \"work\"].value", "value": "1" },
        { "op": "Replace", "path": "addresses[type eq \"work\"].formatted", "value": "Bern" },
    ]))
    .unwrap();
    assert_eq!(changed.get("active"), Some(&json!(false)));
    assert_eq!(changed["emails"][1], json!({ "type": "home", "value": "a@home.example" }));
    assert_eq!(changed[ENTERPRISE_USER], json!({ "department": "Sales", "manager": { "value": "42" } }));
    assert_eq!(changed["name"], json!({ "givenName": "Ana", "familyName": "Meier" }));
}

#[test]
fn each_verb_does_what_the_rfc_says() {
    let emails = |operations: Value| patched(operations).unwrap().get("emails").cloned();
    let home = json!({ "value": "x@y", "type": "home" });
    let added = emails(json!([{ "op": "add", "path": "emails", "value": [home] }])).unwrap();
    assert_eq!(added, json!([{ "value": "ana@example.com", "type": "work" }, home]));
    let same =
        json!([{ "op": "add", "path": "emails", "value": [{ "value": "ana@example.com", "type": "work" }] }]);
    assert_eq!(emails(same).unwrap().as_array().map(Vec::len), Some(1));
    assert_eq!(emails(json!([{ "op": "replace", "path": "emails", "value": [home] }])), Some(json!([home])));
    assert_eq!(emails(json!([{ "op": "remove", "path": "emails" }])), None);
    assert_eq!(emails(json!([{ "op": "remove", "path": "emails[type eq \"work\"]" }])), None);
    let part = emails(json!([{ "op": "remove", "path": "emails[type eq \"work\"].type" }])).unwrap();
    assert_eq!(part, json!([{ "value": "ana@example.com" }]));
    let replaced =
        json!([{ "op": "replace", "path": "emails[type eq \"work\"].value", "value": "new@example.com" }]);
    assert_eq!(emails(replaced).unwrap()[0]["value"], "new@example.com");
    assert!(!patched(json!([{ "op": "remove", "path": "name" }])).unwrap().contains_key("name"));
}

#[test]
fn members_are_removed_by_filter_and_by_list() {
    let group = object(json!({
        "displayName": "Staff",
        "members": [{ "value": "1", "type": "User" }, { "value": "2", "type": "User" }, { "value": "3" }],
    }));
    let operations = read(json!({ "Operations": [
        { "op": "remove", "path": "members[value eq \"1\"]" },
        { "op": "Remove", "path": "members", "value": [{ "value": "2" }] },
        { "op": "add", "path": "members", "value": [{ "value": "3" }, { "value": "4" }] },
    ] }))
    .unwrap();
    let changed = apply(&GROUPS, &group, &operations).unwrap();
    assert_eq!(changed["members"], json!([{ "value": "3" }, { "value": "4" }]));
}

#[test]
fn every_refusal_has_its_keyword() {
    let kind = |operations: Value| patched(operations).unwrap_err().kind;
    for (operation, expected) in [
        (json!({ "op": "grow", "path": "title", "value": 1 }), ScimType::InvalidSyntax),
        (json!({ "op": "add", "path": "shoeSize", "value": 1 }), ScimType::InvalidPath),
        (json!({ "op": "add", "path": "emails[type eq", "value": 1 }), ScimType::InvalidPath),
        (json!({ "op": "add", "path": "emails[shoe eq \"1\"].value", "value": "1" }), ScimType::InvalidPath),
        (json!({ "op": "replace", "path": "id", "value": "2" }), ScimType::Mutability),
        (json!({ "op": "replace", "path": "groups", "value": [] }), ScimType::Mutability),
        (json!({ "op": "replace", "path": "active", "value": "perhaps" }), ScimType::InvalidValue),
        (json!({ "op": "replace", "path": "title" }), ScimType::InvalidValue),
        (json!({ "op": "remove" }), ScimType::NoTarget),
        (json!({ "op": "remove", "path": "userName" }), ScimType::InvalidValue),
        (
            json!({ "op": "replace", "path": "emails[type eq \"home\"].value", "value": "x" }),
            ScimType::NoTarget,
        ),
    ] {
        assert_eq!(kind(json!([operation])), Some(expected), "{operation}");
    }
    assert_eq!(kind(json!([])), Some(ScimType::InvalidSyntax));
    let many = vec![json!({ "op": "remove", "path": "title" }); MOST_OPERATIONS + 1];
    assert_eq!(kind(many.into()), Some(ScimType::InvalidSyntax));
}
