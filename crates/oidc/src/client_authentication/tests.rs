use primitives::encoding::base64;
use serde_json::{Value, json};

use super::*;
use crate::forge;

const NOW: Timestamp = Timestamp::from_secs(1_800_000_000);

fn read(authorization: Option<&str>, body: &str) -> Result<Presented, &'static str> {
    let parameters = Parameters::parse(body).unwrap();
    Presented::read(authorization, &parameters).map_err(ClientAuthenticationRefusal::code)
}

fn client(id: &str) -> ClientId {
    ClientId::parse(id).unwrap()
}

fn basic_header(credentials: &str) -> String {
    format!("Basic {}", base64(credentials.as_bytes()))
}

fn secret(id: &str, secret: &str, method: Authentication) -> Presented {
    Presented::Secret { id: client(id), secret: SecretText::new(secret), method }
}

#[test]
fn each_method_is_read() {
    assert_eq!(read(None, "client_id=app"), Ok(Presented::None(client("app"))));
    assert_eq!(
        read(None, "client_id=app&client_secret=kws_a%2Bb"),
        Ok(secret("app", "kws_a+b", Authentication::ClientSecretPost))
    );
    for scheme in ["Basic", "basic", "BASIC"] {
        let header = format!("{scheme} {}", base64(b"app:kws_secret"));
        let expected = secret("app", "kws_secret", Authentication::ClientSecretBasic);
        assert_eq!(read(Some(&header), ""), Ok(expected.clone()));
        assert_eq!(read(Some(&header), "client_id=app"), Ok(expected), "the same name twice is one name");
    }
    let assertion = assertion(&claims());
    let body =
        format!("client_assertion_type={}&client_assertion={assertion}", ASSERTION_TYPE.replace(':', "%3A"));
    let expected = Presented::Assertion { id: client("app"), assertion };
    assert_eq!(read(None, &body), Ok(expected.clone()), "`sub` says who");
    assert_eq!(read(None, &format!("{body}&client_id=app")), Ok(expected));
    for (presented, method) in [
        (read(None, "client_id=app").unwrap(), Authentication::None),
        (read(None, "client_id=app&client_secret=s").unwrap(), Authentication::ClientSecretPost),
        (read(Some(&basic_header("app:s")), "").unwrap(), Authentication::ClientSecretBasic),
        (read(None, &body).unwrap(), Authentication::PrivateKeyJwt),
    ] {
        assert_eq!(presented.method(), method);
        assert_eq!(presented.id(), &client("app"));
    }
}

/// RFC 6749 section 2.3.1: both halves are form-encoded first. What needs no encoding is the same without.
#[test]
fn both_encodings_of_basic_are_understood() {
    for (credentials, id, password) in [
        ("app:kws_8Jd-_x", "app", "kws_8Jd-_x"),
        ("a%2Bb:x%3Ay%25", "a+b", "x:y%"),
        ("https%3A%2F%2Fapp.example%2Fid:s", "https://app.example/id", "s"),
        ("app:a+b", "app", "a b"),
        ("app:a:b", "app", "a:b"),
        ("app:%c3%BC", "app", "ü"),
        ("app:ü", "app", "ü"),
    ] {
        let expected = secret(id, password, Authentication::ClientSecretBasic);
        assert_eq!(read(Some(&basic_header(credentials)), ""), Ok(expected), "{credentials}");
    }
    assert_eq!(read(Some(&basic_header("app:")), ""), Ok(Presented::None(client("app"))), "no secret at all");
}

#[test]
fn the_longest_name_and_secret_fit_however_they_are_encoded() {
    let (id, password) = ("~".repeat(crate::client::LONGEST_ID), "~".repeat(LONGEST_SECRET));
    let header = basic_header(&format!("{}:{}", id.replace('~', "%7E"), password.replace('~', "%7E")));
    assert!(header.len() <= LONGEST_HEADER && header.len() * 5 > LONGEST_HEADER * 3, "{}", header.len());
    assert_eq!(read(Some(&header), ""), Ok(secret(&id, &password, Authentication::ClientSecretBasic)));
}

#[test]
fn whatever_else_is_refused_by_its_code() {
    let basic = basic_header("app:secret");
    let long = basic_header(&format!("app:{}", "s".repeat(LONGEST_SECRET + 1)));
    let huge = basic_header(&"s".repeat(LONGEST_HEADER));
    let garbled =
        [&basic_header("app"), &basic_header("app:%"), &basic_header("app:%4"), &basic_header("app:%zz")];
    let mut cases: Vec<(Option<&str>, String, &str)> = vec![
        (None, String::new(), "client_missing"),
        (None, "client_id=".to_owned(), "client_missing"),
        (None, "client_secret=s".to_owned(), "client_missing"),
        (None, "client_id=a%20b".to_owned(), "client_id_malformed"),
        (None, format!("client_id={}", "a".repeat(256)), "client_id_malformed"),
        (Some(&basic), "client_id=other".to_owned(), "client_two_clients"),
        (Some(&basic), "client_secret=secret".to_owned(), "client_two_methods"),
        (Some(&basic), "client_assertion=a.b.c".to_owned(), "client_two_methods"),
        (None, "client_id=app&client_secret=s&client_assertion=a.b.c".to_owned(), "client_two_methods"),
        (Some(""), "client_id=app".to_owned(), "client_scheme"),
        (Some("Basic"), String::new(), "client_scheme"),
        (Some("Bearer abc"), "client_id=app".to_owned(), "client_scheme"),
        (Some("DPoP abc"), String::new(), "client_scheme"),
        (Some("Digest username=\"app\""), String::new(), "client_scheme"),
        (Some("Basic "), String::new(), "client_header"),
        (Some("Basic !!!!"), String::new(), "client_header"),
        (Some("Basic /w=="), String::new(), "client_header"),
        (Some(&long), String::new(), "client_too_long"),
        (Some(&huge), String::new(), "client_too_long"),
        (None, format!("client_id=app&client_secret={}", "s".repeat(LONGEST_SECRET + 1)), "client_too_long"),
        (None, "client_assertion=a.b.c".to_owned(), "client_assertion_type"),
        (None, "client_assertion=a.b.c&client_assertion_type=saml2".to_owned(), "client_assertion_type"),
        (None, format!("client_assertion=a.b.c&client_assertion_type={ASSERTION_TYPE}"), "client_missing"),
    ];
    cases.extend(garbled.map(|header| (Some(header.as_str()), String::new(), "client_header")));
    for (authorization, body, code) in cases {
        assert_eq!(read(authorization, &body), Err(code), "{authorization:?} {body}");
    }
    let foreign = format!("client_assertion={}&client_assertion_type={ASSERTION_TYPE}", assertion(&claims()));
    assert_eq!(read(None, &format!("{foreign}&client_id=other")), Err("client_two_clients"));
    let odd = forge::with(&claims(), "sub", "a b".into());
    let odd = format!("client_assertion={}&client_assertion_type={ASSERTION_TYPE}", assertion(&odd));
    assert_eq!(read(None, &odd), Err("client_id_malformed"));
}

