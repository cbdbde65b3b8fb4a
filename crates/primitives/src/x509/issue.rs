//! Issuing the few certificates that an attestation authority needs.

use super::{BasicConstraints, Extension, oid};
use crate::cbor::{self, Value};
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

impl Name<'_> {
    /// The empty name, which section 8.3.1 demands of TPM certificates: no attribute at all.
    pub const EMPTY: Name<'static> =
        Name { country: "", organization: "", organizational_unit: "", common_name: "" };
}

/// What a certificate shall say. [`Issue::new`] gives what is usual.
#[derive(Clone, Debug)]
pub struct Issue<'a> {
    /// The version as people count it: 1, which has no extensions, or 3.
    pub version: u8,
    /// Who issues.
    pub issuer: Name<'a>,
    /// Who is certified; equal to `issuer` in a root.
    pub subject: Name<'a>,
    /// The subject's key.
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
    /// Extensions besides basic constraints, key usage and AAGUID.
    pub extensions: Vec<Extension>,
}

impl<'a> Issue<'a> {
    /// A certificate of version 3 with serial number 1 that ends a chain, valid from 2020 to 2049.
    pub fn new(issuer: Name<'a>, subject: Name<'a>, public_key: &'a PublicKey) -> Self {
        Self {
            version: 3,
            issuer,
            subject,
            public_key,
            serial: 1,
            // 2020-01-01T00:00:00Z and 2049-12-31T00:00:00Z.
            not_before: Timestamp::from_secs(1_577_836_800),
            not_after: Timestamp::from_secs(2_524_521_600),
            constraints: BasicConstraints::END,
            aaguid: None,
            extensions: Vec::new(),
        }
    }

    /// The certificate in DER, signed by the issuer's key.
    pub fn sign(&self, key: &SigningKey) -> Vec<u8> {
        self.requested().sign(key)
    }

    /// The encoded parts, for tests that need a certificate that no authority would issue.
    pub fn requested(&self) -> Requested {
        let version = write(0xa0, &[&write(der::INTEGER, &[&[self.version.saturating_sub(1)]])]);
        // The leading zero keeps the number positive; DER wants no more zeros than that.
        let serial = [[0].as_slice(), &self.serial.to_be_bytes()].concat();
        let zeros = serial.windows(2).take_while(|pair| matches!(pair, [0, 0..=0x7f])).count();
        let extensions = write(0xa3, &[&write(der::SEQUENCE, &[&self.extensions()])]);
        let has_extensions = self.version == 3;
        Requested {
            version: if self.version == 1 { Vec::new() } else { version },
            serial: write(der::INTEGER, &[serial.get(zeros..).unwrap_or_default()]),
            algorithm_parameters: None,
            issuer: name(&self.issuer),
            validity: write(der::SEQUENCE, &[&time(self.not_before), &time(self.not_after)]),
            subject: name(&self.subject),
            public_key: public_key_info(self.public_key),
            extensions: if has_extensions { extensions } else { Vec::new() },
        }
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
        for other in &self.extensions {
            out.extend(extension(&other.oid, other.critical, &other.value));
        }
        out
    }
}

/// A certificate before it is signed: each part as one element of DER, which a test may replace.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Requested {
    /// `[0]` with the version; empty for version 1.
    pub version: Vec<u8>,
    /// serialNumber.
    pub serial: Vec<u8>,
    /// What stands after the identifier of the signature algorithm; nothing usually.
    pub algorithm_parameters: Option<Vec<u8>>,
    /// issuer.
    pub issuer: Vec<u8>,
    /// validity.
    pub validity: Vec<u8>,
    /// subject.
    pub subject: Vec<u8>,
    /// subjectPublicKeyInfo.
    pub public_key: Vec<u8>,
    /// `[3]` with the extensions; empty for none.
    pub extensions: Vec<u8>,
}

