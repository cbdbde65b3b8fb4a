//! Receivers of events and exports of the log: over real sockets, with outages, two nodes, and independent signatures.

#![expect(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "helpers of tests end the test as the tests do"
)]

#[path = "hooks/administering.rs"]
mod administering;
#[path = "hooks/delivering.rs"]
mod delivering;
#[path = "hooks/exporting.rs"]
mod exporting;
#[path = "hooks/pages.rs"]
mod pages;
#[path = "hooks/world.rs"]
mod world;
