//! Reads a document.

use primitives::time::Span;
use toml::{Table, Value};

use super::reader::Reader;
use super::{DocumentRefusal, LONGEST_DOCUMENT, Names, words};
use crate::group::GroupId;
use crate::model::Certification;
use crate::policy::{
    AttestationDemand, Audience, Combination, Compromised, CustomStrength, For, InterruptPolicy, Kinds,
    ModelRule, Needed, PasskeyPolicy, PasswordPolicy, PasswordlessPolicy, PhonePolicy, Policy, Profile,
    Requirements,
};
use crate::strength::Strength;
use crate::temporary_pass::PassPolicy;
use crate::user;

/// Most profiles and most strengths of one policy.
const MOST_PARTS: usize = 50;
/// Most models that one rule names.
const MOST_MODELS: usize = 1000;
/// Most groups that one audience names.
const MOST_GROUPS: usize = 200;
/// Longest name of a profile or strength in characters.
const LONGEST_NAME: usize = 60;
/// Longest description of a strength in characters.
const LONGEST_DESCRIPTION: usize = 500;

type Read<T> = Result<T, DocumentRefusal>;

pub(super) fn policy(text: &str, names: &Names) -> Read<Policy> {
    if text.len() > LONGEST_DOCUMENT {
        return Err(DocumentRefusal::TooLong);
    }
    let table: Table = toml::from_str(text).map_err(|error| syntax(text, &error))?;
    let mut root = Reader::root(table);
    let passes = root.table("passes")?;
    let (passes, second_approver) = read_passes(passes, names)?;
    let mut policy = Policy {
        passkeys: read_passkeys(root.table("passkeys")?, names)?,
        passes,
        second_approver,
        passwords: read_passwords(root.table("passwords")?, names)?,
        codes: read_codes(root.table("codes")?, names)?,
        recovery_codes: read_codes(root.table("recovery_codes")?, names)?,
        phones: read_phones(root.table("phones")?)?,
        interrupt: read_interrupt(root.table("interrupt")?, names)?,
        passwordless: read_passwordless(root.table("passwordless")?)?,
        strengths: read_strengths(&mut root)?,
        require: Requirements::default(),
    };
    policy.require = read_require(root.table("require")?, &policy.strengths)?;
    root.finish()?;
    Ok(policy)
}

fn syntax(text: &str, error: &toml::de::Error) -> DocumentRefusal {
    let before = error.span().and_then(|span| text.get(..span.start)).unwrap_or_default();
    let line = before.matches('\n').count().saturating_add(1);
    DocumentRefusal::Syntax { line, message: error.message().to_owned() }
}

/// Reads `for` and `except`; everybody where neither says anything else and `usual` is so.
fn read_audience(reader: &mut Reader, names: &Names, usual: Audience) -> Read<Audience> {
    let except = reader.texts("except", MOST_GROUPS)?;
    let except = groups(reader, "except", except.unwrap_or_default(), names)?;
    let audience = match reader.value("for") {
        None => usual,
        Some(Value::String(word)) if word == words::EVERYBODY => Audience::everybody(),
        Some(Value::String(word)) if word == words::NOBODY => Audience::Nobody,
        Some(Value::String(_)) => return Err(DocumentRefusal::Value(reader.key("for"))),
        Some(list) => {
            let texts = reader.texts_of("for", list, MOST_GROUPS)?;
            Audience::Groups { of: groups(reader, "for", texts, names)?, except: Vec::new() }
        }
    };
    match audience {
        // Who would be out of nobody? Whoever wrote it meant something else.
        Audience::Nobody if !except.is_empty() => Err(DocumentRefusal::Value(reader.key("except"))),
        Audience::Nobody => Ok(Audience::Nobody),
        Audience::Everybody { .. } => Ok(Audience::Everybody { except }),
        Audience::Groups { of, .. } => Ok(Audience::Groups { of, except }),
    }
}

fn groups(reader: &Reader, key: &str, texts: Vec<String>, names: &Names) -> Read<Vec<GroupId>> {
    let group = |name: String| {
        let found = names.id(&name);
        found.ok_or_else(|| DocumentRefusal::UnknownGroup { key: reader.key(key), name })
    };
    texts.into_iter().map(group).collect()
}

