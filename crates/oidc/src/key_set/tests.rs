use primitives::cose::SigningKey;
use primitives::encoding::base64url;
use serde_json::json;

use super::*;
use crate::forge;

#[test]
fn what_is_published_is_what_clients_read() {
    let keys: Vec<PublishedKey> =
        [(SigningAlg::Es256, Algorithm::Es256), (SigningAlg::EdDsa, Algorithm::EdDsa)]
            .into_iter()
            .map(|(alg, algorithm)| {
                let public = SigningKey::from_seed(algorithm, &[7; 32]).unwrap().public_key().clone();
                PublishedKey { kid: jwk::thumbprint(&public), alg, public }
            })
            .collect();
    let text = render(&keys);
    for secret in ["\"d\"", &base64url(&[7; 32])] {
        assert!(!text.contains(secret), "{text}");
    }
    let set: Value = serde_json::from_str(&text).unwrap();
    for (jwk, key) in set["keys"].as_array().unwrap().iter().zip(&keys) {
        assert_eq!(jwk["use"], "sig");
        assert_eq!(jwk["alg"], key.alg.name());
        assert_eq!(jwk["kid"], key.kid.as_str());
    }
    let read = read(&set).unwrap();
    assert_eq!(read.len(), 2);
    assert_eq!(read[0], Key { kid: Some(keys[0].kid.clone()), public: keys[0].public.clone() });
    assert_eq!(render(&[]), "{\"keys\":[]}");
}

#[test]
fn keys_that_sign_nothing_are_left_out_and_broken_ones_refused() {
    let good = Value::Object(jwk::to_jwk(forge::key().public_key(), Some("mine")));
    let encrypting = json!({"kty": "RSA", "use": "enc", "n": "AQAB", "e": "AQAB"});
    let wrapping = forge::with(&good, "alg", "ECDH-ES".into());
    let unknown = json!({"kty": "XYZ", "x": 1});
    let wrapping_only = forge::with(&good, "key_ops", json!(["wrapKey"]));
    let odd = forge::with(&good, "key_ops", "verify".into());
    let verifying = forge::with(&good, "key_ops", json!(["sign", "verify"]));
    assert_eq!(read(&json!({"keys": [wrapping_only, odd]})), Ok(Vec::new()));
    assert_eq!(read(&json!({"keys": [verifying]})).unwrap().len(), 1);
    let set = json!({"keys": [encrypting, wrapping, unknown, good]});
    assert_eq!(read(&set).unwrap().len(), 1);
    assert_eq!(read(&json!({"keys": []})), Ok(Vec::new()));
    let private = forge::with(&good, "d", "AA".into());
    let shared = json!({"kty": "oct", "k": "AA"});
    let many: Vec<Value> = vec![good.clone(); MOST + 1];
    assert_eq!(read(&json!({"keys": &many[1..]})).map(|keys| keys.len()), Ok(MOST));
    for (set, code) in [
        (json!([]), "key_set_not_a_set"),
        (json!({}), "key_set_not_a_set"),
        (json!({"keys": {}}), "key_set_not_a_set"),
        (json!({"keys": [7]}), "key_set_not_a_set"),
        (json!({"keys": many}), "key_set_too_many"),
        (json!({"keys": [private]}), "jwk_private"),
        (json!({"keys": [shared]}), "jwk_private"),
        (json!({"keys": [forge::with(&good, "x", "AA".into())]}), "jwk_key"),
    ] {
        assert_eq!(read(&set).unwrap_err().code(), code, "{set}");
    }
}

#[test]
fn a_key_of_rsa_without_an_algorithm_serves_both_paddings() {
    let key = SigningKey::generate(Algorithm::Rs256, &mut primitives::entropy::SystemEntropy).unwrap();
    let jwk = Value::Object(jwk::to_jwk(key.public_key(), Some("rsa")));
    let algorithms = |jwk: &Value| {
        let keys = read(&json!({ "keys": [jwk] })).unwrap();
        keys.iter().map(|key| key.public.algorithm()).collect::<Vec<_>>()
    };
    assert_eq!(algorithms(&jwk), [Algorithm::Rs256]);
    assert_eq!(algorithms(&forge::with(&jwk, "alg", Value::Null)), [Algorithm::Ps256, Algorithm::Rs256]);
}
