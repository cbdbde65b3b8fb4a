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
    /// How much anybody may have, if anybody may, on a listener with room for so many connections. A tunnel has two, and
    /// all of them together leave half of the room to the pages: nobody keeps people from signing in by opening tunnels.
    pub(crate) fn limits(&self, room: usize) -> Option<Limits> {
        let Self { enabled, tunnels, tunnels_from_one, attempts_from_one } = *self;
        let tunnels = tunnels.min(room / 4);
        enabled.then(|| Limits { tunnels, tunnels_from_one, attempts_from_one, ..Limits::default() })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tunnels_leave_half_of_the_connections_to_the_pages() {
        let relay = Relay { enabled: true, ..Relay::default() };
        let tunnels = |room| relay.limits(room).map(|limits| limits.tunnels);
        assert_eq!(tunnels(16_384), Some(4_096));
        assert_eq!(tunnels(896), Some(224), "with a thousand open files");
        assert_eq!(tunnels(1_000_000), Some(20_000), "never more than it says");
        assert_eq!(Relay::default().limits(16_384), None);
    }
}
