//! Recovery codes: ten values that each work once, for the day when nothing else is at hand.
//!
//! A value is made and read like that of a pass, with a check character, but has 16 characters: 74 bits.

use primitives::entropy::Entropy;
use primitives::id::Id;
use primitives::secret::SecretText;
use primitives::time::Timestamp;

use crate::temporary_pass::{self, Slip};
use crate::user::UserId;

/// Codes of one set.
pub const COUNT: u32 = 10;

/// Characters of a code, the check character among them.
pub const LENGTH: u8 = 16;

/// Identifies a [`RecoveryCode`].
pub type RecoveryCodeId = Id<RecoveryCode>;

/// Names all codes that were made together.
pub type RecoverySetId = Id<RecoverySet>;

/// The codes that were made together.
#[derive(Debug)]
pub enum RecoverySet {}

/// One code of an account.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RecoveryCode {
    /// Its identifier.
    pub id: RecoveryCodeId,
    /// Whose it is.
    pub user: UserId,
    /// Its place in the set, from 1.
    pub number: u32,
    /// The set.
    pub set: RecoverySetId,
    /// The salt of the set ([`primitives::slow_hash::SetSalt`]).
    pub salt: Vec<u8>,
    /// The slow hash of its value.
    pub hash: [u8; 32],
    /// When it was made.
    pub created: Timestamp,
    /// When it was used.
    pub used: Option<Timestamp>,
}

/// A fresh value.
pub fn generate(entropy: &mut dyn Entropy) -> SecretText {
    temporary_pass::generate(LENGTH, entropy)
}

/// Reads what was typed, as [`temporary_pass::normalise`] does; a slip costs no try.
pub fn normalise(typed: &str) -> Result<SecretText, Slip> {
    let value = temporary_pass::normalise(typed)?;
    // Every character is ASCII, so bytes are characters.
    if value.reveal().len() == usize::from(LENGTH) { Ok(value) } else { Err(Slip::Length) }
}

#[cfg(test)]
mod tests;
