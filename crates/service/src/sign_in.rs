//! Signing in with a passkey.
//!
//! Beginning costs no access to the database; finishing costs one read, one signature check and one commit, in
//! which the challenge is spent, the use recorded, the session opened and the event written.

use account::audit::{Actor, EventKind};
use store::sessions;
use webauthn::{AuthenticationRequest, AuthenticationState, authentication};

use crate::assertion::{self, Failed, NewSession};
use crate::ceremony::{self, CeremonyError, Purpose, Started};
use crate::context::{Caller, Context, SignedIn};
use crate::events::{self, Pen, Refused};

/// Begins a sign-in for whoever it is: no account is named and no credential (DESIGN 5a.14).
pub fn begin(cx: &Context, caller: &mut Caller) -> Started {
    let request = AuthenticationRequest::discoverable("sign-in");
    let (options, state) =
        authentication::begin(&cx.relying_party, request, caller.now, caller.entropy.as_mut());
    let state = ceremony::seal_state(cx, caller, Purpose::SignIn, None, &state);
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
            record(cx, caller, &failed).await;
            Err(failed.error)
        }
    }
}

async fn attempt(cx: &Context, caller: &mut Caller, state: &str, response: &str) -> Result<SignedIn, Failed> {
    let state: AuthenticationState = ceremony::open_state(cx, caller, Purpose::SignIn, None, state)?;
    let asserted = assertion::verify(cx, caller.now, &state, response, None).await?;
    let passkey = Some(asserted.id());
    let new = NewSession::new(cx, caller);
    let pen = Pen::new(caller, Actor::User(asserted.id().1));
    let done = cx.db.write(move |tx| {
        let now = tx.now()?;
        let (user, passkey) = asserted.settle(tx, now, &new.client)?;
        let session = new.open(&user, &passkey, asserted.user_verified, now);
        sessions::insert(tx, &session, &new.token)?;
        let kind = EventKind::SignedIn {
            passkey: passkey.id,
            session: session.id,
            strength: session.evidence.strength(),
        };
        pen.clone().write(tx, now, Some(user.id), kind)?;
        Ok(SignedIn { token: new.token.clone(), session, user, passkey: Some(passkey) })
    });
    done.await.map_err(|error: CeremonyError| Failed { error, passkey })
}

/// A refused sign-in is an event, and where a copied key gave itself away, so is that.
async fn record(cx: &Context, caller: &mut Caller, failed: &Failed) {
    let Failed { error, passkey } = failed;
    if let Some(error) = error.store() {
        tracing::error!(reference = %caller.reference, %error, "a sign-in failed");
        return;
    }
    let kind =
        EventKind::SignInRefused { code: error.cause().to_owned(), passkey: passkey.map(|(id, _)| id) };
    let refused = Refused { subject: passkey.map(|(_, user)| user), kind, cause: error.cause() };
    events::record_refusal(cx, caller, Actor::System, refused).await;
}
