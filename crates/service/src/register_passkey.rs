//! Registering a passkey.
//!
//! What policy forbids is said before the browser makes a passkey that could not be kept. The commit that stores
//! the passkey also spends the challenge, the one-time pass or the confirmation, and writes the event. A phone that
//! does so for a computer does it by an errand (`enrol_phone`), which the same commit ends.

mod certify;
mod conditional;
mod permission;
mod replay;

pub(crate) use certify::certify_for;
pub use certify::{Standing, certify, standing};
pub use conditional::{begin_conditional, finish_conditional};
pub use permission::must_confirm;
pub(crate) use permission::{Permission, end_weaker, is_of_onboarding, permission};
pub(crate) use replay::replayed;

use std::sync::Arc;

use account::action::Action;
use account::audit::{Actor, EventKind};
use account::enrolment::EnrolmentId;
use account::methods;
use account::passkey::{self, Attachment, Binding, Passkey, PasskeyId, PasskeyStatus, Place};
use account::policy::judge;
use account::role::Role;
use account::session::{ClientLabel, Session, SessionId};
use account::temporary_pass::{PassId, PassState};
use account::user::{User, UserId};
use fido::credential::Attachment as FidoAttachment;
use fido::options::{AttestationConveyance, Hint, UserEntity};
use fido::response::RegistrationResponse;
use primitives::cose::Algorithm;
use primitives::digest::{self, Digest};
use primitives::id::Id;
use primitives::time::Timestamp;
use serde::{Deserialize, Serialize};
use store::spent::Taken;
use store::{Tx, passkeys, sessions, temporary_passes};
use webauthn::{
    Mediation, RegisteredCredential, RegistrationChecks, RegistrationRequest, RegistrationState, registration,
};

use crate::assertion;
use crate::attest_devices;
use crate::ceremony::{self, CeremonyError, Purpose, Started};
use crate::context::{Caller, Context, Settings, Who};
use crate::enrol_phone;
use crate::events::{self, Pen, Refused};
use crate::judged;
use crate::manage_sessions;
use crate::recorded_case;

/// A stored passkey.
#[derive(Clone, Debug)]
pub struct Registered {
    /// The passkey.
    pub passkey: Passkey,
    /// Whether the same answer had been received before; its reply was lost.
    pub replayed: bool,
}

#[derive(Clone, Serialize, Deserialize)]
struct State {
    ceremony: RegistrationState,
    place: Place,
    /// When the session confirmed that it wants this, or proved who it is; absent in a limited session.
    confirmed_at: Option<Timestamp>,
    /// The errand by which a phone does this for a computer.
    errand: Option<EnrolmentId>,
}

/// Whose passkey it shall be, and on which session's authority.
#[derive(Clone, Copy)]
pub(crate) struct Asking {
    pub(crate) user: UserId,
    pub(crate) session: SessionId,
    /// The errand by which a phone does this for a computer.
    pub(crate) errand: Option<EnrolmentId>,
}

impl From<&Who> for Asking {
    fn from(who: &Who) -> Self {
        Self { user: who.user.id, session: who.session.id, errand: None }
    }
}

/// The algorithms to offer, most preferred first: what authenticators make today; in front of it, if the deployment
/// wants it, what withstands quantum computers. Authenticators take the first that they know.
pub fn algorithms(post_quantum: bool) -> Vec<Algorithm> {
    let first: &[Algorithm] =
        if post_quantum { &[Algorithm::MlDsa44, Algorithm::MlDsa65, Algorithm::MlDsa87] } else { &[] };
    [first, &[Algorithm::Es256, Algorithm::EdDsa, Algorithm::Rs256]].concat()
}

/// Begins to register a passkey in `place`.
pub async fn begin(
    cx: &Context,
    caller: &mut Caller,
    who: &Who,
    place: Place,
) -> Result<Started, CeremonyError> {
    begin_for(cx, caller, who, place, None).await
}

/// The same, perhaps for an errand, on which the passkey is made on the phone that asks.
pub(crate) async fn begin_for(
    cx: &Context,
    caller: &mut Caller,
    who: &Who,
    place: Place,
    errand: Option<EnrolmentId>,
) -> Result<Started, CeremonyError> {
    // What policy would not keep anyway is not made first.
    judge::may_begin(&cx.settings().of(&who.user).passkeys, place)?;
    let (settings, asking, now) = (cx.settings(), who.clone(), caller.now);
    let (existing, confirmed_at) = cx
        .db
        .read(move |tx| -> Result<_, CeremonyError> {
            let existing = passkeys::of_user(tx, asking.user.id)?;
            let who = (&*settings, &asking.user);
            let permission = permission(tx, now, who, &asking.session, &existing)?.fresh(now)?;
            let confirmed_at = permission.given();
            Ok((existing, confirmed_at))
        })
        .await?;
    if !methods::may_add(&existing) {
        return Err(CeremonyError::TooManyPasskeys);
    }
    let (attachment, hint) = match place {
        Place::Phone if errand.is_some() => (FidoAttachment::Platform, Hint::ClientDevice),
        Place::ThisComputer => (FidoAttachment::Platform, Hint::ClientDevice),
        Place::SecurityKey => (FidoAttachment::CrossPlatform, Hint::SecurityKey),
        Place::Phone => (FidoAttachment::CrossPlatform, Hint::Hybrid),
    };
    let mut request = request(cx, who, &existing);
    request.attachment = Some(attachment);
    request.hints = vec![hint];
    let (options, ceremony) =
        registration::begin(&cx.relying_party, request, caller.now, caller.entropy.as_mut());
    let state = State { ceremony, place, confirmed_at, errand };
    let state = ceremony::seal_state(cx, caller, Purpose::Register, Some(who.session.id), &state);
    Ok(Started { options: ceremony::json(&options), state })
}

