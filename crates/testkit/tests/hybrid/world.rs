//! One session of a client and a phone, with all that is between, on a clock of its own. Things happen one by one.

use std::collections::BTreeMap;

use authenticator::ctap2::{Answer, Ctap2, Step, Transport};
use authenticator::{MemoryVault, Settings};
use hybrid::initiator::{self, Initiator, InitiatorRefusal};
use hybrid::linking::{ClientPayload, Link, PhoneLink};
use hybrid::qr::{Hint, Qr};
use hybrid::responder::{self, Responder, ResponderRefusal};
use primitives::time::{Span, Timestamp};
use testkit::SeededEntropy;

use super::channel::{Service, Stream, To};
use super::desk::NOW;

pub(crate) const DOMAIN: u16 = 266;
const PSM: u16 = 0x85;
/// What a message takes where nothing is said.
const SWIFT: Span = Span::from_millis(20);

/// How the two find each other.
#[derive(Clone, Debug)]
pub(crate) enum Way {
    /// By a code and the tunnel service.
    Code,
    /// By a code, without a tunnel.
    Near,
    /// By a link that was given before.
    Contact(Box<(Link, PhoneLink)>),
}

/// What the world does to the messages, which are numbered from 0.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Mischief {
    None,
    Lose(usize),
    Repeat(usize),
    /// It arrives after the next one of its direction.
    Swap(usize),
    Cut(usize, usize),
    Change(usize, usize),
    /// That side's connection breaks instead.
    HangUp(usize, To),
    /// The tunnel service is started anew instead.
    Restart(usize),
    /// Nobody hears the advertisement.
    Deaf,
    /// The client cannot connect by Bluetooth.
    TooFar,
    /// Each message takes so long.
    Delay(Span),
    /// The person takes so long.
    Thinks(Span),
    /// The person says no.
    Refuses,
}

enum Happening {
    Bytes(To, Vec<u8>),
    Advertised(Vec<u8>),
    Connected(To),
    Closed(To),
    Person,
    Answered(Vec<u8>),
    Asked,
}

/// How it went.
#[derive(Default)]
pub(crate) struct Outcome {
    pub(crate) client: Option<Result<(), InitiatorRefusal>>,
    /// Nothing where no client ever reached the phone.
    pub(crate) phone: Option<Result<(), ResponderRefusal>>,
    pub(crate) contacted: bool,
    pub(crate) reply: Option<Vec<u8>>,
    pub(crate) link: Option<Link>,
    pub(crate) kept: Option<PhoneLink>,
    /// How often the person was asked.
    pub(crate) questions: usize,
    pub(crate) withdrawn: bool,
    /// Messages that were sent.
    pub(crate) passed: usize,
}

pub(crate) struct World<'a> {
    authority: &'a mut Ctap2,
    way: Way,
    mischief: Mischief,
    request: Vec<u8>,
    now: Timestamp,
    last: Timestamp,
    order: u64,
    entropy: SeededEntropy,
    queue: BTreeMap<(Timestamp, u64), Happening>,
    client: Initiator,
    phone: Option<Responder>,
    pub(crate) service: Service,
    stream: Stream,
    routing_id: [u8; 3],
    held: Option<(To, Vec<u8>)>,
    asked: bool,
    pub(crate) outcome: Outcome,
}

/// An authenticator without passkeys.
pub(crate) fn authority() -> Ctap2 {
    Ctap2::new(Settings::keyfob(), MemoryVault::default(), NOW)
}

