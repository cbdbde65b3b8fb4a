//! Writes a document, and compares two line by line.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use primitives::time::{Span, Timestamp};

use super::{Change, Names, words};
use crate::policy::{
    Audience, Combination, CustomStrength, InterruptPolicy, ModelRule, PasskeyPolicy, Policy, Profile,
};
use crate::temporary_pass::PassPolicy;

const HEAD: &str = "\
# Keyward's policy: who may use which ways to sign in, and how strong a sign-in each place asks for.
# `for` is \"everybody\", \"nobody\" or a list of groups; whoever is in a group of `except` is out, whatever else they are in.
# Lengths of time are written as 90s, 60m, 8h or 30d. `keyward policy check FILE` says what it would do to people.
";

/// A section of the document: its header, what it is called in a comparison, and its lines.
struct Section {
    header: &'static str,
    path: String,
    comment: &'static str,
    lines: Vec<(&'static str, String)>,
}

impl Section {
    fn new(header: &'static str, path: impl Into<String>, comment: &'static str) -> Self {
        Self { header, path: path.into(), comment, lines: Vec::new() }
    }

    fn line(mut self, key: &'static str, value: impl ToString) -> Self {
        self.lines.push((key, value.to_string()));
        self
    }

    fn line_if(self, key: &'static str, value: Option<String>) -> Self {
        match value {
            Some(value) => self.line(key, value),
            None => self,
        }
    }

    fn audience(self, audience: &Audience, names: &Names) -> Self {
        let list = |groups: &[_]| list(groups.iter().map(|group| names.name(*group)));
        match audience {
            Audience::Nobody => self.line("for", quoted("nobody")),
            Audience::Everybody { except } if except.is_empty() => self.line("for", quoted("everybody")),
            Audience::Everybody { except } => {
                self.line("for", quoted("everybody")).line("except", list(except))
            }
            Audience::Groups { of, except } if except.is_empty() => self.line("for", list(of)),
            Audience::Groups { of, except } => self.line("for", list(of)).line("except", list(except)),
        }
    }

