//! Each member by its own rule, and each rule by its code.

use super::*;

fn outcome(changes: &[(&str, Value)]) -> Result<Registration, (&'static str, &'static str)> {
    let metadata =
        changes.iter().fold(minimal(), |metadata, (name, value)| forge::with(&metadata, name, value.clone()));
    registered(&metadata)
}

#[test]
fn every_member_has_its_rule() {
    let many = |text: &str, count: usize| json!(vec![text; count]);
    let private = forge::with(&key(), "d", "AA".into());
    let broken = forge::with(&key(), "x", "AA".into());
    let unknown = json!({ "kty": "oct2", "kid": "x" });
    for (name, value, code) in [
        ("redirect_uris", json!([]), "metadata_missing"),
        ("redirect_uris", json!("https://app.example.com/callback"), "metadata_type"),
        ("redirect_uris", json!([1]), "metadata_type"),
        ("redirect_uris", many("https://app.example.com/callback", MOST_URIS + 1), "metadata_bounds"),
        ("post_logout_redirect_uris", json!(["http://app.example.com/bye"]), "metadata_uri"),
        ("token_endpoint_auth_method", json!("client_secret_jwt"), "metadata_value"),
        ("token_endpoint_auth_method", json!("tls_client_auth"), "metadata_value"),
        ("token_endpoint_auth_method", json!(1), "metadata_type"),
        ("token_endpoint_auth_signing_alg", json!("HS256"), "metadata_value"),
        ("request_object_signing_alg", json!("none"), "metadata_value"),
        ("id_token_signed_response_alg", json!("none"), "metadata_value"),
        ("id_token_signed_response_alg", json!("HS256"), "metadata_value"),
        ("userinfo_signed_response_alg", json!("PS256"), "metadata_value"),
        ("authorization_signed_response_alg", json!("none"), "metadata_value"),
        ("grant_types", json!(["implicit"]), "metadata_value"),
        ("grant_types", json!(["password"]), "metadata_value"),
        ("grant_types", json!([]), "metadata_value"),
        ("grant_types", json!(["refresh_token"]), "metadata_conflict"),
        ("response_types", json!(["code", "id_token"]), "metadata_value"),
        ("response_types", json!(["token"]), "metadata_value"),
        ("response_types", json!([]), "metadata_value"),
        ("application_type", json!("service"), "metadata_value"),
        ("subject_type", json!("pairwise"), "metadata_value"),
        ("id_token_encrypted_response_alg", json!("RSA-OAEP"), "metadata_value"),
        ("userinfo_encrypted_response_enc", json!("A128GCM"), "metadata_value"),
        ("tls_client_certificate_bound_access_tokens", json!(true), "metadata_value"),
        ("scope", json!("openid  email"), "metadata_value"),
        ("scope", json!("admin root"), "metadata_value"),
        ("scope", json!("offline_access"), "metadata_value"),
        ("scope", json!(["openid"]), "metadata_type"),
        ("client_name", json!("x".repeat(LONGEST_NAME + 1)), "metadata_bounds"),
        ("client_name", json!("Payroll\u{202e}lloryaP"), "metadata_value"),
        ("client_name", json!("a\nb"), "metadata_value"),
        ("client_name", json!(1), "metadata_type"),
        ("client_uri", json!("javascript:alert(1)"), "metadata_uri"),
        ("client_uri", json!("http://app.example.com/"), "metadata_uri"),
        ("logo_uri", json!("data:image/png;base64,AA"), "metadata_uri"),
        ("logo_uri", json!("http://localhost/logo.png"), "metadata_uri"),
        ("jwks_uri", json!("http://app.example.com/jwks"), "metadata_uri"),
        ("jwks_uri", json!("file:///etc/passwd"), "metadata_uri"),
        ("jwks", json!("keys"), "metadata_type"),
        ("jwks", json!({ "keys": [1] }), "metadata_type"),
        ("jwks", json!({ "keys": [] }), "metadata_bounds"),
        ("jwks", json!({ "keys": [{}] }), "metadata_type"),
        ("jwks", json!({ "keys": [{ "kty": 1 }] }), "metadata_type"),
        ("jwks", json!({ "keys": [{ "use": "enc" }] }), "metadata_type"),
        ("jwks_uri", json!("https://app.example.com/*"), "metadata_uri"),
        ("jwks", json!({ "keys": vec![key(); 17] }), "metadata_bounds"),
        ("jwks", json!({ "keys": [private] }), "metadata_value"),
        ("jwks", json!({ "keys": [{ "kty": "oct", "k": "AA" }] }), "metadata_value"),
        ("jwks", json!({ "keys": [broken] }), "metadata_value"),
        ("jwks", json!({ "keys": [{ "kty": "new", "long": "x".repeat(16 * 1024) }] }), "metadata_bounds"),
        ("default_max_age", json!(-1), "metadata_type"),
        ("default_max_age", json!(1.5), "metadata_type"),
        ("default_max_age", json!("60"), "metadata_type"),
        ("default_max_age", json!(LONGEST_AGE + 1), "metadata_bounds"),
        ("default_acr_values", many("phr", MOST_ACR_VALUES + 1), "metadata_bounds"),
        ("default_acr_values", json!(["x".repeat(LONGEST_ACR_VALUE + 1)]), "metadata_bounds"),
        ("default_acr_values", json!([""]), "metadata_value"),
        ("default_acr_values", json!(["a b"]), "metadata_value"),
        ("default_acr_values", json!(["a\"b"]), "metadata_value"),
        ("require_pushed_authorization_requests", json!("true"), "metadata_type"),
        ("require_signed_request_object", json!(1), "metadata_type"),
        ("dpop_bound_access_tokens", json!("yes"), "metadata_type"),
        ("backchannel_logout_uri", json!("http://app.example.com/logout"), "metadata_uri"),
        ("backchannel_logout_uri", json!("https://app.example.com/logout#x"), "metadata_uri"),
        ("backchannel_logout_uri", json!("https://app.example.com/*"), "metadata_uri"),
        ("backchannel_logout_uri", json!("https://app.example.com/?state=1"), "metadata_uri"),
        ("backchannel_logout_session_required", json!("x"), "metadata_type"),
        ("frontchannel_logout_uri", json!("https://other.example/logout"), "metadata_conflict"),
        ("frontchannel_logout_uri", json!("https://app.example.com:8443/logout"), "metadata_conflict"),
    ] {
        assert_eq!(outcome(&[(name, value.clone())]).map(|_| ()), Err((name, code)), "{value:.60}");
    }
    assert!(
        outcome(&[("jwks", json!({ "keys": [unknown, key()] }))]).is_ok(),
        "unknown keys are others' business"
    );
    assert!(outcome(&[("frontchannel_logout_uri", json!("https://app.example.com/logout"))]).is_ok());
    for name in ["scope", "client_name", "jwks", "default_max_age", "grant_types", "dpop_bound_access_tokens"]
    {
        let metadata = json!({ "redirect_uris": ["https://app.example.com/callback"], name: null });
        assert_eq!(registered(&metadata), registered(&minimal()), "{name}");
    }
}

