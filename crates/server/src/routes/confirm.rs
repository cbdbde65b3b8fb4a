//! RA-1: confirming one action with a passkey, or with password and code where there is none.

use std::fmt::Write as _;

use account::action::Action;
use account::history::Remedy;
use axum::http::StatusCode;
use serde::Deserialize;
use serde_json::json;
use service::confirm::{self, ConfirmWithPasswordError};
use service::enrol_phone::Ticket;
use service::manage_password::{self, PasswordStatus};
use service::{Who, manage_codes, manage_passkeys, manage_recovery_codes};

use super::sign_in::{Finish, began, ceremony_refused};
use crate::context::Visit;
use crate::fields::{Form, Json, Query};
use crate::pages::Ceremony;
use crate::pages::confirm::{Confirm, ConfirmProblem, Waiting, Way};
use crate::pages::wizard::NewPlace;
use crate::problem::{Answer, Problem, Stop};

/// What waits for the confirmation, as the address says; every part is checked and none is a URL.
#[derive(Deserialize)]
pub(super) struct For {
    r#for: String,
    target: Option<String>,
    place: Option<String>,
    reason: Option<String>,
    /// What was chosen on the waiting page, by its own names.
    #[serde(flatten)]
    chosen: std::collections::BTreeMap<String, String>,
}

