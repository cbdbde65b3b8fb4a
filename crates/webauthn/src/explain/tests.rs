use serde_json::{Value, json};

use super::*;
use crate::testing;

mod words;

fn now() -> Timestamp {
    testing::now()
}

/// A case that is valid but for its response.
fn framed() -> Value {
    json!({
        "id": "a",
        "kind": "registration",
        "rp": { "rpId": "example.org", "origins": ["https://example.org"] },
        "options": { "challenge": "AAAA" },
        "response": {},
    })
}

fn explained(json: &Value) -> Explained {
    case(&json.to_string(), now())
}

#[test]
fn ids_are_repeated_as_texts_and_numbers_of_bounded_length() {
    let id = |id: &str| case(&format!("{{\"id\":{id}}}"), now()).id;
    for same in ["\"a\"", "1", "-1", "1.50", "123456789012345678901234567890", "1e400", "\"\""] {
        assert_eq!(id(same).as_deref(), Some(same));
    }
    for none in ["null", "true", "[1]", "{}", "\"\\ud800\"", &format!("\"{}\"", "x".repeat(1024))] {
        assert_eq!(id(none), None, "{none}");
    }
    let longest = format!("\"{}\"", "x".repeat(1022));
    assert_eq!(id(&longest), Some(longest));
    // It comes back with a case that could be judged, too.
    assert_eq!(explained(&framed()).id.as_deref(), Some("\"a\""));
    assert_eq!(id("\"\u{202e}ä\\n\"").as_deref(), Some("\"\\u202e\\u00e4\\n\""));
}

#[test]
fn bounds_are_the_longest_that_is_taken() {
    assert_eq!(LONGEST, 1_048_576);
    let padded = |length: usize| format!("{{}}{}", " ".repeat(length - 2));
    assert_eq!(case(&padded(LONGEST), now()).reason, "malformed");
    assert_eq!(case(&padded(LONGEST + 1), now()).reason, "resource_limit");
    assert_eq!(case_in(padded(LONGEST).as_bytes(), now()).reason, "malformed");
    assert_eq!(case_in(padded(LONGEST + 1).as_bytes(), now()).reason, "resource_limit");
    // Length is looked at before anything else is.
    assert_eq!(case_in(&vec![0xff; LONGEST], now()).reason, "malformed");
    assert_eq!(case_in(&vec![0xff; LONGEST + 1], now()).reason, "resource_limit");
    let challenge = |length: usize| {
        let mut json = framed();
        json["options"]["challenge"] = primitives::encoding::base64url(&vec![0; length]).into();
        explained(&json)
    };
    assert_eq!(challenge(1024).step, Some(3));
    for length in [1025, 2048] {
        assert_eq!((challenge(length).reason, challenge(length).step), ("resource_limit", None));
    }
}

#[test]
fn what_is_no_case_is_malformed_without_a_step() {
    for text in ["", "x", "[]", "null", "{", "{}", "{}{}", "{\"id\":1,}", "{\"kind\":\"registration\"}"] {
        let explained = case(text, now());
        assert_eq!((explained.reason, explained.accepted), ("malformed", false), "{text}");
        assert_eq!((explained.step, explained.place()), (None, None), "{text}");
        assert!(!explained.remedy.is_empty(), "{text}");
    }
    // What stands before the fault is still told.
    assert_eq!(case("{\"id\":7,\"kind\":\"registration\",\"rp\":{", now()).id.as_deref(), Some("7"));
    // The response itself is judged by the rules of section 7.1.
    assert_eq!(explained(&framed()).place().as_deref(), Some("7.1.3"));
}

#[test]
fn unknown_members_are_passed_over_and_known_ones_stand_once() {
    let text = framed().to_string();
    let with = |member: &str| case(&text.replacen('{', &format!("{{{member},"), 1), now());
    assert_eq!(with("\"x\":1,\"x\":2").step, Some(3));
    for (member, named) in [
        ("\"kind\":1", "kind"),
        ("\"rp\":null", "rp"),
        ("\"r\\u0070\":null", "rp"),
        ("\"response\":{}", "response"),
    ] {
        let explained = with(member);
        assert_eq!((explained.reason, explained.step), ("malformed", None), "{member}");
        assert!(explained.finding.contains(&format!("{named} occurs twice")), "{}", explained.finding);
    }
    let inner = text.replace("\"challenge\":\"AAAA\"", "\"challenge\":\"AAAA\",\"challenge\":\"AAAA\"");
    assert!(case(&inner, now()).finding.contains("options.challenge occurs twice"));
}

#[test]
fn faults_name_the_member() {
    let fault = |change: &dyn Fn(&mut Value)| {
        let mut json = framed();
        change(&mut json);
        let explained = explained(&json);
        assert_eq!(explained.step, None, "{}", explained.finding);
        (explained.reason, explained.finding)
    };
    for (expected, found) in [
        ("options.challenge is missing", fault(&|case| case["options"] = json!({}))),
        ("options.challenge must be base64url", fault(&|case| case["options"]["challenge"] = "A".into())),
        ("rp.origins must be a list of texts", fault(&|case| case["rp"]["origins"] = json!({}))),
        (
            "rp describes no relying party",
            fault(&|case| case["rp"]["origins"] = json!(["ftp://example.org"])),
        ),
        (
            "position 1 what is no certificate",
            fault(&|case| {
                let root = primitives::encoding::base64url(testing::authority().root());
                case["options"]["trustAnchors"] = json!([root, "AAAA"]);
            }),
        ),
    ] {
        assert_eq!(found.0, "malformed");
        assert!(found.1.contains(expected), "{} lacks {expected}", found.1);
    }
    let (reason, finding) = fault(&|case| case["options"]["trustAnchors"] = vec!["AAAA"; 65].into());
    assert_eq!(reason, "resource_limit");
    assert!(finding.contains("more than 64 items"), "{finding}");
}

