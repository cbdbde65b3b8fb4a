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
    Allow, AnchorKind, AttestationKind, AuthenticationState, CrossOrigin, Mediation, RegisteredCredential,
    RegistrationChecks, RegistrationRefusal, RegistrationState, RelyingParty, StoredCredential, TrustAnchor,
    VerifiedAssertion, authentication, registration,
};

/// The vectors that must pass, with the attestation that they prove.
const PASS: [(&str, AttestationKind); 13] = [
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
    ("tpm-es256", AttestationKind::AttCa),
    ("apple-es256", AttestationKind::AnonCa),
    ("fido-u2f-es256", AttestationKind::Basic),
];

/// The vectors that are refused, with the code: an algorithm that is not ours, and an Android key whose
/// authorization lists are empty. ADR 7 says why.
const REFUSED: [(&str, &str); 2] =
    [("packed-ed448", "algorithm"), ("android-key-es256", "attestation_certificate")];

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

    fn anchor(&self) -> TrustAnchor {
        Certificate::parse(&hex(&self.0["attestation_root"]["attestation_ca_cert"])).unwrap().into()
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
        anchors: &[TrustAnchor],
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
            let untrusted = [AttestationKind::None, AttestationKind::SelfSigned].contains(kind);
            assert_ne!(record.attestation.trusted, untrusted, "{id}");
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
    for id in ["packed-es256", "apple-es256"] {
        let record = vectors.named(id).register(&lenient(), &[]).unwrap();
        assert!(!record.attestation.trusted, "{id}");
    }
}

#[test]
fn two_conflicts_yield_to_the_anchor_alone() {
    let Some(vectors) = Vectors::load() else { return };
    for (id, code) in [("tpm-es256", "attestation_certificate"), ("fido-u2f-es256", "aaguid")] {
        let outcome = vectors.named(id).register(&lenient(), &[]);
        assert_eq!(outcome.map_err(RegistrationRefusal::code).err(), Some(code), "{id}");
    }
}

#[test]
fn the_anchor_tells_an_attestation_authority() {
    let Some(vectors) = Vectors::load() else { return };
    let anchors = [TrustAnchor { kind: AnchorKind::AttCa, ..vectors.anchor() }];
    for id in ["packed-es256", "fido-u2f-es256"] {
        let record = vectors.named(id).register(&lenient(), &anchors).unwrap();
        assert_eq!(record.attestation.kind, AttestationKind::AttCa, "{id}");
    }
}
