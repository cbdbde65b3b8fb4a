//! `/api/enrolment/self/…`: a program signs in by itself and adds its passkey, with no computer beside it.
//!
//! What a browser does on its own pages, by the same use cases: the session is the program's own and is all its authority.

use std::sync::Arc;

use account::passkey::Place;
use axum::Router;
use axum::routing::{get, post};
use serde::Deserialize;
use serde_json::{Value, json};
use service::enrol_phone::EnrolError;
use service::register_passkey::{self, Standing};
use service::{CeremonyError, sign_out};

use super::attestation::{Certify, described, not_certified};
use super::body::Body;
use super::confirm::{self, Asserted, asked, not_asserted};
use super::program::Program;
use super::sign_in::{self, For};
use super::{Finish, Nothing, refused};
use crate::aaguid;
use crate::app::App;
use crate::problem::{Answer, Problem};
use crate::routes::companion::scripted::{Sent, not_a_report};

pub(super) fn all() -> Router<Arc<App>> {
    Router::new()
        .route("/api/enrolment/self", get(look))
        .route("/api/enrolment/self/sign-in/pass", post(pass))
        .route("/api/enrolment/self/sign-in/password", post(password))
        .route("/api/enrolment/self/sign-in/code", post(code))
        .route("/api/enrolment/self/sign-in/passkey/begin", post(passkey_begin))
        .route("/api/enrolment/self/sign-in/passkey/finish", post(passkey_finish))
        .route("/api/enrolment/self/confirm/begin", post(confirm_begin))
        .route("/api/enrolment/self/confirm/finish", post(confirm_finish))
        .route("/api/enrolment/self/begin", post(begin))
        .route("/api/enrolment/self/attestation", post(certify))
        .route("/api/enrolment/self/finish", post(finish))
        .route("/api/enrolment/self/report", post(report))
        .route("/api/enrolment/self/decline", post(leave))
        .route("/api/enrolment/self/sign-out", post(leave))
}

async fn look(program: Program) -> Answer {
    told(program).await
}

/// How far the program is.
pub(super) async fn told(mut program: Program) -> Answer {
    let Some(who) = program.visit.who().await? else {
        return program.ok(errand("signing-in", "sign-in", json!({ "login": "" }), Value::Null));
    };
    let caller = program.visit.caller();
    let standing = match register_passkey::standing(program.service(), caller.now, &who).await {
        Ok(standing) => standing,
        Err(error) => return Err(Problem::from(error).into()),
    };
    let (stage, need, reason) = match standing {
        Standing::Create => ("approved", "create", Value::Null),
        Standing::Confirm => ("opened", "confirm", Value::Null),
        Standing::Over(error) => ("rejected", "nothing", json!(error.code())),
    };
    let person = json!({
        "login": who.user.login.shown(),
        "name": who.user.name,
        "ends": who.session.ends.to_string(),
    });
    program.ok(errand(stage, need, person, reason))
}

/// The same members as those of a computer's errand.
fn errand(stage: &str, need: &str, person: Value, reason: Value) -> Value {
    let of = |name: &str| person.get(name).cloned().unwrap_or_default();
    json!({
        "mode": "self",
        "stage": stage,
        "need": need,
        "account": of("login"),
        "login": Some(of("login")).filter(|login| need != "sign-in" && !login.is_null()),
        "name": of("name"),
        "computer": null,
        "ends": of("ends"),
        "number": null,
        "other_account": false,
        "reason": reason,
        "passkey": null,
    })
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Pass {
    login: String,
    pass: String,
}

async fn pass(program: Program, Body(sent): Body<Pass>) -> Answer {
    sign_in::by_pass(program, For::Own, (&sent.login, &sent.pass)).await
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Password {
    login: String,
    password: String,
}

async fn password(program: Program, Body(sent): Body<Password>) -> Answer {
    sign_in::by_password(program, For::Own, (&sent.login, &sent.password)).await
}

async fn code(program: Program, Body(sent): Body<sign_in::Code>) -> Answer {
    sign_in::by_code(program, For::Own, sent).await
}

async fn passkey_begin(program: Program, Body(Nothing {}): Body<Nothing>) -> Answer {
    let mut caller = program.visit.caller();
    let started = service::sign_in::begin(program.service(), &mut caller);
    asked(program, started)
}

async fn passkey_finish(mut program: Program, Body(sent): Body<Asserted>) -> Answer {
    let mut caller = program.visit.caller();
    let (state, response) = (&sent.state, sent.response.get());
    match service::sign_in::finish(program.service(), &mut caller, state, response).await {
        Ok(signed_in) => {
            program.signed_in(&signed_in);
            told(program).await
        }
        Err(error) => not_asserted(program, &error),
    }
}

async fn confirm_begin(program: Program, Body(Nothing {}): Body<Nothing>) -> Answer {
    confirm::begin_any(program).await
}

async fn confirm_finish(program: Program, Body(sent): Body<Asserted>) -> Answer {
    confirm::finish_any(program, For::Own, sent).await
}

async fn begin(mut program: Program, Body(Nothing {}): Body<Nothing>) -> Answer {
    let Some(who) = program.visit.who().await? else { return refused(program, EnrolError::NotApproved) };
    let mut caller = program.visit.caller();
    match register_passkey::begin(program.service(), &mut caller, &who, Place::ThisComputer).await {
        Ok(started) => asked(program, started),
        Err(error) => not_created(program, error),
    }
}

async fn certify(mut program: Program, Body(sent): Body<Certify>) -> Answer {
    let request = match sent.request() {
        Ok(request) => request,
        Err(error) => return not_certified(program, error),
    };
    let Some(who) = program.visit.who().await? else { return refused(program, EnrolError::NotApproved) };
    let mut caller = program.visit.caller();
    match register_passkey::certify(program.service(), &mut caller, &who, &sent.state, &request).await {
        Ok(certified) => program.ok(described(&certified)),
        Err(error) => not_certified(program, error),
    }
}

async fn finish(mut program: Program, Body(sent): Body<Finish>) -> Answer {
    let Some(who) = program.visit.who().await? else { return refused(program, EnrolError::NotApproved) };
    let mut caller = program.visit.caller();
    let named = sent.name.and_then(|name| account::passkey::parse_passkey_name(&name).ok());
    let device = named.unwrap_or_else(|| caller.client.browser.clone());
    let suggested = |aaguid: [u8; 16]| aaguid::suggest(&aaguid, Some(&device), "Passkey", &[]);
    let (state, response) = (&sent.state, sent.response.get());
    let finished = register_passkey::finish(program.service(), &mut caller, &who, state, response, suggested);
    match finished.await {
        Ok(registered) => {
            let passkey = registered.passkey;
            program.ok(json!({ "passkey": passkey.id.to_string(), "name": passkey.name }))
        }
        Err(error) => not_created(program, error),
    }
}

fn not_created(program: Program, error: CeremonyError) -> Answer {
    refused(program, error.into())
}

/// Nobody follows this errand, so there is nobody to tell; a program need not know that.
async fn report(program: Program, Body(sent): Body<Sent>) -> Answer {
    sent.parse().ok_or_else(not_a_report)?;
    program.ok(json!({}))
}

/// The session ends with the errand.
async fn leave(mut program: Program, Body(Nothing {}): Body<Nothing>) -> Answer {
    if let Some(who) = program.visit.who().await? {
        let mut caller = program.visit.caller();
        sign_out::sign_out(program.service(), &mut caller, &who).await?;
    }
    program.signed_out();
    program.ok(json!({}))
}
