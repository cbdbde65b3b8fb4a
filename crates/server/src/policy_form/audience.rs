//! For whom something holds, as fields: `on` says how, `of` and `except` name groups.

use account::group::GroupId;
use account::policy::Audience;

use super::{Around, Fields, Wrong};
use crate::pages::console::form::{Choice, Control};

/// With more groups than this they are typed by name instead of ticked.
const TICKED: usize = 40;

/// The groups that there are, in the order of their names.
#[derive(Clone, Debug, Default)]
pub(crate) struct Groups(Vec<(GroupId, String)>);

impl Groups {
    pub(crate) fn new(mut groups: Vec<(GroupId, String)>) -> Self {
        groups.sort_by_cached_key(|(_, name)| name.to_lowercase());
        Self(groups)
    }

    pub(crate) fn name(&self, id: GroupId) -> String {
        let found = self.0.iter().find(|(known, _)| *known == id);
        found.map_or_else(|| id.to_string(), |(_, name)| name.clone())
    }

    pub(crate) fn named(&self, ids: &[GroupId]) -> Vec<String> {
        ids.iter().map(|id| self.name(*id)).collect()
    }

    fn find(&self, name: &str) -> Option<GroupId> {
        let key = account::group::group_key(name);
        let found = self.0.iter().find(|(_, known)| account::group::group_key(known) == key);
        found.map(|(id, _)| *id)
    }

    fn are_ticked(&self) -> bool {
        self.0.len() <= TICKED
    }
}

/// The fields of an audience.
pub(crate) fn fill(audience: &Audience, groups: &Groups, fields: &mut Fields) {
    let (on, of, except): (_, &[GroupId], &[GroupId]) = match audience {
        Audience::Nobody => ("nobody", &[], &[]),
        Audience::Everybody { except } => ("everybody", &[], except),
        Audience::Groups { of, except } => ("groups", of, except),
    };
    fields.put("on", on);
    for (name, ids) in [("of", of), ("except", except)] {
        if groups.are_ticked() {
            ids.iter().for_each(|id| fields.put(name, id));
        } else {
            fields.put(name, groups.named(ids).join("\n"));
        }
    }
}

/// The form of an audience.
pub(crate) fn controls(around: &Around<'_>, fields: &Fields, wrong: &[Wrong]) -> Vec<Control> {
    let text = around.text;
    let ways = ["nobody", "everybody", "groups"].map(|way| {
        let label = text.say(&format!("policy-on-{way}")).to_string();
        Choice::new("on", way, label, fields.has("on", way))
    });
    let mut controls = vec![Control::radios(text, "on", "policy-on", ways.to_vec())];
    if !around.groups.0.is_empty() {
        for (name, key, hint) in [
            ("of", "policy-groups-of", "policy-groups-of-hint"),
            ("except", "policy-groups-except", "policy-groups-except-hint"),
        ] {
            controls.push(groups(around, fields, (name, key, hint)).wrong(text, wrong));
        }
    }
    controls
}

fn groups(around: &Around<'_>, fields: &Fields, (name, key, hint): (&'static str, &str, &str)) -> Control {
    let text = around.text;
    if !around.groups.are_ticked() {
        return Control::area(text, name, key, fields.one(name)).hint(text, hint);
    }
    let options = around.groups.0.iter().map(|(id, called)| {
        let id = id.to_string();
        let chosen = fields.has(name, &id);
        Choice::new(name, &id, called.clone(), chosen)
    });
    Control::boxes(text, name, key, options.collect()).hint(text, hint)
}

/// The audience that fields mean.
pub(crate) fn read(groups: &Groups, fields: &Fields, wrong: &mut Vec<Wrong>) -> Audience {
    let mut ids = |name: &'static str| {
        let mut found = Vec::new();
        for line in fields.all(name).flat_map(str::lines).map(str::trim).filter(|line| !line.is_empty()) {
            let known = |id: &GroupId| groups.0.iter().any(|(known, _)| known == id);
            match line.parse().ok().filter(known).or_else(|| groups.find(line)) {
                Some(id) if !found.contains(&id) => found.push(id),
                Some(_) => {}
                None => wrong.push(Wrong::new(name, "policy-wrong-group", line)),
            }
        }
        found
    };
    let (of, except) = (ids("of"), ids("except"));
    match fields.one("on") {
        "everybody" => Audience::Everybody { except },
        "groups" if of.is_empty() => {
            wrong.push(Wrong::new("of", "policy-wrong-no-group", ""));
            Audience::Nobody
        }
        "groups" => Audience::Groups { of, except },
        _ => Audience::Nobody,
    }
}
