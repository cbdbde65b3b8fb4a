//! A device with an attestation key of its own, as Keyfob has one for each organisation.

#![expect(clippy::unwrap_used, reason = "helpers of tests fail as tests do")]

use fido::attestation_object::AttestationObject;
use primitives::cbor::{Key, Value};
use primitives::cose::{Algorithm, SigningKey};
use primitives::digest;
use primitives::encoding;
use serde_json::json;

/// The key, and the certificates that it got.
pub struct Device {
    key: SigningKey,
    /// Leaf first, in DER.
    pub chain: Vec<Vec<u8>>,
}

impl Device {
    /// The device of that seed.
    pub fn new(seed: u8) -> Self {
        Self { key: SigningKey::from_seed(Algorithm::Es256, &[seed; 32]).unwrap(), chain: Vec::new() }
    }

    /// The public half as COSE_Key.
    pub fn key(&self) -> Vec<u8> {
        self.key.public_key().encode()
    }

    /// The proof that it holds its key, for the ceremony of that challenge.
    pub fn proof(&self, challenge: &[u8]) -> Vec<u8> {
        let key = digest::sha256(&self.key());
        self.key.sign(&[b"keyward attestation v1\0".as_slice(), challenge, &key].concat())
    }

    /// `key` and `proof` for options as the server gave them.
    pub fn asks(&self, options: &serde_json::Value) -> serde_json::Value {
        let challenge = encoding::from_base64url(options["challenge"].as_str().unwrap()).unwrap();
        json!({
            "key": encoding::base64url(&self.key()),
            "proof": encoding::base64url(&self.proof(&challenge)),
        })
    }

    /// Keeps the certificates of the server's answer.
    pub fn keep(&mut self, answer: &serde_json::Value) {
        let chain = answer["chain"].as_array().unwrap().iter();
        self.chain = chain.map(|text| encoding::from_base64url(text.as_str().unwrap()).unwrap()).collect();
    }

    /// The same registration with a packed statement by this device.
    pub fn attest(&self, mut response: serde_json::Value) -> serde_json::Value {
        let part =
            |name: &str| encoding::from_base64url(response["response"][name].as_str().unwrap()).unwrap();
        let (object, client_data) = (part("attestationObject"), part("clientDataJSON"));
        let data = AttestationObject::parse(&object).unwrap().authenticator_data.to_vec();
        let signature = self.key.sign(&[data.as_slice(), &digest::sha256(&client_data)].concat());
        let chain = self.chain.iter().map(|certificate| Value::Bytes(certificate)).collect();
        let statement = Value::Map(vec![
            (Key::Text("alg"), Value::Integer(-7)),
            (Key::Text("sig"), Value::Bytes(&signature)),
            (Key::Text("x5c"), Value::Array(chain)),
        ]);
        let object = AttestationObject { format: "packed", statement, authenticator_data: &data }.encode();
        response["response"]["attestationObject"] = json!(encoding::base64url(&object));
        response
    }
}
