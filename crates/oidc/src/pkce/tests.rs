use super::*;
use crate::samples::{CHALLENGE, VERIFIER};

#[test]
fn the_example_of_the_specification_holds() {
    let verifier = Verifier::parse(VERIFIER).unwrap();
    let challenge = Challenge::read(Some(CHALLENGE), Some("S256")).unwrap();
    assert_eq!(verifier.challenge().as_str(), CHALLENGE);
    assert!(verifier.verifies(&challenge));
    let other = Verifier::parse(&VERIFIER.replace('d', "e")).unwrap();
    assert!(!other.verifies(&challenge));
    // The challenge of `plain` is the verifier; nobody takes it for one.
    assert!(!Verifier::parse(CHALLENGE).unwrap().verifies(&challenge));
}

#[test]
fn only_s256_and_only_a_digest() {
    use PkceRefusal as R;
    let short = &CHALLENGE[..42];
    let long = format!("{CHALLENGE}A");
    for (challenge, method, expected) in [
        (None, None, R::ChallengeMissing),
        (None, Some("S256"), R::ChallengeMissing),
        (Some(CHALLENGE), None, R::Method),
        (Some(CHALLENGE), Some("plain"), R::Method),
        (Some(CHALLENGE), Some("S512"), R::Method),
        (Some(CHALLENGE), Some("s256"), R::Method),
        (Some(CHALLENGE), Some("S256 "), R::Method),
        (Some(CHALLENGE), Some("S256,plain"), R::Method),
        (Some(short), Some("S256"), R::Challenge),
        (Some(long.as_str()), Some("S256"), R::Challenge),
        (Some("E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw+cM"), Some("S256"), R::Challenge),
        (Some("E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM="), Some("S256"), R::Challenge),
        // The last character of 32 octets has two bits that must be 0.
        (Some("E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cN"), Some("S256"), R::Challenge),
        (Some("E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-c "), Some("S256"), R::Challenge),
    ] {
        assert_eq!(Challenge::read(challenge, method), Err(expected), "{challenge:?} {method:?}");
    }
}

#[test]
fn a_verifier_has_43_to_128_unreserved_characters() {
    for length in [43, 44, 127, 128] {
        assert!(Verifier::parse(&"a".repeat(length)).is_ok(), "{length}");
    }
    for length in [0, 1, 42, 129, 4096] {
        assert_eq!(Verifier::parse(&"a".repeat(length)), Err(PkceRefusal::Verifier), "{length}");
    }
    assert!(Verifier::parse(&format!("{}-._~", "Z9".repeat(20))).is_ok());
    for letter in ["+", "/", "=", " ", "%", "\n", "\0", "ü", "\u{1f511}"] {
        assert_eq!(
            Verifier::parse(&format!("{}{letter}", "a".repeat(43))),
            Err(PkceRefusal::Verifier),
            "{letter}"
        );
    }
}

#[test]
fn every_refusal_has_its_code_and_nothing_is_shown() {
    use PkceRefusal as R;
    for (refusal, code) in [
        (R::ChallengeMissing, "pkce_missing"),
        (R::Method, "pkce_method"),
        (R::Challenge, "pkce_challenge"),
        (R::VerifierMissing, "pkce_verifier_missing"),
        (R::Verifier, "pkce_verifier"),
        (R::Mismatch, "pkce_mismatch"),
    ] {
        assert_eq!(refusal.code(), code);
        assert!(!refusal.description().is_empty());
    }
    let verifier = Verifier::parse(VERIFIER).unwrap();
    assert!(!format!("{verifier:?}").contains(VERIFIER));
}

#[test]
fn a_challenge_is_stored_as_its_text_and_checked_when_it_is_read() {
    let challenge = Challenge::parse(CHALLENGE).unwrap();
    let text = serde_json::to_string(&challenge).unwrap();
    assert_eq!(text, format!("\"{CHALLENGE}\""));
    assert_eq!(serde_json::from_str::<Challenge>(&text).unwrap(), challenge);
    assert!(serde_json::from_str::<Challenge>("\"short\"").is_err());
}
