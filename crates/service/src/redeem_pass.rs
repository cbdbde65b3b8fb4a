//! Redeeming a temporary access pass: two commits with a slow hash between them.
//!
//! The first commit counts a try, known name or not; then the value is compared, or as much time is spent on
//! nothing; the second opens the onboarding session or ends the pass. What is wrong with a pass is told
//! only to who typed its value.

use account::audit::{Actor, EventKind};
use account::evidence::Evidence;
use account::lockout::{self, Verdict};
use account::session::{BrowserId, ClientLabel, Opening, Session, SessionId};
use account::temporary_pass::{self, Pass, PassId, PassState, Slip, TRIES, Usability};
use account::user::{Login, LoginRefusal, User, UserId};
use primitives::id::Id;
use primitives::secret::{SecretText, Token};
use primitives::slow_hash;
use primitives::time::Timestamp;
use store::{StoreError, Tx, guesses, sessions, temporary_passes, users};

use crate::alarm;
use crate::context::{Caller, Context, Settings, SignedIn};
use crate::events::{self, Pen, Refused};
use crate::hashing::Busy;

/// Why a pass opened nothing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum RedeemError {
    /// What was typed as login is none.
    Login(LoginRefusal),
    /// What was typed cannot be a pass; no try was counted.
    Slip(Slip),
    /// No such account, no pass, or another value. A try was counted.
    Wrong {
        /// Tries left before the name has to wait.
        tries_left: u32,
    },
    /// The name has had its tries; nothing was checked.
    TooManyTries {
        /// When the next one is.
        until: Timestamp,
    },
    /// The value is right, but the pass is not usable.
    Pass(Usability),
    /// The value is right, but the account was turned off.
    DisabledUser,
    /// Too many passes are being checked; no try was counted.
    Busy,
    /// The store failed.
    Store(StoreError),
}

impl From<StoreError> for RedeemError {
    fn from(error: StoreError) -> Self {
        RedeemError::Store(error)
    }
}

impl From<Busy> for RedeemError {
    fn from(_: Busy) -> Self {
        RedeemError::Busy
    }
}

impl RedeemError {
    /// The stable code.
    pub fn code(&self) -> &'static str {
        match self {
            RedeemError::Login(refusal) => refusal.code(),
            RedeemError::Slip(slip) => slip.code(),
            RedeemError::Wrong { .. } => "pass_wrong",
            RedeemError::TooManyTries { .. } => "too_many_tries",
            RedeemError::Pass(usability) => usability.code(),
            RedeemError::DisabledUser => "disabled_user",
            RedeemError::Busy => "busy",
            RedeemError::Store(_) => "unknown",
        }
    }

    /// The precise reason, for the log.
    pub fn cause(&self) -> &'static str {
        match self {
            RedeemError::Store(error) => error.code(),
            other => other.code(),
        }
    }
}

/// Redeems `pass` for the account called `login`, or takes up again what the same browser redeemed before.
pub async fn redeem(
    cx: &Context,
    caller: &mut Caller,
    login: &str,
    pass: &str,
) -> Result<SignedIn, RedeemError> {
    let login = Login::parse(login).map_err(RedeemError::Login)?;
    let value = temporary_pass::normalise(pass).map_err(RedeemError::Slip)?;
    // The place first: a try that is counted is a try that is checked.
    let place = cx.hashing.admit()?;
    let counted = match count_try(cx, caller, login.clone()).await {
        Err(error @ RedeemError::TooManyTries { .. }) => {
            record(cx, caller, (None, None), &error).await;
            return Err(error);
        }
        other => other?,
    };
    let Counted { candidate, tries_left } = counted;
    let stored = candidate.as_ref().map(|(_, pass)| pass.hash.clone());
    let (keys, cost) = (std::sync::Arc::clone(&cx.keys), cx.settings().cost);
    let right = place.run(move || is_right(&keys, cost, stored.as_deref(), &value)).await?;
    match candidate {
        Some((user, pass)) if right => open(cx, caller, login, &user, &pass).await,
        candidate => wrong(cx, caller, candidate, tries_left).await,
    }
}

async fn record(
    cx: &Context,
    caller: &mut Caller,
    (subject, pass): (Option<UserId>, Option<PassId>),
    error: &RedeemError,
) {
    let kind = EventKind::PassRefused { code: error.code().to_owned(), pass };
    let refused = Refused { subject, kind, cause: error.cause(), case: None };
    events::record_refusal(cx, caller, Actor::System, refused).await;
}

