//! Why a registration was refused.

use fido::attestation_object::AttestationObjectRefusal;
use fido::authenticator_data::AuthenticatorDataRefusal;
use fido::client_data::ClientDataRefusal;
use fido::response::ResponseRefusal;
use primitives::cose::KeyRefusal;

use crate::attestation::{AttestationRefusal, UntrustedReason};
use crate::context::{AuthenticatorRefusal, ContextRefusal};

/// The one rule that a registration broke first.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RegistrationRefusal {
    /// The answer is no RegistrationResponseJSON.
    Response(ResponseRefusal),
    /// The ceremony's five minutes are over.
    ChallengeExpired,
    /// `clientDataJSON` cannot be read.
    ClientData(ClientDataRefusal),
    /// The client's context is another.
    Context(ContextRefusal),
    /// The attestation object cannot be read.
    AttestationObject(AttestationObjectRefusal),
    /// The authenticator data cannot be read.
    AuthenticatorData(AuthenticatorDataRefusal),
    /// The authenticator data hold no credential.
    AttestedCredentialMissing,
    /// The answer's id is not that of the attested credential.
    CredentialIdMismatch,
    /// The authenticator data do not say what they must.
    Authenticator(AuthenticatorRefusal),
    /// The key's algorithm was not offered.
    AlgorithmNotOffered,
    /// The credential public key breaks a rule about keys.
    CredentialPublicKey(KeyRefusal),
    /// The attestation statement does not hold.
    Attestation(AttestationRefusal),
    /// The attestation is not trusted, and must be.
    AttestationUntrusted(UntrustedReason),
    /// A credential with this id is registered already.
    AlreadyRegistered,
}

impl From<ResponseRefusal> for RegistrationRefusal {
    fn from(refusal: ResponseRefusal) -> Self {
        RegistrationRefusal::Response(refusal)
    }
}

impl RegistrationRefusal {
    /// The stable code of the rule.
    pub fn code(self) -> &'static str {
        match self {
            RegistrationRefusal::Response(refusal) => refusal.code(),
            RegistrationRefusal::ChallengeExpired => "challenge_expired",
            RegistrationRefusal::ClientData(refusal) => refusal.code(),
            RegistrationRefusal::Context(refusal) => refusal.code(),
            RegistrationRefusal::AttestationObject(refusal) => refusal.code(),
            RegistrationRefusal::AuthenticatorData(refusal) => refusal.code(),
            RegistrationRefusal::AttestedCredentialMissing => "auth_data",
            RegistrationRefusal::CredentialIdMismatch => "credential_id_mismatch",
            RegistrationRefusal::Authenticator(refusal) => refusal.code(),
            // What is offered but not ours to verify is an algorithm that cannot be taken, not a broken key.
            RegistrationRefusal::AlgorithmNotOffered
            | RegistrationRefusal::CredentialPublicKey(KeyRefusal::AlgorithmUnknown) => "algorithm",
            RegistrationRefusal::CredentialPublicKey(_) => "credential_public_key",
            RegistrationRefusal::Attestation(refusal) => refusal.code(),
            RegistrationRefusal::AttestationUntrusted(_) => "attestation_untrusted",
            RegistrationRefusal::AlreadyRegistered => "already_registered",
        }
    }

    /// The step of section 7.1 that the rule belongs to; 1 for the expiry that [`super::begin`] set.
    pub fn step(self) -> u8 {
        match self {
            RegistrationRefusal::ChallengeExpired => 1,
            RegistrationRefusal::Response(ResponseRefusal::Extension(_)) => 4,
            RegistrationRefusal::Response(_) => 3,
            RegistrationRefusal::ClientData(ClientDataRefusal::NotUtf8 | ClientDataRefusal::TooLong) => 5,
            RegistrationRefusal::ClientData(ClientDataRefusal::Type) => 7,
            RegistrationRefusal::ClientData(ClientDataRefusal::Challenge) => 8,
            RegistrationRefusal::ClientData(ClientDataRefusal::Origin) => 9,
            RegistrationRefusal::ClientData(ClientDataRefusal::CrossOriginNotBoolean) => 10,
            RegistrationRefusal::ClientData(ClientDataRefusal::TopOrigin) => 11,
            RegistrationRefusal::ClientData(_) => 6,
            RegistrationRefusal::Context(refusal) => refusal.offset().saturating_add(7),
            RegistrationRefusal::AuthenticatorData(
                AuthenticatorDataRefusal::CredentialIdEmpty | AuthenticatorDataRefusal::CredentialIdTooLong,
            ) => 25,
            RegistrationRefusal::AttestationObject(_)
            | RegistrationRefusal::AuthenticatorData(_)
            | RegistrationRefusal::AttestedCredentialMissing
            | RegistrationRefusal::CredentialIdMismatch => 13,
            RegistrationRefusal::Authenticator(refusal) => refusal.offset().saturating_add(14),
            RegistrationRefusal::AlgorithmNotOffered | RegistrationRefusal::CredentialPublicKey(_) => 20,
            RegistrationRefusal::Attestation(AttestationRefusal::UnknownFormat) => 21,
            RegistrationRefusal::Attestation(_) => 22,
            RegistrationRefusal::AttestationUntrusted(_) => 24,
            RegistrationRefusal::AlreadyRegistered => 26,
        }
    }
}
