//! The authenticator: its settings, its vault and the person in front of it.

use fido::authenticator_data::Flags;
use fido::credential::Attachment;
use fido::ctap::Status;
use primitives::cose::Algorithm;

use crate::attestation::{Attestation, Authority, Format};
use crate::person::Person;
use crate::vault::{MemoryVault, Vault};

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
        Self { settings, vault, person: Person::default() }
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
