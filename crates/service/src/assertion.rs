//! Assertions: verified outside the writer, judged again inside it.

use std::sync::Arc;

use account::audit::{Actor, EventKind};
use account::passkey::{Attachment, Passkey, PasskeyId, Place};
use account::session::{ClientLabel, Opening, Session};
use account::user::{User, UserId};
use fido::CredentialDescriptor;
use fido::options::Hint;
use fido::response::AuthenticationResponse;
use primitives::id::Id;
use primitives::secret::Token;
use primitives::time::Timestamp;
use store::spent::Taken;
use store::{StoreError, Tx, passkeys, sessions, users};
use webauthn::{AuthenticationRefusal, AuthenticationState, CounterPolicy, StoredCredential, authentication};

use crate::alarm;
use crate::ceremony::{self, CeremonyError};
use crate::context::{Caller, Context};
use crate::events::{self, Pen, Refused};
use crate::manage_sessions;
use crate::moved::Party;
use crate::recorded_case::{Presented, RefusedCase};

/// An assertion whose signature holds, with the passkey as it was read before.
#[derive(Clone)]
pub(crate) struct Asserted {
    passkey: Passkey,
    user_handle: Vec<u8>,
    presented: Arc<Presented>,
    pub(crate) user_verified: bool,
    sign_count: u32,
    backed_up: bool,
    counters: CounterPolicy,
}

/// A refused assertion, and whose passkey gave it if it was one of ours.
pub(crate) struct Failed {
    pub(crate) error: CeremonyError,
    pub(crate) passkey: Option<(PasskeyId, UserId)>,
    /// The ceremony, if a rule of WebAuthn refused it.
    pub(crate) case: Option<Box<RefusedCase>>,
}

impl From<CeremonyError> for Failed {
    fn from(error: CeremonyError) -> Self {
        Self { error, passkey: None, case: None }
    }
}

impl From<StoreError> for Failed {
    fn from(error: StoreError) -> Self {
        CeremonyError::Store(error).into()
    }
}

/// Passkeys as a client needs them named.
pub(crate) fn descriptors<'a>(passkeys: impl IntoIterator<Item = &'a Passkey>) -> Vec<CredentialDescriptor> {
    passkeys
        .into_iter()
        .map(|passkey| CredentialDescriptor::new(passkey.credential_id.clone(), passkey.transports.clone()))
        .collect()
}

/// What the person will probably use: the phone, where each of these passkeys lies on one and cannot be anywhere else. A
/// browser that heeds it shows its code at once.
pub(crate) fn hints<'a>(passkeys: impl IntoIterator<Item = &'a Passkey>) -> Vec<Hint> {
    let mut passkeys = passkeys.into_iter().peekable();
    let on_a_phone = |passkey: &Passkey| {
        passkey.place == Place::Phone
            && passkey.attachment == Some(Attachment::CrossPlatform)
            && !passkey.backup_eligible
    };
    if passkeys.peek().is_some() && passkeys.all(on_a_phone) { vec![Hint::Hybrid] } else { Vec::new() }
}

/// Verifies `response` against the begun ceremony. `whose` is the account that is asked, if one is.
///
/// Whether passkey and account are enabled is not looked at here: who cannot sign learns nothing of it.
pub(crate) async fn verify(
    cx: &Context,
    now: Timestamp,
    (party, state): (Party, &AuthenticationState),
    response: &str,
    whose: Option<UserId>,
) -> Result<Asserted, Failed> {
    // Before the database is asked: an old page costs nothing.
    if now >= state.expires {
        return Err(CeremonyError::Expired.into());
    }
    let presented = Arc::new(Presented { state: state.clone(), response: response.to_owned(), now, party });
    let relying_party = cx.party(party).ok_or(CeremonyError::Seal)?;
    let response = AuthenticationResponse::parse(response).map_err(|refusal| Failed {
        error: CeremonyError::Response(refusal),
        passkey: None,
        case: Some(Box::new(presented.unread(refusal.code()))),
    })?;
    let credential_id = response.credential_id.clone();
    let found = cx.db.read(move |tx| owned(tx, &credential_id)).await?;
    let stored = found.as_ref().map(|(passkey, user)| record_of(passkey, &user.handle));
    let judged = authentication::finish(relying_party, state, &response, stored.as_ref(), now);
    let refused = |error, passkey, stored| {
        let case = judged.as_ref().err().map(|refusal| Box::new(presented.refused(refusal.code(), stored)));
        Failed { error, passkey, case }
    };
    let Some((passkey, user)) = found else {
        return Err(refused(CeremonyError::UnknownCredential, None, None));
    };
    let id = Some((passkey.id, passkey.user));
    if whose.is_some_and(|whose| whose != passkey.user) {
        return Err(refused(CeremonyError::WrongAccount, id, stored));
    }
    match &judged {
        Ok(proven) => Ok(Asserted {
            passkey,
            user_handle: user.handle.to_vec(),
            presented,
            user_verified: proven.user_verified,
            sign_count: proven.sign_count,
            backed_up: proven.backed_up,
            counters: relying_party.counters(),
        }),
        Err(AuthenticationRefusal::CredentialNotAllowed) => {
            Err(refused(CeremonyError::OtherPasskey(passkey.id), id, stored))
        }
        Err(refusal) => Err(refused(CeremonyError::Assertion(*refusal), id, stored)),
    }
}

