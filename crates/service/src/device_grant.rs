//! Letting a device in that cannot show a sign-in page (RFC 8628), by the rules that keep a stranger's device out
//! (section 5.4, assurance O9).
//!
//! The device asks ([`begin`]) and is given two codes. Somebody who is signed in types the short one ([`find`]), sees which
//! application asks from where, and lets it in with a passkey that confirms this very device ([`approve`]), or does not
//! ([`decline`]). The device fetches its tokens once ([`exchange`]), and is out again when the person signs out.

mod approve;
mod begin;
mod exchange;
mod find;

pub use approve::{approve, decline};
pub use begin::{Begun, begin};
pub use exchange::{Ask, exchange};
pub use find::{Found, find, look};

use account::device_code::DeviceCodeId;
use oidc::error::OAuthError;
use primitives::digest::{self, Digest};
use primitives::time::{Span, Timestamp};
use store::StoreError;

use crate::tokens::TokenError;

/// What a person confirms: this code, and no other.
pub fn target(user_code: &str) -> Digest {
    digest::sha256_parts(&[b"keyward device ", user_code.as_bytes()])
}

/// A device that somebody's code led to, kept in their browser until they have answered.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Typed {
    /// The device.
    pub id: DeviceCodeId,
    /// The code that was typed, as the device shows it.
    pub code: String,
}

/// Why a device was given no codes, or not let in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum DeviceError {
    /// The application may not use this grant.
    NotAllowed,
    /// It may not ask for tokens of one of the resources.
    Resource,
    /// Its assertion was used before.
    AssertionUsed,
    /// Too many devices wait.
    TooMany,
    /// What was typed cannot be a code.
    Malformed,
    /// No device waits with that code, or its time is over, or somebody has answered.
    Unknown,
    /// Too many codes were typed; nothing was looked at.
    TooManyTries {
        /// When the next one will be.
        until: Timestamp,
    },
    /// The session has ended, or reaches no application.
    SessionEnded,
    /// The session has not confirmed this very device with a passkey within the last five minutes.
    ConfirmNeeded,
    /// What was confirmed with proves too little for the application.
    TooWeak,
    /// The application is not for this person.
    NotAssigned,
    /// The store failed.
    Store(StoreError),
}

impl From<StoreError> for DeviceError {
    fn from(error: StoreError) -> Self {
        DeviceError::Store(error)
    }
}

impl DeviceError {
    /// The stable code.
    pub fn code(&self) -> &'static str {
        match self {
            DeviceError::NotAllowed => "device_grant_not_allowed",
            DeviceError::Resource => "resource_not_allowed",
            DeviceError::AssertionUsed => "client_assertion_used",
            DeviceError::TooMany => "too_many_devices",
            DeviceError::Malformed => "device_code_malformed",
            DeviceError::Unknown => "device_code_unknown",
            DeviceError::TooManyTries { .. } => "too_many_tries",
            DeviceError::SessionEnded => "session_ended",
            DeviceError::ConfirmNeeded => "confirm_needed",
            DeviceError::TooWeak => "stronger_evidence_needed",
            DeviceError::NotAssigned => "not_assigned",
            DeviceError::Store(_) => "unknown",
        }
    }
}

/// Why a device is given no tokens (RFC 8628 section 3.5).
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum PollError {
    /// There is no such device, or it is another application's, or its tokens were fetched.
    Unknown,
    /// Nobody has answered yet.
    Pending,
    /// It asks too often, and has to wait longer from now on.
    SlowDown {
        /// How long.
        pause: Span,
    },
    /// It was not let in.
    Denied,
    /// Its five minutes are over.
    Expired,
    /// What every grant may be refused for.
    Token(TokenError),
}

impl From<StoreError> for PollError {
    fn from(error: StoreError) -> Self {
        PollError::Token(error.into())
    }
}

impl From<TokenError> for PollError {
    fn from(error: TokenError) -> Self {
        PollError::Token(error)
    }
}

impl PollError {
    /// The stable code.
    pub fn code(&self) -> &'static str {
        match self {
            PollError::Unknown => "device_code_invalid",
            PollError::Pending => "device_pending",
            PollError::SlowDown { .. } => "device_too_early",
            PollError::Denied => "device_declined",
            PollError::Expired => "device_code_expired",
            PollError::Token(error) => error.code(),
        }
    }

    /// What it is called in the protocol.
    pub fn error(&self) -> OAuthError {
        match self {
            PollError::Unknown => OAuthError::InvalidGrant,
            PollError::Pending => OAuthError::AuthorizationPending,
            PollError::SlowDown { .. } => OAuthError::SlowDown,
            PollError::Denied => OAuthError::AccessDenied,
            PollError::Expired => OAuthError::ExpiredToken,
            PollError::Token(error) => error.error(),
        }
    }
}

#[cfg(test)]
mod tests;
