//! The phone's side of cross-device sign-in with its radio and its sockets: BlueZ's stand-in on a private bus, a
//! tunnel service with bad manners, and our own client at the other end. Chromium at the other end is in `e2e/hybrid`.

#![expect(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "helpers of tests, outside of test functions: what cannot be done has failed"
)]

#[path = "cross_device/client.rs"]
mod client;
#[path = "cross_device/links.rs"]
mod links;
#[path = "cross_device/near.rs"]
mod near;
#[path = "cross_device/radio.rs"]
mod radio;
#[path = "cross_device/relay.rs"]
mod relay;
#[path = "cross_device/whole.rs"]
mod whole;