fn read_passkeys(mut reader: Reader, names: &Names) -> Read<For<PasskeyPolicy>> {
    let audience = read_audience(&mut reader, names, Audience::everybody())?;
    let mut terms = PasskeyPolicy { enabled: !audience.is_nobody(), ..PasskeyPolicy::default() };
    if let Some(compromised) = reader.word("compromised", Compromised::parse)? {
        terms.compromised = compromised;
    }
    if let Some(least) = reader.number("at_least", (1, 5))? {
        terms.at_least = least;
    }
    if let Some(profiles) = reader.tables("profile", MOST_PARTS)? {
        terms.profiles = Vec::new();
        for profile in profiles {
            let key = profile.key("name");
            let profile = read_profile(profile, names)?;
            if terms.profiles.iter().any(|other| other.name == profile.name) {
                return Err(DocumentRefusal::NameTaken { key, name: profile.name });
            }
            terms.profiles.push(profile);
        }
    }
    reader.finish()?;
    Ok(For { audience, terms })
}

fn read_profile(mut reader: Reader, names: &Names) -> Read<Profile> {
    let name = read_name(&mut reader)?;
    let audience = read_audience(&mut reader, names, Audience::everybody())?;
    let mut profile = Profile { name, audience, ..Profile::anything() };
    if let Some(kinds) = reader.texts("kinds", 2)? {
        let known = |kind: &String| kind == words::BACKED_UP || kind == words::DEVICE_BOUND;
        if kinds.is_empty() || !kinds.iter().all(known) {
            return Err(DocumentRefusal::Value(reader.key("kinds")));
        }
        let has = |word: &str| kinds.iter().any(|kind| kind == word);
        profile.kinds = Kinds { backed_up: has(words::BACKED_UP), device_bound: has(words::DEVICE_BOUND) };
    }
    if let Some(attestation) = reader.word("attestation", AttestationDemand::parse)? {
        profile.attestation = attestation;
    }
    profile.models = read_models(&mut reader)?;
    if let Some(algorithms) = reader.words("algorithms", MOST_PARTS, words::algorithm_of)? {
        profile.algorithms = algorithms;
    }
    reader.finish()?;
    Ok(profile)
}

fn read_name(reader: &mut Reader) -> Read<String> {
    let key = reader.key("name");
    let text = reader.text("name")?.ok_or_else(|| DocumentRefusal::Missing(key.clone()))?;
    user::bounded_text(&text, LONGEST_NAME).map_err(|_| DocumentRefusal::Value(key))
}

fn read_models(reader: &mut Reader) -> Read<ModelRule> {
    let mut models = ModelRule {
        allow: reader.words("allow", MOST_MODELS, |text| text.parse().ok())?.unwrap_or_default(),
        block: reader.words("block", MOST_MODELS, |text| text.parse().ok())?.unwrap_or_default(),
        certified: reader.word("certified", Certification::parse)?,
        ..ModelRule::default()
    };
    reader.flag("biometric", &mut models.biometric)?;
    reader.flag("hardware", &mut models.hardware)?;
    Ok(models)
}

fn read_passes(mut reader: Reader, names: &Names) -> Read<(For<PassPolicy>, bool)> {
    let audience = read_audience(&mut reader, names, Audience::everybody())?;
    let mut terms = PassPolicy { enabled: !audience.is_nobody(), ..PassPolicy::default() };
    let bounds = (Span::from_minutes(10), Span::from_days(30));
    reader.span("shortest", bounds, &mut terms.shortest)?;
    reader.span("longest", bounds, &mut terms.longest)?;
    reader.span("lifetime", bounds, &mut terms.default)?;
    if !(terms.shortest..=terms.longest).contains(&terms.default) {
        return Err(DocumentRefusal::Range(reader.key("lifetime")));
    }
    terms.length = reader.number("length", (8, 48))?.unwrap_or(terms.length);
    reader.flag("one_time_only", &mut terms.one_time_only)?;
    let mut second_approver = false;
    reader.flag("second_approver", &mut second_approver)?;
    reader.finish()?;
    Ok((For { audience, terms }, second_approver))
}

fn read_passwords(mut reader: Reader, names: &Names) -> Read<For<PasswordPolicy>> {
    let audience = read_audience(&mut reader, names, Audience::Nobody)?;
    let mut terms = PasswordPolicy { enabled: !audience.is_nobody(), ..PasswordPolicy::default() };
    terms.shortest = reader.number("shortest", (8, 64))?.unwrap_or(terms.shortest);
    reader.flag("beside_passkeys", &mut terms.beside_passkeys)?;
    reader.flag("alone_registers", &mut terms.alone_registers)?;
    reader.finish()?;
    Ok(For { audience, terms })
}

fn read_codes(mut reader: Reader, names: &Names) -> Read<Audience> {
    let audience = read_audience(&mut reader, names, Audience::everybody())?;
    reader.finish()?;
    Ok(audience)
}

