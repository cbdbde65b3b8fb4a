//! What stops a run: one sentence for the person at the terminal.

use std::fmt;

/// Why a run cannot go on or must not count.
#[derive(Debug)]
pub(crate) struct Failure(String);

impl Failure {
    /// A failure in its own words.
    pub(crate) fn new(sentence: impl Into<String>) -> Self {
        Self(sentence.into())
    }

    /// `what` did not work, because of `cause`: made for `map_err(Failure::because("…"))`.
    pub(crate) fn because<E: fmt::Display>(what: impl fmt::Display) -> impl FnOnce(E) -> Self {
        move |cause| Self(format!("{what}: {cause}"))
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for Failure {}
