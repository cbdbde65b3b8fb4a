//! The organisation's own attestation authority, for its people's software authenticators.
//!
//! There is none until the operator makes one: from then on an attestation by what it certified is trusted, which is the
//! organisation's decision and nobody else's. A person's device is certified while that person adds a passkey with it;
//! what that says is in [`account::attested_device`]. A certificate counts only as long as its device stands in the
//! store and is not revoked.

mod authority;
mod issue;
mod judge;
mod revoke;

pub use authority::{Attested, AuthorityCertificate, Removed, authority, make, pem, remove, reseal};
pub use issue::{Certified, Request};
pub use revoke::{DeviceLine, Revoked, devices, revoke};

pub(crate) use authority::{anchor, model};
pub(crate) use issue::{Issuing, proven};
pub(crate) use judge::{attested_key, note, settle};

use account::user::NameRefusal;
use store::StoreError;

use crate::ceremony::CeremonyError;
use crate::enrol_phone::EnrolError;

/// Why nothing was certified, made or revoked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum AttestError {
    /// There is no authority.
    Off,
    /// There is one already.
    Exists,
    /// What was sent is no P-256 key as COSE writes it.
    Key,
    /// Whoever sent it did not show that they hold its private half.
    Proof,
    /// The text is no name of a device.
    Name(NameRefusal),
    /// The device was revoked.
    Revoked,
    /// The person has as many devices as one may have.
    TooMany,
    /// There is no such device.
    NotFound,
    /// The authority's key cannot be opened with this deployment's root keys.
    Sealed,
    /// The ceremony for which a certificate was asked does not go on.
    Ceremony(CeremonyError),
    /// The errand for which it was asked does not.
    Errand(EnrolError),
    /// The store failed.
    Store(StoreError),
}

impl From<StoreError> for AttestError {
    fn from(error: StoreError) -> Self {
        AttestError::Store(error)
    }
}

impl From<CeremonyError> for AttestError {
    fn from(error: CeremonyError) -> Self {
        match error {
            CeremonyError::Store(error) => AttestError::Store(error),
            other => AttestError::Ceremony(other),
        }
    }
}

impl From<EnrolError> for AttestError {
    fn from(error: EnrolError) -> Self {
        match error {
            EnrolError::Store(error) => AttestError::Store(error),
            EnrolError::Ceremony(error) => error.into(),
            other => AttestError::Errand(other),
        }
    }
}

impl AttestError {
    /// The stable code.
    pub fn code(&self) -> &'static str {
        match self {
            AttestError::Off => "attestation_off",
            AttestError::Exists => "attestation_exists",
            AttestError::Key => "attestation_key",
            AttestError::Proof => "attestation_proof",
            AttestError::Name(_) => "attestation_name",
            AttestError::Revoked => "attestation_revoked",
            AttestError::TooMany => "attestation_too_many",
            AttestError::NotFound => "not_found",
            AttestError::Sealed => "attestation_sealed",
            AttestError::Ceremony(error) => error.code(),
            AttestError::Errand(error) => error.code(),
            AttestError::Store(_) => "unknown",
        }
    }
}
