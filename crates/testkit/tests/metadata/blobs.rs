//! Who may sign, and FIDO's own blobs.

use std::path::Path;

use primitives::cose::Algorithm;
use primitives::time::{Span, Timestamp};
use primitives::x509::Certificate;
use serde_json::json;
use testkit::metadata::{MetadataService, Signing, entry};
use webauthn::metadata::{self, Key, LONGEST, MetadataRefusal, Signer};

const AAGUID: &str = "ee882879-721c-4913-9775-3dfcce97072a";

fn at(text: &str) -> Timestamp {
    Timestamp::parse_rfc3339(text).unwrap()
}

fn now() -> Timestamp {
    at("2026-11-22T12:00:00Z")
}

fn read(bytes: &[u8], signer: &Signer) -> Result<metadata::Blob, &'static str> {
    metadata::read(bytes, signer, now()).map_err(MetadataRefusal::code)
}

/// The blobs that FIDO publishes; they are not ours to copy into the repository.
fn published(name: &str) -> Option<Vec<u8>> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/vectors/mds").join(name);
    let found = std::fs::read(path).ok();
    if found.is_none() {
        println!("skipped: FIDO's blobs are not at ../shared/vectors/mds beside the workspace");
    }
    found
}

#[test]
fn the_production_blob_is_the_alliances() {
    let Some(bytes) = published("production_no9.jwt") else { return };
    let signer = Signer::alliance();
    let then = at("2021-11-15T00:00:00Z");
    let blob = metadata::read(&bytes, &signer, then).unwrap();
    assert_eq!((blob.number, blob.next_update), (9, at("2021-12-01T00:00:00Z")));
    assert_eq!((blob.entries.len(), blob.faults.as_slice()), (98, [].as_slice()));
    let fido2 = blob.entries.iter().filter(|entry| matches!(entry.key, Key::Aaguid(_)));
    assert_eq!(fido2.clone().count(), 46);
    // The others attest with the passkey's own key alone.
    assert_eq!(fido2.clone().filter(|entry| !entry.trust_anchors().is_empty()).count(), 45);
    assert!(fido2.clone().any(|entry| entry.biometric) && fido2.clone().any(|entry| !entry.hardware));
    assert!(!blob.is_overdue(then, Span::from_days(30)) && blob.is_overdue(now(), Span::from_days(30)));
    // Its signer's certificate has ended since.
    assert_eq!(read(&bytes, &signer), Err("metadata_certificate_expired"));
    // And it is nobody else's.
    let other = MetadataService::new(7).signer();
    let wrong = metadata::read(&bytes, &Signer { name: signer.name.clone(), ..other }, then);
    assert_eq!(wrong.map_err(MetadataRefusal::code), Err("metadata_chain"));
    let wrong = metadata::read(&bytes, &Signer { name: "mds.example".to_owned(), ..signer }, then);
    assert_eq!(wrong.map_err(MetadataRefusal::code), Err("metadata_signer"));
}

#[test]
fn the_conformance_blob_leads_to_its_root() {
    let (Some(bytes), Some(root)) = (published("conformance_no42.jwt"), published("conformance_root.crt"))
    else {
        return;
    };
    let text = String::from_utf8(root).unwrap();
    let body = text.split_once("-----BEGIN CERTIFICATE-----").unwrap().1.split_once("-----END").unwrap().0;
    let root = Certificate::parse(&primitives::encoding::from_base64(body).unwrap()).unwrap();
    let name = "FAKE Metadata 3 BLOB Signing Signer 4 FAKE".to_owned();
    let signer = Signer { roots: vec![root], name };
    let blob = read(&bytes, &signer).unwrap();
    assert_eq!((blob.number, blob.entries.len()), (42, 200));
    assert!(blob.entries.iter().any(|entry| entry.reports[0].status == "USER_KEY_REMOTE_COMPROMISE"));
    assert_eq!(read(&bytes, &Signer::alliance()), Err("metadata_chain"));
}

