use primitives::cose::{Algorithm, SigningKey};
use serde_json::{Value, json};

use super::*;
use crate::forge;

const NOW: Timestamp = Timestamp::from_secs(1_800_000_000);
const URL: &str = "https://id.example/oauth/token";

fn header() -> Value {
    json!({"typ": "dpop+jwt", "alg": "ES256", "jwk": jwk::to_jwk(forge::key().public_key(), None)})
}

fn claims() -> Value {
    json!({"jti": "once", "htm": "POST", "htu": URL, "iat": NOW.secs()})
}

fn outcome(proof: &str, access_token: Option<&str>) -> &'static str {
    verify(proof, "POST", URL, access_token, NOW).map_or_else(DpopRefusal::code, |_| "ok")
}

/// RFC 9449 sections 4.1, 6.1 and 7.1.
#[test]
fn the_examples_of_the_specification_hold() {
    let header = concat!(
        "eyJ0eXAiOiJkcG9wK2p3dCIsImFsZyI6IkVTMjU2IiwiandrIjp7Imt0eSI6IkVDIiwieCI6Imw4dEZyaHgtMzR0VjNoUklDUkRZOXpDa0Rs",
        "cEJoRjQyVVFVZldWQVdCRnMiLCJ5IjoiOVZFNGpmX09rX282NHpiVFRsY3VOSmFqSG10NnY5VERWclUwQ2R2R1JEQSIsImNydiI6IlAtMjU2",
        "In19"
    );
    let to_token = concat!(
        "eyJqdGkiOiItQndDM0VTYzZhY2MybFRjIiwiaHRtIjoiUE9TVCIsImh0dSI6Imh0dHBzOi8vc2VydmVyLmV4YW1wbGUuY29tL3Rva2VuIiwi",
        "aWF0IjoxNTYyMjYyNjE2fQ.2-GxA6T8lP4vfrg8v-FdWP0A0zdrj8igiMLvqRMUvwnQg4PtFLbdLXiOSsX0x7NVY-FNyJK70nfbV37xRZT3L",
        "g"
    );
    let at = Timestamp::from_secs(1_562_262_616);
    let proof = verify(&format!("{header}.{to_token}"), "POST", "https://server.example.com/token", None, at)
        .unwrap();
    let jkt = "0ZcOCORZNYy-DWpqq30jZyJGHTN0d2HglBV3uiguA4I".to_owned();
    assert_eq!(proof, Proof { jkt: jkt.clone(), jti: "-BwC3ESc6acc2lTc".to_owned(), iat: at });
    let to_resource = concat!(
        "eyJqdGkiOiJlMWozVl9iS2ljOC1MQUVCIiwiaHRtIjoiR0VUIiwiaHR1IjoiaHR0cHM6Ly9yZXNvdXJjZS5leGFtcGxlLm9yZy9wcm90ZWN0",
        "ZWRyZXNvdXJjZSIsImlhdCI6MTU2MjI2MjYxOCwiYXRoIjoiZlVIeU8ycjJaM0RaNTNFc05yV0JiMHhXWG9hTnk1OUlpS0NBcWtzbVFFbyJ9",
        ".2oW9RP35yRqzhrtNP86L-Ey71EOptxRimPPToA1plemAgR6pxHF8y6-yqyVnmcw6Fy1dqd-jfxSYoMxhAJpLjA"
    );
    let proof = format!("{header}.{to_resource}");
    let (url, at) = ("https://resource.example.org/protectedresource", Timestamp::from_secs(1_562_262_618));
    let token = "Kz~8mXK1EalYznwH-LC-1fBAo.4Ljp~zsPE_NeO.gxU";
    assert_eq!(verify(&proof, "GET", url, Some(token), at).unwrap().jkt, jkt);
    assert_eq!(verify(&proof, "GET", url, Some("another"), at), Err(DpopRefusal::AccessToken));
}

#[test]
fn every_forged_and_spoilt_proof_is_refused_by_its_code() {
    assert_eq!(outcome(&forge::token(&forge::key(), &header(), &claims()), None), "ok");
    for (what, text, expected) in forge::hostile(&header(), &claims()) {
        // `aud` is nothing to a proof, but a member that stands twice is.
        assert_eq!(outcome(&text, None), expected, "{what}: {text}");
    }
}

#[test]
fn the_key_is_in_the_header_public_and_of_the_algorithm() {
    let with = |name: &str, value: Value| {
        forge::token(&forge::key(), &forge::with(&header(), name, value), &claims())
    };
    let jwk = header()["jwk"].clone();
    let stranger = jwk::to_jwk(forge::stranger().public_key(), None);
    for (what, proof, code) in [
        ("no key", with("jwk", Value::Null), "dpop_key_missing"),
        ("somebody else's", with("jwk", Value::Object(stranger)), "jwt_signature"),
        ("a private one", with("jwk", forge::with(&jwk, "d", "AA".into())), "jwk_private"),
        ("a shared one", with("jwk", json!({"kty": "oct", "k": "AA"})), "jwk_private"),
        ("an empty one", with("jwk", json!({})), "jwk_key_type"),
        ("off the curve", with("jwk", forge::with(&jwk, "y", jwk["x"].clone())), "jwk_key"),
        ("of another algorithm", with("jwk", forge::with(&jwk, "alg", "ES384".into())), "jwk_algorithm"),
        ("another algorithm", with("alg", "ES384".into()), "jwt_algorithm"),
        ("another kind", with("alg", "RS256".into()), "jwt_algorithm"),
        ("a key of no algorithm", with("jwk", forge::with(&jwk, "alg", Value::Null)), "ok"),
        ("no type", with("typ", Value::Null), "jwt_type"),
        ("an access token", with("typ", "at+jwt".into()), "jwt_type"),
    ] {
        assert_eq!(outcome(&proof, None), code, "{what}");
    }
}

