//! The table `grants`: what applications were given, one row for each code that was exchanged (ADR 13).
//!
//! A grant ends by being deleted. Those of a line of sessions end inside [`crate::sessions::remove`] and its kind, so no
//! use case can forget it, and applications that want to hear of it are told ([`crate::logout_notices`]).

use account::application::GrantId;
use account::evidence::Evidence;
use account::session::SessionId;
use account::user::UserId;
use oidc::client::ClientId;
use oidc::scope::Scopes;
use primitives::digest::Digest;
use primitives::time::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::db::{Param, Row, Tx};
use crate::error::StoreError;
use crate::logout_notices;
use crate::row_mac::RowMac;

const TABLE: &str = "grants";

macro_rules! select {
    ($rest:literal) => {
        concat!(
            "SELECT id, client_id, user_id, sid, document, generation, rotated, instance, security_epoch, \
             deployment_epoch, notify, created, ends, mac FROM grants ",
            $rest
        )
    };
}

/// Everything that came of one code.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Grant {
    /// Its identifier.
    pub id: GrantId,
    /// To whom.
    pub client: ClientId,
    /// By whom.
    pub user: UserId,
    /// In which line of sessions.
    pub sid: SessionId,
    /// What, and on which evidence.
    pub terms: GrantTerms,
    /// Which refresh token counts.
    pub generation: i64,
    /// When it became that, if there was an earlier one.
    pub rotated: Option<Timestamp>,
    /// Which instance of the client made it so.
    pub instance: Option<Digest>,
    /// The user's security epoch when it began; it is worth nothing once the user's is another.
    pub security_epoch: i64,
    /// The deployment's epoch when it began.
    pub deployment_epoch: i64,
    /// Whether the client is told when the line of sessions ends.
    pub notify: bool,
    /// When it began.
    pub created: Timestamp,
    /// When it ends whatever happens, exclusive.
    pub ends: Timestamp,
}

/// What was granted, and on which evidence; it never changes.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct GrantTerms {
    /// For what.
    pub scopes: Scopes,
    /// For which resource servers (RFC 8707).
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub resources: Vec<String>,
    /// What the person had proven.
    pub evidence: Evidence,
    /// The strength that the client was told.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub acr: Option<String>,
    /// When the person proved who they are.
    pub auth_time: Timestamp,
    /// The client's wish for single claims (OpenID Connect Core section 5.5).
    #[serde(default, skip_serializing_if = "Value::is_null")]
    pub claims: Value,
    /// The thumbprint of the key that its tokens are bound to (RFC 9449).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub dpop: Option<String>,
    /// Whether there are refresh tokens.
    pub refreshes: bool,
}

/// Covers every column.
fn mac(grant: &Grant, document: &str) -> RowMac {
    RowMac::new(TABLE)
        .with(&grant.id)
        .with(grant.client.as_str())
        .with(&grant.user)
        .with(&grant.sid)
        .with(document)
        .with(grant.generation)
        .with(grant.rotated)
        .with(grant.instance.as_ref())
        .with(grant.security_epoch)
        .with(grant.deployment_epoch)
        .with(grant.notify)
        .with(grant.created)
        .with(grant.ends)
}

fn document(terms: &GrantTerms) -> Result<String, StoreError> {
    serde_json::to_string(terms).map_err(|error| StoreError::Database(error.to_string()))
}

fn read(tx: &Tx<'_>, row: Row) -> Result<Grant, StoreError> {
    let mut columns = row.columns(TABLE);
    let id: GrantId = columns.id()?;
    let client = columns.text()?;
    let (user, sid, document) = (columns.id()?, columns.id()?, columns.text()?);
    // The texts are what the MAC covers; a thief's texts are reported as forged, not as unreadable.
    let forged = || crate::row_mac::forged(TABLE, id);
    let grant = Grant {
        id,
        client: ClientId::parse(&client).map_err(|_| forged())?,
        user,
        sid,
        terms: serde_json::from_str(&document).map_err(|_| forged())?,
        generation: columns.integer()?,
        rotated: columns.optional_time()?,
        instance: match columns.optional_bytes()? {
            Some(bytes) => Some(bytes.try_into().map_err(|_| columns.bad())?),
            None => None,
        },
        security_epoch: columns.integer()?,
        deployment_epoch: columns.integer()?,
        notify: columns.truth()?,
        created: columns.time()?,
        ends: columns.time()?,
    };
    mac(&grant, &document).check(tx.keys(), &columns.bytes()?, id)?;
    Ok(grant)
}

