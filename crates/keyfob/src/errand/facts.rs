//! What the server says about an errand, read with bounds.

use std::fmt;

use serde_json::Value;

use crate::server::plain;

/// Longest text of the server's that is shown.
const LONGEST: usize = 200;

/// A ticket: 128 random bits as 22 characters of base64url.
#[derive(Clone, PartialEq, Eq)]
pub struct Ticket(String);

impl Ticket {
    /// Reads one.
    pub fn parse(text: &str) -> Result<Self, TicketRefusal> {
        let text = text.trim();
        let written = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'-' || byte == b'_';
        if text.len() == 22 && text.bytes().all(written) {
            Ok(Self(text.to_owned()))
        } else {
            Err(TicketRefusal::Shape)
        }
    }
}

impl fmt::Display for Ticket {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl fmt::Debug for Ticket {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Ticket(…)")
    }
}

/// Why a text is no ticket.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TicketRefusal {
    /// Not an address such as `https://id.example.com/a/e/…`.
    Address,
    /// Not 22 characters of base64url.
    Shape,
}

impl fmt::Display for TicketRefusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Address => "it is not the address that the wizard's code holds",
            Self::Shape => "the ticket is not 22 characters of base64url",
        })
    }
}

impl std::error::Error for TicketRefusal {}

/// What comes next.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Need {
    /// Take it up.
    Claim,
    /// Sign in.
    SignIn,
    /// Touch an existing passkey.
    Confirm,
    /// The number is typed on the computer.
    Number,
    /// Make the passkey.
    Create,
    /// It is done.
    Nothing,
}

impl Need {
    fn parse(text: &str) -> Option<Self> {
        Some(match text {
            "claim" => Self::Claim,
            "sign-in" => Self::SignIn,
            "confirm" => Self::Confirm,
            "number" => Self::Number,
            "create" => Self::Create,
            "nothing" => Self::Nothing,
            _ => return None,
        })
    }
}

/// The computer whose wizard waits.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Computer {
    /// Such as "Edge on Windows".
    pub browser: String,
    /// From where.
    pub address: String,
    /// RFC 3339.
    pub at: String,
}

/// How an errand stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Errand {
    /// What comes next.
    pub need: Need,
    /// The login name, masked.
    pub account: String,
    /// In full, for whom has proven something.
    pub login: Option<String>,
    /// Which computer started it; none did where this program signs in by itself.
    pub computer: Option<Computer>,
    /// Two digits to show.
    pub number: Option<String>,
    /// Signed in to another account.
    pub other_account: bool,
}

impl Errand {
    /// Reads the server's answer; `None` if it lacks what it must have.
    pub fn read(answer: &Value) -> Option<Self> {
        let text = |value: &Value| value.as_str().map(|text| plain(text, LONGEST));
        let member = |name: &str| answer.get(name).and_then(text);
        let computer = answer.get("computer").filter(|computer| computer.is_object()).map(|computer| {
            let of = |name: &str| computer.get(name).and_then(text).unwrap_or_default();
            Computer { browser: of("browser"), address: of("address"), at: of("at") }
        });
        Some(Self {
            need: Need::parse(answer.get("need")?.as_str()?)?,
            account: member("account")?,
            login: member("login"),
            computer,
            number: member("number"),
            other_account: answer.get("other_account").and_then(Value::as_bool).unwrap_or_default(),
        })
    }
}
