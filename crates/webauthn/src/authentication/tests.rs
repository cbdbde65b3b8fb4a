use authenticator::Settings;
use fido::authenticator_data::AuthenticatorDataRefusal;
use fido::client_data::ClientDataRefusal;
use fido::extension::ExtensionRefusal;
use primitives::cbor::CborRefusal;
use primitives::cose::{Algorithm, KeyRefusal};
use primitives::time::Span;
use serde_json::json;

use super::*;
use crate::context::{AuthenticatorRefusal, ContextRefusal};
use crate::relying_party::CrossOrigin;
use crate::testing::{self, Authentication, now, user};

const UP: u8 = 0x01;
const UV: u8 = 0x04;
const BE: u8 = 0x08;
const BS: u8 = 0x10;
const AT: u8 = 0x40;
const ED: u8 = 0x80;

fn discoverable() -> Authentication {
    Authentication::new(AuthenticationRequest::discoverable("test"))
}

fn of_user() -> Authentication {
    Authentication::new(AuthenticationRequest::of_user(user().id.0, Vec::new(), "test"))
}

/// Changes one thing about a valid sign-in and pins the refusal, its code and its step.
#[track_caller]
fn refused(change: impl FnOnce(&mut Authentication), refusal: AuthenticationRefusal, code: &str, step: u8) {
    refused_from(discoverable(), change, refusal, code, step);
}

#[track_caller]
fn refused_from(
    mut ceremony: Authentication,
    change: impl FnOnce(&mut Authentication),
    refusal: AuthenticationRefusal,
    code: &str,
    step: u8,
) {
    change(&mut ceremony);
    assert_eq!(ceremony.finish(), Err(refusal));
    assert_eq!((refusal.code(), refusal.step()), (code, step));
}

#[test]
fn a_sign_in_proves_who_signed() {
    let ceremony = discoverable();
    let assertion = ceremony.finish().unwrap();
    assert_eq!(assertion.credential_id, ceremony.response_id);
    assert_eq!(assertion.user_handle, user().id.0);
    assert_eq!(assertion.sign_count, 1);
    assert!(assertion.user_verified && !assertion.counter_anomaly);
    assert!(!assertion.backup_eligible && !assertion.backed_up);
}

#[test]
fn every_algorithm_of_the_authenticator_is_accepted() {
    for algorithm in Algorithm::ALL {
        let settings = Settings { algorithms: vec![algorithm], ..Settings::platform() };
        let ceremony = Authentication::by(AuthenticationRequest::discoverable("test"), settings);
        assert!(ceremony.finish().is_ok(), "{algorithm:?}");
    }
}

#[test]
fn options_and_state_say_the_same() {
    let request = AuthenticationRequest { binding: [3; 32], ..AuthenticationRequest::discoverable("test") };
    let (options, state) = begin(&testing::relying_party(), request, now(), &mut testing::Seeded(1));
    assert_eq!(
        serde_json::to_value(&options).unwrap(),
        json!({
            "challenge": options.challenge,
            "timeout": 290_000,
            "rpId": "example.org",
            "allowCredentials": [],
            "userVerification": "required",
        })
    );
    let request = AuthenticationRequest {
        hints: vec![Hint::Hybrid],
        extensions: RequestExtensions { uvm: true, ..RequestExtensions::default() },
        ..AuthenticationRequest::discoverable("test")
    };
    let (asked, _) = begin(&testing::relying_party(), request, now(), &mut testing::Seeded(1));
    let asked = serde_json::to_value(&asked).unwrap();
    assert_eq!((&asked["hints"], &asked["extensions"]), (&json!(["hybrid"]), &json!({ "uvm": true })));
    assert_eq!(options.challenge, state.challenge);
    assert_eq!((state.challenge.len(), state.binding), (32, [3; 32]));
    let sealed = serde_json::to_vec(&state).unwrap();
    assert_eq!(serde_json::from_slice::<AuthenticationState>(&sealed).unwrap(), state);
}

