//! Ceremonies in parts: each is valid as it is made, so that one part can be changed and the rest stands.

use authenticator::client::Client;
use authenticator::{Authenticator, Settings};
use fido::attestation_object::AttestationObject;
use fido::authenticator_data::AuthenticatorData;
use primitives::cbor;
use primitives::cbor::{Key, Value as Cbor};
use primitives::cose::Algorithm;
use primitives::digest;
use primitives::encoding::{base64url, from_base64url};
use serde_json::{Value, json};

use crate::SeededEntropy;

/// The RP ID of all cases.
pub const RP_ID: &str = "example.org";
/// The origin of all cases.
pub const ORIGIN: &str = "https://id.example.org";
/// When all of them happen.
pub const NOW: &str = "2026-11-22T12:00:00Z";
/// Whose credential it is.
pub const USER_HANDLE: [u8; 16] = *b"a user's handle!";

const REGISTRATION_CHALLENGE: [u8; 32] = [0x5a; 32];
const AUTHENTICATION_CHALLENGE: [u8; 32] = [0xa5; 32];

/// UP, UV, BE, BS, AT and ED (WebAuthn Level 3 section 6.1).
pub mod flag {
    #![expect(missing_docs, reason = "they are the flags of section 6.1")]
    pub const UP: u8 = 0x01;
    pub const UV: u8 = 0x04;
    pub const BE: u8 = 0x08;
    pub const BS: u8 = 0x10;
    pub const AT: u8 = 0x40;
    pub const ED: u8 = 0x80;
}

/// `rp` of a case.
pub fn rp() -> Value {
    json!({ "rpId": RP_ID, "origins": [ORIGIN], "allowCrossOrigin": false, "topOrigins": [], "now": NOW })
}

/// The members of a CBOR map.
pub type Members<'a> = Vec<(Key<'a>, Cbor<'a>)>;

/// A registration on its way from the client to the relying party.
pub struct Registration {
    /// `rp` of the case.
    pub rp: Value,
    /// `options` of the case.
    pub options: Value,
    /// RegistrationResponseJSON but for what the parts below say.
    pub response: Value,
    /// `clientDataJSON`.
    pub client_data: Vec<u8>,
    /// `fmt`.
    pub format: String,
    /// `attStmt`, encoded.
    pub statement: Vec<u8>,
    /// SHA-256 of the RP ID.
    pub rp_id_hash: [u8; 32],
    /// The flags.
    pub flags: u8,
    /// The signature counter.
    pub sign_count: u32,
    /// The model.
    pub aaguid: [u8; 16],
    /// The credential's id.
    pub credential_id: Vec<u8>,
    /// The length before the id, where it is not the id's.
    pub credential_id_length: Option<u16>,
    /// The COSE_Key.
    pub public_key: Vec<u8>,
    /// Extensions, or whatever else follows the key.
    pub after_key: Vec<u8>,
    /// What has the private half.
    pub authenticator: Authenticator,
}

impl Registration {
    /// By a security key that attests nothing.
    pub fn plain() -> Self {
        Self::by(Settings::security_key(), Algorithm::Es256)
    }

    /// By an authenticator of that kind with a key for `algorithm`.
    pub fn by(settings: Settings, algorithm: Algorithm) -> Self {
        let mut authenticator = Authenticator::new(Settings { algorithms: vec![algorithm], ..settings });
        let asked = json!({
            "rp": { "id": RP_ID, "name": "Example" },
            "user": { "id": base64url(&USER_HANDLE), "name": "ana@example.org", "displayName": "Ana" },
            "challenge": base64url(&REGISTRATION_CHALLENGE),
            "pubKeyCredParams": [{ "type": "public-key", "alg": algorithm.id() }],
            "authenticatorSelection":
                { "residentKey": "required", "requireResidentKey": true, "userVerification": "required" },
            "attestation": "direct",
        });
        let mut entropy = SeededEntropy::new(algorithm.id().unsigned_abs());
        let made = Client::new(ORIGIN).create(&mut authenticator, &asked, &mut entropy);
        let response = made.unwrap_or_else(|error| panic!("{algorithm:?}: {error}"));
        let options = json!({
            "challenge": base64url(&REGISTRATION_CHALLENGE),
            "userVerification": "required",
            "mediation": null,
            "pubKeyCredParams": [algorithm.id()],
            "attestation": "direct",
            "requireTrustedAttestation": false,
            "trustAnchors": [],
            "alreadyRegisteredCredentialIds": [],
        });
        Self::taken_apart(response, options, authenticator)
    }

