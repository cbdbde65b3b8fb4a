//! The phone (CTAP 2.3 section 11.5): scans a code, opens a tunnel, advertises, and answers what comes.
//!
//! It is told what happened and says what to do. Once it says [`Action::Done`] it is over, and says nothing any more.

mod refusal;

use primitives::agreement::{self, PrivateKey};
use primitives::entropy::Entropy;
use primitives::time::{Span, Timestamp};
use zeroize::Zeroizing;

use crate::advertisement::{self, DYNAMIC, Eid, EidKey};
use crate::frame::{Cipher, Frame};
use crate::handshake::{self, Established};
use crate::keys;
use crate::linking::{self, ClientPayload, PhoneLink};
use crate::post_handshake::PostHandshake;
use crate::qr::{L2CAP, Qr};
use crate::relay;
use crate::tunnel_domain;

pub use refusal::ResponderRefusal;

/// How long the tunnel service may take.
const CONNECT: Span = Span::from_secs(30);
/// How long the client may take to come.
const CLIENT: Span = Span::from_minutes(2);
/// How long the client may take to ask for something.
const REQUEST: Span = Span::from_minutes(2);
/// How long the person may take; whoever asks them has a shorter limit.
const PERSON: Span = Span::from_minutes(5);
/// How long the client may take to say that it is done; after that it is taken as said.
const PARTING: Span = Span::from_secs(30);
/// More in one connection is no sign-in any more.
const MOST_REQUESTS: u32 = 16;

/// What happened.
#[derive(Debug)]
pub enum Event<'a> {
    /// A client may come by Bluetooth, too: said before [`Event::Connected`]. Whoever speaks first, here or there, is
    /// the client; the other channel is to be closed then, and nothing more of it to be told.
    Listening {
        /// The channel of L2CAP on which the phone listens.
        psm: u16,
    },
    /// The tunnel is open. A contact has no routing id; whatever stands there is not looked at.
    Connected {
        /// Where at the tunnel service the client finds it.
        routing_id: [u8; 3],
    },
    /// A message came from the client.
    Message(&'a [u8]),
    /// The tunnel is closed, or did not open; of a client that came by Bluetooth: it is gone.
    Closed,
    /// The reply to the open [`Action::Command`]: status and CBOR.
    Reply(Vec<u8>),
    /// Time went by; worth saying at [`Responder::deadline`].
    Tick,
}

/// What to do.
#[derive(Clone, PartialEq, Eq)]
pub enum Action {
    /// Advertise this until [`Action::Quiet`] or the end; connectable where it is longer than
    /// [`advertisement::LENGTH`].
    Advertise(Vec<u8>),
    /// Stop advertising: the client is there.
    Quiet,
    /// Send this message to the client.
    Send(Vec<u8>),
    /// Keep this, sealed, before anything else is done: the client is about to be given its half.
    Keep(PhoneLink),
    /// Let the authenticator handle this request: command and CBOR.
    Command(Vec<u8>),
    /// The open question is moot: withdraw it.
    Withdraw,
    /// Close whatever is open.
    Close,
    /// It is over: the client went after it had an answer, or why not.
    Done(Result<(), ResponderRefusal>),
}

/// Messages stay out of logs.
impl std::fmt::Debug for Action {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Action::Advertise(_) => f.write_str("Advertise"),
            Action::Quiet => f.write_str("Quiet"),
            Action::Send(message) => write!(f, "Send({} bytes)", message.len()),
            Action::Keep(_) => f.write_str("Keep"),
            Action::Command(request) => write!(f, "Command({:?})", request.first()),
            Action::Withdraw => f.write_str("Withdraw"),
            Action::Close => f.write_str("Close"),
            Action::Done(outcome) => write!(f, "Done({outcome:?})"),
        }
    }
}

/// How the client came to know of the phone.
enum Origin {
    Code(Qr),
    Contact { identity: PrivateKey, secret: Zeroizing<[u8; 32]> },
}

enum State {
    Connecting,
    Waiting { plain: [u8; 16] },
    Open(Box<Open>),
    Over,
}

struct Open {
    cipher: Cipher,
    hash: [u8; 32],
    busy: bool,
    requests: u32,
    answered: bool,
}

/// One connection of a phone.
pub struct Responder {
    origin: Origin,
    eid_key: EidKey,
    url: String,
    domain: u16,
    get_info: Vec<u8>,
    offer: Option<(PhoneLink, String)>,
    psm: Option<u16>,
    state: State,
    deadline: Timestamp,
}

