//! An authenticator with whoever sends messages and answers questions.

use fido::authenticator_data::AuthenticatorData;
use fido::credential::CredentialDescriptor;
use fido::ctap::{get_assertion, make_credential};
use fido::options::{RelyingPartyEntity, UserEntity};
use primitives::entropy::SystemEntropy;

use super::super::*;
use crate::pin_protocol::Protocol;
use crate::platform::{HeldToken, Session, key_agreement};
use crate::token::Permissions;
use crate::{MemoryVault, Settings};

pub(super) const NOW: Timestamp = Timestamp::from_secs(1_700_000_000);
pub(super) const APPROVED: Answer = Answer::Approved { verified: true, account: 0 };
pub(super) const UNVERIFIED: Answer = Answer::Approved { verified: false, account: 0 };

pub(super) struct Phone {
    pub(super) ctap2: Ctap2,
    pub(super) transport: Transport,
    pub(super) now: Timestamp,
}

/// A discoverable credential of example.org, with verification.
pub(super) fn creation() -> make_credential::Request {
    make_credential::Request {
        client_data_hash: [7; 32],
        rp: RelyingPartyEntity { id: "example.org".to_owned(), name: "Example".to_owned() },
        user: UserEntity {
            id: b"user 1".as_slice().into(),
            name: "ada".to_owned(),
            display_name: "Ada".to_owned(),
        },
        algorithms: vec![-7],
        resident_key: true,
        user_presence: true,
        user_verification: true,
        ..make_credential::Request::default()
    }
}

/// The same for another user.
pub(super) fn creation_for(user: &str) -> make_credential::Request {
    let mut request = creation();
    request.user.id = user.as_bytes().into();
    request.user.name = user.to_owned();
    request
}

/// A sign-in at example.org, with verification.
pub(super) fn assertion() -> get_assertion::Request {
    get_assertion::Request {
        rp_id: "example.org".to_owned(),
        client_data_hash: [9; 32],
        user_presence: true,
        user_verification: true,
        ..get_assertion::Request::default()
    }
}

pub(super) fn naming(ids: &[&[u8]]) -> Vec<CredentialDescriptor> {
    ids.iter().map(|id| CredentialDescriptor::new(*id, Vec::new())).collect()
}

pub(super) fn message(request: &make_credential::Request) -> Vec<u8> {
    [&[Command::MakeCredential.byte()], request.encode().as_slice()].concat()
}

pub(super) fn assert_message(request: &get_assertion::Request) -> Vec<u8> {
    [&[Command::GetAssertion.byte()], request.encode().as_slice()].concat()
}

impl Phone {
    pub(super) fn new() -> Self {
        Self::of(Settings::keyfob())
    }

    pub(super) fn over(transport: Transport) -> Self {
        Self { transport, ..Self::new() }
    }

    pub(super) fn of(settings: Settings) -> Self {
        Self { ctap2: Ctap2::new(settings, MemoryVault::default(), NOW), transport: Transport::Usb, now: NOW }
    }

    /// One that has no verification but by PIN.
    pub(super) fn without_verification() -> Self {
        Self::of(Settings { built_in_verification: false, ..Settings::keyfob() })
    }

    pub(super) fn send(&mut self, message: &[u8]) -> Step {
        self.ctap2.handle_over(self.transport, message, self.now, &mut SystemEntropy)
    }

    pub(super) fn say(&mut self, answer: Answer) -> Step {
        self.ctap2.answer(answer, self.now, &mut SystemEntropy)
    }

    /// Sends; whoever is asked approves.
    pub(super) fn reply(&mut self, message: &[u8]) -> Vec<u8> {
        match self.send(message) {
            Step::Reply(reply) => reply,
            Step::Ask(_) => match self.say(APPROVED) {
                Step::Reply(reply) => reply,
                Step::Ask(question) => panic!("asked twice: {question:?}"),
            },
        }
    }

    /// What the command comes to if everybody agrees: the CBOR, or the status.
    pub(super) fn outcome(&mut self, message: &[u8]) -> Result<Vec<u8>, Status> {
        let reply = self.reply(message);
        match reply.split_first() {
            Some((0, cbor)) => Ok(cbor.to_vec()),
            Some((byte, [])) => Err(Status::from_byte(*byte).unwrap()),
            _ => panic!("{reply:?}"),
        }
    }

    pub(super) fn creating(&mut self, request: &make_credential::Request) -> Result<Vec<u8>, Status> {
        self.outcome(&message(request))
    }

    pub(super) fn asserting(
        &mut self,
        request: &get_assertion::Request,
    ) -> Result<get_assertion::Response, Status> {
        let cbor = self.outcome(&assert_message(request))?;
        Ok(get_assertion::Response::parse(&cbor).unwrap())
    }

    /// Makes one; its id.
    pub(super) fn create(&mut self, request: &make_credential::Request) -> Vec<u8> {
        let cbor = self.creating(request).unwrap();
        let response = make_credential::Response::parse(&cbor).unwrap();
        let data = AuthenticatorData::parse(response.object.authenticator_data).unwrap();
        data.attested_credential.unwrap().credential_id.to_vec()
    }

    fn pin_command(&mut self, request: &fido::ctap::client_pin::Request) -> Vec<u8> {
        self.outcome(&[&[Command::ClientPin.byte()], request.encode().as_slice()].concat()).unwrap()
    }

    pub(super) fn session(&mut self, protocol: Protocol) -> Session {
        let answer = self.pin_command(&key_agreement(protocol));
        Session::begin(protocol, &answer, &mut SystemEntropy).unwrap()
    }

    pub(super) fn set_pin(&mut self, pin: &str) {
        let message = self.setting_pin(pin);
        self.outcome(&message).unwrap();
    }

    pub(super) fn setting_pin(&mut self, pin: &str) -> Vec<u8> {
        let request = self.session(Protocol::Two).set_pin(pin, &mut SystemEntropy);
        [&[Command::ClientPin.byte()], request.encode().as_slice()].concat()
    }

    /// Sets the first PIN, if none is set.
    pub(super) fn set_pin_once(&mut self, pin: &str) {
        if self.ctap2.vault().state().pin.is_none() {
            self.set_pin(pin);
        }
    }

    pub(super) fn token_by_pin(
        &mut self,
        pin: &str,
        permissions: Permissions,
        rp_id: Option<&str>,
    ) -> HeldToken {
        let session = self.session(Protocol::Two);
        let request = session.token_by_pin(pin, (permissions, rp_id), &mut SystemEntropy);
        let answer = self.pin_command(&request);
        session.token(&answer).unwrap()
    }

    /// By getPinToken, which knows neither permissions nor sites.
    pub(super) fn old_token(&mut self, pin: &str) -> HeldToken {
        let session = self.session(Protocol::Two);
        let answer = self.pin_command(&session.pin_token(pin, &mut SystemEntropy));
        session.token(&answer).unwrap()
    }

    pub(super) fn token_by_verification(
        &mut self,
        permissions: Permissions,
        rp_id: Option<&str>,
    ) -> HeldToken {
        let session = self.session(Protocol::Two);
        let answer = self.pin_command(&session.token_by_verification(permissions, rp_id));
        session.token(&answer).unwrap()
    }

    pub(super) fn always_verify(&mut self) {
        let state = self.ctap2.vault().state().clone();
        self.ctap2.vault_mut().set_state(crate::DeviceState { always_uv: true, ..state }).unwrap();
    }
}

/// Flags of an assertion.
pub(super) fn flags(response: &get_assertion::Response) -> fido::authenticator_data::Flags {
    AuthenticatorData::parse(&response.authenticator_data).unwrap().flags
}
