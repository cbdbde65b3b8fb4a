use serde_json::{Value, json};

use super::*;
use crate::json;

fn read(results: Value) -> Result<ClientExtensions, ExtensionRefusal> {
    ClientExtensions::from_json(&json::parse(&results.to_string()).unwrap())
}

fn text(length: usize) -> String {
    encoding::base64url(&vec![7; length])
}

#[test]
fn outputs_are_read() {
    let read = read(json!({
        "credProps": { "rk": false, "authenticatorDisplayName": "passed over" },
        "prf": { "enabled": true, "results": { "first": text(32), "second": text(32) } },
        "largeBlob": { "supported": true, "blob": text(3), "written": false },
        "uvm": [[2, 4, 2], [4, 1, 1]],
        "unknown": { "a": [1] },
    }));
    let secret = || SecretBytes::new(vec![7; 32]);
    let methods = [(2, 4, 2), (4, 1, 1)].map(|(method, key_protection, matcher_protection)| {
        VerificationMethod { method, key_protection, matcher_protection }
    });
    let expected = ClientExtensions {
        discoverable: Some(false),
        prf: Some(PrfOutput {
            enabled: Some(true),
            results: Some(PrfSecrets { first: secret(), second: Some(secret()) }),
        }),
        large_blob: Some(LargeBlobOutput {
            supported: Some(true),
            blob: Some(SecretBytes::new(vec![7; 3])),
            written: Some(false),
        }),
        uvm: Some(methods.to_vec()),
    };
    assert_eq!(read, Ok(expected));
}

#[test]
fn members_may_be_absent() {
    let read = read(json!({ "prf": {}, "largeBlob": {}, "credProps": {} })).unwrap();
    assert_eq!((read.discoverable, read.uvm), (None, None));
    assert_eq!((read.prf, read.large_blob), (Some(PrfOutput::default()), Some(LargeBlobOutput::default())));
}

#[test]
fn secrets_are_not_printed() {
    let read = read(json!({
        "prf": { "results": { "first": text(32) } }, "largeBlob": { "blob": text(3) },
    }));
    let printed = format!("{read:?}");
    assert!(printed.contains("first: SecretBytes(…)") && printed.contains("blob: Some(SecretBytes(…))"));
    assert!(!printed.contains("7, 7"), "{printed}");
}

#[test]
fn outputs_have_the_types_of_their_definitions() {
    use ExtensionRefusal as Refusal;
    let cases = [
        (json!([]), Refusal::Shape),
        (json!({ "credProps": [] }), Refusal::CredProps),
        (json!({ "credProps": { "rk": 1 } }), Refusal::CredProps),
        (json!({ "prf": true }), Refusal::Prf),
        (json!({ "prf": { "enabled": "yes" } }), Refusal::Prf),
        (json!({ "prf": { "results": [] } }), Refusal::Prf),
        (json!({ "prf": { "results": {} } }), Refusal::Prf),
        (json!({ "prf": { "results": { "first": null } } }), Refusal::Prf),
        (json!({ "prf": { "results": { "first": text(31) } } }), Refusal::Prf),
        (json!({ "prf": { "results": { "first": text(32) + "=" } } }), Refusal::TooLong),
        (json!({ "prf": { "results": { "first": "+".repeat(43) } } }), Refusal::Prf),
        (json!({ "prf": { "results": { "first": text(32), "second": text(16) } } }), Refusal::Prf),
        (json!({ "prf": { "results": { "second": text(32) } } }), Refusal::Prf),
        (json!({ "largeBlob": null }), Refusal::LargeBlob),
        (json!({ "largeBlob": { "supported": 1 } }), Refusal::LargeBlob),
        (json!({ "largeBlob": { "written": "true" } }), Refusal::LargeBlob),
        (json!({ "largeBlob": { "blob": [1] } }), Refusal::LargeBlob),
        (json!({ "largeBlob": { "blob": "=" } }), Refusal::LargeBlob),
        (json!({ "uvm": {} }), Refusal::Uvm),
        (json!({ "uvm": [] }), Refusal::Uvm),
        (json!({ "uvm": [[1, 2, 3], [1, 2, 3], [1, 2, 3], [1, 2, 3]] }), Refusal::Uvm),
        (json!({ "uvm": [[1, 2]] }), Refusal::Uvm),
        (json!({ "uvm": [[1, 2, -3]] }), Refusal::Uvm),
        (json!({ "uvm": [[1.5, 2, 3]] }), Refusal::Uvm),
        (json!({ "uvm": [1, 2, 3] }), Refusal::Uvm),
    ];
    for (results, refusal) in cases {
        assert_eq!(read(results.clone()), Err(refusal), "{results}");
    }
}

#[test]
fn a_blob_is_bounded() {
    let blob = |length| read(json!({ "largeBlob": { "blob": text(length) } }));
    assert!(blob(16 * 1024).is_ok());
    assert_eq!(blob(16 * 1024 + 3), Err(ExtensionRefusal::TooLong));
}
