//! Groups by name and by id.

use std::collections::BTreeMap;

use crate::group::{GroupId, group_key};

/// What groups are called.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Names {
    by_id: BTreeMap<GroupId, String>,
    by_key: BTreeMap<String, GroupId>,
}

impl Names {
    /// What that group is called; its id where it has no name.
    pub fn name(&self, id: GroupId) -> String {
        self.by_id.get(&id).cloned().unwrap_or_else(|| id.to_string())
    }

    /// The group of that name, in whatever spelling, or of that id.
    pub fn id(&self, text: &str) -> Option<GroupId> {
        self.by_key.get(&group_key(text)).copied().or_else(|| text.trim().parse().ok())
    }

    /// All, in the order of their ids.
    pub fn iter(&self) -> impl Iterator<Item = (GroupId, &str)> {
        self.by_id.iter().map(|(id, name)| (*id, name.as_str()))
    }
}

impl FromIterator<(GroupId, String)> for Names {
    fn from_iter<I: IntoIterator<Item = (GroupId, String)>>(names: I) -> Self {
        let by_id: BTreeMap<GroupId, String> = names.into_iter().collect();
        let by_key = by_id.iter().map(|(id, name)| (group_key(name), *id)).collect();
        Self { by_id, by_key }
    }
}
