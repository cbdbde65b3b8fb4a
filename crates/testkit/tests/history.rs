//! The sign-in history and what is done about it; renaming; moving to another RP ID.

#![expect(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "helpers of tests end the test as the tests do"
)]

#[path = "routes/me_history.rs"]
mod me_history;
#[path = "routes/moved.rs"]
mod moved;
#[path = "service/moving.rs"]
mod moving;
#[path = "service/reading_history.rs"]
mod reading_history;
#[path = "service/renaming.rs"]
mod renaming;
#[path = "service/reporting.rs"]
mod reporting;
