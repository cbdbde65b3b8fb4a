//! The conditions of the OpenID Foundation's conformance suite for providers, restated: each test carries the id of the
//! suite's module in its name, with underscores for hyphens. docs/conformance.md lists what is covered and what is not.
//!
//! The suite sends no `code_challenge` but in one module; this provider asks for one always, so here every request has it.

#![expect(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "helpers of tests end the test as the tests do"
)]

#[path = "conformance/config.rs"]
mod config;
#[path = "conformance/logout.rs"]
mod logout;
#[path = "conformance/plans.rs"]
mod plans;
#[path = "conformance/prompts.rs"]
mod prompts;
#[path = "conformance/requests.rs"]
mod requests;
#[path = "conformance/responses.rs"]
mod responses;
#[path = "conformance/tokens.rs"]
mod tokens;
#[path = "conformance/told_elsewhere.rs"]
mod told_elsewhere;
#[path = "conformance/world.rs"]
mod world;
