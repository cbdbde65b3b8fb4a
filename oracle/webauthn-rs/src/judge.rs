//! A case in the words of webauthn-rs-core.

use std::time::Duration;

use data_encoding::BASE64;
use serde_json::Value;
use url::Url;
use webauthn_rs_core::WebauthnCore;
use webauthn_rs_core::error::WebauthnError;
use webauthn_rs_core::proto::{
    AttestationCaList, AttestationConveyancePreference, AttestationFormat, AttestationMetadata,
    AuthenticationState, COSEAlgorithm, COSEKey, Credential, ParsedAttestation, ParsedAttestationData,
    RegisteredExtensions, RegistrationState, UserVerificationPolicy,
};

use crate::case::{Case, Kind, Options, Stored};

/// Refuses with the name of the oracle's error.
pub(crate) fn judge(case: &Case) -> Result<(), String> {
    let origins = case.rp.origins.iter().map(|origin| Url::parse(origin)).collect::<Result<_, _>>();
    let core = WebauthnCore::new_unsafe_experts_only(
        "Example",
        &case.rp.rp_id,
        origins.map_err(|error| format!("Url: {error}"))?,
        Duration::from_secs(300),
        Some(false),
        Some(false),
    );
    match case.kind {
        Kind::Registration => register(&core, case),
        Kind::Authentication => authenticate(&core, case),
    }
}

fn register(core: &WebauthnCore, case: &Case) -> Result<(), String> {
    let options = &case.options;
    let builder = core.new_challenge_register_builder(b"user", "user", "user").map_err(name)?;
    let builder = builder
        .attestation(AttestationConveyancePreference::Direct)
        .user_verification_policy(policy(options))
        .credential_algorithms(algorithms(options));
    let (_, state) = core.generate_challenge_register(builder).map_err(name)?;
    let state: RegistrationState = with_challenge(&state, &options.challenge)?;
    let response = serde_json::from_str(case.response.get()).map_err(json)?;
    // Without authorities it looks at the statement and not at where the certificates lead.
    let anchors = if options.require_trusted_attestation { Some(anchors(options)?) } else { None };
    core.register_credential(&response, &state, anchors.as_ref()).map(|_| ()).map_err(name)
}

fn authenticate(core: &WebauthnCore, case: &Case) -> Result<(), String> {
    let options = &case.options;
    let allowed = |stored: &&Stored| match options.allow_credentials.as_deref() {
        None | Some([]) => true,
        Some(ids) => ids.contains(&stored.credential_id),
    };
    let credentials: Vec<Credential> = case
        .stored
        .iter()
        .filter(allowed)
        .map(|stored| credential(stored, options))
        .collect::<Result<_, _>>()?;
    // No names: whoever answers is found afterwards.
    let discoverable = options.allow_credentials.as_ref().is_some_and(Vec::is_empty);
    let named = if discoverable { Vec::new() } else { credentials.clone() };
    let builder = core.new_challenge_authenticate_builder(named, Some(policy(options))).map_err(name)?;
    let (_, state) = core.generate_challenge_authenticate(builder).map_err(name)?;
    let mut state: AuthenticationState = with_challenge(&state, &options.challenge)?;
    if discoverable {
        state.set_allowed_credentials(credentials);
    }
    let response = serde_json::from_str(case.response.get()).map_err(json)?;
    core.authenticate_credential(&response, &state).map(|_| ()).map_err(name)
}

/// The state of a ceremony, as if it had been begun with the case's challenge.
fn with_challenge<S: serde::Serialize + serde::de::DeserializeOwned>(
    state: &S,
    challenge: &str,
) -> Result<S, String> {
    let mut value = serde_json::to_value(state).map_err(json)?;
    if let Some(member) = value.get_mut("challenge") {
        *member = Value::from(challenge);
    }
    serde_json::from_value(value).map_err(json)
}

/// The case does not tell how a credential came to be; it gets what does not stand in its way.
fn credential(stored: &Stored, options: &Options) -> Result<Credential, String> {
    let key: serde_cbor_2::Value =
        serde_cbor_2::from_slice(&stored.public_key.0).map_err(|_| "COSEKey: CBOR".to_owned())?;
    Ok(Credential {
        cred_id: stored.credential_id.0.clone(),
        cred: COSEKey::try_from(&key).map_err(name)?,
        counter: stored.sign_count,
        transports: None,
        user_verified: matches!(policy(options), UserVerificationPolicy::Required),
        backup_eligible: stored.backup_eligible,
        backup_state: stored.backup_eligible,
        registration_policy: policy(options),
        extensions: RegisteredExtensions::none(),
        attestation: ParsedAttestation {
            data: ParsedAttestationData::None,
            metadata: AttestationMetadata::None,
        },
        attestation_format: AttestationFormat::None,
    })
}

fn policy(options: &Options) -> UserVerificationPolicy {
    match options.user_verification.as_deref() {
        Some("preferred") => UserVerificationPolicy::Preferred,
        Some("discouraged") => UserVerificationPolicy::Discouraged_DO_NOT_USE,
        _ => UserVerificationPolicy::Required,
    }
}

/// Those that it has a name for.
fn algorithms(options: &Options) -> Vec<COSEAlgorithm> {
    let ids = options.pub_key_cred_params.as_deref().unwrap_or(&[-7, -8, -257]);
    ids.iter()
        .filter_map(|id| match id {
            -7 => Some(COSEAlgorithm::ES256),
            -8 => Some(COSEAlgorithm::EDDSA),
            -35 => Some(COSEAlgorithm::ES384),
            -36 => Some(COSEAlgorithm::ES521),
            -37 => Some(COSEAlgorithm::PS256),
            -257 => Some(COSEAlgorithm::RS256),
            _ => None,
        })
        .collect()
}

/// Each anchor for every model of authenticator.
fn anchors(options: &Options) -> Result<AttestationCaList, String> {
    let mut list = AttestationCaList::default();
    for anchor in options.trust_anchors.iter().flatten() {
        let text = BASE64.encode(&anchor.0);
        let pem = format!("-----BEGIN CERTIFICATE-----\n{}\n-----END CERTIFICATE-----\n", wrap(&text));
        let one =
            AttestationCaList::try_from(pem.as_bytes()).map_err(|error| format!("Anchor: {error:?}"))?;
        list.union(&one);
    }
    Ok(list)
}

/// PEM has lines of 64 characters.
fn wrap(text: &str) -> String {
    let mut out = String::new();
    for (at, letter) in text.chars().enumerate() {
        if at > 0 && at % 64 == 0 {
            out.push('\n');
        }
        out.push(letter);
    }
    out
}

fn json(error: serde_json::Error) -> String {
    format!("Json: {error}")
}

/// The variant's name with what it holds.
fn name(error: WebauthnError) -> String {
    format!("{error:?}")
}
