//! A phone opens a ticket, takes it up or says no.

use std::sync::Arc;

use account::audit::{Actor, EventKind};
use account::enrolment::{Device, Ending, Enrolment, Mode, Refusal, State, Step};
use account::session::Session;
use account::user::{Login, User};
use primitives::digest::Digest;
use primitives::time::Timestamp;
use store::{StoreError, Tx, enrolments, passkeys, sessions, users};

use super::{EnrolError, Need, OnPhone, Ticket, desktop_of, move_on, progress_of};
use crate::ceremony::CeremonyError;
use crate::context::{Caller, Context, Settings, Who};
use crate::drawn::Drawn;
use crate::events::Pen;
use crate::manage_sessions;
use crate::register_passkey;

/// How the errand stands for this browser. Changes nothing: that a second browser opened the page is told to the
/// computer when that browser asks to [`claim`] it, which the page that says "already opened" does by itself.
pub async fn open(
    cx: &Context,
    caller: &mut Caller,
    ticket: &Ticket,
    phone: Option<&Who>,
) -> Result<OnPhone, EnrolError> {
    let (settings, ticket, phone) = (cx.settings(), ticket.clone(), phone.cloned());
    let (now, browser) = (cx.db.not_before(caller.now), caller.browser.digest());
    cx.db
        .read(move |tx| {
            let enrolment = enrolments::by_ticket(tx, ticket.as_bytes())?.ok_or(EnrolError::TicketUnknown)?;
            view(tx, (now, &settings), &enrolment, &browser, phone.as_ref())
        })
        .await
}

/// "Continue": the first browser takes the errand up and keeps it; for that one, asking again says how far it is. After
/// it has signed in, asking again is also what tells the computer so.
pub async fn claim(
    cx: &Context,
    caller: &mut Caller,
    ticket: &Ticket,
    phone: Option<&Who>,
) -> Result<OnPhone, EnrolError> {
    let claiming = Claiming {
        settings: cx.settings(),
        phone: phone.cloned(),
        browser: caller.browser.digest(),
        label: (caller.client.browser.clone(), caller.client.address.clone()),
        drawn: Drawn::from(caller),
        pen: Pen::new(caller, phone.map_or(Actor::System, |who| Actor::User(who.user.id))),
    };
    let ticket = ticket.clone();
    // That another browser has it is an outcome, not an error: the computer is told by the same commit.
    cx.db.write(move |tx| claiming.clone().run(tx, &ticket)).await?
}

#[derive(Clone)]
struct Claiming {
    settings: Arc<Settings>,
    phone: Option<Who>,
    browser: Digest,
    label: (String, String),
    drawn: Drawn,
    pen: Pen,
}

impl Claiming {
    fn run(mut self, tx: &mut Tx<'_>, ticket: &Ticket) -> Result<Result<OnPhone, EnrolError>, EnrolError> {
        let now = tx.now()?;
        let enrolment = lock(tx, ticket)?;
        if !enrolment.is_open_to(&self.browser) {
            if let Some(noted) = enrolment.noting_another(now) {
                move_on(tx, &enrolment, &noted)?;
                let kind = EventKind::EnrolmentClaimRefused { enrolment: enrolment.id };
                self.pen.write(tx, now, Some(enrolment.user), kind)?;
            }
            return Ok(Err(EnrolError::TicketClaimed));
        }
        // Asked again for what is over, the browser that had it is told how it ended.
        if enrolment.over(now) != Some(Refusal::Done) {
            must_go_on(tx, now, &self.settings, &enrolment)?;
            let enrolment = self.take(tx, now, enrolment)?;
            return Ok(view(tx, (now, &self.settings), &enrolment, &self.browser, self.phone.as_ref()));
        }
        Ok(view(tx, (now, &self.settings), &enrolment, &self.browser, self.phone.as_ref()))
    }

    fn take(
        &mut self,
        tx: &mut Tx<'_>,
        now: Timestamp,
        enrolment: Enrolment,
    ) -> Result<Enrolment, EnrolError> {
        let step = step_of(tx, now, &self.settings, &enrolment, self.phone.as_ref())?;
        if enrolment.claimant().is_some() {
            return come_to(tx, now, enrolment, (&self.browser, step), &mut self.pen);
        }
        let (browser, address) = self.label.clone();
        let device = Device { browser, address, at: now };
        let approved = enrolment.mode == Mode::SignIn && step == Step::Approved;
        let next = enrolment.claim(self.browser, device, step, &mut self.drawn)?;
        move_on(tx, &enrolment, &next)?;
        let (subject, id) = (Some(enrolment.user), enrolment.id);
        self.pen.write(tx, now, subject, EventKind::EnrolmentClaimed { enrolment: id })?;
        if approved {
            self.pen.write(tx, now, subject, EventKind::EnrolmentApproved { enrolment: id })?;
        }
        Ok(next)
    }
}

/// "I did not start this", by the browser that has the errand or, before anybody has it, by whoever was shown the code.
pub async fn decline(cx: &Context, caller: &mut Caller, ticket: &Ticket) -> Result<(), EnrolError> {
    let (browser, ticket) = (caller.browser.digest(), ticket.clone());
    let pen = Pen::new(caller, Actor::System);
    cx.db
        .write(move |tx| {
            let (now, mut pen) = (tx.now()?, pen.clone());
            let enrolment = lock(tx, &ticket)?;
            let declined = enrolment.declined(&browser, now)?;
            move_on(tx, &enrolment, &declined)?;
            let code = Ending::Declined.as_str().to_owned();
            let kind = EventKind::EnrolmentEnded { enrolment: enrolment.id, code };
            pen.write(tx, now, Some(enrolment.user), kind)?;
            Ok(())
        })
        .await
}

