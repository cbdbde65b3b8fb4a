//! Attestation object (WebAuthn Level 3 section 6.5.4): authenticator data with a statement about their origin.

use primitives::cbor::{self, CborRefusal, Key, Value};

/// Longest attestation object that is looked at, in bytes: room for a chain of certificates.
pub const LONGEST: usize = 64 * 1024;

/// The compound format holds an array of statements, one level more than CTAP2's own messages have.
const DEEPEST: u8 = cbor::CTAP2_DEPTH + 1;

/// A parsed attestation object; the statement is judged by its format.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AttestationObject<'a> {
    /// `fmt`: the attestation statement format's identifier.
    pub format: &'a str,
    /// `attStmt`: a map, or an array in the compound format.
    pub statement: Value<'a>,
    /// `authData`, raw, because it is signed.
    pub authenticator_data: &'a [u8],
}

impl<'a> AttestationObject<'a> {
    /// Reads all of `bytes`.
    pub fn parse(bytes: &'a [u8]) -> Result<Self, AttestationObjectRefusal> {
        if bytes.len() > LONGEST {
            return Err(AttestationObjectRefusal::TooLong);
        }
        let value = cbor::parse(bytes, DEEPEST).map_err(AttestationObjectRefusal::Cbor)?;
        let Value::Map(entries) = value else {
            return Err(AttestationObjectRefusal::NotAMap);
        };
        let (mut format, mut statement, mut authenticator_data) = (None, None, None);
        for (key, value) in entries {
            match (key, value) {
                (Key::Text("fmt"), Value::Text(text)) => format = Some(text),
                (Key::Text("attStmt"), value @ (Value::Map(_) | Value::Array(_))) => statement = Some(value),
                (Key::Text("authData"), Value::Bytes(bytes)) => authenticator_data = Some(bytes),
                (Key::Text("fmt" | "attStmt" | "authData"), _) => {
                    return Err(AttestationObjectRefusal::MemberType);
                }
                _ => return Err(AttestationObjectRefusal::ForeignMember),
            }
        }
        let missing = AttestationObjectRefusal::MemberMissing;
        Ok(Self {
            format: format.ok_or(missing)?,
            statement: statement.ok_or(missing)?,
            authenticator_data: authenticator_data.ok_or(missing)?,
        })
    }

    /// Writes the attestation object in canonical CBOR.
    pub fn encode(&self) -> Vec<u8> {
        Value::Map(vec![
            (Key::Text("fmt"), Value::Text(self.format)),
            (Key::Text("attStmt"), self.statement.clone()),
            (Key::Text("authData"), Value::Bytes(self.authenticator_data)),
        ])
        .encode()
    }
}

/// Why bytes are no attestation object.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AttestationObjectRefusal {
    /// Longer than [`LONGEST`].
    TooLong,
    /// Not canonical CBOR.
    Cbor(CborRefusal),
    /// Not a map.
    NotAMap,
    /// `fmt`, `attStmt` or `authData` is missing.
    MemberMissing,
    /// One of them has the wrong type.
    MemberType,
    /// There is another member.
    ForeignMember,
}

impl AttestationObjectRefusal {
    /// The stable code of the rule.
    pub fn code(self) -> &'static str {
        match self {
            AttestationObjectRefusal::TooLong => "resource_limit",
            AttestationObjectRefusal::Cbor(cbor) if cbor.is_resource_limit() => "resource_limit",
            _ => "attestation_object",
        }
    }
}

#[cfg(test)]
mod tests;
