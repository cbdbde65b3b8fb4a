//! Floor 1: the hybrid transport (CTAP 2.3 section 11.5) as state machines, both sides and the relay between.
//!
//! Pure: no clock, file, socket or ambient randomness. Whoever has a radio and a socket carries the bytes.

pub mod advertisement;
pub mod frame;
pub mod handshake;
pub mod initiator;
pub mod keys;
pub mod linking;
pub mod post_handshake;
pub mod qr;
pub mod relay;
pub mod responder;
pub mod stream;
pub mod tunnel_domain;
