//! Format `compound` (WebAuthn Level 3 section 8.9): several statements about one credential.

use primitives::cbor::Value;

use super::{AttestationRefusal, Members, Signed, StatementRefusal, Verified, verify_single};

pub(super) const FORMAT: &str = "compound";

/// Most statements that are looked at, and most certificates in all of them: each costs signatures.
const MOST_STATEMENTS: usize = 4;
const MOST_CERTIFICATES: usize = 16;

/// The verification procedure of section 8.9.
pub(super) fn verify(statement: &Value<'_>, signed: &Signed<'_>) -> Result<Verified, AttestationRefusal> {
    // "attStmt: [2* nonCompoundAttStmt]".
    let statements = statement.as_array().ok_or(StatementRefusal::NotAnArray)?;
    if statements.len() < 2 {
        return Err(StatementRefusal::TooFewStatements.into());
    }
    if statements.len() > MOST_STATEMENTS {
        return Err(StatementRefusal::TooManyStatements.into());
    }
    // "For each subStmt of attStmt, evaluate the verification procedure corresponding to the attestation
    // statement format identifier subStmt.fmt … If validation fails for one or more subStmt, decide the
    // appropriate result based on Relying Party policy": all must hold (ADR 7).
    let mut claims = Vec::with_capacity(statements.len());
    for sub_statement in statements {
        let members = Members::of(sub_statement, &["attStmt", "fmt"])?;
        let format = members.text("fmt")?;
        // "fmt: text .ne "compound"".
        if format == FORMAT {
            return Err(StatementRefusal::Nested.into());
        }
        let (_, claim) = verify_single(format, members.value("attStmt")?, signed)?;
        claims.push(claim);
    }
    if claims.iter().map(|claim| claim.trust_path.len()).sum::<usize>() > MOST_CERTIFICATES {
        return Err(StatementRefusal::TooManyCertificates.into());
    }
    // "If sufficiently many … items of attStmt verify successfully, return implementation-specific values
    // representing any combination of outputs from successful verification procedures."
    Ok(Verified { format: FORMAT, claims })
}

#[cfg(test)]
mod tests;
