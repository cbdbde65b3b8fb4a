//! The log as rows for JSON lines, for whoever keeps it elsewhere.

use account::audit::Event;
use primitives::encoding::{base64url, hex};
use primitives::time::Timestamp;
use serde::Serialize;

use super::chain::{Batch, select_batches};
use super::{Entry, read, select};
use crate::db::Tx;
use crate::error::StoreError;

/// A numbered event with what a verifier without the key file needs.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct ExportedEvent {
    /// Its number.
    pub seq: i64,
    /// What happened.
    pub event: Event,
    /// When, in RFC 3339.
    pub time: String,
    /// Whether people's data were erased from it.
    pub erased: bool,
    /// The digest from which its leaf is made, in hexadecimal.
    pub digest: String,
}

/// A batch, its hashes in hexadecimal.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct ExportedBatch {
    /// Its number.
    pub batch: i64,
    /// The number of its first event.
    pub first_seq: i64,
    /// The number of its last event.
    pub last_seq: i64,
    /// When it was made, in microseconds since 1970.
    pub at: Timestamp,
    /// The fencing number of the lease.
    pub fence: i64,
    /// The Merkle root.
    pub root: String,
    /// The head of the batch before.
    pub previous: String,
    /// Its head.
    pub head: String,
    /// Ed25519 over the head's bytes, in base64url.
    pub signature: String,
    /// The public key as a COSE_Key (RFC 9052), in base64url.
    pub public_key: Option<String>,
}

/// Numbered events from behind `after` (0 for the first), in order, at most `limit`; call again with the last number.
pub fn export(tx: &mut Tx<'_>, after: i64, limit: u32) -> Result<Vec<ExportedEvent>, StoreError> {
    let rows = tx.query(select!("WHERE seq > $1 ORDER BY seq LIMIT $2"), &[after.into(), limit.into()])?;
    rows.into_iter().map(|row| read(tx, row).map(exported)).collect()
}

fn exported(entry: Entry) -> ExportedEvent {
    ExportedEvent {
        seq: entry.seq.unwrap_or_default(),
        time: entry.event.at.to_string(),
        event: entry.event,
        erased: entry.erased,
        digest: hex(&entry.digest),
    }
}

/// Batches from behind number `after` (0 for the first), in order, at most `limit`.
pub fn batches(tx: &mut Tx<'_>, after: i64, limit: u32) -> Result<Vec<ExportedBatch>, StoreError> {
    let rows = tx.query(
        select_batches!("WHERE number > $1 ORDER BY number LIMIT $2"),
        &[after.into(), limit.into()],
    )?;
    rows.into_iter().map(|row| Batch::read(row).map(|batch| exported_batch(tx, &batch))).collect()
}

fn exported_batch(tx: &Tx<'_>, batch: &Batch) -> ExportedBatch {
    let signer = u32::try_from(batch.key_id).ok().and_then(|id| tx.keys().audit_signer(id));
    ExportedBatch {
        batch: batch.number,
        first_seq: batch.first_seq,
        last_seq: batch.last_seq,
        at: batch.at,
        fence: batch.fence,
        root: hex(&batch.root),
        previous: hex(&batch.previous),
        head: hex(&batch.head),
        signature: base64url(&batch.signature),
        public_key: signer.map(|signer| base64url(&signer.public_key().encode())),
    }
}
