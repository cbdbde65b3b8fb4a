//! Attestation statements (WebAuthn Level 3 section 8): which formats there are, and what they prove.
//!
//! Each format is one file with one function that takes the statement and what it was signed over, and gives
//! the kind of attestation and the trust path. Whether the path leads to an anchor is judged here, for all.

use fido::authenticator_data::AttestedCredential;
use primitives::cbor::Value;
use primitives::cose::PublicKey;
use primitives::digest::Digest;
use primitives::time::Timestamp;
use primitives::x509::{self, Certificate, CertificateRefusal, PathRefusal};

mod none;
mod packed;

/// What an attestation proved.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Attestation {
    /// The format's identifier.
    pub format: &'static str,
    /// The type (section 6.5.3).
    pub kind: AttestationKind,
    /// Whether it leads to one of the given anchors.
    pub trusted: bool,
}

/// Attestation types (section 6.5.3).
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum AttestationKind {
    /// Nothing is attested.
    None,
    /// Signed by the credential itself, which attests nothing about the authenticator.
    SelfSigned,
    /// By a key that the authenticator shares with its batch.
    Basic,
    /// By a key of its own, certified by an attestation authority.
    AttCa,
    /// By a key made for this credential, certified by an anonymisation authority.
    AnonCa,
}

/// What a statement is made over.
pub(crate) struct Signed<'a> {
    pub(crate) authenticator_data: &'a [u8],
    pub(crate) client_data_hash: &'a Digest,
    pub(crate) credential: &'a AttestedCredential<'a>,
    pub(crate) public_key: &'a PublicKey,
}

impl Signed<'_> {
    /// authenticatorData || clientDataHash.
    pub(crate) fn message(&self) -> Vec<u8> {
        [self.authenticator_data, self.client_data_hash].concat()
    }
}

/// A statement that holds.
pub(crate) struct Verified {
    pub(crate) format: &'static str,
    pub(crate) kind: AttestationKind,
    /// Certificates, leaf first; empty where none are involved.
    pub(crate) trust_path: Vec<Certificate>,
}

impl Verified {
    /// Step 24: whether there is a path from the statement's certificates to one of `anchors` at `now`.
    pub(crate) fn assess(&self, anchors: &[Certificate], now: Timestamp) -> Result<(), UntrustedReason> {
        match self.kind {
            AttestationKind::None => Err(UntrustedReason::NoAttestation),
            AttestationKind::SelfSigned => Err(UntrustedReason::SelfAttestation),
            AttestationKind::Basic | AttestationKind::AttCa | AttestationKind::AnonCa => {
                x509::validate_path(&self.trust_path, anchors, now).map_err(UntrustedReason::Path)
            }
        }
    }
}

/// Steps 21 and 22 of section 7.1: finds the format and runs its verification procedure.
pub(crate) fn verify(
    format: &str,
    statement: &Value<'_>,
    signed: &Signed<'_>,
) -> Result<Verified, AttestationRefusal> {
    match format {
        none::FORMAT => none::verify(statement),
        packed::FORMAT => packed::verify(statement, signed),
        _ => Err(AttestationRefusal::UnknownFormat),
    }
}

/// Most certificates in a statement.
const MOST_CERTIFICATES: usize = 8;

/// The certificates under `x5c`, leaf first.
fn certificates(x5c: &Value<'_>) -> Result<Vec<Certificate>, AttestationRefusal> {
    let items = x5c.as_array().ok_or(AttestationRefusal::Statement(StatementRefusal::MemberType))?;
    if items.is_empty() {
        return Err(AttestationRefusal::Statement(StatementRefusal::NoCertificate));
    }
    if items.len() > MOST_CERTIFICATES {
        return Err(AttestationRefusal::Statement(StatementRefusal::TooManyCertificates));
    }
    items
        .iter()
        .map(|item| {
            let der = item.as_bytes().ok_or(AttestationRefusal::Statement(StatementRefusal::MemberType))?;
            Certificate::parse(der).map_err(|refusal| AttestationRefusal::Certificate(refusal.into()))
        })
        .collect()
}

/// Why an attestation statement does not hold.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AttestationRefusal {
    /// The format is not one of those that are understood.
    UnknownFormat,
    /// The statement's members are wrong, or disagree with the ceremony.
    Statement(StatementRefusal),
    /// The signature is not the attestation key's over this ceremony.
    Signature,
    /// A certificate cannot be read, or breaks the format's rules about it.
    Certificate(AttestationCertificateRefusal),
    /// The certificate is for another model than the authenticator data say.
    Aaguid,
}

impl AttestationRefusal {
    /// The stable code of the rule.
    pub fn code(self) -> &'static str {
        match self {
            AttestationRefusal::UnknownFormat => "attestation_format",
            AttestationRefusal::Statement(StatementRefusal::TooManyCertificates)
            | AttestationRefusal::Certificate(AttestationCertificateRefusal::Unreadable(
                CertificateRefusal::TooLong | CertificateRefusal::TooMany,
            )) => "resource_limit",
            AttestationRefusal::Statement(_) => "attestation_statement",
            AttestationRefusal::Signature => "attestation_signature",
            AttestationRefusal::Certificate(_) => "attestation_certificate",
            AttestationRefusal::Aaguid => "aaguid",
        }
    }
}

/// What is wrong with a statement's members.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum StatementRefusal {
    /// Not a map.
    NotAMap,
    /// The statement of format `none` is not empty.
    NotEmpty,
    /// A member that must be there is not.
    MemberMissing,
    /// A member has the wrong type.
    MemberType,
    /// A member that the format does not have.
    ForeignMember,
    /// `x5c` is empty.
    NoCertificate,
    /// `x5c` has more certificates than any chain.
    TooManyCertificates,
    /// `alg` is not an algorithm that is understood.
    AlgorithmUnknown,
    /// `alg` of a self attestation is not the credential's algorithm.
    AlgorithmNotCredentials,
}

/// What is wrong with an attestation certificate.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AttestationCertificateRefusal {
    /// It cannot be read.
    Unreadable(CertificateRefusal),
    /// Its key does not fit `alg`.
    Key,
    /// Its version is not 3.
    Version,
    /// Its subject lacks a two-letter country.
    SubjectCountry,
    /// Its subject lacks an organisation.
    SubjectOrganization,
    /// Its subject's organisational unit is not `Authenticator Attestation`.
    SubjectOrganizationalUnit,
    /// Its subject lacks a common name.
    SubjectCommonName,
    /// Its basic constraints are missing or make it an authority.
    BasicConstraints,
}

impl From<CertificateRefusal> for AttestationCertificateRefusal {
    fn from(refusal: CertificateRefusal) -> Self {
        AttestationCertificateRefusal::Unreadable(refusal)
    }
}

/// Why an attestation that holds is not trusted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum UntrustedReason {
    /// There is none.
    NoAttestation,
    /// The credential attests itself.
    SelfAttestation,
    /// Its certificates lead to no anchor.
    Path(PathRefusal),
}
