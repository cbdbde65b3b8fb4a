use serde_json::json;

use super::*;
use crate::client::{GrantType, ResponseMode, SigningAlg};
use crate::forge;

mod documents;
mod rules;

fn id() -> ClientId {
    ClientId::parse("payroll-1").unwrap()
}

fn minimal() -> Value {
    json!({ "redirect_uris": ["https://app.example.com/callback"] })
}

fn key() -> Value {
    Value::Object(primitives::jwk::to_jwk(forge::key().public_key(), Some("mine")))
}

fn registered(metadata: &Value) -> Result<Registration, (&'static str, &'static str)> {
    read(metadata, id(), &Defaults::default()).map_err(|refusal| (refusal.field, refusal.code()))
}

#[test]
fn what_is_left_out_has_the_standards_default() {
    let Registration { client, name, home, logo_uri } = registered(&minimal()).unwrap();
    assert_eq!((name, home, logo_uri), (None, None, None));
    assert_eq!(client.authentication, Authentication::ClientSecretBasic);
    assert_eq!(client.grants, [GrantType::AuthorizationCode]);
    assert_eq!(client.id_token_alg, SigningAlg::Rs256);
    assert_eq!((client.userinfo_alg, client.response_alg), (None, None));
    assert_eq!(client.response_modes, [ResponseMode::Query, ResponseMode::Fragment, ResponseMode::FormPost]);
    assert_eq!(
        client.scopes.to_string(),
        "email groups openid profile",
        "nobody stays connected who does not refresh"
    );
    assert!(!client.pushed_only && !client.signed_only && !client.dpop_bound);
    assert!(client.judged().is_ok(), "what is read may be stored");
}

#[test]
fn everything_is_read_and_told_again() {
    let metadata = json!({
        "client_name": " Payroll ",
        "client_name#de": "Lohn",
        "client_uri": "https://app.example.com/",
        "logo_uri": "https://app.example.com/logo.png",
        "redirect_uris": ["https://app.example.com/callback", "https://app.example.com/callback", "http://127.0.0.1/cb"],
        "post_logout_redirect_uris": ["https://app.example.com/bye"],
        "response_types": ["code"],
        "grant_types": ["authorization_code", "refresh_token", "refresh_token"],
        "application_type": "web",
        "contacts": ["ops@example.com"],
        "scope": "openid email offline_access admin",
        "token_endpoint_auth_method": "private_key_jwt",
        "token_endpoint_auth_signing_alg": "ES256",
        "jwks": { "keys": [key()] },
        "id_token_signed_response_alg": "EdDSA",
        "userinfo_signed_response_alg": "ES256",
        "authorization_signed_response_alg": "ES256",
        "request_object_signing_alg": "ES256",
        "subject_type": "public",
        "default_max_age": 3600,
        "default_acr_values": ["phr"],
        "require_pushed_authorization_requests": true,
        "require_signed_request_object": true,
        "dpop_bound_access_tokens": true,
        "backchannel_logout_uri": "https://app.example.com/backchannel",
        "backchannel_logout_session_required": true,
        "frontchannel_logout_uri": "https://app.example.com/frontchannel",
        "frontchannel_logout_session_required": true,
        "software_id": "x",
        "tls_client_certificate_bound_access_tokens": false,
        "id_token_encrypted_response_alg": null,
    });
    let registration = registered(&metadata).unwrap();
    let client = &registration.client;
    assert_eq!(registration.name.as_deref(), Some("Payroll"));
    assert_eq!(client.redirect_uris.len(), 2);
    assert_eq!(client.scopes.to_string(), "email offline_access openid");
    assert_eq!(client.response_modes, ResponseMode::ALL);
    assert!(
        client.pushed_only && client.signed_only && client.dpop_bound && client.frontchannel_session_required
    );
    assert_eq!(
        (client.default_max_age, client.default_acr_values.as_slice()),
        (Some(3600), ["phr".to_owned()].as_slice())
    );
    assert!(client.clone().judged().is_ok());

    let issued = Issued {
        at: primitives::time::Timestamp::from_secs(1_800_000_000),
        secret: None,
        secret_ends: None,
        access_token: Some("kwt_1"),
        client_uri: "https://id.example.com/oauth/register/payroll-1",
    };
    let told = render(&registration, &issued);
    for name in
        ["post_logout_redirect_uris", "response_types", "token_endpoint_auth_method", "jwks", "logo_uri"]
    {
        assert_eq!(told[name], metadata[name], "{name}");
    }
    for (name, value) in [
        ("client_id", json!("payroll-1")),
        ("client_id_issued_at", json!(1_800_000_000)),
        ("registration_access_token", json!("kwt_1")),
        ("registration_client_uri", json!("https://id.example.com/oauth/register/payroll-1")),
        ("client_name", json!("Payroll")),
        ("grant_types", json!(["authorization_code", "refresh_token"])),
        ("scope", json!("email offline_access openid")),
        ("application_type", json!("web")),
        ("default_max_age", json!(3600)),
    ] {
        assert_eq!(told[name], value, "{name}");
    }
    assert!(told.get("client_secret").is_none() && told.get("client_secret_expires_at").is_none());

    // What was told may come back as it is (RFC 7592 section 2.2), without what is the server's.
    let mut again = told.clone();
    for name in render::SERVERS {
        again.as_object_mut().unwrap().remove(name);
    }
    assert_eq!(read_update(&again, &id(), &Defaults::default(), |_| false).unwrap(), registration);
}

