//! How a client's connection fails.

use crate::frame::FrameRefusal;
use crate::handshake::HandshakeRefusal;
use crate::linking::LinkRefusal;
use crate::post_handshake::PostHandshakeRefusal;

/// Why a client's connection came to nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum InitiatorRefusal {
    /// The phone uses a tunnel service that nobody was given.
    Domain,
    /// Nobody scanned the code, or no phone was heard.
    NobodyCame,
    /// Tunnel service or phone did not answer.
    TunnelTimedOut,
    /// The tunnel closed before the client was done.
    TunnelClosed,
    /// The tunnel service does not open the tunnel.
    TunnelRefused,
    /// The phone is not to be reached by this link any more: forget it.
    LinkGone,
    /// The handshake failed.
    Handshake(HandshakeRefusal),
    /// The phone's first message was refused.
    Greeting(PostHandshakeRefusal),
    /// A message was none of the connection.
    Frame(FrameRefusal),
    /// The link that the phone gave was refused.
    Link(LinkRefusal),
    /// The phone sent what nobody had asked for.
    Unasked,
    /// The person did nothing on the phone.
    PersonTimedOut,
    /// Something happened that cannot in this state.
    OutOfOrder,
}

impl InitiatorRefusal {
    /// The name by which people and logs know it.
    pub fn code(self) -> &'static str {
        match self {
            InitiatorRefusal::Domain => "tunnel_domain",
            InitiatorRefusal::NobodyCame => "nobody_came",
            InitiatorRefusal::TunnelTimedOut => "tunnel_timed_out",
            InitiatorRefusal::TunnelClosed => "tunnel_closed",
            InitiatorRefusal::TunnelRefused => "tunnel_refused",
            InitiatorRefusal::LinkGone => "link_gone",
            InitiatorRefusal::Handshake(refusal) => refusal.code(),
            InitiatorRefusal::Greeting(refusal) => refusal.code(),
            InitiatorRefusal::Frame(refusal) => refusal.code(),
            InitiatorRefusal::Link(refusal) => refusal.code(),
            InitiatorRefusal::Unasked => "unasked",
            InitiatorRefusal::PersonTimedOut => "person_timed_out",
            InitiatorRefusal::OutOfOrder => "out_of_order",
        }
    }
}
