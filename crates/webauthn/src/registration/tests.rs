use authenticator::{Authenticator, Settings, client};
use fido::attestation_object::AttestationObjectRefusal;
use fido::authenticator_data::AuthenticatorDataRefusal;
use fido::extension::ExtensionRefusal;
use primitives::cbor::{CborRefusal, Value};
use primitives::cose::KeyRefusal;
use primitives::time::Span;
use primitives::x509::{Certificate, PathRefusal};

use super::*;
use crate::attestation::{AttestationKind, AttestationRefusal, StatementRefusal, UntrustedReason};
use crate::context::AuthenticatorRefusal;
use crate::testing::{self, ORIGIN, Registration, Seeded, now, user};

mod client_data;
mod options;

const UP: u8 = 0x01;
const UV: u8 = 0x04;
const BS: u8 = 0x10;
const AT: u8 = 0x40;
const ED: u8 = 0x80;

fn none() -> Registration {
    Registration::new(Settings::security_key())
}

/// Changes one thing about a valid registration and pins the refusal, its code and its step.
#[track_caller]
fn refused(change: impl FnOnce(&mut Registration), refusal: RegistrationRefusal, code: &str, step: u8) {
    let mut ceremony = none();
    change(&mut ceremony);
    assert_eq!(ceremony.finish(), Err(refusal));
    assert_eq!((refusal.code(), refusal.step()), (code, step));
}

#[test]
fn a_registration_without_attestation_gives_the_record() {
    let ceremony = none();
    let record = ceremony.finish().unwrap();
    assert_eq!(record.credential_id, ceremony.credential_id);
    assert_eq!(record.public_key, ceremony.public_key);
    assert_eq!(record.algorithm, Algorithm::Es256);
    assert_eq!(record.sign_count, 0);
    assert!(record.user_verified && record.user_present);
    assert!(!record.backup_eligible && !record.backed_up);
    let expected = Attestation { format: "none", kind: AttestationKind::None, trusted: false };
    assert_eq!(record.attestation, expected);
}

#[test]
fn the_clients_json_gives_the_rest_of_the_record() {
    let relying_party = testing::relying_party();
    let mut entropy = Seeded(5);
    let request = RegistrationRequest::new(user(), "test");
    let (options, state) = begin(&relying_party, request, now(), &mut entropy);
    let mut authenticator = Authenticator::new(Settings::platform());
    let options = serde_json::to_value(options).unwrap();
    let json = client::create(&mut authenticator, ORIGIN, &options, &mut entropy).unwrap();
    let response = RegistrationResponse::parse(&json.to_string()).unwrap();
    let record = finish(&relying_party, &state, &response, RegistrationChecks::default(), now()).unwrap();
    assert_eq!(record.transports, ["internal"]);
    assert_eq!(record.attachment, Some(Attachment::Platform));
    assert_eq!(record.discoverable, Some(true));
    assert_eq!(record.cred_protect, Some(CredentialProtection::UserVerificationRequired));
}

#[test]
fn the_state_survives_its_seal() {
    let state = none().state;
    let sealed = serde_json::to_vec(&state).unwrap();
    assert_eq!(serde_json::from_slice::<RegistrationState>(&sealed).unwrap(), state);
}

#[test]
fn every_algorithm_and_attestation_of_the_authenticator_is_accepted() {
    for algorithm in Algorithm::ALL {
        let with = |settings: Settings| Settings { algorithms: vec![algorithm], ..settings };
        let record = Registration::new(with(Settings::platform())).finish().unwrap();
        assert_eq!(record.algorithm, algorithm);
        let attestation = Registration::new(with(testing::self_signed())).finish().unwrap().attestation;
        assert_eq!((attestation.format, attestation.kind), ("packed", AttestationKind::SelfSigned));
        assert!(!attestation.trusted);
        let mut ceremony = certified(with(Settings::security_key()));
        assert!(ceremony.finish().unwrap().attestation.trusted);
        ceremony.anchors.clear();
        let record = ceremony.finish().unwrap();
        assert_eq!(record.attestation.kind, AttestationKind::Basic);
        assert!(!record.attestation.trusted);
        assert_eq!(record.aaguid, Settings::security_key().aaguid);
    }
}

