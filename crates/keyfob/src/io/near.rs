//! The data channel over Bluetooth alone (L2CAP; Proximity Exchange Protocol 1.0, draft): no relay, no Internet.
//!
//! The seam is [`Near`]: somebody who listens. The program has none: a socket of Bluetooth's takes an address that the
//! standard library does not know. What flows through it is here, with its bounds.

use std::collections::VecDeque;
use std::future::Future;
use std::io;
use std::pin::Pin;
use std::time::Duration;

use hybrid::stream::{self, Reader};
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt};
use tokio::time::timeout;

/// How long a message may take on its way out.
const SEND: Duration = Duration::from_secs(10);

/// Bytes to and from who has connected.
pub trait Stream: AsyncRead + AsyncWrite + Send + Unpin {}

impl<T: AsyncRead + AsyncWrite + Send + Unpin> Stream for T {}

/// Who has connected, once somebody has.
pub type Coming<'a> = Pin<Box<dyn Future<Output = io::Result<Box<dyn Stream>>> + Send + 'a>>;

/// Somebody who listens on a channel of L2CAP.
pub trait Near: Sync {
    /// Its number: what the advertisement tells.
    fn psm(&self) -> u16;

    /// Waits until a device connects; may be dropped at any time.
    fn accept(&self) -> Coming<'_>;
}

/// A connected device.
pub struct NearStream {
    stream: Box<dyn Stream>,
    reader: Reader,
    whole: VecDeque<Vec<u8>>,
}

/// The device is gone, or does not speak as one that shows codes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NearGone;

impl NearStream {
    /// What has connected.
    pub fn new(stream: Box<dyn Stream>) -> Self {
        Self { stream, reader: Reader::default(), whole: VecDeque::new() }
    }

    /// Sends one message.
    pub async fn send(&mut self, message: &[u8]) -> Result<(), NearGone> {
        let framed = stream::write(message).map_err(|_| NearGone)?;
        let sent = async {
            self.stream.write_all(&framed).await?;
            self.stream.flush().await
        };
        timeout(SEND, sent).await.map_err(|_| NearGone)?.map_err(|_| NearGone)
    }

    /// The next message; `None` once the other side has closed. May be dropped at any time.
    pub async fn receive(&mut self) -> Result<Option<Vec<u8>>, NearGone> {
        let mut bytes = [0; 4096];
        loop {
            if let Some(message) = self.whole.pop_front() {
                return Ok(Some(message));
            }
            let length = self.stream.read(&mut bytes).await.map_err(|_| NearGone)?;
            if length == 0 {
                return self.reader.end().map(|()| None).map_err(|_| NearGone);
            }
            let arrived = bytes.get(..length).unwrap_or_default();
            self.whole.extend(self.reader.push(arrived).map_err(|_| NearGone)?);
        }
    }

    /// Closes; what the other side has to say to that is not waited for.
    pub async fn close(mut self) {
        let _ = timeout(SEND, self.stream.shutdown()).await;
    }
}

#[cfg(test)]
mod tests;
