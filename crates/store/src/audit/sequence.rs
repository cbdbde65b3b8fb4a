//! The sequencer: numbers what was committed and chains it.

use account::audit::EventId;
use primitives::time::{Span, Timestamp};

use super::chain::{self, Batch, GENESIS, Head};
use super::{Entry, read, select};
use crate::db::Tx;
use crate::error::StoreError;

/// Events in one batch at most.
const LARGEST: i64 = 4096;

/// What one turn of the sequencer did.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Sequenced {
    /// Another holder has the lease.
    HeldByOther {
        /// Until then, unless it renews.
        until: Timestamp,
    },
    /// Nothing was waiting.
    Nothing,
    /// A batch was made.
    Batch {
        /// The new head; it goes into the anchor file after the commit.
        head: Head,
        /// How many events it numbered.
        events: u64,
        /// Whether more are waiting already.
        more: bool,
    },
}

/// Takes or renews the lease for `holder` and makes one batch of waiting events, in one transaction.
///
/// `holder` is random and names this process. The lease only keeps nodes from working against each other; that the
/// chain has no fork is the transaction's doing, which reads and writes the lease's row and the last batch.
/// Events that this deployment did not write get no number; [`super::verify`] names them.
pub fn sequence(tx: &mut Tx<'_>, holder: &[u8; 16], lease: Span) -> Result<Sequenced, StoreError> {
    let now = tx.now()?;
    let Some(fence) = take_lease(tx, holder, now, lease)? else {
        return lease_end(tx).map(|until| Sequenced::HeldByOther { until });
    };
    let Waiting { entries, more, foreign } = waiting(tx)?;
    if entries.is_empty() {
        return Ok(Sequenced::Nothing);
    }
    let last = chain::last(tx)?;
    let first_seq = last.as_ref().map_or(0, |batch| batch.last_seq).saturating_add(1);
    if foreign {
        number_one_by_one(tx, &entries, first_seq)?
    } else {
        number_at_once(tx, &entries, first_seq)?
    }
    let leaves: Vec<_> =
        (first_seq..).zip(&entries).map(|(seq, entry)| chain::leaf(seq, &entry.digest)).collect();
    let count = i64::try_from(entries.len()).unwrap_or(i64::MAX);
    let mut batch = Batch {
        number: last.as_ref().map_or(0, |batch| batch.number).saturating_add(1),
        first_seq,
        last_seq: first_seq.saturating_add(count).saturating_sub(1),
        at: now,
        fence,
        root: chain::root(leaves),
        previous: last.map_or(GENESIS, |batch| batch.head),
        head: GENESIS,
        key_id: i64::from(tx.keys().current_id()),
        signature: Vec::new(),
    };
    batch.head = batch.computed_head();
    let signer = tx.keys().audit_signer(tx.keys().current_id());
    batch.signature = signer.map(|signer| signer.sign(&batch.head)).unwrap_or_default();
    insert(tx, &batch)?;
    let events = u64::try_from(entries.len()).unwrap_or(u64::MAX);
    Ok(Sequenced::Batch { head: Head { seq: batch.last_seq, hash: batch.head }, events, more })
}

/// Numbers the oldest waiting events, which are `entries` and no others, in one statement: at a thousand sign-ins a
/// second a statement for each would keep the writer, and on PostgreSQL the transaction, busy for too long.
fn number_at_once(tx: &mut Tx<'_>, entries: &[Entry], first_seq: i64) -> Result<(), StoreError> {
    let Some(last) = entries.last() else { return Ok(()) };
    let numbered = tx.execute(
        "UPDATE audit_events SET seq = waiting.seq FROM (SELECT id AS waiting_id, \
         $1 + ROW_NUMBER() OVER (ORDER BY id) AS seq FROM audit_events WHERE seq IS NULL AND id <= $2) AS waiting \
         WHERE audit_events.id = waiting.waiting_id",
        &[first_seq.saturating_sub(1).into(), (&last.event.id).into()],
    )?;
    // Another row than those that were read would get a number without being in the batch.
    if usize::try_from(numbered) == Ok(entries.len()) { Ok(()) } else { Err(StoreError::Contention) }
}

