//! The client in front of the authenticator (WebAuthn Level 3 sections 5.1.3 and 5.1.4): what a browser does
//! between a relying party's options and the JSON that a page sends back.
//!
//! [`create`] and [`get`] are a page at that origin and nothing else; [`Client`] has what else may be asked.

use std::fmt::Write;

use fido::client_data::CollectedClientData;
use fido::credential::Attachment;
use fido::ctap::{Status, get_assertion, make_credential};
use fido::options::{AttestationConveyance, CreationOptions, RequestOptions, ResidentKey, UserVerification};
use primitives::cose::Algorithm;
use primitives::digest;
use primitives::encoding::base64url;
use primitives::entropy::Entropy;
use serde::Deserialize;
use serde_json::{Value, json};

use crate::attestation::Statement;
use crate::authenticator::Authenticator;
use crate::make_credential::Made;
use crate::vault::Vault;

mod message;
mod scope;

pub use message::{CreationMessage, RequestMessage};

/// A page and the browser around it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Client {
    /// The page's origin, such as `https://example.org`.
    pub origin: String,
    /// Whether the page is framed by one of another origin.
    pub cross_origin: bool,
    /// The origin of the top page; written only if `cross_origin`.
    pub top_origin: Option<String>,
    /// Whether the RP ID's `/.well-known/webauthn` lists the origin (section 5.11). With it any origin may use
    /// any RP ID: what a relying party has to refuse comes from such a client.
    pub related: bool,
    /// Whether creation is conditional: without a dialogue, UP is 0 (section 5.1.3 with `mediation`).
    pub conditional: bool,
    /// What to demand instead of what the options say; a dishonest client gets an answer with UV = 0 by it.
    pub user_verification: Option<UserVerification>,
}

impl Client {
    /// A page at the top, at `origin`, in an honest browser.
    pub fn new(origin: impl Into<String>) -> Self {
        Self {
            origin: origin.into(),
            cross_origin: false,
            top_origin: None,
            related: false,
            conditional: false,
            user_verification: None,
        }
    }

    /// `navigator.credentials.create()`: from PublicKeyCredentialCreationOptionsJSON to
    /// RegistrationResponseJSON.
    pub fn create<V: Vault>(
        &self,
        authenticator: &mut Authenticator<V>,
        options: &Value,
        entropy: &mut dyn Entropy,
    ) -> Result<Value, ClientError> {
        let options = CreationOptions::deserialize(options).map_err(|_| ClientError::Type)?;
        if options.user.id.is_empty() || options.user.id.len() > 64 {
            return Err(ClientError::Type);
        }
        self.check_scope(&options.rp.id)?;
        let wanted = options.authenticator_selection.authenticator_attachment;
        if wanted.is_some_and(|wanted| wanted != authenticator.settings.attachment) {
            return Err(ClientError::NotAllowed);
        }
        let client_data = self.client_data("webauthn.create", &options.challenge);
        let request = self.creation_request(&options, &client_data, authenticator.person.verified)?;
        let mut made = authenticator.make_credential(&request, entropy).map_err(creation_error)?;
        if options.attestation == AttestationConveyance::None {
            made.statement = Statement::None;
        }
        let discoverable = options.extensions.cred_props.then_some(request.resident_key);
        Ok(registration_json(&made, &client_data, &authenticator.settings, discoverable))
    }

    /// `navigator.credentials.get()`: from PublicKeyCredentialRequestOptionsJSON to
    /// AuthenticationResponseJSON.
    pub fn get<V: Vault>(
        &self,
        authenticator: &mut Authenticator<V>,
        options: &Value,
    ) -> Result<Value, ClientError> {
        let options = RequestOptions::deserialize(options).map_err(|_| ClientError::Type)?;
        let text = self.assert(authenticator, &options)?;
        serde_json::from_str(&text).map_err(|_| ClientError::Type)
    }

