//! PH-0: `/a/`.

use account::methods;
use axum::http::StatusCode;
use serde::Deserialize;
use service::enrol_phone::{self, EnrolError};
use service::{Who, manage_passkeys};

use super::companion;
use crate::context::Visit;
use crate::destination::Destination;
use crate::fields::Form;
use crate::pages::companion::{CodeProblem, Home, MadeHere, OtherAccount, Start};
use crate::problem::{Answer, Problem, Stop};
use crate::reply::Interaction;
use crate::routes::portal::passkeys_problem;

pub(super) async fn show(visit: Visit) -> Answer {
    page(visit, String::new(), None).await
}

/// Where the wizard's short address leads.
pub(super) async fn short(visit: Visit) -> Answer {
    visit.see_other("/a/")
}

async fn page(mut visit: Visit, typed: String, problem: Option<CodeProblem>) -> Answer {
    let status = match problem {
        None => StatusCode::OK,
        Some(CodeProblem::TooMany) => StatusCode::TOO_MANY_REQUESTS,
        Some(CodeProblem::Missing | CodeProblem::Wrong) => StatusCode::UNPROCESSABLE_ENTITY,
    };
    match visit.who().await? {
        None => {
            let shell = visit.shell();
            companion(visit.page_with(status, &Start { shell, typed, problem }))
        }
        Some(who) => {
            let page = home(&mut visit, &who, typed, problem).await?;
            companion(visit.page_with(status, &page))
        }
    }
}

async fn home(
    visit: &mut Visit,
    who: &Who,
    typed: String,
    problem: Option<CodeProblem>,
) -> Result<Home, Stop> {
    let passkeys = manage_passkeys::list(&visit.app.service, who).await.map_err(passkeys_problem)?;
    let made: Vec<MadeHere> = visit
        .made_here()
        .into_iter()
        .filter(|made| made.user == who.user.id)
        .map(|made| match passkeys.iter().find(|passkey| passkey.id == made.passkey) {
            Some(passkey) => {
                MadeHere { name: passkey.name.clone(), created: passkey.created, tried: Some(passkey.tried) }
            }
            None => MadeHere { name: made.name, created: made.created, tried: None },
        })
        .collect();
    let others = visit.known().into_iter().filter(|known| known.login != who.user.login.shown());
    Ok(Home {
        may_create: made.iter().all(|made| made.tried.is_none()) && methods::may_add(&passkeys),
        install: passkeys.iter().any(|passkey| passkey.tried),
        others: others.map(|known| OtherAccount { name: known.name, login: known.login }).collect(),
        shell: visit.shell_for(who),
        made,
        problem,
        typed,
    })
}

#[derive(Deserialize)]
pub(super) struct Typed {
    #[serde(default)]
    code: String,
}

pub(super) async fn code(visit: Visit, Form(form): Form<Typed>) -> Answer {
    if form.code.trim().is_empty() {
        return page(visit, String::new(), Some(CodeProblem::Missing)).await;
    }
    let mut caller = visit.caller();
    match enrol_phone::find_by_code(&visit.app.service, &mut caller, &form.code).await {
        Ok(ticket) => visit.see_other(&format!("/a/e/{ticket}")),
        Err(EnrolError::Store(error)) => Err(Problem::from(error).into()),
        Err(error) => {
            let too_many = error.code() == "too_many_tries";
            let problem = if too_many { CodeProblem::TooMany } else { CodeProblem::Wrong };
            let typed = form.code.chars().take(32).collect();
            page(visit, typed, Some(problem)).await
        }
    }
}

/// "Sign in": the usual pages, which lead back here.
pub(super) async fn sign_in(mut visit: Visit) -> Answer {
    let interaction = Interaction { continue_to: Some(Destination::Companion), ..visit.interaction() };
    visit.set_interaction(&interaction);
    visit.see_other("/signin")
}

/// Another account of this browser: this one is left first.
pub(super) async fn switch(mut visit: Visit) -> Answer {
    super::leave(&mut visit).await?;
    visit.set_interaction(&Interaction {
        continue_to: Some(Destination::Companion),
        ..Interaction::default()
    });
    visit.see_other("/signin")
}
