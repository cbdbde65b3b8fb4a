//! What a person is shown of their own events, and from where they signed in.

use account::audit::EventId;
use account::user::UserId;
use primitives::time::Timestamp;

use super::{Entry, TABLE, read, select};
use crate::db::Tx;
use crate::error::StoreError;

/// Browsers and addresses of one person that are looked at, at most.
const MOST_SEEN: u32 = 1000;

/// A browser and an address from which a person signed in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Seen {
    /// The browser's label.
    pub browser: String,
    /// The address.
    pub address: String,
    /// When first, since the time that was asked about.
    pub first: Timestamp,
}

/// That event of that person.
pub fn of_person(tx: &mut Tx<'_>, subject: UserId, id: EventId) -> Result<Option<Entry>, StoreError> {
    let row = tx.query_one(select!("WHERE id = $1 AND subject = $2"), &[(&id).into(), (&subject).into()])?;
    row.map(|row| read(tx, row)).transpose()
}

/// From where the person was let in since `from`. The labels stand in the clear beside the events and are read without
/// their MACs: they are shown, and nothing is decided by them.
pub fn seen(tx: &mut Tx<'_>, subject: UserId, from: Timestamp) -> Result<Vec<Seen>, StoreError> {
    let mut seen = Vec::new();
    // Numbered events have an index by subject; those that wait are few and have their own.
    for sql in [
        "SELECT client_browser, client_address, MIN(at) FROM audit_events WHERE subject = $1 AND seq IS NOT NULL \
         AND at >= $2 AND kind IN ('signed_in', 'signed_in_otherwise', 'pass_redeemed') \
         AND client_browser IS NOT NULL AND client_address IS NOT NULL \
         GROUP BY client_browser, client_address ORDER BY MIN(at) LIMIT $3",
        "SELECT client_browser, client_address, MIN(at) FROM audit_events WHERE subject = $1 AND seq IS NULL \
         AND at >= $2 AND kind IN ('signed_in', 'signed_in_otherwise', 'pass_redeemed') \
         AND client_browser IS NOT NULL AND client_address IS NOT NULL \
         GROUP BY client_browser, client_address ORDER BY MIN(at) LIMIT $3",
    ] {
        for row in tx.query(sql, &[(&subject).into(), from.into(), MOST_SEEN.into()])? {
            let mut columns = row.columns(TABLE);
            seen.push(Seen { browser: columns.text()?, address: columns.text()?, first: columns.time()? });
        }
    }
    Ok(seen)
}