    fn taken_apart(response: Value, options: Value, authenticator: Authenticator) -> Self {
        let object = bytes(&response["response"]["attestationObject"]);
        let object = AttestationObject::parse(&object).unwrap_or_else(|refusal| panic!("{refusal:?}"));
        let data = AuthenticatorData::parse(object.authenticator_data)
            .unwrap_or_else(|refusal| panic!("{refusal:?}"));
        let credential = data.attested_credential.unwrap_or_else(|| panic!("no credential was made"));
        Self {
            rp: rp(),
            options,
            client_data: bytes(&response["response"]["clientDataJSON"]),
            format: object.format.to_owned(),
            statement: object.statement.encode(),
            rp_id_hash: data.rp_id_hash,
            flags: data.flags.bits(),
            sign_count: data.sign_count,
            aaguid: credential.aaguid,
            credential_id: credential.credential_id.to_vec(),
            credential_id_length: None,
            public_key: credential.public_key.to_vec(),
            after_key: data.extensions.as_ref().map(|extensions| extensions.encode()).unwrap_or_default(),
            authenticator,
            response,
        }
    }

    /// The authenticator data as the parts say.
    pub fn authenticator_data(&self) -> Vec<u8> {
        let length = u16::try_from(self.credential_id.len()).unwrap_or(u16::MAX);
        let mut out = self.rp_id_hash.to_vec();
        out.push(self.flags);
        out.extend(self.sign_count.to_be_bytes());
        if self.flags & flag::AT != 0 {
            out.extend(self.aaguid);
            out.extend(self.credential_id_length.unwrap_or(length).to_be_bytes());
            out.extend(&self.credential_id);
            out.extend(&self.public_key);
        }
        out.extend(&self.after_key);
        out
    }

    /// The attestation object as the parts say.
    pub fn attestation_object(&self) -> Vec<u8> {
        let mut out = vec![0xa3];
        out.extend(Cbor::Text("fmt").encode());
        out.extend(Cbor::Text(&self.format).encode());
        out.extend(Cbor::Text("attStmt").encode());
        out.extend(&self.statement);
        out.extend(Cbor::Text("authData").encode());
        out.extend(Cbor::Bytes(&self.authenticator_data()).encode());
        out
    }

    /// What a statement is signed over.
    pub fn message(&self) -> Vec<u8> {
        [self.authenticator_data(), digest::sha256(&self.client_data).to_vec()].concat()
    }

    /// Changes the client data as JSON.
    pub fn client_data(&mut self, change: impl FnOnce(&mut Value)) {
        self.client_data = changed_json(&self.client_data, change);
    }

    /// Changes the members of the statement, which must be a map.
    pub fn statement(&mut self, change: impl for<'a> FnOnce(&mut Members<'a>)) {
        self.statement = changed_map(&self.statement, change);
    }

    /// Changes the members of the COSE_Key.
    pub fn key(&mut self, change: impl for<'a> FnOnce(&mut Members<'a>)) {
        self.public_key = changed_map(&self.public_key, change);
    }

    /// The case.
    pub fn json(&self) -> Value {
        self.json_with(&self.attestation_object())
    }

    /// The case with another attestation object than the parts make.
    pub fn json_with(&self, attestation_object: &[u8]) -> Value {
        let mut response = self.response.clone();
        response["response"]["clientDataJSON"] = base64url(&self.client_data).into();
        response["response"]["attestationObject"] = base64url(attestation_object).into();
        json!({ "kind": "registration", "rp": self.rp, "options": self.options, "response": response })
    }
}

/// An authentication on its way from the client to the relying party.
pub struct Authentication {
    /// `rp` of the case.
    pub rp: Value,
    /// `options` of the case.
    pub options: Value,
    /// `stored` of the case.
    pub stored: Value,
    /// AuthenticationResponseJSON but for what the parts below say.
    pub response: Value,
    /// `clientDataJSON`.
    pub client_data: Vec<u8>,
    /// SHA-256 of the RP ID.
    pub rp_id_hash: [u8; 32],
    /// The flags.
    pub flags: u8,
    /// The signature counter.
    pub sign_count: u32,
    /// Extensions, or whatever else follows the counter.
    pub after_count: Vec<u8>,
    /// The signature, where it is not the credential's over the parts.
    pub signature: Option<Vec<u8>>,
    authenticator: Authenticator,
}