/// The errand of that ticket, its owner's row and its own locked.
pub(super) fn lock(tx: &mut Tx<'_>, ticket: &Ticket) -> Result<Enrolment, EnrolError> {
    let found = enrolments::by_ticket(tx, ticket.as_bytes())?.ok_or(EnrolError::TicketUnknown)?;
    users::lock(tx, found.user)?;
    enrolments::lock(tx, found.id)?.ok_or(EnrolError::TicketUnknown)
}

/// Refuses what is over, by itself or with the computer's session.
pub(super) fn must_go_on(
    tx: &mut Tx<'_>,
    now: Timestamp,
    settings: &Settings,
    enrolment: &Enrolment,
) -> Result<(), EnrolError> {
    if let Some(refusal) = enrolment.over(now) {
        return Err(refusal.into());
    }
    desktop_of(tx, now, settings, enrolment)?.map(|_| ()).ok_or(EnrolError::SessionEnded)
}

/// Where the phone stands that signs in itself, by its session as it is now.
pub(super) fn step_of(
    tx: &mut Tx<'_>,
    now: Timestamp,
    settings: &Settings,
    enrolment: &Enrolment,
    phone: Option<&Who>,
) -> Result<Step, StoreError> {
    let Some(phone) = phone else { return Ok(Step::SigningIn) };
    if phone.user.id != enrolment.user {
        return Ok(Step::OtherAccount { login: masked_other(&phone.user.login) });
    }
    let session = sessions::by_id(tx, phone.user.id, phone.session.id)?;
    step_of_session(tx, now, settings, session)
}

/// The same for a session of the errand's own account.
pub(super) fn step_of_session(
    tx: &mut Tx<'_>,
    now: Timestamp,
    settings: &Settings,
    session: Option<Session>,
) -> Result<Step, StoreError> {
    let standing = match session {
        Some(session) => manage_sessions::standing(tx, now, settings, session)?,
        None => None,
    };
    let Some(Who { user, session }) = standing else { return Ok(Step::SigningIn) };
    let existing = passkeys::of_user(tx, user.id)?;
    let permission = register_passkey::permission(tx, now, (settings, &user), &session, &existing);
    match permission.and_then(|permission| permission.fresh(now)) {
        Ok(_) => Ok(Step::Approved),
        Err(CeremonyError::Store(error)) => Err(error),
        Err(_) => Ok(Step::Opened),
    }
}

/// The phone that signs in itself has come to `step`; the computer is told when that is what approves it.
pub(super) fn come_to(
    tx: &mut Tx<'_>,
    now: Timestamp,
    enrolment: Enrolment,
    (browser, step): (&Digest, Step),
    pen: &mut Pen,
) -> Result<Enrolment, EnrolError> {
    let approved = step == Step::Approved;
    let Some(next) = enrolment.signed_in(browser, now, step)? else { return Ok(enrolment) };
    move_on(tx, &enrolment, &next)?;
    if approved {
        let kind = EventKind::EnrolmentApproved { enrolment: enrolment.id };
        pen.write(tx, now, Some(enrolment.user), kind)?;
    }
    Ok(next)
}

/// What the browser is shown, or why it is shown nothing.
pub(super) fn view(
    tx: &mut Tx<'_>,
    (now, settings): (Timestamp, &Settings),
    enrolment: &Enrolment,
    browser: &Digest,
    phone: Option<&Who>,
) -> Result<OnPhone, EnrolError> {
    if !enrolment.is_open_to(browser) {
        return Err(EnrolError::TicketClaimed);
    }
    if enrolment.over(now) != Some(Refusal::Done) {
        must_go_on(tx, now, settings, enrolment)?;
    }
    let user = users::by_id(tx, enrolment.user)?.ok_or(EnrolError::TicketUnknown)?;
    let needs = match &enrolment.state {
        State::Created => Need::Claim,
        State::Done { .. } | State::Ended { .. } => Need::Nothing,
        State::Claimed { step: Step::Number { .. }, .. } => Need::Number,
        State::Claimed { .. } if enrolment.mode == Mode::Number => Need::Create,
        State::Claimed { .. } => match step_of(tx, now, settings, enrolment, phone)? {
            Step::SigningIn | Step::OtherAccount { .. } => Need::SignIn,
            Step::Opened => Need::Confirm,
            Step::Approved | Step::Creating | Step::Number { .. } => Need::Create,
        },
    };
    let number = match &enrolment.state {
        State::Claimed { step: Step::Number { number, .. }, .. } => Some(number.to_string()),
        _ => None,
    };
    Ok(OnPhone {
        progress: progress_of(tx, now, settings, enrolment)?,
        login_masked: masked(&user),
        login: user.login.shown().to_owned(),
        user: user.id,
        number,
        signed_in_as_other: phone.is_some_and(|phone| phone.user.id != user.id),
        needs,
    })
}

/// `ana•••@example.com`: enough for who knows it to recognise it.
fn masked(user: &User) -> String {
    let login = user.login.shown();
    let (local, domain) = match login.rsplit_once('@') {
        Some((local, domain)) => (local, format!("@{domain}")),
        None => (login, String::new()),
    };
    let kept = local.chars().count().div_ceil(2).min(3);
    let start: String = local.chars().take(kept).collect();
    format!("{start}•••{domain}")
}

/// `l••@…`: whose it is only they recognise.
fn masked_other(login: &Login) -> String {
    let first: String = login.shown().chars().take(1).collect();
    let rest = if login.shown().contains('@') { "••@…" } else { "••" };
    format!("{first}{rest}")
}