impl Requested {
    /// The certificate in DER, signed by the issuer's key.
    pub fn sign(&self, key: &SigningKey) -> Vec<u8> {
        let identifier = write(der::OID, &[signature_algorithm(key)]);
        let parameters = self.algorithm_parameters.as_deref().unwrap_or_default();
        let algorithm = write(der::SEQUENCE, &[&identifier, parameters]);
        let tbs = write(
            der::SEQUENCE,
            &[
                &self.version,
                &self.serial,
                &algorithm,
                &self.issuer,
                &self.validity,
                &self.subject,
                &self.public_key,
                &self.extensions,
            ],
        );
        let signature = write(der::BIT_STRING, &[&[0], &key.sign(&tbs)]);
        write(der::SEQUENCE, &[&tbs, &algorithm, &signature])
    }
}

pub(super) fn extension(oid: &[u8], critical: bool, value: &[u8]) -> Vec<u8> {
    let critical = if critical { write(der::BOOLEAN, &[&[0xff]]) } else { Vec::new() };
    write(der::SEQUENCE, &[&write(der::OID, &[oid]), &critical, &write(der::OCTET_STRING, &[value])])
}

fn name(name: &Name<'_>) -> Vec<u8> {
    if *name == Name::EMPTY {
        return write(der::SEQUENCE, &[]);
    }
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

/// How the keys of an authority sign certificates. PS256 would need parameters that nothing here issues with.
fn signature_algorithm(key: &SigningKey) -> &'static [u8] {
    match key.algorithm() {
        Algorithm::Es256 | Algorithm::Esp256 => oid::ECDSA_SHA256,
        Algorithm::Es384 | Algorithm::Esp384 => oid::ECDSA_SHA384,
        Algorithm::Es512 | Algorithm::Esp512 => oid::ECDSA_SHA512,
        Algorithm::EdDsa | Algorithm::Ed25519 => oid::ED25519,
        Algorithm::Rs256 | Algorithm::Ps256 => oid::RSA_SHA256,
        Algorithm::MlDsa44 => oid::ML_DSA_44,
        Algorithm::MlDsa65 => oid::ML_DSA_65,
        Algorithm::MlDsa87 => oid::ML_DSA_87,
    }
}

/// The key as certificates write it (RFC 5480, RFC 3279, RFC 8410, RFC 9881).
pub(super) fn public_key_info(key: &PublicKey) -> Vec<u8> {
    let one = |oid: &[u8]| write(der::OID, &[oid]);
    let ec = |curve: &[u8]| [one(oid::EC_PUBLIC_KEY), one(curve)].concat();
    let algorithm = match key.algorithm() {
        Algorithm::Es256 | Algorithm::Esp256 => ec(oid::P256),
        Algorithm::Es384 | Algorithm::Esp384 => ec(oid::P384),
        Algorithm::Es512 | Algorithm::Esp512 => ec(oid::P521),
        Algorithm::EdDsa | Algorithm::Ed25519 => one(oid::ED25519),
        Algorithm::Rs256 | Algorithm::Ps256 => [one(oid::RSA_ENCRYPTION), write(der::NULL, &[])].concat(),
        Algorithm::MlDsa44 => one(oid::ML_DSA_44),
        Algorithm::MlDsa65 => one(oid::ML_DSA_65),
        Algorithm::MlDsa87 => one(oid::ML_DSA_87),
    };
    let bits = match key.algorithm() {
        Algorithm::Rs256 | Algorithm::Ps256 => rsa_public_key(key),
        _ => key.octets().to_vec(),
    };
    write(der::SEQUENCE, &[&write(der::SEQUENCE, &[&algorithm]), &write(der::BIT_STRING, &[&[0], &bits])])
}

/// RSAPublicKey of RFC 8017 appendix A.1.1.
fn rsa_public_key(key: &PublicKey) -> Vec<u8> {
    let encoded = key.encode();
    let member = |label: i64| {
        let value = cbor::parse(&encoded, cbor::CTAP2_DEPTH).ok();
        let number = value.and_then(|value| value.at(label).and_then(Value::as_bytes)).unwrap_or_default();
        let sign: &[u8] = if number.first().is_some_and(|first| first & 0x80 != 0) { &[0] } else { &[] };
        write(der::INTEGER, &[sign, number])
    };
    write(der::SEQUENCE, &[&member(-1), &member(-2)])
}
