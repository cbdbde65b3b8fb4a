//! Phones, the campaign, going passwordless, and where which strength is asked for, as fields.

use account::policy::{Area, Needed, Policy, Requirements};
use account::strength::Strength;
use primitives::time::Span;

use super::{Around, Fields, Groups, Wrong, audience};
use crate::pages::console::form::{Choice, Control};

const VERSIONS: (i64, i64) = (9, 99);
const DAYS: (i64, i64) = (0, 365);
const POSTPONEMENTS: (i64, i64) = (0, 100);
const PASSKEYS: (i64, i64) = (1, 10);
const DAY: i64 = 24 * 3600;

pub(super) fn fill_phones(policy: &Policy, fields: &mut Fields) {
    let phones = &policy.phones;
    for (name, on) in [("link", phones.link), ("number", phones.number), ("hybrid", phones.hybrid)] {
        fields.put_flag(name, on);
    }
    fields.put("android", phones.android);
    fields.put("ios", phones.ios);
}

pub(super) fn phones(around: &Around<'_>, fields: &Fields, wrong: &[Wrong]) -> Vec<Control> {
    let text = around.text;
    let ways =
        [("link", "policy-phone-link"), ("number", "policy-phone-number"), ("hybrid", "policy-phone-hybrid")];
    vec![
        Control::flags(text, "policy-phone-ways", &ways, fields),
        Control::number(text, "android", "policy-phone-android", fields.one("android"), VERSIONS)
            .wrong(text, wrong),
        Control::number(text, "ios", "policy-phone-ios", fields.one("ios"), VERSIONS).wrong(text, wrong),
    ]
}

pub(super) fn read_phones(next: &mut Policy, fields: &Fields, wrong: &mut Vec<Wrong>) {
    let mut version =
        |name| fields.number(name, VERSIONS, wrong).and_then(|number| u16::try_from(number).ok());
    let (android, ios) = (version("android"), version("ios"));
    let phones = &mut next.phones;
    phones.link = fields.flag("link");
    phones.number = fields.flag("number");
    phones.hybrid = fields.flag("hybrid");
    phones.android = android.unwrap_or(phones.android);
    phones.ios = ios.unwrap_or(phones.ios);
}

pub(super) fn fill_campaign(policy: &Policy, groups: &Groups, fields: &mut Fields) {
    audience::fill(&policy.interrupt.audience, groups, fields);
    let terms = &policy.interrupt.terms;
    fields.put_date("from", terms.from);
    fields.put("days", terms.postponable.secs() / DAY);
    fields.put("postponements", terms.postponements.map(|times| times.to_string()).unwrap_or_default());
}

pub(super) fn campaign(around: &Around<'_>, fields: &Fields, wrong: &[Wrong]) -> Vec<Control> {
    let text = around.text;
    let mut controls = audience::controls(around, fields, wrong);
    controls.push(
        Control::date(text, "from", "policy-campaign-from", fields.one("from"))
            .hint(text, "policy-campaign-from-hint")
            .wrong(text, wrong),
    );
    controls.push(
        Control::number(text, "days", "policy-campaign-days", fields.one("days"), DAYS).wrong(text, wrong),
    );
    let (key, typed) = ("policy-campaign-times", fields.one("postponements"));
    controls.push(
        Control::number(text, "postponements", key, typed, POSTPONEMENTS)
            .hint(text, "policy-campaign-times-hint")
            .wrong(text, wrong),
    );
    controls
}

pub(super) fn read_campaign(next: &mut Policy, groups: &Groups, fields: &Fields, wrong: &mut Vec<Wrong>) {
    next.interrupt.audience = audience::read(groups, fields, wrong);
    let terms = &mut next.interrupt.terms;
    terms.from = fields.date("from", wrong);
    terms.postponable = fields.number("days", DAYS, wrong).map_or(terms.postponable, Span::from_days);
    let times = fields.number_or_none("postponements", POSTPONEMENTS, wrong);
    terms.postponements = times.and_then(|times| u32::try_from(times).ok());
    terms.enabled = !next.interrupt.audience.is_nobody();
}

