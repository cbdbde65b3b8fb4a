use primitives::time::Span;

use super::*;

const NOW: Timestamp = Timestamp::from_secs(1_800_000_000);

fn token() -> AccessToken {
    AccessToken {
        grant: Some([9; 16]),
        subject: "ann".to_owned(),
        client: ClientId::parse("app").unwrap(),
        audience: vec!["https://api.example".to_owned()],
        scopes: Scopes::parse("openid api").unwrap(),
        issued: NOW,
        expires: NOW + Span::from_minutes(5),
        auth_time: Some(NOW - Span::from_hours(1)),
        acr: Some("phr".to_owned()),
        amr: vec!["mfa".to_owned()],
        sid: Some("line".to_owned()),
        jkt: None,
        serial: [1; 8],
    }
}

/// RFC 7662 section 2.2: about what does not count nothing is said, not even why.
#[test]
fn nothing_is_said_of_what_does_not_count() {
    assert_eq!(Value::Object(inactive()), json!({"active": false}));
}

#[test]
fn an_access_token_is_described() {
    let said = access_token("https://id.example", &token(), Some("ann@example.com"));
    assert_eq!(
        Value::Object(said),
        json!({
            "active": true,
            "iss": "https://id.example",
            "client_id": "app",
            "sub": "ann",
            "username": "ann@example.com",
            "scope": "api openid",
            "token_type": "Bearer",
            "aud": ["https://api.example"],
            "iat": 1_800_000_000,
            "exp": 1_800_000_300,
            "jti": token().id(),
            "sid": "line",
            "acr": "phr",
            "auth_time": 1_799_996_400,
            "amr": ["mfa"],
        })
    );
    let bound =
        access_token("https://id.example", &AccessToken { jkt: Some("thumb".to_owned()), ..token() }, None);
    assert_eq!((&bound["token_type"], &bound["cnf"]), (&json!("DPoP"), &json!({"jkt": "thumb"})));
    let own = AccessToken {
        grant: None,
        auth_time: None,
        acr: None,
        amr: Vec::new(),
        sid: None,
        scopes: Scopes::default(),
        ..token()
    };
    let own = access_token("https://id.example", &own, None);
    for absent in ["auth_time", "acr", "amr", "sid", "scope", "username", "cnf"] {
        assert!(!own.contains_key(absent), "{absent}");
    }
}

#[test]
fn a_refresh_token_is_described_to_its_client() {
    let (client, scopes) = (ClientId::parse("app").unwrap(), Scopes::parse("openid").unwrap());
    let said = refresh_token("https://id.example", &client, "ann", &scopes, NOW);
    assert_eq!(
        Value::Object(said),
        json!({
            "active": true, "iss": "https://id.example", "client_id": "app", "sub": "ann", "scope": "openid",
            "exp": 1_800_000_000
        })
    );
}
