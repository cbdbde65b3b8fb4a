//! Models of authenticators, as metadata describes them.

use std::collections::BTreeMap;
use std::fmt;
use std::str::FromStr;

use primitives::encoding;
use serde::{Deserialize, Serialize};

use crate::names::named_enum;

mod reports;

pub use reports::standing;

/// The identifier of a model (WebAuthn Level 3 section 6.5.1), written as a UUID.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Aaguid(pub [u8; 16]);

impl Aaguid {
    /// The one of authenticators that do not say what they are.
    pub const UNKNOWN: Self = Self([0; 16]);
}

impl fmt::Display for Aaguid {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (at, byte) in self.0.iter().enumerate() {
            if matches!(at, 4 | 6 | 8 | 10) {
                f.write_str("-")?;
            }
            write!(f, "{byte:02x}")?;
        }
        Ok(())
    }
}

/// A text that is no AAGUID.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NotAnAaguid;

impl fmt::Display for NotAnAaguid {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("not an AAGUID such as ee882879-721c-4913-9775-3dfcce97072a")
    }
}

impl FromStr for Aaguid {
    type Err = NotAnAaguid;

    fn from_str(text: &str) -> Result<Self, NotAnAaguid> {
        let dashes = [8, 13, 18, 23].iter().all(|at| text.as_bytes().get(*at) == Some(&b'-'));
        if text.len() != 36 || !dashes {
            return Err(NotAnAaguid);
        }
        let digits = text.replace('-', "").to_ascii_lowercase();
        let bytes = encoding::from_hex(&digits).ok_or(NotAnAaguid)?;
        bytes.try_into().map(Self).map_err(|_| NotAnAaguid)
    }
}

impl Serialize for Aaguid {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Aaguid {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = <std::borrow::Cow<'de, str>>::deserialize(deserializer)?;
        text.parse().map_err(serde::de::Error::custom)
    }
}

named_enum! {
    /// FIDO authenticator certification levels.
    pub enum Certification {
        /// Level 1.
        L1 = "L1",
        /// Level 1+.
        L1Plus = "L1+",
        /// Level 2.
        L2 = "L2",
        /// Level 2+.
        L2Plus = "L2+",
        /// Level 3.
        L3 = "L3",
        /// Level 3+.
        L3Plus = "L3+",
    }
}

named_enum! {
    /// A status report that says that a model's passkeys cannot be relied on (FIDO MDS 3.1 section 3.1.4).
    pub enum Broken {
        /// The certification was revoked.
        Revoked = "REVOKED",
        /// The attestation key is known to others.
        AttestationKeyCompromise = "ATTESTATION_KEY_COMPROMISE",
        /// The check of the person can be passed by.
        UserVerificationBypass = "USER_VERIFICATION_BYPASS",
        /// A user's key can be taken from afar.
        UserKeyRemoteCompromise = "USER_KEY_REMOTE_COMPROMISE",
        /// A user's key can be taken by who holds the authenticator.
        UserKeyPhysicalCompromise = "USER_KEY_PHYSICAL_COMPROMISE",
    }
}

/// What metadata says about a model.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Model {
    /// Its name for people.
    pub name: String,
    /// The highest certification that is in force.
    pub certification: Option<Certification>,
    /// Whether it has a built-in biometric check.
    pub biometric: bool,
    /// Whether its keys are protected by hardware (a secure element, a TEE or dedicated hardware).
    pub hardware: bool,
    /// Why its passkeys cannot be relied on, if so.
    pub broken: Option<Broken>,
}

/// Known models by AAGUID.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Models(BTreeMap<Aaguid, Model>);

impl Models {
    /// The model of that AAGUID, if it is known.
    pub fn get(&self, aaguid: Aaguid) -> Option<&Model> {
        self.0.get(&aaguid)
    }

    /// All, in order of their AAGUIDs.
    pub fn iter(&self) -> impl Iterator<Item = (&Aaguid, &Model)> {
        self.0.iter()
    }

    /// How many.
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// Whether none is known.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

impl FromIterator<(Aaguid, Model)> for Models {
    fn from_iter<I: IntoIterator<Item = (Aaguid, Model)>>(models: I) -> Self {
        Self(models.into_iter().collect())
    }
}
