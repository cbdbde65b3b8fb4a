use primitives::entropy::SystemEntropy;

use super::*;
use crate::client::SigningAlg;
use crate::forge;
use crate::id_token::IdToken;
use crate::jwt::Signer;
use crate::userinfo;

const NOW: Timestamp = Timestamp::from_secs(1_800_000_000);
const ISSUER: &str = "https://id.example";

fn keys() -> Vec<Key> {
    vec![Key { kid: Some("k1".to_owned()), public: forge::key().public_key().clone() }]
}

fn client() -> ClientId {
    ClientId::parse("app").unwrap()
}

fn header() -> Value {
    json!({"alg": "ES256", "typ": "JWT", "kid": "k1"})
}

fn claims() -> Value {
    let client = client();
    Value::Object(id_token::claims(IdToken {
        issuer: ISSUER,
        subject: "ann",
        client: &client,
        issued: NOW,
        auth_time: NOW,
        nonce: Some("nonce"),
        acr: Some("phr"),
        amr: &[],
        sid: Some("line"),
        access_token: Some(("token", SigningAlg::Es256)),
        more: Map::new(),
    }))
}

fn hinted(text: &str) -> Result<HintedSession, &'static str> {
    hint(text, &keys(), ISSUER).map_err(JwtRefusal::code)
}

/// Back-Channel Logout section 2.4.
#[test]
fn a_logout_token_tells_of_one_session_and_is_no_id_token() {
    let client = client();
    let ended = Ended { issuer: ISSUER, client: &client, subject: "ann", sid: "line" };
    let said = token(ended, NOW, &mut SystemEntropy);
    let jti = said["jti"].as_str().unwrap().to_owned();
    assert_eq!(jti.len(), 22);
    assert_eq!(
        Value::Object(said.clone()),
        json!({
            "iss": ISSUER,
            "aud": "app",
            "sub": "ann",
            "sid": "line",
            "iat": 1_800_000_000,
            "exp": 1_800_000_120,
            "jti": jti,
            "events": {"http://schemas.openid.net/event/backchannel-logout": {}},
        })
    );
    assert_ne!(token(ended, NOW, &mut SystemEntropy)["jti"], said["jti"]);
    assert!(!said.contains_key("nonce"));
    let key = forge::key();
    let text = jwt::sign(Signer { key: &key, kid: "k1" }, TYP, &said);
    assert!(jwt::open(&text, &keys(), Typ::Exactly("logout+jwt"), &["ES256"]).is_ok());
    assert_eq!(hinted(&text), Err("jwt_type"));
}

#[test]
fn an_id_token_of_ours_is_a_hint_however_old() {
    let expected =
        HintedSession { subject: "ann".to_owned(), client: client(), sid: Some("line".to_owned()) };
    assert_eq!(hinted(&forge::token(&forge::key(), &header(), &claims())), Ok(expected.clone()));
    let old = forge::with(&forge::with(&claims(), "exp", 5.into()), "iat", 1.into());
    assert_eq!(hinted(&forge::token(&forge::key(), &header(), &old)), Ok(expected.clone()));
    let bare = forge::with(&claims(), "sid", Value::Null);
    let without = HintedSession { sid: None, ..expected };
    assert_eq!(hinted(&forge::token(&forge::key(), &header(), &bare)), Ok(without));
}

#[test]
fn every_forged_and_spoilt_hint_is_refused_by_its_code() {
    for (what, text, expected) in forge::hostile(&header(), &claims()) {
        assert_eq!(hinted(&text), Err(expected), "{what}: {text}");
    }
    let own = Value::Object(primitives::jwk::to_jwk(forge::stranger().public_key(), Some("k1")));
    let text = forge::token(&forge::stranger(), &forge::with(&header(), "jwk", own), &claims());
    assert_eq!(hinted(&text), Err("jwt_key_in_header"));
    let text = forge::token(&forge::key(), &forge::with(&header(), "kid", "k2".into()), &claims());
    assert_eq!(hinted(&text), Err("jwt_unknown_key"));
    for (name, value, code) in [
        ("iss", json!("https://other.example"), "jwt_issuer"),
        ("iss", Value::Null, "jwt_issuer"),
        ("aud", Value::Null, "jwt_audience"),
        ("aud", json!(["app", "other"]), "jwt_audience"),
        ("aud", json!("a b"), "jwt_audience"),
        ("sub", Value::Null, "jwt_subject"),
        ("sub", json!(7), "jwt_claim_type"),
        ("sid", json!(7), "jwt_claim_type"),
        ("auth_time", Value::Null, "jwt_type"),
    ] {
        let text = forge::token(&forge::key(), &header(), &forge::with(&claims(), name, value.clone()));
        assert_eq!(hinted(&text), Err(code), "{name}: {value}");
    }
}

#[test]
fn no_other_token_of_ours_is_a_hint() {
    let (key, client) = (forge::key(), client());
    let signer = Signer { key: &key, kid: "k1" };
    let answer = userinfo::sign(signer, ISSUER, &client, Map::from_iter([("sub".to_owned(), "ann".into())]));
    assert_eq!(hinted(&answer), Err("jwt_type"));
    let Value::Object(claims) = claims() else { unreachable!() };
    for typ in ["at+jwt", "logout+jwt", "dpop+jwt", "oauth-authz-req+jwt"] {
        assert_eq!(hinted(&jwt::sign(signer, typ, &claims)), Err("jwt_type"), "{typ}");
    }
}

/// Front-Channel Logout section 2.
#[test]
fn the_front_channel_gets_issuer_and_session_where_it_wants_them() {
    let session = Some((ISSUER, "a/b+c=&d"));
    for (uri, expected) in [
        (
            "https://app.example/out",
            "https://app.example/out?iss=https%3A%2F%2Fid.example&sid=a%2Fb%2Bc%3D%26d",
        ),
        (
            "https://app.example/out?x=1",
            "https://app.example/out?x=1&iss=https%3A%2F%2Fid.example&sid=a%2Fb%2Bc%3D%26d",
        ),
    ] {
        assert_eq!(frontchannel_url(uri, session), expected);
        assert_eq!(frontchannel_url(uri, None), uri);
    }
}
