//! What the phone's script asks: where the errand stands, and the ceremony.

use serde::Deserialize;
use serde_json::json;
use service::enrol_phone::{self, EnrolError, PhoneReport, Ticket};

use super::enrol::{need_code, of_code};
use crate::aaguid;
use crate::context::Visit;
use crate::fields::{Json, Path};
use crate::pages::Ceremony;
use crate::pages::companion::PhoneEnded;
use crate::problem::{Answer, Problem};
use crate::routes::sign_in::{Finish, began, ceremony_refused};

/// An address without a ticket is one of an errand that nobody knows.
pub(super) fn ticket(text: &str) -> Result<Ticket, Problem> {
    text.parse().map_err(|_| Problem::not_found())
}

pub(super) async fn stage(mut visit: Visit, Path(text): Path<String>) -> Answer {
    let ticket = ticket(&text)?;
    let who = visit.who().await?;
    let mut caller = visit.caller();
    match enrol_phone::open(&visit.app.service, &mut caller, &ticket, who.as_ref()).await {
        Ok(phone) => {
            visit.ok(json!({ "stage": phone.progress.stage.as_str(), "need": need_code(&phone.needs) }))
        }
        Err(error) => refused(visit, error),
    }
}

#[derive(Deserialize)]
pub(super) struct Sent {
    pub(super) report: String,
    pub(super) reason: Option<String>,
}

impl Sent {
    /// What a phone may say of itself.
    pub(super) fn parse(&self) -> Option<PhoneReport> {
        match (self.report.as_str(), self.reason.as_deref()) {
            ("prompting", None) => Some(PhoneReport::Prompting),
            ("cancelled", None) => Some(PhoneReport::Cancelled),
            ("duplicate", None) => Some(PhoneReport::Duplicate),
            ("alive", None) => Some(PhoneReport::Alive),
            ("unsupported", Some(reason)) => {
                account::enrolment::UnsupportedReason::parse(reason).map(PhoneReport::Unsupported)
            }
            _ => None,
        }
    }
}

pub(super) async fn report(visit: Visit, Path(text): Path<String>, Json(sent): Json<Sent>) -> Answer {
    let ticket = ticket(&text)?;
    if sent.report == "claimed" {
        return told_claimed(visit, &ticket).await;
    }
    let said = sent.parse().ok_or_else(not_a_report)?;
    let mut caller = visit.caller();
    match enrol_phone::report(&visit.app.service, &mut caller, &ticket, said).await {
        Ok(()) => visit.ok(json!({})),
        Err(error) => refused(visit, error),
    }
}

/// The page that says that another device has the errand tells the computer so. It never takes the errand up.
async fn told_claimed(mut visit: Visit, ticket: &Ticket) -> Answer {
    let who = visit.who().await?;
    let mut caller = visit.caller();
    let service = &visit.app.service;
    let opened = enrol_phone::open(service, &mut caller, ticket, who.as_ref()).await;
    if opened.err() == Some(EnrolError::TicketClaimed) {
        // That it is refused is what was to be told.
        let _ = enrol_phone::claim(service, &mut caller, ticket, who.as_ref()).await;
    }
    visit.ok(json!({}))
}

pub(super) fn not_a_report() -> Problem {
    Problem::bad_request(axum::http::StatusCode::UNPROCESSABLE_ENTITY, "not a report of ours")
}

pub(super) async fn begin(mut visit: Visit, Path(text): Path<String>) -> Answer {
    let ticket = ticket(&text)?;
    let who = visit.who().await?;
    let mut caller = visit.caller();
    match enrol_phone::begin_create(&visit.app.service, &mut caller, &ticket, who.as_ref()).await {
        Ok(started) => began(visit, started),
        Err(error) => refused(visit, error),
    }
}

pub(super) async fn finish(mut visit: Visit, Path(text): Path<String>, Json(sent): Json<Finish>) -> Answer {
    let ticket = ticket(&text)?;
    let who = visit.who().await?;
    let mut caller = visit.caller();
    let device = caller.client.browser.clone();
    let suggested = |aaguid: [u8; 16]| aaguid::suggest(&aaguid, Some(&device), "Passkey", &[]);
    let (service, response) = (&visit.app.service, sent.response.get());
    let finished = enrol_phone::finish_create(
        service,
        &mut caller,
        &ticket,
        who.as_ref(),
        &sent.state,
        response,
        suggested,
    );
    match finished.await {
        Ok(registered) => {
            visit.remember_made(&registered.passkey);
            visit.ok(json!({ "next": format!("/a/e/{ticket}") }))
        }
        Err(error) => refused(visit, error),
    }
}

/// A refusal as the script tells it; only a failing store is a problem.
fn refused(mut visit: Visit, error: EnrolError) -> Answer {
    match error {
        EnrolError::Store(error) => Err(Problem::from(error).into()),
        EnrolError::Ceremony(error) => ceremony_refused(visit, Ceremony::Create, &error),
        error => {
            let code = error.code();
            let message = sentence(&mut visit, code);
            visit.refused_because(code, &message)
        }
    }
}

/// What the phone's page says of a refusal by its code.
pub(super) fn sentence(visit: &mut Visit, code: &str) -> String {
    let shell = visit.shell();
    match code {
        "not_approved" => shell.say("ph-not-approved").to_string(),
        "too_many_tries" => shell.say("ph-code-too-many").to_string(),
        "session_ended" => shell.say("ph-session-ended-text").to_string(),
        code => PhoneEnded { shell, ended: of_code(code), ticket: None, login: None }.sentence(),
    }
}
