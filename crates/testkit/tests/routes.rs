//! The pages, through the real router in this process: a tree that mirrors the URLs.

#![expect(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "helpers of tests fail as tests do"
)]

#[path = "routes/api.rs"]
mod api;
#[path = "routes/api_hostile.rs"]
mod api_hostile;
#[path = "routes/api_provisioning.rs"]
mod api_provisioning;
#[path = "routes/around.rs"]
mod around;
#[path = "routes/companion.rs"]
mod companion;
#[path = "routes/companion_api.rs"]
mod companion_api;
#[path = "routes/companion_authenticator.rs"]
mod companion_authenticator;
#[path = "routes/companion_authority.rs"]
mod companion_authority;
#[path = "routes/companion_hostile.rs"]
mod companion_hostile;
#[path = "routes/companion_self.rs"]
mod companion_self;
#[path = "routes/confirm.rs"]
mod confirm;
#[path = "routes/forward.rs"]
mod forward;
#[path = "routes/help.rs"]
mod help;
#[path = "routes/lost_phone.rs"]
mod lost_phone;
#[path = "routes/me_security.rs"]
mod me_security;
#[path = "routes/me_security_add.rs"]
mod me_security_add;
#[path = "routes/me_security_add_hybrid.rs"]
mod me_security_add_hybrid;
#[path = "routes/me_security_add_phone.rs"]
mod me_security_add_phone;
#[path = "routes/me_sessions.rs"]
mod me_sessions;
#[path = "routes/oidc_authorize.rs"]
mod oidc_authorize;
#[path = "routes/oidc_device.rs"]
mod oidc_device;
#[path = "routes/oidc_documents.rs"]
mod oidc_documents;
#[path = "routes/oidc_hostile.rs"]
mod oidc_hostile;
#[path = "routes/oidc_logout.rs"]
mod oidc_logout;
#[path = "routes/oidc_token.rs"]
mod oidc_token;
#[path = "routes/overload.rs"]
mod overload;
#[path = "routes/passwordless.rs"]
mod passwordless;
#[path = "routes/policy_console.rs"]
mod policy_console;
#[path = "routes/post_quantum.rs"]
mod post_quantum;
#[path = "routes/recovery_codes.rs"]
mod recovery_codes;
#[path = "routes/related_origins.rs"]
mod related_origins;
#[path = "routes/second_step.rs"]
mod second_step;
#[path = "routes/setup.rs"]
mod setup;
#[path = "routes/signin.rs"]
mod signin;
#[path = "routes/signin_password.rs"]
mod signin_password;
#[path = "routes/signin_tap.rs"]
mod signin_tap;
#[path = "routes/welcome.rs"]
mod welcome;
