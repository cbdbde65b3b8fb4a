//! A refused ceremony as `keyward explain` takes it: what was asked, what the store had, what the browser answered.
//!
//! Recorded is only what a rule of WebAuthn refused. A seal of another browser, a challenge that has expired or was
//! used, or a passkey that is turned off have nothing in the response that could be explained.
//!
//! Two client extension outputs are secrets of the person and never recorded: `prf.results` are keys, and
//! `largeBlob.blob` is whatever a site keeps there. No rule looks into well-formed ones. A response that cannot be
//! read, and holds one, is not recorded: without it the case would be another.

use fido::credential::Base64Url;
use fido::options::{AttestationConveyance, UserVerification};
use fido::response::RegistrationResponse;
use primitives::time::Timestamp;
use serde::Serialize;
use serde_json::value::RawValue;
use store::refused_ceremonies::{Kind, RefusedCeremony};
use webauthn::{
    Allow, AuthenticationState, CrossOrigin, Mediation, RegistrationRefusal, RegistrationState, RelyingParty,
    StoredCredential,
};

use self::members::without;
use crate::ceremony::CeremonyError;
use crate::moved::Party;

mod members;

/// A ceremony that a rule of WebAuthn refused, kept until it is known whether it is recorded.
#[derive(Clone)]
pub(crate) struct RefusedCase {
    begun: Begun,
    /// The text as the browser sent it.
    response: String,
    /// By which time it was judged.
    now: Timestamp,
    /// The rule's code.
    reason: &'static str,
    /// Whether the response could not even be read.
    unread: bool,
    /// For which relying party.
    pub(crate) party: Party,
}

#[derive(Clone)]
enum Begun {
    /// With the id that is registered already, if that decided.
    Registration { state: RegistrationState, registered: Option<Base64Url> },
    /// With the record as it was read, if there is one.
    Authentication { state: AuthenticationState, stored: Option<StoredCredential> },
}

/// What an assertion answers to: whatever refuses it later makes its case of this.
#[derive(Clone)]
pub(crate) struct Presented {
    pub(crate) state: AuthenticationState,
    pub(crate) response: String,
    pub(crate) now: Timestamp,
    pub(crate) party: Party,
}

impl Presented {
    /// The case of an assertion that was refused with `reason` against the record `stored`.
    pub(crate) fn refused(&self, reason: &'static str, stored: Option<StoredCredential>) -> RefusedCase {
        RefusedCase {
            begun: Begun::Authentication { state: self.state.clone(), stored },
            response: self.response.clone(),
            now: self.now,
            reason,
            unread: false,
            party: self.party,
        }
    }

    /// The case of an assertion that could not be read, for `reason`.
    pub(crate) fn unread(&self, reason: &'static str) -> RefusedCase {
        RefusedCase { unread: true, ..self.refused(reason, None) }
    }
}

/// The case of a registration that ended with `error` at `now`, if a rule of WebAuthn refused it.
pub(crate) fn of_registration(
    state: &RegistrationState,
    response: &str,
    now: Timestamp,
    error: &CeremonyError,
) -> Option<RefusedCase> {
    let mut registered = None;
    let reason = match error {
        CeremonyError::Registration(RegistrationRefusal::ChallengeExpired) => return None,
        CeremonyError::Registration(refusal) => refusal.code(),
        CeremonyError::Response(refusal) => refusal.code(),
        CeremonyError::Duplicate => {
            registered = RegistrationResponse::parse(response).ok().map(|read| Base64Url(read.credential_id));
            RegistrationRefusal::AlreadyRegistered.code()
        }
        _ => return None,
    };
    Some(RefusedCase {
        begun: Begun::Registration { state: state.clone(), registered },
        response: response.to_owned(),
        now,
        reason,
        unread: matches!(error, CeremonyError::Response(_)),
        party: Party::Current,
    })
}

/// The row for `refused`, which came about `at` under `reference`; `None` if it cannot be kept without a secret.
pub(crate) fn recorded_case(
    relying_party: &RelyingParty,
    reference: &str,
    at: Timestamp,
    refused: &RefusedCase,
) -> Option<RefusedCeremony> {
    let (kind, options, stored) = match &refused.begun {
        Begun::Registration { state, registered } => {
            (Kind::Registration, registration_options(state, registered.as_ref()), None)
        }
        Begun::Authentication { state, stored } => {
            (Kind::Authentication, authentication_options(state), stored.as_ref().map(Stored::new))
        }
    };
    let case = Case {
        id: reference,
        kind: kind.name(),
        rp: Rp::new(relying_party, refused.now),
        options,
        stored,
        response: recorded_response(refused)?,
    };
    let case_json =
        serde_json::to_string(&case).unwrap_or_else(|_| unreachable!("a case holds only what JSON can say"));
    Some(RefusedCeremony {
        reference: reference.to_owned(),
        at,
        kind,
        reason: refused.reason.to_owned(),
        case_json,
    })
}

