//! Attestation statements (WebAuthn Level 3 section 8): which formats there are, and what they prove.
//!
//! Each format is one file with one function that takes the statement and what it was signed over, and gives
//! the kind of attestation and the trust path. Whether the path leads to an anchor is judged here, for all.

use fido::authenticator_data::AttestedCredential;
use primitives::cbor::Value;
use primitives::cose::{Algorithm, PublicKey};
use primitives::digest::Digest;
use primitives::time::Timestamp;
use primitives::x509::{self, Certificate};

mod android_key;
mod apple;
mod compound;
mod fido_u2f;
mod members;
mod none;
mod packed;
mod refusal;
mod tpm;

pub(crate) use fido_u2f::FORMAT as FIDO_U2F;
use members::Members;
pub use refusal::{AttestationCertificateRefusal, AttestationRefusal, StatementRefusal, UntrustedReason};

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

/// From where to where a trusted attestation leads, both in DER.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TrustedPath {
    /// The certificate whose key signed the statement.
    pub leaf: Vec<u8>,
    /// The anchor.
    pub anchor: Vec<u8>,
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

impl AttestationKind {
    /// How much it says about the authenticator, for the compound format.
    fn strength(self) -> u8 {
        match self {
            AttestationKind::None => 0,
            AttestationKind::SelfSigned => 1,
            AttestationKind::Basic => 2,
            AttestationKind::AnonCa => 3,
            AttestationKind::AttCa => 4,
        }
    }
}

/// A certificate to which attestations may lead, explicitly configured by the relying party.
#[derive(Clone, Debug)]
pub struct TrustAnchor {
    /// A root, an intermediate or the attestation certificate itself.
    pub certificate: Certificate,
    /// What it certifies.
    pub kind: AnchorKind,
    /// COSE algorithms of the passkeys that it vouches for; any where empty. Metadata says what a model makes, and what
    /// it does not make is not its work.
    pub algorithms: Vec<i64>,
}

impl TrustAnchor {
    /// Whether it vouches for passkeys of that algorithm.
    pub(crate) fn vouches_for(&self, algorithm: Algorithm) -> bool {
        self.algorithms.is_empty() || self.algorithms.contains(&algorithm.id())
    }
}

/// The "externally provided knowledge" of section 8.2 that tells Basic attestation from AttCA.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum AnchorKind {
    /// Keys that authenticators of a batch share.
    #[default]
    Basic,
    /// Keys of single authenticators: it belongs to an attestation authority.
    AttCa,
}

impl From<Certificate> for TrustAnchor {
    /// An anchor of the default kind.
    fn from(certificate: Certificate) -> Self {
        Self { certificate, kind: AnchorKind::default(), algorithms: Vec::new() }
    }
}

impl AsRef<Certificate> for TrustAnchor {
    fn as_ref(&self) -> &Certificate {
        &self.certificate
    }
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
    /// What it says: one claim, or in the compound format one for each statement inside.
    pub(crate) claims: Vec<Claim>,
}

/// What one statement says about the credential, and what speaks for it.
pub(crate) struct Claim {
    pub(crate) kind: AttestationKind,
    /// Whether the kind is [`AttestationKind::AttCa`] if the anchor says so.
    pub(crate) kind_by_anchor: bool,
    /// Certificates, leaf first; empty where none are involved.
    pub(crate) trust_path: Vec<Certificate>,
    /// A rule that the statement breaks and that yields to an explicitly configured anchor: what refuses it
    /// unless the path leads to one.
    pub(crate) unless_trusted: Option<AttestationRefusal>,
}

impl Claim {
    /// A claim that stands by itself.
    pub(crate) fn new(kind: AttestationKind, trust_path: Vec<Certificate>) -> Self {
        Self { kind, kind_by_anchor: false, trust_path, unless_trusted: None }
    }

    fn path_to(&self, anchor: &TrustAnchor) -> TrustedPath {
        let leaf = self.trust_path.first().map(|leaf| leaf.der().to_vec()).unwrap_or_default();
        TrustedPath { leaf, anchor: anchor.certificate.der().to_vec() }
    }

    /// The kind, and whether there is a path from the certificates to one of `anchors` at `now`.
    fn assess(&self, anchors: &[TrustAnchor], now: Timestamp) -> Result<Assessed, AttestationRefusal> {
        let path = match self.kind {
            AttestationKind::None => Err(UntrustedReason::NoAttestation),
            AttestationKind::SelfSigned => Err(UntrustedReason::SelfAttestation),
            AttestationKind::Basic | AttestationKind::AttCa | AttestationKind::AnonCa => {
                x509::validate_path(&self.trust_path, anchors, now).map_err(UntrustedReason::Path)
            }
        };
        let trust = path.map(|anchor| self.path_to(anchor));
        match (path, self.unless_trusted) {
            (Ok(anchor), _) if self.kind_by_anchor && anchor.kind == AnchorKind::AttCa => {
                Ok(Assessed { kind: AttestationKind::AttCa, trust })
            }
            (Err(_), Some(refusal)) => Err(refusal),
            _ => Ok(Assessed { kind: self.kind, trust }),
        }
    }
}

