//! Authenticators whose origin the organisation itself attests: each has a certificate of its own authority.
//!
//! What is attested is little, and is said so: that a person of this organisation had this key certified while adding a
//! passkey. The key is a software key; no such device makes anything "phishing-resistant hardware" (DESIGN 5a.13).

use primitives::id::Id;
use primitives::time::{Span, Timestamp};

use crate::model::Aaguid;
use crate::user::{self, NameRefusal, UserId};

/// Identifies a [`Device`].
pub type DeviceId = Id<Device>;

/// The model that holds its keys in software: `6b657966-6f62-4000-8000-000000000001`.
pub const SOFTWARE: Aaguid = Aaguid(*b"keyfob\x40\x00\x80\x00\x00\x00\x00\x00\x00\x01");

/// What the models of the organisation's own authority are called.
pub const MODEL_NAME: &str = "Keyfob";

/// How long a certificate is valid.
pub const LIFETIME: Span = Span::from_days(365);

/// From how long before its end on a certificate is made anew when somebody asks for it.
pub const RENEWED: Span = Span::from_days(122);

/// How long the authority's own certificate is valid.
pub const AUTHORITY_LIFETIME: Span = Span::from_days(20 * 365);

/// Devices that a person has at most, revoked ones too: whoever wants more has keys made without end.
pub const MOST: usize = 50;

/// Longest name, in characters.
const LONGEST_NAME: usize = 60;

/// An authenticator with a certificate.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Device {
    /// Its identifier.
    pub id: DeviceId,
    /// Who had it certified.
    pub user: UserId,
    /// What its owner calls it; empty where they do not.
    pub name: String,
    /// The public half of its attestation key, as COSE_Key.
    pub key: Vec<u8>,
    /// The certificate that holds now, in DER.
    pub certificate: Vec<u8>,
    /// When it was first certified.
    pub created: Timestamp,
    /// When the certificate was issued.
    pub issued: Timestamp,
    /// The last moment of its validity.
    pub ends: Timestamp,
    /// When it was revoked.
    pub revoked: Option<Timestamp>,
}

impl Device {
    /// Whether its certificate is made anew when it is asked for at `now`.
    pub fn is_due(&self, now: Timestamp) -> bool {
        now + RENEWED >= self.ends
    }
}

/// Takes the name of a device; nothing typed is no name.
pub fn parse_name(name: &str) -> Result<String, NameRefusal> {
    match user::bounded_text(name, LONGEST_NAME) {
        Err(NameRefusal::Empty) => Ok(String::new()),
        other => other,
    }
}

#[cfg(test)]
mod tests;
