//! Whether somebody could lose a device today and still sign in, and what the ways in that they registered are good for.
//!
//! Two questions that look alike: what somebody *has registered*, and what of it policy lets them *use*. Everything here
//! is computed from what is there now; nothing of it grants anything.

use std::collections::BTreeSet;

use primitives::time::Timestamp;

use crate::model::Models;
use crate::names::named_enum;
use crate::passkey::{Attachment, Passkey, Place};
use crate::policy::{Effective, judge};
use crate::temporary_pass::{Pass, PassState, Usability};
use crate::user::User;

#[cfg(test)]
mod tests;

/// What somebody has registered.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Registered {
    /// Their passkeys, disabled ones too.
    pub passkeys: Vec<Passkey>,
    /// Whether they have a password that is on.
    pub password: bool,
    /// Whether they have authenticator codes that are not locked.
    pub codes: bool,
    /// Recovery codes that are left.
    pub recovery_codes: u32,
    /// Their newest pass.
    pub pass: Option<Pass>,
    /// Whether they were ever let in.
    pub seen: bool,
}

named_enum! {
    /// What is left to somebody who loses the device that they sign in with, from the worst to the best.
    pub enum Survival {
        /// They have no way in today, with or without the device.
        NoWayIn = "no-way-in",
        /// Nothing: their IT must help them.
        Nothing = "nothing",
        /// Something weaker than a passkey.
        WeakerWay = "weaker-way",
        /// The same passkey, once they have set up a new device with the account that keeps it.
        Restorable = "restorable",
        /// Another passkey, which they never tried.
        UntriedPasskey = "untried-passkey",
        /// Another passkey.
        AnotherPasskey = "another-passkey",
    }
}

impl Survival {
    /// 0 to 100: how ready the person is.
    pub const fn score(self) -> u8 {
        match self {
            Survival::NoWayIn => 0,
            Survival::Nothing => 20,
            Survival::WeakerWay => 40,
            Survival::Restorable => 70,
            Survival::UntriedPasskey => 80,
            Survival::AnotherPasskey => 100,
        }
    }

    /// Whether the person could lose a device today without having to ask anybody.
    pub const fn is_ready(self) -> bool {
        !matches!(self, Survival::NoWayIn | Survival::Nothing)
    }
}

named_enum! {
    /// Something that would make it better.
    pub enum Advice {
        /// Add a first passkey.
        AddPasskey = "add-passkey",
        /// Add a second one on another device.
        AddSecondPasskey = "add-second-passkey",
        /// Try a passkey that was never used.
        TryPasskey = "try-passkey",
        /// Policy refuses a passkey that is there: replace it.
        ReplacePasskey = "replace-passkey",
        /// Give the password up.
        DropPassword = "drop-password",
        /// Make new recovery codes: two or fewer are left.
        RenewRecoveryCodes = "renew-recovery-codes",
    }
}

/// What somebody has, and what of it policy lets them use.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Readiness {
    /// What is left after a loss.
    pub survival: Survival,
    /// What would make it better, most important first.
    pub advice: Vec<Advice>,
    /// Two factors are registered.
    pub mfa_registered: bool,
    /// Two factors are registered and allowed.
    pub mfa_capable: bool,
    /// A passkey is registered and allowed.
    pub passwordless_capable: bool,
    /// What is registered, by the names of `userRegistrationDetails` where it has one.
    pub methods: Vec<&'static str>,
    /// When the newest of them was registered.
    pub updated: Option<Timestamp>,
    /// Passkeys that policy lets the person use.
    pub usable: u32,
    /// Enabled passkeys, whatever policy says.
    pub enrolled: u32,
}

/// Judges somebody at `now`.
pub fn assess(
    registered: &Registered,
    policy: &Effective,
    models: &Models,
    user: &User,
    now: Timestamp,
) -> Readiness {
    let enabled: Vec<&Passkey> = registered.passkeys.iter().filter(|passkey| passkey.is_enabled()).collect();
    let usable: Vec<&Passkey> = enabled
        .iter()
        .copied()
        .filter(|passkey| judge::may_use(&policy.passkeys, passkey, models).is_ok())
        .collect();
    let second = registered.codes && policy.codes.enabled
        || registered.recovery_codes > 0 && policy.recovery_codes.enabled;
    let password = registered.password
        && policy.passwords.enabled
        && (usable.is_empty() || policy.passwords.beside_passkeys);
    let pass =
        registered.pass.as_ref().filter(|pass| pass.usability(now, &policy.passes) == Usability::Usable);
    let mut survival = survival(&usable, password && second, pass.is_some());
    if !user.is_enabled() || user.deleted.is_some() {
        survival = Survival::NoWayIn;
    }
    Readiness {
        survival,
        advice: advice(registered, &enabled, &usable),
        mfa_registered: !enabled.is_empty()
            || registered.password && (registered.codes || registered.recovery_codes > 0),
        mfa_capable: !usable.is_empty() || password && second,
        passwordless_capable: !usable.is_empty(),
        methods: methods(registered, &enabled, pass),
        updated: updated(registered),
        usable: count(usable.len()),
        enrolled: count(enabled.len()),
    }
}

