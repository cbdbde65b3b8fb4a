//! All tunnels of a process.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use hybrid::linking::ClientPayload;
use hybrid::relay::{
    Admitted, CLIENT_PAYLOAD, Counts, Ending, Limits, Path, ROUTING_ID, Relay, RelayRefusal,
    SIGNAL_CONNECTION, Side, Source,
};
use hyper::body::Bytes;
use hyper::header::{HeaderName, HeaderValue};
use hyper::upgrade::OnUpgrade;
use hyper::{Request, Response};
use primitives::encoding::{from_hex, hex};
use primitives::entropy::Entropy;
use primitives::time::Timestamp;
use tokio::sync::mpsc;

use crate::held::{Budget, Charge, Purse};
use crate::pump;
use crate::upgrade::{self, Asked};

/// The one door to the clock, which the program has.
pub type Clock = fn() -> Timestamp;

/// How often is looked for what is over.
const TICK: Duration = Duration::from_secs(1);
/// Messages that may wait for a side that does not read. A sign-in sends one at a time; whose messages pile up beyond
/// this is none.
const WAITING: usize = 8;

/// All tunnels; cheap to clone.
#[derive(Clone)]
pub struct Tunnels(Arc<Shared>);

struct Shared {
    clock: Clock,
    limits: Limits,
    state: Mutex<State>,
}

struct State {
    relay: Relay,
    entropy: Box<dyn Entropy>,
    /// To each connection what it is to send. A connection whose entry is gone sends what waits, and hangs up.
    seats: HashMap<Side, mpsc::Sender<Waiting>>,
    budget: Budget,
    ended: bool,
}

/// A message that waits to leave.
pub(crate) struct Waiting {
    pub(crate) message: Bytes,
    /// Given back when it left. Words of the service itself are few and cost nothing.
    pub(crate) charge: Option<Charge>,
}

impl Waiting {
    fn own(message: Bytes) -> Self {
        Self { message, charge: None }
    }
}

/// A connection that was let in and waits for its socket.
pub(crate) struct Seat {
    pub(crate) side: Side,
    pub(crate) sending: mpsc::Receiver<Waiting>,
    pub(crate) purse: Purse,
}

impl Tunnels {
    /// No tunnel yet.
    pub fn new(limits: Limits, clock: Clock, entropy: Box<dyn Entropy>) -> Self {
        let (relay, budget) = (Relay::new(limits), Budget::new(&limits));
        let state = State { relay, entropy, seats: HashMap::new(), budget, ended: false };
        Self(Arc::new(Shared { clock, limits, state: Mutex::new(state) }))
    }

    /// Answers a request for a path under `/cable/`: with 101, and from then on as a tunnel, or with a refusal.
    pub fn answer<B>(&self, request: &mut Request<B>, source: Source) -> Response<String> {
        match self.admit(request, source) {
            Ok(response) => response,
            Err(refusal) => {
                tracing::debug!(why = refusal.code(), "a tunnel was refused");
                upgrade::refused(refusal)
            }
        }
    }

    fn admit<B>(&self, request: &mut Request<B>, source: Source) -> Result<Response<String>, RelayRefusal> {
        let asked = Asked::read(request).inspect_err(|refusal| self.refuse(*refusal))?;
        let payload = payload(&asked.path, request).inspect_err(|refusal| self.refuse(*refusal))?;
        let upgrading = hyper::upgrade::on(&mut *request);
        let mut response = asked.accepted();
        let mut state = self.state();
        if state.ended {
            return Err(RelayRefusal::Full);
        }
        let now = (self.0.clock)();
        let State { relay, entropy, .. } = &mut *state;
        let side = match relay.open(&asked.path, source, now, entropy.as_mut())? {
            Admitted::Phone { side, routing_id, closes } => {
                if let Some(routing_id) = routing_id {
                    insert(&mut response, ROUTING_ID, &hex(&routing_id));
                }
                if let Some(before) = closes {
                    state.seats.remove(&before);
                }
                side
            }
            Admitted::Client { side, phone } => {
                // The phone learns which link is used from its first message.
                if let (Some(payload), Some(phone)) = (payload, state.seats.get(&phone)) {
                    let _ = phone.try_send(Waiting::own(payload.into()));
                }
                side
            }
        };
        let (sender, sending) = mpsc::channel(WAITING);
        if request.headers().contains_key(SIGNAL_CONNECTION) && matches!(asked.path, Path::Contact { .. }) {
            // The phone is there already: there is nothing to wait for before saying so.
            insert(&mut response, SIGNAL_CONNECTION, "true");
            let _ = sender.try_send(Waiting::own(Bytes::from_static(&[0])));
        }
        state.seats.insert(side, sender);
        let purse = state.budget.purse(source);
        drop(state);
        self.carry(upgrading, Seat { side, sending, purse });
        Ok(response)
    }

