//! A profile of passkeys as fields.

use std::collections::BTreeMap;

use account::model::{Aaguid, Models};
use account::policy::{AttestationDemand, Kinds, Policy, Profile};
use primitives::cose::Algorithm;

use super::{Around, Fields, Groups, Wrong, audience, models};
use crate::pages::console::form::{Choice, Control};
use crate::text::Text;

const LONGEST_NAME: usize = 64;

/// The form of one profile: that of a place in the list, or a new one.
pub(crate) struct ProfileForm {
    /// Where it stands; a new one stands nowhere.
    pub(crate) place: Option<usize>,
    known: BTreeMap<Aaguid, String>,
}

impl ProfileForm {
    pub(crate) fn new(place: Option<usize>, models: &Models) -> Self {
        Self { place, known: models::known(models) }
    }

    /// Its fields; a new one asks for nothing.
    pub(crate) fn fill(&self, profile: &Profile, groups: &Groups) -> Fields {
        let mut fields = Fields::default();
        fields.put("name", &profile.name);
        audience::fill(&profile.audience, groups, &mut fields);
        fields.put_flag("backed-up", profile.kinds.backed_up);
        fields.put_flag("device-bound", profile.kinds.device_bound);
        fields.put("attestation", profile.attestation);
        models::fill(&profile.models, &self.known, &mut fields);
        profile.algorithms.iter().for_each(|algorithm| fields.put("algorithm", algorithm.id()));
        fields
    }

    pub(crate) fn controls(&self, around: &Around<'_>, fields: &Fields, wrong: &[Wrong]) -> Vec<Control> {
        let text = around.text;
        let name = Control::line(text, "name", "policy-profile-name", fields.one("name"));
        let mut controls = vec![name.hint(text, "policy-profile-name-hint").wrong(text, wrong)];
        controls.extend(audience::controls(around, fields, wrong));
        let kinds = [("backed-up", "policy-kind-backed-up"), ("device-bound", "policy-kind-device-bound")];
        controls.push(Control::flags(text, "policy-kinds", &kinds, fields).wrong(text, wrong));
        let demands = AttestationDemand::ALL.iter().map(|demand| {
            let label = text.say(&format!("policy-attestation-{demand}")).to_string();
            Choice::new("attestation", demand.as_str(), label, fields.has("attestation", demand.as_str()))
        });
        controls.push(
            Control::radios(text, "attestation", "policy-attestation", demands.collect())
                .hint(text, "policy-attestation-hint")
                .wrong(text, wrong),
        );
        controls.push(Control::heading(text, "policy-models"));
        controls.extend(models::controls(text, fields, wrong));
        controls.push(algorithms(text, fields));
        controls
    }

    /// `policy` with the profile that the fields mean.
    pub(crate) fn read(
        &self,
        policy: &Policy,
        groups: &Groups,
        fields: &Fields,
    ) -> Result<Policy, Vec<Wrong>> {
        let mut wrong = Vec::new();
        let name: String = fields.one("name").to_owned();
        if name.is_empty() || name.chars().count() > LONGEST_NAME {
            wrong.push(Wrong::new("name", "policy-wrong-name", LONGEST_NAME));
        }
        let mut others = policy.passkeys.terms.profiles.iter().enumerate();
        if others.any(|(place, other)| Some(place) != self.place && other.name == name) {
            wrong.push(Wrong::new("name", "policy-wrong-name-taken", &name));
        }
        let kinds = Kinds { backed_up: fields.flag("backed-up"), device_bound: fields.flag("device-bound") };
        if !kinds.backed_up && !kinds.device_bound {
            wrong.push(Wrong::new("backed-up", "policy-wrong-kinds", ""));
        }
        let profile = Profile {
            name,
            audience: audience::read(groups, fields, &mut wrong),
            kinds,
            attestation: AttestationDemand::parse(fields.one("attestation"))
                .unwrap_or(AttestationDemand::NotAsked),
            models: models::read(fields, &self.known, &mut wrong),
            algorithms: chosen(fields),
        };
        // Without attestation a model is a claim, and a rule about it would be one that anybody passes or nobody.
        if profile.models.needs_attestation() && profile.attestation == AttestationDemand::NotAsked {
            wrong.push(Wrong::new("attestation", "policy-wrong-attestation", ""));
        }
        if !wrong.is_empty() {
            return Err(wrong);
        }
        let mut next = policy.clone();
        match self.place.and_then(|place| next.passkeys.terms.profiles.get_mut(place)) {
            Some(stored) => *stored = profile,
            None => next.passkeys.terms.profiles.push(profile),
        }
        Ok(next)
    }
}

fn algorithms(text: Text, fields: &Fields) -> Control {
    let options = Algorithm::ALL.iter().map(|algorithm| {
        let id = algorithm.id().to_string();
        let chosen = fields.has("algorithm", &id);
        Choice::new("algorithm", &id, format!("{algorithm:?} ({id})"), chosen)
    });
    Control::boxes(text, "algorithm", "policy-algorithms", options.collect())
        .hint(text, "policy-algorithms-hint")
}

fn chosen(fields: &Fields) -> Vec<Algorithm> {
    Algorithm::ALL
        .into_iter()
        .filter(|algorithm| fields.has("algorithm", &algorithm.id().to_string()))
        .collect()
}
