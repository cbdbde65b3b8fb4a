//! Asking for a pass without being signed in (screen LP-2).
//!
//! Known or not, the name costs the same and the answer is the same. What is asked changes nothing about the account: it
//! is a line in the helpdesk's inbox, and the account's own person is told.

use std::net::IpAddr;

use account::audit::{Actor, EventKind};
use account::lockout::{self, Verdict};
use account::pass_request::{AskRefusal, Asked, PassRequest};
use primitives::id::Id;
use primitives::time::Timestamp;
use store::{StoreError, guesses, pass_requests, users};

use crate::context::{Caller, Context};
use crate::events::Pen;

/// Why a request was not taken; the same for every name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum RequestError {
    /// What was typed makes no request.
    Asked(AskRefusal),
    /// From this address there were too many lately.
    TooMany {
        /// When the next one is taken.
        until: Timestamp,
    },
    /// The organisation issues no passes.
    PassesOff,
    /// The store failed.
    Store(StoreError),
}

impl From<StoreError> for RequestError {
    fn from(error: StoreError) -> Self {
        RequestError::Store(error)
    }
}

impl RequestError {
    /// The stable code.
    pub fn code(&self) -> &'static str {
        match self {
            RequestError::Asked(refusal) => refusal.code(),
            RequestError::TooMany { .. } => "too_many_tries",
            RequestError::PassesOff => "passes_off",
            RequestError::Store(_) => "unknown",
        }
    }
}

/// Puts the request into the inbox, if the name is somebody's. Nobody is told whether.
pub async fn request(cx: &Context, caller: &mut Caller, asked: Asked) -> Result<(), RequestError> {
    if !cx.settings().policy.of_anybody().passes.enabled {
        return Err(RequestError::PassesOff);
    }
    let pen = Pen::new(caller, Actor::System);
    let id = Id::new(caller.now, caller.entropy.as_mut());
    let (reference, client) = (caller.reference.clone(), caller.client.clone());
    let bucket = bucket_of(&client.address);
    cx.db
        .write(move |tx| {
            let now = tx.now()?;
            match lockout::count(guesses::load(tx, &bucket)?, now) {
                Verdict::Refused { until } => return Err(RequestError::TooMany { until }),
                Verdict::Counted(counted) => guesses::store(tx, &bucket, counted)?,
            }
            let user = users::by_login(tx, &asked.login)?.map(|user| user.id);
            let request = PassRequest {
                id,
                user,
                login_key: asked.login.key().to_owned(),
                reference: reference.clone(),
                contact: asked.contact.clone(),
                colleague: asked.colleague.clone(),
                reason: asked.reason,
                client: client.clone(),
                at: now,
                closed: None,
            };
            pass_requests::insert(tx, &request)?;
            // For a name that is nobody's too: the log shows who tries names, and both cost the same.
            pen.clone().write(tx, now, user, EventKind::PassRequested { request: id })?;
            Ok(())
        })
        .await
}

/// Under which name requests from `address` are counted. One address counts once; of IPv6 the network of a subscriber, whose addresses are theirs to choose.
pub fn bucket_of(address: &str) -> String {
    let network = match address.parse::<IpAddr>() {
        Ok(IpAddr::V6(address)) => {
            let [a, b, c, d, ..] = address.segments();
            format!("{a:x}:{b:x}:{c:x}:{d:x}")
        }
        _ => address.to_owned(),
    };
    format!("\u{0}pass request from {network}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_network_of_ipv6_counts_once() {
        assert_eq!(bucket_of("2001:db8:1:2::7"), bucket_of("2001:db8:1:2:ffff::1"));
        assert_ne!(bucket_of("2001:db8:1:2::7"), bucket_of("2001:db8:1:3::7"));
        assert_ne!(bucket_of("192.0.2.1"), bucket_of("192.0.2.2"));
    }
}
