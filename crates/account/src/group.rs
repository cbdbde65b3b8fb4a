//! Groups of people: policy speaks of them, roles and applications are given to them.

use primitives::id::Id;
use primitives::time::Timestamp;
use unicode_normalization::UnicodeNormalization;

use crate::user::{NameRefusal, bounded_text};

/// Identifies a [`Group`].
pub type GroupId = Id<Group>;

/// A group. Who is in it stands in the account's own row ([`crate::user::User::groups`]).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Group {
    /// Its identifier.
    pub id: GroupId,
    /// Its name; two groups never have the same [`Group::key`].
    pub name: String,
    /// What it is for.
    pub description: String,
    /// What the system that provisions it calls it (SCIM `externalId`).
    pub external_id: Option<String>,
    /// When it was added.
    pub created: Timestamp,
    /// When its name or description last changed, or who is in it by a request about the group; it only ever rises.
    pub changed: Timestamp,
}

impl Group {
    /// The key under which it is found, the same for every spelling of its name.
    pub fn key(&self) -> String {
        group_key(&self.name)
    }
}

/// Longest name of a group in characters.
pub const LONGEST_GROUP_NAME: usize = 100;

/// Most groups that one account is in.
pub const MOST_GROUPS: usize = 200;

/// Reads the name of a group: 1 to 100 characters without control characters, trimmed.
pub fn parse_group_name(text: &str) -> Result<String, NameRefusal> {
    bounded_text(text, LONGEST_GROUP_NAME)
}

/// NFKC, lower case, NFKC again, trimmed.
pub fn group_key(name: &str) -> String {
    let folded: String = name.nfkc().flat_map(char::to_lowercase).collect();
    folded.nfkc().collect::<String>().trim().to_owned()
}
