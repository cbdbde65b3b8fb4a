//! The list of docs/conformance-ctap.md, row by row: every command of the authenticator with each of its members
//! missing and of another type, and in states in which it must refuse; the byte that comes back is the one in the list.

#![expect(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "helpers of tests end the test as the tests do"
)]

#[path = "ctap/document.rs"]
mod document;
#[path = "ctap/members.rs"]
mod members;
#[path = "ctap/requests.rs"]
mod requests;
#[path = "ctap/states.rs"]
mod states;
#[path = "ctap/vaults.rs"]
mod vaults;
#[path = "ctap/world.rs"]
mod world;
