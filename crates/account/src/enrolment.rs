//! Enrolment tickets: the errand by which a computer's wizard hands the creation of a passkey to a phone.
//!
//! What the code on the computer's screen holds finds an errand and grants nothing (ADR 8). The first browser that takes
//! it up keeps it; what lets that browser create a passkey is its own sign-in, or the number that it shows and that
//! somebody types on the computer. An errand ends after five minutes, whatever happens, and makes one passkey.

mod transitions;

pub use transitions::Typed;

use primitives::digest::Digest;
use primitives::id::Id;
use primitives::time::{Span, Timestamp};
use serde::{Deserialize, Serialize};

use crate::names::named_enum;
use crate::passkey::PasskeyId;
use crate::session::SessionId;
use crate::user::UserId;

/// Identifies an [`Enrolment`] on the computer and in events. What the phone is shown is the ticket, not this.
pub type EnrolmentId = Id<Enrolment>;

/// How long an errand lasts.
pub const LIFETIME: Span = Span::from_minutes(5);

/// Wrong numbers that end it.
pub const NUMBER_TRIES: u32 = 3;

/// How often that the phone is still there is written at most.
pub const HEARTBEAT: Span = Span::from_secs(20);

/// After how long without a word from the phone the computer says so.
pub const LOST_AFTER: Span = Span::from_secs(60);

/// One errand.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Enrolment {
    /// Its identifier.
    pub id: EnrolmentId,
    /// Whose passkey it shall be.
    pub user: UserId,
    /// The computer's session that began it, and that it ends with.
    pub session: SessionId,
    /// What gives the phone the right.
    pub mode: Mode,
    /// The computer, and when it began.
    pub desktop: Device,
    /// Until when it can be used, exclusive.
    pub ends: Timestamp,
    /// Whether another browser than the one that has it tried to take it up.
    pub another_tried: bool,
    /// What the phone is shown, sealed for this row, so that the computer can show it again.
    pub sealed: String,
    /// How often it has changed.
    pub version: u32,
    /// Where it stands.
    pub state: State,
}

named_enum! {
    /// What gives the phone the right to create a passkey.
    pub enum Mode {
        /// It signs in itself (B1).
        SignIn = "sign-in",
        /// The number that it shows was typed on the computer (B2).
        Number = "number",
    }
}

/// What people recognise one end of an errand by, and when it came.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Device {
    /// Such as `Chrome on Android`.
    pub browser: String,
    /// The network address.
    pub address: String,
    /// When it began or opened the errand.
    pub at: Timestamp,
}

/// Where an errand stands, apart from what time and the computer's session do to it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "state", rename_all = "kebab-case")]
pub enum State {
    /// The computer shows its code.
    Created,
    /// A browser has it.
    Claimed {
        /// Which one.
        claim: Claim,
        /// How far it is.
        step: Step,
    },
    /// A passkey was stored.
    Done {
        /// By whom.
        claim: Claim,
        /// Which one.
        passkey: PasskeyId,
    },
    /// It ended without one.
    Ended {
        /// Who had it, if anybody.
        claim: Option<Claim>,
        /// How.
        how: Ending,
    },
}

/// That a browser has an errand.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Claim {
    /// The browser, by digest of its stable cookie.
    pub browser: Digest,
    /// What people recognise it by.
    pub device: Device,
    /// When it was last heard of, to within [`HEARTBEAT`].
    pub seen: Timestamp,
    /// What last went wrong on it; trying again takes it away.
    pub trouble: Option<Trouble>,
}

/// How far the browser that has an errand is.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "step", rename_all = "kebab-case")]
pub enum Step {
    /// It is signed in and has to confirm.
    Opened,
    /// It has to sign in.
    SigningIn,
    /// It is signed in as somebody else.
    OtherAccount {
        /// As whom, masked.
        login: String,
    },
    /// It shows a number, which has to be typed on the computer.
    Number {
        /// The number, 10 to 99.
        number: u8,
        /// Tries left.
        left: u32,
    },
    /// It may create the passkey.
    Approved,
    /// It is asking the person for the screen lock.
    Creating,
}

/// Something that went wrong on the phone and can be tried again.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "trouble", content = "reason", rename_all = "kebab-case")]
pub enum Trouble {
    /// The person closed the prompt, or it timed out.
    Cancelled,
    /// This phone or browser cannot keep a passkey.
    Unsupported(UnsupportedReason),
    /// It has a passkey of this account.
    Duplicate,
    /// The passkey was not accepted; the code by which people are told.
    Rejected(String),
}

named_enum! {
    /// Why a phone cannot keep a passkey as it is.
    pub enum UnsupportedReason {
        /// An app shows the page in a browser of its own (PH-E6).
        InAppBrowser = "in-app-browser",
        /// It has no screen lock (PH-E7).
        NoScreenLock = "no-screen-lock",
        /// Its system or browser is too old (PH-E8).
        TooOld = "too-old",
        /// A private window (PH-E9).
        PrivateWindow = "private-window",
        /// The page was not reached by https.
        InsecureContext = "insecure-context",
    }
}

named_enum! {
    /// How an errand ended without a passkey.
    pub enum Ending {
        /// Three wrong numbers.
        NumberLocked = "number-locked",
        /// The phone said no.
        Declined = "declined",
        /// The computer stopped it, or began another.
        Stopped = "stopped",
    }
}

