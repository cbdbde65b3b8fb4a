//! The table `refused_ceremonies`: what `keyward explain REFERENCE` reads.
//!
//! Each row is a ceremony that a rule of WebAuthn refused, as the case that `webauthn::explain` takes, under the
//! reference that the person saw. The rows carry no MAC: nothing is decided by them, `explain` judges the case anew
//! with the production functions, and what was refused is in the audit log, which is signed. Whoever changes a row
//! with SQL misleads a reader about one refusal and gains nothing.
//!
//! They hold people's data (credential ids, user handles, origins) and are kept no longer than it takes to ask about
//! a refusal: [`KEPT`], and never more than [`MOST`] of them.

use primitives::time::{Span, Timestamp};

use crate::db::{Row, Tx};
use crate::error::StoreError;

const TABLE: &str = "refused_ceremonies";

/// How long a row stays.
pub const KEPT: Span = Span::from_days(7);
/// Rows that there are at most; the oldest give way.
pub const MOST: i64 = 1000;
/// Bytes of a case at most. A larger one is not stored at all: half a response explains nothing.
pub const LARGEST: usize = 192 * 1024;

/// Which ceremony it was.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// WebAuthn Level 3 section 7.1.
    Registration,
    /// WebAuthn Level 3 section 7.2.
    Authentication,
}

impl Kind {
    /// The stable name, as in a case.
    pub fn name(self) -> &'static str {
        match self {
            Kind::Registration => "registration",
            Kind::Authentication => "authentication",
        }
    }

    /// The kind of that name.
    pub fn parse(name: &str) -> Option<Self> {
        [Kind::Registration, Kind::Authentication].into_iter().find(|kind| kind.name() == name)
    }
}

/// A refused ceremony.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RefusedCeremony {
    /// The reference of the request, such as `7F3K-22QX`.
    pub reference: String,
    /// When, by the database's clock.
    pub at: Timestamp,
    /// Which ceremony.
    pub kind: Kind,
    /// The stable code of the rule, the same as in the audit event.
    pub reason: String,
    /// The case, JSON of at most [`LARGEST`] bytes.
    pub case_json: String,
}

macro_rules! select {
    ($rest:literal) => {
        concat!("SELECT reference, at, kind, reason, case_json FROM refused_ceremonies ", $rest)
    };
}

fn read(row: Row) -> Result<RefusedCeremony, StoreError> {
    let mut columns = row.columns(TABLE);
    Ok(RefusedCeremony {
        reference: columns.text()?,
        at: columns.time()?,
        kind: columns.word(Kind::parse)?,
        reason: columns.text()?,
        case_json: columns.text()?,
    })
}

/// Stores a refused ceremony, in place of an older one under the same reference and, when there are [`MOST`], of the
/// oldest. `false` if it is larger than [`LARGEST`] and was not stored.
pub fn insert(tx: &mut Tx<'_>, refused: &RefusedCeremony) -> Result<bool, StoreError> {
    if refused.case_json.len() > LARGEST {
        return Ok(false);
    }
    tx.execute(
        "INSERT INTO refused_ceremonies (reference, at, kind, reason, case_json) VALUES ($1, $2, $3, $4, $5) \
         ON CONFLICT (reference) DO UPDATE SET at = excluded.at, kind = excluded.kind, reason = excluded.reason, \
         case_json = excluded.case_json",
        &[
            (&refused.reference).into(),
            refused.at.into(),
            refused.kind.name().into(),
            (&refused.reason).into(),
            (&refused.case_json).into(),
        ],
    )?;
    remove_crowded(tx)?;
    Ok(true)
}

/// The refused ceremony under `reference`, as it was shown.
pub fn by_reference(tx: &mut Tx<'_>, reference: &str) -> Result<Option<RefusedCeremony>, StoreError> {
    tx.query_one(select!("WHERE reference = $1"), &[reference.into()])?.map(read).transpose()
}

/// The newest first, at most `limit`.
pub fn newest(tx: &mut Tx<'_>, limit: u32) -> Result<Vec<RefusedCeremony>, StoreError> {
    let rows = tx.query(select!("ORDER BY at DESC, reference DESC LIMIT $1"), &[i64::from(limit).into()])?;
    rows.into_iter().map(read).collect()
}

/// Removes what is older than [`KEPT`] by [`Tx::now`], at most [`crate::SWEEP`] rows; says how many.
pub fn sweep(tx: &mut Tx<'_>) -> Result<u64, StoreError> {
    let before = tx.now()? - KEPT;
    let old = tx.execute(
        "DELETE FROM refused_ceremonies WHERE reference IN \
         (SELECT reference FROM refused_ceremonies WHERE at < $1 ORDER BY at, reference LIMIT $2)",
        &[before.into(), crate::SWEEP.into()],
    )?;
    Ok(old.saturating_add(remove_crowded(tx)?))
}

/// Removes the oldest of what there is beyond [`MOST`].
fn remove_crowded(tx: &mut Tx<'_>) -> Result<u64, StoreError> {
    let row = tx.query_one("SELECT COUNT(*) FROM refused_ceremonies", &[])?;
    let count = row.map_or(Ok(0), |row| row.columns(TABLE).integer())?;
    let excess = count.saturating_sub(MOST).min(crate::SWEEP);
    if excess <= 0 {
        return Ok(0);
    }
    tx.execute(
        "DELETE FROM refused_ceremonies WHERE reference IN \
         (SELECT reference FROM refused_ceremonies ORDER BY at, reference LIMIT $1)",
        &[excess.into()],
    )
}