/// The same, where rows that this deployment did not write stand between them.
fn number_one_by_one(tx: &mut Tx<'_>, entries: &[Entry], first_seq: i64) -> Result<(), StoreError> {
    for (seq, entry) in (first_seq..).zip(entries) {
        tx.execute(
            "UPDATE audit_events SET seq = $2 WHERE id = $1 AND seq IS NULL",
            &[(&entry.event.id).into(), seq.into()],
        )?;
    }
    Ok(())
}

/// The fencing number if `holder` has the lease now; it rises whenever the holder changes.
fn take_lease(
    tx: &mut Tx<'_>,
    holder: &[u8; 16],
    now: Timestamp,
    lease: Span,
) -> Result<Option<i64>, StoreError> {
    let row = tx.query_one(
        "UPDATE audit_lease SET fence = CASE WHEN holder = $1 THEN fence ELSE fence + 1 END, holder = $1, until = $2 \
         WHERE holder = $1 OR until <= $3 RETURNING fence",
        &[holder.into(), (now + lease).into(), now.into()],
    )?;
    row.map(|row| row.columns("audit_lease").integer()).transpose()
}

/// Gives the lease back, so that the next process need not wait for its end.
pub fn release(tx: &mut Tx<'_>, holder: &[u8; 16]) -> Result<(), StoreError> {
    let gone = Timestamp::EPOCH;
    tx.execute("UPDATE audit_lease SET until = $2 WHERE holder = $1", &[holder.into(), gone.into()])
        .map(|_| ())
}

fn lease_end(tx: &mut Tx<'_>) -> Result<Timestamp, StoreError> {
    let row = tx.query_one("SELECT until FROM audit_lease", &[])?;
    row.map_or(Ok(Timestamp::EPOCH), |row| row.columns("audit_lease").time())
}

/// Whether any event has no number yet; so that an idle sequencer only reads.
pub fn is_waiting(tx: &mut Tx<'_>) -> Result<bool, StoreError> {
    Ok(tx.query_one("SELECT 1 FROM audit_events WHERE seq IS NULL LIMIT 1", &[])?.is_some())
}

/// What waits for a number.
struct Waiting {
    /// The oldest events that this deployment wrote.
    entries: Vec<Entry>,
    /// Whether there are more.
    more: bool,
    /// Whether rows that it did not write stand among or before them.
    foreign: bool,
}

fn waiting(tx: &mut Tx<'_>) -> Result<Waiting, StoreError> {
    let mut after = EventId::from_bytes([0; 16]);
    let mut foreign = false;
    loop {
        let rows = tx.query(
            select!("WHERE seq IS NULL AND id > $1 ORDER BY id LIMIT $2"),
            &[(&after).into(), LARGEST.into()],
        )?;
        let more = i64::try_from(rows.len()).unwrap_or(i64::MAX) >= LARGEST;
        let mut entries = Vec::with_capacity(rows.len());
        for row in rows {
            let id = row.clone().columns(super::TABLE).id()?;
            after = id;
            match read(tx, row) {
                Ok(entry) => entries.push(entry),
                Err(StoreError::Forged { .. } | StoreError::Inconsistent { .. }) => foreign = true,
                Err(error) => return Err(error),
            }
        }
        // A page of nothing but forgeries does not hide what lies behind it.
        if !entries.is_empty() || !more {
            return Ok(Waiting { entries, more, foreign });
        }
    }
}

fn insert(tx: &mut Tx<'_>, batch: &Batch) -> Result<(), StoreError> {
    tx.execute(
        "INSERT INTO audit_batches (number, first_seq, last_seq, at, fence, root, previous, head, key_id, signature) \
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)",
        &[
            batch.number.into(),
            batch.first_seq.into(),
            batch.last_seq.into(),
            batch.at.into(),
            batch.fence.into(),
            (&batch.root).into(),
            (&batch.previous).into(),
            (&batch.head).into(),
            batch.key_id.into(),
            (&batch.signature).into(),
        ],
    )?;
    Ok(())
}
