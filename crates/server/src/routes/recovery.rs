//! A recovery code alone: it leads to securing the account, and to nothing else.

use primitives::time::Timestamp;
use serde::Deserialize;
use service::recover_with_code::{self, RecoverError};

use super::password::{minutes_until, named, status_of, tries_left};
use crate::context::Visit;
use crate::fields::Form;
use crate::pages::password::{EnterRecoveryCode, SecretProblem};
use crate::problem::{Answer, Problem, Stop};

#[derive(Deserialize)]
pub(super) struct Entered {
    #[serde(default)]
    identifier: String,
    #[serde(default)]
    code: String,
}

fn allowed(visit: &Visit) -> Result<(), Stop> {
    if visit.app.service.settings().policy.of_anybody().recovery_codes.enabled {
        Ok(())
    } else {
        Err(Problem::not_found().into())
    }
}

pub(super) async fn show(mut visit: Visit) -> Answer {
    allowed(&visit)?;
    let page = page(&mut visit, None, None);
    visit.page(&page)
}

fn page(visit: &mut Visit, typed: Option<String>, problem: Option<SecretProblem>) -> EnterRecoveryCode {
    let (identifier, identifier_known) = visit.interaction().told(typed);
    EnterRecoveryCode { shell: visit.shell(), identifier, identifier_known, problem }
}

fn again(mut visit: Visit, identifier: &str, problem: SecretProblem) -> Answer {
    let identifier = identifier.chars().take(254).collect();
    let page = page(&mut visit, Some(identifier), Some(problem));
    visit.page_with(status_of(problem), &page)
}

pub(super) async fn submit(mut visit: Visit, Form(entered): Form<Entered>) -> Answer {
    allowed(&visit)?;
    let identifier = named(&visit, &entered.identifier);
    if identifier.is_empty() {
        return again(visit, &identifier, SecretProblem::IdentifierMissing);
    }
    if entered.code.trim().is_empty() {
        return again(visit, &identifier, SecretProblem::Missing);
    }
    let mut caller = visit.caller();
    match recover_with_code::redeem(&visit.app.service, &mut caller, &identifier, &entered.code).await {
        Ok(signed_in) => {
            visit.begin_session(&signed_in);
            visit.see_other("/me/secure")
        }
        Err(error) => {
            let problem = problem(&error, visit.now())?;
            again(visit, &identifier, problem)
        }
    }
}

fn problem(error: &RecoverError, now: Timestamp) -> Result<SecretProblem, Stop> {
    Ok(match error {
        RecoverError::Login(_) => SecretProblem::Wrong { left: None },
        RecoverError::Slip(_) => SecretProblem::Slip,
        RecoverError::Wrong { tries_left: left } => SecretProblem::Wrong { left: tries_left(*left) },
        RecoverError::TooManyTries { until } => {
            SecretProblem::TooMany { minutes: minutes_until(*until, now) }
        }
        RecoverError::Busy => SecretProblem::TooMany { minutes: 1 },
        RecoverError::Used => SecretProblem::Used,
        RecoverError::Off => return Err(Problem::not_found().into()),
        RecoverError::DisabledUser => SecretProblem::AccountDisabled,
        RecoverError::Store(error) => return Err(Problem::from(error.clone()).into()),
    })
}
