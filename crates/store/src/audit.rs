//! The tables `audit_events`, `audit_batches` and `audit_lease` (DESIGN 5a.8).
//!
//! A use case [`append`]s its event in its own commit, with a MAC and without a number. The [`sequence`]r numbers
//! committed events and chains them in signed batches; [`verify`] finds the first place where the log is not what was
//! written. People's data (browser, address, free text) stand beside a salted commitment and can be [`erase`]d; what
//! is chained is the commitment.

mod chain;
mod export;
mod history;
pub mod log;
pub mod replay;
mod sequence;
mod verify;

use account::audit::{Actor, Event, EventId, EventKind};
use account::session::ClientLabel;
use account::user::UserId;
use primitives::digest::{self, Digest};
use primitives::entropy;
use primitives::keys::Purpose;
use primitives::time::Timestamp;

pub use self::chain::{Batch, Head, head, head_of};
pub use self::export::{ExportedBatch, ExportedEvent, batches, export};
pub use self::history::{Seen, of_person, seen};
pub use self::sequence::{Sequenced, is_waiting, release, sequence};
pub(crate) use self::verify::verify_at_rest;
pub use self::verify::{AuditReport, Fault, FaultKind, OVERDUE, verify};
use crate::db::{Param, Row, Tx};
use crate::error::StoreError;
use crate::row_mac::forged;

const TABLE: &str = "audit_events";

macro_rules! select {
    ($rest:literal) => {
        concat!(
            "SELECT id, at, actor, subject, kind, body, reference, commitment, salt, client_browser, client_address, \
             note, mac, seq FROM audit_events ",
            $rest
        )
    };
}
use select;

/// A stored event.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    /// Its number in the log, once it has one; from 1, without gaps.
    pub seq: Option<i64>,
    /// What happened; without client and note once they are erased.
    pub event: Event,
    /// Whether people's data that belonged to it were erased.
    pub erased: bool,
    digest: Digest,
}

/// People's data of an event as the row holds them.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
struct Personal {
    salt: Option<Vec<u8>>,
    browser: Option<String>,
    address: Option<String>,
    note: Option<String>,
}

impl Personal {
    fn of(event: &Event, salt: [u8; 16]) -> Self {
        Self {
            salt: Some(salt.to_vec()),
            browser: event.client.as_ref().map(|client| client.browser.clone()),
            address: event.client.as_ref().map(|client| client.address.clone()),
            note: event.note.clone(),
        }
    }

    /// The salt hides what is committed to: an address alone could be found by trying them all.
    fn commitment(&self) -> Digest {
        let [browser, address, note] = [&self.browser, &self.address, &self.note]
            .map(|text| text.as_ref().map_or(Vec::new(), |text| [b"=", text.as_bytes()].concat()));
        let salt = self.salt.as_deref().unwrap_or_default();
        digest::sha256_parts(&[b"keyward audit personal v1", salt, &browser, &address, &note])
    }

    /// Either whole with its salt, or gone without a trace.
    fn stands_behind(&self, commitment: &Digest) -> bool {
        match self.salt {
            Some(_) => self.commitment() == *commitment,
            None => *self == Personal::default(),
        }
    }
}

/// What the MAC and the chain cover: all of an event but its number and the clear text of people's data.
fn event_digest(event: &Event, body: &str, commitment: &Digest) -> Digest {
    digest::sha256_parts(&[
        b"keyward audit event v1",
        event.id.as_bytes(),
        &event.at.micros().to_be_bytes(),
        event.actor.to_string().as_bytes(),
        event.subject.as_ref().map_or(&[], |subject| subject.as_bytes().as_slice()),
        body.as_bytes(),
        event.reference.as_bytes(),
        commitment,
    ])
}

/// Inserts an event into the transaction of what it records.
pub fn append(tx: &mut Tx<'_>, event: &Event) -> Result<(), StoreError> {
    let personal = Personal::of(event, entropy::array(&mut tx.salts()));
    let commitment = personal.commitment();
    let body = serde_json::to_string(&event.kind).map_err(|error| StoreError::Database(error.to_string()))?;
    let mac = tx.keys().mac(Purpose::AuditEvent, &[&event_digest(event, &body, &commitment)]);
    tx.execute(
        "INSERT INTO audit_events (id, at, actor, subject, kind, body, reference, commitment, salt, client_browser, \
         client_address, note, mac) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)",
        &[
            (&event.id).into(),
            event.at.into(),
            (&event.actor.to_string()).into(),
            event.subject.as_ref().into(),
            event.kind.name().into(),
            (&body).into(),
            (&event.reference).into(),
            (&commitment).into(),
            personal.salt.as_ref().into(),
            personal.browser.as_ref().into(),
            personal.address.as_ref().into(),
            personal.note.as_ref().into(),
            (&mac).into(),
        ],
    )?;
    Ok(())
}