#[test]
fn the_right_signer_is_taken_however_he_signs() {
    let service = MetadataService::new(1);
    let payload = json!({ "no": 1, "nextUpdate": "2027-01-01", "entries": [entry(AAGUID, "A", &[], &[])] });
    let payload = payload.to_string();
    for (algorithm, alg) in [
        (Algorithm::Es256, "ES256"),
        (Algorithm::Es384, "ES384"),
        (Algorithm::Es512, "ES512"),
        (Algorithm::Ed25519, "EdDSA"),
    ] {
        for with_root in [false, true] {
            let signing = Signing { algorithm, alg, with_root, ..Signing::default() };
            let blob = read(&service.sign_with(payload.as_bytes(), &signing), &service.signer()).unwrap();
            assert_eq!(blob.entries.len(), 1, "{alg}");
        }
    }
    // A file ends with a line break; a certificate without host names is named by its common name.
    let mut bytes = service.sign_with(payload.as_bytes(), &Signing { host: "", ..Signing::default() });
    bytes.push(b'\n');
    read(&bytes, &service.signer()).unwrap();
}

#[test]
fn any_other_signature_is_refused_by_its_code() {
    let service = MetadataService::new(1);
    let good = Signing::default;
    let payload = br#"{"no":1,"nextUpdate":"2027-01-01","entries":[]}"#;
    for (signing, code) in [
        (Signing { alg: "none", ..good() }, "metadata_algorithm"),
        (Signing { alg: "HS256", ..good() }, "metadata_algorithm"),
        (Signing { alg: "ES384", ..good() }, "metadata_key"),
        (Signing { alg: "RS256", ..good() }, "metadata_key"),
        (Signing { host: "mds.test.example", ..good() }, "metadata_signer"),
        (Signing { host: "*.test", ..good() }, "metadata_signer"),
        (Signing { not_after: Some(now() - Span::from_secs(1)), ..good() }, "metadata_certificate_expired"),
        (Signing { header: json!({ "crit": ["b64"], "b64": false }), ..good() }, "metadata_critical"),
        (Signing { header: json!({ "x5c": [] }), ..good() }, "metadata_certificate"),
        (Signing { header: json!({ "x5c": ["AAAA"] }), ..good() }, "metadata_certificate"),
        (Signing { header: json!({ "x5c": "AAAA" }), ..good() }, "metadata_header"),
        (Signing { header: json!({ "alg": 7 }), ..good() }, "metadata_header"),
    ] {
        let bytes = service.sign_with(payload, &signing);
        assert_eq!(read(&bytes, &service.signer()), Err(code), "{signing:?}");
    }
    let bytes = service.sign_with(payload, &good());
    assert_eq!(read(&bytes, &MetadataService::new(2).signer()), Err("metadata_chain"));
    assert_eq!(read(&bytes[..bytes.len() - 6], &service.signer()), Err("jws_signature"));
    assert_eq!(read(b"", &service.signer()), Err("jws_parts"));
    assert_eq!(read(&[0xff; 9], &service.signer()), Err("jws_base64"));
    assert_eq!(read(&service.sign_with(b"{", &good()), &service.signer()), Err("metadata_payload"));
    assert_eq!(read(&vec![b'a'; LONGEST + 1], &service.signer()), Err("metadata_too_long"));
}

/// A self-signed root inside `x5c` must not become trusted by being there (assurance W10).
#[test]
fn a_root_that_comes_along_is_not_trusted_for_it() {
    let (ours, thiefs) = (MetadataService::new(1), MetadataService::new(9));
    let payload = br#"{"no":1,"nextUpdate":"2027-01-01","entries":[]}"#;
    let bytes = thiefs.sign_with(payload, &Signing { with_root: true, ..Signing::default() });
    assert_eq!(read(&bytes, &ours.signer()), Err("metadata_chain"));
}
