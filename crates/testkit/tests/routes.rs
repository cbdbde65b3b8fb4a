//! The pages, through the real router in this process: a tree that mirrors the URLs.

#![expect(clippy::unwrap_used, reason = "helpers of tests fail as tests do")]

#[path = "routes/around.rs"]
mod around;
#[path = "routes/confirm.rs"]
mod confirm;
#[path = "routes/me_security.rs"]
mod me_security;
#[path = "routes/me_security_add.rs"]
mod me_security_add;
#[path = "routes/me_sessions.rs"]
mod me_sessions;
#[path = "routes/overload.rs"]
mod overload;
#[path = "routes/post_quantum.rs"]
mod post_quantum;
#[path = "routes/related_origins.rs"]
mod related_origins;
#[path = "routes/setup.rs"]
mod setup;
#[path = "routes/signin.rs"]
mod signin;
#[path = "routes/signin_tap.rs"]
mod signin_tap;
#[path = "routes/welcome.rs"]
mod welcome;
