use serde::de::DeserializeOwned;
use serde_json::{Value, json};

use super::*;

/// What is written is `expected`, and what is read from it is the same again.
#[track_caller]
fn both_ways<T: Serialize + DeserializeOwned + PartialEq + std::fmt::Debug>(value: &T, expected: Value) {
    assert_eq!(serde_json::to_value(value).unwrap(), expected);
    assert_eq!(&serde_json::from_value::<T>(expected).unwrap(), value);
}

#[test]
fn creation_inputs_are_those_of_the_specification() {
    both_ways(&CreationExtensions::default(), json!({}));
    let all = CreationExtensions {
        cred_props: true,
        credential_protection_policy: Some(
            CredentialProtection::UserVerificationOptionalWithCredentialIdList,
        ),
        enforce_credential_protection_policy: Some(true),
        prf: Some(PrfCreation {
            eval: Some(PrfValues { first: Base64Url(vec![1]), second: Some(Base64Url(vec![2])) }),
        }),
        large_blob: Some(LargeBlobCreation { support: LargeBlobSupport::Preferred }),
        min_pin_length: true,
        uvm: true,
    };
    both_ways(
        &all,
        json!({
            "credProps": true,
            "credentialProtectionPolicy": "userVerificationOptionalWithCredentialIDList",
            "enforceCredentialProtectionPolicy": true,
            "prf": { "eval": { "first": "AQ", "second": "Ag" } },
            "largeBlob": { "support": "preferred" },
            "minPinLength": true,
            "uvm": true,
        }),
    );
    both_ways(&PrfCreation::default(), json!({}));
    both_ways(&LargeBlobSupport::Required, json!("required"));
    both_ways(&CredentialProtection::UserVerificationOptional, json!("userVerificationOptional"));
    both_ways(&CredentialProtection::UserVerificationRequired, json!("userVerificationRequired"));
    assert!(serde_json::from_value::<CredentialProtection>(json!("sometimes")).is_err());
}

#[test]
fn request_inputs_are_those_of_the_specification() {
    both_ways(&RequestExtensions::default(), json!({}));
    assert!(RequestExtensions::default().is_empty());
    let values = |byte| PrfValues { first: Base64Url(vec![byte]), second: None };
    let all = RequestExtensions {
        prf: Some(PrfRequest {
            eval: Some(values(1)),
            eval_by_credential: [(Base64Url(vec![3]), values(2))].into(),
        }),
        large_blob: Some(LargeBlobRequest::Write(Base64Url(vec![4]))),
        uvm: true,
    };
    assert!(!all.is_empty());
    both_ways(
        &all,
        json!({
            "prf": { "eval": { "first": "AQ" }, "evalByCredential": { "Aw": { "first": "Ag" } } },
            "largeBlob": { "write": "BA" },
            "uvm": true,
        }),
    );
    both_ways(&LargeBlobRequest::Read(true), json!({ "read": true }));
}
