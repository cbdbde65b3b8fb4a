//! The phone creates the passkey: the same ceremony as everywhere, whose commit also ends the errand.

use account::audit::{Actor, EventKind};
use account::enrolment::{Enrolment, EnrolmentId, Mode, Refusal, Step, Trouble};
use account::passkey::{PasskeyId, Place};
use account::user::UserId;
use primitives::digest::Digest;
use primitives::time::Timestamp;
use store::{StoreError, Tx, enrolments, passkeys};
use webauthn::RegistrationRefusal;

use super::begin::number_may;
use super::phone::{come_to, lock, must_go_on, step_of};
use super::{EnrolError, Ticket, desktop_of, move_on};
use crate::attest_devices::{self, AttestError, Certified};
use crate::ceremony::{CeremonyError, Started};
use crate::context::{Caller, Context, Settings, Who};
use crate::events::Pen;
use crate::register_passkey::{self, Asking, Registered};

/// Begins the ceremony on the phone that has the errand and the right to it.
pub async fn begin_create(
    cx: &Context,
    caller: &mut Caller,
    ticket: &Ticket,
    phone: Option<&Who>,
) -> Result<Started, EnrolError> {
    let (settings, ticket, asking) = (cx.settings(), ticket.clone(), phone.cloned());
    let browser = caller.browser.digest();
    let pen = Pen::new(caller, phone.map_or(Actor::System, |who| Actor::User(who.user.id)));
    // Where the phone stands is told to the computer whether it may go on or not.
    let admitted = cx.db.write(move |tx| {
        let (now, mut pen) = (tx.now()?, pen.clone());
        let enrolment = lock(tx, &ticket)?;
        if !enrolment.is_open_to(&browser) {
            return Err(EnrolError::TicketClaimed);
        }
        must_go_on(tx, now, &settings, &enrolment)?;
        enrolment.step(&browser, now)?;
        if enrolment.mode == Mode::Number {
            enrolment.may_create(&browser, now)?;
            let desktop = desktop_of(tx, now, &settings, &enrolment)?.ok_or(EnrolError::SessionEnded)?;
            return Ok(Ok((enrolment.id, desktop)));
        }
        let step = step_of(tx, now, &settings, &enrolment, asking.as_ref())?;
        let enrolment = come_to(tx, now, enrolment, (&browser, step.clone()), &mut pen)?;
        Ok(match (step, asking.clone()) {
            (Step::OtherAccount { .. }, _) => Err(EnrolError::OtherAccount),
            // What it still lacks is for the registration itself to say.
            (Step::Approved | Step::Opened, Some(phone)) => Ok((enrolment.id, phone)),
            _ => Err(EnrolError::NotApproved),
        })
    });
    let (id, authority) = admitted.await??;
    Ok(register_passkey::begin_for(cx, caller, &authority, Place::Phone, Some(id)).await?)
}

/// Finishes it. The same answer from the same browser gets the same passkey again.
pub async fn finish_create(
    cx: &Context,
    caller: &mut Caller,
    ticket: &Ticket,
    phone: Option<&Who>,
    state: &str,
    response: &str,
    suggested: impl FnOnce([u8; 16]) -> String,
) -> Result<Registered, EnrolError> {
    let asking = asking_of(cx, (caller.browser.digest(), caller.now), ticket, phone).await?;
    match register_passkey::finish_for(cx, caller, asking, state, response, suggested).await {
        Ok(registered) => Ok(registered),
        Err(error) => {
            if let Some(id) = asking.errand {
                tell_trouble(cx, caller.browser.digest(), id, &error).await;
            }
            Err(error.into())
        }
    }
}

/// Certifies the phone that has the errand and is about to create its passkey.
pub async fn certify(
    cx: &Context,
    caller: &mut Caller,
    ticket: &Ticket,
    phone: Option<&Who>,
    state: &str,
    request: &attest_devices::Request,
) -> Result<Certified, AttestError> {
    let asking = asking_of(cx, (caller.browser.digest(), caller.now), ticket, phone).await?;
    register_passkey::certify_for(cx, caller, asking, state, request).await
}

