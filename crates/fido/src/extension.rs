//! Extensions (WebAuthn Level 3 section 10, CTAP 2.2 section 12), as far as they are understood.
//!
//! Three kinds of things have names here: what a relying party asks ([`CreationExtensions`],
//! [`RequestExtensions`]), what the client says outside the signature ([`ClientExtensions`]), and what the
//! authenticator signs ([`AuthenticatorExtensions`]). What is not understood is passed over, as section 9.4
//! demands; what is understood and has the wrong type is refused.

use serde::{Deserialize, Serialize};

mod authenticator;
mod client;
mod request;

pub use authenticator::{AuthenticatorExtensions, CredBlob, HmacSecret};
pub use client::{ClientExtensions, LargeBlobOutput, PrfOutput, PrfSecrets};
pub use request::{
    CreationExtensions, LargeBlobCreation, LargeBlobRequest, LargeBlobSupport, PrfCreation, PrfRequest,
    PrfValues, RequestExtensions,
};

/// `credProtect` (CTAP 2.2 section 12.1): when the authenticator shows and uses the credential.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum CredentialProtection {
    /// Always.
    #[serde(rename = "userVerificationOptional")]
    UserVerificationOptional,
    /// Without user verification only to who names it.
    #[serde(rename = "userVerificationOptionalWithCredentialIDList")]
    UserVerificationOptionalWithCredentialIdList,
    /// Only after user verification.
    #[serde(rename = "userVerificationRequired")]
    UserVerificationRequired,
}

impl CredentialProtection {
    /// The number in CTAP2 messages.
    pub const fn level(self) -> i64 {
        match self {
            CredentialProtection::UserVerificationOptional => 1,
            CredentialProtection::UserVerificationOptionalWithCredentialIdList => 2,
            CredentialProtection::UserVerificationRequired => 3,
        }
    }

    /// From the number in CTAP2 messages.
    pub const fn from_level(level: i64) -> Option<Self> {
        match level {
            1 => Some(CredentialProtection::UserVerificationOptional),
            2 => Some(CredentialProtection::UserVerificationOptionalWithCredentialIdList),
            3 => Some(CredentialProtection::UserVerificationRequired),
            _ => None,
        }
    }
}

/// One way in which the person was verified, as `uvm` tells it (WebAuthn Level 2 section 10.3); the numbers
/// are those of the FIDO Registry of Predefined Values sections 3.1, 3.2 and 3.3.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct VerificationMethod {
    /// `userVerificationMethod`, such as 2 for a fingerprint or 4 for a passcode.
    pub method: u32,
    /// `keyProtectionType`: a set of bits.
    pub key_protection: u16,
    /// `matcherProtectionType`: a set of bits.
    pub matcher_protection: u16,
}

/// Most methods that `uvm` may name.
const MOST_METHODS: usize = 3;

impl VerificationMethod {
    fn from_numbers(numbers: [Option<u64>; 3]) -> Option<Self> {
        let [method, key_protection, matcher_protection] = numbers;
        Some(Self {
            method: u32::try_from(method?).ok()?,
            key_protection: u16::try_from(key_protection?).ok()?,
            matcher_protection: u16::try_from(matcher_protection?).ok()?,
        })
    }
}

/// Why extension outputs are not what their definitions say.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ExtensionRefusal {
    /// Not a map whose keys are texts.
    Shape,
    /// `credProtect` is no level.
    CredProtect,
    /// `minPinLength` is no number of characters.
    MinPinLength,
    /// `hmac-secret` is no boolean at creation, or no bytes at an assertion.
    HmacSecret,
    /// `hmac-secret-mc` is no bytes.
    HmacSecretMc,
    /// `credBlob` is no boolean at creation, or no bytes at an assertion.
    CredBlob,
    /// `uvm` is not one to three entries of three numbers.
    Uvm,
    /// `credProps` is no object, or its `rk` no boolean.
    CredProps,
    /// `prf` is no object, or a member of it not what it should be.
    Prf,
    /// `largeBlob` is no object, or a member of it not what it should be.
    LargeBlob,
    /// An output is longer than it may be.
    TooLong,
}

impl ExtensionRefusal {
    /// The stable code of the rule.
    pub fn code(self) -> &'static str {
        if self == ExtensionRefusal::TooLong { "resource_limit" } else { "extension" }
    }
}
