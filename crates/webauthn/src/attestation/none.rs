//! Format `none` (WebAuthn Level 3 section 8.7): no statement.

use primitives::cbor::Value;

use super::{AttestationKind, AttestationRefusal, StatementRefusal, Verified};

pub(super) const FORMAT: &str = "none";

/// The statement is an empty map.
pub(super) fn verify(statement: &Value<'_>) -> Result<Verified, AttestationRefusal> {
    let refuse = |refusal| Err(AttestationRefusal::Statement(refusal));
    match statement.as_map() {
        None => refuse(StatementRefusal::NotAMap),
        Some([]) => Ok(Verified { format: FORMAT, kind: AttestationKind::None, trust_path: Vec::new() }),
        Some(_) => refuse(StatementRefusal::NotEmpty),
    }
}
