use std::collections::BTreeSet;

use super::*;
use crate::samples::ISSUER;

fn everything() -> Offers {
    Offers {
        registration: true,
        client_documents: true,
        device: true,
        acr_values: vec!["phrh".to_owned(), "phr".to_owned()],
        ui_locales: vec!["en".to_owned(), "de".to_owned()],
        claims: vec!["department".to_owned()],
    }
}

fn texts(document: &Value, name: &str) -> Vec<String> {
    let list = document.get(name).and_then(Value::as_array).unwrap_or_else(|| panic!("{name}"));
    list.iter().map(|text| text.as_str().unwrap().to_owned()).collect()
}

/// The names of the enums are those that rows and requests hold: what serde writes.
fn written<T: serde::Serialize>(all: &[T]) -> Vec<String> {
    all.iter().map(|one| serde_json::to_value(one).unwrap().as_str().unwrap().to_owned()).collect()
}

#[test]
fn what_is_named_is_what_there_is() {
    let document = document(ISSUER, &everything());
    assert_eq!(document["issuer"], ISSUER);
    assert_eq!(texts(&document, "response_types_supported"), ["code"]);
    assert_eq!(texts(&document, "response_modes_supported"), written(&ResponseMode::ALL));
    assert_eq!(texts(&document, "grant_types_supported"), written(&GrantType::ALL));
    assert_eq!(texts(&document, "token_endpoint_auth_methods_supported"), written(&Authentication::ALL));
    assert_eq!(texts(&document, "revocation_endpoint_auth_methods_supported"), written(&Authentication::ALL));
    assert_eq!(
        texts(&document, "introspection_endpoint_auth_methods_supported"),
        ["client_secret_basic", "client_secret_post", "private_key_jwt"]
    );
    for name in ["id_token", "userinfo", "authorization"] {
        let name = format!("{name}_signing_alg_values_supported");
        assert_eq!(texts(&document, &name), written(&SigningAlg::ALL), "{name}");
        assert_eq!(texts(&document, &name), ["ES256", "EdDSA", "RS256"], "{name}");
    }
    for name in ["request_object", "dpop"] {
        assert_eq!(texts(&document, &format!("{name}_signing_alg_values_supported")), CLIENT_ALGORITHMS);
    }
    for name in ["token", "introspection", "revocation"] {
        let name = format!("{name}_endpoint_auth_signing_alg_values_supported");
        assert_eq!(texts(&document, &name), CLIENT_ALGORITHMS, "{name}");
    }
    assert!(CLIENT_ALGORITHMS.iter().all(|name| primitives::jws::algorithm(name).is_some()));
    assert_eq!(texts(&document, "code_challenge_methods_supported"), ["S256"]);
    for prompt in texts(&document, "prompt_values_supported") {
        assert!(Prompt::parse(&prompt).is_ok(), "{prompt}");
    }
    for display in texts(&document, "display_values_supported") {
        assert!(serde_json::from_value::<crate::authorization::Display>(display.into()).is_ok());
    }
    assert_eq!(texts(&document, "acr_values_supported"), ["phrh", "phr"]);
    assert_eq!(texts(&document, "ui_locales_supported"), ["en", "de"]);
}

/// OpenID Connect Discovery section 3 and RFC 8414 section 2: these have to be there.
#[test]
fn nothing_is_missing_and_nothing_stands_empty() {
    for offers in [
        everything(),
        Offers { acr_values: vec!["phr".to_owned()], ui_locales: vec!["en".to_owned()], ..Offers::default() },
    ] {
        let document = document(ISSUER, &offers);
        for name in [
            "issuer",
            "authorization_endpoint",
            "token_endpoint",
            "jwks_uri",
            "response_types_supported",
            "subject_types_supported",
            "id_token_signing_alg_values_supported",
        ] {
            assert!(document.get(name).is_some(), "{name}");
        }
        for (name, value) in document.as_object().unwrap() {
            assert!(value.as_array().is_none_or(|list| !list.is_empty()), "{name}");
            assert!(!value.is_null(), "{name}");
        }
    }
}

#[test]
fn endpoints_are_addresses_of_the_issuer_and_only_those_that_are_on() {
    let all = document(ISSUER, &everything());
    for (name, path) in ENDPOINTS {
        assert_eq!(all[name], format!("{ISSUER}{path}"));
    }
    let few = document(ISSUER, &Offers::default());
    let names =
        |document: &Value| -> BTreeSet<String> { document.as_object().unwrap().keys().cloned().collect() };
    let missing: Vec<String> = names(&all).difference(&names(&few)).cloned().collect();
    assert_eq!(missing, ["device_authorization_endpoint", "registration_endpoint"]);
    assert!(!texts(&few, "grant_types_supported").contains(&GrantType::DeviceCode.name().to_owned()));
    assert_eq!(few["client_id_metadata_document_supported"], false);
    assert_eq!(all["client_id_metadata_document_supported"], true);
}

#[test]
fn what_is_not_there_is_not_promised() {
    let document = document(ISSUER, &everything());
    assert_eq!(document["request_uri_parameter_supported"], false, "the default would be true");
    assert_eq!(document["request_parameter_supported"], true);
    let text = document.to_string();
    for absent in [
        "none_supported",
        "HS256",
        "plain",
        "implicit",
        "password",
        "pairwise",
        "encryption",
        "check_session_iframe",
    ] {
        assert!(!text.contains(absent), "{absent}");
    }
    for list in ["id_token_signing_alg_values_supported", "request_object_signing_alg_values_supported"] {
        assert!(!texts(&document, list).contains(&"none".to_owned()));
    }
}

#[test]
fn claims_stand_once_and_the_organisations_own_come_last() {
    let claims = texts(&document(ISSUER, &everything()), "claims_supported");
    let distinct: BTreeSet<&String> = claims.iter().collect();
    assert_eq!(distinct.len(), claims.len());
    assert_eq!(claims.last().map(String::as_str), Some("department"));
    for name in ["sub", "acr", "amr", "sid", "groups", "email_verified", "passkey_model"] {
        assert!(claims.iter().any(|claim| claim == name), "{name}");
    }
}

#[test]
fn names_are_read_back() {
    for grant in GrantType::ALL {
        assert_eq!(GrantType::parse(grant.name()), Some(grant));
    }
    for method in Authentication::ALL {
        assert_eq!(Authentication::parse(method.name()), Some(method));
        assert_eq!(method.has_secret(), method.name().starts_with("client_secret_"));
    }
    assert_eq!((GrantType::parse("implicit"), Authentication::parse("client_secret_jwt")), (None, None));
}