pub(super) async fn show(mut visit: Visit, Query(what): Query<For>) -> Answer {
    let who = visit.anyone().await?;
    let action = Action::parse(&what.r#for, what.target.as_deref()).ok_or_else(Problem::not_found)?;
    let page = page(&mut visit, &who, action, &what).await?;
    visit.page(&page)
}

async fn page(visit: &mut Visit, who: &Who, action: Action, what: &For) -> Result<Confirm, Stop> {
    let (waiting, form_action, form_fields, cancel) = match action {
        // On a phone that a computer's code led here, the errand goes on.
        Action::AddPasskey if what.ticket().is_some() => {
            let path = what.ticket().map(|ticket| format!("/a/e/{ticket}")).unwrap_or_default();
            (Waiting::AddPasskey, format!("{path}/claim"), Vec::new(), path)
        }
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
        Action::ChangePassword => of_method(Waiting::ChangePassword, "/me/security/password"),
        Action::TurnOffPassword => of_method(Waiting::TurnOffPassword, "/me/security/password/off"),
        Action::AddCodes => of_method(Waiting::AddCodes, "/me/security/codes"),
        Action::RemoveCodes => of_method(Waiting::RemoveCodes, "/me/security/codes/remove"),
        Action::NewRecoveryCodes => of_method(Waiting::NewRecoveryCodes, "/me/security/recovery-codes"),
        Action::SecureAccount => return Err(Problem::not_found().into()),
        Action::ReportEntry(id) => {
            let path = format!("/me/history/{id}/not-me");
            let chosen = super::portal::history::chosen_fields(&what.chosen);
            let freezes = chosen.iter().any(|(name, _)| name == Remedy::Freeze.as_str());
            let waiting = if freezes { Waiting::Freeze } else { Waiting::ReportEntry };
            (waiting, path.clone(), chosen, path)
        }
        Action::DismissRequest(id) => {
            let path = format!("/admin/requests/{id}");
            (Waiting::DismissRequest, format!("{path}/dismiss"), Vec::new(), path)
        }
        // What is done to others waits for pages of its own.
        _ => return Err(Problem::not_found().into()),
    };
    Ok(Confirm {
        way: way(visit, who, action, what).await?,
        // These two are forms to fill in after the confirmation; the others are sent as they are.
        form_get: matches!(action, Action::ChangePassword | Action::AddCodes),
        action: action.name().to_owned(),
        target: what.target.clone(),
        shell: visit.shell_for(who),
        waiting,
        form_action,
        form_fields,
        cancel,
    })
}

/// What waits at `path` of Security info, with nothing chosen on it.
fn of_method(waiting: Waiting, path: &str) -> (Waiting, String, Vec<(String, String)>, String) {
    (waiting, path.to_owned(), Vec::new(), "/me/security".to_owned())
}

/// By what the account can confirm. Whoever has a passkey confirms with that and with nothing weaker.
async fn way(visit: &Visit, who: &Who, action: Action, what: &For) -> Result<Way, Stop> {
    if who.session.has_confirmed(&action.digest(who.session.id), visit.now()) {
        return Ok(Way::Done);
    }
    let service = &visit.app.service;
    let passkeys = manage_passkeys::list(service, who).await.map_err(super::portal::passkeys_problem)?;
    if service.settings().has_usable(&who.user, &passkeys) {
        return Ok(Way::Passkey);
    }
    let password = matches!(manage_password::status(service, who).await?, PasswordStatus::On { .. });
    let code = manage_codes::status(service, who).await?.is_some()
        || manage_recovery_codes::status(service, who).await?.is_some();
    if password && code && !who.session.is_limited() {
        Ok(Way::Password { waiting: what.fields(), problem: None })
    } else {
        Ok(Way::None)
    }
}

/// What a person typed to confirm, beside what waits.
#[derive(Deserialize)]
pub(super) struct Typed {
    #[serde(default)]
    password: String,
    #[serde(default)]
    code: String,
    #[serde(flatten)]
    what: For,
}

pub(super) async fn by_password(mut visit: Visit, Form(typed): Form<Typed>) -> Answer {
    let who = visit.full().await?;
    let what = &typed.what;
    let action = Action::parse(&what.r#for, what.target.as_deref()).ok_or_else(Problem::not_found)?;
    if typed.password.is_empty() || typed.code.trim().is_empty() {
        return again(visit, &who, action, what, ConfirmProblem::Incomplete).await;
    }
    let mut caller = visit.caller();
    let (password, code) = (&typed.password, &typed.code);
    let service = &visit.app.service;
    match confirm::finish_with_password(service, &mut caller, &who, action, password, code).await {
        Ok(confirmed) => {
            // The session goes on under a new id, which alone holds the confirmation.
            visit.set_session(&confirmed.signed_in.token);
            visit.see_other(&format!("/me/confirm?{}", query(&what.fields())))
        }
        Err(error) => {
            let problem = match error {
                ConfirmWithPasswordError::Wrong { .. } | ConfirmWithPasswordError::Slip(_) => {
                    ConfirmProblem::Wrong
                }
                ConfirmWithPasswordError::Replayed => ConfirmProblem::CodeUsed,
                ConfirmWithPasswordError::TooManyTries { until } => {
                    ConfirmProblem::TooMany { minutes: until.since(visit.now()).minutes_up().max(1) }
                }
                ConfirmWithPasswordError::Busy => ConfirmProblem::TooMany { minutes: 1 },
                ConfirmWithPasswordError::SessionEnded => return Err(Problem::session_ended().into()),
                ConfirmWithPasswordError::Store(error) => return Err(Problem::from(error).into()),
                other => return Err(Problem::forbidden(other.code()).into()),
            };
            again(visit, &who, action, what, problem).await
        }
    }
}

async fn again(mut visit: Visit, who: &Who, action: Action, what: &For, problem: ConfirmProblem) -> Answer {
    let status = match problem {
        ConfirmProblem::TooMany { .. } => StatusCode::TOO_MANY_REQUESTS,
        _ => StatusCode::UNPROCESSABLE_ENTITY,
    };
    let page = page(&mut visit, who, action, what).await?;
    let way = match page.way {
        Way::Password { waiting, .. } => Way::Password { waiting, problem: Some(problem) },
        other => other,
    };
    visit.page_with(status, &Confirm { way, ..page })
}

impl For {
    /// The errand of a phone for which a passkey is added.
    fn ticket(&self) -> Option<Ticket> {
        self.chosen.get("ticket").and_then(|ticket| ticket.parse().ok())
    }

    /// As a form sends it along.
    fn fields(&self) -> Vec<(String, String)> {
        let named = [("target", &self.target), ("place", &self.place), ("reason", &self.reason)];
        let named = named.into_iter().filter_map(|(name, value)| Some((name.to_owned(), value.clone()?)));
        let chosen = self.chosen.iter().map(|(name, value)| (name.clone(), value.clone()));
        std::iter::once(("for".to_owned(), self.r#for.clone())).chain(named).chain(chosen).collect()
    }
}

/// `fields` as the query of an address.
fn query(fields: &[(String, String)]) -> String {
    let pair = |(name, value): &(String, String)| format!("{}={}", encoded(name), encoded(value));
    fields.iter().map(pair).collect::<Vec<_>>().join("&")
}

fn encoded(text: &str) -> String {
    text.bytes().fold(String::new(), |mut out, byte| {
        match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'_' | b'.' => out.push(char::from(byte)),
            other => {
                // Writing to a string cannot fail.
                let _ = write!(out, "%{other:02X}");
            }
        }
        out
    })
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
