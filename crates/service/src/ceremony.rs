//! What the four ceremonies share: sealed state, one-time use, and the reasons of refusal.

use account::passkey::PasskeyId;
use account::policy::judge::PasskeyRefusal;
use account::session::{SKEW, SessionId};
use primitives::digest;
use primitives::encoding;
use primitives::seal;
use primitives::time::Timestamp;
use serde::Serialize;
use serde::de::DeserializeOwned;
use store::spent::{self, SpentKey, Taken};
use store::{StoreError, Tx};
use webauthn::{AuthenticationRefusal, AuthenticatorRefusal, RegistrationRefusal};

use crate::context::{Caller, Context};
use crate::moved::Party;

/// A ceremony that has begun: what the script passes to the browser, and what it sends back to finish.
#[derive(Clone, Debug)]
pub struct Started {
    /// PublicKeyCredentialRequestOptionsJSON or PublicKeyCredentialCreationOptionsJSON.
    pub options: serde_json::Value,
    /// The sealed state, as base64url.
    pub state: String,
}

/// Options as the script takes them.
pub(crate) fn json<T: Serialize>(options: &T) -> serde_json::Value {
    serde_json::to_value(options).unwrap_or_else(|_| unreachable!("options hold only what JSON can say"))
}

/// What a seal is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Purpose {
    SignIn,
    Confirm,
    Register,
    Try,
    AddCodes,
    Manage,
}

impl Purpose {
    fn label(self) -> &'static str {
        match self {
            Purpose::SignIn => "keyward sign-in",
            Purpose::Confirm => "keyward confirm",
            Purpose::Register => "keyward register",
            Purpose::Try => "keyward try",
            Purpose::AddCodes => "keyward add codes",
            Purpose::Manage => "keyward manage",
        }
    }
}

/// Seals `state` to the purpose, the RP ID, the deployment's epoch, the browser and the session if there is one
/// (DESIGN 5a.15). The epoch because a restored database has forgotten which challenges were used.
pub(crate) fn seal_state<T: Serialize>(
    cx: &Context,
    caller: &mut Caller,
    purpose: Purpose,
    session: Option<SessionId>,
    state: &T,
) -> String {
    seal_state_for(cx, caller, Party::Current, (purpose, session), state)
}

/// The same for one of the two relying parties there are during a move: which, the seal says.
pub(crate) fn seal_state_for<T: Serialize>(
    cx: &Context,
    caller: &mut Caller,
    party: Party,
    (purpose, session): (Purpose, Option<SessionId>),
    state: &T,
) -> String {
    let plain =
        serde_json::to_vec(state).unwrap_or_else(|_| unreachable!("states hold only what JSON can say"));
    let binding = binding(cx, caller, party, session);
    let sealed = seal::seal(&cx.keys, purpose.label(), &binding, &plain, caller.now, caller.entropy.as_mut());
    encoding::base64url(&sealed)
}

/// Opens what [`seal_state`] made in the same browser and session.
pub(crate) fn open_state<T: DeserializeOwned>(
    cx: &Context,
    caller: &Caller,
    purpose: Purpose,
    session: Option<SessionId>,
    sealed: &str,
) -> Result<T, CeremonyError> {
    open_state_at(cx, caller, Party::Current, (purpose, session), sealed)
}

/// Opens what [`seal_state_for`] made, for whichever relying party it was.
pub(crate) fn open_state_for<T: DeserializeOwned>(
    cx: &Context,
    caller: &Caller,
    purpose: Purpose,
    session: Option<SessionId>,
    sealed: &str,
) -> Result<(Party, T), CeremonyError> {
    match open_state_at(cx, caller, Party::Current, (purpose, session), sealed) {
        Err(CeremonyError::Seal) if cx.former.is_some() => {
            let state = open_state_at(cx, caller, Party::Former, (purpose, session), sealed)?;
            Ok((Party::Former, state))
        }
        opened => opened.map(|state| (Party::Current, state)),
    }
}

