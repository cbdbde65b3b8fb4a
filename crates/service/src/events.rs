//! Writes audit events in the commit of what they record.

use std::sync::Arc;

use account::audit::{Actor, Event, EventKind};
use account::session::ClientLabel;
use account::user::{User, UserId};
use primitives::digest::Digest;
use primitives::id::Id;
use primitives::time::Timestamp;
use store::{StoreError, Tx, audit, refused_ceremonies};

use crate::context::{Caller, Context};
use crate::drawn::Drawn;
use crate::notify::{self, Telling};
use crate::recorded_case::{RefusedCase, recorded_case};
use crate::refusals::Admitted;

/// Writes the events of one request.
#[derive(Clone)]
pub(crate) struct Pen {
    ids: Drawn,
    browser: Digest,
    actor: Actor,
    client: Option<ClientLabel>,
    reference: String,
}

impl Pen {
    /// For what `actor` does in this request.
    pub(crate) fn new(caller: &mut Caller, actor: Actor) -> Self {
        let client = (caller.client != ClientLabel::default()).then(|| caller.client.clone());
        let (browser, reference) = (caller.browser.digest(), caller.reference.clone());
        Self { ids: Drawn::from(caller), browser, actor, client, reference }
    }

    /// Records `kind`, done to `subject`.
    pub(crate) fn write(
        &mut self,
        tx: &mut Tx<'_>,
        now: Timestamp,
        subject: Option<UserId>,
        kind: EventKind,
    ) -> Result<(), StoreError> {
        self.write_with_note(tx, now, subject, kind, None)
    }

    /// Records `kind`, done to `subject`, with free text.
    pub(crate) fn write_with_note(
        &mut self,
        tx: &mut Tx<'_>,
        now: Timestamp,
        subject: Option<UserId>,
        kind: EventKind,
        note: Option<String>,
    ) -> Result<(), StoreError> {
        self.append(tx, now, subject, (kind, note)).map(|_| ())
    }

    /// Records a change of `subject` after which notices go elsewhere: the mailbox at `left` is told as well.
    pub(crate) fn write_leaving(
        &mut self,
        tx: &mut Tx<'_>,
        now: Timestamp,
        subject: UserId,
        kind: EventKind,
        left: &str,
    ) -> Result<(), StoreError> {
        let event = self.append(tx, now, Some(subject), (kind, None))?;
        notify::of_address_left(tx, &event, left, &mut self.ids)
    }

    /// Records `kind`, done to `subject`, and tells all administrators.
    pub(crate) fn write_to_administrators(
        &mut self,
        tx: &mut Tx<'_>,
        now: Timestamp,
        subject: &User,
        kind: EventKind,
    ) -> Result<(), StoreError> {
        let event = self.append(tx, now, Some(subject.id), (kind, None))?;
        notify::of_break_glass(tx, &event, subject, &mut self.ids)
    }

    /// Records what happened to `subject`, and tells others beside them.
    pub(crate) fn write_telling(
        &mut self,
        tx: &mut Tx<'_>,
        now: Timestamp,
        subject: UserId,
        what: (EventKind, Option<String>),
        telling: &Telling,
    ) -> Result<(), StoreError> {
        let event = self.append(tx, now, Some(subject), what)?;
        notify::of_others(tx, &event, telling, &mut self.ids)
    }

    /// Records what happened to nobody in particular, and tells others of it.
    pub(crate) fn write_told(
        &mut self,
        tx: &mut Tx<'_>,
        now: Timestamp,
        kind: EventKind,
        telling: &Telling,
    ) -> Result<(), StoreError> {
        let event = self.append(tx, now, None, (kind, None))?;
        notify::of_others(tx, &event, telling, &mut self.ids)
    }

    fn append(
        &mut self,
        tx: &mut Tx<'_>,
        now: Timestamp,
        subject: Option<UserId>,
        (kind, note): (EventKind, Option<String>),
    ) -> Result<Event, StoreError> {
        let event = Event {
            id: Id::new(now, &mut self.ids),
            at: now,
            actor: self.actor,
            subject,
            kind,
            client: self.client.clone(),
            note,
            reference: self.reference.clone(),
        };
        audit::append(tx, &event)?;
        notify::of_event(tx, &event, &self.browser, &mut self.ids)?;
        Ok(event)
    }
}

/// Records a refusal in a commit of its own, with the ceremony if a rule of WebAuthn refused it, unless there were too
/// many lately. That the record fails is logged and changes nothing: the refusal stands.
pub(crate) async fn record_refusal(cx: &Context, caller: &mut Caller, actor: Actor, refusal: Refused) {
    tracing::info!(reference = %caller.reference, kind = refusal.kind.name(), cause = refusal.cause, "refused");
    let (actor, subject, kind, case) = match cx.refusals.admit(caller.now) {
        Admitted::Written => (actor, refusal.subject, refusal.kind, refusal.case),
        Admitted::FirstLeftOut => (Actor::System, None, EventKind::RefusalsLeftOut, None),
        Admitted::LeftOut => return,
    };
    let party = case.as_ref().and_then(|case| cx.party(case.party)).unwrap_or(&cx.relying_party);
    let (relying_party, reference) = (Arc::clone(party), caller.reference.clone());
    let pen = Pen::new(caller, actor);
    let recorded = cx
        .db
        .write(move |tx| {
            let now = tx.now()?;
            pen.clone().write(tx, now, subject, kind.clone())?;
            let case = case.as_ref().and_then(|case| recorded_case(&relying_party, &reference, now, case));
            // What is too large is left out; the event stands.
            case.map(|case| refused_ceremonies::insert(tx, &case)).transpose().map(|_| ())
        })
        .await;
    if let Err(error) = recorded {
        tracing::warn!(%error, "a refusal was not recorded");
    }
}

/// What was refused.
pub(crate) struct Refused {
    /// To whom, if the ceremony named somebody of ours.
    pub(crate) subject: Option<UserId>,
    /// The event.
    pub(crate) kind: EventKind,
    /// The precise reason, for the log.
    pub(crate) cause: &'static str,
    /// The ceremony, if a rule of WebAuthn refused it.
    pub(crate) case: Option<RefusedCase>,
}
