//! Command bytes (CTAP 2.3 section 6).

/// A command that is known by name; whether an authenticator has it is another matter.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Command {
    /// authenticatorMakeCredential (section 6.1).
    MakeCredential,
    /// authenticatorGetAssertion (section 6.2).
    GetAssertion,
    /// authenticatorGetNextAssertion (section 6.3).
    GetNextAssertion,
    /// authenticatorGetInfo (section 6.4).
    GetInfo,
    /// authenticatorClientPIN (section 6.5).
    ClientPin,
    /// authenticatorReset (section 6.6).
    Reset,
    /// authenticatorBioEnrollment (section 6.7).
    BioEnrollment,
    /// authenticatorCredentialManagement (section 6.8).
    CredentialManagement,
    /// authenticatorSelection (section 6.9).
    Selection,
    /// authenticatorLargeBlobs (section 6.10).
    LargeBlobs,
    /// authenticatorConfig (section 6.11).
    Config,
}

impl Command {
    /// All of them.
    pub const ALL: [Command; 11] = [
        Command::MakeCredential,
        Command::GetAssertion,
        Command::GetNextAssertion,
        Command::GetInfo,
        Command::ClientPin,
        Command::Reset,
        Command::BioEnrollment,
        Command::CredentialManagement,
        Command::Selection,
        Command::LargeBlobs,
        Command::Config,
    ];

    /// The byte that a message begins with.
    pub const fn byte(self) -> u8 {
        match self {
            Command::MakeCredential => 0x01,
            Command::GetAssertion => 0x02,
            Command::GetInfo => 0x04,
            Command::ClientPin => 0x06,
            Command::Reset => 0x07,
            Command::GetNextAssertion => 0x08,
            Command::BioEnrollment => 0x09,
            Command::CredentialManagement => 0x0a,
            Command::Selection => 0x0b,
            Command::LargeBlobs => 0x0c,
            Command::Config => 0x0d,
        }
    }

    /// The command of that byte.
    pub fn from_byte(byte: u8) -> Option<Self> {
        Self::ALL.into_iter().find(|command| command.byte() == byte)
    }
}