/// On whose authority the phone that has the errand goes on with a ceremony.
async fn asking_of(
    cx: &Context,
    (browser, now): (Digest, Timestamp),
    ticket: &Ticket,
    phone: Option<&Who>,
) -> Result<Asking, EnrolError> {
    let wanted = ticket.clone();
    let enrolment = cx
        .db
        .read(move |tx| enrolments::by_ticket(tx, wanted.as_bytes())?.ok_or(EnrolError::TicketUnknown))
        .await?;
    if !enrolment.is_open_to(&browser) {
        return Err(EnrolError::TicketClaimed);
    }
    // Nobody has it: nothing is judged, and nothing written, for whoever happens to see the code.
    if enrolment.claimant().is_none() {
        enrolment.step(&browser, cx.db.not_before(now))?;
    }
    let session = match (enrolment.mode, phone) {
        (Mode::Number, _) => enrolment.session,
        (Mode::SignIn, Some(phone)) if phone.user.id == enrolment.user => phone.session.id,
        (Mode::SignIn, Some(_)) => return Err(EnrolError::OtherAccount),
        (Mode::SignIn, None) => return Err(EnrolError::NotApproved),
    };
    Ok(Asking { user: enrolment.user, session, errand: Some(enrolment.id) })
}

/// What the computer is told of a refused passkey, if it is one that another try can mend.
fn trouble_of(error: &CeremonyError) -> Option<Trouble> {
    match error {
        CeremonyError::Duplicate | CeremonyError::Registration(RegistrationRefusal::AlreadyRegistered) => {
            Some(Trouble::Duplicate)
        }
        CeremonyError::Registration(_)
        | CeremonyError::Response(_)
        | CeremonyError::TooManyPasskeys
        | CeremonyError::OnboardingDone
        | CeremonyError::Policy(_)
        | CeremonyError::PassEnded => Some(Trouble::Rejected(error.code().to_owned())),
        _ => None,
    }
}

/// Tells the computer why nothing came of it. That it cannot be told is logged and changes nothing: the refusal stands.
async fn tell_trouble(cx: &Context, browser: Digest, id: EnrolmentId, error: &CeremonyError) {
    let Some(trouble) = trouble_of(error) else { return };
    let told = cx.db.write(move |tx| -> Result<(), StoreError> {
        let now = tx.now()?;
        let Some(enrolment) = enrolments::lock(tx, id)? else { return Ok(()) };
        match enrolment.troubled(&browser, now, trouble.clone()) {
            Ok(next) => move_on(tx, &enrolment, &next),
            Err(_) => Ok(()),
        }
    });
    if let Err(error) = told.await {
        tracing::warn!(%error, "a computer was not told why its phone stored no passkey");
    }
}

/// The errand of a registration that is about to be stored, if it still stands: read again under its owner's lock, with
/// the computer's session and what the mode demands.
pub(crate) fn to_finish(
    tx: &mut Tx<'_>,
    now: Timestamp,
    settings: &Settings,
    user: UserId,
    (id, browser): (EnrolmentId, &Digest),
) -> Result<Enrolment, CeremonyError> {
    let enrolment = enrolments::lock(tx, id)?.ok_or(CeremonyError::Ticket(Refusal::Expired))?;
    if enrolment.user != user {
        return Err(CeremonyError::WrongAccount);
    }
    // Approved when the ceremony began; the phone's own permission is judged again by the registration.
    enrolment.may_create(browser, now).map_err(CeremonyError::Ticket)?;
    let desktop = desktop_of(tx, now, settings, &enrolment)?.ok_or(CeremonyError::SessionEnded)?;
    let allowed = match enrolment.mode {
        Mode::SignIn => settings.policy.phones.link,
        Mode::Number => number_may(settings, &desktop, &passkeys::of_user(tx, user)?),
    };
    if allowed { Ok(enrolment) } else { Err(CeremonyError::Ticket(Refusal::NotApproved)) }
}

/// Ends the errand with its passkey.
pub(crate) fn finished(
    tx: &mut Tx<'_>,
    now: Timestamp,
    enrolment: &Enrolment,
    (browser, passkey): (&Digest, PasskeyId),
    pen: &mut Pen,
) -> Result<(), CeremonyError> {
    let done = enrolment.done(browser, now, passkey).map_err(CeremonyError::Ticket)?;
    if !enrolments::advance(tx, enrolment, &done)? {
        return Err(CeremonyError::Ticket(Refusal::Done));
    }
    let kind = EventKind::EnrolmentDone { enrolment: enrolment.id, passkey };
    Ok(pen.write(tx, now, Some(enrolment.user), kind)?)
}
