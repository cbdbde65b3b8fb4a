//! What holds when something that a deployment stands on is wrong: rules that `bench faults` cannot look at one by one.

#![expect(clippy::unwrap_used, reason = "helpers of tests fail as tests do")]

#[path = "faults/clock.rs"]
mod clock;
#[path = "faults/disk_full.rs"]
mod disk_full;
