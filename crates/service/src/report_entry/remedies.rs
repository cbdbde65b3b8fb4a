//! What is offered about an entry, and doing it.

use account::audit::EventKind;
use account::history::{Added, Remedy, Triage};
use account::methods::{self, RemoveVerdict};
use account::password::Password;
use account::session::Session;
use account::user::UserId;
use primitives::time::Timestamp;
use store::{
    StoreError, Tx, authenticator_codes, grants, passkeys, passwords, recovery_codes, sessions,
    temporary_passes,
};

use super::{Case, Outcome, freeze, has_other_passkey};
use crate::administer_passes;
use crate::events::Pen;
use crate::manage_password;
use crate::manage_sessions;

/// What the table proposes and the account still has, and whether the only method is the suspicious one: then only
/// signing out and freezing are left.
pub(super) fn offered(
    tx: &mut Tx<'_>,
    now: Timestamp,
    user: UserId,
    triage: Triage,
) -> Result<(Vec<(Remedy, bool)>, bool), StoreError> {
    let mut remedies = Vec::new();
    for (remedy, chosen) in triage.remedies() {
        if is_possible(tx, now, user, triage, remedy)? {
            remedies.push((remedy, chosen));
        }
    }
    let needs = remedies.iter().any(|(remedy, _)| remedy.needs_confirmation());
    if !needs || can_confirm(tx, user, triage)? {
        return Ok((remedies, false));
    }
    let mut left = vec![(Remedy::SignOutElsewhere, true)];
    if freeze::is_possible(tx, user)? {
        left.push((Remedy::Freeze, false));
    }
    Ok((left, true))
}

/// Whether there is still something to do.
fn is_possible(
    tx: &mut Tx<'_>,
    now: Timestamp,
    user: UserId,
    triage: Triage,
    remedy: Remedy,
) -> Result<bool, StoreError> {
    Ok(match remedy {
        Remedy::SignOutElsewhere | Remedy::EndItsSessions | Remedy::Freeze => true,
        Remedy::RemovePasskey => match triage.passkey() {
            Some(id) => passkeys::by_id(tx, user, id)?.is_some(),
            None => false,
        },
        Remedy::TurnOffPassword => has_password(tx, user)?,
        Remedy::RemoveCodes => authenticator_codes::of_user(tx, user)?.is_some(),
        Remedy::RemoveRecoveryCodes => !recovery_codes::of_user(tx, user)?.is_empty(),
        Remedy::RevokePass => {
            let pass = temporary_passes::newest(tx, user)?;
            pass.is_some_and(|pass| now < pass.ends && is_pass_of(triage, &pass))
        }
    })
}

fn is_pass_of(triage: Triage, pass: &account::temporary_pass::Pass) -> bool {
    matches!(triage, Triage::InByPass { pass: used, .. } if used == pass.id)
}

fn has_password(tx: &mut Tx<'_>, user: UserId) -> Result<bool, StoreError> {
    Ok(passwords::of_user(tx, user)?.is_some_and(|password| password.hash.is_some()))
}

/// Whether a method that is not suspicious can confirm: another passkey; or where there is no passkey at all, a password
/// with a code, of which neither is in question.
fn can_confirm(tx: &mut Tx<'_>, user: UserId, triage: Triage) -> Result<bool, StoreError> {
    if has_other_passkey(tx, user, triage)? {
        return Ok(true);
    }
    let none = !passkeys::of_user(tx, user)?.iter().any(|passkey| passkey.is_enabled());
    let at = Timestamp::EPOCH;
    let in_question = triage.suspects(&account::evidence::Proof::Password { at })
        || triage.suspects(&account::evidence::Proof::AuthenticatorCode { at });
    Ok(none && !in_question && has_password(tx, user)? && authenticator_codes::of_user(tx, user)?.is_some())
}

/// Does one of them; the owner's row is locked.
pub(super) fn apply(
    tx: &mut Tx<'_>,
    now: Timestamp,
    case: &Case,
    remedy: Remedy,
    pen: &mut Pen,
) -> Result<Outcome, StoreError> {
    match remedy {
        Remedy::SignOutElsewhere => {
            // Also what outlived its session.
            grants::end_of_user(tx, case.user, Some(case.session.sid))?;
            end_sessions(tx, now, case, pen, |_| true)
        }
        Remedy::EndItsSessions => end_sessions(tx, now, case, pen, |session| is_opened_by(case, session)),
        Remedy::RemovePasskey => remove_passkey(tx, now, case, pen),
        Remedy::TurnOffPassword => turn_off_password(tx, now, case, pen),
        Remedy::RemoveCodes => {
            if !authenticator_codes::remove(tx, case.user)? {
                return Ok(Outcome::AlreadyDone);
            }
            pen.write(tx, now, Some(case.user), EventKind::CodesRemoved)?;
            Ok(Outcome::Done)
        }
        Remedy::RemoveRecoveryCodes => {
            if recovery_codes::of_user(tx, case.user)?.is_empty() {
                return Ok(Outcome::AlreadyDone);
            }
            recovery_codes::replace(tx, case.user, &[])?;
            pen.write(tx, now, Some(case.user), EventKind::RecoveryCodesMade { count: 0 })?;
            Ok(Outcome::Done)
        }
        Remedy::RevokePass => {
            let pass = temporary_passes::newest(tx, case.user)?.filter(|pass| is_pass_of(case.triage, pass));
            let revoked = match pass {
                Some(pass) => administer_passes::revoke_outstanding(tx, now, &pass, false, pen)?,
                None => false,
            };
            Ok(if revoked { Outcome::Done } else { Outcome::AlreadyDone })
        }
        Remedy::Freeze => freeze::freeze(tx, now, case.user, pen),
    }
}

