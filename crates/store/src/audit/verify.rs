//! Checks the whole log and names the first place where it is not what was written.

use account::audit::EventId;
use primitives::time::{Span, Timestamp};

use super::chain::{self, Batch, GENESIS, Head, select_batches};
use super::{read, select};
use crate::db::{Row, Tx};
use crate::error::StoreError;

/// How long an event may wait for its number; the sequencer runs every second.
pub const OVERDUE: Span = Span::from_minutes(1);

const PAGE: i64 = 1000;

/// What [`verify`] found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AuditReport {
    /// Numbered events that were found in order.
    pub events: i64,
    /// Batches that were found in order.
    pub batches: i64,
    /// Events that wait for their number.
    pub pending: i64,
    /// The newest head that was found in order.
    pub head: Option<Head>,
    /// The first fault, if there is one; the counts stop there.
    pub fault: Option<Fault>,
}

/// One place where the log is not what was written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fault {
    /// What is wrong.
    pub kind: FaultKind,
    /// The number of the event, or the first number that the fault affects.
    pub seq: Option<i64>,
    /// The event, if there is one to name.
    pub event: Option<EventId>,
}

/// What can be wrong with the log.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FaultKind {
    /// A numbered event, a batch or the log's end is missing.
    Gap,
    /// The log continues from a point, or leads to one, that it did not have when that was seen.
    Fork,
    /// An event or a batch was not written by this deployment, or was changed or moved since.
    Forged,
    /// An event has waited for its number for more than [`OVERDUE`].
    Overdue,
    /// The log is in order, but a row says what it said before the event.
    RolledBack,
}

impl FaultKind {
    /// The stable code.
    pub fn code(self) -> &'static str {
        match self {
            FaultKind::Gap => "audit_gap",
            FaultKind::Fork => "audit_fork",
            FaultKind::Forged => "audit_forged",
            FaultKind::Overdue => "audit_overdue",
            FaultKind::RolledBack => "row_rolled_back",
        }
    }
}

/// Checks every batch and every event, oldest first. `known` are heads seen earlier, from the anchor file or an
/// export, to which the log must still lead.
pub fn verify(tx: &mut Tx<'_>, known: &[Head]) -> Result<AuditReport, StoreError> {
    let now = tx.now()?;
    verify_by(tx, known, Some(now))
}

/// The same where no sequencer runs, such as in a copy: events may wait for their number for as long as they like.
pub(crate) fn verify_at_rest(tx: &mut Tx<'_>, known: &[Head]) -> Result<AuditReport, StoreError> {
    verify_by(tx, known, None)
}

fn verify_by(tx: &mut Tx<'_>, known: &[Head], now: Option<Timestamp>) -> Result<AuditReport, StoreError> {
    let mut report = AuditReport { events: 0, batches: 0, pending: 0, head: None, fault: None };
    report.fault = match chained(tx, known, &mut report)? {
        Some(fault) => Some(fault),
        None => waiting(tx, &mut report, now)?,
    };
    Ok(report)
}

fn chained(tx: &mut Tx<'_>, known: &[Head], report: &mut AuditReport) -> Result<Option<Fault>, StoreError> {
    loop {
        let rows = tx.query(
            select_batches!("WHERE number > $1 ORDER BY number LIMIT $2"),
            &[report.batches.into(), PAGE.into()],
        )?;
        if rows.is_empty() {
            break;
        }
        for row in rows {
            let Ok(batch) = Batch::read(row) else {
                return Ok(Some(fault(FaultKind::Forged, Some(report.events.saturating_add(1)), None)));
            };
            if let Some(fault) = check_batch(tx, &batch, known, report)? {
                return Ok(Some(fault));
            }
            report.batches = batch.number;
            report.events = batch.last_seq;
            report.head = Some(Head { seq: batch.last_seq, hash: batch.head });
        }
    }
    let end = report.events;
    // Numbered, but in no batch: its number was not given by the sequencer, or its batch was taken away.
    let stray =
        tx.query_one("SELECT seq, id FROM audit_events WHERE seq > $1 ORDER BY seq LIMIT 1", &[end.into()])?;
    if let Some(row) = stray {
        let mut columns = row.columns(super::TABLE);
        let (seq, id) = (columns.integer()?, columns.id()?);
        return Ok(Some(fault(FaultKind::Gap, Some(seq), Some(id))));
    }
    let beyond = known.iter().filter(|head| head.seq > end).map(|head| head.seq).min();
    Ok(beyond.map(|_| fault(FaultKind::Gap, Some(end.saturating_add(1)), None)))
}

