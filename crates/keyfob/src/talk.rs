//! What an errand says to the person and asks of them. The terminal is one that talks; a script with everything on its
//! command line is another.

use primitives::secret::SecretText;

use crate::errand::Errand;
use crate::server::{Origin, ServerError};

/// What the person chooses when they see what would be done.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Choice {
    /// It is theirs.
    GoOn,
    /// They did not start this: the errand ends, and the computer learns why.
    NotMine,
    /// Not now.
    Cancel,
}

/// By what they sign in.
#[derive(Clone, Debug)]
pub enum Proof {
    /// A temporary access pass.
    Pass(SecretText),
    /// A password; a second step may follow.
    Password(SecretText),
}

/// The second step after a password.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SecondStep {
    /// Six digits of an authenticator app.
    AuthenticatorCode,
    /// A recovery code.
    RecoveryCode,
}

impl SecondStep {
    /// The server's word for it.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::AuthenticatorCode => "authenticator-code",
            Self::RecoveryCode => "recovery-code",
        }
    }

    /// The message that asks for it.
    pub const fn asks(self) -> &'static str {
        match self {
            Self::AuthenticatorCode => "sign-in-code",
            Self::RecoveryCode => "sign-in-recovery",
        }
    }

    /// From the server's word; one that is not known is not offered.
    pub fn parse(text: &str) -> Option<Self> {
        [Self::AuthenticatorCode, Self::RecoveryCode].into_iter().find(|step| step.as_str() == text)
    }
}

/// What happens now.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Told<'a> {
    /// What the server calls itself.
    Server(&'a str),
    /// The security key waits to be touched.
    Touch,
    /// This number is to be typed on the computer.
    Number(&'a str),
    /// The person is about to be asked for the passkey.
    Creating,
    /// The passkey goes to the server.
    HandingIn,
    /// The answer got lost; it goes there again.
    HandingInAgain,
}

/// Talks to the person.
pub trait Talk {
    /// Shows server, account and computer before anything is done.
    fn choose(&mut self, origin: &Origin, errand: &Errand) -> impl Future<Output = Choice>;

    /// The login name, where no errand says it; `None` gives up.
    fn login(&mut self) -> impl Future<Output = Option<String>>;

    /// Asks for what signs them in, after a try that was refused with the reason; `None` gives up.
    fn prove(
        &mut self,
        errand: &Errand,
        refused: Option<&ServerError>,
    ) -> impl Future<Output = Option<Proof>>;

    /// Asks for the second step.
    fn second_step(
        &mut self,
        methods: &[SecondStep],
    ) -> impl Future<Output = Option<(SecondStep, SecretText)>>;

    /// Asks for the PIN of the security key that they sign in with; `None` gives up.
    fn pin(&mut self) -> impl Future<Output = Option<SecretText>>;

    /// Says what happens.
    fn tell(&mut self, told: Told<'_>) -> impl Future<Output = ()>;

    /// Ends when the person has had enough of waiting.
    fn given_up(&mut self) -> impl Future<Output = ()>;
}
