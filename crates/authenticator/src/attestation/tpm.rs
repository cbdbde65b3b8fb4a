//! Statements as a TPM 2.0 makes them (WebAuthn Level 3 section 8.3).

use primitives::cbor::{self, Value};
use primitives::cose::{Algorithm, PublicKey};
use primitives::der::{self, write};
use primitives::digest;
use primitives::x509::{Extension, oid};

use super::{Batch, Member, Statement};

/// The manufacturer that our statements name: Microsoft, whose registered software TPM is nearest to what
/// this is.
pub const MANUFACTURER: &str = "id:4D534654";

/// 2.23.133.2: the arc of tcg-at-tpmManufacturer (1), -tpmModel (2) and -tpmVersion (3).
const TCG_ATTRIBUTE: [u8; 4] = [0x67, 0x81, 0x05, 0x02];
/// tcg-kp-AIKCertificate.
const AIK_CERTIFICATE: [u8; 5] = [0x67, 0x81, 0x05, 0x08, 0x03];

const TPM_ALG_RSA: u16 = 0x0001;
const TPM_ALG_SHA256: u16 = 0x000b;
const TPM_ALG_NULL: u16 = 0x0010;
const TPM_ALG_ECC: u16 = 0x0023;

/// The extensions of an attestation key's certificate, which names that manufacturer.
pub fn certificate_extensions(manufacturer: &str) -> Vec<Extension> {
    let mut attributes = [attribute(1, manufacturer), attribute(2, "Keyward"), attribute(3, "id:00010000")];
    // DER has the members of a set in the order of their octets (X.690 section 11.6); strict readers insist.
    attributes.sort();
    vec![alternative_name(&[&attributes.concat()]), purposes(&[&AIK_CERTIFICATE])]
}

/// An attribute of the Trusted Computing Group, by the last number of its identifier.
pub fn attribute(number: u8, value: &str) -> Vec<u8> {
    let oid = write(der::OID, &[&TCG_ATTRIBUTE, &[number]]);
    write(der::SEQUENCE, &[&oid, &write(der::UTF8_STRING, &[value.as_bytes()])])
}

/// A subject alternative name with one directory name of those sets of attributes.
pub fn alternative_name(sets: &[&[u8]]) -> Extension {
    let sets: Vec<u8> = sets.iter().flat_map(|set| write(der::SET, &[set])).collect();
    let directory_name = der::write_explicit(4, &[&write(der::SEQUENCE, &[&sets])]);
    let value = write(der::SEQUENCE, &[&directory_name]);
    Extension { oid: oid::SUBJECT_ALTERNATIVE_NAME.to_vec(), critical: true, value }
}

/// An extended key usage of those purposes.
pub fn purposes(purposes: &[&[u8]]) -> Extension {
    let each: Vec<u8> = purposes.iter().flat_map(|purpose| write(der::OID, &[purpose])).collect();
    let value = write(der::SEQUENCE, &[&each]);
    Extension { oid: oid::EXTENDED_KEY_USAGE.to_vec(), critical: false, value }
}

/// Whether a key for `algorithm` has a place in TPMT_PUBLIC.
pub(super) fn takes(algorithm: Algorithm) -> bool {
    curve(algorithm).is_some() || matches!(algorithm, Algorithm::Rs256 | Algorithm::Ps256)
}

/// TPM_ECC_CURVE of an ECDSA algorithm.
fn curve(algorithm: Algorithm) -> Option<u16> {
    match algorithm {
        Algorithm::Es256 | Algorithm::Esp256 => Some(3),
        Algorithm::Es384 | Algorithm::Esp384 => Some(4),
        Algorithm::Es512 | Algorithm::Esp512 => Some(5),
        _ => None,
    }
}

/// TPMT_PUBLIC of a signing key, with SHA-256 for its name; nothing if TPMs have no such keys.
pub fn public_area(key: &PublicKey) -> Option<Vec<u8>> {
    let encoded = key.encode();
    let value = cbor::parse(&encoded, cbor::CTAP2_DEPTH).ok()?;
    let member = |label: i64| value.at(label).and_then(Value::as_bytes);
    let head = |kind: u16| {
        let mut out = [kind.to_be_bytes(), TPM_ALG_SHA256.to_be_bytes()].concat();
        // fixedTPM, fixedParent, sensitiveDataOrigin, userWithAuth, sign; no policy; symmetric and scheme null.
        out.extend(0x0004_0072_u32.to_be_bytes());
        out.extend(sized(&[]));
        out.extend([TPM_ALG_NULL.to_be_bytes(), TPM_ALG_NULL.to_be_bytes()].concat());
        out
    };
    match curve(key.algorithm()) {
        Some(curve) => {
            let mut out = head(TPM_ALG_ECC);
            out.extend([curve.to_be_bytes(), TPM_ALG_NULL.to_be_bytes()].concat());
            out.extend([sized(member(-2)?), sized(member(-3)?)].concat());
            Some(out)
        }
        None if takes(key.algorithm()) => {
            let mut out = head(TPM_ALG_RSA);
            let modulus = member(-1)?;
            out.extend(u16::try_from(modulus.len().saturating_mul(8)).ok()?.to_be_bytes());
            // Zero is the default exponent, 65537.
            out.extend(0_u32.to_be_bytes());
            out.extend(sized(modulus));
            Some(out)
        }
        None => None,
    }
}

/// The Name of that public area: nameAlg, then the hash.
pub fn name(public_area: &[u8]) -> Vec<u8> {
    let algorithm = public_area.get(2..4).unwrap_or_default();
    let hash = match algorithm {
        [0, 0x0c] => digest::sha384(public_area).to_vec(),
        [0, 0x0d] => digest::sha512(public_area).to_vec(),
        _ => digest::sha256(public_area).to_vec(),
    };
    [algorithm, &hash].concat()
}

/// TPMS_ATTEST of TPM2_Certify for the object of that name.
pub fn cert_info(name: &[u8], extra_data: &[u8]) -> Vec<u8> {
    let clock = [0x11; 8 + 4 + 4];
    let (safe, firmware_version) = ([1], [0x22; 8]);
    [
        0xff54_4347_u32.to_be_bytes().as_slice(),
        &0x8017_u16.to_be_bytes(),
        &sized(name),
        &sized(extra_data),
        &clock,
        &safe,
        &firmware_version,
        &sized(name),
        &sized(name),
    ]
    .concat()
}

/// A TPM2B.
fn sized(bytes: &[u8]) -> Vec<u8> {
    let length = u16::try_from(bytes.len()).unwrap_or(u16::MAX);
    [length.to_be_bytes().as_slice(), bytes].concat()
}

pub(super) fn statement(batch: &Batch, key: &PublicKey, message: &[u8]) -> Option<Statement> {
    let public_area = public_area(key)?;
    let cert_info = cert_info(&name(&public_area), &digest::sha256(message));
    let members = vec![
        ("ver", Member::Text("2.0")),
        ("alg", Member::Integer(batch.key().algorithm().id())),
        ("x5c", Member::Certificates(batch.chain().to_vec())),
        ("sig", Member::Bytes(batch.key().sign(&cert_info))),
        ("certInfo", Member::Bytes(cert_info)),
        ("pubArea", Member::Bytes(public_area)),
    ];
    Some(Statement::Map { format: "tpm", members })
}
