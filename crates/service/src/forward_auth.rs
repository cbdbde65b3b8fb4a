//! Forward authentication: a reverse proxy asks, for each request to an application that knows no sign-in of its own,
//! who it is.
//!
//! To the authorization endpoint it is a client like any other, with a code and PKCE; this program holds the client's end of
//! it as well. What the browser keeps on the application's host is a sealed reference to the grant, good for that one
//! origin. Every check reads grant, session, account, groups and policy again, so whatever ends a session ends this with
//! the next request.

mod check;
mod enter;

pub use check::{Admitted, check};
pub use enter::{Begun, Entered, again, begin, finish};

use account::application::GrantId;
use oidc::client::ClientId;
use primitives::seal;
use primitives::secret::Token;
use primitives::{digest, encoding};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use store::StoreError;

use crate::context::{Caller, Context};
use crate::granted::Ended;
use crate::tokens::TokenError;

/// Where answers of the authorization endpoint come back to, on the application's own host.
pub const CALLBACK: &str = "/.keyward/callback";

/// Longest sealed text that is looked at.
pub const LONGEST: usize = 4096;

/// Longest address within the application that is come back to; from a longer one it is the start page.
pub const LONGEST_BACK: usize = 512;

/// What the cookie on the application's host is sealed for.
const TICKET: &str = "forward ticket";

/// What `state` is sealed for.
const STATE: &str = "forward state";

/// Why a request to an application is not let through.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ForwardError {
    /// No application guards this origin, or not any more.
    Origin,
    /// The application does not take answers at [`CALLBACK`] of this origin.
    NotRegistered,
    /// Nothing that the browser holds says who it is.
    Nobody,
    /// What it holds is none of ours, or another origin's.
    Ticket,
    /// What the ticket stands for has ended.
    Ended(Ended),
    /// The answer of the authorization endpoint is not one to a question of this browser.
    State,
    /// The authorization endpoint has refused.
    Refused,
    /// Its code was not taken.
    Code(TokenError),
    /// There is no key to sign with.
    NoKey,
    /// The store failed.
    Store(StoreError),
}

impl From<StoreError> for ForwardError {
    fn from(error: StoreError) -> Self {
        ForwardError::Store(error)
    }
}

impl From<Ended> for ForwardError {
    fn from(ended: Ended) -> Self {
        ForwardError::Ended(ended)
    }
}

impl ForwardError {
    /// The stable code.
    pub fn code(&self) -> &'static str {
        match self {
            ForwardError::Origin => "forward_origin",
            ForwardError::NotRegistered => "forward_not_registered",
            ForwardError::Nobody => "forward_nobody",
            ForwardError::Ticket => "forward_ticket",
            ForwardError::Ended(ended) => ended.code(),
            ForwardError::State => "forward_state",
            ForwardError::Refused => "forward_refused",
            ForwardError::Code(error) => error.code(),
            ForwardError::NoKey => "signing_key_missing",
            ForwardError::Store(_) => "unknown",
        }
    }
}

/// What the browser keeps on the application's host.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
struct Ticket {
    grant: GrantId,
    client: ClientId,
}

/// Seals for one origin; nothing of it opens at another.
fn seal_for(
    cx: &Context,
    caller: &mut Caller,
    purpose: &str,
    binding: &[u8],
    value: &impl Serialize,
) -> String {
    let plain = serde_json::to_vec(value).unwrap_or_default();
    let sealed = seal::seal(&cx.keys, purpose, binding, &plain, caller.now, caller.entropy.as_mut());
    encoding::base64url(&sealed)
}

fn open_of<T: DeserializeOwned>(cx: &Context, purpose: &str, binding: &[u8], text: &str) -> Option<T> {
    if text.len() > LONGEST {
        return None;
    }
    let sealed = encoding::from_base64url(text)?;
    let plain = seal::open(&cx.keys, purpose, binding, &sealed).ok()?;
    serde_json::from_slice(&plain).ok()
}

/// Of this origin and this browser on it.
fn of_browser(origin: &str, browser: &Token) -> Vec<u8> {
    digest::sha256_parts(&[b"forward ", origin.as_bytes(), b" ", browser.as_bytes()]).to_vec()
}

#[cfg(test)]
mod tests;
