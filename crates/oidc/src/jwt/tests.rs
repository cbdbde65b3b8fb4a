use primitives::time::{Span, Timestamp};
use serde_json::json;

use super::*;
use crate::forge;

const NOW: Timestamp = Timestamp::from_secs(1_800_000_000);
const ISSUER: &str = "https://client.example";
const US: &str = "https://id.example";

fn keys() -> Vec<Key> {
    vec![Key { kid: Some("mine".to_owned()), public: forge::key().public_key().clone() }]
}

fn rules() -> Rules<'static> {
    Rules {
        typ: Typ::Exactly("test+jwt"),
        algorithms: &["ES256"],
        issuer: ISSUER,
        subject: Some("somebody"),
        audience: &[US, "https://id.example/oauth/token"],
        now: NOW,
        longest: Span::from_hours(1),
        max_age: Some(Span::from_minutes(5)),
        jti: true,
    }
}

fn header() -> Value {
    json!({"alg": "ES256", "typ": "test+jwt", "kid": "mine"})
}

fn claims() -> Value {
    let now = NOW.secs();
    json!({"iss": ISSUER, "sub": "somebody", "aud": US, "iat": now, "nbf": now, "exp": now + 60, "jti": "1"})
}

fn code(text: &str, rules: &Rules<'_>) -> &'static str {
    verify(text, &keys(), rules).map_or_else(JwtRefusal::code, |_| "ok")
}

#[test]
fn what_we_sign_is_verified() {
    let Value::Object(claims) = claims() else { unreachable!() };
    let key = forge::key();
    let text = sign(Signer { key: &key, kid: "mine" }, "test+jwt", &claims);
    assert_eq!(verify(&text, &keys(), &rules()), Ok(claims));
    let head = header_of(Signer { key: &key, kid: "mine" }, "test+jwt");
    assert_eq!(serde_json::from_slice::<Value>(&head).unwrap(), header());
}

#[test]
fn every_forged_and_spoilt_token_is_refused_by_its_code() {
    for (what, text, expected) in forge::hostile(&header(), &claims()) {
        assert_eq!(code(&text, &rules()), expected, "{what}: {text}");
    }
}

#[test]
fn only_the_key_of_that_name_and_algorithm_counts() {
    let mut two = keys();
    two.push(Key { kid: Some("other".to_owned()), public: forge::stranger().public_key().clone() });
    let outcome = |header: Value, keys: &[Key]| {
        let text = forge::token(&forge::key(), &header, &claims());
        verify(&text, keys, &rules()).map_or_else(JwtRefusal::code, |_| "ok")
    };
    let kid = |kid: &str| forge::with(&header(), "kid", kid.into());
    assert_eq!(outcome(kid("mine"), &two), "ok");
    assert_eq!(outcome(kid("other"), &two), "jwt_signature");
    assert_eq!(outcome(kid("nobody"), &two), "jwt_unknown_key");
    assert_eq!(outcome(kid(""), &two), "jwt_unknown_key");
    assert_eq!(outcome(kid("../../dev/null"), &two), "jwt_unknown_key");
    assert_eq!(outcome(forge::with(&header(), "kid", Value::Null), &two), "ok", "each is tried");
    assert_eq!(outcome(forge::with(&header(), "kid", 7.into()), &two), "jwt_claim_type");
    assert_eq!(outcome(header(), &[]), "jwt_unknown_key");
    let nameless = [Key { kid: None, public: forge::key().public_key().clone() }];
    assert_eq!(outcome(kid("whatever"), &nameless), "ok", "a key without a name goes by every name");
    let all = Rules { algorithms: &CLIENT_ALGORITHMS, ..rules() };
    let text = forge::token(&forge::key(), &forge::with(&header(), "alg", "ES384".into()), &claims());
    assert_eq!(code(&text, &all), "jwt_unknown_key", "the key has another algorithm");
    assert_eq!(code(&text, &rules()), "jwt_algorithm", "one that does not count here");
}

#[test]
fn a_token_that_brings_its_own_key_is_refused() {
    let own = Value::Object(primitives::jwk::to_jwk(forge::stranger().public_key(), Some("mine")));
    let text = forge::token(&forge::stranger(), &forge::with(&header(), "jwk", own), &claims());
    assert_eq!(code(&text, &rules()), "jwt_key_in_header");
}

#[test]
fn every_algorithm_of_clients_is_verified() {
    for name in CLIENT_ALGORITHMS {
        let algorithm = jws::algorithm(name).unwrap();
        let key = SigningKey::generate(algorithm, &mut primitives::entropy::SystemEntropy).unwrap();
        let Value::Object(claims) = claims() else { unreachable!() };
        let text = sign(Signer { key: &key, kid: "k" }, "test+jwt", &claims);
        let keys = [Key { kid: None, public: key.public_key().clone() }];
        let all = Rules { algorithms: &CLIENT_ALGORITHMS, ..rules() };
        assert_eq!(verify(&text, &keys, &all), Ok(claims), "{name}");
        assert_eq!(verify(&text, &keys, &Rules { algorithms: &[], ..rules() }), Err(JwtRefusal::Algorithm));
    }
    // RFC 9864 has another name for what RFC 8037 calls EdDSA.
    let key = SigningKey::from_seed(Algorithm::EdDsa, &[7; 32]).unwrap();
    let text = forge::token(&key, &forge::with(&header(), "alg", "Ed25519".into()), &claims());
    let keys = [Key { kid: None, public: key.public_key().clone() }];
    assert!(verify(&text, &keys, &Rules { algorithms: &["EdDSA"], ..rules() }).is_ok());
}

/// O4 of the requirements: each claim wrong alone.
#[test]
fn every_claim_is_judged_by_itself() {
    let now = NOW.secs();
    let good = claims();
    for (what, claims, expected) in [
        ("nothing", good.clone(), "ok"),
        ("no iss", forge::with(&good, "iss", Value::Null), "jwt_issuer"),
        ("another iss", forge::with(&good, "iss", "https://client.example/".into()), "jwt_issuer"),
        ("iss is a list", forge::with(&good, "iss", json!([ISSUER])), "jwt_claim_type"),
        ("no sub", forge::with(&good, "sub", Value::Null), "jwt_subject"),
        ("another sub", forge::with(&good, "sub", "somebody else".into()), "jwt_subject"),
        ("no aud", forge::with(&good, "aud", Value::Null), "jwt_audience"),
        (
            "another aud",
            forge::with(&good, "aud", "https://id.example.attacker.example".into()),
            "jwt_audience",
        ),
        ("aud in a list", forge::with(&good, "aud", json!(["https://other.example", US])), "ok"),
        ("the endpoint", forge::with(&good, "aud", "https://id.example/oauth/token".into()), "ok"),
        ("an empty list", forge::with(&good, "aud", json!([])), "jwt_audience"),
        ("aud is a number", forge::with(&good, "aud", 7.into()), "jwt_claim_type"),
        ("a number among aud", forge::with(&good, "aud", json!([US, 7])), "jwt_claim_type"),
        ("no exp", forge::with(&good, "exp", Value::Null), "jwt_expiry_missing"),
        ("exp is a text", forge::with(&good, "exp", (now + 60).to_string().into()), "jwt_claim_type"),
        ("exp is negative", forge::with(&good, "exp", json!(-1)), "jwt_claim_type"),
        ("exp is too great for a number", forge::with(&good, "exp", json!(1e300)), "jwt_claim_type"),
        ("exp is far away", forge::with(&good, "exp", json!(i64::MAX)), "jwt_too_long_lived"),
        ("exp is in an hour", forge::with(&good, "exp", json!(now + 3600)), "ok"),
        ("exp is in more", forge::with(&good, "exp", json!(now + 3611)), "jwt_too_long_lived"),
        ("exp was a moment ago", forge::with(&good, "exp", json!(now - 9)), "ok"),
        ("exp was ten seconds ago", forge::with(&good, "exp", json!(now - 10)), "jwt_expired"),
        ("exp was a minute ago", forge::with(&good, "exp", json!(now - 60)), "jwt_expired"),
        ("exp has a fraction", forge::with(&good, "exp", json!(1_800_000_030.5)), "ok"),
        ("nbf is 10 s ahead", forge::with(&good, "nbf", json!(now + 10)), "ok"),
        ("nbf is 60 s ahead", forge::with(&good, "nbf", json!(now + 60)), "jwt_not_yet"),
        ("no nbf", forge::with(&good, "nbf", Value::Null), "ok"),
        ("nbf is true", forge::with(&good, "nbf", true.into()), "jwt_claim_type"),
        ("iat is 10 s ahead", forge::with(&good, "iat", json!(now + 10)), "ok"),
        ("iat is 60 s ahead", forge::with(&good, "iat", json!(now + 60)), "jwt_not_yet"),
        ("no iat", forge::with(&good, "iat", Value::Null), "jwt_issued_missing"),
        ("iat was 5 minutes ago", forge::with(&good, "iat", json!(now - 300)), "ok"),
        ("iat was longer ago", forge::with(&good, "iat", json!(now - 311)), "jwt_too_old"),
        ("no jti", forge::with(&good, "jti", Value::Null), "jwt_id_missing"),
        ("an empty jti", forge::with(&good, "jti", "".into()), "jwt_id"),
        ("a long jti", forge::with(&good, "jti", "j".repeat(256).into()), "jwt_id"),
        ("jti is a number", forge::with(&good, "jti", 1.into()), "jwt_claim_type"),
    ] {
        let text = forge::token(&forge::key(), &header(), &claims);
        assert_eq!(code(&text, &rules()), expected, "{what}");
    }
}

#[test]
fn types_are_compared_as_media_types() {
    for (wanted, typ, fits) in [
        (Typ::Exactly("dpop+jwt"), Some("dpop+jwt"), true),
        (Typ::Exactly("dpop+jwt"), Some("DPoP+JWT"), true),
        (Typ::Exactly("dpop+jwt"), Some("application/dpop+jwt"), true),
        (Typ::Exactly("dpop+jwt"), Some("Application/DPOP+jwt"), true),
        (Typ::Exactly("dpop+jwt"), Some("text/dpop+jwt"), false),
        (Typ::Exactly("dpop+jwt"), Some("JWT"), false),
        (Typ::Exactly("dpop+jwt"), None, false),
        (Typ::OrNone("x+jwt"), None, true),
        (Typ::OrNone("x+jwt"), Some("jwt"), true),
        (Typ::OrNone("x+jwt"), Some("x+jwt"), true),
        (Typ::OrNone("x+jwt"), Some("at+jwt"), false),
    ] {
        assert_eq!(wanted.admits(typ).is_ok(), fits, "{wanted:?} {typ:?}");
    }
}

#[test]
fn a_name_is_read_from_a_token_that_nobody_verified_and_from_nothing_else() {
    let text = forge::token(&forge::stranger(), &header(), &claims());
    assert_eq!(claimed(&text, "sub").as_deref(), Some("somebody"));
    assert_eq!(claimed(&text, "exp"), None);
    for nonsense in ["", "a", "a.b", "a.!.c", "..", "ä.ö.ü"] {
        assert_eq!(claimed(nonsense, "sub"), None, "{nonsense}");
    }
    assert_eq!(claimed(&"ä".repeat(LONGEST), "sub"), None);
}

/// Wycheproof's vectors, where they lie beside the workspace: none that is invalid may verify.
#[test]
fn invalid_signatures_of_wycheproof_are_refused() {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../../../shared/vectors/json_web_signature_test.json");
    let Ok(text) = std::fs::read_to_string(path) else {
        println!("skipped: Wycheproof's vectors are not at ../shared/vectors beside the workspace");
        return;
    };
    let file: Value = serde_json::from_str(&text).unwrap();
    for group in file["testGroups"].as_array().unwrap() {
        let mut jwk = ["public", "jwk", "private"].iter().find_map(|name| group.get(*name)).unwrap().clone();
        // Some groups have only the private key, which we would not take.
        for private in ["d", "p", "q", "dp", "dq", "qi"] {
            jwk.as_object_mut().unwrap().remove(private);
        }
        let keys = crate::key_set::read(&json!({ "keys": [jwk] })).unwrap_or_default();
        for test in group["tests"].as_array().unwrap().iter().filter(|test| test["result"] == "invalid") {
            let compact = test["jws"].as_str().unwrap_or_default();
            assert!(open(compact, &keys, Typ::OrNone("JWT"), &CLIENT_ALGORITHMS).is_err(), "{test}");
        }
    }
}
