//! The same client in front of an authenticator that is reached by CTAP2 messages: options in, a request out; a reply in,
//! JSON out (WebAuthn Level 3 sections 5.1.3 and 5.1.4 with CTAP 2.3 section 6).

use fido::attestation_object::AttestationObject;
use fido::authenticator_data::AuthenticatorData;
use fido::ctap::{get_assertion, make_credential};
use fido::options::{AttestationConveyance, CreationOptions, RequestOptions};
use primitives::cose::PublicKey;
use primitives::digest;
use primitives::encoding::base64url;
use serde::Deserialize;
use serde_json::{Value, json};

use super::{Attachment, Client, ClientError, attachment, authentication_json, verification};

/// authenticatorMakeCredential and authenticatorGetAssertion (CTAP 2.3 section 6).
const MAKE_CREDENTIAL: u8 = 0x01;
const GET_ASSERTION: u8 = 0x02;

/// CTAP2_OK, CTAP2_ERR_CREDENTIAL_EXCLUDED and CTAP2_ERR_UNSUPPORTED_ALGORITHM (CTAP 2.3 section 8.2).
const OK: u8 = 0x00;
const EXCLUDED: u8 = 0x19;
const UNSUPPORTED_ALGORITHM: u8 = 0x26;

/// A creation that an authenticator was asked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CreationMessage {
    request: Vec<u8>,
    client_data: Vec<u8>,
    conveyance: AttestationConveyance,
    attachment: Attachment,
    cred_props: bool,
}

/// An assertion that an authenticator was asked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RequestMessage {
    request: Vec<u8>,
    client_data: Vec<u8>,
    /// With one acceptable credential the authenticator may leave its id out of the reply.
    only: Option<Vec<u8>>,
}

impl Client {
    /// What to ask an authenticator that can verify its person for PublicKeyCredentialCreationOptionsJSON.
    pub fn creation_message(&self, options: &Value) -> Result<CreationMessage, ClientError> {
        let options = CreationOptions::deserialize(options).map_err(|_| ClientError::Type)?;
        if options.user.id.is_empty() || options.user.id.len() > 64 {
            return Err(ClientError::Type);
        }
        self.check_scope(&options.rp.id)?;
        let client_data = self.client_data("webauthn.create", &options.challenge);
        let parameters = self.creation_request(&options, &client_data, true)?.encode();
        let wanted = options.authenticator_selection.authenticator_attachment;
        Ok(CreationMessage {
            request: [&[MAKE_CREDENTIAL], parameters.as_slice()].concat(),
            client_data,
            conveyance: options.attestation,
            attachment: wanted.unwrap_or(Attachment::Platform),
            cred_props: options.extensions.cred_props,
        })
    }

    /// What to ask an authenticator that can verify its person for PublicKeyCredentialRequestOptionsJSON.
    pub fn request_message(&self, options: &Value) -> Result<RequestMessage, ClientError> {
        let options = RequestOptions::deserialize(options).map_err(|_| ClientError::Type)?;
        self.check_scope(&options.rp_id)?;
        let client_data = self.client_data("webauthn.get", &options.challenge);
        let demanded = self.user_verification.unwrap_or(options.user_verification);
        let only = match options.allow_credentials.as_slice() {
            [one] => Some(one.id.0.clone()),
            _ => None,
        };
        let parameters = get_assertion::Request {
            rp_id: options.rp_id,
            client_data_hash: digest::sha256(&client_data),
            allow: options.allow_credentials,
            user_presence: true,
            user_verification: verification(demanded, true),
            ..get_assertion::Request::default()
        }
        .encode();
        let request = [&[GET_ASSERTION], parameters.as_slice()].concat();
        Ok(RequestMessage { request, client_data, only })
    }
}

impl CreationMessage {
    /// The command byte and its parameters.
    pub fn request(&self) -> &[u8] {
        &self.request
    }

    /// RegistrationResponseJSON from the authenticator's reply; it may be reached by `transports`, sorted.
    pub fn registration(&self, reply: &[u8], transports: &[&str]) -> Result<Value, ClientError> {
        let body = body(reply)?;
        let response = make_credential::Response::parse(body).map_err(|_| ClientError::NotAllowed)?;
        let mut object = response.object;
        if self.conveyance == AttestationConveyance::None {
            object = AttestationObject {
                format: "none",
                statement: primitives::cbor::Value::Map(Vec::new()),
                ..object
            };
        }
        let data =
            AuthenticatorData::parse(object.authenticator_data).map_err(|_| ClientError::NotAllowed)?;
        let attested = data.attested_credential.ok_or(ClientError::NotAllowed)?;
        let key = PublicKey::parse(attested.public_key).map_err(|_| ClientError::NotAllowed)?;
        let id = base64url(attested.credential_id);
        let extensions = if self.cred_props { json!({"credProps": {"rk": true}}) } else { json!({}) };
        Ok(json!({
            "id": id,
            "rawId": id,
            "type": "public-key",
            "authenticatorAttachment": attachment(self.attachment),
            "response": {
                "clientDataJSON": base64url(&self.client_data),
                "attestationObject": base64url(&object.encode()),
                "authenticatorData": base64url(object.authenticator_data),
                "publicKeyAlgorithm": key.algorithm().id(),
                "transports": transports,
            },
            "clientExtensionResults": extensions,
        }))
    }
}

impl RequestMessage {
    /// The command byte and its parameters.
    pub fn request(&self) -> &[u8] {
        &self.request
    }

    /// AuthenticationResponseJSON from the authenticator's reply.
    pub fn authentication(&self, reply: &[u8]) -> Result<Value, ClientError> {
        let mut response =
            get_assertion::Response::parse(body(reply)?).map_err(|_| ClientError::NotAllowed)?;
        if let (true, Some(only)) = (response.credential_id.is_empty(), &self.only) {
            response.credential_id.clone_from(only);
        }
        let text = authentication_json(&response, &self.client_data, Attachment::Platform);
        serde_json::from_str(&text).map_err(|_| ClientError::Type)
    }
}

/// What follows a status of success.
fn body(reply: &[u8]) -> Result<&[u8], ClientError> {
    match reply {
        [OK, body @ ..] => Ok(body),
        [EXCLUDED] => Err(ClientError::InvalidState),
        [UNSUPPORTED_ALGORITHM] => Err(ClientError::NotSupported),
        _ => Err(ClientError::NotAllowed),
    }
}

#[cfg(test)]
mod tests;
