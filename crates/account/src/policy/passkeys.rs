//! Which passkeys there may be: profiles, of which a passkey must satisfy one.

use primitives::cose::Algorithm;

use crate::model::{Aaguid, Certification};
use crate::names::named_enum;
use crate::policy::Audience;

/// Which passkeys a person may register and use.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PasskeyPolicy {
    /// Whether any.
    pub enabled: bool,
    /// The profiles; a passkey must satisfy one of them wholly. Their order means nothing.
    pub profiles: Vec<Profile>,
    /// What becomes of a passkey whose model was reported broken.
    pub compromised: Compromised,
    /// How many everybody must have: the wizard goes on until there are so many, and nobody removes one below that.
    pub at_least: u8,
}

impl Default for PasskeyPolicy {
    /// Any passkey.
    fn default() -> Self {
        let profiles = vec![Profile::anything()];
        Self { enabled: true, profiles, compromised: Compromised::Refuse, at_least: 1 }
    }
}

/// What a passkey must be.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Profile {
    /// Its name, unique in the policy.
    pub name: String,
    /// For whom it is an alternative.
    pub audience: Audience,
    /// Which kinds.
    pub kinds: Kinds,
    /// How much attestation.
    pub attestation: AttestationDemand,
    /// Which models.
    pub models: ModelRule,
    /// Which algorithms; any that the server offers where empty.
    pub algorithms: Vec<Algorithm>,
}

impl Profile {
    /// The profile that asks for nothing.
    pub fn anything() -> Self {
        Self {
            name: "default".to_owned(),
            audience: Audience::everybody(),
            kinds: Kinds { backed_up: true, device_bound: true },
            attestation: AttestationDemand::NotAsked,
            models: ModelRule::default(),
            algorithms: Vec::new(),
        }
    }
}

/// Kinds of passkeys, by the BE flag (WebAuthn Level 3 section 6.1.3).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Kinds {
    /// Those that may be copied to other devices.
    pub backed_up: bool,
    /// Those that stay where they were made.
    pub device_bound: bool,
}

named_enum! {
    /// How much a profile wants to know of the authenticator.
    pub enum AttestationDemand {
        /// Attestation is not asked for.
        NotAsked = "not-asked",
        /// It is asked for and judged, and a passkey without a trusted one is taken too.
        Asked = "asked",
        /// A passkey without a trusted one is refused.
        Required = "required",
    }
}

named_enum! {
    /// What becomes of stored passkeys whose model was reported broken (FIDO MDS 3.1 section 3.1.4).
    pub enum Compromised {
        /// They are shown as such.
        Mark = "mark",
        /// They sign in, and give no more than [`crate::strength::Strength::Multifactor`].
        Weaken = "weaken",
        /// They sign nobody in.
        Refuse = "refuse",
    }
}

/// Which models. A model is known only under a trusted attestation; without one it is a claim, which only
/// [`ModelRule::block`] heeds.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ModelRule {
    /// Only these; any where empty.
    pub allow: Vec<Aaguid>,
    /// Not these.
    pub block: Vec<Aaguid>,
    /// Certified at this level or above.
    pub certified: Option<Certification>,
    /// With a built-in biometric check of the person.
    pub biometric: bool,
    /// Whose keys are protected by hardware.
    pub hardware: bool,
}

impl ModelRule {
    /// Whether it needs to know the model for certain.
    pub fn needs_attestation(&self) -> bool {
        !self.allow.is_empty() || self.certified.is_some() || self.biometric || self.hardware
    }
}