impl<'a> World<'a> {
    /// The person has just scanned the code, or the client just contacts the phone.
    pub(crate) fn new(authority: &'a mut Ctap2, request: Vec<u8>, way: Way, mischief: Mischief) -> Self {
        let mut entropy = SeededEntropy::new(7);
        let mut connect = None;
        let (client, phone) = match &way {
            Way::Contact(link) => {
                let (client, action) =
                    Initiator::contact(link.0.clone(), DOMAIN, Hint::Get, NOW, &mut entropy).unwrap();
                connect = Some(action);
                (client, None)
            }
            Way::Code | Way::Near => {
                let make = if matches!(way, Way::Near) { Initiator::near } else { Initiator::new };
                let (client, qr) = make(Hint::Create, true, NOW, &mut entropy);
                let info = authority.info_for(Transport::Hybrid);
                let qr = Qr::read(&qr.write()).unwrap();
                let mut phone = Responder::new(qr, info, DOMAIN, NOW).unwrap();
                phone.offer_link(PhoneLink::generate(&mut entropy), "Keyfob");
                (client, Some(phone))
            }
        };
        let mut world = Self {
            authority,
            way,
            mischief,
            request,
            now: NOW,
            last: NOW,
            order: 0,
            entropy,
            queue: BTreeMap::new(),
            client,
            phone,
            service: Service::new(8),
            stream: Stream::default(),
            routing_id: [0; 3],
            held: None,
            asked: false,
            outcome: Outcome::default(),
        };
        world.begin(connect);
        world
    }

    fn begin(&mut self, connect: Option<initiator::Action>) {
        match self.way.clone() {
            Way::Code => self.open_tunnel(),
            // The phone has no tunnel at all, but where Bluetooth is to fail.
            Way::Near => {
                self.tell_phone(responder::Event::Listening { psm: PSM });
                if self.mischief == Mischief::TooFar {
                    self.open_tunnel();
                } else {
                    self.tell_phone(responder::Event::Closed);
                }
            }
            Way::Contact(link) => {
                let url = hybrid::relay::wait_url("cable.wufkweyy3uaxb.com", &link.1.waiting);
                self.service.open(To::Phone, &url, self.now).unwrap();
            }
        }
        if let Some(action) = connect {
            self.act(action);
        }
    }

    fn open_tunnel(&mut self) {
        let url = self.phone.as_ref().unwrap().tunnel_url();
        self.routing_id = self.service.open(To::Phone, &url, self.now).unwrap().unwrap();
        self.later(SWIFT, Happening::Connected(To::Phone));
    }

    /// Lets happen what happens, until nothing is left to.
    pub(crate) fn run(mut self) -> (Outcome, Span) {
        for _ in 0..10_000 {
            let phone = self.phone.as_ref().filter(|phone| !phone.is_over());
            let deadlines = [
                (!self.client.is_over()).then(|| self.client.deadline()),
                phone.map(Responder::deadline),
                self.service.deadline(),
            ];
            let next = self.queue.first_key_value().map(|(key, _)| *key);
            match (next, deadlines.into_iter().flatten().min()) {
                (Some((at, order)), deadline) if deadline.is_none_or(|deadline| at <= deadline) => {
                    self.now = at;
                    let happening = self.queue.remove(&(at, order)).unwrap();
                    self.happen(happening);
                }
                (_, Some(deadline)) => {
                    self.now = self.now.max(deadline);
                    self.tick();
                }
                _ => {
                    assert!(self.service.is_empty(), "the service remembers");
                    return (self.outcome, self.last.since(NOW));
                }
            }
        }
        panic!("the world does not come to rest");
    }

    fn later(&mut self, after: Span, happening: Happening) {
        self.order += 1;
        self.queue.insert((self.now + after, self.order), happening);
    }

    fn delay(&self) -> Span {
        if let Mischief::Delay(span) = self.mischief { span } else { SWIFT }
    }

    fn tick(&mut self) {
        for to in self.service.tick(self.now) {
            self.closed(to);
        }
        self.tell(initiator::Event::Tick);
        self.tell_phone(responder::Event::Tick);
    }

