//! A client, a phone, the service between them and the air, on one clock. Things happen at their time, one by one.

use std::collections::BTreeMap;

use hybrid::advertisement::{Eid, EidKey};
use hybrid::initiator::{self, Initiator, InitiatorRefusal};
use hybrid::linking::PhoneLink;
use hybrid::qr::{Hint, Qr};
use hybrid::relay::{Admitted, Ending, Limits, Path, Relay, Side, Source};
use hybrid::responder::{self, Responder, ResponderRefusal};
use primitives::digest;
use primitives::entropy::Entropy;
use primitives::time::{Span, Timestamp};

const START: Timestamp = Timestamp::from_secs(1_800_000_000);
const DOMAIN: u16 = 266;
/// What a message takes where nothing is said.
const SWIFT: Span = Span::from_millis(20);

/// The digests of a counter.
pub(crate) struct Seeded(u64, u64);

impl Entropy for Seeded {
    fn fill(&mut self, out: &mut [u8]) {
        for byte in out {
            self.1 += 1;
            *byte = digest::sha256(&[self.0.to_be_bytes(), self.1.to_be_bytes()].concat())[0];
        }
    }
}

/// To whom something happens.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum To {
    Client,
    Phone,
}

/// What the world does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Mischief {
    None,
    /// That message of all that pass does not arrive.
    Lose(usize),
    Repeat(usize),
    /// That message arrives after the next one of its direction.
    Swap(usize),
    Cut(usize, usize),
    Change(usize, usize),
    /// The socket of that side breaks when that message would have passed.
    HangUp(usize, To),
    /// Nobody hears the advertisement.
    Deaf,
    /// The client hears one that was made with the code's key but not by the phone.
    ForgedAdvertisement,
    /// The person takes so long.
    Person(Span),
    /// Each message takes so long.
    Delay(Span),
    /// Anything, to any message, by lot.
    Chance,
}

enum Happening {
    Message(To, Vec<u8>),
    Advertised(Vec<u8>),
    Connected(To),
    Closed(To),
    Answered(Vec<u8>),
    Asked,
    Tick,
}

/// How it ended.
#[derive(Clone)]
pub(crate) struct Outcome {
    pub(crate) client: Option<Result<(), InitiatorRefusal>>,
    pub(crate) phone: Option<Result<(), ResponderRefusal>>,
    pub(crate) replies: Vec<Vec<u8>>,
    pub(crate) commands: usize,
    pub(crate) linked: bool,
    pub(crate) withdrawn: bool,
}

pub(crate) struct World {
    mischief: Mischief,
    now: Timestamp,
    last: Timestamp,
    order: u64,
    entropy: Seeded,
    queue: BTreeMap<(Timestamp, u64), Happening>,
    client: Initiator,
    phone: Responder,
    qr: Qr,
    routing_id: [u8; 3],
    relay: Relay,
    sides: [Option<Side>; 2],
    passed: usize,
    held: Option<(To, Vec<u8>)>,
    outcome: Outcome,
}

impl World {
    /// The person has just scanned the code.
    pub(crate) fn new(seed: u64, mischief: Mischief) -> Self {
        let mut entropy = Seeded(seed, 0);
        let (client, qr) = Initiator::new(Hint::Get, true, START, &mut entropy);
        let qr = Qr::read(&qr.write()).unwrap();
        let mut phone = Responder::new(qr.clone(), vec![0xa0], DOMAIN, START).unwrap();
        phone.offer_link(PhoneLink::generate(&mut entropy), "Keyfob");
        let outcome = Outcome {
            client: None,
            phone: None,
            replies: Vec::new(),
            commands: 0,
            linked: false,
            withdrawn: false,
        };
        let mut world = Self {
            mischief,
            now: START,
            last: START,
            order: 0,
            entropy,
            queue: BTreeMap::new(),
            client,
            phone,
            qr,
            routing_id: [0; 3],
            relay: Relay::new(Limits::default()),
            sides: [None, None],
            passed: 0,
            held: None,
            outcome,
        };
        let url = world.phone.tunnel_url();
        world.connect(To::Phone, &url);
        world
    }

