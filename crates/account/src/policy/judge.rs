//! Judges passkeys by their policy, and evidence by what a place asks for.
//!
//! A passkey must satisfy one profile wholly: what is good in one does not make up for what is missing in another. It is
//! judged when it is registered and again whenever it is used, because policy, metadata and groups change meanwhile.

mod places;

pub use places::{needed_of, password_leads_on, reaches, satisfies};

use primitives::cbor;
use primitives::cose::{self, Algorithm};

use crate::model::{Aaguid, Broken, Model, Models};
use crate::passkey::{Passkey, Place};
use crate::policy::{AttestationDemand, Compromised, ModelRule, PasskeyPolicy, Profile};

/// What is known of a passkey that somebody wants to register.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Facts {
    /// The BE flag: whether it may be copied to other devices.
    pub backup_eligible: bool,
    /// The model that the authenticator says it is.
    pub claimed: Aaguid,
    /// Whether a trusted attestation says so too.
    pub attested: bool,
    /// The algorithm of its key.
    pub algorithm: Algorithm,
}

/// Why policy takes no such passkey.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PasskeyRefusal {
    /// The person may use none at all, or no profile is theirs.
    Off,
    /// Passkeys of that kind are not taken.
    Kind {
        /// Whether it was one that may be copied to other devices.
        backed_up: bool,
    },
    /// Its model is among those that are not taken.
    ModelBlocked,
    /// Its model must be proven, and was not.
    AttestationMissing,
    /// Metadata does not know its model.
    ModelUnknown,
    /// Its model is not among those that are taken.
    ModelNotAllowed,
    /// Its model's certification is too low.
    NotCertified,
    /// Its model has no built-in biometric check.
    NotBiometric,
    /// Its model does not protect keys by hardware.
    NotHardware,
    /// Its key is of an algorithm that is not taken.
    Algorithm,
    /// Its model was reported broken.
    Broken(Broken),
}

impl PasskeyRefusal {
    /// The stable code.
    pub const fn code(self) -> &'static str {
        match self {
            PasskeyRefusal::Off => "policy_passkeys_off",
            PasskeyRefusal::Kind { backed_up: true } => "policy_kind_backed_up",
            PasskeyRefusal::Kind { backed_up: false } => "policy_kind_device_bound",
            PasskeyRefusal::ModelBlocked => "policy_model_blocked",
            PasskeyRefusal::AttestationMissing => "policy_attestation_missing",
            PasskeyRefusal::ModelUnknown => "policy_model_unknown",
            PasskeyRefusal::ModelNotAllowed => "policy_model_not_allowed",
            PasskeyRefusal::NotCertified => "policy_not_certified",
            PasskeyRefusal::NotBiometric => "policy_not_biometric",
            PasskeyRefusal::NotHardware => "policy_not_hardware",
            PasskeyRefusal::Algorithm => "policy_algorithm",
            PasskeyRefusal::Broken(_) => "policy_model_broken",
        }
    }

    /// How far a profile was satisfied before it refused so: the order in which its terms are looked at.
    const fn progress(self) -> u8 {
        match self {
            PasskeyRefusal::Off => 0,
            PasskeyRefusal::Kind { .. } => 1,
            PasskeyRefusal::ModelBlocked => 2,
            PasskeyRefusal::AttestationMissing => 3,
            PasskeyRefusal::ModelNotAllowed => 4,
            PasskeyRefusal::ModelUnknown => 5,
            PasskeyRefusal::NotCertified => 6,
            PasskeyRefusal::NotBiometric => 7,
            PasskeyRefusal::NotHardware => 8,
            PasskeyRefusal::Algorithm => 9,
            PasskeyRefusal::Broken(_) => 10,
        }
    }
}

/// Whether such a passkey may be registered; else why not, by the profile that it came closest to.
///
/// New passkeys of a model that was reported broken are taken by nobody's profile: what [`Compromised`] says is for
/// those that there are already.
pub fn may_register(policy: &PasskeyPolicy, facts: &Facts, models: &Models) -> Result<(), PasskeyRefusal> {
    let found = Found {
        backup_eligible: facts.backup_eligible,
        claimed: facts.claimed,
        attested: facts.attested,
        algorithm: &|| Some(facts.algorithm),
    };
    by_profiles(policy, &found, models)?;
    broken(facts.claimed, models).map_or(Ok(()), |report| Err(PasskeyRefusal::Broken(report)))
}

/// Whether a stored passkey may be used.
pub fn may_use(policy: &PasskeyPolicy, passkey: &Passkey, models: &Models) -> Result<(), PasskeyRefusal> {
    let found = Found {
        backup_eligible: passkey.backup_eligible,
        claimed: Aaguid(passkey.aaguid),
        attested: passkey.attestation_trusted,
        algorithm: &|| algorithm_of(&passkey.public_key),
    };
    by_profiles(policy, &found, models)?;
    match reported(passkey, models) {
        Some(report) if policy.compromised == Compromised::Refuse => Err(PasskeyRefusal::Broken(report)),
        _ => Ok(()),
    }
}

/// What was reported of a stored passkey's model, whatever policy makes of it: pages show it.
pub fn reported(passkey: &Passkey, models: &Models) -> Option<Broken> {
    broken(Aaguid(passkey.aaguid), models)
}

