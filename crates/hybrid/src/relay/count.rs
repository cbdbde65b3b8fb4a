//! What the service counts. Nothing of it says who met whom.

use std::collections::BTreeMap;

use super::refusal::RelayRefusal;

/// How a tunnel ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Ending {
    /// One of the two left.
    Left,
    /// It lasted, waited or was silent for too long.
    Time,
    /// Its phone came again.
    Replaced,
    /// One of the two broke a limit.
    Refused,
}

impl Ending {
    /// All of them, for whoever counts.
    pub const ALL: [Ending; 4] = [Ending::Left, Ending::Time, Ending::Replaced, Ending::Refused];

    /// The name by which metrics know it.
    pub fn code(self) -> &'static str {
        match self {
            Ending::Left => "left",
            Ending::Time => "time",
            Ending::Replaced => "replaced",
            Ending::Refused => "refused",
        }
    }
}

/// What there is and was.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Counts {
    /// Phones that wait now.
    pub waiting: usize,
    /// Tunnels with both sides now.
    pub joined: usize,
    /// Tunnels that were opened.
    pub opened: u64,
    /// Tunnels whose client came.
    pub met: u64,
    /// Messages that were passed on.
    pub messages: u64,
    /// Their bytes.
    pub bytes: u64,
    /// Bytes of messages that are held now; whoever has the sockets knows.
    pub held: usize,
    /// Tunnels that ended, by how.
    pub ended: BTreeMap<Ending, u64>,
    /// Connections that were refused, by why.
    pub refused: BTreeMap<RelayRefusal, u64>,
}

impl Counts {
    pub(super) fn message(&mut self, length: usize) {
        self.messages = self.messages.saturating_add(1);
        self.bytes = self.bytes.saturating_add(u64::try_from(length).unwrap_or(u64::MAX));
    }

    pub(super) fn ended(&mut self, ending: Ending) {
        let count = self.ended.entry(ending).or_default();
        *count = count.saturating_add(1);
    }

    pub(super) fn refused(&mut self, refusal: RelayRefusal) {
        let count = self.refused.entry(refusal).or_default();
        *count = count.saturating_add(1);
    }

    /// The text of Prometheus.
    pub fn prometheus(&self) -> String {
        let mut out = String::new();
        let mut add = |name: &str, kind: &str, labels: &str, value: u64| {
            if !out.contains(&format!("# TYPE {name} ")) {
                out.push_str(&format!("# TYPE {name} {kind}\n"));
            }
            out.push_str(&format!("{name}{labels} {value}\n"));
        };
        let whole = |count: usize| u64::try_from(count).unwrap_or(u64::MAX);
        add("relay_tunnels", "gauge", "{state=\"waiting\"}", whole(self.waiting));
        add("relay_tunnels", "gauge", "{state=\"joined\"}", whole(self.joined));
        add("relay_tunnels_opened_total", "counter", "", self.opened);
        add("relay_tunnels_joined_total", "counter", "", self.met);
        add("relay_messages_total", "counter", "", self.messages);
        add("relay_bytes_total", "counter", "", self.bytes);
        add("relay_held_bytes", "gauge", "", whole(self.held));
        for ending in Ending::ALL {
            let count = self.ended.get(&ending).copied().unwrap_or_default();
            add("relay_tunnels_ended_total", "counter", &format!("{{how=\"{}\"}}", ending.code()), count);
        }
        for refusal in RelayRefusal::ALL {
            let count = self.refused.get(&refusal).copied().unwrap_or_default();
            add("relay_refused_total", "counter", &format!("{{why=\"{}\"}}", refusal.code()), count);
        }
        out
    }
}
