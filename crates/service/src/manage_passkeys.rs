//! The person's own passkeys: listing, renaming, removing and trying them; and the own pass.

use account::action::Action;
use account::audit::{Actor, EventKind};
use account::methods::{self, RemoveVerdict};
use account::passkey::{self, Passkey, PasskeyId};
use account::session::{Session, SessionId};
use account::temporary_pass::{Pass, Usability};
use account::user::{NameRefusal, User};
use primitives::secret::Token;
use primitives::time::Timestamp;
use serde::{Deserialize, Serialize};
use store::{StoreError, Tx, passkeys, sessions, temporary_passes};
use webauthn::{AuthenticationRequest, AuthenticationState, authentication};

use crate::administer_passes;
use crate::assertion::{self, Failed, NewSession};
use crate::ceremony::{self, CeremonyError, Purpose, Started};
use crate::context::{Caller, Context, Settings, SignedIn, Who};
use crate::events::Pen;
use crate::manage_sessions;
use crate::notify::{self, Bell};
use crate::order_pass;
use crate::register_passkey::is_of_onboarding;
use crate::second_factor;

/// Why a passkey was not managed; nothing was changed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ManagePasskeysError {
    /// The person has no such passkey or pass; it may be gone meanwhile.
    NotFound,
    /// The text is no name.
    Name(NameRefusal),
    /// The session ended meanwhile.
    SessionEnded,
    /// An onboarding session may not do this.
    Onboarding,
    /// The session has not confirmed this removal within the last five minutes.
    ConfirmNeeded,
    /// It is the last way to sign in.
    LastMethod,
    /// Without it there would be fewer than everybody must have.
    Required,
    /// The store failed.
    Store(StoreError),
}

impl From<StoreError> for ManagePasskeysError {
    fn from(error: StoreError) -> Self {
        ManagePasskeysError::Store(error)
    }
}

impl ManagePasskeysError {
    /// The stable code.
    pub fn code(&self) -> &'static str {
        match self {
            ManagePasskeysError::NotFound => "not_found",
            ManagePasskeysError::Name(refusal) => refusal.code(),
            ManagePasskeysError::SessionEnded => "session_ended",
            ManagePasskeysError::Onboarding => "onboarding_session",
            ManagePasskeysError::ConfirmNeeded => "confirm_needed",
            ManagePasskeysError::LastMethod => "last_method",
            ManagePasskeysError::Required => "passkey_required",
            ManagePasskeysError::Store(_) => "unknown",
        }
    }
}

/// The person's passkeys, oldest first, disabled ones too.
pub async fn list(cx: &Context, who: &Who) -> Result<Vec<Passkey>, ManagePasskeysError> {
    let user = who.user.id;
    Ok(cx.db.read(move |tx| passkeys::of_user(tx, user)).await?)
}

/// One of them.
pub async fn get(cx: &Context, who: &Who, id: PasskeyId) -> Result<Passkey, ManagePasskeysError> {
    let user = who.user.id;
    cx.db.read(move |tx| passkeys::by_id(tx, user, id)).await?.ok_or(ManagePasskeysError::NotFound)
}

/// Gives a passkey another name. An onboarding session names the one that it registered.
pub async fn rename(
    cx: &Context,
    caller: &mut Caller,
    who: &Who,
    id: PasskeyId,
    name: &str,
) -> Result<Passkey, ManagePasskeysError> {
    let name = passkey::parse_passkey_name(name).map_err(ManagePasskeysError::Name)?;
    let pen = Pen::new(caller, Actor::User(who.user.id));
    let (settings, who) = (cx.settings(), who.clone());
    cx.db
        .write(move |tx| {
            let now = tx.now()?;
            let Who { user, session } = standing(tx, now, &settings, &who)?;
            let passkey = passkeys::by_id(tx, user.id, id)?.ok_or(ManagePasskeysError::NotFound)?;
            if session.is_limited() && !is_of_onboarding(&session, &passkey) {
                return Err(ManagePasskeysError::Onboarding);
            }
            if passkey.name == name {
                return Ok(passkey);
            }
            if !passkeys::rename(tx, user.id, id, &name)? {
                return Err(ManagePasskeysError::NotFound);
            }
            pen.clone().write(tx, now, Some(user.id), EventKind::PasskeyRenamed { passkey: id })?;
            Ok(Passkey { name: name.clone(), ..passkey })
        })
        .await
}

