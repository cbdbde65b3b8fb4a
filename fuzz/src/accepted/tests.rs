use serde_json::json;

use super::holds;
use crate::ceremony::{ORIGIN, RP_ID, begun, registered};
use authenticator::Settings;

#[test]
fn what_does_not_hold_is_seen() {
    let (options, _) = begun();
    let (response, _) = registered(Settings::platform());
    let case = json!({
        "kind": "registration",
        "rp": {"rpId": RP_ID, "origins": [ORIGIN]},
        "options": {"challenge": options.get("challenge")},
        "response": response,
    });
    assert_eq!(holds(&case), Some(true));
    for (pointer, value) in [
        ("/kind", json!("authentication")),
        ("/rp/rpId", json!("example.net")),
        ("/rp/origins", json!(["https://example.net"])),
        ("/options/challenge", json!("AAAA")),
    ] {
        let mut changed = case.clone();
        *changed.pointer_mut(pointer).unwrap() = value;
        assert_eq!(holds(&changed), Some(false), "{pointer}");
    }
}
