//! Choosing and changing one's password.

use account::action::Action;
use axum::http::StatusCode;
use serde::Deserialize;
use service::Who;
use service::manage_password::{self, ManagePasswordError, PasswordStatus};

use super::methods::{confirm_path, has_confirmed, new_password_problem};
use crate::context::Visit;
use crate::fields::Form;
use crate::pages::Flash;
use crate::pages::methods::ChangePassword;
use crate::pages::password::NewPasswordProblem;
use crate::problem::{Answer, Problem, Stop};

/// Whether there is one to change; where none may be had there is no such page.
async fn is_change(visit: &Visit, who: &Who) -> Result<bool, Stop> {
    match manage_password::status(&visit.app.service, who).await? {
        PasswordStatus::On { .. } => Ok(true),
        PasswordStatus::Never => Ok(false),
        PasswordStatus::Off { .. } | PasswordStatus::NotAllowed => Err(Problem::not_found().into()),
    }
}

fn page(visit: &mut Visit, who: &Who, change: bool, problem: Option<NewPasswordProblem>) -> ChangePassword {
    let shortest = i64::from(visit.app.service.settings().policy.passwords.terms.shortest);
    ChangePassword { shell: visit.shell_for(who), change, shortest, problem }
}

pub(super) async fn show(mut visit: Visit) -> Answer {
    let who = visit.full().await?;
    let change = is_change(&visit, &who).await?;
    // Confirmed before anything is typed: a password never travels through the confirmation's address.
    if !has_confirmed(&visit, &who, Action::ChangePassword) {
        return visit.see_other(&confirm_path(Action::ChangePassword));
    }
    let page = page(&mut visit, &who, change, None);
    visit.page(&page)
}

#[derive(Deserialize)]
pub(super) struct Chosen {
    #[serde(default)]
    old: String,
    #[serde(default)]
    password: String,
}

pub(super) async fn submit(mut visit: Visit, Form(chosen): Form<Chosen>) -> Answer {
    let who = visit.full().await?;
    let change = is_change(&visit, &who).await?;
    let (service, mut caller) = (&visit.app.service, visit.caller());
    let (old, new) = (chosen.old.as_str(), chosen.password.as_str());
    let done = if change {
        manage_password::change(service, &mut caller, &who, old, new).await
    } else {
        manage_password::set(service, &mut caller, &who, new).await
    };
    match done {
        Ok(()) => {
            visit.set_flash(&Flash::PasswordChanged { first: !change });
            visit.see_other("/me/security")
        }
        Err(ManagePasswordError::ConfirmNeeded) => visit.see_other(&confirm_path(Action::ChangePassword)),
        Err(error) => {
            let problem = new_password_problem(error, visit.now())?;
            let page = page(&mut visit, &who, change, Some(problem));
            visit.page_with(StatusCode::UNPROCESSABLE_ENTITY, &page)
        }
    }
}
