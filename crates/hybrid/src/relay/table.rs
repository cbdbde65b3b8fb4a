//! Who is connected, and to whom.

use std::collections::{BTreeSet, HashMap};

use primitives::entropy::{self, Entropy};
use primitives::time::{Span, Timestamp};

use super::count::{Counts, Ending};
use super::limits::Limits;
use super::path::{Path, contact_of};
use super::refusal::RelayRefusal;

/// How often a routing id is drawn anew before the service counts as full; with 2^24 of them for each code, once is
/// nearly always enough.
const DRAWS: usize = 4;
/// The window in which attempts are counted.
const WINDOW: Span = Span::from_minutes(1);
/// What a message costs of a tunnel's bytes beyond its own: else empty ones would be passed on for ever.
pub(super) const MESSAGE_COST: u64 = 64;
/// Addresses that are remembered at once. Beyond, all are forgotten: the tunnels themselves are bounded all the same.
const MOST_SOURCES: usize = 65_536;

/// What a network of IPv6 may have, as a multiple of what each network of 64 bits in it may.
pub(super) const NETWORK_SHARE: u16 = 8;

/// One connection.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Side(u64);

/// Where a connection comes from, as far as limits go: an IPv4 address, or the network of an IPv6 address.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Source(pub u64);

impl Source {
    /// Of the bytes of an IPv6 address; an IPv4 address stands in its mapped form. Of a true IPv6 address the first
    /// 64 bits count, since who has one of such a network has all.
    pub fn of(address: [u8; 16]) -> Self {
        let [a, b, c, d, e, f, g, h, i, j, k, l, m, n, o, p] = address;
        let mapped = [i, j, k, l] == [0, 0, 0xff, 0xff] && [a, b, c, d, e, f, g, h] == [0; 8];
        Self(u64::from_be_bytes(if mapped {
            [0, 0, 0xff, 0xff, m, n, o, p]
        } else {
            [a, b, c, d, e, f, g, h]
        }))
    }

    /// The first 48 bits of an IPv6 address: as much as somebody gets who has more than one network of 64. `None` for
    /// an IPv4 address.
    pub fn network(self) -> Option<Source> {
        (self.0 >> 32 != 0xffff).then_some(Self(self.0 & !0xffff))
    }
}

/// A connection that was let in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Admitted {
    /// A phone, which waits now.
    Phone {
        /// Its name here.
        side: Side,
        /// What it is told in the header [`super::ROUTING_ID`], if it scanned a code.
        routing_id: Option<[u8; 3]>,
        /// The same phone's connection of before, to be closed.
        closes: Option<Side>,
    },
    /// A client, which may send at once.
    Client {
        /// Its name here.
        side: Side,
        /// The phone that it has found.
        phone: Side,
    },
}

#[derive(Clone, Copy, PartialEq, Eq, Hash)]
enum Place {
    Code([u8; 16], [u8; 3]),
    Contact([u8; 32]),
}

/// A tunnel is named by its phone.
struct Tunnel {
    place: Place,
    source: Source,
    client: Option<Side>,
    /// When it ends whatever happens.
    end: Timestamp,
    /// When it ends unless something happens.
    deadline: Timestamp,
    bytes: u64,
}

/// The service.
pub struct Relay {
    limits: Limits,
    next: u64,
    tunnels: HashMap<Side, Tunnel>,
    /// Clients, and their phones.
    clients: HashMap<Side, Side>,
    /// Where phones wait.
    places: HashMap<Place, Side>,
    deadlines: BTreeSet<(Timestamp, Side)>,
    sources: HashMap<Source, Visits>,
    /// The same of the networks in which these are.
    networks: HashMap<Source, Visits>,
    counts: Counts,
}

/// What one address has here.
#[derive(Clone, Copy)]
struct Visits {
    since: Timestamp,
    attempts: u32,
    tunnels: usize,
}

/// Counts an attempt, if there may be one more.
fn attempt(
    visits: &mut HashMap<Source, Visits>,
    source: Source,
    most: u32,
    now: Timestamp,
) -> Result<(), RelayRefusal> {
    if visits.len() >= MOST_SOURCES && !visits.contains_key(&source) {
        visits.retain(|_, visits| visits.tunnels > 0);
    }
    let visits = visits.entry(source).or_insert(Visits { since: now, attempts: 0, tunnels: 0 });
    if now.since(visits.since) >= WINDOW {
        (visits.since, visits.attempts) = (now, 0);
    }
    if visits.attempts >= most {
        return Err(RelayRefusal::TooOften);
    }
    visits.attempts = visits.attempts.saturating_add(1);
    Ok(())
}

