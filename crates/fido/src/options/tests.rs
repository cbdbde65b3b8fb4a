use serde_json::json;

use super::*;

#[test]
fn creation_options_of_a_page_are_read_with_defaults() {
    let options: CreationOptions = serde_json::from_value(json!({
        "rp": { "id": "example.org", "name": "Example" },
        "user": { "id": "Bwc", "name": "a", "displayName": "A" },
        "challenge": "AAAA",
        "pubKeyCredParams": [{ "type": "public-key", "alg": -7 }],
        "authenticatorSelection": {
            "residentKey": "required", "requireResidentKey": true, "userVerification": "preferred",
        },
    }))
    .unwrap();
    assert_eq!(options.attestation, AttestationConveyance::None);
    assert_eq!(options.user.id.0, [7, 7]);
    let again: CreationOptions = serde_json::from_value(serde_json::to_value(&options).unwrap()).unwrap();
    assert_eq!(again, options);
}

#[test]
fn words_are_those_of_the_specification() {
    assert_eq!(serde_json::to_value(Hint::SecurityKey).unwrap(), "security-key");
    assert_eq!(serde_json::to_value(Attachment::CrossPlatform).unwrap(), "cross-platform");
    assert_eq!(serde_json::to_value(ResidentKey::Preferred).unwrap(), "preferred");
    assert_eq!(serde_json::to_value(UserVerification::Required).unwrap(), "required");
    assert_eq!(serde_json::to_value(AttestationConveyance::Enterprise).unwrap(), "enterprise");
    let descriptor = CredentialDescriptor::new(vec![1, 2, 3], vec!["usb".into()]);
    let expected = json!({ "type": "public-key", "id": "AQID", "transports": ["usb"] });
    assert_eq!(serde_json::to_value(descriptor).unwrap(), expected);
}

#[test]
fn base64url_is_strict() {
    assert!(serde_json::from_value::<Base64Url>(json!("AQID")).is_ok());
    for text in ["AQID=", "AQI+", "AQJ", " AQID"] {
        assert!(serde_json::from_value::<Base64Url>(json!(text)).is_err(), "{text}");
    }
}
