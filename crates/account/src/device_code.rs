//! Devices that cannot show a sign-in page (RFC 8628): what one asked for, and what a person made of it.
//!
//! A code grants nothing until somebody has typed it, signed in, and approved it with a passkey; it lives five minutes, and
//! what came of it is fetched once.

use primitives::id::Id;
use primitives::time::{Span, Timestamp};
use serde::{Deserialize, Serialize};

use crate::evidence::Evidence;
use crate::session::{ClientLabel, SKEW, SessionId};
use crate::user::UserId;

/// How long a code works.
pub const LIFETIME: Span = Span::from_minutes(5);

/// How long a device waits between two questions at first (RFC 8628 section 3.2, `interval`).
pub const FIRST_PAUSE: Span = Span::from_secs(5);

/// By how much each question that comes too early makes the pause longer (section 3.5, `slow_down`).
pub const SLOWER_BY: Span = Span::from_secs(5);

/// Codes that wait at the same time, of everybody together.
pub const MOST: i64 = 10_000;

/// Codes that wait at the same time and were asked for from one address.
pub const MOST_OF_ONE: i64 = 50;

/// How many codes one account, and one browser, may type within a window ([`crate::lockout::WINDOW`]).
pub const TRIES: u32 = 5;

/// How many wrong codes all people together may type within a window. 20^8 codes make the chance that one of them meets a
/// code that waits smaller than one in a thousand even while as many wait as may.
pub const TRIES_OF_ALL: u32 = 1000;

/// Identifies a [`DeviceCode`]. It is no secret.
pub type DeviceCodeId = Id<DeviceCode>;

/// A device that waits to be let in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DeviceCode {
    /// Its identifier.
    pub id: DeviceCodeId,
    /// The application that it runs, by its `client_id`.
    pub client: String,
    /// What it asked for.
    pub request: Request,
    /// What a person made of it.
    pub state: State,
    /// When it last asked, if it did.
    pub polled: Option<Timestamp>,
    /// How long it has to wait between two questions.
    pub pause: Span,
    /// When it began.
    pub created: Timestamp,
    /// Until when it works, exclusive.
    pub ends: Timestamp,
}

/// What a device asked for, and from where.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Request {
    /// The scopes, with single spaces between them.
    pub scopes: String,
    /// Whose tokens it wants (RFC 8707).
    #[serde(default)]
    pub resources: Vec<String>,
    /// What the person may recognise it by.
    pub device: ClientLabel,
}

/// What a person made of it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "state", rename_all = "kebab-case")]
pub enum State {
    /// Nothing so far.
    Waiting,
    /// It may come in.
    Approved(Box<Approval>),
    /// It may not.
    Declined,
}

/// That a person let a device in.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Approval {
    /// Who.
    pub user: UserId,
    /// In which line of sessions: the device is out when that ends.
    pub sid: SessionId,
    /// What they proved when they approved it.
    pub evidence: Evidence,
    /// The account's security epoch at that time.
    pub security_epoch: i64,
    /// The deployment's.
    pub deployment_epoch: i64,
    /// When.
    pub at: Timestamp,
}

/// What a device is told that asks (RFC 8628 section 3.5).
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Answer {
    /// `authorization_pending`.
    Pending,
    /// `slow_down`: it asked too early and has to wait longer from now on.
    SlowDown {
        /// How long.
        pause: Span,
    },
    /// `access_denied`.
    Denied,
    /// `expired_token`.
    Expired,
    /// It may fetch its tokens, once.
    Approved(Box<Approval>),
}

impl DeviceCode {
    /// Whether its time is over at `now`.
    pub fn has_expired(&self, now: Timestamp) -> bool {
        // What a clock that was ahead began would outlive its five minutes by as much.
        now >= self.ends || self.created > now + SKEW
    }

    /// What the device is told that asks at `now`.
    pub fn answer(&self, now: Timestamp) -> Answer {
        if self.has_expired(now) {
            return Answer::Expired;
        }
        let too_early = self.polled.is_some_and(|polled| now.since(polled) < self.pause);
        match &self.state {
            State::Declined => Answer::Denied,
            State::Waiting | State::Approved(_) if too_early => {
                Answer::SlowDown { pause: slower(self.pause) }
            }
            State::Waiting => Answer::Pending,
            State::Approved(approval) => Answer::Approved(approval.clone()),
        }
    }
}

fn slower(pause: Span) -> Span {
    let longer = pause.max(FIRST_PAUSE).micros().saturating_add(SLOWER_BY.micros());
    Span::from_micros(longer).min(LIFETIME)
}

#[cfg(test)]
mod tests;
