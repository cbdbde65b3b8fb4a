//! Steps 5 to 11: the client data.

use fido::client_data::ClientDataRefusal;
use fido::json::JsonRefusal;
use serde_json::json;

use super::{none, refused};
use crate::context::ContextRefusal;
use crate::registration::RegistrationRefusal;
use crate::relying_party::CrossOrigin;
use crate::testing::{self, ORIGIN, Registration};

fn with_cross_origin(ceremony: &mut Registration, top_origins: &[&str]) {
    let top_origins = top_origins.iter().map(|origin| (*origin).to_owned()).collect();
    ceremony.relying_party =
        ceremony.relying_party.clone().with_cross_origin(CrossOrigin::Allow { top_origins });
}

#[test]
fn client_data_that_cannot_be_read() {
    use ClientDataRefusal as Refusal;
    let cases: [(&[u8], Refusal, &str, u8); 14] = [
        (b"", Refusal::Json(JsonRefusal::Syntax), "client_data_json", 6),
        (b"{}{}", Refusal::Json(JsonRefusal::Syntax), "client_data_json", 6),
        (b"[]", Refusal::NotAnObject, "client_data_json", 6),
        (b"{}", Refusal::MemberMissing, "client_data_json", 6),
        (b"{\"type\":\"webauthn.create\"}", Refusal::MemberMissing, "client_data_json", 6),
        (b"{\"type\":\"\",\"challenge\":\"\"}", Refusal::MemberMissing, "client_data_json", 6),
        (b"{\"type\":1}", Refusal::Type, "client_data_type", 7),
        (b"{\"type\":\"webauthn.create\",\"challenge\":[]}", Refusal::Challenge, "challenge", 8),
        (b"{\"type\":\"\",\"challenge\":\"\",\"origin\":null}", Refusal::Origin, "origin", 9),
        (b"{\"a\":\"\\ud800\"}", Refusal::Json(JsonRefusal::Syntax), "client_data_json", 6),
        (b"\xef\xbb\xbf\xef\xbb\xbf{}", Refusal::Json(JsonRefusal::Syntax), "client_data_json", 6),
        (b"[[[[[[[[[]]]]]]]]]", Refusal::Json(JsonRefusal::TooDeep), "resource_limit", 6),
        (b"{\"a\":1,\"a\":1}", Refusal::Json(JsonRefusal::DuplicateMember), "client_data_json", 6),
        (b"\xff", Refusal::NotUtf8, "client_data_json", 5),
    ];
    for (bytes, refusal, code, step) in cases {
        let change = |ceremony: &mut Registration| ceremony.client_data = bytes.to_vec();
        refused(change, RegistrationRefusal::ClientData(refusal), code, step);
    }
    let long = |ceremony: &mut Registration| ceremony.client_data = vec![b' '; 8193];
    refused(long, RegistrationRefusal::ClientData(Refusal::TooLong), "resource_limit", 5);
}

#[test]
fn a_byte_order_mark_and_unknown_members_are_tolerated() {
    let mut ceremony = none();
    ceremony.client_data = [b"\xef\xbb\xbf".as_slice(), &ceremony.client_data].concat();
    assert!(ceremony.finish().is_ok());
    let mut ceremony = none();
    ceremony.client_data(|data| data["extraData"] = json!({ "a": [1, null] }));
    assert!(ceremony.finish().is_ok());
}

#[test]
fn another_type() {
    refused(
        |ceremony| ceremony.client_data(|data| data["type"] = json!("webauthn.get")),
        RegistrationRefusal::Context(ContextRefusal::Type),
        "client_data_type",
        7,
    );
}

#[test]
fn another_challenge() {
    let own = none();
    let padded = format!("{}=", primitives::encoding::base64url(&own.state.challenge));
    for challenge in ["", "AAAA", padded.as_str()] {
        refused(
            |ceremony| ceremony.client_data(|data| data["challenge"] = json!(challenge)),
            RegistrationRefusal::Context(ContextRefusal::Challenge),
            "challenge",
            8,
        );
    }
}

#[test]
fn hostile_origins() {
    for origin in testing::hostile_origins() {
        refused(
            |ceremony| ceremony.client_data(|data| data["origin"] = origin),
            RegistrationRefusal::Context(ContextRefusal::Origin),
            "origin",
            9,
        );
    }
}

#[test]
fn origins_that_are_no_texts() {
    for origin in testing::no_texts_as_origin() {
        refused(
            |ceremony| ceremony.client_data(|data| data["origin"] = origin),
            RegistrationRefusal::ClientData(ClientDataRefusal::Origin),
            "origin",
            9,
        );
    }
}

#[test]
fn frames_in_other_origins_pages() {
    let frame = |ceremony: &mut Registration| ceremony.client_data(|data| data["crossOrigin"] = json!(true));
    refused(frame, RegistrationRefusal::Context(ContextRefusal::CrossOrigin), "cross_origin", 10);
    for no_boolean in [json!("true"), json!(null), json!(0)] {
        refused(
            |ceremony| ceremony.client_data(|data| data["crossOrigin"] = no_boolean),
            RegistrationRefusal::ClientData(ClientDataRefusal::CrossOriginNotBoolean),
            "cross_origin",
            10,
        );
    }
    let mut allowed = none();
    frame(&mut allowed);
    with_cross_origin(&mut allowed, &[]);
    assert!(allowed.finish().is_ok());
}

#[test]
fn top_origins() {
    let top = |ceremony: &mut Registration| {
        ceremony.client_data(|data| {
            data["crossOrigin"] = json!(true);
            data["topOrigin"] = json!("https://portal.example");
        });
    };
    let refusal = RegistrationRefusal::Context(ContextRefusal::TopOrigin);
    let mut allowed = none();
    top(&mut allowed);
    with_cross_origin(&mut allowed, &["https://portal.example"]);
    assert!(allowed.finish().is_ok());
    let other = |ceremony: &mut Registration| {
        top(ceremony);
        with_cross_origin(ceremony, &["https://portal.example:8443"]);
    };
    refused(other, refusal, "top_origin", 11);
    let without_frame = |ceremony: &mut Registration| {
        with_cross_origin(ceremony, &[ORIGIN]);
        ceremony.client_data(|data| data["topOrigin"] = json!(ORIGIN));
    };
    refused(without_frame, refusal, "top_origin", 11);
    let no_text = |ceremony: &mut Registration| ceremony.client_data(|data| data["topOrigin"] = json!(1));
    let refusal = RegistrationRefusal::ClientData(ClientDataRefusal::TopOrigin);
    refused(no_text, refusal, "top_origin", 11);
}