fn survival(usable: &[&Passkey], weaker: bool, pass: bool) -> Survival {
    let homes = homes(usable.iter().copied());
    let tried = self::homes(usable.iter().copied().filter(|passkey| passkey.tried));
    match homes {
        0 if weaker => Survival::WeakerWay,
        0 if pass => Survival::Nothing,
        0 => Survival::NoWayIn,
        1 if usable.iter().any(|passkey| passkey.backed_up) => Survival::Restorable,
        1 if weaker => Survival::WeakerWay,
        1 => Survival::Nothing,
        _ if tried >= 2 => Survival::AnotherPasskey,
        _ => Survival::UntriedPasskey,
    }
}

/// In how many places passkeys lie: those that the same provider keeps are lost, and come back, together.
fn homes<'a>(passkeys: impl Iterator<Item = &'a Passkey>) -> usize {
    let homes: BTreeSet<[u8; 16]> = passkeys
        .map(|passkey| if passkey.backed_up { passkey.aaguid } else { *passkey.id.as_bytes() })
        .collect();
    homes.len()
}

fn advice(registered: &Registered, enabled: &[&Passkey], usable: &[&Passkey]) -> Vec<Advice> {
    let mut advice = Vec::new();
    if enabled.len() > usable.len() {
        advice.push(Advice::ReplacePasskey);
    }
    match usable {
        [] => advice.push(Advice::AddPasskey),
        [_] => advice.push(Advice::AddSecondPasskey),
        several if several.iter().any(|passkey| !passkey.tried) => advice.push(Advice::TryPasskey),
        _ => {}
    }
    if registered.password && usable.len() >= 2 {
        advice.push(Advice::DropPassword);
    }
    if registered.password && (1..=2).contains(&registered.recovery_codes) {
        advice.push(Advice::RenewRecoveryCodes);
    }
    advice
}

fn methods(registered: &Registered, enabled: &[&Passkey], pass: Option<&Pass>) -> Vec<&'static str> {
    let mut names: Vec<&'static str> = enabled.iter().map(|passkey| name_of(passkey)).collect();
    names.extend(registered.password.then_some("password"));
    names.extend(registered.codes.then_some("softwareOneTimePasscode"));
    names.extend((registered.recovery_codes > 0).then_some("recoveryCodes"));
    names.extend(pass.map(|_| "temporaryAccessPass"));
    names.sort_unstable();
    names.dedup();
    names
}

/// The name of a passkey's kind in `userRegistrationDetails.methodsRegistered`.
pub fn name_of(passkey: &Passkey) -> &'static str {
    match (passkey.backup_eligible, passkey.place, passkey.attachment) {
        (true, ..) => "passKeySynced",
        (false, Place::Phone, _) => "passKeyDeviceBoundAuthenticator",
        (false, Place::ThisComputer, Some(Attachment::Platform)) => "passKeyDeviceBoundComputer",
        (false, ..) => "passKeyDeviceBound",
    }
}

fn updated(registered: &Registered) -> Option<Timestamp> {
    let passkeys = registered.passkeys.iter().map(|passkey| passkey.created);
    passkeys.chain(registered.pass.as_ref().map(|pass| pass.created)).max()
}

fn count(number: usize) -> u32 {
    u32::try_from(number).unwrap_or(u32::MAX)
}

/// Where somebody stands on the way to having no password, each step of which includes those before it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Steps {
    /// They used what they were given to get in.
    pub opened: bool,
    /// They have a passkey.
    pub enrolled: bool,
    /// They have two.
    pub second: bool,
    /// They have no password.
    pub passwordless: bool,
}

impl Steps {
    /// Of somebody who has registered that.
    pub fn of(registered: &Registered) -> Self {
        let passkeys = registered.passkeys.iter().filter(|passkey| passkey.is_enabled()).count();
        let used = registered
            .pass
            .as_ref()
            .is_some_and(|pass| matches!(pass.state, PassState::Reserved { .. } | PassState::Spent { .. }));
        Self {
            opened: passkeys > 0 || registered.seen || used,
            enrolled: passkeys > 0,
            second: passkeys > 1,
            passwordless: passkeys > 1 && !registered.password,
        }
    }
}