/// The passkey as the ceremony takes it.
fn record_of(passkey: &Passkey, user_handle: &[u8]) -> StoredCredential {
    StoredCredential {
        credential_id: passkey.credential_id.clone(),
        public_key: passkey.public_key.clone(),
        sign_count: passkey.sign_count,
        backup_eligible: passkey.backup_eligible,
        user_handle: user_handle.to_vec(),
    }
}

fn owned(tx: &mut Tx<'_>, credential_id: &[u8]) -> Result<Option<(Passkey, User)>, StoreError> {
    let Some(passkey) = passkeys::by_credential_id(tx, credential_id)? else {
        return Ok(None);
    };
    // A passkey without its owner cannot be: a foreign key holds them together.
    Ok(users::by_id(tx, passkey.user)?.map(|user| (passkey, user)))
}

impl Asserted {
    /// The passkey and its owner.
    pub(crate) fn id(&self) -> (PasskeyId, UserId) {
        (self.passkey.id, self.passkey.user)
    }

    /// Refused in the commit, for a reason that is no rule of WebAuthn.
    pub(crate) fn failed(&self, error: CeremonyError) -> Failed {
        Failed { error, passkey: Some(self.id()), case: None }
    }

    /// The passkey was removed since it was read.
    fn vanished(&self) -> Failed {
        let error = CeremonyError::UnknownCredential;
        let case = self.presented.refused(AuthenticationRefusal::UnknownCredential.code(), None);
        Failed { case: Some(Box::new(case)), ..self.failed(error) }
    }

    /// The passkey, as it is now, has been used since it was read.
    fn did_not_advance(&self, passkey: &Passkey) -> Failed {
        let refusal = AuthenticationRefusal::SignCount;
        let stored = record_of(passkey, &self.user_handle);
        let case = self.presented.refused(refusal.code(), Some(stored));
        Failed { case: Some(Box::new(case)), ..self.failed(CeremonyError::Assertion(refusal)) }
    }

    /// Uses the challenge up, locks the owner, reads again what the assertion rests on, and records the use.
    pub(crate) fn settle(
        &self,
        tx: &mut Tx<'_>,
        now: Timestamp,
        new: &NewSession,
        pen: &mut Pen,
    ) -> Result<(User, Passkey), Failed> {
        let user = users::lock(tx, self.passkey.user)?.ok_or_else(|| self.vanished())?;
        let AuthenticationState { challenge, expires, .. } = &self.presented.state;
        match ceremony::use_challenge(tx, now, challenge, *expires, &[])? {
            Taken::First => {}
            Taken::Already(_) => return Err(self.failed(CeremonyError::Replayed)),
        }
        let passkey = passkeys::by_id(tx, self.passkey.user, self.passkey.id)?
            .filter(|passkey| passkey.public_key == self.passkey.public_key)
            .ok_or_else(|| self.vanished())?;
        if !user.is_enabled() {
            return Err(self.failed(CeremonyError::DisabledUser));
        }
        if !passkey.is_enabled() {
            return Err(self.failed(CeremonyError::DisabledCredential));
        }
        // What was good enough when it was registered may not be any more: policy, groups and metadata change.
        new.settings.takes(&user, &passkey).map_err(|refusal| self.failed(refusal.into()))?;
        let stood_still =
            (passkey.sign_count != 0 || self.sign_count != 0) && self.sign_count <= passkey.sign_count;
        if stood_still && self.counters == CounterPolicy::Refuse {
            return Err(self.did_not_advance(&passkey));
        }
        let passkey_flagged = passkey.counter_anomaly;
        let used = Passkey {
            sign_count: self.sign_count.max(passkey.sign_count),
            backed_up: self.backed_up,
            last_used: Some(now),
            last_used_on: Some(new.client.browser.clone()),
            tried: true,
            counter_anomaly: passkey.counter_anomaly || stood_still,
            ..passkey
        };
        if !passkeys::record_use(tx, &used)? {
            return Err(self.failed(CeremonyError::DisabledCredential));
        }
        if stood_still && !passkey_flagged {
            pen.write(tx, now, Some(user.id), EventKind::CounterAnomaly { passkey: used.id })?;
        }
        Ok((user, used))
    }
}