impl Relay {
    /// An empty service.
    pub fn new(limits: Limits) -> Self {
        Self {
            limits,
            next: 0,
            tunnels: HashMap::new(),
            clients: HashMap::new(),
            places: HashMap::new(),
            deadlines: BTreeSet::new(),
            sources: HashMap::new(),
            networks: HashMap::new(),
            counts: Counts::default(),
        }
    }

    /// A connection asks to be let in.
    pub fn open(
        &mut self,
        path: &Path,
        source: Source,
        now: Timestamp,
        entropy: &mut dyn Entropy,
    ) -> Result<Admitted, RelayRefusal> {
        let outcome = self.visit(source, now).and_then(|()| match path {
            Path::New { tunnel_id } => self.begin(*tunnel_id, source, now, entropy),
            Path::Wait { secret } => self.stand(secret, source, now),
            Path::Connect { routing_id, tunnel_id } => self.join(Place::Code(*tunnel_id, *routing_id), now),
            Path::Contact { contact } => match contact.as_slice().try_into() {
                Ok(contact) => self.join(Place::Contact(contact), now),
                Err(_) => Err(RelayRefusal::NoTunnel),
            },
        });
        if let Err(refusal) = outcome {
            self.counts.refused(refusal);
        }
        outcome
    }

    /// Counts a refusal that was found before or behind this table.
    pub fn refuse(&mut self, refusal: RelayRefusal) {
        self.counts.refused(refusal);
    }

    /// A message of that length came. Returns to whom it goes; where it is refused, the tunnel is over and
    /// [`Relay::close`] says who else is to be closed.
    pub fn message(&mut self, from: Side, length: usize, now: Timestamp) -> Result<Side, RelayRefusal> {
        let phone = self.clients.get(&from).copied().unwrap_or(from);
        let silence = self.limits.silence;
        let tunnel = self.tunnels.get_mut(&phone).ok_or(RelayRefusal::NoTunnel)?;
        let Some(client) = tunnel.client else { return Err(RelayRefusal::Early) };
        let cost = u64::try_from(length).unwrap_or(u64::MAX).saturating_add(MESSAGE_COST);
        let bytes = tunnel.bytes.saturating_add(cost);
        if length > self.limits.message {
            return Err(RelayRefusal::MessageTooLong);
        }
        if bytes > self.limits.bytes {
            return Err(RelayRefusal::TooMuch);
        }
        tunnel.bytes = bytes;
        let deadline = tunnel.end.min(now + silence);
        self.deadlines.remove(&(tunnel.deadline, phone));
        tunnel.deadline = deadline;
        self.deadlines.insert((deadline, phone));
        self.counts.message(length);
        Ok(if from == phone { client } else { phone })
    }

    /// A connection is gone, or is to go. Returns the other one of its tunnel, which is to be closed, too.
    pub fn close(&mut self, side: Side, ending: Ending) -> Option<Side> {
        let phone = self.clients.get(&side).copied().unwrap_or(side);
        let client = self.end(phone, ending)?.client;
        if side == phone { client } else { Some(phone) }
    }

    /// Time went by. Returns who is to be closed.
    pub fn tick(&mut self, now: Timestamp) -> Vec<Side> {
        let mut closed = Vec::new();
        while let Some((deadline, phone)) = self.deadlines.first().copied() {
            if deadline > now {
                break;
            }
            self.deadlines.remove(&(deadline, phone));
            closed.push(phone);
            closed.extend(self.end(phone, Ending::Time).and_then(|tunnel| tunnel.client));
        }
        for visits in [&mut self.sources, &mut self.networks] {
            visits.retain(|_, visits| visits.tunnels > 0 || now.since(visits.since) < WINDOW);
        }
        closed
    }

    /// When [`Relay::tick`] next has something to do.
    pub fn deadline(&self) -> Option<Timestamp> {
        self.deadlines.first().map(|(deadline, _)| *deadline)
    }

    /// What there is and was.
    pub fn counts(&self) -> Counts {
        let joined = self.clients.len();
        Counts { joined, waiting: self.tunnels.len().saturating_sub(joined), ..self.counts.clone() }
    }

    /// Counts an attempt of that address, and of its network.
    fn visit(&mut self, source: Source, now: Timestamp) -> Result<(), RelayRefusal> {
        let most = self.limits.attempts_from_one;
        attempt(&mut self.sources, source, most, now)?;
        let Some(network) = source.network() else { return Ok(()) };
        attempt(&mut self.networks, network, most.saturating_mul(NETWORK_SHARE.into()), now)
    }

