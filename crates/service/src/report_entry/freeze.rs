//! Freezing an account whose only method is suspicious, and lifting it with a pass.
//!
//! The account itself stays enabled: its passkeys are disabled, its password is parked, its recovery codes are void and
//! its pass is revoked, so that nothing signs in but a pass of the helpdesk that is issued from then on. Codes of an
//! authenticator app stay; without a password they open nothing. Whoever is in by such a pass enables what is still
//! theirs, or creates a passkey anew.

use std::collections::BTreeSet;

use account::audit::{Actor, EventKind};
use account::passkey::{Passkey, PasskeyId, PasskeyStatus};
use account::role::Role;
use account::session::Session;
use account::user::UserId;
use primitives::time::Timestamp;
use store::audit::{self, Filter};
use store::{
    StoreError, Tx, grants, partial_sign_ins, passkeys, passwords, recovery_codes, sessions,
    temporary_passes, users,
};

use super::{Outcome, ReportError};
use crate::administer_passes;
use crate::context::{Caller, Context, Who};
use crate::events::Pen;
use crate::manage_sessions;

/// Events among which the reason of a disabled passkey is looked for.
const MOST: u32 = 200;

/// Whether the account may be frozen: not where nobody else could administer any more. An administrator who has no
/// passkey that is on counts as nobody; two could freeze one another's account otherwise.
pub(super) fn is_possible(tx: &mut Tx<'_>, user: UserId) -> Result<bool, StoreError> {
    let administrators = users::of_role(tx, Role::Administrator)?;
    if !administrators.iter().any(|administrator| administrator.id == user) {
        return Ok(true);
    }
    for other in administrators.iter().filter(|other| other.id != user && other.is_enabled()) {
        if passkeys::of_user(tx, other.id)?.iter().any(Passkey::is_enabled) {
            return Ok(true);
        }
    }
    Ok(false)
}

/// Disables every passkey, parks the password, voids recovery codes and the pass, and ends every session, the one that
/// asks too.
pub(super) fn freeze(
    tx: &mut Tx<'_>,
    now: Timestamp,
    user: UserId,
    pen: &mut Pen,
) -> Result<Outcome, StoreError> {
    let mut disabled = 0;
    for passkey in passkeys::of_user(tx, user)? {
        if passkeys::set_status(tx, &passkey, PasskeyStatus::Disabled)? {
            disabled += 1;
            let kind = EventKind::PasskeyDisabled { passkey: passkey.id, lost: false };
            pen.write_with_note(tx, now, Some(user), kind, Some(passkey.name))?;
        }
    }
    if passwords::park(tx, user, now)? {
        pen.write(tx, now, Some(user), EventKind::PasswordTurnedOff { sessions: 0 })?;
    }
    partial_sign_ins::remove_of_user(tx, user)?;
    if !recovery_codes::of_user(tx, user)?.is_empty() {
        recovery_codes::replace(tx, user, &[])?;
        pen.write(tx, now, Some(user), EventKind::RecoveryCodesMade { count: 0 })?;
    }
    let mut ended = 0;
    for session in sessions::of_user(tx, user)? {
        if manage_sessions::end(tx, now, user, session.id, pen)? {
            ended += 1;
        }
    }
    // Also what outlived its session.
    grants::end_of_user(tx, user, None)?;
    if let Some(pass) = temporary_passes::newest(tx, user)? {
        administer_passes::revoke_outstanding(tx, now, &pass, false, pen)?;
    }
    pen.write(tx, now, Some(user), EventKind::AccountSecured { sessions: ended, passkeys: disabled })?;
    Ok(Outcome::Done)
}

/// What a freeze took and a session may give back.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Frozen {
    /// Passkeys that were frozen and not reported lost.
    pub passkeys: Vec<Passkey>,
    /// Whether the password is parked.
    pub password: bool,
}

impl Frozen {
    /// Whether there is nothing to give back.
    pub fn is_empty(&self) -> bool {
        self.passkeys.is_empty() && !self.password
    }
}

/// What the session may give back: only a pass that was issued since the freeze does it, because whoever issued that has
/// spoken with the person.
pub async fn frozen(cx: &Context, who: &Who) -> Result<Frozen, StoreError> {
    let (user, session) = (who.user.id, who.session.clone());
    cx.db.read(move |tx| frozen_of(tx, user, &session)).await
}

fn frozen_of(tx: &mut Tx<'_>, user: UserId, session: &Session) -> Result<Frozen, StoreError> {
    let pass = temporary_passes::newest(tx, user)?.filter(|pass| session.pass() == Some(pass.id));
    let Some(pass) = pass else { return Ok(Frozen::default()) };
    let password = passwords::parked_since(tx, user)?.is_some_and(|since| since <= pass.created);
    let passkeys = frozen_passkeys(tx, user, pass.created)?;
    Ok(Frozen { passkeys, password })
}

/// The passkeys that were frozen at `until` or before.
fn frozen_passkeys(tx: &mut Tx<'_>, user: UserId, until: Timestamp) -> Result<Vec<Passkey>, StoreError> {
    let all = passkeys::of_user(tx, user)?;
    if all.iter().all(Passkey::is_enabled) {
        return Ok(Vec::new());
    }
    let disabled =
        Filter { subject: Some(user), kind: Some("passkey_disabled".to_owned()), ..Filter::default() };
    // Newest first: the latest reason is the one that counts.
    let (mut frozen, mut known) = (BTreeSet::new(), BTreeSet::new());
    for entry in audit::list(tx, &disabled, MOST)? {
        if let EventKind::PasskeyDisabled { passkey, lost } = entry.event.kind
            && known.insert(*passkey.as_bytes())
            && !lost
            && entry.event.at <= until
        {
            frozen.insert(*passkey.as_bytes());
        }
    }
    Ok(all
        .into_iter()
        .filter(|passkey| !passkey.is_enabled() && frozen.contains(passkey.id.as_bytes()))
        .collect())
}

/// What the person says is still theirs.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Mine {
    /// Passkeys.
    pub passkeys: Vec<PasskeyId>,
    /// The password, which nobody else knows.
    pub password: bool,
}

/// Gives back what of it is frozen; says what that was.
pub async fn lift(cx: &Context, caller: &mut Caller, who: &Who, mine: Mine) -> Result<Frozen, ReportError> {
    let pen = Pen::new(caller, Actor::User(who.user.id));
    let (settings, who) = (cx.settings(), who.clone());
    cx.db
        .write(move |tx| {
            let now = tx.now()?;
            let mut pen = pen.clone();
            let Who { user, session } =
                manage_sessions::lock_standing(tx, now, &settings, &who)?.ok_or(ReportError::SessionEnded)?;
            if session.pass().is_none() {
                return Err(ReportError::Onboarding);
            }
            let frozen = frozen_of(tx, user.id, &session)?;
            let mut lifted = Frozen::default();
            for passkey in frozen.passkeys {
                if mine.passkeys.contains(&passkey.id)
                    && passkeys::set_status(tx, &passkey, PasskeyStatus::Enabled)?
                {
                    pen.write(tx, now, Some(user.id), EventKind::PasskeyEnabled { passkey: passkey.id })?;
                    lifted.passkeys.push(passkey);
                }
            }
            if mine.password && frozen.password && passwords::unpark(tx, user.id, now)? {
                pen.write(tx, now, Some(user.id), EventKind::PasswordSet { first: true })?;
                lifted.password = true;
            }
            Ok(lifted)
        })
        .await
}
