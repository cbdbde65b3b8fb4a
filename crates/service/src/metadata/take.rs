//! Taking a blob: judged outside the writer, put in place of the older one inside.

use std::fmt;

use account::audit::{Actor, EventKind};
use primitives::time::{Span, Timestamp};
use store::metadata::{self, Source};
use store::{StoreError, Tx};
use webauthn::metadata::{Blob, Fault, MetadataRefusal, Signer};

use super::{FIDO, judged};
use crate::context::{Caller, Context};
use crate::events::Pen;

/// After a look that failed the next one comes after this long.
const AFTER_FAILURE: Span = Span::from_minutes(15);

/// Faults that are kept beside what holds.
const MOST_FAULTS: usize = 50;

/// By what a blob is judged.
#[derive(Clone, Debug)]
pub struct Terms {
    /// Who must have signed it.
    pub signer: Signer,
    /// For how long after its day it is still taken.
    pub grace: Span,
}

/// A blob as it came.
#[derive(Clone, Debug)]
pub struct Delivery {
    /// The bytes.
    pub bytes: Vec<u8>,
    /// What its server calls it.
    pub etag: Option<String>,
}

/// What became of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Taken {
    /// Its number.
    pub number: i64,
    /// The day by which there is a newer one.
    pub next_update: Timestamp,
    /// How many entries it has that could be read.
    pub entries: usize,
    /// What could not.
    pub faults: Vec<Fault>,
    /// Whether it says anything that did not hold already.
    pub changed: bool,
    /// Passkeys whose owners were told that their model is broken.
    pub told: u64,
}

/// Why a blob does not hold; what held before still does.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum TakeError {
    /// It is none, or not the right one's.
    Refused(MetadataRefusal),
    /// Its number is lower than that of what holds.
    WentBack {
        /// What holds.
        stored: i64,
        /// What came.
        came: i64,
    },
    /// There should have been a newer one for too long.
    Overdue(Timestamp),
    /// The server is too busy to read it.
    Busy,
    /// The store failed.
    Store(StoreError),
}

impl From<StoreError> for TakeError {
    fn from(error: StoreError) -> Self {
        Self::Store(error)
    }
}

impl TakeError {
    /// The stable code.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Refused(refusal) => refusal.code(),
            Self::WentBack { .. } => "metadata_number",
            Self::Overdue(_) => "metadata_overdue",
            Self::Busy => "busy",
            Self::Store(_) => "unknown",
        }
    }
}

impl fmt::Display for TakeError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Refused(refusal) => {
                write!(f, "it is not signed metadata of the right signer ({})", refusal.code())
            }
            Self::WentBack { stored, came } => {
                write!(f, "its number {came} is lower than {stored}, which was taken before")
            }
            Self::Overdue(day) => write!(f, "there should have been a newer one by {day}"),
            Self::Busy => f.write_str("the server is too busy"),
            Self::Store(error) => write!(f, "the database failed: {error}"),
        }
    }
}

/// Takes a blob that `actor` brought: stores it, puts it into this node's settings, and tells the owners of passkeys
/// whose model it reports broken.
pub async fn take(
    cx: &Context,
    caller: &mut Caller,
    actor: Actor,
    delivery: Delivery,
    terms: &Terms,
) -> Result<Taken, TakeError> {
    let (signer, now, grace) = (terms.signer.clone(), caller.now, terms.grace);
    let Delivery { bytes, etag } = delivery;
    // Megabytes of JSON and a signature over them are not for a thread that answers requests.
    let read = tokio::task::spawn_blocking(move || webauthn::metadata::read(&bytes, &signer, now)).await;
    let blob = read.map_err(|_| TakeError::Busy)?.map_err(TakeError::Refused)?;
    if blob.is_overdue(now, grace) {
        return Err(TakeError::Overdue(blob.next_update));
    }
    let pen = Pen::new(caller, actor);
    let (stored, etag) = (blob.clone(), etag);
    let changed = cx.db.write(move |tx| put(tx, &stored, etag.as_deref(), &mut pen.clone())).await?;
    super::load(cx).await?;
    let told = judged::rejudge(cx, caller).await?;
    let Blob { number, next_update, entries, faults } = blob;
    Ok(Taken { number, next_update, entries: entries.len(), faults, changed, told })
}

