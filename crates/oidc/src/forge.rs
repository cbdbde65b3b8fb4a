//! Tokens as attackers and careless clients make them, for the tests of every place that takes one.

use primitives::cose::{Algorithm, SigningKey};
use primitives::encoding::{base64, base64url, from_base64url};
use primitives::{jwk, jws};
use serde_json::{Value, json};

/// The key that counts in these tests.
pub(crate) fn key() -> SigningKey {
    SigningKey::from_seed(Algorithm::Es256, &[7; 32]).unwrap()
}

/// Another one, of whoever attacks.
pub(crate) fn stranger() -> SigningKey {
    SigningKey::from_seed(Algorithm::Es256, &[8; 32]).unwrap()
}

/// A token with any header and payload, signed by `key` whatever the header says.
pub(crate) fn token(key: &SigningKey, header: &Value, payload: &Value) -> String {
    raw(key, &header.to_string(), &payload.to_string())
}

/// The same from texts, which may be no JSON at all.
pub(crate) fn raw(key: &SigningKey, header: &str, payload: &str) -> String {
    jws::sign(key, header.as_bytes(), payload.as_bytes())
}

/// `value` with one member more, or another value for it; `null` takes it out.
pub(crate) fn with(value: &Value, name: &str, other: Value) -> Value {
    let mut value = value.clone();
    let members = value.as_object_mut().unwrap();
    if other.is_null() {
        members.remove(name)
    } else {
        members.insert(name.to_owned(), other)
    };
    value
}

/// What is wrong with a token, the token, and the code with which it is refused.
pub(crate) type Hostile = (&'static str, String, &'static str);

/// Each way to forge or spoil a token whose good one has this header and payload and is signed by [`key`].
pub(crate) fn hostile(header: &Value, payload: &Value) -> Vec<Hostile> {
    let good = token(&key(), header, payload);
    let mut all = unsigned(header, payload);
    all.extend(headers(header, payload));
    all.extend(twice(header, payload));
    all.extend(parts(&good));
    all.extend(signatures(&good));
    let long = "a".repeat(crate::jwt::LONGEST);
    all.push(("too long", token(&key(), header, &with(payload, "more", long.into())), "jwt_too_long"));
    all.push(("no object", raw(&key(), &header.to_string(), "[]"), "jwt_payload"));
    all.push(("no JSON", raw(&key(), &header.to_string(), "{"), "jwt_payload"));
    all.push(("two objects", raw(&key(), &header.to_string(), &format!("{payload}{{}}")), "jwt_payload"));
    let deep = format!("{{\"a\":{}{}}}", "[".repeat(9), "]".repeat(9));
    all.push(("too deep", raw(&key(), &header.to_string(), &deep), "jwt_payload"));
    all
}

/// Nobody signed it, or somebody with what everybody knows.
fn unsigned(header: &Value, payload: &Value) -> Vec<Hostile> {
    let mut all = Vec::new();
    for none in ["none", "None", "NONE", "nOnE"] {
        let input = encoded(&with(header, "alg", none.into()), payload);
        all.push(("none", format!("{input}."), "jwt_unsigned"));
        all.push(("none, signed", token(&key(), &with(header, "alg", none.into()), payload), "jwt_unsigned"));
    }
    let public = key().public_key().clone();
    let as_text = Value::Object(jwk::to_jwk(&public, None)).to_string();
    for secret in [public.encode(), as_text.into_bytes(), Vec::new()] {
        for alg in ["HS256", "HS384", "HS512"] {
            let input = encoded(&with(header, "alg", alg.into()), payload);
            let mac = primitives::digest::hmac_sha256(&secret, input.as_bytes());
            all.push(("public key as secret", format!("{input}.{}", base64url(&mac)), "jwt_shared_secret"));
        }
    }
    all
}

/// The header brings or names what does not count.
fn headers(header: &Value, payload: &Value) -> Vec<Hostile> {
    let mut all = Vec::new();
    let mut add = |what, header: Value, code| all.push((what, token(&key(), &header, payload), code));
    add("no alg", with(header, "alg", Value::Null), "jwt_algorithm");
    add("alg of nobody", with(header, "alg", "ES256K".into()), "jwt_algorithm");
    add("alg in lower case", with(header, "alg", "es256".into()), "jwt_algorithm");
    add("alg no text", with(header, "alg", 7.into()), "jwt_claim_type");
    for crit in [json!(["exp"]), json!(["b64"]), json!([]), json!("exp")] {
        add("crit", with(header, "crit", crit), "jwt_critical");
    }
    let unencoded = with(&with(header, "b64", false.into()), "crit", json!(["b64"]));
    add("crit and b64", unencoded, "jwt_critical");
    for name in ["jku", "x5u"] {
        add("a URL of the key", with(header, name, "https://attacker.example/keys".into()), "jwt_key_url");
    }
    add("a certificate", with(header, "x5c", json!([base64(b"certificate")])), "jwt_key_in_header");
    add("no key", with(header, "jwk", "key".into()), "jwt_key_in_header");
    for typ in ["at+jwt", "secevent+jwt", "jwt-of-others", ""] {
        add("another type", with(header, "typ", typ.into()), "jwt_type");
    }
    all.push(("no header", raw(&key(), "[]", &payload.to_string()), "jwt_header"));
    all.push(("broken header", raw(&key(), "{\"alg\":", &payload.to_string()), "jwt_header"));
    all
}

