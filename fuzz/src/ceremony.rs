//! A relying party with one ceremony, always the same, for targets and seeds.

use std::sync::OnceLock;

use authenticator::attestation::Authority;
use authenticator::client::Client;
use authenticator::{Authenticator, Settings};
use fido::credential::Base64Url;
use fido::options::{AttestationConveyance, UserEntity};
use fido::response::RegistrationResponse;
use primitives::cose::Algorithm;
use primitives::digest;
use primitives::entropy::Entropy;
use primitives::time::Timestamp;
use primitives::x509::Certificate;
use serde_json::Value;
use webauthn::{
    RegistrationChecks, RegistrationRequest, RegistrationState, RelyingParty, TrustAnchor, registration,
};

/// The relying party's only origin.
pub const ORIGIN: &str = "https://id.example.org";
/// Its RP ID.
pub const RP_ID: &str = "example.org";

/// Bytes that look random and are the same in every run.
pub struct Seeded(pub u64);

impl Entropy for Seeded {
    fn fill(&mut self, out: &mut [u8]) {
        for chunk in out.chunks_mut(32) {
            self.0 = self.0.wrapping_add(1);
            for (to, from) in chunk.iter_mut().zip(digest::sha256(&self.0.to_be_bytes())) {
                *to = from;
            }
        }
    }
}

/// When every ceremony takes place: 2026-11-22T12:00:00Z.
pub fn now() -> Timestamp {
    Timestamp::from_secs(1_795_348_800)
}

/// Whose certificate every relying party here trusts.
pub fn authority() -> &'static Authority {
    static AUTHORITY: OnceLock<Authority> = OnceLock::new();
    AUTHORITY.get_or_init(|| Authority::from_seed([9; 32]))
}

/// The authority's certificate, as a relying party has it configured.
fn anchors() -> &'static [TrustAnchor] {
    static ANCHORS: OnceLock<Vec<TrustAnchor>> = OnceLock::new();
    ANCHORS.get_or_init(|| {
        Certificate::parse(authority().root()).ok().map(TrustAnchor::from).into_iter().collect()
    })
}

/// The relying party.
pub fn relying_party() -> &'static RelyingParty {
    static RELYING_PARTY: OnceLock<RelyingParty> = OnceLock::new();
    RELYING_PARTY.get_or_init(|| match RelyingParty::new(RP_ID, "Example", [ORIGIN]) {
        Ok(relying_party) => relying_party,
        Err(refusal) => unreachable!("an origin below its RP ID: {refusal:?}"),
    })
}

/// The request for a credential of any algorithm, with attestation.
pub fn request() -> RegistrationRequest {
    let user =
        UserEntity { id: Base64Url(vec![7; 32]), name: "a@example.org".into(), display_name: "A".into() };
    RegistrationRequest {
        algorithms: Algorithm::ALL.to_vec(),
        attestation: AttestationConveyance::Direct,
        ..RegistrationRequest::new(user, "fuzz")
    }
}

/// The options as a client gets them, and the state that answers to them.
pub fn begun() -> &'static (Value, RegistrationState) {
    static BEGUN: OnceLock<(Value, RegistrationState)> = OnceLock::new();
    BEGUN.get_or_init(|| {
        let (options, state) = registration::begin(relying_party(), request(), now(), &mut Seeded(1));
        (serde_json::to_value(options).unwrap_or_default(), state)
    })
}

/// What an authenticator answers to [`begun`].
pub fn registered(settings: Settings) -> (Value, Authenticator) {
    let mut authenticator = Authenticator::new(settings);
    let created = Client::new(ORIGIN).create(&mut authenticator, &begun().0, &mut Seeded(2));
    (created.unwrap_or_default(), authenticator)
}

/// Ends a registration with this attestation object, as trusted and as not. What is trusted is acceptable.
pub fn register(attestation_object: &[u8]) -> bool {
    let (_, state) = begun();
    let finish = |credential_id: Vec<u8>, require_trusted_attestation| {
        let response = RegistrationResponse {
            credential_id,
            client_data_json: client_data(state),
            attestation_object: attestation_object.to_vec(),
            transports: Vec::new(),
            attachment: None,
            client_extensions: Default::default(),
        };
        let checks = RegistrationChecks {
            trust_anchors: anchors(),
            require_trusted_attestation,
            ..RegistrationChecks::default()
        };
        registration::finish(relying_party(), state, &response, checks, now())
    };
    let id = credential_id(attestation_object);
    let (trusting, lenient) = (finish(id.clone(), true), finish(id, false));
    if let Ok(record) = &trusting {
        assert!(record.attestation.trusted, "accepted where trust is required");
        assert_eq!(lenient.as_ref(), Ok(record), "accepted only where trust is required");
    }
    trusting.is_ok()
}

/// The client data of the ceremony.
pub fn client_data(state: &RegistrationState) -> Vec<u8> {
    fido::client_data::CollectedClientData {
        kind: "webauthn.create".to_owned(),
        challenge: primitives::encoding::base64url(&state.challenge.0),
        origin: ORIGIN.to_owned(),
        cross_origin: false,
        top_origin: None,
    }
    .encode()
}

/// The credential id inside, so that a mutation of it ends nothing early.
fn credential_id(attestation_object: &[u8]) -> Vec<u8> {
    let object = fido::attestation_object::AttestationObject::parse(attestation_object);
    let data = object.ok().map(|object| object.authenticator_data);
    data.and_then(|data| fido::authenticator_data::AuthenticatorData::parse(data).ok())
        .and_then(|data| data.attested_credential.map(|credential| credential.credential_id.to_vec()))
        .unwrap_or_default()
}
