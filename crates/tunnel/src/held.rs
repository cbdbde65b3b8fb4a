//! How much memory messages may take, of all tunnels together.
//!
//! What was read and is no whole message yet counts, and so does a message that waits for its reader. Each byte is
//! charged twice: to the one budget of the process, for it to live, and to the share of the address that it came from,
//! for nobody to have all of that budget.

use std::collections::HashMap;
use std::io;
use std::pin::Pin;
use std::sync::{Arc, Weak};
use std::task::{Context, Poll};
use std::time::Duration;

use hybrid::relay::{Limits, Source};
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio::time::Sleep;

/// How long a message may take to come, from its first byte to its last.
const ARRIVAL: Duration = Duration::from_secs(15);
/// A client's frame of at most 125 bytes has two bytes before them, and four for its mask.
const CONTROL_HEAD: usize = 6;

/// The budget of a process, and the shares of addresses that have connections.
pub(crate) struct Budget {
    all: Arc<Semaphore>,
    most: usize,
    from_one: usize,
    shares: HashMap<Source, Weak<Semaphore>>,
}

impl Budget {
    pub(crate) fn new(limits: &Limits) -> Self {
        let most = limits.held.min(Semaphore::MAX_PERMITS);
        let from_one = limits.held_from_one.min(Semaphore::MAX_PERMITS);
        Self { all: Arc::new(Semaphore::new(most)), most, from_one, shares: HashMap::new() }
    }

    /// What a connection from there is charged to.
    pub(crate) fn purse(&mut self, source: Source) -> Purse {
        let source = source.network().unwrap_or(source);
        let here = self.shares.get(&source).and_then(Weak::upgrade).unwrap_or_else(|| {
            let fresh = Arc::new(Semaphore::new(self.from_one));
            self.shares.insert(source, Arc::downgrade(&fresh));
            fresh
        });
        Purse { all: Arc::clone(&self.all), here }
    }

    /// Forgets whoever has no connection any more.
    pub(crate) fn tidy(&mut self) {
        self.shares.retain(|_, share| share.strong_count() > 0);
    }

    /// Bytes that are held now.
    pub(crate) fn held(&self) -> usize {
        self.most.saturating_sub(self.all.available_permits())
    }
}

/// What one connection is charged to.
pub(crate) struct Purse {
    all: Arc<Semaphore>,
    here: Arc<Semaphore>,
}

impl Purse {
    /// Pays for so many bytes, if there is enough in both.
    pub(crate) fn pay(&self, bytes: usize) -> Option<Charge> {
        let bytes = u32::try_from(bytes).ok()?;
        let here = Arc::clone(&self.here).try_acquire_many_owned(bytes).ok()?;
        let all = Arc::clone(&self.all).try_acquire_many_owned(bytes).ok()?;
        Some(Charge { all, here })
    }
}

/// Bytes that were paid for. Whoever has them drops this with them.
pub(crate) struct Charge {
    all: OwnedSemaphorePermit,
    here: OwnedSemaphorePermit,
}

impl Charge {
    fn join(&mut self, other: Self) {
        self.all.merge(other.all);
        self.here.merge(other.here);
    }

    fn bytes(&self) -> usize {
        self.all.num_permits()
    }

    fn split(&mut self, bytes: usize) -> Option<Self> {
        Some(Self { all: self.all.split(bytes)?, here: self.here.split(bytes)? })
    }
}

/// A stream that pays for what comes, until that is a message and somebody else's.
pub(crate) struct Held<S> {
    stream: S,
    purse: Purse,
    charge: Option<Charge>,
    /// When a message that began to come is to have come.
    end: Option<Pin<Box<Sleep>>>,
    stopped: Option<Stopped>,
}

/// Why nothing is read any more.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Stopped {
    /// There is no room for what came.
    Full,
    /// A message did not come in time.
    Late,
}

impl<S> Held<S> {
    pub(crate) fn new(stream: S, purse: Purse) -> Self {
        Self { stream, purse, charge: None, end: None, stopped: None }
    }

    /// A message of that length came: what was paid for it goes with it. `None` where there is no room for it.
    pub(crate) fn message(&mut self, length: usize) -> Option<Charge> {
        self.end = None;
        // What is left was paid for heads of frames; at most a buffer of the next message is in it.
        let paid = self.charge.take().and_then(|mut charge| charge.split(length));
        paid.or_else(|| self.purse.pay(length))
    }

    /// A control frame came, perhaps in the midst of a message in pieces: only what was paid for it is given back.
    pub(crate) fn control(&mut self, length: usize) {
        let Some(charge) = &mut self.charge else { return };
        let length = length.saturating_add(CONTROL_HEAD).min(charge.bytes());
        drop(charge.split(length));
        if charge.bytes() == 0 {
            (self.charge, self.end) = (None, None);
        }
    }

    pub(crate) fn stopped(&self) -> Option<Stopped> {
        self.stopped
    }

    fn stop(&mut self, why: Stopped) -> io::Error {
        self.stopped = Some(why);
        io::Error::other("a message is not read any further")
    }
}

impl<S: AsyncRead + Unpin> AsyncRead for Held<S> {
    fn poll_read(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buf: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        let this = &mut *self;
        if this.end.as_mut().is_some_and(|end| end.as_mut().poll(cx).is_ready()) {
            return Poll::Ready(Err(this.stop(Stopped::Late)));
        }
        let before = buf.filled().len();
        let read = Pin::new(&mut this.stream).poll_read(cx, buf);
        let came = buf.filled().len().saturating_sub(before);
        if came == 0 {
            return read;
        }
        let Some(more) = this.purse.pay(came) else {
            return Poll::Ready(Err(this.stop(Stopped::Full)));
        };
        match &mut this.charge {
            Some(charge) => charge.join(more),
            None => this.charge = Some(more),
        }
        // Looked at from the next read on, which comes before anybody waits.
        this.end.get_or_insert_with(|| Box::pin(tokio::time::sleep(ARRIVAL)));
        read
    }
}

impl<S: AsyncWrite + Unpin> AsyncWrite for Held<S> {
    fn poll_write(mut self: Pin<&mut Self>, cx: &mut Context<'_>, buf: &[u8]) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.stream).poll_write(cx, buf)
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
