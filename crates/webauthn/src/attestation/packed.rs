//! Format `packed` (WebAuthn Level 3 section 8.2): by the credential itself, or by certificates.

use primitives::cbor::Value;
use primitives::cose::Algorithm;
use primitives::x509::{Certificate, oid};

use super::{
    AttestationCertificateRefusal, AttestationKind, AttestationRefusal, Claim, Members, Signed,
    StatementRefusal, certificates, check_aaguid, check_purpose, is_end_certificate, leaf_key,
};

pub(super) const FORMAT: &str = "packed";

/// The verification procedure of section 8.2.
pub(super) fn verify(statement: &Value<'_>, signed: &Signed<'_>) -> Result<Claim, AttestationRefusal> {
    // "Verify that attStmt is valid CBOR conforming to the syntax defined above."
    let members = Members::of(statement, &["alg", "sig", "x5c"])?;
    let (alg, sig) = (members.integer("alg")?, members.bytes("sig")?);
    match members.optional("x5c") {
        Some(x5c) => by_certificate(alg, sig, x5c, signed),
        None => by_credential(alg, sig, signed),
    }
}

/// "If x5c is present".
fn by_certificate(
    alg: i64,
    sig: &[u8],
    x5c: &Value<'_>,
    signed: &Signed<'_>,
) -> Result<Claim, AttestationRefusal> {
    let trust_path = certificates(x5c)?;
    let algorithm = Algorithm::from_id(alg).ok_or(StatementRefusal::AlgorithmUnknown)?;
    // "Verify that sig is a valid signature … using the attestation public key in attestnCert with the
    // algorithm specified in alg."
    let (leaf, key) = leaf_key(&trust_path, algorithm)?;
    key.verify(&signed.message(), sig).map_err(|_| AttestationRefusal::Signature)?;
    // "Verify that attestnCert meets the requirements in § 8.2.1."
    check_certificate(leaf)?;
    check_purpose(leaf)?;
    // "If attestnCert contains an extension with OID 1.3.6.1.4.1.45724.1.1.4 … verify".
    check_aaguid(leaf, signed)?;
    // "Optionally, inspect x5c and consult externally provided knowledge to determine whether attStmt conveys
    // a Basic or AttCA attestation": the anchor knows; without one the more common kind is reported.
    Ok(Claim { kind_by_anchor: true, ..Claim::new(AttestationKind::Basic, trust_path) })
}

/// "If x5c is not present, self attestation is in use."
fn by_credential(alg: i64, sig: &[u8], signed: &Signed<'_>) -> Result<Claim, AttestationRefusal> {
    // "Validate that alg matches the algorithm of the credentialPublicKey in authenticatorData."
    if alg != signed.public_key.algorithm().id() {
        return Err(StatementRefusal::AlgorithmNotCredentials.into());
    }
    // "Verify that sig is a valid signature … using the credential public key with alg."
    signed.public_key.verify(&signed.message(), sig).map_err(|_| AttestationRefusal::Signature)?;
    Ok(Claim::new(AttestationKind::SelfSigned, Vec::new()))
}

/// Section 8.2.1: certificate requirements for packed attestation statements.
fn check_certificate(certificate: &Certificate) -> Result<(), AttestationCertificateRefusal> {
    use AttestationCertificateRefusal as Refusal;
    let one = |oid: &[u8], holds: fn(&str) -> bool| {
        let mut values = certificate.subject(oid);
        values.next().is_some_and(holds)
    };
    let country = |text: &str| text.len() == 2 && text.bytes().all(|byte| byte.is_ascii_alphabetic());
    let rules = [
        (certificate.version() == 3, Refusal::Version),
        (one(oid::COUNTRY, country), Refusal::SubjectCountry),
        (one(oid::ORGANIZATION, |text| !text.is_empty()), Refusal::SubjectOrganization),
        (
            one(oid::ORGANIZATIONAL_UNIT, |text| text == "Authenticator Attestation"),
            Refusal::SubjectOrganizationalUnit,
        ),
        (one(oid::COMMON_NAME, |text| !text.is_empty()), Refusal::SubjectCommonName),
        (is_end_certificate(certificate), Refusal::BasicConstraints),
    ];
    match rules.into_iter().find(|(holds, _)| !holds) {
        None => Ok(()),
        Some((_, refusal)) => Err(refusal),
    }
}

#[cfg(test)]
mod tests;
