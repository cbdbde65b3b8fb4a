//! Passes at work: the use cases, the pages, and races for one order.

#![expect(clippy::unwrap_used, clippy::panic, reason = "helpers of tests end the test as the tests do")]

#[path = "passes/at_work.rs"]
mod at_work;
#[path = "passes/pages.rs"]
mod pages;
#[path = "passes/races.rs"]
mod races;
#[path = "passes/rising.rs"]
mod rising;
