//! The phone's side of cross-device sign-in, with a radio, a socket and a clock around [`hybrid::responder`].
//!
//! The other device has shown a code and this person has scanned it. We open a tunnel at our own relay, say over
//! Bluetooth where it is, and answer what comes. Nothing here judges: the machine does.

mod channel;
mod holder;
mod refusal;

use std::future::Future;
use std::pin::Pin;
use std::time::Duration;

use hybrid::advertisement;
use hybrid::linking::{ClientPayload, PhoneLink};
use hybrid::qr::{L2CAP, Qr};
use hybrid::responder::{Action, Event, Responder, ResponderRefusal};
use primitives::entropy::SystemEntropy;
use primitives::time::Timestamp;
use tokio::time::Instant;

use channel::Channel;

use crate::io::bluetooth::{Advertisement, Bluetooth, Kind};
use crate::io::near::{Near, NearStream};
use crate::io::tunnel::{Reach, Tunnel};

pub use holder::OverHolder;
pub use refusal::CrossDeviceRefusal;

/// What this device calls itself to those that remember it.
const OWN_NAME: &str = "Keyfob";

/// Answers the other device's requests: a command byte and CBOR in, a status byte and CBOR out. Dropping the future
/// withdraws the question that the person is asked.
pub trait Authority {
    /// One request.
    fn handle(&self, request: Vec<u8>) -> impl Future<Output = Vec<u8>> + Send;

    /// What the other device is given if it wants to find this one again without a code; nothing where the person has
    /// not agreed to that.
    fn link(&self) -> Option<PhoneLink> {
        None
    }

    /// Keeps the link, sealed; whether it is kept.
    fn keep(&self, _link: PhoneLink) -> impl Future<Output = bool> + Send {
        std::future::ready(false)
    }
}

/// Where our end is.
pub struct Phone<'a> {
    /// What the authenticator says of itself over this transport.
    pub get_info: Vec<u8>,
    /// The number of our relay's domain.
    pub domain: u16,
    /// How the relay is reached.
    pub reach: &'a Reach,
    /// The radio.
    pub bluetooth: &'a Bluetooth,
    /// The clock.
    pub clock: fn() -> Timestamp,
    /// Who listens for devices that come by Bluetooth alone, if anybody.
    pub near: Option<&'a dyn Near>,
}

/// How far it is: for the person who waits.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Progress {
    /// The other device can hear us.
    Advertising,
    /// It is there.
    Connected,
    /// It has its answer, which began with this status.
    Answered(u8),
    /// It is given what it needs to ask without a code; whether that is kept here, too. Where it is not, what was given is
    /// good for nothing.
    Linked(bool),
}

/// Where the time went.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Spent {
    /// Opening the tunnel: name, TLS, the relay's answer.
    pub tunnel: Duration,
    /// Putting the advertisement on the air.
    pub advertising: Duration,
    /// Handshake, frames, and everything else that the machine computes.
    pub computing: Duration,
    /// The authenticator, and the person whom it asks.
    pub answering: Duration,
}

impl Spent {
    /// All of it: what would be left if the other device took no time.
    pub fn total(&self) -> Duration {
        self.tunnel + self.advertising + self.computing + self.answering
    }
}

/// Answers the device that showed this code, from the tunnel to the end.
pub async fn answer(
    qr: Qr,
    phone: Phone<'_>,
    authority: &impl Authority,
    tell: &mut (dyn FnMut(Progress) + Send),
) -> Result<Spent, CrossDeviceRefusal> {
    let near = phone.near.filter(|_| qr.offers(L2CAP));
    let mut responder = Responder::new(qr, phone.get_info.clone(), phone.domain, (phone.clock)())?;
    if let Some(link) = authority.link() {
        responder.offer_link(link, OWN_NAME);
    }
    let started = Instant::now();
    let (channel, routing_id) = match Tunnel::open(&responder.tunnel_url(), phone.reach).await {
        Ok(tunnel) => {
            let routing_id = tunnel.routing_id();
            (Channel::Tunnel(Box::new(tunnel)), Some(routing_id))
        }
        Err(refusal) if near.is_none() => return Err(refusal.into()),
        // Bluetooth alone may do.
        Err(_) => (Channel::Nothing, None),
    };
    let spent = Spent { tunnel: started.elapsed(), ..Spent::default() };
    let (advertisement, pending) = (None, None);
    let connection =
        Connection { responder, channel, near, phone, authority, advertisement, pending, spent, tell };
    connection.play(routing_id).await
}

/// A device that comes without a code.
pub struct Contact<'a> {
    /// What it was given once.
    pub link: &'a PhoneLink,
    /// What it says.
    pub payload: &'a ClientPayload,
    /// Where this device waited for it.
    pub tunnel: Tunnel,
}

/// Answers a device that has a link, to the end.
pub async fn answer_contact(
    contact: Contact<'_>,
    phone: Phone<'_>,
    authority: &impl Authority,
    tell: &mut (dyn FnMut(Progress) + Send),
) -> Result<Spent, CrossDeviceRefusal> {
    let Contact { link, payload, tunnel } = contact;
    let (get_info, now) = (phone.get_info.clone(), (phone.clock)());
    let responder = match Responder::contacted(link, payload, get_info, phone.domain, now) {
        Ok(responder) => responder,
        Err(refusal) => {
            tunnel.close().await;
            return Err(refusal.into());
        }
    };
    let channel = Channel::Tunnel(Box::new(tunnel));
    let (near, advertisement, pending, spent) = (None, None, None, Spent::default());
    let connection =
        Connection { responder, channel, near, phone, authority, advertisement, pending, spent, tell };
    // A contact is found by its link; there is no routing id to say.
    connection.play(Some([0; 3])).await
}

