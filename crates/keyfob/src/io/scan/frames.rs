//! Pictures one after another, as a camera's program writes them: PNG follows PNG without anything between.

/// The eight bytes that a PNG begins with (PNG Specification, third edition, section 5.2).
const SIGNATURE: [u8; 8] = [0x89, b'P', b'N', b'G', 0x0d, 0x0a, 0x1a, 0x0a];
/// The most bytes of one picture: a frame of a camera, uncompressed.
const MAX_FRAME: usize = 32 * 1024 * 1024;

/// Takes bytes as they come and gives whole pictures.
#[derive(Default)]
pub(super) struct Frames {
    bytes: Vec<u8>,
}

/// What comes is not a row of PNGs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct NotPictures;

impl Frames {
    /// Takes what came.
    pub(super) fn push(&mut self, bytes: &[u8]) -> Result<(), NotPictures> {
        self.bytes.extend_from_slice(bytes);
        if self.bytes.len() > MAX_FRAME { Err(NotPictures) } else { Ok(()) }
    }

    /// The next whole picture, and none of it again.
    pub(super) fn next(&mut self) -> Result<Option<Vec<u8>>, NotPictures> {
        let known = self.bytes.len().min(SIGNATURE.len());
        if self.bytes.get(..known) != SIGNATURE.get(..known) {
            return Err(NotPictures);
        }
        let mut at = SIGNATURE.len();
        loop {
            // A chunk: length, name, content, checksum.
            let Some(length) = self.bytes.get(at..).and_then(<[u8]>::first_chunk::<4>) else {
                return Ok(None);
            };
            let length = usize::try_from(u32::from_be_bytes(*length)).map_err(|_| NotPictures)?;
            if length > MAX_FRAME {
                return Err(NotPictures);
            }
            let last = self.bytes.get(at + 4..at + 8) == Some(b"IEND");
            at += length + 12;
            if at > self.bytes.len() {
                return Ok(None);
            }
            if last {
                let rest = self.bytes.split_off(at);
                return Ok(Some(std::mem::replace(&mut self.bytes, rest)));
            }
        }
    }
}

#[cfg(test)]
mod tests;