#[test]
fn the_line_has_its_members_in_order_and_is_ascii() {
    let line = case("{\"id\":\"ä\",\"kind\":\"\u{202e}\u{7f}[2J\"}", now()).line();
    assert!(line.starts_with("{\"id\":\"\\u00e4\",\"verdict\":\"reject\",\"reason\":\"malformed\",\"step\":null,\"explanation\":\""), "{line}");
    assert!(line.bytes().all(|byte| (0x20..0x7f).contains(&byte)), "{line}");
    let full: Value = serde_json::from_str(&explained(&framed()).full_json()).unwrap();
    assert_eq!(full["steps"].as_array().unwrap().len(), 29);
    assert_eq!(full["steps"][2]["state"], "refused");
    assert_eq!(full["kind"], "registration");
}

#[test]
fn values_of_a_case_cannot_steer_a_terminal() {
    let hostile = "https://id.example.org\u{1b}[2J\r\n\u{202e}\u{0}";
    let mut ceremony = testing::Registration::new(testing::self_signed());
    ceremony.client_data(|data| data["origin"] = hostile.into());
    let id = primitives::encoding::base64url(&ceremony.response_id);
    let mut json = framed();
    json["options"]["challenge"] = primitives::encoding::base64url(&ceremony.state.challenge).into();
    json["response"] = json!({
        "id": id, "rawId": id, "type": "public-key", "clientExtensionResults": {},
        "response": {
            "clientDataJSON": primitives::encoding::base64url(&ceremony.client_data),
            "attestationObject": primitives::encoding::base64url(&ceremony.attestation_object()),
        },
    });
    let explained = explained(&json);
    assert_eq!(explained.reason, "origin");
    let details = explained.steps.iter().filter_map(|step| step.detail.clone());
    for text in details.chain([explained.explanation()]) {
        assert!(!text.chars().any(|character| character.is_control() || character == '\u{202e}'), "{text}");
    }
    assert!(explained.finding.contains(r"\u{1b}[2J\r\n\u{202e}\0"), "{}", explained.finding);
}

#[test]
fn every_reason_stands_once_and_speaks_in_sentences() {
    for (place, reason) in REASONS.iter().enumerate() {
        assert_eq!(reasons::of(reason.code), *reason);
        assert_eq!(REASONS.iter().position(|other| other.code == reason.code), Some(place));
        assert!(reason.meaning.ends_with('.') && reason.meaning.is_ascii(), "{}", reason.code);
        assert_eq!(reason.remedy.is_empty(), reason.code == "ok");
        assert!(reason.remedy.is_empty() || reason.remedy.ends_with('.'), "{}", reason.code);
        assert!(!reason.meaning.contains('|') && !reason.remedy.contains('|'), "they stand in a table");
    }
    assert_eq!(reasons::of("challenge_expired").code, "challenge");
}

/// Every text that a `code` of a refusal gives is a reason, or the expiry that a case cannot have.
#[test]
fn every_code_of_a_refusal_is_a_reason() {
    let sources = [
        include_str!("../context.rs"),
        include_str!("../registration/refusal.rs"),
        include_str!("../authentication/refusal.rs"),
        include_str!("../attestation/refusal.rs"),
        include_str!("../../../fido/src/response.rs"),
        include_str!("../../../fido/src/client_data.rs"),
        include_str!("../../../fido/src/attestation_object.rs"),
        include_str!("../../../fido/src/authenticator_data.rs"),
        include_str!("../../../fido/src/extension.rs"),
    ];
    let mut codes = std::collections::BTreeSet::new();
    for source in sources {
        let (_, functions) = source.split_once("pub fn code(self)").unwrap();
        for function in functions.split("pub fn code(self)") {
            let (body, _) = function.split_once("\n    }\n").unwrap();
            codes.extend(body.split('"').skip(1).step_by(2).filter(|text| !text.contains(' ')));
        }
    }
    assert!(codes.remove("challenge_expired"));
    for code in &codes {
        assert_eq!(reasons::of(code).code, *code);
    }
    assert_eq!(codes.len() + 1, REASONS.len(), "and \"ok\": {codes:?}");
}

/// What our authenticator cannot make: a TPM's statement that is signed with SHA-1.
#[test]
fn recorded_cases_get_their_reasons() {
    for line in include_str!("../../../testkit/fixtures/cases/tpm-rs1.ndjson").lines() {
        let recorded: Value = serde_json::from_str(line).unwrap();
        assert_eq!(case(line, now()).reason, recorded["expected"], "{}", recorded["id"]);
    }
}
