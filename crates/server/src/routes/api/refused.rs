//! What a use case refused, as a status with its stable code.

use axum::http::StatusCode;
use service::administer_keys::KeyError;
use service::administer_policy::PolicyError;
use service::administer_users::AdministerError;
use service::provision_passkey::ProvisionError;

use crate::problem::{Problem, Stop};

/// A refusal of a use case.
pub(in crate::routes) trait Refusal {
    /// Its problem.
    fn problem(self) -> Problem;
}

impl Refusal for AdministerError {
    fn problem(self) -> Problem {
        match self {
            AdministerError::Store(error) => error.into(),
            other => by_code(other.code()),
        }
    }
}

impl Refusal for KeyError {
    fn problem(self) -> Problem {
        match self {
            KeyError::Store(error) => error.into(),
            other => by_code(other.code()),
        }
    }
}

impl Refusal for ProvisionError {
    fn problem(self) -> Problem {
        match self {
            ProvisionError::Administer(error) => error.problem(),
            other => by_code(other.code()),
        }
    }
}

impl Refusal for PolicyError {
    fn problem(self) -> Problem {
        match self {
            PolicyError::Store(error) => error.into(),
            other => by_code(other.code()),
        }
    }
}

/// For `map_err`.
pub(in crate::routes) fn refused(refusal: impl Refusal) -> Stop {
    refusal.problem().into()
}

/// The status that belongs to a code.
pub(super) fn by_code(code: &'static str) -> Problem {
    let status = match code {
        "not_found" => StatusCode::NOT_FOUND,
        "session_ended" => StatusCode::UNAUTHORIZED,
        "scope_missing"
        | "role_too_low"
        | "not_for_oneself"
        | "stronger_evidence_needed"
        | "confirm_needed"
        | "client_needs_person"
        | "forbidden" => StatusCode::FORBIDDEN,
        "version_conflict" => StatusCode::PRECONDITION_FAILED,
        "busy" => StatusCode::SERVICE_UNAVAILABLE,
        "client_taken" | "guard_taken" | "too_many_clients" | "login_taken" | "group_taken"
        | "group_in_policy" | "last_administrator" | "disabled_user" | "deleted_user" | "not_deleted"
        | "break_glass_user" | "break_glass_role" | "break_glass_keys" | "held_by_person" | "duplicate"
        | "too_many_passkeys" | "too_many_keys" | "too_many_groups" | "needs_approval"
        | "policy_conflict" | "policy_locks_out" | "policy_too_late" => StatusCode::CONFLICT,
        code if code.starts_with("blocked_") => StatusCode::CONFLICT,
        _ => StatusCode::UNPROCESSABLE_ENTITY,
    };
    Problem::refused(status, code)
}
