//! The test vectors of Web Authentication Level 3 (section "Test Vectors"), registration and authentication of
//! each. They are read from `../shared/vectors` beside the workspace; where that is absent, nothing is tested,
//! and the output says so.

#![expect(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "helpers of tests end the test as the tests do"
)]

use std::path::Path;

use fido::credential::Base64Url;
use fido::options::UserVerification;
use fido::response::{AuthenticationResponse, RegistrationResponse};
use primitives::cose::Algorithm;
use primitives::encoding::from_hex;
use primitives::time::Timestamp;
use primitives::x509::Certificate;
use serde_json::Value;
use webauthn::{
    Allow, AttestationKind, AuthenticationState, CrossOrigin, Mediation, RegisteredCredential,
    RegistrationChecks, RegistrationRefusal, RegistrationState, RelyingParty, StoredCredential,
    VerifiedAssertion, authentication, registration,
};

/// The vectors that must pass, with the attestation that they prove.
const PASS: [(&str, AttestationKind); 10] = [
    ("none-es256", AttestationKind::None),
    ("packed-self-es256", AttestationKind::SelfSigned),
    ("none-es256-crossOrigin", AttestationKind::None),
    ("none-es256-topOrigin", AttestationKind::None),
    ("none-es256-long-credential-id", AttestationKind::None),
    ("packed-es256", AttestationKind::Basic),
    ("packed-es384", AttestationKind::Basic),
    ("packed-es512", AttestationKind::Basic),
    ("packed-rs256", AttestationKind::Basic),
    ("packed-eddsa", AttestationKind::Basic),
];

/// The vectors that are refused, with the code: an algorithm that is not offered, formats not yet understood.
const REFUSED: [(&str, &str); 5] = [
    ("packed-ed448", "algorithm"),
    ("tpm-es256", "attestation_format"),
    ("android-key-es256", "attestation_format"),
    ("apple-es256", "attestation_format"),
    ("fido-u2f-es256", "attestation_format"),
];

const USER_HANDLE: [u8; 4] = *b"user";

struct Vectors(Value);

impl Vectors {
    fn load() -> Option<Self> {
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/vectors/w3c_webauthn_l3.json");
        match std::fs::read(&path) {
            Ok(text) => Some(Self(serde_json::from_slice(&text).unwrap())),
            Err(_) => {
                println!("skipped: the W3C vectors are not at ../shared/vectors beside the workspace");
                None
            }
        }
    }

    fn all(&self) -> impl Iterator<Item = Vector<'_>> {
        self.0["vectors"].as_array().unwrap().iter().map(Vector)
    }

    fn named(&self, id: &str) -> Vector<'_> {
        self.all().find(|vector| vector.id() == id).unwrap()
    }

    fn anchor(&self) -> Certificate {
        Certificate::parse(&hex(&self.0["attestation_root"]["attestation_ca_cert"])).unwrap()
    }
}

fn hex(value: &Value) -> Vec<u8> {
    from_hex(value.as_str().unwrap()).unwrap()
}

fn now() -> Timestamp {
    Timestamp::parse_rfc3339("2026-11-22T12:00:00Z").unwrap()
}

/// A relying party that takes what the vectors need, frames in other origins' pages included.
fn relying_party(cross_origin: CrossOrigin) -> RelyingParty {
    RelyingParty::new("example.org", "Example", ["https://example.org"])
        .unwrap()
        .with_cross_origin(cross_origin)
}

fn lenient() -> RelyingParty {
    relying_party(CrossOrigin::Allow { top_origins: vec!["https://example.com".to_owned()] })
}

struct Vector<'a>(&'a Value);

