//! Words about attestation: statements, certificates, trust.

use primitives::encoding::hex;
use primitives::x509::{CertificateRefusal, PathRefusal};

use super::super::case::Asked;
use super::super::judge::View;
use super::super::{shown, topics};
use super::Words;
use crate::attestation::{
    AttestationCertificateRefusal, AttestationRefusal, StatementRefusal, UntrustedReason,
};

pub(super) fn refused(refusal: AttestationRefusal, view: &View<'_>) -> Words {
    let format = shown::text(view.facts.format.as_deref().unwrap_or_default());
    match refusal {
        AttestationRefusal::UnknownFormat => {
            Words::new(format!("The attestation statement has the format {format}, which is not known here."))
        }
        AttestationRefusal::Statement(refusal) => {
            let words = Words::new(format!("The {format} attestation statement {}.", statement(refusal)));
            match statement_remedy(refusal) {
                Some(remedy) => words.with_remedy(remedy),
                None => words,
            }
        }
        AttestationRefusal::Signature => Words::new(format!(
            "The signature in the {format} attestation statement is not that of {} over this ceremony.",
            view.facts
                .subjects
                .first()
                .map_or_else(|| "the credential's key".to_owned(), |name| format!("the key of {name}"))
        )),
        AttestationRefusal::Certificate(refusal) => {
            let words = Words::new(format!(
                "A certificate in the {format} attestation statement, of {}, {}.",
                subjects(view),
                certificate(refusal)
            ));
            match certificate_remedy(refusal) {
                Some(remedy) => words.with_remedy(remedy),
                None => words,
            }
        }
        AttestationRefusal::Aaguid => Words::new(format!(
            "The authenticator data say the model (AAGUID) {}, and the {format} attestation, with the certificate of {}, does not bear that out.",
            aaguid(view),
            subjects(view)
        )),
    }
}

pub(super) fn untrusted(reason: UntrustedReason, view: &View<'_>) -> Words {
    match reason {
        UntrustedReason::NoAttestation => Words::new("Trusted attestation is required, and there is none.")
            .with_remedy("Ask for attestation (`direct`) and let the person allow it, or use an approved security key."),
        UntrustedReason::SelfAttestation => {
            Words::new("Trusted attestation is required, and the credential attests only itself.")
                .with_remedy("Use an authenticator with a certificate of its vendor.")
        }
        UntrustedReason::Path(refusal) => {
            let words = Words::new(format!(
                "The attestation certificates, of {}, lead to no anchor at {}: {} ({}).",
                subjects(view),
                view.now,
                path(refusal),
                topics::anchors(view)
            ));
            match path_remedy(refusal, view) {
                Some(remedy) => words.with_remedy(remedy),
                None => words,
            }
        }
    }
}

fn subjects(view: &View<'_>) -> String {
    let subjects = &view.facts.subjects;
    if subjects.is_empty() { "an unknown subject".to_owned() } else { subjects.join(", ") }
}

/// The model as people write it.
fn aaguid(view: &View<'_>) -> String {
    let credential = view.facts.data.as_ref().and_then(|data| data.credential.as_ref());
    let text = credential.map(|credential| hex(&credential.aaguid)).unwrap_or_default();
    let part = |from: usize, to: usize| text.get(from..to).unwrap_or_default();
    [part(0, 8), part(8, 12), part(12, 16), part(16, 20), part(20, 32)].join("-")
}

fn path(refusal: PathRefusal) -> &'static str {
    match refusal {
        PathRefusal::NoAnchor => "the chain ends before one",
        PathRefusal::ChainTooLong => "the chain is longer than any real one",
        PathRefusal::NotValidNow => "a certificate is not valid at that time",
        PathRefusal::Signature => "a certificate was not issued by the next one",
        PathRefusal::NotAnAuthority => "an issuer is no certification authority",
        PathRefusal::KeyUsage => "a key is used for what its certificate does not allow",
        PathRefusal::PathLength => "there are more intermediates than an issuer allows",
        PathRefusal::CriticalExtension => "a critical extension is not understood",
        PathRefusal::TooManyKeys => "more anchors bear the issuer's name than are tried",
    }
}

