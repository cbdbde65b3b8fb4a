//! The person's own password: whether there is one, setting it, changing it; and the operator's part in that.

use std::sync::Arc;

use account::action::Action;
use account::audit::{Actor, EventKind};
use account::evidence::Evidence;
use account::password::{self, NewPasswordRefusal, Password};
use account::policy::Effective;
use account::session::{BrowserId, Session, SessionId};
use account::sign_in_step::{Next, PartialSignIn};
use account::user::{User, UserId};
use primitives::secret::{SecretText, Token};
use primitives::slow_hash;
use primitives::time::Timestamp;
use store::grants::{self, Grant};
use store::{StoreError, Tx, partial_sign_ins, passwords, sessions, users};

use crate::assertion::NewSession;
use crate::context::{Caller, Context, Settings, Who};
use crate::drawn::Drawn;
use crate::events::Pen;
use crate::hashing::Busy;
use crate::manage_sessions;
use crate::second_factor;
use crate::sign_in_password::{self, FirstStep, PasswordError};

/// Whether an account has a password.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PasswordStatus {
    /// It never had one, or may have one again.
    Never,
    /// It has.
    On {
        /// Since when it is this one.
        since: Timestamp,
    },
    /// It was turned off, and only an administrator allows one again.
    Off {
        /// Since when.
        since: Timestamp,
    },
    /// Nobody may have one.
    NotAllowed,
}

/// Why no password was set; nothing was changed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ManagePasswordError {
    /// The text does not become a password.
    New(NewPasswordRefusal),
    /// The old password is not right. A try was counted.
    Wrong {
        /// Tries left before the name has to wait.
        tries_left: u32,
    },
    /// The name has had its tries; nothing was checked.
    TooManyTries {
        /// When the next one is.
        until: Timestamp,
    },
    /// Nobody may have a password.
    NotAllowed,
    /// The password was turned off, and only an administrator allows one again.
    TurnedOff,
    /// The account has no password to change.
    NotFound,
    /// A limited session may not do this.
    Onboarding,
    /// The session has not confirmed this within the last five minutes.
    ConfirmNeeded,
    /// The session, or the sign-in that waits for a new password, ended meanwhile.
    SessionEnded,
    /// Too many slow hashes are waiting.
    Busy,
    /// The list of passwords that others know cannot be read, so none is accepted.
    ListUnreadable,
    /// The store failed.
    Store(StoreError),
}

impl From<StoreError> for ManagePasswordError {
    fn from(error: StoreError) -> Self {
        ManagePasswordError::Store(error)
    }
}

impl From<Busy> for ManagePasswordError {
    fn from(_: Busy) -> Self {
        ManagePasswordError::Busy
    }
}

impl From<PasswordError> for ManagePasswordError {
    fn from(error: PasswordError) -> Self {
        match error {
            PasswordError::Wrong { tries_left } => ManagePasswordError::Wrong { tries_left },
            PasswordError::TooManyTries { until } => ManagePasswordError::TooManyTries { until },
            PasswordError::Busy => ManagePasswordError::Busy,
            PasswordError::Store(error) => ManagePasswordError::Store(error),
            PasswordError::Off => ManagePasswordError::NotAllowed,
            // The login is an account's own.
            PasswordError::Login(_) | PasswordError::Slip(_) | PasswordError::DisabledUser => {
                ManagePasswordError::SessionEnded
            }
        }
    }
}

impl ManagePasswordError {
    /// The stable code.
    pub fn code(&self) -> &'static str {
        match self {
            ManagePasswordError::New(refusal) => refusal.code(),
            ManagePasswordError::Wrong { .. } => "password_wrong",
            ManagePasswordError::TooManyTries { .. } => "too_many_tries",
            ManagePasswordError::NotAllowed => "passwords_off",
            ManagePasswordError::TurnedOff => "password_turned_off",
            ManagePasswordError::NotFound => "not_found",
            ManagePasswordError::Onboarding => "onboarding_session",
            ManagePasswordError::ConfirmNeeded => "confirm_needed",
            ManagePasswordError::SessionEnded => "session_ended",
            ManagePasswordError::Busy => "busy",
            ManagePasswordError::ListUnreadable | ManagePasswordError::Store(_) => "unknown",
        }
    }
}

/// Whether the person has a password.
pub async fn status(cx: &Context, who: &Who) -> Result<PasswordStatus, StoreError> {
    let (policy, user) = (cx.settings().of(&who.user), who.user.id);
    cx.db.read(move |tx| Ok(status_of(&policy, passwords::of_user(tx, user)?.as_ref()))).await
}

/// The same of a row.
pub(crate) fn status_of(policy: &Effective, password: Option<&Password>) -> PasswordStatus {
    match password {
        Some(Password { hash: None, since, .. }) => PasswordStatus::Off { since: *since },
        _ if !policy.passwords.enabled => PasswordStatus::NotAllowed,
        Some(Password { since, .. }) => PasswordStatus::On { since: *since },
        None => PasswordStatus::Never,
    }
}

