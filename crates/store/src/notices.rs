//! The table `notices`: what people are told, and the queue of the mails that tell it.
//!
//! No MAC: a notice grants nothing. A row waits to be mailed, is claimed by one node for the length of a lease by a
//! guarded update, and is then sent, waits again, or has failed; see [`account::notice::next_attempt`].

use account::notice::{Facts, KEPT, MOST, Notice, NoticeId, NoticeKind, next_attempt};
use account::user::UserId;
use primitives::time::{Span, Timestamp};

use crate::db::{Columns, Row, Tx};
use crate::error::StoreError;

const TABLE: &str = "notices";

/// Longest text of why a mail was not taken.
const LONGEST_ERROR: usize = 300;

fn read_columns(columns: &mut Columns) -> Result<Notice, StoreError> {
    Ok(Notice {
        id: columns.id()?,
        user: columns.id()?,
        event: columns.optional_id()?,
        kind: columns.word(NoticeKind::parse)?,
        facts: columns.word(|text| serde_json::from_str::<Facts>(text).ok())?,
        at: columns.time()?,
        seen: columns.truth()?,
    })
}

fn read(row: Row) -> Result<Notice, StoreError> {
    read_columns(&mut row.columns(TABLE))
}

/// News that others, or a session alone, can cause again and again: it gives way to everything else.
macro_rules! order {
    () => {
        "ORDER BY CASE WHEN kind IN ('enrolment-ended', 'pass-requested', 'request-closed', 'entry-reported', \
         'account-changed', 'pass-ordered', 'order-approved', 'order-declined', 'approval-wanted') THEN 1 ELSE 0 END, id DESC"
    };
}

/// Notices whose mail waits, of one account, before even those go.
const MOST_WAITING: u32 = 10 * MOST;

/// Stores a notice, and the mail to `to` if there is such an address. Of more than [`MOST`] some go: what may wait in
/// the queue does not, changes of methods go last, and the oldest first.
pub fn insert(tx: &mut Tx<'_>, notice: &Notice, to: Option<&str>) -> Result<(), StoreError> {
    let body =
        serde_json::to_string(&notice.facts).map_err(|error| StoreError::Database(error.to_string()))?;
    tx.execute(
        "INSERT INTO notices (id, user_id, event_id, kind, body, at, seen, mail_state, mail_to, mail_attempts, \
         mail_next) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, 0, $10)",
        &[
            (&notice.id).into(),
            (&notice.user).into(),
            notice.event.as_ref().into(),
            notice.kind.as_str().into(),
            (&body).into(),
            notice.at.into(),
            notice.seen.into(),
            if to.is_some() { "waiting" } else { "none" }.into(),
            to.into(),
            notice.at.into(),
        ],
    )?;
    tx.execute(
        concat!(
            "DELETE FROM notices WHERE id IN (SELECT id FROM notices WHERE user_id = $1 \
             AND mail_state NOT IN ('waiting', 'sending') ",
            order!(),
            " LIMIT $2 OFFSET $3)"
        ),
        &[(&notice.user).into(), crate::SWEEP.into(), MOST.into()],
    )?;
    tx.execute(
        concat!(
            "DELETE FROM notices WHERE id IN (SELECT id FROM notices WHERE user_id = $1 ",
            order!(),
            " LIMIT $2 OFFSET $3)"
        ),
        &[(&notice.user).into(), crate::SWEEP.into(), MOST_WAITING.into()],
    )?;
    Ok(())
}

/// The user's notices, newest first, without those that are for a mailbox alone. Beyond `limit` the same ones are left
/// out that would go first.
pub fn of_user(tx: &mut Tx<'_>, user: UserId, limit: u32) -> Result<Vec<Notice>, StoreError> {
    let rows = tx.query(
        concat!(
            "SELECT id, user_id, event_id, kind, body, at, seen FROM notices \
             WHERE user_id = $1 AND kind <> 'address-left' ",
            order!(),
            " LIMIT $2"
        ),
        &[(&user).into(), limit.into()],
    )?;
    let mut notices = rows.into_iter().map(read).collect::<Result<Vec<Notice>, StoreError>>()?;
    notices.sort_by_key(|notice| std::cmp::Reverse(notice.id));
    Ok(notices)
}

/// Whether the user was told something of that kind after `since`.
pub fn was_told(
    tx: &mut Tx<'_>,
    user: UserId,
    kind: NoticeKind,
    since: Timestamp,
) -> Result<bool, StoreError> {
    let row = tx.query_one(
        "SELECT 1 FROM notices WHERE user_id = $1 AND kind = $2 AND at > $3 LIMIT 1",
        &[(&user).into(), kind.as_str().into(), since.into()],
    )?;
    Ok(row.is_some())
}

/// How many of them the user has not seen.
pub fn unseen(tx: &mut Tx<'_>, user: UserId) -> Result<u32, StoreError> {
    let row =
        tx.query_one("SELECT COUNT(*) FROM notices WHERE user_id = $1 AND seen = 0", &[(&user).into()])?;
    row.map_or(Ok(0), |row| row.columns(TABLE).count())
}

