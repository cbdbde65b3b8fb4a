//! The tables `metadata_sources` and `metadata_entries`.
//!
//! A source has a number that never goes back, and a digest over its entries: a row that was taken away, or put back from
//! before a revocation, is found when the source is read as a whole.

use primitives::digest::{Digest, sha256_parts};
use primitives::time::Timestamp;

use crate::db::{Param, Row, Tx};
use crate::error::StoreError;
use crate::row_mac::{RowMac, forged};

const SOURCES: &str = "metadata_sources";
const ENTRIES: &str = "metadata_entries";

/// Entries that are read at once.
const PAGE: u32 = 1000;

/// Longest error that is kept, in characters.
const LONGEST_ERROR: usize = 300;

macro_rules! select_sources {
    ($rest:literal) => {
        concat!(
            "SELECT source, number, next_update, fetched, digest, checked, etag, last_error, mac \
             FROM metadata_sources ",
            $rest
        )
    };
}

/// What holds of a source.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Source {
    /// Its name.
    pub name: String,
    /// The number of what holds; [`Source::NOTHING`] before there is anything.
    pub number: i64,
    /// By when there is to be a newer one.
    pub next_update: Timestamp,
    /// When what holds was taken.
    pub fetched: Timestamp,
    /// Over its entries.
    pub digest: Digest,
    /// When somebody last went to look for a newer one.
    pub checked: Timestamp,
    /// What the server called what holds (RFC 9110 section 8.8.3).
    pub etag: Option<String>,
    /// Why the last look found nothing.
    pub last_error: Option<String>,
}

impl Source {
    /// The number of a source that has not given anything yet.
    pub const NOTHING: i64 = -1;

    /// A source that has not given anything yet.
    pub fn new(name: &str) -> Self {
        Self {
            name: name.to_owned(),
            number: Self::NOTHING,
            next_update: Timestamp::EPOCH,
            fetched: Timestamp::EPOCH,
            digest: digest_of(&[]),
            checked: Timestamp::EPOCH,
            etag: None,
            last_error: None,
        }
    }
}

/// What a source says about one thing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    /// What it is about; no two entries, of whatever source, are about the same.
    pub name: String,
    /// JSON.
    pub body: String,
}

/// Over entries in the order of their names.
pub fn digest_of(entries: &[Entry]) -> Digest {
    let mut parts: Vec<Vec<u8>> = Vec::new();
    for entry in entries {
        for text in [&entry.name, &entry.body] {
            parts.push(u64::try_from(text.len()).unwrap_or(u64::MAX).to_be_bytes().to_vec());
            parts.push(text.as_bytes().to_vec());
        }
    }
    let parts: Vec<&[u8]> = parts.iter().map(Vec::as_slice).collect();
    sha256_parts(&parts)
}

/// Covers what decides; not when somebody looked and what they were told then.
fn source_mac(source: &Source) -> RowMac {
    RowMac::new(SOURCES)
        .with(&source.name)
        .with(source.number)
        .with(source.next_update)
        .with(source.fetched)
        .with(&source.digest)
}

fn entry_mac(source: &str, entry: &Entry) -> RowMac {
    RowMac::new(ENTRIES).with(&entry.name).with(source).with(&entry.body)
}

fn read_source(tx: &Tx<'_>, row: Row) -> Result<Source, StoreError> {
    let mut columns = row.columns(SOURCES);
    let source = Source {
        name: columns.text()?,
        number: columns.integer()?,
        next_update: columns.time()?,
        fetched: columns.time()?,
        digest: columns.array()?,
        checked: columns.time()?,
        etag: columns.optional_text()?,
        last_error: columns.optional_text()?,
    };
    source_mac(&source).check(tx.keys(), &columns.bytes()?, &source.name)?;
    Ok(source)
}

fn read_entry(tx: &Tx<'_>, row: Row) -> Result<Entry, StoreError> {
    let mut columns = row.columns(ENTRIES);
    let (name, source) = (columns.text()?, columns.text()?);
    let entry = Entry { name, body: columns.text()? };
    entry_mac(&source, &entry).check(tx.keys(), &columns.bytes()?, &entry.name)?;
    Ok(entry)
}