    /// Lets happen what happens, until nothing is left to.
    pub(crate) fn run(&mut self) {
        for _ in 0..10_000 {
            let deadlines = [
                (!self.client.is_over()).then(|| self.client.deadline()),
                (!self.phone.is_over()).then(|| self.phone.deadline()),
                self.relay.deadline(),
            ];
            let next = self.queue.first_key_value().map(|(key, _)| *key);
            let deadline = deadlines.into_iter().flatten().min();
            match (next, deadline) {
                (Some((at, order)), deadline) if deadline.is_none_or(|deadline| at <= deadline) => {
                    self.now = at;
                    let happening = self.queue.remove(&(at, order)).unwrap();
                    self.happen(happening);
                }
                (_, Some(deadline)) => {
                    self.now = self.now.max(deadline);
                    self.happen(Happening::Tick);
                }
                _ => return,
            }
        }
        panic!("the world does not come to rest");
    }

    pub(crate) fn outcome(&self) -> Outcome {
        self.outcome.clone()
    }

    /// Messages that the service was given to pass on.
    pub(crate) fn passed(&self) -> usize {
        self.passed
    }

    /// From the scan to the last thing that either side noticed.
    pub(crate) fn elapsed(&self) -> Span {
        self.last.since(START)
    }

    pub(crate) fn tunnels(&self) -> usize {
        let counts = self.relay.counts();
        counts.waiting + counts.joined
    }

    fn later(&mut self, after: Span, happening: Happening) {
        self.order += 1;
        self.queue.insert((self.now + after, self.order), happening);
    }

    fn delay(&self) -> Span {
        if let Mischief::Delay(span) = self.mischief { span } else { SWIFT }
    }

    fn happen(&mut self, happening: Happening) {
        match happening {
            Happening::Message(To::Client, message) => self.tell(initiator::Event::Message(&message)),
            Happening::Message(To::Phone, message) => self.tell_phone(responder::Event::Message(&message)),
            Happening::Advertised(bytes) => self.tell(initiator::Event::Advertisement(&bytes)),
            Happening::Connected(To::Client) => self.tell(initiator::Event::Connected),
            Happening::Connected(To::Phone) => {
                let routing_id = self.routing_id;
                self.tell_phone(responder::Event::Connected { routing_id });
            }
            Happening::Closed(To::Client) => self.tell(initiator::Event::Closed),
            Happening::Closed(To::Phone) => self.tell_phone(responder::Event::Closed),
            Happening::Answered(reply) => {
                if !self.phone.is_over() {
                    self.tell_phone(responder::Event::Reply(reply));
                }
            }
            Happening::Asked => self.tell(initiator::Event::Request(vec![2, 0xa0])),
            Happening::Tick => {
                for side in self.relay.tick(self.now) {
                    self.closed(side);
                }
                self.tell(initiator::Event::Tick);
                self.tell_phone(responder::Event::Tick);
            }
        }
    }

    fn tell(&mut self, event: initiator::Event<'_>) {
        for action in self.client.input(event, self.now, &mut self.entropy) {
            self.last = self.now;
            match action {
                initiator::Action::Connect { url, .. } => self.connect(To::Client, &url),
                initiator::Action::ConnectNear { .. } => panic!("nobody listens nearby"),
                initiator::Action::Send(message) => self.send(To::Client, message),
                initiator::Action::Ready(_) => self.later(Span::ZERO, Happening::Asked),
                initiator::Action::Reply(reply) => {
                    self.outcome.replies.push(reply);
                    self.tell(initiator::Event::Finish);
                }
                initiator::Action::Linked(_) => self.outcome.linked = true,
                initiator::Action::Close => self.hang_up(To::Client),
                initiator::Action::Done(outcome) => self.outcome.client = Some(outcome),
            }
        }
    }

    fn tell_phone(&mut self, event: responder::Event<'_>) {
        for action in self.phone.input(event, self.now, &mut self.entropy) {
            self.last = self.now;
            match action {
                responder::Action::Advertise(bytes) => self.advertise(bytes),
                responder::Action::Quiet | responder::Action::Keep(_) => {}
                responder::Action::Send(message) => self.send(To::Phone, message),
                responder::Action::Command(request) => {
                    assert_eq!(request, [2, 0xa0]);
                    self.outcome.commands += 1;
                    let person = if let Mischief::Person(span) = self.mischief {
                        span
                    } else {
                        Span::from_millis(200)
                    };
                    self.later(person, Happening::Answered(vec![0, 0xca, 0xfe]));
                }
                responder::Action::Withdraw => self.outcome.withdrawn = true,
                responder::Action::Close => self.hang_up(To::Phone),
                responder::Action::Done(outcome) => self.outcome.phone = Some(outcome),
            }
        }
    }