    /// The same from text to text without a tree between: one signature and little else.
    pub fn get_text<V: Vault>(
        &self,
        authenticator: &mut Authenticator<V>,
        options: &str,
    ) -> Result<String, ClientError> {
        let options: RequestOptions = serde_json::from_str(options).map_err(|_| ClientError::Type)?;
        self.assert(authenticator, &options)
    }

    fn assert<V: Vault>(
        &self,
        authenticator: &mut Authenticator<V>,
        options: &RequestOptions,
    ) -> Result<String, ClientError> {
        self.check_scope(&options.rp_id)?;
        let client_data = self.client_data("webauthn.get", &options.challenge);
        let demanded = self.user_verification.unwrap_or(options.user_verification);
        let request = get_assertion::Request {
            rp_id: options.rp_id.clone(),
            client_data_hash: digest::sha256(&client_data),
            allow: options.allow_credentials.clone(),
            user_presence: true,
            user_verification: verification(demanded, authenticator.person.verified),
            ..get_assertion::Request::default()
        };
        // Whatever went wrong, the page learns no more than this: it could tell who is known here.
        let response = authenticator.get_assertion(&request).map_err(|_| ClientError::NotAllowed)?;
        Ok(authentication_json(&response, &client_data, authenticator.settings.attachment))
    }

    fn check_scope(&self, rp_id: &str) -> Result<(), ClientError> {
        let holds = self.related || scope::may_use(&self.origin, rp_id);
        if holds { Ok(()) } else { Err(ClientError::Security) }
    }

    fn client_data(&self, kind: &str, challenge: &[u8]) -> Vec<u8> {
        CollectedClientData {
            kind: kind.to_owned(),
            challenge: base64url(challenge),
            origin: self.origin.clone(),
            cross_origin: self.cross_origin,
            top_origin: self.top_origin.clone().filter(|_| self.cross_origin),
        }
        .encode()
    }

    fn creation_request(
        &self,
        options: &CreationOptions,
        client_data: &[u8],
        able: bool,
    ) -> Result<make_credential::Request, ClientError> {
        let demanded = self.user_verification.unwrap_or(options.authenticator_selection.user_verification);
        let user_verification = match (demanded, self.conditional) {
            // Nobody is asked in a conditional creation: what is not demanded is not done.
            (UserVerification::Required, true) if !able => return Err(ClientError::Constraint),
            (UserVerification::Preferred | UserVerification::Discouraged, true) => false,
            _ => verification(demanded, able),
        };
        let mut algorithms: Vec<i64> = options.pub_key_cred_params.iter().map(|item| item.alg).collect();
        if algorithms.is_empty() {
            algorithms = vec![Algorithm::Es256.id(), Algorithm::Rs256.id()];
        }
        Ok(make_credential::Request {
            client_data_hash: digest::sha256(client_data),
            rp: options.rp.clone(),
            user: options.user.clone(),
            algorithms,
            exclude: options.exclude_credentials.clone(),
            cred_protect: options.extensions.credential_protection_policy,
            resident_key: options.authenticator_selection.resident_key != ResidentKey::Discouraged,
            user_presence: !self.conditional,
            user_verification,
            ..make_credential::Request::default()
        })
    }
}

/// [`Client::create`] for a page at `origin` in an honest browser.
pub fn create<V: Vault>(
    authenticator: &mut Authenticator<V>,
    origin: &str,
    options: &Value,
    entropy: &mut dyn Entropy,
) -> Result<Value, ClientError> {
    Client::new(origin).create(authenticator, options, entropy)
}

/// [`Client::get`] for a page at `origin` in an honest browser.
pub fn get<V: Vault>(
    authenticator: &mut Authenticator<V>,
    origin: &str,
    options: &Value,
) -> Result<Value, ClientError> {
    Client::new(origin).get(authenticator, options)
}

