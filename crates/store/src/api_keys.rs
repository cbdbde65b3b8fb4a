//! The table `api_keys`. A key is found by a keyed digest of its value; the value itself is nowhere.

use account::api_key::{ApiKey, KeyId, Scope};
use account::user::UserId;
use primitives::digest::Digest;
use primitives::keys::Purpose;
use primitives::secret::Token;
use primitives::time::{Span, Timestamp};

use crate::db::{Param, Row, Tx};
use crate::error::StoreError;
use crate::row_mac::RowMac;

const TABLE: &str = "api_keys";

/// How long a key that ended is still listed.
pub const KEPT: Span = Span::from_days(90);

macro_rules! select {
    ($rest:literal) => {
        concat!(
            "SELECT token, id, name, scopes, person, session_id, author, created, ends, last_used, revoked, \
             deployment_epoch, mac FROM api_keys ",
            $rest
        )
    };
}

/// Covers all but the name and when it was last used.
fn mac(key: &ApiKey, token: &Digest) -> RowMac {
    let (person, session) = key.person.unzip();
    RowMac::new(TABLE)
        .with(token)
        .with(&key.id)
        .with(scopes(key).as_str())
        .with(person.as_ref())
        .with(session.as_ref())
        .with(key.author.to_string().as_str())
        .with(key.created)
        .with(key.ends)
        .with(key.revoked)
        .with(key.deployment_epoch)
}

fn scopes(key: &ApiKey) -> String {
    let words: Vec<&str> = key.scopes.iter().map(|scope| scope.as_str()).collect();
    words.join(" ")
}

/// The key of a row with the digest of its value.
fn read(tx: &Tx<'_>, row: Row) -> Result<(ApiKey, Digest), StoreError> {
    let mut columns = row.columns(TABLE);
    let token: Digest = columns.array()?;
    let (id, name, words) = (columns.id()?, columns.text()?, columns.text()?);
    let (person, session) = (columns.optional_id()?, columns.optional_id()?);
    let key = ApiKey {
        id,
        name,
        scopes: words
            .split_ascii_whitespace()
            .map(Scope::parse)
            .collect::<Option<_>>()
            .ok_or_else(|| crate::row_mac::forged(TABLE, id))?,
        person: person.zip(session),
        author: columns.word(|text| text.parse().ok())?,
        created: columns.time()?,
        ends: columns.time()?,
        last_used: columns.optional_time()?,
        revoked: columns.optional_time()?,
        deployment_epoch: columns.integer()?,
    };
    // Half a person is none, and its MAC was made over both halves or neither.
    if person.is_some() != session.is_some() {
        return Err(crate::row_mac::forged(TABLE, id));
    }
    mac(&key, &token).check(tx.keys(), &columns.bytes()?, id)?;
    Ok((key, token))
}

fn find(tx: &mut Tx<'_>, sql: &str, params: &[Param<'_>]) -> Result<Option<(ApiKey, Digest)>, StoreError> {
    tx.query_one(sql, params)?.map(|row| read(tx, row)).transpose()
}

/// By what a value is found; led by its kind, so that no session's token is ever a key.
fn value_text(value: &Token) -> Vec<u8> {
    [b"api key ".as_slice(), value.as_bytes()].concat()
}

/// Stores a new key under its value.
pub fn insert(tx: &mut Tx<'_>, key: &ApiKey, value: &Token) -> Result<(), StoreError> {
    let token = tx.keys().lookup(Purpose::TokenLookup, &value_text(value));
    let mac = mac(key, &token).make(tx.keys());
    let (person, session) = key.person.unzip();
    tx.execute(
        "INSERT INTO api_keys (token, id, name, scopes, person, session_id, author, created, ends, last_used, \
         revoked, deployment_epoch, mac) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)",
        &[
            (&token).into(),
            (&key.id).into(),
            (&key.name).into(),
            (&scopes(key)).into(),
            person.as_ref().into(),
            session.as_ref().into(),
            (&key.author.to_string()).into(),
            key.created.into(),
            key.ends.into(),
            key.last_used.into(),
            key.revoked.into(),
            key.deployment_epoch.into(),
            (&mac).into(),
        ],
    )?;
    Ok(())
}

/// The key of that id.
pub fn by_id(tx: &mut Tx<'_>, id: KeyId) -> Result<Option<ApiKey>, StoreError> {
    Ok(find(tx, select!("WHERE id = $1"), &[(&id).into()])?.map(|(key, _)| key))
}

