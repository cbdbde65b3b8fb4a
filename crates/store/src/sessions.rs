//! The table `sessions`. A session is found by a keyed digest of its token; the token itself is nowhere.
//!
//! Sessions follow each other in lines (ADR 14). `remove` and its kind end the line, and with it what applications were
//! granted there; `replace` and its kind make way for the session that carries it on. A sweep ends neither: what may
//! outlive its session does.

use account::evidence::Evidence;
use account::passkey::PasskeyId;
use account::session::{ClientLabel, Confirmation, Restriction, Session, SessionId, SessionKind};
use account::temporary_pass::PassId;
use account::user::UserId;
use primitives::digest::Digest;
use primitives::keys::Purpose;
use primitives::secret::Token;

use crate::db::{Row, Tx};
use crate::error::StoreError;
use crate::grants;
use crate::row_mac::RowMac;

const TABLE: &str = "sessions";

macro_rules! select {
    ($rest:literal) => {
        concat!(
            "SELECT token, id, user_id, pass_id, evidence, security_epoch, deployment_epoch, created, \
             authenticated_at, last_seen, ends, browser, client_browser, client_address, confirmed_digest, \
             confirmed_at, restriction, sid, mac FROM sessions ",
            $rest
        )
    };
}

/// Covers all but the labels by which people recognise the browser.
fn mac(session: &Session, token: &Digest, evidence: &str) -> RowMac {
    let mac = RowMac::new(TABLE)
        .with(token)
        .with(&session.id)
        .with(&session.user)
        .with(session.pass().as_ref())
        .with(evidence)
        .with(session.security_epoch)
        .with(session.deployment_epoch)
        .with(session.created)
        .with(session.authenticated_at)
        .with(session.last_seen)
        .with(session.ends)
        .with(&session.browser)
        .with(session.confirmed.as_ref().map(|confirmation| &confirmation.digest))
        .with(session.confirmed.as_ref().map(|confirmation| confirmation.at));
    // Only where it is there: sessions from before the column keep the MAC that they were given.
    let mac = match session.restriction() {
        Some(restriction) => mac.with(restriction.as_str()),
        None => mac,
    };
    // Likewise: one that began its line has nothing to add to its id.
    if session.sid == session.id { mac } else { mac.with(&session.sid) }
}

fn evidence_text(evidence: &Evidence) -> Result<String, StoreError> {
    serde_json::to_string(evidence).map_err(|error| StoreError::Database(error.to_string()))
}

/// The session of a row with the digest of its token.
fn read(tx: &Tx<'_>, row: Row) -> Result<(Session, Digest), StoreError> {
    let mut columns = row.columns(TABLE);
    let token: Digest = columns.array()?;
    let id = columns.id()?;
    let user = columns.id()?;
    let pass = columns.optional_id()?;
    let evidence = columns.text()?;
    let mut session = Session {
        id,
        sid: id,
        user,
        kind: pass.map_or(SessionKind::Full, |pass| SessionKind::Onboarding { pass }),
        // The text is what the MAC covers; a thief's text is reported as forged, not as unreadable.
        evidence: serde_json::from_str(&evidence).map_err(|_| crate::row_mac::forged(TABLE, id))?,
        security_epoch: columns.integer()?,
        deployment_epoch: columns.integer()?,
        created: columns.time()?,
        authenticated_at: columns.time()?,
        last_seen: columns.time()?,
        ends: columns.time()?,
        browser: columns.array()?,
        client: ClientLabel { browser: columns.text()?, address: columns.text()? },
        confirmed: match (columns.optional_bytes()?, columns.optional_time()?) {
            (None, None) => None,
            (Some(digest), Some(at)) => {
                Some(Confirmation { digest: digest.try_into().map_err(|_| columns.bad())?, at })
            }
            _ => return Err(columns.bad()),
        },
    };
    match (columns.optional_text()?, session.pass()) {
        (None, _) => {}
        (Some(restriction), None) => {
            let restriction = Restriction::parse(&restriction).ok_or_else(|| columns.bad())?;
            session.kind = SessionKind::Restricted(restriction);
        }
        (Some(_), Some(_)) => return Err(columns.bad()),
    }
    session.sid = columns.optional_id()?.unwrap_or(id);
    mac(&session, &token, &evidence).check(tx.keys(), &columns.bytes()?, id)?;
    Ok((session, token))
}

