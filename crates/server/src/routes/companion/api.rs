//! `/api/enrolment/…`: the same errand as the companion's pages, for an authenticator that has no browser.
//!
//! Every answer is JSON. A program keeps cookies as a browser does, or keeps one bearer text instead; what it may do is
//! the same. `docs/operator/enrolment.md` is its handbook.

mod attestation;
mod authenticator;
mod body;
mod confirm;
mod own;
mod program;
mod sign_in;

use std::sync::Arc;

use account::enrolment::Device;
use axum::Router;
use axum::http::StatusCode;
use axum::routing::{get, post};
use serde::Deserialize;
use serde_json::value::RawValue;
use serde_json::{Value, json};
use service::CeremonyError;
use service::enrol_phone::{self, EnrolError, Need, OnPhone, Ticket};

use self::body::Body;
use self::program::Program;
use super::enrol::need_code;
use super::scripted::{Sent, not_a_report, sentence, ticket};
use crate::aaguid;
use crate::app::App;
use crate::fields::Path;
use crate::pages::Ceremony;
use crate::problem::{Answer, Problem};
use crate::text::Text;

pub(super) fn all() -> Router<Arc<App>> {
    Router::new()
        .route("/api/enrolment/code", post(code))
        .route("/api/enrolment/{ticket}", get(look))
        .route("/api/enrolment/{ticket}/claim", post(claim))
        .route("/api/enrolment/{ticket}/sign-in/pass", post(sign_in::pass))
        .route("/api/enrolment/{ticket}/sign-in/password", post(sign_in::password))
        .route("/api/enrolment/{ticket}/sign-in/code", post(sign_in::code))
        .route("/api/enrolment/{ticket}/begin", post(begin))
        .route("/api/enrolment/{ticket}/finish", post(finish))
        .route("/api/enrolment/{ticket}/report", post(report))
        .route("/api/enrolment/{ticket}/decline", post(decline))
        .route("/api/enrolment/{ticket}/confirm/begin", post(confirm::begin))
        .route("/api/enrolment/{ticket}/confirm/finish", post(confirm::finish))
        .route("/api/enrolment/{ticket}/attestation", post(attestation::certify))
        .merge(own::all())
        .merge(authenticator::all())
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Nothing {}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Code {
    code: String,
}

async fn code(program: Program, Body(sent): Body<Code>) -> Answer {
    let mut caller = program.visit.caller();
    match enrol_phone::find_by_code(program.service(), &mut caller, &sent.code).await {
        Ok(ticket) => program.ok(json!({ "ticket": ticket.to_string() })),
        Err(error) => refused(program, error),
    }
}

async fn look(mut program: Program, Path(text): Path<String>) -> Answer {
    let ticket = ticket(&text)?;
    let who = program.visit.who().await?;
    let mut caller = program.visit.caller();
    match enrol_phone::open(program.service(), &mut caller, &ticket, who.as_ref()).await {
        Ok(phone) => program.ok(described(&phone)),
        Err(error) => refused(program, error),
    }
}

async fn claim(program: Program, Path(text): Path<String>, Body(Nothing {}): Body<Nothing>) -> Answer {
    let ticket = ticket(&text)?;
    claimed(program, &ticket).await
}

/// Takes the errand up, or says how far it is for the one that has it; the computer learns of a sign-in by this.
async fn claimed(mut program: Program, ticket: &Ticket) -> Answer {
    let who = program.visit.who().await?;
    let mut caller = program.visit.caller();
    match enrol_phone::claim(program.service(), &mut caller, ticket, who.as_ref()).await {
        Ok(phone) => program.ok(described(&phone)),
        Err(error) => refused(program, error),
    }
}

/// How the errand stands. The login name in full is for the one that has proven something: that it was the first to take
/// the errand up says only that it saw the code.
fn described(phone: &OnPhone) -> Value {
    let progress = &phone.progress;
    let device = |device: &Device| json!({ "browser": device.browser, "address": device.address, "at": device.at.to_string() });
    let login = Some(&phone.login).filter(|_| matches!(phone.needs, Need::Confirm | Need::Create));
    json!({
        "mode": progress.mode.as_str(),
        "stage": progress.stage.as_str(),
        "need": need_code(&phone.needs),
        "account": phone.login_masked,
        "login": login,
        "computer": device(&progress.desktop),
        "ends": progress.ends.to_string(),
        "number": phone.number,
        "other_account": phone.signed_in_as_other,
        "reason": progress.reason,
        "passkey": progress.passkey.map(|id| id.to_string()),
    })
}

async fn begin(mut program: Program, Path(text): Path<String>, Body(Nothing {}): Body<Nothing>) -> Answer {
    let ticket = ticket(&text)?;
    let who = program.visit.who().await?;
    let mut caller = program.visit.caller();
    match enrol_phone::begin_create(program.service(), &mut caller, &ticket, who.as_ref()).await {
        Ok(started) => program.ok(json!({ "options": started.options, "state": started.state })),
        Err(error) => refused(program, error),
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Finish {
    state: String,
    response: Box<RawValue>,
    /// What the program calls itself: the name of the passkey, where its AAGUID says nothing.
    #[serde(default)]
    name: Option<String>,
}

async fn finish(mut program: Program, Path(text): Path<String>, Body(sent): Body<Finish>) -> Answer {
    let ticket = ticket(&text)?;
    let who = program.visit.who().await?;
    let mut caller = program.visit.caller();
    let named = sent.name.and_then(|name| account::passkey::parse_passkey_name(&name).ok());
    let device = named.unwrap_or_else(|| caller.client.browser.clone());
    let suggested = |aaguid: [u8; 16]| aaguid::suggest(&aaguid, Some(&device), "Passkey", &[]);
    let finished = enrol_phone::finish_create(
        program.service(),
        &mut caller,
        &ticket,
        who.as_ref(),
        &sent.state,
        sent.response.get(),
        suggested,
    );
    match finished.await {
        Ok(registered) => {
            let passkey = registered.passkey;
            program.ok(json!({ "passkey": passkey.id.to_string(), "name": passkey.name }))
        }
        Err(error) => refused(program, error),
    }
}

async fn report(program: Program, Path(text): Path<String>, Body(sent): Body<Sent>) -> Answer {
    let ticket = ticket(&text)?;
    let said = sent.parse().ok_or_else(not_a_report)?;
    let mut caller = program.visit.caller();
    match enrol_phone::report(program.service(), &mut caller, &ticket, said).await {
        Ok(()) => program.ok(json!({})),
        Err(error) => refused(program, error),
    }
}

async fn decline(program: Program, Path(text): Path<String>, Body(Nothing {}): Body<Nothing>) -> Answer {
    let ticket = ticket(&text)?;
    let mut caller = program.visit.caller();
    match enrol_phone::decline(program.service(), &mut caller, &ticket).await {
        Ok(()) => program.ok(json!({})),
        Err(error) => refused(program, error),
    }
}

/// A refusal with its status; only a failing store is a problem.
fn refused(mut program: Program, error: EnrolError) -> Answer {
    let status = match &error {
        EnrolError::TicketUnknown => StatusCode::NOT_FOUND,
        EnrolError::TicketClaimed | EnrolError::NotApproved | EnrolError::SessionEnded => {
            StatusCode::CONFLICT
        }
        EnrolError::TicketExpired
        | EnrolError::TicketStopped
        | EnrolError::TicketDone
        | EnrolError::NumberLocked
        | EnrolError::Declined => StatusCode::GONE,
        EnrolError::OtherAccount
        | EnrolError::PhonesOff
        | EnrolError::Ceremony(CeremonyError::ConfirmNeeded) => StatusCode::FORBIDDEN,
        EnrolError::TooManyTries { until } => {
            let message = sentence(&mut program.visit, error.code());
            return program.wait(*until, &message);
        }
        EnrolError::NumberWrong { .. } | EnrolError::Ceremony(_) => StatusCode::UNPROCESSABLE_ENTITY,
        EnrolError::Store(error) => return Err(Problem::from(error.clone()).into()),
    };
    let facts = &program.visit.facts;
    let message = match &error {
        EnrolError::Ceremony(error) => {
            Ceremony::Create.message(Text::new(facts.language), error.code(), facts.reference.as_str())
        }
        error => sentence(&mut program.visit, error.code()),
    };
    program.refuse(status, error.code(), &message, json!({}))
}