fn read(tx: &Tx<'_>, row: Row) -> Result<Entry, StoreError> {
    let mut columns = row.columns(TABLE);
    let id = columns.id()?;
    let at = columns.time()?;
    let actor = columns.text()?;
    let subject = columns.optional_id()?;
    let kind_name = columns.text()?;
    let body = columns.text()?;
    let reference = columns.text()?;
    let commitment: Digest = columns.array()?;
    let personal = Personal {
        salt: columns.optional_bytes()?,
        browser: columns.optional_text()?,
        address: columns.optional_text()?,
        note: columns.optional_text()?,
    };
    let mac = columns.bytes()?;
    let seq = columns.optional_integer()?;
    // What cannot be parsed was not written here either, so it is the same alarm.
    let kind: EventKind = serde_json::from_str(&body).map_err(|_| forged(TABLE, id))?;
    let actor: Actor = actor.parse().map_err(|_| forged(TABLE, id))?;
    let client = match (&personal.browser, &personal.address) {
        (Some(browser), Some(address)) => {
            Some(ClientLabel { browser: browser.clone(), address: address.clone() })
        }
        _ => None,
    };
    let event = Event { id, at, actor, subject, kind, client, note: personal.note.clone(), reference };
    let digest = event_digest(&event, &body, &commitment);
    let stands = kind_name == event.kind.name() && personal.stands_behind(&commitment);
    if !stands || tx.keys().verify_mac(Purpose::AuditEvent, &[&digest], &mac).is_err() {
        return Err(forged(TABLE, id));
    }
    Ok(Entry { seq, event, erased: personal.salt.is_none(), digest })
}

/// The number of the last event that has one; 0 before the first.
pub fn last_seq(tx: &mut Tx<'_>) -> Result<i64, StoreError> {
    let row = tx.query_one("SELECT COALESCE(MAX(seq), 0) FROM audit_events WHERE seq IS NOT NULL", &[])?;
    row.map_or(Ok(0), |row| row.columns(TABLE).integer())
}

/// Which events to list.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Filter {
    /// Only those that happened to this person.
    pub subject: Option<UserId>,
    /// Only those of this kind ([`EventKind::name`]).
    pub kind: Option<String>,
    /// Only those from then on.
    pub from: Option<Timestamp>,
    /// Only those before then.
    pub until: Option<Timestamp>,
    /// Only those older than this one: the last one of the page before.
    pub before: Option<EventId>,
}

/// The newest events that the filter lets through, newest first by id, at most `limit`.
pub fn list(tx: &mut Tx<'_>, filter: &Filter, limit: u32) -> Result<Vec<Entry>, StoreError> {
    let before = filter.before.unwrap_or_else(|| EventId::from_bytes([0xff; 16]));
    let kind = filter.kind.as_deref().unwrap_or_default();
    let from = filter.from.map_or(i64::MIN, Timestamp::micros);
    let until = filter.until.map_or(i64::MAX, Timestamp::micros);
    let common = [Param::from(&before), from.into(), until.into(), kind.into(), limit.into()];
    let mut rows = Vec::new();
    match &filter.subject {
        None => rows.extend(tx.query(
            select!(
                "WHERE id < $1 AND at >= $2 AND at < $3 AND (kind = $4 OR $4 = '') ORDER BY id DESC LIMIT $5"
            ),
            &common,
        )?),
        Some(subject) => {
            // Numbered events have an index by subject; those that wait are few and have their own.
            let params = [common.as_slice(), &[subject.into()]].concat();
            for sql in [
                select!(
                    "WHERE id < $1 AND at >= $2 AND at < $3 AND (kind = $4 OR $4 = '') AND subject = $6 \
                     AND seq IS NULL ORDER BY id DESC LIMIT $5"
                ),
                select!(
                    "WHERE id < $1 AND at >= $2 AND at < $3 AND (kind = $4 OR $4 = '') AND subject = $6 \
                     AND seq IS NOT NULL ORDER BY id DESC LIMIT $5"
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

/// Erases the clear text of people's data in the events that a person did or that happened to them; says how many.
/// The chain stays valid: it holds commitments, and their salts go with the text.
pub fn erase(tx: &mut Tx<'_>, user: UserId) -> Result<u64, StoreError> {
    let actor = Actor::User(user).to_string();
    tx.execute(
        "UPDATE audit_events SET salt = NULL, client_browser = NULL, client_address = NULL, note = NULL \
         WHERE (subject = $1 OR actor = $2) AND salt IS NOT NULL",
        &[(&user).into(), (&actor).into()],
    )
}
