use serde_json::json;

use super::*;
use crate::forge;
use crate::jwt::{Key, Typ};

fn groups() -> Vec<String> {
    vec!["Staff".to_owned(), "Wiki".to_owned()]
}

fn person(groups: &[String]) -> Person<'_> {
    Person {
        subject: "ann",
        name: "Ann Example",
        given_name: Some("Ann"),
        family_name: Some("Example"),
        login: "ann@example.com",
        language: Some("de"),
        email: Some("ann@example.com"),
        email_verified: true,
        groups,
        changed: Some(Timestamp::from_secs(1_700_000_000)),
        passkey: Some(PasskeyFacts { model: Some("YubiKey 5"), attested: true, backed_up: false }),
    }
}

fn names(claims: &Map<String, Value>) -> Vec<&str> {
    claims.keys().map(String::as_str).collect()
}

fn said(scopes: &str, asked: &[&str]) -> Map<String, Value> {
    let groups = groups();
    claims(&person(&groups), &Scopes::parse(scopes).unwrap(), &|name| asked.contains(&name), &Map::new())
}

const PROFILE: [&str; 7] =
    ["family_name", "given_name", "locale", "name", "preferred_username", "sub", "updated_at"];

#[test]
fn scopes_bring_their_claims_and_no_others() {
    assert_eq!(names(&said("openid", &[])), ["sub"]);
    assert_eq!(names(&said("openid profile", &[])), PROFILE);
    assert_eq!(names(&said("openid email", &[])), ["email", "email_verified", "sub"]);
    assert_eq!(names(&said("openid groups", &[])), ["groups", "sub"]);
    assert_eq!(names(&said("offline_access", &[])), ["sub"]);
    let all =
        said("openid profile email groups", &["passkey_model", "passkey_attested", "passkey_backed_up"]);
    assert_eq!(
        Value::Object(all),
        json!({
            "sub": "ann",
            "name": "Ann Example",
            "given_name": "Ann",
            "family_name": "Example",
            "preferred_username": "ann@example.com",
            "locale": "de",
            "updated_at": 1_700_000_000,
            "email": "ann@example.com",
            "email_verified": true,
            "groups": ["Staff", "Wiki"],
            "passkey_model": "YubiKey 5",
            "passkey_attested": true,
            "passkey_backed_up": false,
        })
    );
}

#[test]
fn a_request_brings_single_claims_and_nothing_that_is_not_known() {
    assert_eq!(
        names(&said("openid", &["name", "birthdate", "passkey_attested", "iss"])),
        ["name", "passkey_attested", "sub"]
    );
    for name in SUPPORTED {
        assert!(said("openid", &[name]).contains_key(name), "{name}");
    }
    let nobody = Person { subject: "ann", ..Person::default() };
    let said = claims(&nobody, &Scopes::parse("profile email").unwrap(), &|_| true, &Map::new());
    assert_eq!(
        names(&said),
        ["groups", "name", "preferred_username", "sub"],
        "what is not known is not said"
    );
}

#[test]
fn an_id_token_says_only_what_was_asked_for_in_it() {
    let groups = groups();
    let asked = |asked: &[&str], mapped: &Map<String, Value>| {
        names(&in_id_token(&person(&groups), &|name| asked.contains(&name), mapped)).join(" ")
    };
    assert_eq!(asked(&[], &Map::new()), "");
    assert_eq!(asked(&["email", "passkey_model"], &Map::new()), "email passkey_model");
    let mapped = Map::from_iter([("department".to_owned(), "IT".into())]);
    assert_eq!(asked(&["email"], &mapped), "department email");
}

#[test]
fn the_organisations_own_claims_take_no_place_that_has_a_meaning() {
    let groups = groups();
    let mut mapped = Map::from_iter(RESERVED.map(|name| (name.to_owned(), Value::from("forged"))));
    mapped.insert("groups".to_owned(), json!(["Staff"]));
    mapped.insert("https://example.com/cost-centre".to_owned(), "4711".into());
    let scopes = Scopes::parse("openid profile email groups").unwrap();
    let said = claims(&person(&groups), &scopes, &|_| false, &mapped);
    assert!(!said.values().any(|value| value == "forged"), "{said:?}");
    assert_eq!(said["groups"], json!(["Staff"]), "what the organisation says of groups counts");
    assert_eq!(said["https://example.com/cost-centre"], "4711");
}

#[test]
fn names_of_own_claims_are_plain_and_free() {
    for good in [
        "roles",
        "groups",
        "entitlements",
        "id",
        "department",
        "https://example.com/x#y",
        "a",
        &"a".repeat(128),
    ] {
        assert!(may_be_mapped(good), "{good}");
    }
    for bad in [
        "",
        "sub",
        "iss",
        "mac",
        "email_verified",
        "a b",
        "a\"b",
        "ü",
        "a\u{0}",
        "__proto__\n",
        &"a".repeat(129),
    ] {
        assert!(!may_be_mapped(bad), "{bad}");
    }
    assert!(RESERVED.is_sorted(), "so that a missing one is seen");
    for name in SUPPORTED.iter().filter(|name| !name.starts_with("passkey_") && **name != "groups") {
        assert!(!may_be_mapped(name), "{name}");
    }
}

#[test]
fn a_signed_answer_says_for_whom_it_is() {
    let (key, client) = (forge::key(), ClientId::parse("app").unwrap());
    let text = sign(Signer { key: &key, kid: "k1" }, "https://id.example", &client, said("openid", &[]));
    let keys = [Key { kid: Some("k1".to_owned()), public: key.public_key().clone() }];
    let claims = jwt::open(&text, &keys, Typ::OrNone("JWT"), &["ES256"]).unwrap();
    assert_eq!(Value::Object(claims), json!({"iss": "https://id.example", "aud": "app", "sub": "ann"}));
    assert!(crate::logout::hint(&text, &keys, "https://id.example").is_err(), "no ID token");
}
