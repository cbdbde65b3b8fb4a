//! A metadata statement (FIDO Metadata Statement 3.1): how a model is made.

use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::value::RawValue;

use super::entry::lenient;
use crate::attestation::AnchorKind;

/// Ways in which an authenticator knows a person by their body (FIDO Registry section 3.1).
const BIOMETRIC: [&str; 5] = [
    "fingerprint_internal",
    "faceprint_internal",
    "voiceprint_internal",
    "eyeprint_internal",
    "handprint_internal",
];

/// What of a statement is used.
#[derive(Default)]
pub(super) struct Statement {
    pub(super) description: Option<String>,
    pub(super) certificates: Vec<String>,
    pub(super) algorithms: Vec<String>,
    attestation_types: Vec<String>,
    key_protection: Vec<String>,
    verification: Vec<Vec<Method>>,
}

#[derive(Deserialize)]
struct Method {
    #[serde(default, rename = "userVerificationMethod")]
    name: Option<String>,
}

#[derive(Deserialize)]
struct Members<'a> {
    #[serde(borrow, default)]
    description: Option<&'a RawValue>,
    #[serde(borrow, default, rename = "attestationRootCertificates")]
    certificates: Option<&'a RawValue>,
    #[serde(borrow, default, rename = "authenticationAlgorithms")]
    algorithms: Option<&'a RawValue>,
    #[serde(borrow, default, rename = "attestationTypes")]
    attestation_types: Option<&'a RawValue>,
    #[serde(borrow, default, rename = "keyProtection")]
    key_protection: Option<&'a RawValue>,
    #[serde(borrow, default, rename = "userVerificationDetails")]
    verification: Option<&'a RawValue>,
}

fn member<T: DeserializeOwned + Default>(name: &str, raw: Option<&RawValue>, causes: &mut Vec<String>) -> T {
    lenient(raw)
        .unwrap_or_else(|()| {
            causes.push(format!("`{name}` cannot be read"));
            None
        })
        .unwrap_or_default()
}

impl Statement {
    /// Reads what can be read; a member that cannot says nothing in favour of the model.
    pub(super) fn read(raw: Option<&RawValue>, causes: &mut Vec<String>) -> Self {
        let Some(raw) = raw else { return Self::default() };
        let members: Members<'_> = match serde_json::from_str(raw.get()) {
            Ok(members) => members,
            Err(_) => {
                causes.push("`metadataStatement` cannot be read".to_owned());
                return Self::default();
            }
        };
        Self {
            description: member("description", members.description, causes),
            certificates: member("attestationRootCertificates", members.certificates, causes),
            algorithms: member("authenticationAlgorithms", members.algorithms, causes),
            attestation_types: member("attestationTypes", members.attestation_types, causes),
            key_protection: member("keyProtection", members.key_protection, causes),
            verification: member("userVerificationDetails", members.verification, causes),
        }
    }

    /// Whether one of the alternatives knows a person by their body.
    pub(super) fn is_biometric(&self) -> bool {
        let names = self.verification.iter().flatten().filter_map(|method| method.name.as_deref());
        names.into_iter().any(|name| BIOMETRIC.contains(&name))
    }

    /// Whether keys are held by hardware alone.
    pub(super) fn is_hardware(&self) -> bool {
        let says = |word: &str| self.key_protection.iter().any(|protection| protection == word);
        (says("hardware") || says("tee") || says("secure_element")) && !says("software")
    }

    fn attests(&self, kind: &str) -> bool {
        self.attestation_types.iter().any(|other| other == kind)
    }

    /// Whether attestations of the model come with certificates. Where it only ever signs with the passkey's own key, a
    /// certificate is somebody else's.
    pub(super) fn certifies(&self) -> bool {
        self.attestation_types.is_empty()
            || ["basic_full", "attca", "anonca"].iter().any(|kind| self.attests(kind))
    }

    pub(super) fn anchor_kind(&self) -> AnchorKind {
        if self.attests("attca") && !self.attests("basic_full") {
            AnchorKind::AttCa
        } else {
            AnchorKind::Basic
        }
    }
}

/// COSE identifiers of algorithms (FIDO Registry section 3.6.1); none, which means any, if one is not known.
pub(super) fn algorithms(names: &[String]) -> Vec<i64> {
    let mut out = Vec::new();
    for name in names {
        let id = match name.as_str() {
            "secp256r1_ecdsa_sha256_raw" | "secp256r1_ecdsa_sha256_der" => -7,
            "ed25519_eddsa_sha512_raw" => -8,
            "secp384r1_ecdsa_sha384_raw" => -35,
            "secp521r1_ecdsa_sha512_raw" => -36,
            "rsassa_pss_sha256_raw" | "rsassa_pss_sha256_der" => -37,
            "secp256k1_ecdsa_sha256_raw" | "secp256k1_ecdsa_sha256_der" => -47,
            "ed448_eddsa_sha512_raw" => -53,
            "rsassa_pkcsv15_sha256_raw" | "rsa_emsa_pkcs1_sha256_raw" | "rsa_emsa_pkcs1_sha256_der" => -257,
            _ => return Vec::new(),
        };
        if !out.contains(&id) {
            out.push(id);
        }
    }
    out
}
