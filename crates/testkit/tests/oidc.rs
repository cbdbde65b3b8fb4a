//! Applications sign in: the use cases behind the provider's endpoints, on SQLite and on PostgreSQL.

#![expect(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "helpers of tests end the test as the tests do"
)]

#[path = "oidc/clients.rs"]
mod clients;
#[path = "oidc/codes.rs"]
mod codes;
#[path = "oidc/consenting.rs"]
mod consenting;
#[path = "oidc/devices.rs"]
mod devices;
#[path = "oidc/ending.rs"]
mod ending;
#[path = "oidc/forged.rs"]
mod forged;
#[path = "oidc/forwarding.rs"]
mod forwarding;
#[path = "oidc/logging_out.rs"]
mod logging_out;
#[path = "oidc/path.rs"]
mod path;
#[path = "oidc/racing.rs"]
mod racing;
#[path = "oidc/refreshing.rs"]
mod refreshing;
#[path = "oidc/requests.rs"]
mod requests;
#[path = "oidc/signing.rs"]
mod signing;
#[path = "oidc/strengths.rs"]
mod strengths;
#[path = "oidc/world.rs"]
mod world;
