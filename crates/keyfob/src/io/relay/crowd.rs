//! How many connections of one address have not said yet what they want.
//!
//! A tunnel is counted by the table. Before it is one, a connection costs a task and perhaps a TLS handshake, and may
//! take its time: without a bound of its own one address could hold every place that there is.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use ::tunnel::Source;

/// Connections of one address that are no tunnels. An office behind one address has as many people beginning to sign
/// in within the same moment.
pub(super) const MOST_FROM_ONE: usize = 64;

/// The same of a network of IPv6, whose holder has thousands of addresses.
pub(super) const MOST_FROM_NETWORK: usize = 256;

/// All of them; cheap to clone.
#[derive(Clone, Default)]
pub(super) struct Crowd(Arc<Mutex<Counts>>);

#[derive(Default)]
struct Counts {
    sources: HashMap<Source, usize>,
    networks: HashMap<Source, usize>,
}

/// One of them, for as long as it is none of the others.
pub(super) struct Place {
    crowd: Crowd,
    source: Source,
}

impl Crowd {
    /// A place for one more from there, if there is any.
    pub(super) fn enter(&self, source: Source) -> Option<Place> {
        let mut counts = self.counts();
        let Counts { sources, networks } = &mut *counts;
        let of = |counts: &HashMap<Source, usize>, source| counts.get(&source).copied().unwrap_or_default();
        let (here, network) = (of(sources, source), source.network());
        let there = network.map_or(0, |network| of(networks, network));
        if here >= MOST_FROM_ONE || there >= MOST_FROM_NETWORK {
            return None;
        }
        sources.insert(source, here.saturating_add(1));
        if let Some(network) = network {
            networks.insert(network, there.saturating_add(1));
        }
        Some(Place { crowd: self.clone(), source })
    }

    fn counts(&self) -> MutexGuard<'_, Counts> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn leave(counts: &mut HashMap<Source, usize>, source: Source) {
    if let Some(here) = counts.get_mut(&source) {
        *here = here.saturating_sub(1);
        if *here == 0 {
            counts.remove(&source);
        }
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        let mut counts = self.crowd.counts();
        leave(&mut counts.sources, self.source);
        if let Some(network) = self.source.network() {
            leave(&mut counts.networks, network);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_address_has_so_many_and_others_have_theirs() {
        let crowd = Crowd::default();
        let mut places: Vec<_> =
            (0..MOST_FROM_ONE).map(|_| crowd.enter(Source(1))).collect::<Option<_>>().unwrap();
        assert!(crowd.enter(Source(1)).is_none());
        assert!(crowd.enter(Source(2)).is_some());
        places.pop();
        assert!(crowd.enter(Source(1)).is_some(), "what was given back may be had again");
        drop(places);
        let counts = crowd.counts();
        assert!(counts.sources.is_empty() && counts.networks.is_empty(), "nobody is remembered");
    }

    #[test]
    fn a_network_of_many_addresses_has_so_many_and_others_have_theirs() {
        let of = |network: u64, subnet: usize| Source(network << 16 | u64::try_from(subnet).unwrap());
        let crowd = Crowd::default();
        let mut places: Vec<_> =
            (0..MOST_FROM_NETWORK).map(|subnet| crowd.enter(of(7, subnet))).collect::<Option<_>>().unwrap();
        assert!(crowd.enter(of(7, 1_000)).is_none());
        assert!(crowd.enter(of(8, 1_000)).is_some());
        places.pop();
        assert!(crowd.enter(of(7, 1_000)).is_some());
        drop(places);
        // Addresses of IPv4 are in no network.
        let v4 = |last: usize| Source(0xffff_0a00_0000 | u64::try_from(last).unwrap());
        let places: Option<Vec<_>> = (0..2 * MOST_FROM_NETWORK).map(|last| crowd.enter(v4(last))).collect();
        assert!(places.is_some());
    }
}
