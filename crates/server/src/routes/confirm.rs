//! RA-1: confirming one action with a passkey.

use account::action::Action;
use serde::Deserialize;
use serde_json::json;
use service::Who;

use super::sign_in::{Finish, began, ceremony_refused};
use crate::context::Visit;
use crate::fields::{Json, Query};
use crate::pages::Ceremony;
use crate::pages::confirm::{Confirm, Waiting};
use crate::pages::wizard::NewPlace;
use crate::problem::{Answer, Problem, Stop};

/// What waits for the confirmation, as the address says; every part is checked and none is a URL.
#[derive(Deserialize)]
pub(super) struct For {
    r#for: String,
    target: Option<String>,
    place: Option<String>,
    reason: Option<String>,
}

pub(super) async fn show(mut visit: Visit, Query(what): Query<For>) -> Answer {
    let who = visit.anyone().await?;
    let action = Action::parse(&what.r#for, what.target.as_deref()).ok_or_else(Problem::not_found)?;
    let page = page(&mut visit, &who, action, &what).await?;
    visit.page(&page)
}

async fn page(visit: &mut Visit, who: &Who, action: Action, what: &For) -> Result<Confirm, Stop> {
    let (waiting, form_action, form_fields, cancel) = match action {
        Action::AddPasskey => {
            let place = what.place.as_deref().and_then(NewPlace::parse);
            let fields = place.map(|place| ("place".to_owned(), place.code().to_owned()));
            let path = "/me/security/add".to_owned();
            (Waiting::AddPasskey, path.clone(), fields.into_iter().collect(), path)
        }
        Action::RemovePasskey(id) => {
            let passkey = service::manage_passkeys::get(&visit.app.service, who, id)
                .await
                .map_err(super::portal::passkeys_problem)?;
            let reason = if what.reason.as_deref() == Some("lost") { "lost" } else { "unused" };
            let path = format!("/me/security/passkeys/{id}/remove");
            let fields = vec![("reason".to_owned(), reason.to_owned())];
            (Waiting::RemovePasskey { name: passkey.name }, path.clone(), fields, path)
        }
        Action::ChangePassword
        | Action::TurnOffPassword
        | Action::AddCodes
        | Action::RemoveCodes
        | Action::NewRecoveryCodes
        | Action::SecureAccount => return Err(Problem::not_found().into()),
        // What is done to others waits for pages of its own.
        Action::IssuePass(_)
        | Action::AllowPassword(_)
        | Action::ChangeUser(_)
        | Action::RevokePass(_)
        | Action::DisableUser(_)
        | Action::EnableUser(_)
        | Action::SetRole(..)
        | Action::RemovePasskeyOf(..) => return Err(Problem::not_found().into()),
    };
    let target = what.target.clone();
    let action = action.name().to_owned();
    Ok(Confirm { shell: visit.shell_for(who), waiting, action, target, form_action, form_fields, cancel })
}

#[derive(Deserialize)]
pub(super) struct Begin {
    action: String,
    target: Option<String>,
}

pub(super) async fn begin(mut visit: Visit, Json(sent): Json<Begin>) -> Answer {
    let who = visit.anyone().await?;
    let Some(action) = Action::parse(&sent.action, sent.target.as_deref()) else {
        return Err(Problem::not_found().into());
    };
    let mut caller = visit.caller();
    match service::confirm::begin(&visit.app.service, &mut caller, &who, action).await {
        Ok(started) => began(visit, started),
        Err(error) => ceremony_refused(visit, Ceremony::Get, &error),
    }
}

pub(super) async fn finish(mut visit: Visit, Json(sent): Json<Finish>) -> Answer {
    let who = visit.anyone().await?;
    let mut caller = visit.caller();
    match service::confirm::finish(&visit.app.service, &mut caller, &who, &sent.state, sent.response.get())
        .await
    {
        Ok(confirmed) => {
            // The session goes on under a new id, which alone holds the confirmation.
            visit.set_session(&confirmed.signed_in.token);
            visit.ok(json!({}))
        }
        Err(error) => ceremony_refused(visit, Ceremony::Get, &error),
    }
}
