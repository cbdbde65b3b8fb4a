//! The computer begins an errand, and shows its code again after a reload.

use std::sync::Arc;

use account::audit::{Actor, EventKind};
use account::enrolment::{self, Device, Ending, Enrolment, EnrolmentId, Mode, State};
use account::methods;
use account::passkey::{Passkey, Place};
use account::policy::judge;
use account::role::Role;
use primitives::id::Id;
use primitives::time::Timestamp;
use store::{StoreError, Tx, enrolments, passkeys};

use super::ticket::Shown;
use super::{Begun, EnrolError, move_on};
use crate::ceremony::CeremonyError;
use crate::context::{Caller, Context, Settings, Who};
use crate::events::Pen;
use crate::manage_sessions;
use crate::register_passkey;

/// Errands that one session may begin within the hour that their rows are kept. Counted for each on its own: a stolen
/// one does not keep the person from adding a phone.
const MOST: usize = 60;

/// Begins an errand; one that this session had under way is stopped.
///
/// The person has proven within the last five minutes who they are, or is in a limited session that may add a passkey.
pub async fn begin(cx: &Context, caller: &mut Caller, who: &Who) -> Result<Begun, EnrolError> {
    let id = Id::new(caller.now, caller.entropy.as_mut());
    let shown = Shown::generate(caller.entropy.as_mut());
    let sealed = shown.seal(cx, caller, id, who.session.id);
    let beginning = Beginning {
        settings: cx.settings(),
        who: who.clone(),
        id,
        browser: caller.client.browser.clone(),
        address: caller.client.address.clone(),
        sealed,
        shown: shown.clone(),
        pen: Pen::new(caller, Actor::User(who.user.id)),
    };
    let begun = cx.db.write(move |tx| beginning.clone().run(tx)).await?;
    Ok(as_shown(&begun, shown))
}

/// Shows the code of an errand again, while nobody has it.
pub async fn show_again(
    cx: &Context,
    caller: &mut Caller,
    who: &Who,
    id: EnrolmentId,
) -> Result<Begun, EnrolError> {
    let (user, session, now) = (who.user.id, who.session.id, cx.db.not_before(caller.now));
    let enrolment = cx
        .db
        .read(move |tx| -> Result<Enrolment, EnrolError> {
            enrolments::by_id(tx, id)?
                .filter(|enrolment| enrolment.user == user && enrolment.session == session)
                .ok_or(EnrolError::TicketUnknown)
        })
        .await?;
    if let Some(refusal) = enrolment.over(now) {
        return Err(refusal.into());
    }
    if enrolment.claimant().is_some() {
        return Err(EnrolError::TicketClaimed);
    }
    let shown = Shown::open(cx, &enrolment)?;
    Ok(as_shown(&enrolment, shown))
}

fn as_shown(enrolment: &Enrolment, shown: Shown) -> Begun {
    Begun {
        id: enrolment.id,
        ticket: shown.ticket,
        code: (enrolment.mode == Mode::SignIn).then_some(shown.code),
        mode: enrolment.mode,
        ends: enrolment.ends,
    }
}

/// Everything that beginning needs, made before the writer is entered.
#[derive(Clone)]
struct Beginning {
    settings: Arc<Settings>,
    who: Who,
    id: EnrolmentId,
    browser: String,
    address: String,
    sealed: String,
    shown: Shown,
    pen: Pen,
}

impl Beginning {
    fn run(mut self, tx: &mut Tx<'_>) -> Result<Enrolment, EnrolError> {
        let now = tx.now()?;
        let who = manage_sessions::lock_standing(tx, now, &self.settings, &self.who)?
            .ok_or(EnrolError::SessionEnded)?;
        let existing = passkeys::of_user(tx, who.user.id)?;
        let mode = mode_for(&self.settings, &who, &existing)?;
        may_ask(tx, now, &self.settings, &who, &existing)?;
        let mut kept = enrolments::of_user(tx, who.user.id)?;
        kept.retain(|errand| errand.session == who.session.id);
        let oldest = kept.last().filter(|_| kept.len() >= MOST);
        if let Some(oldest) = oldest {
            return Err(EnrolError::TooManyTries { until: oldest.ends + enrolments::KEPT });
        }
        for open in &kept {
            self.stop(tx, now, open)?;
        }
        let enrolment = Enrolment {
            id: self.id,
            user: who.user.id,
            session: who.session.id,
            mode,
            desktop: Device { browser: self.browser, address: self.address, at: now },
            ends: (now + enrolment::LIFETIME).min(who.session.ends),
            another_tried: false,
            sealed: self.sealed,
            version: 0,
            state: State::Created,
        };
        let code = (mode == Mode::SignIn).then(|| self.shown.code.as_str());
        enrolments::insert(tx, &enrolment, self.shown.ticket.as_bytes(), code)?;
        let kind = EventKind::EnrolmentBegun { enrolment: enrolment.id, mode };
        self.pen.write(tx, now, Some(who.user.id), kind)?;
        Ok(enrolment)
    }

    fn stop(&mut self, tx: &mut Tx<'_>, now: Timestamp, open: &Enrolment) -> Result<(), StoreError> {
        let Ok(stopped) = open.stopped(now) else { return Ok(()) };
        move_on(tx, open, &stopped)?;
        let code = Ending::Stopped.as_str().to_owned();
        self.pen.write(tx, now, Some(open.user), EventKind::EnrolmentEnded { enrolment: open.id, code })
    }
}

/// Which mode policy lets this person use: the number only for onboarding of people without a passkey and without a
/// role (DESIGN 5a.7).
fn mode_for(settings: &Settings, who: &Who, existing: &[Passkey]) -> Result<Mode, EnrolError> {
    if number_may(settings, who, existing) {
        Ok(Mode::Number)
    } else if settings.policy.phones.link {
        Ok(Mode::SignIn)
    } else {
        Err(EnrolError::PhonesOff)
    }
}

/// Whether the number may stand for the phone's own sign-in.
pub(super) fn number_may(settings: &Settings, who: &Who, existing: &[Passkey]) -> bool {
    settings.policy.phones.number
        && who.session.is_onboarding()
        && existing.is_empty()
        && who.user.role == Role::User
}

/// Whether the session may ask for a passkey at all. A full one shows only that somebody is there: it gives the phone
/// nothing.
fn may_ask(
    tx: &mut Tx<'_>,
    now: Timestamp,
    settings: &Settings,
    who: &Who,
    existing: &[Passkey],
) -> Result<(), CeremonyError> {
    judge::may_begin(&settings.of(&who.user).passkeys, Place::Phone)?;
    if !methods::may_add(existing) {
        return Err(CeremonyError::TooManyPasskeys);
    }
    if who.session.is_limited() {
        return register_passkey::permission(tx, now, (settings, &who.user), &who.session, existing)
            .map(|_| ());
    }
    if who.session.is_fresh(now) { Ok(()) } else { Err(CeremonyError::ConfirmNeeded) }
}
