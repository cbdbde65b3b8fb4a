//! Whether this server is a tunnel service for cross-device sign-in, too.

use serde::Deserialize;
use tunnel::Limits;

use super::ConfigRefusal;
use super::raw::value;

/// The section `[relay]`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Relay {
    /// Whether tunnels are taken, at every name under which this server is reached.
    pub enabled: bool,
    /// Tunnels at once; as many as there is room for where nothing is said.
    pub tunnels: Option<usize>,
    /// Tunnels at once from one address.
    pub tunnels_from_one: usize,
    /// Connections that one address may begin within a minute.
    pub attempts_from_one: u32,
}

impl Default for Relay {
    fn default() -> Self {
        let Limits { tunnels_from_one, attempts_from_one, .. } = Limits::default();
        Self { enabled: false, tunnels: None, tunnels_from_one, attempts_from_one }
    }
}

/// How many tunnels there may be where there is room for so many connections. A tunnel has two, and all of them together
/// leave half of the room to the pages: nobody keeps people from signing in by opening tunnels.
fn most(connections: usize) -> usize {
    connections / 4
}

impl Relay {
    /// Refuses more tunnels than `limits.connections` has room for.
    pub(super) fn checked(self, connections: usize) -> Result<Self, ConfigRefusal> {
        let most = most(connections);
        match self.tunnels {
            Some(tunnels) if self.enabled && tunnels > most => {
                let why = format!(
                    "each of the {tunnels} tunnels has two connections, and half of the {connections} that \
                     `limits.connections` allows belongs to the pages: say {most} at most, or raise that"
                );
                Err(value("relay.tunnels", &why))
            }
            _ => Ok(self),
        }
    }

    /// How much anybody may have, if anybody may, on a listener that has room for so many connections: fewer than are
    /// allowed, where the process may not have as many files.
    pub(crate) fn limits(&self, room: usize) -> Option<Limits> {
        let Self { enabled, tunnels, tunnels_from_one, attempts_from_one } = *self;
        let tunnels = tunnels.unwrap_or(Limits::default().tunnels).min(most(room));
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
        assert_eq!(tunnels(1_000_000), Some(20_000), "never more than keyfob relay has");
        assert_eq!(Relay::default().limits(16_384), None);
        let few = Relay { tunnels: Some(100), ..relay };
        assert_eq!(few.limits(16_384).map(|limits| limits.tunnels), Some(100));
        assert_eq!(few.limits(200).map(|limits| limits.tunnels), Some(50));
    }

    #[test]
    fn more_tunnels_than_there_is_room_for_are_refused_and_said() {
        let relay = Relay { enabled: true, tunnels: Some(4_096), ..Relay::default() };
        assert_eq!(relay.checked(16_384).unwrap(), relay);
        let refusal = relay.checked(16_383).unwrap_err().to_string();
        assert!(refusal.contains("`relay.tunnels`") && refusal.contains("say 4095 at most"), "{refusal}");
        let off = Relay { enabled: false, ..relay };
        assert_eq!(off.checked(16).unwrap(), off, "what is not switched on takes no room");
        let unsaid = Relay { tunnels: None, ..relay };
        assert_eq!(unsaid.checked(16).unwrap(), unsaid);
    }
}
