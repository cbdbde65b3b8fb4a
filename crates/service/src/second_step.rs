//! The second step of a sign-in by password (screen SI-5), and the full session that it opens.
//!
//! The partial sign-in is a row behind a cookie of its own (DESIGN 5a.4). A wrong code leaves it as it is and counts in the
//! one bucket of the name; the right one takes it, so that it is finished once.

use account::audit::{Actor, EventKind};
use account::authenticator_code;
use account::evidence::Evidence;
use account::recovery_code;
use account::session::BrowserId;
use account::sign_in_step::{Next, PartialSignIn, SecondMethod};
use account::temporary_pass::Slip;
use account::user::{User, UserId};
use primitives::secret::Token;
use primitives::time::Timestamp;
use store::{StoreError, Tx, guesses, partial_sign_ins, passwords, users};

use crate::assertion::NewSession;
use crate::context::{Caller, Context, Settings, SignedIn};
use crate::events::{self, Pen, Refused};
use crate::hashing::Busy;
use crate::second_factor::{self, Checked, Guess, Judged, Known};

/// Why the second step opened nothing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum StepError {
    /// What was typed is no code at all; no try was counted.
    Slip(Slip),
    /// Another code. A try was counted.
    Wrong {
        /// Tries left before the name has to wait.
        tries_left: u32,
    },
    /// The code was right once, and has been used.
    Replayed,
    /// The sign-in is over, belongs to another browser, or its password is worth nothing any more.
    Expired,
    /// The name has had its tries; nothing was checked.
    TooManyTries {
        /// When the next one is.
        until: Timestamp,
    },
    /// It was right, but the password must be changed before anything opens: the same token is for
    /// [`crate::manage_password::change_expired`] now.
    MustChange,
    /// Too many recovery codes are being checked; no try was counted.
    Busy,
    /// The store failed.
    Store(StoreError),
}

impl From<StoreError> for StepError {
    fn from(error: StoreError) -> Self {
        StepError::Store(error)
    }
}

impl From<Busy> for StepError {
    fn from(_: Busy) -> Self {
        StepError::Busy
    }
}

impl StepError {
    /// The stable code.
    pub fn code(&self) -> &'static str {
        match self {
            StepError::Slip(slip) => slip.code(),
            StepError::Wrong { .. } => "code_wrong",
            StepError::Replayed => "code_used",
            StepError::Expired => "sign_in_expired",
            StepError::TooManyTries { .. } => "too_many_tries",
            StepError::MustChange => "must_change",
            StepError::Busy => "busy",
            StepError::Store(_) => "unknown",
        }
    }

    /// The precise reason, for the log.
    pub fn cause(&self) -> &'static str {
        match self {
            StepError::Store(error) => error.code(),
            other => other.code(),
        }
    }
}

/// Whose sign-in waits behind `token` in this browser, and by what it can be finished.
pub async fn methods_of(
    cx: &Context,
    caller: &mut Caller,
    token: &Token,
) -> Result<(User, Vec<SecondMethod>), StepError> {
    let (settings, token, browser) = (cx.settings(), token.clone(), caller.browser);
    let now = cx.db.not_before(caller.now);
    cx.db
        .read(move |tx| {
            let partial = partial_sign_ins::by_token(tx, &token)?;
            let (user, _) = standing(tx, now, &settings, &browser, partial)?.ok_or(StepError::Expired)?;
            let methods = second_factor::methods_of(tx, &settings, &user)?.second();
            if methods.is_empty() { Err(StepError::Expired) } else { Ok((user, methods)) }
        })
        .await
}

/// The account whose sign-in it is, if it may still be finished by a second step.
fn standing(
    tx: &mut Tx<'_>,
    now: Timestamp,
    settings: &Settings,
    browser: &BrowserId,
    partial: Option<PartialSignIn>,
) -> Result<Option<(User, PartialSignIn)>, StoreError> {
    let Some(partial) = partial else { return Ok(None) };
    let Some(user) = users::by_id(tx, partial.user)? else { return Ok(None) };
    if !partial.stands(&user, browser, settings.deployment_epoch, now) {
        return Ok(None);
    }
    // A password that was changed or turned off since proves nothing any more.
    let password = passwords::of_user(tx, user.id)?
        .filter(|password| password.hash.is_some() && password.since <= partial.password_at);
    let Some(password) = password else { return Ok(None) };
    let methods = second_factor::methods_of(tx, settings, &user)?;
    // The same judgement again: a passkey may have been added, a policy changed.
    let next = settings.after_password(&user, methods, password.must_change, now);
    Ok((next == Next::SecondStep && partial.second.is_none()).then_some((user, partial)))
}

/// Finishes the sign-in with a code of an authenticator app.
pub async fn finish_code(
    cx: &Context,
    caller: &mut Caller,
    token: &Token,
    code: &str,
) -> Result<SignedIn, StepError> {
    let code = authenticator_code::normalise(code).ok_or(StepError::Slip(slip_of(code)))?;
    let (subject, counted) = count_try(cx, caller, token, true).await?;
    let result = match counted {
        Ok((known, left)) => match second_factor::judge_code(cx, cx.db.not_before(caller.now), &known, &code)
        {
            Judged::Right(checked) => open(cx, caller, token, subject, checked).await,
            Judged::Replayed => Err(StepError::Replayed),
            Judged::Wrong => Err(StepError::Wrong { tries_left: left }),
        },
        Err(error) => Err(error),
    };
    recorded(cx, caller, subject, result).await
}

