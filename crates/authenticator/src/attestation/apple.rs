//! Statements as Apple's anonymisation authority makes them (WebAuthn Level 3 section 8.8).

use primitives::cose::PublicKey;
use primitives::der::{self, write};
use primitives::digest;
use primitives::x509::Extension;

use super::{Issuer, Member, Statement};

/// 1.2.840.113635.100.8.2.
const NONCE: [u8; 9] = [0x2a, 0x86, 0x48, 0x86, 0xf7, 0x63, 0x64, 0x08, 0x02];

/// The extension that holds `nonce`.
pub fn extension(nonce: &[u8]) -> Extension {
    let inner = der::write_explicit(1, &[&write(der::OCTET_STRING, &[nonce])]);
    Extension { oid: NONCE.to_vec(), critical: false, value: write(der::SEQUENCE, &[&inner]) }
}

pub(super) fn statement(issuer: &Issuer, key: &PublicKey, message: &[u8]) -> Statement {
    let certificate = issuer.certify(key, extension(&digest::sha256(message)));
    Statement::Map { format: "apple", members: vec![("x5c", Member::Certificates(vec![certificate]))] }
}
