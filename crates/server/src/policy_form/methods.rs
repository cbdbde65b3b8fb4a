//! Passes and passwords as fields.

use account::policy::Policy;
use primitives::time::Span;

use super::{Around, Fields, Groups, Wrong, audience};
use crate::pages::console::form::Control;

const MINUTE: i64 = 60;
/// Ten minutes to thirty days.
const LIFETIMES: (i64, i64) = (10, 30 * 24 * 60);
const LENGTHS: (i64, i64) = (8, 48);
const PASSWORD_LENGTHS: (i64, i64) = (8, 64);

fn minutes(span: Span) -> i64 {
    span.secs() / MINUTE
}

pub(super) fn fill_passes(policy: &Policy, groups: &Groups, fields: &mut Fields) {
    audience::fill(&policy.passes.audience, groups, fields);
    let terms = &policy.passes.terms;
    fields.put("shortest", minutes(terms.shortest));
    fields.put("default", minutes(terms.default));
    fields.put("longest", minutes(terms.longest));
    fields.put("length", terms.length);
    fields.put_flag("one-time-only", terms.one_time_only);
    fields.put_flag("second-approver", policy.second_approver);
}

pub(super) fn passes(around: &Around<'_>, fields: &Fields, wrong: &[Wrong]) -> Vec<Control> {
    let text = around.text;
    let mut controls = audience::controls(around, fields, wrong);
    for (name, key) in [
        ("shortest", "policy-pass-shortest"),
        ("default", "policy-pass-default"),
        ("longest", "policy-pass-longest"),
    ] {
        controls.push(Control::number(text, name, key, fields.one(name), LIFETIMES).wrong(text, wrong));
    }
    let length = Control::number(text, "length", "policy-pass-length", fields.one("length"), LENGTHS);
    controls.push(length.wrong(text, wrong));
    controls.push(Control::flags(
        text,
        "policy-pass-rules",
        &[("one-time-only", "policy-pass-once"), ("second-approver", "policy-pass-approver")],
        fields,
    ));
    controls
}

pub(super) fn read_passes(next: &mut Policy, groups: &Groups, fields: &Fields, wrong: &mut Vec<Wrong>) {
    next.passes.audience = audience::read(groups, fields, wrong);
    let mut lifetime = |name| fields.number(name, LIFETIMES, wrong).map(Span::from_minutes);
    let (shortest, default, longest) = (lifetime("shortest"), lifetime("default"), lifetime("longest"));
    let terms = &mut next.passes.terms;
    if let (Some(shortest), Some(default), Some(longest)) = (shortest, default, longest) {
        if shortest > default || default > longest {
            wrong.push(Wrong::new("default", "policy-wrong-order", ""));
        }
        (terms.shortest, terms.default, terms.longest) = (shortest, default, longest);
    }
    let length = fields.number("length", LENGTHS, wrong).and_then(|length| u8::try_from(length).ok());
    terms.length = length.unwrap_or(terms.length);
    terms.one_time_only = fields.flag("one-time-only");
    terms.enabled = !next.passes.audience.is_nobody();
    next.second_approver = fields.flag("second-approver");
}

pub(super) fn fill_passwords(policy: &Policy, groups: &Groups, fields: &mut Fields) {
    audience::fill(&policy.passwords.audience, groups, fields);
    let terms = &policy.passwords.terms;
    fields.put("shortest", terms.shortest);
    fields.put_flag("beside-passkeys", terms.beside_passkeys);
    fields.put_flag("alone-registers", terms.alone_registers);
}

pub(super) fn passwords(around: &Around<'_>, fields: &Fields, wrong: &[Wrong]) -> Vec<Control> {
    let text = around.text;
    let mut controls = audience::controls(around, fields, wrong);
    let (key, typed) = ("policy-password-shortest", fields.one("shortest"));
    controls.push(Control::number(text, "shortest", key, typed, PASSWORD_LENGTHS).wrong(text, wrong));
    controls.push(Control::flags(
        text,
        "policy-password-rules",
        &[("beside-passkeys", "policy-password-beside"), ("alone-registers", "policy-password-alone")],
        fields,
    ));
    controls
}

pub(super) fn read_passwords(next: &mut Policy, groups: &Groups, fields: &Fields, wrong: &mut Vec<Wrong>) {
    next.passwords.audience = audience::read(groups, fields, wrong);
    let shortest = fields.number("shortest", PASSWORD_LENGTHS, wrong);
    let terms = &mut next.passwords.terms;
    terms.shortest = shortest.and_then(|shortest| u16::try_from(shortest).ok()).unwrap_or(terms.shortest);
    terms.beside_passkeys = fields.flag("beside-passkeys");
    terms.alone_registers = fields.flag("alone-registers");
    terms.enabled = !next.passwords.audience.is_nobody();
}