    fn happen(&mut self, happening: Happening) {
        match happening {
            Happening::Bytes(to, bytes) => self.arrive(to, &bytes),
            Happening::Advertised(bytes) => self.tell(initiator::Event::Advertisement(&bytes)),
            Happening::Connected(To::Client) => self.tell(initiator::Event::Connected),
            Happening::Connected(To::Phone) => {
                let routing_id = self.routing_id;
                self.tell_phone(responder::Event::Connected { routing_id });
            }
            Happening::Closed(To::Client) => self.tell(initiator::Event::Closed),
            Happening::Closed(To::Phone) => self.tell_phone(responder::Event::Closed),
            Happening::Person => self.person(),
            Happening::Answered(reply) => self.tell_phone(responder::Event::Reply(reply)),
            Happening::Asked => {
                let request = self.request.clone();
                self.tell(initiator::Event::Request(request));
            }
        }
    }

    fn arrive(&mut self, to: To, bytes: &[u8]) {
        let messages = if self.stream.connected {
            let Some(messages) = self.stream.take(to, bytes) else { return self.hang_up(to) };
            messages
        } else {
            vec![bytes.to_vec()]
        };
        for message in messages {
            match to {
                To::Client => self.tell(initiator::Event::Message(&message)),
                To::Phone if self.phone.is_none() => self.contacted(&message),
                To::Phone => self.tell_phone(responder::Event::Message(&message)),
            }
        }
    }

    /// The first message of a phone that waits for contacts says who comes.
    fn contacted(&mut self, message: &[u8]) {
        let Way::Contact(link) = self.way.clone() else { return };
        let Ok(payload) = ClientPayload::from_cbor(message) else { return self.hang_up(To::Phone) };
        let info = self.authority.info_for(Transport::Hybrid);
        match Responder::contacted(&link.1, &payload, info, DOMAIN, self.now) {
            Ok(phone) => {
                self.outcome.contacted = true;
                self.phone = Some(phone);
                self.tell_phone(responder::Event::Connected { routing_id: [0; 3] });
            }
            Err(_) => self.hang_up(To::Phone),
        }
    }

    fn tell(&mut self, event: initiator::Event<'_>) {
        for action in self.client.input(event, self.now, &mut self.entropy) {
            self.act(action);
        }
    }

    fn act(&mut self, action: initiator::Action) {
        self.last = self.now;
        match action {
            initiator::Action::Connect { url, payload } => self.connect(&url, payload),
            initiator::Action::ConnectNear { psm } => {
                assert_eq!(psm, PSM);
                if self.mischief == Mischief::TooFar {
                    return self.later(SWIFT, Happening::Closed(To::Client));
                }
                self.stream.connect();
                self.later(SWIFT, Happening::Connected(To::Client));
            }
            initiator::Action::Send(message) => self.send(To::Client, message),
            initiator::Action::Ready(phone) => {
                assert_eq!(phone.get_info, Some(self.authority.info_for(Transport::Hybrid)));
                self.later(Span::ZERO, Happening::Asked);
            }
            initiator::Action::Reply(reply) => {
                assert!(self.outcome.reply.replace(reply).is_none(), "two replies to one request");
                self.tell(initiator::Event::Finish);
            }
            initiator::Action::Linked(link) => self.outcome.link = Some(link),
            initiator::Action::Close => self.hang_up(To::Client),
            initiator::Action::Done(outcome) => self.outcome.client = Some(outcome),
        }
    }

    fn connect(&mut self, url: &str, payload: Option<String>) {
        match self.service.open(To::Client, url, self.now) {
            Ok(_) => {
                self.later(SWIFT, Happening::Connected(To::Client));
                if let Some(payload) = payload {
                    // The service tells the phone who comes.
                    let payload = primitives::encoding::from_hex(&payload).unwrap();
                    self.pass(To::Phone, payload);
                }
            }
            Err(refusal) => self.tell(initiator::Event::Refused(refusal.status())),
        }
    }

