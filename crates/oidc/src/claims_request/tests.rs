use serde_json::json;

use super::*;

fn parse(value: Value) -> Result<ClaimsRequest, &'static str> {
    ClaimsRequest::parse(&value.to_string()).map_err(ClaimsRefusal::code)
}

#[test]
fn the_example_of_the_specification_is_read() {
    // OpenID Connect Core section 5.5, but for a picture.
    let request = parse(json!({
        "userinfo": {
            "given_name": { "essential": true },
            "nickname": null,
            "email": { "essential": true },
            "http://example.info/claims/groups": null,
        },
        "id_token": {
            "auth_time": { "essential": true },
            "acr": { "values": ["urn:mace:incommon:iap:silver"] },
        },
    }))
    .unwrap();
    assert!(request.userinfo["given_name"].essential && !request.userinfo["nickname"].essential);
    assert_eq!(request.userinfo.len(), 4);
    assert_eq!(request.acr().unwrap().texts().collect::<Vec<_>>(), ["urn:mace:incommon:iap:silver"]);
    assert_eq!(request.essential_acr().count(), 0, "voluntary");
    let text = serde_json::to_string(&request).unwrap();
    assert_eq!(serde_json::from_str::<ClaimsRequest>(&text).unwrap(), request);
}

#[test]
fn an_essential_acr_is_told_from_a_voluntary_one() {
    for (acr, essential, values) in [
        (json!({ "essential": true, "value": "phr" }), 1, 1),
        (json!({ "essential": true, "values": ["phrh", "phr"] }), 2, 2),
        (json!({ "essential": false, "values": ["phr"] }), 0, 1),
        (json!({ "values": ["phr"] }), 0, 1),
        (json!({ "essential": true }), 0, 0),
        (json!(null), 0, 0),
    ] {
        let request = parse(json!({ "id_token": { "acr": acr } })).unwrap();
        assert_eq!(request.essential_acr().count(), essential, "{acr}");
        assert_eq!(request.acr().unwrap().values.len(), values, "{acr}");
    }
    // Userinfo says nothing of a ceremony.
    let request = parse(json!({ "userinfo": { "acr": { "essential": true, "value": "phr" } } })).unwrap();
    assert_eq!(request.essential_acr().count(), 0);
}

#[test]
fn a_wanted_subject_is_found_in_either_place() {
    for place in ["id_token", "userinfo"] {
        let request = parse(json!({ place: { "sub": { "value": "248289761001" } } })).unwrap();
        assert_eq!(request.subjects().collect::<Vec<_>>(), ["248289761001"]);
    }
    let twice = json!({ "id_token": { "sub": { "value": "a" } }, "userinfo": { "sub": { "value": "a" } } });
    assert_eq!(parse(twice).unwrap().subjects().collect::<Vec<_>>(), ["a"]);
    assert_eq!(parse(json!({ "id_token": { "sub": null } })).unwrap().subjects().count(), 0);
}

#[test]
fn what_is_unknown_is_ignored() {
    let request = parse(json!({
        "verified_claims": { "x": 1 },
        "id_token": null,
        "userinfo": { "email": { "purpose": "x", "value": true } },
    }))
    .unwrap();
    assert!(request.id_token.is_empty());
    assert_eq!(request.userinfo["email"].values, [json!(true)]);
    assert!(parse(json!({})).unwrap().is_empty());
}

#[test]
fn every_bound_has_its_code() {
    let many: Map<String, Value> = (0..=MOST).map(|number| (format!("c{number}"), Value::Null)).collect();
    let values: Vec<String> = (0..=MOST_VALUES).map(|number| number.to_string()).collect();
    for (value, code) in [
        (json!({ "id_token": [] }), "claims_member"),
        (json!({ "userinfo": "email" }), "claims_member"),
        (json!({ "id_token": many }), "claims_bounds"),
        (json!({ "id_token": { "": null } }), "claims_bounds"),
        (json!({ "id_token": { "x".repeat(LONGEST_NAME + 1): null } }), "claims_bounds"),
        (json!({ "id_token": { "acr": { "values": values } } }), "claims_bounds"),
        (json!({ "id_token": { "acr": { "value": "x".repeat(LONGEST_VALUE + 1) } } }), "claims_bounds"),
        (json!({ "id_token": { "acr": true } }), "claims_claim"),
        (json!({ "id_token": { "acr": { "essential": "true" } } }), "claims_claim"),
        (json!({ "id_token": { "acr": { "values": "phr" } } }), "claims_claim"),
        (json!({ "id_token": { "acr": { "values": [] } } }), "claims_claim"),
        (json!({ "id_token": { "acr": { "values": ["phr"], "value": "phr" } } }), "claims_claim"),
        (json!({ "id_token": { "acr": { "value": null } } }), "claims_claim"),
        (json!({ "id_token": { "acr": { "value": ["phr"] } } }), "claims_claim"),
        (json!({ "id_token": { "acr": { "values": [{}] } } }), "claims_claim"),
        (json!([]), "claims_json"),
        (json!({ "x": [[[[[[1]]]]]] }), "claims_json"),
        (json!({ "x": "x".repeat(LONGEST) }), "claims_json"),
    ] {
        assert_eq!(parse(value.clone()), Err(code), "{value:.80}");
    }
    for text in [
        "",
        "{",
        "null",
        "{\"id_token\":{},\"id_token\":{}}",
        "{\"id_token\":{\"a\":null,\"a\":null}}",
        "{} x",
    ] {
        assert_eq!(ClaimsRequest::parse(text), Err(ClaimsRefusal::Json), "{text}");
    }
}
