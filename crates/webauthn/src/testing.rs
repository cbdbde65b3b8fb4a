//! Ceremonies that are valid by default, in parts, so that a test can change one of them.

use authenticator::attestation::{Attestation, Authority};
use authenticator::client::Client;
use authenticator::{Authenticator, Settings};
use fido::credential::Base64Url;
use fido::options::{AttestationConveyance, UserEntity};
use fido::response::{AuthenticationResponse, RegistrationResponse};
use primitives::cbor::{Key, Value};
use primitives::digest;
use primitives::encoding::from_base64url;
use primitives::entropy::Entropy;
use primitives::time::Timestamp;
use serde_json::json;

use crate::*;

pub(crate) const ORIGIN: &str = "https://id.example.org";

/// Bytes that look random and are the same in every run.
pub(crate) struct Seeded(pub u64);

impl Entropy for Seeded {
    fn fill(&mut self, out: &mut [u8]) {
        for chunk in out.chunks_mut(32) {
            self.0 += 1;
            chunk.copy_from_slice(&digest::sha256(&self.0.to_be_bytes())[..chunk.len()]);
        }
    }
}

pub(crate) fn now() -> Timestamp {
    Timestamp::parse_rfc3339("2026-11-22T12:00:00Z").unwrap()
}

pub(crate) fn relying_party() -> RelyingParty {
    RelyingParty::new("example.org", "Example", [ORIGIN]).unwrap()
}

pub(crate) fn user() -> UserEntity {
    UserEntity { id: Base64Url(vec![7; 32]), name: "a@example.org".into(), display_name: "A".into() }
}

/// The attestation authority of the tests.
pub(crate) fn authority() -> Authority {
    Authority::from_seed([9; 32])
}

/// A security key with self attestation.
pub(crate) fn self_signed() -> Settings {
    Settings { attestation: Attestation::SelfSigned, ..Settings::security_key() }
}

/// A registration on its way from the client to the relying party, in parts.
pub(crate) struct Registration {
    pub relying_party: RelyingParty,
    pub state: RegistrationState,
    pub now: Timestamp,
    pub authenticator: Authenticator,
    pub response_id: Vec<u8>,
    pub client_data: Vec<u8>,
    pub format: String,
    /// Encoded.
    pub statement: Vec<u8>,
    pub rp_id_hash: [u8; 32],
    pub flags: u8,
    pub sign_count: u32,
    pub aaguid: [u8; 16],
    pub credential_id: Vec<u8>,
    pub public_key: Vec<u8>,
    /// Encoded extensions or anything else after the key.
    pub after_key: Vec<u8>,
    pub client_extensions: fido::extension::ClientExtensions,
    pub anchors: Vec<TrustAnchor>,
    pub require_trust: bool,
    pub registered: bool,
}

impl Registration {
    pub(crate) fn new(settings: Settings) -> Self {
        let request = RegistrationRequest {
            attestation: AttestationConveyance::Direct,
            algorithms: primitives::cose::Algorithm::ALL.to_vec(),
            // Without extensions in the authenticator data: a test that wants some adds them.
            extensions: Default::default(),
            ..RegistrationRequest::new(user(), "test")
        };
        Self::asking(request, settings)
    }

    pub(crate) fn asking(request: RegistrationRequest, settings: Settings) -> Self {
        let relying_party = relying_party();
        let mut entropy = Seeded(1);
        let conditional = request.mediation == Mediation::Conditional;
        let (options, state) = registration::begin(&relying_party, request, now(), &mut entropy);
        let mut authenticator = Authenticator::new(settings);
        let client = Client { conditional, ..Client::new(ORIGIN) };
        let options = serde_json::to_value(options).unwrap();
        let json = client.create(&mut authenticator, &options, &mut entropy).unwrap();
        let response = RegistrationResponse::parse(&json.to_string()).unwrap();
        let object =
            fido::attestation_object::AttestationObject::parse(&response.attestation_object).unwrap();
        let data = fido::authenticator_data::AuthenticatorData::parse(object.authenticator_data).unwrap();
        let credential = data.attested_credential.clone().unwrap();
        Self {
            relying_party,
            state,
            now: now(),
            authenticator,
            response_id: response.credential_id.clone(),
            client_data: response.client_data_json.clone(),
            format: object.format.to_owned(),
            statement: object.statement.encode(),
            rp_id_hash: data.rp_id_hash,
            flags: data.flags.bits(),
            sign_count: data.sign_count,
            aaguid: credential.aaguid,
            credential_id: credential.credential_id.to_vec(),
            public_key: credential.public_key.to_vec(),
            after_key: data.extensions.as_ref().map(|extensions| extensions.encode()).unwrap_or_default(),
            client_extensions: Default::default(),
            anchors: Vec::new(),
            require_trust: false,
            registered: false,
        }
    }

