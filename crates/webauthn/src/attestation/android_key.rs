//! Format `android-key` (WebAuthn Level 3 section 8.4): Android's keystore certifies the credential's own key.

use primitives::cbor::Value;
use primitives::cose::Algorithm;
use primitives::x509::Certificate;

use super::{
    AttestationCertificateRefusal, AttestationKind, AttestationRefusal, Claim, Members, Signed,
    StatementRefusal, certificates, check_certified_key, leaf_key,
};

mod description;

use description::{AuthorizationList, KeyDescription};

pub(super) const FORMAT: &str = "android-key";

/// 1.3.6.1.4.1.11129.2.1.17: the key description.
pub(super) const KEY_DESCRIPTION: &[u8] = &[0x2b, 0x06, 0x01, 0x04, 0x01, 0xd6, 0x79, 0x02, 0x01, 0x11];

/// SecurityLevel of Android's key attestation schema: TrustedEnvironment and StrongBox.
const HARDWARE: [u32; 2] = [1, 2];
/// KM_ORIGIN_GENERATED.
const ORIGIN_GENERATED: u32 = 0;
/// KM_PURPOSE_SIGN.
const PURPOSE_SIGN: u32 = 2;

/// The verification procedure of section 8.4.
pub(super) fn verify(statement: &Value<'_>, signed: &Signed<'_>) -> Result<Claim, AttestationRefusal> {
    // "Verify that attStmt is valid CBOR conforming to the syntax defined above."
    let members = Members::of(statement, &["alg", "sig", "x5c"])?;
    let (alg, sig) = (members.integer("alg")?, members.bytes("sig")?);
    let trust_path = certificates(members.value("x5c")?)?;
    let algorithm = Algorithm::from_id(alg).ok_or(StatementRefusal::AlgorithmUnknown)?;
    // "Verify that sig is a valid signature over the concatenation of authenticatorData and clientDataHash
    // using the public key in the first certificate in x5c with the algorithm specified in alg."
    let (leaf, key) = leaf_key(&trust_path, algorithm)?;
    key.verify(&signed.message(), sig).map_err(|_| AttestationRefusal::Signature)?;
    // "Verify that the public key in the first certificate in x5c matches the credentialPublicKey in the
    // attestedCredentialData in authenticatorData."
    check_certified_key(leaf, signed)?;
    check_description(leaf, signed)?;
    // "… attestation type Basic and attestation trust path x5c."
    Ok(Claim::new(AttestationKind::Basic, trust_path))
}

/// What the keystore says about the key, in the certificate's extension.
fn check_description(leaf: &Certificate, signed: &Signed<'_>) -> Result<(), AttestationRefusal> {
    use AttestationCertificateRefusal as Refusal;
    let extension = leaf.extension(KEY_DESCRIPTION).ok_or(Refusal::ExtensionMissing)?;
    let description = KeyDescription::read(&extension.value).ok_or(Refusal::ExtensionShape)?;
    // "Verify that the attestationChallenge field in the attestation certificate extension data is identical
    // to clientDataHash."
    if description.challenge != signed.client_data_hash {
        return Err(StatementRefusal::AndroidChallenge.into());
    }
    // Lists that software vouches for say nothing about hardware, so only these levels count.
    let hardware = |level| HARDWARE.contains(&level);
    if !hardware(description.attestation_level) || !hardware(description.keystore_level) {
        return Err(Refusal::SecurityLevel.into());
    }
    // "The AuthorizationList.allApplications field is not present on either authorization list
    // (softwareEnforced nor teeEnforced), since PublicKeyCredential MUST be scoped to the RP ID."
    if description.software.all_applications || description.hardware.all_applications {
        return Err(Refusal::AllApplications.into());
    }
    check_hardware(&description.hardware).map_err(AttestationRefusal::Certificate)
}

/// "For the following, use only the teeEnforced authorization list if the RP wants to accept only keys from a
/// trusted execution environment": that is what this relying party wants (ADR 7).
fn check_hardware(list: &AuthorizationList) -> Result<(), AttestationCertificateRefusal> {
    // "The value in the AuthorizationList.origin field is equal to KM_ORIGIN_GENERATED."
    if list.origin != Some(ORIGIN_GENERATED) {
        return Err(AttestationCertificateRefusal::Origin);
    }
    // "The value in the AuthorizationList.purpose field is equal to KM_PURPOSE_SIGN."
    if list.purposes.as_deref() != Some(&[PURPOSE_SIGN]) {
        return Err(AttestationCertificateRefusal::Purpose);
    }
    Ok(())
}

#[cfg(test)]
mod tests;
