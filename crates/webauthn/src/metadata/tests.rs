use fido::credential::Base64Url;
use primitives::digest;
use primitives::encoding::{base64, hex};
use serde_json::{Value, json};

use super::*;
use crate::attestation::AnchorKind;

const AAGUID: &str = "ee882879-721c-4913-9775-3dfcce97072a";

fn payload(entries: Value) -> Result<Blob, MetadataRefusal> {
    payload::read(json!({ "no": 7, "nextUpdate": "2027-01-31", "entries": entries }).to_string().as_bytes())
}

fn entry() -> Value {
    json!({
        "aaguid": AAGUID,
        "timeOfLastStatusChange": "2020-01-01",
        "statusReports": [{ "status": "FIDO_CERTIFIED_L2", "effectiveDate": "2020-01-01", "newIn2031": {} }],
        "metadataStatement": {
            "description": "A key",
            "keyProtection": ["hardware", "secure_element"],
            "userVerificationDetails": [[{ "userVerificationMethod": "presence_internal" }],
                                        [{ "userVerificationMethod": "fingerprint_internal" }]],
            "attestationTypes": ["basic_full"],
            "authenticationAlgorithms": ["secp256r1_ecdsa_sha256_raw", "ed25519_eddsa_sha512_raw"],
            "attestationRootCertificates": [base64(alliance_roots()[0].der())],
            "newIn2031": [1, 2, { "three": null }],
        },
        "newIn2031": "whatever",
    })
}

fn with(path: &str, value: Value) -> Value {
    let mut entry = entry();
    let (folder, name) = path.rsplit_once('/').unwrap();
    entry.pointer_mut(folder).unwrap()[name] = value;
    entry
}

fn causes(blob: &Blob) -> Vec<(&str, bool)> {
    blob.faults.iter().map(|fault| (fault.cause.as_str(), fault.lost)).collect()
}

/// SHA-256 as GlobalSign publishes them.
#[test]
fn the_roots_are_those_of_globalsign() {
    let digests: Vec<String> = alliance_roots().iter().map(|root| hex(&digest::sha256(root.der()))).collect();
    assert_eq!(
        digests,
        [
            "cbb522d7b7f127ad6a0113865bdf1cd4102e7d0759af635a7cf4720dc963c53b",
            "4fa3126d8d3a11d1c4855a4f807cbad6cf919d3a5a88b03bea2c6372d93c40c9",
        ]
    );
}

#[test]
fn an_entry_says_what_a_model_is() {
    let blob = payload(json!([entry()])).unwrap();
    assert_eq!((blob.number, blob.next_update.to_string()), (7, "2027-01-31T00:00:00Z".to_owned()));
    assert!(blob.faults.is_empty(), "{:?}", blob.faults);
    let [entry] = blob.entries.as_slice() else { panic!("{:?}", blob.entries) };
    assert_eq!(entry.key.to_string(), "aaguid:ee882879721c491397753dfcce97072a");
    assert_eq!(entry.name, "A key");
    assert_eq!((entry.reports[0].status.as_str(), entry.reports.len()), ("FIDO_CERTIFIED_L2", 1));
    assert!(entry.biometric && entry.hardware);
    assert_eq!((entry.anchor_kind, entry.algorithms.as_slice()), (AnchorKind::Basic, [-7, -8].as_slice()));
    assert_eq!(entry.trust_anchors()[0].certificate.der(), alliance_roots()[0].der());
    let text = serde_json::to_string(entry).unwrap();
    assert_eq!(serde_json::from_str::<Entry>(&text).unwrap(), *entry);
}

#[test]
fn one_bad_entry_never_loses_the_others() {
    for (bad, cause) in [
        (json!(5), "invalid type"),
        (json!({ "statusReports": [] }), "it names no model"),
        (json!({ "aaguid": "nonsense", "statusReports": [] }), "it names no model"),
        (json!({ "aaid": "a\u{0}b", "statusReports": [] }), "it names no model"),
        (json!({ "aaguid": "00112233445566778899aabbccddeeff" }), "its status reports cannot be read"),
        (
            json!({ "aaguid": "00112233445566778899aabbccddeeff", "statusReports": "none" }),
            "its status reports cannot be read",
        ),
    ] {
        let blob = payload(json!([bad, entry()])).unwrap();
        assert_eq!(blob.entries.len(), 1, "{cause}");
        let [fault] = blob.faults.as_slice() else { panic!("{cause}: {:?}", blob.faults) };
        assert!(fault.cause.contains(cause) && fault.lost && fault.position == 1, "{fault:?}");
    }
}

