//! Telling a page that waits what happens, while it happens: server-sent events.
//!
//! All who wait share one ticker, which runs while anybody does; each looks at the database once a tick. A stream is
//! the body of an answer that has been given, so it holds none of the places of requests; it holds one of these here,
//! and whoever finds none asks again and again instead.

use std::collections::HashMap;
use std::pin::Pin;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::task::{Context, Poll};
use std::time::Duration;

use account::session::SessionId;
use axum::body::{Body, Bytes};
use axum::http::{HeaderName, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use futures_core::Stream;
use serde_json::Value;
use tokio::sync::{OwnedSemaphorePermit, Semaphore, mpsc, watch};
use tokio::time::MissedTickBehavior;

#[cfg(test)]
mod tests;

/// How often those who wait look.
const TICK: Duration = Duration::from_millis(500);
/// With nothing to tell, so many ticks later a sign of life goes out: pages take 20 seconds of silence for a dead line.
const ALIVE: u32 = 16;
/// Streams at the same time. Each takes a connection and two reads a second.
const MOST: usize = 512;
/// Streams of one session at the same time: the tabs of a person. No session takes the places of the others.
const MOST_OF_ONE: usize = 4;

/// The ticker, and the places of those who wait.
#[derive(Clone, Debug)]
pub(crate) struct Live(Arc<Shared>);

#[derive(Debug)]
struct Shared {
    /// Counts ticks; nothing once the server stops.
    ticks: watch::Sender<Option<u64>>,
    running: AtomicBool,
    places: Arc<Semaphore>,
    /// How many each session has.
    taken: Mutex<HashMap<SessionId, usize>>,
}

/// Somebody who waits, with their place.
pub(crate) struct Watcher {
    ticks: watch::Receiver<Option<u64>>,
    _place: OwnedSemaphorePermit,
    _turn: Turn,
}

/// One of the streams of a session.
struct Turn {
    shared: Arc<Shared>,
    session: SessionId,
}

impl Turn {
    fn take(shared: &Arc<Shared>, session: SessionId) -> Option<Self> {
        let mut taken = shared.taken.lock().unwrap_or_else(PoisonError::into_inner);
        let count = taken.entry(session).or_default();
        if *count >= MOST_OF_ONE {
            return None;
        }
        *count += 1;
        Some(Self { shared: Arc::clone(shared), session })
    }
}

impl Drop for Turn {
    fn drop(&mut self) {
        let mut taken = self.shared.taken.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(count) = taken.get_mut(&self.session) {
            *count = count.saturating_sub(1);
            if *count == 0 {
                taken.remove(&self.session);
            }
        }
    }
}

impl Default for Live {
    fn default() -> Self {
        let places = Arc::new(Semaphore::new(MOST));
        let (ticks, running) = (watch::Sender::new(Some(0)), AtomicBool::new(false));
        Self(Arc::new(Shared { ticks, running, places, taken: Mutex::default() }))
    }
}

impl Live {
    /// A place for a page of `session`, if there is one; the ticker runs from here on.
    pub(crate) fn watch(&self, session: SessionId) -> Option<Watcher> {
        let turn = Turn::take(&self.0, session)?;
        let place = Arc::clone(&self.0.places).try_acquire_owned().ok()?;
        let ticks = self.0.ticks.subscribe();
        if !self.0.running.swap(true, Ordering::AcqRel) {
            tokio::spawn(tick(Arc::clone(&self.0)));
        }
        Some(Watcher { ticks, _place: place, _turn: turn })
    }

    /// Ends every stream: the server stops, and would otherwise wait for them.
    pub(crate) fn end(&self) {
        self.0.ticks.send_replace(None);
    }
}

async fn tick(shared: Arc<Shared>) {
    let mut ticker = tokio::time::interval(TICK);
    ticker.set_missed_tick_behavior(MissedTickBehavior::Delay);
    loop {
        ticker.tick().await;
        if shared.ticks.receiver_count() == 0 {
            shared.running.store(false, Ordering::Release);
            // Somebody may have come between the look and the word; only one of two tickers goes on.
            if shared.ticks.receiver_count() == 0 || shared.running.swap(true, Ordering::AcqRel) {
                return;
            }
        }
        shared.ticks.send_if_modified(|ticks| {
            let Some(count) = ticks else { return false };
            *count = count.wrapping_add(1);
            true
        });
    }
}

impl Watcher {
    /// Waits for the next tick; false once the server stops.
    async fn tick(&mut self) -> bool {
        self.ticks.changed().await.is_ok() && self.ticks.borrow_and_update().is_some()
    }
}

/// What a look brought.
pub(crate) struct Seen {
    /// What the page is told, if it is new.
    pub(crate) told: Value,
    /// By what a look that brought nothing new is recognised.
    pub(crate) mark: u64,
    /// Nothing more is to come.
    pub(crate) last: bool,
}

/// Answers with a stream that tells what `look` sees, until it says that this was the last or has nothing to say any
/// more, or the page goes away.
pub(crate) fn stream<L, F>(watcher: Watcher, look: L) -> Response
where
    L: FnMut() -> F + Send + 'static,
    F: Future<Output = Option<Seen>> + Send + 'static,
{
    let (pipe, events) = mpsc::channel(4);
    tokio::spawn(tell(watcher, look, pipe));
    let headers = [
        (header::CONTENT_TYPE, HeaderValue::from_static("text/event-stream")),
        (header::CACHE_CONTROL, HeaderValue::from_static("no-store")),
        // Proxies that gather answers are asked not to.
        (HeaderName::from_static("x-accel-buffering"), HeaderValue::from_static("no")),
    ];
    (headers, Body::from_stream(Events(events))).into_response()
}

/// Says that there is no place: `EventSource` gives up on this status, and the page asks instead.
pub(crate) fn full() -> Response {
    StatusCode::NO_CONTENT.into_response()
}

async fn tell<L, F>(mut watcher: Watcher, mut look: L, pipe: mpsc::Sender<Bytes>)
where
    L: FnMut() -> F + Send + 'static,
    F: Future<Output = Option<Seen>> + Send + 'static,
{
    let mut known = None;
    let mut quiet = 0u32;
    loop {
        let Some(seen) = look().await else { return };
        quiet = quiet.saturating_add(1);
        let event = if known != Some(seen.mark) {
            known = Some(seen.mark);
            Some(format!("event: stage\ndata: {}\n\n", seen.told))
        } else {
            (quiet >= ALIVE).then(|| "event: alive\ndata: {}\n\n".to_owned())
        };
        if let Some(event) = event {
            quiet = 0;
            if pipe.send(Bytes::from(event)).await.is_err() {
                return;
            }
        }
        if seen.last {
            return;
        }
        tokio::select! {
            ticked = watcher.tick() => if !ticked { return },
            () = pipe.closed() => return,
        }
    }
}

/// The events as a body, or whatever else is sent while it is made.
pub(crate) struct Events(pub(crate) mpsc::Receiver<Bytes>);

impl Stream for Events {
    type Item = Result<Bytes, std::convert::Infallible>;

    fn poll_next(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        self.0.poll_recv(cx).map(|event| event.map(Ok))
    }
}
