//! Packets of CTAPHID (CTAP 2.3 section 11.2.4): 64 bytes each, a message in one or several.

use super::channels::Channel;

/// A packet as it goes over the wire, without a report number.
pub type Packet = [u8; 64];

/// The most that one message holds: 57 bytes in its first packet, 59 in each of 128 more.
pub const LONGEST_MESSAGE: usize = 57 + 128 * 59;

/// With this bit a byte is a command and begins a message, without it is a sequence number.
const BEGINS: u8 = 0x80;

/// What a packet says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Frame<'a> {
    /// An initialization packet.
    First {
        /// On which channel.
        channel: Channel,
        /// The command, without its marking bit.
        command: u8,
        /// How many bytes the whole message has, which may be more than any message can.
        length: u16,
        /// The message's first bytes, and whatever fills up the packet.
        data: &'a [u8],
    },
    /// A continuation packet.
    More {
        /// On which channel.
        channel: Channel,
        /// Its number, counted from 0.
        sequence: u8,
        /// The next bytes, and whatever fills up the packet.
        data: &'a [u8],
    },
}

impl<'a> Frame<'a> {
    /// Every 64 bytes are a frame; whether it may come now is the channel's question.
    pub(crate) fn read(packet: &'a Packet) -> Self {
        let [a, b, c, d, kind, rest @ ..] = packet;
        let channel = Channel(u32::from_be_bytes([*a, *b, *c, *d]));
        if kind & BEGINS == 0 {
            return Frame::More { channel, sequence: *kind, data: rest };
        }
        let [high, low, data @ ..] = rest;
        let length = u16::from_be_bytes([*high, *low]);
        Frame::First { channel, command: kind & !BEGINS, length, data }
    }
}

/// A message cut into packets. What does not fit into one message is not sent.
pub(crate) fn packets(channel: Channel, command: u8, message: &[u8]) -> Vec<Packet> {
    let message = message.get(..LONGEST_MESSAGE).unwrap_or(message);
    let length = u16::try_from(message.len()).unwrap_or(u16::MAX);
    let (first, rest) = message.split_at(message.len().min(57));
    let mut head = [0; 7];
    let [a, b, c, d, kind, high, low] = &mut head;
    [*a, *b, *c, *d] = channel.0.to_be_bytes();
    *kind = command | BEGINS;
    [*high, *low] = length.to_be_bytes();
    let mut packets = vec![filled(&head, first)];
    for (sequence, part) in (0..BEGINS).zip(rest.chunks(59)) {
        let [a, b, c, d] = channel.0.to_be_bytes();
        packets.push(filled(&[a, b, c, d, sequence], part));
    }
    packets
}

fn filled(head: &[u8], data: &[u8]) -> Packet {
    let mut packet = [0; 64];
    for (place, byte) in packet.iter_mut().zip(head.iter().chain(data)) {
        *place = *byte;
    }
    packet
}

#[cfg(test)]
mod tests;
