//! The table `hooks`: receivers of events, and how far each has come.
//!
//! The MAC covers what is sent and where to. How far a receiver has come stands outside of it: whoever moves it with SQL
//! has an event delivered twice, or not, and the chain still holds it. A delivery belongs to one node for the length of
//! a lease, by a guarded update: `next_try` is when it is tried next and, while `holder` stands, until when it is held.

use account::hook::{Delivery, Hook, HookId, LONGEST_STATUS, Terms, next_try};
use primitives::time::{Span, Timestamp};

use crate::db::{Param, Row, Tx};
use crate::error::StoreError;
use crate::row_mac::{RowMac, forged};

const TABLE: &str = "hooks";

macro_rules! select {
    ($rest:literal) => {
        concat!(
            "SELECT id, url, kinds, personal, secret, enabled, created, author, next_seq, attempts, failing_since, \
             next_try, last_status, last_at, mac FROM hooks ",
            $rest
        )
    };
}

/// Covers all but how far it has come.
fn mac(hook: &Hook) -> RowMac {
    RowMac::new(TABLE)
        .with(&hook.id)
        .with(hook.terms.url.as_str())
        .with(hook.terms.spell_kinds().as_str())
        .with(hook.terms.personal)
        .with(&hook.secret)
        .with(hook.enabled)
        .with(hook.created)
        .with(hook.author.to_string().as_str())
}

fn read(tx: &Tx<'_>, row: Row) -> Result<Hook, StoreError> {
    let mut columns = row.columns(TABLE);
    let id: HookId = columns.id()?;
    let (url, kinds, personal) = (columns.text()?, columns.text()?, columns.truth()?);
    let terms = Terms::new(&url, kinds.split_ascii_whitespace(), personal);
    let hook = Hook {
        id,
        // What is no receiver was not written here.
        terms: terms.map_err(|_| forged(TABLE, id))?,
        secret: columns.bytes()?,
        enabled: columns.truth()?,
        created: columns.time()?,
        author: columns.word(|text| text.parse().ok())?,
        delivery: Delivery {
            next_seq: columns.integer()?,
            attempts: columns.count()?,
            failing_since: columns.optional_time()?,
            next_try: columns.time()?,
            last_status: columns.optional_text()?,
            last_at: columns.optional_time()?,
        },
    };
    mac(&hook).check(tx.keys(), &columns.bytes()?, id)?;
    Ok(hook)
}

/// Stores a new receiver.
pub fn insert(tx: &mut Tx<'_>, hook: &Hook) -> Result<(), StoreError> {
    let mac = mac(hook).make(tx.keys());
    tx.execute(
        "INSERT INTO hooks (id, url, kinds, personal, secret, enabled, created, author, next_seq, attempts, next_try, \
         mac) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, 0, $10, $11)",
        &[
            (&hook.id).into(),
            (&hook.terms.url).into(),
            (&hook.terms.spell_kinds()).into(),
            hook.terms.personal.into(),
            (&hook.secret).into(),
            hook.enabled.into(),
            hook.created.into(),
            (&hook.author.to_string()).into(),
            hook.delivery.next_seq.into(),
            hook.delivery.next_try.into(),
            (&mac).into(),
        ],
    )?;
    Ok(())
}

/// All receivers, newest first; there are at most [`account::hook::MOST`].
pub fn list(tx: &mut Tx<'_>) -> Result<Vec<Hook>, StoreError> {
    let rows = tx.query(select!("ORDER BY id DESC LIMIT $1"), &[crate::SWEEP.into()])?;
    rows.into_iter().map(|row| read(tx, row)).collect()
}

/// That receiver.
pub fn by_id(tx: &mut Tx<'_>, id: HookId) -> Result<Option<Hook>, StoreError> {
    tx.query_one(select!("WHERE id = $1"), &[(&id).into()])?.map(|row| read(tx, row)).transpose()
}

/// That receiver, its row locked until the transaction ends.
pub fn lock(tx: &mut Tx<'_>, id: HookId) -> Result<Option<Hook>, StoreError> {
    tx.query_one(select!("WHERE id = $1 FOR UPDATE"), &[(&id).into()])?.map(|row| read(tx, row)).transpose()
}

/// Changes what is sent and where to, and begins again to try. What is under way counts no more: it is sent again. The
/// caller holds the row.
pub fn change(tx: &mut Tx<'_>, hook: &Hook, now: Timestamp) -> Result<bool, StoreError> {
    let mac = mac(hook).make(tx.keys());
    let changed = tx.execute(
        "UPDATE hooks SET url = $2, kinds = $3, personal = $4, enabled = $5, mac = $6, attempts = 0, \
         failing_since = NULL, next_try = $7, holder = NULL WHERE id = $1",
        &[
            (&hook.id).into(),
            (&hook.terms.url).into(),
            (&hook.terms.spell_kinds()).into(),
            hook.terms.personal.into(),
            hook.enabled.into(),
            (&mac).into(),
            now.into(),
        ],
    )?;
    Ok(changed == 1)
}

/// Removes a receiver; `false` if somebody else was first.
pub fn remove(tx: &mut Tx<'_>, id: HookId) -> Result<bool, StoreError> {
    Ok(tx.execute("DELETE FROM hooks WHERE id = $1", &[(&id).into()])? == 1)
}