pub(super) fn fill_passwordless(policy: &Policy, fields: &mut Fields) {
    fields.put_flag("offered", policy.passwordless.offered);
    fields.put_date("forced-from", policy.passwordless.forced_from);
    fields.put("passkeys", policy.passwordless.passkeys);
}

pub(super) fn passwordless(around: &Around<'_>, fields: &Fields, wrong: &[Wrong]) -> Vec<Control> {
    let text = around.text;
    vec![
        Control::flags(
            text,
            "policy-passwordless-offer",
            &[("offered", "policy-passwordless-offered")],
            fields,
        ),
        Control::number(text, "passkeys", "policy-passwordless-passkeys", fields.one("passkeys"), PASSKEYS)
            .hint(text, "policy-passwordless-passkeys-hint")
            .wrong(text, wrong),
        Control::date(text, "forced-from", "policy-passwordless-forced", fields.one("forced-from"))
            .hint(text, "policy-passwordless-forced-hint")
            .wrong(text, wrong),
    ]
}

pub(super) fn read_passwordless(next: &mut Policy, fields: &Fields, wrong: &mut Vec<Wrong>) {
    let passkeys = fields.number("passkeys", PASSKEYS, wrong).and_then(|count| u8::try_from(count).ok());
    next.passwordless.offered = fields.flag("offered");
    next.passwordless.forced_from = fields.date("forced-from", wrong);
    next.passwordless.passkeys = passkeys.unwrap_or(next.passwordless.passkeys);
}

/// The place's requirement.
pub(crate) fn needed(require: &mut Requirements, place: Area) -> &mut Needed {
    match place {
        Area::Portal => &mut require.portal,
        Area::Console => &mut require.console,
        Area::SecurityInfo => &mut require.security_info,
        Area::Applications => &mut require.applications,
    }
}

pub(super) fn fill_requirements(policy: &Policy, fields: &mut Fields) {
    for place in Area::ALL {
        fields.put(place.as_str(), policy.require.of(*place));
    }
}

pub(super) fn requirements(around: &Around<'_>, fields: &Fields) -> Vec<Control> {
    let text = around.text;
    let place = |place: &Area| {
        let name = place.as_str();
        let options = choices(around, *place).into_iter().map(|(value, label)| {
            let chosen = fields.one(name) == value;
            Choice::new(name, &value, label, chosen)
        });
        let key = format!("policy-place-{name}");
        Control::select(text, name, &key, options.collect()).hint(text, &format!("policy-place-hint-{name}"))
    };
    Area::ALL.iter().map(place).collect()
}

/// What a place may ask for. The console asks for phishing-resistant at least; what the organisation's own strengths
/// amount to, the document judges.
fn choices(around: &Around<'_>, place: Area) -> Vec<(String, String)> {
    let text = around.text;
    let console = place == Area::Console;
    let strengths =
        Strength::ALL.iter().filter(|strength| !console || **strength >= Strength::PhishingResistant);
    let anything = (!console).then(|| ("anything".to_owned(), text.say("strength-anything").to_string()));
    let built_in = strengths.map(|strength| {
        (strength.as_str().to_owned(), text.say(&format!("strength-{strength}")).to_string())
    });
    let own = around.policy.strengths.iter().map(|strength| (strength.name.clone(), strength.name.clone()));
    anything.into_iter().chain(built_in).chain(own).collect()
}

pub(super) fn read_requirements(next: &mut Policy, fields: &Fields) {
    for place in Area::ALL {
        let chosen = match fields.one(place.as_str()) {
            "anything" => Some(Needed::Anything),
            name => Strength::parse(name).map(Needed::BuiltIn).or_else(|| {
                let own = next.strengths.iter().find(|strength| strength.name == name);
                own.map(|strength| Needed::Custom(strength.name.clone()))
            }),
        };
        // What is no choice of the form changes nothing.
        if let Some(chosen) = chosen {
            *needed(&mut next.require, *place) = chosen;
        }
    }
}
