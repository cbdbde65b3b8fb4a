//! The person's authenticator app: setting it up, removing it, and whether there is one (screen SEC-7).

use account::action::Action;
use account::audit::{Actor, EventKind};
use account::authenticator_code::{self, AuthenticatorCodes, CodeVerdict};
use account::session::{FRESHNESS, SKEW, Session};
use primitives::encoding;
use primitives::secret::{SecretBytes, SecretText};
use primitives::time::Timestamp;
use serde::{Deserialize, Serialize};
use store::{StoreError, Tx, authenticator_codes, partial_sign_ins, passkeys, sessions};

use crate::ceremony::{self, CeremonyError, Purpose};
use crate::context::{Caller, Context, Settings, Who};
use crate::events::Pen;
use crate::manage_sessions;
use crate::second_factor;

/// How long the set-up may take.
const SET_UP: primitives::time::Span = primitives::time::Span::from_minutes(15);

/// Why nothing was set up or removed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ManageCodesError {
    /// Nobody may use authenticator codes.
    NotAllowed,
    /// The typed code is not what the secret gives now: a slip, or a clock that is off.
    Wrong,
    /// The set-up was begun too long ago, or in another browser or session.
    Expired,
    /// There is none to remove.
    NotFound,
    /// It is the last way to sign in.
    LastMethod,
    /// A limited session may not do this.
    Onboarding,
    /// The session has not confirmed this within the last five minutes.
    ConfirmNeeded,
    /// The session ended meanwhile.
    SessionEnded,
    /// The store failed.
    Store(StoreError),
}

impl From<StoreError> for ManageCodesError {
    fn from(error: StoreError) -> Self {
        ManageCodesError::Store(error)
    }
}

impl ManageCodesError {
    /// The stable code.
    pub fn code(&self) -> &'static str {
        match self {
            ManageCodesError::NotAllowed => "codes_off",
            ManageCodesError::Wrong => "code_wrong",
            ManageCodesError::Expired => "set_up_expired",
            ManageCodesError::NotFound => "not_found",
            ManageCodesError::LastMethod => "last_method",
            ManageCodesError::Onboarding => "onboarding_session",
            ManageCodesError::ConfirmNeeded => "confirm_needed",
            ManageCodesError::SessionEnded => "session_ended",
            ManageCodesError::Store(_) => "unknown",
        }
    }
}

/// An authenticator app as its owner sees it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CodesOn {
    /// When it was set up.
    pub created: Timestamp,
    /// When a code was last used.
    pub last_used: Option<Timestamp>,
    /// Whether too many wrong codes came in a row: it has to be set up anew.
    pub locked: bool,
}

/// The person's authenticator app, if there is one.
pub async fn status(cx: &Context, who: &Who) -> Result<Option<CodesOn>, StoreError> {
    let user = who.user.id;
    let codes = cx.db.read(move |tx| authenticator_codes::of_user(tx, user)).await?;
    Ok(codes.map(|codes: AuthenticatorCodes| CodesOn {
        created: codes.created,
        last_used: codes.last_used,
        locked: codes.is_locked(),
    }))
}

/// A set-up that has begun: what the app reads, shown to the person only.
#[derive(Clone, Debug)]
pub struct Begun {
    /// The secret, to be typed where no camera is.
    pub secret_base32: SecretText,
    /// What the QR code holds.
    pub uri: SecretText,
    /// The sealed state, for [`finish`].
    pub state: String,
}

#[derive(Serialize, Deserialize)]
struct State {
    /// Base64url of the secret.
    secret: String,
    confirmed_at: Timestamp,
    expires: Timestamp,
}

/// Begins to set up an authenticator app, on a confirmation.
pub async fn begin(cx: &Context, caller: &mut Caller, who: &Who) -> Result<Begun, ManageCodesError> {
    allowed(&cx.settings(), who)?;
    let confirmed_at = confirmation(&who.session, Action::AddCodes)?;
    if confirmed_at > caller.now + SKEW || caller.now.since(confirmed_at) >= FRESHNESS {
        return Err(ManageCodesError::ConfirmNeeded);
    }
    let secret = authenticator_code::generate(caller.entropy.as_mut());
    let issuer = cx.relying_party.name().to_owned();
    let uri = authenticator_code::uri(&issuer, who.user.login.shown(), &secret);
    // Revealed to its owner, and to be sealed until the first code shows that the app has it.
    let state =
        State { secret: encoding::base64url(secret.reveal()), confirmed_at, expires: caller.now + SET_UP };
    let state = ceremony::seal_state(cx, caller, Purpose::AddCodes, Some(who.session.id), &state);
    let secret_base32 = SecretText::new(encoding::base32(secret.reveal()));
    Ok(Begun { secret_base32, uri: SecretText::new(uri), state })
}

