//! The first step of a sign-in by password (screen SI-4): two commits with a slow hash between them.
//!
//! As with a pass, the first commit counts a try, known name or not; then the password is compared, or as much time is
//! spent on nothing; the second decides what follows. That a password was right opens no full session, and gives no tries
//! back: whoever knows it could otherwise guess at the second step for ever.

use std::sync::Arc;

use account::audit::{Actor, EventKind};
use account::evidence::Evidence;
use account::password::{self, Password, PasswordSlip};
use account::session::{BrowserId, Restriction};
use account::sign_in_step::{Next, PartialSignIn};
use account::user::{Login, LoginRefusal, User, UserId};
use primitives::secret::{SecretText, Token};
use primitives::slow_hash;
use primitives::time::Timestamp;
use store::{StoreError, Tx, guesses, partial_sign_ins, passwords, users};

pub use account::sign_in_step::SecondMethod;

use crate::assertion::NewSession;
use crate::context::{Caller, Context, SignedIn};
use crate::events::{self, Pen, Refused};
use crate::hashing::{Admission, Busy};
use crate::second_factor::{self, Guess};

/// What follows a password that was right.
#[derive(Clone, Debug)]
pub enum FirstStep {
    /// The second step, by one of these methods.
    SecondStep {
        /// What carries the sign-in on; for a cookie of its own.
        token: Token,
        /// The usual one first; never empty.
        methods: Vec<SecondMethod>,
        /// Who it is.
        user: User,
    },
    /// The account has a passkey, and only that lets its owner in.
    UsePasskey,
    /// A full session: password, second step and new password are all done.
    SignedIn(SignedIn),
    /// A session in which a passkey can be added, and nothing else.
    Restricted(SignedIn),
    /// The account has no second step, and policy does not let a password alone add a passkey.
    NothingSecond,
    /// It must be changed first ([`crate::manage_password::change_expired`]).
    MustChange {
        /// What carries the sign-in on.
        token: Token,
    },
}

/// Why a password was not accepted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum PasswordError {
    /// What was typed as login is none.
    Login(LoginRefusal),
    /// What was typed can be nobody's password; no try was counted.
    Slip(PasswordSlip),
    /// No such account, no password, or another one. A try was counted.
    Wrong {
        /// Tries left before the name has to wait.
        tries_left: u32,
    },
    /// The name has had its tries; nothing was checked.
    TooManyTries {
        /// When the next one is.
        until: Timestamp,
    },
    /// Too many are being checked; no try was counted.
    Busy,
    /// It is right, but the account was turned off.
    DisabledUser,
    /// It is right, but nobody signs in with a password any more.
    Off,
    /// The store failed.
    Store(StoreError),
}

impl From<StoreError> for PasswordError {
    fn from(error: StoreError) -> Self {
        PasswordError::Store(error)
    }
}

impl From<Busy> for PasswordError {
    fn from(_: Busy) -> Self {
        PasswordError::Busy
    }
}

impl PasswordError {
    /// The stable code.
    pub fn code(&self) -> &'static str {
        match self {
            PasswordError::Login(refusal) => refusal.code(),
            PasswordError::Slip(slip) => slip.code(),
            PasswordError::Wrong { .. } => "password_wrong",
            PasswordError::TooManyTries { .. } => "too_many_tries",
            PasswordError::Busy => "busy",
            PasswordError::DisabledUser => "disabled_user",
            PasswordError::Off => "passwords_off",
            PasswordError::Store(_) => "unknown",
        }
    }

    /// The precise reason, for the log.
    pub fn cause(&self) -> &'static str {
        match self {
            PasswordError::Store(error) => error.code(),
            other => other.code(),
        }
    }
}

/// Checks `password` for the account called `login` and says what follows.
pub async fn begin(
    cx: &Context,
    caller: &mut Caller,
    login: &str,
    password: &str,
) -> Result<FirstStep, PasswordError> {
    let login = Login::parse(login).map_err(PasswordError::Login)?;
    let typed = password::normalise(password).map_err(PasswordError::Slip)?;
    let found = check(cx, caller, login.clone(), typed).await?;
    let next = Following::new(cx, caller, login, &found);
    // A refusal here is an outcome, not an error: its event is committed with it.
    cx.db.write(move |tx| next.clone().run(tx)).await?
}

/// A password that was right, as it was when it was compared.
pub(crate) struct Right {
    user: User,
    password: Password,
    tries_left: u32,
}

/// Counts the try, compares, and records what was wrong.
pub(crate) async fn check(
    cx: &Context,
    caller: &mut Caller,
    login: Login,
    typed: SecretText,
) -> Result<Right, PasswordError> {
    // The place first: a try that is counted is a try that is checked.
    let place = cx.hashing.admit()?;
    let counted = count_try(cx, login).await;
    if let Err(error @ PasswordError::TooManyTries { .. }) = &counted {
        record(cx, caller, None, error).await;
    }
    let (candidate, tries_left) = counted?;
    let hash = candidate.as_ref().and_then(|(_, password)| password.hash.clone());
    let subject = candidate.as_ref().map(|(user, _)| user.id);
    let right = compare(cx, place, hash, typed).await?;
    match candidate {
        Some((user, password)) if right => Ok(Right { user, password, tries_left }),
        _ => {
            let error = PasswordError::Wrong { tries_left };
            record(cx, caller, subject, &error).await;
            Err(error)
        }
    }
}

