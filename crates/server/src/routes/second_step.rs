//! SI-5: the second step after a password that was right. Its cookie opens nothing else (assurance W7).

use account::sign_in_step::SecondMethod;
use axum::http::StatusCode;
use primitives::time::Timestamp;
use serde::Deserialize;
use service::second_step::{self, StepError};

use super::password::{go_on, minutes_until, tries_left};
use crate::context::Visit;
use crate::fields::{Form, Query};
use crate::pages::password::{SecondStep, StepMethod, StepProblem};
use crate::problem::{Answer, Problem, Stop};

/// What the second step is taken with, as addresses and forms say it.
const RECOVERY_CODE: &str = "recovery-code";

#[derive(Deserialize)]
pub(super) struct With {
    #[serde(default)]
    with: String,
}

#[derive(Deserialize)]
pub(super) struct Entered {
    #[serde(default)]
    with: String,
    #[serde(default)]
    code: String,
}

pub(super) async fn show(mut visit: Visit, Query(query): Query<With>) -> Answer {
    let page = page(&mut visit, &query.with, None).await?;
    visit.page(&page)
}

/// The page asks for what the account has; what it does not have is asked for nowhere.
async fn page(visit: &mut Visit, with: &str, problem: Option<StepProblem>) -> Result<SecondStep, Stop> {
    let Some(token) = visit.sealed.step.clone() else { return Err(Problem::expired().into()) };
    let mut caller = visit.caller();
    let found = second_step::methods_of(&visit.app.service, &mut caller, &token).await;
    let (_, methods) = found.map_err(over)?;
    let mut methods = methods.into_iter().map(|method| match method {
        SecondMethod::AuthenticatorCode => StepMethod::AuthenticatorCode,
        SecondMethod::RecoveryCode => StepMethod::RecoveryCode,
    });
    let Some(first) = methods.next() else { return Err(Problem::expired().into()) };
    let second = methods.next();
    let (method, other) = match second {
        Some(second) if with == RECOVERY_CODE && first != StepMethod::RecoveryCode => (second, Some(first)),
        second => (first, second),
    };
    let identifier = visit.interaction().identifier;
    Ok(SecondStep { shell: visit.shell(), identifier, method, other, problem })
}

/// A sign-in that is over begins again; nothing was changed.
fn over(error: StepError) -> Stop {
    match error {
        StepError::Store(error) => Problem::from(error).into(),
        _ => Problem::expired().into(),
    }
}

pub(super) async fn submit(mut visit: Visit, Form(entered): Form<Entered>) -> Answer {
    let Some(token) = visit.sealed.step.clone() else { return Err(Problem::expired().into()) };
    if entered.code.trim().is_empty() {
        return again(visit, &entered.with, StepProblem::Missing).await;
    }
    let mut caller = visit.caller();
    let service = &visit.app.service;
    let done = if entered.with == RECOVERY_CODE {
        second_step::finish_recovery_code(service, &mut caller, &token, &entered.code).await
    } else {
        second_step::finish_code(service, &mut caller, &token, &entered.code).await
    };
    match done {
        Ok(signed_in) => go_on(visit, &signed_in).await,
        // Both factors are proven: the same cookie carries the sign-in to its last page.
        Err(StepError::MustChange) => visit.see_other("/signin/password/new"),
        Err(error) => match problem(error, visit.now()) {
            Ok(problem) => again(visit, &entered.with, problem).await,
            Err(stop) => {
                visit.end_step();
                Err(stop)
            }
        },
    }
}

async fn again(mut visit: Visit, with: &str, problem: StepProblem) -> Answer {
    let status = match problem {
        StepProblem::TooMany { .. } => StatusCode::TOO_MANY_REQUESTS,
        _ => StatusCode::UNPROCESSABLE_ENTITY,
    };
    let page = page(&mut visit, with, Some(problem)).await?;
    visit.page_with(status, &page)
}

fn problem(error: StepError, now: Timestamp) -> Result<StepProblem, Stop> {
    Ok(match error {
        StepError::Wrong { tries_left: left } => StepProblem::Wrong { left: tries_left(left) },
        StepError::Slip(_) => StepProblem::Slip,
        StepError::Replayed => StepProblem::Replayed,
        StepError::TooManyTries { until } => StepProblem::TooMany { minutes: minutes_until(until, now) },
        StepError::Busy => StepProblem::TooMany { minutes: 1 },
        error => return Err(over(error)),
    })
}
