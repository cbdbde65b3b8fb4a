//! A phone creates the passkey for which a computer's wizard asked (screens W-5b and PH-1 to PH-8, ADR 8).
//!
//! What the code on the screen holds finds an errand and grants nothing. In the mode [`Mode::SignIn`] the phone's own
//! session is the authority, judged as for every passkey; in the mode [`Mode::Number`] it is the computer's onboarding
//! pass, once the number that the phone shows has been typed on the computer. Either way the errand is held by the
//! first browser that took it up, lives five minutes, ends with the computer's session, and the commit that stores
//! the passkey ends it.
//!
//! Every change locks the owner's row first and then the errand's.

mod begin;
mod create;
mod desktop;
mod find;
mod phone;
mod report;
mod ticket;

pub use account::enrolment::{Device, EnrolmentId, Mode, Stage, UnsupportedReason};
pub use begin::{begin, show_again};
pub use create::{begin_create, certify, finish_create};
pub use desktop::{follow, stop, type_number};
pub use find::find_by_code;
pub use phone::{claim, decline, open};
pub use report::{PhoneReport, report};
pub use ticket::{NotATicket, Ticket, TypedCode};

pub(crate) use create::{finished, to_finish};

use account::enrolment::{Around, Enrolment, Refusal, State, Step};
use account::passkey::PasskeyId;
use account::user::UserId;
use primitives::time::Timestamp;
use serde::Serialize;
use store::{StoreError, Tx, enrolments, passkeys, sessions};

use crate::ceremony::CeremonyError;
use crate::context::{Settings, Who};
use crate::manage_sessions;

/// An errand that has begun, as the computer shows it.
#[derive(Clone, Debug)]
pub struct Begun {
    /// Its identifier, for the computer's own addresses.
    pub id: EnrolmentId,
    /// What the code on the screen holds, for `{origin}/a/e/{ticket}`.
    pub ticket: Ticket,
    /// What can be typed instead where the camera does not work; only where the phone signs in itself.
    pub code: Option<TypedCode>,
    /// What gives the phone the right.
    pub mode: Mode,
    /// Until when it works, exclusive.
    pub ends: Timestamp,
}

/// How an errand stands, for the computer.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Progress {
    /// Which one.
    pub id: EnrolmentId,
    /// What gives the phone the right.
    pub mode: Mode,
    /// How far it is.
    pub stage: Stage,
    /// Until when it works, exclusive.
    pub ends: Timestamp,
    /// The phone that has it, and since when.
    pub phone: Option<Device>,
    /// The computer, and when it began.
    pub desktop: Device,
    /// Tries left at the number.
    pub tries_left: u32,
    /// Whether another browser tried to take it up.
    pub another_tried: bool,
    /// Whether the phone has not been heard of for a minute.
    pub lost_contact: bool,
    /// The passkey that came of it.
    pub passkey: Option<PasskeyId>,
    /// Why, where the stage alone does not say it: an [`UnsupportedReason`], or the code of a refusal.
    pub reason: Option<String>,
    /// As whom the phone is signed in, masked, at the stage `other-account`.
    pub other_login: Option<String>,
    /// Rises with every change of the row. Time, the computer's session and the try of the passkey change the stage
    /// without it.
    pub version: u64,
}

/// How an errand stands, for the phone.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OnPhone {
    /// What the computer sees.
    pub progress: Progress,
    /// Whose passkey it shall be, masked: what a phone shows before it has taken the errand up.
    pub login_masked: String,
    /// The same in full, for signing in.
    pub login: String,
    /// The same person.
    pub user: UserId,
    /// The number to show, while it has to be typed on the computer.
    pub number: Option<String>,
    /// Whether the phone is signed in as somebody else.
    pub signed_in_as_other: bool,
    /// What the phone has to do next.
    pub needs: Need,
}

/// What a phone has to do next.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Need {
    /// Take the errand up ([`claim`]).
    Claim,
    /// Sign in.
    SignIn,
    /// Confirm that a passkey shall be added.
    Confirm,
    /// Show its number and wait.
    Number,
    /// Create the passkey.
    Create,
    /// Nothing: it is over.
    Nothing,
}

/// Why an errand did not do what it should.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum EnrolError {
    /// There is no such errand.
    TicketUnknown,
    /// Its five minutes are over.
    TicketExpired,
    /// Another browser has it.
    TicketClaimed,
    /// The computer stopped it, or began another.
    TicketStopped,
    /// Its passkey was stored.
    TicketDone,
    /// Three wrong numbers ended it.
    NumberLocked,
    /// Not the number that the phone shows, or no number at all, which costs no try.
    NumberWrong {
        /// Tries left.
        left: u32,
    },
    /// The phone said no.
    Declined,
    /// The phone is signed in as somebody else.
    OtherAccount,
    /// The phone has not been given the right to create a passkey.
    NotApproved,
    /// Policy does not let phones be added so.
    PhonesOff,
    /// Too many codes were tried, or too many errands begun; nothing was looked at.
    TooManyTries {
        /// When the next one is.
        until: Timestamp,
    },
    /// The computer's session is over, or the phone's.
    SessionEnded,
    /// The ceremony, or the permission for it, was refused.
    Ceremony(CeremonyError),
    /// The store failed; nothing was changed.
    Store(StoreError),
}

