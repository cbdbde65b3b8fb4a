//! What was actually proven.
//!
//! Strengths, `acr`, `amr` and every permission are computed from evidence, never from what the account
//! owns. Evidence is made only where a ceremony has just finished, and is added to, never edited.

use primitives::time::Timestamp;
use serde::{Deserialize, Serialize};

use crate::model::Aaguid;
use crate::passkey::{self, Binding, Passkey, PasskeyId};
use crate::role::Role;
use crate::strength::Strength;
use crate::temporary_pass::{Pass, PassId};

/// What one ceremony proved.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "method", rename_all = "snake_case")]
pub enum Proof {
    /// A passkey signed our challenge.
    Passkey {
        /// Which one.
        passkey: PasskeyId,
        /// Whether the authenticator verified the person (UV flag).
        user_verified: bool,
        /// Whether its key may be copied to other devices (BE flag).
        backup_eligible: bool,
        /// Whether a trusted attestation says that the key cannot leave its hardware.
        hardware: bool,
        /// Under which evidence the passkey had been bound.
        binding: Binding,
        /// Its model, where a trusted attestation names it.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        model: Option<Aaguid>,
        /// Its model as it says itself, where nothing trusted says it. Heeded only against it.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        claims: Option<Aaguid>,
        /// The role up to which whoever bound the passkey answers for it; absent where nobody bounds it.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        vouched: Option<Role>,
        /// When.
        at: Timestamp,
    },
    /// A pass was typed.
    TemporaryPass {
        /// Which one.
        pass: PassId,
        /// Whether it works only once.
        #[serde(default)]
        one_time: bool,
        /// When.
        at: Timestamp,
    },
    /// A password was typed.
    Password {
        /// When.
        at: Timestamp,
    },
    /// A code of an authenticator app was typed (RFC 6238).
    AuthenticatorCode {
        /// When.
        at: Timestamp,
    },
    /// A recovery code was typed; it is spent.
    RecoveryCode {
        /// When.
        at: Timestamp,
    },
}

impl Proof {
    /// When it was given.
    pub fn at(&self) -> Timestamp {
        match self {
            Proof::Passkey { at, .. }
            | Proof::TemporaryPass { at, .. }
            | Proof::Password { at }
            | Proof::AuthenticatorCode { at }
            | Proof::RecoveryCode { at } => *at,
        }
    }

    /// Its method's stable name, as rows and events hold it.
    pub fn method(&self) -> &'static str {
        match self {
            Proof::Passkey { .. } => "passkey",
            Proof::TemporaryPass { .. } => "temporary_pass",
            Proof::Password { .. } => "password",
            Proof::AuthenticatorCode { .. } => "authenticator_code",
            Proof::RecoveryCode { .. } => "recovery_code",
        }
    }

    fn is_by_the_same(&self, other: &Proof) -> bool {
        match (self, other) {
            (Proof::Passkey { passkey, .. }, Proof::Passkey { passkey: other, .. }) => passkey == other,
            (Proof::TemporaryPass { pass, .. }, Proof::TemporaryPass { pass: other, .. }) => pass == other,
            (Proof::Password { .. }, Proof::Password { .. })
            | (Proof::AuthenticatorCode { .. }, Proof::AuthenticatorCode { .. })
            | (Proof::RecoveryCode { .. }, Proof::RecoveryCode { .. }) => true,
            _ => false,
        }
    }
}

/// The proofs that a session rests on; never empty.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "Vec<Proof>", into = "Vec<Proof>")]
pub struct Evidence(Vec<Proof>);

/// Proofs from a row that are none.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NoProof;

impl std::fmt::Display for NoProof {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("evidence without a proof")
    }
}

impl TryFrom<Vec<Proof>> for Evidence {
    type Error = NoProof;

    fn try_from(proofs: Vec<Proof>) -> Result<Self, NoProof> {
        if proofs.is_empty() { Err(NoProof) } else { Ok(Self(proofs)) }
    }
}

impl From<Evidence> for Vec<Proof> {
    fn from(evidence: Evidence) -> Self {
        evidence.0
    }
}

impl Evidence {
    /// From an authentication ceremony that `passkey` has just finished.
    pub fn from_assertion(passkey: &Passkey, user_verified: bool, at: Timestamp) -> Self {
        Self(vec![Proof::Passkey {
            passkey: passkey.id,
            user_verified,
            backup_eligible: passkey.backup_eligible,
            hardware: passkey.is_hardware_bound(),
            binding: passkey.binding,
            model: passkey.attested_model(),
            claims: passkey.claimed_model(),
            vouched: passkey.vouched,
            at,
        }])
    }

    /// From a pass whose value has just been verified.
    pub fn from_pass(pass: &Pass, at: Timestamp) -> Self {
        Self(vec![Proof::TemporaryPass { pass: pass.id, one_time: pass.one_time, at }])
    }

    /// From a password that has just been verified.
    pub fn from_password(at: Timestamp) -> Self {
        Self(vec![Proof::Password { at }])
    }

    /// From an authenticator code that has just been verified and used up.
    pub fn from_authenticator_code(at: Timestamp) -> Self {
        Self(vec![Proof::AuthenticatorCode { at }])
    }