/// The user has seen those up to `newest`; says how many were new.
pub fn mark_seen(tx: &mut Tx<'_>, user: UserId, newest: NoticeId) -> Result<u64, StoreError> {
    tx.execute(
        "UPDATE notices SET seen = 1 WHERE user_id = $1 AND id <= $2 AND seen = 0",
        &[(&user).into(), (&newest).into()],
    )
}

/// A mail that one node has taken upon itself.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Claimed {
    /// What it tells.
    pub notice: Notice,
    /// Where it goes.
    pub to: String,
    /// Which attempt this is, counted from 1.
    pub attempts: u32,
}

/// Takes mails that are due, at most `limit`, for `holder` and as long as `lease`. What another holder took is due again
/// only when its lease has run out.
pub fn claim(
    tx: &mut Tx<'_>,
    holder: &[u8; 16],
    lease: Span,
    limit: u32,
) -> Result<Vec<Claimed>, StoreError> {
    let now = tx.now()?;
    let rows = tx.query(
        "SELECT id, user_id, event_id, kind, body, at, seen, mail_to, mail_attempts, mail_next FROM notices \
         WHERE mail_state IN ('waiting', 'sending') AND mail_next <= $1 ORDER BY mail_next, id LIMIT $2",
        &[now.into(), limit.into()],
    )?;
    let mut claimed = Vec::new();
    for row in rows {
        let mut columns = row.columns(TABLE);
        let notice = read_columns(&mut columns)?;
        let (to, before, due) = (columns.text()?, columns.count()?, columns.time()?);
        let attempts = before.saturating_add(1);
        let taken = tx.query_one(
            "UPDATE notices SET mail_state = 'sending', mail_holder = $2, mail_attempts = $3, mail_next = $4 \
             WHERE id = $1 AND mail_attempts = $5 AND mail_next = $6 RETURNING id",
            &[
                (&notice.id).into(),
                holder.into(),
                attempts.into(),
                (now + lease).into(),
                before.into(),
                due.into(),
            ],
        )?;
        if taken.is_some() {
            claimed.push(Claimed { notice, to, attempts });
        }
    }
    Ok(claimed)
}

/// The mail was taken; `false` if the lease ran out before that and somebody else has it.
pub fn sent(tx: &mut Tx<'_>, id: NoticeId, holder: &[u8; 16]) -> Result<bool, StoreError> {
    let row = tx.query_one(
        "UPDATE notices SET mail_state = 'sent', mail_holder = NULL, mail_error = NULL \
         WHERE id = $1 AND mail_holder = $2 AND mail_state = 'sending' RETURNING id",
        &[(&id).into(), holder.into()],
    )?;
    Ok(row.is_some())
}

/// The mail was not taken, because of `error`: when it is tried again, or `None` if it has failed for good or somebody
/// else has it.
pub fn not_sent(
    tx: &mut Tx<'_>,
    claimed: &Claimed,
    holder: &[u8; 16],
    error: &str,
) -> Result<Option<Timestamp>, StoreError> {
    let now = tx.now()?;
    let next = next_attempt(claimed.attempts).map(|wait| now + wait);
    let error: String = error.chars().take(LONGEST_ERROR).collect();
    let row = tx.query_one(
        "UPDATE notices SET mail_state = $3, mail_holder = NULL, mail_next = $4, mail_error = $5 \
         WHERE id = $1 AND mail_holder = $2 AND mail_state = 'sending' RETURNING id",
        &[
            (&claimed.notice.id).into(),
            holder.into(),
            if next.is_some() { "waiting" } else { "failed" }.into(),
            next.unwrap_or(now).into(),
            (&error).into(),
        ],
    )?;
    Ok(row.and(next))
}

/// Where no mail is sent, what has waited for `grace` will not be: turning mail on later sends no old news.
pub fn give_up_mail(tx: &mut Tx<'_>, grace: Span) -> Result<u64, StoreError> {
    let before = tx.now()? - grace;
    tx.execute(
        "UPDATE notices SET mail_state = 'none' WHERE mail_state IN ('waiting', 'sending') AND mail_next <= $1",
        &[before.into()],
    )
}

/// How many mails stand so: `waiting`, `sending`, `sent`, `failed` or `none`.
pub fn count_mail(tx: &mut Tx<'_>, state: &str) -> Result<u32, StoreError> {
    let row = tx.query_one("SELECT COUNT(*) FROM notices WHERE mail_state = $1", &[state.into()])?;
    row.map_or(Ok(0), |row| row.columns(TABLE).count())
}

/// Removes what is older than [`KEPT`] by [`Tx::now`], at most [`crate::SWEEP`] rows; says how many.
pub fn sweep(tx: &mut Tx<'_>) -> Result<u64, StoreError> {
    let before = tx.now()? - KEPT;
    tx.execute(
        "DELETE FROM notices WHERE id IN (SELECT id FROM notices WHERE at < $1 ORDER BY at, id LIMIT $2)",
        &[before.into(), crate::SWEEP.into()],
    )
}

/// Whether any mail is due; so that an idle sender only reads.
pub fn is_mail_due(tx: &mut Tx<'_>) -> Result<bool, StoreError> {
    let now = tx.now()?;
    let due = tx.query_one(
        "SELECT 1 FROM notices WHERE mail_state IN ('waiting', 'sending') AND mail_next <= $1 LIMIT 1",
        &[now.into()],
    )?;
    Ok(due.is_some())
}
