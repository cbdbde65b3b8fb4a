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

/// All of them; cheap to clone.
#[derive(Clone, Default)]
pub(super) struct Crowd(Arc<Mutex<HashMap<Source, usize>>>);

/// One of them, for as long as it is none of the others.
pub(super) struct Place {
    crowd: Crowd,
    source: Source,
}

impl Crowd {
    /// A place for one more from there, if there is any.
    pub(super) fn enter(&self, source: Source) -> Option<Place> {
        let mut counts = self.counts();
        let here = counts.entry(source).or_default();
        if *here >= MOST_FROM_ONE {
            return None;
        }
        *here = here.saturating_add(1);
        Some(Place { crowd: self.clone(), source })
    }

    fn counts(&self) -> MutexGuard<'_, HashMap<Source, usize>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        let mut counts = self.crowd.counts();
        if let Some(here) = counts.get_mut(&self.source) {
            *here = here.saturating_sub(1);
            if *here == 0 {
                counts.remove(&self.source);
            }
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
        assert!(crowd.counts().is_empty(), "nobody is remembered");
    }
}
