//! Entropy that a seed decides.

use primitives::digest;
use primitives::entropy::Entropy;

/// Bytes of SHA-256(seed ‖ counter): reproducible, and different for every seed.
#[derive(Clone, Debug)]
pub struct SeededEntropy {
    seed: u64,
    counter: u64,
    rest: Vec<u8>,
}

impl SeededEntropy {
    /// The stream of that seed, from its beginning.
    pub fn new(seed: u64) -> Self {
        Self { seed, counter: 0, rest: Vec::new() }
    }
}

impl Entropy for SeededEntropy {
    fn fill(&mut self, out: &mut [u8]) {
        for byte in out {
            if self.rest.is_empty() {
                let block = [self.seed.to_be_bytes(), self.counter.to_be_bytes()].concat();
                self.rest.extend(digest::sha256(&block));
                self.counter += 1;
            }
            *byte = self.rest.pop().unwrap_or_default();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_seed_gives_one_stream_however_it_is_drawn() {
        let (mut whole, mut parts) = ([0; 100], [0; 100]);
        SeededEntropy::new(7).fill(&mut whole);
        let mut entropy = SeededEntropy::new(7);
        for part in parts.chunks_mut(7) {
            entropy.fill(part);
        }
        assert_eq!(whole, parts);
        SeededEntropy::new(8).fill(&mut parts);
        assert_ne!(whole, parts);
    }
}