/// What the page shows again for a set-up that has begun, after a wrong code.
pub fn shown_again(cx: &Context, caller: &Caller, who: &Who, state: &str) -> Result<Begun, ManageCodesError> {
    let (_, secret) = opened(cx, caller, who, state)?;
    let uri = authenticator_code::uri(cx.relying_party.name(), who.user.login.shown(), &secret);
    let secret_base32 = SecretText::new(encoding::base32(secret.reveal()));
    Ok(Begun { secret_base32, uri: SecretText::new(uri), state: state.to_owned() })
}

fn opened(
    cx: &Context,
    caller: &Caller,
    who: &Who,
    state: &str,
) -> Result<(State, SecretBytes), ManageCodesError> {
    let opened: Result<State, CeremonyError> =
        ceremony::open_state(cx, caller, Purpose::AddCodes, Some(who.session.id), state);
    let opened = opened.map_err(|_| ManageCodesError::Expired)?;
    if cx.db.not_before(caller.now) >= opened.expires {
        return Err(ManageCodesError::Expired);
    }
    let secret = encoding::from_base64url(&opened.secret).ok_or(ManageCodesError::Expired)?;
    Ok((opened, SecretBytes::new(secret)))
}

/// Finishes it with the first code of the app, which is used with that. An app from before gives way.
pub async fn finish(
    cx: &Context,
    caller: &mut Caller,
    who: &Who,
    state: &str,
    code: &str,
) -> Result<(), ManageCodesError> {
    let (State { confirmed_at, .. }, secret) = opened(cx, caller, who, state)?;
    let CodeVerdict::Right { step } =
        authenticator_code::verify(&secret, code, cx.db.not_before(caller.now), 0)
    else {
        return Err(ManageCodesError::Wrong);
    };
    let sealed = second_factor::seal_secret(cx, caller, who.user.id, &secret);
    let (pen, settings) = (Pen::new(caller, Actor::User(who.user.id)), cx.settings());
    let who = who.clone();
    cx.db
        .write(move |tx| {
            let now = tx.now()?;
            let Who { user, session } = standing(tx, now, &settings, &who)?;
            // The very confirmation on which the secret was shown; the person's time was bounded by the seal.
            if confirmation(&session, Action::AddCodes)? != confirmed_at {
                return Err(ManageCodesError::ConfirmNeeded);
            }
            sessions::update(tx, &Session { confirmed: None, ..session })?;
            let codes = AuthenticatorCodes {
                user: user.id,
                sealed: sealed.clone(),
                created: now,
                last_step: step,
                last_used: None,
                failures: 0,
            };
            authenticator_codes::put(tx, &codes)?;
            pen.clone().write(tx, now, Some(user.id), EventKind::CodesAdded)?;
            Ok(())
        })
        .await
}

/// Removes the authenticator app, on a confirmation.
pub async fn remove(cx: &Context, caller: &mut Caller, who: &Who) -> Result<(), ManageCodesError> {
    let (pen, settings) = (Pen::new(caller, Actor::User(who.user.id)), cx.settings());
    let who = who.clone();
    cx.db
        .write(move |tx| {
            let now = tx.now()?;
            let Who { user, session } = standing(tx, now, &settings, &who)?;
            if session.is_limited() {
                return Err(ManageCodesError::Onboarding);
            }
            if !session.has_confirmed(&Action::RemoveCodes.digest(session.id), now) {
                return Err(ManageCodesError::ConfirmNeeded);
            }
            // A password without any second step signs nobody in.
            let left = second_factor::methods_of(tx, &settings, &user)?;
            let another = settings.has_usable(&user, &passkeys::of_user(tx, user.id)?);
            if !another && !left.recovery_codes {
                return Err(ManageCodesError::LastMethod);
            }
            sessions::update(tx, &Session { confirmed: None, ..session })?;
            if !authenticator_codes::remove(tx, user.id)? {
                return Err(ManageCodesError::NotFound);
            }
            partial_sign_ins::remove_of_user(tx, user.id)?;
            pen.clone().write(tx, now, Some(user.id), EventKind::CodesRemoved)?;
            Ok(())
        })
        .await
}

fn standing(
    tx: &mut Tx<'_>,
    now: Timestamp,
    settings: &Settings,
    who: &Who,
) -> Result<Who, ManageCodesError> {
    manage_sessions::lock_standing(tx, now, settings, who)?.ok_or(ManageCodesError::SessionEnded)
}

fn allowed(settings: &Settings, who: &Who) -> Result<(), ManageCodesError> {
    if who.session.is_limited() {
        return Err(ManageCodesError::Onboarding);
    }
    if settings.of(&who.user).codes.enabled { Ok(()) } else { Err(ManageCodesError::NotAllowed) }
}

/// When the session confirmed that action.
fn confirmation(session: &Session, action: Action) -> Result<Timestamp, ManageCodesError> {
    session
        .confirmed
        .filter(|confirmation| confirmation.digest == action.digest(session.id))
        .map(|confirmation| confirmation.at)
        .ok_or(ManageCodesError::ConfirmNeeded)
}
