//! The face: whoever can ask the person, and what they say.

pub mod describe;
pub mod desktop;
pub mod served;
pub mod terminal;
pub mod verify;

use authenticator::ctap2::{Answer, Question};

/// By which way a request came, for the person to know who asks.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Via {
    /// A program on this computer, over the virtual security key or its socket.
    SecurityKey,
    /// Another device, over the hybrid transport.
    OtherDevice,
    /// The same without a code: one that the person let ask so.
    LinkedDevice {
        /// What the person calls it.
        name: String,
    },
    /// A sign-in server that Keyfob itself talks to.
    Server {
        /// The server's origin.
        origin: String,
    },
}

/// Asks the person. One question is open at a time.
pub trait Face: Send {
    /// Shows the question and waits for the answer; whether the person was verified is part of it.
    fn ask(&mut self, question: &Question, via: &Via) -> impl Future<Output = Answer> + Send;

    /// The open question is moot: the other side has given up.
    fn withdraw(&mut self) {}
}

/// Says yes to everything, at once: for tests and for vaults made with `--unattended`.
#[derive(Clone, Copy, Debug, Default)]
pub struct Unattended;

impl Face for Unattended {
    async fn ask(&mut self, _question: &Question, _via: &Via) -> Answer {
        Answer::Approved { verified: true, account: 0 }
    }
}