/// All sources, in the order of their names.
pub fn sources(tx: &mut Tx<'_>) -> Result<Vec<Source>, StoreError> {
    let rows = tx.query(select_sources!("ORDER BY source"), &[])?;
    rows.into_iter().map(|row| read_source(tx, row)).collect()
}

/// The source of that name, its row locked until the transaction ends; made if there is none.
pub fn lock_source(tx: &mut Tx<'_>, name: &str) -> Result<Source, StoreError> {
    let new = Source::new(name);
    let mac = source_mac(&new).make(tx.keys());
    tx.execute(
        "INSERT INTO metadata_sources (source, number, next_update, fetched, digest, checked, mac) \
         VALUES ($1, $2, $3, $4, $5, $6, $7) ON CONFLICT DO NOTHING",
        &[
            name.into(),
            new.number.into(),
            new.next_update.into(),
            new.fetched.into(),
            (&new.digest).into(),
            new.checked.into(),
            (&mac).into(),
        ],
    )?;
    let row = tx.query_one(select_sources!("WHERE source = $1 FOR UPDATE"), &[name.into()])?;
    row.map_or(Ok(new), |row| read_source(tx, row))
}

/// Puts what a source gives in the place of all that it gave before, and forgets what went wrong; `false` if what there
/// is has a higher number.
pub fn replace(tx: &mut Tx<'_>, source: &Source, entries: &[Entry]) -> Result<bool, StoreError> {
    let mut entries = entries.to_vec();
    entries.sort_by(|a, b| a.name.cmp(&b.name));
    let source = Source { digest: digest_of(&entries), ..source.clone() };
    if !put(tx, &source)? {
        return Ok(false);
    }
    tx.execute("DELETE FROM metadata_entries WHERE source = $1", &[(&source.name).into()])?;
    for entry in &entries {
        let mac = entry_mac(&source.name, entry).make(tx.keys());
        tx.execute(
            "INSERT INTO metadata_entries (entry, source, body, mac) VALUES ($1, $2, $3, $4)",
            &[(&entry.name).into(), (&source.name).into(), (&entry.body).into(), (&mac).into()],
        )?;
    }
    Ok(true)
}

fn put(tx: &mut Tx<'_>, source: &Source) -> Result<bool, StoreError> {
    let mac = source_mac(source).make(tx.keys());
    let changed = tx.execute(
        "UPDATE metadata_sources SET number = $2, next_update = $3, fetched = $4, digest = $5, checked = $6, \
         etag = $7, last_error = NULL, mac = $8 WHERE source = $1 AND number <= $9",
        &[
            (&source.name).into(),
            source.number.into(),
            source.next_update.into(),
            source.fetched.into(),
            (&source.digest).into(),
            source.checked.into(),
            source.etag.as_ref().into(),
            (&mac).into(),
            source.number.into(),
        ],
    )?;
    Ok(changed == 1)
}

/// The entries of a source, in the order of their names, all as they were when the source was last replaced.
pub fn entries(tx: &mut Tx<'_>, source: &Source) -> Result<Vec<Entry>, StoreError> {
    let found = loose_entries(tx, &source.name)?;
    if digest_of(&found) == source.digest { Ok(found) } else { Err(forged(SOURCES, &source.name)) }
}

/// The entries under a name that is no source: each by itself.
pub fn loose_entries(tx: &mut Tx<'_>, source: &str) -> Result<Vec<Entry>, StoreError> {
    let mut found: Vec<Entry> = Vec::new();
    loop {
        let after = found.last().map(|entry| entry.name.clone()).unwrap_or_default();
        let rows = tx.query(
            "SELECT entry, source, body, mac FROM metadata_entries WHERE source = $1 AND entry > $2 \
             ORDER BY entry LIMIT $3",
            &[source.into(), (&after).into(), PAGE.into()],
        )?;
        if rows.is_empty() {
            // The database's order of texts is not everywhere that of their bytes.
            found.sort_by(|a, b| a.name.cmp(&b.name));
            return Ok(found);
        }
        for row in rows {
            found.push(read_entry(tx, row)?);
        }
    }
}

