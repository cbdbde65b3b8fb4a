//! Randomness drawn before a use case enters the writer.

use primitives::digest;
use primitives::entropy::{self, Entropy};

use crate::context::Caller;

/// A stream of bytes from one seed of the request's entropy.
///
/// A closure given to the writer may run again and hashes run on other threads; neither can hold the
/// request's own source. What this gives is as unpredictable as its 256-bit seed.
#[derive(Clone)]
pub(crate) struct Drawn {
    seed: [u8; 32],
    blocks: u64,
}

impl Drawn {
    /// Draws a seed from the request.
    pub(crate) fn from(caller: &mut Caller) -> Self {
        Self { seed: entropy::array(caller.entropy.as_mut()), blocks: 0 }
    }
}

impl Entropy for Drawn {
    fn fill(&mut self, out: &mut [u8]) {
        for chunk in out.chunks_mut(32) {
            self.blocks = self.blocks.wrapping_add(1);
            let block = digest::sha256_parts(&[&self.seed, &self.blocks.to_be_bytes()]);
            for (to, from) in chunk.iter_mut().zip(block) {
                *to = from;
            }
        }
    }
}