fn open_state_at<T: DeserializeOwned>(
    cx: &Context,
    caller: &Caller,
    party: Party,
    (purpose, session): (Purpose, Option<SessionId>),
    sealed: &str,
) -> Result<T, CeremonyError> {
    let sealed = encoding::from_base64url(sealed).ok_or(CeremonyError::Seal)?;
    let binding = binding(cx, caller, party, session);
    let plain = seal::open(&cx.keys, purpose.label(), &binding, &sealed).map_err(|_| CeremonyError::Seal)?;
    serde_json::from_slice(&plain).map_err(|_| CeremonyError::Seal)
}

fn binding(cx: &Context, caller: &Caller, party: Party, session: Option<SessionId>) -> [u8; 32] {
    // A party that is not configured any more binds to nothing that was ever sealed.
    let id = cx.party(party).map_or("", |party| party.id());
    let session: &[u8] = session.as_ref().map_or(&[], |id| id.as_bytes());
    let epoch = cx.settings().deployment_epoch.to_be_bytes();
    digest::sha256_parts(&[id.as_bytes(), &epoch, caller.browser.as_bytes(), session])
}

/// Uses a challenge in this transaction, or gives what came of it before.
///
/// A challenge that has expired by the database's clock is used no more; one that was used in time keeps its
/// answer for as long as `spent` keeps its row.
pub(crate) fn use_challenge(
    tx: &mut Tx<'_>,
    now: Timestamp,
    challenge: &[u8],
    expires: Timestamp,
    outcome: &[u8],
) -> Result<Taken, CeremonyError> {
    let key = SpentKey::new(expires, &digest::sha256(challenge));
    // One that was made by a clock that is ahead would live for as long as that is.
    if expires > now + webauthn::CHALLENGE_LIFETIME + SKEW {
        return Err(CeremonyError::Expired);
    }
    if now < expires {
        return Ok(spent::take(tx, &key, outcome)?);
    }
    match spent::outcome_of(tx, &key)? {
        Some(earlier) => Ok(Taken::Already(earlier)),
        None => Err(CeremonyError::Expired),
    }
}

/// Why a ceremony did not do what it should.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum CeremonyError {
    /// The state is not one that this deployment sealed for this browser, session and purpose.
    Seal,
    /// It was begun more than five minutes ago.
    Expired,
    /// Its challenge had been used.
    Replayed,
    /// What the browser sent is not a response.
    Response(fido::response::ResponseRefusal),
    /// The assertion breaks a rule of WebAuthn Level 3 section 7.2.
    Assertion(AuthenticationRefusal),
    /// The registration breaks a rule of WebAuthn Level 3 section 7.1.
    Registration(RegistrationRefusal),
    /// No account has this credential: a definite absence, after which the browser may be told to forget it.
    UnknownCredential,
    /// The passkey was turned off.
    DisabledCredential,
    /// The account was turned off.
    DisabledUser,
    /// The passkey belongs to another account than the one asked.
    WrongAccount,
    /// Another passkey of the account than the one to be tried.
    OtherPasskey(PasskeyId),
    /// The credential is registered already.
    Duplicate,
    /// The account has as many passkeys as it may have.
    TooManyPasskeys,
    /// The session ended meanwhile.
    SessionEnded,
    /// The pass of the onboarding session no longer lets a passkey be registered.
    PassEnded,
    /// The onboarding session has registered its passkey: it may name and try it, no more.
    OnboardingDone,
    /// An onboarding session may not do this at all.
    Onboarding,
    /// The session has not confirmed this action within the last five minutes.
    ConfirmNeeded,
    /// The account has no such passkey.
    NotFound,
    /// The errand by which a phone does this for a computer does not go on.
    Ticket(account::enrolment::Refusal),
    /// Policy takes no such passkey.
    Policy(PasskeyRefusal),
    /// What was proven is less than policy asks of who adds or removes methods.
    TooWeak,
    /// The store failed; nothing was changed.
    Store(StoreError),
}

