//! Reading the parts of a certificate that rules look at.

use x509_parser::certificate::X509Certificate;
use x509_parser::extensions::ParsedExtension;

use super::{BasicConstraints, CertificateRefusal, Extension, KeyUsage, MOST, oid};
use crate::der::{
    self, BIT_STRING, IA5_STRING, INTEGER, OID, PRINTABLE_STRING, SEQUENCE, SET, UTF8_STRING, read,
};

/// The signature, if the algorithm beside it is, byte for byte, the one that was signed (RFC 5280 section
/// 4.1.1.2). The reader above is more lenient here, and what is not signed must not be told two ways.
pub(super) fn signature<'a>(der: &'a [u8], tbs: &[u8]) -> Option<&'a [u8]> {
    let (body, _) = read(der, SEQUENCE)?;
    let (outer, rest) = read(body.get(tbs.len()..)?, SEQUENCE)?;
    let (bits, end) = read(rest, BIT_STRING)?;
    let (content, _) = read(tbs, SEQUENCE)?;
    // The version is left out in version 1.
    let numbered = read(content, 0xa0).map_or(content, |(_, rest)| rest);
    let (inner, _) = read(read(numbered, INTEGER)?.1, SEQUENCE)?;
    let (unused, signature) = bits.split_first()?;
    (outer == inner && *unused == 0 && end.is_empty()).then_some(signature)
}

pub(super) fn extensions(parsed: &X509Certificate<'_>) -> Result<Vec<Extension>, CertificateRefusal> {
    let mut out: Vec<Extension> = Vec::new();
    for extension in parsed.extensions() {
        let oid = extension.oid.as_bytes();
        if out.iter().any(|other| other.oid == oid) {
            return Err(CertificateRefusal::DuplicateExtension);
        }
        if out.len() == MOST {
            return Err(CertificateRefusal::TooMany);
        }
        out.push(Extension {
            oid: oid.to_vec(),
            critical: extension.critical,
            value: extension.value.to_vec(),
        });
    }
    Ok(out)
}

pub(super) fn basic_constraints(
    parsed: &X509Certificate<'_>,
) -> Result<Option<BasicConstraints>, CertificateRefusal> {
    for extension in parsed.extensions() {
        if extension.oid.as_bytes() == oid::BASIC_CONSTRAINTS {
            return match extension.parsed_extension() {
                ParsedExtension::BasicConstraints(found) => {
                    Ok(Some(BasicConstraints { ca: found.ca, path_length: found.path_len_constraint }))
                }
                _ => Err(CertificateRefusal::Extension),
            };
        }
    }
    Ok(None)
}

/// What the key usage extension (RFC 5280 section 4.2.1.3) allows; everything if there is none.
pub(super) fn key_usage(parsed: &X509Certificate<'_>) -> Result<KeyUsage, CertificateRefusal> {
    for extension in parsed.extensions() {
        if extension.oid.as_bytes() == oid::KEY_USAGE {
            return match extension.parsed_extension() {
                ParsedExtension::KeyUsage(usage) => {
                    Ok(KeyUsage { data: usage.digital_signature(), certificates: usage.key_cert_sign() })
                }
                _ => Err(CertificateRefusal::Extension),
            };
        }
    }
    Ok(KeyUsage { data: true, certificates: true })
}

pub(super) fn attributes(parsed: &X509Certificate<'_>) -> Result<Vec<(Vec<u8>, String)>, CertificateRefusal> {
    let mut out = Vec::new();
    for attribute in parsed.subject().iter_attributes() {
        if out.len() == MOST {
            return Err(CertificateRefusal::TooMany);
        }
        // A value in one of the old string types is no text here, so no rule about it can hold.
        if let Ok(text) = attribute.as_str() {
            out.push((attribute.attr_type().as_bytes().to_vec(), text.to_owned()));
        }
    }
    Ok(out)
}

/// The identifiers in an extended key usage extension (RFC 5280 section 4.2.1.12).
pub(super) fn purposes(value: &[u8]) -> Option<Vec<&[u8]>> {
    let mut rest = der::only(value, SEQUENCE)?;
    let mut out = Vec::new();
    while !rest.is_empty() {
        let (oid, after) = read(rest, OID)?;
        out.push(oid);
        rest = after;
        if out.len() > MOST {
            return None;
        }
    }
    Some(out)
}

/// The tag of a directoryName among general names (RFC 5280 section 4.2.1.6).
const DIRECTORY_NAME: u8 = 0xa4;

/// The attributes of every directory name in a subject alternative name extension, in order, whether one
/// relative distinguished name holds several or each its own.
pub(super) fn directory_attributes(value: &[u8]) -> Option<Vec<(&[u8], &str)>> {
    let mut names = der::only(value, SEQUENCE)?;
    let mut out = Vec::new();
    while !names.is_empty() {
        let (tag, content, after) = der::any(names)?;
        if tag == DIRECTORY_NAME {
            name_attributes(der::only(content, SEQUENCE)?, &mut out)?;
        }
        names = after;
    }
    Some(out)
}

/// The tag of a dNSName among general names.
const DNS_NAME: u8 = 0x82;

/// The host names in a subject alternative name extension, in order.
pub(super) fn host_names(value: &[u8]) -> Option<Vec<&str>> {
    let mut names = der::only(value, SEQUENCE)?;
    let mut out = Vec::new();
    while !names.is_empty() {
        let (tag, content, after) = der::any(names)?;
        if tag == DNS_NAME {
            out.push(std::str::from_utf8(content).ok()?);
        }
        if out.len() > MOST {
            return None;
        }
        names = after;
    }
    Some(out)
}

fn name_attributes<'a>(mut name: &'a [u8], out: &mut Vec<(&'a [u8], &'a str)>) -> Option<()> {
    while !name.is_empty() {
        let (mut set, after) = read(name, SET)?;
        while !set.is_empty() {
            let (pair, following) = read(set, SEQUENCE)?;
            let (oid, value) = read(pair, OID)?;
            let (tag, text, end) = der::any(value)?;
            // A value in one of the old string types is no text here, so no rule about it can hold.
            if end.is_empty() && matches!(tag, UTF8_STRING | PRINTABLE_STRING | IA5_STRING) {
                out.push((oid, std::str::from_utf8(text).ok()?));
            }
            if out.len() > MOST {
                return None;
            }
            set = following;
        }
        name = after;
    }
    Some(())
}