#[test]
fn a_request_says_which_credentials_may_answer() {
    let listed = || vec![CredentialDescriptor::new(Base64Url(vec![1; 16]), Vec::new())];
    let asked = |request| begin(&testing::relying_party(), request, now(), &mut testing::Seeded(1));
    let (options, state) = asked(AuthenticationRequest::of_user(vec![7; 32], listed(), "test"));
    assert_eq!(options.allow_credentials, listed());
    assert_eq!(state.allow, Allow::Listed(vec![Base64Url(vec![1; 16])]));
    assert_eq!(state.user_handle, Some(Base64Url(vec![7; 32])));
    let (options, state) = asked(AuthenticationRequest::of_user(vec![7; 32], Vec::new(), "test"));
    assert_eq!((options.allow_credentials, state.allow), (Vec::new(), Allow::AnyOfUser));
    let (options, state) = asked(AuthenticationRequest::discoverable("test"));
    assert_eq!((options.allow_credentials, state.allow), (Vec::new(), Allow::Discoverable));
    assert_eq!(state.user_handle, None);
}

#[test]
fn a_challenge_lives_five_minutes() {
    let mut ceremony = discoverable();
    ceremony.now = now() + Span::from_micros(5 * 60 * 1_000_000 - 1);
    assert!(ceremony.finish().is_ok());
    refused(
        |ceremony| ceremony.now = now() + Span::from_minutes(5),
        AuthenticationRefusal::ChallengeExpired,
        "challenge_expired",
        1,
    );
}

#[test]
fn only_listed_credentials_where_there_is_a_list() {
    let listed = |ceremony: &mut Authentication, id: Vec<u8>| {
        ceremony.state.allow = Allow::Listed(vec![Base64Url(vec![1]), Base64Url(id)]);
    };
    let mut allowed = of_user();
    let own = allowed.response_id.clone();
    listed(&mut allowed, own);
    assert!(allowed.finish().is_ok());
    refused(
        |ceremony| listed(ceremony, vec![2]),
        AuthenticationRefusal::CredentialNotAllowed,
        "credential_not_allowed",
        5,
    );
}

#[test]
fn a_credential_that_nobody_has() {
    refused(
        |ceremony| ceremony.stored = None,
        AuthenticationRefusal::UnknownCredential,
        "unknown_credential",
        6,
    );
    refused(
        |ceremony| ceremony.stored().credential_id = vec![1],
        AuthenticationRefusal::CredentialIdMismatch,
        "credential_id_mismatch",
        6,
    );
}

#[test]
fn a_credential_of_somebody_else() {
    // The attacker's own assertion for a ceremony begun for the victim.
    refused_from(
        of_user(),
        |ceremony| ceremony.state.user_handle = Some(Base64Url(vec![8; 32])),
        AuthenticationRefusal::CredentialOfAnotherUser,
        "credential_not_allowed",
        6,
    );
    refused_from(
        of_user(),
        |ceremony| {
            ceremony.state.user_handle = Some(Base64Url(vec![8; 32]));
            ceremony.user_handle = None;
        },
        AuthenticationRefusal::CredentialOfAnotherUser,
        "credential_not_allowed",
        6,
    );
}

#[test]
fn user_handles() {
    let mismatch = AuthenticationRefusal::UserHandleMismatch;
    for handle in [vec![8; 32], Vec::new(), vec![7; 31]] {
        refused(|ceremony| ceremony.user_handle = Some(handle.clone()), mismatch, "user_handle", 6);
        let change = |ceremony: &mut Authentication| ceremony.user_handle = Some(handle.clone());
        refused_from(of_user(), change, mismatch, "user_handle", 6);
    }
    let missing = AuthenticationRefusal::UserHandleMissing;
    refused(|ceremony| ceremony.user_handle = None, missing, "user_handle", 6);
    let mut identified = of_user();
    identified.user_handle = None;
    assert!(identified.finish().is_ok());
}

