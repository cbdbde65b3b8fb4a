//! Section 8.3.1: certificate requirements for TPM attestation statements.

use primitives::x509::Certificate;

use super::super::{AttestationCertificateRefusal, is_end_certificate};

/// tcg-kp-AIKCertificate, 2.23.133.8.3.
pub(in crate::attestation) const AIK_CERTIFICATE: &[u8] = &[0x67, 0x81, 0x05, 0x08, 0x03];
/// tcg-at-tpmManufacturer, -tpmModel and -tpmVersion, 2.23.133.2.1 to 2.23.133.2.3.
const TPM_MANUFACTURER: &[u8] = &[0x67, 0x81, 0x05, 0x02, 0x01];
const TPM_MODEL: &[u8] = &[0x67, 0x81, 0x05, 0x02, 0x02];
const TPM_VERSION: &[u8] = &[0x67, 0x81, 0x05, 0x02, 0x03];

/// Who made the TPM, as far as it makes a difference.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Manufacturer {
    /// One in the registry.
    Registered,
    /// One that stands for nobody who makes TPMs: only an anchor can vouch for it (ADR 7).
    Nobody,
}

/// `id:00000000`, and `id:FFFFF1D0` of FIDO's conformance tests.
const NOBODY: [[u8; 4]; 2] = [[0; 4], [0xff, 0xff, 0xf1, 0xd0]];

/// TCG TPM Vendor ID Registry, Family 1.2 and 2.0, version 1.07 revision 0.02 of 2024-11-20: four characters
/// each, shorter names filled up with zeros or spaces.
const REGISTERED: [&[u8; 4]; 29] = [
    b"AMD\0", b"ANT\0", b"ATML", b"BRCM", b"CSCO", b"FLYS", b"GOOG", b"HISI", b"HPE\0", b"HPI\0", b"IBM\0",
    b"IFX\0", b"INTC", b"LEN\0", b"MSFT", b"NSG\0", b"NSM ", b"NTC\0", b"NTZ\0", b"QCOM", b"ROCC", b"SEAL",
    b"SECE", b"SMSC", b"SMSN", b"SNS\0", b"STM ", b"TXN\0", b"WEC\0",
];

/// Holds `certificate` against the requirements, one after the other.
pub(super) fn check(certificate: &Certificate) -> Result<Manufacturer, AttestationCertificateRefusal> {
    use AttestationCertificateRefusal as Refusal;
    // "Version MUST be set to 3."
    if certificate.version() != 3 {
        return Err(Refusal::Version);
    }
    // "Subject field MUST be set to empty."
    if !certificate.has_empty_subject() {
        return Err(Refusal::SubjectNotEmpty);
    }
    // "The Subject Alternative Name extension MUST be set as defined in [TPMv2-EK-Profile] section 3.2.9."
    let manufacturer = alternative_name(certificate)?;
    // "The Extended Key Usage extension MUST contain the OID 2.23.133.8.3".
    if !certificate.extended_key_usages()?.contains(&AIK_CERTIFICATE) {
        return Err(Refusal::ExtendedKeyUsage);
    }
    // "The Basic Constraints extension MUST have the CA component set to false."
    if is_end_certificate(certificate) { Ok(manufacturer) } else { Err(Refusal::BasicConstraints) }
}

/// The profile wants manufacturer, model and version in a directory name. Some put them into one relative
/// distinguished name and some into three, in any order; the extension is critical or not.
fn alternative_name(certificate: &Certificate) -> Result<Manufacturer, AttestationCertificateRefusal> {
    let attributes = certificate.directory_attributes()?;
    let once = |wanted: &[u8]| {
        let mut found = attributes.iter().filter(|(oid, _)| *oid == wanted).map(|(_, value)| *value);
        match (found.next(), found.next()) {
            (Some(value), None) if !value.is_empty() => Ok(value),
            _ => Err(AttestationCertificateRefusal::AlternativeName),
        }
    };
    let manufacturer = once(TPM_MANUFACTURER)?;
    once(TPM_MODEL)?;
    once(TPM_VERSION)?;
    match identifier(manufacturer) {
        Some(id) if NOBODY.contains(&id) => Ok(Manufacturer::Nobody),
        Some(id) if REGISTERED.contains(&&id) => Ok(Manufacturer::Registered),
        _ => Err(AttestationCertificateRefusal::Manufacturer),
    }
}

/// "id:" and eight hexadecimal digits, which makers write in either case.
fn identifier(text: &str) -> Option<[u8; 4]> {
    let digits = text.strip_prefix("id:")?;
    let plain = digits.len() == 8 && digits.bytes().all(|digit| digit.is_ascii_hexdigit());
    let number = u32::from_str_radix(digits, 16).ok()?;
    plain.then_some(number.to_be_bytes())
}