#[test]
fn members_that_do_not_go_together_are_refused() {
    let codes = json!(["authorization_code"]);
    let machine = json!(["client_credentials"]);
    let jwks = json!({ "keys": [key()] });
    for (changes, expected) in [
        (vec![("token_endpoint_auth_method", json!("private_key_jwt"))], Err(("jwks", "metadata_missing"))),
        (
            vec![
                ("token_endpoint_auth_method", json!("private_key_jwt")),
                ("jwks", json!({ "keys": [{ "kty": "new" }] })),
            ],
            Err(("jwks", "metadata_missing")),
        ),
        (vec![("token_endpoint_auth_method", json!("private_key_jwt")), ("jwks", jwks.clone())], Ok(())),
        (
            vec![
                ("token_endpoint_auth_method", json!("private_key_jwt")),
                ("jwks_uri", json!("https://app.example.com/jwks")),
            ],
            Ok(()),
        ),
        (vec![("require_signed_request_object", json!(true))], Err(("jwks", "metadata_missing"))),
        (
            vec![("jwks", jwks), ("jwks_uri", json!("https://app.example.com/jwks"))],
            Err(("jwks_uri", "metadata_conflict")),
        ),
        (vec![("grant_types", machine.clone()), ("redirect_uris", Value::Null)], Ok(())),
        (
            vec![
                ("grant_types", machine.clone()),
                ("redirect_uris", Value::Null),
                ("response_types", json!([])),
            ],
            Ok(()),
        ),
        (
            vec![("grant_types", machine.clone()), ("response_types", json!(["code"]))],
            Err(("response_types", "metadata_conflict")),
        ),
        (
            vec![("grant_types", machine), ("token_endpoint_auth_method", json!("none"))],
            Err(("grant_types", "metadata_conflict")),
        ),
        (
            vec![("grant_types", codes), ("redirect_uris", Value::Null)],
            Err(("redirect_uris", "metadata_missing")),
        ),
        (
            vec![
                ("grant_types", json!(["urn:ietf:params:oauth:grant-type:device_code", "refresh_token"])),
                ("redirect_uris", Value::Null),
                ("token_endpoint_auth_method", json!("none")),
            ],
            Err(("grant_types", "metadata_value")),
        ),
    ] {
        assert_eq!(outcome(&changes).map(|_| ()), expected, "{changes:?}");
    }
}