    /// From a recovery code that has just been verified and used up.
    pub fn from_recovery_code(at: Timestamp) -> Self {
        Self(vec![Proof::RecoveryCode { at }])
    }

    /// With what a later ceremony proved. The same passkey's or pass's earlier proof gives way, so that evidence
    /// does not grow with every confirmation.
    pub fn and(mut self, later: Evidence) -> Self {
        self.0.retain(|old| !later.0.iter().any(|new| new.is_by_the_same(old)));
        self.0.extend(later.0);
        self
    }

    /// The proofs, oldest first.
    pub fn proofs(&self) -> &[Proof] {
        &self.0
    }

    /// Whether one of the proofs was given by that passkey.
    pub fn rests_on(&self, id: PasskeyId) -> bool {
        self.0.iter().any(|proof| matches!(proof, Proof::Passkey { passkey, .. } if *passkey == id))
    }

    /// The passkey of the latest passkey proof.
    pub fn passkey(&self) -> Option<PasskeyId> {
        self.0.iter().rev().find_map(|proof| match proof {
            Proof::Passkey { passkey, .. } => Some(*passkey),
            _ => None,
        })
    }

    /// What was proven at that very moment: the ceremony that confirmed an action, judged without what the session
    /// had before.
    pub fn given_at(&self, at: Timestamp) -> Option<Self> {
        let proofs: Vec<Proof> = self.0.iter().filter(|proof| proof.at() == at).cloned().collect();
        Self::try_from(proofs).ok()
    }

    /// What was proven then or later.
    pub fn since(&self, moment: Timestamp) -> Option<Self> {
        let proofs: Vec<Proof> = self.0.iter().filter(|proof| proof.at() >= moment).cloned().collect();
        Self::try_from(proofs).ok()
    }

    /// Whether one of the proofs was given by a method of that name ([`Proof::method`]).
    pub fn has_method(&self, method: &str) -> bool {
        self.0.iter().any(|proof| proof.method() == method)
    }

    /// When the latest proof was given.
    pub fn latest(&self) -> Timestamp {
        self.0.iter().map(Proof::at).max().unwrap_or(Timestamp::EPOCH)
    }

    /// The strongest built-in strength that it satisfies.
    pub fn strength(&self) -> Option<Strength> {
        Strength::ALL.iter().rev().copied().find(|strength| strength.satisfied_by(self))
    }

    /// The binding of a passkey that a session with this evidence adds.
    pub fn binding_of_new_passkey(&self) -> Binding {
        if Strength::PhishingResistant.satisfied_by(self) {
            Binding::PhishingResistant
        } else if self.0.iter().any(|proof| matches!(proof, Proof::TemporaryPass { .. })) {
            Binding::TemporaryPass
        } else if self.0.iter().all(|proof| matches!(proof, Proof::RecoveryCode { .. })) {
            Binding::RecoveryCode
        } else {
            // A passkey that is itself no more than a password's child begets no better one.
            Binding::Password
        }
    }

    /// The role up to which a passkey is answered for that this evidence binds: no higher than for those that it rests on.
    pub fn vouched(&self) -> Option<Role> {
        let words = self.0.iter().map(|proof| match proof {
            Proof::Passkey { vouched, .. } => *vouched,
            _ => None,
        });
        words.fold(None, passkey::lesser)
    }

    /// What of it counts for somebody of that role: passkeys whose binder answers for no such role are left out.
    pub fn vouched_for(&self, role: Role) -> Option<Self> {
        let counts = |proof: &&Proof| match proof {
            Proof::Passkey { vouched, .. } => passkey::vouches(*vouched, role),
            _ => true,
        };
        Self::try_from(self.0.iter().filter(counts).cloned().collect::<Vec<Proof>>()).ok()
    }

    /// Whether a password and a code of something else stand beside each other.
    pub(crate) fn is_password_with_code(&self) -> bool {
        self.has_method("password")
            && (self.has_method("authenticator_code") || self.has_method("recovery_code"))
    }

    /// Authentication method references (RFC 8176), sorted, each once.
    ///
    /// A passkey gives `hwk` when its hardware is attested and `pop` otherwise (we cannot know whether the
    /// key is software), and with user verification also `user` and `mfa`. A pass gives `otp` and never
    /// `mfa`: whoever was handed the pass has one factor. A password gives `pwd`, a code `otp`, both together `mfa`.
    pub fn amr(&self) -> Vec<&'static str> {
        let mut values = Vec::new();
        for proof in &self.0 {
            match proof {
                Proof::Passkey { user_verified, hardware, .. } => {
                    values.push(if *hardware { "hwk" } else { "pop" });
                    if *user_verified {
                        values.extend(["user", "mfa"]);
                    }
                }
                Proof::TemporaryPass { .. }
                | Proof::AuthenticatorCode { .. }
                | Proof::RecoveryCode { .. } => {
                    values.push("otp");
                }
                Proof::Password { .. } => values.push("pwd"),
            }
        }
        if self.is_password_with_code() {
            values.push("mfa");
        }
        values.sort_unstable();
        values.dedup();
        values
    }
}

#[cfg(test)]
mod tests;
