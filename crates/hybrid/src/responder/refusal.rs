//! How a phone's connection fails.

use crate::frame::FrameRefusal;
use crate::handshake::HandshakeRefusal;
use crate::linking::LinkRefusal;
use crate::qr::StaleQr;

/// Why a phone's connection came to nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ResponderRefusal {
    /// The code is not of now.
    Stale(StaleQr),
    /// The client does not know the phone's tunnel service, or nobody was given that number.
    Domain,
    /// The client's key in the code is no point of the curve.
    ClientKey,
    /// The client names a link that this phone did not give.
    UnknownLink,
    /// The tunnel service did not answer.
    TunnelTimedOut,
    /// The tunnel closed before the client came.
    TunnelClosed,
    /// No client came.
    NobodyCame,
    /// The handshake failed: whoever came had not seen the code, or not heard the advertisement.
    Handshake(HandshakeRefusal),
    /// A message was none of the connection.
    Frame(FrameRefusal),
    /// The link could not be given.
    Link(LinkRefusal),
    /// A request came while another one was open.
    Busy,
    /// More requests came than a sign-in has.
    TooManyRequests,
    /// The client wants a digital credential, which this phone has not said that it takes.
    DigitalCredentials,
    /// The client went before it had an answer.
    Abandoned,
    /// The client asked for nothing.
    Idle,
    /// The person said nothing.
    PersonTimedOut,
    /// Something happened that cannot in this state: a message before the tunnel is open, a reply to nothing.
    OutOfOrder,
}

impl ResponderRefusal {
    /// The name by which people and logs know it.
    pub fn code(self) -> &'static str {
        match self {
            ResponderRefusal::Stale(stale) => stale.code(),
            ResponderRefusal::Domain => "tunnel_domain",
            ResponderRefusal::ClientKey => "qr_client_key",
            ResponderRefusal::UnknownLink => "link_unknown",
            ResponderRefusal::TunnelTimedOut => "tunnel_timed_out",
            ResponderRefusal::TunnelClosed => "tunnel_closed",
            ResponderRefusal::NobodyCame => "nobody_came",
            ResponderRefusal::Handshake(refusal) => refusal.code(),
            ResponderRefusal::Frame(refusal) => refusal.code(),
            ResponderRefusal::Link(refusal) => refusal.code(),
            ResponderRefusal::Busy => "request_while_busy",
            ResponderRefusal::TooManyRequests => "too_many_requests",
            ResponderRefusal::DigitalCredentials => "digital_credentials",
            ResponderRefusal::Abandoned => "client_gone",
            ResponderRefusal::Idle => "client_idle",
            ResponderRefusal::PersonTimedOut => "person_timed_out",
            ResponderRefusal::OutOfOrder => "out_of_order",
        }
    }
}