/// Sets a password in place of whatever there was, on a confirmation: a passkey, or the old password and a code.
pub async fn set(cx: &Context, caller: &mut Caller, who: &Who, new: &str) -> Result<(), ManagePasswordError> {
    set_own(cx, caller, who, new).await
}

/// Changes the password: the old one is asked for as well.
pub async fn change(
    cx: &Context,
    caller: &mut Caller,
    who: &Who,
    old: &str,
    new: &str,
) -> Result<(), ManagePasswordError> {
    // Judged before a try is counted, and again in the commit.
    let digest = Action::ChangePassword.digest(who.session.id);
    if who.session.is_limited() {
        return Err(ManagePasswordError::Onboarding);
    }
    if !who.session.has_confirmed(&digest, caller.now) {
        return Err(ManagePasswordError::ConfirmNeeded);
    }
    // What can be nobody's password is as wrong as another one, and costs a try like it.
    let old = password::normalise(old).unwrap_or_else(|_| SecretText::new(""));
    sign_in_password::check(cx, caller, who.user.login.clone(), old).await?;
    set_own(cx, caller, who, new).await
}

async fn set_own(cx: &Context, caller: &mut Caller, who: &Who, new: &str) -> Result<(), ManagePasswordError> {
    if who.session.is_limited() {
        return Err(ManagePasswordError::Onboarding);
    }
    if !cx.settings().of(&who.user).passwords.enabled {
        return Err(ManagePasswordError::NotAllowed);
    }
    // Before anything is hashed or compared with the old one, and again in the commit.
    if !who.session.has_confirmed(&Action::ChangePassword.digest(who.session.id), caller.now) {
        return Err(ManagePasswordError::ConfirmNeeded);
    }
    let hashed = hash_new(cx, caller, &who.user, new).await?;
    let (pen, settings) = (Pen::new(caller, Actor::User(who.user.id)), cx.settings());
    let who = who.clone();
    cx.db
        .write(move |tx| {
            let (now, mut pen) = (tx.now()?, pen.clone());
            let Who { user, session } = manage_sessions::lock_standing(tx, now, &settings, &who)?
                .ok_or(ManagePasswordError::SessionEnded)?;
            if !session.has_confirmed(&Action::ChangePassword.digest(session.id), now) {
                return Err(ManagePasswordError::ConfirmNeeded);
            }
            sessions::update(tx, &Session { confirmed: None, ..session.clone() })?;
            store(tx, now, &user, (hashed.clone(), false), Some(session.id), &mut pen)
        })
        .await
}

/// Changes the password of a sign-in that waits for that, and says what follows.
pub async fn change_expired(
    cx: &Context,
    caller: &mut Caller,
    token: &Token,
    new: &str,
) -> Result<FirstStep, ManagePasswordError> {
    let (waiting, browser, now) = (token.clone(), caller.browser, cx.db.not_before(caller.now));
    let settings = cx.settings();
    let user = cx.db.read(move |tx| waits_for_new(tx, now, &settings, &browser, &waiting)).await?;
    let (user, _) = user.ok_or(ManagePasswordError::SessionEnded)?;
    let hashed = hash_new(cx, caller, &user, new).await?;
    let (opening, pen) = (NewSession::new(cx, caller), Pen::new(caller, Actor::User(user.id)));
    let step = Token::generate(caller.entropy.as_mut());
    let token = token.clone();
    cx.db
        .write(move |tx| {
            let (now, mut pen) = (tx.now()?, pen.clone());
            users::lock(tx, user.id)?;
            let settings = Arc::clone(&opening.settings);
            let (user, partial) = waits_for_new(tx, now, &settings, &browser, &token)?
                .ok_or(ManagePasswordError::SessionEnded)?;
            partial_sign_ins::take(tx, &token)?.ok_or(ManagePasswordError::SessionEnded)?;
            store(tx, now, &user, (hashed.clone(), false), None, &mut pen)?;
            if let Some(second) = partial.evidence_of_second() {
                let evidence = Evidence::from_password(partial.password_at).and(second);
                let opened = (user, evidence, None);
                return Ok(FirstStep::SignedIn(second_factor::open_session(
                    tx, now, &opening, opened, &mut pen,
                )?));
            }
            let methods = second_factor::methods_of(tx, &settings, &user)?;
            let next = settings.after_password(&user, methods, false, now);
            let login = user.login.clone();
            let drawn = (&step, &browser, &mut pen);
            Ok(sign_in_password::follow(tx, now, next, (user, &login), &opening, drawn)?)
        })
        .await
}

/// The account whose password was right in this browser and must be changed, and whose second step, if it has one, was
/// taken: one factor does not replace a password.
fn waits_for_new(
    tx: &mut Tx<'_>,
    now: Timestamp,
    settings: &Settings,
    browser: &BrowserId,
    token: &Token,
) -> Result<Option<(User, PartialSignIn)>, ManagePasswordError> {
    let Some(partial) = partial_sign_ins::by_token(tx, token)? else { return Ok(None) };
    let Some(user) = users::by_id(tx, partial.user)? else { return Ok(None) };
    let password = passwords::of_user(tx, user.id)?.filter(|password| {
        password.hash.is_some() && password.must_change && password.since <= partial.password_at
    });
    let methods = second_factor::methods_of(tx, settings, &user)?;
    let may = match settings.after_password(&user, methods, true, now) {
        Next::MustChange => true,
        // The second step that was taken may have been the last recovery code.
        Next::SecondStep | Next::NothingSecond => partial.second.is_some(),
        Next::Off | Next::UsePasskey | Next::Restricted => false,
    };
    let stands = partial.stands(&user, browser, settings.deployment_epoch, now);
    Ok((stands && may && password.is_some()).then_some((user, partial)))
}

