//! The roots of the FIDO Alliance's signer (FIDO Metadata Service 3.1 section 3.2; fidoalliance.org/metadata).

use primitives::encoding::from_base64;
use primitives::x509::Certificate;

/// Who signs.
pub const ALLIANCE: &str = "mds.fidoalliance.org";

/// GlobalSign Root CA - R3, until August 2026 the only one, and GlobalSign Root R46, which has taken its place.
/// The files are those of Debian's ca-certificates; the tests hold them against their SHA-256.
pub(super) const ROOTS: [&str; 2] =
    [include_str!("roots/globalsign-r3.pem"), include_str!("roots/globalsign-r46.pem")];

/// The roots to which the Alliance's certificates lead.
pub fn alliance_roots() -> Vec<Certificate> {
    ROOTS.iter().filter_map(|pem| Certificate::parse(&from_base64(body(pem)?)?).ok()).collect()
}

/// What stands between the two lines of a PEM file (RFC 7468).
fn body(pem: &str) -> Option<&str> {
    let (_, rest) = pem.split_once("-----BEGIN CERTIFICATE-----")?;
    Some(rest.split_once("-----END CERTIFICATE-----")?.0)
}
