//! Records one after the other: sealed, numbered, each bound to the one before. Pure, over bytes.
//!
//! ```text
//!  0   4  length of the sealed body, big-endian
//!  4   8  number of the record in this file, from 0
//! 12  12  nonce
//! 24  16  HMAC-SHA-256 of the tag before and of the 24 bytes in front, its first half
//! 40   n  body under AES-256-GCM, its tag last; associated data: the tag before and the 40 bytes in front
//! ```
//! The head proves its length by itself, so that a file that ends inside a record (a torn write, which nobody was told
//! had succeeded) is told apart from one that was changed.

use primitives::aead::{Aes256Gcm, TAG_LENGTH};
use primitives::digest::{self, Digest};
use primitives::encoding;
use zeroize::Zeroizing;

use super::error::Damage;

/// Bytes in front of a body.
const HEAD: usize = 40;
/// The part of the head that its MAC speaks of.
const BARE_HEAD: usize = 24;
/// So many zeros at the end of a tag are no accident.
const UNWRITTEN: usize = 8;
/// The longest plaintext of one record.
pub(super) const LONGEST: usize = 256 * 1024;

/// The keys of one file.
pub(super) struct Keys {
    /// Seals bodies.
    pub(super) bodies: Aes256Gcm,
    /// Proves heads.
    pub(super) heads: Zeroizing<[u8; 32]>,
    /// Makes nonces of what is sealed: two different texts never share one, not even if a machine is set back to an
    /// earlier state of its memory or disk.
    pub(super) nonces: Zeroizing<[u8; 32]>,
}

/// Where the next record goes on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Tail {
    number: u64,
    tag: [u8; TAG_LENGTH],
}

impl Tail {
    /// Before the first record: it follows on the header.
    pub(super) fn after_header(header: &Digest) -> Self {
        Self { number: 0, tag: front(header) }
    }

    /// How many records there are in front of it.
    pub(super) fn number(&self) -> u64 {
        self.number
    }
}

/// Seals the next record; `None` if it is longer than any that is read back.
pub(super) fn seal(keys: &Keys, tail: &Tail, plaintext: &[u8]) -> Option<(Vec<u8>, Tail)> {
    let length = plaintext.len().checked_add(TAG_LENGTH).filter(|_| plaintext.len() <= LONGEST)?;
    let number = tail.number.to_be_bytes();
    let unique = Zeroizing::new([&number, tail.tag.as_slice(), plaintext].concat());
    let nonce: [u8; 12] = front(&digest::hmac_sha256(keys.nonces.as_slice(), &unique));
    let mut record = Vec::with_capacity(HEAD + length);
    record.extend_from_slice(&u32::try_from(length).ok()?.to_be_bytes());
    record.extend_from_slice(&number);
    record.extend_from_slice(&nonce);
    let proof = prove_head(keys, tail, &record);
    record.extend_from_slice(&proof);
    let sealed = keys.bodies.seal(&nonce, &associated(tail, &record), plaintext);
    record.extend_from_slice(&sealed);
    let tag = *sealed.last_chunk::<TAG_LENGTH>()?;
    Some((record, Tail { number: tail.number.checked_add(1)?, tag }))
}

/// Reads records one by one.
pub(super) struct Reader<'a> {
    keys: &'a Keys,
    file: &'a [u8],
    at: usize,
    tail: Tail,
}

/// The next thing in a file. What it says is not printed.
pub(super) enum Next {
    /// A record's plaintext.
    Record(Zeroizing<Vec<u8>>),
    /// Nothing follows.
    End,
    /// A record that was never written to its end follows, and nothing after it.
    Torn,
}

impl<'a> Reader<'a> {
    /// Reads `file` from byte `at`, where the records begin.
    pub(super) fn new(keys: &'a Keys, file: &'a [u8], at: usize, tail: Tail) -> Self {
        Self { keys, file, at, tail }
    }

    /// How many bytes of the file are good.
    pub(super) fn good(&self) -> usize {
        self.at
    }

    /// Where the next record goes on.
    pub(super) fn tail(&self) -> Tail {
        self.tail
    }

    /// The next record. Anything but whole records, the end, or a torn one at the end is damage.
    pub(super) fn next(&mut self) -> Result<Next, Damage> {
        let rest = self.file.get(self.at..).unwrap_or_default();
        if rest.is_empty() {
            return Ok(Next::End);
        }
        let Some((head, sealed)) = rest.split_first_chunk::<HEAD>() else {
            return Ok(Next::Torn);
        };
        let (bare, proof) = head.split_at_checked(BARE_HEAD).unwrap_or_default();
        if !encoding::constant_time_eq(&prove_head(self.keys, &self.tail, bare), proof) {
            let torn = is_unwritten(rest, HEAD);
            return if torn { Ok(Next::Torn) } else { Err(Damage::Head { at: self.at }) };
        }
        let (length, number, nonce) = fields(bare).ok_or(Damage::Head { at: self.at })?;
        if number != self.tail.number || !(TAG_LENGTH..=LONGEST + TAG_LENGTH).contains(&length) {
            return Err(Damage::Head { at: self.at });
        }
        let Some(sealed) = sealed.get(..length) else {
            return Ok(Next::Torn);
        };
        let Ok(plaintext) = self.keys.bodies.open(&nonce, &associated(&self.tail, head), sealed) else {
            let torn = is_unwritten(rest, (HEAD + length).saturating_sub(UNWRITTEN));
            return if torn { Ok(Next::Torn) } else { Err(Damage::Body { at: self.at }) };
        };
        let tag = sealed.last_chunk::<TAG_LENGTH>().copied().unwrap_or_default();
        self.at = self.at.saturating_add(HEAD + length);
        self.tail = Tail { number: number.saturating_add(1), tag };
        Ok(Next::Record(plaintext))
    }
}

/// Whether everything from byte `from` on is zeros: file systems lengthen a file before they write into it. Behind a head,
/// and at the end of a body, stands a tag; one of zeros is never written.
fn is_unwritten(rest: &[u8], from: usize) -> bool {
    rest.get(from..).is_some_and(|end| end.iter().all(|byte| *byte == 0))
}

fn fields(bare: &[u8]) -> Option<(usize, u64, [u8; 12])> {
    let (length, rest) = bare.split_first_chunk::<4>()?;
    let (number, nonce) = rest.split_first_chunk::<8>()?;
    let length = usize::try_from(u32::from_be_bytes(*length)).ok()?;
    Some((length, u64::from_be_bytes(*number), nonce.try_into().ok()?))
}

fn prove_head(keys: &Keys, tail: &Tail, bare: &[u8]) -> [u8; 16] {
    front(&digest::hmac_sha256(keys.heads.as_slice(), &associated(tail, bare)))
}

fn associated(tail: &Tail, head: &[u8]) -> Vec<u8> {
    [tail.tag.as_slice(), head].concat()
}

/// The first bytes of a digest.
fn front<const N: usize>(digest: &Digest) -> [u8; N] {
    digest.first_chunk::<N>().copied().unwrap_or([0; N])
}

#[cfg(test)]
mod tests;
