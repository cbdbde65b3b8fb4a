//! Who is let in when more asks than can be answered: few requests at once, the rest refused before any work.
//!
//! A request takes a place, steps back behind everything that the runtime has ready, and then runs. So whatever
//! waits for a processor or for the database holds a place, the number of places is the length of the queue, and
//! nobody waits longer than the queue takes. Whoever finds no place is told so at once, with a body made at the start.
//!
//! Those who are in the middle of something find more places than newcomers: a sign-in that was let in is finished before
//! another one begins. That only decides the order; it gives nobody a right. It is also what slows newcomers down: while
//! those under way fill the places of newcomers, nobody begins anything.
//!
//! A body is read before the place is taken, so that a slow sender holds none.

use std::future::{Future, poll_fn};
use std::pin::pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};
use std::task::Poll;
use std::time::Duration;

use axum::body::{Body, Bytes, HttpBody, to_bytes};
use axum::extract::{Request, State};
use axum::http::{HeaderValue, StatusCode, header};
use axum::middleware::Next;
use axum::response::Response;
use tokio::sync::Semaphore;

use crate::app::App;
use crate::fields::{LONGEST_BODY, longest_body};
use crate::refusal::Refusals;
use crate::{cookies, measure, reply};

/// Bodies that arrive in more than one piece at the same time. With 64 KiB each they hold at most 16 MiB.
const ARRIVING: usize = 256;
/// Whole files that are read at once.
const LARGE: usize = 4;
/// Whoever was refused is asked to come back in 2 to 5 seconds, so that they do not all come at once.
const COME_BACK: u64 = 2;

/// So many times the places of newcomers are there for those under way.
pub const UNDER_WAY: usize = 4;

/// How much is let in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Bounds {
    /// Requests that run or wait at the same time before newcomers are refused; of those under way there may be
    /// [`UNDER_WAY`] times as many.
    pub requests: usize,
    /// By then a request's body must have arrived.
    pub body: Duration,
}

impl Default for Bounds {
    /// 128 requests for each processor. Most of those inside wait for a commit and not for a processor, so a disk that stalls
    /// for a tenth of a second must not look like a flood; and it is 50 milliseconds of work.
    fn default() -> Self {
        let cores = std::thread::available_parallelism().map_or(1, usize::from);
        Self { requests: cores.saturating_mul(128), body: Duration::from_secs(10) }
    }
}

/// The places.
#[derive(Debug)]
pub(crate) struct Gate {
    bounds: Bounds,
    inside: AtomicUsize,
    arriving: Semaphore,
    /// Places for whole files.
    large: Semaphore,
    refused: AtomicU64,
    refusals: Refusals,
}

/// Where a request stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Stage {
    /// It may begin something.
    Newcomer,
    /// It goes on with something.
    UnderWay,
}

/// A place, given back when dropped.
struct Place<'g>(&'g AtomicUsize);

impl Drop for Place<'_> {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::Relaxed);
    }
}

/// Says to the middleware inside that the body was not taken: what the request carries instead of it.
#[derive(Clone, Copy, Debug)]
pub(crate) struct BodyRefused(pub(crate) StatusCode);

impl Gate {
    pub(crate) fn new(bounds: Bounds, refusals: Refusals) -> Self {
        Self {
            bounds,
            inside: AtomicUsize::new(0),
            arriving: Semaphore::new(ARRIVING),
            large: Semaphore::new(LARGE),
            refused: AtomicU64::new(0),
            refusals,
        }
    }

    /// The places for requests at that stage.
    fn places(&self, stage: Stage) -> usize {
        match stage {
            Stage::Newcomer => self.bounds.requests,
            Stage::UnderWay => self.bounds.requests.saturating_mul(UNDER_WAY),
        }
    }

    /// A place, if there is one for a request at that stage.
    fn enter(&self, stage: Stage) -> Option<Place<'_>> {
        let inside = self.inside.fetch_add(1, Ordering::Relaxed);
        let place = Place(&self.inside);
        (inside < self.places(stage)).then_some(place)
    }

    /// Whether there is none; a look that takes nothing.
    fn is_full(&self, stage: Stage) -> bool {
        self.inside.load(Ordering::Relaxed) >= self.places(stage)
    }

    fn refuse(&self, request: &Request) -> Response {
        let number = self.refused.fetch_add(1, Ordering::Relaxed);
        if number.is_power_of_two() {
            tracing::warn!(refused = number.saturating_add(1), "too many requests at once: some are refused");
        }
        measure::refused();
        let mut response = self.refusals.respond(reply::is_scripted(request.uri().path()), request.headers());
        let seconds = COME_BACK.saturating_add(number & 3);
        response.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from(seconds));
        response
    }

    /// The whole body, at once if it is there; one that takes its time needs a place among those.
    async fn read(&self, body: Body, longest: usize) -> Result<Bytes, StatusCode> {
        if body.size_hint().lower() > u64::try_from(longest).unwrap_or(u64::MAX) {
            return Err(StatusCode::PAYLOAD_TOO_LARGE);
        }
        // Whole files are few: what they fill is bounded by how many are read at once.
        let _large = match longest > LONGEST_BODY {
            true => Some(self.large.try_acquire().map_err(|_| StatusCode::SERVICE_UNAVAILABLE)?),
            false => None,
        };
        let mut reading = pin!(to_bytes(body, longest));
        let read = match poll_fn(|cx| Poll::Ready(reading.as_mut().poll(cx))).await {
            Poll::Ready(read) => read,
            Poll::Pending => {
                let _arriving = self.arriving.try_acquire().map_err(|_| StatusCode::SERVICE_UNAVAILABLE)?;
                let read = tokio::time::timeout(self.bounds.body, reading).await;
                read.map_err(|_| StatusCode::REQUEST_TIMEOUT)?
            }
        };
        read.map_err(|_| StatusCode::PAYLOAD_TOO_LARGE)
    }
}

/// The layer around everything else.
pub(crate) async fn admit(State(app): State<Arc<App>>, request: Request, next: Next) -> Response {
    if is_exempt(request.uri().path()) {
        return next.run(request).await;
    }
    let stage = stage(&request);
    // A look before the body is read: what will be refused need not be copied.
    if app.gate.is_full(stage) {
        return app.gate.refuse(&request);
    }
    let request = if request.body().is_end_stream() {
        request
    } else {
        let (parts, body) = request.into_parts();
        let longest = longest_body(parts.uri.path());
        let (body, refused) = match app.gate.read(body, longest).await {
            Ok(bytes) => (Body::from(bytes), None),
            Err(status) => (Body::empty(), Some(BodyRefused(status))),
        };
        let mut request = Request::from_parts(parts, body);
        if let Some(refused) = refused {
            request.extensions_mut().insert(refused);
        }
        request
    };
    let Some(_place) = app.gate.enter(stage) else { return app.gate.refuse(&request) };
    tokio::task::yield_now().await;
    next.run(request).await
}

/// Probes must tell of the load and not fall to it; files and documents cost as little as a refusal.
fn is_exempt(path: &str) -> bool {
    ["/static/", "/.well-known/", "/healthz", "/readyz", "/favicon.ico"]
        .iter()
        .any(|prefix| path.starts_with(prefix))
}

/// Whether a request goes on with something, as far as can be told without any work.
fn stage(request: &Request) -> Stage {
    let goes_on = request.uri().path().ends_with("/finish")
        || cookies::read(request.headers(), cookies::SESSION).is_some();
    if goes_on { Stage::UnderWay } else { Stage::Newcomer }
}

#[cfg(test)]
mod tests;
