//! A person lets a device in, or does not.

use account::action::Action;
use account::application::Consent;
use account::audit::{Actor, EventKind};
use account::device_code::{Approval, DeviceCode, State};
use account::evidence::Evidence;
use account::strength::Strength;
use account::user::User;
use oidc::scope::Scopes;
use primitives::time::Timestamp;
use store::clients::Stored;
use store::consents::Consent as Given;
use store::{StoreError, Tx, consents, device_codes, sessions};

use super::find::{application_of, waits};
use super::{DeviceError, Typed, target};
use crate::application_needs::is_assigned;
use crate::context::{Caller, Context, Settings, Who};
use crate::events::Pen;
use crate::manage_sessions;

/// Lets the device in. The session has confirmed [`Action::ApproveDevice`] for this very code with a passkey, and what that
/// proved is all that counts: neither that somebody is signed in, nor what they proved before.
pub async fn approve(cx: &Context, caller: &mut Caller, who: &Who, typed: &Typed) -> Result<(), DeviceError> {
    let pen = Pen::new(caller, Actor::User(who.user.id));
    let (settings, who, typed) = (cx.settings(), who.clone(), typed.clone());
    cx.db
        .write(move |tx| {
            let now = tx.now()?;
            let Who { user, mut session } = standing(tx, now, &settings, &who)?;
            let evidence = confirmed(&Who { user: user.clone(), session: session.clone() }, &typed, now)?;
            let device = locked(tx, now, &typed)?;
            let application = application_of(tx, &device)?.ok_or(DeviceError::Unknown)?;
            if !is_assigned(&user, &application.application) {
                return Err(DeviceError::NotAssigned);
            }
            if !settings.opens(&user, &application.application, &evidence) {
                return Err(DeviceError::TooWeak);
            }
            let mut pen = pen.clone();
            allow(tx, now, &user, (&application, &device), &mut pen)?;
            session.confirmed = None;
            sessions::update(tx, &session)?;
            let approval = Approval {
                user: user.id,
                sid: session.sid,
                evidence,
                security_epoch: user.security_epoch,
                deployment_epoch: settings.deployment_epoch,
                at: now,
            };
            if !device_codes::decide(tx, device.id, State::Approved(Box::new(approval)))? {
                return Err(DeviceError::Unknown);
            }
            pen.write(tx, now, Some(user.id), EventKind::DeviceApproved { client: device.client })?;
            Ok(())
        })
        .await
}

/// What the page said that the application will see is what the person allows by letting the device in.
fn allow(
    tx: &mut Tx<'_>,
    now: Timestamp,
    user: &User,
    (application, device): (&Stored, &DeviceCode),
    pen: &mut Pen,
) -> Result<(), StoreError> {
    if application.application.consent == Consent::PreApproved {
        return Ok(());
    }
    let earlier = consents::get(tx, user.id, application.id())?;
    let earlier = earlier.map(|earlier| earlier.scopes).unwrap_or_default();
    let scopes = earlier.or(&Scopes::parse(&device.request.scopes).unwrap_or_default());
    let client = application.id().clone();
    let kind = EventKind::ConsentGiven { client: client.to_string(), scopes: scopes.to_string() };
    consents::put(tx, &Given { user: user.id, client, scopes, given: now })?;
    pen.write(tx, now, Some(user.id), kind)
}

/// Does not let the device in. That takes no passkey: it opens nothing.
pub async fn decline(cx: &Context, caller: &mut Caller, who: &Who, typed: &Typed) -> Result<(), DeviceError> {
    let pen = Pen::new(caller, Actor::User(who.user.id));
    let (settings, who, typed) = (cx.settings(), who.clone(), typed.clone());
    cx.db
        .write(move |tx| {
            let now = tx.now()?;
            let Who { user, .. } = standing(tx, now, &settings, &who)?;
            let device = locked(tx, now, &typed)?;
            if !device_codes::decide(tx, device.id, State::Declined)? {
                return Err(DeviceError::Unknown);
            }
            pen.clone().write(tx, now, Some(user.id), EventKind::DeviceDeclined { client: device.client })?;
            Ok(())
        })
        .await
}

fn standing(tx: &mut Tx<'_>, now: Timestamp, settings: &Settings, who: &Who) -> Result<Who, DeviceError> {
    let who = manage_sessions::lock_standing(tx, now, settings, who)?.ok_or(DeviceError::SessionEnded)?;
    if who.session.is_limited() { Err(DeviceError::SessionEnded) } else { Ok(who) }
}

/// What confirming this device proved: a passkey that verified the person, used for nothing else.
fn confirmed(who: &Who, typed: &Typed, now: Timestamp) -> Result<Evidence, DeviceError> {
    let action = Action::ApproveDevice(target(&typed.code));
    if !who.session.has_confirmed(&action.digest(who.session.id), now) {
        return Err(DeviceError::ConfirmNeeded);
    }
    let evidence = who.session.confirming_evidence().ok_or(DeviceError::ConfirmNeeded)?;
    if Strength::Passwordless.satisfied_by(&evidence) { Ok(evidence) } else { Err(DeviceError::TooWeak) }
}

/// The device of the code that was typed, if it still waits, its row locked behind its owner's.
fn locked(tx: &mut Tx<'_>, now: Timestamp, typed: &Typed) -> Result<DeviceCode, DeviceError> {
    let found = device_codes::by_user_code(tx, &typed.code)?.filter(|found| found.id == typed.id);
    let Some(found) = found else { return Err(DeviceError::Unknown) };
    let device = device_codes::lock(tx, found.id)?.filter(|device| waits(device, now));
    device.ok_or(DeviceError::Unknown)
}
