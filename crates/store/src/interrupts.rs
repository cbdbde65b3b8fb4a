//! The table `interrupts`: when somebody was first asked to add a passkey. It grants nothing, so it carries no MAC.

use account::user::UserId;
use primitives::time::Timestamp;

use crate::db::Tx;
use crate::error::StoreError;

const TABLE: &str = "interrupts";

/// What is remembered of asking somebody.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Asked {
    /// When for the first time.
    pub first: Timestamp,
    /// How often it was postponed since.
    pub postponed: u32,
}

/// What is remembered of a user.
pub fn of_user(tx: &mut Tx<'_>, user: UserId) -> Result<Option<Asked>, StoreError> {
    let row =
        tx.query_one("SELECT first_asked, postponed FROM interrupts WHERE user_id = $1", &[(&user).into()])?;
    row.map(|row| {
        let mut columns = row.columns(TABLE);
        Ok(Asked { first: columns.time()?, postponed: columns.count()? })
    })
    .transpose()
}

/// Remembers that a user is asked now, unless it was asked before.
pub fn ask(tx: &mut Tx<'_>, user: UserId, now: Timestamp) -> Result<(), StoreError> {
    tx.execute(
        "INSERT INTO interrupts (user_id, first_asked, postponed) VALUES ($1, $2, 0) ON CONFLICT DO NOTHING",
        &[(&user).into(), now.into()],
    )?;
    Ok(())
}

/// Counts that a user postponed it.
pub fn postpone(tx: &mut Tx<'_>, user: UserId) -> Result<bool, StoreError> {
    let changed =
        tx.execute("UPDATE interrupts SET postponed = postponed + 1 WHERE user_id = $1", &[(&user).into()])?;
    Ok(changed == 1)
}

/// Forgets it: the user has added a passkey.
pub fn forget(tx: &mut Tx<'_>, user: UserId) -> Result<(), StoreError> {
    tx.execute("DELETE FROM interrupts WHERE user_id = $1", &[(&user).into()])?;
    Ok(())
}
