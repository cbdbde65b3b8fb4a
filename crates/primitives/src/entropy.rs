//! Randomness as a parameter.

/// A source of cryptographically secure random bytes.
///
/// Production hands down [`SystemEntropy`]; tests hand down a seeded source, so that what a ceremony
/// produces can be pinned byte for byte.
pub trait Entropy: Send {
    /// Fills `out` completely.
    fn fill(&mut self, out: &mut [u8]);
}

/// `N` random bytes.
pub fn array<const N: usize>(entropy: &mut dyn Entropy) -> [u8; N] {
    let mut out = [0; N];
    entropy.fill(&mut out);
    out
}

/// The operating system's generator, through aws-lc.
#[derive(Clone, Copy, Debug, Default)]
pub struct SystemEntropy;

impl Entropy for SystemEntropy {
    fn fill(&mut self, out: &mut [u8]) {
        #[expect(clippy::disallowed_methods, reason = "the one door to the system's randomness")]
        let filled = aws_lc_rs::rand::fill(out);
        if filled.is_err() {
            // Nothing that needs randomness may go on without it, and no caller could do better.
            std::process::abort();
        }
    }
}
