//! The vectors of RFC 4226 and RFC 6238, the window, and that a code works once.

use super::*;
use crate::samples::{Counting, NOW};
use primitives::time::Span;

fn secret() -> SecretBytes {
    SecretBytes::new(*b"12345678901234567890")
}

#[test]
fn rfc_4226_appendix_d() {
    let codes: Vec<u32> = (0..10).map(|counter| code_at(b"12345678901234567890", counter)).collect();
    let expected = [755224, 287082, 359152, 969429, 338314, 254676, 287922, 162583, 399871, 520489];
    assert_eq!(codes, expected);
}

/// The appendix prints eight digits; the last six of them are ours.
#[test]
fn rfc_6238_appendix_b() {
    for (seconds, expected) in [
        (59, "287082"),
        (1_111_111_109, "081804"),
        (1_111_111_111, "050471"),
        (1_234_567_890, "005924"),
        (2_000_000_000, "279037"),
        (20_000_000_000, "353130"),
    ] {
        assert_eq!(code(&secret(), Timestamp::from_secs(seconds)), expected, "{seconds}");
    }
}

#[test]
fn one_step_before_and_after_is_accepted_and_no_more() {
    let typed = code(&secret(), NOW);
    let step = NOW.secs() / 30;
    for (offset, right) in [(-60, false), (-30, true), (0, true), (30, true), (60, false)] {
        let now = Timestamp::from_secs(NOW.secs() + offset);
        let verdict = verify(&secret(), &typed, now, 0);
        assert_eq!(verdict, if right { CodeVerdict::Right { step } } else { CodeVerdict::Wrong }, "{offset}");
    }
}

#[test]
fn a_code_works_once_and_none_before_it_works_after_it() {
    let (earlier, typed) = (code(&secret(), NOW - Span::from_secs(30)), code(&secret(), NOW));
    let CodeVerdict::Right { step } = verify(&secret(), &typed, NOW, 0) else { panic!("refused") };
    assert_eq!(verify(&secret(), &typed, NOW, step), CodeVerdict::Replayed);
    assert_eq!(verify(&secret(), &earlier, NOW, step), CodeVerdict::Replayed);
    let next = NOW + Span::from_secs(30);
    assert_eq!(verify(&secret(), &code(&secret(), next), next, step), CodeVerdict::Right { step: step + 1 });
}

#[test]
fn what_is_typed_is_six_digits_and_nothing_that_looks_like_them() {
    assert_eq!(normalise(" 123 456 ").as_deref(), Some("123456"));
    assert_eq!(normalise("123-456").as_deref(), Some("123456"));
    let long = "1".repeat(10_000_000);
    for nonsense in ["", "12345", "1234567", "12345a", "１２３４５６", "١٢٣٤٥٦", "null", long.as_str()]
    {
        assert_eq!(normalise(nonsense), None);
        assert_eq!(verify(&secret(), nonsense, NOW, 0), CodeVerdict::Wrong);
    }
}

#[test]
fn an_app_reads_the_address() {
    assert_eq!(
        uri("Example AG", "ana@example.com", &secret()),
        "otpauth://totp/Example%20AG:ana%40example.com?secret=GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ\
         &issuer=Example%20AG&algorithm=SHA1&digits=6&period=30"
    );
    assert_eq!(generate(&mut Counting(0)).reveal().len(), 20);
}

#[test]
fn a_hundred_wrong_codes_in_a_row_end_it() {
    let codes = AuthenticatorCodes {
        user: crate::samples::id(1),
        sealed: vec![],
        created: NOW,
        last_step: 0,
        last_used: None,
        failures: 99,
    };
    assert!(!codes.is_locked());
    assert!(AuthenticatorCodes { failures: 100, ..codes }.is_locked());
}
