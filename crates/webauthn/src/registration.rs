//! Registering a new credential (WebAuthn Level 3 section 7.1).

use fido::attestation_object::AttestationObject;
use fido::authenticator_data::{AttestedCredential, AuthenticatorData};
use fido::client_data::CollectedClientData;
use fido::credential::{Attachment, Base64Url, CredentialDescriptor, CredentialType};
use fido::extension::{CreationExtensions, CredentialProtection, HmacSecret, VerificationMethod};
use fido::options::{
    AttestationConveyance, AuthenticatorSelection, CreationOptions, CredentialParameters, Hint,
    RelyingPartyEntity, ResidentKey, UserEntity, UserVerification,
};
use fido::response::RegistrationResponse;
use primitives::cose::{self, Algorithm, PublicKey};
use primitives::digest;
use primitives::entropy::{self, Entropy};
use primitives::time::Timestamp;
use serde::{Deserialize, Serialize};

use crate::attestation::{self, Attestation, Signed, TrustAnchor, TrustedPath};
use crate::context::{self, Ceremony, Mediation};
use crate::relying_party::RelyingParty;

mod refusal;

pub use refusal::RegistrationRefusal;

/// What a registration asks for. [`RegistrationRequest::new`] gives the safe defaults.
#[derive(Clone, Debug)]
pub struct RegistrationRequest {
    /// For whom.
    pub user: UserEntity,
    /// Credentials that the person has: authenticators that hold one make no second one.
    pub exclude: Vec<CredentialDescriptor>,
    /// Acceptable algorithms, most preferred first.
    pub algorithms: Vec<Algorithm>,
    /// Whether the person must be verified.
    pub user_verification: UserVerification,
    /// Whether the credential must be discoverable.
    pub resident_key: ResidentKey,
    /// Only authenticators attached like this.
    pub attachment: Option<Attachment>,
    /// What the person will probably use, most likely first.
    pub hints: Vec<Hint>,
    /// How much attestation to ask for.
    pub attestation: AttestationConveyance,
    /// Attestation statement formats, most preferred first; none means no preference.
    pub attestation_formats: Vec<String>,
    /// Extensions. None of them is insisted upon: what the client leaves unanswered stays unknown.
    pub extensions: CreationExtensions,
    /// Whether the client asks the person, or creates silently after another sign-in.
    pub mediation: Mediation,
    /// The caller's name for what this is for; comes back in the state.
    pub purpose: String,
    /// Whatever else the caller binds this to, such as an action's digest; comes back in the state.
    pub binding: [u8; 32],
}

impl RegistrationRequest {
    /// A discoverable, user-verified credential by ES256, EdDSA or RS256, without attestation, which the
    /// authenticator shall neither show nor use without user verification if it knows `credProtect`.
    pub fn new(user: UserEntity, purpose: impl Into<String>) -> Self {
        Self {
            user,
            exclude: Vec::new(),
            algorithms: vec![Algorithm::Es256, Algorithm::EdDsa, Algorithm::Rs256],
            user_verification: UserVerification::Required,
            resident_key: ResidentKey::Required,
            attachment: None,
            hints: Vec::new(),
            attestation: AttestationConveyance::None,
            attestation_formats: Vec::new(),
            extensions: CreationExtensions {
                cred_props: true,
                credential_protection_policy: Some(CredentialProtection::UserVerificationRequired),
                ..CreationExtensions::default()
            },
            mediation: Mediation::Optional,
            purpose: purpose.into(),
            binding: [0; 32],
        }
    }
}

/// What a begun registration must remember: facts that never change, for the caller to seal.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RegistrationState {
    /// The challenge: 32 random bytes.
    pub challenge: Base64Url,
    /// The caller's name for what this is for.
    pub purpose: String,
    /// The user handle for which the credential is made.
    pub user_handle: Base64Url,
    /// COSE identifiers of the acceptable algorithms.
    pub algorithms: Vec<i64>,
    /// Whether the person must be verified.
    pub user_verification: UserVerification,
    /// Conditional creation may come without user presence.
    pub mediation: Mediation,
    /// First moment at which the ceremony is over.
    pub expires: Timestamp,
    /// Whatever else the caller binds this to.
    #[serde(with = "fido::credential::base64url_32")]
    pub binding: [u8; 32],
}

/// What the relying party knows at the end and judges by.
#[derive(Clone, Copy)]
pub struct RegistrationChecks<'a> {
    /// Certificates to which an attestation must lead to be trusted.
    pub trust_anchors: &'a [TrustAnchor],
    /// Whether an attestation that is not trusted ends the registration.
    pub require_trusted_attestation: bool,
    /// Whether a credential with this id is registered already, for anybody.
    pub is_registered: &'a dyn Fn(&[u8]) -> bool,
}