#[test]
fn every_algorithm_proves_possession() {
    for name in CLIENT_ALGORITHMS {
        let algorithm = jws::algorithm(name).unwrap();
        let key = SigningKey::generate(algorithm, &mut primitives::entropy::SystemEntropy).unwrap();
        let mut jwk = jwk::to_jwk(key.public_key(), None);
        for algorithm_named in [true, false] {
            if !algorithm_named {
                jwk.remove("alg");
            }
            let header = json!({"typ": "dpop+jwt", "alg": name, "jwk": jwk});
            let proof = verify(&forge::token(&key, &header, &claims()), "POST", URL, None, NOW).unwrap();
            assert_eq!(proof.jkt, jwk::thumbprint(key.public_key()), "{name}");
        }
    }
    // A key for one padding proves nothing with the other.
    let key = SigningKey::generate(Algorithm::Ps256, &mut primitives::entropy::SystemEntropy).unwrap();
    let header = json!({"typ": "dpop+jwt", "alg": "RS256", "jwk": jwk::to_jwk(key.public_key(), None)});
    assert_eq!(outcome(&forge::token(&key, &header, &claims()), None), "jwt_algorithm");
}

#[test]
fn every_claim_of_a_proof_is_judged_by_itself() {
    let now = NOW.secs();
    for (name, value, code) in [
        ("htm", Value::Null, "dpop_method"),
        ("htm", json!("GET"), "dpop_method"),
        ("htm", json!("post"), "dpop_method"),
        ("htm", json!(["POST"]), "jwt_claim_type"),
        ("htu", Value::Null, "dpop_url"),
        ("htu", json!("https://id.example/oauth/userinfo"), "dpop_url"),
        ("htu", json!("https://id.example/oauth/token/"), "dpop_url"),
        ("htu", json!("http://id.example/oauth/token"), "dpop_url"),
        ("htu", json!("https://id.example:8443/oauth/token"), "dpop_url"),
        ("htu", json!("https://attacker@id.example/oauth/token"), "dpop_url"),
        ("htu", json!("/oauth/token"), "dpop_url"),
        ("htu", json!(7), "jwt_claim_type"),
        ("iat", Value::Null, "dpop_time"),
        ("iat", json!(now - 60), "ok"),
        ("iat", json!(now - 61), "dpop_time"),
        ("iat", json!(now + 10), "ok"),
        ("iat", json!(now + 11), "dpop_time"),
        ("iat", json!(now + 60), "dpop_time"),
        ("iat", json!("now"), "jwt_claim_type"),
        ("jti", Value::Null, "dpop_id"),
        ("jti", json!(""), "dpop_id"),
        ("jti", json!("j".repeat(256)), "dpop_id"),
        ("jti", json!(7), "jwt_claim_type"),
        ("ath", json!("whatever"), "ok"),
        ("nonce", json!("whatever"), "ok"),
    ] {
        let proof = forge::token(&forge::key(), &header(), &forge::with(&claims(), name, value.clone()));
        assert_eq!(outcome(&proof, None), code, "{name}: {value}");
    }
}

#[test]
fn a_proof_goes_with_one_access_token() {
    let of = |token: &str| base64url(&digest::sha256(token.as_bytes()));
    for (ath, code) in [
        (Value::Null, "dpop_access_token"),
        (json!(of("another")), "dpop_access_token"),
        (json!("token"), "dpop_access_token"),
        (json!(of("token")), "ok"),
    ] {
        let proof = forge::token(&forge::key(), &header(), &forge::with(&claims(), "ath", ath.clone()));
        assert_eq!(outcome(&proof, Some("token")), code, "{ath}");
    }
}

#[test]
fn addresses_are_compared_without_query_and_fragment() {
    for same in [
        "https://id.example/oauth/token",
        "https://id.example/oauth/token?a=b",
        "https://id.example/oauth/token#c",
        "HTTPS://ID.Example/oauth/token",
        "https://id.example:443/oauth/token",
    ] {
        assert_eq!(normalised(same), normalised(URL), "{same}");
    }
    for other in ["https://id.example/OAuth/token", "https://id.example", "https://id.example:80/oauth/token"]
    {
        assert_ne!(normalised(other), normalised(URL), "{other}");
    }
    assert_eq!(normalised("https://id.example").as_deref(), Some("https://id.example/"));
    assert_eq!(normalised("http://[::1]:80?x").as_deref(), Some("http://[::1]/"));
    for nonsense in ["", "id.example", "ftp://id.example/", "//id.example/"] {
        assert_eq!(normalised(nonsense), None, "{nonsense}");
    }
}
