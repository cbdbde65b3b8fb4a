//! Whatever a case holds: one line of valid JSON comes back, soon, and hardly any memory goes into it.

use std::io;
use std::time::{Duration, Instant};

use proptest::prelude::*;
use proptest::sample::Index;
use serde_json::{Value, json};
use testkit::cases::parts::{Authentication, Registration};
use webauthn::explain;

use super::{CASES, answers, now};

/// A debug build on a busy machine gets that much more than the 50 ms that are promised of a release build.
const DEBUG_FACTOR: u32 = if cfg!(debug_assertions) { 20 } else { 1 };

/// Cases of up to 1 MiB that are made to be expensive.
fn expensive() -> Vec<(&'static str, String)> {
    let valid = Registration::plain();
    let json = valid.json();
    let mut out = Vec::new();
    let mut add = |name, text: String| out.push((name, text));
    add("a million brackets", "[".repeat(1 << 20));
    add("a million braces", "{\"a\":".repeat(200_000));
    add("a long number", format!("{{\"id\":{}}}", "9".repeat(1_000_000)));
    add("a long text", format!("{{\"id\":\"{}\"}}", "\\u0041".repeat(170_000)));
    let members: Vec<String> = (0..100_000).map(|number| format!("\"{number}\":1")).collect();
    add("a hundred thousand members", format!("{{{}}}", members.join(",")));
    add("a member a hundred thousand times", format!("{{{}}}", vec!["\"id\":1"; 100_000].join(",")));
    for (name, path) in [
        ("many algorithms", "pubKeyCredParams"),
        ("many anchors", "trustAnchors"),
        ("many registered ids", "alreadyRegisteredCredentialIds"),
        ("deep options", "userVerification"),
    ] {
        let list = if path == "userVerification" {
            format!("{}{}", "[".repeat(400_000), "]".repeat(400_000))
        } else {
            format!("[{}]", vec!["\"\""; 300_000].join(","))
        };
        let mut json = json.clone();
        json["options"][path] = "here".into();
        add(name, json.to_string().replacen("\"here\"", &list, 1));
    }
    for (name, response) in [
        ("a deep response", format!("{}{}", "[".repeat(400_000), "]".repeat(400_000))),
        ("a wide response", format!("{{{}}}", members.join(","))),
    ] {
        let mut json = json.clone();
        json["response"] = "here".into();
        add(name, json.to_string().replacen("\"here\"", &response, 1));
    }
    add("nested CBOR", valid.json_with(&vec![0x81; 60_000]).to_string());
    add(
        "huge maps in CBOR",
        valid.json_with(&[[0xb9, 0x01, 0x00].as_slice(), &vec![0xa0; 60_000]].concat()).to_string(),
    );
    add("eight huge certificates", certificates(&valid).to_string());
    add("many large anchors", anchors().to_string());
    add("a large key in the store", stored().to_string());
    out
}

/// Eight certificates of 8 kB each, as much as an attestation object holds.
fn certificates(valid: &Registration) -> Value {
    let certificate = certificate(7000);
    let mut statement = vec![0xa3];
    let text = |text: &'static str| primitives::cbor::Value::Text(text).encode();
    statement.extend([text("alg"), vec![0x26], text("sig"), vec![0x41, 0], text("x5c"), vec![0x88]].concat());
    for _ in 0..8 {
        statement.extend(primitives::cbor::Value::Bytes(&certificate).encode());
    }
    let mut object = vec![0xa3];
    object.extend([text("fmt"), text("packed"), text("attStmt"), statement, text("authData")].concat());
    object.extend(primitives::cbor::Value::Bytes(&valid.authenticator_data()).encode());
    valid.json_with(&object)
}

/// A real certificate with an extension of that many bytes.
fn certificate(size: usize) -> Vec<u8> {
    use primitives::cose::{Algorithm, SigningKey};
    use primitives::x509::{Extension, Issue, Name};
    let key = SigningKey::from_seed(Algorithm::Es256, &[3; 32]).unwrap();
    let extensions = vec![Extension { oid: vec![0x2a, 3], critical: false, value: vec![0; size] }];
    Issue { extensions, ..Issue::new(Name::EMPTY, Name::EMPTY, key.public_key()) }.sign(&key)
}

/// As many anchors as are taken, of a size that fills the line, all of the name that the leaf was issued by.
fn anchors() -> Value {
    let case = CASES.iter().find(|case| case.name == "attested/certificate/conforming").unwrap();
    let mut json: Value = serde_json::from_str(&case.line).unwrap();
    let anchor = json["options"]["trustAnchors"][0].clone();
    let large = primitives::encoding::base64url(&certificate(10_000));
    let mut anchors = vec![Value::from(large); 63];
    anchors.push(anchor);
    json["options"]["trustAnchors"] = anchors.into();
    json
}

fn stored() -> Value {
    let mut json = Authentication::plain().json();
    json["stored"]["publicKey"] = primitives::encoding::base64url(&vec![0xa0; 700_000]).into();
    json["options"]["allowCredentials"] = vec!["AA"; 4096].into();
    json
}

#[test]
fn no_case_takes_long_whatever_it_holds() {
    for (name, text) in expensive() {
        assert!(text.len() <= explain::LONGEST, "{name}: {} bytes", text.len());
        let begun = Instant::now();
        let explained = explain::case(&text, now());
        let taken = begun.elapsed();
        println!("{name}: {} in {taken:?}: {}", explained.reason, explained.finding);
        assert!(taken < Duration::from_millis(50) * DEBUG_FACTOR, "{name}: {taken:?}");
        assert_eq!(explained.accepted, name == "many large anchors", "{name}");
        assert!(explained.line().len() < 4096, "{name}");
    }
}

/// Anything at all, a gigabyte if need be: memory stays at one line.
#[test]
fn a_line_without_end_is_answered() {
    let mut output = Vec::new();
    let endless = io::BufReader::new(io::Read::take(io::repeat(b'['), 100 << 20));
    explain::answer_lines(endless, &mut output, now()).unwrap();
    let answer: Value = serde_json::from_slice(&output).unwrap();
    assert_eq!((&answer["reason"], &answer["id"]), (&json!("resource_limit"), &Value::Null));
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 256, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn arbitrary_bytes_get_one_answer_a_line(bytes in prop::collection::vec(any::<u8>(), 0..400)) {
        let lines = bytes.split(|byte| *byte == b'\n');
        let filled = lines.filter(|line| !line.iter().all(u8::is_ascii_whitespace)).count();
        let found = answers(&bytes);
        prop_assert_eq!(found.len(), filled);
        for answer in found {
            prop_assert_eq!(&answer["verdict"], "reject");
        }
    }

    #[test]
    fn a_changed_case_gets_one_answer(
        case in any::<Index>(),
        changes in prop::collection::vec((any::<Index>(), any::<u8>()), 1..4),
    ) {
        let mut line = case.get(&CASES).line.clone().into_bytes();
        for (place, byte) in changes {
            let place = place.index(line.len());
            line[place] = if byte == b'\n' { b' ' } else { byte };
        }
        let found = answers(&line);
        prop_assert_eq!(found.len(), 1);
        prop_assert!(found[0]["explanation"].as_str().is_some_and(|text| !text.is_empty()));
        let accepted = found[0]["verdict"] == "accept";
        prop_assert_eq!(accepted, found[0]["reason"] == "ok");
        prop_assert_eq!(accepted, found[0]["step"].is_null() && found[0]["reason"] == "ok");
    }
}
