//! Whole cases: every line is answered, and what is accepted holds when somebody else reads it.

use primitives::digest;
use primitives::encoding::from_base64url;
use serde_json::Value;
use webauthn::explain;

use crate::ceremony::now;

/// A case ends in one line of ASCII with one of the reasons.
pub fn explain_case(data: &[u8]) {
    let Ok(text) = std::str::from_utf8(data) else { return };
    let explained = explain::case(text, now());
    let line = explained.line();
    assert!(line.is_ascii() && !line.contains('\n'), "one line of ASCII");
    assert!(explain::REASONS.iter().any(|reason| reason.code == explained.reason), "{}", explained.reason);
    assert_eq!(explained.accepted, explained.reason == "ok", "verdict and reason");
    let answer: Result<Value, _> = serde_json::from_str(&line);
    assert!(answer.is_ok(), "the answer is JSON");
    if explained.accepted {
        let case: Option<Value> = serde_json::from_str(text.trim_start_matches('\u{feff}')).ok();
        assert_eq!(case.as_ref().map(holds), Some(Some(true)), "accepted: {text}");
    }
}

/// Whether type, challenge, origin and RP ID are those of the case.
fn holds(case: &Value) -> Option<bool> {
    let response = case.pointer("/response/response")?;
    let client_data = from_base64url(response.get("clientDataJSON")?.as_str()?)?;
    let client_data = client_data.strip_prefix(b"\xef\xbb\xbf").unwrap_or(&client_data);
    let client_data: Value = serde_json::from_slice(client_data).ok()?;
    let expected = match case.get("kind")?.as_str()? {
        "registration" => "webauthn.create",
        _ => "webauthn.get",
    };
    let rp_id_hash = digest::sha256(case.pointer("/rp/rpId")?.as_str()?.as_bytes());
    let bytes = match response.get("authenticatorData") {
        Some(data) if expected == "webauthn.get" => from_base64url(data.as_str()?)?,
        _ => from_base64url(response.get("attestationObject")?.as_str()?)?,
    };
    Some(
        client_data.get("type")?.as_str()? == expected
            && client_data.get("challenge")? == case.pointer("/options/challenge")?
            && case.pointer("/rp/origins")?.as_array()?.contains(client_data.get("origin")?)
            && bytes.windows(rp_id_hash.len()).any(|window| window == rp_id_hash),
    )
}

#[cfg(test)]
mod tests;
