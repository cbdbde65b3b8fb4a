//! Statements about where an authenticator comes from, in every format of WebAuthn Level 3 section 8, and an
//! attestation authority of our own to make them with.
//!
//! All of this is made in software: a statement in the format of a TPM does not come from a TPM. It is worth
//! no more than the authority that stands behind it, so it is trusted only by who configures that
//! [`Authority`]'s root as an anchor, which is for tests and for measuring.

use std::sync::Arc;

use fido::attestation_object::AttestationObject;
use primitives::cbor::{Key, Value};
use primitives::cose::{Algorithm, SigningKey};

pub mod android_key;
pub mod apple;
mod authority;
pub mod fido_u2f;
mod private;
pub mod tpm;

pub use authority::{Authority, Batch, Issuer};
pub use private::Private;

/// What an authenticator says about its origin.
#[derive(Clone, Debug)]
pub enum Attestation {
    /// Nothing.
    None,
    /// Packed, signed by the credential itself.
    SelfSigned,
    /// Packed, signed by the key that authenticators of one batch share or that is this one's own.
    Packed(Arc<Batch>),
    /// As a TPM. For EC and RSA credentials; others get no statement.
    Tpm(Arc<Batch>),
    /// As Android's keystore.
    AndroidKey(Arc<Issuer>, android_key::SecurityLevel),
    /// As Apple.
    Apple(Arc<Issuer>),
    /// As U2F. For ES256 credentials; others get no statement.
    FidoU2f(Arc<Batch>),
    /// Several of them, at least two, none of them compound.
    Compound(Vec<Attestation>),
}

/// The certified formats that [`Attestation::by`] makes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    /// Packed with a batch certificate.
    Packed,
    /// Packed with a certificate of its own, issued by an attestation authority.
    PackedSingle,
    /// TPM.
    Tpm,
    /// Android, at that level.
    AndroidKey(android_key::SecurityLevel),
    /// Apple.
    Apple,
    /// U2F.
    FidoU2f,
}

impl Format {
    /// One of each.
    pub const ALL: [Format; 7] = [
        Format::Packed,
        Format::PackedSingle,
        Format::Tpm,
        Format::AndroidKey(android_key::SecurityLevel::TrustedEnvironment),
        Format::AndroidKey(android_key::SecurityLevel::StrongBox),
        Format::Apple,
        Format::FidoU2f,
    ];

    /// Whether the format can speak of a credential for `algorithm`.
    pub fn takes(self, algorithm: Algorithm) -> bool {
        match self {
            Format::FidoU2f => algorithm == Algorithm::Es256,
            Format::Tpm => tpm::takes(algorithm),
            Format::Packed | Format::PackedSingle | Format::AndroidKey(_) | Format::Apple => true,
        }
    }
}

impl Attestation {
    /// The attestation in `format` by `authority`, for a model.
    pub fn by(authority: &Authority, format: Format, aaguid: [u8; 16]) -> Self {
        match format {
            Format::Packed => Attestation::Packed(authority.batch(aaguid)),
            Format::PackedSingle => Attestation::Packed(authority.single(aaguid)),
            Format::Tpm => Attestation::Tpm(authority.tpm(aaguid)),
            Format::AndroidKey(level) => Attestation::AndroidKey(authority.issuer(), level),
            Format::Apple => Attestation::Apple(authority.issuer()),
            Format::FidoU2f => Attestation::FidoU2f(authority.u2f_batch()),
        }
    }
}

/// A statement made: format and members, owned.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Statement {
    /// `none`.
    None,
    /// A format with members.
    Map {
        /// Its identifier.
        format: &'static str,
        /// What it holds, by name.
        members: Vec<(&'static str, Member)>,
    },
    /// `compound`.
    Compound(Vec<Statement>),
}

/// A member of a statement.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Member {
    /// As in `alg`.
    Integer(i64),
    /// As in `ver`.
    Text(&'static str),
    /// As in `sig`.
    Bytes(Vec<u8>),
    /// As in `x5c`.
    Certificates(Vec<Vec<u8>>),
}

impl Member {
    fn value(&self) -> Value<'_> {
        match self {
            Member::Integer(number) => Value::Integer(*number),
            Member::Text(text) => Value::Text(text),
            Member::Bytes(bytes) => Value::Bytes(bytes),
            Member::Certificates(chain) => {
                Value::Array(chain.iter().map(|certificate| Value::Bytes(certificate)).collect())
            }
        }
    }
}

impl Statement {
    /// As `attestation` wants it, for a credential with `key`; `message` is authenticatorData ||
    /// clientDataHash.
    pub(crate) fn make(attestation: &Attestation, key: &SigningKey, message: &[u8]) -> Self {
        let made = match attestation {
            Attestation::None => None,
            Attestation::SelfSigned => Some(packed(key, &[], message)),
            Attestation::Packed(batch) => Some(packed(batch.key(), batch.chain(), message)),
            Attestation::Tpm(batch) => tpm::statement(batch, key.public_key(), message),
            Attestation::AndroidKey(issuer, level) => {
                Some(android_key::statement(issuer, *level, key, message))
            }
            Attestation::Apple(issuer) => Some(apple::statement(issuer, key.public_key(), message)),
            Attestation::FidoU2f(batch) => fido_u2f::statement(batch, message),
            Attestation::Compound(parts) => {
                let make = |part| Statement::make(part, key, message);
                Some(Statement::Compound(parts.iter().map(make).collect()))
            }
        };
        made.unwrap_or(Statement::None)
    }

    /// Packed, by the key that an organisation certified for this authenticator.
    pub(crate) fn private(private: &Private, message: &[u8]) -> Self {
        packed(private.key.signing_key(), &private.chain, message)
    }

    /// The format's identifier.
    pub fn format(&self) -> &'static str {
        match self {
            Statement::None => "none",
            Statement::Map { format, .. } => format,
            Statement::Compound(_) => "compound",
        }
    }

    fn value(&self) -> Value<'_> {
        match self {
            Statement::None => Value::Map(Vec::new()),
            Statement::Map { members, .. } => {
                Value::Map(members.iter().map(|(name, member)| (Key::Text(name), member.value())).collect())
            }
            Statement::Compound(parts) => Value::Array(parts.iter().map(Statement::part).collect()),
        }
    }

    /// As a part of a compound statement.
    fn part(&self) -> Value<'_> {
        Value::Map(vec![(Key::Text("fmt"), Value::Text(self.format())), (Key::Text("attStmt"), self.value())])
    }

    /// The attestation object with this statement.
    pub fn object<'a>(&'a self, authenticator_data: &'a [u8]) -> AttestationObject<'a> {
        AttestationObject { format: self.format(), statement: self.value(), authenticator_data }
    }
}

/// Section 8.2.
fn packed(signer: &SigningKey, chain: &[Vec<u8>], message: &[u8]) -> Statement {
    let mut members =
        vec![("alg", Member::Integer(signer.algorithm().id())), ("sig", Member::Bytes(signer.sign(message)))];
    if !chain.is_empty() {
        members.push(("x5c", Member::Certificates(chain.to_vec())));
    }
    Statement::Map { format: "packed", members }
}

#[cfg(test)]
mod tests;
