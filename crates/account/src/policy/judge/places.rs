//! Whether what somebody proved is what a place asks for.

use primitives::time::Timestamp;

use super::by_model;
use crate::evidence::{Evidence, Proof};
use crate::model::{Aaguid, Models};
use crate::policy::{Area, Combination, Compromised, CustomStrength, ModelRule, Needed, Policy};
use crate::strength::Strength;
use crate::user::User;

/// Whether the evidence of that person is what a place asks of them.
///
/// The console never asks for less than a phishing-resistant passkey, and for one whose binder answers for the person's
/// role. Of a break-glass account no place asks for more,
/// whatever became of its passkeys' model: a strength that nobody can satisfy any more must not keep it out too.
pub fn reaches(policy: &Policy, user: &User, place: Area, evidence: &Evidence, models: &Models) -> bool {
    let needed = needed_of(policy, user, place);
    if place != Area::Console {
        return satisfied(policy, user, (&needed, evidence), models);
    }
    let least = Needed::BuiltIn(Strength::PhishingResistant);
    evidence.vouched_for(user.role).is_some_and(|evidence| {
        [least, needed].iter().all(|needed| satisfied(policy, user, (needed, &evidence), models))
    })
}

/// What a place asks of that person.
pub fn needed_of(policy: &Policy, user: &User, place: Area) -> Needed {
    match policy.require.of(place) {
        Needed::Custom(_) | Needed::BuiltIn(Strength::PhishingResistantHardware) if user.break_glass => {
            Needed::BuiltIn(Strength::PhishingResistant)
        }
        needed => needed.clone(),
    }
}

fn satisfied(
    policy: &Policy,
    user: &User,
    (needed, evidence): (&Needed, &Evidence),
    models: &Models,
) -> bool {
    if !user.break_glass {
        return satisfies(policy, needed, evidence, models);
    }
    let judge = Judge { compromised: Compromised::Mark, models };
    match needed {
        Needed::Anything => true,
        Needed::BuiltIn(strength) => judge.built_in(*strength, evidence),
        // None is asked of it.
        Needed::Custom(_) => false,
    }
}

/// Whether a password leads anywhere in this organisation: into the portal together with a code, or to one's first
/// passkey. Where it does not, it is not asked for at all: who types it would only give it away.
pub fn password_leads_on(policy: &Policy, models: &Models) -> bool {
    if policy.passwords.audience.is_nobody() {
        return false;
    }
    let password = || Evidence::from_password(Timestamp::EPOCH);
    let code = || password().and(Evidence::from_authenticator_code(Timestamp::EPOCH));
    let recovery = || password().and(Evidence::from_recovery_code(Timestamp::EPOCH));
    let both: Vec<Evidence> =
        [(!policy.codes.is_nobody()).then(code), (!policy.recovery_codes.is_nobody()).then(recovery)]
            .into_iter()
            .flatten()
            .collect();
    let opens =
        |place: Area, evidence: &Evidence| satisfies(policy, policy.require.of(place), evidence, models);
    let alone = policy.passwords.terms.alone_registers && opens(Area::SecurityInfo, &password());
    alone || both.iter().any(|both| opens(Area::Portal, both) || opens(Area::SecurityInfo, both))
}

/// Whether the evidence is what a place asks for. A strength that the policy does not have is satisfied by nothing.
pub fn satisfies(policy: &Policy, needed: &Needed, evidence: &Evidence, models: &Models) -> bool {
    let judge = Judge { compromised: policy.passkeys.terms.compromised, models };
    match needed {
        Needed::Anything => true,
        Needed::BuiltIn(strength) => judge.built_in(*strength, evidence),
        Needed::Custom(name) => policy
            .strengths
            .iter()
            .find(|custom| custom.name == *name)
            .is_some_and(|custom| judge.custom(custom, evidence)),
    }
}

/// How much a proof is still worth, after what was reported of its passkey's model.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Worth {
    Whole,
    /// No more than [`Strength::Multifactor`].
    Weakened,
    Nothing,
}

struct Judge<'a> {
    compromised: Compromised,
    models: &'a Models,
}

