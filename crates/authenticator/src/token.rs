//! pinUvAuthToken (CTAP 2.3 section 6.5.2.1): what a platform holds once the person has shown who they are, so that
//! they need not do so for each command.

use primitives::entropy::{self, Entropy};
use primitives::time::{Span, Timestamp};
use zeroize::Zeroizing;

use crate::pin_protocol::Protocol;

/// A token that nobody uses within this time is gone.
pub const INITIAL_USAGE_LIMIT: Span = Span::from_secs(30);

/// For so long the person counts as being there. The machine does not know its transport, so this is the shortest of
/// all of them.
pub const USER_PRESENT_LIMIT: Span = Span::from_millis(19_800);

/// Used or not, it is gone after this time.
pub const MAX_USAGE_PERIOD: Span = Span::from_secs(600);

/// What a token is good for (section 6.5.5.7).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Permissions(u8);

impl Permissions {
    /// `mc`: to make credentials.
    pub const MAKE_CREDENTIAL: Self = Self(0x01);
    /// `ga`: to sign in.
    pub const GET_ASSERTION: Self = Self(0x02);
    /// `cm`: to manage credentials.
    pub const CREDENTIAL_MANAGEMENT: Self = Self(0x04);
    /// `be`: to enrol fingerprints, which this authenticator leaves to the desktop.
    pub const BIO_ENROLLMENT: Self = Self(0x08);
    /// `lbw`: to write large blobs.
    pub const LARGE_BLOB_WRITE: Self = Self(0x10);
    /// `acfg`: to configure.
    pub const AUTHENTICATOR_CONFIG: Self = Self(0x20);
    /// `pcmr`: to read the list of credentials for good, which no token of this authenticator is good for.
    pub const PERSISTENT_READ: Self = Self(0x40);
    /// What getPinToken gives, which names none.
    pub const DEFAULT: Self = Self(0x03);

    /// The defined ones among the bits of a message.
    pub fn from_bits(bits: u64) -> Self {
        Self(u8::try_from(bits & 0x7f).unwrap_or(0))
    }

    /// The bits for a message.
    pub fn bits(self) -> u64 {
        u64::from(self.0)
    }

    /// All of these and those.
    pub const fn and(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }

    /// Whether all of `other` are among them.
    pub const fn include(self, other: Self) -> bool {
        self.0 & other.0 == other.0
    }

    /// Those that are among `other`, too.
    pub const fn among(self, other: Self) -> Self {
        Self(self.0 & other.0)
    }
}

/// A token in use. There is one at most, whichever protocol it was given out under.
pub struct Token {
    secret: Zeroizing<[u8; 32]>,
    protocol: Protocol,
    permissions: Permissions,
    rp_id: Option<String>,
    began: Timestamp,
    used: bool,
    user_present: bool,
    user_verified: bool,
}

impl Token {
    /// A fresh one: resetPinUvAuthToken and beginUsingPinUvAuthToken.
    pub fn begin(
        protocol: Protocol,
        (permissions, rp_id): (Permissions, Option<String>),
        user_present: bool,
        now: Timestamp,
        entropy: &mut dyn Entropy,
    ) -> Self {
        Self {
            secret: Zeroizing::new(entropy::array(entropy)),
            protocol,
            permissions,
            rp_id,
            began: now,
            used: false,
            user_present,
            user_verified: true,
        }
    }

    /// The bytes that go to the platform, encrypted.
    pub fn secret(&self) -> &[u8; 32] {
        &self.secret
    }

    /// Whether its time is not over. A clock that went back ends it: for how long it is in use is not known any more.
    pub fn is_in_use(&self, now: Timestamp) -> bool {
        let limit = if self.used { MAX_USAGE_PERIOD } else { INITIAL_USAGE_LIMIT };
        self.began <= now && now.since(self.began) <= limit
    }

    /// Whether `tag` proves that the platform holds it, under the same protocol. Whoever proves it has used it.
    pub fn verify(&mut self, protocol: Protocol, message: &[u8], tag: &[u8]) -> bool {
        let holds = self.protocol == protocol && protocol.verify(&self.secret, message, tag);
        self.used |= holds;
        holds
    }

    /// Whether it is good for this.
    pub fn permits(&self, permissions: Permissions) -> bool {
        self.permissions.include(permissions)
    }

    /// The only site that it is good for, if there is one.
    pub fn rp_id(&self) -> Option<&str> {
        self.rp_id.as_deref()
    }

    /// Whether it is good for that site: one that names none is good for any.
    pub fn is_for(&self, rp_id: &str) -> bool {
        self.rp_id().is_none_or(|own| own == rp_id)
    }

    /// From now on it is good for that site only, if it named none.
    pub fn bind(&mut self, rp_id: &str) {
        if self.rp_id.is_none() {
            self.rp_id = Some(rp_id.to_owned());
        }
    }

    /// getUserPresentFlagValue.
    pub fn is_user_present(&self, now: Timestamp) -> bool {
        self.user_present && self.is_in_use(now) && now.since(self.began) <= USER_PRESENT_LIMIT
    }

    /// getUserVerifiedFlagValue.
    pub fn is_user_verified(&self) -> bool {
        self.user_verified
    }

    /// What a use that asked the person for a touch takes from it: both flags, and all permissions but to write large
    /// blobs, which belongs to what was just made (section 6.1.2 step 14).
    pub fn spend(&mut self) {
        self.user_present = false;
        self.user_verified = false;
        self.permissions = self.permissions.among(Permissions::LARGE_BLOB_WRITE);
    }
}

#[cfg(test)]
mod tests;
