//! The client (CTAP 2.3 section 11.5): shows a code, hears the advertisement, meets the phone in the tunnel, and asks.
//!
//! It is told what happened and says what to do. Once it says [`Action::Done`] it is over, and says nothing any more.

mod refusal;

use primitives::agreement::PrivateKey;
use primitives::entropy::{self, Entropy};
use primitives::time::{Span, Timestamp};
use zeroize::Zeroizing;

use crate::advertisement::{Eid, EidKey};
use crate::frame::{Cipher, Frame};
use crate::handshake;
use crate::keys;
use crate::linking::{ClientPayload, Link};
use crate::post_handshake::PostHandshake;
use crate::qr::{Hint, L2CAP, Qr, WEB_SOCKET};
use crate::relay;
use crate::tunnel_domain;

pub use refusal::InitiatorRefusal;

/// The assigned tunnel domains that this client knows.
const ASSIGNED: u64 = 2;
/// How long the person may take to fetch the phone and scan the code.
const SCAN: Span = Span::from_minutes(2);
/// How long tunnel service and phone may take to come to the end of the handshake.
const MEET: Span = Span::from_secs(30);
/// How long a connection by Bluetooth may take before the tunnel is tried.
const NEAR: Span = Span::from_secs(10);
/// To a client with a link: the phone does not want to be reached by it any more.
const GONE: u16 = 410;
/// How long the person may take on the phone.
const PERSON: Span = Span::from_minutes(5);

/// What happened.
#[derive(Debug)]
pub enum Event<'a> {
    /// Something was advertised under the service of FIDO.
    Advertisement(&'a [u8]),
    /// The channel that was asked for is open.
    Connected,
    /// The tunnel service answered with that status instead of opening a tunnel.
    Refused(u16),
    /// A message came through the channel.
    Message(&'a [u8]),
    /// The channel is closed, or did not open.
    Closed,
    /// This is to be asked of the phone: command and CBOR.
    Request(Vec<u8>),
    /// Nothing more is to be asked.
    Finish,
    /// Time went by; worth saying at [`Initiator::deadline`].
    Tick,
}

/// What to do.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Action {
    /// Open a tunnel, with the subprotocol [`relay::SUBPROTOCOL`].
    Connect {
        /// Where.
        url: String,
        /// What goes into the header [`relay::CLIENT_PAYLOAD`], for a contact.
        payload: Option<String>,
    },
    /// Connect by Bluetooth to the device that was heard, without a tunnel, and frame messages as
    /// [`crate::stream`] does.
    ConnectNear {
        /// On which channel it listens.
        psm: u16,
    },
    /// Send this message through the channel.
    Send(Vec<u8>),
    /// The phone is there and says what it can do.
    Ready(PostHandshake),
    /// Its reply: status and CBOR.
    Reply(Vec<u8>),
    /// It may be remembered.
    Linked(Link),
    /// Close the channel.
    Close,
    /// It is over: as asked, or why not.
    Done(Result<(), InitiatorRefusal>),
}

/// How the phone is reached.
enum Origin {
    Code { key: PrivateKey, secret: Zeroizing<[u8; 16]>, linking: bool, near: bool },
    Contact { link: Link },
}

enum State {
    Listening,
    /// `tunnel` is where to connect if Bluetooth does not.
    Connecting {
        plain: Option<[u8; 16]>,
        connected: bool,
        tunnel: Option<String>,
    },
    Shaking(Box<handshake::Initiator>),
    Greeting(Box<Open>),
    Open(Box<Open>),
    Over,
}

struct Open {
    cipher: Cipher,
    hash: [u8; 32],
    busy: bool,
}

/// One connection of a client.
pub struct Initiator {
    origin: Origin,
    eid_key: EidKey,
    state: State,
    deadline: Timestamp,
}

type Outcome = Result<Vec<Action>, InitiatorRefusal>;

impl Initiator {
    /// A client with a code of its own, to be shown.
    pub fn new(hint: Hint, linking: bool, now: Timestamp, entropy: &mut dyn Entropy) -> (Self, Qr) {
        Self::of_code(hint, linking, vec![WEB_SOCKET], now, entropy)
    }

    /// The same for a client whose radio can do more than listen: a phone that wants it is met without a tunnel.
    pub fn near(hint: Hint, linking: bool, now: Timestamp, entropy: &mut dyn Entropy) -> (Self, Qr) {
        Self::of_code(hint, linking, vec![WEB_SOCKET, L2CAP], now, entropy)
    }

    fn of_code(
        hint: Hint,
        linking: bool,
        channels: Vec<u64>,
        now: Timestamp,
        entropy: &mut dyn Entropy,
    ) -> (Self, Qr) {
        let key = PrivateKey::generate(entropy);
        let secret: [u8; 16] = entropy::array(entropy);
        let qr = Qr {
            client_key: key.public_compressed(),
            secret,
            domains: ASSIGNED,
            time: u64::try_from(now.secs()).ok(),
            linking,
            hint,
            channels,
        };
        let near = qr.offers(L2CAP);
        let initiator = Self {
            origin: Origin::Code { key, secret: Zeroizing::new(secret), linking, near },
            eid_key: EidKey::of_qr(&secret),
            state: State::Listening,
            deadline: now + SCAN,
        };
        (initiator, qr)
    }

