//! Keyfob as the program that creates passkeys at a running Keyward.

#![expect(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test says what is wrong by failing"
)]

mod keyfob {
    mod alone;
    mod desktop;
    mod errands;
    mod people;
}
