//! Whether this server is a tunnel service for cross-device sign-in, too.

use serde::Deserialize;
use tunnel::Limits;

/// The section `[relay]`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Relay {
    /// Whether tunnels are taken, at every name under which this server is reached.
    pub enabled: bool,
    /// Tunnels at once.
    pub tunnels: usize,
    /// Tunnels at once from one address.
    pub tunnels_from_one: usize,
    /// Connections that one address may begin within a minute.
    pub attempts_from_one: u32,
}

impl Default for Relay {
    fn default() -> Self {
        let Limits { tunnels, tunnels_from_one, attempts_from_one, .. } = Limits::default();
        Self { enabled: false, tunnels, tunnels_from_one, attempts_from_one }
    }
}

impl Relay {
    /// How much anybody may have, if anybody may.
    pub(crate) fn limits(&self) -> Option<Limits> {
        let Self { enabled, tunnels, tunnels_from_one, attempts_from_one } = *self;
        enabled.then(|| Limits { tunnels, tunnels_from_one, attempts_from_one, ..Limits::default() })
    }
}
