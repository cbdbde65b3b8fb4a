//! SI-3: signing in with a temporary access pass. GET shows the form and consumes nothing.

use account::temporary_pass::Usability;
use axum::http::StatusCode;
use primitives::time::Timestamp;
use serde::Deserialize;
use service::first_run::{self, SetUp};
use service::redeem_pass::{self, RedeemError};
use service::{SignedIn, Who, manage_passkeys, secure_account};

use super::portal::passkeys_problem;
use crate::context::Visit;
use crate::destination::Destination;
use crate::fields::Form;
use crate::pages::sign_in::{EnterPass, PassProblem};
use crate::problem::{Answer, Problem, Stop};

/// Tries left are told from the third wrong one on: before that, it would only worry people.
const TELL_TRIES_LEFT: u32 = 7;

pub(super) async fn show(mut visit: Visit) -> Answer {
    let page = page(&mut visit, None, None);
    visit.page(&page)
}

fn page(visit: &mut Visit, typed: Option<String>, problem: Option<PassProblem>) -> EnterPass {
    let (identifier, identifier_known) = visit.interaction().told(typed);
    EnterPass { shell: visit.shell(), identifier, identifier_known, problem }
}

#[derive(Deserialize)]
pub(super) struct Entered {
    #[serde(default)]
    identifier: String,
    #[serde(default)]
    pass: String,
}

pub(super) async fn submit(visit: Visit, Form(entered): Form<Entered>) -> Answer {
    let identifier = visit.interaction().meant(&entered.identifier);
    if identifier.is_empty() {
        return again(visit, identifier, PassProblem::IdentifierMissing);
    }
    if entered.pass.trim().is_empty() {
        return again(visit, identifier, PassProblem::Missing);
    }
    let mut caller = visit.caller();
    match redeem_pass::redeem(&visit.app.service, &mut caller, &identifier, &entered.pass).await {
        Ok(signed_in) => welcome(visit, &signed_in).await,
        Err(error) => {
            let problem = problem(&error, visit.now())?;
            again(visit, identifier, problem)
        }
    }
}

/// A new session always replaces the one before: nothing is carried from one to the other.
async fn welcome(mut visit: Visit, signed_in: &SignedIn) -> Answer {
    let who = Who { user: signed_in.user.clone(), session: signed_in.session.clone() };
    let passkeys = manage_passkeys::list(&visit.app.service, &who).await.map_err(passkeys_problem)?;
    let set_up = first_run::status(&visit.app.service, &who).await?;
    let secure_first = secure_account::is_due(&visit.app.service, visit.now(), &who).await?;
    // What a pass reaches is little: of where the errand wanted to go, only the phone's pages matter.
    if let Some(next @ (Destination::Enrol(_) | Destination::Companion)) = visit.begin_session(signed_in) {
        return visit.see_other(&next.path());
    }
    visit.see_other(match set_up {
        SetUp::NeedsDetails | SetUp::NeedsPasskeys { .. } => "/setup",
        SetUp::NotYours | SetUp::Done if secure_first => "/me/secure",
        SetUp::NotYours | SetUp::Done if passkeys.is_empty() => "/welcome",
        SetUp::NotYours | SetUp::Done => "/me/security",
    })
}

fn again(mut visit: Visit, identifier: String, problem: PassProblem) -> Answer {
    let status = match problem {
        PassProblem::TooMany { .. } => StatusCode::TOO_MANY_REQUESTS,
        _ => StatusCode::UNPROCESSABLE_ENTITY,
    };
    let identifier = identifier.chars().take(254).collect();
    let page = page(&mut visit, Some(identifier), Some(problem));
    visit.page_with(status, &page)
}

fn problem(error: &RedeemError, now: Timestamp) -> Result<PassProblem, Stop> {
    Ok(match error {
        RedeemError::Login(_) | RedeemError::Wrong { .. } => PassProblem::Wrong { left: tries_left(error) },
        RedeemError::Slip(_) => PassProblem::Slip,
        RedeemError::TooManyTries { until } => {
            PassProblem::TooMany { minutes: until.since(now).minutes_up().max(1) }
        }
        RedeemError::Busy => PassProblem::TooMany { minutes: 1 },
        RedeemError::DisabledUser => PassProblem::AccountDisabled,
        RedeemError::Pass(usability) => match *usability {
            Usability::NotYetValid { from } => PassProblem::NotYetValid { from },
            Usability::Expired { at } => PassProblem::Expired { at },
            Usability::Used { at } => PassProblem::Used { at },
            Usability::Locked => PassProblem::Locked,
            Usability::BlockedByPolicy => PassProblem::NotAllowed,
            Usability::Revoked | Usability::Usable => PassProblem::Revoked,
        },
        RedeemError::Store(error) => return Err(Problem::from(error.clone()).into()),
    })
}

fn tries_left(error: &RedeemError) -> Option<i64> {
    match error {
        RedeemError::Wrong { tries_left } if *tries_left <= TELL_TRIES_LEFT => Some(i64::from(*tries_left)),
        _ => None,
    }
}
