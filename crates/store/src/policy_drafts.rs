//! The table `policy_drafts`: what people who edit the policy have begun. It decides nothing, so it carries no MAC.

use account::user::UserId;
use primitives::time::Timestamp;

use crate::db::Tx;
use crate::error::StoreError;

const TABLE: &str = "policy_drafts";

/// A document that somebody has begun.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StoredDraft {
    /// The newest version when it was begun.
    pub base: i64,
    /// The document as they wrote it.
    pub document: String,
    /// When it was last saved.
    pub changed: Timestamp,
}

/// What a user has begun.
pub fn of_user(tx: &mut Tx<'_>, user: UserId) -> Result<Option<StoredDraft>, StoreError> {
    let sql = "SELECT base, document, changed FROM policy_drafts WHERE user_id = $1";
    let row = tx.query_one(sql, &[(&user).into()])?;
    row.map(|row| {
        let mut columns = row.columns(TABLE);
        Ok(StoredDraft { base: columns.integer()?, document: columns.text()?, changed: columns.time()? })
    })
    .transpose()
}

/// Keeps it in place of whatever the user had.
pub fn put(tx: &mut Tx<'_>, user: UserId, draft: &StoredDraft) -> Result<(), StoreError> {
    tx.execute(
        "INSERT INTO policy_drafts (user_id, base, document, changed) VALUES ($1, $2, $3, $4) \
         ON CONFLICT (user_id) DO UPDATE SET base = excluded.base, document = excluded.document, \
         changed = excluded.changed",
        &[(&user).into(), draft.base.into(), (&draft.document).into(), draft.changed.into()],
    )?;
    Ok(())
}

/// Forgets it; `false` if there was none.
pub fn remove(tx: &mut Tx<'_>, user: UserId) -> Result<bool, StoreError> {
    Ok(tx.execute("DELETE FROM policy_drafts WHERE user_id = $1", &[(&user).into()])? == 1)
}
