//! Format `packed` (WebAuthn Level 3 section 8.2): by the credential itself, or by certificates.

use primitives::cbor::{Key, Value};
use primitives::cose::Algorithm;
use primitives::x509::{Certificate, oid};

use super::{
    AttestationCertificateRefusal, AttestationKind, AttestationRefusal, Signed, StatementRefusal, Verified,
    certificates,
};

pub(super) const FORMAT: &str = "packed";

/// The verification procedure of section 8.2.
pub(super) fn verify(statement: &Value<'_>, signed: &Signed<'_>) -> Result<Verified, AttestationRefusal> {
    // "Verify that attStmt is valid CBOR conforming to the syntax defined above."
    let statement = Statement::read(statement).map_err(AttestationRefusal::Statement)?;
    match statement.x5c {
        Some(x5c) => by_certificate(&statement, x5c, signed),
        None => by_credential(&statement, signed),
    }
}

struct Statement<'s, 'a> {
    alg: i64,
    sig: &'a [u8],
    x5c: Option<&'s Value<'a>>,
}

impl<'s, 'a> Statement<'s, 'a> {
    fn read(value: &'s Value<'a>) -> Result<Self, StatementRefusal> {
        let entries = value.as_map().ok_or(StatementRefusal::NotAMap)?;
        let known = |key: &Key<'_>| matches!(key, Key::Text("alg" | "sig" | "x5c"));
        if !entries.iter().all(|(key, _)| known(key)) {
            return Err(StatementRefusal::ForeignMember);
        }
        let alg = value.get("alg").ok_or(StatementRefusal::MemberMissing)?;
        let sig = value.get("sig").ok_or(StatementRefusal::MemberMissing)?;
        Ok(Self {
            alg: alg.as_integer().ok_or(StatementRefusal::MemberType)?,
            sig: sig.as_bytes().ok_or(StatementRefusal::MemberType)?,
            x5c: value.get("x5c"),
        })
    }
}

/// "If x5c is present".
fn by_certificate(
    statement: &Statement<'_, '_>,
    x5c: &Value<'_>,
    signed: &Signed<'_>,
) -> Result<Verified, AttestationRefusal> {
    let trust_path = certificates(x5c)?;
    let leaf = trust_path.first().ok_or(AttestationRefusal::Statement(StatementRefusal::NoCertificate))?;
    let algorithm = Algorithm::from_id(statement.alg)
        .ok_or(AttestationRefusal::Statement(StatementRefusal::AlgorithmUnknown))?;
    // "Verify that sig is a valid signature … using the attestation public key in attestnCert with the
    // algorithm specified in alg."
    let key = leaf
        .public_key(algorithm)
        .map_err(|_| AttestationRefusal::Certificate(AttestationCertificateRefusal::Key))?;
    key.verify(&signed.message(), statement.sig).map_err(|_| AttestationRefusal::Signature)?;
    // "Verify that attestnCert meets the requirements in § 8.2.1."
    check_certificate(leaf).map_err(AttestationRefusal::Certificate)?;
    // "If attestnCert contains an extension with OID 1.3.6.1.4.1.45724.1.1.4 (id-fido-gen-ce-aaguid) verify
    // that the value of this extension matches the aaguid in authenticatorData."
    let aaguid = leaf.aaguid().map_err(|refusal| AttestationRefusal::Certificate(refusal.into()))?;
    if aaguid.is_some_and(|aaguid| aaguid != signed.credential.aaguid) {
        return Err(AttestationRefusal::Aaguid);
    }
    // "Optionally, inspect x5c and consult externally provided knowledge to determine whether attStmt conveys
    // a Basic or AttCA attestation": nothing in the statement tells, so the more common one is reported.
    Ok(Verified { format: FORMAT, kind: AttestationKind::Basic, trust_path })
}

/// "If x5c is not present, self attestation is in use."
fn by_credential(statement: &Statement<'_, '_>, signed: &Signed<'_>) -> Result<Verified, AttestationRefusal> {
    // "Validate that alg matches the algorithm of the credentialPublicKey in authenticatorData."
    if statement.alg != signed.public_key.algorithm().id() {
        return Err(AttestationRefusal::Statement(StatementRefusal::AlgorithmNotCredentials));
    }
    // "Verify that sig is a valid signature … using the credential public key with alg."
    signed.public_key.verify(&signed.message(), statement.sig).map_err(|_| AttestationRefusal::Signature)?;
    Ok(Verified { format: FORMAT, kind: AttestationKind::SelfSigned, trust_path: Vec::new() })
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
        (
            certificate.basic_constraints().is_some_and(|constraints| !constraints.ca),
            Refusal::BasicConstraints,
        ),
    ];
    match rules.into_iter().find(|(holds, _)| !holds) {
        None => Ok(()),
        Some((_, refusal)) => Err(refusal),
    }
}

#[cfg(test)]
mod tests;
