//! An application's terms as people write them: on the command line and in the console's forms.
//!
//! A claim of the organisation's own is one line, such as `role = in-group(Admins, admin, user) in id-token`. There is
//! nothing to compute in it: a claim says one of the things that are known of a person.

use std::collections::BTreeMap;

use account::application::{Mapping, Source};
use account::group::{Group, GroupId, group_key};
use service::Context;
use service::administer_groups;
use service::administer_users::AdministerError;

/// A claim whose groups stand by their names.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ClaimLine {
    claim: String,
    source: Named,
    in_id_token: bool,
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum Named {
    Plain(Source),
    Groups(Vec<String>),
    InGroup { group: String, member: String, other: String },
}

/// A line that says no claim.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct NotAClaim;

/// What claims may say without an argument.
const PLAIN: [(&str, Source); 7] = [
    ("login", Source::Login),
    ("email", Source::Email),
    ("name", Source::Name),
    ("external-id", Source::ExternalId),
    ("passkey-model", Source::PasskeyModel),
    ("passkey-attested", Source::PasskeyAttested),
    ("passkey-backed-up", Source::PasskeyBackedUp),
];

/// What marks a claim that ID tokens have too.
const IN_ID_TOKEN: &str = " in id-token";

impl ClaimLine {
    /// Reads a line.
    pub(crate) fn parse(line: &str) -> Result<Self, NotAClaim> {
        let (claim, rest) = line.split_once('=').ok_or(NotAClaim)?;
        let rest = rest.trim();
        let (source, in_id_token) = match rest.strip_suffix(IN_ID_TOKEN) {
            Some(source) => (source.trim(), true),
            None => (rest, false),
        };
        Ok(Self { claim: claim.trim().to_owned(), source: Named::parse(source)?, in_id_token })
    }

    /// The groups that it names.
    pub(crate) fn groups(&self) -> Vec<&str> {
        match &self.source {
            Named::Plain(_) => Vec::new(),
            Named::Groups(groups) => groups.iter().map(String::as_str).collect(),
            Named::InGroup { group, .. } => vec![group],
        }
    }

    /// The claim, its groups found; the name of the first that was not, otherwise.
    pub(crate) fn resolve(self, groups: &GroupNames) -> Result<Mapping, String> {
        let source = match self.source {
            Named::Plain(source) => source,
            Named::Groups(names) => {
                Source::Groups(names.into_iter().map(|name| groups.find(&name)).collect::<Result<_, _>>()?)
            }
            Named::InGroup { group, member, other } => {
                Source::InGroup { group: groups.find(&group)?, member, other }
            }
        };
        Ok(Mapping { claim: self.claim, source, in_id_token: self.in_id_token })
    }
}

impl Named {
    fn parse(text: &str) -> Result<Self, NotAClaim> {
        if let Some((_, source)) = PLAIN.iter().find(|(word, _)| *word == text) {
            return Ok(Named::Plain(source.clone()));
        }
        if text == "groups" {
            return Ok(Named::Groups(Vec::new()));
        }
        let (word, arguments) = text.split_once('(').ok_or(NotAClaim)?;
        let arguments = arguments.strip_suffix(')').ok_or(NotAClaim)?;
        let parts: Vec<String> = arguments.split(',').map(|part| part.trim().to_owned()).collect();
        match (word.trim(), parts.as_slice()) {
            ("constant", _) => Ok(Named::Plain(Source::Constant(arguments.trim().to_owned()))),
            ("groups", _) if parts.iter().all(|part| !part.is_empty()) => Ok(Named::Groups(parts)),
            ("in-group", [group, member]) => {
                Ok(Named::InGroup { group: group.clone(), member: member.clone(), other: String::new() })
            }
            ("in-group", [group, member, other]) => {
                Ok(Named::InGroup { group: group.clone(), member: member.clone(), other: other.clone() })
            }
            _ => Err(NotAClaim),
        }
    }
}

/// The line that says that claim.
pub(crate) fn spell(mapping: &Mapping, groups: &GroupNames) -> String {
    let source = match &mapping.source {
        Source::Groups(ids) if ids.is_empty() => "groups".to_owned(),
        Source::Groups(ids) => {
            format!("groups({})", ids.iter().map(|id| groups.spell(*id)).collect::<Vec<_>>().join(", "))
        }
        Source::InGroup { group, member, other } => {
            let (group, comma) = (groups.spell(*group), if other.is_empty() { "" } else { ", " });
            format!("in-group({group}, {member}{comma}{other})")
        }
        Source::Constant(text) => format!("constant({text})"),
        plain => PLAIN.iter().find(|(_, known)| known == plain).map_or("", |(word, _)| word).to_owned(),
    };
    let end = if mapping.in_id_token { IN_ID_TOKEN } else { "" };
    format!("{} = {source}{end}", mapping.claim)
}

/// Groups by their names, and back.
#[derive(Clone, Debug, Default)]
pub(crate) struct GroupNames {
    ids: BTreeMap<String, GroupId>,
    names: BTreeMap<GroupId, String>,
}

impl GroupNames {
    /// Finds those of these names; whoever asks for one that is not there is told so by [`GroupNames::find`].
    pub(crate) async fn named(
        cx: &Context,
        names: impl IntoIterator<Item = &str>,
    ) -> Result<Self, AdministerError> {
        let mut found = Self::default();
        for name in names {
            let group = match name.parse::<GroupId>() {
                Ok(id) => administer_groups::show(cx, id).await,
                Err(_) => administer_groups::show_by_name(cx, name).await,
            };
            match group {
                Ok(listed) => found.add(&listed.group),
                Err(AdministerError::NotFound) => {}
                Err(error) => return Err(error),
            }
        }
        Ok(found)
    }

    /// The names of those.
    pub(crate) async fn of(
        cx: &Context,
        ids: impl IntoIterator<Item = GroupId>,
    ) -> Result<Self, AdministerError> {
        let mut found = Self::default();
        for id in ids {
            match administer_groups::show(cx, id).await {
                Ok(listed) => found.add(&listed.group),
                Err(AdministerError::NotFound) => {}
                Err(error) => return Err(error),
            }
        }
        Ok(found)
    }

    fn add(&mut self, group: &Group) {
        self.ids.insert(group.key(), group.id);
        self.ids.insert(group.id.to_string(), group.id);
        self.names.insert(group.id, group.name.clone());
    }

    /// The group of that name or identifier; the name, if there is none.
    pub(crate) fn find(&self, name: &str) -> Result<GroupId, String> {
        self.ids.get(&group_key(name)).copied().ok_or_else(|| name.to_owned())
    }

    /// The name of that group, or its identifier where it has none that a line can hold.
    pub(crate) fn spell(&self, id: GroupId) -> String {
        let name = self.names.get(&id).filter(|name| !name.contains([',', '(', ')', '\n']));
        name.cloned().unwrap_or_else(|| id.to_string())
    }
}

/// The groups that an application names: who may use it, and of whom its claims speak.
pub(crate) fn groups_of(application: &account::application::Application) -> Vec<GroupId> {
    let mapped = application.claims.iter().flat_map(|mapping| match &mapping.source {
        Source::Groups(groups) => groups.clone(),
        Source::InGroup { group, .. } => vec![*group],
        _ => Vec::new(),
    });
    application.groups.iter().copied().chain(mapped).collect()
}

#[cfg(test)]
mod tests;
