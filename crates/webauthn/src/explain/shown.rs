//! Values of a case as people may read them: bounded, and without characters that steer a terminal or a log.

use primitives::encoding::base64url;

/// Most characters of a text that are repeated.
const LONGEST_TEXT: usize = 120;
/// Most bytes of anything else that are repeated.
const LONGEST_BYTES: usize = 24;
/// Most values of a list that are repeated.
const LONGEST_LIST: usize = 4;

/// A text in quotation marks. Control, format and other invisible characters are written as escapes.
pub(super) fn text(text: &str) -> String {
    let mut out = String::from('"');
    out.extend(text.chars().take(LONGEST_TEXT).flat_map(char::escape_debug));
    out.push('"');
    if text.chars().nth(LONGEST_TEXT).is_some() {
        out.push_str(&format!(" and so on ({} bytes)", text.len()));
    }
    out
}

/// Bytes as base64url, with their number where they are cut.
pub(super) fn bytes(bytes: &[u8]) -> String {
    match bytes.get(..LONGEST_BYTES) {
        Some(first) if bytes.len() > LONGEST_BYTES => {
            format!("{}... ({} bytes)", base64url(first), bytes.len())
        }
        _ if bytes.is_empty() => "nothing".to_owned(),
        _ => base64url(bytes),
    }
}

/// Texts, one after the other.
pub(super) fn list<'a>(items: impl ExactSizeIterator<Item = &'a str>) -> String {
    let count = items.len();
    let mut out: Vec<String> = items.take(LONGEST_LIST).map(text).collect();
    match count.checked_sub(LONGEST_LIST) {
        None if count == 0 => return "none".to_owned(),
        None | Some(0) => {}
        Some(more) => out.push(format!("{more} more")),
    }
    out.join(", ")
}

/// A COSE algorithm by name and number.
pub(super) fn algorithm(id: i64) -> String {
    match algorithm_name(id) {
        Some(name) => format!("{name} ({id})"),
        None => format!("the algorithm {id}"),
    }
}

/// Names of the IANA registry "COSE Algorithms", also of what is not taken here.
fn algorithm_name(id: i64) -> Option<&'static str> {
    Some(match id {
        -7 => "ES256",
        -8 => "EdDSA",
        -9 => "ESP256",
        -19 => "Ed25519",
        -35 => "ES384",
        -36 => "ES512",
        -37 => "PS256",
        -38 => "PS384",
        -39 => "PS512",
        -47 => "ES256K",
        -48 => "ML-DSA-44",
        -49 => "ML-DSA-65",
        -50 => "ML-DSA-87",
        -51 => "ESP384",
        -52 => "ESP512",
        -53 => "Ed448",
        -257 => "RS256",
        -258 => "RS384",
        -259 => "RS512",
        -65535 => "RS1",
        _ => return None,
    })
}

/// Several algorithms.
pub(super) fn algorithms(ids: &[i64]) -> String {
    let mut out: Vec<String> = ids.iter().take(16).map(|id| algorithm(*id)).collect();
    if out.is_empty() {
        out.push("none".to_owned());
    }
    if ids.len() > 16 {
        out.push(format!("{} more", ids.len().saturating_sub(16)));
    }
    out.join(", ")
}

/// JSON in ASCII: what is beyond stands only inside texts, where an escape means the same.
pub(super) fn ascii_json(json: &str) -> String {
    let mut out = String::with_capacity(json.len());
    for character in json.chars() {
        if matches!(character, ' '..='~' | '\n') {
            out.push(character);
        } else {
            for unit in character.encode_utf16(&mut [0; 2]) {
                out.push_str(&format!("\\u{unit:04x}"));
            }
        }
    }
    out
}

#[cfg(test)]
mod tests;
