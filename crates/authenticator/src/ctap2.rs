//! CTAP2 at the level of messages (CTAP 2.3 section 6): bytes in, bytes out, and questions to the person between.
//!
//! A transport hands over one request; the machine answers at once, or asks. While a question is open, nothing else is
//! taken up. Nothing here waits: whoever asks the person brings back the answer.

use std::fmt;

use fido::ctap::{Command, Status, status};
use primitives::entropy::Entropy;
use primitives::time::Timestamp;

use crate::authenticator::Settings;
use crate::client_pin::{ByVerification, FirstPin};
use crate::token::Permissions;
use crate::vault::{Credential, MemoryVault, Vault};

mod extensions;
mod get_assertion;
mod info;
mod make_credential;
mod pin;
mod plain;

use get_assertion::{Assertion, Remembered};
use make_credential::{Creation, Verification};
use pin::Session;

/// Longest request that is read, in bytes: what CTAPHID carries (CTAP 2.3 section 11.2.4).
pub const LONGEST_MESSAGE: usize = 7609;
/// Most credentials in a list of allowed or excluded ones.
pub const MOST_IN_LIST: usize = 32;
/// Longest credential id that clients should send in a list. Ours have 32 bytes, imported ones what they have.
pub const LONGEST_ID_IN_LIST: usize = 128;
/// Longest `credBlob`.
pub const LONGEST_CRED_BLOB: usize = 32;

/// The way by which requests come, as far as the protocol differs.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Transport {
    /// CTAPHID: everything.
    #[default]
    Usb,
    /// Hybrid (section 11.5): passkeys only, and secrets by `prf`; the person is verified here, not by a client's PIN.
    Hybrid,
}

/// What comes of a request or of an answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Step {
    /// The reply: a status byte, and CBOR after it if the status is success.
    Reply(Vec<u8>),
    /// The person is asked; [`Ctap2::answer`] goes on.
    Ask(Question),
}

impl Step {
    /// The reply that says nothing but why not.
    pub fn refused(status: Status) -> Self {
        Step::Reply(vec![status.byte()])
    }

    /// The reply that it is done, with this to tell.
    pub(crate) fn done(cbor: &[u8]) -> Self {
        Step::Reply([&[status::OK], cbor].concat())
    }

    pub(crate) fn of(outcome: Result<Step, Status>) -> Self {
        outcome.unwrap_or_else(Step::refused)
    }
}

/// An account as a person picks it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Account {
    /// The user handle.
    pub user_handle: Vec<u8>,
    /// The name to sign in with.
    pub name: String,
    /// The name to read.
    pub display_name: String,
}

impl Account {
    pub(crate) fn of(credential: &Credential) -> Self {
        Self {
            user_handle: credential.user.id.to_vec(),
            name: credential.user.name.clone(),
            display_name: credential.user.display_name.clone(),
        }
    }
}

/// What the person is asked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Question {
    /// Whether to make a passkey.
    Register {
        /// The site.
        rp_id: String,
        /// What it calls itself, which nothing vouches for.
        rp_name: String,
        /// For which account.
        account: Account,
        /// Whether the passkey takes another one's place.
        replaces: bool,
        /// Whether the person is to be verified, too.
        verify: bool,
    },
    /// Whether to sign in, and with which account where there are several.
    SignIn {
        /// The site.
        rp_id: String,
        /// Newest first; never empty.
        accounts: Vec<Account>,
        /// Whether the person is to be verified, too.
        verify: bool,
    },
    /// A passkey for this site is here already, or none is: the person says that they are there, and learns of it.
    Acknowledge {
        /// The site.
        rp_id: String,
        /// What the client will be told.
        status: Status,
        /// Whether the person is to be verified, too.
        verify: bool,
    },
    /// Whether this is the authenticator that they mean (CTAP 2.3 section 6.9).
    Select,
    /// Whether everything is to be deleted (CTAP 2.3 section 6.6).
    Reset,
    /// Whether the PIN that this client brings is to open the authenticator from now on (section 6.5.5.5).
    SetPin,
    /// Whether this client may act for them for some minutes (section 6.5.5.7.3: a token by built-in verification).
    Verify {
        /// The site that it is for, if it says.
        rp_id: Option<String>,
        /// What it is to be good for.
        permissions: Permissions,
    },
}

/// What the person says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Answer {
    /// Yes.
    Approved {
        /// Whether fingerprint, password or the vault's own PIN knew them.
        verified: bool,
        /// Which of the accounts of the question; 0 where there are none.
        account: usize,
    },
    /// No.
    Denied,
    /// Nothing, for too long.
    TimedOut,
}

/// The authenticator at the level of messages.
pub struct Ctap2<V: Vault = MemoryVault> {
    settings: Settings,
    vault: V,
    /// When power came.
    powered: Timestamp,
    session: Session,
    waiting: Option<Waiting>,
    remembered: Option<Remembered>,
}

/// What goes on once the person has answered.
enum Waiting {
    Creation(Box<Creation>),
    Assertion(Box<Assertion>),
    Acknowledgement(Acknowledgement),
    /// A touch, and then this (section 6.1.2 step 1).
    Touch(Status),
    Selection,
    Reset,
    Token(ByVerification),
    Pin(FirstPin),
}

/// A passkey is here, or none is, and the person is to learn of it.
struct Acknowledgement {
    status: Status,
    verification: Verification,
    transport: Transport,
}

