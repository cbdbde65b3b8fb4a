//! By whose authority something is administered, decided inside the writer.

use account::action::Action;
use account::api_key::{ApiKey, KeyId};
use account::audit::Actor;
use account::policy::Area;
use account::role::{Permission, Role};
use account::user::UserId;
use primitives::time::Timestamp;
use store::{StoreError, Tx, api_keys, sessions};

use crate::context::{Authority, Settings, Who};
use crate::manage_sessions;

/// An [`Authority`] that a closure can keep.
#[derive(Clone)]
pub(crate) enum Grant {
    Operator,
    Person(Box<Who>),
    Key(Box<ApiKey>),
}

impl From<Authority<'_>> for Grant {
    fn from(authority: Authority<'_>) -> Self {
        match authority {
            Authority::Operator => Grant::Operator,
            Authority::Person(who) => Grant::Person(Box::new(who.clone())),
            Authority::Key(key) => Grant::Key(Box::new(key.clone())),
        }
    }
}

impl Grant {
    /// The person behind it, if it is one.
    pub(crate) fn person(&self) -> Option<UserId> {
        match self {
            Grant::Person(who) => Some(who.user.id),
            Grant::Operator | Grant::Key(_) => None,
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
    /// The key ended, was taken back, or may not do this.
    Scope,
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
            Unauthorised::Scope => "scope_missing",
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
    /// A program, whose scope allows the action.
    Key(KeyId),
}

impl Issuer {
    pub(crate) fn actor(self) -> Actor {
        match self {
            Issuer::Operator => Actor::Operator,
            Issuer::Person(id, _) => Actor::User(id),
            Issuer::Key(id) => Actor::Key(id),
        }
    }

    pub(crate) fn is(self, user: UserId) -> bool {
        matches!(self, Issuer::Person(id, _) if id == user)
    }

    /// Whether it is a program that acts for nobody.
    pub(crate) fn is_program(self) -> bool {
        matches!(self, Issuer::Key(_))
    }

    /// Whether it may do that at all. What a key may do, its scope has said by now.
    pub(crate) fn may(self, permission: Permission) -> bool {
        match self {
            Issuer::Operator | Issuer::Key(_) => true,
            Issuer::Person(_, role) => role.may(permission),
        }
    }

    /// Whether it may do that to somebody of that role. Programs reach nobody who has one (DESIGN 5a.12).
    pub(crate) fn may_to(self, permission: Permission, target: Role) -> bool {
        match self {
            Issuer::Operator => true,
            Issuer::Person(_, role) => role.may_to(permission, target),
            Issuer::Key(_) => !target.is_privileged(),
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
        Grant::Key(key) => return authorise_key(tx, now, settings, key, action),
        Grant::Person(who) => who,
    };
    let Who { user, mut session } =
        manage_sessions::lock_standing(tx, now, settings, who)?.ok_or(Unauthorised::SessionEnded)?;
    if !settings.reaches(&user, Area::Console, &session.evidence) {
        return Err(Unauthorised::TooWeak);
    }
    if !session.has_confirmed(&action.digest(session.id), now) {
        return Err(Unauthorised::ConfirmNeeded);
    }
    // What the session had proven before does not make a weak confirmation strong.
    let confirming = session.confirming_evidence();
    if !confirming.is_some_and(|evidence| settings.reaches(&user, Area::Console, &evidence)) {
        return Err(Unauthorised::TooWeak);
    }
    session.confirmed = None;
    sessions::update(tx, &session)?;
    Ok(Issuer::Person(user.id, user.role))
}

/// Which commit of something that takes several.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Turn {
    /// The first, which uses the confirmation up.
    First,
    /// One behind it.
    Later,
}

/// [`authorise`] for one of several commits. What was confirmed was confirmed for all of them; but whoever signed out,
/// lost the role or had the key taken back meanwhile goes no further (DESIGN 5a.2).
pub(crate) fn authorise_turn(
    tx: &mut Tx<'_>,
    now: Timestamp,
    settings: &Settings,
    grant: &Grant,
    (action, turn): (Action, Turn),
) -> Result<Issuer, Unauthorised> {
    let (Grant::Person(who), Turn::Later) = (grant, turn) else {
        return authorise(tx, now, settings, grant, action);
    };
    let Who { user, session } =
        manage_sessions::lock_standing(tx, now, settings, who)?.ok_or(Unauthorised::SessionEnded)?;
    if settings.reaches(&user, Area::Console, &session.evidence) {
        Ok(Issuer::Person(user.id, user.role))
    } else {
        Err(Unauthorised::TooWeak)
    }
}

/// A key does what its scopes say, as its row says them now, and never what only people do by themselves. One that acts
/// for a person ends with the session, and the person's role bounds what it does (DESIGN 5a.12).
fn authorise_key(
    tx: &mut Tx<'_>,
    now: Timestamp,
    settings: &Settings,
    key: &ApiKey,
    action: Action,
) -> Result<Issuer, Unauthorised> {
    let scope = action.scope().ok_or(Unauthorised::Scope)?;
    let key = api_keys::lock(tx, key.id)?
        .filter(|key| key.stands(settings.deployment_epoch, now) && key.has(scope))
        .ok_or(Unauthorised::Scope)?;
    let Some((person, session)) = key.person else {
        // What a row grants that no use case makes is still refused: a program neither enrols nor mints.
        return if scope.needs_person() { Err(Unauthorised::Scope) } else { Ok(Issuer::Key(key.id)) };
    };
    let Who { user, session } = manage_sessions::lock_standing_of(tx, now, settings, person, session)?
        .ok_or(Unauthorised::SessionEnded)?;
    if !settings.reaches(&user, Area::Console, &session.evidence) {
        return Err(Unauthorised::TooWeak);
    }
    if user.role.may(scope.permission()) {
        Ok(Issuer::Person(user.id, user.role))
    } else {
        Err(Unauthorised::Scope)
    }
}
