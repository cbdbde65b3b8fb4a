//! How many connections there are: those beyond the bound are closed, with a word where that can be said.

use std::fs;
use std::future::{Ready, ready};
use std::io;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::task::{Context, Poll};

use axum_server::accept::Accept;
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::net::TcpStream;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

/// Files that the server needs besides: database, log, listeners, and the connections that are being closed.
const OTHER_FILES: usize = 128;
/// What a plain connection is told that is one too many.
const FULL: &[u8] = b"HTTP/1.1 503 Service Unavailable\r\ncontent-type: text/plain\r\ncontent-length: 21\r\n\
    cache-control: no-store\r\nretry-after: 5\r\nconnection: close\r\n\r\nToo many connections\n";

/// Accepts connections while there is room.
#[derive(Clone, Debug)]
pub(super) struct Counting {
    room: Arc<Semaphore>,
    refused: Arc<AtomicU64>,
    /// Whether HTTP is spoken without TLS, so that a refusal can be said.
    plain: bool,
}

impl Counting {
    /// For at most `most` connections, or as many as the process may have files.
    pub(super) fn new(most: usize, plain: bool) -> Self {
        let room = room(most);
        if room < most {
            tracing::warn!(
                connections = room,
                configured = most,
                "the limit of open files is too low for limits.connections: raise it (LimitNOFILE, ulimit -n)"
            );
        }
        Self { room: Arc::new(Semaphore::new(room)), refused: Arc::default(), plain }
    }
}

/// How many connections there can be where so many may.
pub(super) fn room(most: usize) -> usize {
    open_files().map_or(most, |files| files.saturating_sub(OTHER_FILES).max(16)).min(most)
}

/// The soft limit of open files of this process; `None` where it cannot be read or there is none.
fn open_files() -> Option<usize> {
    let limits = fs::read_to_string("/proc/self/limits").ok()?;
    let line = limits.lines().find_map(|line| line.strip_prefix("Max open files"))?;
    line.split_ascii_whitespace().next()?.parse().ok()
}

impl<S> Accept<TcpStream, S> for Counting {
    type Stream = Counted<TcpStream>;
    type Service = S;
    type Future = Ready<io::Result<(Self::Stream, S)>>;

    fn accept(&self, stream: TcpStream, service: S) -> Self::Future {
        let Ok(permit) = Arc::clone(&self.room).try_acquire_owned() else {
            let number = self.refused.fetch_add(1, Ordering::Relaxed);
            if number.is_power_of_two() {
                tracing::warn!(refused = number.saturating_add(1), "too many connections: some are closed");
            }
            if self.plain {
                // A fresh socket takes this much; if not, closing it says as much.
                let _ = stream.try_write(FULL);
            }
            return ready(Err(io::Error::other("too many connections")));
        };
        // A page larger than a packet shall not wait for the first one's acknowledgement.
        ready(stream.set_nodelay(true).map(|()| (Counted { stream, _permit: permit }, service)))
    }
}

/// A connection that is counted until it is closed.
#[derive(Debug)]
pub(super) struct Counted<S> {
    stream: S,
    _permit: OwnedSemaphorePermit,
}

impl<S: AsyncRead + Unpin> AsyncRead for Counted<S> {
    fn poll_read(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buf: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_read(cx, buf)
    }
}

impl<S: AsyncWrite + Unpin> AsyncWrite for Counted<S> {
    fn poll_write(mut self: Pin<&mut Self>, cx: &mut Context<'_>, buf: &[u8]) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.stream).poll_write(cx, buf)
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        bufs: &[io::IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.stream).poll_write_vectored(cx, bufs)
    }

    fn is_write_vectored(&self) -> bool {
        self.stream.is_write_vectored()
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_flush(cx)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_shutdown(cx)
    }
}

#[cfg(test)]
mod tests;
