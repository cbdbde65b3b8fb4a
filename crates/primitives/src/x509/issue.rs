//! Issuing the few certificates that an attestation authority needs.

use super::{BasicConstraints, oid};
use crate::cose::{Algorithm, PublicKey, SigningKey};
use crate::der::{self, write};
use crate::time::Timestamp;

/// The four attributes that WebAuthn Level 3 section 8.2.1 demands of a subject.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Name<'a> {
    /// Two letters of ISO 3166.
    pub country: &'a str,
    /// Legal name of the vendor.
    pub organization: &'a str,
    /// `Authenticator Attestation` for what attests.
    pub organizational_unit: &'a str,
    /// Of the vendor's choosing.
    pub common_name: &'a str,
}

/// What a certificate shall say.
#[derive(Clone, Debug)]
pub struct Issue<'a> {
    /// Who issues.
    pub issuer: Name<'a>,
    /// Who is certified; equal to `issuer` in a root.
    pub subject: Name<'a>,
    /// The subject's key: P-256 or Ed25519.
    pub public_key: &'a PublicKey,
    /// Positive number that the issuer gives only once.
    pub serial: u64,
    /// First moment of validity.
    pub not_before: Timestamp,
    /// Last moment of validity.
    pub not_after: Timestamp,
    /// Whether the subject may issue certificates itself, and how many intermediates may follow it (up to 127).
    pub constraints: BasicConstraints,
    /// The model for id-fido-gen-ce-aaguid.
    pub aaguid: Option<[u8; 16]>,
}

impl Issue<'_> {
    /// The certificate in DER, signed by the issuer's key (P-256 or Ed25519).
    pub fn sign(&self, key: &SigningKey) -> Vec<u8> {
        let algorithm = match key.algorithm() {
            Algorithm::EdDsa => oid::ED25519,
            _ => oid::ECDSA_SHA256,
        };
        let algorithm = write(der::SEQUENCE, &[&write(der::OID, &[algorithm])]);
        let tbs = self.to_be_signed(&algorithm);
        let signature = write(der::BIT_STRING, &[&[0], &key.sign(&tbs)]);
        write(der::SEQUENCE, &[&tbs, &algorithm, &signature])
    }

    fn to_be_signed(&self, algorithm: &[u8]) -> Vec<u8> {
        let version = write(0xa0, &[&write(der::INTEGER, &[&[2]])]);
        // The leading zero keeps the number positive; DER wants no more zeros than that.
        let serial = [[0].as_slice(), &self.serial.to_be_bytes()].concat();
        let zeros = serial.windows(2).take_while(|pair| matches!(pair, [0, 0..=0x7f])).count();
        let serial = write(der::INTEGER, &[serial.get(zeros..).unwrap_or_default()]);
        let validity = write(der::SEQUENCE, &[&time(self.not_before), &time(self.not_after)]);
        let extensions = write(0xa3, &[&write(der::SEQUENCE, &[&self.extensions()])]);
        write(
            der::SEQUENCE,
            &[
                &version,
                &serial,
                algorithm,
                &name(&self.issuer),
                &validity,
                &name(&self.subject),
                &public_key_info(self.public_key),
                &extensions,
            ],
        )
    }

    fn extensions(&self) -> Vec<u8> {
        let authority = self.constraints.ca;
        let ca = if authority { write(der::BOOLEAN, &[&[0xff]]) } else { Vec::new() };
        let length = self.constraints.path_length.and_then(|length| u8::try_from(length).ok());
        let length = length.map(|length| write(der::INTEGER, &[&[length & 0x7f]])).unwrap_or_default();
        let mut out = extension(oid::BASIC_CONSTRAINTS, true, &write(der::SEQUENCE, &[&ca, &length]));
        // keyCertSign is bit 5, digitalSignature bit 0; the first octet counts the unused bits.
        let usage: &[u8] = if authority { &[2, 0b0000_0100] } else { &[7, 0b1000_0000] };
        out.extend(extension(oid::KEY_USAGE, true, &write(der::BIT_STRING, &[usage])));
        if let Some(aaguid) = &self.aaguid {
            out.extend(extension(oid::AAGUID, false, &write(der::OCTET_STRING, &[aaguid])));
        }
        out
    }
}

fn extension(oid: &[u8], critical: bool, value: &[u8]) -> Vec<u8> {
    let critical = if critical { write(der::BOOLEAN, &[&[0xff]]) } else { Vec::new() };
    write(der::SEQUENCE, &[&write(der::OID, &[oid]), &critical, &write(der::OCTET_STRING, &[value])])
}

fn name(name: &Name<'_>) -> Vec<u8> {
    let attribute = |oid: &[u8], tag: u8, text: &str| {
        let pair = write(der::SEQUENCE, &[&write(der::OID, &[oid]), &write(tag, &[text.as_bytes()])]);
        write(der::SET, &[&pair])
    };
    write(
        der::SEQUENCE,
        &[
            &attribute(oid::COUNTRY, der::PRINTABLE_STRING, name.country),
            &attribute(oid::ORGANIZATION, der::UTF8_STRING, name.organization),
            &attribute(oid::ORGANIZATIONAL_UNIT, der::UTF8_STRING, name.organizational_unit),
            &attribute(oid::COMMON_NAME, der::UTF8_STRING, name.common_name),
        ],
    )
}

/// UTCTime up to 2049, GeneralizedTime from then on (RFC 5280 section 4.1.2.5).
fn time(at: Timestamp) -> Vec<u8> {
    let text = at.to_string();
    let digits: String = text.chars().filter(char::is_ascii_digit).collect();
    let zulu = |digits: &str| format!("{digits}Z").into_bytes();
    match digits.strip_prefix("20") {
        Some(short) if short < "50" => write(der::UTC_TIME, &[&zulu(short)]),
        _ => write(der::GENERALIZED_TIME, &[&zulu(&digits)]),
    }
}

fn public_key_info(key: &PublicKey) -> Vec<u8> {
    let algorithm = match key.algorithm() {
        Algorithm::EdDsa => write(der::OID, &[oid::ED25519]),
        _ => [write(der::OID, &[oid::EC_PUBLIC_KEY]), write(der::OID, &[oid::P256])].concat(),
    };
    let bits = write(der::BIT_STRING, &[&[0], key.octets()]);
    write(der::SEQUENCE, &[&write(der::SEQUENCE, &[&algorithm]), &bits])
}
