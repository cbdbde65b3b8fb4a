//! The W3C's vectors as cases. They are read from `../shared/vectors` beside the workspace; where that is
//! absent, nothing is tested, and the output says so.

use std::path::Path;

use primitives::encoding::{base64url, from_hex};
use serde_json::{Value, json};
use webauthn::explain::{self, Explained};

use super::now;

/// What is not accepted under the W3C's root as anchor, by its reason.
const REFUSED: [(&str, &str); 2] =
    [("packed-ed448", "algorithm"), ("android-key-es256", "attestation_certificate")];

/// What is accepted only because its root is an explicitly configured anchor.
const ONLY_ANCHORED: [(&str, &str); 2] =
    [("tpm-es256", "attestation_certificate"), ("fido-u2f-es256", "aaguid")];

/// Ed448 (-53) among them: it is offered, and still not ours.
const ALGORITHMS: [i64; 13] = [-7, -8, -9, -19, -35, -36, -37, -48, -49, -50, -51, -52, -53];

fn vectors() -> Option<Value> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/vectors/w3c_webauthn_l3.json");
    match std::fs::read(&path) {
        Ok(text) => Some(serde_json::from_slice(&text).unwrap()),
        Err(_) => {
            println!("skipped: the W3C vectors are not at ../shared/vectors beside the workspace");
            None
        }
    }
}

/// A member in hexadecimal as base64url.
fn text(value: &Value) -> String {
    base64url(&from_hex(value.as_str().unwrap()).unwrap())
}

fn rp() -> Value {
    json!({
        "rpId": "example.org",
        "origins": ["https://example.org"],
        "allowCrossOrigin": true,
        "topOrigins": ["https://example.com"],
    })
}

fn registration(vector: &Value, anchors: &Value) -> Value {
    let made = &vector["registration"];
    let id = text(&made["credential_id"]);
    let algorithms: Vec<i64> = ALGORITHMS.into_iter().chain([-257]).collect();
    json!({
        "id": vector["id"],
        "kind": "registration",
        "rp": rp(),
        "options": {
            "challenge": text(&made["challenge"]),
            "userVerification": "preferred",
            "pubKeyCredParams": algorithms,
            "trustAnchors": anchors,
        },
        "response": {
            "id": id, "rawId": id, "type": "public-key", "clientExtensionResults": {},
            "response": {
                "clientDataJSON": text(&made["clientDataJSON"]),
                "attestationObject": text(&made["attestationObject"]),
            },
        },
    })
}

fn authentication(vector: &Value) -> Value {
    let (made, used) = (&vector["registration"], &vector["authentication"]);
    let id = text(&made["credential_id"]);
    let object = from_hex(made["attestationObject"].as_str().unwrap()).unwrap();
    let object = fido::attestation_object::AttestationObject::parse(&object).unwrap();
    let data = fido::authenticator_data::AuthenticatorData::parse(object.authenticator_data).unwrap();
    json!({
        "id": vector["id"],
        "kind": "authentication",
        "rp": rp(),
        "options":
            { "challenge": text(&used["challenge"]), "userVerification": "preferred", "allowCredentials": null },
        "stored": {
            "credentialId": id,
            "publicKey": base64url(data.attested_credential.unwrap().public_key),
            "signCount": data.sign_count,
            "backupEligible": data.flags.backup_eligible(),
        },
        "response": {
            "id": id, "rawId": id, "type": "public-key", "clientExtensionResults": {},
            "response": {
                "clientDataJSON": text(&used["clientDataJSON"]),
                "authenticatorData": text(&used["authenticatorData"]),
                "signature": text(&used["signature"]),
            },
        },
    })
}

fn explained(case: &Value) -> Explained {
    explain::case(&case.to_string(), now())
}

fn listed(list: &[(&'static str, &'static str)], id: &str) -> Option<&'static str> {
    list.iter().find(|(name, _)| *name == id).map(|(_, reason)| *reason)
}

#[test]
fn every_vector_has_its_verdict() {
    let Some(vectors) = vectors() else { return };
    let anchors = json!([text(&vectors["attestation_root"]["attestation_ca_cert"])]);
    for vector in vectors["vectors"].as_array().unwrap() {
        let id = vector["id"].as_str().unwrap();
        let made = explained(&registration(vector, &anchors));
        let expected = listed(&REFUSED, id).unwrap_or("ok");
        assert_eq!(made.reason, expected, "{id}: {}", made.explanation());
        let expected = listed(&ONLY_ANCHORED, id).unwrap_or(expected);
        assert_eq!(explained(&registration(vector, &json!([]))).reason, expected, "{id} without anchor");
        if made.accepted {
            let used = explained(&authentication(vector));
            assert_eq!(used.reason, "ok", "{id}: {}", used.explanation());
        }
    }
}

#[test]
fn frames_of_other_sites_need_the_policy() {
    let Some(vectors) = vectors() else { return };
    for (id, rp, reason) in [
        ("none-es256-crossOrigin", json!({ "allowCrossOrigin": false }), "cross_origin"),
        ("none-es256-topOrigin", json!({}), "cross_origin"),
        ("none-es256-topOrigin", json!({ "allowCrossOrigin": true }), "top_origin"),
    ] {
        let all = vectors["vectors"].as_array().unwrap();
        let mut case = registration(all.iter().find(|vector| vector["id"] == id).unwrap(), &json!([]));
        case["rp"] = rp;
        (case["rp"]["rpId"], case["rp"]["origins"]) = ("example.org".into(), json!(["https://example.org"]));
        assert_eq!(explained(&case).reason, reason, "{id}");
    }
}