/// One entry, its row locked until the transaction ends.
pub fn lock_entry(tx: &mut Tx<'_>, name: &str) -> Result<Option<Entry>, StoreError> {
    let row = tx.query_one(
        "SELECT entry, source, body, mac FROM metadata_entries WHERE entry = $1 FOR UPDATE",
        &[name.into()],
    )?;
    row.map(|row| read_entry(tx, row)).transpose()
}

/// Writes one entry under a name that is no source.
pub fn put_loose(tx: &mut Tx<'_>, source: &str, entry: &Entry) -> Result<(), StoreError> {
    let mac = entry_mac(source, entry).make(tx.keys());
    tx.execute(
        "INSERT INTO metadata_entries (entry, source, body, mac) VALUES ($1, $2, $3, $4) \
         ON CONFLICT (entry) DO UPDATE SET source = excluded.source, body = excluded.body, mac = excluded.mac",
        &[(&entry.name).into(), source.into(), (&entry.body).into(), (&mac).into()],
    )?;
    Ok(())
}

/// Removes one entry under a name that is no source; `false` if it was gone.
pub fn remove_loose(tx: &mut Tx<'_>, name: &str) -> Result<bool, StoreError> {
    Ok(tx.execute("DELETE FROM metadata_entries WHERE entry = $1", &[name.into()])? == 1)
}

/// Takes it upon the caller to look for something newer, if nobody has since `due`; `false` if somebody has.
pub fn claim_look(tx: &mut Tx<'_>, name: &str, now: Timestamp, due: Timestamp) -> Result<bool, StoreError> {
    lock_source(tx, name)?;
    let changed = tx.execute(
        "UPDATE metadata_sources SET checked = $2 WHERE source = $1 AND checked <= $3",
        &[name.into(), now.into(), due.into()],
    )?;
    Ok(changed == 1)
}

/// Says what became of a look that found nothing newer, and when it counts as made.
pub fn looked(
    tx: &mut Tx<'_>,
    name: &str,
    checked: Timestamp,
    error: Option<&str>,
) -> Result<(), StoreError> {
    let error: Option<String> = error.map(|error| error.chars().take(LONGEST_ERROR).collect());
    tx.execute(
        "UPDATE metadata_sources SET last_error = $2, checked = $3 WHERE source = $1",
        &[name.into(), error.as_ref().into(), checked.into()],
    )?;
    Ok(())
}

/// Lets the next look come at once.
pub fn ask_for_look(tx: &mut Tx<'_>, name: &str) -> Result<(), StoreError> {
    lock_source(tx, name)?;
    tx.execute(
        "UPDATE metadata_sources SET checked = $2 WHERE source = $1",
        &[name.into(), Timestamp::EPOCH.into()],
    )?;
    Ok(())
}

/// Checks every source whose name is behind `after`; gives their names.
pub(crate) fn check_sources(tx: &mut Tx<'_>, after: &[u8]) -> Result<Vec<Vec<u8>>, StoreError> {
    let mut names = Vec::new();
    for source in sources(tx)?.into_iter().filter(|source| source.name.as_bytes() > after) {
        entries(tx, &source)?;
        names.push(source.name.into_bytes());
    }
    Ok(names)
}

/// Checks the rows whose names are behind `after`, in their order, a page of them; gives their names.
pub(crate) fn check_page(tx: &mut Tx<'_>, after: &[u8]) -> Result<Vec<Vec<u8>>, StoreError> {
    let after = String::from_utf8_lossy(after).into_owned();
    let params: [Param<'_>; 2] = [(&after).into(), crate::SWEEP.into()];
    let rows = tx.query(
        "SELECT entry, source, body, mac FROM metadata_entries WHERE entry > $1 ORDER BY entry LIMIT $2",
        &params,
    )?;
    rows.into_iter().map(|row| read_entry(tx, row).map(|entry| entry.name.into_bytes())).collect()
}
