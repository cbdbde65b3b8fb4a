//! Why an attestation does not hold, or is not trusted.

use primitives::x509::{CertificateRefusal, PathRefusal};

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
    /// The certificate is for another model than the authenticator data say, or the format knows no models.
    Aaguid,
}

impl From<StatementRefusal> for AttestationRefusal {
    fn from(refusal: StatementRefusal) -> Self {
        AttestationRefusal::Statement(refusal)
    }
}

impl From<AttestationCertificateRefusal> for AttestationRefusal {
    fn from(refusal: AttestationCertificateRefusal) -> Self {
        AttestationRefusal::Certificate(refusal)
    }
}

impl AttestationRefusal {
    /// The stable code of the rule.
    pub fn code(self) -> &'static str {
        match self {
            AttestationRefusal::UnknownFormat => "attestation_format",
            AttestationRefusal::Statement(
                StatementRefusal::TooManyCertificates | StatementRefusal::TooManyStatements,
            )
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

/// What is wrong with a statement's members, or how they disagree with the ceremony.
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
    /// `x5c` of `fido-u2f` has more than one certificate.
    NotOneCertificate,
    /// `alg` is not an algorithm that is understood here.
    AlgorithmUnknown,
    /// `alg` of a self attestation is not the credential's algorithm.
    AlgorithmNotCredentials,
    /// The first certificate's key is not the credential's.
    CertificateKey,
    /// `fido-u2f` with a credential key that is not one for ES256.
    CredentialKey,
    /// The TPM version is not 2.0.
    TpmVersion,
    /// `pubArea` is no TPMT_PUBLIC of a signing key.
    PublicArea,
    /// The key in `pubArea` is not the credential's.
    PublicAreaKey,
    /// `nameAlg` in `pubArea` is not SHA-256, SHA-384 or SHA-512.
    NameAlgorithm,
    /// `certInfo` is no TPMS_ATTEST.
    CertInfo,
    /// `magic` in `certInfo` does not say that a TPM made it.
    Magic,
    /// `type` in `certInfo` is not TPM_ST_ATTEST_CERTIFY.
    AttestType,
    /// `extraData` in `certInfo` is not the hash over this ceremony.
    ExtraData,
    /// `attested.name` in `certInfo` is not that of `pubArea`.
    AttestedName,
    /// `attestationChallenge` in the Android key description is not the hash of the client data.
    AndroidChallenge,
    /// The nonce in Apple's certificate is not the hash over this ceremony.
    AppleNonce,
    /// `compound` without an array of statements.
    NotAnArray,
    /// `compound` with fewer than two statements.
    TooFewStatements,
    /// `compound` with more statements than are looked at.
    TooManyStatements,
    /// `compound` within `compound`.
    Nested,
}

/// What is wrong with an attestation certificate.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AttestationCertificateRefusal {
    /// It cannot be read.
    Unreadable(CertificateRefusal),
    /// Its key does not fit `alg`, or is not the one that the format demands.
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
    /// The subject of a TPM's certificate is not empty.
    SubjectNotEmpty,
    /// A TPM's certificate does not name manufacturer, model and version once each.
    AlternativeName,
    /// The TPM's manufacturer is not in the registry of the Trusted Computing Group.
    Manufacturer,
    /// A TPM's certificate is not for attestation keys.
    ExtendedKeyUsage,
    /// The extension on which the format rests is missing.
    ExtensionMissing,
    /// The extension on which the format rests cannot be read.
    ExtensionShape,
    /// Neither a trusted execution environment nor StrongBox attests the Android key.
    SecurityLevel,
    /// Every application may use the Android key.
    AllApplications,
    /// The hardware does not say that it generated the Android key.
    Origin,
    /// The hardware does not say that the Android key is for signing alone.
    Purpose,
    /// Its key is one that another format attests, not one for attestation.
    ForeignPurpose,
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
