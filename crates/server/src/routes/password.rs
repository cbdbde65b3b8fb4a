//! SI-4 and SI-4b: signing in with a password, and what follows any full sign-in without a passkey.

use axum::http::StatusCode;
use primitives::time::Timestamp;
use serde::Deserialize;
use service::interrupt::{self, Interrupt};
use service::manage_password;
use service::sign_in_password::{self, FirstStep, PasswordError};
use service::{SignedIn, Who};

use super::portal::methods::new_password_problem;
use crate::context::Visit;
use crate::destination::Destination;
use crate::fields::Form;
use crate::pages::password::{EnterPassword, NewPassword, NewPasswordProblem, SecretProblem};
use crate::problem::{Answer, Problem, Stop};
use crate::reply::Interaction;

/// Tries left are told from the third wrong one on: before that, it would only worry people.
const TELL_TRIES_LEFT: u32 = 7;

/// Who signs in with a secret, and the secret.
#[derive(Deserialize)]
pub(super) struct Entered {
    #[serde(default)]
    pub(super) identifier: String,
    #[serde(default)]
    password: String,
}

/// Who was named before, or is named in the form.
pub(super) fn named(visit: &Visit, typed: &str) -> String {
    visit.interaction().meant(typed)
}

pub(super) fn tries_left(left: u32) -> Option<i64> {
    (left <= TELL_TRIES_LEFT).then_some(i64::from(left))
}

/// Minutes until then, at least one.
pub(super) fn minutes_until(until: Timestamp, now: Timestamp) -> i64 {
    until.since(now).minutes_up().max(1)
}

/// Refused with what people can put right, or with the time to wait.
pub(super) fn status_of(problem: SecretProblem) -> StatusCode {
    match problem {
        SecretProblem::TooMany { .. } => StatusCode::TOO_MANY_REQUESTS,
        _ => StatusCode::UNPROCESSABLE_ENTITY,
    }
}

/// Where the organisation takes no passwords, or they lead nowhere, there is no such page.
fn allowed(visit: &Visit) -> Result<(), Stop> {
    if visit.app.service.settings().password_leads_on() { Ok(()) } else { Err(Problem::not_found().into()) }
}

pub(super) async fn show(mut visit: Visit) -> Answer {
    allowed(&visit)?;
    let page = page(&mut visit, None, None);
    visit.page(&page)
}

fn page(visit: &mut Visit, typed: Option<String>, problem: Option<SecretProblem>) -> EnterPassword {
    let (identifier, identifier_known) = visit.interaction().told(typed);
    EnterPassword { shell: visit.shell(), identifier, identifier_known, problem }
}

fn again(mut visit: Visit, identifier: &str, problem: SecretProblem) -> Answer {
    let identifier = identifier.chars().take(254).collect();
    let page = page(&mut visit, Some(identifier), Some(problem));
    visit.page_with(status_of(problem), &page)
}

pub(super) async fn submit(visit: Visit, Form(entered): Form<Entered>) -> Answer {
    allowed(&visit)?;
    let identifier = named(&visit, &entered.identifier);
    if identifier.is_empty() {
        return again(visit, &identifier, SecretProblem::IdentifierMissing);
    }
    if entered.password.is_empty() {
        return again(visit, &identifier, SecretProblem::Missing);
    }
    let mut caller = visit.caller();
    let service = &visit.app.service;
    match sign_in_password::begin(service, &mut caller, &identifier, &entered.password).await {
        Ok(next) => step(visit, &identifier, next).await,
        Err(error) => {
            let problem = problem(&error, visit.now())?;
            again(visit, &identifier, problem)
        }
    }
}

/// What follows a password that was right.
async fn step(mut visit: Visit, identifier: &str, next: FirstStep) -> Answer {
    match next {
        FirstStep::SecondStep { token, .. } => {
            visit.set_step(&token);
            remember_identifier(&mut visit, identifier);
            visit.see_other("/signin/step")
        }
        FirstStep::MustChange { token } => {
            visit.set_step(&token);
            remember_identifier(&mut visit, identifier);
            visit.see_other("/signin/password/new")
        }
        FirstStep::SignedIn(signed_in) => go_on(visit, &signed_in).await,
        FirstStep::UsePasskey => again(visit, identifier, SecretProblem::UsePasskey),
        FirstStep::NothingSecond => again(visit, identifier, SecretProblem::NothingSecond),
        FirstStep::Restricted(signed_in) => {
            visit.begin_session(&signed_in);
            // What a password alone reaches is little, so where the errand wanted to go does not matter.
            visit.see_other("/me/interrupt")
        }
    }
}