/// Ends the person's sessions that `which` names, but not the one that asks.
fn end_sessions(
    tx: &mut Tx<'_>,
    now: Timestamp,
    case: &Case,
    pen: &mut Pen,
    which: impl Fn(&Session) -> bool,
) -> Result<Outcome, StoreError> {
    let mut count = 0;
    for session in sessions::of_user(tx, case.user)? {
        if session.id != case.session.id
            && which(&session)
            && manage_sessions::end(tx, now, case.user, session.id, pen)?
        {
            count += 1;
        }
    }
    if count == 0 {
        return Ok(Outcome::AlreadyDone);
    }
    pen.write(tx, now, Some(case.user), EventKind::OtherSessionsRevoked { count })?;
    Ok(Outcome::Done)
}

/// Whether the suspicious method opened the session or confirmed something in it.
fn is_opened_by(case: &Case, session: &Session) -> bool {
    let has = |method: &str| session.evidence.has_method(method);
    match case.triage {
        Triage::MethodAdded(Added::Password) => has("password"),
        Triage::MethodAdded(Added::AuthenticatorCodes) => has("authenticator_code"),
        Triage::MethodAdded(Added::RecoveryCodes) => has("recovery_code"),
        Triage::InByPass { session: opened, .. } if opened == session.id => true,
        triage => session.evidence.proofs().iter().any(|proof| triage.suspects(proof)),
    }
}

fn remove_passkey(
    tx: &mut Tx<'_>,
    now: Timestamp,
    case: &Case,
    pen: &mut Pen,
) -> Result<Outcome, StoreError> {
    let all = passkeys::of_user(tx, case.user)?;
    let Some(passkey) = all.iter().find(|passkey| Some(passkey.id) == case.triage.passkey()) else {
        return Ok(Outcome::AlreadyDone);
    };
    // Who removes a passkey because of a break-in does not fall back to a password.
    match methods::removal(&all, false, passkey.id) {
        RemoveVerdict::Allowed => {}
        RemoveVerdict::LastMethod | RemoveVerdict::LastPasskey => return Ok(Outcome::LastMethod),
        RemoveVerdict::NotFound => return Ok(Outcome::AlreadyDone),
    }
    if !passkeys::remove(tx, case.user, passkey.id)? {
        return Ok(Outcome::AlreadyDone);
    }
    sessions::remove_of_passkey(tx, case.user, passkey.id, Some(case.session.id))?;
    let kind = EventKind::PasskeyRemoved { passkey: passkey.id, lost: true };
    pen.write_with_note(tx, now, Some(case.user), kind, Some(passkey.name.clone()))?;
    Ok(Outcome::Done)
}

/// Only where a passkey is left that signs in: the password is never the last way that is taken.
fn turn_off_password(
    tx: &mut Tx<'_>,
    now: Timestamp,
    case: &Case,
    pen: &mut Pen,
) -> Result<Outcome, StoreError> {
    if !has_password(tx, case.user)? {
        return Ok(Outcome::AlreadyDone);
    }
    if !passkeys::of_user(tx, case.user)?.iter().any(|passkey| passkey.is_enabled()) {
        return Ok(Outcome::LastMethod);
    }
    void_password(tx, now, case, pen)?;
    Ok(Outcome::Done)
}

/// Turns the password off and ends the sessions that rest on it, but not the one that asks.
fn void_password(tx: &mut Tx<'_>, now: Timestamp, case: &Case, pen: &mut Pen) -> Result<(), StoreError> {
    let user = case.user;
    passwords::put(tx, &Password { user, hash: None, since: now, must_change: false })?;
    let mut ended = 0;
    for session in sessions::of_user(tx, user)? {
        if case.session.id != session.id
            && session.evidence.has_method("password")
            && manage_sessions::end(tx, now, user, session.id, pen)?
        {
            ended += 1;
        }
    }
    manage_password::end_grants_by_password(tx, user, &[case.session.sid])?;
    pen.write(tx, now, Some(user), EventKind::PasswordTurnedOff { sessions: ended })
}