impl From<StoreError> for EnrolError {
    fn from(error: StoreError) -> Self {
        EnrolError::Store(error)
    }
}

impl From<Refusal> for EnrolError {
    fn from(refusal: Refusal) -> Self {
        match refusal {
            Refusal::Expired => EnrolError::TicketExpired,
            Refusal::Claimed => EnrolError::TicketClaimed,
            Refusal::Stopped => EnrolError::TicketStopped,
            Refusal::Done => EnrolError::TicketDone,
            Refusal::NumberLocked => EnrolError::NumberLocked,
            Refusal::Declined => EnrolError::Declined,
            Refusal::NotApproved => EnrolError::NotApproved,
        }
    }
}

impl From<CeremonyError> for EnrolError {
    fn from(error: CeremonyError) -> Self {
        match error {
            CeremonyError::Ticket(refusal) => refusal.into(),
            CeremonyError::SessionEnded => EnrolError::SessionEnded,
            CeremonyError::Store(error) => EnrolError::Store(error),
            other => EnrolError::Ceremony(other),
        }
    }
}

impl EnrolError {
    /// The stable code.
    pub fn code(&self) -> &'static str {
        match self {
            EnrolError::TicketUnknown => "ticket_unknown",
            EnrolError::TicketExpired => "ticket_expired",
            EnrolError::TicketClaimed => "ticket_claimed",
            EnrolError::TicketStopped => "ticket_stopped",
            EnrolError::TicketDone => "ticket_done",
            EnrolError::NumberLocked => "number_locked",
            EnrolError::NumberWrong { .. } => "number_wrong",
            EnrolError::Declined => "declined",
            EnrolError::OtherAccount => "other_account",
            EnrolError::NotApproved => "not_approved",
            EnrolError::PhonesOff => "phones_off",
            EnrolError::TooManyTries { .. } => "too_many_tries",
            EnrolError::SessionEnded => "session_ended",
            EnrolError::Ceremony(error) => error.code(),
            EnrolError::Store(_) => "unknown",
        }
    }

    /// The precise reason, for the log.
    pub fn cause(&self) -> &'static str {
        match self {
            EnrolError::Ceremony(error) => error.cause(),
            EnrolError::Store(error) => error.code(),
            other => other.code(),
        }
    }
}

/// The computer's session with its user, if it still stands.
fn desktop_of(
    tx: &mut Tx<'_>,
    now: Timestamp,
    settings: &Settings,
    enrolment: &Enrolment,
) -> Result<Option<Who>, StoreError> {
    match sessions::by_id(tx, enrolment.user, enrolment.session)? {
        Some(session) => manage_sessions::standing(tx, now, settings, session),
        None => Ok(None),
    }
}

fn progress_of(
    tx: &mut Tx<'_>,
    now: Timestamp,
    settings: &Settings,
    enrolment: &Enrolment,
) -> Result<Progress, StoreError> {
    let session_stands = desktop_of(tx, now, settings, enrolment)?.is_some();
    let passkey = match enrolment.passkey() {
        Some(id) => passkeys::by_id(tx, enrolment.user, id)?,
        None => None,
    };
    let tried = passkey.is_some_and(|passkey| passkey.tried);
    let trouble = match &enrolment.state {
        State::Claimed { claim, .. } => claim.trouble.as_ref(),
        State::Created | State::Done { .. } | State::Ended { .. } => None,
    };
    let other_login = match &enrolment.state {
        State::Claimed { step: Step::OtherAccount { login }, .. } => Some(login.clone()),
        _ => None,
    };
    Ok(Progress {
        id: enrolment.id,
        mode: enrolment.mode,
        stage: enrolment.stage(Around { now, session_stands, tried }),
        ends: enrolment.ends,
        phone: enrolment.claimant().map(|claim| claim.device.clone()),
        desktop: enrolment.desktop.clone(),
        tries_left: enrolment.tries_left(),
        another_tried: enrolment.another_tried,
        lost_contact: enrolment.has_lost_contact(now),
        passkey: enrolment.passkey(),
        reason: trouble.and_then(|trouble| trouble.reason()).map(str::to_owned),
        other_login,
        version: u64::from(enrolment.version),
    })
}

/// Writes back what was decided under the row's lock.
fn move_on(tx: &mut Tx<'_>, from: &Enrolment, to: &Enrolment) -> Result<(), StoreError> {
    if enrolments::advance(tx, from, to)? { Ok(()) } else { Err(StoreError::Contention) }
}