/// The same work whether there is something to compare with or not.
fn is_right(
    keys: &primitives::keys::KeyRing,
    cost: slow_hash::Cost,
    stored: Option<&str>,
    value: &SecretText,
) -> bool {
    match stored {
        Some(stored) => slow_hash::verify(keys, stored, value.reveal()),
        None => {
            slow_hash::verify_nothing(keys, cost, value.reveal());
            false
        }
    }
}

struct Counted {
    candidate: Option<(User, Pass)>,
    tries_left: u32,
}

/// The first commit: one try more, for the name and for the pass.
async fn count_try(cx: &Context, caller: &mut Caller, login: Login) -> Result<Counted, RedeemError> {
    let pen = Pen::new(caller, Actor::System);
    cx.db
        .write(move |tx| {
            let now = tx.now()?;
            let user = users::by_login(tx, &login)?;
            let bucket = match lockout::count(guesses::load(tx, login.key())?, now) {
                Verdict::Refused { until } => return Err(RedeemError::TooManyTries { until }),
                Verdict::Counted(bucket) => bucket,
            };
            guesses::store(tx, login.key(), bucket)?;
            let tries_left = lockout::GUESSES.saturating_sub(bucket.count);
            let Some(user) = user else {
                return Ok(Counted { candidate: None, tries_left });
            };
            let candidate = match temporary_passes::newest(tx, user.id)? {
                Some(pass) => Some((user, count_on(tx, now, pass, &mut pen.clone())?)),
                None => None,
            };
            Ok(Counted { candidate, tries_left })
        })
        .await
}

/// Counts the try on the pass. One that has had all its tries, without anybody having been there to end it, ends
/// now.
fn count_on(tx: &mut Tx<'_>, now: Timestamp, pass: Pass, pen: &mut Pen) -> Result<Pass, StoreError> {
    if pass.tries >= TRIES && pass.state == PassState::Issued {
        return lock(tx, now, pass, pen);
    }
    temporary_passes::count_try(tx, &pass)?.ok_or(StoreError::Contention)
}

fn lock(tx: &mut Tx<'_>, now: Timestamp, pass: Pass, pen: &mut Pen) -> Result<Pass, StoreError> {
    let Some(locked) = temporary_passes::set_state(tx, &pass, PassState::Locked { at: now })? else {
        return Err(StoreError::Contention);
    };
    sessions::remove_of_pass(tx, pass.user, pass.id)?;
    pen.write(tx, now, Some(pass.user), EventKind::PassLocked { pass: pass.id })?;
    Ok(locked)
}

/// The second commit after a wrong value: the tenth one ends the pass.
async fn wrong(
    cx: &Context,
    caller: &mut Caller,
    candidate: Option<(User, Pass)>,
    tries_left: u32,
) -> Result<SignedIn, RedeemError> {
    let subject = candidate.as_ref().map(|(user, _)| user.id);
    let ended = candidate.filter(|(_, pass)| pass.tries >= TRIES && pass.state == PassState::Issued);
    if let Some((user, pass)) = ended {
        let pen = Pen::new(caller, Actor::System);
        cx.db
            .write(move |tx| {
                let now = tx.now()?;
                users::lock(tx, user.id)?;
                match temporary_passes::lock(tx, pass.id)? {
                    // Somebody who had the value may have been given the tries back meanwhile.
                    Some(pass) if pass.tries >= TRIES && pass.state == PassState::Issued => {
                        lock(tx, now, pass, &mut pen.clone()).map(|_| ())
                    }
                    _ => Ok::<(), StoreError>(()),
                }
            })
            .await?;
    }
    let error = RedeemError::Wrong { tries_left };
    record(cx, caller, (subject, None), &error).await;
    Err(error)
}

/// What the second commit after a right value needs, drawn before because it may run again.
#[derive(Clone)]
struct Opener {
    settings: std::sync::Arc<Settings>,
    login: Login,
    checked: Pass,
    session: SessionId,
    token: Token,
    browser: BrowserId,
    client: ClientLabel,
    pen: Pen,
}

/// The second commit after a right value.
async fn open(
    cx: &Context,
    caller: &mut Caller,
    login: Login,
    user: &User,
    checked: &Pass,
) -> Result<SignedIn, RedeemError> {
    let opener = Opener {
        settings: cx.settings(),
        login,
        checked: checked.clone(),
        session: Id::new(caller.now, caller.entropy.as_mut()),
        token: Token::generate(caller.entropy.as_mut()),
        browser: caller.browser,
        client: caller.client.clone(),
        pen: Pen::new(caller, Actor::User(user.id)),
    };
    // A refusal here is an outcome, not an error: that the try is given back must be committed with it.
    let outcome = cx.db.write(move |tx| opener.clone().run(tx)).await?;
    if let Err(refusal) = &outcome {
        record(cx, caller, (Some(user.id), Some(checked.id)), refusal).await;
    }
    outcome
}