/// An answer that is being worked at, and since when.
type Pending<'a> = (Instant, Pin<Box<dyn Future<Output = Vec<u8>> + Send + 'a>>);

struct Connection<'a, A> {
    responder: Responder,
    channel: Channel,
    /// Until the other device is there.
    near: Option<&'a dyn Near>,
    phone: Phone<'a>,
    authority: &'a A,
    advertisement: Option<Advertisement>,
    pending: Option<Pending<'a>>,
    spent: Spent,
    tell: &'a mut (dyn FnMut(Progress) + Send),
}

/// What ended a wait.
enum Happened {
    Message(Vec<u8>),
    Closed,
    Came(std::io::Result<NearStream>),
    Reply(Vec<u8>),
    Time,
}

impl<A: Authority> Connection<'_, A> {
    async fn play(mut self, routing_id: Option<[u8; 3]>) -> Result<Spent, CrossDeviceRefusal> {
        let outcome = self.run(routing_id).await;
        let Self { channel, advertisement, spent, .. } = self;
        if let Some(advertisement) = advertisement {
            advertisement.end().await;
        }
        channel.close().await;
        outcome.map(|()| spent)
    }

    async fn run(&mut self, routing_id: Option<[u8; 3]>) -> Result<(), CrossDeviceRefusal> {
        if let Some(psm) = self.near.map(Near::psm) {
            self.input(Event::Listening { psm });
        }
        let mut actions = match routing_id {
            Some(routing_id) => self.input(Event::Connected { routing_id }),
            None => self.input(Event::Closed),
        };
        loop {
            for action in actions {
                if let Some(outcome) = self.act(action).await? {
                    return outcome.map_err(CrossDeviceRefusal::from);
                }
            }
            actions = match self.wait().await? {
                Happened::Message(message) => {
                    self.near = None;
                    self.input(Event::Message(&message))
                }
                Happened::Closed => {
                    std::mem::replace(&mut self.channel, Channel::Nothing).close().await;
                    self.input(Event::Closed)
                }
                Happened::Came(stream) => {
                    self.near = None;
                    if let Ok(stream) = stream {
                        std::mem::replace(&mut self.channel, Channel::Near(stream)).close().await;
                    }
                    Vec::new()
                }
                Happened::Reply(reply) => self.input(Event::Reply(reply)),
                Happened::Time => self.input(Event::Tick),
            };
        }
    }

    fn input(&mut self, event: Event<'_>) -> Vec<Action> {
        let started = Instant::now();
        let actions = self.responder.input(event, (self.phone.clock)(), &mut SystemEntropy);
        self.spent.computing += started.elapsed();
        actions
    }

    async fn wait(&mut self) -> Result<Happened, CrossDeviceRefusal> {
        let left = self.responder.deadline().since((self.phone.clock)());
        let left = Duration::from_micros(u64::try_from(left.micros()).unwrap_or(0));
        let reply = async {
            match &mut self.pending {
                Some((_, reply)) => reply.await,
                None => std::future::pending().await,
            }
        };
        let lost = async {
            match &mut self.advertisement {
                Some(advertisement) => advertisement.lost().await,
                None => std::future::pending().await,
            }
        };
        let near = self.near;
        let came = async {
            match near {
                Some(near) => near.accept().await,
                None => std::future::pending().await,
            }
        };
        let happened = tokio::select! {
            why = lost => return Err(why.into()),
            message = self.channel.receive() => match message? {
                Some(message) => Happened::Message(message),
                None => Happened::Closed,
            },
            stream = came => Happened::Came(stream.map(NearStream::new)),
            reply = reply => Happened::Reply(reply),
            () = tokio::time::sleep(left) => Happened::Time,
        };
        if let Happened::Reply(reply) = &happened
            && let Some((since, _)) = self.pending.take()
        {
            self.spent.answering += since.elapsed();
            (self.tell)(Progress::Answered(reply.first().copied().unwrap_or_default()));
        }
        Ok(happened)
    }

    /// Does it; returns how all of it ended, once it has.
    async fn act(
        &mut self,
        action: Action,
    ) -> Result<Option<Result<(), ResponderRefusal>>, CrossDeviceRefusal> {
        match action {
            Action::Advertise(data) => {
                let started = Instant::now();
                // What says more than twenty bytes says where to connect.
                let near = data.len() > advertisement::LENGTH;
                let kind = if near { Kind::Peripheral } else { Kind::Broadcast };
                self.advertisement = Some(self.phone.bluetooth.advertise(kind, &data).await?);
                self.spent.advertising = started.elapsed();
                (self.tell)(Progress::Advertising);
            }
            Action::Quiet => {
                // Beside the handshake, which need not wait for BlueZ.
                if let Some(advertisement) = self.advertisement.take() {
                    tokio::spawn(advertisement.end());
                }
            }
            Action::Send(message) => self.channel.send(message).await?,
            Action::Command(request) => {
                (self.tell)(Progress::Connected);
                self.pending = Some((Instant::now(), Box::pin(self.authority.handle(request))));
            }
            Action::Withdraw => self.pending = None,
            Action::Keep(link) => {
                let kept = self.authority.keep(link).await;
                (self.tell)(Progress::Linked(kept));
            }
            // Closed by whoever opened it, once it is over.
            Action::Close => {}
            Action::Done(outcome) => return Ok(Some(outcome)),
        }
        Ok(None)
    }
}
