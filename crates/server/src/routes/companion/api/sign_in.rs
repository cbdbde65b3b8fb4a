//! Mode B1 for a program: it signs in to the account of the errand that it has, by a pass, or by a password with a second
//! step. Guesses are counted as everywhere.

use axum::http::StatusCode;
use primitives::secret::Token;
use primitives::time::Timestamp;
use serde::Deserialize;
use serde_json::{Value, json};
use service::enrol_phone::{self, EnrolError, Need, OnPhone, Ticket};
use service::redeem_pass::{self, RedeemError};
use service::second_step::{self, StepError};
use service::sign_in_password::{self, FirstStep, PasswordError, SecondMethod};

use super::body::Body;
use super::program::Program;
use super::{claimed, own, refused};
use crate::fields::Path;
use crate::problem::{Answer, Problem, Stop};
use crate::routes::companion::scripted::ticket;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Pass {
    pass: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Password {
    password: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Code {
    step: String,
    code: String,
    #[serde(default)]
    method: Option<String>,
}

/// For what somebody signs in.
pub(super) enum For {
    /// The errand of a computer.
    Errand(Ticket),
    /// The program's own ([`own`]).
    Own,
}

impl For {
    /// What is told once they have.
    pub(super) async fn go_on(self, program: Program) -> Answer {
        match self {
            For::Errand(ticket) => claimed(program, &ticket).await,
            For::Own => own::told(program).await,
        }
    }
}

/// The errand, if this program has it and is to sign in; otherwise what it is told.
async fn errand(program: Program, text: &str) -> Result<(Program, Ticket, OnPhone), Stop> {
    let ticket = ticket(text)?;
    let mut caller = program.visit.caller();
    let told = match enrol_phone::open(program.service(), &mut caller, &ticket, None).await {
        Ok(phone) if phone.needs == Need::SignIn => return Ok((program, ticket, phone)),
        Ok(_) => refused(program, EnrolError::NotApproved),
        Err(error) => refused(program, error),
    };
    Err(match told {
        Ok(response) => response.into(),
        Err(stop) => stop,
    })
}

pub(super) async fn pass(program: Program, Path(text): Path<String>, Body(sent): Body<Pass>) -> Answer {
    let (program, ticket, phone) = errand(program, &text).await?;
    by_pass(program, For::Errand(ticket), (&phone.login, &sent.pass)).await
}

pub(super) async fn by_pass(mut program: Program, aim: For, (login, pass): (&str, &str)) -> Answer {
    let mut caller = program.visit.caller();
    match redeem_pass::redeem(program.service(), &mut caller, login, pass).await {
        Ok(signed_in) => {
            program.signed_in(&signed_in);
            aim.go_on(program).await
        }
        Err(error) => {
            let code = error.code();
            match error {
                RedeemError::Store(error) => Err(Problem::from(error).into()),
                RedeemError::Wrong { tries_left } => not_signed_in(program, code, Some(tries_left)),
                RedeemError::TooManyTries { until } => wait(program, until),
                _ => not_signed_in(program, code, None),
            }
        }
    }
}

pub(super) async fn password(
    program: Program,
    Path(text): Path<String>,
    Body(sent): Body<Password>,
) -> Answer {
    let (program, ticket, phone) = errand(program, &text).await?;
    by_password(program, For::Errand(ticket), (&phone.login, &sent.password)).await
}

pub(super) async fn by_password(mut program: Program, aim: For, (login, password): (&str, &str)) -> Answer {
    let mut caller = program.visit.caller();
    match sign_in_password::begin(program.service(), &mut caller, login, password).await {
        Ok(FirstStep::SecondStep { token, methods, .. }) => {
            let methods: Vec<&str> = methods.iter().map(|method| method.as_str()).collect();
            program.ok(json!({ "step": token.encode(), "methods": methods }))
        }
        Ok(FirstStep::SignedIn(signed_in) | FirstStep::Restricted(signed_in)) => {
            program.signed_in(&signed_in);
            aim.go_on(program).await
        }
        Ok(FirstStep::UsePasskey) => not_signed_in(program, "use_passkey", None),
        Ok(FirstStep::NothingSecond) => not_signed_in(program, "nothing_second", None),
        Ok(FirstStep::MustChange { .. }) => not_signed_in(program, "must_change", None),
        Err(error) => {
            let code = error.code();
            match error {
                PasswordError::Store(error) => Err(Problem::from(error).into()),
                PasswordError::Wrong { tries_left } => not_signed_in(program, code, Some(tries_left)),
                PasswordError::TooManyTries { until } => wait(program, until),
                _ => not_signed_in(program, code, None),
            }
        }
    }
}

pub(super) async fn code(program: Program, Path(text): Path<String>, Body(sent): Body<Code>) -> Answer {
    let (program, ticket, _) = errand(program, &text).await?;
    by_code(program, For::Errand(ticket), sent).await
}

pub(super) async fn by_code(mut program: Program, aim: For, sent: Code) -> Answer {
    let Some(step) = Token::parse(&sent.step) else {
        return not_signed_in(program, StepError::Expired.code(), None);
    };
    let mut caller = program.visit.caller();
    let finished = match sent.method.as_deref().map(SecondMethod::parse) {
        None | Some(Some(SecondMethod::AuthenticatorCode)) => {
            second_step::finish_code(program.service(), &mut caller, &step, &sent.code).await
        }
        Some(Some(SecondMethod::RecoveryCode)) => {
            second_step::finish_recovery_code(program.service(), &mut caller, &step, &sent.code).await
        }
        Some(None) => {
            let unknown = Problem::bad_request(StatusCode::UNPROCESSABLE_ENTITY, "not a method of ours");
            return Err(unknown.into());
        }
    };
    match finished {
        Ok(signed_in) => {
            program.signed_in(&signed_in);
            aim.go_on(program).await
        }
        Err(error) => {
            let code = error.code();
            match error {
                StepError::Store(error) => Err(Problem::from(error).into()),
                StepError::Wrong { tries_left } => not_signed_in(program, code, Some(tries_left)),
                StepError::TooManyTries { until } => wait(program, until),
                _ => not_signed_in(program, code, None),
            }
        }
    }
}

fn not_signed_in(mut program: Program, code: &str, tries_left: Option<u32>) -> Answer {
    let status =
        if code == "busy" { StatusCode::SERVICE_UNAVAILABLE } else { StatusCode::UNPROCESSABLE_ENTITY };
    let message = program.visit.shell().say("ph-not-signed-in").to_string();
    let more = tries_left.map_or(Value::Null, |left| json!({ "tries_left": left }));
    program.refuse(status, code, &message, more)
}

fn wait(mut program: Program, until: Timestamp) -> Answer {
    let message = program.visit.shell().say("ph-not-signed-in").to_string();
    program.wait(until, &message)
}
