//! Reading the log of a whole organisation: in the order of time, newest first, by the index that fits what is asked.
//!
//! Ids are in the order of time, so a span of time is a range of ids, and a page begins behind the last id of the one
//! before. What has no number yet lies in no index but its own and is looked at beside: it is a second's worth.

use account::audit::EventId;
use account::user::UserId;
use primitives::time::Timestamp;

use super::{Entry, read, select};
use crate::db::{Param, Tx};
use crate::error::StoreError;

/// By what events are found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum By {
    /// By their time alone.
    Time,
    /// By whom they happened to.
    Subject(UserId),
    /// By their kinds' names. `signed_in` is not among them: it has no index, being most of what there is.
    Kinds(Vec<String>),
    /// By the reference that people were shown; of sign-ins with a passkey see [`By::Time`].
    Reference(String),
}

/// A range of events by their ids.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Range {
    /// Only those behind this one, which are newer.
    pub after: EventId,
    /// Only those before this one, which are older.
    pub before: EventId,
}

impl Range {
    /// Everything.
    pub const ALL: Self =
        Self { after: EventId::from_bytes([0; 16]), before: EventId::from_bytes([0xff; 16]) };

    /// What happened from `from` until `until`.
    pub fn of(from: Option<Timestamp>, until: Option<Timestamp>) -> Self {
        Self {
            after: from.map_or(Self::ALL.after, first_id),
            before: until.map_or(Self::ALL.before, first_id),
        }
    }

    /// The part of it that is older than that event.
    #[must_use]
    pub fn before(self, id: Option<EventId>) -> Self {
        Self { before: id.map_or(self.before, |id| id.min(self.before)), ..self }
    }

    /// The part of it that is newer than that event.
    #[must_use]
    pub fn after(self, id: EventId) -> Self {
        Self { after: id.max(self.after), ..self }
    }
}

/// Before every id that was made from then on.
fn first_id(at: Timestamp) -> EventId {
    let mut bytes = [0; 16];
    let millis = at.millis().max(0).to_be_bytes();
    for (to, from) in bytes.iter_mut().zip(millis.iter().skip(2)) {
        *to = *from;
    }
    EventId::from_bytes(bytes)
}

/// The newest events of the range, newest first, at most `limit`.
pub fn newest(tx: &mut Tx<'_>, by: &By, range: Range, limit: u32) -> Result<Vec<Entry>, StoreError> {
    let (after, before) = (Param::from(&range.after), Param::from(&range.before));
    let common = [after, before, limit.into()];
    let mut rows = Vec::new();
    match by {
        By::Time => {
            rows.extend(tx.query(select!("WHERE id > $1 AND id < $2 ORDER BY id DESC LIMIT $3"), &common)?);
        }
        By::Subject(subject) => {
            let params = [common.as_slice(), &[subject.into()]].concat();
            for sql in [
                select!(
                    "WHERE id > $1 AND id < $2 AND subject = $4 AND seq IS NULL ORDER BY id DESC LIMIT $3"
                ),
                select!(
                    "WHERE id > $1 AND id < $2 AND subject = $4 AND seq IS NOT NULL ORDER BY id DESC LIMIT $3"
                ),
            ] {
                rows.extend(tx.query(sql, &params)?);
            }
        }
        By::Kinds(kinds) => {
            for kind in kinds {
                let params = [common.as_slice(), &[kind.into()]].concat();
                for sql in [
                    select!(
                        "WHERE id > $1 AND id < $2 AND kind = $4 AND seq IS NULL ORDER BY id DESC LIMIT $3"
                    ),
                    select!(
                        "WHERE id > $1 AND id < $2 AND kind = $4 AND seq IS NOT NULL AND kind <> 'signed_in' \
                         ORDER BY id DESC LIMIT $3"
                    ),
                ] {
                    rows.extend(tx.query(sql, &params)?);
                }
            }
        }
        By::Reference(reference) => {
            let params = [common.as_slice(), &[reference.into()]].concat();
            for sql in [
                select!(
                    "WHERE id > $1 AND id < $2 AND reference = $4 AND seq IS NULL ORDER BY id DESC LIMIT $3"
                ),
                select!(
                    "WHERE id > $1 AND id < $2 AND reference = $4 AND seq IS NOT NULL AND kind <> 'signed_in' \
                     ORDER BY id DESC LIMIT $3"
                ),
            ] {
                rows.extend(tx.query(sql, &params)?);
            }
        }
    }
    let mut entries = rows.into_iter().map(|row| read(tx, row)).collect::<Result<Vec<_>, _>>()?;
    entries.sort_by_key(|entry| std::cmp::Reverse(entry.event.id));
    entries.truncate(usize::try_from(limit).unwrap_or(usize::MAX));
    Ok(entries)
}