fn read_phones(mut reader: Reader) -> Read<PhonePolicy> {
    let mut phones = PhonePolicy::default();
    reader.flag("link", &mut phones.link)?;
    reader.flag("number", &mut phones.number)?;
    reader.flag("hybrid", &mut phones.hybrid)?;
    phones.android = reader.number("android", (1, 999))?.unwrap_or(phones.android);
    phones.ios = reader.number("ios", (1, 999))?.unwrap_or(phones.ios);
    reader.finish()?;
    Ok(phones)
}

fn read_interrupt(mut reader: Reader, names: &Names) -> Read<For<InterruptPolicy>> {
    let audience = read_audience(&mut reader, names, Audience::everybody())?;
    let mut terms = InterruptPolicy { enabled: !audience.is_nobody(), ..InterruptPolicy::default() };
    terms.from = reader.time("from")?;
    reader.span("postponable", (Span::ZERO, Span::from_days(366)), &mut terms.postponable)?;
    terms.postponements = reader.number("postponements", (0, 1000))?;
    reader.finish()?;
    Ok(For { audience, terms })
}

fn read_passwordless(mut reader: Reader) -> Read<PasswordlessPolicy> {
    let mut terms = PasswordlessPolicy::default();
    reader.flag("offered", &mut terms.offered)?;
    terms.forced_from = reader.time("forced_from")?;
    terms.passkeys = reader.number("passkeys", (1, 5))?.unwrap_or(terms.passkeys);
    reader.finish()?;
    Ok(terms)
}

fn read_strengths(root: &mut Reader) -> Read<Vec<CustomStrength>> {
    let mut strengths: Vec<CustomStrength> = Vec::new();
    for reader in root.tables("strength", MOST_PARTS)?.unwrap_or_default() {
        let key = reader.key("name");
        let strength = read_strength(reader)?;
        let built_in = strength.name == words::ANYTHING || Strength::parse(&strength.name).is_some();
        if built_in || strengths.iter().any(|other| other.name == strength.name) {
            return Err(DocumentRefusal::NameTaken { key, name: strength.name });
        }
        strengths.push(strength);
    }
    Ok(strengths)
}

fn read_strength(mut reader: Reader) -> Read<CustomStrength> {
    let name = read_name(&mut reader)?;
    let key = reader.key("description");
    let description = match reader.text("description")?.unwrap_or_default() {
        empty if empty.trim().is_empty() => String::new(),
        text => user::bounded_text(&text, LONGEST_DESCRIPTION).map_err(|_| DocumentRefusal::Value(key))?,
    };
    let key = reader.key("combinations");
    let combinations = reader.words("combinations", MOST_PARTS, Combination::parse)?;
    let combinations = combinations.ok_or_else(|| DocumentRefusal::Missing(key.clone()))?;
    // What nothing satisfies would be a wall that looks like a door.
    if combinations.is_empty() {
        return Err(DocumentRefusal::Value(key));
    }
    let models = read_models(&mut reader)?;
    reader.finish()?;
    Ok(CustomStrength { name, description, combinations, models })
}

fn read_require(mut reader: Reader, strengths: &[CustomStrength]) -> Read<Requirements> {
    let usual = Requirements::default();
    let require = Requirements {
        portal: read_needed(&mut reader, "portal", strengths)?.unwrap_or(usual.portal),
        console: read_needed(&mut reader, "console", strengths)?.unwrap_or(usual.console),
        security_info: read_needed(&mut reader, "security_info", strengths)?.unwrap_or(usual.security_info),
        applications: read_needed(&mut reader, "applications", strengths)?.unwrap_or(usual.applications),
    };
    let strong = |strength: &CustomStrength| {
        let phishing_resistant = |combination: &Combination| {
            matches!(combination, Combination::Passkey | Combination::HardwarePasskey)
        };
        strength.combinations.iter().all(phishing_resistant)
    };
    let enough = match &require.console {
        Needed::Anything => false,
        Needed::BuiltIn(strength) => *strength >= Strength::PhishingResistant,
        Needed::Custom(name) => strengths.iter().find(|strength| strength.name == *name).is_some_and(strong),
    };
    reader.finish()?;
    if enough { Ok(require) } else { Err(DocumentRefusal::ConsoleTooWeak) }
}

fn read_needed(reader: &mut Reader, key: &str, strengths: &[CustomStrength]) -> Read<Option<Needed>> {
    let Some(name) = reader.text(key)? else { return Ok(None) };
    if name == words::ANYTHING {
        return Ok(Some(Needed::Anything));
    }
    if let Some(strength) = Strength::parse(&name) {
        return Ok(Some(Needed::BuiltIn(strength)));
    }
    match strengths.iter().any(|strength| strength.name == name) {
        true => Ok(Some(Needed::Custom(name))),
        false => Err(DocumentRefusal::UnknownStrength { key: reader.key(key), name }),
    }
}