fn standing(
    tx: &mut Tx<'_>,
    now: Timestamp,
    settings: &Settings,
    who: &Who,
) -> Result<Who, ManagePasskeysError> {
    manage_sessions::lock_standing(tx, now, settings, who)?.ok_or(ManagePasskeysError::SessionEnded)
}

/// What would come of removing it, for the page that asks.
pub async fn remove_verdict(
    cx: &Context,
    who: &Who,
    id: PasskeyId,
) -> Result<RemoveVerdict, ManagePasskeysError> {
    let passkeys = list(cx, who).await?;
    let (settings, user, now) = (cx.settings(), who.user.clone(), cx.db.not_before(who.session.last_seen));
    let password = cx
        .db
        .read(move |tx| second_factor::would_sign_in_by_password(tx, now, &settings, &user))
        .await
        .map_err(ManagePasskeysError::Store)?;
    Ok(methods::removal(&cx.settings().as_taken(&who.user, &passkeys), password, id))
}

/// Whether an account would have too few passkeys without that one. A lost one goes by way of LP-3, which turns it off.
fn is_one_of_required(settings: &Settings, user: &User, taken: &[Passkey], id: PasskeyId) -> bool {
    let counts = taken.iter().any(|passkey| passkey.id == id && passkey.is_enabled());
    let others: Vec<Passkey> = taken.iter().filter(|passkey| passkey.id != id).cloned().collect();
    counts && !others.is_empty() && settings.lacks(user, &others) > 0
}

/// Whether policy keeps that passkey from being removed.
pub async fn is_required(cx: &Context, who: &Who, id: PasskeyId) -> Result<bool, ManagePasskeysError> {
    let passkeys = list(cx, who).await?;
    let settings = cx.settings();
    Ok(is_one_of_required(&settings, &who.user, &settings.as_taken(&who.user, &passkeys), id))
}

/// Why a passkey is removed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reason {
    /// It is not used any more.
    Unused,
    /// Its device was lost or stolen.
    Lost,
}

/// A removed passkey.
#[derive(Clone, Debug)]
pub struct Removed {
    /// What it was.
    pub passkey: Passkey,
    /// What is left: the complete list for `signalAllAcceptedCredentials`.
    pub remaining: Vec<Passkey>,
    /// Sessions that ended with it.
    pub sessions_ended: u64,
    /// Whether the session that asked was one of them.
    pub signed_out: bool,
}

/// Removes a passkey that the session has confirmed to remove.
///
/// The sessions that the passkey opened end, except the one that asks; a lost passkey takes that one along too.
pub async fn remove(
    cx: &Context,
    caller: &mut Caller,
    who: &Who,
    id: PasskeyId,
    reason: Reason,
) -> Result<Removed, ManagePasskeysError> {
    let pen = Pen::new(caller, Actor::User(who.user.id));
    let (settings, who) = (cx.settings(), who.clone());
    cx.db
        .write(move |tx| {
            let now = tx.now()?;
            let Who { user, session } = standing(tx, now, &settings, &who)?;
            if session.is_limited() {
                return Err(ManagePasskeysError::Onboarding);
            }
            may_remove(tx, now, &settings, &user, id)?;
            if !session.has_confirmed(&Action::RemovePasskey(id).digest(session.id), now) {
                return Err(ManagePasskeysError::ConfirmNeeded);
            }
            sessions::update(tx, &Session { confirmed: None, ..session.clone() })?;
            let lost = reason == Reason::Lost;
            let signed_out = lost && session.evidence.rests_on(id);
            let keep = (!signed_out).then_some(session.id);
            let (passkey, passkeys, sessions_ended) =
                take_away(tx, now, &user, (id, lost, keep), &mut pen.clone())?;
            Ok(Removed { passkey, remaining: passkeys, sessions_ended, signed_out })
        })
        .await
}

