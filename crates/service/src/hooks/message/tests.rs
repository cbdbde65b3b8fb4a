//! Against the example of Standard Webhooks, and against names that mean harm.

use primitives::encoding::from_base64;

use super::*;

#[test]
fn signatures_are_those_of_standard_webhooks() {
    let secret = from_base64("MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw").unwrap();
    let message = Message::new(
        "msg_p5jXN8AQM9LWM0D4loKWxJek".to_owned(),
        Timestamp::from_secs(1_614_265_330),
        r#"{"test": 2432232314}"#.to_owned(),
        &secret,
    );
    assert_eq!(message.signature, "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=");
}

#[test]
fn nothing_but_ascii_leaves_and_it_means_the_same() {
    let hostile = json!({ "note": "a\r\nb\u{1b}[31m\u{7f}\u{85}\u{2028}\u{202e}ä😀\"" });
    let text = ascii(&hostile);
    assert!(text.bytes().all(|byte| (0x20..0x7f).contains(&byte)), "{text}");
    assert_eq!(serde_json::from_str::<Value>(&text).unwrap(), hostile);
}
