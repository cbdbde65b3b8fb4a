//! What is between the two: the tunnel service, or a stream over Bluetooth.

use hybrid::relay::{Admitted, Ending, Limits, Path, Relay, RelayRefusal, Side, Source};
use hybrid::stream::{self, Reader};
use primitives::time::Timestamp;
use testkit::SeededEntropy;

/// To whom something happens.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum To {
    Client,
    Phone,
}

impl To {
    pub(crate) const BOTH: [To; 2] = [To::Client, To::Phone];

    pub(crate) fn other(self) -> To {
        if self == To::Client { To::Phone } else { To::Client }
    }

    pub(crate) fn index(self) -> usize {
        usize::from(self == To::Phone)
    }
}

/// The tunnel service as its skin runs it.
pub(crate) struct Service {
    relay: Relay,
    sides: [Option<Side>; 2],
    entropy: SeededEntropy,
}

impl Service {
    pub(crate) fn new(seed: u64) -> Self {
        Self { relay: Relay::new(Limits::default()), sides: [None; 2], entropy: SeededEntropy::new(seed) }
    }

    /// Opens what the address says; returns the routing id that a phone is told.
    pub(crate) fn open(
        &mut self,
        who: To,
        url: &str,
        now: Timestamp,
    ) -> Result<Option<[u8; 3]>, RelayRefusal> {
        let path = Path::parse(url.strip_prefix("wss://cable.wufkweyy3uaxb.com").unwrap())?;
        let source = Source(u64::from(who == To::Phone));
        let (side, routing_id) = match self.relay.open(&path, source, now, &mut self.entropy)? {
            Admitted::Phone { side, routing_id, .. } => (side, routing_id),
            Admitted::Client { side, .. } => (side, None),
        };
        self.sides[who.index()] = Some(side);
        Ok(routing_id)
    }

    /// Whether a message of that length goes to the other side.
    pub(crate) fn passes(&mut self, from: To, length: usize, now: Timestamp) -> bool {
        let Some(side) = self.sides[from.index()] else { return false };
        self.relay.message(side, length, now).is_ok()
    }

    /// That side hangs up; returns whether the other one is hung up on.
    pub(crate) fn leave(&mut self, who: To) -> bool {
        let Some(side) = self.sides[who.index()].take() else { return false };
        self.relay.close(side, Ending::Left).is_some_and(|other| self.forget(other).is_some())
    }

    pub(crate) fn deadline(&self) -> Option<Timestamp> {
        self.relay.deadline()
    }

    /// Who is hung up on because time is over.
    pub(crate) fn tick(&mut self, now: Timestamp) -> Vec<To> {
        let closed = self.relay.tick(now);
        closed.into_iter().filter_map(|side| self.forget(side)).collect()
    }

    /// The process ends and begins again: it keeps nothing.
    pub(crate) fn restart(&mut self) -> Vec<To> {
        self.relay = Relay::new(Limits::default());
        To::BOTH.into_iter().filter(|to| self.sides[to.index()].take().is_some()).collect()
    }

    pub(crate) fn is_empty(&self) -> bool {
        let counts = self.relay.counts();
        counts.waiting + counts.joined == 0
    }

    fn forget(&mut self, side: Side) -> Option<To> {
        let to = To::BOTH.into_iter().find(|to| self.sides[to.index()] == Some(side))?;
        self.sides[to.index()] = None;
        Some(to)
    }
}

/// A channel of L2CAP: bytes in order, in whatever pieces.
#[derive(Default)]
pub(crate) struct Stream {
    /// Whether it was ever there: what was sent before its end still arrives.
    pub(crate) connected: bool,
    open: [bool; 2],
    readers: [Reader; 2],
}

impl Stream {
    pub(crate) fn connect(&mut self) {
        (self.connected, self.open) = (true, [true; 2]);
    }

    /// Whether that end is open still; it is not any more.
    pub(crate) fn close(&mut self, who: To) -> bool {
        std::mem::take(&mut self.open[who.index()])
    }

    pub(crate) fn is_open(&self, who: To) -> bool {
        self.open[who.index()]
    }

    /// The bytes that a message becomes.
    pub(crate) fn frame(message: &[u8]) -> Vec<u8> {
        stream::write(message).unwrap()
    }

    /// The messages that bytes complete, however they are cut; nothing where they are none.
    pub(crate) fn take(&mut self, to: To, bytes: &[u8]) -> Option<Vec<Vec<u8>>> {
        let reader = &mut self.readers[to.index()];
        let mut messages = Vec::new();
        for piece in bytes.chunks(23) {
            messages.extend(reader.push(piece).ok()?);
        }
        Some(messages)
    }
}