/// [`Client::get_text`] for a page at `origin` in an honest browser.
pub fn get_text<V: Vault>(
    authenticator: &mut Authenticator<V>,
    origin: &str,
    options: &str,
) -> Result<String, ClientError> {
    Client::new(origin).get_text(authenticator, options)
}

/// Whether to ask for verification; what is only wanted is asked of who can.
fn verification(demanded: UserVerification, able: bool) -> bool {
    match demanded {
        UserVerification::Required => true,
        UserVerification::Preferred => able,
        UserVerification::Discouraged => false,
    }
}

fn creation_error(status: Status) -> ClientError {
    match status {
        Status::CredentialExcluded => ClientError::InvalidState,
        Status::UnsupportedAlgorithm => ClientError::NotSupported,
        _ => ClientError::NotAllowed,
    }
}

fn registration_json(
    made: &Made,
    client_data: &[u8],
    settings: &crate::Settings,
    discoverable: Option<bool>,
) -> Value {
    let id = base64url(&made.credential_id);
    let mut transports = settings.transports.clone();
    transports.sort();
    let extensions = match discoverable {
        Some(rk) => json!({"credProps": {"rk": rk}}),
        None => json!({}),
    };
    json!({
        "id": id,
        "rawId": id,
        "type": "public-key",
        "authenticatorAttachment": attachment(settings.attachment),
        "response": {
            "clientDataJSON": base64url(client_data),
            "attestationObject": base64url(&made.attestation_object()),
            "authenticatorData": base64url(&made.authenticator_data),
            "publicKeyAlgorithm": made.algorithm.id(),
            "transports": transports,
        },
        "clientExtensionResults": extensions,
    })
}

/// Nothing in it needs escaping: base64url and words of ours.
fn authentication_json(
    response: &get_assertion::Response,
    client_data: &[u8],
    attached: Attachment,
) -> String {
    let id = base64url(&response.credential_id);
    let mut out = String::with_capacity(1024);
    let written = write!(
        out,
        "{{\"id\":\"{id}\",\"rawId\":\"{id}\",\"type\":\"public-key\",\
         \"authenticatorAttachment\":\"{}\",\"response\":{{\"clientDataJSON\":\"{}\",\
         \"authenticatorData\":\"{}\",\"signature\":\"{}\"",
        attachment(attached),
        base64url(client_data),
        base64url(&response.authenticator_data),
        base64url(&response.signature),
    );
    debug_assert!(written.is_ok(), "a String takes whatever is written");
    if let Some(handle) = response.user_handle() {
        out.push_str(",\"userHandle\":\"");
        out.push_str(&base64url(handle));
        out.push('"');
    }
    out.push_str("},\"clientExtensionResults\":{}}");
    out
}

fn attachment(attachment: Attachment) -> &'static str {
    match attachment {
        Attachment::Platform => "platform",
        Attachment::CrossPlatform => "cross-platform",
    }
}

/// With what a page's promise is rejected.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ClientError {
    /// The options are not what their definition says.
    Type,
    /// The origin may not use the RP ID.
    Security,
    /// The authenticator holds one of the excluded credentials.
    InvalidState,
    /// The person said no, was not verified, or there is no credential; which of them stays untold.
    NotAllowed,
    /// None of the algorithms can be had.
    NotSupported,
    /// Verification is demanded where nobody can be asked.
    Constraint,
}

impl ClientError {
    /// `name` of the exception that the page sees.
    pub const fn name(self) -> &'static str {
        match self {
            ClientError::Type => "TypeError",
            ClientError::Security => "SecurityError",
            ClientError::InvalidState => "InvalidStateError",
            ClientError::NotAllowed => "NotAllowedError",
            ClientError::NotSupported => "NotSupportedError",
            ClientError::Constraint => "ConstraintError",
        }
    }
}

impl std::fmt::Display for ClientError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.name())
    }
}

impl std::error::Error for ClientError {}

#[cfg(test)]
mod tests;
