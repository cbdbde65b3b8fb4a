//! Why an authentication was refused.

use fido::authenticator_data::AuthenticatorDataRefusal;
use fido::client_data::ClientDataRefusal;
use fido::response::ResponseRefusal;
use primitives::cose::KeyRefusal;

use crate::context::{AuthenticatorRefusal, ContextRefusal};

/// The one rule that an authentication broke first.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AuthenticationRefusal {
    /// The answer is no AuthenticationResponseJSON.
    Response(ResponseRefusal),
    /// The ceremony's five minutes are over.
    ChallengeExpired,
    /// The credential is not one of those named to the client.
    CredentialNotAllowed,
    /// The store definitely has no such credential.
    UnknownCredential,
    /// The record is not that of the answer's credential id.
    CredentialIdMismatch,
    /// The credential belongs to somebody else than the user identified before.
    CredentialOfAnotherUser,
    /// The answer's user handle is not the owner's.
    UserHandleMismatch,
    /// The answer has no user handle, and nothing else says who it is.
    UserHandleMissing,
    /// `clientDataJSON` cannot be read.
    ClientData(ClientDataRefusal),
    /// The client's context is another.
    Context(ContextRefusal),
    /// The authenticator data cannot be read.
    AuthenticatorData(AuthenticatorDataRefusal),
    /// The authenticator data hold a credential, as only registrations do.
    AttestedCredentialPresent,
    /// The authenticator data do not say what they must.
    Authenticator(AuthenticatorRefusal),
    /// The credential's backup eligibility is not what it was at registration.
    BackupEligibilityChanged,
    /// The stored key is no key: the record is broken.
    CredentialPublicKey(KeyRefusal),
    /// The signature is not the credential's over this ceremony.
    Signature,
    /// The signature counter did not advance.
    SignCount,
}

impl From<ResponseRefusal> for AuthenticationRefusal {
    fn from(refusal: ResponseRefusal) -> Self {
        AuthenticationRefusal::Response(refusal)
    }
}

impl AuthenticationRefusal {
    /// The stable code of the rule.
    pub fn code(self) -> &'static str {
        match self {
            AuthenticationRefusal::Response(refusal) => refusal.code(),
            AuthenticationRefusal::ChallengeExpired => "challenge_expired",
            AuthenticationRefusal::CredentialNotAllowed | AuthenticationRefusal::CredentialOfAnotherUser => {
                "credential_not_allowed"
            }
            AuthenticationRefusal::UnknownCredential => "unknown_credential",
            AuthenticationRefusal::CredentialIdMismatch => "credential_id_mismatch",
            AuthenticationRefusal::UserHandleMismatch | AuthenticationRefusal::UserHandleMissing => {
                "user_handle"
            }
            AuthenticationRefusal::ClientData(refusal) => refusal.code(),
            AuthenticationRefusal::Context(refusal) => refusal.code(),
            AuthenticationRefusal::AuthenticatorData(refusal) => refusal.code(),
            AuthenticationRefusal::AttestedCredentialPresent => "auth_data",
            AuthenticationRefusal::Authenticator(refusal) => refusal.code(),
            AuthenticationRefusal::BackupEligibilityChanged => "backup_flags",
            AuthenticationRefusal::CredentialPublicKey(_) => "credential_public_key",
            AuthenticationRefusal::Signature => "signature",
            AuthenticationRefusal::SignCount => "sign_count",
        }
    }

    /// The step of section 7.2 that the rule belongs to; 1 for the expiry that [`super::begin`] set.
    pub fn step(self) -> u8 {
        match self {
            AuthenticationRefusal::ChallengeExpired => 1,
            AuthenticationRefusal::Response(ResponseRefusal::Extension(_)) => 4,
            AuthenticationRefusal::Response(_) => 3,
            AuthenticationRefusal::CredentialNotAllowed => 5,
            AuthenticationRefusal::UnknownCredential
            | AuthenticationRefusal::CredentialIdMismatch
            | AuthenticationRefusal::CredentialOfAnotherUser
            | AuthenticationRefusal::UserHandleMismatch
            | AuthenticationRefusal::UserHandleMissing => 6,
            AuthenticationRefusal::ClientData(ClientDataRefusal::NotUtf8 | ClientDataRefusal::TooLong) => 8,
            AuthenticationRefusal::ClientData(ClientDataRefusal::Type) => 10,
            AuthenticationRefusal::ClientData(ClientDataRefusal::Challenge) => 11,
            AuthenticationRefusal::ClientData(ClientDataRefusal::Origin) => 12,
            AuthenticationRefusal::ClientData(ClientDataRefusal::CrossOriginNotBoolean) => 13,
            AuthenticationRefusal::ClientData(ClientDataRefusal::TopOrigin) => 14,
            AuthenticationRefusal::ClientData(_) => 9,
            AuthenticationRefusal::Context(refusal) => refusal.offset().saturating_add(10),
            AuthenticationRefusal::AuthenticatorData(_)
            | AuthenticationRefusal::AttestedCredentialPresent => 7,
            AuthenticationRefusal::Authenticator(refusal) => refusal.offset().saturating_add(15),
            AuthenticationRefusal::BackupEligibilityChanged => 19,
            AuthenticationRefusal::CredentialPublicKey(_) | AuthenticationRefusal::Signature => 21,
            AuthenticationRefusal::SignCount => 22,
        }
    }
}
