//! Format `apple` (WebAuthn Level 3 section 8.8): Apple certifies the credential's own key, anonymously.

use primitives::cbor::Value;
use primitives::der;
use primitives::digest;

use super::{
    AttestationCertificateRefusal, AttestationKind, AttestationRefusal, Claim, Members, Signed,
    StatementRefusal, certificates, check_certified_key,
};

pub(super) const FORMAT: &str = "apple";

/// 1.2.840.113635.100.8.2: the nonce.
pub(super) const NONCE: &[u8] = &[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x63, 0x64, 0x08, 0x02];

/// The verification procedure of section 8.8.
pub(super) fn verify(statement: &Value<'_>, signed: &Signed<'_>) -> Result<Claim, AttestationRefusal> {
    // "Verify that attStmt is valid CBOR conforming to the syntax defined above."
    // Apple's first statements also name the key's algorithm, which earlier drafts had.
    let members = Members::of(statement, &["alg", "x5c"])?;
    if members.optional("alg").is_some() && members.integer("alg")? != signed.public_key.algorithm().id() {
        return Err(StatementRefusal::AlgorithmNotCredentials.into());
    }
    let trust_path = certificates(members.value("x5c")?)?;
    let leaf = trust_path.first().ok_or(StatementRefusal::NoCertificate)?;
    // "Concatenate authenticatorData and clientDataHash to form nonceToHash. Perform SHA-256 hash of
    // nonceToHash to produce nonce."
    let nonce = digest::sha256(&signed.message());
    // "Verify that nonce equals the value of the extension with OID 1.2.840.113635.100.8.2 in credCert."
    let extension = leaf.extension(NONCE).ok_or(AttestationCertificateRefusal::ExtensionMissing)?;
    let certified = nonce_of(&extension.value).ok_or(AttestationCertificateRefusal::ExtensionShape)?;
    if certified != nonce {
        return Err(StatementRefusal::AppleNonce.into());
    }
    // "Verify that the credential public key equals the Subject Public Key of credCert."
    check_certified_key(leaf, signed)?;
    // "… attestation type Anonymization CA and attestation trust path x5c."
    Ok(Claim::new(AttestationKind::AnonCa, trust_path))
}

/// SEQUENCE { [1] EXPLICIT OCTET STRING }.
fn nonce_of(value: &[u8]) -> Option<&[u8]> {
    match der::explicit(der::only(value, der::SEQUENCE)?)? {
        (1, inner, []) => der::only(inner, der::OCTET_STRING),
        _ => None,
    }
}

#[cfg(test)]
mod tests;
