use primitives::cose::{Algorithm, SigningKey};
use primitives::entropy::SystemEntropy;
use primitives::time::Span;
use serde_json::Value;

use super::*;
use crate::forge;
use crate::jwt::{Key, Typ};

const NOW: Timestamp = Timestamp::from_secs(1_800_000_000);
const ISSUER: &str = "https://id.example";

fn ring() -> KeyRing {
    KeyRing::generate(NOW, &mut SystemEntropy)
}

fn of_a_person() -> AccessToken {
    AccessToken {
        grant: Some([9; 16]),
        subject: "ann \"the \\ one\" ü \u{1}".to_owned(),
        client: ClientId::parse("app").unwrap(),
        audience: vec![ISSUER.to_owned()],
        scopes: Scopes::parse("openid profile").unwrap(),
        issued: NOW,
        expires: NOW + Span::from_minutes(5),
        auth_time: Some(NOW - Span::from_hours(1)),
        acr: Some("phr".to_owned()),
        amr: vec!["mfa".to_owned(), "pop".to_owned(), "user".to_owned()],
        sid: Some("line".to_owned()),
        jkt: Some("thumb".to_owned()),
        serial: [0; 8],
    }
}

fn of_a_client() -> AccessToken {
    AccessToken {
        grant: None,
        subject: "app".to_owned(),
        client: ClientId::parse("app").unwrap(),
        audience: vec!["https://api.example".to_owned(), "https://more.example".to_owned()],
        scopes: Scopes::default(),
        issued: NOW,
        expires: NOW + Span::from_minutes(5),
        auth_time: None,
        acr: None,
        amr: Vec::new(),
        sid: None,
        jkt: None,
        serial: [0; 8],
    }
}

fn minted(ring: &KeyRing, token: &AccessToken) -> String {
    let key = forge::key();
    mint(ring, Signer { key: &key, kid: "k1" }, ISSUER, token, &mut SystemEntropy)
}

fn payload_of(text: &str) -> Vec<u8> {
    from_base64url(text.split('.').nth(1).unwrap()).unwrap()
}

fn opened(ring: &KeyRing, text: &str, issuer: &str, now: Timestamp) -> Result<AccessToken, TokenRefusal> {
    let keys = || vec![Key { kid: Some("k1".to_owned()), public: forge::key().public_key().clone() }];
    open(ring, keys, text, (issuer, now))
}

/// The claims of a request end up in the logs of resource servers: without the signature they open nothing.
#[test]
fn what_resource_servers_see_is_opened_by_its_signature_alone() {
    let ring = ring();
    let text = minted(&ring, &of_a_client());
    assert!(!String::from_utf8(payload_of(&text)).unwrap().contains("\"mac\""));
    assert!(opened(&ring, &text, ISSUER, NOW).is_ok());
    let (signed, signature) = text.rsplit_once('.').unwrap();
    let mut other = from_base64url(signature).unwrap();
    other[7] ^= 1;
    let forged = format!("{signed}.{}", base64url(&other));
    assert_eq!(opened(&ring, &forged, ISSUER, NOW), Err(TokenRefusal::NotOurs));
    assert_eq!(open(&ring, Vec::new, &text, (ISSUER, NOW)), Err(TokenRefusal::NotOurs), "no key of ours");
    let both =
        AccessToken { audience: vec![ISSUER.to_owned(), "https://api.example".to_owned()], ..of_a_person() };
    assert!(!String::from_utf8(payload_of(&minted(&ring, &both))).unwrap().contains("\"mac\""));
}

#[test]
fn what_is_minted_is_opened_and_says_the_same() {
    let ring = ring();
    for token in [of_a_person(), of_a_client()] {
        let text = minted(&ring, &token);
        let found = opened(&ring, &text, ISSUER, NOW).unwrap();
        assert_ne!(found.serial, [0; 8], "drawn when it is made");
        assert_eq!(AccessToken { serial: [0; 8], ..found }, token);
        assert_ne!(minted(&ring, &token), text, "no two are the same");
    }
}

/// RFC 9068 section 2.
#[test]
fn others_verify_it_by_its_signature_and_find_what_the_specification_names() {
    let ring = ring();
    let token = of_a_person();
    let text = minted(&ring, &token);
    let keys = [Key { kid: Some("k1".to_owned()), public: forge::key().public_key().clone() }];
    let claims = jwt::open(&text, &keys, Typ::Exactly(TYP), &["ES256"]).unwrap();
    let claims = Value::Object(claims);
    for (name, value) in [
        ("iss", Value::from(ISSUER)),
        ("sub", token.subject.as_str().into()),
        ("aud", ISSUER.into()),
        ("client_id", "app".into()),
        ("iat", NOW.secs().into()),
        ("exp", (NOW.secs() + 300).into()),
        ("auth_time", (NOW.secs() - 3600).into()),
        ("acr", "phr".into()),
        ("scope", "openid profile".into()),
        ("sid", "line".into()),
    ] {
        assert_eq!(claims[name], value, "{name}");
    }
    assert_eq!(claims["cnf"]["jkt"], "thumb");
    assert_eq!(claims["amr"], serde_json::json!(["mfa", "pop", "user"]));
    let found = opened(&ring, &text, ISSUER, NOW).unwrap();
    assert_eq!(claims["jti"], found.id().as_str());
    assert!(
        !claims["jti"].as_str().unwrap().contains(claims["mac"].as_str().unwrap()),
        "a log of names opens nothing"
    );
    let several = jwt::claimed(&minted(&ring, &of_a_client()), "aud");
    assert_eq!(several, None, "a list");
    for absent in ["auth_time", "acr", "amr", "sid", "cnf", "scope"] {
        let payload: Value = serde_json::from_slice(&payload_of(&minted(&ring, &of_a_client()))).unwrap();
        assert!(payload.get(absent).is_none(), "{absent}");
    }
}

