//! A sign-in server, its clock against ours, and its tunnel service.

use std::path::Path;

use super::{Around, Finding, State};
use crate::server::{Discovery, Origin, Server, ServerError};

/// So far clocks may be apart: codes and advertisements live for two minutes.
const APART: u64 = 60;

pub(super) async fn server(around: &Around, origin: &Origin, ca: Option<&Path>) -> Vec<Finding> {
    let found = |what, state, code| Finding::new(what, state, code).with("server", origin);
    let discovery = match discover(origin, ca).await {
        Ok(discovery) => discovery,
        Err(error) => return vec![found("server", State::Bad, "doctor-server-bad").with("why", error)],
    };
    if discovery.origin != origin.as_str() {
        let other = found("server", State::Bad, "doctor-server-other").with("origin", &discovery.origin);
        return vec![other];
    }
    let mut all = vec![found("server", State::Good, "doctor-server-good").with("name", &discovery.name)];
    if let Some(clock) = discovery.clock {
        let apart = clock.secs().abs_diff(around.now.secs());
        all.push(match apart > APART {
            true => found("server-clock", State::Bad, "doctor-server-clock").with("seconds", apart),
            false => found("server-clock", State::Good, "doctor-server-clock-good"),
        });
    }
    all.push(match &discovery.relay {
        None => found("relay", State::Optional, "doctor-relay-none"),
        Some(relay) => relay_of(origin, relay, ca).await,
    });
    all
}

async fn discover(origin: &Origin, ca: Option<&Path>) -> Result<Discovery, ServerError> {
    Server::new(origin.clone(), ca, "en")?.discover().await
}

/// The tunnel service: whoever answers there at all over its address is taken for it; what it says is for phones.
async fn relay_of(origin: &Origin, relay: &str, ca: Option<&Path>) -> Finding {
    let found = |state, code| Finding::new("relay", state, code).with("relay", relay);
    // For trials the server is on this computer, and so is its relay.
    let scheme = if origin.is_https() { "https" } else { "http" };
    let answered = match Origin::parse(&format!("{scheme}://{relay}")) {
        Ok(address) => discover(&address, ca).await,
        Err(_) => return found(State::Bad, "doctor-relay-name"),
    };
    match answered {
        Ok(_) | Err(ServerError::NotKeyward | ServerError::Refused(_)) => {
            found(State::Good, "doctor-relay-good")
        }
        Err(error) => found(State::Bad, "doctor-relay-bad").with("why", error),
    }
}
