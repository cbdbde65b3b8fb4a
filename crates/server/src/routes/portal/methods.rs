//! The rows of SEC-1 beside passkeys, and what the pages behind them share.

use account::action::Action;
use account::passkey::Passkey;
use account::password::NewPasswordRefusal;
use primitives::time::Timestamp;
use service::Who;
use service::manage_password::{self, ManagePasswordError, PasswordStatus};
use service::{manage_codes, manage_recovery_codes};

use crate::context::Visit;
use crate::pages::methods::{CodesRow, MethodRows, PasswordRow, RecoveryRow};
use crate::pages::password::NewPasswordProblem;
use crate::problem::{Problem, Stop};

/// What an account has beside passkeys and passes.
pub(super) async fn rows(visit: &Visit, who: &Who, passkeys: &[Passkey]) -> Result<MethodRows, Stop> {
    let service = &visit.app.service;
    let policy = service.settings().of(&who.user);
    let password = manage_password::status(service, who).await?;
    let codes = manage_codes::status(service, who).await?;
    let recovery = manage_recovery_codes::status(service, who).await?;
    let has_password = matches!(password, PasswordStatus::On { .. });
    // Whoever has a passkey is not offered something weaker, unless the organisation says so.
    let may_have_one = policy.passwords.enabled && (policy.passwords.beside_passkeys || passkeys.is_empty());
    Ok(MethodRows {
        password: match password {
            PasswordStatus::Never => may_have_one.then_some(PasswordRow::Never),
            PasswordStatus::On { since } => Some(PasswordRow::On { since }),
            PasswordStatus::Off { since } => Some(PasswordRow::Off { since }),
            PasswordStatus::NotAllowed => None,
        },
        codes: (codes.is_some() || has_password && policy.codes.enabled).then(|| CodesRow {
            since: codes.map(|codes| codes.created),
            locked: codes.is_some_and(|codes| codes.locked),
            allowed: policy.codes.enabled,
        }),
        recovery: (recovery.is_some() || policy.recovery_codes.enabled).then(|| RecoveryRow {
            left: recovery.map_or(0, |codes| i64::from(codes.left)),
            made: recovery.map(|codes| codes.made),
            allowed: policy.recovery_codes.enabled,
        }),
    })
}

/// Whether `action` still has to be confirmed, and whether a script can do that with a passkey in the same click.
pub(super) async fn asks_passkey(visit: &Visit, who: &Who, action: Action) -> Result<bool, Stop> {
    if has_confirmed(visit, who, action) {
        return Ok(false);
    }
    let passkeys =
        service::manage_passkeys::list(&visit.app.service, who).await.map_err(super::passkeys_problem)?;
    Ok(passkeys.iter().any(Passkey::is_enabled))
}

/// Whether `action` was confirmed in this session just now.
pub(super) fn has_confirmed(visit: &Visit, who: &Who, action: Action) -> bool {
    who.session.has_confirmed(&action.digest(who.session.id), visit.now())
}

/// Where `action` is confirmed.
pub(super) fn confirm_path(action: Action) -> String {
    format!("/me/confirm?for={}", action.name())
}

/// What a form says about a new password that was not taken; anything else is a problem.
pub(in crate::routes) fn new_password_problem(
    error: ManagePasswordError,
    now: Timestamp,
) -> Result<NewPasswordProblem, Stop> {
    Ok(match error {
        ManagePasswordError::New(refusal) => match refusal {
            NewPasswordRefusal::TooShort => NewPasswordProblem::TooShort,
            NewPasswordRefusal::TooLong => NewPasswordProblem::TooLong,
            NewPasswordRefusal::Breached => NewPasswordProblem::Breached,
            NewPasswordRefusal::Same => NewPasswordProblem::Same,
            NewPasswordRefusal::ContainsLogin => NewPasswordProblem::ContainsLogin,
        },
        ManagePasswordError::Wrong { .. } => NewPasswordProblem::OldWrong,
        ManagePasswordError::TooManyTries { until } => {
            NewPasswordProblem::TooMany { minutes: until.since(now).minutes_up().max(1) }
        }
        ManagePasswordError::Busy => NewPasswordProblem::TooMany { minutes: 1 },
        ManagePasswordError::SessionEnded => return Err(Problem::expired().into()),
        ManagePasswordError::Store(error) => return Err(Problem::from(error).into()),
        ManagePasswordError::ListUnreadable => {
            return Err(Problem::unavailable("the list of stolen passwords cannot be read").into());
        }
        other => return Err(Problem::forbidden(other.code()).into()),
    })
}
