//! What an account may add to and remove from its ways to sign in.

use crate::passkey::{Passkey, PasskeyId};

/// Passkeys that an account may have.
pub const MOST_PASSKEYS: usize = 20;

/// Whether a passkey may be removed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RemoveVerdict {
    /// It may, and others remain.
    Allowed,
    /// It may: it is the last passkey, and a password with a second step remains.
    LastPasskey,
    /// It is the last way to sign in.
    LastMethod,
    /// The account has no such passkey.
    NotFound,
}

/// Whether `id` may be removed from an account that has `passkeys`.
///
/// What must remain is an *enabled* passkey (a disabled one signs nobody in), or else `password`: that a password and a
/// second step would sign the person in. Removing a disabled passkey never takes the last way, so it is always allowed.
pub fn removal(passkeys: &[Passkey], password: bool, id: PasskeyId) -> RemoveVerdict {
    let Some(passkey) = passkeys.iter().find(|passkey| passkey.id == id) else {
        return RemoveVerdict::NotFound;
    };
    let another = passkeys.iter().any(|other| other.id != id && other.is_enabled());
    match (another || !passkey.is_enabled(), password) {
        (true, _) => RemoveVerdict::Allowed,
        (false, true) => RemoveVerdict::LastPasskey,
        (false, false) => RemoveVerdict::LastMethod,
    }
}

/// Whether an account that has `passkeys` may register another.
pub fn may_add(passkeys: &[Passkey]) -> bool {
    passkeys.len() < MOST_PASSKEYS
}

#[cfg(test)]
mod tests;
