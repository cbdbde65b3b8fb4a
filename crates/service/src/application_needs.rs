//! What an application asks of a sign-in, and what it is told of it: `acr` and `amr` by the evidence, as policy and
//! metadata judge it now.

use account::application::Application;
use account::evidence::Evidence;
use account::policy::judge;
use account::policy::{Area, Needed};
use account::strength::Strength;
use account::user::User;

use crate::context::Settings;

/// What the `acr` of an organisation's own strength begins with; its name follows.
const CUSTOM: &str = "urn:keyward:acr:strength:";

impl Settings {
    /// Whether that evidence is what somebody asks for.
    pub fn satisfies(&self, needed: &Needed, evidence: &Evidence) -> bool {
        judge::satisfies(&self.policy, needed, evidence, &self.models)
    }

    /// The strength of that `acr`; nothing for one that nobody here knows.
    pub fn needed_for_acr(&self, acr: &str) -> Option<Needed> {
        if let Some(name) = acr.strip_prefix(CUSTOM) {
            let known = self.policy.strengths.iter().any(|strength| strength.name == name);
            return known.then(|| Needed::Custom(name.to_owned()));
        }
        Strength::ALL.iter().copied().find(|strength| strength.acr() == acr).map(Needed::BuiltIn)
    }

    /// All `acr` values that there are, for discovery.
    pub fn acr_values(&self) -> Vec<String> {
        let built_in = Strength::ALL.iter().map(|strength| strength.acr().to_owned());
        let custom = self.policy.strengths.iter().map(|strength| format!("{CUSTOM}{}", strength.name));
        built_in.chain(custom).collect()
    }

    /// What an application is told: the first of the values that it wants and the evidence satisfies, else the strongest
    /// one that it does.
    pub fn acr_of<'a>(
        &self,
        wanted: impl IntoIterator<Item = &'a str>,
        evidence: &Evidence,
    ) -> Option<String> {
        let satisfied =
            |acr: &&str| self.needed_for_acr(acr).is_some_and(|needed| self.satisfies(&needed, evidence));
        if let Some(acr) = wanted.into_iter().find(satisfied) {
            return Some(acr.to_owned());
        }
        let strongest = Strength::ALL
            .iter()
            .rev()
            .find(|strength| self.satisfies(&Needed::BuiltIn(**strength), evidence));
        strongest.map(|strength| strength.acr().to_owned())
    }

    /// What an application is told of the methods (RFC 8176). That a key cannot leave its hardware is said only where
    /// everything says so that speaks for it: trusted attestation, metadata and the flags of the authenticator.
    pub fn amr_of(&self, evidence: &Evidence) -> Vec<String> {
        let hardware = Needed::BuiltIn(Strength::PhishingResistantHardware);
        let proven = self.satisfies(&hardware, evidence);
        let mut values: Vec<String> = evidence
            .amr()
            .into_iter()
            .map(|value| if value == "hwk" && !proven { "pop" } else { value }.to_owned())
            .collect();
        values.sort_unstable();
        values.dedup();
        values
    }

    /// Whether that person's evidence opens that application: what policy asks for at applications, and what the
    /// organisation asks for at this one.
    pub fn opens(&self, user: &User, application: &Application, evidence: &Evidence) -> bool {
        self.reaches(user, Area::Applications, evidence) && self.satisfies(&application.needed, evidence)
    }

    /// What that person's evidence lacks of it.
    pub(crate) fn lacking(
        &self,
        user: &User,
        application: &Application,
        evidence: &Evidence,
    ) -> Option<Needed> {
        if !self.satisfies(&application.needed, evidence) {
            return Some(application.needed.clone());
        }
        let lacks = !self.reaches(user, Area::Applications, evidence);
        lacks.then(|| judge::needed_of(&self.policy, user, Area::Applications))
    }
}

/// Whether that person may use it at all.
pub(crate) fn is_assigned(user: &User, application: &Application) -> bool {
    application.groups.is_empty() || application.groups.iter().any(|group| user.groups.contains(group))
}