/// Sets the password of an account on the operator's authority.
pub async fn set_by_operator(
    cx: &Context,
    caller: &mut Caller,
    user: UserId,
    new: &str,
    must_change: bool,
) -> Result<(), ManagePasswordError> {
    let found: Option<User> = cx.db.read(move |tx| users::by_id(tx, user)).await?;
    let user = found.ok_or(ManagePasswordError::NotFound)?;
    let hashed = hash_new(cx, caller, &user, new).await?;
    let pen = Pen::new(caller, Actor::Operator);
    cx.db
        .write(move |tx| {
            let now = tx.now()?;
            let user = users::lock(tx, user.id)?.ok_or(ManagePasswordError::NotFound)?;
            store(tx, now, &user, (hashed.clone(), must_change), None, &mut pen.clone())
        })
        .await
}

/// Judges a new password, and hashes it: what is slow or reads files runs in the pool.
async fn hash_new(
    cx: &Context,
    caller: &mut Caller,
    user: &User,
    new: &str,
) -> Result<String, ManagePasswordError> {
    let policy = cx.settings().of(user).passwords;
    if !policy.enabled {
        return Err(ManagePasswordError::NotAllowed);
    }
    let new = password::parse_new(new, &policy, &user.login).map_err(ManagePasswordError::New)?;
    let place = cx.hashing.admit()?;
    let id = user.id;
    let old: Option<Password> = cx.db.read(move |tx| passwords::of_user(tx, id)).await?;
    if old.as_ref().is_some_and(|old| old.hash.is_none()) {
        return Err(ManagePasswordError::TurnedOff);
    }
    let old = old.and_then(|old| old.hash);
    let (keys, cost, breached) = (Arc::clone(&cx.keys), cx.settings().cost, cx.breached.clone());
    let mut entropy = Drawn::from(caller);
    place
        .run(move || {
            match breached.map(|list| list.contains(new.reveal())).transpose() {
                Ok(Some(true)) => return Err(ManagePasswordError::New(NewPasswordRefusal::Breached)),
                Ok(Some(false) | None) => {}
                Err(error) => {
                    tracing::error!(%error, "the list of known passwords cannot be read");
                    return Err(ManagePasswordError::ListUnreadable);
                }
            }
            if old.is_some_and(|old| slow_hash::verify(&keys, &old, new.reveal())) {
                return Err(ManagePasswordError::New(NewPasswordRefusal::Same));
            }
            Ok(slow_hash::hash(&keys, cost, new.reveal(), &mut entropy))
        })
        .await?
}

/// Stores a hash for the account, whose row is locked. What rested on the old password ends, but for one session.
fn store(
    tx: &mut Tx<'_>,
    now: Timestamp,
    user: &User,
    (hash, must_change): (String, bool),
    keep: Option<SessionId>,
    pen: &mut Pen,
) -> Result<(), ManagePasswordError> {
    let old = passwords::of_user(tx, user.id)?;
    if old.as_ref().is_some_and(|old| old.hash.is_none()) {
        return Err(ManagePasswordError::TurnedOff);
    }
    let new = Password { user: user.id, hash: Some(hash), since: now, must_change };
    passwords::put(tx, &new)?;
    partial_sign_ins::remove_of_user(tx, user.id)?;
    end_sessions_by_password(tx, now, user.id, keep.as_slice(), pen)?;
    pen.write(tx, now, Some(user.id), EventKind::PasswordSet { first: old.is_none() })?;
    Ok(())
}

/// Ends what applications were granted on a password, also what outlived its session, except in the lines to keep.
pub(crate) fn end_grants_by_password(
    tx: &mut Tx<'_>,
    user: UserId,
    keep: &[SessionId],
) -> Result<(), StoreError> {
    let rests = |grant: &Grant| grant.terms.evidence.has_method("password") && !keep.contains(&grant.sid);
    grants::end_resting(tx, user, rests).map(|_| ())
}

/// Ends the sessions whose evidence has a password, except those to keep; says how many.
pub(crate) fn end_sessions_by_password(
    tx: &mut Tx<'_>,
    now: Timestamp,
    user: UserId,
    keep: &[SessionId],
    pen: &mut Pen,
) -> Result<u32, StoreError> {
    let mut ended = 0_u32;
    let mut kept = Vec::new();
    for session in sessions::of_user(tx, user)? {
        if keep.contains(&session.id) {
            kept.push(session.sid);
        } else if session.evidence.has_method("password")
            && manage_sessions::end(tx, now, user, session.id, pen)?
        {
            ended = ended.saturating_add(1);
        }
    }
    end_grants_by_password(tx, user, &kept)?;
    Ok(ended)
}
