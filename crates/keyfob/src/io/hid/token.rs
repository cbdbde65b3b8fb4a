//! Another security key than Keyfob itself, as a client: `/dev/hidraw…`, or the socket of a `keyfob serve --socket`.
//!
//! By it somebody signs in whose passkey is elsewhere (`keyfob add --key`). CTAPHID (CTAP 2.3 section 11.2) from the other end.

use std::fs::{File, OpenOptions};
use std::io::{self, ErrorKind, Read, Write};
use std::os::unix::fs::FileTypeExt;
use std::os::unix::net::UnixStream;
use std::path::{Path, PathBuf};

use authenticator::pin_protocol::Protocol;
use authenticator::platform::{Session, key_agreement};
use authenticator::token::Permissions;
use fido::ctap::client_pin::Request as PinRequest;
use fido::ctap::{get_assertion, get_info};
use primitives::entropy::Entropy;
use primitives::secret::SecretText;

use super::channels::Channel;
use super::packet::{Frame, LONGEST_MESSAGE, Packet, packets};

const INIT: u8 = 0x06;
const CBOR: u8 = 0x10;
const KEEPALIVE: u8 = 0x3b;

const GET_ASSERTION: u8 = 0x02;
const GET_INFO: u8 = 0x04;
const CLIENT_PIN: u8 = 0x06;

/// How many packets that are not for us are passed over: others use the same key.
const NOISE: u32 = 10_000;

/// A security key that signs in, and its PIN once it was typed.
#[derive(Clone, Debug)]
pub struct Key {
    /// Where it is.
    pub path: PathBuf,
    /// Its PIN.
    pub pin: Option<SecretText>,
}

impl Key {
    /// The one at that path.
    pub fn at(path: PathBuf) -> Self {
        Self { path, pin: None }
    }
}

/// A security key with a channel of our own.
pub struct Token {
    line: Line,
    channel: Channel,
}

enum Line {
    Socket(UnixStream),
    Device(File),
}

/// How a key signs: what it needs for that.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Way {
    /// It finds out by itself who its person is.
    BuiltIn,
    /// By its PIN.
    Pin,
    /// It cannot tell who uses it.
    None,
}

impl Token {
    /// Takes up the conversation. Reads and writes wait where they stand: this is for a thread for waiting.
    pub fn open(path: &Path, entropy: &mut dyn Entropy) -> io::Result<Self> {
        let line = if path.metadata()?.file_type().is_socket() {
            Line::Socket(UnixStream::connect(path)?)
        } else {
            Line::Device(OpenOptions::new().read(true).write(true).open(path)?)
        };
        let mut token = Self { line, channel: Channel::BROADCAST };
        let mut nonce = [0; 8];
        entropy.fill(&mut nonce);
        token.send(INIT, &nonce)?;
        for _ in 0..NOISE {
            let answer = token.message(INIT)?;
            // Somebody else may ask for a channel at the same moment.
            if let Some([a, b, c, d, ..]) = answer.strip_prefix(&nonce) {
                token.channel = Channel(u32::from_be_bytes([*a, *b, *c, *d]));
                return Ok(token);
            }
        }
        Err(ErrorKind::InvalidData.into())
    }

    /// What it needs to sign for a person that is verified.
    pub fn way(&mut self) -> io::Result<Way> {
        let info = self.ok(&[GET_INFO])?;
        let info = get_info::Response::parse(&info).map_err(|_| ErrorKind::InvalidData)?;
        let has = |name: &str| info.options.iter().any(|(option, on)| option == name && *on);
        Ok(match (has("uv"), has("clientPin")) {
            (true, _) => Way::BuiltIn,
            (false, true) => Way::Pin,
            (false, false) => Way::None,
        })
    }

