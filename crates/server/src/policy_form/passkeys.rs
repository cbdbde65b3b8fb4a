//! What holds for all passkeys, as fields; profiles have forms of their own.

use account::policy::{Compromised, Policy};

use super::{Around, Fields, Groups, Wrong, audience};
use crate::pages::console::form::{Choice, Control};

pub(super) fn fill(policy: &Policy, groups: &Groups, fields: &mut Fields) {
    audience::fill(&policy.passkeys.audience, groups, fields);
    fields.put("compromised", policy.passkeys.terms.compromised);
}

pub(super) fn controls(around: &Around<'_>, fields: &Fields, wrong: &[Wrong]) -> Vec<Control> {
    let text = around.text;
    let mut controls = audience::controls(around, fields, wrong);
    let ways = Compromised::ALL.iter().map(|way| {
        let label = text.say(&format!("policy-compromised-{way}")).to_string();
        Choice::new("compromised", way.as_str(), label, fields.has("compromised", way.as_str()))
    });
    controls.push(Control::radios(text, "compromised", "policy-compromised", ways.collect()));
    controls
}

pub(super) fn read(next: &mut Policy, groups: &Groups, fields: &Fields, wrong: &mut Vec<Wrong>) {
    next.passkeys.audience = audience::read(groups, fields, wrong);
    let terms = &mut next.passkeys.terms;
    terms.compromised = Compromised::parse(fields.one("compromised")).unwrap_or(terms.compromised);
    terms.enabled = !next.passkeys.audience.is_nobody();
}