named_enum! {
    /// What both screens show of an errand (experience.md 5.4).
    pub enum Stage {
        /// Waiting for the phone.
        Created = "created",
        /// The phone has it and has to confirm.
        Opened = "opened",
        /// The phone has to sign in.
        SigningIn = "signing-in",
        /// The number has to be typed on the computer.
        Approve = "approve",
        /// The phone may create the passkey.
        Approved = "approved",
        /// The phone asks for the screen lock.
        Creating = "creating",
        /// The passkey is stored.
        CreatedOk = "created-ok",
        /// And was used.
        Tried = "tried",
        /// Five minutes are over.
        Expired = "expired",
        /// Three wrong numbers.
        NumberLocked = "number-locked",
        /// The phone said no.
        Declined = "declined",
        /// The computer stopped it.
        Stopped = "stopped",
        /// The phone cannot keep a passkey as it is.
        PhoneUnsupported = "phone-unsupported",
        /// The prompt on the phone was closed.
        PhoneCancelled = "phone-cancelled",
        /// The phone has a passkey of this account.
        Duplicate = "duplicate",
        /// The passkey was not accepted.
        Rejected = "rejected",
        /// The phone is signed in as somebody else.
        OtherAccount = "other-account",
        /// The computer's session is over.
        Ended = "ended",
    }
}

/// What a stage rests on beside the errand itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Around {
    /// Now.
    pub now: Timestamp,
    /// Whether the computer's session stands.
    pub session_stands: bool,
    /// Whether the passkey that came of it has been used.
    pub tried: bool,
}

impl Enrolment {
    /// The browser that has it or had it.
    pub fn claimant(&self) -> Option<&Claim> {
        match &self.state {
            State::Created => None,
            State::Claimed { claim, .. } | State::Done { claim, .. } => Some(claim),
            State::Ended { claim, .. } => claim.as_ref(),
        }
    }

    /// The passkey that came of it.
    pub fn passkey(&self) -> Option<PasskeyId> {
        match &self.state {
            State::Done { passkey, .. } => Some(*passkey),
            State::Created | State::Claimed { .. } | State::Ended { .. } => None,
        }
    }

    /// Whether nothing more can come of it.
    pub fn is_over(&self, now: Timestamp) -> bool {
        matches!(self.state, State::Done { .. } | State::Ended { .. }) || self.has_expired(now)
    }

    fn has_expired(&self, now: Timestamp) -> bool {
        // What a clock that was ahead began would outlive its five minutes by as much.
        now >= self.ends || self.desktop.at > now + crate::session::SKEW
    }

    /// Tries left at the number; none where there is none.
    pub fn tries_left(&self) -> u32 {
        match &self.state {
            State::Claimed { step: Step::Number { left, .. }, .. } => *left,
            _ => 0,
        }
    }

    /// Whether the phone has not been heard of for a minute.
    pub fn has_lost_contact(&self, now: Timestamp) -> bool {
        let State::Claimed { claim, .. } = &self.state else { return false };
        !self.has_expired(now) && now.since(claim.seen) >= LOST_AFTER
    }

    /// What both screens show.
    pub fn stage(&self, around: Around) -> Stage {
        match &self.state {
            State::Done { .. } if around.tried => Stage::Tried,
            State::Done { .. } => Stage::CreatedOk,
            State::Ended { how: Ending::NumberLocked, .. } => Stage::NumberLocked,
            State::Ended { how: Ending::Declined, .. } => Stage::Declined,
            State::Ended { how: Ending::Stopped, .. } => Stage::Stopped,
            State::Created | State::Claimed { .. } if self.has_expired(around.now) => Stage::Expired,
            State::Created | State::Claimed { .. } if !around.session_stands => Stage::Ended,
            State::Created => Stage::Created,
            State::Claimed { claim: Claim { trouble: Some(trouble), .. }, .. } => trouble.stage(),
            State::Claimed { step, .. } => step.stage(),
        }
    }
}

impl Trouble {
    fn stage(&self) -> Stage {
        match self {
            Trouble::Cancelled => Stage::PhoneCancelled,
            Trouble::Unsupported(_) => Stage::PhoneUnsupported,
            Trouble::Duplicate => Stage::Duplicate,
            Trouble::Rejected(_) => Stage::Rejected,
        }
    }

    /// The reason, where the stage alone does not say it.
    pub fn reason(&self) -> Option<&str> {
        match self {
            Trouble::Cancelled | Trouble::Duplicate => None,
            Trouble::Unsupported(reason) => Some(reason.as_str()),
            Trouble::Rejected(code) => Some(code),
        }
    }
}

impl Step {
    fn stage(&self) -> Stage {
        match self {
            Step::Opened => Stage::Opened,
            Step::SigningIn => Stage::SigningIn,
            Step::OtherAccount { .. } => Stage::OtherAccount,
            Step::Number { .. } => Stage::Approve,
            Step::Approved => Stage::Approved,
            Step::Creating => Stage::Creating,
        }
    }
}

/// Why an errand does not go on as asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Refusal {
    /// Five minutes are over.
    Expired,
    /// Another browser has it.
    Claimed,
    /// The computer stopped it.
    Stopped,
    /// Its passkey was stored.
    Done,
    /// Three wrong numbers ended it.
    NumberLocked,
    /// The phone said no.
    Declined,
    /// The phone has not been given the right to create a passkey, or nobody has the errand yet.
    NotApproved,
}

impl Refusal {
    /// The stable code.
    pub fn code(self) -> &'static str {
        match self {
            Refusal::Expired => "ticket_expired",
            Refusal::Claimed => "ticket_claimed",
            Refusal::Stopped => "ticket_stopped",
            Refusal::Done => "ticket_done",
            Refusal::NumberLocked => "number_locked",
            Refusal::Declined => "declined",
            Refusal::NotApproved => "not_approved",
        }
    }
}

#[cfg(test)]
mod tests;
