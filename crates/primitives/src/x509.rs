//! X.509 certificates (RFC 5280) as attestation uses them: read, checked for a path to given anchors, issued.
//!
//! The rules of TLS do not fit attestation (no host names, odd key usages, version 1 roots), so the path
//! validator is our own and small. A certificate is trusted only because the caller gave it as an anchor.

use x509_parser::certificate::X509Certificate;
use x509_parser::prelude::FromDer;

use crate::cose::{Algorithm, BadSignature, Family, KeyRefusal, PublicKey};
use crate::time::Timestamp;

mod issue;
mod path;
mod read;
mod signature;

pub use issue::{Issue, Name, Requested};
pub use path::{PathRefusal, validate_path};

/// Longest certificate that is looked at, in bytes.
const LONGEST: usize = 16 * 1024;
/// Most extensions and subject attributes that are looked at.
const MOST: usize = 64;

/// Object identifiers as the octets of their DER content.
pub mod oid {
    /// id-fido-gen-ce-aaguid, 1.3.6.1.4.1.45724.1.1.4.
    pub const AAGUID: &[u8] = &[0x2b, 0x06, 0x01, 0x04, 0x01, 0x82, 0xe5, 0x1c, 0x01, 0x01, 0x04];
    /// id-at-commonName.
    pub const COMMON_NAME: &[u8] = &[0x55, 0x04, 0x03];
    /// id-at-countryName.
    pub const COUNTRY: &[u8] = &[0x55, 0x04, 0x06];
    /// id-at-organizationName.
    pub const ORGANIZATION: &[u8] = &[0x55, 0x04, 0x0a];
    /// id-at-organizationalUnitName.
    pub const ORGANIZATIONAL_UNIT: &[u8] = &[0x55, 0x04, 0x0b];
    /// id-ce-subjectAltName.
    pub const SUBJECT_ALTERNATIVE_NAME: &[u8] = &[0x55, 0x1d, 0x11];
    /// id-ce-extKeyUsage.
    pub const EXTENDED_KEY_USAGE: &[u8] = &[0x55, 0x1d, 0x25];
    pub(crate) const CERTIFICATE_POLICIES: &[u8] = &[0x55, 0x1d, 0x20];
    pub(crate) const KEY_USAGE: &[u8] = &[0x55, 0x1d, 0x0f];
    pub(crate) const BASIC_CONSTRAINTS: &[u8] = &[0x55, 0x1d, 0x13];
    pub(crate) const EC_PUBLIC_KEY: &[u8] = &[0x2a, 0x86, 0x48, 0xce, 0x3d, 0x02, 0x01];
    pub(crate) const P256: &[u8] = &[0x2a, 0x86, 0x48, 0xce, 0x3d, 0x03, 0x01, 0x07];
    pub(crate) const P384: &[u8] = &[0x2b, 0x81, 0x04, 0x00, 0x22];
    pub(crate) const P521: &[u8] = &[0x2b, 0x81, 0x04, 0x00, 0x23];
    pub(crate) const ED25519: &[u8] = &[0x2b, 0x65, 0x70];
    pub(crate) const ML_DSA_44: &[u8] = &[0x60, 0x86, 0x48, 0x01, 0x65, 0x03, 0x04, 0x03, 0x11];
    pub(crate) const ML_DSA_65: &[u8] = &[0x60, 0x86, 0x48, 0x01, 0x65, 0x03, 0x04, 0x03, 0x12];
    pub(crate) const ML_DSA_87: &[u8] = &[0x60, 0x86, 0x48, 0x01, 0x65, 0x03, 0x04, 0x03, 0x13];
    pub(crate) const RSA_ENCRYPTION: &[u8] = &[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x01, 0x01];
    pub(crate) const RSA_SHA256: &[u8] = &[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x01, 0x0b];
    pub(crate) const RSA_SHA384: &[u8] = &[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x01, 0x0c];
    pub(crate) const RSA_SHA512: &[u8] = &[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x01, 0x0d];
    pub(crate) const ECDSA_SHA256: &[u8] = &[0x2a, 0x86, 0x48, 0xce, 0x3d, 0x04, 0x03, 0x02];
    pub(crate) const ECDSA_SHA384: &[u8] = &[0x2a, 0x86, 0x48, 0xce, 0x3d, 0x04, 0x03, 0x03];
    pub(crate) const ECDSA_SHA512: &[u8] = &[0x2a, 0x86, 0x48, 0xce, 0x3d, 0x04, 0x03, 0x04];
}

/// A certificate that has been read; whether it is trusted is another question.
#[derive(Clone)]
pub struct Certificate {
    der: Vec<u8>,
    tbs: Vec<u8>,
    version: u32,
    issuer: Vec<u8>,
    subject: Vec<u8>,
    attributes: Vec<(Vec<u8>, String)>,
    not_before: Timestamp,
    not_after: Timestamp,
    key: Key,
    signature_algorithm: Vec<u8>,
    signature: Vec<u8>,
    basic_constraints: Option<BasicConstraints>,
    usage: KeyUsage,
    extensions: Vec<Extension>,
}

