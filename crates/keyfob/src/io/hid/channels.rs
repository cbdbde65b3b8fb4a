//! The channels of CTAPHID (CTAP 2.3 section 11.2.2 to 11.2.9) as a state machine: packets in, packets and requests out.
//!
//! Several programs share one security key, each on a channel of its own; one message at a time is taken up, and who
//! comes meanwhile hears that it is busy. What a request means is not known here.

use std::time::{Duration, Instant};

use super::packet::{Frame, LONGEST_MESSAGE, Packet, packets};
use crate::worker::Waiting;

/// How long the next packet of a message may take: an impatient program's message does not block the others.
const PATIENCE: Duration = Duration::from_millis(500);
/// As many channels as there are; a further one takes the place of the one that was silent for longest.
const MOST_CHANNELS: usize = 64;
/// Version of the protocol; it has been 2 ever since.
const PROTOCOL: u8 = 2;
/// CAPABILITY_CBOR and CAPABILITY_NMSG: CTAP2 is spoken, U2F is not. It has nothing to wink with.
const CAPABILITIES: u8 = 0x04 | 0x08;

const PING: u8 = 0x01;
const INIT: u8 = 0x06;
const CBOR: u8 = 0x10;
const CANCEL: u8 = 0x11;
const KEEPALIVE: u8 = 0x3b;
const ERROR: u8 = 0x3f;

/// CTAP1_ERR_OTHER: there is a reply, but no message that could carry it.
const OTHER: u8 = 0x7f;

/// The name of a channel.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Channel(pub u32);

impl Channel {
    /// Where a program without a channel asks for one.
    pub const BROADCAST: Channel = Channel(u32::MAX);
    /// Reserved; nobody ever has it.
    const NOBODY: Channel = Channel(0);
}

/// Why a message is not taken (CTAP 2.3 section 11.2.9.1.6).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Refusal {
    /// ERR_INVALID_CMD: unknown, or a command that we do not speak: MSG, WINK, LOCK.
    Command,
    /// ERR_INVALID_LEN: longer than a message may be, or not of the length that the command has.
    Length,
    /// ERR_INVALID_SEQ: not the packet that comes next.
    Sequence,
    /// ERR_MSG_TIMEOUT: the next packet did not come in time.
    Timeout,
    /// ERR_CHANNEL_BUSY: another message is being received or worked on.
    Busy,
    /// ERR_INVALID_CHANNEL: nobody was given this one.
    Channel,
}

impl Refusal {
    /// The byte that stands for it.
    pub const fn byte(self) -> u8 {
        match self {
            Refusal::Command => 0x01,
            Refusal::Length => 0x03,
            Refusal::Sequence => 0x04,
            Refusal::Timeout => 0x05,
            Refusal::Busy => 0x06,
            Refusal::Channel => 0x0b,
        }
    }
}

/// What is to be done now, in this order.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Action {
    /// This packet goes out.
    Send(Packet),
    /// This is a request to the authenticator; [`Channels::reply`] takes what comes of it.
    Request(Vec<u8>),
    /// The program wants no answer to its request any more and is to be told so in the reply.
    Cancel,
    /// The program has begun anew: the request ends, and nobody waits for its reply.
    Abandon,
}

/// All channels of one security key.
#[derive(Debug)]
pub struct Channels {
    /// Those that were given out, the longest silent first.
    given: Vec<Channel>,
    last: u32,
    state: State,
}

#[derive(Debug)]
enum State {
    Idle,
    /// A message is coming in.
    Receiving(Message),
    /// The authenticator is at a request.
    Working(Channel),
}

#[derive(Debug)]
struct Message {
    channel: Channel,
    command: u8,
    length: usize,
    received: Vec<u8>,
    sequence: u8,
    deadline: Instant,
}

impl Default for Channels {
    fn default() -> Self {
        Self { given: Vec::new(), last: 0, state: State::Idle }
    }
}

impl Channels {
    /// A packet came in.
    pub fn packet(&mut self, packet: &Packet, now: Instant) -> Vec<Action> {
        let mut actions = self.silence(now);
        actions.extend(match Frame::read(packet) {
            Frame::First { channel, command, length, data } => {
                self.first(channel, command, length, data, now)
            }
            Frame::More { channel, sequence, data } => self.more(channel, sequence, data, now),
        });
        actions
    }

    /// When [`Channels::silence`] has something to say, if no packet comes before.
    pub fn deadline(&self) -> Option<Instant> {
        match &self.state {
            State::Receiving(message) => Some(message.deadline),
            State::Idle | State::Working(_) => None,
        }
    }

    /// Time passed. A message whose next packet has not come is given up.
    pub fn silence(&mut self, now: Instant) -> Vec<Action> {
        match &self.state {
            State::Receiving(message) if message.deadline <= now => {
                let channel = message.channel;
                self.state = State::Idle;
                refused(channel, Refusal::Timeout)
            }
            _ => Vec::new(),
        }
    }

    /// The reply to the request that is being worked on.
    pub fn reply(&mut self, reply: &[u8]) -> Vec<Action> {
        let State::Working(channel) = self.state else {
            return Vec::new();
        };
        self.state = State::Idle;
        sent(channel, CBOR, if reply.len() <= LONGEST_MESSAGE { reply } else { &[OTHER] })
    }

    /// Nobody has the device open any more: whoever sent half a message or waits for a reply has gone.
    pub fn deserted(&mut self) -> Vec<Action> {
        match std::mem::replace(&mut self.state, State::Idle) {
            State::Working(_) => vec![Action::Abandon],
            State::Idle | State::Receiving(_) => Vec::new(),
        }
    }