    /// What an address and its network have here.
    fn visits(&mut self, source: Source) -> impl Iterator<Item = &mut Visits> {
        let network = source.network().and_then(|network| self.networks.get_mut(&network));
        self.sources.get_mut(&source).into_iter().chain(network)
    }

    /// Whether there is room for one more from there, if that one goes.
    fn room_but(&self, source: Source, goes: Option<Side>) -> Result<(), RelayRefusal> {
        let going = goes.and_then(|side| self.tunnels.get(&side));
        let tunnels = self.tunnels.len().saturating_sub(usize::from(going.is_some()));
        if tunnels >= self.limits.tunnels {
            return Err(RelayRefusal::Full);
        }
        let from_here = going.is_some_and(|tunnel| tunnel.source == source);
        let here = self.sources.get(&source).map_or(0, |visits| visits.tunnels);
        let here = here.saturating_sub(usize::from(from_here));
        let near = going.is_some_and(|tunnel| tunnel.source.network() == source.network());
        let network = source.network().and_then(|network| self.networks.get(&network));
        let there = network.map_or(0, |visits| visits.tunnels).saturating_sub(usize::from(near));
        let most = self.limits.tunnels_from_one;
        let too_many = here >= most || there >= most.saturating_mul(NETWORK_SHARE.into());
        if too_many { Err(RelayRefusal::TooMany) } else { Ok(()) }
    }

    fn begin(
        &mut self,
        tunnel_id: [u8; 16],
        source: Source,
        now: Timestamp,
        entropy: &mut dyn Entropy,
    ) -> Result<Admitted, RelayRefusal> {
        self.room_but(source, None)?;
        for _ in 0..DRAWS {
            let routing_id = entropy::array(entropy);
            let place = Place::Code(tunnel_id, routing_id);
            if !self.places.contains_key(&place) {
                let side = self.insert(place, source, now + self.limits.waiting);
                return Ok(Admitted::Phone { side, routing_id: Some(routing_id), closes: None });
            }
        }
        Err(RelayRefusal::Full)
    }

    /// A phone that comes again, perhaps from another network, takes the place of its former connection.
    fn stand(&mut self, secret: &[u8; 32], source: Source, now: Timestamp) -> Result<Admitted, RelayRefusal> {
        let contact = contact_of(secret);
        let place = Place::Contact(contact);
        let closes = self.places.get(&place).copied();
        // Before anything ends: where there is no room, the phone keeps what it has.
        self.room_but(source, closes)?;
        if let Some(before) = closes {
            self.end(before, Ending::Replaced);
        }
        let side = self.insert(place, source, now + self.limits.standing);
        Ok(Admitted::Phone { side, routing_id: None, closes })
    }

    /// One client takes the place; whoever else comes there finds nobody.
    fn join(&mut self, place: Place, now: Timestamp) -> Result<Admitted, RelayRefusal> {
        let phone = self.places.remove(&place).ok_or(RelayRefusal::NoTunnel)?;
        let side = self.side();
        let (life, silence) = (self.limits.life, self.limits.silence);
        let tunnel = self.tunnels.get_mut(&phone).ok_or(RelayRefusal::NoTunnel)?;
        self.deadlines.remove(&(tunnel.deadline, phone));
        tunnel.client = Some(side);
        tunnel.end = now + life;
        tunnel.deadline = tunnel.end.min(now + silence);
        self.deadlines.insert((tunnel.deadline, phone));
        self.clients.insert(side, phone);
        self.counts.met = self.counts.met.saturating_add(1);
        Ok(Admitted::Client { side, phone })
    }

    fn insert(&mut self, place: Place, source: Source, deadline: Timestamp) -> Side {
        let side = self.side();
        let tunnel = Tunnel { place, source, client: None, end: deadline, deadline, bytes: 0 };
        self.tunnels.insert(side, tunnel);
        self.places.insert(place, side);
        self.deadlines.insert((deadline, side));
        for visits in self.visits(source) {
            visits.tunnels = visits.tunnels.saturating_add(1);
        }
        self.counts.opened = self.counts.opened.saturating_add(1);
        side
    }

    fn end(&mut self, phone: Side, ending: Ending) -> Option<Tunnel> {
        let tunnel = self.tunnels.remove(&phone)?;
        self.deadlines.remove(&(tunnel.deadline, phone));
        match tunnel.client {
            Some(client) => drop(self.clients.remove(&client)),
            None => drop(self.places.remove(&tunnel.place)),
        }
        for visits in self.visits(tunnel.source) {
            visits.tunnels = visits.tunnels.saturating_sub(1);
        }
        self.counts.ended(ending);
        Some(tunnel)
    }

    fn side(&mut self) -> Side {
        self.next = self.next.saturating_add(1);
        Side(self.next)
    }
}