    pub(crate) fn authenticator_data(&self) -> Vec<u8> {
        let mut out = self.rp_id_hash.to_vec();
        out.push(self.flags);
        out.extend(self.sign_count.to_be_bytes());
        out.extend(self.aaguid);
        out.extend(u16::try_from(self.credential_id.len()).unwrap().to_be_bytes());
        out.extend(&self.credential_id);
        out.extend(&self.public_key);
        out.extend(&self.after_key);
        out
    }

    pub(crate) fn attestation_object(&self) -> Vec<u8> {
        let mut out = vec![0xa3];
        out.extend(Value::Text("fmt").encode());
        out.extend(Value::Text(&self.format).encode());
        out.extend(Value::Text("attStmt").encode());
        out.extend(&self.statement);
        out.extend(Value::Text("authData").encode());
        out.extend(Value::Bytes(&self.authenticator_data()).encode());
        out
    }

    /// What a statement is signed over.
    pub(crate) fn message(&self) -> Vec<u8> {
        [self.authenticator_data(), digest::sha256(&self.client_data).to_vec()].concat()
    }

    /// Replaces the client data by what `change` makes of them.
    pub(crate) fn client_data(&mut self, change: impl FnOnce(&mut serde_json::Value)) {
        let mut value: serde_json::Value = serde_json::from_slice(&self.client_data).unwrap();
        change(&mut value);
        self.client_data = value.to_string().into_bytes();
    }

    /// Replaces the statement.
    pub(crate) fn statement(&mut self, members: Vec<(&str, Value<'_>)>) {
        let members = members.into_iter().map(|(name, value)| (Key::Text(name), value)).collect();
        self.statement = Value::Map(members).encode();
    }

    pub(crate) fn finish(&self) -> Result<RegisteredCredential, RegistrationRefusal> {
        self.finish_with_object(self.attestation_object())
    }

    pub(crate) fn finish_with_object(
        &self,
        attestation_object: Vec<u8>,
    ) -> Result<RegisteredCredential, RegistrationRefusal> {
        let response = RegistrationResponse {
            credential_id: self.response_id.clone(),
            client_data_json: self.client_data.clone(),
            attestation_object,
            transports: Vec::new(),
            attachment: None,
            client_extensions: self.client_extensions.clone(),
        };
        let checks = RegistrationChecks {
            trust_anchors: &self.anchors,
            require_trusted_attestation: self.require_trust,
            is_registered: &|_| self.registered,
        };
        registration::finish(&self.relying_party, &self.state, &response, checks, self.now)
    }
}

/// An authentication on its way from the client to the relying party, in parts.
pub(crate) struct Authentication {
    pub relying_party: RelyingParty,
    pub state: AuthenticationState,
    pub now: Timestamp,
    pub authenticator: Authenticator,
    pub stored: Option<StoredCredential>,
    pub response_id: Vec<u8>,
    pub user_handle: Option<Vec<u8>>,
    pub client_data: Vec<u8>,
    pub rp_id_hash: [u8; 32],
    pub flags: u8,
    pub sign_count: u32,
    /// Whatever else stands in the authenticator data.
    pub after_count: Vec<u8>,
    /// The signature instead of the credential's own.
    pub signature: Option<Vec<u8>>,
}

impl Authentication {
    pub(crate) fn new(request: AuthenticationRequest) -> Self {
        Self::by(request, Settings::security_key())
    }