#[test]
fn addresses_are_those_of_the_kind_of_application() {
    for (kind, uri, expected) in [
        ("web", "https://app.example.com/callback", true),
        ("web", "http://localhost:8000/callback", true),
        ("web", "http://127.0.0.1/callback", true),
        ("web", "http://app.example.com/callback", false),
        ("web", "com.example.app:/callback", false),
        ("native", "https://app.example.com/callback", true),
        ("native", "http://127.0.0.1/callback", true),
        ("native", "http://[::1]/callback", true),
        ("native", "com.example.app:/callback", true),
        ("native", "app.immich:///oauth-callback", true),
        ("native", "myapp:/callback", false),
        ("native", "javascript:alert(1)", false),
        ("native", "http://app.example.com/callback", false),
        ("native", "http://10.0.0.1/callback", false),
    ] {
        let found = outcome(&[("application_type", json!(kind)), ("redirect_uris", json!([uri]))]);
        let error = ("redirect_uris", "metadata_uri");
        assert_eq!(found.map(|_| ()), if expected { Ok(()) } else { Err(error) }, "{kind} {uri}");
    }
}

#[test]
fn hostile_redirect_uris_that_name_no_place_are_not_registered() {
    // Those that name another place than ours are somebody's own; the rest may be nobody's.
    for uri in crate::samples::HOSTILE {
        if let Ok(Registration { client, .. }) = outcome(&[("redirect_uris", json!([uri]))]) {
            let parsed = crate::uri::Uri::parse(&client.redirect_uris[0]).unwrap();
            assert!(parsed.scheme() == "https" && parsed.host().is_some(), "{uri}");
        }
    }
}

#[test]
fn every_rule_has_its_code_and_every_refusal_its_error() {
    use MetadataRule as R;
    for (rule, code) in [
        (R::NotAnObject, "metadata_not_an_object"),
        (R::Missing, "metadata_missing"),
        (R::Type, "metadata_type"),
        (R::Bounds, "metadata_bounds"),
        (R::Value, "metadata_value"),
        (R::Uri, "metadata_uri"),
        (R::Conflict, "metadata_conflict"),
        (R::NotYours, "metadata_not_yours"),
    ] {
        let refusal = RegistrationRefusal::new("jwks", rule);
        assert_eq!((refusal.code(), refusal.error().name()), (code, "invalid_client_metadata"));
        assert!(!refusal.description().contains(['"', '\\']));
    }
    assert_eq!(RegistrationRefusal::new("redirect_uris", R::Uri).error().name(), "invalid_redirect_uri");
    for nothing in [json!(null), json!([]), json!("x"), json!(1)] {
        assert_eq!(registered(&nothing).unwrap_err(), ("", "metadata_not_an_object"));
    }
}

proptest::proptest! {
    #[test]
    fn any_member_of_any_type_is_read_or_refused(
        name in proptest::sample::select(vec![
            "redirect_uris", "grant_types", "response_types", "jwks", "jwks_uri", "scope", "client_name", "default_max_age",
            "default_acr_values", "token_endpoint_auth_method", "application_type", "frontchannel_logout_uri",
        ]),
        text in proptest::prelude::any::<String>(),
        shape in 0..5_u8,
    ) {
        let value = match shape {
            0 => json!(text),
            1 => json!([text]),
            2 => json!({ "keys": [{ "kty": text }] }),
            3 => json!({ text: 1 }),
            _ => json!(text.len()),
        };
        if let Ok(registration) = outcome(&[(name, value)]) {
            proptest::prop_assert!(registration.client.judged().is_ok());
        }
    }
}