#[test]
fn only_what_is_malformed_is_an_invalid_request() {
    assert!(ClientAuthenticationRefusal::TwoMethods.is_malformed());
    assert!(ClientAuthenticationRefusal::TwoClients.is_malformed());
    assert!(!ClientAuthenticationRefusal::Missing.is_malformed());
    assert!(!ClientAuthenticationRefusal::Scheme.is_malformed());
}

#[test]
fn debugging_shows_no_secret() {
    let shown = format!("{:?}", read(Some(&basic_header("app:kws_canary")), "").unwrap());
    assert_eq!(shown, "Presented(app ClientSecretBasic)");
    let assertion = assertion(&claims());
    let body = format!("client_assertion_type={ASSERTION_TYPE}&client_assertion={assertion}");
    let shown = format!("{:?}", read(None, &body).unwrap());
    assert!(!shown.contains(&assertion), "{shown}");
}

fn header() -> Value {
    json!({"alg": "ES256", "kid": "mine"})
}

fn claims() -> Value {
    let now = NOW.secs();
    json!({"iss": "app", "sub": "app", "aud": "https://id.example", "iat": now, "exp": now + 60, "jti": "once"})
}

fn assertion(claims: &Value) -> String {
    forge::token(&forge::key(), &header(), claims)
}

fn verified(assertion: &str) -> Result<Assertion, &'static str> {
    let keys = [Key { kid: Some("mine".to_owned()), public: forge::key().public_key().clone() }];
    let audience = ["https://id.example", "https://id.example/oauth/token"];
    verify_assertion(assertion, &client("app"), &keys, &audience, NOW).map_err(JwtRefusal::code)
}

#[test]
fn an_assertion_holds_until_it_expires() {
    let expected = Assertion { jti: "once".to_owned(), expires: NOW + Span::from_secs(60) };
    assert_eq!(verified(&assertion(&claims())), Ok(expected.clone()));
    for typ in ["JWT", "client-authentication+jwt"] {
        let header = forge::with(&header(), "typ", typ.into());
        assert_eq!(verified(&forge::token(&forge::key(), &header, &claims())), Ok(expected.clone()));
    }
}

#[test]
fn every_forged_and_spoilt_assertion_is_refused_by_its_code() {
    for (what, text, expected) in forge::hostile(&header(), &claims()) {
        assert_eq!(verified(&text), Err(expected), "{what}: {text}");
    }
    let own = Value::Object(primitives::jwk::to_jwk(forge::stranger().public_key(), Some("mine")));
    let text = forge::token(&forge::stranger(), &forge::with(&header(), "jwk", own), &claims());
    assert_eq!(verified(&text), Err("jwt_key_in_header"));
    let text = forge::token(&forge::key(), &forge::with(&header(), "kid", "other".into()), &claims());
    assert_eq!(verified(&text), Err("jwt_unknown_key"));
}

#[test]
fn every_claim_of_an_assertion_is_judged_by_itself() {
    let now = NOW.secs();
    for (name, value, code) in [
        ("iss", Value::Null, "jwt_issuer"),
        ("iss", json!("other"), "jwt_issuer"),
        ("sub", Value::Null, "jwt_subject"),
        ("sub", json!("other"), "jwt_subject"),
        ("aud", Value::Null, "jwt_audience"),
        ("aud", json!("https://other.example"), "jwt_audience"),
        ("aud", json!("https://id.example/"), "jwt_audience"),
        ("exp", Value::Null, "jwt_expiry_missing"),
        ("exp", json!(now - 60), "jwt_expired"),
        ("exp", json!(now + 2 * 3600), "jwt_too_long_lived"),
        ("nbf", json!(now + 60), "jwt_not_yet"),
        ("iat", json!(now + 60), "jwt_not_yet"),
        ("jti", Value::Null, "jwt_id_missing"),
        ("jti", json!(""), "jwt_id"),
    ] {
        assert_eq!(
            verified(&assertion(&forge::with(&claims(), name, value.clone()))),
            Err(code),
            "{name}: {value}"
        );
    }
    for (name, value) in [("nbf", json!(now + 10)), ("iat", json!(now + 10)), ("iat", Value::Null)] {
        assert!(
            verified(&assertion(&forge::with(&claims(), name, value.clone()))).is_ok(),
            "{name}: {value}"
        );
    }
}
