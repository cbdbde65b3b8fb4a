use serde_json::{Value, json};

use super::*;

fn registration() -> Value {
    json!({
        "id": "AQID", "rawId": "AQID", "type": "public-key",
        "authenticatorAttachment": "platform",
        "clientExtensionResults": { "credProps": { "rk": true }, "unknown": [1] },
        "response": {
            "clientDataJSON": "e30", "attestationObject": "oA", "transports": ["usb", "internal", "usb", "new"],
            "authenticatorData": "", "publicKey": null, "publicKeyAlgorithm": -7,
        },
    })
}

fn authentication() -> Value {
    json!({
        "id": "AQID", "rawId": "AQID", "type": "public-key",
        "clientExtensionResults": {},
        "response": {
            "clientDataJSON": "e30", "authenticatorData": "AA", "signature": "AQ", "userHandle": "Bwc",
        },
    })
}

/// Both kinds of answer with one change give the same refusal and code.
#[track_caller]
fn refused(change: impl Fn(&mut Value), refusal: ResponseRefusal, code: &str) {
    let (mut registration, mut authentication) = (registration(), authentication());
    change(&mut registration);
    change(&mut authentication);
    assert_eq!(RegistrationResponse::parse(&registration.to_string()), Err(refusal));
    assert_eq!(AuthenticationResponse::parse(&authentication.to_string()), Err(refusal));
    assert_eq!(refusal.code(), code);
}

fn remove(value: &mut Value, name: &str) {
    value.as_object_mut().unwrap().remove(name);
}

#[test]
fn a_registration_is_read() {
    let response = RegistrationResponse::parse(&registration().to_string()).unwrap();
    assert_eq!(
        response,
        RegistrationResponse {
            credential_id: vec![1, 2, 3],
            client_data_json: b"{}".to_vec(),
            attestation_object: vec![0xa0],
            transports: vec!["internal".into(), "new".into(), "usb".into()],
            attachment: Some(Attachment::Platform),
            client_extensions: ClientExtensions { discoverable: Some(true), ..ClientExtensions::default() },
        }
    );
}

#[test]
fn an_authentication_is_read() {
    let response = AuthenticationResponse::parse(&authentication().to_string()).unwrap();
    assert_eq!(response.user_handle, Some(vec![7, 7]));
    assert_eq!((response.authenticator_data, response.signature), (vec![0], vec![1]));
    for absent in [Value::Null, json!({})] {
        let mut value = authentication();
        if absent.is_null() {
            value["response"]["userHandle"] = absent;
        } else {
            remove(&mut value["response"], "userHandle");
        }
        assert_eq!(AuthenticationResponse::parse(&value.to_string()).unwrap().user_handle, None);
    }
}

#[test]
fn what_may_be_absent_or_unknown() {
    let mut value = registration();
    remove(&mut value, "clientExtensionResults");
    remove(&mut value["response"], "transports");
    value["authenticatorAttachment"] = json!("orbital");
    value["extra"] = json!({ "a": 1 });
    let response = RegistrationResponse::parse(&value.to_string()).unwrap();
    assert_eq!((response.transports.len(), response.attachment), (0, None));
    assert_eq!(response.client_extensions, ClientExtensions::default());
}

#[test]
fn what_is_no_response() {
    use ResponseRefusal as Refusal;
    refused(|value| *value = json!([]), Refusal::NotAnObject, "malformed");
    refused(|value| value["type"] = json!("password"), Refusal::CredentialType, "malformed");
    refused(|value| remove(value, "type"), Refusal::CredentialType, "malformed");
    for name in ["id", "rawId", "response"] {
        refused(|value| remove(value, name), Refusal::MemberMissing, "malformed");
    }
    refused(|value| remove(&mut value["response"], "clientDataJSON"), Refusal::MemberMissing, "malformed");
    refused(|value| value["response"]["clientDataJSON"] = json!(1), Refusal::MemberType, "malformed");
    refused(|value| value["authenticatorAttachment"] = json!(1), Refusal::MemberType, "malformed");
    for text in ["e30=", "e3 0", "e3", "+A", "/A"] {
        refused(
            |value| value["response"]["clientDataJSON"] = json!(text),
            Refusal::NotBase64Url,
            "malformed",
        );
    }
}

