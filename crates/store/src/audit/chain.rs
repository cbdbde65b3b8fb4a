//! Leaves, Merkle roots and heads: how numbered events hang together.

use primitives::digest::{self, Digest};
use primitives::time::Timestamp;

use crate::db::{Row, Tx};
use crate::error::StoreError;

const TABLE: &str = "audit_batches";

/// The head before the first batch.
pub(super) const GENESIS: Digest = [0; 32];

macro_rules! select_batches {
    ($rest:literal) => {
        concat!(
            "SELECT number, first_seq, last_seq, at, fence, root, previous, head, key_id, signature \
             FROM audit_batches ",
            $rest
        )
    };
}
pub(super) use select_batches;

/// The newest point of the log: whoever keeps it can tell later whether the log still leads there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Head {
    /// The number of the last event under it.
    pub seq: i64,
    /// The hash that stands for everything up to there.
    pub hash: Digest,
}

/// A batch of numbered events, chained to the one before.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Batch {
    /// Its number, from 1, without gaps.
    pub number: i64,
    /// The number of its first event.
    pub first_seq: i64,
    /// The number of its last event.
    pub last_seq: i64,
    /// When it was made, by the database's clock.
    pub at: Timestamp,
    /// The fencing number of the sequencer's lease.
    pub fence: i64,
    /// The Merkle root over its events.
    pub root: Digest,
    /// The head of the batch before.
    pub previous: Digest,
    /// Its own head.
    pub head: Digest,
    /// The root key from which the signing key is derived.
    pub key_id: i64,
    /// Ed25519 over `head`.
    pub signature: Vec<u8>,
}

impl Batch {
    pub(super) fn read(row: Row) -> Result<Self, StoreError> {
        let mut columns = row.columns(TABLE);
        Ok(Self {
            number: columns.integer()?,
            first_seq: columns.integer()?,
            last_seq: columns.integer()?,
            at: columns.time()?,
            fence: columns.integer()?,
            root: columns.array()?,
            previous: columns.array()?,
            head: columns.array()?,
            key_id: columns.integer()?,
            signature: columns.bytes()?,
        })
    }

    /// The head that its other fields give.
    pub(super) fn computed_head(&self) -> Digest {
        digest::sha256_parts(&[
            b"keyward audit head v1",
            &self.number.to_be_bytes(),
            &self.first_seq.to_be_bytes(),
            &self.last_seq.to_be_bytes(),
            &self.at.micros().to_be_bytes(),
            &self.fence.to_be_bytes(),
            &self.root,
            &self.previous,
        ])
    }

    /// Whether the key that it names signed its head.
    pub(super) fn is_signed(&self, tx: &Tx<'_>) -> bool {
        let signer = u32::try_from(self.key_id).ok().and_then(|id| tx.keys().audit_signer(id));
        signer.is_some_and(|signer| signer.public_key().verify(&self.head, &self.signature).is_ok())
    }
}

/// The leaf of an event under its number.
pub(super) fn leaf(seq: i64, event: &Digest) -> Digest {
    digest::sha256_parts(&[b"keyward audit leaf v1", &seq.to_be_bytes(), event])
}

/// The Merkle root over leaves: pairs from the left, an odd one out moves up as it is. Leaves and nodes have
/// different prefixes, so that no node passes for a leaf (RFC 9162 section 2.1).
pub(super) fn root(mut level: Vec<Digest>) -> Digest {
    while level.len() > 1 {
        level = level
            .chunks(2)
            .map(|pair| match pair {
                [left, right] => digest::sha256_parts(&[b"keyward audit node v1", left, right]),
                [single] => *single,
                _ => GENESIS,
            })
            .collect();
    }
    level.first().copied().unwrap_or(GENESIS)
}

/// The last batch, if there is one.
pub(super) fn last(tx: &mut Tx<'_>) -> Result<Option<Batch>, StoreError> {
    let row = tx.query_one(select_batches!("ORDER BY number DESC LIMIT 1"), &[])?;
    row.map(Batch::read).transpose()
}

/// The newest head, if anything was chained yet.
pub fn head(tx: &mut Tx<'_>) -> Result<Option<Head>, StoreError> {
    Ok(last(tx)?.map(|batch| Head { seq: batch.last_seq, hash: batch.head }))
}

/// The head whose last event is `seq`, if the log has one there.
pub fn head_of(tx: &mut Tx<'_>, seq: i64) -> Result<Option<Head>, StoreError> {
    let row = tx.query_one(select_batches!("WHERE last_seq = $1"), &[seq.into()])?;
    Ok(row.map(Batch::read).transpose()?.map(|batch| Head { seq: batch.last_seq, hash: batch.head }))
}