/// Whether anything is due; so that an idle node only reads.
pub fn is_due(tx: &mut Tx<'_>) -> Result<bool, StoreError> {
    let now = tx.now()?;
    let last = super::audit::last_seq(tx)?;
    let due = tx.query_one(
        "SELECT 1 FROM hooks WHERE enabled = 1 AND next_try <= $1 AND next_seq <= $2 LIMIT 1",
        &[now.into(), last.into()],
    )?;
    Ok(due.is_some())
}

/// Takes the receivers that are due, for `holder` and as long as `lease`. What another holder took is due again only when
/// its lease has run out.
pub fn claim(tx: &mut Tx<'_>, holder: &[u8; 16], lease: Span) -> Result<Vec<Hook>, StoreError> {
    let now = tx.now()?;
    let last = super::audit::last_seq(tx)?;
    let rows = tx.query(
        select!("WHERE enabled = 1 AND next_try <= $1 AND next_seq <= $2 ORDER BY next_try, id LIMIT $3"),
        &[now.into(), last.into(), crate::SWEEP.into()],
    )?;
    let mut claimed = Vec::new();
    for row in rows {
        let hook = read(tx, row)?;
        let taken = tx.execute(
            "UPDATE hooks SET holder = $2, next_try = $3 WHERE id = $1 AND enabled = 1 AND next_try = $4 \
             AND next_seq = $5",
            &[
                (&hook.id).into(),
                holder.into(),
                (now + lease).into(),
                hook.delivery.next_try.into(),
                hook.delivery.next_seq.into(),
            ],
        )?;
        if taken == 1 {
            claimed.push(hook);
        }
    }
    Ok(claimed)
}

/// All before `next_seq` was taken, as `status` says; `false` if the receiver is somebody else's by now.
pub fn taken(
    tx: &mut Tx<'_>,
    id: HookId,
    holder: &[u8; 16],
    next_seq: i64,
    status: &str,
) -> Result<bool, StoreError> {
    let now = tx.now()?;
    let moved = tx.execute(
        "UPDATE hooks SET next_seq = $3, next_try = $4, holder = NULL, attempts = 0, failing_since = NULL, \
         last_status = $5, last_at = $4 WHERE id = $1 AND holder = $2",
        &[(&id).into(), holder.into(), next_seq.into(), now.into(), (&bounded(status)).into()],
    )?;
    Ok(moved == 1)
}

/// Nothing before `next_seq` is for the receiver; `false` if it is somebody else's by now.
pub fn passed_over(
    tx: &mut Tx<'_>,
    id: HookId,
    holder: &[u8; 16],
    next_seq: i64,
) -> Result<bool, StoreError> {
    let now = tx.now()?;
    let moved = tx.execute(
        "UPDATE hooks SET next_seq = $3, next_try = $4, holder = NULL WHERE id = $1 AND holder = $2",
        &[(&id).into(), holder.into(), next_seq.into(), now.into()],
    )?;
    Ok(moved == 1)
}

/// What became of an attempt that failed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Failed {
    /// It is tried again then.
    Again(Timestamp),
    /// The receiver was turned off.
    Disabled,
    /// The receiver is somebody else's by now, or gone.
    NotOurs,
}

/// Nothing was taken. Tried again after a pause, or turned off where the patience is at its end or the receiver wants
/// nothing more (`for_good`).
pub fn not_taken(
    tx: &mut Tx<'_>,
    id: HookId,
    holder: &[u8; 16],
    (status, for_good): (&str, bool),
) -> Result<Failed, StoreError> {
    let now = tx.now()?;
    let held = tx.query_one(
        "SELECT 1 FROM hooks WHERE id = $1 AND holder = $2 FOR UPDATE",
        &[(&id).into(), holder.into()],
    )?;
    let Some(hook) = held.map(|_| by_id(tx, id)).transpose()?.flatten() else { return Ok(Failed::NotOurs) };
    let since = hook.delivery.failing_since.unwrap_or(now);
    let attempts = hook.delivery.attempts.saturating_add(1);
    let again = next_try(attempts, since, now).filter(|_| !for_good);
    let next = Hook { enabled: again.is_some(), ..hook };
    let mac = mac(&next).make(tx.keys());
    let moved = tx.execute(
        "UPDATE hooks SET enabled = $3, mac = $4, attempts = $5, failing_since = $6, next_try = $7, last_status = $8, \
         last_at = $9, holder = NULL WHERE id = $1 AND holder = $2",
        &[
            (&id).into(),
            holder.into(),
            next.enabled.into(),
            (&mac).into(),
            attempts.into(),
            since.into(),
            again.unwrap_or(now).into(),
            (&bounded(status)).into(),
            now.into(),
        ],
    )?;
    Ok(match again {
        _ if moved != 1 => Failed::NotOurs,
        Some(at) => Failed::Again(at),
        None => Failed::Disabled,
    })
}

fn bounded(status: &str) -> String {
    status.chars().take(LONGEST_STATUS).collect()
}

/// Checks the rows whose ids are behind `after`, in their order, a page of them; gives their ids.
pub(crate) fn check_page(tx: &mut Tx<'_>, after: &[u8]) -> Result<Vec<Vec<u8>>, StoreError> {
    let rows =
        tx.query(select!("WHERE id > $1 ORDER BY id LIMIT $2"), &[Param::from(after), crate::SWEEP.into()])?;
    rows.into_iter().map(|row| read(tx, row).map(|hook| hook.id.as_bytes().to_vec())).collect()
}