#[test]
fn a_member_that_cannot_be_read_says_nothing_for_the_model() {
    for (path, bad, cause) in [
        ("/metadataStatement/keyProtection", json!(17), "`keyProtection` cannot be read"),
        (
            "/metadataStatement/userVerificationDetails",
            json!([1]),
            "`userVerificationDetails` cannot be read",
        ),
        ("/metadataStatement/description", json!([]), "`description` cannot be read"),
        ("/metadataStatement/attestationTypes", json!("x"), "`attestationTypes` cannot be read"),
        (
            "/metadataStatement/authenticationAlgorithms",
            json!({}),
            "`authenticationAlgorithms` cannot be read",
        ),
        (
            "/metadataStatement/attestationRootCertificates",
            json!(["AAAA"]),
            "attestation root 1 cannot be read",
        ),
        ("/metadataStatement", json!("gone"), "`metadataStatement` cannot be read"),
        (
            "/statusReports",
            json!([{ "status": 3 }, { "status": "REVOKED" }]),
            "status report 1 cannot be read",
        ),
    ] {
        let blob = payload(json!([with(path, bad)])).unwrap();
        assert_eq!(causes(&blob), [(cause, false)]);
        assert_eq!(blob.entries.len(), 1, "{cause}");
    }
    let blob =
        payload(json!([with("/metadataStatement/keyProtection", json!(["hardware", "software"]))])).unwrap();
    assert!(!blob.entries[0].hardware);
    let blob = payload(json!([with("/metadataStatement", Value::Null)])).unwrap();
    assert_eq!(blob.entries[0].name, "aaguid:ee882879721c491397753dfcce97072a");
    assert!(!blob.entries[0].biometric && blob.faults.is_empty());
}

#[test]
fn what_types_of_attestation_there_are_bounds_the_anchors() {
    for (types, anchors, kind) in [
        (json!(["basic_surrogate"]), 0, AnchorKind::Basic),
        (json!(["ecdaa"]), 0, AnchorKind::Basic),
        (json!(["basic_surrogate", "basic_full"]), 1, AnchorKind::Basic),
        (json!(["attca"]), 1, AnchorKind::AttCa),
        (json!(["attca", "basic_full"]), 1, AnchorKind::Basic),
        (json!([]), 1, AnchorKind::Basic),
    ] {
        let blob = payload(json!([with("/metadataStatement/attestationTypes", types)])).unwrap();
        assert_eq!((blob.entries[0].anchors.len(), blob.entries[0].anchor_kind), (anchors, kind));
    }
}

#[test]
fn u2f_and_uaf_models_are_kept_by_their_names() {
    let u2f = json!({ "attestationCertificateKeyIdentifiers": ["bf", "ca"], "statusReports": [] });
    let uaf = json!({ "aaid": "4e4e#400a", "statusReports": [] });
    let blob = payload(json!([u2f, uaf])).unwrap();
    let keys: Vec<String> = blob.entries.iter().map(|entry| entry.key.to_string()).collect();
    assert_eq!(keys, ["u2f:bf", "aaid:4e4e#400a"]);
    assert!(blob.entries.iter().all(|entry| entry.anchors == Vec::<Base64Url>::new()));
}

#[test]
fn a_model_that_stands_twice_is_one_and_all_its_reports_count() {
    let second = with("/statusReports", json!([{ "status": "REVOKED" }]));
    let blob = payload(json!([entry(), second])).unwrap();
    let statuses: Vec<&str> = blob.entries[0].reports.iter().map(|report| report.status.as_str()).collect();
    assert_eq!((blob.entries.len(), statuses), (1, vec!["FIDO_CERTIFIED_L2", "REVOKED"]));
    assert_eq!(causes(&blob), [("the model has an entry already", false)]);
}

#[test]
fn a_payload_without_its_three_members_is_none() {
    for text in [
        "",
        "[]",
        "{}",
        r#"{"no":1,"nextUpdate":"2027-01-31"}"#,
        r#"{"no":1,"entries":[]}"#,
        r#"{"nextUpdate":"2027-01-31","entries":[]}"#,
        r#"{"no":-1,"nextUpdate":"2027-01-31","entries":[]}"#,
        r#"{"no":"1","nextUpdate":"2027-01-31","entries":[]}"#,
        r#"{"no":1,"nextUpdate":"soon","entries":[]}"#,
        r#"{"no":1,"nextUpdate":"2027-01-31","entries":{}}"#,
        r#"{"no":1,"nextUpdate":"2027-01-31","entries":[]} "#.trim_end_matches(" ").trim_end_matches('}'),
    ] {
        assert_eq!(payload::read(text.as_bytes()), Err(MetadataRefusal::Payload), "{text}");
    }
    let twice = r#"{"no":1,"no":2,"nextUpdate":"2027-01-31","entries":[],"entries":[5]}"#;
    assert_eq!(payload::read(twice.as_bytes()).unwrap().number, 1);
}

#[test]
fn overdue_is_what_is_past_its_day_and_the_grace() {
    let blob = payload(json!([])).unwrap();
    let grace = Span::from_days(30);
    assert!(!blob.is_overdue(blob.next_update + grace, grace));
    assert!(blob.is_overdue(blob.next_update + grace + Span::from_secs(1), grace));
}

#[test]
fn each_refusal_has_its_code() {
    use primitives::x509::PathRefusal;
    for (refusal, code) in [
        (MetadataRefusal::TooLong, "metadata_too_long"),
        (MetadataRefusal::Jws(JwsRefusal::Parts), "jws_parts"),
        (MetadataRefusal::Header, "metadata_header"),
        (MetadataRefusal::Critical, "metadata_critical"),
        (MetadataRefusal::Algorithm, "metadata_algorithm"),
        (MetadataRefusal::Certificate, "metadata_certificate"),
        (MetadataRefusal::Chain(PathRefusal::NotValidNow), "metadata_certificate_expired"),
        (MetadataRefusal::Chain(PathRefusal::NoAnchor), "metadata_chain"),
        (MetadataRefusal::Name, "metadata_signer"),
        (MetadataRefusal::Key, "metadata_key"),
        (MetadataRefusal::Payload, "metadata_payload"),
    ] {
        assert_eq!(refusal.code(), code);
    }
}