    fn tell_phone(&mut self, event: responder::Event<'_>) {
        let Some(phone) = &mut self.phone else { return };
        for action in phone.input(event, self.now, &mut self.entropy) {
            self.last = self.now;
            match action {
                responder::Action::Advertise(_) if self.mischief == Mischief::Deaf => {}
                responder::Action::Advertise(bytes) => {
                    // A radio says it again and again.
                    for times in 0..3 {
                        let after = Span::from_millis(20 + 300 * times);
                        self.later(after, Happening::Advertised(bytes.clone()));
                    }
                }
                responder::Action::Quiet => {}
                responder::Action::Send(message) => self.send(To::Phone, message),
                responder::Action::Keep(link) => self.outcome.kept = Some(link),
                responder::Action::Command(request) => self.command(&request),
                responder::Action::Withdraw => {
                    self.outcome.withdrawn = true;
                    self.asked = false;
                    let _ = self.authority.cancel();
                }
                responder::Action::Close => self.hang_up(To::Phone),
                responder::Action::Done(outcome) => self.outcome.phone = Some(outcome),
            }
        }
    }

    fn command(&mut self, request: &[u8]) {
        assert_eq!(*request, *self.request, "a request that nobody made");
        match self.authority.handle_over(Transport::Hybrid, request, self.now, &mut self.entropy) {
            Step::Reply(reply) => self.later(SWIFT, Happening::Answered(reply)),
            Step::Ask(_) => {
                self.outcome.questions += 1;
                self.asked = true;
                let thinks =
                    if let Mischief::Thinks(span) = self.mischief { span } else { Span::from_secs(2) };
                self.later(thinks, Happening::Person);
            }
        }
    }

    /// The person answers, unless the question was withdrawn.
    fn person(&mut self) {
        if !std::mem::take(&mut self.asked) {
            return;
        }
        let approved = Answer::Approved { verified: true, account: 0 };
        let answer = if self.mischief == Mischief::Refuses { Answer::Denied } else { approved };
        let step = self.authority.answer(answer, self.now, &mut self.entropy);
        let Step::Reply(reply) = step else { panic!("{step:?}") };
        self.tell_phone(responder::Event::Reply(reply));
    }

    fn send(&mut self, from: To, message: Vec<u8>) {
        if self.stream.connected {
            if self.stream.is_open(from) {
                self.pass(from.other(), Stream::frame(&message));
            }
        } else if self.service.passes(from, message.len(), self.now) {
            self.pass(from.other(), message);
        }
    }

    /// Carries it, with whatever the world does to it.
    fn pass(&mut self, to: To, message: Vec<u8>) {
        let number = self.outcome.passed;
        self.outcome.passed += 1;
        match self.mischief {
            Mischief::Lose(at) if at == number => {}
            Mischief::Repeat(at) if at == number => {
                self.deliver(to, message.clone());
                self.deliver(to, message);
            }
            Mischief::Swap(at) if at == number => self.held = Some((to, message)),
            Mischief::Cut(at, kept) if at == number => {
                let kept = kept.min(message.len().saturating_sub(1));
                self.deliver(to, message[..kept].to_vec());
            }
            Mischief::Change(at, byte) if at == number => {
                let mut changed = message;
                let byte = byte.min(changed.len() - 1);
                changed[byte] ^= 0x40;
                self.deliver(to, changed);
            }
            Mischief::HangUp(at, who) if at == number => self.hang_up(who),
            Mischief::Restart(at) if at == number => {
                for to in self.service.restart() {
                    self.closed(to);
                }
            }
            _ => self.deliver(to, message),
        }
    }

    fn deliver(&mut self, to: To, message: Vec<u8>) {
        let delay = self.delay();
        self.later(delay, Happening::Bytes(to, message));
        if let Some((to, held)) = self.held.take_if(|(held, _)| *held == to) {
            self.later(delay, Happening::Bytes(to, held));
        }
    }

    fn hang_up(&mut self, who: To) {
        let near = self.stream.close(who);
        if near && self.stream.close(who.other()) {
            self.closed(who.other());
        }
        if !near && self.service.leave(who) {
            self.closed(who.other());
        }
        self.later(SWIFT, Happening::Closed(who));
    }

    /// What was passed on before arrives before.
    fn closed(&mut self, to: To) {
        let delay = self.delay();
        self.later(delay, Happening::Closed(to));
    }
}
