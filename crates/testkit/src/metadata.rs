//! A metadata service of our own: an authority, a signer, and the blobs that it signs.

use primitives::cose::{Algorithm, SigningKey};
use primitives::encoding::{base64, base64url};
use primitives::jws;
use primitives::time::{Span, Timestamp};
use primitives::x509::{BasicConstraints, Certificate, Extension, Issue, Name};
use serde_json::{Value, json};
use service::metadata::{Delivery, Terms};
use webauthn::metadata::Signer;

/// Who signs.
pub const SIGNER: &str = "mds.test";

const ROOT: Name<'static> = Name {
    country: "XX",
    organization: "Metadata",
    organizational_unit: "Root",
    common_name: "Metadata root",
};
const MIDDLE: Name<'static> = Name { common_name: "Metadata authority", ..ROOT };
const LEAF: Name<'static> = Name { common_name: SIGNER, ..ROOT };

/// What a test may change about how a blob is signed.
#[derive(Clone, Debug)]
pub struct Signing {
    /// The key of the leaf.
    pub algorithm: Algorithm,
    /// What the header calls it.
    pub alg: &'static str,
    /// The host name in the leaf; no extension where empty.
    pub host: &'static str,
    /// The last moment of the leaf's validity.
    pub not_after: Option<Timestamp>,
    /// Whether the root goes along, as FIDO's does.
    pub with_root: bool,
    /// Members of the header besides `alg`, `typ` and `x5c`.
    pub header: Value,
}

impl Default for Signing {
    fn default() -> Self {
        Self {
            algorithm: Algorithm::Es256,
            alg: "ES256",
            host: SIGNER,
            not_after: None,
            with_root: false,
            header: json!({}),
        }
    }
}

/// The authority of that seed.
pub struct MetadataService {
    root: SigningKey,
    middle: SigningKey,
    leaf: [u8; 32],
    certificate: Vec<u8>,
    intermediate: Vec<u8>,
}

impl MetadataService {
    /// Makes one.
    pub fn new(seed: u8) -> Self {
        let key = |number: u8| {
            SigningKey::from_seed(Algorithm::Es256, &[seed.wrapping_mul(16) | number; 32])
                .unwrap_or_else(|error| panic!("{error:?}"))
        };
        let (root, middle) = (key(1), key(2));
        let constraints = BasicConstraints::AUTHORITY;
        let certificate = Issue { constraints, ..Issue::new(ROOT, ROOT, root.public_key()) }.sign(&root);
        let constraints = BasicConstraints { ca: true, path_length: Some(0) };
        let issue = Issue { serial: 2, constraints, ..Issue::new(ROOT, MIDDLE, middle.public_key()) };
        let intermediate = issue.sign(&root);
        Self { root, middle, leaf: [seed.wrapping_mul(16) | 3; 32], certificate, intermediate }
    }

    /// The root in PEM.
    pub fn root_pem(&self) -> String {
        pem(&self.certificate)
    }

    /// Who must have signed.
    pub fn signer(&self) -> Signer {
        let root = Certificate::parse(&self.certificate).unwrap_or_else(|error| panic!("{error:?}"));
        Signer { roots: vec![root], name: SIGNER.to_owned() }
    }

    /// The terms of a server that trusts this service.
    pub fn terms(&self) -> Terms {
        Terms { signer: self.signer(), grace: Span::from_days(30) }
    }

    /// A blob of that number, whose next one is due in thirty days.
    pub fn blob(&self, number: i64, now: Timestamp, entries: &[Value]) -> Vec<u8> {
        let next = (now + Span::from_days(30)).to_string();
        let next = next.get(..10).unwrap_or_default();
        self.sign(&json!({ "legalHeader": "test", "no": number, "nextUpdate": next, "entries": entries }))
    }

    /// The same, as it comes.
    pub fn delivery(&self, number: i64, now: Timestamp, entries: &[Value]) -> Delivery {
        Delivery { bytes: self.blob(number, now, entries), etag: None }
    }

    /// Signs a payload.
    pub fn sign(&self, payload: &Value) -> Vec<u8> {
        self.sign_with(payload.to_string().as_bytes(), &Signing::default())
    }

    /// Signs a payload in another way.
    pub fn sign_with(&self, payload: &[u8], signing: &Signing) -> Vec<u8> {
        let key = SigningKey::from_seed(signing.algorithm, &self.leaf);
        let key = key.unwrap_or_else(|error| panic!("{error:?}"));
        let mut issue = Issue { serial: 3, ..Issue::new(MIDDLE, LEAF, key.public_key()) };
        if let Some(not_after) = signing.not_after {
            issue.not_after = not_after;
        }
        if !signing.host.is_empty() {
            let name = primitives::der::write(0x82, &[signing.host.as_bytes()]);
            let value = primitives::der::write(primitives::der::SEQUENCE, &[&name]);
            let oid = primitives::x509::oid::SUBJECT_ALTERNATIVE_NAME.to_vec();
            issue.extensions.push(Extension { oid, critical: false, value });
        }
        let mut chain = vec![base64(&issue.sign(&self.middle)), base64(&self.intermediate)];
        if signing.with_root {
            chain.push(base64(&self.certificate));
        }
        let mut header = signing.header.clone();
        for (name, value) in [("alg", json!(signing.alg)), ("typ", json!("JWT")), ("x5c", json!(chain))] {
            if header.get(name).is_none() {
                header[name] = value;
            }
        }
        let input = format!("{}.{}", base64url(header.to_string().as_bytes()), base64url(payload));
        let signature = jws::signature_of(signing.algorithm, &key.sign(input.as_bytes()));
        format!("{input}.{}", base64url(&signature.unwrap_or_default())).into_bytes()
    }

    /// The root's key, for a chain of somebody else's making.
    pub fn root_key(&self) -> &SigningKey {
        &self.root
    }
}

/// A certificate as PEM (RFC 7468).
pub fn pem(der: &[u8]) -> String {
    let text = base64(der);
    let lines: Vec<&str> = (0..text.len())
        .step_by(64)
        .map(|at| text.get(at..text.len().min(at + 64)).unwrap_or_default())
        .collect();
    format!("-----BEGIN CERTIFICATE-----\n{}\n-----END CERTIFICATE-----\n", lines.join("\n"))
}

/// An entry about a model of security keys, attested under `root`, with reports of these statuses.
pub fn entry(aaguid: &str, name: &str, statuses: &[&str], root: &[u8]) -> Value {
    let reports: Vec<Value> =
        statuses.iter().map(|status| json!({ "status": status, "effectiveDate": "2020-01-01" })).collect();
    json!({
        "aaguid": aaguid,
        "timeOfLastStatusChange": "2020-01-01",
        "statusReports": reports,
        "metadataStatement": {
            "description": name,
            "keyProtection": ["hardware", "secure_element"],
            "userVerificationDetails": [[{ "userVerificationMethod": "passcode_external" }]],
            "attestationTypes": ["basic_full"],
            "authenticationAlgorithms": ["secp256r1_ecdsa_sha256_raw"],
            "attestationRootCertificates": [base64(root)],
        },
    })
}