/// Stores a new session under its token.
pub fn insert(tx: &mut Tx<'_>, session: &Session, token: &Token) -> Result<(), StoreError> {
    let token = tx.keys().lookup(Purpose::TokenLookup, token.as_bytes());
    let evidence = evidence_text(&session.evidence)?;
    let mac = mac(session, &token, &evidence).make(tx.keys());
    tx.execute(
        "INSERT INTO sessions (token, id, user_id, pass_id, evidence, security_epoch, deployment_epoch, created, \
         authenticated_at, last_seen, ends, browser, client_browser, client_address, confirmed_digest, confirmed_at, \
         restriction, sid, mac) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, \
         $19)",
        &[
            (&token).into(),
            (&session.id).into(),
            (&session.user).into(),
            session.pass().as_ref().into(),
            (&evidence).into(),
            session.security_epoch.into(),
            session.deployment_epoch.into(),
            session.created.into(),
            session.authenticated_at.into(),
            session.last_seen.into(),
            session.ends.into(),
            (&session.browser).into(),
            (&session.client.browser).into(),
            (&session.client.address).into(),
            session.confirmed.as_ref().map(|confirmation| &confirmation.digest).into(),
            session.confirmed.as_ref().map(|confirmation| confirmation.at).into(),
            session.restriction().map(Restriction::as_str).into(),
            (&session.sid).into(),
            (&mac).into(),
        ],
    )?;
    Ok(())
}

/// The session of that token, made under whichever of the ring's keys.
pub fn by_token(tx: &mut Tx<'_>, token: &Token) -> Result<Option<Session>, StoreError> {
    for digest in tx.keys().lookups(Purpose::TokenLookup, token.as_bytes()) {
        if let Some(row) = tx.query_one(select!("WHERE token = $1"), &[(&digest).into()])? {
            return read(tx, row).map(|(session, _)| Some(session));
        }
    }
    Ok(None)
}

/// That session of that user.
pub fn by_id(tx: &mut Tx<'_>, user: UserId, id: SessionId) -> Result<Option<Session>, StoreError> {
    let row = tx.query_one(select!("WHERE user_id = $1 AND id = $2"), &[(&user).into(), (&id).into()])?;
    row.map(|row| read(tx, row).map(|(session, _)| session)).transpose()
}

/// The session with the digest of its token, its row locked until the transaction ends.
fn with_token(tx: &mut Tx<'_>, user: UserId, id: SessionId) -> Result<Option<(Session, Digest)>, StoreError> {
    let row =
        tx.query_one(select!("WHERE user_id = $1 AND id = $2 FOR UPDATE"), &[(&user).into(), (&id).into()])?;
    row.map(|row| read(tx, row)).transpose()
}

/// All sessions of a user, newest first; ended ones are among them until they are swept.
pub fn of_user(tx: &mut Tx<'_>, user: UserId) -> Result<Vec<Session>, StoreError> {
    let rows = tx.query(select!("WHERE user_id = $1 ORDER BY id DESC"), &[(&user).into()])?;
    rows.into_iter().map(|row| read(tx, row).map(|(session, _)| session)).collect()
}

/// Writes back when a session was last seen, when it ends and what it confirmed; `false` if it is gone. Nothing else
/// of a session ever changes.
pub fn update(tx: &mut Tx<'_>, session: &Session) -> Result<bool, StoreError> {
    let Some((stored, token)) = with_token(tx, session.user, session.id)? else { return Ok(false) };
    let next =
        Session { last_seen: session.last_seen, ends: session.ends, confirmed: session.confirmed, ..stored };
    let evidence = evidence_text(&next.evidence)?;
    let mac = mac(&next, &token, &evidence).make(tx.keys());
    let changed = tx.execute(
        "UPDATE sessions SET last_seen = $2, ends = $3, confirmed_digest = $4, confirmed_at = $5, evidence = $6, \
         mac = $7 WHERE id = $1",
        &[
            (&next.id).into(),
            next.last_seen.into(),
            next.ends.into(),
            next.confirmed.as_ref().map(|confirmation| &confirmation.digest).into(),
            next.confirmed.as_ref().map(|confirmation| confirmation.at).into(),
            (&evidence).into(),
            (&mac).into(),
        ],
    )?;
    Ok(changed == 1)
}

/// The session that carries on the line `sid`, if one does.
pub fn by_sid(tx: &mut Tx<'_>, user: UserId, sid: SessionId) -> Result<Option<Session>, StoreError> {
    let row = tx.query_one(select!("WHERE sid = $1 AND user_id = $2"), &[(&sid).into(), (&user).into()])?;
    row.map(|row| read(tx, row).map(|(session, _)| session)).transpose()
}

/// Ends a session and its line, and with that what applications were granted in it ([`grants::end_of_sid`]); `false` if
/// somebody else was first.
pub fn remove(tx: &mut Tx<'_>, user: UserId, id: SessionId) -> Result<bool, StoreError> {
    let gone = tx.query_one(
        "DELETE FROM sessions WHERE user_id = $1 AND id = $2 RETURNING sid",
        &[(&user).into(), (&id).into()],
    )?;
    let Some(gone) = gone else { return Ok(false) };
    end_line(tx, gone)?;
    Ok(true)
}

/// Makes way for the session that carries on the line of this one; `false` if somebody else was first.
pub fn replace(tx: &mut Tx<'_>, user: UserId, id: SessionId) -> Result<bool, StoreError> {
    let changed =
        tx.execute("DELETE FROM sessions WHERE user_id = $1 AND id = $2", &[(&user).into(), (&id).into()])?;
    Ok(changed == 1)
}