impl Judge<'_> {
    fn worth(&self, proof: &Proof) -> Worth {
        let Proof::Passkey { model, claims, .. } = proof else {
            return Worth::Whole;
        };
        let broken = model.or(*claims).and_then(|model| self.models.get(model)?.broken);
        match (broken, self.compromised) {
            (None, _) | (Some(_), Compromised::Mark) => Worth::Whole,
            (Some(_), Compromised::Weaken) => Worth::Weakened,
            (Some(_), Compromised::Refuse) => Worth::Nothing,
        }
    }

    /// Those proofs that are worth enough, if any are left.
    fn worthy(&self, evidence: &Evidence, worth: impl Fn(Worth) -> bool) -> Option<Evidence> {
        let proofs: Vec<Proof> =
            evidence.proofs().iter().filter(|proof| worth(self.worth(proof))).cloned().collect();
        Evidence::try_from(proofs).ok()
    }

    fn built_in(&self, strength: Strength, evidence: &Evidence) -> bool {
        let weakened = strength == Strength::Multifactor;
        let enough = |worth| worth == Worth::Whole || weakened && worth == Worth::Weakened;
        let Some(evidence) = self.worthy(evidence, enough) else {
            return false;
        };
        match strength {
            Strength::PhishingResistantHardware => self.hardware(&evidence),
            other => other.satisfied_by(&evidence),
        }
    }

    /// A trusted attestation alone says which model it is. That the model keeps its keys in hardware is for metadata to
    /// say: an organisation's own root may vouch for a program (DESIGN 5a.13).
    fn hardware(&self, evidence: &Evidence) -> bool {
        evidence.proofs().iter().any(|proof| {
            let in_hardware = model_of(proof).and_then(|model| self.models.get(model));
            in_hardware.is_some_and(|model| model.hardware)
                && alone(proof).is_some_and(|one| Strength::PhishingResistantHardware.satisfied_by(&one))
        })
    }

    fn custom(&self, custom: &CustomStrength, evidence: &Evidence) -> bool {
        let Some(evidence) = self.worthy(evidence, |worth| worth == Worth::Whole) else {
            return false;
        };
        custom
            .combinations
            .iter()
            .any(|combination| self.combination(*combination, &custom.models, &evidence))
    }

    fn combination(&self, combination: Combination, rule: &ModelRule, evidence: &Evidence) -> bool {
        let passkey = |strength: Strength| {
            let fits = |proof: &&Proof| self.is_of_rule(rule, proof);
            let proofs: Vec<Proof> = evidence.proofs().iter().filter(fits).cloned().collect();
            Evidence::try_from(proofs).is_ok_and(|evidence| match strength {
                Strength::PhishingResistantHardware => self.hardware(&evidence),
                other => other.satisfied_by(&evidence),
            })
        };
        let pass = |once: bool| {
            let is =
                |proof: &Proof| matches!(proof, Proof::TemporaryPass { one_time, .. } if *one_time == once);
            evidence.proofs().iter().any(is)
        };
        let password_and = |method| evidence.has_method("password") && evidence.has_method(method);
        match combination {
            Combination::AnyPasskey => passkey(Strength::Passwordless),
            Combination::Passkey => passkey(Strength::PhishingResistant),
            Combination::HardwarePasskey => passkey(Strength::PhishingResistantHardware),
            Combination::PassOnce => pass(true),
            Combination::PassManyTimes => pass(false),
            Combination::PasswordAndCode => password_and("authenticator_code"),
            Combination::PasswordAndRecoveryCode => password_and("recovery_code"),
            Combination::Password => evidence.has_method("password"),
        }
    }

    /// Whether a proof is a passkey's, of a model that the rule takes.
    fn is_of_rule(&self, rule: &ModelRule, proof: &Proof) -> bool {
        let Proof::Passkey { model, claims, .. } = proof else {
            return false;
        };
        let blocked = model.or(*claims).is_some_and(|model| rule.block.contains(&model));
        let taken = match model {
            Some(model) => by_model(rule, *model, self.models).is_ok(),
            None => !rule.needs_attestation(),
        };
        !blocked && taken
    }
}

fn model_of(proof: &Proof) -> Option<Aaguid> {
    match proof {
        Proof::Passkey { model, .. } => *model,
        _ => None,
    }
}

fn alone(proof: &Proof) -> Option<Evidence> {
    Evidence::try_from(vec![proof.clone()]).ok()
}
