//! Conditional creation: the browser creates a passkey silently, right after a sign-in by password and code (WebAuthn
//! Level 3 section 5.1.3). That nobody is asked is why such a passkey is no better bound than the password was.

use account::passkey::Place;
use account::policy::judge::{self, PasskeyRefusal};
use fido::options::UserVerification;
use store::passkeys;
use webauthn::{Mediation, registration};

use super::{Registered, State, finish, permission, request};
use crate::ceremony::{self, CeremonyError, Purpose, Started};
use crate::context::{Caller, Context, Who};

/// Begins it: only in a session that a password and a code opened within the last five minutes, of an account that has
/// no passkey to confirm another one with.
pub async fn begin_conditional(
    cx: &Context,
    caller: &mut Caller,
    who: &Who,
) -> Result<Started, CeremonyError> {
    if !permission::may_create_silently(&who.session, caller.now) {
        return Err(CeremonyError::ConfirmNeeded);
    }
    let user = who.user.id;
    let existing = cx.db.read(move |tx| passkeys::of_user(tx, user).map_err(CeremonyError::Store)).await?;
    let settings = cx.settings();
    if settings.has_usable(&who.user, &existing) {
        return Err(CeremonyError::ConfirmNeeded);
    }
    let policy = settings.of(&who.user).passkeys;
    judge::may_begin(&policy, Place::ThisComputer)?;
    // What a browser makes silently is backed up, and nothing vouches for it.
    if !judge::takes_unproven_backed_up(&policy) {
        return Err(CeremonyError::Policy(PasskeyRefusal::Kind { backed_up: true }));
    }
    if !account::methods::may_add(&existing) {
        return Err(CeremonyError::TooManyPasskeys);
    }
    let mut request = request(cx, who, &existing);
    // Neither presence nor verification can be had without a prompt.
    request.mediation = Mediation::Conditional;
    request.user_verification = UserVerification::Preferred;
    // Browsers refuse to ask for a key that is used with verification only where its making may go without.
    request.extensions.credential_protection_policy = None;
    let (options, ceremony) =
        registration::begin(&cx.relying_party, request, caller.now, caller.entropy.as_mut());
    let state = State { ceremony, place: Place::ThisComputer, confirmed_at: None, errand: None };
    let state = ceremony::seal_state(cx, caller, Purpose::Register, Some(who.session.id), &state);
    Ok(Started { options: ceremony::json(&options), state })
}

/// Finishes it; that nobody was asked is in the sealed state.
pub async fn finish_conditional(
    cx: &Context,
    caller: &mut Caller,
    who: &Who,
    state: &str,
    response: &str,
    suggested_name: impl FnOnce([u8; 16]) -> String,
) -> Result<Registered, CeremonyError> {
    finish(cx, caller, who, state, response, suggested_name).await
}
