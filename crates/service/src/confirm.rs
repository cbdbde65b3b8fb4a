//! Confirming an action with a passkey (DESIGN 5a.11).
//!
//! The assertion is bound to the action, its target and the session through the sealed state; what it leaves behind
//! is a confirmation in the session's row, which the action's own commit uses up. Like every authentication it
//! gives the session a new id and a new token.

use account::action::Action;
use account::audit::{Actor, EventKind};
use account::evidence::Evidence;
use account::passkey::Passkey;
use account::policy::Area;
use account::session::{Confirmation, Session};
use serde::{Deserialize, Serialize};
use store::{passkeys, sessions};
use webauthn::{AuthenticationRequest, AuthenticationState, authentication};

use crate::assertion::{self, Failed, NewSession};
use crate::ceremony::{self, CeremonyError, Purpose, Started};
use crate::context::{Caller, Context, SignedIn, Who};
use crate::events::Pen;
use crate::manage_sessions;
use crate::moved::Party;
use crate::report_entry;

pub use crate::confirm_with_password::{ConfirmWithPasswordError, finish_with_password};

#[derive(Serialize, Deserialize)]
struct State {
    ceremony: AuthenticationState,
    action: Action,
}

/// A confirmed action, in a session with a new id and token.
#[derive(Clone, Debug)]
pub struct Confirmed {
    /// What was confirmed; it holds for five minutes and once.
    pub action: Action,
    /// The session that takes the place of the one that asked; its token goes into the cookie.
    pub signed_in: SignedIn,
}

/// Begins to confirm `action` with any of the person's enabled passkeys.
pub async fn begin(
    cx: &Context,
    caller: &mut Caller,
    who: &Who,
    action: Action,
) -> Result<Started, CeremonyError> {
    // An assertion by the new passkey opens everything (DESIGN 5a.6): confirming that a second one shall be added is
    // then a sign-in as well.
    if who.session.is_limited() && action != Action::AddPasskey {
        return Err(CeremonyError::Onboarding);
    }
    let (settings, user) = (cx.settings(), who.user.id);
    let found = cx.db.read(move |tx| {
        let suspicious = report_entry::suspicious_passkey(tx, user, action)?;
        Ok::<_, CeremonyError>((passkeys::of_user(tx, user)?, suspicious))
    });
    let (passkeys, suspicious): (Vec<Passkey>, _) = found.await?;
    let usable = |passkey: &&Passkey| {
        passkey.is_enabled() && Some(passkey.id) != suspicious && settings.takes(&who.user, passkey).is_ok()
    };
    let usable: Vec<&Passkey> = passkeys.iter().filter(usable).collect();
    let party = cx.party_to_ask(&usable, &who.session);
    let relying_party = cx.party(party).ok_or(CeremonyError::NotFound)?;
    let askable: Vec<&Passkey> =
        usable.into_iter().filter(|passkey| cx.party_of(passkey) == Some(party)).collect();
    let (hints, allow) = (assertion::hints(askable.iter().copied()), assertion::descriptors(askable));
    if allow.is_empty() {
        return Err(CeremonyError::NotFound);
    }
    let mut request = AuthenticationRequest::of_user(who.user.handle, allow, "confirm");
    request.hints = hints;
    request.binding = action.digest(who.session.id);
    let (options, ceremony) =
        authentication::begin(relying_party, request, caller.now, caller.entropy.as_mut());
    let state = State { ceremony, action };
    let purpose = (Purpose::Confirm, Some(who.session.id));
    let state = ceremony::seal_state_for(cx, caller, party, purpose, &state);
    Ok(Started { options: ceremony::json(&options), state })
}

/// Whether it adds or removes one of the person's own methods. What is done to others is judged by what it is, and what
/// makes a stolen method useless asks for no more than a method.
pub(crate) fn changes_methods(action: Action) -> bool {
    matches!(
        action,
        Action::AddPasskey
            | Action::RemovePasskey(_)
            | Action::ChangePassword
            | Action::TurnOffPassword
            | Action::AddCodes
            | Action::RemoveCodes
            | Action::NewRecoveryCodes
    )
}

/// Finishes it.
pub async fn finish(
    cx: &Context,
    caller: &mut Caller,
    who: &Who,
    state: &str,
    response: &str,
) -> Result<Confirmed, CeremonyError> {
    let (party, state): (_, State) =
        ceremony::open_state_for(cx, caller, Purpose::Confirm, Some(who.session.id), state)?;
    let action = state.action;
    match attempt(cx, caller, who, (party, state), response).await {
        Ok(signed_in) => Ok(Confirmed { action, signed_in }),
        Err(failed) => {
            let action = action.name().to_owned();
            let kind = |code, _| EventKind::ConfirmRefused { action, code };
            assertion::record(cx, caller, &failed, Some(who.user.id), kind).await;
            Err(failed.error)
        }
    }
}

async fn attempt(
    cx: &Context,
    caller: &mut Caller,
    who: &Who,
    (party, state): (Party, State),
    response: &str,
) -> Result<SignedIn, Failed> {
    let State { ceremony, action } = state;
    if ceremony.binding != action.digest(who.session.id) {
        return Err(CeremonyError::Seal.into());
    }
    let asserted = assertion::verify(cx, caller.now, (party, &ceremony), response, Some(who.user.id)).await?;
    let passkey = Some(asserted.id());
    let (new, pen, who) =
        (NewSession::new(cx, caller), Pen::new(caller, Actor::User(who.user.id)), who.clone());
    let done = cx.db.write(move |tx| {
        let now = tx.now()?;
        let mut pen = pen.clone();
        let (user, passkey) = asserted.settle(tx, now, &new, &mut pen)?;
        let old = manage_sessions::lock_standing(tx, now, &new.settings, &who)?
            .ok_or(CeremonyError::SessionEnded)?
            .session;
        let proven = Evidence::from_assertion(&passkey, asserted.user_verified, now);
        // The confirmation alone is judged: what the session had proven before does not make it stronger.
        if changes_methods(action) && !new.settings.reaches(&user, Area::SecurityInfo, &proven) {
            return Err(asserted.failed(CeremonyError::TooWeak));
        }
        let session = if old.is_limited() {
            let proven = (asserted.user_verified, now, &mut pen);
            let full = new.sign_in_from(tx, &old, &user, &passkey, proven)?;
            Session { confirmed: Some(Confirmation { digest: action.digest(full.id), at: now }), ..full }
        } else {
            if !sessions::replace(tx, user.id, old.id)? {
                return Err(CeremonyError::SessionEnded.into());
            }
            let fresh = new.open(&user, &passkey, asserted.user_verified, now);
            Session {
                // A confirmation makes a session fresh; it does not make it last longer.
                created: old.created,
                ends: old.ends,
                authenticated_at: now,
                evidence: old.evidence.and(fresh.evidence.clone()),
                confirmed: Some(Confirmation { digest: action.digest(fresh.id), at: now }),
                sid: old.sid,
                ..fresh
            }
        };
        sessions::insert(tx, &session, &new.token)?;
        let kind = EventKind::Confirmed { action: action.name().to_owned(), passkey: passkey.id };
        pen.write(tx, now, Some(user.id), kind)?;
        Ok(SignedIn { token: new.token.clone(), session, user, passkey: Some(passkey) })
    });
    done.await.map_err(|failed: Failed| Failed { passkey, ..failed })
}