    /// A client that knows a phone: the tunnel is opened at once, while the radio listens.
    pub fn contact(
        link: Link,
        domain: u16,
        hint: Hint,
        now: Timestamp,
        entropy: &mut dyn Entropy,
    ) -> Result<(Self, Action), InitiatorRefusal> {
        let name = tunnel_domain::name(domain).map_err(|_| InitiatorRefusal::Domain)?;
        let payload = ClientPayload { link_id: link.id, nonce: entropy::array(entropy), hint };
        let connect =
            Action::Connect { url: relay::contact_url(&name, &link.contact), payload: Some(payload.write()) };
        let initiator = Self {
            eid_key: EidKey::of_link(&link.secret, &payload.nonce),
            origin: Origin::Contact { link },
            state: State::Connecting { plain: None, connected: false, tunnel: None },
            deadline: now + SCAN,
        };
        Ok((initiator, connect))
    }

    /// When to say [`Event::Tick`] if nothing happens before.
    pub fn deadline(&self) -> Timestamp {
        self.deadline
    }

    /// Whether it is over.
    pub fn is_over(&self) -> bool {
        matches!(self.state, State::Over)
    }

    /// Takes what happened; returns what to do, in order.
    pub fn input(&mut self, event: Event<'_>, now: Timestamp, entropy: &mut dyn Entropy) -> Vec<Action> {
        let outcome = match event {
            _ if self.is_over() => return Vec::new(),
            Event::Advertisement(bytes) => self.advertised(bytes, now, entropy),
            Event::Connected => self.connected(now, entropy),
            Event::Message(message) => self.message(message, now),
            Event::Refused(status) => Err(self.refused(status)),
            Event::Closed => self.not_connected(InitiatorRefusal::TunnelClosed, now),
            Event::Request(request) => self.request(request, now),
            Event::Finish => self.finish(),
            Event::Tick if now < self.deadline => Ok(Vec::new()),
            Event::Tick => self.not_connected(self.timed_out(), now),
        };
        outcome.unwrap_or_else(|refusal| self.end(Err(refusal)))
    }

    /// What others advertise is nobody's fault and not looked at further.
    fn advertised(&mut self, bytes: &[u8], now: Timestamp, entropy: &mut dyn Entropy) -> Outcome {
        let Ok(opened) = self.eid_key.open(bytes) else { return Ok(Vec::new()) };
        match (&mut self.state, &self.origin) {
            (State::Listening, Origin::Code { secret, near, .. }) => {
                let Ok(eid) = Eid::from_plain(&opened.plain, ASSIGNED) else {
                    return Err(InitiatorRefusal::Domain);
                };
                let name = tunnel_domain::name(eid.domain).map_err(|_| InitiatorRefusal::Domain)?;
                let url = relay::connect_url(&name, &eid.routing_id, &keys::tunnel_id(secret.as_slice()));
                let plain = Some(opened.plain);
                let (tunnel, wait, connect) = match opened.psm.filter(|_| *near) {
                    Some(psm) => (Some(url), NEAR, Action::ConnectNear { psm }),
                    None => (None, MEET, Action::Connect { url, payload: None }),
                };
                self.state = State::Connecting { plain, connected: false, tunnel };
                self.deadline = now + wait;
                Ok(vec![connect])
            }
            (State::Connecting { plain: plain @ None, .. }, Origin::Contact { .. }) => {
                *plain = Some(opened.plain);
                self.deadline = now + MEET;
                self.shake(entropy)
            }
            _ => Ok(Vec::new()),
        }
    }

    fn connected(&mut self, now: Timestamp, entropy: &mut dyn Entropy) -> Outcome {
        let State::Connecting { plain, connected: connected @ false, .. } = &mut self.state else {
            return Err(InitiatorRefusal::OutOfOrder);
        };
        *connected = true;
        if plain.is_some() {
            self.deadline = now + MEET;
        }
        self.shake(entropy)
    }

    /// Where Bluetooth did not connect the tunnel is tried; else it is over.
    fn not_connected(&mut self, refusal: InitiatorRefusal, now: Timestamp) -> Outcome {
        if let State::Connecting { connected: false, tunnel, .. } = &mut self.state
            && let Some(url) = tunnel.take()
        {
            self.deadline = now + MEET;
            return Ok(vec![Action::Connect { url, payload: None }]);
        }
        Err(refusal)
    }

    fn refused(&self, status: u16) -> InitiatorRefusal {
        match (&self.state, &self.origin) {
            (State::Connecting { connected: false, .. }, Origin::Contact { .. }) if status == GONE => {
                InitiatorRefusal::LinkGone
            }
            (State::Connecting { connected: false, .. }, _) => InitiatorRefusal::TunnelRefused,
            _ => InitiatorRefusal::OutOfOrder,
        }
    }

