//! Writes the seeds: what our authenticator makes, one file each, below the folder that is named.
//!
//! `seeds FOLDER [CASES…]`; each line of a file with cases becomes a seed too.

#![forbid(unsafe_code)]

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use authenticator::Settings;
use authenticator::attestation::{Attestation, Format};
use authenticator::client::Client;
use fido::attestation_object::AttestationObject;
use fido::authenticator_data::AuthenticatorData;
use fuzz::ceremony::{self, ORIGIN, RP_ID};
use fuzz::{join, seeds_of_tpm};
use primitives::cbor::Value as Cbor;
use primitives::cose::Algorithm;
use primitives::digest;
use primitives::encoding::{base64url, from_base64url, hex};
use serde_json::{Value, json};

/// The folder of the corpora.
struct Corpora(PathBuf);

fn main() -> io::Result<()> {
    let mut words = std::env::args().skip(1);
    let folder = words.next().ok_or_else(|| io::Error::other("usage: seeds FOLDER [CASES…]"))?;
    let corpora = Corpora(PathBuf::from(folder));
    for settings in models() {
        let (response, mut authenticator) = ceremony::registered(settings);
        if response.is_null() {
            continue;
        }
        corpora.registration(&response)?;
        let options =
            json!({"challenge": base64url(&[5; 32]), "rpId": RP_ID, "userVerification": "required"});
        let asserted = Client::new(ORIGIN).get(&mut authenticator, &options);
        corpora.authentication(&asserted.unwrap_or_default(), &response)?;
    }
    for seed in seeds_of_tpm() {
        corpora.add("tpm", &seed)?;
    }
    corpora.small_ones()?;
    words.try_for_each(|file| corpora.cases(Path::new(&file)))
}

/// One authenticator for each algorithm, each format and two formats at once.
fn models() -> Vec<Settings> {
    let (authority, key) = (ceremony::authority(), Settings::security_key());
    let every = Settings { algorithms: Algorithm::ALL.to_vec(), ..key.clone() };
    let mut out = vec![Settings::platform(), Settings::synced()];
    for algorithm in Algorithm::ALL {
        let attestation = Attestation::SelfSigned;
        out.push(Settings { algorithms: vec![algorithm], attestation, ..key.clone() });
    }
    for format in Format::ALL {
        out.push(every.clone().attesting(&[format], authority));
    }
    out.push(every.attesting(&[Format::Packed, Format::Tpm], authority));
    out
}

impl Corpora {
    fn add(&self, target: &str, seed: &[u8]) -> io::Result<()> {
        let folder = self.0.join(target);
        fs::create_dir_all(&folder)?;
        let name = hex(&digest::sha256(seed));
        fs::write(folder.join(name.get(..16).unwrap_or(&name)), seed)
    }

    fn registration(&self, response: &Value) -> io::Result<()> {
        self.add("response", response.to_string().as_bytes())?;
        let client_data = member(response, "clientDataJSON");
        self.add("client_data", &client_data)?;
        let bytes = member(response, "attestationObject");
        self.add("attestation_object", &bytes)?;
        self.add("cbor", &bytes)?;
        let Ok(object) = AttestationObject::parse(&bytes) else { return Ok(()) };
        self.add("authenticator_data", object.authenticator_data)?;
        self.certificates(&object.statement)?;
        let Ok(data) = AuthenticatorData::parse(object.authenticator_data) else { return Ok(()) };
        if let Some(credential) = data.attested_credential {
            self.add("cose_key", credential.public_key)?;
            self.add("cbor", credential.public_key)?;
        }
        let (options, _) = ceremony::begun();
        let case = case("registration", options.clone(), response, Value::Null);
        self.add("explain_case", case.to_string().as_bytes())
    }

