//! Ending all sessions of somebody, and taking all methods away so that new ones must be registered.

use account::action::Action;
use account::audit::EventKind;
use account::user::{User, UserId};
use primitives::time::Timestamp;
use store::{
    StoreError, Tx, authenticator_codes, partial_sign_ins, passkeys, passwords, recovery_codes, sessions,
    temporary_passes, users,
};

use super::{AdministerError, changeable};
use crate::administer_passes;
use crate::authority::Grant;
use crate::context::{Authority, Caller, Context};
use crate::events::Pen;

/// Ends all sessions of somebody else, and what a half sign-in or an errand of theirs has come to.
pub async fn sign_out(
    cx: &Context,
    caller: &mut Caller,
    authority: Authority<'_>,
    user: UserId,
) -> Result<User, AdministerError> {
    let (pen, grant) = (Pen::new(caller, authority.actor()), Grant::from(authority));
    let settings = cx.settings();
    cx.db
        .write(move |tx| {
            let now = tx.now()?;
            let target = changeable(tx, now, &settings, &grant, (user, Action::SignOutUser(user)))?;
            let (changed, sessions) = end_all(tx, target)?;
            pen.clone().write(tx, now, Some(user), EventKind::UserSignedOut { sessions })?;
            Ok(changed)
        })
        .await
}

/// Removes every method of somebody else, passkeys among them, revokes the pass and ends all sessions: the person needs a
/// new pass then. Of an account that stays usable whatever happens nothing is taken.
pub async fn require_new_registration(
    cx: &Context,
    caller: &mut Caller,
    authority: Authority<'_>,
    user: UserId,
) -> Result<User, AdministerError> {
    let (pen, grant) = (Pen::new(caller, authority.actor()), Grant::from(authority));
    let settings = cx.settings();
    cx.db
        .write(move |tx| {
            let now = tx.now()?;
            let action = Action::RequireRegistration(user);
            let target = changeable(tx, now, &settings, &grant, (user, action))?;
            if target.break_glass {
                return Err(AdministerError::BreakGlass);
            }
            let mut pen = pen.clone();
            let passkeys = remove_methods(tx, now, user, &mut pen)?;
            let (changed, sessions) = end_all(tx, target)?;
            pen.write(tx, now, Some(user), EventKind::RegistrationRequired { sessions, passkeys })?;
            Ok(changed)
        })
        .await
}

/// Removes every method; says how many passkeys there were.
fn remove_methods(
    tx: &mut Tx<'_>,
    now: Timestamp,
    user: UserId,
    pen: &mut Pen,
) -> Result<u32, AdministerError> {
    let mut removed = 0_u32;
    for passkey in passkeys::of_user(tx, user)? {
        if passkeys::remove(tx, user, passkey.id)? {
            removed = removed.saturating_add(1);
            let kind = EventKind::PasskeyRemoved { passkey: passkey.id, lost: true };
            pen.write_with_note(tx, now, Some(user), kind, Some(passkey.name))?;
        }
    }
    if authenticator_codes::remove(tx, user)? {
        pen.write(tx, now, Some(user), EventKind::CodesRemoved)?;
    }
    if !recovery_codes::of_user(tx, user)?.is_empty() {
        recovery_codes::replace(tx, user, &[])?;
        pen.write(tx, now, Some(user), EventKind::RecoveryCodesMade { count: 0 })?;
    }
    if let Some(mut password) = passwords::of_user(tx, user)?.filter(|password| password.hash.is_some()) {
        password.hash = None;
        password.since = now;
        passwords::put(tx, &password)?;
        pen.write(tx, now, Some(user), EventKind::PasswordTurnedOff { sessions: 0 })?;
    }
    if let Some(pass) = temporary_passes::newest(tx, user)? {
        administer_passes::revoke_outstanding(tx, now, &pass, false, pen)?;
    }
    Ok(removed)
}

/// Ends the sessions, half sign-ins and errands of an account whose row is locked; says how many sessions there were.
pub(super) fn end_all(tx: &mut Tx<'_>, target: User) -> Result<(User, u32), AdministerError> {
    let changed = User { security_epoch: target.security_epoch.saturating_add(1), ..target };
    let sessions = end_sessions(tx, changed.id)?;
    if !users::update(tx, &changed)? {
        return Err(AdministerError::NotFound);
    }
    Ok((changed, sessions))
}

/// Ends sessions and half sign-ins.
pub(super) fn end_sessions(tx: &mut Tx<'_>, user: UserId) -> Result<u32, StoreError> {
    partial_sign_ins::remove_of_user(tx, user)?;
    let ended = sessions::remove_of_user(tx, user, None)?;
    Ok(u32::try_from(ended).unwrap_or(u32::MAX))
}
