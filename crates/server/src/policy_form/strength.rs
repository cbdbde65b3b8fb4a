//! A strength of the organisation's own as fields.

use std::collections::BTreeMap;

use account::model::{Aaguid, Models};
use account::policy::{Area, Combination, CustomStrength, Needed, Policy};
use account::strength::Strength;

use super::{Around, Fields, Wrong, models, places};
use crate::pages::console::form::{Choice, Control};

const LONGEST_NAME: usize = 64;
const LONGEST_DESCRIPTION: usize = 300;

/// The form of one strength: that of a name, or a new one.
pub(crate) struct StrengthForm {
    /// What it is called now; a new one is called nothing.
    pub(crate) name: Option<String>,
    known: BTreeMap<Aaguid, String>,
}

impl StrengthForm {
    pub(crate) fn new(name: Option<String>, models: &Models) -> Self {
        Self { name, known: models::known(models) }
    }

    pub(crate) fn fill(&self, strength: Option<&CustomStrength>) -> Fields {
        let mut fields = Fields::default();
        let Some(strength) = strength else {
            models::fill(&account::policy::ModelRule::default(), &self.known, &mut fields);
            return fields;
        };
        fields.put("name", &strength.name);
        fields.put("description", &strength.description);
        strength.combinations.iter().for_each(|combination| fields.put("combination", combination));
        models::fill(&strength.models, &self.known, &mut fields);
        fields
    }

    /// Everything but the matrix, which is a table.
    pub(crate) fn controls(&self, around: &Around<'_>, fields: &Fields, wrong: &[Wrong]) -> Vec<Control> {
        let text = around.text;
        let combinations = Combination::ALL.iter().map(|combination| {
            let label = text.say(combination_key(*combination)).to_string();
            let chosen = fields.has("combination", combination.as_str());
            Choice::new("combination", combination.as_str(), label, chosen)
        });
        let mut controls = vec![
            Control::line(text, "name", "strength-name", fields.one("name"))
                .hint(text, "strength-name-hint")
                .wrong(text, wrong),
            Control::line(text, "description", "strength-description", fields.one("description"))
                .wrong(text, wrong),
            Control::boxes(text, "combination", "strength-combinations", combinations.collect())
                .hint(text, "strength-combinations-hint")
                .wrong(text, wrong),
            Control::heading(text, "strength-models"),
        ];
        controls.extend(models::controls(text, fields, wrong));
        controls
    }

    /// The strength that the fields mean, whatever else is wrong with them.
    pub(crate) fn strength(&self, fields: &Fields, wrong: &mut Vec<Wrong>) -> CustomStrength {
        let ticked = |combination: &Combination| fields.has("combination", combination.as_str());
        CustomStrength {
            name: fields.one("name").to_owned(),
            description: fields.one("description").to_owned(),
            combinations: Combination::ALL.iter().copied().filter(ticked).collect(),
            models: models::read(fields, &self.known, wrong),
        }
    }

    /// `policy` with the strength that the fields mean; places that ask for it by its old name ask for the new one.
    pub(crate) fn read(&self, policy: &Policy, fields: &Fields) -> Result<Policy, Vec<Wrong>> {
        let mut wrong = Vec::new();
        let strength = self.strength(fields, &mut wrong);
        if !is_name(&strength.name) {
            wrong.push(Wrong::new("name", "strength-wrong-name", LONGEST_NAME));
        } else if self.is_taken(&strength.name, policy) {
            wrong.push(Wrong::new("name", "strength-wrong-taken", &strength.name));
        }
        if strength.description.chars().count() > LONGEST_DESCRIPTION {
            wrong.push(Wrong::new("description", "strength-wrong-description", LONGEST_DESCRIPTION));
        }
        if strength.combinations.is_empty() {
            wrong.push(Wrong::new("combination", "strength-wrong-empty", ""));
        } else if !strength.combinations.iter().any(|combination| is_possible(*combination, policy)) {
            wrong.push(Wrong::new("combination", "strength-wrong-impossible", ""));
        }
        if !wrong.is_empty() {
            return Err(wrong);
        }
        let mut next = policy.clone();
        let Some(old) = &self.name else {
            next.strengths.push(strength);
            return Ok(next);
        };
        for place in Area::ALL {
            let needed = places::needed(&mut next.require, *place);
            if *needed == Needed::Custom(old.clone()) {
                *needed = Needed::Custom(strength.name.clone());
            }
        }
        match next.strengths.iter_mut().find(|stored| stored.name == *old) {
            Some(stored) => *stored = strength,
            None => next.strengths.push(strength),
        }
        Ok(next)
    }

    fn is_taken(&self, name: &str, policy: &Policy) -> bool {
        let built_in = matches!(name, "anything" | "new") || Strength::parse(name).is_some();
        let other = policy.strengths.iter().any(|other| other.name == name);
        built_in || other && self.name.as_deref() != Some(name)
    }
}

/// The places that ask for the strength of that name.
pub(crate) fn used_at(policy: &Policy, name: &str) -> Vec<Area> {
    let asks = |place: &Area| *policy.require.of(*place) == Needed::Custom(name.to_owned());
    Area::ALL.iter().copied().filter(asks).collect()
}

/// The name of a combination in words.
pub(crate) fn combination_key(combination: Combination) -> &'static str {
    match combination {
        Combination::AnyPasskey => "combination-any-passkey",
        Combination::Passkey => "combination-passkey",
        Combination::HardwarePasskey => "combination-hardware-passkey",
        Combination::PassOnce => "combination-pass-once",
        Combination::PassManyTimes => "combination-pass-many-times",
        Combination::PasswordAndCode => "combination-password-code",
        Combination::PasswordAndRecoveryCode => "combination-password-recovery",
        Combination::Password => "combination-password",
    }
}

/// Lower-case letters, digits and hyphens, beginning with a letter: it stands in documents, addresses and the log.
fn is_name(name: &str) -> bool {
    let fits = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
    name.len() <= LONGEST_NAME && name.starts_with(|c: char| c.is_ascii_lowercase()) && name.chars().all(fits)
}

/// Whether policy lets anybody have what the combination is made of.
fn is_possible(combination: Combination, policy: &Policy) -> bool {
    let passkeys = !policy.passkeys.audience.is_nobody();
    let passwords = !policy.passwords.audience.is_nobody();
    match combination {
        Combination::AnyPasskey | Combination::Passkey => passkeys,
        Combination::HardwarePasskey => {
            passkeys && policy.passkeys.terms.profiles.iter().any(|profile| profile.kinds.device_bound)
        }
        Combination::PassOnce => !policy.passes.audience.is_nobody(),
        Combination::PassManyTimes => {
            !policy.passes.audience.is_nobody() && !policy.passes.terms.one_time_only
        }
        Combination::PasswordAndCode => passwords && !policy.codes.is_nobody(),
        Combination::PasswordAndRecoveryCode => passwords && !policy.recovery_codes.is_nobody(),
        Combination::Password => passwords,
    }
}
