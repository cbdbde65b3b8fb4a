//! What pages send: RegistrationResponseJSON and AuthenticationResponseJSON.

use fido::credential::Attachment;
use fido::response::{AuthenticationResponse, RegistrationResponse};
use primitives::encoding::base64url;
use serde_json::{Value, json};

/// A response that is accepted says the same when it is written again.
pub fn response(data: &[u8]) {
    let Ok(text) = std::str::from_utf8(data) else { return };
    if let Ok(parsed) = RegistrationResponse::parse(text) {
        let again = RegistrationResponse::parse(&registration(&parsed)).map(|again| RegistrationResponse {
            // Unknown extensions are not kept, and known ones are written elsewhere.
            client_extensions: parsed.client_extensions.clone(),
            ..again
        });
        assert_eq!(again.as_ref(), Ok(&parsed), "a registration, written and read again");
    }
    if let Ok(parsed) = AuthenticationResponse::parse(text) {
        let again = AuthenticationResponse::parse(&authentication(&parsed)).map(|again| {
            AuthenticationResponse { client_extensions: parsed.client_extensions.clone(), ..again }
        });
        assert_eq!(again.as_ref(), Ok(&parsed), "an authentication, written and read again");
    }
}

fn registration(parsed: &RegistrationResponse) -> String {
    let response = json!({
        "clientDataJSON": base64url(&parsed.client_data_json),
        "attestationObject": base64url(&parsed.attestation_object),
        "transports": parsed.transports,
    });
    outer(&parsed.credential_id, parsed.attachment, response)
}

fn authentication(parsed: &AuthenticationResponse) -> String {
    let response = json!({
        "clientDataJSON": base64url(&parsed.client_data_json),
        "authenticatorData": base64url(&parsed.authenticator_data),
        "signature": base64url(&parsed.signature),
        "userHandle": parsed.user_handle.as_deref().map(base64url),
    });
    outer(&parsed.credential_id, parsed.attachment, response)
}

fn outer(credential_id: &[u8], attachment: Option<Attachment>, response: Value) -> String {
    let id = base64url(credential_id);
    let attachment = attachment.map(|attachment| match attachment {
        Attachment::Platform => "platform",
        Attachment::CrossPlatform => "cross-platform",
    });
    let mut value = json!({
        "id": id,
        "rawId": id,
        "type": "public-key",
        "response": response,
        "clientExtensionResults": {},
    });
    if let (Some(attachment), Some(members)) = (attachment, value.as_object_mut()) {
        members.insert("authenticatorAttachment".to_owned(), Value::from(attachment));
    }
    value.to_string()
}
