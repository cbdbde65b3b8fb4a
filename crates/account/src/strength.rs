//! Strengths: named sets of acceptable evidence.

use crate::evidence::{Evidence, Proof};
use crate::names::named_enum;

named_enum! {
    /// The built-in strengths, from the weakest to the strongest; each implies the ones before it.
    pub enum Strength {
        /// Two factors of any kind, or a pass in their stead.
        Multifactor = "multifactor",
        /// Two factors without a password: a passkey that verified the person.
        Passwordless = "passwordless",
        /// A passkey that verified the person and that nothing phishable bound.
        PhishingResistant = "phishing-resistant",
        /// The same, with a key that provably cannot leave its hardware.
        PhishingResistantHardware = "phishing-resistant-hardware",
    }
}

impl Strength {
    /// Whether the evidence satisfies this strength.
    pub fn satisfied_by(self, evidence: &Evidence) -> bool {
        evidence.proofs().iter().any(|proof| self.satisfied_by_proof(proof))
            || self == Strength::Multifactor && evidence.is_password_with_code()
    }

    fn satisfied_by_proof(self, proof: &Proof) -> bool {
        match proof {
            Proof::TemporaryPass { .. } => self == Strength::Multifactor,
            // One factor each.
            Proof::Password { .. } | Proof::AuthenticatorCode { .. } | Proof::RecoveryCode { .. } => false,
            Proof::Passkey { user_verified, backup_eligible, hardware, binding, .. } => {
                let phishing_resistant = binding.may_be_phishing_resistant();
                *user_verified
                    && match self {
                        Strength::Multifactor | Strength::Passwordless => true,
                        Strength::PhishingResistant => phishing_resistant,
                        Strength::PhishingResistantHardware => {
                            phishing_resistant && *hardware && !backup_eligible
                        }
                    }
            }
        }
    }

    /// The authentication context class reference (OpenID Connect; `phr` and `phrh` are those of OpenID
    /// Enhanced Authentication Profile).
    pub fn acr(self) -> &'static str {
        match self {
            Strength::Multifactor => "urn:keyward:acr:mfa",
            Strength::Passwordless => "urn:keyward:acr:passwordless",
            Strength::PhishingResistant => "phr",
            Strength::PhishingResistantHardware => "phrh",
        }
    }
}

#[cfg(test)]
mod tests;
