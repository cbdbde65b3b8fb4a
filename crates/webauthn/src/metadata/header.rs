//! The header of a blob: who says that he signed it.

use primitives::cose::PublicKey;
use primitives::encoding::from_base64;
use primitives::jws;
use primitives::time::Timestamp;
use primitives::x509::{self, Certificate, oid};
use serde::Deserialize;
use serde_json::value::RawValue;

use super::{MetadataRefusal, Signer};

/// As many certificates as a path may have.
const MOST_CERTIFICATES: usize = 8;

/// What of the header is looked at (RFC 7515 section 4.1). Keys from elsewhere (`jku`, `jwk`, `x5u`) are not fetched and
/// not believed.
#[derive(Deserialize)]
struct Header<'a> {
    alg: String,
    x5c: Vec<String>,
    #[serde(borrow, default)]
    crit: Option<&'a RawValue>,
}

/// The key that must have signed.
pub(super) fn signing_key(
    json: &[u8],
    signer: &Signer,
    now: Timestamp,
) -> Result<PublicKey, MetadataRefusal> {
    let header: Header<'_> = serde_json::from_slice(json).map_err(|_| MetadataRefusal::Header)?;
    if header.crit.is_some() {
        return Err(MetadataRefusal::Critical);
    }
    let algorithm = jws::algorithm(&header.alg).ok_or(MetadataRefusal::Algorithm)?;
    if header.x5c.is_empty() || header.x5c.len() > MOST_CERTIFICATES {
        return Err(MetadataRefusal::Certificate);
    }
    let read = |text: &String| from_base64(text).and_then(|der| Certificate::parse(&der).ok());
    let chain: Option<Vec<Certificate>> = header.x5c.iter().map(read).collect();
    let chain = chain.ok_or(MetadataRefusal::Certificate)?;
    x509::validate_path(&chain, &signer.roots, now).map_err(MetadataRefusal::Chain)?;
    let leaf = chain.first().ok_or(MetadataRefusal::Certificate)?;
    if !is_named(leaf, &signer.name) {
        return Err(MetadataRefusal::Name);
    }
    leaf.public_key(algorithm).map_err(|_| MetadataRefusal::Key)
}

/// Host names decide where there are any; the common name is for certificates that have none (RFC 6125 section 6.4.4).
fn is_named(leaf: &Certificate, name: &str) -> bool {
    match leaf.host_names() {
        Ok(names) if names.is_empty() => leaf.subject(oid::COMMON_NAME).eq([name]),
        Ok(names) => names.iter().any(|host| host.eq_ignore_ascii_case(name)),
        Err(_) => false,
    }
}