/// A claim with the judgement of step 24.
pub(crate) struct Assessed {
    pub(crate) kind: AttestationKind,
    pub(crate) trust: Result<TrustedPath, UntrustedReason>,
}

impl Verified {
    /// Step 24: the claim that is trusted or, if none is, the strongest.
    pub(crate) fn assess(
        &self,
        anchors: &[TrustAnchor],
        now: Timestamp,
    ) -> Result<Assessed, AttestationRefusal> {
        let mut best = Assessed { kind: AttestationKind::None, trust: Err(UntrustedReason::NoAttestation) };
        for claim in &self.claims {
            let assessed = claim.assess(anchors, now)?;
            let rank = |assessed: &Assessed| (assessed.trust.is_ok(), assessed.kind.strength());
            if rank(&assessed) > rank(&best) {
                best = assessed;
            }
        }
        Ok(best)
    }
}

/// Steps 21 and 22 of section 7.1: finds the format and runs its verification procedure.
pub(crate) fn verify(
    format: &str,
    statement: &Value<'_>,
    signed: &Signed<'_>,
) -> Result<Verified, AttestationRefusal> {
    if format == compound::FORMAT {
        return compound::verify(statement, signed);
    }
    let (format, claim) = verify_single(format, statement, signed)?;
    Ok(Verified { format, claims: vec![claim] })
}

/// The procedure of any format but compound.
fn verify_single(
    format: &str,
    statement: &Value<'_>,
    signed: &Signed<'_>,
) -> Result<(&'static str, Claim), AttestationRefusal> {
    let (format, claim) = match format {
        none::FORMAT => (none::FORMAT, none::verify(statement)),
        packed::FORMAT => (packed::FORMAT, packed::verify(statement, signed)),
        tpm::FORMAT => (tpm::FORMAT, tpm::verify(statement, signed)),
        android_key::FORMAT => (android_key::FORMAT, android_key::verify(statement, signed)),
        apple::FORMAT => (apple::FORMAT, apple::verify(statement, signed)),
        fido_u2f::FORMAT => (fido_u2f::FORMAT, fido_u2f::verify(statement, signed)),
        _ => return Err(AttestationRefusal::UnknownFormat),
    };
    Ok((format, claim?))
}

/// Most certificates in a statement: as many as a path may have.
const MOST_CERTIFICATES: usize = 8;

/// The leaf of `chain` with its key for use with `algorithm`.
fn leaf_key(
    chain: &[Certificate],
    algorithm: Algorithm,
) -> Result<(&Certificate, PublicKey), AttestationRefusal> {
    let leaf = chain.first().ok_or(AttestationRefusal::Statement(StatementRefusal::NoCertificate))?;
    let key = leaf
        .public_key(algorithm)
        .map_err(|_| AttestationRefusal::Certificate(AttestationCertificateRefusal::Key))?;
    Ok((leaf, key))
}

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

/// "If attestnCert contains an extension with OID 1.3.6.1.4.1.45724.1.1.4 (id-fido-gen-ce-aaguid) verify that
/// the value of this extension matches the aaguid in authenticatorData" (sections 8.2 and 8.3).
fn check_aaguid(leaf: &Certificate, signed: &Signed<'_>) -> Result<(), AttestationRefusal> {
    let aaguid = leaf.aaguid().map_err(|refusal| AttestationRefusal::Certificate(refusal.into()))?;
    match aaguid {
        Some(aaguid) if aaguid != signed.credential.aaguid => Err(AttestationRefusal::Aaguid),
        _ => Ok(()),
    }
}

/// Whether the certificate's key is the credential's (sections 8.4 and 8.8).
fn check_certified_key(leaf: &Certificate, signed: &Signed<'_>) -> Result<(), AttestationRefusal> {
    match leaf.public_key(signed.public_key.algorithm()) {
        Ok(key) if key == *signed.public_key => Ok(()),
        _ => Err(AttestationRefusal::Statement(StatementRefusal::CertificateKey)),
    }
}

/// Refuses a leaf that was made for another format: who trusts the authority of keys that live in phones or TPMs does
/// not thereby trust what each of these keys may sign (sections 8.2 and 8.6 presume a key for attestation).
fn check_purpose(leaf: &Certificate) -> Result<(), AttestationCertificateRefusal> {
    let usages = leaf.extended_key_usages().unwrap_or_default();
    let foreign = leaf.extension(android_key::KEY_DESCRIPTION).is_some()
        || leaf.extension(apple::NONCE).is_some()
        || usages.contains(&tpm::AIK_CERTIFICATE);
    if foreign { Err(AttestationCertificateRefusal::ForeignPurpose) } else { Ok(()) }
}

/// Whether the basic constraints are there and say that the subject is no authority (sections 8.2.1, 8.3.1).
fn is_end_certificate(certificate: &Certificate) -> bool {
    certificate.basic_constraints().is_some_and(|constraints| !constraints.ca)
}

#[cfg(test)]
mod testing;
#[cfg(test)]
mod tests;