impl Responder {
    /// For a scanned code. `get_info` is what the authenticator answers to getInfo over this transport, without
    /// its status; `domain` is the tunnel service that the phone uses.
    pub fn new(qr: Qr, get_info: Vec<u8>, domain: u16, now: Timestamp) -> Result<Self, ResponderRefusal> {
        qr.age(now).map_err(ResponderRefusal::Stale)?;
        if !tunnel_domain::known_to(domain, qr.domains) {
            return Err(ResponderRefusal::Domain);
        }
        let name = tunnel_domain::name(domain).map_err(|_| ResponderRefusal::Domain)?;
        if agreement::uncompressed(&qr.client_key).is_err() {
            return Err(ResponderRefusal::ClientKey);
        }
        Ok(Self {
            eid_key: EidKey::of_qr(&qr.secret),
            url: relay::new_url(&name, &keys::tunnel_id(&qr.secret)),
            origin: Origin::Code(qr),
            domain,
            get_info,
            offer: None,
            psm: None,
            state: State::Connecting,
            deadline: now + CONNECT,
        })
    }

    /// For a client with a link, whose payload came through the tunnel in which the phone waited.
    pub fn contacted(
        link: &PhoneLink,
        payload: &ClientPayload,
        get_info: Vec<u8>,
        domain: u16,
        now: Timestamp,
    ) -> Result<Self, ResponderRefusal> {
        let name = tunnel_domain::name(domain).map_err(|_| ResponderRefusal::Domain)?;
        if payload.link_id != link.id {
            return Err(ResponderRefusal::UnknownLink);
        }
        let identity = link.key().map_err(|_| ResponderRefusal::UnknownLink)?;
        Ok(Self {
            eid_key: EidKey::of_link(&link.secret, &payload.nonce),
            url: relay::wait_url(&name, &link.waiting),
            origin: Origin::Contact { identity, secret: Zeroizing::new(link.secret) },
            domain,
            get_info,
            offer: None,
            psm: None,
            state: State::Connecting,
            deadline: now + CONNECT,
        })
    }

    /// Gives the client a link once it got an answer, if it wants one.
    pub fn offer_link(&mut self, link: PhoneLink, name: &str) {
        self.offer = Some((link, name.to_owned()));
    }

