use serde_json::json;

use super::*;
use crate::client::{ClientId, ResponseMode, SigningAlg};
use crate::scope::Scopes;

fn client() -> Client {
    Client {
        id: ClientId::parse("payroll").unwrap(),
        authentication: Authentication::ClientSecretBasic,
        redirect_uris: vec!["https://payroll.example.com/callback".to_owned()],
        post_logout_redirect_uris: Vec::new(),
        grants: vec![GrantType::AuthorizationCode, GrantType::RefreshToken],
        response_modes: vec![ResponseMode::Query, ResponseMode::FormPost],
        scopes: Scopes::parse("openid profile email").unwrap(),
        id_token_alg: SigningAlg::Es256,
        userinfo_alg: None,
        response_alg: None,
        pushed_only: false,
        signed_only: false,
        dpop_bound: false,
        keys: ClientKeys::default(),
        resources: Vec::new(),
        default_max_age: None,
        default_acr_values: Vec::new(),
        backchannel_logout_uri: None,
        frontchannel_logout_uri: None,
        frontchannel_session_required: false,
    }
}

fn refused(change: impl FnOnce(&mut Client)) -> Option<ClientRefusal> {
    let mut changed = client();
    change(&mut changed);
    changed.judged().err()
}

fn texts(texts: &[&str]) -> Vec<String> {
    texts.iter().map(|text| (*text).to_owned()).collect()
}

#[test]
fn a_plain_client_stands_as_it_was_written() {
    assert_eq!(client().judged(), Ok(client()));
    let twice = Client {
        grants: vec![GrantType::AuthorizationCode, GrantType::RefreshToken, GrantType::AuthorizationCode],
        redirect_uris: texts(&[
            "https://payroll.example.com/callback",
            "https://payroll.example.com/callback",
        ]),
        ..client()
    };
    assert_eq!(twice.judged(), Ok(client()));
}

#[test]
fn hostile_addresses_are_none() {
    let hostile = [
        "",
        "javascript:alert(1)",
        "data:text/html,x",
        "https://user@a.example/",
        "https://a.example/#x",
        "https://a.example\\@b.example/",
        "https://*.example.com/",
        "http://a.example/callback",
        "https:///callback",
        "https://a.example/\u{0}",
        "https://a.example/ x",
        "//a.example/",
    ];
    for uri in hostile {
        let uris = texts(&[uri]);
        assert_eq!(
            refused(|client| client.redirect_uris = uris.clone()),
            Some(ClientRefusal::RedirectUris),
            "{uri}"
        );
        let refusal = refused(|client| client.post_logout_redirect_uris = uris);
        assert_eq!(refusal, Some(ClientRefusal::PostLogoutRedirectUris), "{uri}");
        let refusal = refused(|client| client.backchannel_logout_uri = Some(uri.to_owned()));
        assert_eq!(refusal, Some(ClientRefusal::BackchannelLogoutUri), "{uri}");
        let refusal = refused(|client| client.frontchannel_logout_uri = Some(uri.to_owned()));
        assert_eq!(refusal, Some(ClientRefusal::FrontchannelLogoutUri), "{uri}");
        let refusal = refused(|client| client.keys.uri = Some(uri.to_owned()));
        assert_eq!(refusal, Some(ClientRefusal::KeysUri), "{uri}");
    }
    assert_eq!(refused(|client| client.redirect_uris.clear()), Some(ClientRefusal::RedirectUris));
    let many = (0..=MOST_URIS).map(|number| format!("https://a.example/{number}")).collect();
    assert_eq!(refused(|client| client.redirect_uris = many), Some(ClientRefusal::RedirectUris));
}

#[test]
fn a_front_channel_address_is_one_of_the_clients_own() {
    let foreign = Some("https://evil.example/logout".to_owned());
    assert_eq!(
        refused(|client| client.frontchannel_logout_uri = foreign),
        Some(ClientRefusal::FrontchannelLogoutUri)
    );
    let own = Some("https://payroll.example.com/logout".to_owned());
    assert_eq!(refused(|client| client.frontchannel_logout_uri = own), None);
}

