//! `keyward attestation`: the organisation's own authority, by its operator.

use super::{json, refused, run, started};

#[test]
fn the_authority_is_made_shown_exported_and_removed() {
    let folder = started();
    let path = folder.path();
    assert_eq!(json(path, &["attestation", "show", "--json"]), serde_json::Value::Null);
    let (status, sentence) = refused(path, &["attestation", "export"]);
    assert_eq!((status, sentence.contains("there is no attestation authority")), (1, true), "{sentence}");
    let made = json(path, &["attestation", "make", "--json"]);
    assert_eq!(json(path, &["attestation", "show", "--json"]), made);
    assert_eq!(made["sha256"].as_str().map(str::len), Some(64));
    assert_eq!(refused(path, &["attestation", "make"]).0, 1);
    let exported = run(path, &["attestation", "export"]);
    let pem = String::from_utf8(exported.stdout).unwrap();
    assert!(pem.starts_with("-----BEGIN CERTIFICATE-----\n") && pem.ends_with("-----END CERTIFICATE-----\n"));
    assert_eq!(json(path, &["attestation", "list", "--json"]), serde_json::json!([]));
    let nobody = "0197a7f0-0000-7000-8000-000000000000";
    let (status, sentence) = refused(path, &["attestation", "revoke", nobody]);
    assert_eq!((status, sentence.contains("there is no such device")), (1, true), "{sentence}");
    assert_eq!(refused(path, &["attestation", "revoke", "x"]).0, 2);
    // Its key follows the root key, and what is trusted does not change with it.
    json(path, &["key", "rotate", "--json"]);
    super::Server::start(path, &[]).stop();
    assert_eq!(json(path, &["attestation", "show", "--json"]), made);
    let gone = json(path, &["attestation", "remove", "--json"]);
    assert_eq!((&gone["sha256"], &gone["endsAt"]), (&made["sha256"], &made["endsAt"]));
    assert_eq!((&gone["passkeys"], &gone["sessions"]), (&serde_json::json!(0), &serde_json::json!(0)));
    assert_eq!(refused(path, &["attestation", "remove"]).0, 1);
    json(path, &["attestation", "make", "--json"]);
    let removed = run(path, &["attestation", "remove", "--keep-trust"]);
    let sentence = String::from_utf8(removed.stdout).unwrap();
    assert!(sentence.contains("keep what was attested of them"), "{sentence}");
}
