//! Confirming an action with the password and a code, for accounts that have no passkey to do it with (DESIGN 5a.11).
//!
//! What it proves is two factors that can be phished, and it is judged as that: it neither administers nor binds a
//! phishing-resistant passkey.

use account::action::Action;
use account::audit::{Actor, EventKind};
use account::evidence::Evidence;
use account::password;
use account::policy::Area;
use account::session::{Confirmation, Session};
use account::temporary_pass::Slip;
use account::user::User;
use primitives::time::Timestamp;
use store::{StoreError, Tx, guesses, passkeys, passwords, sessions};

use crate::assertion::NewSession;
use crate::confirm::{Confirmed, changes_methods};
use crate::context::{Caller, Context, Settings, SignedIn, Who};
use crate::events::{self, Pen, Refused};
use crate::hashing::Busy;
use crate::manage_sessions;
use crate::second_factor::{self, Checked, Guess, Judged, Known, Typed};
use crate::sign_in_password;

/// Why an action was not confirmed with password and code.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ConfirmWithPasswordError {
    /// What was typed as code is none at all; no try was counted.
    Slip(Slip),
    /// The password or the code is not right; which of them is not told. A try was counted.
    Wrong {
        /// Tries left before the name has to wait.
        tries_left: u32,
    },
    /// The code was right once, and has been used.
    Replayed,
    /// The name has had its tries; nothing was checked.
    TooManyTries {
        /// When the next one is.
        until: Timestamp,
    },
    /// Too many are being checked; no try was counted.
    Busy,
    /// The account has a passkey: that confirms.
    UsePasskey,
    /// The account has no password and code that could confirm anything.
    NotPossible,
    /// A limited session may not do this.
    Onboarding,
    /// The session ended meanwhile.
    SessionEnded,
    /// Policy asks for more of who adds or removes methods.
    TooWeak,
    /// The store failed.
    Store(StoreError),
}

impl From<StoreError> for ConfirmWithPasswordError {
    fn from(error: StoreError) -> Self {
        ConfirmWithPasswordError::Store(error)
    }
}

impl From<Busy> for ConfirmWithPasswordError {
    fn from(_: Busy) -> Self {
        ConfirmWithPasswordError::Busy
    }
}

impl ConfirmWithPasswordError {
    /// The stable code.
    pub fn code(&self) -> &'static str {
        match self {
            ConfirmWithPasswordError::Slip(slip) => slip.code(),
            ConfirmWithPasswordError::Wrong { .. } => "confirm_wrong",
            ConfirmWithPasswordError::Replayed => "code_used",
            ConfirmWithPasswordError::TooManyTries { .. } => "too_many_tries",
            ConfirmWithPasswordError::Busy => "busy",
            ConfirmWithPasswordError::UsePasskey => "use_passkey",
            ConfirmWithPasswordError::NotPossible => "confirm_not_possible",
            ConfirmWithPasswordError::Onboarding => "onboarding_session",
            ConfirmWithPasswordError::SessionEnded => "session_ended",
            ConfirmWithPasswordError::TooWeak => "stronger_evidence_needed",
            ConfirmWithPasswordError::Store(_) => "unknown",
        }
    }

    /// The precise reason, for the log.
    pub fn cause(&self) -> &'static str {
        match self {
            ConfirmWithPasswordError::Store(error) => error.code(),
            other => other.code(),
        }
    }
}

/// Confirms `action` with the password and a code of the app, or a recovery code.
pub async fn finish_with_password(
    cx: &Context,
    caller: &mut Caller,
    who: &Who,
    action: Action,
    password: &str,
    code: &str,
) -> Result<Confirmed, ConfirmWithPasswordError> {
    let result = attempt(cx, caller, who, action, (password, code)).await;
    match result {
        Ok(signed_in) => Ok(Confirmed { action, signed_in }),
        Err(error) => {
            if !matches!(error, ConfirmWithPasswordError::Store(_)) {
                let (name, code) = (action.name().to_owned(), error.code().to_owned());
                let kind = EventKind::ConfirmRefused { action: name, code };
                let refused = Refused { subject: Some(who.user.id), kind, cause: error.cause(), case: None };
                events::record_refusal(cx, caller, Actor::User(who.user.id), refused).await;
            }
            Err(error)
        }
    }
}

async fn attempt(
    cx: &Context,
    caller: &mut Caller,
    who: &Who,
    action: Action,
    (password, code): (&str, &str),
) -> Result<SignedIn, ConfirmWithPasswordError> {
    if who.session.is_limited() {
        return Err(ConfirmWithPasswordError::Onboarding);
    }
    let code = Typed::parse(code).map_err(ConfirmWithPasswordError::Slip)?;
    // Neither the password nor the code is told apart from the other: what can be no password is hashed as well.
    let typed = password::normalise(password).unwrap_or_else(|_| primitives::secret::SecretText::new(""));
    let place = cx.hashing.admit()?;
    let second_place = match code {
        Typed::Code(_) => None,
        Typed::Recovery(_) => Some(cx.hashing.admit()?),
    };
    let Counted { hash, known, left } = count_try(cx, who).await?;
    let wrong = ConfirmWithPasswordError::Wrong { tries_left: left };
    let right = sign_in_password::compare(cx, place, Some(hash.clone()), typed).await?;
    // The code is judged only beside a right password, so that the one bucket of tries is for both together.
    let judged = match (right, code, second_place) {
        (false, _, _) => return Err(wrong),
        (true, Typed::Code(code), _) => {
            let known = count_on_app(cx, caller, who, hash.clone()).await?;
            second_factor::judge_code(cx, cx.db.not_before(caller.now), &known, &code)
        }
        (true, Typed::Recovery(value), Some(place)) => {
            second_factor::judge_recovery(cx, place, known, value).await?
        }
        (true, Typed::Recovery(_), None) => return Err(ConfirmWithPasswordError::Busy),
    };
    match judged {
        Judged::Right(checked) => confirm(cx, caller, who, action, (hash, checked)).await,
        Judged::Replayed => Err(ConfirmWithPasswordError::Replayed),
        Judged::Wrong => Err(wrong),
    }
}

