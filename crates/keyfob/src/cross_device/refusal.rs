//! Why nothing came of it, in words.

use std::fmt;

use hybrid::responder::ResponderRefusal;

use crate::io::bluetooth::BluetoothRefusal;
use crate::io::tunnel::TunnelRefusal;

/// Why the other device got no answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CrossDeviceRefusal {
    /// The transport.
    Transport(ResponderRefusal),
    /// The relay.
    Relay(TunnelRefusal),
    /// The radio.
    Bluetooth(BluetoothRefusal),
    /// The connection over Bluetooth alone.
    Near,
}

impl CrossDeviceRefusal {
    /// The name by which people and logs know it.
    pub fn code(self) -> &'static str {
        match self {
            Self::Transport(refusal) => refusal.code(),
            Self::Relay(refusal) => refusal.code(),
            Self::Bluetooth(refusal) => refusal.code(),
            Self::Near => "bluetooth_connection",
        }
    }
}

impl From<ResponderRefusal> for CrossDeviceRefusal {
    fn from(refusal: ResponderRefusal) -> Self {
        Self::Transport(refusal)
    }
}

impl From<TunnelRefusal> for CrossDeviceRefusal {
    fn from(refusal: TunnelRefusal) -> Self {
        Self::Relay(refusal)
    }
}

impl From<BluetoothRefusal> for CrossDeviceRefusal {
    fn from(refusal: BluetoothRefusal) -> Self {
        Self::Bluetooth(refusal)
    }
}

impl fmt::Display for CrossDeviceRefusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Transport(refusal) => f.write_str(sentence(*refusal)),
            Self::Relay(refusal) => refusal.fmt(f),
            Self::Bluetooth(refusal) => refusal.fmt(f),
            Self::Near => f.write_str("The connection with the other device broke."),
        }
    }
}

fn sentence(refusal: ResponderRefusal) -> &'static str {
    use hybrid::qr::StaleQr;
    match refusal {
        ResponderRefusal::Stale(StaleQr::TooOld) => {
            "The code is older than two minutes: let the other device show a new one."
        }
        ResponderRefusal::Stale(StaleQr::FromTheFuture) => {
            "The code is of a later time: one of the two clocks is wrong."
        }
        ResponderRefusal::Domain => "The other device does not know this relay's domain.",
        ResponderRefusal::ClientKey => "The code is broken.",
        ResponderRefusal::NobodyCame => {
            "The other device did not come: is its Bluetooth on, is it near, and can it reach the relay?"
        }
        ResponderRefusal::TunnelTimedOut | ResponderRefusal::TunnelClosed => "The relay closed the tunnel.",
        ResponderRefusal::Handshake(_) => "Whoever came was not the device that showed the code.",
        ResponderRefusal::Abandoned => "The other device went before it had an answer.",
        ResponderRefusal::Idle => "The other device asked for nothing.",
        ResponderRefusal::PersonTimedOut => "Nobody answered the question here.",
        ResponderRefusal::DigitalCredentials => {
            "The other device wants a digital credential. Keyfob has passkeys only."
        }
        ResponderRefusal::UnknownLink | ResponderRefusal::Link(_) => {
            "The link with the other device is not valid."
        }
        ResponderRefusal::Frame(_)
        | ResponderRefusal::Busy
        | ResponderRefusal::TooManyRequests
        | ResponderRefusal::OutOfOrder => "The other device sent what no such device sends.",
    }
}
