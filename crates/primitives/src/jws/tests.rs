use super::*;
use crate::cose::SigningKey;
use crate::encoding::base64url;

fn signed(key: &SigningKey, payload: &[u8]) -> String {
    let input = format!("{}.{}", base64url(b"{}"), base64url(payload));
    let signature = signature_of(key.algorithm(), &key.sign(input.as_bytes())).unwrap();
    format!("{input}.{}", base64url(&signature))
}

#[test]
fn what_a_key_signed_is_read() {
    for algorithm in [Algorithm::Es256, Algorithm::Es384, Algorithm::Es512, Algorithm::Ed25519] {
        for turn in 1..40 {
            let key = SigningKey::from_seed(algorithm, &[turn; 32]).unwrap();
            let text = signed(&key, b"payload");
            let compact = Compact::split(&text).unwrap();
            assert_eq!(compact.verified_payload(key.public_key()).unwrap(), b"payload", "{algorithm:?}");
            assert_eq!(compact.header().unwrap(), b"{}");
        }
    }
}

#[test]
fn what_is_signed_here_is_read_here() {
    for algorithm in [Algorithm::Es256, Algorithm::Es384, Algorithm::Es512, Algorithm::EdDsa] {
        let key = SigningKey::from_seed(algorithm, &[7; 32]).unwrap();
        let text = sign(&key, b"{}", b"payload");
        assert_eq!(Compact::split(&text).unwrap().verified_payload(key.public_key()).unwrap(), b"payload");
    }
    for algorithm in [Algorithm::Rs256, Algorithm::Ps256] {
        let key = SigningKey::generate(algorithm, &mut crate::entropy::SystemEntropy).unwrap();
        let text = sign(&key, b"{}", b"payload");
        assert_eq!(Compact::split(&text).unwrap().verified_payload(key.public_key()).unwrap(), b"payload");
    }
}

/// RFC 8037 appendix A.4.
#[test]
fn ed25519_signs_as_the_specification_does() {
    let seed = from_base64url("nWGxne_9WmC6hEr0kuwsxERJxWl7MmkZcDusAxyuf2A").unwrap();
    let key = SigningKey::from_seed(Algorithm::EdDsa, &seed.try_into().unwrap()).unwrap();
    assert_eq!(
        sign(&key, br#"{"alg":"EdDSA"}"#, b"Example of Ed25519 signing"),
        concat!(
            "eyJhbGciOiJFZERTQSJ9.RXhhbXBsZSBvZiBFZDI1NTE5IHNpZ25pbmc.hgyY0il_MGCjP0JzlnLWG1PPOt7-09PGcvMg3AIbQR6dWbh",
            "ijcNR4ki4iylGjg5BhVsPt9g7sVvpAr_MuM0KAg"
        )
    );
}

#[test]
fn every_algorithm_with_a_name_is_found_by_it() {
    for algorithm in Algorithm::ALL {
        let Some(known) = name(algorithm) else { continue };
        assert_eq!(super::algorithm(known).and_then(name), Some(known));
    }
    assert_eq!(name(Algorithm::MlDsa65), None);
}

/// RFC 7515 appendix A.3.
#[test]
fn the_example_of_the_specification_holds() {
    let text = concat!(
        "eyJhbGciOiJFUzI1NiJ9.eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMDA4MTkzODAsDQogImh0dHA6Ly9leGFtcGxlLmNvbS9pc19yb290",
        "Ijp0cnVlfQ.DtEhU3ljbEg8L38VWAfUAqOyKAM6-Xx-F4GawxaepmXFCgfTjDxw5djxLa8ISlSApmWQxfKTUJqPP3-Kg6NU1Q"
    );
    let x = from_base64url("f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU").unwrap();
    let y = from_base64url("x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0").unwrap();
    let point = [[4].as_slice(), &x, &y].concat();
    let key = PublicKey::from_ec_point(Algorithm::Es256, &point).unwrap();
    assert!(Compact::split(text).unwrap().verified_payload(&key).unwrap().starts_with(b"{\"iss\":\"joe\""));
}

#[test]
fn whatever_else_is_refused_by_its_code() {
    let key = SigningKey::from_seed(Algorithm::Es256, &[7; 32]).unwrap();
    let good = signed(&key, b"payload");
    let (input, signature) = good.rsplit_once('.').unwrap();
    let short = base64url(&from_base64url(signature).unwrap()[..63]);
    let other = SigningKey::from_seed(Algorithm::Es256, &[8; 32]).unwrap();
    for (text, code) in [
        ("a.b".to_owned(), "jws_parts"),
        (".b.c".to_owned(), "jws_parts"),
        (format!("{good}.c"), "jws_parts"),
        (format!("{input}.{signature}="), "jws_base64"),
        (format!("{input}."), "jws_signature"),
        (format!("{input}.{short}"), "jws_signature"),
        (format!("{input}.{}", base64url(&[0; 64])), "jws_signature"),
        (format!("{input}.{}", base64url(&key.sign(input.as_bytes()))), "jws_signature"),
        (format!("{input}A.{signature}"), "jws_signature"),
    ] {
        let outcome = Compact::split(&text).and_then(|compact| compact.verified_payload(key.public_key()));
        assert_eq!(outcome.map_err(JwsRefusal::code), Err(code), "{text}");
    }
    let outcome = Compact::split(&good).unwrap().verified_payload(other.public_key());
    assert_eq!(outcome, Err(JwsRefusal::Signature));
}

#[test]
fn neither_none_nor_shared_secrets_are_algorithms() {
    for name in ["none", "None", "HS256", "RS1", "es256", "", "ES256K"] {
        assert_eq!(algorithm(name), None, "{name}");
    }
    assert_eq!(algorithm("PS256"), Some(Algorithm::Ps256));
}
