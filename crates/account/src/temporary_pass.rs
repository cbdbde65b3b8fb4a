//! Temporary access passes: what someone without a passkey is handed to register one.
//!
//! The value is shown once and kept as a slow salted hash. What a pass is worth at a moment is computed
//! from its row and the time; nothing sweeps.

mod blocked;
mod stated;
mod value;

pub use blocked::{PassBlocked, blocked};
pub use stated::{Check, LONGEST_NOTE, Stated, StatedRefusal, Why};
pub use value::{ALPHABET, Slip, generate, grouped, normalise};

use primitives::id::Id;
use primitives::time::{Span, Timestamp};
use serde::{Deserialize, Serialize};

use crate::audit::Actor;
use crate::session::{SKEW, SessionId};
use crate::user::UserId;

/// Identifies a [`Pass`].
pub type PassId = Id<Pass>;

/// Wrong tries that end a pass.
pub const TRIES: u32 = 10;

/// How long the onboarding session of a one-time pass lasts.
pub const ONE_TIME_SESSION: Span = Span::from_minutes(10);

/// A pass as its row holds it; its value is not in it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Pass {
    /// Its identifier.
    pub id: PassId,
    /// Whom it signs in.
    pub user: UserId,
    /// The slow hash of its value.
    pub hash: String,
    /// From when it works.
    pub starts: Timestamp,
    /// Until when it works, exclusive.
    pub ends: Timestamp,
    /// Whether it opens only one onboarding session.
    pub one_time: bool,
    /// Why it was issued.
    pub reason: String,
    /// Who issued it.
    pub issuer: Actor,
    /// When it was issued.
    pub created: Timestamp,
    /// Tries counted since it was issued or last redeemed. One is counted before each check.
    pub tries: u32,
    /// Where it stands.
    pub state: PassState,
}

/// Where a pass stands, apart from what time does to it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "state", rename_all = "snake_case")]
pub enum PassState {
    /// Handed out.
    Issued,
    /// One-time, redeemed, its onboarding session not known to have ended.
    Reserved {
        /// The onboarding session.
        session: SessionId,
        /// When it was first redeemed.
        at: Timestamp,
    },
    /// One-time, and a passkey was stored or its session ended.
    Spent {
        /// When.
        at: Timestamp,
    },
    /// Taken back or replaced.
    Revoked {
        /// When.
        at: Timestamp,
    },
    /// Ended by wrong tries.
    Locked {
        /// When.
        at: Timestamp,
    },
}

/// What a pass is worth at a moment.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Usability {
    /// It opens an onboarding session.
    Usable,
    /// Its start lies in the future.
    NotYetValid {
        /// When it starts.
        from: Timestamp,
    },
    /// Its time is over.
    Expired {
        /// When it ended.
        at: Timestamp,
    },
    /// One-time, and used.
    Used {
        /// When.
        at: Timestamp,
    },
    /// Taken back or replaced by a newer one.
    Revoked,
    /// Ended by ten wrong tries.
    Locked,
    /// Policy no longer accepts such a pass.
    BlockedByPolicy,
}

impl Usability {
    /// The stable code, also that of the refusal; `pass_usable` for a usable one.
    pub fn code(self) -> &'static str {
        match self {
            Usability::Usable => "pass_usable",
            Usability::NotYetValid { .. } => "pass_not_yet_valid",
            Usability::Expired { .. } => "pass_expired",
            Usability::Used { .. } => "pass_used",
            Usability::Revoked => "pass_revoked",
            Usability::Locked => "pass_locked",
            Usability::BlockedByPolicy => "pass_blocked_by_policy",
        }
    }

    /// Whether a new pass would take something away.
    pub fn is_outstanding(self) -> bool {
        matches!(self, Usability::Usable | Usability::NotYetValid { .. } | Usability::BlockedByPolicy)
    }
}

impl Pass {
    /// What a letter and a list call it: enough to find it again, and nothing of its value.
    pub fn serial(&self) -> String {
        let [.., a, b, c, d] = *self.id.as_bytes();
        format!("{a:02X}{b:02X}-{c:02X}{d:02X}")
    }

    /// What it is worth at `now`.
    ///
    /// What ended it for good is told before what time or policy does to it.
    pub fn usability(&self, now: Timestamp, policy: &PassPolicy) -> Usability {
        match self.state {
            PassState::Revoked { .. } => return Usability::Revoked,
            PassState::Locked { .. } => return Usability::Locked,
            PassState::Spent { at } | PassState::Reserved { at, .. } => return Usability::Used { at },
            PassState::Issued => {}
        }
        if now >= self.ends {
            Usability::Expired { at: self.ends }
        } else if self.created > now + SKEW {
            // Issued by a clock that was wrong.
            Usability::NotYetValid { from: self.created }
        } else if !policy.accepts(self) {
            Usability::BlockedByPolicy
        } else if now < self.starts {
            Usability::NotYetValid { from: self.starts }
        } else {
            Usability::Usable
        }
    }

    /// Until when an onboarding session opened at `now` may last, exclusive: never longer than the pass,
    /// and for a one-time pass ten minutes from when it was first redeemed.
    pub fn session_ends(&self, now: Timestamp) -> Timestamp {
        let first = match self.state {
            PassState::Reserved { at, .. } => at,
            PassState::Issued
            | PassState::Spent { .. }
            | PassState::Revoked { .. }
            | PassState::Locked { .. } => now,
        };
        if self.one_time { self.ends.min(first + ONE_TIME_SESSION) } else { self.ends }
    }