/// What happened to somebody right after the beginning of the range, oldest first, at most `limit`.
pub fn oldest_of(
    tx: &mut Tx<'_>,
    subject: UserId,
    range: Range,
    limit: u32,
) -> Result<Vec<Entry>, StoreError> {
    let params = [Param::from(&range.after), (&range.before).into(), limit.into(), (&subject).into()];
    let mut rows = Vec::new();
    for sql in [
        select!("WHERE id > $1 AND id < $2 AND subject = $4 AND seq IS NOT NULL ORDER BY id LIMIT $3"),
        select!("WHERE id > $1 AND id < $2 AND subject = $4 AND seq IS NULL ORDER BY id LIMIT $3"),
    ] {
        rows.extend(tx.query(sql, &params)?);
    }
    let mut entries = rows.into_iter().map(|row| read(tx, row)).collect::<Result<Vec<_>, _>>()?;
    entries.sort_by_key(|entry| entry.event.id);
    entries.truncate(usize::try_from(limit).unwrap_or(usize::MAX));
    Ok(entries)
}

/// That event.
pub fn by_id(tx: &mut Tx<'_>, id: EventId) -> Result<Option<Entry>, StoreError> {
    tx.query_one(select!("WHERE id = $1"), &[(&id).into()])?.map(|row| read(tx, row)).transpose()
}

/// An event as it is counted: its number, its time, and what happened as it stands in the row.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Counted {
    /// Its number.
    pub seq: i64,
    /// When.
    pub at: Timestamp,
    /// Its kind's name.
    pub kind: String,
    /// Its kind, in JSON.
    pub body: String,
}

/// Numbered events behind the number `after`, in their order. Read without their MACs: they are counted, and nothing is
/// decided by it; `audit verify` is what finds a forged one.
pub fn to_count(tx: &mut Tx<'_>, after: i64, limit: u32) -> Result<Vec<Counted>, StoreError> {
    let rows = tx.query(
        "SELECT seq, at, kind, body FROM audit_events WHERE seq IS NOT NULL AND seq > $1 ORDER BY seq LIMIT $2",
        &[after.into(), limit.into()],
    )?;
    rows.into_iter()
        .map(|row| {
            let mut columns = row.columns(super::TABLE);
            Ok(Counted {
                seq: columns.integer()?,
                at: columns.time()?,
                kind: columns.text()?,
                body: columns.text()?,
            })
        })
        .collect()
}

/// Erases the clear text of people's data in numbered events of the range, oldest first, of those kinds or of all others;
/// looks at `limit` events at most. Gives the last one that it looked at, and how many it erased. The chain stays valid:
/// it holds commitments, and their salts go with the text.
pub fn erase_range(
    tx: &mut Tx<'_>,
    range: Range,
    only: Option<&[&str]>,
    limit: u32,
) -> Result<(Option<EventId>, u64), StoreError> {
    let rows = tx.query(
        "SELECT id, kind FROM audit_events WHERE id > $1 AND id < $2 AND seq IS NOT NULL ORDER BY id LIMIT $3",
        &[(&range.after).into(), (&range.before).into(), limit.into()],
    )?;
    let (mut last, mut erased) = (None, 0_u64);
    for row in rows {
        let mut columns = row.columns(super::TABLE);
        let id: EventId = columns.id()?;
        let kind = columns.text()?;
        last = Some(id);
        if only.is_none_or(|kinds| kinds.contains(&kind.as_str())) {
            erased = erased.saturating_add(tx.execute(
                "UPDATE audit_events SET salt = NULL, client_browser = NULL, client_address = NULL, note = NULL \
                 WHERE id = $1 AND salt IS NOT NULL",
                &[(&id).into()],
            )?);
        }
    }
    Ok((last, erased))
}
