//! The console's overview, log and reports: what they count and show, and to whom.

#![expect(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "helpers of tests end the test as the tests do"
)]

#[path = "routes/admin_insight.rs"]
mod admin_insight;
#[path = "service/counting.rs"]
mod counting;
#[path = "service/reading_log.rs"]
mod reading_log;
#[path = "service/retaining.rs"]
mod retaining;
