use serde_json::json;

use super::*;
use crate::schema::{ENTERPRISE_USER, USERS};

fn ana() -> Resource {
    let ana = json!({
        "schemas": ["s"], "id": "1", "userName": "ana", "title": "CEO",
        "name": { "givenName": "Ana", "familyName": "Meier" },
        "emails": [{ "value": "a@b", "type": "work" }],
        ENTERPRISE_USER: { "department": "Sales", "manager": { "value": "2" } },
    });
    ana.as_object().cloned().unwrap()
}

fn projected(only: Option<&str>, without: Option<&str>) -> Value {
    Value::Object(Projection::read(only, without).unwrap().of(&USERS, ana()))
}

#[test]
fn what_is_asked_for_is_given() {
    assert_eq!(
        projected(Some("userName, NAME.familyName,emails.value"), None),
        json!({
            "schemas": ["s"], "id": "1", "userName": "ana", "name": { "familyName": "Meier" },
            "emails": [{ "value": "a@b" }],
        })
    );
    let department = format!("{ENTERPRISE_USER}:department");
    assert_eq!(
        projected(Some(&department), None),
        json!({ "schemas": ["s"], "id": "1", ENTERPRISE_USER: { "department": "Sales" } })
    );
    assert_eq!(projected(Some("shoeSize"), None), json!({ "schemas": ["s"], "id": "1" }));
}

#[test]
fn what_is_excluded_is_not_but_for_what_always_is() {
    let left = projected(None, Some("id,title,emails,name.givenName"));
    assert_eq!(left["id"], "1");
    assert_eq!(left["name"], json!({ "familyName": "Meier" }));
    assert!(left.get("title").is_none() && left.get("emails").is_none());
}

#[test]
fn both_lists_and_endless_ones_are_refused() {
    assert!(Projection::read(Some("a"), Some("b")).is_err());
    assert!(Projection::read(Some(&"a,".repeat(2000)), None).is_err());
}

#[test]
fn what_is_dear_is_found_only_when_asked_for() {
    let wants = |only, without| Projection::read(only, without).unwrap().wants(&USERS, "groups");
    assert!(wants(None, None) && wants(Some("groups.value"), None) && wants(None, Some("groups.value")));
    assert!(!wants(Some("userName"), None) && !wants(None, Some("groups")));
}
