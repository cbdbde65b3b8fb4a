//! Freezing an account whose only method is suspicious, and lifting it with a pass.
//!
//! The account itself stays enabled: its passkeys are disabled and its password is turned off, so that nothing signs in
//! but a pass of the helpdesk. Whoever is in by one enables what is still theirs, or creates a passkey anew.

use std::collections::BTreeSet;
use std::sync::Arc;

use account::audit::{Actor, EventKind};
use account::passkey::{Passkey, PasskeyId, PasskeyStatus};
use account::user::UserId;
use primitives::time::Timestamp;
use store::audit::{self, Filter};
use store::{StoreError, Tx, passkeys, passwords, sessions};

use super::remedies::void_password;
use super::{Outcome, ReportError};
use crate::context::{Caller, Context, Who};
use crate::events::Pen;
use crate::manage_sessions;

/// Events among which the reason of a disabled passkey is looked for.
const MOST: u32 = 200;

/// Disables every passkey, turns the password off and ends every session, the one that asks too.
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
    if passwords::of_user(tx, user)?.is_some_and(|password| password.hash.is_some()) {
        void_password(tx, now, user, pen, None)?;
    }
    let mut ended = 0;
    for session in sessions::of_user(tx, user)? {
        if manage_sessions::end(tx, now, user, session.id, pen)? {
            ended += 1;
        }
    }
    pen.write(tx, now, Some(user), EventKind::AccountSecured { sessions: ended, passkeys: disabled })?;
    Ok(Outcome::Done)
}

/// The passkeys that were frozen and not reported lost: what a pass may enable again.
pub async fn frozen(cx: &Context, who: &Who) -> Result<Vec<Passkey>, StoreError> {
    let user = who.user.id;
    cx.db.read(move |tx| frozen_of(tx, user)).await
}

fn frozen_of(tx: &mut Tx<'_>, user: UserId) -> Result<Vec<Passkey>, StoreError> {
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
        {
            frozen.insert(*passkey.as_bytes());
        }
    }
    Ok(all
        .into_iter()
        .filter(|passkey| !passkey.is_enabled() && frozen.contains(passkey.id.as_bytes()))
        .collect())
}

/// Enables those of the frozen passkeys that the person says are still theirs; says how many. Only a pass of the
/// helpdesk does it: whoever issued it has spoken with the person.
pub async fn lift(
    cx: &Context,
    caller: &mut Caller,
    who: &Who,
    mine: Vec<PasskeyId>,
) -> Result<u32, ReportError> {
    let pen = Pen::new(caller, Actor::User(who.user.id));
    let (settings, who) = (Arc::clone(&cx.settings), who.clone());
    cx.db
        .write(move |tx| {
            let now = tx.now()?;
            let mut pen = pen.clone();
            let Who { user, session } =
                manage_sessions::lock_standing(tx, now, &settings, &who)?.ok_or(ReportError::SessionEnded)?;
            if session.pass().is_none() {
                return Err(ReportError::Onboarding);
            }
            let mut enabled = 0;
            for passkey in frozen_of(tx, user.id)? {
                if mine.contains(&passkey.id) && passkeys::set_status(tx, &passkey, PasskeyStatus::Enabled)? {
                    enabled += 1;
                    let kind = EventKind::PasskeyEnabled { passkey: passkey.id };
                    pen.write(tx, now, Some(user.id), kind)?;
                }
            }
            Ok(enabled)
        })
        .await
}
