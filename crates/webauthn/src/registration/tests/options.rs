//! Step 1, and what extensions answer to it.

use fido::extension::{AuthenticatorExtensions, ClientExtensions, LargeBlobOutput, PrfOutput};
use primitives::time::Span;
use serde_json::json;

use super::{ED, none};
use crate::registration::*;
use crate::testing::{self, Seeded, now, user};

#[test]
fn options_carry_the_safe_defaults() {
    let request = RegistrationRequest::new(user(), "test");
    let (options, state) = begin(&testing::relying_party(), request, now(), &mut Seeded(5));
    let options = serde_json::to_value(&options).unwrap();
    assert_eq!(options["rp"], json!({ "id": "example.org", "name": "Example" }));
    assert_eq!(
        options["authenticatorSelection"],
        json!({
            "residentKey": "required", "requireResidentKey": true, "userVerification": "required",
        })
    );
    assert_eq!(
        options["pubKeyCredParams"],
        json!([
            { "type": "public-key", "alg": -7 },
            { "type": "public-key", "alg": -8 },
            { "type": "public-key", "alg": -257 },
        ])
    );
    assert_eq!(options["attestation"], "none");
    let policy = "userVerificationRequired";
    assert_eq!(options["extensions"], json!({ "credProps": true, "credentialProtectionPolicy": policy }));
    assert_eq!(options.get("attestationFormats"), None);
    assert_eq!(state.challenge.len(), 32);
    assert_eq!(state.expires, now() + Span::from_minutes(5));
}

#[test]
fn options_carry_what_is_asked() {
    let request = RegistrationRequest {
        hints: vec![Hint::SecurityKey, Hint::ClientDevice],
        attestation_formats: vec!["packed".into(), "tpm".into()],
        extensions: CreationExtensions { min_pin_length: true, ..CreationExtensions::default() },
        ..RegistrationRequest::new(user(), "test")
    };
    let (options, _) = begin(&testing::relying_party(), request, now(), &mut Seeded(5));
    let options = serde_json::to_value(&options).unwrap();
    assert_eq!(options["hints"], json!(["security-key", "client-device"]));
    assert_eq!(options["attestationFormats"], json!(["packed", "tpm"]));
    assert_eq!(options["extensions"], json!({ "minPinLength": true }));
}

#[test]
fn what_extensions_answered_is_in_the_record_and_secrets_are_not() {
    let mut ceremony = none();
    ceremony.flags |= ED;
    let answered = AuthenticatorExtensions {
        cred_protect: Some(CredentialProtection::UserVerificationRequired),
        min_pin_length: Some(6),
        hmac_secret: Some(HmacSecret::Enabled(true)),
        uvm: Some(vec![VerificationMethod { method: 2, key_protection: 4, matcher_protection: 2 }]),
        ..AuthenticatorExtensions::default()
    };
    ceremony.after_key = answered.encode();
    ceremony.client_extensions = ClientExtensions {
        discoverable: Some(true),
        prf: Some(PrfOutput { enabled: Some(false), results: None }),
        large_blob: Some(LargeBlobOutput { supported: Some(true), blob: None, written: None }),
        uvm: None,
    };
    let record = ceremony.finish().unwrap();
    assert_eq!(record.cred_protect, answered.cred_protect);
    assert_eq!((record.min_pin_length, record.discoverable), (Some(6), Some(true)));
    // What is signed counts before what the client says.
    assert_eq!((record.prf_enabled, record.large_blob_supported), (Some(true), Some(true)));
    assert_eq!(record.verification_methods, answered.uvm);
    (ceremony.flags, ceremony.after_key) = (ceremony.flags & !ED, Vec::new());
    assert_eq!(ceremony.finish().unwrap().prf_enabled, Some(false));
}