    /// Whether the onboarding session `session` still stands on this pass at `now`.
    ///
    /// After its passkey has been stored a one-time pass is spent, and its session lives on to name and try
    /// the passkey; a revoked, locked or ended pass ends its sessions.
    pub fn carries(&self, session: SessionId, now: Timestamp, policy: &PassPolicy) -> bool {
        if now >= self.ends || self.created > now + SKEW || !policy.enabled {
            return false;
        }
        match self.state {
            PassState::Issued => !self.one_time,
            PassState::Reserved { session: reserved, .. } => reserved == session,
            PassState::Spent { .. } => true,
            PassState::Revoked { .. } | PassState::Locked { .. } => false,
        }
    }

    /// Whether `session` may store a passkey on the strength of this pass at `now`.
    pub fn allows_registration(&self, session: SessionId, now: Timestamp, policy: &PassPolicy) -> bool {
        !matches!(self.state, PassState::Spent { .. })
            && now >= self.starts
            && policy.accepts(self)
            && self.carries(session, now, policy)
    }
}

/// What passes there may be.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PassPolicy {
    /// Whether passes are accepted at all.
    pub enabled: bool,
    /// Shortest lifetime that may be asked for.
    pub shortest: Span,
    /// Longest lifetime that may be asked for.
    pub longest: Span,
    /// Lifetime where none is asked for.
    pub default: Span,
    /// Length of a value in characters, 8 to 48.
    pub length: u8,
    /// Whether every pass is one-time; a multi-use one issued before stops working.
    pub one_time_only: bool,
}

impl Default for PassPolicy {
    fn default() -> Self {
        Self {
            enabled: true,
            shortest: Span::from_minutes(10),
            longest: Span::from_days(30),
            default: Span::from_minutes(60),
            length: 12,
            one_time_only: false,
        }
    }
}

/// How far in the future a pass may start.
pub const LATEST_START: Span = Span::from_days(90);

/// Longest reason in characters.
pub const LONGEST_REASON: usize = 500;

/// What an issuer asks for.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Wish {
    /// How long it shall work; the policy's default where absent.
    pub lifetime: Option<Span>,
    /// From when; now where absent.
    pub starts: Option<Timestamp>,
    /// Whether it shall open only one session.
    pub one_time: bool,
    /// Why.
    pub reason: String,
}

/// What the policy makes of a [`Wish`].
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Terms {
    /// From when it works.
    pub starts: Timestamp,
    /// Until when it works, exclusive.
    pub ends: Timestamp,
    /// Whether it opens only one session.
    pub one_time: bool,
    /// Why.
    pub reason: String,
}

impl PassPolicy {
    /// Whether a pass of this kind may be used.
    pub fn accepts(&self, pass: &Pass) -> bool {
        self.enabled && (pass.one_time || !self.one_time_only)
    }

    /// The terms on which a pass is issued at `now`.
    pub fn terms(&self, wish: Wish, now: Timestamp) -> Result<Terms, IssueRefusal> {
        if !self.enabled {
            return Err(IssueRefusal::PassesOff);
        }
        let lifetime = wish.lifetime.unwrap_or(self.default);
        if lifetime < self.shortest {
            return Err(IssueRefusal::LifetimeTooShort);
        }
        if lifetime > self.longest {
            return Err(IssueRefusal::LifetimeTooLong);
        }
        let starts = wish.starts.unwrap_or(now);
        if starts > now + LATEST_START {
            return Err(IssueRefusal::StartTooLate);
        }
        if starts + lifetime <= now {
            return Err(IssueRefusal::EndsInThePast);
        }
        let reason = wish.reason.trim();
        if reason.chars().count() > LONGEST_REASON {
            return Err(IssueRefusal::ReasonTooLong);
        }
        if reason.chars().any(crate::user::is_control) {
            return Err(IssueRefusal::ReasonControlCharacter);
        }
        let one_time = wish.one_time || self.one_time_only;
        Ok(Terms { starts, ends: starts + lifetime, one_time, reason: reason.to_owned() })
    }
}

/// Why a pass is not issued.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum IssueRefusal {
    /// Passes are turned off.
    PassesOff,
    /// Shorter than the policy's shortest.
    LifetimeTooShort,
    /// Longer than the policy's longest.
    LifetimeTooLong,
    /// It would start more than 90 days from now.
    StartTooLate,
    /// It would have ended already.
    EndsInThePast,
    /// The reason has more than 500 characters.
    ReasonTooLong,
    /// The reason holds a control character.
    ReasonControlCharacter,
}

impl IssueRefusal {
    /// The stable code.
    pub fn code(self) -> &'static str {
        match self {
            IssueRefusal::PassesOff => "passes_off",
            IssueRefusal::LifetimeTooShort => "lifetime_too_short",
            IssueRefusal::LifetimeTooLong => "lifetime_too_long",
            IssueRefusal::StartTooLate => "start_too_late",
            IssueRefusal::EndsInThePast => "ends_in_the_past",
            IssueRefusal::ReasonTooLong => "reason_too_long",
            IssueRefusal::ReasonControlCharacter => "reason_control_character",
        }
    }
}

#[cfg(test)]
mod tests;
