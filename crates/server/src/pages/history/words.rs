//! Which message tells of which event.

use account::audit::EventKind;

/// The key of an event's title. Its message takes `$passkey` and `$count`.
pub fn title_key(kind: &EventKind) -> &'static str {
    match kind {
        EventKind::SignedIn { .. } => "history-signed-in",
        EventKind::SignedInOtherwise { methods, .. } => otherwise_key(methods),
        EventKind::PassRedeemed { .. } => "history-pass-redeemed",
        EventKind::SignInRefused { .. } => "history-sign-in-refused",
        EventKind::ConfirmRefused { .. } => "history-confirm-refused",
        EventKind::PassRefused { .. } => "history-pass-refused",
        EventKind::PassLocked { .. } => "history-pass-locked",
        EventKind::PasswordRefused { .. } => "history-password-refused",
        EventKind::SecondStepRefused { .. } => "history-second-step-refused",
        EventKind::FirstStepPassed => "history-first-step",
        EventKind::EnrolmentEnded { .. } => "history-enrolment-ended",
        EventKind::EnrolmentClaimRefused { .. } => "history-enrolment-claim-refused",
        other => change_key(other),
    }
}

fn change_key(kind: &EventKind) -> &'static str {
    match kind {
        EventKind::SignedOut { .. } => "history-signed-out",
        EventKind::OtherSessionsRevoked { .. } => "history-other-sessions-revoked",
        EventKind::PassIssued { .. } => "history-pass-issued",
        EventKind::PassRevoked { .. } => "history-pass-revoked",
        EventKind::PasskeyAdded { .. } => "history-passkey-added",
        EventKind::PasskeyRenamed { .. } => "history-passkey-renamed",
        EventKind::PasskeyRemoved { .. } => "history-passkey-removed",
        EventKind::PasskeyDisabled { .. } => "history-passkey-disabled",
        EventKind::PasskeyEnabled { .. } => "history-passkey-enabled",
        EventKind::PasskeyModelBroken { .. } => "history-passkey-model-broken",
        EventKind::PasswordSet { first: true } => "history-password-set",
        EventKind::PasswordSet { first: false } => "history-password-changed",
        EventKind::PasswordTurnedOff { .. } => "history-password-off",
        EventKind::PasswordAllowed => "history-password-allowed",
        EventKind::CodesAdded => "history-codes-added",
        EventKind::CodesRemoved => "history-codes-removed",
        EventKind::CodesLocked => "history-codes-locked",
        EventKind::RecoveryCodesMade { count: 0 } => "history-recovery-removed",
        EventKind::RecoveryCodesMade { .. } => "history-recovery-made",
        EventKind::PassRequested { .. } => "history-pass-requested",
        EventKind::PassOrdered { .. } => "history-pass-ordered",
        EventKind::AccountSecured { .. } => "history-secured",
        EventKind::UserChanged => "history-user-changed",
        EventKind::UserDisabled => "history-user-disabled",
        EventKind::UserEnabled => "history-user-enabled",
        EventKind::RoleChanged { .. } => "history-role-changed",
        EventKind::UserDeleted => "history-user-deleted",
        EventKind::UserRestored => "history-user-restored",
        EventKind::UserSignedOut { .. } => "history-user-signed-out",
        EventKind::RegistrationRequired { .. } => "history-registration-required",
        EventKind::BreakGlassChanged { on: true } => "history-break-glass-on",
        EventKind::BreakGlassChanged { on: false } => "history-break-glass-off",
        // The rest is no entry ([`account::history::verdict`]).
        _ => "history-session-revoked",
    }
}

fn otherwise_key(methods: &[String]) -> &'static str {
    let has = |name: &str| methods.iter().any(|method| method == name);
    match (has("password"), has("authenticator_code"), has("recovery_code")) {
        (true, true, _) => "history-signed-in-password-code",
        (true, false, true) => "history-signed-in-password-recovery",
        (false, _, true) => "history-signed-in-recovery",
        _ => "history-signed-in-password",
    }
}

/// The key of the sentence that says why it was stopped; `None` where it was not.
pub fn reason_key(kind: &EventKind) -> Option<&'static str> {
    let key = match kind {
        EventKind::SignInRefused { code, .. } | EventKind::ConfirmRefused { code, .. } => {
            ceremony_reason(code)
        }
        EventKind::PassRefused { code, .. } | EventKind::PasswordRefused { code } => typed_reason(code),
        EventKind::SecondStepRefused { code } => match code.as_str() {
            "code_replayed" | "replayed" | "step_replayed" => "history-reason-replayed",
            "too_many_tries" => "history-reason-too-many",
            _ => "history-reason-second-step",
        },
        EventKind::PassLocked { .. } | EventKind::CodesLocked => "history-reason-too-many",
        EventKind::FirstStepPassed => "history-reason-first-step",
        EventKind::EnrolmentEnded { code, .. } => match code.as_str() {
            "expired" | "ticket_expired" | "stopped" | "phone-cancelled" | "declined" | "ended" => {
                "history-reason-cancelled"
            }
            _ => "history-reason-other",
        },
        EventKind::EnrolmentClaimRefused { .. } => "history-reason-other",
        _ => return None,
    };
    Some(key)
}

fn ceremony_reason(code: &str) -> &'static str {
    match code {
        "disabled_credential" => "history-reason-disabled-passkey",
        "unknown_credential" | "wrong_account" | "other_passkey" => "history-reason-unknown-passkey",
        "challenge_expired" | "challenge_used" | "state_seal" => "history-reason-late",
        "user_verified" | "uv_missing" => "history-reason-unverified",
        "sign_count" => "history-reason-counter",
        "disabled_user" => "history-reason-account",
        "cancelled" | "aborted" => "history-reason-cancelled",
        _ => "history-reason-other",
    }
}

fn typed_reason(code: &str) -> &'static str {
    match code {
        "pass_wrong" | "password_wrong" | "wrong" => "history-reason-wrong",
        "too_many_tries" => "history-reason-too-many",
        "disabled_user" => "history-reason-account",
        code if code.starts_with("pass_") => "history-reason-pass",
        _ => "history-reason-other",
    }
}
