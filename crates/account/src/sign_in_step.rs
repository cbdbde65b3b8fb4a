//! What follows a password that was right, and the row that remembers it until the second step.

use primitives::digest::Digest;
use primitives::time::{Span, Timestamp};

use crate::evidence::Evidence;
use crate::names::named_enum;
use crate::passkey::Passkey;
use crate::policy::Effective;
use crate::session::{BrowserId, SKEW};
use crate::user::{User, UserId};

/// How long the second step may take.
pub const PARTIAL_SIGN_IN: Span = Span::from_minutes(10);

/// A sign-in whose password was right and whose second step is outstanding. It is no session.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PartialSignIn {
    /// Whose password it was.
    pub user: UserId,
    /// The browser, by digest of its stable cookie.
    pub browser: Digest,
    /// The user's security epoch then.
    pub security_epoch: i64,
    /// The deployment's epoch then.
    pub deployment_epoch: i64,
    /// When the password was typed.
    pub password_at: Timestamp,
    /// When it is over, exclusive.
    pub ends: Timestamp,
    /// The second step, where it was taken and a new password is all that is outstanding.
    pub second: Option<(SecondMethod, Timestamp)>,
}

impl PartialSignIn {
    /// One that begins at `now`.
    pub fn begin(user: &User, browser: &BrowserId, deployment_epoch: i64, now: Timestamp) -> Self {
        Self {
            user: user.id,
            browser: browser.digest(),
            security_epoch: user.security_epoch,
            deployment_epoch,
            password_at: now,
            ends: now + PARTIAL_SIGN_IN,
            second: None,
        }
    }

    /// Whether it may still be finished, in the browser where it began, by the account as it is now.
    pub fn stands(&self, user: &User, browser: &BrowserId, deployment_epoch: i64, now: Timestamp) -> bool {
        self.user == user.id
            && user.is_enabled()
            && self.security_epoch == user.security_epoch
            && self.deployment_epoch == deployment_epoch
            && self.browser == browser.digest()
            && self.password_at <= now + SKEW
            && now < self.ends
    }

    /// What the second step proved, if it was taken.
    pub fn evidence_of_second(&self) -> Option<Evidence> {
        self.second.map(|(method, at)| match method {
            SecondMethod::AuthenticatorCode => Evidence::from_authenticator_code(at),
            SecondMethod::RecoveryCode => Evidence::from_recovery_code(at),
        })
    }
}

named_enum! {
    /// A second step after a password.
    pub enum SecondMethod {
        /// A code of an authenticator app.
        AuthenticatorCode = "authenticator-code",
        /// A recovery code.
        RecoveryCode = "recovery-code",
    }
}

/// What an account has beside its password, as far as it is enabled and not used up.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Methods {
    /// An enabled passkey.
    pub passkey: bool,
    /// Authenticator codes that are not locked.
    pub codes: bool,
    /// At least one recovery code.
    pub recovery_codes: bool,
    /// That a second step was ever set up, though it may be locked, used up or turned off by policy: a password alone
    /// never stands for it.
    pub had_second: bool,
}

impl Methods {
    /// Of an account that has these passkeys, and these codes if policy lets them be used. Whether there was a second
    /// step that cannot be used is for the caller to add.
    pub fn of(policy: &Effective, passkeys: &[Passkey], codes: bool, recovery_codes: bool) -> Self {
        Self {
            passkey: passkeys.iter().any(Passkey::is_enabled),
            codes: codes && policy.codes.enabled,
            recovery_codes: recovery_codes && policy.recovery_codes.enabled,
            had_second: codes || recovery_codes,
        }
    }

    /// The second steps, the usual one first.
    pub fn second(&self) -> Vec<SecondMethod> {
        let codes = self.codes.then_some(SecondMethod::AuthenticatorCode);
        codes.into_iter().chain(self.recovery_codes.then_some(SecondMethod::RecoveryCode)).collect()
    }
}

/// What follows a password that was right.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Next {
    /// Nobody may use passwords any more.
    Off,
    /// The account has a passkey, and only that lets its owner in.
    UsePasskey,
    /// It must be changed first; there is no second step that could be asked for before.
    MustChange,
    /// One of the account's second steps, also before a password is changed: one factor must not replace it.
    SecondStep,
    /// A session in which a passkey can be added, and nothing else.
    Restricted,
    /// Nothing: there is no second step, or none that can be used.
    NothingSecond,
}

/// Decides what follows. Every edge from a password to a session goes through here.
pub fn after_password(policy: &Effective, methods: Methods, must_change: bool) -> Next {
    let passwords = &policy.passwords;
    let second = methods.codes || methods.recovery_codes;
    match (passwords.enabled, methods.passkey && !(passwords.beside_passkeys && second)) {
        (false, _) => Next::Off,
        (true, true) => Next::UsePasskey,
        (true, false) if second => Next::SecondStep,
        (true, false) if methods.had_second => Next::NothingSecond,
        (true, false) if must_change => Next::MustChange,
        (true, false) if passwords.alone_registers => Next::Restricted,
        (true, false) => Next::NothingSecond,
    }
}

#[cfg(test)]
mod tests;
