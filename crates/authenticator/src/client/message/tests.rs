use fido::response::{AuthenticationResponse, RegistrationResponse};
use primitives::entropy::SystemEntropy;

use super::*;
use crate::{Authenticator, Settings};

const ORIGIN: &str = "https://login.example.org";

fn creation(conveyance: &str) -> Value {
    json!({
        "rp": {"id": "example.org", "name": "Example"},
        "user": {"id": base64url(b"user 1"), "name": "ada", "displayName": "Ada"},
        "challenge": base64url(&[1; 32]),
        "pubKeyCredParams": [{"type": "public-key", "alg": -7}],
        "authenticatorSelection": {
            "residentKey": "required", "requireResidentKey": true, "userVerification": "required"
        },
        "attestation": conveyance,
        "extensions": {"credProps": true},
    })
}

/// What an authenticator replies to a request of either kind.
fn reply(authenticator: &mut Authenticator, request: &[u8]) -> Vec<u8> {
    let body = match request[0] {
        MAKE_CREDENTIAL => {
            let request = make_credential::Request::parse(&request[1..]).unwrap();
            authenticator.make_credential(&request, &mut SystemEntropy).map(|made| made.response().encode())
        }
        _ => {
            let request = get_assertion::Request::parse(&request[1..]).unwrap();
            authenticator.get_assertion(&request).map(|response| response.encode())
        }
    };
    match body {
        Ok(body) => [&[OK], body.as_slice()].concat(),
        Err(status) => vec![status.byte()],
    }
}

#[test]
fn both_ceremonies_by_messages() {
    let mut authenticator = Authenticator::new(Settings::platform());
    let client = Client::new(ORIGIN);
    let asked = client.creation_message(&creation("none")).unwrap();
    let made =
        asked.registration(&reply(&mut authenticator, asked.request()), &["hybrid", "internal"]).unwrap();
    let read = RegistrationResponse::parse(&made.to_string()).unwrap();
    assert_eq!(made["response"]["transports"], json!(["hybrid", "internal"]));
    let object = AttestationObject::parse(&read.attestation_object).unwrap();
    assert_eq!(object.format, "none", "nothing is passed on that nobody asked for");
    assert_eq!(made["response"]["publicKeyAlgorithm"], -7);
    assert_eq!(made["clientExtensionResults"]["credProps"]["rk"], true);

    let mut options = json!({
        "challenge": base64url(&[2; 32]), "rpId": "example.org", "userVerification": "required",
        "allowCredentials": [{"type": "public-key", "id": made["id"]}],
    });
    let asked = client.request_message(&options).unwrap();
    let signed = asked.authentication(&reply(&mut authenticator, asked.request())).unwrap();
    let read = AuthenticationResponse::parse(&signed.to_string()).unwrap();
    assert_eq!(signed["id"], made["id"]);
    assert!(!read.signature.is_empty());

    options["rpId"] = json!("example.com");
    assert_eq!(client.request_message(&options), Err(ClientError::Security));
}

#[test]
fn a_reply_that_is_none_is_not_allowed() {
    let mut authenticator = Authenticator::new(Settings::platform());
    let asked = Client::new(ORIGIN).creation_message(&creation("direct")).unwrap();
    let good = reply(&mut authenticator, asked.request());
    assert!(asked.registration(&good, &[]).is_ok());
    for length in 0..good.len() {
        assert_eq!(asked.registration(&good[..length], &[]), Err(ClientError::NotAllowed), "{length}");
    }
    for (status, error) in [
        (EXCLUDED, ClientError::InvalidState),
        (UNSUPPORTED_ALGORITHM, ClientError::NotSupported),
        (0x27, ClientError::NotAllowed),
        (0x2d, ClientError::NotAllowed),
    ] {
        assert_eq!(asked.registration(&[status], &[]), Err(error));
    }
}

#[test]
fn options_for_somebody_else_are_refused() {
    let client = Client::new("https://evil.example");
    assert_eq!(client.creation_message(&creation("none")), Err(ClientError::Security));
    assert_eq!(Client::new(ORIGIN).creation_message(&json!({})), Err(ClientError::Type));
    assert_eq!(Client::new(ORIGIN).request_message(&json!([])), Err(ClientError::Type));
    let mut options = creation("none");
    options["user"]["id"] = json!("");
    assert_eq!(Client::new(ORIGIN).creation_message(&options), Err(ClientError::Type));
}