    /// Hands the socket over, once it is there. If it does not come, the tunnel is over.
    fn carry(&self, upgrading: OnUpgrade, seat: Seat) {
        let tunnels = self.clone();
        tokio::spawn(async move {
            let side = seat.side;
            let ending = match upgrading.await {
                Ok(upgraded) => pump::run(&tunnels, upgraded, seat).await,
                Err(_) => Ending::Left,
            };
            tunnels.leave(side, ending);
        });
    }

    /// Passes a message on. Nothing waits here: a side that does not read costs its own tunnel.
    pub(crate) fn pass(&self, from: Side, message: Bytes, charge: Charge) -> Result<(), RelayRefusal> {
        let now = (self.0.clock)();
        let mut state = self.state();
        let to = state.relay.message(from, message.len(), now)?;
        let seat = state.seats.get(&to).ok_or(RelayRefusal::NoTunnel)?;
        seat.try_send(Waiting { message, charge: Some(charge) }).map_err(|_| RelayRefusal::TooMuch)
    }

    /// A connection is gone: the other one of its tunnel is to go, too.
    pub(crate) fn leave(&self, side: Side, ending: Ending) {
        let mut state = self.state();
        state.seats.remove(&side);
        if let Some(other) = state.relay.close(side, ending) {
            state.seats.remove(&other);
        }
    }

    /// Counts a connection that was closed unheard, for its address has too many.
    pub fn turned_away(&self) {
        self.refuse(RelayRefusal::TooMany);
    }

    pub(crate) fn refuse(&self, refusal: RelayRefusal) {
        self.state().relay.refuse(refusal);
    }

    pub(crate) fn limits(&self) -> &Limits {
        &self.0.limits
    }

    /// Ends what is over, once a second, for as long as the process runs.
    pub async fn keep(self) {
        let mut interval = tokio::time::interval(TICK);
        loop {
            interval.tick().await;
            self.tick();
        }
    }

    /// Ends what is over.
    pub fn tick(&self) {
        let now = (self.0.clock)();
        let mut state = self.state();
        for side in state.relay.tick(now) {
            state.seats.remove(&side);
        }
        state.budget.tidy();
    }

    /// Hangs up on everybody and lets nobody in any more: the process stops.
    pub fn end(&self) {
        let mut state = self.state();
        state.ended = true;
        state.seats.clear();
    }

    /// What there is and was.
    pub fn counts(&self) -> Counts {
        let state = self.state();
        Counts { held: state.budget.held(), ..state.relay.counts() }
    }

    /// The service goes on where a holder of the lock has panicked: each change of the table is one call.
    fn state(&self) -> MutexGuard<'_, State> {
        self.0.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// What a client with a link says of itself; without it the phone could not answer.
fn payload<B>(path: &Path, request: &Request<B>) -> Result<Option<Vec<u8>>, RelayRefusal> {
    if !matches!(path, Path::Contact { .. }) {
        return Ok(None);
    }
    let text = request.headers().get(CLIENT_PAYLOAD).and_then(|value| value.to_str().ok());
    let text = text.filter(|text| ClientPayload::read(text).is_ok()).ok_or(RelayRefusal::PathForm)?;
    Ok(from_hex(text))
}

fn insert(response: &mut Response<String>, name: &str, value: &str) {
    if let (Ok(name), Ok(value)) = (HeaderName::from_bytes(name.as_bytes()), HeaderValue::from_str(value)) {
        response.headers_mut().insert(name, value);
    }
}
