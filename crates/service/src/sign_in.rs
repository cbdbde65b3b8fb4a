//! Signing in with a passkey.
//!
//! Beginning costs no access to the database; finishing costs one read, one signature check and one commit, in
//! which the challenge is spent, the use recorded, the session opened and the event written.

use account::audit::{Actor, EventKind};
use store::sessions;
use webauthn::{AuthenticationRequest, AuthenticationState, RelyingParty, authentication};

use crate::alarm;
use crate::assertion::{self, Failed, NewSession};
use crate::ceremony::{self, CeremonyError, Purpose, Started};
use crate::context::{Caller, Context, SignedIn};
use crate::events::Pen;
use crate::moved::Party;

/// Begins a sign-in for whoever it is: no account is named and no credential (DESIGN 5a.14).
pub fn begin(cx: &Context, caller: &mut Caller) -> Started {
    begin_at(cx, caller, Party::Current, &cx.relying_party)
}

/// The same with a passkey of the relying party before a move; `None` where there is none.
pub fn begin_former(cx: &Context, caller: &mut Caller) -> Option<Started> {
    let relying_party = cx.party(Party::Former)?;
    Some(begin_at(cx, caller, Party::Former, relying_party))
}

fn begin_at(cx: &Context, caller: &mut Caller, party: Party, relying_party: &RelyingParty) -> Started {
    let request = AuthenticationRequest::discoverable("sign-in");
    let (options, state) = authentication::begin(relying_party, request, caller.now, caller.entropy.as_mut());
    let state = ceremony::seal_state_for(cx, caller, party, (Purpose::SignIn, None), &state);
    Started { options: ceremony::json(&options), state }
}

/// Finishes it: a new full session, or the one reason why not.
pub async fn finish(
    cx: &Context,
    caller: &mut Caller,
    state: &str,
    response: &str,
) -> Result<SignedIn, CeremonyError> {
    match attempt(cx, caller, state, response).await {
        Ok(signed_in) => Ok(signed_in),
        Err(failed) => {
            assertion::record(cx, caller, &failed, None, |code, passkey| EventKind::SignInRefused {
                code,
                passkey,
            })
            .await;
            Err(failed.error)
        }
    }
}

async fn attempt(cx: &Context, caller: &mut Caller, state: &str, response: &str) -> Result<SignedIn, Failed> {
    let (party, state): (_, AuthenticationState) =
        ceremony::open_state_for(cx, caller, Purpose::SignIn, None, state)?;
    let asserted = assertion::verify(cx, caller.now, (party, &state), response, None).await?;
    let passkey = Some(asserted.id());
    let new = NewSession::new(cx, caller);
    let pen = Pen::new(caller, Actor::User(asserted.id().1));
    let done = cx.db.write(move |tx| {
        let now = tx.now()?;
        let mut pen = pen.clone();
        let (user, passkey) = asserted.settle(tx, now, &new, &mut pen)?;
        let session = new.open(&user, &passkey, asserted.user_verified, now);
        let session = new.in_browser(tx, &user, session, now)?;
        sessions::insert(tx, &session, &new.token)?;
        let kind = EventKind::SignedIn {
            passkey: passkey.id,
            session: session.id,
            strength: session.evidence.strength(),
            needed: new.settings.needed(&user),
        };
        pen.write(tx, now, Some(user.id), kind)?;
        alarm::raise(tx, now, &user, session.id, &mut pen)?;
        Ok(SignedIn { token: new.token.clone(), session, user, passkey: Some(passkey) })
    });
    done.await.map_err(|failed: Failed| Failed { passkey, ..failed })
}