    /// The channel whose request is being worked on.
    pub fn at_work(&self) -> Option<Channel> {
        match self.state {
            State::Working(channel) => Some(channel),
            State::Idle | State::Receiving(_) => None,
        }
    }

    /// Tells the program that its request is still being worked on (section 11.2.9.1.7).
    pub fn keep_alive(&self, waiting: Waiting) -> Vec<Action> {
        let status = match waiting {
            Waiting::Processing => 1,
            Waiting::ForPerson => 2,
        };
        match self.state {
            State::Working(channel) => sent(channel, KEEPALIVE, &[status]),
            State::Idle | State::Receiving(_) => Vec::new(),
        }
    }

    fn first(
        &mut self,
        channel: Channel,
        command: u8,
        length: u16,
        data: &[u8],
        now: Instant,
    ) -> Vec<Action> {
        let length = usize::from(length);
        if channel != Channel::BROADCAST && !self.knows(channel) {
            return refused(channel, Refusal::Channel);
        }
        if command == INIT {
            return self.init(channel, data.get(..length));
        }
        if channel == Channel::BROADCAST {
            return refused(channel, Refusal::Channel);
        }
        match &self.state {
            State::Receiving(message) if message.channel == channel => {
                self.state = State::Idle;
                return refused(channel, Refusal::Sequence);
            }
            State::Working(working) if command == CANCEL && *working == channel => {
                return vec![Action::Cancel];
            }
            // There is nothing of theirs to cancel, and CANCEL has no answer of its own (section 11.2.9.1.5): an error
            // would pass for the answer to what they say next.
            _ if command == CANCEL => return Vec::new(),
            State::Receiving(_) | State::Working(_) => return refused(channel, Refusal::Busy),
            State::Idle => {}
        }
        if length > LONGEST_MESSAGE {
            return refused(channel, Refusal::Length);
        }
        let received = data.get(..length.min(data.len())).unwrap_or_default().to_vec();
        let message = Message { channel, command, length, received, sequence: 0, deadline: now + PATIENCE };
        self.take(message)
    }

    fn more(&mut self, channel: Channel, sequence: u8, data: &[u8], now: Instant) -> Vec<Action> {
        // A packet that continues nothing is ignored (section 11.2.5.2): it may be the tail of what was given up.
        match std::mem::replace(&mut self.state, State::Idle) {
            State::Receiving(mut message) if message.channel == channel => {
                if message.sequence != sequence {
                    return refused(channel, Refusal::Sequence);
                }
                let missing = message.length.saturating_sub(message.received.len());
                message.received.extend(data.iter().take(missing));
                message.sequence = message.sequence.saturating_add(1);
                message.deadline = now + PATIENCE;
                self.take(message)
            }
            other => {
                self.state = other;
                Vec::new()
            }
        }
    }

    /// Goes on with a message: waits for more of it, or does what it says.
    fn take(&mut self, message: Message) -> Vec<Action> {
        if message.received.len() < message.length {
            self.state = State::Receiving(message);
            return Vec::new();
        }
        let Message { channel, command, received, .. } = message;
        match command {
            PING => sent(channel, PING, &received),
            CBOR if received.is_empty() => refused(channel, Refusal::Length),
            CBOR => {
                self.state = State::Working(channel);
                vec![Action::Request(received)]
            }
            // MSG, which is U2F, LOCK and WINK are among them: nothing says that we speak them.
            _ => refused(channel, Refusal::Command),
        }
    }

    /// INIT on the broadcast channel gives out a channel; on a channel of one's own it begins that one anew and ends
    /// what was going on there (section 11.2.9.1.3).
    fn init(&mut self, channel: Channel, nonce: Option<&[u8]>) -> Vec<Action> {
        let Some(nonce) = nonce.filter(|nonce| nonce.len() == 8) else {
            return refused(channel, Refusal::Length);
        };
        let mut actions = Vec::new();
        let given = if channel == Channel::BROADCAST { self.give() } else { channel };
        match &self.state {
            State::Working(working) if *working == channel => {
                actions.push(Action::Abandon);
                self.state = State::Idle;
            }
            State::Receiving(message) if message.channel == channel => self.state = State::Idle,
            _ => {}
        }
        let mut answer = nonce.to_vec();
        answer.extend(given.0.to_be_bytes());
        answer.extend([PROTOCOL, 0, 1, 0, CAPABILITIES]);
        actions.extend(sent(channel, INIT, &answer));
        actions
    }

    /// A channel that nobody has.
    fn give(&mut self) -> Channel {
        if self.given.len() >= MOST_CHANNELS {
            let engaged = match &self.state {
                State::Idle => None,
                State::Receiving(message) => Some(message.channel),
                State::Working(channel) => Some(*channel),
            };
            if let Some(silent) = self.given.iter().position(|channel| Some(*channel) != engaged) {
                self.given.remove(silent);
            }
        }
        loop {
            self.last = self.last.wrapping_add(1);
            let channel = Channel(self.last);
            let free = channel != Channel::BROADCAST && channel != Channel::NOBODY;
            if free && !self.given.contains(&channel) {
                self.given.push(channel);
                return channel;
            }
        }
    }

    /// Whether somebody was given the channel, who is the last to have been heard of now.
    fn knows(&mut self, channel: Channel) -> bool {
        let Some(place) = self.given.iter().position(|given| *given == channel) else {
            return false;
        };
        self.given.remove(place);
        self.given.push(channel);
        true
    }
}

fn sent(channel: Channel, command: u8, message: &[u8]) -> Vec<Action> {
    packets(channel, command, message).into_iter().map(Action::Send).collect()
}

fn refused(channel: Channel, refusal: Refusal) -> Vec<Action> {
    sent(channel, ERROR, &[refusal.byte()])
}

#[cfg(test)]
mod tests;