    /// The first message goes out once the tunnel is open and the advertisement heard.
    fn shake(&mut self, entropy: &mut dyn Entropy) -> Outcome {
        let State::Connecting { plain: Some(plain), connected: true, .. } = &self.state else {
            return Ok(Vec::new());
        };
        let ephemeral = PrivateKey::generate(entropy);
        let (handshake, message) = match &self.origin {
            Origin::Code { key, secret, .. } => {
                handshake::Initiator::qr(&keys::psk(secret.as_slice(), plain), key, ephemeral)
            }
            Origin::Contact { link } => {
                handshake::Initiator::contact(&keys::psk(&link.secret, plain), &link.identity, ephemeral)
            }
        }
        .map_err(InitiatorRefusal::Handshake)?;
        self.state = State::Shaking(Box::new(handshake));
        Ok(vec![Action::Send(message)])
    }

    fn message(&mut self, message: &[u8], now: Timestamp) -> Outcome {
        match std::mem::replace(&mut self.state, State::Over) {
            State::Shaking(handshake) => {
                let key = if let Origin::Code { key, .. } = &self.origin { Some(key) } else { None };
                let done = handshake.finish(key, message).map_err(InitiatorRefusal::Handshake)?;
                let open = Open { cipher: done.cipher, hash: done.hash, busy: false };
                self.state = State::Greeting(Box::new(open));
                Ok(Vec::new())
            }
            State::Greeting(mut open) => {
                let text = open.cipher.open(message).map_err(InitiatorRefusal::Frame)?;
                let can = PostHandshake::read(&text).map_err(InitiatorRefusal::Greeting)?;
                self.state = State::Open(open);
                self.deadline = now + PERSON;
                Ok(vec![Action::Ready(can)])
            }
            State::Open(mut open) => {
                let text = open.cipher.open(message).map_err(InitiatorRefusal::Frame)?;
                let frame = Frame::read(&text).map_err(InitiatorRefusal::Frame)?;
                let outcome = self.frame(frame, &mut open, now);
                self.state = State::Open(open);
                outcome
            }
            // A relay that promised to may say that the phone is there, in one byte.
            before @ State::Connecting { .. } if matches!(self.origin, Origin::Contact { .. }) => {
                self.state = before;
                if message == [0] { Ok(Vec::new()) } else { Err(InitiatorRefusal::OutOfOrder) }
            }
            before => {
                self.state = before;
                Err(InitiatorRefusal::OutOfOrder)
            }
        }
    }

    fn frame(&mut self, frame: Frame, open: &mut Open, now: Timestamp) -> Outcome {
        match frame {
            Frame::Ctap(reply) if open.busy => {
                open.busy = false;
                self.deadline = now + PERSON;
                Ok(vec![Action::Reply(reply)])
            }
            Frame::Update(update) => match &self.origin {
                // Links come with codes only, and are for whoever asked for one; whatever else is news is let pass.
                Origin::Code { key, linking: true, .. } => {
                    let link = Link::from_update(&update, key, &open.hash).map_err(InitiatorRefusal::Link)?;
                    Ok(link.into_iter().map(Action::Linked).collect())
                }
                Origin::Code { .. } | Origin::Contact { .. } => Ok(Vec::new()),
            },
            Frame::Ctap(_) | Frame::Json(_) | Frame::Shutdown => Err(InitiatorRefusal::Unasked),
        }
    }

    fn request(&mut self, request: Vec<u8>, now: Timestamp) -> Outcome {
        let State::Open(open) = &mut self.state else { return Err(InitiatorRefusal::OutOfOrder) };
        if open.busy {
            return Err(InitiatorRefusal::OutOfOrder);
        }
        open.busy = true;
        self.deadline = now + PERSON;
        let frame = open.cipher.seal(&Frame::Ctap(request).write()).map_err(InitiatorRefusal::Frame)?;
        Ok(vec![Action::Send(frame)])
    }

    fn finish(&mut self) -> Outcome {
        let mut actions = Vec::new();
        if let State::Open(open) = &mut self.state {
            let frame = open.cipher.seal(&Frame::Shutdown.write()).map_err(InitiatorRefusal::Frame)?;
            actions.push(Action::Send(frame));
        }
        actions.extend(self.end(Ok(())));
        Ok(actions)
    }

    fn timed_out(&self) -> InitiatorRefusal {
        match &self.state {
            State::Listening | State::Connecting { plain: None, .. } => InitiatorRefusal::NobodyCame,
            State::Open(_) => InitiatorRefusal::PersonTimedOut,
            _ => InitiatorRefusal::TunnelTimedOut,
        }
    }

    fn end(&mut self, outcome: Result<(), InitiatorRefusal>) -> Vec<Action> {
        self.state = State::Over;
        vec![Action::Close, Action::Done(outcome)]
    }
}

#[cfg(test)]
mod tests;
