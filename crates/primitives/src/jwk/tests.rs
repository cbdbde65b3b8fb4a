use serde_json::json;

use super::*;
use crate::cose::SigningKey;

fn object(value: Value) -> Map<String, Value> {
    let Value::Object(map) = value else { panic!("{value} is no object") };
    map
}

fn refused(value: Value) -> &'static str {
    from_jwk(&object(value), None).unwrap_err().code()
}

fn public(algorithm: Algorithm) -> PublicKey {
    SigningKey::from_seed(algorithm, &[7; 32]).unwrap().public_key().clone()
}

/// RFC 7638 section 3.1.
fn rsa_of_the_specification() -> Value {
    json!({
        "kty": "RSA",
        "n": concat!(
            "0vx7agoebGcQSuuPiLJXZptN9nndrQmbXEps2aiAFbWhM78LhWx4cbbfAAtVT86zwu1RK7aPFFxuhDR1L6tSoc_BJECPebWKRXjBZCiFV4n3ok",
            "njhMstn64tZ_2W-5JsGY4Hc5n9yBXArwl93lqt7_RN5w6Cf0h4QyQ5v-65YGjQR0_FDW2QvzqY368QQMicAtaSqzs8KJZgnYb9c7d0zgdAZHzu",
            "6qMQvRL5hajrn1n91CbOpbISD08qNLyrdkt-bFTWhAI4vMQFh6WeZu0fM4lFd2NcRwr3XPksINHaQ-G_xBniIqbw0Ls1jF44-csFCur-kEgU8a",
            "wapJzKnqDKgw"
        ),
        "e": "AQAB",
        "alg": "RS256",
        "kid": "2011-04-29"
    })
}

#[test]
fn thumbprints_are_those_of_the_specifications() {
    let rsa = from_jwk(&object(rsa_of_the_specification()), None).unwrap();
    assert_eq!(thumbprint(&rsa.key), "NzbLsXh8uDCcd-6MNwXF4W_7noWXFZAfHkxZsRGC9Xs");
    assert_eq!((rsa.kid.as_deref(), rsa.alg), (Some("2011-04-29"), Some(Algorithm::Rs256)));
    // RFC 8037 appendix A.3.
    let okp = json!({"kty": "OKP", "crv": "Ed25519", "x": "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"});
    let okp = from_jwk(&object(okp), None).unwrap();
    assert_eq!(thumbprint(&okp.key), "kPrK_qmxVWaYVA9wwBF6Iuo3vVzz7TxHCTwXBygrS4k");
    // RFC 9449 section 6.1.
    let ec = json!({
        "kty": "EC", "crv": "P-256",
        "x": "l8tFrhx-34tV3hRICRDY9zCkDlpBhF42UQUfWVAWBFs", "y": "9VE4jf_Ok_o64zbTTlcuNJajHmt6v9TDVrU0CdvGRDA"
    });
    let ec = from_jwk(&object(ec), None).unwrap();
    assert_eq!(thumbprint(&ec.key), "0ZcOCORZNYy-DWpqq30jZyJGHTN0d2HglBV3uiguA4I");
}

#[test]
fn what_is_written_is_read_as_the_same_key() {
    for algorithm in [Algorithm::Es256, Algorithm::Es384, Algorithm::Es512, Algorithm::Ed25519] {
        let key = public(algorithm);
        let jwk = to_jwk(&key, Some("name"));
        let read = from_jwk(&jwk, None).unwrap();
        assert_eq!((read.key, read.kid.as_deref(), read.usage.as_deref()), (key, Some("name"), Some("sig")));
        assert_eq!(read.alg, Some(algorithm));
    }
    let eddsa = to_jwk(&public(Algorithm::EdDsa), None);
    assert_eq!(eddsa.get("alg"), Some(&json!("EdDSA")));
    assert!(!eddsa.contains_key("kid"));
    let rsa = from_jwk(&object(rsa_of_the_specification()), None).unwrap().key;
    assert_eq!(from_jwk(&to_jwk(&rsa, None), None).unwrap().key, rsa);
    assert!(members(&public(Algorithm::MlDsa44)).is_empty());
}

#[test]
fn a_key_of_rsa_serves_the_padding_that_is_asked_for() {
    let mut jwk = object(rsa_of_the_specification());
    let algorithm = |jwk: &_, asked| from_jwk(jwk, asked).map(|read| read.key.algorithm());
    assert_eq!(algorithm(&jwk, Some(Algorithm::Ps256)), Ok(Algorithm::Rs256), "its own word comes first");
    jwk.remove("alg");
    assert_eq!(algorithm(&jwk, Some(Algorithm::Ps256)), Ok(Algorithm::Ps256));
    assert_eq!(algorithm(&jwk, None), Ok(Algorithm::Rs256));
    assert_eq!(algorithm(&jwk, Some(Algorithm::Es256)), Err(JwkRefusal::Algorithm));
}

#[test]
fn whatever_is_no_public_key_is_refused_by_its_code() {
    let good = || Value::Object(to_jwk(&public(Algorithm::Es256), Some("name")));
    let with = |name: &str, value: Value| {
        let mut jwk = good();
        jwk[name] = value;
        jwk
    };
    let without = |name: &str| {
        let mut jwk = good();
        jwk.as_object_mut().unwrap().remove(name);
        jwk
    };
    let other = to_jwk(&public(Algorithm::Ed25519), None);
    let spoilt = |name: &str, value: Value| {
        let mut jwk = rsa_of_the_specification();
        jwk[name] = value;
        jwk
    };
    for (jwk, code) in [
        (without("kty"), "jwk_key_type"),
        (with("kty", json!("oct")), "jwk_key_type"),
        (with("kty", json!("AKP")), "jwk_key_type"),
        (with("kty", json!(1)), "jwk_member_type"),
        (without("crv"), "jwk_curve"),
        (with("crv", json!("secp256k1")), "jwk_curve"),
        (with("crv", json!("Ed25519")), "jwk_curve"),
        (with("crv", json!("P-384")), "jwk_algorithm"),
        (with("alg", json!("ES384")), "jwk_algorithm"),
        (with("alg", json!("HS256")), "jwk_algorithm"),
        (with("alg", json!("none")), "jwk_algorithm"),
        (with("alg", json!("RSA-OAEP")), "jwk_algorithm"),
        (with("d", json!("AA")), "jwk_private"),
        (with("k", json!(null)), "jwk_private"),
        (without("x"), "jwk_member_missing"),
        (without("y"), "jwk_member_missing"),
        (with("x", json!(1)), "jwk_member_type"),
        (with("x", json!("=")), "jwk_base64"),
        (with("x", json!("AAAA")), "jwk_key"),
        (with("y", good()["x"].clone()), "jwk_key"),
        (with("kid", json!("")), "jwk_key_id"),
        (with("kid", json!("k".repeat(LONGEST_KID + 1))), "jwk_key_id"),
        (with("kid", json!(7)), "jwk_member_type"),
        (json!({"kty": "OKP", "crv": "X25519", "x": other["x"]}), "jwk_curve"),
        (json!({"kty": "OKP", "crv": "Ed25519", "x": base64url(&[0; 32])}), "jwk_key"),
        (json!({"kty": "OKP", "crv": "Ed25519", "x": base64url(&[2; 32])}), "jwk_key"),
        (spoilt("e", json!("AQ")), "jwk_key"),
        (spoilt("n", json!("AQAB")), "jwk_key"),
        (spoilt("p", json!("AQAB")), "jwk_private"),
    ] {
        assert_eq!(refused(jwk.clone()), code, "{jwk}");
    }
}
