//! The security key as the kernel shows it to everyone: `/dev/uhid` (Documentation/hid/uhid.rst) by plain reads and
//! writes. Browsers see a device of its own under `/dev/hidraw*`, which `60-fido-id.rules` opens to whoever sits there.

use std::fs::{File, OpenOptions};
use std::io::{self, Write};
use std::os::unix::fs::OpenOptionsExt;
use std::path::Path;

use authenticator::Vault;
use rustix::fs::OFlags;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::unix::pipe;

use super::link::{self, Incoming, Port};
use super::packet::Packet;
use crate::worker::Worker;

/// Where the kernel's driver is.
pub const PATH: &str = "/dev/uhid";

/// The size of `struct uhid_event`: what the kernel hands out at once, whatever the event.
const EVENT: usize = 4 + 4372;

const CLOSE: u32 = 5;
const OUTPUT: u32 = 6;
const GET_REPORT: u32 = 9;
const GET_REPORT_REPLY: u32 = 10;
const CREATE2: u32 = 11;
const INPUT2: u32 = 12;
const SET_REPORT: u32 = 13;
const SET_REPORT_REPLY: u32 = 14;

/// BUS_USB of `linux/input.h`: what programs expect of a security key.
const BUS_USB: u16 = 3;
/// EIO: there are no feature reports.
const EIO: u16 = 5;

/// Usage page FIDO Alliance, usage CTAPHID, 64 bytes in, 64 bytes out, no report numbers (CTAP 2.3 section 11.2.8.2).
const REPORT_DESCRIPTOR: [u8; 34] = [
    0x06, 0xd0, 0xf1, 0x09, 0x01, 0xa1, 0x01, 0x09, 0x20, 0x15, 0x00, 0x26, 0xff, 0x00, 0x75, 0x08, 0x95,
    0x40, 0x81, 0x02, 0x09, 0x21, 0x15, 0x00, 0x26, 0xff, 0x00, 0x75, 0x08, 0x95, 0x40, 0x91, 0x02, 0xc0,
];

/// The virtual device; the kernel removes it when it is dropped.
#[derive(Debug)]
pub struct Device {
    /// The two ends of one file. It is no pipe, but waits like one, and tokio knows no other way without `unsafe`.
    events: pipe::Receiver,
    orders: pipe::Sender,
}

impl Device {
    /// Makes the device.
    pub fn open(path: &Path) -> io::Result<Self> {
        let nonblock = i32::try_from(OFlags::NONBLOCK.bits()).map_err(io::Error::other)?;
        Self::over(OpenOptions::new().read(true).write(true).custom_flags(nonblock).open(path)?)
    }

    /// Serves the programs that open the device, for as long as it is polled.
    pub async fn serve<V: Vault + Send + 'static>(mut self, worker: &Worker<V>) -> io::Result<()> {
        link::carry(&mut self, worker).await
    }

    /// Makes it over a file of which every read and every write is an event, and which does not block.
    fn over(file: File) -> io::Result<Self> {
        (&file).write_all(&create())?;
        let orders = pipe::Sender::from_file_unchecked(file.try_clone()?)?;
        Ok(Self { events: pipe::Receiver::from_file_unchecked(file)?, orders })
    }
}

impl Port for Device {
    async fn next(&mut self) -> io::Result<Option<Incoming>> {
        let mut buffer = [0; EVENT];
        loop {
            let read = self.events.read(&mut buffer).await?;
            match Event::read(buffer.get(..read).unwrap_or_default()) {
                Event::Output(packet) => return Ok(Some(Incoming::Packet(packet))),
                Event::Closed => return Ok(Some(Incoming::Deserted)),
                Event::Asked { answer } => self.orders.write_all(&answer).await?,
                // The kernel's file has no end; whatever stands in for it may have one.
                Event::Other if read == 0 => return Ok(None),
                Event::Other => {}
            }
        }
    }

    async fn send(&mut self, packet: &Packet) -> io::Result<()> {
        self.orders.write_all(&input(packet)).await
    }
}

/// What the kernel tells, as far as it matters here.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Event {
    /// A program sends a packet.
    Output(Packet),
    /// A program asks for a feature report, or sets one: it is told that there is none, and does not wait.
    Asked { answer: Vec<u8> },
    /// The last program that had the device open has closed it, or was ended.
    Closed,
    /// Start, stop, open, and what a newer kernel may tell. And nonsense.
    Other,
}

impl Event {
    fn read(event: &[u8]) -> Self {
        let Some((kind, rest)) = event.split_first_chunk::<4>() else {
            return Event::Other;
        };
        match u32::from_ne_bytes(*kind) {
            CLOSE => Event::Closed,
            OUTPUT => output(rest).map_or(Event::Other, Event::Output),
            GET_REPORT => {
                rest.first_chunk().map_or(Event::Other, |id| Event::Asked { answer: no_report(*id) })
            }
            SET_REPORT => rest.first_chunk().map_or(Event::Other, |id| Event::Asked { answer: not_set(*id) }),
            _ => Event::Other,
        }
    }
}

/// `struct uhid_output_req`: data[4096], size, rtype. The first byte is the number of a report, of which there is one
/// without a number: 0.
fn output(body: &[u8]) -> Option<Packet> {
    let (data, rest) = body.split_at_checked(4096)?;
    let size = u16::from_ne_bytes(*rest.first_chunk()?);
    match data.get(..usize::from(size))? {
        [0, packet @ ..] if packet.len() == 64 => packet.try_into().ok(),
        packet => packet.try_into().ok(),
    }
}

/// `struct uhid_create2_req`.
fn create() -> Vec<u8> {
    let mut event = Vec::with_capacity(EVENT);
    event.extend(CREATE2.to_ne_bytes());
    event.extend(padded::<128>(b"Keyfob"));
    event.extend(padded::<64>(b"keyfob"));
    event.extend(padded::<64>(b""));
    event.extend(u16::try_from(REPORT_DESCRIPTOR.len()).unwrap_or_default().to_ne_bytes());
    event.extend(BUS_USB.to_ne_bytes());
    // Vendor, product, version and country: it is no maker's device and claims nobody's number.
    event.extend([0; 16]);
    event.extend(padded::<4096>(&REPORT_DESCRIPTOR));
    event
}

/// `struct uhid_input2_req`, as long as it needs to be.
fn input(packet: &Packet) -> Vec<u8> {
    let mut event = INPUT2.to_ne_bytes().to_vec();
    event.extend(64_u16.to_ne_bytes());
    event.extend(packet);
    event
}

/// `struct uhid_get_report_reply_req`: id, err, size.
fn no_report(id: [u8; 4]) -> Vec<u8> {
    let mut event = GET_REPORT_REPLY.to_ne_bytes().to_vec();
    event.extend(id);
    event.extend(EIO.to_ne_bytes());
    event.extend(0_u16.to_ne_bytes());
    event
}

/// `struct uhid_set_report_reply_req`: id, err.
fn not_set(id: [u8; 4]) -> Vec<u8> {
    let mut event = SET_REPORT_REPLY.to_ne_bytes().to_vec();
    event.extend(id);
    event.extend(EIO.to_ne_bytes());
    event
}

fn padded<const N: usize>(text: &[u8]) -> [u8; N] {
    let mut field = [0; N];
    for (place, byte) in field.iter_mut().zip(text) {
        *place = *byte;
    }
    field
}

#[cfg(test)]
mod tests;
