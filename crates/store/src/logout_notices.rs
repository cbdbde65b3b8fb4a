//! The table `logout_notices`: applications that have to be told that somebody signed out (OpenID Connect Back-Channel
//! Logout 1.0).
//!
//! A notice is written in the commit that ended the grants, so none is forgotten; what it says is computed and signed
//! when it is sent. No MAC: it grants nothing, and whoever adds one has an application sign somebody out. Like a mail, a
//! notice belongs to one node for the length of a lease: `due` is when it is tried next and, while `holder` stands, until
//! when it is held.

use account::session::SessionId;
use account::user::UserId;
use primitives::id::Id;
use primitives::time::{Span, Timestamp};

use crate::db::{Row, Tx};
use crate::error::StoreError;

const TABLE: &str = "logout_notices";

/// How long an application is tried.
pub const PATIENCE: Span = Span::from_hours(24);

/// The first pause after a failure; each next one is twice as long.
const FIRST_PAUSE: Span = Span::from_secs(2);

/// The longest pause.
const LONGEST_PAUSE: Span = Span::from_hours(1);

/// What a notice is identified by.
pub type LogoutNoticeId = Id<LogoutNotice>;

/// That an application has to be told.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LogoutNotice {
    /// Its identifier.
    pub id: LogoutNoticeId,
    /// Which application, by its `client_id`.
    pub client: String,
    /// Who signed out.
    pub user: UserId,
    /// Of which line of sessions.
    pub sid: SessionId,
    /// How often it was tried before.
    pub attempts: u32,
    /// Since when it waits.
    pub created: Timestamp,
}

fn read(row: Row) -> Result<(LogoutNotice, Timestamp), StoreError> {
    let mut columns = row.columns(TABLE);
    let notice = LogoutNotice {
        id: columns.id()?,
        client: columns.text()?,
        user: columns.id()?,
        sid: columns.id()?,
        attempts: columns.count()?,
        created: columns.time()?,
    };
    Ok((notice, columns.time()?))
}

/// The application `client` has to be told that `user` signed out of `sid`; once, however many grants it had there.
pub fn add(tx: &mut Tx<'_>, client: &str, user: UserId, sid: SessionId) -> Result<(), StoreError> {
    let now = tx.now()?;
    let id: LogoutNoticeId = Id::new(now, &mut tx.salts());
    tx.execute(
        "INSERT INTO logout_notices (id, client_id, user_id, sid, attempts, due, created) \
         VALUES ($1, $2, $3, $4, 0, $5, $5) ON CONFLICT (sid, client_id) DO NOTHING",
        &[(&id).into(), client.into(), (&user).into(), (&sid).into(), now.into()],
    )?;
    Ok(())
}

/// Whether anything is due; so that an idle node only reads.
pub fn is_due(tx: &mut Tx<'_>) -> Result<bool, StoreError> {
    let now = tx.now()?;
    let due = tx.query_one("SELECT 1 FROM logout_notices WHERE due <= $1 LIMIT 1", &[now.into()])?;
    Ok(due.is_some())
}

/// Applications that one turn looks at.
const CLIENTS: i64 = 200;

/// Takes notices that are due for `holder` and as long as `lease`: of each application as many as `room` says that it may
/// have more under way, so that one that does not answer holds up none of the others. What another holder took is due
/// again only when its lease has run out.
pub fn claim(
    tx: &mut Tx<'_>,
    holder: &[u8; 16],
    lease: Span,
    room: impl Fn(&str) -> u32,
) -> Result<Vec<LogoutNotice>, StoreError> {
    let now = tx.now()?;
    let clients = tx.query(
        "SELECT client_id FROM logout_notices WHERE due <= $1 GROUP BY client_id ORDER BY MIN(due) LIMIT $2",
        &[now.into(), CLIENTS.into()],
    )?;
    let mut claimed = Vec::new();
    for client in clients {
        let client = client.columns(TABLE).text()?;
        let rows = tx.query(
            "SELECT id, client_id, user_id, sid, attempts, created, due FROM logout_notices \
             WHERE due <= $1 AND client_id = $2 ORDER BY due, id LIMIT $3",
            &[now.into(), (&client).into(), room(&client).into()],
        )?;
        for row in rows {
            let (notice, due) = read(row)?;
            let taken = tx.execute(
                "UPDATE logout_notices SET holder = $2, due = $3 WHERE id = $1 AND due = $4",
                &[(&notice.id).into(), holder.into(), (now + lease).into(), due.into()],
            )?;
            if taken == 1 {
                claimed.push(notice);
            }
        }
    }
    Ok(claimed)
}

/// The application knows, or is not to be told any more; `false` if somebody else has the notice by now.
pub fn done(tx: &mut Tx<'_>, id: LogoutNoticeId, holder: &[u8; 16]) -> Result<bool, StoreError> {
    let gone = tx.execute(
        "DELETE FROM logout_notices WHERE id = $1 AND holder = $2",
        &[(&id).into(), holder.into()],
    )?;
    Ok(gone == 1)
}

/// What became of an attempt that failed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Failed {
    /// It is tried again then.
    Again(Timestamp),
    /// It has been tried for [`PATIENCE`], and is over.
    GivenUp,
    /// Somebody else has the notice by now.
    NotOurs,
}

/// The application could not be told. Tried again after a pause that grows, or given up.
pub fn not_told(tx: &mut Tx<'_>, notice: &LogoutNotice, holder: &[u8; 16]) -> Result<Failed, StoreError> {
    let now = tx.now()?;
    let again = now + pause(notice.attempts);
    if again >= notice.created + PATIENCE {
        return Ok(if done(tx, notice.id, holder)? { Failed::GivenUp } else { Failed::NotOurs });
    }
    let moved = tx.execute(
        "UPDATE logout_notices SET holder = NULL, attempts = $3, due = $4 WHERE id = $1 AND holder = $2",
        &[(&notice.id).into(), holder.into(), notice.attempts.saturating_add(1).into(), again.into()],
    )?;
    Ok(if moved == 1 { Failed::Again(again) } else { Failed::NotOurs })
}

/// The pause after the failure that `before` others preceded.
fn pause(before: u32) -> Span {
    let longest = LONGEST_PAUSE.micros();
    let doubled = FIRST_PAUSE.micros().checked_mul(1_i64.checked_shl(before.min(30)).unwrap_or(i64::MAX));
    Span::from_micros(doubled.unwrap_or(longest).min(longest))
}

/// How many wait.
pub fn count(tx: &mut Tx<'_>) -> Result<u32, StoreError> {
    let row = tx.query_one("SELECT COUNT(*) FROM logout_notices", &[])?;
    row.map_or(Ok(0), |row| row.columns(TABLE).count())
}