    pub(crate) fn by(request: AuthenticationRequest, settings: Settings) -> Self {
        let registration = Registration::new(settings);
        let record = registration.finish().unwrap();
        let stored = StoredCredential {
            credential_id: record.credential_id,
            public_key: record.public_key,
            sign_count: record.sign_count,
            backup_eligible: record.backup_eligible,
            user_handle: registration.state.user_handle.0.clone(),
        };
        let mut authenticator = registration.authenticator;
        let relying_party = relying_party();
        let (options, state) = authentication::begin(&relying_party, request, now(), &mut Seeded(100));
        let options = serde_json::to_value(options).unwrap();
        let json = Client::new(ORIGIN).get(&mut authenticator, &options).unwrap();
        let response = AuthenticationResponse::parse(&json.to_string()).unwrap();
        let data = fido::authenticator_data::AuthenticatorData::parse(&response.authenticator_data).unwrap();
        Self {
            relying_party,
            state,
            now: now(),
            authenticator,
            stored: Some(stored),
            response_id: response.credential_id.clone(),
            user_handle: response.user_handle.clone(),
            client_data: response.client_data_json.clone(),
            rp_id_hash: data.rp_id_hash,
            flags: data.flags.bits(),
            sign_count: data.sign_count,
            after_count: Vec::new(),
            signature: None,
        }
    }

    pub(crate) fn authenticator_data(&self) -> Vec<u8> {
        let mut out = self.rp_id_hash.to_vec();
        out.push(self.flags);
        out.extend(self.sign_count.to_be_bytes());
        out.extend(&self.after_count);
        out
    }

    /// Replaces the client data by what `change` makes of them.
    pub(crate) fn client_data(&mut self, change: impl FnOnce(&mut serde_json::Value)) {
        let mut value: serde_json::Value = serde_json::from_slice(&self.client_data).unwrap();
        change(&mut value);
        self.client_data = value.to_string().into_bytes();
    }

    /// The changed record of the store.
    pub(crate) fn stored(&mut self) -> &mut StoredCredential {
        self.stored.as_mut().unwrap()
    }

    /// Signs whatever the parts are by now, so that nothing but the change is wrong.
    pub(crate) fn finish(&self) -> Result<VerifiedAssertion, AuthenticationRefusal> {
        let authenticator_data = self.authenticator_data();
        let message = [authenticator_data.clone(), digest::sha256(&self.client_data).to_vec()].concat();
        let key = &self.authenticator.vault.all()[0].key;
        let response = AuthenticationResponse {
            credential_id: self.response_id.clone(),
            client_data_json: self.client_data.clone(),
            authenticator_data,
            signature: self.signature.clone().unwrap_or_else(|| key.sign(&message)),
            user_handle: self.user_handle.clone(),
            attachment: None,
            client_extensions: Default::default(),
        };
        authentication::finish(&self.relying_party, &self.state, &response, self.stored.as_ref(), self.now)
    }
}

/// Hostile origins for a relying party at [`ORIGIN`] with the RP ID `example.org`.
pub(crate) fn hostile_origins() -> Vec<serde_json::Value> {
    let texts = [
        "http://id.example.org",
        "https://example.org",
        "https://evil-example.org",
        "https://id.example.org.evil.com",
        "https://id.example.org:443",
        "https://id.example.org:8443",
        "https://id.example.org/",
        "https://id.example.org/path",
        "https://id.example.org?q",
        "https://id.example.org#f",
        "https://user@id.example.org",
        "https://id.example.org@evil.com",
        "https://ID.example.org",
        "HTTPS://id.example.org",
        "https://id.example.org.",
        " https://id.example.org",
        "https://id.example.org ",
        "https://id.ехample.org",
        "https://xid.example.org",
        "https://sub.id.example.org",
        "id.example.org",
        "//id.example.org",
        "null",
        "",
        "file://id.example.org",
        "https://id.example.org\u{0}",
    ];
    texts.into_iter().map(|text| json!(text)).collect()
}

/// Values of `origin` that are no text: they are no origin of ours either.
pub(crate) fn no_texts_as_origin() -> Vec<serde_json::Value> {
    vec![json!([ORIGIN]), json!([]), json!({ "origin": ORIGIN }), json!(null), json!(true), json!(0)]
}

/// A public key of another kind, for keys that are no keys.
pub(crate) fn bytes(text: &str) -> Vec<u8> {
    from_base64url(text).unwrap()
}