#[test]
fn the_clients_context() {
    let context = AuthenticationRefusal::Context;
    let set = |name: &'static str, value: serde_json::Value| {
        move |ceremony: &mut Authentication| ceremony.client_data(|data| data[name] = value)
    };
    refused(set("type", json!("webauthn.create")), context(ContextRefusal::Type), "client_data_type", 10);
    refused(set("challenge", json!("AAAA")), context(ContextRefusal::Challenge), "challenge", 11);
    for origin in testing::hostile_origins() {
        refused(set("origin", origin), context(ContextRefusal::Origin), "origin", 12);
    }
    let no_text = AuthenticationRefusal::ClientData(ClientDataRefusal::Origin);
    for origin in testing::no_texts_as_origin() {
        refused(set("origin", origin), no_text, "origin", 12);
    }
    refused(set("crossOrigin", json!(true)), context(ContextRefusal::CrossOrigin), "cross_origin", 13);
    refused(
        set("crossOrigin", json!("false")),
        AuthenticationRefusal::ClientData(ClientDataRefusal::CrossOriginNotBoolean),
        "cross_origin",
        13,
    );
    refused(
        set("topOrigin", json!("https://a.example")),
        context(ContextRefusal::TopOrigin),
        "top_origin",
        14,
    );
    let mut allowed = discoverable();
    set("crossOrigin", json!(true))(&mut allowed);
    let policy = CrossOrigin::Allow { top_origins: Vec::new() };
    allowed.relying_party = allowed.relying_party.with_cross_origin(policy);
    assert!(allowed.finish().is_ok());
    refused(
        |ceremony| ceremony.client_data.truncate(10),
        AuthenticationRefusal::ClientData(ClientDataRefusal::Json(fido::json::JsonRefusal::Syntax)),
        "client_data_json",
        9,
    );
}

#[test]
fn authenticator_data_that_cannot_be_read() {
    let data = AuthenticationRefusal::AuthenticatorData;
    let trailing = data(AuthenticatorDataRefusal::TrailingBytes);
    refused(|ceremony| ceremony.after_count = vec![0], trailing, "auth_data", 7);
    let extensions = data(AuthenticatorDataRefusal::ExtensionsCbor(CborRefusal::Truncated));
    refused(|ceremony| ceremony.flags |= ED, extensions, "auth_data", 7);
    let not_a_map = data(AuthenticatorDataRefusal::Extensions(ExtensionRefusal::Shape));
    let number = |ceremony: &mut Authentication| {
        ceremony.flags |= ED;
        ceremony.after_count = vec![1];
    };
    refused(number, not_a_map, "extension", 7);
    let attested = |ceremony: &mut Authentication| {
        let credential = testing::Registration::new(Settings::platform()).authenticator_data()[37..].to_vec();
        ceremony.flags |= AT;
        ceremony.after_count = credential;
    };
    refused(attested, AuthenticationRefusal::AttestedCredentialPresent, "auth_data", 7);
}

#[test]
fn flags() {
    let authenticator = AuthenticationRefusal::Authenticator;
    refused(
        |ceremony| ceremony.rp_id_hash[0] ^= 1,
        authenticator(AuthenticatorRefusal::RpIdHash),
        "rp_id_hash",
        15,
    );
    let absent = |ceremony: &mut Authentication| ceremony.flags &= !UP;
    refused(absent, authenticator(AuthenticatorRefusal::UserPresent), "user_present", 16);
    let conditional = |ceremony: &mut Authentication| {
        absent(ceremony);
        ceremony.state.mediation = Mediation::Conditional;
    };
    refused(conditional, authenticator(AuthenticatorRefusal::UserPresent), "user_present", 16);
    let unverified = |ceremony: &mut Authentication| ceremony.flags &= !UV;
    refused(unverified, authenticator(AuthenticatorRefusal::UserVerified), "user_verified", 17);
    let mut preferred = discoverable();
    unverified(&mut preferred);
    preferred.state.user_verification = UserVerification::Preferred;
    assert!(!preferred.finish().unwrap().user_verified);
    let refusal = authenticator(AuthenticatorRefusal::BackedUpNotEligible);
    refused(|ceremony| ceremony.flags |= BS, refusal, "backup_flags", 18);
}

