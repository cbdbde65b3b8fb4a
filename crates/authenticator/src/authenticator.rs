//! The authenticator: its settings, its vault and the person in front of it.

use fido::authenticator_data::Flags;
use fido::credential::Attachment;
use fido::ctap::Status;
use primitives::cose::Algorithm;
use primitives::time::Timestamp;

use crate::attestation::{Attestation, Authority, Format};
use crate::person::Person;
use crate::vault::{MemoryVault, Vault};

/// The model of Keyfob with keys in software: `6b657966-6f62-4000-8000-000000000001`.
pub const KEYFOB_SOFTWARE: [u8; 16] =
    [0x6b, 0x65, 0x79, 0x66, 0x6f, 0x62, 0x40, 0x00, 0x80, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x01];

/// What kind of authenticator this is.
#[derive(Clone, Debug)]
pub struct Settings {
    /// The model.
    pub aaguid: [u8; 16],
    /// Algorithms that it makes keys for; it can do all that there are. RSA keys have 2048 bits and are never the
    /// same twice, whatever the entropy.
    pub algorithms: Vec<Algorithm>,
    /// How it is attached to the client.
    pub attachment: Attachment,
    /// How it may be reached, in the words of WebAuthn Level 3 section 5.8.4.
    pub transports: Vec<String>,
    /// What it says about its origin.
    pub attestation: Attestation,
    /// BE of the credentials that it makes: whether they may leave it.
    pub backup_eligible: bool,
    /// BS: whether those that may are backed up at present.
    pub backed_up: bool,
    /// Whether it counts signatures; the counter of one that does not is always 0.
    pub signature_counter: bool,
    /// Whether it can verify a person by itself, rather than only by a PIN that the client asks for.
    pub built_in_verification: bool,
    /// Whether it shows the person what they agree to, rather than waiting for a touch.
    pub display: bool,
}

impl Settings {
    /// Built into the device, bound to it, without attestation.
    pub fn platform() -> Self {
        Self {
            aaguid: *b"keyward platform",
            algorithms: vec![Algorithm::Es256, Algorithm::EdDsa],
            attachment: Attachment::Platform,
            transports: vec!["internal".to_owned()],
            attestation: Attestation::None,
            backup_eligible: false,
            backed_up: false,
            signature_counter: false,
            built_in_verification: true,
            display: true,
        }
    }

    /// Keyfob: a vault in software that its person carries, or keeps on the computer. Statements are by the credential
    /// itself, because some clients cannot do without one. Its passkeys stay where they are; it does not count, so that
    /// a vault that comes back from a backup is not taken for a clone.
    pub fn keyfob() -> Self {
        Self {
            aaguid: KEYFOB_SOFTWARE,
            algorithms: vec![Algorithm::Es256, Algorithm::EdDsa, Algorithm::MlDsa44],
            attachment: Attachment::CrossPlatform,
            transports: ["hybrid", "internal", "usb"].map(str::to_owned).to_vec(),
            attestation: Attestation::SelfSigned,
            ..Self::platform()
        }
    }

    /// A password manager: its passkeys are backed up and reach other devices.
    pub fn synced() -> Self {
        Self {
            aaguid: *b"keyward synced  ",
            transports: vec!["hybrid".to_owned(), "internal".to_owned()],
            backup_eligible: true,
            backed_up: true,
            ..Self::platform()
        }
    }

    /// A security key that counts signatures, without attestation until [`Settings::attested_by`].
    pub fn security_key() -> Self {
        Self {
            aaguid: *b"keyward security",
            attachment: Attachment::CrossPlatform,
            transports: vec!["nfc".to_owned(), "usb".to_owned()],
            signature_counter: true,
            display: false,
            ..Self::platform()
        }
    }

    /// With packed attestation by a batch certificate that `authority` issues for this model.
    pub fn attested_by(self, authority: &Authority) -> Self {
        Self { attestation: Attestation::Packed(authority.batch(self.aaguid)), ..self }
    }

    /// With attestation by `authority` in that format, or compound in those formats, for the algorithms that
    /// they can speak of. U2F has no models, so its AAGUID is zero.
    pub fn attesting(mut self, formats: &[Format], authority: &Authority) -> Self {
        if formats.contains(&Format::FidoU2f) {
            self.aaguid = [0; 16];
        }
        self.algorithms.retain(|algorithm| formats.iter().all(|format| format.takes(*algorithm)));
        let by = |format: &Format| Attestation::by(authority, *format, self.aaguid);
        self.attestation = match formats {
            [] => Attestation::None,
            [format] => by(format),
            several => Attestation::Compound(several.iter().map(by).collect()),
        };
        self
    }
}

/// An authenticator. The commands are in [`crate::make_credential`] and [`crate::get_assertion`].
#[derive(Debug)]
pub struct Authenticator<V: Vault = MemoryVault> {
    /// What kind it is.
    pub settings: Settings,
    /// What it keeps.
    pub vault: V,
    /// Who is in front of it.
    pub person: Person,
    /// What time it takes it to be, for the dates of its credentials.
    pub now: Timestamp,
}

impl Authenticator<MemoryVault> {
    /// An empty one of that kind, with a willing person in front.
    pub fn new(settings: Settings) -> Self {
        Self::with_vault(settings, MemoryVault::default())
    }
}

impl<V: Vault> Authenticator<V> {
    /// One of that kind over that vault, with a willing person in front.
    pub fn with_vault(settings: Settings, vault: V) -> Self {
        Self { settings, vault, person: Person::default(), now: Timestamp::EPOCH }
    }

    /// Asks the person for what a command wants of them, and returns UP and UV accordingly.
    pub(crate) fn consent(&self, presence: bool, verification: bool) -> Result<Flags, Status> {
        let refused = (presence && !self.person.present) || (verification && !self.person.verified);
        if refused {
            return Err(Status::OperationDenied);
        }
        Ok(Flags::default().with_user_present(presence).with_user_verified(verification))
    }
}