/// The next page says who signs in, and the password manager learns it there.
fn remember_identifier(visit: &mut Visit, identifier: &str) {
    let interaction = visit.interaction();
    let identifier = Some(identifier.chars().take(254).collect());
    // The password was right: the name is no secret any more.
    if interaction.identifier != identifier || interaction.masked.is_some() {
        visit.set_interaction(&Interaction { identifier, masked: None, ..interaction });
    }
}

fn problem(error: &PasswordError, now: Timestamp) -> Result<SecretProblem, Stop> {
    Ok(match error {
        // What can be nobody's name or password is told like any other that does not fit.
        PasswordError::Login(_) | PasswordError::Slip(_) => SecretProblem::Wrong { left: None },
        PasswordError::Wrong { tries_left: left } => SecretProblem::Wrong { left: tries_left(*left) },
        PasswordError::TooManyTries { until } => {
            SecretProblem::TooMany { minutes: minutes_until(*until, now) }
        }
        PasswordError::Busy => SecretProblem::TooMany { minutes: 1 },
        PasswordError::DisabledUser => SecretProblem::AccountDisabled,
        PasswordError::Off => SecretProblem::Off,
        PasswordError::Store(error) => return Err(Problem::from(error.clone()).into()),
    })
}

/// After a full sign-in without a passkey: the request to add one, the offer of one, or where the errand wanted to go.
pub(super) async fn go_on(mut visit: Visit, signed_in: &SignedIn) -> Answer {
    let who = Who { user: signed_in.user.clone(), session: signed_in.session.clone() };
    let due = interrupt::due(&visit.app.service, visit.now(), &who).await?;
    let errand = visit.begin_session(signed_in);
    // An errand that creates a passkey is what those pages would ask for.
    if let Some(creating @ (Destination::Enrol(_) | Destination::Add)) = &errand {
        return visit.see_other(&creating.path());
    }
    let page = match due {
        Interrupt::None if visit.sealed.no_offer => {
            return visit.see_other(&errand.unwrap_or(Destination::Security).path());
        }
        Interrupt::None => "/me/offer",
        Interrupt::CanPostpone { .. } | Interrupt::Required => "/me/interrupt",
    };
    // The errand waits behind that page.
    if errand.is_some() {
        visit.set_interaction(&Interaction { continue_to: errand, ..Interaction::default() });
    }
    visit.see_other(page)
}

pub(super) async fn new_form(mut visit: Visit) -> Answer {
    allowed(&visit)?;
    if visit.sealed.step.is_none() {
        return visit.see_other("/signin/password");
    }
    let page = new_page(&mut visit, None);
    visit.page(&page)
}

fn new_page(visit: &mut Visit, problem: Option<NewPasswordProblem>) -> NewPassword {
    NewPassword {
        identifier: visit.interaction().identifier,
        shortest: i64::from(visit.app.service.settings().policy.passwords.terms.shortest),
        problem,
        shell: visit.shell(),
    }
}

#[derive(Deserialize)]
pub(super) struct Chosen {
    #[serde(default)]
    password: String,
}

pub(super) async fn new(mut visit: Visit, Form(chosen): Form<Chosen>) -> Answer {
    allowed(&visit)?;
    let Some(token) = visit.sealed.step.clone() else { return visit.see_other("/signin/password") };
    let mut caller = visit.caller();
    let service = &visit.app.service;
    match manage_password::change_expired(service, &mut caller, &token, &chosen.password).await {
        Ok(next) => {
            let identifier = visit.interaction().identifier.unwrap_or_default();
            visit.end_step();
            step(visit, &identifier, next).await
        }
        Err(error) => {
            let problem = new_password_problem(error, visit.now())?;
            let page = new_page(&mut visit, Some(problem));
            visit.page_with(StatusCode::UNPROCESSABLE_ENTITY, &page)
        }
    }
}
