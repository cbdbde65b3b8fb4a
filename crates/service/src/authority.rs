//! By whose authority something is administered, decided inside the writer.

use account::action::Action;
use account::audit::Actor;
use account::role::Role;
use account::strength::Strength;
use account::user::UserId;
use primitives::time::Timestamp;
use store::{StoreError, Tx, sessions};

use crate::context::{Authority, Settings, Who};
use crate::manage_sessions;

/// An [`Authority`] that a closure can keep.
#[derive(Clone)]
pub(crate) enum Grant {
    Operator,
    Person(Box<Who>),
}

impl From<Authority<'_>> for Grant {
    fn from(authority: Authority<'_>) -> Self {
        match authority {
            Authority::Operator => Grant::Operator,
            Authority::Person(who) => Grant::Person(Box::new(who.clone())),
        }
    }
}

/// Why somebody may not administer at all.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Unauthorised {
    /// The session ended meanwhile.
    SessionEnded,
    /// The session does not rest on phishing-resistant evidence.
    TooWeak,
    /// The session has not confirmed this very action within the last five minutes.
    ConfirmNeeded,
    /// The store failed.
    Store(StoreError),
}

impl From<StoreError> for Unauthorised {
    fn from(error: StoreError) -> Self {
        Unauthorised::Store(error)
    }
}

impl Unauthorised {
    /// The stable code.
    pub fn code(&self) -> &'static str {
        match self {
            Unauthorised::SessionEnded => "session_ended",
            Unauthorised::TooWeak => "stronger_evidence_needed",
            Unauthorised::ConfirmNeeded => "confirm_needed",
            Unauthorised::Store(_) => "unknown",
        }
    }
}

/// Whoever was found to stand behind a [`Grant`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Issuer {
    /// The operator: no role bounds what he does.
    Operator,
    /// A person in that role, now.
    Person(UserId, Role),
}

impl Issuer {
    pub(crate) fn actor(self) -> Actor {
        match self {
            Issuer::Operator => Actor::Operator,
            Issuer::Person(id, _) => Actor::User(id),
        }
    }

    pub(crate) fn is(self, user: UserId) -> bool {
        matches!(self, Issuer::Person(id, _) if id == user)
    }

    pub(crate) fn role_allows(self, allowed: impl FnOnce(Role) -> bool) -> bool {
        match self {
            Issuer::Operator => true,
            Issuer::Person(_, role) => allowed(role),
        }
    }
}

/// Reads a person's session, role and confirmation again and uses the confirmation up (DESIGN 5a.11, 5a.12).
pub(crate) fn authorise(
    tx: &mut Tx<'_>,
    now: Timestamp,
    settings: &Settings,
    grant: &Grant,
    action: Action,
) -> Result<Issuer, Unauthorised> {
    let who = match grant {
        Grant::Operator => return Ok(Issuer::Operator),
        Grant::Person(who) => who,
    };
    let Who { user, mut session } =
        manage_sessions::lock_standing(tx, now, settings, who)?.ok_or(Unauthorised::SessionEnded)?;
    if !Strength::PhishingResistant.satisfied_by(&session.evidence) {
        return Err(Unauthorised::TooWeak);
    }
    if !session.has_confirmed(&action.digest(session.id), now) {
        return Err(Unauthorised::ConfirmNeeded);
    }
    // What the session had proven before does not make a weak confirmation strong.
    let confirming = session.confirming_evidence();
    if !confirming.is_some_and(|evidence| Strength::PhishingResistant.satisfied_by(&evidence)) {
        return Err(Unauthorised::TooWeak);
    }
    session.confirmed = None;
    sessions::update(tx, &session)?;
    Ok(Issuer::Person(user.id, user.role))
}
