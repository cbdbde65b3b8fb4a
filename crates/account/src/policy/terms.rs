//! The conditions of each way to sign in.

use primitives::time::{Span, Timestamp};

/// What passwords there may be.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PasswordPolicy {
    /// Whether anybody may have one.
    pub enabled: bool,
    /// Shortest one in characters.
    pub shortest: u16,
    /// Whether the password of somebody who has a passkey signs them in. Off: it is told so, after it was right.
    pub beside_passkeys: bool,
    /// Whether a password without any second step lets a passkey be added, and nothing else.
    pub alone_registers: bool,
}

impl Default for PasswordPolicy {
    fn default() -> Self {
        Self { enabled: false, shortest: 10, beside_passkeys: false, alone_registers: false }
    }
}

/// Whether a kind of codes may be used.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CodePolicy {
    /// Whether it may.
    pub enabled: bool,
}

impl Default for CodePolicy {
    fn default() -> Self {
        Self { enabled: true }
    }
}

/// How passkeys come to phones.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PhonePolicy {
    /// Whether the computer's code may lead a phone to the companion, where it signs in itself (mode B1).
    pub link: bool,
    /// Whether a number that the phone shows may be typed on the computer instead (mode B2): only for onboarding of
    /// people without a passkey and without a role.
    pub number: bool,
    /// Whether the browser may talk to the phone by itself (hybrid transport).
    pub hybrid: bool,
    /// Oldest version of Android that pages ask for.
    pub android: u16,
    /// Oldest version of iOS that pages ask for.
    pub ios: u16,
}

impl Default for PhonePolicy {
    fn default() -> Self {
        Self { link: true, number: true, hybrid: true, android: 14, ios: 17 }
    }
}

/// When people without a passkey are asked to add one after their sign-in (screen SI-7).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct InterruptPolicy {
    /// Whether they are asked at all.
    pub enabled: bool,
    /// From when; at once where absent.
    pub from: Option<Timestamp>,
    /// For how long after they were first asked they may postpone it.
    pub postponable: Span,
    /// How often they may postpone it within that time; as often as they like where absent.
    pub postponements: Option<u32>,
}

impl Default for InterruptPolicy {
    fn default() -> Self {
        Self { enabled: true, from: None, postponable: Span::from_days(14), postponements: None }
    }
}

/// How people get rid of their password (screen PW-1).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PasswordlessPolicy {
    /// Whether Security info offers it.
    pub offered: bool,
    /// From when passwords sign nobody in who has a passkey, offered or not; never where absent.
    pub forced_from: Option<Timestamp>,
    /// Passkeys that somebody must have before the password can go.
    pub passkeys: u8,
}

impl Default for PasswordlessPolicy {
    fn default() -> Self {
        Self { offered: true, forced_from: None, passkeys: 2 }
    }
}
