//! What a program asks before it creates a passkey: whether it may, and for a certificate of its own.

use account::audit::Actor;
use primitives::time::Timestamp;
use store::{StoreError, passkeys};

use super::{Asking, State, permission};
use crate::attest_devices::{self, AttestError, Certified, Issuing};
use crate::ceremony::{self, CeremonyError, Purpose};
use crate::context::{Caller, Context, Who};
use crate::enrol_phone;
use crate::events::Pen;
use crate::manage_sessions;

/// How far a session is from adding a passkey.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Standing {
    /// It may.
    Create,
    /// It may once a passkey that there is has been touched.
    Confirm,
    /// It may not.
    Over(CeremonyError),
}

/// What a session lacks to add a passkey now.
pub async fn standing(cx: &Context, now: Timestamp, who: &Who) -> Result<Standing, StoreError> {
    let (settings, asking, now) = (cx.settings(), who.clone(), cx.db.not_before(now));
    cx.db
        .read(move |tx| {
            let existing = passkeys::of_user(tx, asking.user.id)?;
            let judging = (&*settings, &asking.user);
            let found = permission(tx, now, judging, &asking.session, &existing);
            match found.and_then(|permission| permission.fresh(now)) {
                Ok(_) => Ok(Standing::Create),
                Err(CeremonyError::ConfirmNeeded) => Ok(Standing::Confirm),
                Err(CeremonyError::Store(error)) => Err(error),
                Err(error) => Ok(Standing::Over(error)),
            }
        })
        .await
}

/// Certifies the device that is about to create a passkey in a ceremony that has begun, for an attestation of its own.
pub async fn certify(
    cx: &Context,
    caller: &mut Caller,
    who: &Who,
    state: &str,
    request: &attest_devices::Request,
) -> Result<Certified, AttestError> {
    certify_for(cx, caller, who.into(), state, request).await
}

/// The same, perhaps for an errand.
pub(crate) async fn certify_for(
    cx: &Context,
    caller: &mut Caller,
    asking: Asking,
    state: &str,
    request: &attest_devices::Request,
) -> Result<Certified, AttestError> {
    let state: State = ceremony::open_state(cx, caller, Purpose::Register, Some(asking.session), state)?;
    if state.errand != asking.errand {
        return Err(CeremonyError::Seal.into());
    }
    if caller.now >= state.ceremony.expires {
        return Err(CeremonyError::Expired.into());
    }
    let proven = attest_devices::proven(request, &state.ceremony.challenge)?;
    let pen = Pen::new(caller, Actor::User(asking.user));
    let (settings, browser) = (cx.settings(), caller.browser.digest());
    let issuing = Issuing::new(cx, caller, proven, pen);
    cx.db
        .write(move |tx| {
            let now = tx.now()?;
            let Asking { user, session, errand } = asking;
            let Who { user, .. } = manage_sessions::lock_standing_of(tx, now, &settings, user, session)?
                .ok_or(CeremonyError::SessionEnded)?;
            if let Some(id) = errand {
                enrol_phone::to_finish(tx, now, &settings, user.id, (id, &browser))?;
            }
            issuing.clone().run(tx, &user)
        })
        .await
}