    /// Has it sign: a command byte and CBOR of authenticatorGetAssertion, with the PIN where that is its way. The reply is a
    /// status byte and CBOR.
    pub fn sign(
        &mut self,
        request: &[u8],
        pin: Option<&SecretText>,
        entropy: &mut dyn Entropy,
    ) -> io::Result<Vec<u8>> {
        let Some(pin) = pin else { return self.cbor(request) };
        let nonsense = || io::Error::from(ErrorKind::InvalidData);
        let parameters = request.strip_prefix(&[GET_ASSERTION]).ok_or_else(nonsense)?;
        let mut request = get_assertion::Request::parse(parameters).map_err(|_| nonsense())?;
        let info = self.ok(&[GET_INFO])?;
        let info = get_info::Response::parse(&info).map_err(|_| nonsense())?;
        let protocol = if info.pin_uv_auth_protocols.contains(&2) { Protocol::Two } else { Protocol::One };
        let answer = self.pin(&key_agreement(protocol))?;
        let session = Session::begin(protocol, &answer, entropy).ok_or_else(nonsense)?;
        let permitted = info.options.iter().any(|(option, on)| option == "pinUvAuthToken" && *on);
        let asked = match permitted {
            true => {
                let scope = (Permissions::GET_ASSERTION, Some(request.rp_id.as_str()));
                session.token_by_pin(pin.reveal(), scope, entropy)
            }
            false => session.pin_token(pin.reveal(), entropy),
        };
        let answer = self.pin(&asked)?;
        let token = session.token(&answer).ok_or_else(nonsense)?;
        request.auth = Some(token.auth(&request.client_data_hash));
        request.user_verification = false;
        self.cbor(&[&[GET_ASSERTION], request.encode().as_slice()].concat())
    }

    fn pin(&mut self, request: &PinRequest) -> io::Result<Vec<u8>> {
        self.ok(&[&[CLIENT_PIN], request.encode().as_slice()].concat())
    }

    /// What comes with success; any other status is a refusal.
    fn ok(&mut self, request: &[u8]) -> io::Result<Vec<u8>> {
        match self.cbor(request)?.split_first() {
            Some((0, answer)) => Ok(answer.to_vec()),
            _ => Err(ErrorKind::PermissionDenied.into()),
        }
    }

    /// One request and its reply.
    fn cbor(&mut self, request: &[u8]) -> io::Result<Vec<u8>> {
        self.send(CBOR, request)?;
        self.message(CBOR)
    }

    fn send(&mut self, command: u8, message: &[u8]) -> io::Result<()> {
        if message.len() > LONGEST_MESSAGE {
            return Err(ErrorKind::InvalidInput.into());
        }
        for packet in packets(self.channel, command, message) {
            match &mut self.line {
                Line::Socket(stream) => stream.write_all(&packet)?,
                // hidraw wants the number of the report first, which FIDO has none of.
                Line::Device(file) => file.write_all(&[&[0], packet.as_slice()].concat())?,
            }
        }
        Ok(())
    }

    /// The next message of that kind on our channel; an error of the key's is one of ours.
    fn message(&mut self, wanted: u8) -> io::Result<Vec<u8>> {
        let nonsense = || io::Error::from(ErrorKind::InvalidData);
        for _ in 0..NOISE {
            let packet = self.packet()?;
            let Frame::First { channel, command, length, data } = Frame::read(&packet) else { continue };
            if channel != self.channel || command == KEEPALIVE {
                continue;
            }
            let length = usize::from(length);
            if command != wanted || length > LONGEST_MESSAGE {
                return Err(nonsense());
            }
            let mut message = data.to_vec();
            let mut next = 0;
            while message.len() < length {
                let packet = self.packet()?;
                match Frame::read(&packet) {
                    Frame::More { channel, sequence, data } if channel == self.channel => {
                        if sequence != next {
                            return Err(nonsense());
                        }
                        next = next.saturating_add(1);
                        message.extend_from_slice(data);
                    }
                    Frame::First { channel, .. } if channel == self.channel => return Err(nonsense()),
                    _ => {}
                }
            }
            message.truncate(length);
            return Ok(message);
        }
        Err(nonsense())
    }

    fn packet(&mut self) -> io::Result<Packet> {
        let mut packet = [0; 64];
        match &mut self.line {
            Line::Socket(stream) => stream.read_exact(&mut packet)?,
            Line::Device(file) => file.read_exact(&mut packet)?,
        }
        Ok(packet)
    }
}
