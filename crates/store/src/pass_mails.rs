//! The table `pass_mails`: passes on their way to a private address.
//!
//! No MAC: where a mail goes and what it says is sealed and bound to the row's id. It is claimed by one node for the
//! length of a lease by a guarded update, as notices are; once it was sent, or will not be, the seal is taken out.

use account::notice::next_attempt;
use account::pass_mail::{Delivery, Part, PassMail, PassMailId};
use account::pass_order::KEPT;
use account::temporary_pass::PassId;
use primitives::time::{Span, Timestamp};

use crate::db::{Row, Tx};
use crate::error::StoreError;

const TABLE: &str = "pass_mails";

/// Longest text of why a mail was not taken.
const LONGEST_ERROR: usize = 300;

macro_rules! select {
    ($rest:literal) => {
        concat!(
            "SELECT id, user_id, pass_id, part, sealed, at, state, attempts, error, next FROM pass_mails ",
            $rest
        )
    };
}

fn read(row: Row) -> Result<(PassMail, Timestamp), StoreError> {
    let mut columns = row.columns(TABLE);
    let mail = PassMail {
        id: columns.id()?,
        user: columns.id()?,
        pass: columns.id()?,
        part: columns.word(Part::parse)?,
        sealed: columns.optional_bytes()?,
        at: columns.time()?,
        delivery: columns.word(Delivery::parse)?,
        attempts: columns.count()?,
        error: columns.optional_text()?,
    };
    Ok((mail, columns.time()?))
}

/// Puts a mail into the queue.
pub fn insert(tx: &mut Tx<'_>, mail: &PassMail) -> Result<(), StoreError> {
    tx.execute(
        "INSERT INTO pass_mails (id, user_id, pass_id, part, sealed, at, state, attempts, next) \
         VALUES ($1, $2, $3, $4, $5, $6, $7, 0, $6)",
        &[
            (&mail.id).into(),
            (&mail.user).into(),
            (&mail.pass).into(),
            mail.part.as_str().into(),
            mail.sealed.as_ref().into(),
            mail.at.into(),
            mail.delivery.as_str().into(),
        ],
    )?;
    Ok(())
}

/// The mails about a pass.
pub fn of_pass(tx: &mut Tx<'_>, pass: PassId) -> Result<Vec<PassMail>, StoreError> {
    let rows = tx.query(select!("WHERE pass_id = $1 ORDER BY part"), &[(&pass).into()])?;
    rows.into_iter().map(|row| read(row).map(|(mail, _)| mail)).collect()
}

/// Whether any mail is due; so that an idle sender only reads.
pub fn is_due(tx: &mut Tx<'_>) -> Result<bool, StoreError> {
    let now = tx.now()?;
    let due = tx.query_one(
        "SELECT 1 FROM pass_mails WHERE state IN ('waiting', 'sending') AND next <= $1 LIMIT 1",
        &[now.into()],
    )?;
    Ok(due.is_some())
}

/// Takes mails that are due, at most `limit`, for `holder` and as long as `lease`.
pub fn claim(
    tx: &mut Tx<'_>,
    holder: &[u8; 16],
    lease: Span,
    limit: u32,
) -> Result<Vec<PassMail>, StoreError> {
    let now = tx.now()?;
    let rows = tx.query(
        select!("WHERE state IN ('waiting', 'sending') AND next <= $1 ORDER BY next, id LIMIT $2"),
        &[now.into(), limit.into()],
    )?;
    let mut claimed = Vec::new();
    for row in rows {
        let (mail, due) = read(row)?;
        let attempts = mail.attempts.saturating_add(1);
        let taken = tx.query_one(
            "UPDATE pass_mails SET state = 'sending', holder = $2, attempts = $3, next = $4 \
             WHERE id = $1 AND attempts = $5 AND next = $6 RETURNING id",
            &[
                (&mail.id).into(),
                holder.into(),
                attempts.into(),
                (now + lease).into(),
                mail.attempts.into(),
                due.into(),
            ],
        )?;
        if taken.is_some() {
            claimed.push(PassMail { attempts, delivery: Delivery::Sending, ..mail });
        }
    }
    Ok(claimed)
}

/// The mail was taken, and what was sealed is gone; `false` if the lease ran out before that.
pub fn sent(tx: &mut Tx<'_>, id: PassMailId, holder: &[u8; 16]) -> Result<bool, StoreError> {
    let row = tx.query_one(
        "UPDATE pass_mails SET state = 'sent', holder = NULL, error = NULL, sealed = NULL \
         WHERE id = $1 AND holder = $2 AND state = 'sending' RETURNING id",
        &[(&id).into(), holder.into()],
    )?;
    Ok(row.is_some())
}

/// The mail was not taken, because of `error`. Tried again if there is a next time before `ends`; says whether it has
/// failed for good, or `None` if somebody else has it.
pub fn not_sent(
    tx: &mut Tx<'_>,
    mail: &PassMail,
    holder: &[u8; 16],
    (error, ends): (&str, Timestamp),
) -> Result<Option<bool>, StoreError> {
    let now = tx.now()?;
    let next = next_attempt(mail.attempts).map(|wait| now + wait).filter(|next| *next < ends);
    let error: String = error.chars().take(LONGEST_ERROR).collect();
    let row = tx.query_one(
        "UPDATE pass_mails SET state = $3, holder = NULL, next = $4, error = $5, \
         sealed = CASE WHEN $3 = 'failed' THEN NULL ELSE sealed END \
         WHERE id = $1 AND holder = $2 AND state = 'sending' RETURNING id",
        &[
            (&mail.id).into(),
            holder.into(),
            if next.is_some() { "waiting" } else { "failed" }.into(),
            next.unwrap_or(now).into(),
            (&error).into(),
        ],
    )?;
    Ok(row.map(|_| next.is_none()))
}

/// Mails about a pass that wait go no more: the pass was replaced or taken back.
pub fn stop(tx: &mut Tx<'_>, pass: PassId) -> Result<u64, StoreError> {
    tx.execute(
        "UPDATE pass_mails SET state = 'failed', holder = NULL, sealed = NULL, error = 'pass_revoked' \
         WHERE pass_id = $1 AND state IN ('waiting', 'sending')",
        &[(&pass).into()],
    )
}

/// Removes what is older than [`KEPT`] by [`Tx::now`], at most [`crate::SWEEP`] rows; says how many.
pub fn sweep(tx: &mut Tx<'_>) -> Result<u64, StoreError> {
    let before = tx.now()? - KEPT;
    tx.execute(
        "DELETE FROM pass_mails WHERE id IN (SELECT id FROM pass_mails WHERE at < $1 ORDER BY at, id LIMIT $2)",
        &[before.into(), crate::SWEEP.into()],
    )
}