/// The response without secrets, otherwise as it was sent: JSON as it stands, anything else as a text.
fn recorded_response(refused: &RefusedCase) -> Option<Box<RawValue>> {
    const RESULTS: &str = "clientExtensionResults";
    let Ok(sent) = serde_json::from_str::<Box<RawValue>>(&refused.response) else {
        // Where the outputs cannot be found they are cut off with all that follows.
        let text = refused.response.split(RESULTS).next().unwrap_or_default();
        return serde_json::value::to_raw_value(text).ok();
    };
    let kept = without(&sent, &[RESULTS, "prf", "results"]);
    let kept = without(&kept, &[RESULTS, "largeBlob", "blob"]);
    (!refused.unread || kept.get() == sent.get()).then_some(kept)
}

#[derive(Serialize)]
struct Case<'a> {
    id: &'a str,
    kind: &'static str,
    rp: Rp<'a>,
    options: Options<'a>,
    #[serde(skip_serializing_if = "Option::is_none")]
    stored: Option<Stored>,
    response: Box<RawValue>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Rp<'a> {
    rp_id: &'a str,
    origins: &'a [String],
    allow_cross_origin: bool,
    top_origins: &'a [String],
    now: String,
}

impl<'a> Rp<'a> {
    fn new(relying_party: &'a RelyingParty, now: Timestamp) -> Self {
        let (allow_cross_origin, top_origins) = match relying_party.cross_origin() {
            CrossOrigin::Refuse => (false, [].as_slice()),
            CrossOrigin::Allow { top_origins } => (true, top_origins.as_slice()),
        };
        Self {
            rp_id: relying_party.id(),
            origins: relying_party.origins(),
            allow_cross_origin,
            top_origins,
            now: now.to_string(),
        }
    }
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase", untagged)]
enum Options<'a> {
    #[serde(rename_all = "camelCase")]
    Registration {
        challenge: &'a Base64Url,
        user_verification: UserVerification,
        mediation: Option<Mediation>,
        pub_key_cred_params: &'a [i64],
        attestation: AttestationConveyance,
        require_trusted_attestation: bool,
        already_registered_credential_ids: Vec<&'a Base64Url>,
    },
    #[serde(rename_all = "camelCase")]
    Authentication {
        challenge: &'a Base64Url,
        user_verification: UserVerification,
        mediation: Option<Mediation>,
        allow_credentials: Option<&'a [Base64Url]>,
    },
}

fn registration_options<'a>(state: &'a RegistrationState, registered: Option<&'a Base64Url>) -> Options<'a> {
    Options::Registration {
        challenge: &state.challenge,
        user_verification: state.user_verification,
        mediation: conditional(state.mediation),
        pub_key_cred_params: &state.algorithms,
        // What `register_passkey` asks for and demands, always.
        attestation: AttestationConveyance::None,
        require_trusted_attestation: false,
        already_registered_credential_ids: registered.into_iter().collect(),
    }
}

fn authentication_options(state: &AuthenticationState) -> Options<'_> {
    Options::Authentication {
        challenge: &state.challenge,
        user_verification: state.user_verification,
        mediation: conditional(state.mediation),
        allow_credentials: match &state.allow {
            Allow::AnyOfUser => None,
            Allow::Discoverable => Some(&[]),
            Allow::Listed(ids) => Some(ids),
        },
    }
}

/// A case names conditional mediation only.
fn conditional(mediation: Mediation) -> Option<Mediation> {
    Some(mediation).filter(|mediation| *mediation == Mediation::Conditional)
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Stored {
    credential_id: Base64Url,
    public_key: Base64Url,
    sign_count: u32,
    backup_eligible: bool,
    user_handle: Base64Url,
}

impl Stored {
    fn new(stored: &StoredCredential) -> Self {
        Self {
            credential_id: Base64Url(stored.credential_id.clone()),
            public_key: Base64Url(stored.public_key.clone()),
            sign_count: stored.sign_count,
            backup_eligible: stored.backup_eligible,
            user_handle: Base64Url(stored.user_handle.clone()),
        }
    }
}
