//! Frames (CTAP 2.3 section 11.5.1.5): what goes through the tunnel after the handshake, padded and encrypted.

use primitives::aead::Aes256Gcm;
use zeroize::{Zeroize, Zeroizing};

/// No message of the protocol is longer; Chromium takes as much.
pub const LONGEST: usize = 1 << 20;
/// Under one key no more is encrypted.
const MOST_MESSAGES: u32 = (1 << 24) - 1;
/// Texts grow to a multiple of this, for their length not to say what they are.
const GRAIN: usize = 32;

/// One frame.
#[derive(Clone, PartialEq, Eq)]
pub enum Frame {
    /// 0: the client is done.
    Shutdown,
    /// 1: a CTAP request (command and CBOR) or reply (status and CBOR).
    Ctap(Vec<u8>),
    /// 2: a CBOR map of news, such as a link.
    Update(Vec<u8>),
    /// 3: JSON, for digital credentials.
    Json(Vec<u8>),
}

impl Frame {
    /// The text that is encrypted.
    pub fn write(&self) -> Zeroizing<Vec<u8>> {
        let (kind, body): (u8, &[u8]) = match self {
            Frame::Shutdown => (0, &[]),
            Frame::Ctap(body) => (1, body),
            Frame::Update(body) => (2, body),
            Frame::Json(body) => (3, body),
        };
        let mut text = Zeroizing::new(Vec::with_capacity(body.len().saturating_add(1)));
        text.push(kind);
        text.extend_from_slice(body);
        text
    }

    /// From the text. What follows the byte of a shutdown means nothing; some send something there.
    pub fn read(text: &[u8]) -> Result<Self, FrameRefusal> {
        let (kind, body) = text.split_first().ok_or(FrameRefusal::Empty)?;
        match kind {
            0 => Ok(Frame::Shutdown),
            1 => Ok(Frame::Ctap(body.to_vec())),
            2 => Ok(Frame::Update(body.to_vec())),
            3 => Ok(Frame::Json(body.to_vec())),
            _ => Err(FrameRefusal::Kind),
        }
    }
}

/// Replies may hold what a passkey derives, and none is for a log.
impl std::fmt::Debug for Frame {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let (name, length) = match self {
            Frame::Shutdown => ("Shutdown", 0),
            Frame::Ctap(body) => ("Ctap", body.len()),
            Frame::Update(body) => ("Update", body.len()),
            Frame::Json(body) => ("Json", body.len()),
        };
        write!(f, "{name}({length} bytes)")
    }
}

/// Both directions of an established connection. Messages come in the order in which they were sent, or not at all.
pub struct Cipher {
    sending: Direction,
    receiving: Direction,
}

struct Direction {
    key: [u8; 32],
    count: u32,
}

impl Cipher {
    /// From the two keys.
    pub fn new(sending: &[u8; 32], receiving: &[u8; 32]) -> Self {
        Self {
            sending: Direction { key: *sending, count: 0 },
            receiving: Direction { key: *receiving, count: 0 },
        }
    }

    /// Encrypts the next text to send.
    pub fn seal(&mut self, text: &[u8]) -> Result<Vec<u8>, FrameRefusal> {
        let padded = pad(text);
        if padded.len().saturating_add(16) > LONGEST {
            return Err(FrameRefusal::TooLong);
        }
        let nonce = self.sending.nonce()?;
        Ok(Aes256Gcm::new(&self.sending.key).seal(&nonce, &[], &padded))
    }

    /// Decrypts the next message that came.
    pub fn open(&mut self, message: &[u8]) -> Result<Zeroizing<Vec<u8>>, FrameRefusal> {
        if message.len() > LONGEST {
            return Err(FrameRefusal::TooLong);
        }
        let nonce = self.receiving.nonce()?;
        let mut text = Aes256Gcm::new(&self.receiving.key)
            .open(&nonce, &[], message)
            .map_err(|_| FrameRefusal::Forged)?;
        let kept = unpad(&text)?;
        text.truncate(kept);
        Ok(text)
    }
}

impl Direction {
    /// The count as twelve bytes, big-endian.
    fn nonce(&mut self) -> Result<[u8; 12], FrameRefusal> {
        if self.count >= MOST_MESSAGES {
            return Err(FrameRefusal::Exhausted);
        }
        let [a, b, c, d] = self.count.to_be_bytes();
        self.count = self.count.saturating_add(1);
        Ok([0, 0, 0, 0, 0, 0, 0, 0, a, b, c, d])
    }
}

impl Drop for Direction {
    fn drop(&mut self) {
        self.key.zeroize();
    }
}

/// Zeros and their number.
fn pad(text: &[u8]) -> Zeroizing<Vec<u8>> {
    let full = text.len().saturating_add(1).next_multiple_of(GRAIN);
    let zeros = full.saturating_sub(text.len()).saturating_sub(1);
    let mut padded = Zeroizing::new(Vec::with_capacity(full));
    padded.extend_from_slice(text);
    padded.resize(full.saturating_sub(1), 0);
    padded.push(u8::try_from(zeros).unwrap_or_default());
    padded
}

/// How much of a padded text is text. Others pad to other lengths, so any number is taken; what stands in the
/// padding was encrypted by the other side like the rest and means nothing.
fn unpad(padded: &[u8]) -> Result<usize, FrameRefusal> {
    let (zeros, before) = padded.split_last().ok_or(FrameRefusal::Padding)?;
    before.len().checked_sub(usize::from(*zeros)).ok_or(FrameRefusal::Padding)
}

/// Why a message is none of the connection.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FrameRefusal {
    /// Longer than any message.
    TooLong,
    /// Not encrypted by the other side as its next message.
    Forged,
    /// The keys have served as often as they may.
    Exhausted,
    /// The padding is said to be longer than all there is.
    Padding,
    /// Nothing but padding.
    Empty,
    /// A kind of frame that does not exist.
    Kind,
}

impl FrameRefusal {
    /// The name by which people and logs know it.
    pub fn code(self) -> &'static str {
        match self {
            FrameRefusal::TooLong => "frame_too_long",
            FrameRefusal::Forged => "frame_forged",
            FrameRefusal::Exhausted => "frame_exhausted",
            FrameRefusal::Padding => "frame_padding",
            FrameRefusal::Empty => "frame_empty",
            FrameRefusal::Kind => "frame_kind",
        }
    }
}

#[cfg(test)]
mod tests;
