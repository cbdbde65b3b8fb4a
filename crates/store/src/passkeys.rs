//! The table `passkeys`.

use account::model::Aaguid;
use account::passkey::{Attachment, AttestationKind, Binding, Passkey, PasskeyId, PasskeyStatus, Place};
use account::role::Role;
use account::user::UserId;

use crate::db::{Param, Row, Tx};
use crate::error::StoreError;
use crate::row_mac::RowMac;

const TABLE: &str = "passkeys";

macro_rules! select {
    ($rest:literal) => {
        concat!(
            "SELECT id, user_id, credential_id, public_key, sign_count, aaguid, transports, backup_eligible, \
             backed_up, attestation, attestation_trusted, attachment, place, binding, name, status, created, \
             created_on, last_used, last_used_on, tried, counter_anomaly, vouched, mac FROM passkeys ",
            $rest
        )
    };
}

/// Transports are words without spaces (WebAuthn Level 3 section 5.8.4), so one column holds them.
fn transports(passkey: &Passkey) -> String {
    passkey.transports.join(" ")
}

/// Covers all but what people call it, where it was made and when it was last used. Rows from before there was a word for
/// them look like those without one; to strike one out leaves another MAC behind.
fn mac(passkey: &Passkey) -> RowMac {
    let mac = RowMac::new(TABLE)
        .with(&passkey.id)
        .with(&passkey.user)
        .with(&passkey.credential_id)
        .with(&passkey.public_key)
        .with(passkey.sign_count)
        .with(&passkey.aaguid)
        .with(&transports(passkey))
        .with(passkey.backup_eligible)
        .with(passkey.backed_up)
        .with(passkey.attestation.as_str())
        .with(passkey.attestation_trusted)
        .with(passkey.attachment.map(Attachment::as_str))
        .with(passkey.place.as_str())
        .with(passkey.binding.as_str())
        .with(passkey.status.as_str())
        .with(passkey.created)
        .with(passkey.tried)
        .with(passkey.counter_anomaly);
    match passkey.vouched {
        Some(role) => mac.with(role.as_str()),
        None => mac,
    }
}

fn read(tx: &Tx<'_>, row: Row) -> Result<Passkey, StoreError> {
    let mut columns = row.columns(TABLE);
    let passkey = Passkey {
        id: columns.id()?,
        user: columns.id()?,
        credential_id: columns.bytes()?,
        public_key: columns.bytes()?,
        sign_count: columns.count()?,
        aaguid: columns.array()?,
        transports: columns.text()?.split_ascii_whitespace().map(str::to_owned).collect(),
        backup_eligible: columns.truth()?,
        backed_up: columns.truth()?,
        attestation: columns.word(AttestationKind::parse)?,
        attestation_trusted: columns.truth()?,
        attachment: match columns.optional_text()? {
            None => None,
            Some(text) => Some(Attachment::parse(&text).ok_or_else(|| columns.bad())?),
        },
        place: columns.word(Place::parse)?,
        binding: columns.word(Binding::parse)?,
        name: columns.text()?,
        status: columns.word(PasskeyStatus::parse)?,
        created: columns.time()?,
        created_on: columns.text()?,
        last_used: columns.optional_time()?,
        last_used_on: columns.optional_text()?,
        tried: columns.truth()?,
        counter_anomaly: columns.truth()?,
        vouched: match columns.optional_text()? {
            None => None,
            Some(text) => Some(Role::parse(&text).ok_or_else(|| columns.bad())?),
        },
    };
    mac(&passkey).check(tx.keys(), &columns.bytes()?, passkey.id)?;
    Ok(passkey)
}

fn find(tx: &mut Tx<'_>, sql: &str, params: &[Param<'_>]) -> Result<Option<Passkey>, StoreError> {
    tx.query_one(sql, params)?.map(|row| read(tx, row)).transpose()
}

