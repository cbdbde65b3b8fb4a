//! An authenticator, a person in front of it, and a platform that knows how to ask.

use authenticator::client_pin::pin_hash;
use authenticator::ctap2::{Answer, Step};
use authenticator::pin_protocol::Protocol;
use authenticator::platform::{self, HeldToken, Session};
use authenticator::token::Permissions;
use authenticator::{Ctap2, MemoryVault, PinRecord, Settings, Vault};
use fido::ctap::Command;
use fido::ctap::client_pin;
use primitives::cbor::{self, Key, Value};
use primitives::entropy::SystemEntropy;
use primitives::time::{Span, Timestamp};
use tempfile::TempDir;

use crate::vaults::{self, Kept, Kind};

pub(crate) const PIN: &str = "1234";
pub(crate) const SITE: &str = "example.org";
pub(crate) const HASH: [u8; 32] = [7; 32];

pub(crate) struct World {
    pub(crate) key: Ctap2<Kept>,
    pub(crate) kind: Kind,
    /// Where the file is, if there is one.
    folder: TempDir,
    pub(crate) now: Timestamp,
    pub(crate) answer: Answer,
    /// Credentials that were made in it, oldest first.
    pub(crate) ids: Vec<Vec<u8>>,
}

impl World {
    /// A new one.
    pub(crate) fn new(kind: Kind) -> Self {
        Self::with(kind, Settings::keyfob())
    }

    pub(crate) fn with(kind: Kind, settings: Settings) -> Self {
        let folder = vaults::folder();
        Self::over(kind, settings, Kept::new(kind, folder.path()), folder)
    }

    /// One that takes one credential.
    pub(crate) fn small() -> Self {
        let vault = Kept::Memory(MemoryVault::bounded(1));
        Self::over(Kind::Memory, Settings::keyfob(), vault, vaults::folder())
    }

    fn over(kind: Kind, settings: Settings, vault: Kept, folder: TempDir) -> Self {
        let now = Timestamp::from_secs(1_800_000_000);
        let answer = Answer::Approved { verified: true, account: 0 };
        Self { key: Ctap2::new(settings, vault, now), kind, folder, now, answer, ids: Vec::new() }
    }

    /// One with a PIN and two passkeys for [`SITE`].
    pub(crate) fn furnished(kind: Kind) -> Self {
        let mut world = Self::new(kind);
        world.set_pin();
        for user in [b"one", b"two"] {
            world.register(user);
        }
        world
    }

    /// The power goes and comes; what is in a file is read anew from it.
    pub(crate) fn power_cycle(&mut self) {
        match self.kind {
            Kind::Memory => self.key.power_cycle(self.now),
            Kind::File => {
                let settings = self.key.settings().clone();
                // The file is locked while somebody has it open.
                let nothing = Kept::Memory(MemoryVault::default());
                self.key = Ctap2::new(settings.clone(), nothing, self.now);
                self.key = Ctap2::new(settings, Kept::open(self.folder.path()), self.now);
            }
        }
    }

    pub(crate) fn set_pin(&mut self) {
        let mut state = self.key.vault().state().clone();
        state.pin = Some(PinRecord { hash: pin_hash(PIN.as_bytes()), length: 4 });
        self.key.vault_mut().set_state(state).unwrap();
    }

    pub(crate) fn register(&mut self, user: &[u8]) {
        let request = crate::requests::creation(user, None);
        assert_eq!(self.send(Command::MakeCredential, &request), 0);
        self.ids.push(self.key.vault().all().last().unwrap().id.clone());
    }

    pub(crate) fn wait(&mut self, span: Span) {
        self.now = self.now + span;
    }

    /// The whole reply, once the person has answered.
    pub(crate) fn exchange(&mut self, message: &[u8]) -> Vec<u8> {
        let step = match self.key.handle(message, self.now, &mut SystemEntropy) {
            Step::Ask(_) => self.key.answer(self.answer, self.now, &mut SystemEntropy),
            reply => reply,
        };
        match step {
            Step::Reply(reply) => reply,
            Step::Ask(question) => panic!("asked twice: {question:?}"),
        }
    }

    /// The status byte of the reply.
    pub(crate) fn send(&mut self, command: Command, parameters: &[u8]) -> u8 {
        let reply = self.exchange(&[&[command.byte()], parameters].concat());
        assert!(reply[0] == 0 || reply.len() == 1, "a refusal says nothing more");
        if reply.len() > 1 {
            cbor::parse_message(&reply[1..]).unwrap();
        }
        reply[0]
    }

    /// The status byte of the reply to a message that need not be well made.
    pub(crate) fn send_bytes(&mut self, message: &[u8]) -> u8 {
        self.exchange(message)[0]
    }

    pub(crate) fn session(&mut self, protocol: Protocol) -> Session {
        let request = platform::key_agreement(protocol).encode();
        let reply = self.exchange(&[&[Command::ClientPin.byte()], request.as_slice()].concat());
        Session::begin(protocol, &reply[1..], &mut SystemEntropy).unwrap()
    }

    pub(crate) fn pin(&mut self, request: &client_pin::Request) -> u8 {
        self.send(Command::ClientPin, &request.encode())
    }

    /// A token by built-in verification; for one to make or use passkeys that names no other site, for [`SITE`].
    pub(crate) fn token(&mut self, bits: u64, rp_id: Option<&str>) -> HeldToken {
        let session = self.session(Protocol::Two);
        let rp_id = rp_id.or((bits & 0x03 != 0).then_some(SITE));
        let request = session.token_by_verification(Permissions::from_bits(bits), rp_id).encode();
        let reply = self.exchange(&[&[Command::ClientPin.byte()], request.as_slice()].concat());
        session.token(&reply[1..]).unwrap()
    }
}

/// `parameters` without the member at `path`, or with null in its place.
pub(crate) fn changed(parameters: &[u8], path: &str, null: bool) -> Vec<u8> {
    let mut value = cbor::parse_message(parameters).unwrap();
    change(&mut value, &mut path.split('.'), null);
    value.encode()
}

fn change<'a>(value: &mut Value<'a>, path: &mut dyn Iterator<Item = &'a str>, null: bool) {
    let (step, rest) = (path.next().unwrap(), path.collect::<Vec<_>>());
    match value {
        Value::Map(members) => {
            let at = members.iter().position(|(key, _)| is(key, step)).unwrap_or_else(|| panic!("no {step}"));
            match rest.is_empty() {
                false => change(&mut members[at].1, &mut rest.into_iter(), null),
                true if null => members[at].1 = Value::Null,
                true => drop(members.remove(at)),
            }
        }
        Value::Array(items) => {
            let at: usize = step.parse().unwrap();
            match rest.is_empty() {
                false => change(&mut items[at], &mut rest.into_iter(), null),
                true if null => items[at] = Value::Null,
                true => drop(items.remove(at)),
            }
        }
        _ => panic!("nothing in {step}"),
    }
}

fn is(key: &Key<'_>, step: &str) -> bool {
    match key {
        Key::Integer(number) => match step.strip_prefix("0x") {
            Some(digits) => i64::from_str_radix(digits, 16) == Ok(*number),
            None => step.parse() == Ok(*number),
        },
        Key::Text(text) => *text == step,
        Key::Bytes(_) => false,
    }
}