impl Default for RegistrationChecks<'_> {
    /// No anchors, no demand for trust, and the store alone finds duplicates.
    fn default() -> Self {
        Self { trust_anchors: &[], require_trusted_attestation: false, is_registered: &|_| false }
    }
}

/// A credential record (section 4) as a registration proves it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RegisteredCredential {
    /// The credential's id.
    pub credential_id: Vec<u8>,
    /// The public key as COSE_Key, in the authenticator's bytes.
    pub public_key: Vec<u8>,
    /// The key's algorithm.
    pub algorithm: Algorithm,
    /// The signature counter.
    pub sign_count: u32,
    /// The authenticator's model; no more than a claim unless the attestation is trusted.
    pub aaguid: [u8; 16],
    /// How the authenticator may be reached.
    pub transports: Vec<String>,
    /// How the authenticator was attached.
    pub attachment: Option<Attachment>,
    /// Whether it may be backed up.
    pub backup_eligible: bool,
    /// Whether it is backed up at present.
    pub backed_up: bool,
    /// Whether the person was there.
    pub user_present: bool,
    /// Whether the person was verified.
    pub user_verified: bool,
    /// What the attestation proved.
    pub attestation: Attestation,
    /// Where the attestation leads, if it is trusted.
    pub attested_by: Option<TrustedPath>,
    /// `credProps.rk`, as the client says.
    pub discoverable: Option<bool>,
    /// `credProtect`, as the authenticator says.
    pub cred_protect: Option<CredentialProtection>,
    /// `minPinLength`, as the authenticator says, in characters.
    pub min_pin_length: Option<u32>,
    /// Whether it derives secrets: `hmac-secret` as the authenticator says, else `prf.enabled` of the client.
    pub prf_enabled: Option<bool>,
    /// `largeBlob.supported`, as the client says.
    pub large_blob_supported: Option<bool>,
    /// `uvm`: how the person was verified, as the authenticator says.
    pub verification_methods: Option<Vec<VerificationMethod>>,
}

/// Section 7.1 step 1: options for the client, and the state to seal.
pub fn begin(
    relying_party: &RelyingParty,
    request: RegistrationRequest,
    now: Timestamp,
    entropy: &mut dyn Entropy,
) -> (CreationOptions, RegistrationState) {
    let challenge = Base64Url(entropy::array::<32>(entropy).to_vec());
    let algorithms: Vec<i64> = request.algorithms.iter().map(|algorithm| algorithm.id()).collect();
    let state = RegistrationState {
        challenge: challenge.clone(),
        purpose: request.purpose,
        user_handle: request.user.id.clone(),
        algorithms: algorithms.clone(),
        user_verification: request.user_verification,
        mediation: request.mediation,
        expires: now + crate::CHALLENGE_LIFETIME,
        binding: request.binding,
    };
    let parameters = |alg| CredentialParameters { kind: CredentialType::PublicKey, alg };
    let options = CreationOptions {
        rp: RelyingPartyEntity { id: relying_party.id().to_owned(), name: relying_party.name().to_owned() },
        user: request.user,
        challenge,
        pub_key_cred_params: algorithms.into_iter().map(parameters).collect(),
        timeout: Some(crate::CLIENT_TIMEOUT),
        exclude_credentials: request.exclude,
        authenticator_selection: AuthenticatorSelection {
            authenticator_attachment: request.attachment,
            resident_key: request.resident_key,
            require_resident_key: request.resident_key == ResidentKey::Required,
            user_verification: request.user_verification,
        },
        hints: request.hints,
        attestation: request.attestation,
        attestation_formats: request.attestation_formats,
        extensions: request.extensions,
    };
    (options, state)
}