/// Stores a new passkey; `false` if its credential id is known already (WebAuthn Level 3 section 7.1).
pub fn insert(tx: &mut Tx<'_>, passkey: &Passkey) -> Result<bool, StoreError> {
    let mac = mac(passkey).make(tx.keys());
    let changed = tx.execute(
        "INSERT INTO passkeys (id, user_id, credential_id, public_key, sign_count, aaguid, transports, \
         backup_eligible, backed_up, attestation, attestation_trusted, attachment, place, binding, name, status, \
         created, created_on, last_used, last_used_on, tried, counter_anomaly, vouched, mac) VALUES ($1, $2, $3, $4, $5, \
         $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, $22, $23, $24) ON CONFLICT DO NOTHING",
        &[
            (&passkey.id).into(),
            (&passkey.user).into(),
            (&passkey.credential_id).into(),
            (&passkey.public_key).into(),
            passkey.sign_count.into(),
            (&passkey.aaguid).into(),
            (&transports(passkey)).into(),
            passkey.backup_eligible.into(),
            passkey.backed_up.into(),
            passkey.attestation.as_str().into(),
            passkey.attestation_trusted.into(),
            passkey.attachment.map(Attachment::as_str).into(),
            passkey.place.as_str().into(),
            passkey.binding.as_str().into(),
            (&passkey.name).into(),
            passkey.status.as_str().into(),
            passkey.created.into(),
            (&passkey.created_on).into(),
            passkey.last_used.into(),
            passkey.last_used_on.as_ref().into(),
            passkey.tried.into(),
            passkey.counter_anomaly.into(),
            passkey.vouched.map(Role::as_str).into(),
            (&mac).into(),
        ],
    )?;
    Ok(changed == 1)
}

/// The passkey of that credential id, whoever's it is.
pub fn by_credential_id(tx: &mut Tx<'_>, credential_id: &[u8]) -> Result<Option<Passkey>, StoreError> {
    find(tx, select!("WHERE credential_id = $1"), &[credential_id.into()])
}

/// That passkey of that user.
pub fn by_id(tx: &mut Tx<'_>, user: UserId, id: PasskeyId) -> Result<Option<Passkey>, StoreError> {
    find(tx, select!("WHERE id = $1 AND user_id = $2"), &[(&id).into(), (&user).into()])
}

/// All passkeys of a user, oldest first.
pub fn of_user(tx: &mut Tx<'_>, user: UserId) -> Result<Vec<Passkey>, StoreError> {
    let rows = tx.query(select!("WHERE user_id = $1 ORDER BY id"), &[(&user).into()])?;
    rows.into_iter().map(|row| read(tx, row)).collect()
}

/// Those of the users whose ids lie behind `after` and not behind `last`, user by user.
pub fn of_users(tx: &mut Tx<'_>, after: UserId, last: UserId) -> Result<Vec<Passkey>, StoreError> {
    let rows = tx.query(
        select!("WHERE user_id > $1 AND user_id <= $2 ORDER BY user_id, id"),
        &[(&after).into(), (&last).into()],
    )?;
    rows.into_iter().map(|row| read(tx, row)).collect()
}

/// The passkey of that id, whoever's it is; for what is shown of it.
pub fn any_by_id(tx: &mut Tx<'_>, id: PasskeyId) -> Result<Option<Passkey>, StoreError> {
    find(tx, select!("WHERE id = $1"), &[(&id).into()])
}

/// Passkeys that say they are of a model, whoever's they are, in the order of their ids, from behind `after`, at most
/// `limit`.
pub fn by_model(
    tx: &mut Tx<'_>,
    model: Aaguid,
    after: Option<PasskeyId>,
    limit: u32,
) -> Result<Vec<Passkey>, StoreError> {
    let after: &[u8] = after.as_ref().map_or(&[], |id| id.as_bytes().as_slice());
    let rows = tx.query(
        select!("WHERE aaguid = $1 AND id > $2 ORDER BY id LIMIT $3"),
        &[(&model.0).into(), after.into(), limit.into()],
    )?;
    rows.into_iter().map(|row| read(tx, row)).collect()
}