/// The key of that id, its row locked until the transaction ends: what it does and its end meet here.
pub fn lock(tx: &mut Tx<'_>, id: KeyId) -> Result<Option<ApiKey>, StoreError> {
    Ok(find(tx, select!("WHERE id = $1 FOR UPDATE"), &[(&id).into()])?.map(|(key, _)| key))
}

/// The key of that value, made under whichever of the ring's keys.
pub fn by_value(tx: &mut Tx<'_>, value: &Token) -> Result<Option<ApiKey>, StoreError> {
    for digest in tx.keys().lookups(Purpose::TokenLookup, &value_text(value)) {
        if let Some((key, _)) = find(tx, select!("WHERE token = $1"), &[(&digest).into()])? {
            return Ok(Some(key));
        }
    }
    Ok(None)
}

/// Keys, newest first, from behind `after`, at most `limit`.
pub fn list(tx: &mut Tx<'_>, after: Option<KeyId>, limit: u32) -> Result<Vec<ApiKey>, StoreError> {
    let rows = match after {
        Some(after) => {
            tx.query(select!("WHERE id < $1 ORDER BY id DESC LIMIT $2"), &[(&after).into(), limit.into()])
        }
        None => tx.query(select!("ORDER BY id DESC LIMIT $1"), &[limit.into()]),
    }?;
    rows.into_iter().map(|row| read(tx, row).map(|(key, _)| key)).collect()
}

/// How many keys act for that person and have not ended at `now`.
pub fn count_of_person(tx: &mut Tx<'_>, person: UserId, now: Timestamp) -> Result<i64, StoreError> {
    let row = tx.query_one(
        "SELECT COUNT(*) FROM api_keys WHERE person = $1 AND revoked IS NULL AND ends > $2",
        &[(&person).into(), now.into()],
    )?;
    row.map_or(Ok(0), |row| row.columns(TABLE).integer())
}

/// How many keys of programs have not ended at `now`.
pub fn count_of_programs(tx: &mut Tx<'_>, now: Timestamp) -> Result<i64, StoreError> {
    let row = tx.query_one(
        "SELECT COUNT(*) FROM api_keys WHERE person IS NULL AND revoked IS NULL AND ends > $1",
        &[now.into()],
    )?;
    row.map_or(Ok(0), |row| row.columns(TABLE).integer())
}

/// Takes a key back; `false` if it is gone or somebody else was first.
pub fn revoke(tx: &mut Tx<'_>, id: KeyId, at: Timestamp) -> Result<bool, StoreError> {
    let Some((key, token)) = find(tx, select!("WHERE id = $1 FOR UPDATE"), &[(&id).into()])? else {
        return Ok(false);
    };
    let mac = mac(&ApiKey { revoked: Some(at), ..key }, &token).make(tx.keys());
    let changed = tx.execute(
        "UPDATE api_keys SET revoked = $2, mac = $3 WHERE id = $1 AND revoked IS NULL",
        &[(&id).into(), at.into(), (&mac).into()],
    )?;
    Ok(changed == 1)
}

/// Records that a key was used.
pub fn touch(tx: &mut Tx<'_>, id: KeyId, at: Timestamp) -> Result<(), StoreError> {
    tx.execute("UPDATE api_keys SET last_used = $2 WHERE id = $1", &[(&id).into(), at.into()])?;
    Ok(())
}

/// Removes keys that ended more than [`KEPT`] before [`Tx::now`], at most [`crate::SWEEP`]; says how many.
pub fn sweep(tx: &mut Tx<'_>) -> Result<u64, StoreError> {
    let before = tx.now()? - KEPT;
    tx.execute(
        "DELETE FROM api_keys WHERE id IN (SELECT id FROM api_keys WHERE ends < $1 ORDER BY ends LIMIT $2)",
        &[before.into(), crate::SWEEP.into()],
    )
}

/// Checks the rows whose ids are behind `after`, in their order, a page of them; gives their ids.
pub(crate) fn check_page(tx: &mut Tx<'_>, after: &[u8]) -> Result<Vec<Vec<u8>>, StoreError> {
    let rows =
        tx.query(select!("WHERE id > $1 ORDER BY id LIMIT $2"), &[after.into(), crate::SWEEP.into()])?;
    rows.into_iter().map(|row| read(tx, row).map(|(key, _)| key.id.as_bytes().to_vec())).collect()
}
