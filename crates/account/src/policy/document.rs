//! A policy as a TOML document: read, written, compared.
//!
//! What a document does not say is as in [`Policy::default`]; what it says and nobody understands is refused by name. Stored
//! documents speak of groups by their ids, those that people read by their names.

mod names;
mod read;
mod reader;
mod refusal;
mod words;
mod write;

pub use names::Names;
pub use refusal::DocumentRefusal;

use serde::{Deserialize, Serialize};

use crate::policy::Policy;

/// Longest document in bytes.
pub const LONGEST_DOCUMENT: usize = 256 * 1024;

/// Reads a policy.
pub fn parse(text: &str, names: &Names) -> Result<Policy, DocumentRefusal> {
    read::policy(text, names)
}

/// Writes a policy; [`parse`] makes the same of it.
pub fn render(policy: &Policy, names: &Names) -> String {
    write::policy(policy, names)
}

/// One thing that a policy says otherwise than another.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Change {
    /// What: a key as the document writes it, such as `passwords.for`.
    pub key: String,
    /// What the old one says; empty where it says nothing.
    pub from: String,
    /// What the new one says; empty where it says nothing.
    pub to: String,
}

/// What `new` says otherwise than `old`, in the order of the document.
pub fn compare(old: &Policy, new: &Policy, names: &Names) -> Vec<Change> {
    write::compare(old, new, names)
}

#[cfg(test)]
mod tests;