/// A registration with a certified attestation, and its authority as anchor.
fn certified(settings: Settings) -> Registration {
    let authority = testing::authority();
    let mut ceremony = Registration::new(settings.attested_by(&authority));
    ceremony.anchors = vec![Certificate::parse(authority.root()).unwrap().into()];
    ceremony
}

#[test]
fn backup_flags_are_reported() {
    for (backup_eligible, backed_up) in [(false, false), (true, false), (true, true)] {
        let settings = Settings { backup_eligible, backed_up, ..Settings::platform() };
        let record = Registration::new(settings).finish().unwrap();
        assert_eq!((record.backup_eligible, record.backed_up), (backup_eligible, backed_up));
    }
}

#[test]
fn a_challenge_lives_five_minutes() {
    let mut ceremony = none();
    ceremony.now = now() + Span::from_micros(5 * 60 * 1_000_000 - 1);
    assert!(ceremony.finish().is_ok());
    refused(
        |ceremony| ceremony.now = now() + Span::from_minutes(5),
        RegistrationRefusal::ChallengeExpired,
        "challenge_expired",
        1,
    );
}

#[track_caller]
fn object_refused(object: Vec<u8>, refusal: AttestationObjectRefusal, code: &str) {
    let refusal = RegistrationRefusal::AttestationObject(refusal);
    assert_eq!(none().finish_with_object(object), Err(refusal));
    assert_eq!((refusal.code(), refusal.step()), (code, 13));
}

#[test]
fn attestation_objects_that_cannot_be_read() {
    use AttestationObjectRefusal as Refusal;
    let valid = none().attestation_object();
    let with = |extra: &[u8]| [valid.as_slice(), extra].concat();
    object_refused(with(&[0]), Refusal::Cbor(CborRefusal::TrailingBytes), "attestation_object");
    object_refused(vec![0x80], Refusal::NotAMap, "attestation_object");
    object_refused(vec![0xa0], Refusal::MemberMissing, "attestation_object");
    object_refused(vec![0xa1, 0x63, b'f', b'm', b't', 1], Refusal::MemberType, "attestation_object");
    object_refused(vec![0xa1, 0x61, b'x', 1], Refusal::ForeignMember, "attestation_object");
    object_refused(vec![0xbf, 0xff], Refusal::Cbor(CborRefusal::IndefiniteLength), "attestation_object");
    object_refused([0x81; 64].to_vec(), Refusal::Cbor(CborRefusal::TooDeep), "resource_limit");
    object_refused(
        vec![0x9a, 0xff, 0xff, 0xff, 0xff],
        Refusal::Cbor(CborRefusal::TooManyEntries),
        "resource_limit",
    );
    object_refused(vec![0; 64 * 1024 + 1], Refusal::TooLong, "resource_limit");
}

#[test]
fn authenticator_data_that_cannot_be_read() {
    use AuthenticatorDataRefusal as Refusal;
    let refused = |change: fn(&mut Registration), refusal, code, step| {
        refused(change, RegistrationRefusal::AuthenticatorData(refusal), code, step);
    };
    refused(|c| c.after_key = vec![0], Refusal::TrailingBytes, "auth_data", 13);
    refused(|c| c.flags |= ED, Refusal::ExtensionsCbor(CborRefusal::Truncated), "auth_data", 13);
    let shape = Refusal::Extensions(ExtensionRefusal::Shape);
    refused(|c| (c.flags, c.after_key) = (c.flags | ED, vec![0x01]), shape, "extension", 13);
    let level_nine = |c: &mut Registration| {
        c.flags |= ED;
        c.after_key =
            Value::Map(vec![(primitives::cbor::Key::Text("credProtect"), Value::Integer(9))]).encode();
    };
    refused(level_nine, Refusal::Extensions(ExtensionRefusal::CredProtect), "extension", 13);
    refused(|c| c.credential_id = Vec::new(), Refusal::CredentialIdEmpty, "credential_id", 25);
    refused(|c| c.credential_id = vec![1; 1024], Refusal::CredentialIdTooLong, "credential_id", 25);
    refused(
        |c| c.public_key = vec![0xbf, 0xff],
        Refusal::PublicKeyCbor(CborRefusal::IndefiniteLength),
        "credential_public_key",
        13,
    );
}

