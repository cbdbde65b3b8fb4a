//! JSON Web Signatures in the compact serialisation (RFC 7515 section 7.1), verified and made.
//!
//! What the header of somebody else's says is for the caller to judge, who also says which key must have signed. Only algorithms of an
//! asymmetric key are known here, each by the one name that RFC 7518 and RFC 9864 give it: `none` and those of shared
//! secrets cannot be asked for.

use crate::cose::{Algorithm, PublicKey, SigningKey};
use crate::encoding::{base64url_append, from_base64url};

/// Signs `payload`. The header is the caller's, who makes it say the key's algorithm ([`name`]).
pub fn sign(key: &SigningKey, header_json: &[u8], payload: &[u8]) -> String {
    // Four characters for three octets, and the longest signature of a key that has a name in JOSE.
    let octets = header_json.len().saturating_add(payload.len()).saturating_add(LONGEST_SIGNATURE);
    let mut out = String::with_capacity(octets.saturating_mul(4) / 3 + 8);
    base64url_append(header_json, &mut out);
    out.push('.');
    base64url_append(payload, &mut out);
    finish(key, &mut out);
    out
}

/// Signs what stands in `out`, the encoded header and payload with a full stop between, and puts the signature after it.
pub fn finish(key: &SigningKey, out: &mut String) {
    let signature = key.sign(out.as_bytes());
    let signature = signature_of(key.algorithm(), &signature)
        .unwrap_or_else(|| unreachable!("a signature of ours is in DER"));
    out.push('.');
    base64url_append(&signature, out);
}

/// Octets of the signature of an RSA key with the largest modulus.
const LONGEST_SIGNATURE: usize = 512;

/// Three parts that have been told apart; whether anybody signed them is another question.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Compact<'a> {
    signed: &'a str,
    header: &'a str,
    payload: &'a str,
    signature: &'a str,
}

impl<'a> Compact<'a> {
    /// Tells the parts apart.
    pub fn split(text: &'a str) -> Result<Self, JwsRefusal> {
        let (signed, signature) = text.rsplit_once('.').ok_or(JwsRefusal::Parts)?;
        let (header, payload) = signed.split_once('.').ok_or(JwsRefusal::Parts)?;
        if payload.contains('.') || header.is_empty() {
            return Err(JwsRefusal::Parts);
        }
        Ok(Self { signed, header, payload, signature })
    }

    /// The header's JSON.
    pub fn header(&self) -> Result<Vec<u8>, JwsRefusal> {
        from_base64url(self.header).ok_or(JwsRefusal::Base64)
    }

    /// The payload, if `key` signed it with its own algorithm. There is no other way to it.
    pub fn verified_payload(&self, key: &PublicKey) -> Result<Vec<u8>, JwsRefusal> {
        let signature = from_base64url(self.signature).ok_or(JwsRefusal::Base64)?;
        let signature = match coordinate(key.algorithm()) {
            Some(length) => ecdsa_der(&signature, length).ok_or(JwsRefusal::Signature)?,
            None => signature,
        };
        key.verify(self.signed.as_bytes(), &signature).map_err(|_| JwsRefusal::Signature)?;
        from_base64url(self.payload).ok_or(JwsRefusal::Base64)
    }
}

/// The algorithm of that name, if it is one with which somebody may sign.
pub fn algorithm(name: &str) -> Option<Algorithm> {
    match name {
        "ES256" => Some(Algorithm::Es256),
        "ES384" => Some(Algorithm::Es384),
        "ES512" => Some(Algorithm::Es512),
        "RS256" => Some(Algorithm::Rs256),
        "PS256" => Some(Algorithm::Ps256),
        "EdDSA" | "Ed25519" => Some(Algorithm::Ed25519),
        _ => None,
    }
}

/// The name under which keys for that algorithm sign; nothing for those that JOSE does not know. Ed25519 keeps the
/// name of RFC 8037, which everybody knows.
pub fn name(algorithm: Algorithm) -> Option<&'static str> {
    match algorithm {
        Algorithm::Es256 | Algorithm::Esp256 => Some("ES256"),
        Algorithm::Es384 | Algorithm::Esp384 => Some("ES384"),
        Algorithm::Es512 | Algorithm::Esp512 => Some("ES512"),
        Algorithm::Rs256 => Some("RS256"),
        Algorithm::Ps256 => Some("PS256"),
        Algorithm::EdDsa | Algorithm::Ed25519 => Some("EdDSA"),
        Algorithm::MlDsa44 | Algorithm::MlDsa65 | Algorithm::MlDsa87 => None,
    }
}

/// How many octets R and S have each; nothing where the signature is no pair of numbers.
fn coordinate(algorithm: Algorithm) -> Option<usize> {
    match algorithm {
        Algorithm::Es256 | Algorithm::Esp256 => Some(32),
        Algorithm::Es384 | Algorithm::Esp384 => Some(48),
        Algorithm::Es512 | Algorithm::Esp512 => Some(66),
        _ => None,
    }
}

/// R and S side by side (RFC 7518 section 3.4) as the SEQUENCE of INTEGERs that verification wants.
fn ecdsa_der(signature: &[u8], length: usize) -> Option<Vec<u8>> {
    if signature.len() != length.checked_mul(2)? {
        return None;
    }
    let (r, s) = signature.split_at(length);
    Some(crate::der::write(crate::der::SEQUENCE, &[&integer(r), &integer(s)]))
}

fn integer(octets: &[u8]) -> Vec<u8> {
    let zeros = octets.iter().take_while(|octet| **octet == 0).count().min(octets.len().saturating_sub(1));
    let octets = octets.get(zeros..).unwrap_or_default();
    let sign: &[u8] = if octets.first().is_some_and(|first| first & 0x80 != 0) { &[0] } else { &[] };
    crate::der::write(crate::der::INTEGER, &[sign, octets])
}

/// The signature of [`crate::cose::SigningKey::sign`] as a JWS has it.
pub fn signature_of(algorithm: Algorithm, signature: &[u8]) -> Option<Vec<u8>> {
    let Some(length) = coordinate(algorithm) else { return Some(signature.to_vec()) };
    let body = crate::der::only(signature, crate::der::SEQUENCE)?;
    let (r, rest) = crate::der::read(body, crate::der::INTEGER)?;
    let s = crate::der::only(rest, crate::der::INTEGER)?;
    let mut out = Vec::with_capacity(length.saturating_mul(2));
    for number in [r, s].map(crate::der::unsigned) {
        out.resize(out.len().checked_add(length.checked_sub(number.len())?)?, 0);
        out.extend_from_slice(number);
    }
    Some(out)
}

/// Why a text is no signature that can be relied on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum JwsRefusal {
    /// Not three parts.
    Parts,
    /// A part is no base64url.
    Base64,
    /// The key did not sign this.
    Signature,
}

impl JwsRefusal {
    /// The stable code.
    pub fn code(self) -> &'static str {
        match self {
            JwsRefusal::Parts => "jws_parts",
            JwsRefusal::Base64 => "jws_base64",
            JwsRefusal::Signature => "jws_signature",
        }
    }
}

#[cfg(test)]
mod tests;