impl<V: Vault> Ctap2<V> {
    /// An authenticator of that kind over that vault, as after power-up.
    pub fn new(settings: Settings, vault: V, now: Timestamp) -> Self {
        Self { settings, vault, powered: now, session: Session::default(), waiting: None, remembered: None }
    }

    /// Takes up a request over USB: a command byte and its parameters in CBOR.
    pub fn handle(&mut self, request: &[u8], now: Timestamp, entropy: &mut dyn Entropy) -> Step {
        self.handle_over(Transport::Usb, request, now, entropy)
    }

    /// The same over that transport.
    pub fn handle_over(
        &mut self,
        transport: Transport,
        request: &[u8],
        now: Timestamp,
        entropy: &mut dyn Entropy,
    ) -> Step {
        if self.waiting.is_some() {
            return Step::refused(Status::ChannelBusy);
        }
        if request.len() > LONGEST_MESSAGE {
            return Step::refused(Status::RequestTooLarge);
        }
        let Some((command, parameters)) = request.split_first() else {
            return Step::refused(Status::InvalidLength);
        };
        match Command::from_byte(*command).filter(|command| transport.carries(*command)) {
            Some(command) => self.dispatch(transport, command, parameters, now, entropy),
            None => Step::refused(Status::InvalidCommand),
        }
    }

    fn dispatch(
        &mut self,
        transport: Transport,
        command: Command,
        parameters: &[u8],
        now: Timestamp,
        entropy: &mut dyn Entropy,
    ) -> Step {
        if command != Command::GetNextAssertion {
            self.remembered = None;
        }
        if command != Command::CredentialManagement {
            self.session.enumeration.forget();
        }
        match command {
            Command::MakeCredential => Step::of(self.make_credential(transport, parameters, now, entropy)),
            Command::GetAssertion => Step::of(self.get_assertion(transport, parameters, now, entropy)),
            Command::ClientPin => Step::of(self.client_pin(parameters, now, entropy)),
            Command::CredentialManagement => Step::of(self.credential_management(parameters, now)),
            Command::LargeBlobs => Step::of(self.large_blobs(parameters, now)),
            Command::Config => Step::of(self.config(parameters, now)),
            Command::BioEnrollment => Step::refused(Status::InvalidCommand),
            _ if !parameters.is_empty() => Step::refused(Status::InvalidLength),
            Command::GetNextAssertion => Step::of(self.get_next_assertion(transport, now, entropy)),
            Command::GetInfo => Step::done(&self.info_for(transport)),
            Command::Selection => self.ask(Question::Select, Waiting::Selection),
            Command::Reset => Step::of(self.reset(now)),
        }
    }

    /// Goes on with what the person says. Without an open question there is nothing to go on with.
    pub fn answer(&mut self, answer: Answer, now: Timestamp, entropy: &mut dyn Entropy) -> Step {
        match self.waiting.take() {
            None => Step::refused(Status::NoOperations),
            Some(Waiting::Creation(creation)) => {
                Step::of(self.creation_answered(*creation, answer, now, entropy))
            }
            Some(Waiting::Assertion(assertion)) => {
                Step::of(self.assertion_answered(*assertion, answer, now, entropy))
            }
            Some(Waiting::Acknowledgement(acknowledgement)) => {
                Step::refused(self.acknowledged(&acknowledgement, answer))
            }
            Some(Waiting::Touch(status)) => Step::refused(plain::touched(status, answer)),
            Some(Waiting::Selection) => plain::selected(answer),
            Some(Waiting::Reset) => Step::of(self.reset_answered(answer)),
            Some(Waiting::Token(waiting)) => Step::of(self.token_answered(waiting, answer, now, entropy)),
            Some(Waiting::Pin(pin)) => Step::of(self.pin_answered(pin, answer, now, entropy)),
        }
    }

    /// Gives up the open question: the platform cancelled.
    pub fn cancel(&mut self) -> Step {
        self.waiting = None;
        Step::refused(Status::KeepaliveCancel)
    }

    /// Takes the power away and gives it back.
    pub fn power_cycle(&mut self, now: Timestamp) {
        self.forget();
        self.powered = now;
    }

    /// Forgets what does not outlive the power: the open question, tokens, enumerations.
    fn forget(&mut self) {
        self.waiting = None;
        self.remembered = None;
        self.session = Session::default();
    }

    /// Another program asks from here on: what the one before has begun in several steps, it does not go on with. PIN
    /// tokens stay, which only who was given them can use.
    pub fn somebody_else(&mut self) {
        self.remembered = None;
        self.session.enumeration.forget();
        self.session.writing.forget();
    }

    /// What it says about itself over USB, in CBOR without a status byte.
    pub fn info(&self) -> Vec<u8> {
        self.info_for(Transport::Usb)
    }

    /// What kind it is.
    pub fn settings(&self) -> &Settings {
        &self.settings
    }

    /// What it keeps.
    pub fn vault(&self) -> &V {
        &self.vault
    }

    /// The same, for what the person does to their passkeys without a client.
    pub fn vault_mut(&mut self) -> &mut V {
        &mut self.vault
    }

    fn ask(&mut self, question: Question, waiting: Waiting) -> Step {
        self.waiting = Some(waiting);
        Step::Ask(question)
    }
}

// Vaults are full of secrets.
impl<V: Vault> fmt::Debug for Ctap2<V> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Ctap2").field("settings", &self.settings).finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests;