/// Ends the line of a row that was deleted.
fn end_line(tx: &mut Tx<'_>, row: Row) -> Result<(), StoreError> {
    match row.columns(TABLE).optional_id()? {
        Some(sid) => grants::end_of_sid(tx, sid),
        None => Ok(()),
    }
}

fn end_lines(tx: &mut Tx<'_>, rows: Vec<Row>) -> Result<u64, StoreError> {
    let mut ended = 0;
    for row in rows {
        end_line(tx, row)?;
        ended += 1;
    }
    Ok(ended)
}

/// Ends all sessions of a user, except the one to keep, and all that applications were granted outside of its line, also
/// what outlived its session; says how many sessions.
pub fn remove_of_user(tx: &mut Tx<'_>, user: UserId, keep: Option<SessionId>) -> Result<u64, StoreError> {
    let kept = match keep {
        Some(keep) => by_id(tx, user, keep)?.map(|session| session.sid),
        None => None,
    };
    let rows = match keep {
        None => tx.query("DELETE FROM sessions WHERE user_id = $1 RETURNING sid", &[(&user).into()]),
        Some(keep) => tx.query(
            "DELETE FROM sessions WHERE user_id = $1 AND id <> $2 RETURNING sid",
            &[(&user).into(), (&keep).into()],
        ),
    }?;
    let ended = end_lines(tx, rows)?;
    grants::end_of_user(tx, user, kept)?;
    Ok(ended)
}

/// Makes way for a new session of a user in one browser. Gives the line that it carries on: that of the newest session
/// there that `stands`; what time or anything else had ended leaves no line behind.
pub fn replace_of_browser(
    tx: &mut Tx<'_>,
    user: UserId,
    browser: &Digest,
    stands: impl Fn(&Session) -> bool,
) -> Result<Option<SessionId>, StoreError> {
    let rows = tx.query(
        select!("WHERE user_id = $1 AND browser = $2 ORDER BY id DESC"),
        &[(&user).into(), browser.into()],
    )?;
    let mut line = None;
    for row in rows {
        let (session, _) = read(tx, row)?;
        match line {
            None if stands(&session) => {
                replace(tx, user, session.id)?;
                line = Some(session.sid);
            }
            // There is one at most; were there two, nobody would hold the other's cookie.
            Some(_) => drop(remove(tx, user, session.id)?),
            None => drop(replace(tx, user, session.id)?),
        }
    }
    Ok(line)
}

/// Ends the onboarding sessions that a pass opened; says how many.
pub fn remove_of_pass(tx: &mut Tx<'_>, user: UserId, pass: PassId) -> Result<u64, StoreError> {
    let rows = tx.query(
        "DELETE FROM sessions WHERE user_id = $1 AND pass_id = $2 RETURNING sid",
        &[(&user).into(), (&pass).into()],
    )?;
    end_lines(tx, rows)
}

/// Ends the sessions whose evidence rests on a passkey, except the one to keep, and whatever applications were granted
/// on it; says how many sessions.
pub fn remove_of_passkey(
    tx: &mut Tx<'_>,
    user: UserId,
    passkey: PasskeyId,
    keep: Option<SessionId>,
) -> Result<u64, StoreError> {
    let mut ended = 0;
    for session in of_user(tx, user)? {
        if session.evidence.rests_on(passkey) && Some(session.id) != keep {
            ended += u64::from(remove(tx, user, session.id)?);
        }
    }
    grants::end_resting(tx, user, |grant| grant.terms.evidence.rests_on(passkey))?;
    Ok(ended)
}

/// Ends every session, after a restore was accepted.
pub(crate) fn remove_all(tx: &mut Tx<'_>) -> Result<u64, StoreError> {
    grants::remove_all(tx)?;
    tx.execute("DELETE FROM sessions", &[])
}

/// Removes sessions that ended before [`Tx::now`], at most [`crate::SWEEP`]; says how many. Nothing depends on it.
pub fn sweep(tx: &mut Tx<'_>) -> Result<u64, StoreError> {
    let now = tx.now()?;
    tx.execute(
        "DELETE FROM sessions WHERE id IN (SELECT id FROM sessions WHERE ends < $1 ORDER BY ends LIMIT $2)",
        &[now.into(), crate::SWEEP.into()],
    )
}

/// Checks the rows whose ids are behind `after`, in their order, a page of them; gives their ids.
pub(crate) fn check_page(tx: &mut Tx<'_>, after: &[u8]) -> Result<Vec<Vec<u8>>, StoreError> {
    let rows =
        tx.query(select!("WHERE id > $1 ORDER BY id LIMIT $2"), &[after.into(), crate::SWEEP.into()])?;
    rows.into_iter().map(|row| read(tx, row).map(|(session, _)| session.id.as_bytes().to_vec())).collect()
}
