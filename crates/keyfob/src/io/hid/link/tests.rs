use authenticator::ctap2::{Answer, Ctap2, Question};
use authenticator::{MemoryVault, Settings};
use tokio::sync::mpsc;

use super::*;
use crate::ambient;
use crate::face::{Face, Unattended};
use crate::io::hid::channels::Channel;
use crate::io::hid::packet::packets;
use crate::worker;

const PING: u8 = 0x01;
const INIT: u8 = 0x06;
const CBOR: u8 = 0x10;
const CANCEL: u8 = 0x11;
const KEEPALIVE: u8 = 0x3b;
const ERROR: u8 = 0x3f;

/// A port of which the test holds the other end.
struct Cable {
    from: mpsc::UnboundedReceiver<Incoming>,
    to: mpsc::UnboundedSender<Packet>,
}

impl Port for Cable {
    async fn next(&mut self) -> io::Result<Option<Incoming>> {
        Ok(self.from.recv().await)
    }

    async fn send(&mut self, packet: &Packet) -> io::Result<()> {
        self.to.send(*packet).map_err(io::Error::other)
    }
}

struct Host {
    to: mpsc::UnboundedSender<Incoming>,
    from: mpsc::UnboundedReceiver<Packet>,
}

impl Host {
    fn new(face: impl Face + 'static) -> Self {
        let ctap2 = Ctap2::new(Settings::keyfob(), MemoryVault::default(), ambient::now());
        Self::at(worker::start(ctap2, face).unwrap())
    }

    fn at(worker: Worker<MemoryVault>) -> Self {
        let (to, theirs) = mpsc::unbounded_channel();
        let (ours, from) = mpsc::unbounded_channel();
        tokio::spawn(async move { carry(&mut Cable { from: theirs, to: ours }, &worker).await });
        Self { to, from }
    }

    fn send(&self, channel: Channel, command: u8, message: &[u8]) {
        for packet in packets(channel, command, message) {
            self.to.send(Incoming::Packet(packet)).unwrap();
        }
    }

    /// Command and first byte of the next message; the packets that go on with it are skipped.
    async fn heard(&mut self) -> (u8, u8) {
        loop {
            let packet = self.from.recv().await.unwrap();
            if packet[4] & 0x80 != 0 {
                return (packet[4] & 0x7f, packet[7]);
            }
        }
    }

    /// The same, of the next message that says more than that somebody is still at it.
    async fn answer(&mut self) -> (u8, u8) {
        loop {
            match self.heard().await {
                (KEEPALIVE, _) => {}
                answer => return answer,
            }
        }
    }

    async fn channel(&mut self) -> Channel {
        self.send(Channel::BROADCAST, INIT, b"nonce 12");
        let packet = loop {
            let packet = self.from.recv().await.unwrap();
            // A keepalive of before may be on its way.
            if packet[4] == 0x80 | INIT {
                break packet;
            }
        };
        Channel(u32::from_be_bytes(packet[15..19].try_into().unwrap()))
    }
}

/// Nobody is there.
struct Absent;

impl Face for Absent {
    async fn ask(&mut self, _question: &Question, _via: &crate::face::Via) -> Answer {
        std::future::pending().await
    }
}

#[tokio::test]
async fn a_request_goes_through() {
    let mut host = Host::new(Unattended);
    let channel = host.channel().await;
    host.send(channel, CBOR, &[0x04]);
    assert_eq!(host.heard().await, (CBOR, 0));
    host.send(channel, CBOR, &[0x0b]);
    assert_eq!(host.answer().await, (CBOR, 0));
}

#[tokio::test]
async fn who_waits_for_the_person_hears_so_and_may_cancel() {
    let mut host = Host::new(Absent);
    let channel = host.channel().await;
    host.send(channel, CBOR, &[0x0b]);
    while host.heard().await != (KEEPALIVE, 2) {}
    host.send(channel, PING, &[1]);
    assert_eq!(host.answer().await, (ERROR, 6));
    host.send(channel, CANCEL, &[]);
    assert_eq!(host.answer().await, (CBOR, 0x2d));
}

#[tokio::test]
async fn the_question_of_a_program_that_was_ended_goes_with_it() {
    let mut host = Host::new(Absent);
    let channel = host.channel().await;
    host.send(channel, CBOR, &[0x0b]);
    while host.heard().await != (KEEPALIVE, 2) {}
    host.to.send(Incoming::Deserted).unwrap();
    let next = host.channel().await;
    host.send(next, CBOR, &[0x04]);
    assert_eq!(host.answer().await, (CBOR, 0), "the next one is not told to wait");
}

#[tokio::test]
async fn beginning_anew_ends_what_was_open() {
    let mut host = Host::new(Absent);
    let channel = host.channel().await;
    host.send(channel, CBOR, &[0x0b]);
    while host.heard().await != (KEEPALIVE, 2) {}
    host.send(channel, INIT, b"nonce 34");
    while host.heard().await != (INIT, b'n') {}
    host.send(channel, CBOR, &[0x04]);
    assert_eq!(host.heard().await, (CBOR, 0), "no keepalive and no reply of the old request come between");
}

#[tokio::test(start_paused = true)]
async fn half_a_message_is_given_up_by_the_clock() {
    let mut host = Host::new(Unattended);
    let channel = host.channel().await;
    host.to.send(Incoming::Packet(packets(channel, CBOR, &[1; 100])[0])).unwrap();
    assert_eq!(host.heard().await, (ERROR, 5));
}

#[tokio::test]
async fn it_ends_with_its_port() {
    let ctap2 = Ctap2::new(Settings::keyfob(), MemoryVault::default(), ambient::now());
    let worker = worker::start(ctap2, Unattended).unwrap();
    let (to, _from) = mpsc::unbounded_channel();
    let (_, from) = mpsc::unbounded_channel();
    carry(&mut Cable { from, to }, &worker).await.unwrap();
}
