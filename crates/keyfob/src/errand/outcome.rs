//! What comes of an errand.

use std::fmt;
use std::io::ErrorKind;

use serde::Serialize;

use crate::keeper::KeeperError;
use crate::server::ServerError;

/// What came of it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Created {
    /// The server.
    pub server: String,
    /// The login name.
    pub account: String,
    /// Whether a computer follows.
    #[serde(skip)]
    pub followed: bool,
    /// The server's id of the passkey.
    pub passkey: String,
    /// What the server calls it.
    pub name: String,
}

/// Why there is no passkey.
#[derive(Debug)]
pub enum ErrandError {
    /// The server said no, or is not there.
    Server(ServerError),
    /// The vault, or the person in front of it, said no.
    Keeper(KeeperError),
    /// The person did not start this, and the computer knows.
    Declined,
    /// The person gave up.
    Cancelled,
    /// This computer is signed in to another account than the errand's.
    OtherAccount,
    /// The security key did not help.
    Key(ErrorKind),
    /// The server says that its address is another one.
    OtherOrigin(String),
    /// An existing passkey has to be touched first, which happens in a browser.
    ConfirmFirst,
    /// A passkey for this account is here already.
    Duplicate,
    /// The server's options are not what WebAuthn says, or are for a site that is not its own.
    Options,
    /// The passkey is made, and whether the server took it is not known.
    Unknown,
    /// The answer lacks what it must have.
    Answer,
}

impl ErrandError {
    /// A stable code.
    pub fn code(&self) -> &str {
        match self {
            Self::Server(error) => error.code(),
            Self::Keeper(error) => error.code(),
            Self::Declined => "declined",
            Self::Cancelled => "cancelled",
            Self::OtherAccount => "other_account",
            Self::Key(_) => "key_refused",
            Self::OtherOrigin(_) => "other_origin",
            Self::ConfirmFirst => "confirm_needed",
            Self::Duplicate => "duplicate",
            Self::Options => "options_refused",
            Self::Unknown => "outcome_unknown",
            Self::Answer => "not_keyward",
        }
    }
}

impl fmt::Display for ErrandError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Server(error) => error.fmt(f),
            Self::Keeper(error) => error.fmt(f),
            Self::Declined => f.write_str("you did not start this, and the computer knows now"),
            Self::Cancelled => f.write_str("it was given up"),
            Self::OtherAccount => f.write_str("another account is signed in than the code is for"),
            Self::Key(ErrorKind::Unsupported) => f.write_str("the security key cannot tell who uses it: set a PIN first"),
            Self::Key(ErrorKind::PermissionDenied) => {
                f.write_str("the security key has no passkey for this server, or its PIN was wrong, or it was refused there")
            }
            Self::Key(kind) => write!(f, "the security key did not help: {kind}"),
            Self::OtherOrigin(origin) => write!(f, "the server says that its address is {origin}: use that one"),
            Self::ConfirmFirst => f.write_str(
                "the account asks for one of its passkeys first, and this vault did not give one: create it in a browser",
            ),
            Self::Duplicate => f.write_str("this vault holds a passkey for this account already"),
            Self::Options => f.write_str("what the server asks for is not for its own site, or no passkey"),
            Self::Unknown => f.write_str(
                "the passkey is kept, but whether the server took it is not known: the next `keyfob list` asks it again",
            ),
            Self::Answer => f.write_str("the server's answer lacks what it must have"),
        }
    }
}

impl std::error::Error for ErrandError {}

impl From<ServerError> for ErrandError {
    fn from(error: ServerError) -> Self {
        Self::Server(error)
    }
}

impl From<KeeperError> for ErrandError {
    fn from(error: KeeperError) -> Self {
        Self::Keeper(error)
    }
}