#[test]
fn a_credential_id_may_have_1023_bytes() {
    let mut ceremony = none();
    ceremony.credential_id = vec![1; 1023];
    ceremony.response_id = ceremony.credential_id.clone();
    assert!(ceremony.finish().is_ok());
}

#[test]
fn authenticator_data_without_credential() {
    let mut ceremony = none();
    ceremony.flags &= !AT;
    let data = ceremony.authenticator_data()[..37].to_vec();
    let object = fido::attestation_object::AttestationObject {
        format: "none",
        statement: Value::Map(Vec::new()),
        authenticator_data: &data,
    };
    let refusal = RegistrationRefusal::AttestedCredentialMissing;
    assert_eq!(ceremony.finish_with_object(object.encode()), Err(refusal));
    assert_eq!((refusal.code(), refusal.step()), ("auth_data", 13));
}

#[test]
fn the_answers_id_is_another() {
    refused(
        |ceremony| ceremony.response_id = vec![1; 32],
        RegistrationRefusal::CredentialIdMismatch,
        "credential_id_mismatch",
        13,
    );
}

#[test]
fn another_rp_id() {
    refused(
        |ceremony| ceremony.rp_id_hash = digest::sha256(b"id.example.org"),
        RegistrationRefusal::Authenticator(AuthenticatorRefusal::RpIdHash),
        "rp_id_hash",
        14,
    );
}

#[test]
fn presence_may_be_missing_only_in_conditional_creation() {
    let absent = |ceremony: &mut Registration| ceremony.flags &= !UP;
    let refusal = RegistrationRefusal::Authenticator(AuthenticatorRefusal::UserPresent);
    refused(absent, refusal, "user_present", 15);
    let request = RegistrationRequest {
        mediation: Mediation::Conditional,
        user_verification: UserVerification::Preferred,
        ..RegistrationRequest::new(user(), "test")
    };
    let ceremony = Registration::asking(request, Settings::platform());
    assert_eq!(ceremony.flags & (UP | UV), 0);
    let record = ceremony.finish().unwrap();
    assert!(!record.user_present && !record.user_verified);
}

#[test]
fn verification_may_be_missing_only_where_it_is_not_required() {
    let unverified = |ceremony: &mut Registration| ceremony.flags &= !UV;
    let refusal = RegistrationRefusal::Authenticator(AuthenticatorRefusal::UserVerified);
    refused(unverified, refusal, "user_verified", 16);
    for wish in [UserVerification::Preferred, UserVerification::Discouraged] {
        let mut ceremony = none();
        unverified(&mut ceremony);
        ceremony.state.user_verification = wish;
        assert!(!ceremony.finish().unwrap().user_verified);
    }
}

#[test]
fn backed_up_without_being_eligible() {
    refused(
        |ceremony| ceremony.flags |= BS,
        RegistrationRefusal::Authenticator(AuthenticatorRefusal::BackedUpNotEligible),
        "backup_flags",
        17,
    );
}

#[test]
fn an_algorithm_that_was_not_offered() {
    let refusal = RegistrationRefusal::AlgorithmNotOffered;
    refused(|ceremony| ceremony.state.algorithms = vec![-8, -257], refusal, "algorithm", 20);
    let ed448 = |ceremony: &mut Registration| ceremony.public_key = testing::bytes("owEBAzg0IAc");
    refused(ed448, refusal, "algorithm", 20);
    // Offered by a configuration that knows more than we do: the same to whoever asks.
    let unknown = RegistrationRefusal::CredentialPublicKey(KeyRefusal::AlgorithmUnknown);
    let offered = |ceremony: &mut Registration| {
        ed448(ceremony);
        ceremony.state.algorithms.push(-53);
    };
    refused(offered, unknown, "algorithm", 20);
}

#[test]
fn public_keys_that_are_none() {
    let refused = |change: fn(&mut Registration), refusal| {
        refused(change, RegistrationRefusal::CredentialPublicKey(refusal), "credential_public_key", 20);
    };
    refused(|c| c.public_key = vec![0xa0], KeyRefusal::AlgorithmMissing);
    refused(|c| c.public_key = vec![0x00], KeyRefusal::NotAMap);
    refused(|c| *c.public_key.last_mut().unwrap() ^= 1, KeyRefusal::PointNotOnCurve);
}

