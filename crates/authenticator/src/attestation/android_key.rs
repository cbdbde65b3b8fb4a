//! Statements as Android's keystore makes them (WebAuthn Level 3 section 8.4).

use primitives::cose::SigningKey;
use primitives::der::{self, write, write_explicit};
use primitives::x509::Extension;

use super::{Issuer, Member, Statement};

/// 1.3.6.1.4.1.11129.2.1.17.
const KEY_DESCRIPTION: [u8; 10] = [0x2b, 0x06, 0x01, 0x04, 0x01, 0xd6, 0x79, 0x02, 0x01, 0x11];

/// Where the key lives, in the words of Android's key attestation schema.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SecurityLevel {
    /// In the operating system: no relying party takes it.
    Software,
    /// In the processor's trusted execution environment.
    TrustedEnvironment,
    /// In a chip of its own.
    StrongBox,
}

impl SecurityLevel {
    fn number(self) -> u8 {
        match self {
            SecurityLevel::Software => 0,
            SecurityLevel::TrustedEnvironment => 1,
            SecurityLevel::StrongBox => 2,
        }
    }
}

/// The extension KeyDescription, in parts.
#[derive(Clone, Debug)]
pub struct KeyDescription {
    /// attestationSecurityLevel.
    pub attestation_level: SecurityLevel,
    /// keyMintSecurityLevel.
    pub keystore_level: SecurityLevel,
    /// attestationChallenge: the hash of the client data.
    pub challenge: Vec<u8>,
    /// Entries of softwareEnforced, encoded.
    pub software: Vec<Vec<u8>>,
    /// Entries of hardwareEnforced, encoded.
    pub hardware: Vec<Vec<u8>>,
}

impl KeyDescription {
    /// Of a signing key that was generated at `level`: what section 8.4 demands, with entries of recent
    /// versions around it.
    pub fn new(level: SecurityLevel, challenge: &[u8]) -> Self {
        let number = |value: u8| write(der::INTEGER, &[&[value]]);
        Self {
            attestation_level: level,
            keystore_level: level,
            challenge: challenge.to_vec(),
            // creationDateTime and moduleHash.
            software: vec![
                entry(701, &write(der::INTEGER, &[&[0x01, 0x90, 0, 0, 0, 0]])),
                entry(724, &write(der::OCTET_STRING, &[&[7; 32]])),
            ],
            // purpose, algorithm, noAuthRequired and origin.
            hardware: vec![
                purposes(&[2]),
                entry(2, &number(3)),
                entry(503, &write(der::NULL, &[])),
                entry(702, &number(0)),
            ],
        }
    }

    /// As an extension, version 400.
    pub fn extension(&self) -> Extension {
        let version = write(der::INTEGER, &[&[0x01, 0x90]]);
        let level = |level: SecurityLevel| write(der::ENUMERATED, &[&[level.number()]]);
        let value = write(
            der::SEQUENCE,
            &[
                &version,
                &level(self.attestation_level),
                &version,
                &level(self.keystore_level),
                &write(der::OCTET_STRING, &[&self.challenge]),
                &write(der::OCTET_STRING, &[]),
                &write(der::SEQUENCE, &[&self.software.concat()]),
                &write(der::SEQUENCE, &[&self.hardware.concat()]),
            ],
        );
        Extension { oid: KEY_DESCRIPTION.to_vec(), critical: false, value }
    }
}

/// An entry of an authorization list.
pub fn entry(tag: u32, value: &[u8]) -> Vec<u8> {
    write_explicit(tag, &[value])
}

/// The entry `purpose`.
pub fn purposes(purposes: &[u8]) -> Vec<u8> {
    let each: Vec<u8> = purposes.iter().flat_map(|purpose| write(der::INTEGER, &[&[*purpose]])).collect();
    entry(1, &write(der::SET, &[&each]))
}

pub(super) fn statement(
    issuer: &Issuer,
    level: SecurityLevel,
    key: &SigningKey,
    message: &[u8],
) -> Statement {
    let client_data_hash = message.last_chunk::<32>().copied().unwrap_or_default();
    let description = KeyDescription::new(level, &client_data_hash);
    let certificate = issuer.certify(key.public_key(), description.extension());
    let members = vec![
        ("alg", Member::Integer(key.algorithm().id())),
        ("sig", Member::Bytes(key.sign(message))),
        ("x5c", Member::Certificates(vec![certificate])),
    ];
    Statement::Map { format: "android-key", members }
}