fn check_batch(
    tx: &mut Tx<'_>,
    batch: &Batch,
    known: &[Head],
    report: &AuditReport,
) -> Result<Option<Fault>, StoreError> {
    let first = report.events.saturating_add(1);
    let previous = report.head.map_or(GENESIS, |head| head.hash);
    let at = |kind| Ok(Some(fault(kind, Some(first), None)));
    if batch.number != report.batches.saturating_add(1) {
        return at(FaultKind::Gap);
    }
    if batch.head != batch.computed_head() || !batch.is_signed(tx) {
        return at(FaultKind::Forged);
    }
    // Signed by us, but not the continuation of what lies before it.
    if batch.previous != previous || batch.first_seq != first || batch.last_seq < first {
        return at(FaultKind::Fork);
    }
    if let Some(fault) = check_events(tx, batch)? {
        return Ok(Some(fault));
    }
    let contradicted = known.iter().any(|head| {
        head.seq >= first
            && (head.seq < batch.last_seq || (head.seq == batch.last_seq && head.hash != batch.head))
    });
    if contradicted { at(FaultKind::Fork) } else { Ok(None) }
}

fn check_events(tx: &mut Tx<'_>, batch: &Batch) -> Result<Option<Fault>, StoreError> {
    let mut leaves = Vec::new();
    let mut next = batch.first_seq;
    while next <= batch.last_seq {
        let rows = tx.query(
            select!("WHERE seq >= $1 AND seq <= $2 ORDER BY seq LIMIT $3"),
            &[next.into(), batch.last_seq.into(), PAGE.into()],
        )?;
        if rows.is_empty() {
            return Ok(Some(fault(FaultKind::Gap, Some(next), None)));
        }
        for row in rows {
            let id = id_of(&row)?;
            match read(tx, row) {
                Ok(entry) if entry.seq == Some(next) => leaves.push(chain::leaf(next, &entry.digest)),
                Ok(_) => return Ok(Some(fault(FaultKind::Gap, Some(next), None))),
                Err(StoreError::Forged { .. } | StoreError::Inconsistent { .. }) => {
                    return Ok(Some(fault(FaultKind::Forged, Some(next), Some(id))));
                }
                Err(error) => return Err(error),
            }
            next = next.saturating_add(1);
        }
    }
    // Every event is genuine, but not these under these numbers.
    let moved = chain::root(leaves) != batch.root;
    Ok(moved.then(|| fault(FaultKind::Forged, Some(batch.first_seq), None)))
}

/// Looks at what has no number yet: forged, or waiting for too long at `now`.
fn waiting(
    tx: &mut Tx<'_>,
    report: &mut AuditReport,
    now: Option<Timestamp>,
) -> Result<Option<Fault>, StoreError> {
    let mut after = EventId::from_bytes([0; 16]);
    loop {
        let rows = tx.query(
            select!("WHERE seq IS NULL AND id > $1 ORDER BY id LIMIT $2"),
            &[(&after).into(), PAGE.into()],
        )?;
        if rows.is_empty() {
            return Ok(None);
        }
        for row in rows {
            after = id_of(&row)?;
            match read(tx, row) {
                Ok(entry) if now.is_some_and(|now| is_overdue(entry.event.at, now)) => {
                    return Ok(Some(fault(FaultKind::Overdue, None, Some(after))));
                }
                Ok(_) => report.pending = report.pending.saturating_add(1),
                Err(StoreError::Forged { .. } | StoreError::Inconsistent { .. }) => {
                    return Ok(Some(fault(FaultKind::Forged, None, Some(after))));
                }
                Err(error) => return Err(error),
            }
        }
    }
}

fn is_overdue(at: Timestamp, now: Timestamp) -> bool {
    now.since(at) > OVERDUE
}

fn id_of(row: &Row) -> Result<EventId, StoreError> {
    row.clone().columns(super::TABLE).id()
}

fn fault(kind: FaultKind, seq: Option<i64>, event: Option<EventId>) -> Fault {
    Fault { kind, seq, event }
}
