//! Verifying an authentication assertion (WebAuthn Level 3 section 7.2).

use fido::authenticator_data::AuthenticatorData;
use fido::client_data::CollectedClientData;
use fido::credential::{Attachment, Base64Url, CredentialDescriptor};
use fido::extension::{RequestExtensions, VerificationMethod};
use fido::options::{Hint, RequestOptions, UserVerification};
use fido::response::AuthenticationResponse;
use primitives::cose::PublicKey;
use primitives::digest;
use primitives::encoding;
use primitives::entropy::{self, Entropy};
use primitives::time::Timestamp;
use serde::{Deserialize, Serialize};

use crate::context::{self, Ceremony, Mediation};
use crate::relying_party::{CounterPolicy, RelyingParty};

mod refusal;

pub use refusal::AuthenticationRefusal;

/// What an authentication asks for. [`AuthenticationRequest::discoverable`] gives the safe defaults.
#[derive(Clone, Debug)]
pub struct AuthenticationRequest {
    /// The user handle of the person, where it is known before the ceremony.
    pub user_handle: Option<Vec<u8>>,
    /// Credentials to name to the client; none means whatever discoverable one the person chooses.
    pub allow: Vec<CredentialDescriptor>,
    /// Whether the person must be verified.
    pub user_verification: UserVerification,
    /// Whether the client asks, or offers credentials by autofill.
    pub mediation: Mediation,
    /// What the person will probably use, most likely first.
    pub hints: Vec<Hint>,
    /// Extensions. None of them is insisted upon.
    pub extensions: RequestExtensions,
    /// The caller's name for what this is for; comes back in the state.
    pub purpose: String,
    /// Whatever else the caller binds this to, such as an action's digest; comes back in the state.
    pub binding: [u8; 32],
}

impl AuthenticationRequest {
    /// For somebody yet unknown, with whatever discoverable credential they choose.
    pub fn discoverable(purpose: impl Into<String>) -> Self {
        Self {
            user_handle: None,
            allow: Vec::new(),
            user_verification: UserVerification::Required,
            mediation: Mediation::Optional,
            hints: Vec::new(),
            extensions: RequestExtensions::default(),
            purpose: purpose.into(),
            binding: [0; 32],
        }
    }

    /// For the known owner of `user_handle`, with one of the named credentials; with none named, with any
    /// discoverable one of theirs.
    pub fn of_user(
        user_handle: impl Into<Vec<u8>>,
        allow: Vec<CredentialDescriptor>,
        purpose: impl Into<String>,
    ) -> Self {
        Self { user_handle: Some(user_handle.into()), allow, ..Self::discoverable(purpose) }
    }
}

/// Which credentials may answer.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Allow {
    /// Any of the user who was identified before.
    AnyOfUser,
    /// Any discoverable one: it must say whose it is.
    Discoverable,
    /// One of these.
    Listed(Vec<Base64Url>),
}

/// What a begun authentication must remember: facts that never change, for the caller to seal.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AuthenticationState {
    /// The challenge: 32 random bytes.
    pub challenge: Base64Url,
    /// The caller's name for what this is for.
    pub purpose: String,
    /// The user handle of the person, if it was known before.
    pub user_handle: Option<Base64Url>,
    /// Which credentials may answer.
    pub allow: Allow,
    /// Whether the person must be verified.
    pub user_verification: UserVerification,
    /// How the client was to involve the person.
    pub mediation: Mediation,
    /// First moment at which the ceremony is over.
    pub expires: Timestamp,
    /// Whatever else the caller binds this to.
    #[serde(with = "fido::credential::base64url_32")]
    pub binding: [u8; 32],
}

/// A credential record (section 4) as the caller's store has it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StoredCredential {
    /// The credential's id.
    pub credential_id: Vec<u8>,
    /// The public key as COSE_Key.
    pub public_key: Vec<u8>,
    /// The signature counter as last seen.
    pub sign_count: u32,
    /// Whether it may be backed up, as at registration.
    pub backup_eligible: bool,
    /// The owner's user handle.
    pub user_handle: Vec<u8>,
}

/// What an assertion proves.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct VerifiedAssertion {
    /// The credential that signed.
    pub credential_id: Vec<u8>,
    /// The owner's user handle.
    pub user_handle: Vec<u8>,
    /// The signature counter, for the credential record.
    pub sign_count: u32,
    /// Whether the person was verified.
    pub user_verified: bool,
    /// Whether the credential may be backed up.
    pub backup_eligible: bool,
    /// Whether it is backed up at present, for the credential record.
    pub backed_up: bool,
    /// Whether the counter did not advance (possible only under [`CounterPolicy::Flag`]).
    pub counter_anomaly: bool,
    /// How the authenticator was attached this time.
    pub attachment: Option<Attachment>,
    /// `uvm`: how the person was verified, as the authenticator says.
    pub verification_methods: Option<Vec<VerificationMethod>>,
}

/// Section 7.2 step 1: options for the client, and the state to seal.
pub fn begin(
    relying_party: &RelyingParty,
    request: AuthenticationRequest,
    now: Timestamp,
    entropy: &mut dyn Entropy,
) -> (RequestOptions, AuthenticationState) {
    let challenge = Base64Url(entropy::array::<32>(entropy).to_vec());
    let allow = match (&request.user_handle, request.allow.as_slice()) {
        (None, []) => Allow::Discoverable,
        (Some(_), []) => Allow::AnyOfUser,
        (_, listed) => Allow::Listed(listed.iter().map(|descriptor| descriptor.id.clone()).collect()),
    };
    let state = AuthenticationState {
        challenge: challenge.clone(),
        purpose: request.purpose,
        user_handle: request.user_handle.map(Base64Url),
        allow,
        user_verification: request.user_verification,
        mediation: request.mediation,
        expires: now + crate::CHALLENGE_LIFETIME,
        binding: request.binding,
    };
    let options = RequestOptions {
        challenge,
        timeout: Some(crate::CLIENT_TIMEOUT),
        rp_id: relying_party.id().to_owned(),
        allow_credentials: request.allow,
        user_verification: request.user_verification,
        hints: request.hints,
        extensions: request.extensions,
    };
    (options, state)
}

