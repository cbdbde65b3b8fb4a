//! Passwords: what may be one, and the row that remembers it.
//!
//! NIST SP 800-63B-4 section 3.1.1.2: a length, no rules of composition, nothing that is known to be guessed first.

use primitives::secret::SecretText;
use primitives::time::Timestamp;
use unicode_normalization::UnicodeNormalization;

use crate::policy::PasswordPolicy;
use crate::user::{Login, UserId};

/// Longest password in characters.
pub const LONGEST: usize = 256;

/// Shortest part of a login that a password must not contain; shorter ones stand in too many words.
const SHORTEST_PART: usize = 4;

/// The password of an account, or that it was turned off.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Password {
    /// Whose it is.
    pub user: UserId,
    /// Its slow hash; absent once it was turned off.
    pub hash: Option<String>,
    /// From when it is what it is.
    pub since: Timestamp,
    /// Whether it must be changed before it opens anything.
    pub must_change: bool,
}

/// Reads what was typed as a password: nothing but its Unicode form is changed (NFC), spaces included.
pub fn normalise(typed: &str) -> Result<SecretText, PasswordSlip> {
    if typed.is_empty() {
        return Err(PasswordSlip::Empty);
    }
    // Bytes first: nobody makes us normalise a megabyte. Decomposed text takes several characters for one.
    if typed.len() > LONGEST * 16 {
        return Err(PasswordSlip::TooLong);
    }
    let text: String = typed.nfc().collect();
    if text.chars().count() > LONGEST { Err(PasswordSlip::TooLong) } else { Ok(SecretText::new(text)) }
}

/// Why what was typed can be nobody's password; no try is counted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PasswordSlip {
    /// Nothing was typed.
    Empty,
    /// More than 256 characters.
    TooLong,
}

impl PasswordSlip {
    /// The stable code.
    pub fn code(self) -> &'static str {
        match self {
            PasswordSlip::Empty => "password_empty",
            PasswordSlip::TooLong => "password_too_long",
        }
    }
}

/// Reads a new password for the account called `login`. Whether others know it, and whether it is the old one, is
/// asked afterwards.
pub fn parse_new(
    typed: &str,
    policy: &PasswordPolicy,
    login: &Login,
) -> Result<SecretText, NewPasswordRefusal> {
    let text = normalise(typed).map_err(|slip| match slip {
        PasswordSlip::Empty => NewPasswordRefusal::TooShort,
        PasswordSlip::TooLong => NewPasswordRefusal::TooLong,
    })?;
    if text.reveal().chars().count() < usize::from(policy.shortest) {
        return Err(NewPasswordRefusal::TooShort);
    }
    if contains_login(&text, login) { Err(NewPasswordRefusal::ContainsLogin) } else { Ok(text) }
}

/// Whether the login, or what stands before its `@`, is a part of it in whatever case.
fn contains_login(text: &SecretText, login: &Login) -> bool {
    // The same folding as that of logins, so that both are compared in one form.
    let folded: String = text.reveal().nfkc().flat_map(char::to_lowercase).nfkc().collect();
    let folded = SecretText::new(folded);
    let local = login.key().split_once('@').map_or(login.key(), |(local, _)| local);
    let holds = |part: &str| part.chars().count() >= SHORTEST_PART && folded.reveal().contains(part);
    holds(login.key()) || holds(local)
}

/// Why a text does not become a password.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NewPasswordRefusal {
    /// Shorter than the policy says.
    TooShort,
    /// More than 256 characters.
    TooLong,
    /// It stands in the list of those that others know.
    Breached,
    /// It is the one that is to be replaced.
    Same,
    /// It holds the login.
    ContainsLogin,
}

impl NewPasswordRefusal {
    /// The stable code.
    pub fn code(self) -> &'static str {
        match self {
            NewPasswordRefusal::TooShort => "too_short",
            NewPasswordRefusal::TooLong => "too_long",
            NewPasswordRefusal::Breached => "breached",
            NewPasswordRefusal::Same => "same",
            NewPasswordRefusal::ContainsLogin => "contains_login",
        }
    }
}

#[cfg(test)]
mod tests;