#[test]
fn every_algorithm_of_ours_signs_them() {
    let ring = ring();
    for algorithm in [Algorithm::Es256, Algorithm::EdDsa, Algorithm::Rs256] {
        let key = SigningKey::generate(algorithm, &mut SystemEntropy).unwrap();
        let text = mint(&ring, Signer { key: &key, kid: "k" }, ISSUER, &of_a_person(), &mut SystemEntropy);
        assert!(opened(&ring, &text, ISSUER, NOW).is_ok(), "{algorithm:?}");
        let keys = [Key { kid: None, public: key.public_key().clone() }];
        assert!(
            jwt::open(&text, &keys, Typ::Exactly(TYP), &["ES256", "EdDSA", "RS256"]).is_ok(),
            "{algorithm:?}"
        );
    }
}

#[test]
fn any_changed_byte_of_header_or_payload_is_refused() {
    let ring = ring();
    let text = minted(&ring, &of_a_person());
    let (signed, signature) = text.rsplit_once('.').unwrap();
    let (header, _) = signed.split_once('.').unwrap();
    let payload = payload_of(&text);
    for index in 0..payload.len() {
        for bit in [1, 2, 0x20, 0x80] {
            let mut changed = payload.clone();
            changed[index] ^= bit;
            let changed = format!("{header}.{}.{signature}", base64url(&changed));
            assert_eq!(opened(&ring, &changed, ISSUER, NOW), Err(TokenRefusal::NotOurs), "byte {index}");
        }
        let cut = format!("{header}.{}.{signature}", base64url(&payload[..index]));
        assert_eq!(opened(&ring, &cut, ISSUER, NOW), Err(TokenRefusal::NotOurs), "cut at {index}");
    }
    for index in 0..signed.len() {
        let mut changed = signed.to_owned().into_bytes();
        changed[index] = if changed[index] == b'A' { b'B' } else { b'A' };
        let changed = format!("{}.{signature}", String::from_utf8(changed).unwrap());
        assert_eq!(opened(&ring, &changed, ISSUER, NOW), Err(TokenRefusal::NotOurs), "character {index}");
    }
}

#[test]
fn nothing_can_be_put_before_behind_or_into_the_claims() {
    let ring = ring();
    let text = minted(&ring, &of_a_person());
    let (signed, signature) = text.rsplit_once('.').unwrap();
    let header = signed.split_once('.').unwrap().0;
    let payload = String::from_utf8(payload_of(&text)).unwrap();
    let mac = &payload[payload.rfind(",\"mac\"").unwrap()..];
    for changed in [
        format!("{{\"sub\":\"root\",{}", &payload[1..]),
        payload.replace(mac, &format!(",\"sub\":\"root\"{mac}")),
        payload.replace(mac, &format!("{},\"sub\":\"root\"}}", &mac[..mac.len() - 1])),
        payload.replace(mac, "}"),
        payload.replace("\"mac\"", "\"MAC\""),
        format!("{payload} "),
        payload.replace(mac, &format!(",\"mac\":\"{}\"}}", base64url(&[0; SHORT_MAC_LENGTH]))),
        String::new(),
        "{}".to_owned(),
    ] {
        let changed = format!("{header}.{}.{signature}", base64url(changed.as_bytes()));
        assert_eq!(opened(&ring, &changed, ISSUER, NOW), Err(TokenRefusal::NotOurs), "{changed}");
    }
    for text in [
        "",
        ".",
        "..",
        "...",
        "a.b.c",
        signed,
        &format!("{signed}."),
        &format!("{signed}.abc"),
        &"a".repeat(LONGEST + 1),
    ] {
        assert_eq!(opened(&ring, text, ISSUER, NOW), Err(TokenRefusal::NotOurs), "{text}");
    }
    let halved = format!("{signed}.{}", "!".repeat(86));
    assert_eq!(opened(&ring, &halved, ISSUER, NOW), Err(TokenRefusal::NotOurs));
    assert_eq!(opened(&ring, &format!("{text}.a"), ISSUER, NOW), Err(TokenRefusal::NotOurs));
}

#[test]
fn another_key_another_issuer_and_the_end_are_refused_by_their_codes() {
    let mut ring = ring();
    let token = of_a_person();
    let text = minted(&ring, &token);
    let code =
        |ring: &KeyRing, issuer: &str, now| opened(ring, &text, issuer, now).map_err(TokenRefusal::code);
    assert_eq!(code(&self::ring(), ISSUER, NOW), Err("token_not_ours"));
    assert_eq!(code(&ring, "https://other.example", NOW), Err("token_issuer"));
    assert!(code(&ring, ISSUER, token.expires - Span::from_micros(1)).is_ok());
    assert_eq!(code(&ring, ISSUER, token.expires), Err("token_expired"));
    ring.rotate(NOW, &mut SystemEntropy);
    assert!(code(&ring, ISSUER, NOW).is_ok(), "a retired root key still checks");
    // What we signed for another purpose is no access token, even with our signature.
    let Value::Object(claims) = serde_json::from_slice(&payload_of(&text)).unwrap() else { unreachable!() };
    let key = forge::key();
    let other = jwt::sign(Signer { key: &key, kid: "k1" }, "JWT", &claims);
    assert_eq!(opened(&ring, &other, ISSUER, NOW), Err(TokenRefusal::NotOurs));
}

#[test]
fn it_is_for_the_resources_that_it_names() {
    let token = of_a_client();
    assert!(token.is_for("https://api.example") && token.is_for("https://more.example"));
    assert!(!token.is_for("https://api.example/") && !token.is_for(ISSUER));
}