#[test]
fn how_the_person_was_verified_is_passed_on() {
    let mut ceremony = discoverable();
    ceremony.flags |= ED;
    // {"uvm": [[2, 4, 2]]}
    ceremony.after_count = vec![0xa1, 0x63, b'u', b'v', b'm', 0x81, 0x83, 2, 4, 2];
    let expected = VerificationMethod { method: 2, key_protection: 4, matcher_protection: 2 };
    assert_eq!(ceremony.finish().unwrap().verification_methods, Some(vec![expected]));
    // Bits of the flags that mean nothing yet.
    ceremony.flags |= 0x22;
    assert!(ceremony.finish().is_ok());
}

#[test]
fn eligibility_for_backup_never_changes() {
    let refusal = AuthenticationRefusal::BackupEligibilityChanged;
    refused(|ceremony| ceremony.flags |= BE, refusal, "backup_flags", 19);
    refused(|ceremony| ceremony.stored().backup_eligible = true, refusal, "backup_flags", 19);
    let settings = Settings { backed_up: false, ..Settings::synced() };
    let mut synced = Authentication::by(AuthenticationRequest::discoverable("test"), settings);
    assert!(!synced.finish().unwrap().backed_up);
    synced.flags |= BS;
    assert!(synced.finish().unwrap().backed_up);
}

#[test]
fn signatures() {
    let refusal = AuthenticationRefusal::Signature;
    for signature in [Vec::new(), vec![0x30, 0], vec![0; 72]] {
        refused(|ceremony| ceremony.signature = Some(signature), refusal, "signature", 21);
    }
    let other = primitives::cose::SigningKey::from_seed(Algorithm::Es256, &[5; 32]).unwrap();
    refused(|ceremony| ceremony.stored().public_key = other.public_key().encode(), refusal, "signature", 21);
    refused(
        |ceremony| ceremony.stored().public_key = vec![0xa0],
        AuthenticationRefusal::CredentialPublicKey(KeyRefusal::AlgorithmMissing),
        "credential_public_key",
        21,
    );
}

#[test]
fn counters() {
    let refusal = AuthenticationRefusal::SignCount;
    // (stored, new): advancing, equal, lower, zero after non-zero, non-zero after zero, none at all.
    for (stored, new, anomaly) in
        [(1, 2, false), (5, 5, true), (5, 4, true), (5, 0, true), (0, 1, false), (0, 0, false)]
    {
        let change = |ceremony: &mut Authentication| {
            ceremony.stored().sign_count = stored;
            ceremony.sign_count = new;
        };
        if anomaly {
            refused(change, refusal, "sign_count", 22);
        }
        let mut flagged = discoverable();
        change(&mut flagged);
        flagged.relying_party = flagged.relying_party.with_counters(CounterPolicy::Flag);
        assert_eq!(flagged.finish().unwrap().counter_anomaly, anomaly, "{stored} to {new}");
    }
    let synced = Authentication::by(AuthenticationRequest::discoverable("test"), Settings::synced());
    assert_eq!(synced.finish().unwrap().sign_count, 0);
}

#[test]
fn nonsense_is_refused_without_panic() {
    let ceremony = discoverable();
    let data = ceremony.authenticator_data();
    let response = |authenticator_data: &[u8], client_data_json: &[u8]| {
        let response = AuthenticationResponse {
            credential_id: ceremony.response_id.clone(),
            client_data_json: client_data_json.to_vec(),
            authenticator_data: authenticator_data.to_vec(),
            signature: vec![0x30],
            user_handle: ceremony.user_handle.clone(),
            attachment: None,
            client_extensions: Default::default(),
        };
        finish(&ceremony.relying_party, &ceremony.state, &response, ceremony.stored.as_ref(), now())
    };
    for length in 0..data.len() {
        let refusal = AuthenticationRefusal::AuthenticatorData(AuthenticatorDataRefusal::Truncated);
        assert_eq!(response(&data[..length], &ceremony.client_data), Err(refusal), "cut at {length}");
    }
    for length in 0..ceremony.client_data.len() {
        assert!(response(&data, &ceremony.client_data[..length]).is_err(), "cut at {length}");
    }
}