/// A member stands twice, so that two readers may read two things.
fn twice(header: &Value, payload: &Value) -> Vec<Hostile> {
    let (header, payload) = (header.to_string(), payload.to_string());
    let again = |object: &str, member: &str| format!("{{{member},{}", object.strip_prefix('{').unwrap());
    let none = again(&header, "\"alg\":\"none\"");
    let escaped = again(&header, "\"\\u0061lg\":\"none\"");
    let admin = again(&payload, "\"aud\":\"https://other.example\",\"aud\":\"https://other.example\"");
    let within = again(&payload, "\"more\":{\"a\":1,\"a\":2}");
    vec![
        ("alg twice", raw(&key(), &none, &payload), "jwt_header_duplicate"),
        ("alg twice, once escaped", raw(&key(), &escaped, &payload), "jwt_header_duplicate"),
        ("a claim twice", raw(&key(), &header, &admin), "jwt_payload_duplicate"),
        ("a member twice within", raw(&key(), &header, &within), "jwt_payload_duplicate"),
    ]
}

fn parts(good: &str) -> Vec<Hostile> {
    let (input, signature) = good.rsplit_once('.').unwrap();
    let (header, payload) = input.split_once('.').unwrap();
    vec![
        ("empty", String::new(), "jwt_parts"),
        ("one part", header.to_owned(), "jwt_parts"),
        ("two parts", input.to_owned(), "jwt_parts"),
        ("four parts", format!("{good}.{signature}"), "jwt_parts"),
        ("five parts, as if encrypted", format!("{good}.a.b"), "jwt_parts"),
        ("an empty header", format!(".{payload}.{signature}"), "jwt_parts"),
        ("space in front", format!(" {good}"), "jwt_base64"),
        ("a line's end", format!("{good}\n"), "jwt_base64"),
        ("padding", format!("{good}=="), "jwt_base64"),
        ("the other alphabet", format!("{input}.+{}", &signature[1..]), "jwt_base64"),
    ]
}

/// The key did not sign this.
fn signatures(good: &str) -> Vec<Hostile> {
    let (input, signature) = good.rsplit_once('.').unwrap();
    let octets = from_base64url(signature).unwrap();
    let made = |octets: &[u8]| format!("{input}.{}", base64url(octets));
    let mut bit = octets.clone();
    bit[40] ^= 1;
    // n of P-256: no R and no S may be as great.
    let order =
        primitives::encoding::from_hex("ffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551");
    let order = order.unwrap();
    let one = [[0; 31].as_slice(), &[1]].concat();
    let zero = [0; 32];
    let theirs = jws_signature(&stranger(), input);
    let (header, payload) = input.split_once('.').unwrap();
    vec![
        ("no signature", format!("{input}."), "jwt_signature"),
        ("a bit of it", made(&bit), "jwt_signature"),
        ("too short", made(&octets[..63]), "jwt_signature"),
        ("too long a signature", made(&[octets.as_slice(), &[0]].concat()), "jwt_signature"),
        ("R and S are 0", made(&[zero, zero].concat()), "jwt_signature"),
        ("R is 0", made(&[zero.as_slice(), &one].concat()), "jwt_signature"),
        ("S is 0", made(&[one.as_slice(), &zero].concat()), "jwt_signature"),
        ("R and S are n", made(&[order.as_slice(), &order].concat()), "jwt_signature"),
        ("in DER", made(&key().sign(input.as_bytes())), "jwt_signature"),
        ("of somebody else", format!("{input}.{theirs}"), "jwt_signature"),
        ("of the payload alone", format!("{input}.{}", jws_signature(&key(), payload)), "jwt_signature"),
        ("of another token", format!("{header}.{}.{signature}", base64url(b"{}")), "jwt_signature"),
    ]
}

fn jws_signature(key: &SigningKey, input: &str) -> String {
    base64url(&jws::signature_of(key.algorithm(), &key.sign(input.as_bytes())).unwrap())
}

fn encoded(header: &Value, payload: &Value) -> String {
    format!("{}.{}", base64url(header.to_string().as_bytes()), base64url(payload.to_string().as_bytes()))
}