#[test]
fn credential_ids() {
    use ResponseRefusal as Refusal;
    refused(|value| value["id"] = json!("AQIE"), Refusal::IdIsNotRawId, "credential_id_mismatch");
    let both = |value: &mut Value, bytes: &[u8]| {
        let text = primitives::encoding::base64url(bytes);
        (value["id"], value["rawId"]) = (json!(text), json!(text));
    };
    refused(|value| both(value, &[]), Refusal::CredentialIdLength, "credential_id");
    refused(|value| both(value, &[1; 1024]), Refusal::CredentialIdLength, "credential_id");
    let mut longest = authentication();
    both(&mut longest, &[1; 1023]);
    assert_eq!(AuthenticationResponse::parse(&longest.to_string()).unwrap().credential_id.len(), 1023);
}

#[test]
fn lengths_and_counts_are_bounded() {
    use ResponseRefusal as Refusal;
    let long = "A".repeat(11_000);
    refused(
        |value| value["response"]["clientDataJSON"] = json!(long),
        Refusal::MemberTooLong,
        "resource_limit",
    );
    refused(|value| value["extra"] = json!("x".repeat(LONGEST)), Refusal::TooLong, "resource_limit");
    let million = "A".repeat(1_000_000);
    refused(|value| value["response"]["clientDataJSON"] = json!(million), Refusal::TooLong, "resource_limit");
    let mut deep = json!(0);
    for _ in 0..9 {
        deep = json!([deep]);
    }
    refused(|value| value["extra"] = deep.clone(), Refusal::Json(JsonRefusal::TooDeep), "resource_limit");
    let mut many = registration();
    many["response"]["transports"] = json!(vec!["usb"; 17]);
    let parsed = RegistrationResponse::parse(&many.to_string());
    assert_eq!(parsed, Err(Refusal::TooManyTransports));
}

#[test]
fn user_handles_are_bytes_of_any_length_that_somebody_could_have() {
    let with = |handle: Value| {
        let mut value = authentication();
        value["response"]["userHandle"] = handle;
        AuthenticationResponse::parse(&value.to_string()).map(|response| response.user_handle)
    };
    let text = |length| json!(primitives::encoding::base64url(&vec![7; length]));
    // Empty, or longer than the 64 bytes of section 5.4.3: nobody's, which is for the ceremony to say.
    for length in [0, 1, 64, 65, 1024] {
        assert_eq!(with(text(length)), Ok(Some(vec![7; length])));
    }
    assert_eq!(with(text(1025)), Err(ResponseRefusal::MemberTooLong));
    assert_eq!(with(json!(7)), Err(ResponseRefusal::MemberType));
    assert_eq!(with(json!("A=")), Err(ResponseRefusal::NotBase64Url));
}

#[test]
fn signatures_of_post_quantum_algorithms_fit() {
    let with = |length: usize| {
        let mut value = authentication();
        value["response"]["signature"] = json!(primitives::encoding::base64url(&vec![7; length]));
        AuthenticationResponse::parse(&value.to_string()).map(|response| response.signature.len())
    };
    assert_eq!(with(4627), Ok(4627));
    assert_eq!(with(8196), Err(ResponseRefusal::MemberTooLong));
}

#[test]
fn extensions_have_their_types() {
    let refused = |results: Value, refusal| {
        refused(
            |value| value["clientExtensionResults"] = results.clone(),
            ResponseRefusal::Extension(refusal),
            "extension",
        );
    };
    refused(json!([]), ExtensionRefusal::Shape);
    refused(json!(null), ExtensionRefusal::Shape);
    refused(json!({ "credProps": true }), ExtensionRefusal::CredProps);
    refused(json!({ "credProps": { "rk": "yes" } }), ExtensionRefusal::CredProps);
}

#[test]
fn a_member_occurs_once() {
    let text = authentication().to_string().replacen('{', "{\"id\":\"AQID\",", 1);
    let refusal = ResponseRefusal::Json(JsonRefusal::DuplicateMember);
    assert_eq!(AuthenticationResponse::parse(&text), Err(refusal));
    assert_eq!(refusal.code(), "malformed");
}

#[test]
fn every_truncation_is_refused() {
    let text = registration().to_string();
    for length in 0..text.len() {
        assert!(RegistrationResponse::parse(&text[..length]).is_err(), "cut at {length}");
    }
}
