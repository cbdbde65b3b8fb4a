//! Rules about models as fields. People know names, the policy knows AAGUIDs: a line of a list is an AAGUID, with
//! whatever behind it, or the name of a model, which stands for every AAGUID of that name.

use std::collections::BTreeMap;

use account::model::{Aaguid, Certification, Models};
use account::policy::ModelRule;

use super::{Fields, Wrong};
use crate::aaguid;
use crate::pages::console::form::{Choice, Control};
use crate::text::Text;

/// Most AAGUIDs in a list.
const MOST: usize = 500;

/// The models that there are by name: those of the metadata, and those that the community knows.
pub(crate) fn known(models: &Models) -> BTreeMap<Aaguid, String> {
    let community = aaguid::all().map(|(id, name)| (Aaguid(*id), name.to_owned()));
    let metadata = models.iter().map(|(id, model)| (*id, model.name.clone()));
    community.chain(metadata.filter(|(_, name)| !name.is_empty())).collect()
}

/// An AAGUID and its name, as a line of a list.
fn line(id: Aaguid, known: &BTreeMap<Aaguid, String>) -> String {
    known.get(&id).map_or_else(|| id.to_string(), |name| format!("{id} {name}"))
}

pub(super) fn fill(rule: &ModelRule, known: &BTreeMap<Aaguid, String>, fields: &mut Fields) {
    for (name, list) in [("allow", &rule.allow), ("block", &rule.block)] {
        let lines: Vec<String> = list.iter().map(|id| line(*id, known)).collect();
        fields.put(name, lines.join("\n"));
    }
    fields.put("certified", rule.certified.map_or("", Certification::as_str));
    fields.put_flag("biometric", rule.biometric);
    fields.put_flag("hardware", rule.hardware);
}

/// The form of a rule; names of models are proposed by the list `models` of the page.
pub(super) fn controls(text: Text, fields: &Fields, wrong: &[Wrong]) -> Vec<Control> {
    let mut controls = Vec::new();
    for (name, key, hint, add, add_key) in [
        ("allow", "policy-models-allow", "policy-models-allow-hint", "allow-add", "policy-models-allow-add"),
        ("block", "policy-models-block", "policy-models-block-hint", "block-add", "policy-models-block-add"),
    ] {
        controls.push(Control::area(text, name, key, fields.one(name)).hint(text, hint).wrong(text, wrong));
        controls.push(
            Control::line(text, add, add_key, fields.one(add))
                .listed("models")
                .hint(text, "policy-models-add-hint")
                .wrong(text, wrong),
        );
    }
    let any = Choice::new("certified", "", text.say("policy-certified-any").to_string(), false);
    let levels = Certification::ALL.iter().map(|level| {
        let label = text.say("policy-certified-from").with("level", level).to_string();
        Choice::new("certified", level.as_str(), label, fields.one("certified") == level.as_str())
    });
    let options = std::iter::once(any).chain(levels).collect();
    controls.push(Control::select(text, "certified", "policy-certified", options));
    let rules = [("biometric", "policy-models-biometric"), ("hardware", "policy-models-hardware")];
    controls.push(Control::flags(text, "policy-models-rules", &rules, fields));
    controls
}

pub(super) fn read(fields: &Fields, known: &BTreeMap<Aaguid, String>, wrong: &mut Vec<Wrong>) -> ModelRule {
    let mut list = |names: [&'static str; 2]| {
        let mut found = Vec::new();
        for name in names {
            for typed in fields.all(name).flat_map(str::lines).map(str::trim).filter(|line| !line.is_empty())
            {
                let ids = of_line(typed, known);
                if ids.is_empty() {
                    wrong.push(Wrong::new(name, "policy-wrong-model", typed));
                }
                found.extend(ids);
            }
        }
        found.sort();
        found.dedup();
        if found.len() > MOST {
            wrong.push(Wrong::new(names[0], "policy-wrong-many-models", MOST));
        }
        found
    };
    let (allow, block) = (list(["allow", "allow-add"]), list(["block", "block-add"]));
    ModelRule {
        allow,
        block,
        certified: Certification::parse(fields.one("certified")),
        biometric: fields.flag("biometric"),
        hardware: fields.flag("hardware"),
    }
}

fn of_line(typed: &str, known: &BTreeMap<Aaguid, String>) -> Vec<Aaguid> {
    let first = typed.split_whitespace().next().unwrap_or_default();
    if let Ok(id) = first.parse() {
        return vec![id];
    }
    let meant = typed.to_lowercase();
    known.iter().filter(|(_, name)| name.to_lowercase() == meant).map(|(id, _)| *id).collect()
}