#[test]
fn grants_go_together() {
    assert_eq!(refused(|client| client.grants.clear()), Some(ClientRefusal::GrantTypes));
    let alone = vec![GrantType::RefreshToken];
    assert_eq!(refused(|client| client.grants = alone), Some(ClientRefusal::GrantTypes));
    let refusal = refused(|client| {
        client.authentication = Authentication::None;
        client.grants = vec![GrantType::ClientCredentials];
    });
    assert_eq!(refusal, Some(ClientRefusal::Authentication));
    assert_eq!(refused(|client| client.response_modes.clear()), Some(ClientRefusal::ResponseModes));
    assert_eq!(refused(|client| client.scopes = Scopes::default()), Some(ClientRefusal::Scopes));
}

#[test]
fn keys_are_public_and_there_when_they_are_needed() {
    let asked = |client: &mut Client| client.authentication = Authentication::PrivateKeyJwt;
    assert_eq!(refused(asked), Some(ClientRefusal::Keys));
    assert_eq!(refused(|client| client.signed_only = true), Some(ClientRefusal::SignedOnly));
    let sets = [
        json!({}),
        json!({ "keys": [] }),
        json!({ "keys": [{ "kty": "EC", "crv": "P-256", "x": "", "y": "", "d": "AA" }] }),
        json!({ "keys": [{ "kty": "oct", "k": "AA" }] }),
        json!({ "keys": ["text"] }),
        json!({ "keys": vec![json!({ "kty": "EC" }); MOST_KEYS + 1] }),
        json!({ "keys": [{ "kty": "EC", "x": "A".repeat(LONGEST_KEYS) }] }),
    ];
    for set in sets {
        let shown = set.to_string();
        assert_eq!(refused(|client| client.keys.set = Some(set)), Some(ClientRefusal::Keys), "{shown:.100}");
    }
    let both = ClientKeys {
        set: Some(json!({ "keys": [{ "kty": "EC" }] })),
        uri: Some("https://payroll.example.com/jwks".to_owned()),
    };
    assert_eq!(refused(|client| client.keys = both), Some(ClientRefusal::Keys));
}

#[test]
fn the_rest_is_bounded() {
    for uri in ["", "api", "https:", "https://api.example/#x", "https://api.example/ü", "1a:b"] {
        assert_eq!(
            refused(|client| client.resources = texts(&[uri])),
            Some(ClientRefusal::Resources),
            "{uri}"
        );
    }
    assert_eq!(
        refused(|client| client.resources = texts(&["urn:example:api", "https://api.example/"])),
        None
    );
    assert_eq!(refused(|client| client.default_max_age = Some(LONGEST_AGE + 1)), Some(ClientRefusal::MaxAge));
    for value in ["", "a b", "a\"b", &"a".repeat(101)] {
        let values = texts(&[value]);
        assert_eq!(
            refused(|client| client.default_acr_values = values),
            Some(ClientRefusal::AcrValues),
            "{value}"
        );
    }
}

#[test]
fn identifiers_are_drawn_from_names() {
    struct Zeros;
    impl Entropy for Zeros {
        fn fill(&mut self, out: &mut [u8]) {
            out.fill(0);
        }
    }
    for (name, expected) in [
        ("Grafana", "grafana-00000000"),
        ("  Pay  Roll! ", "pay-roll-00000000"),
        ("Zürich\u{202e}", "z-rich-00000000"),
        ("工資", "application-00000000"),
        (&"a".repeat(300), &format!("{}-00000000", "a".repeat(40))),
    ] {
        let id = ClientId::draw(name, &mut Zeros);
        assert_eq!(id.as_str(), expected);
        assert_eq!(ClientId::parse(id.as_str()), Ok(id));
    }
}

#[test]
fn codes_are_stable() {
    let codes: Vec<&str> = ClientRefusal::ALL.iter().map(|refusal| refusal.code()).collect();
    assert_eq!(
        codes,
        [
            "client_redirect_uris",
            "client_post_logout_redirect_uris",
            "client_grant_types",
            "client_response_modes",
            "client_scopes",
            "client_authentication",
            "client_jwks",
            "client_jwks_uri",
            "client_signed_requests",
            "client_resources",
            "client_max_age",
            "client_acr_values",
            "client_backchannel_logout_uri",
            "client_frontchannel_logout_uri",
        ]
    );
}
