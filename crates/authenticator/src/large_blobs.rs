//! authenticatorLargeBlobs (CTAP 2.3 section 6.10): one array of sealed blobs for all sites, which platforms read and
//! write in pieces. What is in it is theirs; this side checks that it is whole.

use fido::ctap::Status;
use fido::ctap::large_blobs::{Request, Response};
use primitives::digest;
use primitives::encoding;
use primitives::time::Timestamp;

use crate::pin_uv::{PinUv, Proof};
use crate::token::Permissions;
use crate::vault::Vault;

/// The longest array that is kept: getInfo's `maxSerializedLargeBlobArray`.
pub const CAPACITY: usize = 32 * 1024;

/// The least array: an empty one, and its digest.
const SHORTEST_ARRAY: u64 = 17;

/// Half a SHA-256, which is at the end of every array.
const DIGEST: usize = 16;

/// What around a piece a message needs at most: section 6.10.2 has `maxFragmentLength` be that much less than `maxMsgSize`.
pub const AROUND_PIECE: usize = 64;

/// An array that is being written. The power ends it.
#[derive(Default)]
pub struct Writing {
    /// How long it will be; 0 while nothing is being written.
    expected: usize,
    so_far: Vec<u8>,
}

impl Writing {
    /// Forgets what came so far.
    pub fn forget(&mut self) {
        *self = Self::default();
    }
}

/// The command at work: on which state, at which time.
pub struct LargeBlobs<'a, V: Vault> {
    /// What is being written.
    pub writing: &'a mut Writing,
    /// Who may write.
    pub pin_uv: &'a mut PinUv,
    /// Where the array lives.
    pub vault: &'a mut V,
    /// Whether there is any way to verify the person; if so, who writes needs a token.
    pub protected: bool,
    /// getInfo's `maxMsgSize`.
    pub longest_message: usize,
    /// The time of the request.
    pub now: Timestamp,
}

impl<V: Vault> LargeBlobs<'_, V> {
    /// Carries out the request in `message`, which is without the command byte; the answer is without the status.
    pub fn handle(&mut self, message: &[u8]) -> Result<Vec<u8>, Status> {
        let request = Request::parse(message)?;
        let offset = length(request.offset.ok_or(Status::InvalidParameter)?);
        match (request.get, &request.set) {
            (Some(count), None) => self.read(&request, offset, length(count)),
            (None, Some(piece)) => self.write(&request, offset, piece),
            _ => Err(Status::InvalidParameter),
        }
    }

    fn read(&self, request: &Request, offset: usize, count: usize) -> Result<Vec<u8>, Status> {
        if request.length.is_some() || request.auth_param.is_some() || request.protocol.is_some() {
            return Err(Status::InvalidParameter);
        }
        self.check_piece(count)?;
        let array = &self.vault.state().large_blobs;
        let rest = array.get(offset..).ok_or(Status::InvalidParameter)?;
        let piece = rest.get(..count).unwrap_or(rest);
        Ok(Response { config: Some(piece.to_vec()) }.encode())
    }

    fn write(&mut self, request: &Request, offset: usize, piece: &[u8]) -> Result<Vec<u8>, Status> {
        self.check_piece(piece.len())?;
        let expected = match (offset, request.length) {
            (0, None) | (1.., Some(_)) => return Err(Status::InvalidParameter),
            (0, Some(whole)) if length(whole) > CAPACITY => return Err(Status::LargeBlobStorageFull),
            (0, Some(whole)) if whole < SHORTEST_ARRAY => return Err(Status::InvalidParameter),
            (0, Some(whole)) => length(whole),
            (1.., None) if offset == self.writing.so_far.len() => self.writing.expected,
            (1.., None) => return Err(Status::InvalidSeq),
        };
        if offset == 0 {
            self.writing.forget();
        }
        if self.protected || self.vault.state().always_uv {
            self.authorize(request, offset, piece)?;
        }
        if offset.saturating_add(piece.len()) > expected {
            return Err(Status::InvalidParameter);
        }
        self.writing.expected = expected;
        self.writing.so_far.extend_from_slice(piece);
        if self.writing.so_far.len() < expected {
            return Ok(Vec::new());
        }
        let array = std::mem::take(self.writing).so_far;
        if !is_whole(&array) {
            return Err(Status::IntegrityFailure);
        }
        let mut state = self.vault.state().clone();
        state.large_blobs = array;
        self.vault.set_state(state)?;
        Ok(Vec::new())
    }

    fn check_piece(&self, count: usize) -> Result<(), Status> {
        let longest = self.longest_message.saturating_sub(AROUND_PIECE);
        if count > longest { Err(Status::InvalidLength) } else { Ok(()) }
    }

    fn authorize(&mut self, request: &Request, offset: usize, piece: &[u8]) -> Result<(), Status> {
        let offset = u32::try_from(offset).map_err(|_| Status::InvalidParameter)?;
        let head = [&[0xff; 32][..], &[0x0c, 0x00], &offset.to_le_bytes()].concat();
        let message = [head.as_slice(), &digest::sha256(piece)].concat();
        let proof = Proof { protocol: request.protocol, param: request.auth_param.as_deref() };
        self.pin_uv.authorize(proof, &message, Permissions::LARGE_BLOB_WRITE, self.now).map(drop)
    }
}

/// Whether the array ends with half the digest of what comes before.
fn is_whole(array: &[u8]) -> bool {
    let Some((content, tail)) = array.split_last_chunk::<DIGEST>() else {
        return false;
    };
    let whole = digest::sha256(content);
    encoding::constant_time_eq(whole.get(..DIGEST).unwrap_or_default(), tail)
}

/// A number of a message as a length; what this machine cannot count is longer than anything it has.
fn length(number: u64) -> usize {
    usize::try_from(number).unwrap_or(usize::MAX)
}

#[cfg(test)]
mod tests;
