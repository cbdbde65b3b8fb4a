//! Cases that are broken themselves.

use primitives::encoding::base64url;
use serde_json::{Value, json};

use super::Case;
use super::parts::{Authentication, Registration};

/// A change to the JSON of a valid registration, with the reason that it must get.
type Change = (&'static str, &'static str, fn(&mut Value));

/// One change each.
pub fn changed() -> Vec<Case> {
    let valid = Registration::plain().json();
    let changed = |(name, expected, change): &Change| {
        let mut json = valid.clone();
        change(&mut json);
        Case::new(format!("frame/{name}"), expected, json)
    };
    let mut out: Vec<Case> = CHANGES.iter().map(changed).collect();
    let authentication = Authentication::plain().json();
    for (name, path, value) in [
        ("stored as list", "", json!([])),
        ("stored without key", "publicKey", Value::Null),
        ("stored without id", "credentialId", Value::Null),
        ("stored counter below zero", "signCount", json!(-1)),
        ("stored counter of 33 bits", "signCount", json!(1_u64 << 32)),
        ("stored counter as text", "signCount", json!("1")),
        ("stored eligibility as text", "backupEligible", json!("yes")),
        ("stored user handle as list", "userHandle", json!([])),
    ] {
        let mut json = authentication.clone();
        if path.is_empty() {
            json["stored"] = value
        } else {
            json["stored"][path] = value
        }
        out.push(Case::new(format!("frame/{name}"), "malformed", json));
    }
    let mut listed = authentication;
    listed["options"]["allowCredentials"] = json!([1]);
    out.push(Case::new("frame/allowed ids as numbers", "malformed", listed));
    out.extend(twice(&valid));
    out
}

/// Known members that stand there twice, which a tree of JSON cannot hold.
fn twice(valid: &Value) -> Vec<Case> {
    ["id", "kind", "rp", "options", "response"]
        .into_iter()
        .map(|name| {
            let mut case = Case::new(format!("frame/{name} twice"), "malformed", valid.clone());
            case.line = case.line.replacen('{', &format!("{{\"{name}\":{},", valid[name]), 1);
            case
        })
        .collect()
}

const CHANGES: &[Change] = &[
    ("kind/missing", "malformed", |case| case["kind"] = Value::Null),
    ("kind/unknown", "malformed", |case| case["kind"] = "deletion".into()),
    ("kind/list", "malformed", |case| case["kind"] = json!(["registration"])),
    ("rp/missing", "malformed", |case| case["rp"] = Value::Null),
    ("rp/text", "malformed", |case| case["rp"] = "example.org".into()),
    ("rp/id missing", "malformed", |case| case["rp"]["rpId"] = Value::Null),
    ("rp/id in upper case", "malformed", |case| case["rp"]["rpId"] = "Example.org".into()),
    ("rp/id is an address", "malformed", |case| case["rp"]["rpId"] = "127.0.0.1".into()),
    ("rp/id is a URL", "malformed", |case| case["rp"]["rpId"] = "https://example.org".into()),
    ("rp/no origins", "malformed", |case| case["rp"]["origins"] = json!([])),
    ("rp/origins missing", "malformed", |case| case["rp"]["origins"] = Value::Null),
    ("rp/origin as number", "malformed", |case| case["rp"]["origins"] = json!([1])),
    ("rp/origin with a path", "malformed", |case| case["rp"]["origins"] = json!(["https://id.example.org/"])),
    ("rp/origin not secure", "malformed", |case| case["rp"]["origins"] = json!(["http://id.example.org"])),
    ("rp/many origins", "resource_limit", |case| {
        case["rp"]["origins"] = vec!["https://id.example.org"; 300].into();
    }),
    ("rp/frames as text", "malformed", |case| case["rp"]["allowCrossOrigin"] = "no".into()),
    ("rp/now is no time", "malformed", |case| case["rp"]["now"] = "yesterday".into()),
    ("rp/now is a number", "malformed", |case| case["rp"]["now"] = 1_800_000_000.into()),
    ("options/missing", "malformed", |case| case["options"] = Value::Null),
    ("options/challenge missing", "malformed", |case| case["options"]["challenge"] = Value::Null),
    ("options/challenge empty", "malformed", |case| case["options"]["challenge"] = "".into()),
    ("options/challenge is nonsense", "malformed", |case| case["options"]["challenge"] = "***".into()),
    ("options/challenge long", "resource_limit", |case| {
        case["options"]["challenge"] = base64url(&[0; 5000]).into();
    }),
    ("options/verification unknown", "malformed", |case| {
        case["options"]["userVerification"] = "maybe".into()
    }),
    ("options/mediation unknown", "malformed", |case| case["options"]["mediation"] = "seldom".into()),
    ("options/algorithms as texts", "malformed", |case| {
        case["options"]["pubKeyCredParams"] = json!(["ES256"]);
    }),
    ("options/attestation unknown", "malformed", |case| case["options"]["attestation"] = "all".into()),
    ("options/trust as number", "malformed", |case| case["options"]["requireTrustedAttestation"] = 1.into()),
    ("options/anchor is no certificate", "malformed", |case| {
        case["options"]["trustAnchors"] = json!([base64url(b"no certificate")]);
    }),
    ("options/anchor is no base64url", "malformed", |case| case["options"]["trustAnchors"] = json!(["+/="])),
    ("options/many anchors", "resource_limit", |case| {
        case["options"]["trustAnchors"] = vec!["AAAA"; 65].into();
    }),
    ("options/registered ids as text", "malformed", |case| {
        case["options"]["alreadyRegisteredCredentialIds"] = "AAAA".into();
    }),
    ("options/many registered ids", "resource_limit", |case| {
        case["options"]["alreadyRegisteredCredentialIds"] = vec!["AA"; 5000].into();
    }),
    ("response/missing", "malformed", |case| drop(case.as_object_mut().map(|all| all.remove("response")))),
    ("response/null", "malformed", |case| case["response"] = Value::Null),
    ("response/text", "malformed", |case| case["response"] = "{}".into()),
];