/// Finishes the sign-in with a recovery code.
pub async fn finish_recovery_code(
    cx: &Context,
    caller: &mut Caller,
    token: &Token,
    code: &str,
) -> Result<SignedIn, StepError> {
    let value = recovery_code::normalise(code).map_err(StepError::Slip)?;
    // The place first: a try that is counted is a try that is checked.
    let place = cx.hashing.admit()?;
    let (subject, counted) = count_try(cx, caller, token, false).await?;
    let result = match counted {
        Ok((known, left)) => match second_factor::judge_recovery(cx, place, known, value).await? {
            Judged::Right(checked) => open(cx, caller, token, subject, checked).await,
            Judged::Replayed => Err(StepError::Replayed),
            Judged::Wrong => Err(StepError::Wrong { tries_left: left }),
        },
        Err(error) => Err(error),
    };
    recorded(cx, caller, subject, result).await
}

fn slip_of(typed: &str) -> Slip {
    let nothing = typed.trim().is_empty();
    let digits = typed.chars().all(|character| character.is_ascii_digit() || character.is_whitespace());
    match (nothing, digits) {
        (true, _) => Slip::Empty,
        (false, true) => Slip::Length,
        (false, false) => Slip::Character,
    }
}

type Counted = Result<(Known, u32), StepError>;

/// The first commit: one try more, for the name and for the app.
async fn count_try(
    cx: &Context,
    caller: &mut Caller,
    token: &Token,
    is_code: bool,
) -> Result<(UserId, Counted), StepError> {
    let (settings, token, browser) = (cx.settings(), token.clone(), caller.browser);
    let pen = Pen::new(caller, Actor::System);
    cx.db
        .write(move |tx| {
            let now = tx.now()?;
            let partial = partial_sign_ins::by_token(tx, &token)?;
            let (user, _) = standing(tx, now, &settings, &browser, partial)?.ok_or(StepError::Expired)?;
            let left = match second_factor::count_guess(tx, now, &user.login)? {
                Guess::Refused { until } => return Ok((user.id, Err(StepError::TooManyTries { until }))),
                Guess::Counted { left } => left,
            };
            let allowed = second_factor::methods_of(tx, &settings, &user)?;
            let known = match (is_code, allowed.codes, allowed.recovery_codes) {
                (true, true, _) => Known::app(tx, now, user.id, &mut pen.clone())?,
                (false, _, true) => Known::recovery(tx, user.id)?,
                _ => Known::nothing(),
            };
            Ok((user.id, Ok((known, left))))
        })
        .await
}

/// The second commit after a right code: the sign-in is taken, the code used up, the session opened; or the sign-in
/// waits for a new password, now that both factors are proven.
async fn open(
    cx: &Context,
    caller: &mut Caller,
    token: &Token,
    user: UserId,
    checked: Checked,
) -> Result<SignedIn, StepError> {
    let (new, pen) = (NewSession::new(cx, caller), Pen::new(caller, Actor::User(user)));
    let (token, browser) = (token.clone(), caller.browser);
    cx.db
        .write(move |tx| -> Result<_, StepError> {
            let (now, mut pen) = (tx.now()?, pen.clone());
            users::lock(tx, user)?;
            let partial = partial_sign_ins::take(tx, &token)?;
            let standing = standing(tx, now, &new.settings, &browser, partial)?;
            let (user, partial) = standing.filter(|(found, _)| found.id == user).ok_or(StepError::Expired)?;
            let second = checked.use_up(tx, now, &mut pen)?.ok_or(StepError::Replayed)?;
            // Only now: a password alone gives no tries back.
            guesses::clear(tx, user.login.key())?;
            if passwords::of_user(tx, user.id)?.is_some_and(|password| password.must_change) {
                let waiting = PartialSignIn { second: Some((checked.method(), now)), ..partial };
                partial_sign_ins::insert(tx, &waiting, &token)?;
                // An outcome, not an error: that the code is used up must be committed with it.
                return Ok(Err(StepError::MustChange));
            }
            let evidence = Evidence::from_password(partial.password_at).and(second);
            Ok(Ok(second_factor::open_session(tx, now, &new, (user, evidence, None), &mut pen)?))
        })
        .await?
}

async fn recorded(
    cx: &Context,
    caller: &mut Caller,
    subject: UserId,
    result: Result<SignedIn, StepError>,
) -> Result<SignedIn, StepError> {
    if let Err(error) = &result
        && *error != StepError::MustChange
    {
        let kind = EventKind::SecondStepRefused { code: error.code().to_owned() };
        let refused = Refused { subject: Some(subject), kind, cause: error.cause(), case: None };
        events::record_refusal(cx, caller, Actor::System, refused).await;
    }
    result
}
