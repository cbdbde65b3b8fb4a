//! Signing in with a recovery code alone, when nothing else is at hand: a restricted session in which the account can be
//! secured and a passkey added (ADR 9).
//!
//! The same two commits as for a pass, the same bucket, and one slow hash for each guess, whoever's name it is.

use account::audit::{Actor, EventKind};
use account::recovery_code;
use account::session::Restriction;
use account::temporary_pass::Slip;
use account::user::{Login, LoginRefusal, User, UserId};
use primitives::time::Timestamp;
use store::{StoreError, guesses, users};

use crate::assertion::NewSession;
use crate::context::{Caller, Context, SignedIn};
use crate::events::{self, Pen, Refused};
use crate::hashing::Busy;
use crate::second_factor::{self, Checked, Guess, Judged, Known};

/// Why a recovery code opened nothing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum RecoverError {
    /// What was typed as login is none.
    Login(LoginRefusal),
    /// What was typed cannot be a recovery code; no try was counted.
    Slip(Slip),
    /// No such account, no codes, or another one. A try was counted.
    Wrong {
        /// Tries left before the name has to wait.
        tries_left: u32,
    },
    /// The code is right, and has been used.
    Used,
    /// The name has had its tries; nothing was checked.
    TooManyTries {
        /// When the next one is.
        until: Timestamp,
    },
    /// Too many are being checked; no try was counted.
    Busy,
    /// The code is right, but the account was turned off.
    DisabledUser,
    /// The code is right, but recovery codes are not used any more.
    Off,
    /// The store failed.
    Store(StoreError),
}

impl From<StoreError> for RecoverError {
    fn from(error: StoreError) -> Self {
        RecoverError::Store(error)
    }
}

impl From<Busy> for RecoverError {
    fn from(_: Busy) -> Self {
        RecoverError::Busy
    }
}

impl RecoverError {
    /// The stable code.
    pub fn code(&self) -> &'static str {
        match self {
            RecoverError::Login(refusal) => refusal.code(),
            RecoverError::Slip(slip) => slip.code(),
            RecoverError::Wrong { .. } => "code_wrong",
            RecoverError::Used => "code_used",
            RecoverError::TooManyTries { .. } => "too_many_tries",
            RecoverError::Busy => "busy",
            RecoverError::DisabledUser => "disabled_user",
            RecoverError::Off => "recovery_codes_off",
            RecoverError::Store(_) => "unknown",
        }
    }

    /// The precise reason, for the log.
    pub fn cause(&self) -> &'static str {
        match self {
            RecoverError::Store(error) => error.code(),
            other => other.code(),
        }
    }
}

/// Redeems the recovery code `code` of the account called `login`.
pub async fn redeem(
    cx: &Context,
    caller: &mut Caller,
    login: &str,
    code: &str,
) -> Result<SignedIn, RecoverError> {
    let login = Login::parse(login).map_err(RecoverError::Login)?;
    let value = recovery_code::normalise(code).map_err(RecoverError::Slip)?;
    // The place first: a try that is counted is a try that is checked.
    let place = cx.hashing.admit()?;
    let counted = match count_try(cx, login).await {
        Err(error @ RecoverError::TooManyTries { .. }) => {
            record(cx, caller, None, &error).await;
            return Err(error);
        }
        other => other?,
    };
    let Counted { user, known, left } = counted;
    let subject = user.as_ref().map(|user| user.id);
    let judged = second_factor::judge_recovery(cx, place, known, value).await?;
    let result = match (user, judged) {
        (Some(user), Judged::Right(checked)) => open(cx, caller, &user, checked).await,
        (Some(_), Judged::Replayed) => Err(RecoverError::Used),
        _ => Err(RecoverError::Wrong { tries_left: left }),
    };
    if let Err(error) = &result {
        record(cx, caller, subject, error).await;
    }
    result
}

struct Counted {
    user: Option<User>,
    known: Known,
    left: u32,
}

/// The first commit: one try more for the name.
async fn count_try(cx: &Context, login: Login) -> Result<Counted, RecoverError> {
    cx.db
        .write(move |tx| {
            let now = tx.now()?;
            let user = users::by_login(tx, &login)?;
            let left = match second_factor::count_guess(tx, now, &login)? {
                Guess::Refused { until } => return Err(RecoverError::TooManyTries { until }),
                Guess::Counted { left } => left,
            };
            let known = match &user {
                Some(user) => Known::recovery(tx, user.id)?,
                None => Known::nothing(),
            };
            Ok(Counted { user, known, left })
        })
        .await
}

/// The second commit after a right code.
async fn open(
    cx: &Context,
    caller: &mut Caller,
    user: &User,
    checked: Checked,
) -> Result<SignedIn, RecoverError> {
    let (new, pen) = (NewSession::new(cx, caller), Pen::new(caller, Actor::User(user.id)));
    let user = user.id;
    cx.db
        .write(move |tx| {
            let (now, mut pen) = (tx.now()?, pen.clone());
            let user = users::lock(tx, user)?.ok_or(RecoverError::Used)?;
            if !user.is_enabled() {
                return Err(RecoverError::DisabledUser);
            }
            if !new.settings.of(&user).recovery_codes.enabled {
                return Err(RecoverError::Off);
            }
            let evidence = checked.use_up(tx, now, &mut pen)?.ok_or(RecoverError::Used)?;
            // Whoever has the value has not guessed: the tries are given back.
            guesses::clear(tx, user.login.key())?;
            let opened = (user, evidence, Some(Restriction::RecoveryCode));
            Ok(second_factor::open_session(tx, now, &new, opened, &mut pen)?)
        })
        .await
}

async fn record(cx: &Context, caller: &mut Caller, subject: Option<UserId>, error: &RecoverError) {
    let kind = EventKind::SecondStepRefused { code: error.code().to_owned() };
    let refused = Refused { subject, kind, cause: error.cause(), case: None };
    events::record_refusal(cx, caller, Actor::System, refused).await;
}
