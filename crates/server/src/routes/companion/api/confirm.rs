//! Touching a passkey that there is, before another one is added.

use account::action::Action;
use axum::http::StatusCode;
use serde::Deserialize;
use serde_json::json;
use serde_json::value::RawValue;
use service::{CeremonyError, Started, Who};

use super::body::Body;
use super::program::Program;
use super::sign_in::For;
use super::{Nothing, refused};
use crate::fields::Path;
use crate::pages::Ceremony;
use crate::problem::{Answer, Problem, Stop};
use crate::routes::companion::scripted::ticket;
use crate::text::Text;

/// The answer to a request for an assertion.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Asserted {
    pub(super) state: String,
    pub(super) response: Box<RawValue>,
}

pub(super) async fn begin(
    program: Program,
    Path(text): Path<String>,
    Body(Nothing {}): Body<Nothing>,
) -> Answer {
    ticket(&text)?;
    begin_any(program).await
}

pub(super) async fn finish(program: Program, Path(text): Path<String>, Body(sent): Body<Asserted>) -> Answer {
    let ticket = ticket(&text)?;
    finish_any(program, For::Errand(ticket), sent).await
}

/// Whose session asks; nobody is told that they have to sign in first.
async fn signed_in(program: &mut Program) -> Result<Option<Who>, Stop> {
    program.visit.who().await
}

pub(super) async fn begin_any(mut program: Program) -> Answer {
    let Some(who) = signed_in(&mut program).await? else {
        return refused(program, service::enrol_phone::EnrolError::NotApproved);
    };
    let mut caller = program.visit.caller();
    match service::confirm::begin(program.service(), &mut caller, &who, Action::AddPasskey).await {
        Ok(started) => asked(program, started),
        Err(error) => not_asserted(program, &error),
    }
}

pub(super) async fn finish_any(mut program: Program, aim: For, sent: Asserted) -> Answer {
    let Some(who) = signed_in(&mut program).await? else {
        return refused(program, service::enrol_phone::EnrolError::NotApproved);
    };
    let mut caller = program.visit.caller();
    let (state, response) = (&sent.state, sent.response.get());
    match service::confirm::finish(program.service(), &mut caller, &who, state, response).await {
        Ok(confirmed) => {
            program.signed_in(&confirmed.signed_in);
            aim.go_on(program).await
        }
        Err(error) => not_asserted(program, &error),
    }
}

pub(super) fn asked(program: Program, started: Started) -> Answer {
    program.ok(json!({ "options": started.options, "state": started.state }))
}

/// A refused assertion.
pub(super) fn not_asserted(program: Program, error: &CeremonyError) -> Answer {
    if let Some(error) = error.store() {
        return Err(Problem::from(error.clone()).into());
    }
    let status = match error {
        CeremonyError::TooWeak | CeremonyError::Onboarding => StatusCode::FORBIDDEN,
        CeremonyError::SessionEnded => StatusCode::CONFLICT,
        _ => StatusCode::UNPROCESSABLE_ENTITY,
    };
    let facts = &program.visit.facts;
    let message = Ceremony::Get.message(Text::new(facts.language), error.code(), facts.reference.as_str());
    program.refuse(status, error.code(), &message, json!({}))
}
