//! Floor 4: the tunnel service of the hybrid transport over WebSockets, for `keyfob relay` and `keyward serve` alike.
//!
//! Who may connect, whom a message goes to and when a tunnel ends is decided in `hybrid::relay`, without sockets. Here
//! are the sockets: an HTTP request becomes a WebSocket, messages are carried, and whoever is to go is hung up on.

mod held;
mod pump;
mod service;
mod upgrade;

pub use hybrid::relay::{Counts, Limits, Source};
pub use service::{Clock, Tunnels};