/// What profiles look at. The algorithm of a stored key is read only where a profile asks for it.
struct Found<'a> {
    backup_eligible: bool,
    claimed: Aaguid,
    attested: bool,
    algorithm: &'a dyn Fn() -> Option<Algorithm>,
}

fn algorithm_of(public_key: &[u8]) -> Option<Algorithm> {
    let value = cbor::parse(public_key, cbor::CTAP2_DEPTH).ok()?;
    Algorithm::from_id(cose::algorithm_id(&value).ok()?)
}

/// A claim is heeded here as it is in [`ModelRule::block`]: nobody gains by claiming to be a broken model.
fn broken(claimed: Aaguid, models: &Models) -> Option<Broken> {
    models.get(claimed).and_then(|model| model.broken)
}

fn by_profiles(policy: &PasskeyPolicy, found: &Found<'_>, models: &Models) -> Result<(), PasskeyRefusal> {
    if !policy.enabled {
        return Err(PasskeyRefusal::Off);
    }
    let mut closest = PasskeyRefusal::Off;
    for profile in &policy.profiles {
        match by_profile(profile, found, models) {
            Ok(()) => return Ok(()),
            Err(refusal) if refusal.progress() >= closest.progress() => closest = refusal,
            Err(_) => {}
        }
    }
    Err(closest)
}

fn by_profile(profile: &Profile, found: &Found<'_>, models: &Models) -> Result<(), PasskeyRefusal> {
    let taken = if found.backup_eligible { profile.kinds.backed_up } else { profile.kinds.device_bound };
    if !taken {
        return Err(PasskeyRefusal::Kind { backed_up: found.backup_eligible });
    }
    if profile.models.block.contains(&found.claimed) {
        return Err(PasskeyRefusal::ModelBlocked);
    }
    let required = profile.attestation == AttestationDemand::Required;
    if (required || profile.models.needs_attestation()) && !found.attested {
        return Err(PasskeyRefusal::AttestationMissing);
    }
    by_model(&profile.models, found.claimed, models)?;
    let algorithms = &profile.algorithms;
    if algorithms.is_empty() || (found.algorithm)().is_some_and(|algorithm| algorithms.contains(&algorithm)) {
        Ok(())
    } else {
        Err(PasskeyRefusal::Algorithm)
    }
}

/// The rules that need a proven model; one that asks for nothing takes any.
fn by_model(rule: &ModelRule, aaguid: Aaguid, models: &Models) -> Result<(), PasskeyRefusal> {
    if !rule.allow.is_empty() && !rule.allow.contains(&aaguid) {
        return Err(PasskeyRefusal::ModelNotAllowed);
    }
    if rule.certified.is_none() && !rule.biometric && !rule.hardware {
        return Ok(());
    }
    let model: &Model = models.get(aaguid).ok_or(PasskeyRefusal::ModelUnknown)?;
    if rule.certified.is_some() && model.certification < rule.certified {
        return Err(PasskeyRefusal::NotCertified);
    }
    if rule.biometric && !model.biometric {
        return Err(PasskeyRefusal::NotBiometric);
    }
    if rule.hardware && !model.hardware {
        return Err(PasskeyRefusal::NotHardware);
    }
    Ok(())
}

/// Whether a passkey could be registered in that place, as far as can be said before there is one; else why not.
///
/// Passkeys of phones are backed up, and keys of their own stay where they are made. A computer makes either kind.
pub fn may_begin(policy: &PasskeyPolicy, place: Place) -> Result<(), PasskeyRefusal> {
    let kinds = |profile: &Profile| match place {
        Place::Phone => profile.kinds.backed_up,
        Place::SecurityKey => profile.kinds.device_bound,
        Place::ThisComputer => profile.kinds.backed_up || profile.kinds.device_bound,
    };
    if !policy.enabled || policy.profiles.is_empty() {
        Err(PasskeyRefusal::Off)
    } else if policy.profiles.iter().any(kinds) {
        Ok(())
    } else {
        Err(PasskeyRefusal::Kind { backed_up: place == Place::Phone })
    }
}

/// Whether some profile takes a passkey that is backed up and proves nothing of its model: what phones and password
/// managers make.
pub fn takes_unproven_backed_up(policy: &PasskeyPolicy) -> bool {
    let takes = |profile: &Profile| {
        profile.kinds.backed_up
            && profile.attestation != AttestationDemand::Required
            && !profile.models.needs_attestation()
    };
    policy.enabled && policy.profiles.iter().any(takes)
}

/// Whether a registration should ask for attestation.
pub fn asks_for_attestation(policy: &PasskeyPolicy) -> bool {
    let asks = |profile: &Profile| {
        profile.attestation != AttestationDemand::NotAsked || profile.models.needs_attestation()
    };
    policy.profiles.iter().any(asks)
}

/// The algorithms to offer: of those that the server `offers` what some profile takes, then what only profiles name.
pub fn algorithms(policy: &PasskeyPolicy, offers: &[Algorithm]) -> Vec<Algorithm> {
    let any = policy.profiles.iter().any(|profile| profile.algorithms.is_empty());
    let named: Vec<Algorithm> =
        policy.profiles.iter().flat_map(|profile| &profile.algorithms).copied().collect();
    let mut offered: Vec<Algorithm> =
        offers.iter().copied().filter(|algorithm| any || named.contains(algorithm)).collect();
    for algorithm in named {
        if !offered.contains(&algorithm) {
            offered.push(algorithm);
        }
    }
    offered
}

#[cfg(test)]
mod tests;
