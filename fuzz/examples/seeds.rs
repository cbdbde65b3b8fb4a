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
use fuzz::{join, seeds_of_hybrid, seeds_of_tpm};
use primitives::cbor::Value as Cbor;
use primitives::cose::{Algorithm, SigningKey};
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
    for (target, seed) in seeds_of_hybrid() {
        corpora.add(target, &seed)?;
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
        self.tokens()?;
        self.requests()?;
        self.add("explain_case", br#"{"id":1,"kind":"registration","rp":{},"options":{},"response":{}}"#)
    }

    /// Headers, payloads and texts as clients of OpenID Connect send them.
    fn tokens(&self) -> io::Result<()> {
        let seconds = ceremony::now().secs();
        let key = SigningKey::from_seed(Algorithm::Es256, &[7; 32]).map_err(|_| io::Error::other("a key"))?;
        let jwk = primitives::jwk::to_jwk(key.public_key(), Some("k1"));
        let id = json!({"alg": "ES256", "typ": "JWT", "kid": "k1"});
        let claims = json!({
            "iss": "https://id.example", "sub": "ann", "aud": "app", "exp": seconds + 300, "iat": seconds,
            "auth_time": seconds, "sid": "line", "nonce": "n", "jti": "1"
        });
        let proof = json!({"alg": "ES256", "typ": "dpop+jwt", "jwk": jwk});
        let proven = json!({"htm": "POST", "htu": "https://id.example", "iat": seconds, "jti": "1"});
        let hostile =
            json!({"alg": "HS256", "crit": ["b64"], "b64": false, "jku": "https://a.example", "x5c": ["AA"]});
        let set = json!({"keys": [jwk, {"kty": "RSA", "n": base64url(&[0xff; 256]), "e": "AQAB"}]});
        let token = primitives::jws::sign(&key, proof.to_string().as_bytes(), proven.to_string().as_bytes());
        let assertion = format!(
            "client_assertion_type=urn%3Aietf%3Aparams%3Aoauth%3Aclient-assertion-type%3Ajwt-bearer&client_assertion={token}"
        );
        for (header, payload, text) in [
            (&id, &claims, "client_id=app&client_secret=kws_a%2Bb"),
            (&proof, &proven, token.as_str()),
            (&hostile, &set, assertion.as_str()),
            (&set, &claims, "WDJB-MJHT"),
        ] {
            let (header, payload) = (header.to_string(), payload.to_string());
            self.add("jwt", &join(&[header.as_bytes(), payload.as_bytes(), text.as_bytes()]))?;
        }
        let basic = primitives::encoding::base64(b"app:kws_a%2Bb");
        self.add("jwt", &join(&[format!("Basic {basic}").as_bytes(), b"{}", b"client_id=app"]))
    }

    /// Requests of applications, and what they say of themselves when they register.
    fn requests(&self) -> io::Result<()> {
        let challenge = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM";
        let plain = format!(
            "client_id=app&redirect_uri=http%3A%2F%2F127.0.0.1%3A5000%2Fnative&response_type=code&scope=openid+email&state=s%26t\
             &code_challenge={challenge}&code_challenge_method=S256&prompt=login+consent&max_age=0&acr_values=phr\
             &claims=%7B%22id_token%22%3A%7B%22acr%22%3A%7B%22essential%22%3Atrue%7D%7D%7D&resource=urn%3Aexample%3Afiles"
        );
        let object = json!({
            "iss": "app", "aud": "https://id.example", "exp": ceremony::now().secs() + 300, "client_id": "app",
            "redirect_uri": "https://app.example/callback?a=b", "response_type": "code", "response_mode": "fragment",
            "scope": "openid", "state": "s", "code_challenge": challenge, "code_challenge_method": "S256", "max_age": 5,
            "claims": {"userinfo": {"email": null}}, "resource": ["urn:example:files"],
        });
        self.add("authorization", format!("{plain}\n{object}").as_bytes())?;
        let refused = "client_id=app&redirect_uri=app.example%3A%2Fcallback&response_type=token&response_mode=form_post";
        self.add("authorization", refused.as_bytes())?;
        let key = SigningKey::from_seed(Algorithm::Es256, &[7; 32]).map_err(|_| io::Error::other("a key"))?;
        let jwk = primitives::jwk::to_jwk(key.public_key(), Some("k1"));
        let full = json!({
            "client_id": "https://app.example/client", "client_name": "App", "client_uri": "https://app.example/",
            "redirect_uris": ["https://app.example/callback", "app.example:/callback"], "application_type": "native",
            "grant_types": ["authorization_code", "refresh_token"], "response_types": ["code"], "scope": "openid email",
            "token_endpoint_auth_method": "private_key_jwt", "jwks": {"keys": [jwk]}, "default_max_age": 60,
            "default_acr_values": ["phr"], "frontchannel_logout_uri": "https://app.example/out",
            "authorization_signed_response_alg": "ES256", "require_signed_request_object": true,
        });
        self.add("registration", full.to_string().as_bytes())?;
        self.add(
            "registration",
            br#"{"redirect_uris":["http://localhost/cb"],"jwks_uri":"https://a.example/jwks"}"#,
        )
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