fn path_remedy(refusal: PathRefusal, view: &View<'_>) -> Option<&'static str> {
    let anchored = matches!(view.asked, Asked::Registration { anchors, .. } if !anchors.is_empty());
    match refusal {
        PathRefusal::NoAnchor if !anchored => {
            Some("Configure the attestation roots of the vendors that you approve.")
        }
        PathRefusal::NoAnchor => None,
        PathRefusal::TooManyKeys => {
            Some("Take anchors away that nobody needs: a name with more than four keys is ambiguous.")
        }
        PathRefusal::NotValidNow => {
            Some("Check the server's clock; if it is right, get the vendor's current certificates.")
        }
        PathRefusal::ChainTooLong
        | PathRefusal::Signature
        | PathRefusal::NotAnAuthority
        | PathRefusal::KeyUsage
        | PathRefusal::PathLength
        | PathRefusal::CriticalExtension => Some(
            "The vendor's certificates break the rules: use another model, or make the intermediate itself an anchor.",
        ),
    }
}

fn statement(refusal: StatementRefusal) -> &'static str {
    match refusal {
        StatementRefusal::NotAMap => "is no map",
        StatementRefusal::NotEmpty => "is not empty, as it must be",
        StatementRefusal::MemberMissing => "lacks a member",
        StatementRefusal::MemberType => "has a member of the wrong type",
        StatementRefusal::ForeignMember => "has a member that the format does not have",
        StatementRefusal::NoCertificate => "has an empty list of certificates",
        StatementRefusal::TooManyCertificates => "has more certificates than any chain",
        StatementRefusal::NotOneCertificate => "has not exactly one certificate",
        StatementRefusal::AlgorithmUnknown => "names an algorithm that is not known here",
        StatementRefusal::AlgorithmNotCredentials => "names another algorithm than the credential's",
        StatementRefusal::CertificateKey => "certifies another key than the credential's",
        StatementRefusal::CredentialKey => "is for a key on P-256, and the credential's is another",
        StatementRefusal::TpmVersion => "is not of TPM version 2.0",
        StatementRefusal::PublicArea => "has a `pubArea` that is no signing key",
        StatementRefusal::PublicAreaKey => "has a `pubArea` with another key than the credential's",
        StatementRefusal::NameAlgorithm => "has a `pubArea` with a hash that is not known here",
        StatementRefusal::CertInfo => "has a `certInfo` that cannot be read",
        StatementRefusal::Magic => "has a `certInfo` that no TPM made",
        StatementRefusal::AttestType => "has a `certInfo` about something else than a key",
        StatementRefusal::ExtraData => "was made over another ceremony (`extraData`)",
        StatementRefusal::AttestedName => "attests another key than that in `pubArea`",
        StatementRefusal::AndroidChallenge => "was made over another ceremony (`attestationChallenge`)",
        StatementRefusal::AppleNonce => "was made over another ceremony (nonce)",
        StatementRefusal::NotAnArray => "is no list of statements",
        StatementRefusal::TooFewStatements => "has fewer than two statements",
        StatementRefusal::TooManyStatements => "has more statements than are looked at",
        StatementRefusal::Nested => "holds a compound statement in itself",
    }
}

fn statement_remedy(refusal: StatementRefusal) -> Option<&'static str> {
    match refusal {
        StatementRefusal::ExtraData | StatementRefusal::AndroidChallenge | StatementRefusal::AppleNonce => {
            Some("Register again; if it comes back, an old attestation is being replayed.")
        }
        StatementRefusal::AlgorithmUnknown => Some(
            "Use an authenticator that attests with an algorithm known here, or do not ask for attestation.",
        ),
        _ => None,
    }
}

fn certificate(refusal: AttestationCertificateRefusal) -> &'static str {
    match refusal {
        AttestationCertificateRefusal::Unreadable(refusal) => unreadable(refusal),
        AttestationCertificateRefusal::Key => "has a key that does not fit",
        AttestationCertificateRefusal::Version => "is not of version 3",
        AttestationCertificateRefusal::SubjectCountry => "lacks the two letters of a country",
        AttestationCertificateRefusal::SubjectOrganization => "lacks an organisation",
        AttestationCertificateRefusal::SubjectOrganizationalUnit => {
            "is not of the organisational unit \"Authenticator Attestation\""
        }
        AttestationCertificateRefusal::SubjectCommonName => "lacks a common name",
        AttestationCertificateRefusal::BasicConstraints => "does not say that it is no authority",
        AttestationCertificateRefusal::SubjectNotEmpty => "has a subject, which a TPM's must not have",
        AttestationCertificateRefusal::AlternativeName => {
            "does not name the TPM's manufacturer, model and version"
        }
        AttestationCertificateRefusal::Manufacturer => "is of a manufacturer that makes no TPMs",
        AttestationCertificateRefusal::ExtendedKeyUsage => "is not for attestation keys of a TPM",
        AttestationCertificateRefusal::ExtensionMissing => "lacks the extension on which the format rests",
        AttestationCertificateRefusal::ExtensionShape => "has an extension that cannot be read",
        AttestationCertificateRefusal::SecurityLevel => "attests a key that no secure hardware holds",
        AttestationCertificateRefusal::AllApplications => "attests a key that every application may use",
        AttestationCertificateRefusal::Origin => "does not say that the hardware generated the key",
        AttestationCertificateRefusal::ForeignPurpose => "is made for another attestation format",
        AttestationCertificateRefusal::Purpose => "does not say that the key is for signing alone",
    }
}

fn certificate_remedy(refusal: AttestationCertificateRefusal) -> Option<&'static str> {
    match refusal {
        AttestationCertificateRefusal::SecurityLevel
        | AttestationCertificateRefusal::AllApplications
        | AttestationCertificateRefusal::Origin
        | AttestationCertificateRefusal::Purpose => {
            Some("Use a device whose keys live in secure hardware, or do not ask for attestation.")
        }
        AttestationCertificateRefusal::Manufacturer => {
            Some("It is a software or test TPM: use real hardware, or configure its root as an anchor.")
        }
        _ => None,
    }
}

fn unreadable(refusal: CertificateRefusal) -> &'static str {
    match refusal {
        CertificateRefusal::TooLong => "is longer than 16 KiB",
        CertificateRefusal::Der => "is not DER",
        CertificateRefusal::TrailingBytes => "is followed by something else",
        CertificateRefusal::SignatureAlgorithm => {
            "names two signature algorithms, or is no strict DER around the signature"
        }
        CertificateRefusal::DuplicateExtension => "has an extension twice",
        CertificateRefusal::TooMany => "has more extensions or names than any real one",
        CertificateRefusal::Extension => "has an extension that cannot be read",
        CertificateRefusal::AaguidCritical => "marks its model (AAGUID) as critical",
        CertificateRefusal::AaguidShape => "has a model (AAGUID) that is not 16 bytes",
    }
}