fn find(tx: &mut Tx<'_>, sql: &str, params: &[Param<'_>]) -> Result<Option<Grant>, StoreError> {
    tx.query_one(sql, params)?.map(|row| read(tx, row)).transpose()
}

/// Stores a new grant.
pub fn insert(tx: &mut Tx<'_>, grant: &Grant) -> Result<(), StoreError> {
    let document = document(&grant.terms)?;
    let mac = mac(grant, &document).make(tx.keys());
    tx.execute(
        "INSERT INTO grants (id, client_id, user_id, sid, document, generation, rotated, instance, security_epoch, \
         deployment_epoch, notify, created, ends, mac) \
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)",
        &[
            (&grant.id).into(),
            grant.client.as_str().into(),
            (&grant.user).into(),
            (&grant.sid).into(),
            (&document).into(),
            grant.generation.into(),
            grant.rotated.into(),
            grant.instance.as_ref().into(),
            grant.security_epoch.into(),
            grant.deployment_epoch.into(),
            grant.notify.into(),
            grant.created.into(),
            grant.ends.into(),
            (&mac).into(),
        ],
    )?;
    Ok(())
}

/// The grant of that id.
pub fn by_id(tx: &mut Tx<'_>, id: GrantId) -> Result<Option<Grant>, StoreError> {
    find(tx, select!("WHERE id = $1"), &[(&id).into()])
}

/// The grants of a user, newest first, from behind `after`, at most `limit`.
pub fn of_user(
    tx: &mut Tx<'_>,
    user: UserId,
    after: Option<GrantId>,
    limit: u32,
) -> Result<Vec<Grant>, StoreError> {
    let rows = match after {
        Some(after) => tx.query(
            select!("WHERE user_id = $1 AND id < $2 ORDER BY id DESC LIMIT $3"),
            &[(&user).into(), (&after).into(), limit.into()],
        ),
        None => {
            tx.query(select!("WHERE user_id = $1 ORDER BY id DESC LIMIT $2"), &[(&user).into(), limit.into()])
        }
    }?;
    rows.into_iter().map(|row| read(tx, row)).collect()
}

/// The grants of a line of sessions, newest first, at most `limit`.
pub fn of_sid(tx: &mut Tx<'_>, sid: SessionId, limit: u32) -> Result<Vec<Grant>, StoreError> {
    let rows =
        tx.query(select!("WHERE sid = $1 ORDER BY id DESC LIMIT $2"), &[(&sid).into(), limit.into()])?;
    rows.into_iter().map(|row| read(tx, row)).collect()
}

/// Lets the next refresh token count instead of the one of `grant`; `false` if somebody else was first.
pub fn rotate(tx: &mut Tx<'_>, grant: &Grant, at: Timestamp, instance: &Digest) -> Result<bool, StoreError> {
    let next = Grant {
        generation: grant.generation.saturating_add(1),
        rotated: Some(at),
        instance: Some(*instance),
        ..grant.clone()
    };
    let mac = mac(&next, &document(&next.terms)?).make(tx.keys());
    let changed = tx.execute(
        "UPDATE grants SET generation = $1, rotated = $2, instance = $3, mac = $4 WHERE id = $5 AND generation = $6",
        &[
            next.generation.into(),
            at.into(),
            instance.into(),
            (&mac).into(),
            (&next.id).into(),
            grant.generation.into(),
        ],
    )?;
    Ok(changed == 1)
}

/// Ends one grant; `false` if it was gone.
pub fn remove(tx: &mut Tx<'_>, id: GrantId) -> Result<bool, StoreError> {
    Ok(tx.execute("DELETE FROM grants WHERE id = $1", &[(&id).into()])? == 1)
}