struct Counted {
    hash: String,
    known: Known,
    left: u32,
}

/// The first commit: one try more for the name.
async fn count_try(cx: &Context, who: &Who) -> Result<Counted, ConfirmWithPasswordError> {
    let (settings, who) = (cx.settings(), who.clone());
    cx.db
        .write(move |tx| {
            let now = tx.now()?;
            let hash = confirmable(tx, &settings, &who.user)?;
            let left = match second_factor::count_guess(tx, now, &who.user.login)? {
                Guess::Refused { until } => return Err(ConfirmWithPasswordError::TooManyTries { until }),
                Guess::Counted { left } => left,
            };
            let methods = second_factor::methods_of(tx, &settings, &who.user)?;
            let known =
                if methods.recovery_codes { Known::recovery(tx, who.user.id)? } else { Known::nothing() };
            Ok(Counted { hash, known, left })
        })
        .await
}

/// A commit of its own after a right password: whoever does not know that must not be able to lock the app.
async fn count_on_app(
    cx: &Context,
    caller: &mut Caller,
    who: &Who,
    hash: String,
) -> Result<Known, ConfirmWithPasswordError> {
    let (settings, user) = (cx.settings(), who.user.clone());
    let pen = Pen::new(caller, Actor::User(user.id));
    cx.db
        .write(move |tx| {
            let now = tx.now()?;
            if confirmable(tx, &settings, &user)? != hash {
                return Err(ConfirmWithPasswordError::NotPossible);
            }
            let methods = second_factor::methods_of(tx, &settings, &user)?;
            let known = if methods.codes {
                Known::app(tx, now, user.id, &mut pen.clone())?
            } else {
                Known::nothing()
            };
            Ok(known)
        })
        .await
}

/// The hash of the password by which the account may confirm.
fn confirmable(
    tx: &mut Tx<'_>,
    settings: &Settings,
    user: &User,
) -> Result<String, ConfirmWithPasswordError> {
    if settings.has_usable(user, &passkeys::of_user(tx, user.id)?) {
        return Err(ConfirmWithPasswordError::UsePasskey);
    }
    if !settings.of(user).passwords.enabled {
        return Err(ConfirmWithPasswordError::NotPossible);
    }
    let password = passwords::of_user(tx, user.id)?.filter(|password| !password.must_change);
    password.and_then(|password| password.hash).ok_or(ConfirmWithPasswordError::NotPossible)
}

/// The second commit: the code is used up, and the session gets a new id and token with what was proven.
async fn confirm(
    cx: &Context,
    caller: &mut Caller,
    who: &Who,
    action: Action,
    (hash, checked): (String, Checked),
) -> Result<SignedIn, ConfirmWithPasswordError> {
    let (new, pen, who) =
        (NewSession::new(cx, caller), Pen::new(caller, Actor::User(who.user.id)), who.clone());
    cx.db
        .write(move |tx| {
            let (now, mut pen) = (tx.now()?, pen.clone());
            let Who { user, session: old } = manage_sessions::lock_standing(tx, now, &new.settings, &who)?
                .ok_or(ConfirmWithPasswordError::SessionEnded)?;
            if confirmable(tx, &new.settings, &user)? != hash {
                return Err(ConfirmWithPasswordError::NotPossible);
            }
            let second = checked.use_up(tx, now, &mut pen)?.ok_or(ConfirmWithPasswordError::Replayed)?;
            if !sessions::replace(tx, user.id, old.id)? {
                return Err(ConfirmWithPasswordError::SessionEnded);
            }
            guesses::clear(tx, user.login.key())?;
            let proven = Evidence::from_password(now).and(second);
            if changes_methods(action) && !new.settings.reaches(&user, Area::SecurityInfo, &proven) {
                return Err(ConfirmWithPasswordError::TooWeak);
            }
            let methods = proven.proofs().iter().map(|proof| proof.method().to_owned()).collect();
            let fresh = Session::open(&user, proven.clone(), &new.settings.sessions, new.opening(now));
            let session = Session {
                // A confirmation makes a session fresh; it does not make it last longer.
                created: old.created,
                ends: old.ends,
                evidence: old.evidence.and(proven),
                confirmed: Some(Confirmation { digest: action.digest(fresh.id), at: now }),
                sid: old.sid,
                ..fresh
            };
            sessions::insert(tx, &session, &new.token)?;
            let kind = EventKind::ConfirmedOtherwise { action: action.name().to_owned(), methods };
            pen.write(tx, now, Some(user.id), kind)?;
            Ok(SignedIn { token: new.token.clone(), session, user, passkey: None })
        })
        .await
}