    /// Where to open the tunnel, with the subprotocol [`relay::SUBPROTOCOL`].
    pub fn tunnel_url(&self) -> String {
        self.url.clone()
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
            Event::Listening { psm } => self.listening(psm),
            Event::Connected { routing_id } => self.connected(routing_id, now, entropy),
            Event::Message(message) => self.message(message, now, entropy),
            Event::Closed => self.closed(now, entropy),
            Event::Reply(reply) => self.reply(reply, now),
            Event::Tick => self.tick(now, entropy),
        };
        outcome.unwrap_or_else(|refusal| self.end(Err(refusal)))
    }

    /// Clients that do not offer the channel would not take the longer advertisement.
    fn listening(&mut self, psm: u16) -> Outcome {
        if !matches!(self.state, State::Connecting) {
            return Err(ResponderRefusal::OutOfOrder);
        }
        let offered = matches!(&self.origin, Origin::Code(qr) if qr.offers(L2CAP));
        self.psm = Some(psm).filter(|psm| offered && DYNAMIC.contains(psm));
        Ok(Vec::new())
    }

    fn connected(&mut self, routing_id: [u8; 3], now: Timestamp, entropy: &mut dyn Entropy) -> Outcome {
        if !matches!(self.state, State::Connecting) {
            return Err(ResponderRefusal::OutOfOrder);
        }
        let plain = match &self.origin {
            Origin::Code(_) => Eid::generate(routing_id, self.domain, entropy).plain(),
            Origin::Contact { .. } => advertisement::contact_plain(entropy),
        };
        self.state = State::Waiting { plain };
        self.deadline = now + CLIENT;
        let sealed = self.eid_key.seal(plain);
        let data = self.psm.map_or_else(|| sealed.to_vec(), |psm| advertisement::with_psm(sealed, psm));
        Ok(vec![Action::Advertise(data)])
    }

    fn message(&mut self, message: &[u8], now: Timestamp, entropy: &mut dyn Entropy) -> Outcome {
        match &mut self.state {
            State::Waiting { plain } => {
                let plain = *plain;
                self.handshake(&plain, message, now, entropy)
            }
            State::Open(open) => {
                let text = open.cipher.open(message).map_err(ResponderRefusal::Frame)?;
                let frame = Frame::read(&text).map_err(ResponderRefusal::Frame)?;
                self.frame(frame, now)
            }
            State::Connecting | State::Over => Err(ResponderRefusal::OutOfOrder),
        }
    }

    fn handshake(
        &mut self,
        plain: &[u8; 16],
        message: &[u8],
        now: Timestamp,
        entropy: &mut dyn Entropy,
    ) -> Outcome {
        let ephemeral = PrivateKey::generate(entropy);
        let (reply, established) = match &self.origin {
            Origin::Code(qr) => {
                let psk = keys::psk(&qr.secret, plain);
                handshake::respond_qr(&psk, &qr.client_key, message, &ephemeral)
            }
            Origin::Contact { identity, secret } => {
                let psk = keys::psk(secret.as_slice(), plain);
                handshake::respond_contact(&psk, identity, message, &ephemeral)
            }
        }
        .map_err(ResponderRefusal::Handshake)?;
        let Established { mut cipher, hash } = established;
        let can = PostHandshake { get_info: Some(self.get_info.clone()), digital_credentials: false };
        let first = cipher.seal(&can.write()).map_err(ResponderRefusal::Frame)?;
        self.state = State::Open(Box::new(Open { cipher, hash, busy: false, requests: 0, answered: false }));
        self.deadline = now + REQUEST;
        Ok(vec![Action::Quiet, Action::Send(reply), Action::Send(first)])
    }

    fn frame(&mut self, frame: Frame, now: Timestamp) -> Outcome {
        let State::Open(open) = &mut self.state else { return Err(ResponderRefusal::OutOfOrder) };
        match frame {
            Frame::Shutdown if open.answered && !open.busy => Ok(self.end(Ok(()))),
            Frame::Shutdown => Err(ResponderRefusal::Abandoned),
            Frame::Ctap(_) if open.busy => Err(ResponderRefusal::Busy),
            Frame::Ctap(_) if open.requests >= MOST_REQUESTS => Err(ResponderRefusal::TooManyRequests),
            Frame::Ctap(request) => {
                open.busy = true;
                open.requests = open.requests.saturating_add(1);
                self.deadline = now + PERSON;
                Ok(vec![Action::Command(request)])
            }
            // News of the client's are none that the specification knows; they are let pass.
            Frame::Update(_) => Ok(Vec::new()),
            Frame::Json(_) => Err(ResponderRefusal::DigitalCredentials),
        }
    }

    fn reply(&mut self, reply: Vec<u8>, now: Timestamp) -> Outcome {
        let State::Open(open) = &mut self.state else { return Err(ResponderRefusal::OutOfOrder) };
        if !open.busy {
            return Err(ResponderRefusal::OutOfOrder);
        }
        open.busy = false;
        open.answered = true;
        self.deadline = now + PARTING;
        let mut actions = Vec::new();
        // The link goes before the reply: many clients close as soon as they have that. It goes only where the person
        // agreed to something.
        if reply.first() == Some(&0)
            && let Origin::Code(qr) = &self.origin
            && qr.linking
            && let Some((link, name)) = self.offer.take()
        {
            let update = signed(&link, &name, qr, &open.hash)?;
            let frame = open.cipher.seal(&Frame::Update(update).write()).map_err(ResponderRefusal::Frame)?;
            actions.extend([Action::Keep(link), Action::Send(frame)]);
        }
        let frame = open.cipher.seal(&Frame::Ctap(reply).write()).map_err(ResponderRefusal::Frame)?;
        actions.push(Action::Send(frame));
        Ok(actions)
    }

    fn closed(&mut self, now: Timestamp, entropy: &mut dyn Entropy) -> Outcome {
        match &self.state {
            // Without a tunnel the client finds the phone by Bluetooth alone.
            State::Connecting if self.psm.is_some() => self.connected([0; 3], now, entropy),
            State::Waiting { .. } if self.psm.is_some() => Ok(Vec::new()),
            State::Open(open) if open.answered && !open.busy => Ok(self.end(Ok(()))),
            State::Open(_) => Err(ResponderRefusal::Abandoned),
            _ => Err(ResponderRefusal::TunnelClosed),
        }
    }

    fn tick(&mut self, now: Timestamp, entropy: &mut dyn Entropy) -> Outcome {
        if now < self.deadline {
            return Ok(Vec::new());
        }
        match &self.state {
            State::Connecting if self.psm.is_some() => self.connected([0; 3], now, entropy),
            State::Open(open) if open.answered && !open.busy => Ok(self.end(Ok(()))),
            State::Open(open) if open.busy => Err(ResponderRefusal::PersonTimedOut),
            State::Open(_) => Err(ResponderRefusal::Idle),
            State::Waiting { .. } => Err(ResponderRefusal::NobodyCame),
            _ => Err(ResponderRefusal::TunnelTimedOut),
        }
    }

    fn end(&mut self, outcome: Result<(), ResponderRefusal>) -> Vec<Action> {
        let before = std::mem::replace(&mut self.state, State::Over);
        let mut actions = Vec::new();
        match before {
            State::Waiting { .. } => actions.push(Action::Quiet),
            State::Open(open) if open.busy => actions.push(Action::Withdraw),
            _ => {}
        }
        actions.extend([Action::Close, Action::Done(outcome)]);
        actions
    }
}

type Outcome = Result<Vec<Action>, ResponderRefusal>;

fn signed(link: &PhoneLink, name: &str, qr: &Qr, hash: &[u8; 32]) -> Result<Vec<u8>, ResponderRefusal> {
    let update = || {
        let signature = linking::sign(&link.key()?, &qr.client_key, hash)?;
        Ok(link.link(name)?.update(&signature))
    };
    update().map_err(ResponderRefusal::Link)
}

#[cfg(test)]
mod tests;
