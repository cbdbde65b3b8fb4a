//! What the service does not do.

use super::path::PathRefusal;

/// Why a connection or message is refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum RelayRefusal {
    /// No such place.
    NoPath,
    /// The path is not of the form of its place.
    PathForm,
    /// Not a WebSocket with the subprotocol of the service.
    NotATunnel,
    /// Nobody waits there, or somebody else was first.
    NoTunnel,
    /// The service has as many tunnels as it takes.
    Full,
    /// This address has as many tunnels as it gets.
    TooMany,
    /// This address comes too often.
    TooOften,
    /// A message before there was anybody to take it.
    Early,
    /// A message longer than any of the protocol.
    MessageTooLong,
    /// More went through the tunnel than any sign-in needs.
    TooMuch,
    /// A message of a kind that the protocol does not have.
    MessageKind,
}

impl RelayRefusal {
    /// All of them, for whoever counts.
    pub const ALL: [RelayRefusal; 11] = [
        RelayRefusal::NoPath,
        RelayRefusal::PathForm,
        RelayRefusal::NotATunnel,
        RelayRefusal::NoTunnel,
        RelayRefusal::Full,
        RelayRefusal::TooMany,
        RelayRefusal::TooOften,
        RelayRefusal::Early,
        RelayRefusal::MessageTooLong,
        RelayRefusal::TooMuch,
        RelayRefusal::MessageKind,
    ];

    /// The name by which logs and metrics know it.
    pub fn code(self) -> &'static str {
        match self {
            RelayRefusal::NoPath => "no_path",
            RelayRefusal::PathForm => "path_form",
            RelayRefusal::NotATunnel => "not_a_tunnel",
            RelayRefusal::NoTunnel => "no_tunnel",
            RelayRefusal::Full => "full",
            RelayRefusal::TooMany => "too_many",
            RelayRefusal::TooOften => "too_often",
            RelayRefusal::Early => "early",
            RelayRefusal::MessageTooLong => "message_too_long",
            RelayRefusal::TooMuch => "too_much",
            RelayRefusal::MessageKind => "message_kind",
        }
    }

    /// The HTTP status of a connection that is refused. Never 410: to a client that means to forget a link, and the
    /// service does not know which links there are.
    pub fn status(self) -> u16 {
        match self {
            RelayRefusal::NoPath | RelayRefusal::NoTunnel => 404,
            RelayRefusal::NotATunnel => 426,
            RelayRefusal::Full => 503,
            RelayRefusal::TooMany | RelayRefusal::TooOften => 429,
            _ => 400,
        }
    }
}

impl From<PathRefusal> for RelayRefusal {
    fn from(refusal: PathRefusal) -> Self {
        match refusal {
            PathRefusal::Unknown => RelayRefusal::NoPath,
            PathRefusal::Form => RelayRefusal::PathForm,
        }
    }
}