/// SubjectPublicKeyInfo, in parts.
#[derive(Clone, PartialEq, Eq)]
struct Key {
    algorithm: Vec<u8>,
    /// The named curve of an EC key.
    curve: Option<Vec<u8>>,
    bits: Vec<u8>,
}

/// What the subject's key may sign.
#[derive(Clone, Copy)]
struct KeyUsage {
    data: bool,
    certificates: bool,
}

/// The basic constraints extension (RFC 5280 section 4.2.1.9).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct BasicConstraints {
    /// Whether the subject may issue certificates.
    pub ca: bool,
    /// How many intermediate certificates may follow.
    pub path_length: Option<u32>,
}

impl BasicConstraints {
    /// Of a certificate that ends a chain.
    pub const END: BasicConstraints = BasicConstraints { ca: false, path_length: None };
    /// Of an authority without bound.
    pub const AUTHORITY: BasicConstraints = BasicConstraints { ca: true, path_length: None };
}

/// An extension as it stands in the certificate.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Extension {
    /// The octets of its identifier.
    pub oid: Vec<u8>,
    /// Whether who does not understand it must refuse the certificate.
    pub critical: bool,
    /// The content of extnValue.
    pub value: Vec<u8>,
}

impl Certificate {
    /// Reads a certificate in DER, all of `der`.
    pub fn parse(der: &[u8]) -> Result<Self, CertificateRefusal> {
        if der.len() > LONGEST {
            return Err(CertificateRefusal::TooLong);
        }
        let (rest, parsed) = X509Certificate::from_der(der).map_err(|_| CertificateRefusal::Der)?;
        if !rest.is_empty() {
            return Err(CertificateRefusal::TrailingBytes);
        }
        let tbs = parsed.tbs_certificate.as_ref();
        let signature = read::signature(der, tbs).ok_or(CertificateRefusal::SignatureAlgorithm)?;
        let extensions = read::extensions(&parsed)?;
        let basic_constraints = read::basic_constraints(&parsed)?;
        let spki = parsed.public_key();
        // RSA has NULL for parameters, or none.
        let parameters = spki.algorithm.parameters.as_ref();
        let curve = parameters.filter(|any| any.tag().0 == 6).and_then(|any| any.as_oid().ok());
        Ok(Self {
            der: der.to_vec(),
            tbs: tbs.to_vec(),
            version: parsed.version().0.saturating_add(1),
            issuer: parsed.issuer().as_raw().to_vec(),
            subject: parsed.subject().as_raw().to_vec(),
            attributes: read::attributes(&parsed)?,
            not_before: Timestamp::from_secs(parsed.validity().not_before.timestamp()),
            not_after: Timestamp::from_secs(parsed.validity().not_after.timestamp()),
            key: Key {
                algorithm: spki.algorithm.algorithm.as_bytes().to_vec(),
                curve: curve.map(|curve| curve.as_bytes().to_vec()),
                bits: spki.subject_public_key.data.to_vec(),
            },
            signature_algorithm: parsed.signature_algorithm.algorithm.as_bytes().to_vec(),
            signature: signature.to_vec(),
            basic_constraints,
            usage: read::key_usage(&parsed)?,
            extensions,
        })
    }

    /// The certificate in DER.
    pub fn der(&self) -> &[u8] {
        &self.der
    }

    /// The version as people count it: 1, 2 or 3.
    pub fn version(&self) -> u32 {
        self.version
    }

    /// The basic constraints, if the certificate has them.
    pub fn basic_constraints(&self) -> Option<BasicConstraints> {
        self.basic_constraints
    }

    /// The extension with the identifier `oid`.
    pub fn extension(&self, oid: &[u8]) -> Option<&Extension> {
        self.extensions.iter().find(|extension| extension.oid == oid)
    }

    /// Whether the subject is the empty name.
    pub fn has_empty_subject(&self) -> bool {
        self.subject == [crate::der::SEQUENCE, 0]
    }

    /// What the subject's key is for, by the extended key usage extension; nothing if there is none.
    pub fn extended_key_usages(&self) -> Result<Vec<&[u8]>, CertificateRefusal> {
        match self.extension(oid::EXTENDED_KEY_USAGE) {
            None => Ok(Vec::new()),
            Some(extension) => read::purposes(&extension.value).ok_or(CertificateRefusal::Extension),
        }
    }

    /// The attributes of the directory names in the subject alternative name extension, by identifier and in
    /// order; none if there is no such extension.
    pub fn directory_attributes(&self) -> Result<Vec<(&[u8], &str)>, CertificateRefusal> {
        match self.extension(oid::SUBJECT_ALTERNATIVE_NAME) {
            None => Ok(Vec::new()),
            Some(extension) => {
                read::directory_attributes(&extension.value).ok_or(CertificateRefusal::Extension)
            }
        }
    }

    /// The host names in the subject alternative name extension (RFC 5280 section 4.2.1.6), in order; none if there is
    /// no such extension.
    pub fn host_names(&self) -> Result<Vec<&str>, CertificateRefusal> {
        match self.extension(oid::SUBJECT_ALTERNATIVE_NAME) {
            None => Ok(Vec::new()),
            Some(extension) => read::host_names(&extension.value).ok_or(CertificateRefusal::Extension),
        }
    }

