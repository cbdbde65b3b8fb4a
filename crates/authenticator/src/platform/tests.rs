//! A platform and an authenticator on one table.

use fido::ctap::client_pin::Request;
use fido::ctap::{Command, Status};
use fido::extension::CredentialProtection;
use fido::options::UserEntity;
use primitives::cose::Algorithm;
use primitives::entropy::SystemEntropy;
use primitives::time::{Span, Timestamp};

use super::*;
use crate::ctap2::{Answer, Step};
use crate::{Credential, Ctap2, MemoryVault, PrivateKey, Settings, Vault};

/// The PIN of most tests.
pub(crate) const PIN: &str = "1234";

/// Both, and a person who answers.
pub(crate) struct Table {
    pub(crate) key: Ctap2<MemoryVault>,
    pub(crate) answer: Answer,
    pub(crate) now: Timestamp,
}

impl Table {
    pub(crate) fn new() -> Self {
        Self::of(Settings::keyfob(), MemoryVault::default())
    }

    pub(crate) fn of(settings: Settings, vault: MemoryVault) -> Self {
        let now = Timestamp::from_secs(1_800_000_000);
        let answer = Answer::Approved { verified: true, account: 0 };
        Self { key: Ctap2::new(settings, vault, now), answer, now }
    }

    pub(crate) fn wait(&mut self, span: Span) {
        self.now = self.now + span;
    }

    /// What comes of the command once the person has answered.
    pub(crate) fn call(&mut self, command: Command, parameters: &[u8]) -> Result<Vec<u8>, Status> {
        let request = [&[command.byte()], parameters].concat();
        let step = match self.key.handle(&request, self.now, &mut SystemEntropy) {
            Step::Ask(_) => self.key.answer(self.answer, self.now, &mut SystemEntropy),
            reply => reply,
        };
        let Step::Reply(reply) = step else { panic!("asked twice") };
        match reply.split_first() {
            Some((0, answer)) => Ok(answer.to_vec()),
            Some((byte, [])) => Err(Status::from_byte(*byte).unwrap()),
            _ => panic!("a refusal with an answer"),
        }
    }

    pub(crate) fn pin(&mut self, request: &Request) -> Result<Vec<u8>, Status> {
        self.call(Command::ClientPin, &request.encode())
    }

    pub(crate) fn session(&mut self, protocol: Protocol) -> Session {
        let answer = self.pin(&key_agreement(protocol)).unwrap();
        Session::begin(protocol, &answer, &mut SystemEntropy).unwrap()
    }

    pub(crate) fn set_pin(&mut self, pin: &str) -> Result<Vec<u8>, Status> {
        let request = self.session(Protocol::Two).set_pin(pin, &mut SystemEntropy);
        self.pin(&request)
    }

    pub(crate) fn change_pin(&mut self, old: &str, new: &str) -> Result<Vec<u8>, Status> {
        let request = self.session(Protocol::Two).change_pin(old, new, &mut SystemEntropy);
        self.pin(&request)
    }

    pub(crate) fn try_pin(&mut self, pin: &str) -> Result<HeldToken, Status> {
        let session = self.session(Protocol::Two);
        let managing = Permissions::from_bits(0x34);
        let request = session.token_by_pin(pin, (managing, None), &mut SystemEntropy);
        self.pin(&request).map(|answer| session.token(&answer).unwrap())
    }

    /// A token for these permissions by built-in verification.
    pub(crate) fn token(&mut self, permissions: Permissions, rp_id: Option<&str>) -> HeldToken {
        let session = self.session(Protocol::Two);
        let answer = self.pin(&session.token_by_verification(permissions, rp_id)).unwrap();
        session.token(&answer).unwrap()
    }

    /// A credential in its vault, with `id` for everything that must be some bytes.
    pub(crate) fn keep(&mut self, id: u8, rp_id: &str, discoverable: bool) {
        let credential = Credential {
            id: vec![id; 16],
            rp_id: rp_id.to_owned(),
            rp_name: format!("The site {rp_id}"),
            user: UserEntity { id: vec![id].into(), name: "ada".to_owned(), display_name: "Ada".to_owned() },
            key: PrivateKey::from_seed(Algorithm::Es256, Zeroizing::new([id; 32])).unwrap(),
            sign_count: 0,
            discoverable,
            backup_eligible: false,
            protection: CredentialProtection::UserVerificationOptional,
            cred_random: Zeroizing::new([id; 64]),
            cred_blob: None,
            large_blob_key: Some(Zeroizing::new([id; 32])),
            created: self.now,
            last_used: None,
        };
        self.key.vault_mut().add(credential).unwrap();
    }
}
