//! Names of passkey providers and security keys by AAGUID, from a vendored snapshot of the community's list.
//!
//! For display alone: without a verified attestation an AAGUID proves nothing (experience R24). The name is looked up
//! when it is shown, because names change; what is stored is the AAGUID.

use std::collections::HashMap;
use std::sync::LazyLock;

use primitives::encoding;
use serde::Deserialize;

#[cfg(test)]
mod tests;

static NAMES: LazyLock<HashMap<[u8; 16], &'static str>> =
    LazyLock::new(|| include_str!("../data/aaguids.tsv").lines().filter_map(row).collect());

/// Our own authenticators, of which the community's list does not know.
const OUR_OWN: [([u8; 16], &str); 2] = [
    (*b"keyfob\x40\x00\x80\x00\x00\x00\x00\x00\x00\x01", "Keyfob"),
    (*b"keyfob\x40\x00\x80\x00\x00\x00\x00\x00\x00\x02", "Keyfob (TPM)"),
];

/// The name of the provider or model, or `None` for the zero AAGUID and every unknown one.
pub fn name(aaguid: &[u8; 16]) -> Option<&'static str> {
    let own = || OUR_OWN.iter().find(|(own, _)| own == aaguid).map(|(_, name)| *name);
    NAMES.get(aaguid).copied().or_else(own)
}

/// All that the list knows.
pub(crate) fn all() -> impl Iterator<Item = (&'static [u8; 16], &'static str)> {
    NAMES
        .iter()
        .map(|(aaguid, name)| (aaguid, *name))
        .chain(OUR_OWN.iter().map(|(aaguid, name)| (aaguid, *name)))
}

/// The name proposed for a new passkey (experience R23): the provider's, else the device's, else `otherwise` (the
/// word "Passkey" in the reader's language); numbered if one of `taken` has it already.
pub fn suggest(aaguid: &[u8; 16], device: Option<&str>, otherwise: &str, taken: &[String]) -> String {
    let base = name(aaguid).or(device.filter(|device| !device.trim().is_empty())).unwrap_or(otherwise);
    let is_taken = |candidate: &str| taken.iter().any(|name| name.eq_ignore_ascii_case(candidate));
    if !is_taken(base) {
        return base.to_owned();
    }
    (2u32..)
        .map(|number| format!("{base} {number}"))
        .find(|candidate| !is_taken(candidate))
        .unwrap_or_else(|| base.to_owned())
}

/// The device that a passkey lies on which does not say what made it: `phone` where another one answered across the room
/// (the hybrid transport), else the `browser`. By what the browser says of its answer; a name and nothing else.
pub fn device(response: &str, browser: &str, phone: &str) -> String {
    #[derive(Deserialize)]
    struct Answer {
        #[serde(rename = "authenticatorAttachment")]
        attachment: Option<String>,
        response: Reached,
    }
    #[derive(Deserialize)]
    struct Reached {
        #[serde(default)]
        transports: Vec<String>,
    }
    let across = serde_json::from_str::<Answer>(response).is_ok_and(|answer| {
        let apart = answer.attachment.as_deref() == Some("cross-platform");
        apart && answer.response.transports.iter().any(|transport| transport == "hybrid")
    });
    if across { phone.to_owned() } else { browser.to_owned() }
}

/// The AAGUID in its usual spelling, `xxxxxxxx-xxxx-xxxx-xxxx-xxxxxxxxxxxx`.
pub fn spell(aaguid: &[u8; 16]) -> String {
    let hex = encoding::hex(aaguid);
    [(0, 8), (8, 12), (12, 16), (16, 20), (20, 32)]
        .iter()
        .filter_map(|(from, to)| hex.get(*from..*to))
        .collect::<Vec<_>>()
        .join("-")
}

fn row(line: &'static str) -> Option<([u8; 16], &'static str)> {
    let (aaguid, name) = line.split_once('\t')?;
    let bytes = encoding::from_hex(&aaguid.replace('-', ""))?;
    Some((bytes.try_into().ok()?, name))
}
