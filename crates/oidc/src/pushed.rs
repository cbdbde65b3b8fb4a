//! The reference to a pushed authorization request (RFC 9126 section 2.2): the sealed request itself.

use primitives::encoding::{base64url, from_base64url};

/// What every `request_uri` of ours begins with.
const PREFIX: &str = "urn:ietf:params:oauth:request_uri:";

/// Longest sealed request in bytes: one larger would not fit into the address that a browser is sent to.
pub const LONGEST: usize = 4096;

/// The `request_uri` that stands for what was sealed.
pub fn request_uri(sealed: &[u8]) -> String {
    format!("{PREFIX}{}", base64url(sealed))
}

/// What was sealed; nothing where the reference is none of ours.
pub fn sealed_of(request_uri: &str) -> Option<Vec<u8>> {
    let sealed = request_uri.strip_prefix(PREFIX).filter(|text| text.len() <= LONGEST.saturating_mul(2))?;
    from_base64url(sealed).filter(|sealed| (1..=LONGEST).contains(&sealed.len()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_reference_gives_back_what_it_stands_for_and_others_give_nothing() {
        for sealed in [vec![0], vec![255; 32], vec![7; LONGEST]] {
            assert_eq!(sealed_of(&request_uri(&sealed)), Some(sealed));
        }
        let too_long = request_uri(&vec![7; LONGEST + 1]);
        for foreign in [
            "",
            PREFIX,
            "urn:ietf:params:oauth:request_uri",
            "URN:IETF:PARAMS:OAUTH:REQUEST_URI:AA",
            "urn:ietf:params:oauth:request_uri:AA==",
            "urn:ietf:params:oauth:request_uri:A A",
            "urn:ietf:params:oauth:request_uri:AB",
            " urn:ietf:params:oauth:request_uri:AA",
            "https://app.example/request.jwt",
            "https://app.example/urn:ietf:params:oauth:request_uri:AA",
            too_long.as_str(),
        ] {
            assert_eq!(sealed_of(foreign), None, "{foreign:.60}");
        }
    }
}
