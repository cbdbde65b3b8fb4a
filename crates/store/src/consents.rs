//! The table `consents`: what people allowed applications to see and do, until they take it back.

use account::user::UserId;
use oidc::client::ClientId;
use oidc::scope::Scopes;
use primitives::digest::{self, Digest};
use primitives::time::Timestamp;

use crate::db::{Row, Tx};
use crate::error::StoreError;
use crate::row_mac::{RowMac, forged};

const TABLE: &str = "consents";

macro_rules! select {
    ($rest:literal) => {
        concat!("SELECT slot, user_id, client_id, scopes, given, mac FROM consents ", $rest)
    };
}

/// What one person allowed one application.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Consent {
    /// Who.
    pub user: UserId,
    /// To whom.
    pub client: ClientId,
    /// What.
    pub scopes: Scopes,
    /// When it was last given.
    pub given: Timestamp,
}

/// By what the row of these two is found.
fn slot(user: UserId, client: &ClientId) -> Digest {
    digest::sha256_parts(&[b"keyward consent v1", user.as_bytes(), client.as_str().as_bytes()])
}

/// Covers every column.
fn mac(consent: &Consent) -> RowMac {
    RowMac::new(TABLE)
        .with(&slot(consent.user, &consent.client))
        .with(&consent.user)
        .with(consent.client.as_str())
        .with(&consent.scopes.to_string())
        .with(consent.given)
}

fn read(tx: &Tx<'_>, row: Row) -> Result<Consent, StoreError> {
    let mut columns = row.columns(TABLE);
    let found: Digest = columns.array()?;
    let user: UserId = columns.id()?;
    let (client, scopes) = (columns.text()?, columns.text()?);
    let consent = Consent {
        user,
        client: ClientId::parse(&client).map_err(|_| forged(TABLE, user))?,
        scopes: Scopes::parse(&scopes).map_err(|_| forged(TABLE, user))?,
        given: columns.time()?,
    };
    mac(&consent).check(tx.keys(), &columns.bytes()?, user)?;
    if found == slot(user, &consent.client) { Ok(consent) } else { Err(forged(TABLE, user)) }
}

/// What that person allowed that application.
pub fn get(tx: &mut Tx<'_>, user: UserId, client: &ClientId) -> Result<Option<Consent>, StoreError> {
    let row = tx.query_one(select!("WHERE slot = $1"), &[(&slot(user, client)).into()])?;
    row.map(|row| read(tx, row)).transpose()
}

/// What that person allowed, to whom; at most `limit`.
pub fn of_user(tx: &mut Tx<'_>, user: UserId, limit: u32) -> Result<Vec<Consent>, StoreError> {
    let rows =
        tx.query(select!("WHERE user_id = $1 ORDER BY slot LIMIT $2"), &[(&user).into(), limit.into()])?;
    rows.into_iter().map(|row| read(tx, row)).collect()
}

/// Keeps what a person allows, in place of what they had allowed before.
pub fn put(tx: &mut Tx<'_>, consent: &Consent) -> Result<(), StoreError> {
    let mac = mac(consent).make(tx.keys());
    tx.execute(
        "INSERT INTO consents (slot, user_id, client_id, scopes, given, mac) VALUES ($1, $2, $3, $4, $5, $6) \
         ON CONFLICT (slot) DO UPDATE SET scopes = excluded.scopes, given = excluded.given, mac = excluded.mac",
        &[
            (&slot(consent.user, &consent.client)).into(),
            (&consent.user).into(),
            consent.client.as_str().into(),
            (&consent.scopes.to_string()).into(),
            consent.given.into(),
            (&mac).into(),
        ],
    )?;
    Ok(())
}

/// Takes it back; `false` if there was nothing.
pub fn remove(tx: &mut Tx<'_>, user: UserId, client: &ClientId) -> Result<bool, StoreError> {
    Ok(tx.execute("DELETE FROM consents WHERE slot = $1", &[(&slot(user, client)).into()])? == 1)
}

/// Forgets what anybody allowed that client.
pub(crate) fn remove_of_client(tx: &mut Tx<'_>, client: &ClientId) -> Result<(), StoreError> {
    tx.execute("DELETE FROM consents WHERE client_id = $1", &[client.as_str().into()])?;
    Ok(())
}

/// Checks the rows whose slots are behind `after`, in their order, a page of them; gives their slots.
pub(crate) fn check_page(tx: &mut Tx<'_>, after: &[u8]) -> Result<Vec<Vec<u8>>, StoreError> {
    let rows =
        tx.query(select!("WHERE slot > $1 ORDER BY slot LIMIT $2"), &[after.into(), crate::SWEEP.into()])?;
    rows.into_iter()
        .map(|row| read(tx, row).map(|consent| slot(consent.user, &consent.client).to_vec()))
        .collect()
}