/// Section 7.2 steps 2 to 25: what the client's answer proves.
///
/// `stored` is the record with the answer's credential id, or `None` if the store definitely has none.
pub fn finish(
    relying_party: &RelyingParty,
    state: &AuthenticationState,
    response: &AuthenticationResponse,
    stored: Option<&StoredCredential>,
    now: Timestamp,
) -> Result<VerifiedAssertion, AuthenticationRefusal> {
    // Not a step of the specification: a challenge lives five minutes.
    if now >= state.expires {
        return Err(AuthenticationRefusal::ChallengeExpired);
    }
    // Steps 2 to 4 happened in the client; AuthenticationResponse::parse took the answer.
    // Steps 5 and 6.
    let stored = identify(state, response, stored)?;
    // Step 7: the response's members have these names here. Steps 8 and 9.
    let client_data =
        CollectedClientData::parse(&response.client_data_json).map_err(AuthenticationRefusal::ClientData)?;
    // Steps 10 to 14.
    context::check_client_data(relying_party, Ceremony::Get, &state.challenge, &client_data)
        .map_err(AuthenticationRefusal::Context)?;
    let data = AuthenticatorData::parse(&response.authenticator_data)
        .map_err(AuthenticationRefusal::AuthenticatorData)?;
    // Section 6.1: assertions carry no attested credential data.
    if data.attested_credential.is_some() {
        return Err(AuthenticationRefusal::AttestedCredentialPresent);
    }
    // Steps 15 to 18. Step 16: conditional mediation of a sign-in is no exception from user presence.
    context::check_authenticator_data(relying_party, &data, true, state.user_verification)
        .map_err(AuthenticationRefusal::Authenticator)?;
    // Step 19: eligibility never changes; the backup state is in the result for the caller to judge.
    if data.flags.backup_eligible() != stored.backup_eligible {
        return Err(AuthenticationRefusal::BackupEligibilityChanged);
    }
    // Steps 20 and 21.
    verify_signature(stored, response)?;
    // Step 22.
    let counter_anomaly = did_not_advance(stored.sign_count, data.sign_count);
    if counter_anomaly && relying_party.counters() == CounterPolicy::Refuse {
        return Err(AuthenticationRefusal::SignCount);
    }
    // Step 23: extension outputs were read by their definitions; no rule here depends on them.
    // Steps 24 and 25: the caller updates the record by this and goes on.
    Ok(VerifiedAssertion {
        credential_id: response.credential_id.clone(),
        user_handle: stored.user_handle.clone(),
        sign_count: data.sign_count,
        user_verified: data.flags.user_verified(),
        backup_eligible: data.flags.backup_eligible(),
        backed_up: data.flags.backed_up(),
        counter_anomaly,
        attachment: response.attachment,
        verification_methods: data.extensions.and_then(|extensions| extensions.uvm),
    })
}

/// Steps 5 and 6: the credential was allowed, exists, and belongs to who claims it.
fn identify<'s>(
    state: &AuthenticationState,
    response: &AuthenticationResponse,
    stored: Option<&'s StoredCredential>,
) -> Result<&'s StoredCredential, AuthenticationRefusal> {
    // Step 5.
    if let Allow::Listed(ids) = &state.allow
        && !ids.iter().any(|id| id.0 == response.credential_id)
    {
        return Err(AuthenticationRefusal::CredentialNotAllowed);
    }
    // Step 6.
    let stored = stored.ok_or(AuthenticationRefusal::UnknownCredential)?;
    if stored.credential_id != response.credential_id {
        return Err(AuthenticationRefusal::CredentialIdMismatch);
    }
    // "If the user was identified before the authentication ceremony was initiated": the record is theirs.
    if state.user_handle.as_ref().is_some_and(|handle| handle.0 != stored.user_handle) {
        return Err(AuthenticationRefusal::CredentialOfAnotherUser);
    }
    match &response.user_handle {
        // Section 5.4.3: no user handle is empty. One that is would be the same as that of a record without.
        Some(handle) if handle.is_empty() || !encoding::constant_time_eq(handle, &stored.user_handle) => {
            Err(AuthenticationRefusal::UserHandleMismatch)
        }
        // "If the user was not identified before": the answer must say who it is.
        None if state.allow == Allow::Discoverable => Err(AuthenticationRefusal::UserHandleMissing),
        _ => Ok(stored),
    }
}

/// Steps 20 and 21: the stored key signed authenticator data and client data hash.
fn verify_signature(
    stored: &StoredCredential,
    response: &AuthenticationResponse,
) -> Result<(), AuthenticationRefusal> {
    let key = PublicKey::parse_registered(&stored.public_key)
        .map_err(AuthenticationRefusal::CredentialPublicKey)?;
    let hash = digest::sha256(&response.client_data_json);
    let mut message = Vec::with_capacity(response.authenticator_data.len().saturating_add(hash.len()));
    message.extend_from_slice(&response.authenticator_data);
    message.extend_from_slice(&hash);
    key.verify(&message, &response.signature).map_err(|_| AuthenticationRefusal::Signature)
}

/// Step 22: an authenticator that counts must count on. Those without a counter always say 0.
fn did_not_advance(stored: u32, new: u32) -> bool {
    (stored != 0 || new != 0) && new <= stored
}

#[cfg(test)]
mod tests;
