//! What the phone's page tells of itself meanwhile. It decides nothing: it is for the computer's screen.

use std::sync::Arc;

use account::audit::Actor;
use account::enrolment::{Enrolment, Mode, Step, Trouble, UnsupportedReason};
use primitives::digest::Digest;
use primitives::time::Timestamp;
use store::{Tx, enrolments, sessions};

use super::phone::{come_to, lock, must_go_on, step_of_session};
use super::{EnrolError, Ticket, move_on};
use crate::context::{Caller, Context, Settings};
use crate::events::Pen;

/// What the phone's page tells.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PhoneReport {
    /// The prompt for the screen lock is open.
    Prompting,
    /// It was closed, or timed out.
    Cancelled,
    /// The phone cannot keep a passkey as it is.
    Unsupported(UnsupportedReason),
    /// It has a passkey of this account.
    Duplicate,
    /// It is there. To be told every 20 seconds; it also finds out that the phone has signed in meanwhile.
    Alive,
}

/// Takes a report from the browser that has the errand.
pub async fn report(
    cx: &Context,
    caller: &mut Caller,
    ticket: &Ticket,
    report: PhoneReport,
) -> Result<(), EnrolError> {
    let reporting = Reporting {
        settings: cx.settings(),
        browser: caller.browser.digest(),
        report,
        pen: Pen::new(caller, Actor::System),
    };
    let ticket = ticket.clone();
    if report == PhoneReport::Alive {
        let (reporting, ticket, now) = (reporting.clone(), ticket.clone(), cx.db.not_before(caller.now));
        let idle = cx.db.read(move |tx| reporting.has_no_news(tx, now, &ticket)).await?;
        if idle {
            return Ok(());
        }
    }
    cx.db.write(move |tx| reporting.clone().run(tx, &ticket)).await
}

#[derive(Clone)]
struct Reporting {
    settings: Arc<Settings>,
    browser: Digest,
    report: PhoneReport,
    pen: Pen,
}

impl Reporting {
    /// Whether that the phone is there need not be written.
    fn has_no_news(&self, tx: &mut Tx<'_>, now: Timestamp, ticket: &Ticket) -> Result<bool, EnrolError> {
        let enrolment = enrolments::by_ticket(tx, ticket.as_bytes())?.ok_or(EnrolError::TicketUnknown)?;
        self.must_hold(tx, now, &enrolment)?;
        let heard = enrolment.heard(&self.browser, now)?;
        let step = self.step(tx, now, &enrolment)?;
        Ok(heard.is_none() && step.is_none_or(|step| enrolment.step(&self.browser, now) == Ok(&step)))
    }

    fn must_hold(&self, tx: &mut Tx<'_>, now: Timestamp, enrolment: &Enrolment) -> Result<(), EnrolError> {
        if !enrolment.is_open_to(&self.browser) {
            return Err(EnrolError::TicketClaimed);
        }
        must_go_on(tx, now, &self.settings, enrolment)?;
        enrolment.step(&self.browser, now)?;
        Ok(())
    }

    /// Where the phone that signs in itself has come to, by its session of this account; `None` where that says nothing
    /// new.
    fn step(
        &self,
        tx: &mut Tx<'_>,
        now: Timestamp,
        enrolment: &Enrolment,
    ) -> Result<Option<Step>, EnrolError> {
        let was = enrolment.step(&self.browser, now)?;
        if enrolment.mode != Mode::SignIn
            || !matches!(was, Step::Opened | Step::SigningIn | Step::OtherAccount { .. })
        {
            return Ok(None);
        }
        let here = sessions::of_user(tx, enrolment.user)?
            .into_iter()
            .find(|session| session.browser == self.browser);
        let step = step_of_session(tx, now, &self.settings, here)?;
        // That it is not signed in as this person says nothing about whether it is as another.
        Ok((step != Step::SigningIn).then_some(step))
    }

    fn run(mut self, tx: &mut Tx<'_>, ticket: &Ticket) -> Result<(), EnrolError> {
        let now = tx.now()?;
        let enrolment = lock(tx, ticket)?;
        self.must_hold(tx, now, &enrolment)?;
        let next = match self.report {
            PhoneReport::Prompting => enrolment.prompting(&self.browser, now)?,
            PhoneReport::Cancelled => enrolment.troubled(&self.browser, now, Trouble::Cancelled)?,
            PhoneReport::Duplicate => enrolment.troubled(&self.browser, now, Trouble::Duplicate)?,
            PhoneReport::Unsupported(reason) => {
                enrolment.troubled(&self.browser, now, Trouble::Unsupported(reason))?
            }
            PhoneReport::Alive => {
                let step = self.step(tx, now, &enrolment)?;
                let enrolment = match step {
                    Some(step) => come_to(tx, now, enrolment, (&self.browser, step), &mut self.pen)?,
                    None => enrolment,
                };
                return match enrolment.heard(&self.browser, now)? {
                    Some(next) => Ok(move_on(tx, &enrolment, &next)?),
                    None => Ok(()),
                };
            }
        };
        Ok(move_on(tx, &enrolment, &next)?)
    }
}
