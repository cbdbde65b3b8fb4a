//! SEC-7: authenticator codes, from the picture to the first code, and their removal.

use account::action::Action;
use axum::http::StatusCode;
use serde::Deserialize;
use service::Who;
use service::manage_codes::{self, ManageCodesError};

use super::methods::{asks_passkey, confirm_path, has_confirmed};
use crate::context::Visit;
use crate::fields::Form;
use crate::pages::Flash;
use crate::pages::methods::{RemoveCodes, SetUpCodes, SetUpProblem};
use crate::problem::{Answer, Problem, Stop};
use crate::qr;

pub(super) async fn show(mut visit: Visit) -> Answer {
    let who = visit.full().await?;
    if !has_confirmed(&visit, &who, Action::AddCodes) {
        return visit.see_other(&confirm_path(Action::AddCodes));
    }
    let mut caller = visit.caller();
    let begun = manage_codes::begin(&visit.app.service, &mut caller, &who).await.map_err(stop)?;
    let page = page(&mut visit, &who, begun, None);
    visit.page(&page)
}

fn page(
    visit: &mut Visit,
    who: &Who,
    begun: manage_codes::Begun,
    problem: Option<SetUpProblem>,
) -> SetUpCodes {
    let secret: Vec<char> = begun.secret_base32.reveal().chars().collect();
    let groups: Vec<String> = secret.chunks(4).map(|group| group.iter().collect()).collect();
    SetUpCodes {
        picture: qr::svg(begun.uri.reveal()),
        uri: begun.uri.reveal().to_owned(),
        secret: groups.join(" "),
        state: begun.state,
        problem,
        shell: visit.shell_for(who),
    }
}

#[derive(Deserialize)]
pub(super) struct Entered {
    #[serde(default)]
    state: String,
    #[serde(default)]
    code: String,
}

pub(super) async fn submit(mut visit: Visit, Form(entered): Form<Entered>) -> Answer {
    let who = visit.full().await?;
    if entered.code.trim().is_empty() {
        return again(visit, &who, &entered.state, SetUpProblem::Missing).await;
    }
    let mut caller = visit.caller();
    let service = &visit.app.service;
    match manage_codes::finish(service, &mut caller, &who, &entered.state, &entered.code).await {
        Ok(()) => {
            visit.set_flash(&Flash::CodesAdded);
            visit.see_other("/me/security")
        }
        Err(ManageCodesError::ConfirmNeeded) => visit.see_other(&confirm_path(Action::AddCodes)),
        Err(ManageCodesError::Wrong) => again(visit, &who, &entered.state, SetUpProblem::Wrong).await,
        Err(error) => Err(stop(error)),
    }
}

/// The same secret once more: the app may hold it already.
async fn again(mut visit: Visit, who: &Who, state: &str, problem: SetUpProblem) -> Answer {
    let caller = visit.caller();
    let begun = manage_codes::shown_again(&visit.app.service, &caller, who, state).map_err(stop)?;
    let page = page(&mut visit, who, begun, Some(problem));
    visit.page_with(StatusCode::UNPROCESSABLE_ENTITY, &page)
}

pub(super) async fn remove_form(mut visit: Visit) -> Answer {
    let who = visit.full().await?;
    let confirm = asks_passkey(&visit, &who, Action::RemoveCodes).await?;
    let shell = visit.shell_for(&who);
    visit.page(&RemoveCodes { shell, confirm, last: false })
}

pub(super) async fn remove(mut visit: Visit) -> Answer {
    let who = visit.full().await?;
    let mut caller = visit.caller();
    let flash = match manage_codes::remove(&visit.app.service, &mut caller, &who).await {
        Ok(()) => Flash::CodesRemoved,
        Err(ManageCodesError::NotFound) => Flash::AlreadyGone,
        Err(ManageCodesError::ConfirmNeeded) => {
            return visit.see_other(&confirm_path(Action::RemoveCodes));
        }
        Err(ManageCodesError::LastMethod) => {
            let page = RemoveCodes { shell: visit.shell_for(&who), confirm: false, last: true };
            return visit.page_with(StatusCode::CONFLICT, &page);
        }
        Err(error) => return Err(stop(error)),
    };
    visit.set_flash(&flash);
    visit.see_other("/me/security")
}

fn stop(error: ManageCodesError) -> Stop {
    match error {
        ManageCodesError::Store(error) => Problem::from(error).into(),
        ManageCodesError::SessionEnded => Problem::session_ended().into(),
        ManageCodesError::Expired => Problem::expired().into(),
        other => Problem::forbidden(other.code()).into(),
    }
}
