//! What an event says about signing in, for those who read the log of a whole organisation.
//!
//! [`crate::history`] tells people of their own account; here an event is taken apart into what a log is filtered and
//! counted by.

use crate::audit::EventKind;
use crate::names::named_enum;
use crate::passkey::PasskeyId;
use crate::session::SessionId;
use crate::strength::Strength;

#[cfg(test)]
mod tests;

named_enum! {
    /// What came of it.
    pub enum Outcome {
        /// Somebody was let in.
        Success = "success",
        /// A first step was right, and nothing says yet that another followed.
        Interrupted = "interrupted",
        /// Somebody was not let in.
        Failure = "failure",
        /// It is not about signing in.
        Change = "change",
    }
}

named_enum! {
    /// With what somebody signed in, or tried to; names are those of [`crate::evidence::Proof::method`].
    pub enum Method {
        /// A passkey.
        Passkey = "passkey",
        /// A temporary access pass.
        TemporaryPass = "temporary_pass",
        /// A password.
        Password = "password",
        /// A code of an authenticator app.
        AuthenticatorCode = "authenticator_code",
        /// A recovery code.
        RecoveryCode = "recovery_code",
    }
}

named_enum! {
    /// Who or what was in the way of a sign-in that was refused.
    pub enum ErrorClass {
        /// What was typed or presented was wrong.
        Wrong = "wrong",
        /// It came too late, or was used before.
        Late = "late",
        /// Policy does not take it.
        Policy = "policy",
        /// The account or the method is switched off.
        Off = "off",
        /// Too many tries.
        Throttled = "throttled",
        /// Nothing of the kind is known here.
        Unknown = "unknown",
        /// It looks as if a key was copied or a browser was led astray.
        Suspicious = "suspicious",
        /// The ceremony was not as the specification says.
        Technical = "technical",
    }
}

/// Names of the kinds that are about signing in, as [`EventKind::name`] has them.
pub const SIGN_IN_KINDS: &[&str] = &[
    "signed_in",
    "signed_in_otherwise",
    "pass_redeemed",
    "first_step_passed",
    "sign_in_refused",
    "pass_refused",
    "pass_locked",
    "password_refused",
    "second_step_refused",
    "codes_locked",
];

/// Those that say that somebody was not let in.
pub const FAILURE_KINDS: &[&str] = &[
    "sign_in_refused",
    "pass_refused",
    "pass_locked",
    "password_refused",
    "second_step_refused",
    "codes_locked",
];

/// Those that say that somebody was let in.
pub const SUCCESS_KINDS: &[&str] = &["signed_in", "signed_in_otherwise", "pass_redeemed"];

/// What came of it.
pub fn outcome(kind: &EventKind) -> Outcome {
    let name = kind.name();
    if SUCCESS_KINDS.contains(&name) {
        Outcome::Success
    } else if FAILURE_KINDS.contains(&name) {
        Outcome::Failure
    } else if name == "first_step_passed" {
        Outcome::Interrupted
    } else {
        Outcome::Change
    }
}

/// The methods that were used or tried; none where it is not about signing in.
pub fn methods(kind: &EventKind) -> Vec<Method> {
    match kind {
        EventKind::SignedIn { .. } | EventKind::SignInRefused { .. } => vec![Method::Passkey],
        EventKind::SignedInOtherwise { methods, .. } => {
            methods.iter().filter_map(|method| Method::parse(method)).collect()
        }
        EventKind::PassRedeemed { .. } | EventKind::PassRefused { .. } | EventKind::PassLocked { .. } => {
            vec![Method::TemporaryPass]
        }
        EventKind::FirstStepPassed | EventKind::PasswordRefused { .. } => vec![Method::Password],
        EventKind::SecondStepRefused { .. } | EventKind::CodesLocked => {
            vec![Method::Password, Method::AuthenticatorCode]
        }
        _ => Vec::new(),
    }
}

/// The strength that the evidence had.
pub fn strength(kind: &EventKind) -> Option<Strength> {
    match kind {
        EventKind::SignedIn { strength, .. } | EventKind::SignedInOtherwise { strength, .. } => *strength,
        EventKind::PassRedeemed { .. } => Some(Strength::Multifactor),
        _ => None,
    }
}

/// What policy asked for, as it was recorded with the sign-in.
pub fn needed(kind: &EventKind) -> Option<&str> {
    match kind {
        EventKind::SignedIn { needed, .. } | EventKind::SignedInOtherwise { needed, .. } => needed.as_deref(),
        _ => None,
    }
}

/// The passkey that it is about.
pub fn passkey(kind: &EventKind) -> Option<PasskeyId> {
    match kind {
        EventKind::SignedIn { passkey, .. }
        | EventKind::Confirmed { passkey, .. }
        | EventKind::PasskeyAdded { passkey, .. }
        | EventKind::PasskeyRenamed { passkey }
        | EventKind::PasskeyRemoved { passkey, .. }
        | EventKind::PasskeyDisabled { passkey, .. }
        | EventKind::PasskeyEnabled { passkey }
        | EventKind::PasskeyTried { passkey }
        | EventKind::CounterAnomaly { passkey }
        | EventKind::EnrolmentDone { passkey, .. } => Some(*passkey),
        EventKind::SignInRefused { passkey, .. } => *passkey,
        _ => None,
    }
}

/// The session that it opened or ended.
pub fn session(kind: &EventKind) -> Option<SessionId> {
    match kind {
        EventKind::SignedIn { session, .. }
        | EventKind::SignedInOtherwise { session, .. }
        | EventKind::PassRedeemed { session, .. }
        | EventKind::SignedOut { session }
        | EventKind::SessionRevoked { session } => Some(*session),
        _ => None,
    }
}

/// Why it was refused, as a stable code.
pub fn code(kind: &EventKind) -> Option<&str> {
    match kind {
        EventKind::SignInRefused { code, .. }
        | EventKind::ConfirmRefused { code, .. }
        | EventKind::PassRefused { code, .. }
        | EventKind::PasskeyRefused { code }
        | EventKind::PasswordRefused { code }
        | EventKind::SecondStepRefused { code }
        | EventKind::EnrolmentEnded { code, .. } => Some(code),
        EventKind::PassLocked { .. } | EventKind::CodesLocked => Some("too_many_tries"),
        _ => None,
    }
}

/// What kind of trouble a code tells of.
pub fn error_class(code: &str) -> ErrorClass {
    match code {
        "disabled_credential" | "disabled_user" | "pass_revoked" => ErrorClass::Off,
        "too_many_tries" | "rate_limited" | "pass_locked" | "busy" => ErrorClass::Throttled,
        "unknown_credential" | "unknown_user" | "unknown" => ErrorClass::Unknown,
        "sign_count" | "wrong_account" | "other_passkey" | "user_handle" | "origin" | "top_origin"
        | "cross_origin" | "rp_id_hash" => ErrorClass::Suspicious,
        "pass_wrong" | "password_wrong" | "wrong" | "code_wrong" | "user_verified" => ErrorClass::Wrong,
        "challenge" | "challenge_expired" | "challenge_used" | "state_seal" | "expired"
        | "sign_in_expired" | "pass_expired" | "pass_used" | "pass_not_yet_valid" | "code_used" => {
            ErrorClass::Late
        }
        "pass_blocked_by_policy" | "passwords_off" | "use_passkey" | "must_change" => ErrorClass::Policy,
        code if code.starts_with("policy_") || code.starts_with("strength") => ErrorClass::Policy,
        _ => ErrorClass::Technical,
    }
}
