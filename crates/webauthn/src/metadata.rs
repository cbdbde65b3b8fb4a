//! FIDO metadata (FIDO Metadata Service 3.1): what vendors and the Alliance say about models of authenticators.
//!
//! A *blob* is a signed list. Its signature is judged strictly: the algorithms of an asymmetric key, a chain to a root
//! that the caller trusts, the name of who may sign, each certificate valid now. What is inside is read tolerantly:
//! fields that nobody knew when this was written are passed over, and an entry that cannot be read is named and left
//! out, because a vendor's slip must not take the other models' revocations with it.

mod entry;
mod header;
mod payload;
mod roots;
mod statement;

use primitives::jws::{Compact, JwsRefusal};
use primitives::time::{Span, Timestamp};
use primitives::x509::{Certificate, PathRefusal};

pub use entry::{Entry, Key, Report};
pub use payload::Fault;
pub use roots::{ALLIANCE, alliance_roots};

/// Longest blob that is looked at, in bytes. That of 2026 has seven million, most of them icons.
pub const LONGEST: usize = 32 * 1024 * 1024;

/// Who may sign a blob.
#[derive(Clone, Debug)]
pub struct Signer {
    /// To one of these the chain of certificates must lead.
    pub roots: Vec<Certificate>,
    /// The host name, or where a certificate has none the common name, of who signs.
    pub name: String,
}

impl Signer {
    /// The FIDO Alliance.
    pub fn alliance() -> Self {
        Self { roots: alliance_roots(), name: ALLIANCE.to_owned() }
    }
}

/// A blob that the right one signed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Blob {
    /// Its number, which rises with every issue.
    pub number: i64,
    /// The day by which there is a newer one.
    pub next_update: Timestamp,
    /// What could be read, in its order; no model stands twice.
    pub entries: Vec<Entry>,
    /// What could not.
    pub faults: Vec<Fault>,
}

impl Blob {
    /// Whether there should have been a newer one for longer than `grace`. Somebody who holds updates back shows an old
    /// blob.
    pub fn is_overdue(&self, now: Timestamp, grace: Span) -> bool {
        self.next_update + grace < now
    }
}

/// Reads a blob that `signer` signed, at `now`.
pub fn read(bytes: &[u8], signer: &Signer, now: Timestamp) -> Result<Blob, MetadataRefusal> {
    if bytes.len() > LONGEST {
        return Err(MetadataRefusal::TooLong);
    }
    // Files end with a line break.
    let text = std::str::from_utf8(bytes).map_err(|_| MetadataRefusal::Jws(JwsRefusal::Base64))?.trim_ascii();
    let compact = Compact::split(text)?;
    let key = header::signing_key(&compact.header()?, signer, now)?;
    payload::read(&compact.verified_payload(&key)?)
}

/// Why a blob is not taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MetadataRefusal {
    /// Longer than [`LONGEST`].
    TooLong,
    /// No signature, or not that of the certificate.
    Jws(JwsRefusal),
    /// The header is no JSON object with an algorithm and certificates.
    Header,
    /// The header has members that must be understood and are not (`crit`, RFC 7515 section 4.1.11).
    Critical,
    /// The algorithm is not one of those that are allowed.
    Algorithm,
    /// A certificate cannot be read, or there are none or too many.
    Certificate,
    /// The certificates lead to no root that is trusted.
    Chain(PathRefusal),
    /// The certificate belongs to somebody else.
    Name,
    /// The certificate's key does not fit the algorithm.
    Key,
    /// The payload is no JSON object with `no`, `nextUpdate` and `entries`.
    Payload,
}

impl From<JwsRefusal> for MetadataRefusal {
    fn from(refusal: JwsRefusal) -> Self {
        Self::Jws(refusal)
    }
}

impl MetadataRefusal {
    /// The stable code.
    pub fn code(self) -> &'static str {
        match self {
            Self::TooLong => "metadata_too_long",
            Self::Jws(refusal) => refusal.code(),
            Self::Header => "metadata_header",
            Self::Critical => "metadata_critical",
            Self::Algorithm => "metadata_algorithm",
            Self::Certificate => "metadata_certificate",
            Self::Chain(PathRefusal::NotValidNow) => "metadata_certificate_expired",
            Self::Chain(_) => "metadata_chain",
            Self::Name => "metadata_signer",
            Self::Key => "metadata_key",
            Self::Payload => "metadata_payload",
        }
    }
}

#[cfg(test)]
mod tests;