#[test]
fn formats_and_statements() {
    let attestation = RegistrationRefusal::Attestation;
    refused(
        |ceremony| ceremony.format = "None".into(),
        attestation(AttestationRefusal::UnknownFormat),
        "attestation_format",
        21,
    );
    refused(
        |ceremony| ceremony.statement(vec![("alg", Value::Integer(-7))]),
        attestation(AttestationRefusal::Statement(StatementRefusal::NotEmpty)),
        "attestation_statement",
        22,
    );
    refused(
        |ceremony| ceremony.statement = vec![0x80],
        attestation(AttestationRefusal::Statement(StatementRefusal::NotAMap)),
        "attestation_statement",
        22,
    );
}

#[test]
fn attestation_that_must_be_trusted() {
    let untrusted = |settings: Settings, change: &dyn Fn(&mut Registration)| {
        let mut ceremony = Registration::new(settings);
        ceremony.require_trust = true;
        change(&mut ceremony);
        match ceremony.finish() {
            Err(refusal @ RegistrationRefusal::AttestationUntrusted(reason)) => {
                assert_eq!((refusal.code(), refusal.step()), ("attestation_untrusted", 24));
                Err(reason)
            }
            Err(other) => panic!("{other:?}"),
            Ok(record) => Ok(record.attestation.trusted),
        }
    };
    let authority = testing::authority();
    let anchored = |ceremony: &mut Registration| {
        ceremony.anchors = vec![Certificate::parse(authority.root()).unwrap().into()];
    };
    let attested = || Settings::security_key().attested_by(&authority);
    assert_eq!(untrusted(attested(), &anchored), Ok(true));
    assert_eq!(untrusted(Settings::platform(), &anchored), Err(UntrustedReason::NoAttestation));
    assert_eq!(untrusted(testing::self_signed(), &anchored), Err(UntrustedReason::SelfAttestation));
    let no_anchor = Err(UntrustedReason::Path(PathRefusal::NoAnchor));
    assert_eq!(untrusted(attested(), &|_| ()), no_anchor);
    // The metadata of the model knows no such passkeys; then those that it knows.
    for (algorithms, expected) in [(vec![-257], no_anchor), (vec![-257, -7], Ok(true))] {
        let bounded = |ceremony: &mut Registration| {
            anchored(ceremony);
            ceremony.anchors[0].algorithms.clone_from(&algorithms);
        };
        assert_eq!(untrusted(attested(), &bounded), expected);
    }
    let later = Timestamp::parse_rfc3339("2060-01-01T00:00:00Z").unwrap();
    let too_late = |ceremony: &mut Registration| {
        anchored(ceremony);
        ceremony.now = later;
        ceremony.state.expires = later + Span::from_minutes(1);
    };
    assert_eq!(untrusted(attested(), &too_late), Err(UntrustedReason::Path(PathRefusal::NotValidNow)));
}

#[test]
fn a_credential_is_registered_once() {
    refused(
        |ceremony| ceremony.registered = true,
        RegistrationRefusal::AlreadyRegistered,
        "already_registered",
        26,
    );
}

#[test]
fn every_truncation_and_every_flipped_byte_is_refused_without_panic() {
    let mut ceremony = certified(Settings::security_key());
    let object = ceremony.attestation_object();
    assert!(ceremony.finish_with_object(object.clone()).is_ok());
    for length in 0..object.len() {
        assert!(ceremony.finish_with_object(object[..length].to_vec()).is_err(), "cut at {length}");
        let mut broken = object.clone();
        broken[length] ^= 0x55;
        // A certificate is signed by the authority, everything else by its key.
        let outcome = ceremony.finish_with_object(broken);
        let context = object.get(length.saturating_sub(8)..length + 8).unwrap_or_default();
        let trusted = outcome.is_ok_and(|record| record.attestation.trusted);
        assert!(!trusted, "byte {length} amid {}", primitives::encoding::hex(context));
    }
    let client_data = ceremony.client_data.clone();
    for length in 0..client_data.len() {
        ceremony.client_data = client_data[..length].to_vec();
        assert!(ceremony.finish().is_err(), "cut at {length}");
    }
}