impl From<StoreError> for CeremonyError {
    fn from(error: StoreError) -> Self {
        CeremonyError::Store(error)
    }
}

impl From<PasskeyRefusal> for CeremonyError {
    fn from(refusal: PasskeyRefusal) -> Self {
        CeremonyError::Policy(refusal)
    }
}

impl CeremonyError {
    /// The stable code by which people are told.
    pub fn code(&self) -> &'static str {
        match self {
            CeremonyError::Seal | CeremonyError::Expired | CeremonyError::Replayed => "challenge_expired",
            CeremonyError::Assertion(refusal) => assertion_code(*refusal),
            CeremonyError::Registration(refusal) => registration_code(*refusal),
            CeremonyError::UnknownCredential => "unknown_credential",
            CeremonyError::DisabledCredential => "disabled_credential",
            CeremonyError::DisabledUser => "disabled_user",
            CeremonyError::WrongAccount => "wrong_account",
            CeremonyError::OtherPasskey(_) => "other_passkey",
            CeremonyError::Duplicate => "duplicate",
            CeremonyError::TooManyPasskeys => "too_many_passkeys",
            CeremonyError::SessionEnded => "session_ended",
            CeremonyError::PassEnded => "pass_ended",
            CeremonyError::OnboardingDone => "onboarding_done",
            CeremonyError::Onboarding => "onboarding_session",
            CeremonyError::ConfirmNeeded => "confirm_needed",
            CeremonyError::NotFound => "not_found",
            CeremonyError::Ticket(refusal) => refusal.code(),
            CeremonyError::Policy(refusal) => refusal.code(),
            CeremonyError::TooWeak => "stronger_evidence_needed",
            CeremonyError::Response(_) | CeremonyError::Store(_) => "unknown",
        }
    }

    /// The precise reason, for the log and the audit.
    pub fn cause(&self) -> &'static str {
        match self {
            CeremonyError::Seal => "state_seal",
            CeremonyError::Expired => "challenge_expired",
            CeremonyError::Replayed => "challenge_used",
            CeremonyError::Response(refusal) => refusal.code(),
            CeremonyError::Assertion(refusal) => refusal.code(),
            CeremonyError::Registration(refusal) => refusal.code(),
            CeremonyError::Store(error) => error.code(),
            other => other.code(),
        }
    }

    /// Whether the store failed rather than a rule.
    pub fn store(&self) -> Option<&StoreError> {
        match self {
            CeremonyError::Store(error) => Some(error),
            _ => None,
        }
    }
}

/// What people are told of a refused assertion: little, so that it helps nobody to forge one.
fn assertion_code(refusal: AuthenticationRefusal) -> &'static str {
    match refusal {
        AuthenticationRefusal::ChallengeExpired => "challenge_expired",
        AuthenticationRefusal::UnknownCredential => "unknown_credential",
        AuthenticationRefusal::CredentialOfAnotherUser => "wrong_account",
        AuthenticationRefusal::Authenticator(AuthenticatorRefusal::UserVerified) => "uv_missing",
        _ => "unknown",
    }
}

/// What people are told of a refused registration.
fn registration_code(refusal: RegistrationRefusal) -> &'static str {
    match refusal {
        RegistrationRefusal::ChallengeExpired => "challenge_expired",
        RegistrationRefusal::AlreadyRegistered => "duplicate",
        RegistrationRefusal::Authenticator(AuthenticatorRefusal::UserVerified) => "uv_missing",
        RegistrationRefusal::AlgorithmNotOffered
        | RegistrationRefusal::CredentialPublicKey(_)
        | RegistrationRefusal::Attestation(_)
        | RegistrationRefusal::AttestationUntrusted(_) => "not_accepted",
        _ => "unknown",
    }
}
