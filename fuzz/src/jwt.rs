//! Tokens, proofs, key sets and what else programs send to the endpoints of OpenID Connect.

use std::sync::LazyLock;

use oidc::client_authentication::Presented;
use oidc::grant::RefreshToken;
use oidc::jwt::{self, Key, Typ};
use oidc::parameters::Parameters;
use oidc::{device, dpop, json, key_set, logout, token};
use primitives::cose::{Algorithm, SigningKey};
use primitives::keys::KeyRing;
use primitives::{jwk, jws};
use serde_json::Value;

use crate::ceremony::now;
use crate::parts::split;

const ISSUER: &str = "https://id.example";

struct Issuer {
    key: SigningKey,
    keys: [Key; 1],
    ring: KeyRing,
}

static US: LazyLock<Option<Issuer>> = LazyLock::new(|| {
    let key = SigningKey::from_seed(Algorithm::Es256, &[7; 32]).ok()?;
    let keys = [Key { kid: Some("k1".to_owned()), public: key.public_key().clone() }];
    let ring = KeyRing::parse("1 current 0 BwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwc").ok()?;
    Some(Issuer { key, keys, ring })
});

/// A header and a payload that we sign, whatever they are, and a text by itself.
pub fn jwt(data: &[u8]) {
    let Some(us) = US.as_ref() else { return };
    let parts = split(data);
    let part = |index: usize| parts.get(index).copied().unwrap_or_default();
    let (header, payload) = (part(0), part(1));
    let text = std::str::from_utf8(part(2)).unwrap_or_default();
    let signed = jws::sign(&us.key, header, payload);
    signed_by_us(us, &signed, header, payload);
    nobody_signed(us, text);
    for bytes in [header, payload] {
        object(bytes);
    }
    request(std::str::from_utf8(header).unwrap_or_default(), text);
}

/// What counts has the one algorithm, no extension, no key of its own, and reads alike for everybody.
fn signed_by_us(us: &Issuer, token: &str, header: &[u8], payload: &[u8]) {
    assert!(token::open(&us.ring, Vec::new, token, (ISSUER, now())).is_err(), "no access token has this key's MAC");
    if let Ok(claims) = jwt::open(token, &us.keys, Typ::OrNone("JWT"), &["ES256"]) {
        let header: Value = serde_json::from_slice(header).unwrap_or_default();
        assert_eq!(header.get("alg").and_then(Value::as_str), Some("ES256"));
        for foreign in ["crit", "jku", "x5u", "x5c", "jwk"] {
            assert!(header.get(foreign).is_none(), "{foreign}");
        }
        assert_eq!(serde_json::from_slice::<Value>(payload).ok(), Some(Value::Object(claims)));
    }
    if let Ok(hint) = logout::hint(token, &us.keys, ISSUER) {
        assert!(hint.client.as_str().len() <= oidc::client::LONGEST_ID);
    }
    if let Ok(proof) = dpop::verify(token, "POST", ISSUER, None, now()) {
        assert_eq!(proof.jkt, jwk::thumbprint(us.key.public_key()), "only our own key made this");
    }
}

fn nobody_signed(us: &Issuer, text: &str) {
    assert!(jwt::open(text, &us.keys, Typ::OrNone("JWT"), &["ES256"]).is_err(), "a token that nobody signed");
    assert!(token::open(&us.ring, Vec::new, text, (ISSUER, now())).is_err(), "an access token that nobody made");
    assert_eq!(RefreshToken::read(&us.ring, text), None, "a refresh token that nobody made");
    let _ = (jwt::claimed(text, "sub"), dpop::verify(text, "GET", ISSUER, Some("token"), now()));
    if let Some(code) = device::normalise(text) {
        assert_eq!(device::normalise(&code).as_deref(), Some(code.as_str()), "one spelling");
    }
}

/// Our reader takes less than others do, and never reads anything else.
fn object(bytes: &[u8]) {
    let Ok(members) = json::read(bytes, json::USUAL) else { return };
    let value = Value::Object(members);
    assert_eq!(serde_json::from_slice::<Value>(bytes).ok().as_ref(), Some(&value), "read alike");
    for key in key_set::read(&value).unwrap_or_default() {
        let written = jwk::to_jwk(&key.public, key.kid.as_deref());
        let again = jwk::from_jwk(&written, None).map(|read| (read.key, read.kid));
        assert_eq!(again, Ok((key.public, key.kid)), "written and read again");
    }
}

fn request(header: &str, body: &str) {
    let Ok(parameters) = Parameters::parse(body) else { return };
    assert_eq!(Parameters::parse(&parameters.encode()), Ok(parameters.clone()), "written and read again");
    let _ = Presented::read(Some(header), &parameters);
    if let Ok(presented) = Presented::read(None, &parameters) {
        assert!(!presented.id().as_str().is_empty(), "somebody");
    }
}
