//! Random choices that follow from a seed.

/// Marsaglia's xorshift64*, seeded through a multiplication that sets neighbours apart.
pub(crate) struct Random(u64);

impl Random {
    /// The choices of this seed.
    pub(crate) fn new(seed: u64) -> Self {
        Self((seed ^ 0x6b65_7977_6172_6421).wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1)
    }

    /// The next 32 bits.
    pub(crate) fn bits(&mut self) -> u32 {
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        u32::try_from(self.0.wrapping_mul(0x2545_f491_4f6c_dd1d) >> 32).unwrap_or(0)
    }

    /// A number below `end`; 0 if that is 0.
    pub(crate) fn below(&mut self, end: u32) -> u32 {
        self.bits().checked_rem(end).unwrap_or(0)
    }

    /// An index into something of that length; 0 if it is empty.
    pub(crate) fn index(&mut self, length: usize) -> usize {
        let end = u32::try_from(length).unwrap_or(u32::MAX);
        usize::try_from(self.below(end)).unwrap_or(0)
    }

    /// True once in `of` times.
    pub(crate) fn once_in(&mut self, of: u32) -> bool {
        self.below(of) == 0
    }

    /// Another source whose choices are its own.
    pub(crate) fn branch(&mut self) -> Self {
        Self::new(u64::from(self.bits()) << 32 | u64::from(self.bits()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn follows_from_the_seed_and_stays_in_bounds() {
        let draw = |seed| {
            let mut random = Random::new(seed);
            (0..64).map(|_| random.below(10)).collect::<Vec<_>>()
        };
        assert_eq!(draw(7), draw(7));
        assert_ne!(draw(7), draw(8));
        assert!(draw(7).iter().all(|number| *number < 10));
        assert_eq!(Random::new(1).index(0), 0);
    }
}
