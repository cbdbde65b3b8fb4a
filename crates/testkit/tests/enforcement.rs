//! What policy says is judged on the server, at registration and at use, whatever pages and clients do.

#![expect(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "helpers of tests fail as tests do"
)]

#[path = "enforcement/break_glass.rs"]
mod break_glass;
#[path = "enforcement/passwords.rs"]
mod passwords;
#[path = "enforcement/places.rs"]
mod places;
#[path = "enforcement/registering.rs"]
mod registering;
#[path = "enforcement/using.rs"]
mod using;
#[path = "enforcement/world.rs"]
mod world;
