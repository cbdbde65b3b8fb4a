//! What runs by itself: the audit sequencer, and sweeping what is over. No decision waits for the sweeping.

use account::audit::{Actor, EventKind};
use primitives::time::Span;
use store::audit::{self, Sequenced};
use store::{
    Db, StoreError, enrolments, notices, partial_sign_ins, pass_mails, pass_orders, pass_requests,
    refused_ceremonies, reported_entries, sessions, settings, spent,
};

use crate::context::{Caller, Context};
use crate::events::Pen;

/// How long the sequencer's lease lasts; it is renewed at every turn, once a second.
const LEASE: Span = Span::from_secs(10);

/// One turn of the audit sequencer. `holder` is random and names this process.
pub async fn sequence_once(cx: &Context, holder: [u8; 16]) -> Result<Sequenced, StoreError> {
    if !cx.db.read(audit::is_waiting).await? {
        return Ok(Sequenced::Nothing);
    }
    cx.db.write(move |tx| audit::sequence(tx, &holder, LEASE)).await
}

/// Gives the sequencer's lease back when the process ends, so that the next one need not wait for its end.
pub async fn stop_sequencing(cx: &Context, holder: [u8; 16]) -> Result<(), StoreError> {
    cx.db.write(move |tx| audit::release(tx, &holder)).await
}

/// How many rows a [`sweep`] removed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Swept {
    /// Spent challenges past their time.
    pub spent: u64,
    /// Sessions that had ended.
    pub sessions: u64,
    /// Sign-ins whose second step was not taken in time.
    pub partial_sign_ins: u64,
    /// Refused ceremonies that were kept long enough.
    pub refused_ceremonies: u64,
    /// Errands for phones that ended a while ago.
    pub enrolments: u64,
    /// Notices that were kept long enough.
    pub notices: u64,
    /// Requests for a pass that were kept long enough.
    pub pass_requests: u64,
    /// Orders of passes that were kept long enough.
    pub pass_orders: u64,
    /// Mails with passes that were kept long enough.
    pub pass_mails: u64,
    /// Reports of entries that were remembered long enough.
    pub reported_entries: u64,
    /// API keys that ended a while ago.
    pub api_keys: u64,
    /// Answers under idempotency keys that were kept long enough.
    pub idempotent_answers: u64,
    /// Codes of devices that ended a while ago.
    pub device_codes: u64,
    /// What applications were granted and has ended.
    pub grants: u64,
    /// Keys that left the key set.
    pub signing_keys: u64,
}

impl Swept {
    /// Whether another turn would find more.
    pub fn more(self) -> bool {
        [
            self.spent,
            self.sessions,
            self.refused_ceremonies,
            self.enrolments,
            self.notices,
            self.pass_requests,
            self.pass_orders,
            self.pass_mails,
            self.reported_entries,
            self.api_keys,
            self.idempotent_answers,
            self.device_codes,
            self.grants,
        ]
        .into_iter()
        .max()
        .unwrap_or(0)
            >= store::SWEEP.unsigned_abs()
    }
}

/// One turn of removing rows that decide nothing any more.
pub async fn sweep(cx: &Context) -> Result<Swept, StoreError> {
    cx.db
        .write(|tx| {
            Ok(Swept {
                spent: spent::sweep(tx)?,
                sessions: sessions::sweep(tx)?,
                partial_sign_ins: partial_sign_ins::sweep(tx)?,
                refused_ceremonies: refused_ceremonies::sweep(tx)?,
                enrolments: enrolments::sweep(tx)?,
                notices: notices::sweep(tx)?,
                pass_requests: pass_requests::sweep(tx)?,
                pass_orders: pass_orders::sweep(tx)?,
                pass_mails: pass_mails::sweep(tx)?,
                reported_entries: reported_entries::sweep(tx)?,
                api_keys: store::api_keys::sweep(tx)?,
                idempotent_answers: store::idempotent_answers::sweep(tx)?,
                device_codes: store::device_codes::sweep(tx)?,
                grants: store::grants::sweep(tx)?,
                signing_keys: store::signing_keys::sweep(tx)?,
            })
        })
        .await
}

/// Records what the operator did outside the database, such as a backup.
pub async fn record(cx: &Context, caller: &mut Caller, kind: EventKind) -> Result<(), StoreError> {
    let pen = Pen::new(caller, Actor::Operator);
    cx.db
        .write(move |tx| {
            let now = tx.now()?;
            pen.clone().write(tx, now, None, kind.clone())
        })
        .await
}

/// The operator accepts that the database's clock is behind what this deployment has seen, after it had been ahead by
/// mistake. A new epoch begins, which ends what the earlier ones had granted; see [`settings::accept_clock`].
pub async fn accept_clock(db: &Db, caller: &mut Caller) -> Result<i64, StoreError> {
    let pen = Pen::new(caller, Actor::Operator);
    let accepted = db.write(move |tx| {
        let (epoch, now, behind) = settings::accept_clock(tx)?;
        let kind = EventKind::ClockAccepted { epoch, behind_seconds: behind.secs() };
        pen.clone().write(tx, now, None, kind)?;
        Ok::<_, StoreError>((epoch, now))
    });
    let (epoch, now) = accepted.await?;
    db.reset_clock(now);
    Ok(epoch)
}

/// The operator accepts a database older than what this node has seen of it (epoch `seen`): a new epoch begins,
/// which ends what the earlier ones had granted. Gives the new epoch.
pub async fn accept_restored(db: &Db, caller: &mut Caller, seen: i64) -> Result<i64, StoreError> {
    let pen = Pen::new(caller, Actor::Operator);
    db.write(move |tx| {
        let now = tx.now()?;
        let epoch = settings::begin_epoch(tx, seen)?;
        pen.clone().write(tx, now, None, EventKind::RestoreAccepted { epoch })?;
        Ok(epoch)
    })
    .await
}