type Outcome = Result<SignedIn, RedeemError>;

impl Opener {
    fn run(self, tx: &mut Tx<'_>) -> Result<Outcome, RedeemError> {
        let now = tx.now()?;
        let Some(user) = users::lock(tx, self.checked.user)? else {
            return Ok(Err(RedeemError::Pass(Usability::Revoked)));
        };
        // Only the newest pass of an account is worth anything; a newer one may have come meanwhile.
        let pass = temporary_passes::newest(tx, user.id)?.filter(|pass| pass.id == self.checked.id);
        let Some(pass) = pass else {
            return Ok(Err(RedeemError::Pass(Usability::Revoked)));
        };
        let resumed = self.resumes(tx, now, &user, &pass)?;
        let usability = pass.usability(now, &self.settings.of(&user).passes);
        let refusal = match (user.is_enabled(), resumed, usability) {
            (false, _, _) => Some(RedeemError::DisabledUser),
            (true, None, Usability::Usable) | (true, Some(_), _) => None,
            (true, None, unusable) => Some(RedeemError::Pass(unusable)),
        };
        if let Some(refusal) = refusal {
            // The pass has its tries back; the name keeps its count, or a used pass would let its holder guess at the
            // password for ever.
            self.move_on(tx, &pass, pass.state)?;
            return Ok(Err(refusal));
        }
        self.open(tx, now, user, pass, resumed).map(Ok).map_err(RedeemError::Store)
    }

    /// Moves the pass to `state`, with its tries given back.
    fn move_on(&self, tx: &mut Tx<'_>, pass: &Pass, state: PassState) -> Result<(), StoreError> {
        let to = Pass { tries: 0, state, ..pass.clone() };
        if temporary_passes::advance(tx, pass, &to)? { Ok(()) } else { Err(StoreError::Contention) }
    }

    /// The live onboarding session that this browser opened with the reserved pass and its line, if there is one.
    fn resumes(
        &self,
        tx: &mut Tx<'_>,
        now: Timestamp,
        user: &User,
        pass: &Pass,
    ) -> Result<Option<(SessionId, SessionId)>, StoreError> {
        let PassState::Reserved { session, .. } = pass.state else {
            return Ok(None);
        };
        let epoch = self.settings.deployment_epoch;
        let resumable = sessions::by_id(tx, user.id, session)?.filter(|session| {
            session.browser == self.browser.digest()
                && session.is_live(now, &self.settings.sessions)
                && session.stands_with(user, epoch)
                && pass.carries(session.id, now, &self.settings.of(user).passes)
        });
        Ok(resumable.map(|session| (session.id, session.sid)))
    }

    fn open(
        mut self,
        tx: &mut Tx<'_>,
        now: Timestamp,
        user: User,
        pass: Pass,
        resumed: Option<(SessionId, SessionId)>,
    ) -> Result<SignedIn, StoreError> {
        let opening = Opening {
            id: self.session,
            deployment_epoch: self.settings.deployment_epoch,
            browser: self.browser.digest(),
            client: self.client.clone(),
            now,
        };
        let ends = pass.session_ends(now);
        let session =
            Session::open_onboarding(&user, Evidence::from_pass(&pass, now), pass.id, ends, opening);
        let session = match resumed {
            Some((old, sid)) => {
                sessions::replace(tx, user.id, old)?;
                Session { sid, ..session }
            }
            None => session,
        };
        let state = match pass.state {
            PassState::Reserved { at, .. } => PassState::Reserved { session: session.id, at },
            PassState::Issued if pass.one_time => PassState::Reserved { session: session.id, at: now },
            other => other,
        };
        // Whoever has the value has not guessed: the tries are given back.
        guesses::clear(tx, self.login.key())?;
        self.move_on(tx, &pass, state)?;
        sessions::insert(tx, &session, &self.token)?;
        let kind = EventKind::PassRedeemed { pass: pass.id, session: session.id, resumed: resumed.is_some() };
        self.pen.write(tx, now, Some(user.id), kind)?;
        alarm::raise(tx, now, &user, session.id, &mut self.pen)?;
        Ok(SignedIn { token: self.token, session, user, passkey: None })
    }
}