#[test]
fn a_secret_is_told_with_its_end() {
    let registration = registered(&minimal()).unwrap();
    let ends = primitives::time::Timestamp::from_secs(1_900_000_000);
    for (secret_ends, expected) in [(None, 0), (Some(ends), 1_900_000_000)] {
        let issued = Issued {
            at: primitives::time::Timestamp::EPOCH,
            secret: Some("kws_1"),
            secret_ends,
            access_token: None,
            client_uri: "https://id.example.com/oauth/register/payroll-1",
        };
        let told = render(&registration, &issued);
        assert_eq!(
            (&told["client_secret"], &told["client_secret_expires_at"]),
            (&json!("kws_1"), &json!(expected))
        );
        assert!(told.get("registration_access_token").is_none());
        assert!(!format!("{issued:?}").contains("kws_1"));
    }
}

#[test]
fn an_update_names_its_client_and_leaves_the_server_what_is_its() {
    let update = |name: &str, value: Value| {
        let metadata = forge::with(&forge::with(&minimal(), "client_id", "payroll-1".into()), name, value);
        read_update(&metadata, &id(), &Defaults::default(), |secret| secret == "kws_1")
            .map_err(|refusal| (refusal.field, refusal.code()))
    };
    assert!(update("client_secret", "kws_1".into()).is_ok());
    for (name, value, code) in [
        ("client_id", Value::Null, "metadata_missing"),
        ("client_id", "payroll-2".into(), "metadata_value"),
        ("client_secret", "kws_2".into(), "metadata_value"),
        ("client_secret", 1.into(), "metadata_type"),
        ("registration_access_token", "x".into(), "metadata_not_yours"),
        ("registration_client_uri", "x".into(), "metadata_not_yours"),
        ("client_secret_expires_at", 0.into(), "metadata_not_yours"),
        ("client_id_issued_at", 0.into(), "metadata_not_yours"),
        ("redirect_uris", Value::Null, "metadata_missing"),
    ] {
        assert_eq!(update(name, value).unwrap_err(), (name, code));
    }
}

/// O9 of the requirements: nobody gives the device grant to itself.
#[test]
fn what_an_administrator_gave_stays_and_is_not_to_be_had_otherwise() {
    let devices = json!(["authorization_code", "urn:ietf:params:oauth:grant-type:device_code"]);
    let metadata = forge::with(&minimal(), "grant_types", devices);
    let metadata = forge::with(&metadata, "scope", "openid files".into());
    assert_eq!(registered(&metadata).unwrap_err(), ("grant_types", "metadata_value"));
    let given = Client {
        grants: vec![GrantType::AuthorizationCode, GrantType::DeviceCode],
        scopes: Scopes::parse("openid files").unwrap(),
        resources: vec!["urn:example:files".to_owned()],
        ..registered(&minimal()).unwrap().client
    };
    let again = forge::with(&metadata, "client_id", "payroll-1".into());
    let client = read_update(&again, &id(), &Defaults::beside(&given), |_| false).unwrap().client;
    assert_eq!((client.grants, client.resources), (given.grants, given.resources));
    assert_eq!(client.scopes.to_string(), "files openid");
}