    /// The statement's chain with the root behind it.
    fn certificates(&self, statement: &Cbor<'_>) -> io::Result<()> {
        let Some(chain) = statement.get("x5c").and_then(Cbor::as_array) else { return Ok(()) };
        let mut parts: Vec<&[u8]> = chain.iter().filter_map(Cbor::as_bytes).collect();
        parts.push(ceremony::authority().root());
        self.add("certificate", &join(&parts))
    }

    fn authentication(&self, response: &Value, registered: &Value) -> io::Result<()> {
        self.add("response", response.to_string().as_bytes())?;
        self.add("client_data", &member(response, "clientDataJSON"))?;
        self.add("authenticator_data", &member(response, "authenticatorData"))?;
        let object = member(registered, "attestationObject");
        let Ok(object) = AttestationObject::parse(&object) else { return Ok(()) };
        let data = AuthenticatorData::parse(object.authenticator_data).ok();
        let Some(credential) = data.and_then(|data| data.attested_credential) else { return Ok(()) };
        let stored = json!({
            "credentialId": base64url(credential.credential_id),
            "publicKey": base64url(credential.public_key),
            "signCount": 0,
            "backupEligible": false,
            "userHandle": base64url(&[7; 32]),
        });
        let options = json!({"challenge": base64url(&[5; 32]), "allowCredentials": null});
        let case = case("authentication", options, response, stored);
        self.add("explain_case", case.to_string().as_bytes())
    }

    /// What no ceremony has, for each branch of the readers.
    fn small_ones(&self) -> io::Result<()> {
        for seed in [
            "f6",
            "f5",
            "20",
            "3b7fffffffffffffff",
            "1b7fffffffffffffff",
            "8301820203820405",
            "a201020304",
            "7a00010000",
        ] {
            self.add("cbor", &primitives::encoding::from_hex(seed).unwrap_or_default())?;
        }
        let framed = r#"{"type":"webauthn.get","challenge":"AA","origin":"https://a.example","crossOrigin":true,"topOrigin":"https://b.example"}"#;
        self.add("client_data", framed.as_bytes())?;
        let entry = r#"{"aaguid":"ee882879-721c-4913-9775-3dfcce97072a","statusReports":[{"status":"REVOKED","effectiveDate":"2026-01-01"}],"metadataStatement":{"description":"A","keyProtection":["hardware"],"attestationTypes":["basic_full"],"authenticationAlgorithms":["secp256r1_ecdsa_sha256_raw"],"userVerificationDetails":[[{"userVerificationMethod":"fingerprint_internal"}]],"attestationRootCertificates":["AAAA"]}}"#;
        let blob = format!(r#"{{"no":1,"nextUpdate":"2027-01-31","entries":[{entry},5]}}"#);
        self.add("mds", blob.as_bytes())?;
        self.add("explain_case", br#"{"id":1,"kind":"registration","rp":{},"options":{},"response":{}}"#)
    }

    fn cases(&self, file: &Path) -> io::Result<()> {
        fs::read_to_string(file)?.lines().try_for_each(|line| self.add("explain_case", line.as_bytes()))
    }
}

fn member(response: &Value, name: &str) -> Vec<u8> {
    let text = response.get("response").and_then(|inner| inner.get(name)).and_then(Value::as_str);
    text.and_then(from_base64url).unwrap_or_default()
}

fn case(kind: &str, mut options: Value, response: &Value, stored: Value) -> Value {
    // The client's list names types too.
    let algorithms: Vec<i64> = Algorithm::ALL.iter().map(|algorithm| algorithm.id()).collect();
    if let Some(members) = options.as_object_mut() {
        members.retain(|name, _| ["challenge", "allowCredentials"].contains(&name.as_str()));
        members.insert("pubKeyCredParams".to_owned(), json!(algorithms));
    }
    json!({
        "id": kind,
        "kind": kind,
        "rp": {"rpId": RP_ID, "origins": [ORIGIN], "now": "2026-11-22T12:00:00Z"},
        "options": options,
        "stored": stored,
        "response": response,
    })
}
