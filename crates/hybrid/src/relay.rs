//! The tunnel service (CTAP 2.3 section 11.5.1.3) as a machine: who may connect, who belongs to whom, and when it ends.
//!
//! It holds no key and reads no message. A phone opens a tunnel and waits; one client comes; messages go between the
//! two until either leaves. Whoever has the sockets tells what happens and does what comes back.

mod count;
mod limits;
mod path;
mod refusal;
mod table;

pub use count::{Counts, Ending};
pub use limits::Limits;
pub use path::{Path, PathRefusal, connect_url, contact_url, new_url, wait_url};
pub use refusal::RelayRefusal;
pub use table::{Admitted, Relay, Side, Source};

/// The subprotocol that both sides name and that the service must choose.
pub const SUBPROTOCOL: &str = "fido.cable";
/// The header in which the service tells the phone where it waits: three bytes, hexadecimal.
pub const ROUTING_ID: &str = "X-caBLE-Routing-ID";
/// The header in which a client tells a linked phone who it is.
pub const CLIENT_PAYLOAD: &str = "X-caBLE-Client-Payload";
/// The header with which a client asks to be told that the phone is there, and by which the service promises it.
pub const SIGNAL_CONNECTION: &str = "X-caBLE-Signal-Connection";

#[cfg(test)]
mod tests;
