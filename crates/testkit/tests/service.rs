//! The use cases with real ceremonies: every way through and every refusal, by its code.

#![expect(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "helpers of tests end the test as the tests do"
)]

#[path = "service/administering.rs"]
mod administering;
#[path = "service/confirming.rs"]
mod confirming;
#[path = "service/enrolling.rs"]
mod enrolling;
#[path = "service/first_run.rs"]
mod first_run;
#[path = "service/language.rs"]
mod language;
#[path = "service/lost_phone.rs"]
mod lost_phone;
#[path = "service/managing.rs"]
mod managing;
#[path = "service/post_quantum.rs"]
mod post_quantum;
#[path = "service/reading_audit.rs"]
mod reading_audit;
#[path = "service/recording.rs"]
mod recording;
#[path = "service/redeeming.rs"]
mod redeeming;
#[path = "service/registering.rs"]
mod registering;
#[path = "service/related_origins.rs"]
mod related_origins;
#[path = "service/sessions.rs"]
mod sessions;
#[path = "service/signing_in.rs"]
mod signing_in;
