use serde_json::json;

use super::*;
use crate::forge;
use crate::jwt::{self, Key, Signer, Typ};

const NOW: Timestamp = Timestamp::from_secs(1_800_000_000);

fn client() -> ClientId {
    ClientId::parse("app").unwrap()
}

fn token<'a>(client: &'a ClientId, amr: &'a [String]) -> IdToken<'a> {
    IdToken {
        issuer: "https://id.example",
        subject: "ann",
        client,
        issued: NOW,
        auth_time: NOW - Span::from_hours(1),
        nonce: Some("n-0S6_WzA2Mj"),
        acr: Some("phr"),
        amr,
        sid: Some("line"),
        access_token: Some(("token", SigningAlg::Es256)),
        more: Map::new(),
    }
}

#[test]
fn it_says_who_when_and_how() {
    let (client, amr) = (client(), ["mfa".to_owned(), "pop".to_owned()]);
    let expected = json!({
        "iss": "https://id.example",
        "sub": "ann",
        "aud": "app",
        "iat": 1_800_000_000,
        "exp": 1_800_000_300,
        "auth_time": 1_799_996_400,
        "nonce": "n-0S6_WzA2Mj",
        "acr": "phr",
        "amr": ["mfa", "pop"],
        "sid": "line",
        "at_hash": at_hash("token", SigningAlg::Es256),
    });
    assert_eq!(Value::Object(claims(token(&client, &amr))), expected);
    let bare =
        IdToken { nonce: None, acr: None, amr: &[], sid: None, access_token: None, ..token(&client, &amr) };
    let bare = claims(bare);
    for absent in ["nonce", "acr", "amr", "sid", "at_hash", "azp", "c_hash"] {
        assert!(!bare.contains_key(absent), "{absent}");
    }
    assert_eq!(bare["auth_time"], 1_799_996_400, "always");
}

#[test]
fn no_other_claim_takes_the_place_of_one_of_these() {
    let (client, amr) = (client(), ["mfa".to_owned()]);
    let mut more = Map::new();
    for name in [
        "iss",
        "sub",
        "aud",
        "iat",
        "exp",
        "auth_time",
        "nonce",
        "acr",
        "amr",
        "sid",
        "at_hash",
        "passkey_model",
    ] {
        more.insert(name.to_owned(), "forged".into());
    }
    let said = claims(IdToken { more, ..token(&client, &amr) });
    assert_eq!(said["passkey_model"], "forged");
    assert_eq!(said.values().filter(|value| **value == "forged").count(), 1);
}

/// OpenID Connect Core appendix A.3 (its access token and `at_hash`).
#[test]
fn at_hash_is_that_of_the_specification() {
    let example = at_hash("jHkWEdUXMU1BwAsC4vtUsZwnNvTIxEl0z9K3vx5KF0Y", SigningAlg::Rs256);
    assert_eq!(example, "77QmUPtjPfzWtF2AnpK9RQ");
    assert_eq!(at_hash("x", SigningAlg::Es256), at_hash("x", SigningAlg::Rs256));
    assert_eq!(at_hash("x", SigningAlg::EdDsa).len(), 43, "half of SHA-512");
}

#[test]
fn it_is_signed_as_a_jwt() {
    let (client, key) = (client(), forge::key());
    let said = claims(token(&client, &[]));
    let text = jwt::sign(Signer { key: &key, kid: "k1" }, TYP, &said);
    let keys = [Key { kid: Some("k1".to_owned()), public: key.public_key().clone() }];
    assert_eq!(jwt::open(&text, &keys, Typ::Exactly("JWT"), &["ES256"]), Ok(said));
}
