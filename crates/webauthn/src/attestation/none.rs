//! Format `none` (WebAuthn Level 3 section 8.7): no statement.

use primitives::cbor::Value;

use super::{AttestationKind, AttestationRefusal, Claim, StatementRefusal};

pub(super) const FORMAT: &str = "none";

/// The statement is an empty map.
pub(super) fn verify(statement: &Value<'_>) -> Result<Claim, AttestationRefusal> {
    match statement.as_map() {
        None => Err(StatementRefusal::NotAMap.into()),
        Some([]) => Ok(Claim::new(AttestationKind::None, Vec::new())),
        Some(_) => Err(StatementRefusal::NotEmpty.into()),
    }
}
