//! What runs by itself: the audit sequencer, and sweeping what is over. No decision waits for the sweeping.

use account::audit::{Actor, EventKind};
use primitives::time::Span;
use store::audit::{self, Sequenced};
use store::{Db, StoreError, sessions, settings, spent};

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
}

impl Swept {
    /// Whether another turn would find more.
    pub fn more(self) -> bool {
        self.spent.max(self.sessions) >= store::SWEEP.unsigned_abs()
    }
}

/// One turn of removing rows that decide nothing any more.
pub async fn sweep(cx: &Context) -> Result<Swept, StoreError> {
    cx.db.write(|tx| Ok(Swept { spent: spent::sweep(tx)?, sessions: sessions::sweep(tx)? })).await
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