    fn models(self, models: &ModelRule) -> Self {
        self.line("allow", list(&models.allow))
            .line("block", list(&models.block))
            .line_if("certified", models.certified.map(|level| quoted(level.as_str())))
            .line("biometric", models.biometric)
            .line("hardware", models.hardware)
    }
}

pub(super) fn policy(policy: &Policy, names: &Names) -> String {
    let mut text = HEAD.to_owned();
    for section in sections(policy, names) {
        let _ = writeln!(text);
        if !section.comment.is_empty() {
            let _ = writeln!(text, "# {}", section.comment);
        }
        let _ = writeln!(text, "{}", section.header);
        for (key, value) in section.lines {
            let _ = writeln!(text, "{key} = {value}");
        }
    }
    text
}

pub(super) fn compare(old: &Policy, new: &Policy, names: &Names) -> Vec<Change> {
    let lines = |policy: &Policy| -> Vec<(String, String)> {
        let lines = |section: Section| {
            let Section { path, lines, .. } = section;
            lines.into_iter().map(move |(key, value)| (format!("{path}.{key}"), value))
        };
        sections(policy, names).into_iter().flat_map(lines).collect()
    };
    let (old, new) = (lines(old), lines(new));
    let before: BTreeMap<&String, &String> = old.iter().map(|(key, value)| (key, value)).collect();
    let after: BTreeMap<&String, &String> = new.iter().map(|(key, value)| (key, value)).collect();
    let changed = new.iter().filter(|(key, value)| before.get(key) != Some(&value));
    let said = changed.map(|(key, value)| Change {
        key: key.clone(),
        from: before.get(key).copied().cloned().unwrap_or_default(),
        to: value.clone(),
    });
    let gone = old.iter().filter(|(key, _)| !after.contains_key(key)).map(|(key, value)| Change {
        key: key.clone(),
        from: value.clone(),
        to: String::new(),
    });
    said.chain(gone).collect()
}

fn sections(policy: &Policy, names: &Names) -> Vec<Section> {
    let mut sections = vec![passkeys(&policy.passkeys.audience, &policy.passkeys.terms, names)];
    sections.extend(policy.passkeys.terms.profiles.iter().map(|one| profile(one, names)));
    sections.push(passes(policy, &policy.passes.terms, names));
    sections.push(passwords(policy, names));
    let codes = "Codes of an authenticator app, as a second step after a password.";
    sections.push(Section::new("[codes]", "codes", codes).audience(&policy.codes, names));
    let codes = "Codes on paper, for who has lost everything else.";
    sections.push(
        Section::new("[recovery_codes]", "recovery_codes", codes).audience(&policy.recovery_codes, names),
    );
    sections.push(phones(policy));
    sections.push(interrupt(&policy.interrupt.audience, &policy.interrupt.terms, names));
    sections.push(passwordless(policy));
    sections.extend(policy.strengths.iter().map(strength));
    sections.push(
        Section::new(
            "[require]",
            "require",
            "How strong a sign-in each place asks for: a built-in strength or one of above.",
        )
        .line("portal", quoted(policy.require.portal.to_string()))
        .line("console", quoted(policy.require.console.to_string()))
        .line("security_info", quoted(policy.require.security_info.to_string()))
        .line("applications", quoted(policy.require.applications.to_string())),
    );
    sections
}

fn passkeys(audience: &Audience, terms: &PasskeyPolicy, names: &Names) -> Section {
    let comment = "Passkeys. Each must satisfy one of the profiles wholly; it is judged when it is added and whenever it is used.";
    Section::new("[passkeys]", "passkeys", comment)
        .audience(audience, names)
        .line("compromised", quoted(terms.compromised.as_str()))
        .line("at_least", terms.at_least)
}

fn profile(profile: &Profile, names: &Names) -> Section {
    let backed_up = profile.kinds.backed_up.then_some(words::BACKED_UP);
    let kinds = backed_up.into_iter().chain(profile.kinds.device_bound.then_some(words::DEVICE_BOUND));
    Section::new("[[passkeys.profile]]", format!("passkeys.profile.{}", profile.name), "")
        .line("name", quoted(&profile.name))
        .audience(&profile.audience, names)
        .line("kinds", list(kinds))
        .line("attestation", quoted(profile.attestation.as_str()))
        .models(&profile.models)
        .line("algorithms", list(profile.algorithms.iter().map(|algorithm| words::algorithm(*algorithm))))
}

fn passes(policy: &Policy, terms: &PassPolicy, names: &Names) -> Section {
    Section::new("[passes]", "passes", "Temporary access passes, with which people begin and begin again.")
        .audience(&policy.passes.audience, names)
        .line("shortest", span(terms.shortest))
        .line("longest", span(terms.longest))
        .line("lifetime", span(terms.default))
        .line("length", terms.length)
        .line("one_time_only", terms.one_time_only)
        .line("second_approver", policy.second_approver)
}

fn passwords(policy: &Policy, names: &Names) -> Section {
    let terms = &policy.passwords.terms;
    Section::new("[passwords]", "passwords", "Passwords, which can be phished.")
        .audience(&policy.passwords.audience, names)
        .line("shortest", terms.shortest)
        .line("beside_passkeys", terms.beside_passkeys)
        .line("alone_registers", terms.alone_registers)
}

fn phones(policy: &Policy) -> Section {
    Section::new("[phones]", "phones", "How passkeys come to phones.")
        .line("link", policy.phones.link)
        .line("number", policy.phones.number)
        .line("hybrid", policy.phones.hybrid)
        .line("android", policy.phones.android)
        .line("ios", policy.phones.ios)
}

fn interrupt(audience: &Audience, terms: &InterruptPolicy, names: &Names) -> Section {
    Section::new("[interrupt]", "interrupt", "The request to add a passkey, after a sign-in without one.")
        .audience(audience, names)
        .line_if("from", terms.from.map(time))
        .line("postponable", span(terms.postponable))
        .line_if("postponements", terms.postponements.map(|times| times.to_string()))
}

fn passwordless(policy: &Policy) -> Section {
    let terms = &policy.passwordless;
    Section::new("[passwordless]", "passwordless", "Getting rid of passwords.")
        .line("offered", terms.offered)
        .line_if("forced_from", terms.forced_from.map(time))
        .line("passkeys", terms.passkeys)
}

fn strength(strength: &CustomStrength) -> Section {
    Section::new("[[strength]]", format!("strength.{}", strength.name), "")
        .line("name", quoted(&strength.name))
        .line("description", quoted(&strength.description))
        .line("combinations", list(strength.combinations.iter().copied().map(Combination::as_str)))
        .models(&strength.models)
}

/// A basic string of TOML.
fn quoted(text: impl AsRef<str>) -> String {
    let mut out = String::from("\"");
    for character in text.as_ref().chars() {
        match character {
            '"' | '\\' => out.extend(['\\', character]),
            control if control.is_control() => {
                let _ = write!(out, "\\u{:04X}", u32::from(control));
            }
            other => out.push(other),
        }
    }
    out.push('"');
    out
}

fn list(items: impl IntoIterator<Item = impl ToString>) -> String {
    let items: Vec<String> = items.into_iter().map(|item| quoted(item.to_string())).collect();
    format!("[{}]", items.join(", "))
}

/// In the largest unit that says it exactly.
fn span(span: Span) -> String {
    let seconds = span.secs();
    let unit = [(86_400, 'd'), (3_600, 'h'), (60, 'm')];
    let exact = unit.into_iter().find(|(length, _)| seconds > 0 && seconds.rem_euclid(*length) == 0);
    let (length, unit) = exact.unwrap_or((1, 's'));
    quoted(format!("{}{unit}", seconds.div_euclid(length)))
}

fn time(time: Timestamp) -> String {
    quoted(time.to_string())
}