/// Section 7.1 steps 2 to 29: what the client's answer proves.
pub fn finish(
    relying_party: &RelyingParty,
    state: &RegistrationState,
    response: &RegistrationResponse,
    checks: RegistrationChecks<'_>,
    now: Timestamp,
) -> Result<RegisteredCredential, RegistrationRefusal> {
    // Not a step of the specification: a challenge lives five minutes.
    if now >= state.expires {
        return Err(RegistrationRefusal::ChallengeExpired);
    }
    // Steps 2 to 4 happened in the client; RegistrationResponse::parse took the answer.
    // Steps 5 and 6.
    let client_data =
        CollectedClientData::parse(&response.client_data_json).map_err(RegistrationRefusal::ClientData)?;
    // Steps 7 to 11.
    context::check_client_data(relying_party, Ceremony::Create, &state.challenge, &client_data)
        .map_err(RegistrationRefusal::Context)?;
    // Step 12.
    let client_data_hash = digest::sha256(&response.client_data_json);
    // Step 13.
    let object = AttestationObject::parse(&response.attestation_object)
        .map_err(RegistrationRefusal::AttestationObject)?;
    let data = AuthenticatorData::parse(object.authenticator_data)
        .map_err(RegistrationRefusal::AuthenticatorData)?;
    let credential =
        data.attested_credential.as_ref().ok_or(RegistrationRefusal::AttestedCredentialMissing)?;
    if credential.credential_id != response.credential_id {
        return Err(RegistrationRefusal::CredentialIdMismatch);
    }
    // Steps 14 to 17. Step 15: only conditional creation may come without user presence.
    let presence_required = state.mediation != Mediation::Conditional;
    context::check_authenticator_data(relying_party, &data, presence_required, state.user_verification)
        .map_err(RegistrationRefusal::Authenticator)?;
    // Steps 18 and 19: backup eligibility and state are the caller's to judge; they are in the result.
    // Step 20.
    let public_key = public_key(state, credential)?;
    // Steps 21 to 24.
    let signed = Signed {
        authenticator_data: object.authenticator_data,
        client_data_hash: &client_data_hash,
        credential,
        public_key: &public_key,
    };
    let (attestation, attested_by) = attest(&object, &signed, checks, now)?;
    // Step 25: AuthenticatorData::parse takes no credential id longer than 1023 bytes.
    // Step 26. The caller's store decides again in the commit that stores the credential.
    if (checks.is_registered)(credential.credential_id) {
        return Err(RegistrationRefusal::AlreadyRegistered);
    }
    // Step 28: extension outputs were read by their definitions; no rule here depends on them.
    // Steps 27 and 29: the caller stores this record. Secrets among the outputs are not in it.
    let client = &response.client_extensions;
    let extensions = data.extensions.unwrap_or_default();
    Ok(RegisteredCredential {
        credential_id: credential.credential_id.to_vec(),
        public_key: credential.public_key.to_vec(),
        algorithm: public_key.algorithm(),
        sign_count: data.sign_count,
        // Nothing in a statement of U2F vouches for a model (section 8.6).
        aaguid: if attestation.format == attestation::FIDO_U2F { [0; 16] } else { credential.aaguid },
        transports: response.transports.clone(),
        attachment: response.attachment,
        backup_eligible: data.flags.backup_eligible(),
        backed_up: data.flags.backed_up(),
        user_present: data.flags.user_present(),
        user_verified: data.flags.user_verified(),
        attestation,
        attested_by,
        discoverable: client.discoverable,
        cred_protect: extensions.cred_protect,
        min_pin_length: extensions.min_pin_length,
        prf_enabled: match extensions.hmac_secret {
            Some(HmacSecret::Enabled(enabled)) => Some(enabled),
            _ => client.prf.as_ref().and_then(|prf| prf.enabled),
        },
        large_blob_supported: client.large_blob.as_ref().and_then(|blob| blob.supported),
        verification_methods: extensions.uvm,
    })
}

/// Step 20: the key's algorithm was offered, and the key is one.
fn public_key(
    state: &RegistrationState,
    credential: &AttestedCredential<'_>,
) -> Result<PublicKey, RegistrationRefusal> {
    let value = &credential.public_key_value;
    let algorithm = cose::algorithm_id(value).map_err(RegistrationRefusal::CredentialPublicKey)?;
    if !state.algorithms.contains(&algorithm) {
        return Err(RegistrationRefusal::AlgorithmNotOffered);
    }
    PublicKey::from_value(value).map_err(RegistrationRefusal::CredentialPublicKey)
}

/// Steps 21 to 24: the statement holds, and leads to an anchor if it must.
fn attest(
    object: &AttestationObject<'_>,
    signed: &Signed<'_>,
    checks: RegistrationChecks<'_>,
    now: Timestamp,
) -> Result<(Attestation, Option<TrustedPath>), RegistrationRefusal> {
    // Steps 21 and 22.
    let verified = attestation::verify(object.format, &object.statement, signed)
        .map_err(RegistrationRefusal::Attestation)?;
    // Steps 23 and 24.
    let vouches = |anchor: &&TrustAnchor| anchor.vouches_for(signed.public_key.algorithm());
    let anchors: Vec<TrustAnchor> = checks.trust_anchors.iter().filter(vouches).cloned().collect();
    let assessed = verified.assess(&anchors, now).map_err(RegistrationRefusal::Attestation)?;
    let path = match assessed.trust {
        Ok(path) => Some(path),
        Err(reason) if checks.require_trusted_attestation => {
            return Err(RegistrationRefusal::AttestationUntrusted(reason));
        }
        Err(_) => None,
    };
    Ok((Attestation { format: verified.format, kind: assessed.kind, trusted: path.is_some() }, path))
}

#[cfg(test)]
mod tests;
