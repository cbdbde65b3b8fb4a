//! Messages on a stream of bytes: the framing of the L2CAP channel (Proximity Exchange Protocol 1.0, draft), four
//! bytes of length before each message.

use crate::frame::LONGEST;

/// Puts the length before a message.
pub fn write(message: &[u8]) -> Result<Vec<u8>, StreamRefusal> {
    let length = u32::try_from(message.len()).map_err(|_| StreamRefusal::TooLong)?;
    if message.len() > LONGEST {
        return Err(StreamRefusal::TooLong);
    }
    let mut out = length.to_be_bytes().to_vec();
    out.extend_from_slice(message);
    Ok(out)
}

/// Finds messages in what arrives, in whatever pieces it does.
#[derive(Debug, Default)]
pub struct Reader {
    held: Vec<u8>,
}

impl Reader {
    /// Takes what arrived; returns the messages that are whole.
    pub fn push(&mut self, bytes: &[u8]) -> Result<Vec<Vec<u8>>, StreamRefusal> {
        self.held.extend_from_slice(bytes);
        let mut messages = Vec::new();
        let mut rest = self.held.as_slice();
        while let Some((length, after)) = rest.split_first_chunk::<4>() {
            let length = usize::try_from(u32::from_be_bytes(*length)).map_err(|_| StreamRefusal::TooLong)?;
            if length > LONGEST {
                return Err(StreamRefusal::TooLong);
            }
            let Some((message, after)) = after.split_at_checked(length) else { break };
            messages.push(message.to_vec());
            rest = after;
        }
        let kept = rest.len();
        self.held.drain(..self.held.len().saturating_sub(kept));
        Ok(messages)
    }

    /// Whether the stream may end here.
    pub fn end(&self) -> Result<(), StreamRefusal> {
        if self.held.is_empty() { Ok(()) } else { Err(StreamRefusal::Truncated) }
    }
}

/// Why a stream is none of messages.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum StreamRefusal {
    /// A message is announced that is longer than any.
    TooLong,
    /// The stream ends within a message.
    Truncated,
}

impl StreamRefusal {
    /// The name by which people and logs know it.
    pub fn code(self) -> &'static str {
        match self {
            StreamRefusal::TooLong => "stream_too_long",
            StreamRefusal::Truncated => "stream_truncated",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn messages_come_out_however_the_stream_is_cut() {
        let messages = [b"first".to_vec(), Vec::new(), vec![7; 300]];
        let stream: Vec<u8> = messages.iter().flat_map(|message| write(message).unwrap()).collect();
        for piece in 1..stream.len() {
            let mut reader = Reader::default();
            let read: Vec<Vec<u8>> =
                stream.chunks(piece).flat_map(|bytes| reader.push(bytes).unwrap()).collect();
            assert_eq!(read, messages, "pieces of {piece}");
            assert_eq!(reader.end(), Ok(()));
        }
    }

    #[test]
    fn lengths_beyond_any_message_are_refused_before_they_arrive() {
        assert_eq!(Reader::default().push(&[0, 0x10, 0, 1]), Err(StreamRefusal::TooLong));
        assert_eq!(Reader::default().push(&[0xff; 4]), Err(StreamRefusal::TooLong));
        assert_eq!(Reader::default().push(&[0, 0x10, 0, 0]), Ok(Vec::new()));
        assert_eq!(write(&vec![0; LONGEST + 1]), Err(StreamRefusal::TooLong));
    }

    #[test]
    fn an_end_within_a_message_is_noticed() {
        let mut reader = Reader::default();
        reader.push(&[0, 0, 0]).unwrap();
        assert_eq!(reader.end(), Err(StreamRefusal::Truncated));
        assert_eq!(StreamRefusal::Truncated.code(), "stream_truncated");
    }
}