impl Authentication {
    /// By a security key, with user handle, after the person was identified.
    pub fn plain() -> Self {
        Self::by(Settings::security_key(), Algorithm::Es256)
    }

    /// By an authenticator of that kind with a key for `algorithm`.
    pub fn by(settings: Settings, algorithm: Algorithm) -> Self {
        let Registration { credential_id, public_key, flags, mut authenticator, .. } =
            Registration::by(settings, algorithm);
        let asked = json!({
            "challenge": base64url(&AUTHENTICATION_CHALLENGE),
            "rpId": RP_ID,
            "userVerification": "required",
        });
        let response = Client::new(ORIGIN)
            .get(&mut authenticator, &asked)
            .unwrap_or_else(|error| panic!("{algorithm:?}: {error}"));
        let data = bytes(&response["response"]["authenticatorData"]);
        let data = AuthenticatorData::parse(&data).unwrap_or_else(|refusal| panic!("{refusal:?}"));
        Self {
            rp: rp(),
            options: json!({
                "challenge": base64url(&AUTHENTICATION_CHALLENGE),
                "userVerification": "required",
                "mediation": null,
                "allowCredentials": null,
            }),
            stored: json!({
                "credentialId": base64url(&credential_id),
                "publicKey": base64url(&public_key),
                "signCount": 0,
                "backupEligible": flags & flag::BE != 0,
                "userHandle": base64url(&USER_HANDLE),
            }),
            client_data: bytes(&response["response"]["clientDataJSON"]),
            rp_id_hash: data.rp_id_hash,
            flags: data.flags.bits(),
            sign_count: data.sign_count,
            after_count: Vec::new(),
            signature: None,
            response,
            authenticator,
        }
    }

    /// The authenticator data as the parts say.
    pub fn authenticator_data(&self) -> Vec<u8> {
        let mut out = self.rp_id_hash.to_vec();
        out.push(self.flags);
        out.extend(self.sign_count.to_be_bytes());
        out.extend(&self.after_count);
        out
    }

    /// The credential's signature over any bytes.
    pub fn sign(&self, message: &[u8]) -> Vec<u8> {
        self.authenticator.vault.all()[0].key.sign(message)
    }

    /// Changes the client data as JSON.
    pub fn client_data(&mut self, change: impl FnOnce(&mut Value)) {
        self.client_data = changed_json(&self.client_data, change);
    }

    /// The case, signed over whatever the parts are by now.
    pub fn json(&self) -> Value {
        let data = self.authenticator_data();
        let message = [data.clone(), digest::sha256(&self.client_data).to_vec()].concat();
        let signature = self.signature.clone().unwrap_or_else(|| self.sign(&message));
        let mut response = self.response.clone();
        response["response"]["clientDataJSON"] = base64url(&self.client_data).into();
        response["response"]["authenticatorData"] = base64url(&data).into();
        response["response"]["signature"] = base64url(&signature).into();
        json!({
            "kind": "authentication",
            "rp": self.rp,
            "options": self.options,
            "stored": self.stored,
            "response": response,
        })
    }
}

/// The bytes of a base64url text.
pub fn bytes(text: &Value) -> Vec<u8> {
    let text = text.as_str().unwrap_or_else(|| panic!("{text} is no text"));
    from_base64url(text).unwrap_or_else(|| panic!("{text} is not base64url"))
}

fn changed_json(bytes: &[u8], change: impl FnOnce(&mut Value)) -> Vec<u8> {
    let mut value: Value = serde_json::from_slice(bytes).unwrap_or_else(|error| panic!("{error}"));
    change(&mut value);
    value.to_string().into_bytes()
}

fn changed_map(bytes: &[u8], change: impl for<'a> FnOnce(&mut Members<'a>)) -> Vec<u8> {
    let Ok(Cbor::Map(mut members)) = cbor::parse(bytes, cbor::CTAP2_DEPTH) else { panic!("no map") };
    change(&mut members);
    Cbor::Map(members).encode()
}

/// Replaces the value under `key`, adds it, or with `None` removes it.
pub fn put<'a>(members: &mut Members<'a>, key: Key<'a>, value: Option<Cbor<'a>>) {
    members.retain(|(other, _)| *other != key);
    members.extend(value.map(|value| (key, value)));
}