/// Whether that person may do without the passkey.
pub(crate) fn may_remove(
    tx: &mut Tx<'_>,
    now: Timestamp,
    settings: &Settings,
    user: &User,
    id: PasskeyId,
) -> Result<(), ManagePasskeysError> {
    let passkeys = passkeys::of_user(tx, user.id)?;
    let password = second_factor::would_sign_in_by_password(tx, now, settings, user)?;
    let taken = settings.as_taken(user, &passkeys);
    match methods::removal(&taken, password, id) {
        RemoveVerdict::Allowed | RemoveVerdict::LastPasskey => {}
        RemoveVerdict::LastMethod => return Err(ManagePasskeysError::LastMethod),
        RemoveVerdict::NotFound => return Err(ManagePasskeysError::NotFound),
    }
    if is_one_of_required(settings, user, &taken, id) {
        return Err(ManagePasskeysError::Required);
    }
    Ok(())
}

/// Removes the passkey, which was lost or not, with the sessions that it opened but the one to keep; gives what it was,
/// what is left, and how many sessions ended.
pub(crate) fn take_away(
    tx: &mut Tx<'_>,
    now: Timestamp,
    user: &User,
    (id, lost, keep): (PasskeyId, bool, Option<SessionId>),
    pen: &mut Pen,
) -> Result<(Passkey, Vec<Passkey>, u64), ManagePasskeysError> {
    let mut passkeys = passkeys::of_user(tx, user.id)?;
    let Some(place) = passkeys.iter().position(|passkey| passkey.id == id) else {
        return Err(ManagePasskeysError::NotFound);
    };
    let passkey = passkeys.remove(place);
    if !passkeys::remove(tx, user.id, id)? {
        return Err(ManagePasskeysError::NotFound);
    }
    let sessions_ended = sessions::remove_of_passkey(tx, user.id, id, keep)?;
    // The history goes on to name what is gone.
    let name = Some(passkey.name.clone());
    pen.write_with_note(tx, now, Some(user.id), EventKind::PasskeyRemoved { passkey: id, lost }, name)?;
    Ok((passkey, passkeys, sessions_ended))
}

#[derive(Serialize, Deserialize)]
struct TryState {
    ceremony: AuthenticationState,
    passkey: PasskeyId,
}

/// A passkey that works.
#[derive(Clone, Debug)]
pub struct Tried {
    /// The passkey.
    pub passkey: Passkey,
    /// From an onboarding session a try is a sign-in: this full session takes its place.
    pub signed_in: Option<SignedIn>,
}

/// Begins to try one of the person's passkeys.
pub async fn try_begin(
    cx: &Context,
    caller: &mut Caller,
    who: &Who,
    id: PasskeyId,
) -> Result<Started, CeremonyError> {
    let user = who.user.id;
    let passkey = cx
        .db
        .read(move |tx| passkeys::by_id(tx, user, id).map_err(CeremonyError::Store))
        .await?
        .ok_or(CeremonyError::NotFound)?;
    let allow = assertion::descriptors([&passkey]);
    let party = cx.party_of(&passkey).ok_or(CeremonyError::NotFound)?;
    let relying_party = cx.party(party).ok_or(CeremonyError::NotFound)?;
    let mut request = AuthenticationRequest::of_user(who.user.handle, allow, "try");
    request.hints = assertion::hints([&passkey]);
    let (options, ceremony) =
        authentication::begin(relying_party, request, caller.now, caller.entropy.as_mut());
    let state = TryState { ceremony, passkey: id };
    let purpose = (Purpose::Try, Some(who.session.id));
    let state = ceremony::seal_state_for(cx, caller, party, purpose, &state);
    Ok(Started { options: ceremony::json(&options), state })
}