/// Whether it says anything new.
fn put(tx: &mut Tx<'_>, blob: &Blob, etag: Option<&str>, pen: &mut Pen) -> Result<bool, TakeError> {
    let now = tx.now()?;
    let before = metadata::lock_source(tx, FIDO)?;
    if blob.number < before.number {
        return Err(TakeError::WentBack { stored: before.number, came: blob.number });
    }
    let entries = rows(tx, &before, blob)?;
    let same = before.number == blob.number && before.digest == metadata::digest_of(&entries);
    let source = Source {
        number: blob.number,
        next_update: blob.next_update,
        fetched: if same { before.fetched } else { now },
        etag: etag.map(str::to_owned),
        checked: now,
        ..before.clone()
    };
    if !metadata::replace(tx, &source, &entries)? {
        return Err(TakeError::WentBack { stored: before.number, came: blob.number });
    }
    let faults: Vec<String> = blob.faults.iter().take(MOST_FAULTS).map(sentence).collect();
    let faults = serde_json::to_string(&faults).unwrap_or_default();
    metadata::put_loose(tx, FAULTS, &metadata::Entry { name: FAULTS.to_owned(), body: faults })?;
    if !same {
        let count = |number: usize| u32::try_from(number).unwrap_or(u32::MAX);
        let kind = EventKind::MetadataTaken {
            source: FIDO.to_owned(),
            number: blob.number,
            models: count(entries.len()),
            unread: count(blob.faults.iter().filter(|fault| fault.lost).count()),
        };
        pen.write(tx, now, None, kind)?;
    }
    Ok(!same)
}

/// Under which name it is kept what could not be read.
pub(super) const FAULTS: &str = "faults";

fn sentence(fault: &Fault) -> String {
    let key = fault.key.as_ref().map_or_else(|| "?".to_owned(), ToString::to_string);
    let lost = if fault.lost { "left out" } else { "taken without it" };
    format!("entry {} ({key}): {}; {lost}", fault.position, fault.cause)
}

/// The blob's entries as rows, in the order of their names. An entry that could be read before and cannot be now stays
/// as it was: a slip of the pen must not take a revocation back.
fn rows(tx: &mut Tx<'_>, before: &Source, blob: &Blob) -> Result<Vec<metadata::Entry>, StoreError> {
    let mut rows: Vec<metadata::Entry> = Vec::with_capacity(blob.entries.len());
    for entry in &blob.entries {
        let body = serde_json::to_string(entry).map_err(|error| StoreError::Database(error.to_string()))?;
        rows.push(metadata::Entry { name: entry.key.to_string(), body });
    }
    let unread = blob.faults.iter().filter(|fault| fault.lost).filter_map(|fault| fault.key.as_ref());
    let unread: Vec<String> = unread.map(ToString::to_string).collect();
    if !unread.is_empty() {
        for old in metadata::entries(tx, before)? {
            if unread.contains(&old.name) && !rows.iter().any(|row| row.name == old.name) {
                rows.push(old);
            }
        }
    }
    rows.sort_by(|a, b| a.name.cmp(&b.name));
    Ok(rows)
}

/// Takes it upon this node to look for a newer blob, if nobody has for as long as `every`: gives what the server called
/// the one that holds.
pub async fn claim_look(cx: &Context, every: Span) -> Result<Option<Option<String>>, StoreError> {
    cx.db
        .write(move |tx| {
            let now = tx.now()?;
            if !metadata::claim_look(tx, FIDO, now, now - every)? {
                return Ok(None);
            }
            Ok(Some(metadata::lock_source(tx, FIDO)?.etag))
        })
        .await
}

/// Whether nobody has looked for as long as `every`. Costs a read; [`claim_look`] decides.
pub async fn is_look_due(cx: &Context, every: Span) -> Result<bool, StoreError> {
    cx.db
        .read(move |tx| {
            let now = tx.now()?;
            let source = metadata::sources(tx)?.into_iter().find(|source| source.name == FIDO);
            Ok(source.is_none_or(|source| source.checked <= now - every))
        })
        .await
}

/// Says what became of a look that brought nothing newer: why, or that there is nothing newer. After a failure the next
/// one comes sooner.
pub async fn looked(cx: &Context, every: Span, error: Option<String>) -> Result<(), StoreError> {
    cx.db
        .write(move |tx| {
            let now = tx.now()?;
            let soon = error.is_some() && every > AFTER_FAILURE;
            let checked = if soon { now - every + AFTER_FAILURE } else { now };
            metadata::looked(tx, FIDO, checked, error.as_deref())
        })
        .await
}

/// Lets the next look come at once, on whichever node has its turn. What it may bring is signed, so asking for it takes
/// no authority over anything.
pub async fn ask_for_look(cx: &Context) -> Result<(), StoreError> {
    cx.db.write(|tx| metadata::ask_for_look(tx, FIDO)).await
}
