//! An account's view of a discoverable WebAuthn credential.

use primitives::id::Id;
use primitives::time::Timestamp;

use crate::attested_device;
use crate::model::Aaguid;
use crate::names::named_enum;
use crate::role::Role;
use crate::user::{self, NameRefusal, UserId};

/// Identifies a [`Passkey`]; not the credential id of WebAuthn.
pub type PasskeyId = Id<Passkey>;

/// A passkey and what is known about it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Passkey {
    /// Its identifier here.
    pub id: PasskeyId,
    /// Whose it is.
    pub user: UserId,
    /// The credential id that the authenticator chose.
    pub credential_id: Vec<u8>,
    /// The public key as a COSE_Key (RFC 9052).
    pub public_key: Vec<u8>,
    /// The signature counter last seen (WebAuthn Level 3 section 6.1.1); zero where there is none.
    pub sign_count: u32,
    /// The model of the authenticator, as it says; decides nothing without a trusted attestation.
    pub aaguid: [u8; 16],
    /// The transports, as the client reported them.
    pub transports: Vec<String>,
    /// The BE flag at registration; it never changes.
    pub backup_eligible: bool,
    /// The BS flag last seen.
    pub backed_up: bool,
    /// What kind of attestation came with it.
    pub attestation: AttestationKind,
    /// Whether that attestation led to a trusted root.
    pub attestation_trusted: bool,
    /// Where the authenticator sat at registration, as the client reported it.
    pub attachment: Option<Attachment>,
    /// What the person chose in the wizard.
    pub place: Place,
    /// Under which evidence it was bound; strengths judge that too (DESIGN 5a.3).
    pub binding: Binding,
    /// What the person calls it.
    pub name: String,
    /// Whether it may be used.
    pub status: PasskeyStatus,
    /// When it was registered.
    pub created: Timestamp,
    /// The browser in which it was registered, such as `Chrome on Windows`.
    pub created_on: String,
    /// When it was last used.
    pub last_used: Option<Timestamp>,
    /// The browser in which it was last used.
    pub last_used_on: Option<String>,
    /// Whether it has ever been used since it was registered.
    pub tried: bool,
    /// Whether its counter ever went back, as that of a copied key does.
    pub counter_anomaly: bool,
    /// The role up to which whoever bound it answers for it; absent where nobody bounds it: the operator's, and from
    /// before this was kept. The console takes it for no higher one ([`vouches`]).
    pub vouched: Option<Role>,
}

/// Whether what was bound with that word behind it opens the console for somebody of that role. Whoever binds a passkey for
/// others may be the one who holds it: it gives no role that its binder could not give a pass for (DESIGN 5a.12), however
/// far its owner rises later.
pub fn vouches(vouched: Option<Role>, role: Role) -> bool {
    vouched.is_none_or(|vouched| vouched.includes(role))
}

/// The word of two: no more than either says.
pub fn lesser(one: Option<Role>, other: Option<Role>) -> Option<Role> {
    match (one, other) {
        (None, word) | (word, None) => word,
        (Some(one), Some(other)) if one.includes(other) => Some(other),
        (Some(one), Some(other)) if other.includes(one) => Some(one),
        // Neither includes the other.
        (Some(_), Some(_)) => Some(Role::User),
    }
}

impl Passkey {
    /// Whether it may be used.
    pub fn is_enabled(&self) -> bool {
        self.status == PasskeyStatus::Enabled
    }

    /// Whether it opens the console for somebody of that role, as far as its binding goes.
    pub fn vouches_for(&self, role: Role) -> bool {
        vouches(self.vouched, role)
    }

    /// Its model, where a trusted attestation names it; without one an AAGUID is only a claim.
    pub fn attested_model(&self) -> Option<Aaguid> {
        self.attestation_trusted.then_some(Aaguid(self.aaguid))
    }

    /// Its model as it says itself, where no trusted attestation does.
    pub fn claimed_model(&self) -> Option<Aaguid> {
        let claim = Aaguid(self.aaguid);
        (!self.attestation_trusted && claim != Aaguid::UNKNOWN).then_some(claim)
    }

    /// Whether its private key provably cannot leave its hardware: attested, and not backup-eligible. What is attested of a
    /// model in software is that it is in software (DESIGN 5a.13).
    pub fn is_hardware_bound(&self) -> bool {
        self.attestation_trusted && !self.backup_eligible && self.aaguid != attested_device::SOFTWARE.0
    }
}

named_enum! {
    /// Attestation types (WebAuthn Level 3 section 6.5.4).
    pub enum AttestationKind {
        /// Nothing is attested.
        None = "none",
        /// Signed by the credential's own key.
        SelfSigned = "self",
        /// Signed by a key of the authenticator's model or batch.
        Basic = "basic",
        /// Signed by a key certified by an attestation authority.
        AttCa = "attca",
        /// Signed by a key certified by an anonymising authority.
        AnonCa = "anonca",
    }
}

named_enum! {
    /// Authenticator attachment (WebAuthn Level 3 section 5.4.5).
    pub enum Attachment {
        /// Built into the client's device.
        Platform = "platform",
        /// Came from outside.
        CrossPlatform = "cross-platform",
    }
}

named_enum! {
    /// What the person chose in the wizard.
    pub enum Place {
        /// "Passkey on this computer".
        ThisComputer = "this-computer",
        /// "Security key".
        SecurityKey = "security-key",
        /// "Passkey in Authenticator": on the phone.
        Phone = "phone",
    }
}

named_enum! {
    /// The evidence under which a passkey was bound to its account.
    pub enum Binding {
        /// An onboarding session opened by a pass.
        TemporaryPass = "temporary-pass",
        /// A session with phishing-resistant evidence, confirmed for this action.
        PhishingResistant = "phishing-resistant",
        /// A session that rested on a password.
        Password = "password",
        /// A session that a recovery code opened.
        RecoveryCode = "recovery-code",
        /// Conditional create after a password.
        ConditionalCreate = "conditional-create",
        /// The operator's command line.
        Operator = "operator",
        /// Somebody else with phishing-resistant evidence, who made it on a security key for its owner.
        Provisioned = "provisioned",
    }
}

impl Binding {
    /// Whether a passkey bound so may give phishing-resistant strength (DESIGN 5a.3): what a phishable
    /// session bound may have been bound by a phisher.
    pub fn may_be_phishing_resistant(self) -> bool {
        matches!(self, Binding::TemporaryPass | Binding::PhishingResistant | Binding::Provisioned)
    }
}

named_enum! {
    /// Whether a passkey may be used.
    pub enum PasskeyStatus {
        /// It may.
        Enabled = "enabled",
        /// It is listed, but signs nobody in.
        Disabled = "disabled",
    }
}

/// Longest name of a passkey in characters.
pub const LONGEST_PASSKEY_NAME: usize = 60;

/// Reads the name of a passkey: 1 to 60 characters without control characters, trimmed.
pub fn parse_passkey_name(text: &str) -> Result<String, NameRefusal> {
    user::bounded_text(text, LONGEST_PASSKEY_NAME)
}

/// `suggested`, or with the first free number behind it when a passkey of that name exists already
/// (`iCloud Keychain 2`).
pub fn free_name(suggested: &str, existing: &[Passkey]) -> String {
    let taken = |name: &str| existing.iter().any(|passkey| passkey.name == name);
    let base: String = suggested.chars().take(LONGEST_PASSKEY_NAME.saturating_sub(4)).collect();
    if !taken(&base) {
        return base;
    }
    (2..).map(|number: u32| format!("{base} {number}")).find(|name| !taken(name)).unwrap_or(base)
}

#[cfg(test)]
mod tests;