/// Records a refused assertion, and flags the passkey if its counter gave a copy away. `kind` makes the event.
pub(crate) async fn record(
    cx: &Context,
    caller: &mut Caller,
    failed: &Failed,
    who: Option<UserId>,
    kind: impl FnOnce(String, Option<PasskeyId>) -> EventKind,
) {
    let Failed { error, passkey, case } = failed;
    if let Some(error) = error.store() {
        tracing::error!(reference = %caller.reference, %error, "a ceremony failed");
        return;
    }
    let cause = error.cause();
    let subject = who.or(passkey.map(|(_, user)| user));
    let kind = kind(cause.to_owned(), passkey.map(|(id, _)| id));
    let actor = who.map_or(Actor::System, Actor::User);
    events::record_refusal(
        cx,
        caller,
        actor,
        Refused { subject, kind, cause, case: case.as_deref().cloned() },
    )
    .await;
    if let (CeremonyError::Assertion(AuthenticationRefusal::SignCount), Some((id, user))) = (error, *passkey)
    {
        let pen = Pen::new(caller, actor);
        let flagged = cx.db.write(move |tx| flag_counter(tx, user, id, &mut pen.clone())).await;
        if let Err(error) = flagged {
            tracing::warn!(%error, "a counter anomaly was not recorded");
        }
    }
}

/// Flags the passkey once: whoever has the copy can make no flood of rows with it.
fn flag_counter(tx: &mut Tx<'_>, user: UserId, id: PasskeyId, pen: &mut Pen) -> Result<(), StoreError> {
    users::lock(tx, user)?;
    let passkey = passkeys::by_id(tx, user, id)?.filter(|passkey| !passkey.counter_anomaly);
    if let Some(passkey) = passkey
        && passkeys::record_use(tx, &Passkey { counter_anomaly: true, ..passkey })?
    {
        let now = tx.now()?;
        pen.write(tx, now, Some(user), EventKind::CounterAnomaly { passkey: id })?;
    }
    Ok(())
}

/// What opens a session in this request: drawn before the writer is entered.
#[derive(Clone)]
pub(crate) struct NewSession {
    pub(crate) token: Token,
    id: account::session::SessionId,
    deployment_epoch: i64,
    browser: primitives::digest::Digest,
    pub(crate) client: ClientLabel,
    pub(crate) settings: std::sync::Arc<crate::context::Settings>,
}

impl NewSession {
    pub(crate) fn new(cx: &Context, caller: &mut Caller) -> Self {
        Self {
            token: Token::generate(caller.entropy.as_mut()),
            id: Id::new(caller.now, caller.entropy.as_mut()),
            deployment_epoch: cx.settings().deployment_epoch,
            browser: caller.browser.digest(),
            client: caller.client.clone(),
            settings: cx.settings(),
        }
    }

    pub(crate) fn opening(&self, now: Timestamp) -> Opening {
        Opening {
            id: self.id,
            deployment_epoch: self.deployment_epoch,
            browser: self.browser,
            client: self.client.clone(),
            now,
        }
    }

    /// A full session of `user` on what the assertion proved.
    pub(crate) fn open(
        &self,
        user: &User,
        passkey: &Passkey,
        user_verified: bool,
        now: Timestamp,
    ) -> Session {
        let evidence = account::evidence::Evidence::from_assertion(passkey, user_verified, now);
        Session::open(user, evidence, &self.settings.sessions, self.opening(now))
    }

    /// `session` in place of what the user has in this browser, whose line it carries on: nobody is left signed in
    /// behind a cookie that was overwritten, and applications know the person by one sign-in.
    pub(crate) fn in_browser(
        &self,
        tx: &mut Tx<'_>,
        user: &User,
        session: Session,
        now: Timestamp,
    ) -> Result<Session, StoreError> {
        let stands = |old: &Session| {
            old.is_live(now, &self.settings.sessions) && old.stands_with(user, self.deployment_epoch)
        };
        let line = sessions::replace_of_browser(tx, user.id, &session.browser, stands)?;
        Ok(Session { sid: line.unwrap_or(session.sid), ..session })
    }

    /// A full session of `user` in place of the `onboarding` one: the session that the pass opened ends here, and with
    /// it a one-time pass that registered nothing. It is a sign-in, and the event says so.
    pub(crate) fn sign_in_from(
        &self,
        tx: &mut Tx<'_>,
        onboarding: &Session,
        user: &User,
        passkey: &Passkey,
        (user_verified, now, pen): (bool, Timestamp, &mut Pen),
    ) -> Result<Session, StoreError> {
        manage_sessions::hand_over(tx, now, user.id, onboarding.id, pen)?;
        let full = self.open(user, passkey, user_verified, now).continuing(onboarding);
        let strength = full.evidence.strength();
        let needed = self.settings.needed(user);
        let kind = EventKind::SignedIn { passkey: passkey.id, session: full.id, strength, needed };
        pen.write(tx, now, Some(user.id), kind)?;
        alarm::raise(tx, now, user, full.id, pen)?;
        Ok(full)
    }
}