/// What every registration of a person asks for.
fn request(cx: &Context, who: &Who, existing: &[Passkey]) -> RegistrationRequest {
    let user = UserEntity {
        id: who.user.handle.to_vec().into(),
        name: who.user.login.shown().to_owned(),
        display_name: who.user.name.clone(),
    };
    let mut request = RegistrationRequest::new(user, "register");
    let (settings, policy) = (cx.settings(), cx.settings().of(&who.user).passkeys);
    request.algorithms = judge::algorithms(&policy, &settings.algorithms);
    if judge::asks_for_attestation(&policy) {
        request.attestation = AttestationConveyance::Direct;
    }
    request.exclude = assertion::descriptors(existing);
    request.binding = Action::AddPasskey.digest(who.session.id);
    request
}

/// Finishes it. `suggested_name` names a passkey by its AAGUID.
///
/// The same answer from the same browser gets the same passkey again: a lost reply loses nothing.
pub async fn finish(
    cx: &Context,
    caller: &mut Caller,
    who: &Who,
    state: &str,
    response: &str,
    suggested_name: impl FnOnce([u8; 16]) -> String,
) -> Result<Registered, CeremonyError> {
    finish_for(cx, caller, who.into(), state, response, suggested_name).await
}

/// The same, perhaps for an errand.
pub(crate) async fn finish_for(
    cx: &Context,
    caller: &mut Caller,
    asking: Asking,
    state: &str,
    response: &str,
    suggested_name: impl FnOnce([u8; 16]) -> String,
) -> Result<Registered, CeremonyError> {
    let finished = attempt(cx, caller, asking, state, response, suggested_name).await;
    if let Err(error) = &finished
        && error.store().is_none()
    {
        let kind = EventKind::PasskeyRefused { code: error.cause().to_owned() };
        let begun = ceremony::open_state(cx, caller, Purpose::Register, Some(asking.session), state);
        let case = begun.ok().and_then(|begun: State| {
            recorded_case::of_registration(&begun.ceremony, response, caller.now, error)
        });
        let refused = Refused { subject: Some(asking.user), kind, cause: error.cause(), case };
        events::record_refusal(cx, caller, Actor::User(asking.user), refused).await;
    }
    finished
}

async fn attempt(
    cx: &Context,
    caller: &mut Caller,
    asking: Asking,
    state: &str,
    response: &str,
    suggested_name: impl FnOnce([u8; 16]) -> String,
) -> Result<Registered, CeremonyError> {
    let state: State = ceremony::open_state(cx, caller, Purpose::Register, Some(asking.session), state)?;
    if state.errand != asking.errand {
        return Err(CeremonyError::Seal);
    }
    let response = RegistrationResponse::parse(response).map_err(CeremonyError::Response)?;
    let answer = digest::sha256_parts(&[&response.client_data_json, &response.attestation_object]);
    if let Some(passkey) = replay::stored_before(cx, asking.user, &state, answer).await? {
        return Ok(Registered { passkey, replayed: true });
    }
    let settings = cx.settings();
    let anchors = judged::anchors_of(&settings, &response);
    // That an attestation is trusted is for the person's profiles to demand, in the commit.
    let checks = RegistrationChecks { trust_anchors: &anchors, ..RegistrationChecks::default() };
    let credential = registration::finish(&cx.relying_party, &state.ceremony, &response, checks, caller.now)
        .map_err(CeremonyError::Registration)?;
    let storing = Storing {
        settings,
        asking,
        browser: caller.browser.digest(),
        id: Id::new(caller.now, caller.entropy.as_mut()),
        suggested_name: suggested_name(credential.aaguid),
        client: caller.client.clone(),
        pen: Pen::new(caller, Actor::User(asking.user)),
        state,
        answer,
        attested_by: attest_devices::attested_key(&cx.settings(), &credential),
        credential,
    };
    cx.db.write(move |tx| storing.clone().run(tx)).await
}

/// Everything that storing needs, made before the writer is entered.
#[derive(Clone)]
struct Storing {
    settings: Arc<Settings>,
    asking: Asking,
    browser: Digest,
    id: PasskeyId,
    suggested_name: String,
    client: ClientLabel,
    pen: Pen,
    state: State,
    answer: Digest,
    /// The key of the device that attested it, if that is one of the organisation's own authority.
    attested_by: Option<Vec<u8>>,
    credential: RegisteredCredential,
}

