//! Format `tpm` (WebAuthn Level 3 section 8.3): a TPM 2.0 certifies the credential's key.

use primitives::cbor::Value;
use primitives::cose::{Algorithm, PublicKey};
use primitives::digest;
use primitives::x509::Certificate;

use super::{
    AttestationCertificateRefusal, AttestationKind, AttestationRefusal, Claim, Members, Signed,
    StatementRefusal, certificates, check_aaguid, leaf_key,
};

mod certificate;
mod structures;

pub(super) use certificate::AIK_CERTIFICATE;
use certificate::Manufacturer;
use structures::{Attest, Curve, Public, Unique};

pub(super) const FORMAT: &str = "tpm";

/// "A number that starts with TPM_GENERATED", which a TPM signs only in structures of its own making.
const TPM_GENERATED_VALUE: u32 = 0xff54_4347;
/// The structure is the answer to TPM2_Certify.
const TPM_ST_ATTEST_CERTIFY: u16 = 0x8017;

/// The verification procedure of section 8.3.
pub(super) fn verify(statement: &Value<'_>, signed: &Signed<'_>) -> Result<Claim, AttestationRefusal> {
    // "Verify that attStmt is valid CBOR conforming to the syntax defined above."
    let members = Members::of(statement, &["alg", "sig", "ver", "x5c", "pubArea", "certInfo"])?;
    if members.text("ver")? != "2.0" {
        return Err(StatementRefusal::TpmVersion.into());
    }
    let (alg, sig) = (members.integer("alg")?, members.bytes("sig")?);
    let (pub_area, cert_info) = (members.bytes("pubArea")?, members.bytes("certInfo")?);
    let trust_path = certificates(members.value("x5c")?)?;
    let scheme = Scheme::of(alg).ok_or(StatementRefusal::AlgorithmUnknown)?;
    // "Verify that the public key specified by the parameters and unique fields of pubArea is identical to
    // the credentialPublicKey in the attestedCredentialData in authenticatorData."
    let public = Public::read(pub_area).ok_or(StatementRefusal::PublicArea)?;
    check_key(&public, signed.public_key)?;
    // "Validate that certInfo is valid".
    let attest = Attest::read(cert_info).ok_or(StatementRefusal::CertInfo)?;
    check_attest(&attest, scheme, signed)?;
    // "Verify that attested contains a TPMS_CERTIFY_INFO structure … whose name field contains a valid Name
    // for pubArea, as computed using … the nameAlg in the pubArea."
    if attest.name != name(public.name_algorithm, pub_area)? {
        return Err(StatementRefusal::AttestedName.into());
    }
    // "Verify the sig is a valid signature over certInfo using the attestation public key in aikCert with the
    // algorithm specified in alg."
    let leaf = scheme.verify(&trust_path, cert_info, sig)?;
    // "Verify that aikCert meets the requirements in § 8.3.1."
    let manufacturer = certificate::check(leaf)?;
    // "If aikCert contains an extension with OID 1.3.6.1.4.1.45724.1.1.4 … verify".
    check_aaguid(leaf, signed)?;
    // A test vector of the W3C has a manufacturer that is none: only who is trusted explicitly may (ADR 7).
    let refusal = AttestationRefusal::Certificate(AttestationCertificateRefusal::Manufacturer);
    let unless_trusted = (manufacturer == Manufacturer::Nobody).then_some(refusal);
    // "… attestation type AttCA and attestation trust path x5c."
    Ok(Claim { unless_trusted, ..Claim::new(AttestationKind::AttCa, trust_path) })
}

/// How a TPM's attestation key signs.
#[derive(Clone, Copy)]
enum Scheme {
    /// As credentials may.
    Cose(Algorithm),
    /// RSASSA-PKCS1-v1_5 with SHA-1, as the TPMs of many Windows machines do. It is taken here and nowhere else: the
    /// signed structure names the credential's key by a better hash, and what two texts with one SHA-1 could be used
    /// for is to attest another ceremony of the same TPM (ADR 7).
    Rs1,
}

impl Scheme {
    /// RS1 in the IANA registry "COSE Algorithms".
    const RS1: i64 = -65535;

    fn of(alg: i64) -> Option<Self> {
        if alg == Self::RS1 { Some(Scheme::Rs1) } else { Algorithm::from_id(alg).map(Scheme::Cose) }
    }

    /// The hash algorithm employed. EdDSA and ML-DSA have none that a TPM could use apart.
    fn hash(self) -> Option<Hash> {
        match self {
            Scheme::Rs1 => Some(SHA1),
            Scheme::Cose(Algorithm::Es256 | Algorithm::Esp256 | Algorithm::Rs256 | Algorithm::Ps256) => {
                Some(SHA256)
            }
            Scheme::Cose(Algorithm::Es384 | Algorithm::Esp384) => Some(SHA384),
            Scheme::Cose(Algorithm::Es512 | Algorithm::Esp512) => Some(SHA512),
            Scheme::Cose(_) => None,
        }
    }