    fn advertise(&mut self, bytes: Vec<u8>) {
        match self.mischief {
            Mischief::Deaf => {}
            Mischief::ForgedAdvertisement => {
                let eid = Eid { nonce: [9; 10], routing_id: self.routing_id, domain: DOMAIN };
                let forged = EidKey::of_qr(&self.qr.secret).seal(eid.plain()).to_vec();
                self.later(SWIFT, Happening::Advertised(forged));
            }
            _ => {
                // A radio says it again and again.
                for times in 0..3 {
                    self.later(Span::from_millis(20 + 300 * times), Happening::Advertised(bytes.clone()));
                }
            }
        }
    }

    fn connect(&mut self, who: To, url: &str) {
        let path = Path::parse(url.strip_prefix("wss://cable.wufkweyy3uaxb.com").unwrap()).unwrap();
        match self.relay.open(&path, Source(1), self.now, &mut self.entropy) {
            Ok(Admitted::Phone { side, routing_id, .. }) => {
                self.routing_id = routing_id.unwrap();
                self.sides[1] = Some(side);
            }
            Ok(Admitted::Client { side, .. }) => self.sides[0] = Some(side),
            Err(_) => return self.later(SWIFT, Happening::Closed(who)),
        }
        self.later(SWIFT, Happening::Connected(who));
    }

    fn send(&mut self, from: To, message: Vec<u8>) {
        let Some(side) = self.sides[usize::from(from == To::Phone)] else { return };
        let number = self.passed;
        self.passed += 1;
        let to = if from == To::Client { To::Phone } else { To::Client };
        if self.relay.message(side, message.len(), self.now).is_err() {
            return;
        }
        let mischief = if self.mischief == Mischief::Chance { self.draw(number) } else { self.mischief };
        let deliver = |world: &mut Self, message| {
            let delay = world.delay();
            world.later(delay, Happening::Message(to, message));
            if let Some((to, held)) = world.held.take() {
                world.later(delay, Happening::Message(to, held));
            }
        };
        match mischief {
            Mischief::Lose(at) if at == number => {}
            Mischief::Repeat(at) if at == number => {
                deliver(self, message.clone());
                deliver(self, message);
            }
            Mischief::Swap(at) if at == number => self.held = Some((to, message)),
            Mischief::Cut(at, kept) if at == number => {
                let kept = kept.min(message.len().saturating_sub(1));
                deliver(self, message[..kept].to_vec());
            }
            Mischief::Change(at, byte) if at == number => {
                let mut changed = message;
                let byte = byte.min(changed.len() - 1);
                changed[byte] ^= 0x40;
                deliver(self, changed);
            }
            Mischief::HangUp(at, who) if at == number => self.hang_up(who),
            _ => deliver(self, message),
        }
    }

    /// One message in four meets with something.
    fn draw(&mut self, number: usize) -> Mischief {
        let mut lot = [0; 3];
        self.entropy.fill(&mut lot);
        let [kind, at, _] = lot.map(usize::from);
        match kind % 24 {
            0 => Mischief::Lose(number),
            1 => Mischief::Repeat(number),
            2 => Mischief::Swap(number),
            3 => Mischief::Cut(number, at),
            4 => Mischief::Change(number, at),
            5 => Mischief::HangUp(number, if at % 2 == 0 { To::Client } else { To::Phone }),
            _ => Mischief::None,
        }
    }

    fn hang_up(&mut self, who: To) {
        let Some(side) = self.sides[usize::from(who == To::Phone)].take() else { return };
        self.later(SWIFT, Happening::Closed(who));
        if let Some(other) = self.relay.close(side, Ending::Left) {
            self.closed(other);
        }
    }

    /// The service hangs up on that side. What it has passed on before arrives before.
    fn closed(&mut self, side: Side) {
        for (index, to) in [To::Client, To::Phone].into_iter().enumerate() {
            if self.sides[index] == Some(side) {
                self.sides[index] = None;
                let delay = self.delay();
                self.later(delay, Happening::Closed(to));
            }
        }
    }
}