/// The same work whether there is something to compare with or not.
pub(crate) async fn compare(
    cx: &Context,
    place: Admission,
    hash: Option<String>,
    typed: SecretText,
) -> Result<bool, Busy> {
    let (keys, cost) = (Arc::clone(&cx.keys), cx.settings().cost);
    place
        .run(move || match hash {
            Some(hash) => slow_hash::verify(&keys, &hash, typed.reveal()),
            None => {
                slow_hash::verify_nothing(&keys, cost, typed.reveal());
                false
            }
        })
        .await
}

type Candidate = (User, Password);

/// The first commit: one try more for the name.
async fn count_try(cx: &Context, login: Login) -> Result<(Option<Candidate>, u32), PasswordError> {
    cx.db
        .write(move |tx| {
            let now = tx.now()?;
            let user = users::by_login(tx, &login)?;
            let left = match second_factor::count_guess(tx, now, &login)? {
                Guess::Refused { until } => return Err(PasswordError::TooManyTries { until }),
                Guess::Counted { left } => left,
            };
            let Some(user) = user else { return Ok((None, left)) };
            let password = passwords::of_user(tx, user.id)?.filter(|password| password.hash.is_some());
            Ok((password.map(|password| (user, password)), left))
        })
        .await
}

pub(crate) async fn record(
    cx: &Context,
    caller: &mut Caller,
    subject: Option<UserId>,
    error: &PasswordError,
) {
    let kind = EventKind::PasswordRefused { code: error.code().to_owned() };
    let refused = Refused { subject, kind, cause: error.cause(), case: None };
    events::record_refusal(cx, caller, Actor::System, refused).await;
}

/// The second commit, and what it needs, drawn before because it may run again.
#[derive(Clone)]
struct Following {
    new: NewSession,
    step: Token,
    browser: BrowserId,
    login: Login,
    checked: Password,
    tries_left: u32,
    pen: Pen,
}

type Outcome = Result<FirstStep, PasswordError>;

impl Following {
    fn new(cx: &Context, caller: &mut Caller, login: Login, right: &Right) -> Self {
        Self {
            new: NewSession::new(cx, caller),
            step: Token::generate(caller.entropy.as_mut()),
            browser: caller.browser,
            login,
            checked: right.password.clone(),
            tries_left: right.tries_left,
            pen: Pen::new(caller, Actor::User(right.user.id)),
        }
    }

    fn run(mut self, tx: &mut Tx<'_>) -> Result<Outcome, PasswordError> {
        let now = tx.now()?;
        let user = users::lock(tx, self.checked.user)?;
        let stored = passwords::of_user(tx, self.checked.user)?;
        // Changed or turned off between the commits: what was compared is nobody's password any more.
        let (Some(user), Some(password)) = (user, stored.filter(|stored| stored.hash == self.checked.hash))
        else {
            return Ok(Err(PasswordError::Wrong { tries_left: self.tries_left }));
        };
        if !user.is_enabled() {
            return self.refuse(tx, now, &user, PasswordError::DisabledUser);
        }
        let settings = &self.new.settings;
        let methods = second_factor::methods_of(tx, settings, &user)?;
        let next = settings.after_password(&user, methods, password.must_change, now);
        if next == Next::Off {
            return self.refuse(tx, now, &user, PasswordError::Off);
        }
        self.pen.write(tx, now, Some(user.id), EventKind::FirstStepPassed)?;
        follow(tx, now, next, (user, &self.login), &self.new, (&self.step, &self.browser, &mut self.pen))
            .map(Ok)
            .map_err(PasswordError::Store)
    }

    fn refuse(
        mut self,
        tx: &mut Tx<'_>,
        now: Timestamp,
        user: &User,
        error: PasswordError,
    ) -> Result<Outcome, PasswordError> {
        let kind = EventKind::PasswordRefused { code: error.code().to_owned() };
        self.pen.write(tx, now, Some(user.id), kind)?;
        Ok(Err(error))
    }
}

/// Does what follows a right password of `user`, whose row is locked.
pub(crate) fn follow(
    tx: &mut Tx<'_>,
    now: Timestamp,
    next: Next,
    (user, login): (User, &Login),
    new: &NewSession,
    (step, browser, pen): (&Token, &BrowserId, &mut Pen),
) -> Result<FirstStep, StoreError> {
    let begin = |tx: &mut Tx<'_>, user: &User| {
        let partial = PartialSignIn::begin(user, browser, new.settings.deployment_epoch, now);
        partial_sign_ins::insert(tx, &partial, step)
    };
    match next {
        // `Off` is refused before it comes here.
        Next::Off | Next::NothingSecond => Ok(FirstStep::NothingSecond),
        Next::UsePasskey => Ok(FirstStep::UsePasskey),
        Next::MustChange => {
            begin(tx, &user)?;
            Ok(FirstStep::MustChange { token: step.clone() })
        }
        Next::SecondStep => {
            begin(tx, &user)?;
            let methods = second_factor::methods_of(tx, &new.settings, &user)?.second();
            Ok(FirstStep::SecondStep { token: step.clone(), methods, user })
        }
        Next::Restricted => {
            guesses::clear(tx, login.key())?;
            let opened = (user, Evidence::from_password(now), Some(Restriction::PasswordAlone));
            second_factor::open_session(tx, now, new, opened, pen).map(FirstStep::Restricted)
        }
    }
}