/// Tells clients of rows that were deleted that their line of sessions ended, those that want to know.
fn tell(tx: &mut Tx<'_>, rows: Vec<Row>) -> Result<u64, StoreError> {
    let mut ended = 0;
    for row in rows {
        ended += 1;
        let mut columns = row.columns(TABLE);
        let (client, user, sid) = (columns.text()?, columns.id()?, columns.id()?);
        if columns.truth()? {
            logout_notices::add(tx, &client, user, sid)?;
        }
    }
    Ok(ended)
}

/// Ends whatever was granted in a line of sessions that is over.
pub fn end_of_sid(tx: &mut Tx<'_>, sid: SessionId) -> Result<(), StoreError> {
    let rows = tx.query(
        "DELETE FROM grants WHERE sid = $1 RETURNING client_id, user_id, sid, notify",
        &[(&sid).into()],
    )?;
    tell(tx, rows).map(|_| ())
}

/// Ends whatever a user granted, except in the line to keep; says how many grants.
pub fn end_of_user(tx: &mut Tx<'_>, user: UserId, keep: Option<SessionId>) -> Result<u64, StoreError> {
    let rows = match keep {
        None => tx.query(
            "DELETE FROM grants WHERE user_id = $1 RETURNING client_id, user_id, sid, notify",
            &[(&user).into()],
        ),
        Some(keep) => tx.query(
            "DELETE FROM grants WHERE user_id = $1 AND sid <> $2 RETURNING client_id, user_id, sid, notify",
            &[(&user).into(), (&keep).into()],
        ),
    }?;
    tell(tx, rows)
}

/// Ends whatever a user granted to that client; says how many grants.
pub fn end_of_client(tx: &mut Tx<'_>, user: UserId, client: &ClientId) -> Result<u64, StoreError> {
    let rows = tx.query(
        "DELETE FROM grants WHERE user_id = $1 AND client_id = $2 RETURNING client_id, user_id, sid, notify",
        &[(&user).into(), client.as_str().into()],
    )?;
    tell(tx, rows)
}

/// Ends whatever a user granted on evidence that is worth nothing any more; says how many grants.
pub fn end_resting(tx: &mut Tx<'_>, user: UserId, rests: impl Fn(&Grant) -> bool) -> Result<u64, StoreError> {
    let rows = tx.query(select!("WHERE user_id = $1"), &[(&user).into()])?;
    let mut ended = 0;
    for row in rows {
        let grant = read(tx, row)?;
        if rests(&grant) && remove(tx, grant.id)? {
            ended += 1;
            if grant.notify {
                logout_notices::add(tx, grant.client.as_str(), user, grant.sid)?;
            }
        }
    }
    Ok(ended)
}

/// Forgets whatever that client was granted; it is gone itself and is told nothing.
pub(crate) fn remove_of_client(tx: &mut Tx<'_>, client: &ClientId) -> Result<(), StoreError> {
    tx.execute("DELETE FROM grants WHERE client_id = $1", &[client.as_str().into()])?;
    tx.execute("DELETE FROM logout_notices WHERE client_id = $1", &[client.as_str().into()])?;
    Ok(())
}

/// Ends every grant, after a restore was accepted.
pub(crate) fn remove_all(tx: &mut Tx<'_>) -> Result<u64, StoreError> {
    tx.execute("DELETE FROM grants", &[])
}

/// Removes grants that ended before [`Tx::now`], at most [`crate::SWEEP`]; says how many. Nothing depends on it.
pub fn sweep(tx: &mut Tx<'_>) -> Result<u64, StoreError> {
    let now = tx.now()?;
    tx.execute(
        "DELETE FROM grants WHERE id IN (SELECT id FROM grants WHERE ends < $1 ORDER BY ends LIMIT $2)",
        &[now.into(), crate::SWEEP.into()],
    )
}

/// Checks the rows whose ids are behind `after`, in their order, a page of them; gives their ids.
pub(crate) fn check_page(tx: &mut Tx<'_>, after: &[u8]) -> Result<Vec<Vec<u8>>, StoreError> {
    let rows =
        tx.query(select!("WHERE id > $1 ORDER BY id LIMIT $2"), &[after.into(), crate::SWEEP.into()])?;
    rows.into_iter().map(|row| read(tx, row).map(|grant| grant.id.as_bytes().to_vec())).collect()
}