/// Finishes it. That the try fails changes nothing about the passkey.
pub async fn try_finish(
    cx: &Context,
    caller: &mut Caller,
    who: &Who,
    state: &str,
    response: &str,
) -> Result<Tried, CeremonyError> {
    match attempt(cx, caller, who, state, response).await {
        Ok(tried) => Ok(tried),
        Err(failed) => {
            assertion::record(cx, caller, &failed, Some(who.user.id), |code, passkey| {
                EventKind::SignInRefused { code, passkey }
            })
            .await;
            Err(failed.error)
        }
    }
}

async fn attempt(
    cx: &Context,
    caller: &mut Caller,
    who: &Who,
    state: &str,
    response: &str,
) -> Result<Tried, Failed> {
    let (party, state): (_, TryState) =
        ceremony::open_state_for(cx, caller, Purpose::Try, Some(who.session.id), state)?;
    let begun = (party, &state.ceremony);
    let asserted = assertion::verify(cx, caller.now, begun, response, Some(who.user.id)).await?;
    let passkey = Some(asserted.id());
    let (new, pen, who) =
        (NewSession::new(cx, caller), Pen::new(caller, Actor::User(who.user.id)), who.clone());
    let done = cx.db.write(move |tx| {
        let now = tx.now()?;
        let mut pen = pen.clone();
        let (user, passkey) = asserted.settle(tx, now, &new, &mut pen)?;
        let session = manage_sessions::lock_standing(tx, now, &new.settings, &who)?
            .ok_or(CeremonyError::SessionEnded)?
            .session;
        pen.write(tx, now, Some(user.id), EventKind::PasskeyTried { passkey: passkey.id })?;
        if !session.is_limited() {
            return Ok(Tried { passkey, signed_in: None });
        }
        let proven = (asserted.user_verified, now, &mut pen);
        let full = new.sign_in_from(tx, &session, &user, &passkey, proven)?;
        sessions::insert(tx, &full, &new.token)?;
        let signed_in =
            SignedIn { token: new.token.clone(), session: full, user, passkey: Some(passkey.clone()) };
        Ok(Tried { passkey, signed_in: Some(signed_in) })
    });
    done.await.map_err(|failed: Failed| Failed { passkey, ..failed })
}

/// The person's ways to sign in.
#[derive(Clone, Debug)]
pub struct Methods {
    /// The passkeys, newest first.
    pub passkeys: Vec<Passkey>,
    /// The newest pass and what it is worth; none if there was never one.
    pub pass: Option<(Pass, Usability)>,
    /// What waits for the person.
    pub bell: Bell,
    /// Whether they order or pick up passes for others.
    pub orders: bool,
}

/// Who is signed in by `token`, with everything by which they sign in: one read.
pub async fn methods(
    cx: &Context,
    now: Timestamp,
    token: &Token,
) -> Result<Option<(Who, Methods)>, StoreError> {
    let settings = cx.settings();
    manage_sessions::authenticate_and(cx, now, token, move |tx, who| {
        let policy = settings.of(&who.user).passes;
        let pass = temporary_passes::newest(tx, who.user.id)?;
        let worth = |pass: Pass| {
            let usability = pass.usability(now, &policy);
            (pass, usability)
        };
        let passkeys = passkeys::of_user(tx, who.user.id)?;
        let orders = !who.session.is_limited() && order_pass::concerns(tx, &settings, &who.user)?;
        Ok(Methods { passkeys, pass: pass.map(worth), bell: notify::bell(tx, who)?, orders })
    })
    .await
}

/// Takes back the person's own pass. An onboarding session that stands on it ends with it.
pub async fn delete_pass(cx: &Context, caller: &mut Caller, who: &Who) -> Result<(), ManagePasskeysError> {
    let pen = Pen::new(caller, Actor::User(who.user.id));
    let (settings, who) = (cx.settings(), who.clone());
    cx.db
        .write(move |tx| {
            let now = tx.now()?;
            let Who { user, .. } = standing(tx, now, &settings, &who)?;
            let pass = temporary_passes::newest(tx, user.id)?.ok_or(ManagePasskeysError::NotFound)?;
            if administer_passes::revoke_outstanding(tx, now, &pass, false, &mut pen.clone())? {
                Ok(())
            } else {
                Err(ManagePasskeysError::NotFound)
            }
        })
        .await
}