impl Vector<'_> {
    fn id(&self) -> &str {
        self.0["id"].as_str().unwrap()
    }

    fn register(
        &self,
        relying_party: &RelyingParty,
        anchors: &[Certificate],
    ) -> Result<RegisteredCredential, RegistrationRefusal> {
        let vector = &self.0["registration"];
        let state = RegistrationState {
            challenge: Base64Url(hex(&vector["challenge"])),
            purpose: String::new(),
            user_handle: Base64Url(USER_HANDLE.to_vec()),
            algorithms: Algorithm::ALL.iter().map(|algorithm| algorithm.id()).collect(),
            user_verification: UserVerification::Preferred,
            mediation: Mediation::Optional,
            expires: now() + webauthn::CHALLENGE_LIFETIME,
            binding: [0; 32],
        };
        let response = RegistrationResponse {
            credential_id: hex(&vector["credential_id"]),
            client_data_json: hex(&vector["clientDataJSON"]),
            attestation_object: hex(&vector["attestationObject"]),
            transports: Vec::new(),
            attachment: None,
            client_extensions: Default::default(),
        };
        let checks = RegistrationChecks { trust_anchors: anchors, ..RegistrationChecks::default() };
        registration::finish(relying_party, &state, &response, checks, now())
    }

    fn authenticate(
        &self,
        relying_party: &RelyingParty,
        record: RegisteredCredential,
    ) -> Result<VerifiedAssertion, webauthn::AuthenticationRefusal> {
        let vector = &self.0["authentication"];
        let state = AuthenticationState {
            challenge: Base64Url(hex(&vector["challenge"])),
            purpose: String::new(),
            user_handle: Some(Base64Url(USER_HANDLE.to_vec())),
            allow: Allow::AnyOfUser,
            user_verification: UserVerification::Preferred,
            mediation: Mediation::Optional,
            expires: now() + webauthn::CHALLENGE_LIFETIME,
            binding: [0; 32],
        };
        let response = AuthenticationResponse {
            credential_id: record.credential_id.clone(),
            client_data_json: hex(&vector["clientDataJSON"]),
            authenticator_data: hex(&vector["authenticatorData"]),
            signature: hex(&vector["signature"]),
            user_handle: None,
            attachment: None,
            client_extensions: Default::default(),
        };
        let stored = StoredCredential {
            credential_id: record.credential_id,
            public_key: record.public_key,
            sign_count: record.sign_count,
            backup_eligible: record.backup_eligible,
            user_handle: USER_HANDLE.to_vec(),
        };
        authentication::finish(relying_party, &state, &response, Some(&stored), now())
    }
}

#[test]
fn every_vector_has_its_verdict() {
    let Some(vectors) = Vectors::load() else { return };
    let anchors = [vectors.anchor()];
    for vector in vectors.all() {
        let id = vector.id();
        let outcome = vector.register(&lenient(), &anchors);
        if let Some((_, kind)) = PASS.iter().find(|(name, _)| *name == id) {
            let record = outcome.unwrap_or_else(|refusal| panic!("{id}: {refusal:?}"));
            assert_eq!(record.attestation.kind, *kind, "{id}");
            assert_eq!(record.attestation.trusted, *kind == AttestationKind::Basic, "{id}");
            let assertion = vector.authenticate(&lenient(), record);
            assert!(assertion.is_ok(), "{id}: {assertion:?}");
        } else {
            let (_, code) = REFUSED.iter().find(|(name, _)| *name == id).unwrap();
            assert_eq!(outcome.map_err(RegistrationRefusal::code).err(), Some(*code), "{id}");
        }
    }
}

#[test]
fn frames_in_other_origins_pages_need_the_policy() {
    let Some(vectors) = Vectors::load() else { return };
    for (id, top_origins, code) in [
        ("none-es256-crossOrigin", None, "cross_origin"),
        ("none-es256-topOrigin", None, "cross_origin"),
        ("none-es256-topOrigin", Some(vec![]), "top_origin"),
    ] {
        let policy =
            top_origins.map_or(CrossOrigin::Refuse, |top_origins| CrossOrigin::Allow { top_origins });
        let outcome = vectors.named(id).register(&relying_party(policy), &[]);
        assert_eq!(outcome.map_err(RegistrationRefusal::code).err(), Some(code), "{id}");
    }
}

#[test]
fn without_the_anchor_nothing_is_trusted() {
    let Some(vectors) = Vectors::load() else { return };
    let record = vectors.named("packed-es256").register(&lenient(), &[]).unwrap();
    assert!(!record.attestation.trusted);
}