impl Storing {
    fn run(mut self, tx: &mut Tx<'_>) -> Result<Registered, CeremonyError> {
        let now = tx.now()?;
        let Asking { user, session, errand } = self.asking;
        let Who { user, session } =
            manage_sessions::lock_standing_of(tx, now, &self.settings, user, session)?
                .ok_or(CeremonyError::SessionEnded)?;
        let outcome = [self.id.as_bytes().as_slice(), &self.answer].concat();
        let ceremony = &self.state.ceremony;
        match ceremony::use_challenge(tx, now, &ceremony.challenge, ceremony.expires, &outcome)? {
            Taken::First => {}
            Taken::Already(outcome) => {
                let passkey = replayed(tx, user.id, &outcome, &self.answer)?;
                return Ok(Registered { passkey, replayed: true });
            }
        }
        let errand = match errand {
            Some(id) => Some(enrol_phone::to_finish(tx, now, &self.settings, user.id, (id, &self.browser))?),
            None => None,
        };
        let existing = passkeys::of_user(tx, user.id)?;
        let judging = (&*self.settings, &user);
        let permission = match self.state.ceremony.mediation {
            Mediation::Optional => permission(tx, now, judging, &session, &existing)?,
            Mediation::Conditional => Permission::conditional(&session, &existing, judging)?,
        };
        let binding = permission.binding(&session);
        let vouched = permission.vouched(tx, &self.settings, &user, &session)?;
        if !methods::may_add(&existing) {
            return Err(CeremonyError::TooManyPasskeys);
        }
        let device = attest_devices::settle(tx, self.attested_by.as_deref(), &mut self.credential)?;
        judge::may_register(
            &self.settings.of(&user).passkeys,
            &judged::facts(&self.credential),
            &self.settings.models,
        )?;
        let pass = self.use_up(tx, now, permission, &session)?;
        let passkey = self.passkey(now, &user, (binding, vouched), &existing);
        if !passkeys::insert(tx, &passkey)? {
            return Err(CeremonyError::Duplicate);
        }
        if let Some(device) = device {
            attest_devices::note(tx, &device, &passkey)?;
        }
        let kind = EventKind::PasskeyAdded { passkey: passkey.id, binding: passkey.binding, pass };
        self.pen.write(tx, now, Some(user.id), kind)?;
        let keep = [session.id, errand.as_ref().map_or(session.id, |errand| errand.session)];
        permission::end_weaker(tx, now, &self.settings, (&user, &existing), &keep, &mut self.pen)?;
        if let Some(errand) = errand {
            enrol_phone::finished(tx, now, &errand, (&self.browser, passkey.id), &mut self.pen)?;
        }
        Ok(Registered { passkey, replayed: false })
    }

    /// Spends the one-time pass, or uses the confirmation up; gives the pass that was spent.
    fn use_up(
        &self,
        tx: &mut Tx<'_>,
        now: Timestamp,
        permission: Permission,
        session: &Session,
    ) -> Result<Option<PassId>, CeremonyError> {
        match permission {
            Permission::Pass(pass) if pass.one_time => {
                // Zero rows: somebody else moved it first.
                temporary_passes::set_state(tx, &pass, PassState::Spent { at: now })?
                    .map(|pass| Some(pass.id))
                    .ok_or(CeremonyError::PassEnded)
            }
            Permission::Pass(_) | Permission::Restricted | Permission::Conditional => Ok(None),
            // The very confirmation on which the browser was asked; how long the person then took to answer is
            // bounded by the challenge.
            Permission::Confirmed { at } if self.state.confirmed_at == Some(at) => {
                let used = Session { confirmed: None, ..session.clone() };
                if sessions::update(tx, &used)? { Ok(None) } else { Err(CeremonyError::SessionEnded) }
            }
            // Used up by the passkey that there is now.
            Permission::Fresh { at } if self.state.confirmed_at == Some(at) => Ok(None),
            Permission::Confirmed { .. } | Permission::Fresh { .. } => Err(CeremonyError::ConfirmNeeded),
        }
    }

    fn passkey(
        &self,
        now: Timestamp,
        user: &User,
        (binding, vouched): (Binding, Option<Role>),
        existing: &[Passkey],
    ) -> Passkey {
        let credential = &self.credential;
        Passkey {
            id: self.id,
            user: user.id,
            credential_id: credential.credential_id.clone(),
            public_key: credential.public_key.clone(),
            sign_count: credential.sign_count,
            aaguid: credential.aaguid,
            transports: credential.transports.clone(),
            backup_eligible: credential.backup_eligible,
            backed_up: credential.backed_up,
            attestation: judged::attestation_kind(credential.attestation.kind),
            attestation_trusted: credential.attestation.trusted,
            attachment: credential.attachment.map(|attachment| match attachment {
                FidoAttachment::Platform => Attachment::Platform,
                FidoAttachment::CrossPlatform => Attachment::CrossPlatform,
            }),
            place: self.state.place,
            binding,
            name: passkey::free_name(&self.suggested_name, existing),
            status: PasskeyStatus::Enabled,
            created: now,
            created_on: self.client.browser.clone(),
            last_used: None,
            last_used_on: None,
            tried: false,
            counter_anomaly: false,
            vouched,
        }
    }
}
