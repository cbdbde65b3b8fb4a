use serde_json::{Value, json};

use super::*;
use crate::schema::{ENTERPRISE_USER, USERS};

fn ana() -> Resource {
    let Value::Object(ana) = json!({
        "id": "1",
        "externalId": "Ana-7",
        "userName": "Ana.Meier@example.com",
        "name": { "familyName": "Meier" },
        "active": true,
        "emails": [{ "value": "ana@example.com", "type": "work" }, { "value": "a@home.example", "type": "home" }],
        ENTERPRISE_USER: { "department": "Sales" },
    }) else {
        unreachable!("an object")
    };
    ana
}

fn matches(filter: &str) -> bool {
    Filter::parse(&USERS, filter).unwrap().matches(&ana())
}

#[test]
fn filters_match_as_the_rfc_says() {
    for filter in [
        r#"userName eq "ana.meier@EXAMPLE.com""#,
        r#"USERNAME Eq "ana.meier@example.com""#,
        r#"urn:ietf:params:scim:schemas:core:2.0:User:userName sw "ana""#,
        r#"externalId eq "Ana-7""#,
        r#"name.familyName co "eie""#,
        r#"emails eq "ana@example.com""#,
        r#"emails.value ew "home.example""#,
        r#"emails[type eq "work" and value co "ana"]"#,
        r#"urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:department eq "sales""#,
        r#"active eq true"#,
        r#"active eq "True""#,
        r#"title eq null or title ne "x""#,
        r#"not (title pr) and (userName pr)"#,
    ] {
        assert!(matches(filter), "{filter}");
    }
    for filter in [
        r#"externalId eq "ana-7""#,
        r#"emails[type eq "home" and value co "ana"]"#,
        r#"title pr"#,
        r#"active eq false"#,
        r#"userName gt "b""#,
    ] {
        assert!(!matches(filter), "{filter}");
    }
}

#[test]
fn what_is_no_filter_is_refused() {
    let long = format!("userName eq \"{}\"", "x".repeat(LONGEST));
    for filter in
        ["", "userName", "userName is \"x\"", "shoeSize eq 7", "name.shoe pr", "emails[shoe eq 1]", &long]
    {
        let refusal = Filter::parse(&USERS, filter).unwrap_err();
        assert_eq!(refusal.kind, Some(ScimType::InvalidFilter), "{filter}");
    }
}

#[test]
fn an_equality_is_known_by_its_canonical_name() {
    let equality = |filter: &str| Filter::parse(&USERS, filter).unwrap().equality().map(|(name, _)| name);
    assert_eq!(equality(r#"USERNAME eq "x""#), Some("userName"));
    assert_eq!(equality(r#"externalid eq "x""#), Some("externalId"));
    assert_eq!(equality(r#"userName ne "x""#), None);
    assert_eq!(equality(r#"name.givenName eq "x""#), None);
}