    /// The last moment of its validity.
    pub fn not_after(&self) -> Timestamp {
        self.not_after
    }

    /// Every value of the subject's attribute `oid`, in order.
    pub fn subject<'a>(&'a self, oid: &'a [u8]) -> impl Iterator<Item = &'a str> {
        self.attributes.iter().filter(move |(name, _)| name == oid).map(|(_, value)| value.as_str())
    }

    /// Whether `now` lies within the validity period, both ends included.
    pub fn is_valid_at(&self, now: Timestamp) -> bool {
        self.not_before <= now && now <= self.not_after
    }

    /// The model in the extension id-fido-gen-ce-aaguid (WebAuthn Level 3 section 8.2.1), if there is one.
    pub fn aaguid(&self) -> Result<Option<[u8; 16]>, CertificateRefusal> {
        let Some(extension) = self.extension(oid::AAGUID) else {
            return Ok(None);
        };
        if extension.critical {
            return Err(CertificateRefusal::AaguidCritical);
        }
        let inner = crate::der::read(&extension.value, crate::der::OCTET_STRING);
        match inner.map(|(content, rest)| (<[u8; 16]>::try_from(content), rest.is_empty())) {
            Some((Ok(aaguid), true)) => Ok(Some(aaguid)),
            _ => Err(CertificateRefusal::AaguidShape),
        }
    }

    /// The subject's key for use with `algorithm`.
    pub fn public_key(&self, algorithm: Algorithm) -> Result<PublicKey, KeyRefusal> {
        let expected: (&[u8], Option<&[u8]>) = match algorithm {
            Algorithm::Es256 | Algorithm::Esp256 => (oid::EC_PUBLIC_KEY, Some(oid::P256)),
            Algorithm::Es384 | Algorithm::Esp384 => (oid::EC_PUBLIC_KEY, Some(oid::P384)),
            Algorithm::Es512 | Algorithm::Esp512 => (oid::EC_PUBLIC_KEY, Some(oid::P521)),
            Algorithm::EdDsa | Algorithm::Ed25519 => (oid::ED25519, None),
            Algorithm::Rs256 | Algorithm::Ps256 => (oid::RSA_ENCRYPTION, None),
            Algorithm::MlDsa44 => (oid::ML_DSA_44, None),
            Algorithm::MlDsa65 => (oid::ML_DSA_65, None),
            Algorithm::MlDsa87 => (oid::ML_DSA_87, None),
        };
        if (self.key.algorithm.as_slice(), self.key.curve.as_deref()) != expected {
            return Err(KeyRefusal::KeyType);
        }
        let bits = self.key.bits.as_slice();
        match algorithm.family() {
            Family::Ec(_) => PublicKey::from_ec_point(algorithm, bits),
            Family::Ed25519 => PublicKey::from_ed25519(algorithm, bits),
            Family::MlDsa(_) => PublicKey::from_ml_dsa(algorithm, bits),
            Family::Rsa(_) => {
                let (n, e) = crate::cose::rsa_components(bits).ok_or(KeyRefusal::RsaModulus)?;
                PublicKey::from_rsa(algorithm, n, e)
            }
        }
    }

    /// Whether the subject's RSA key made `signature` over `message` with SHA-1 (RS1 of RFC 8812). For statements of
    /// TPMs only, which bind what matters by better hashes (WebAuthn Level 3 section 8.3).
    pub fn verify_rs1(&self, message: &[u8], signature: &[u8]) -> Result<(), BadSignature> {
        signature::verify_rs1(&self.key, message, signature)
    }

    /// Whether `issuer`'s key made this certificate's signature and the names fit.
    pub fn is_issued_by(&self, issuer: &Certificate) -> Result<(), BadSignature> {
        if self.issuer != issuer.subject {
            return Err(BadSignature);
        }
        signature::verify(&issuer.key, &self.signature_algorithm, &self.tbs, &self.signature)
    }
}

impl AsRef<Certificate> for Certificate {
    fn as_ref(&self) -> &Certificate {
        self
    }
}

impl std::fmt::Debug for Certificate {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Certificate({:?})", self.subject(oid::COMMON_NAME).next().unwrap_or_default())
    }
}

/// Why bytes are no certificate that can be judged.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CertificateRefusal {
    /// Longer than 16 KiB.
    TooLong,
    /// Not a certificate in DER.
    Der,
    /// Bytes follow the certificate.
    TrailingBytes,
    /// The algorithm beside the signature is not the one that was signed, or the signature is no bit string.
    SignatureAlgorithm,
    /// An extension occurs twice.
    DuplicateExtension,
    /// More extensions or subject attributes than any certificate has.
    TooMany,
    /// Basic constraints or key usage cannot be read.
    Extension,
    /// The AAGUID extension is critical.
    AaguidCritical,
    /// The AAGUID extension is no octet string of 16 bytes.
    AaguidShape,
}

#[cfg(test)]
mod tests;
