//! FIDO metadata as a whole: who may sign it, the blobs of FIDO where they are, and what a report does to people.

#![expect(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "helpers of tests end the test as the tests do"
)]

#[path = "metadata/blobs.rs"]
mod blobs;
#[path = "metadata/judging.rs"]
mod judging;
#[path = "metadata/looking.rs"]
mod looking;
#[path = "metadata/outbound.rs"]
mod outbound;
#[path = "metadata/roots.rs"]
mod roots;