/// How many passkeys there are of each model that they say they are, at most `limit` models.
pub fn count_by_model(tx: &mut Tx<'_>, limit: u32) -> Result<Vec<(Aaguid, i64)>, StoreError> {
    let rows = tx.query(
        "SELECT aaguid, COUNT(*) FROM passkeys GROUP BY aaguid ORDER BY aaguid LIMIT $1",
        &[limit.into()],
    )?;
    let read = |row: Row| {
        let mut columns = row.columns(TABLE);
        Ok((Aaguid(columns.array()?), columns.integer()?))
    };
    rows.into_iter().map(read).collect()
}

/// Records that an enabled passkey was used: counter, backup state, last use, tried, anomaly.
///
/// `passkey` was read in this transaction. `false` if it is gone or disabled.
pub fn record_use(tx: &mut Tx<'_>, passkey: &Passkey) -> Result<bool, StoreError> {
    let mac = mac(passkey).make(tx.keys());
    let changed = tx.execute(
        "UPDATE passkeys SET sign_count = $3, backed_up = $4, last_used = $5, last_used_on = $6, tried = $7, \
         counter_anomaly = $8, mac = $9 WHERE id = $1 AND user_id = $2 AND status = 'enabled'",
        &[
            (&passkey.id).into(),
            (&passkey.user).into(),
            passkey.sign_count.into(),
            passkey.backed_up.into(),
            passkey.last_used.into(),
            passkey.last_used_on.as_ref().into(),
            passkey.tried.into(),
            passkey.counter_anomaly.into(),
            (&mac).into(),
        ],
    )?;
    Ok(changed == 1)
}

/// Gives a passkey another name; `false` if the user has no such passkey.
pub fn rename(tx: &mut Tx<'_>, user: UserId, id: PasskeyId, name: &str) -> Result<bool, StoreError> {
    let changed = tx.execute(
        "UPDATE passkeys SET name = $3 WHERE id = $1 AND user_id = $2",
        &[(&id).into(), (&user).into(), name.into()],
    )?;
    Ok(changed == 1)
}

/// Enables or disables a passkey that was read in this transaction; `false` if that is what it was.
pub fn set_status(tx: &mut Tx<'_>, passkey: &Passkey, status: PasskeyStatus) -> Result<bool, StoreError> {
    let moved = Passkey { status, ..passkey.clone() };
    let mac = mac(&moved).make(tx.keys());
    let changed = tx.execute(
        "UPDATE passkeys SET status = $3, mac = $4 WHERE id = $1 AND user_id = $2 AND status <> $5",
        &[
            (&passkey.id).into(),
            (&passkey.user).into(),
            status.as_str().into(),
            (&mac).into(),
            status.as_str().into(),
        ],
    )?;
    Ok(changed == 1)
}

/// Takes away that anybody vouches for where a passkey is from; it was read in this transaction. `false` if nobody did.
pub fn distrust(tx: &mut Tx<'_>, passkey: &Passkey) -> Result<bool, StoreError> {
    let moved = Passkey { attestation_trusted: false, ..passkey.clone() };
    let mac = mac(&moved).make(tx.keys());
    let changed = tx.execute(
        "UPDATE passkeys SET attestation_trusted = 0, mac = $3 \
         WHERE id = $1 AND user_id = $2 AND attestation_trusted = 1",
        &[(&passkey.id).into(), (&passkey.user).into(), (&mac).into()],
    )?;
    Ok(changed == 1)
}

/// Removes a passkey; `false` if somebody else was first. Whether it may go is decided under [`crate::users::lock`].
pub fn remove(tx: &mut Tx<'_>, user: UserId, id: PasskeyId) -> Result<bool, StoreError> {
    let gone = tx.query_one(
        "DELETE FROM passkeys WHERE id = $1 AND user_id = $2 RETURNING id",
        &[(&id).into(), (&user).into()],
    )?;
    Ok(gone.is_some())
}

/// Checks the rows whose ids are behind `after`, in their order, a page of them; gives their ids.
pub(crate) fn check_page(tx: &mut Tx<'_>, after: &[u8]) -> Result<Vec<Vec<u8>>, StoreError> {
    let rows =
        tx.query(select!("WHERE id > $1 ORDER BY id LIMIT $2"), &[after.into(), crate::SWEEP.into()])?;
    rows.into_iter().map(|row| read(tx, row).map(|passkey| passkey.id.as_bytes().to_vec())).collect()
}