    /// The leaf of `chain`, if its key made `sig` over `cert_info`.
    fn verify<'c>(
        self,
        chain: &'c [Certificate],
        cert_info: &[u8],
        sig: &[u8],
    ) -> Result<&'c Certificate, AttestationRefusal> {
        let verified = match self {
            Scheme::Cose(algorithm) => {
                let (leaf, key) = leaf_key(chain, algorithm)?;
                key.verify(cert_info, sig).map(|()| leaf)
            }
            Scheme::Rs1 => {
                let (leaf, _) = leaf_key(chain, Algorithm::Rs256)?;
                leaf.verify_rs1(cert_info, sig).map(|()| leaf)
            }
        };
        verified.map_err(|_| AttestationRefusal::Signature)
    }
}

/// Whether `public` is the key `credential` in the TPM's encoding.
fn check_key(public: &Public<'_>, credential: &PublicKey) -> Result<(), StatementRefusal> {
    let algorithm = credential.algorithm();
    let key = match public.unique {
        Unique::Rsa { modulus, exponent } => {
            let exponent = exponent.to_be_bytes();
            let leading = exponent.iter().take_while(|octet| **octet == 0).count();
            PublicKey::from_rsa(algorithm, modulus, exponent.get(leading..).unwrap_or_default())
        }
        Unique::Ecc { curve, x, y } => {
            let field = curve_of(algorithm).filter(|expected| *expected == curve).map(Curve::field);
            let field = field.ok_or(StatementRefusal::PublicAreaKey)?;
            let point = padded(x, field).zip(padded(y, field)).map(|(x, y)| [vec![4], x, y].concat());
            PublicKey::from_ec_point(algorithm, &point.ok_or(StatementRefusal::PublicAreaKey)?)
        }
    };
    match key {
        Ok(key) if key == *credential => Ok(()),
        _ => Err(StatementRefusal::PublicAreaKey),
    }
}

/// The curve of an ECDSA algorithm (section 5.8.5).
fn curve_of(algorithm: Algorithm) -> Option<Curve> {
    match algorithm {
        Algorithm::Es256 | Algorithm::Esp256 => Some(Curve::P256),
        Algorithm::Es384 | Algorithm::Esp384 => Some(Curve::P384),
        Algorithm::Es512 | Algorithm::Esp512 => Some(Curve::P521),
        _ => None,
    }
}

/// A coordinate with the length of its curve. TPMs may leave zeros in front away, or write more of them.
fn padded(coordinate: &[u8], field: usize) -> Option<Vec<u8>> {
    let zeros = coordinate.iter().take_while(|octet| **octet == 0).count();
    let digits = coordinate.get(zeros..)?;
    let mut out = vec![0; field.checked_sub(digits.len())?];
    out.extend_from_slice(digits);
    Some(out)
}

/// What `certInfo` says about this ceremony. "Note that the remaining fields in the 'Standard Attestation
/// Structure' …, i.e., qualifiedSigner, clockInfo and firmwareVersion are ignored."
fn check_attest(attest: &Attest<'_>, scheme: Scheme, signed: &Signed<'_>) -> Result<(), StatementRefusal> {
    // "Verify that magic is set to TPM_GENERATED_VALUE."
    if attest.magic != TPM_GENERATED_VALUE {
        return Err(StatementRefusal::Magic);
    }
    // "Verify that type is set to TPM_ST_ATTEST_CERTIFY."
    if attest.kind != TPM_ST_ATTEST_CERTIFY {
        return Err(StatementRefusal::AttestType);
    }
    // "Verify that extraData is set to the hash of attToBeSigned using the hash algorithm employed in alg."
    let hash = scheme.hash().ok_or(StatementRefusal::AlgorithmUnknown)?;
    if attest.extra_data != hash(&signed.message()) {
        return Err(StatementRefusal::ExtraData);
    }
    Ok(())
}

type Hash = fn(&[u8]) -> Vec<u8>;

const SHA1: Hash = |data| digest::sha1(data).to_vec();
const SHA256: Hash = |data| digest::sha256(data).to_vec();
const SHA384: Hash = |data| digest::sha384(data).to_vec();
const SHA512: Hash = |data| digest::sha512(data).to_vec();

/// The Name of an object (TPM 2.0 Part 1 section 16): nameAlg, then the hash of its public area.
fn name(name_algorithm: u16, pub_area: &[u8]) -> Result<Vec<u8>, StatementRefusal> {
    let hash = match name_algorithm {
        structures::SHA256 => SHA256,
        structures::SHA384 => SHA384,
        structures::SHA512 => SHA512,
        // Of SHA-1 two public areas can be made with one name.
        _ => return Err(StatementRefusal::NameAlgorithm),
    };
    Ok([name_algorithm.to_be_bytes().to_vec(), hash(pub_area)].concat())
}

#[cfg(test)]
mod tests;
