//! Format `fido-u2f` (WebAuthn Level 3 section 8.6): authenticators of FIDO U2F, older than CTAP2.

use primitives::cbor::Value;
use primitives::cose::Algorithm;

use super::{
    AttestationKind, AttestationRefusal, Claim, Members, Signed, StatementRefusal, certificates,
    check_purpose, leaf_key,
};

pub(crate) const FORMAT: &str = "fido-u2f";

/// The verification procedure of section 8.6.
pub(super) fn verify(statement: &Value<'_>, signed: &Signed<'_>) -> Result<Claim, AttestationRefusal> {
    // "Verify that attStmt is valid CBOR conforming to the syntax defined above."
    let members = Members::of(statement, &["sig", "x5c"])?;
    let sig = members.bytes("sig")?;
    // "Check that x5c has exactly one element and let attCert be that element."
    let trust_path = certificates(members.value("x5c")?)?;
    if trust_path.len() != 1 {
        return Err(StatementRefusal::NotOneCertificate.into());
    }
    // "If certificate public key is not an Elliptic Curve (EC) public key over the P-256 curve, terminate."
    let (leaf, key) = leaf_key(&trust_path, Algorithm::Es256)?;
    check_purpose(leaf)?;
    // "Extract the claimed rpIdHash from authenticatorData, and the claimed credentialId and
    // credentialPublicKey from authenticatorData.attestedCredentialData."
    let rp_id_hash = signed.authenticator_data.get(..32).unwrap_or_default();
    // "Let verificationData be the concatenation of (0x00 || rpIdHash || clientDataHash || credentialId ||
    // publicKeyU2F)."
    let verification_data = [
        &[0][..],
        rp_id_hash,
        signed.client_data_hash,
        signed.credential.credential_id,
        &public_key_u2f(signed)?,
    ]
    .concat();
    // "Verify the sig using verificationData and the certificate public key per section 4.1.4 of [SEC1] with
    // SHA-256 as the hash function".
    key.verify(&verification_data, sig).map_err(|_| AttestationRefusal::Signature)?;
    // "Optionally, inspect x5c and consult externally provided knowledge to determine whether attStmt conveys
    // a Basic or AttCA attestation."
    let claim = Claim { kind_by_anchor: true, ..Claim::new(AttestationKind::Basic, trust_path) };
    // U2F knows no models, and nothing here signs the AAGUID. FIDO's conformance tests demand zeros, a test
    // vector of the W3C has others: only who is trusted explicitly may say so (ADR 7).
    let unless_trusted = (signed.credential.aaguid != [0; 16]).then_some(AttestationRefusal::Aaguid);
    Ok(Claim { unless_trusted, ..claim })
}

/// "Convert the COSE_KEY formatted credentialPublicKey to Raw ANSI X9.62 public key format": 4, x, y.
fn public_key_u2f(signed: &Signed<'_>) -> Result<Vec<u8>, StatementRefusal> {
    if signed.public_key.algorithm() != Algorithm::Es256 {
        return Err(StatementRefusal::CredentialKey);
    }
    // "Let x be the value corresponding to the "-2" key … Confirm x to be of size 32 bytes", y likewise.
    let coordinate = |label| {
        let octets = signed.credential.public_key_value.at(label).and_then(Value::as_bytes);
        octets.filter(|octets| octets.len() == 32).ok_or(StatementRefusal::CredentialKey)
    };
    Ok([&[4][..], coordinate(-2)?, coordinate(-3)?].concat())
}

#[cfg(test)]
mod tests;
