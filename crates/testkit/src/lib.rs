//! Floor 5, for tests only: a clock that stands, entropy from a seed, a deployment to act on, people with browsers
//! and authenticators to act, and the tests that cross crates.

#![expect(
    clippy::panic,
    clippy::indexing_slicing,
    reason = "what a test builds on either stands or ends the test"
)]

pub mod app;
pub mod application;
pub mod armed;
pub mod bluez;
pub mod cases;
pub mod clock;
pub mod deployment;
pub mod device;
pub mod entropy;
pub mod https;
pub mod listening;
pub mod metadata;
pub mod postgres;
pub mod race;
pub mod smtp;
pub mod syslog;
pub mod tunnel;
pub mod visitor;

pub use app::{Answer, Browser, TestApp};
pub use application::RelyingParty;
pub use clock::FixedClock;
pub use deployment::TestContext;
pub use entropy::SeededEntropy;
pub use visitor::Visitor;
