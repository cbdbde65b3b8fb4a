//! `/device`: somebody types the code that a device shows, and lets it in or does not (RFC 8628 section 3.3).
//!
//! The code that was typed waits in a sealed cookie. Letting the device in takes a passkey that confirms this very code;
//! that somebody is signed in is not enough.

use std::sync::Arc;

use axum::Router;
use axum::http::StatusCode;
use axum::routing::{get, post};
use oidc::scope::Scopes;
use primitives::encoding;
use serde::Deserialize;
use service::Who;
use service::device_grant::{self, DeviceError, Found, Typed};

use super::authorize::waiting::Seen;
use crate::app::App;
use crate::context::Visit;
use crate::cookies::{self, Keep};
use crate::fields::{Form, Query};
use crate::pages::application::AskedScope;
use crate::pages::device::{DeviceApproval, DeviceCode, DeviceCodeProblem, DeviceEnd, DeviceEnded};
use crate::problem::{Answer, Problem};

/// As long as the code works.
const KEPT: Keep = Keep::Seconds(300);

pub(super) fn all() -> Router<Arc<App>> {
    Router::new()
        .route("/device", get(show).post(typed))
        .route("/device/approve", get(ask).post(approve))
        .route("/device/decline", post(decline))
        .route("/device/end", get(end))
}

/// The code is typed here. What an address brings along fills nothing in.
async fn show(mut visit: Visit) -> Answer {
    let who = visit.full().await?;
    let page = DeviceCode { shell: visit.shell_for(&who), problem: None };
    visit.page(&page)
}

#[derive(Deserialize)]
struct Code {
    #[serde(default)]
    code: String,
}

async fn typed(mut visit: Visit, Form(sent): Form<Code>) -> Answer {
    let who = visit.full().await?;
    let mut caller = visit.caller();
    let problem = match device_grant::find(&visit.app.service, &mut caller, &who, &sent.code).await {
        Ok(typed) => {
            visit.seal(cookies::DEVICE, &typed, KEPT);
            return visit.see_other("/device/approve");
        }
        Err(DeviceError::Malformed) => DeviceCodeProblem::Malformed,
        Err(DeviceError::Unknown) => DeviceCodeProblem::Unknown,
        Err(DeviceError::TooManyTries { until }) => {
            DeviceCodeProblem::TooMany { minutes: until.since(visit.now()).minutes_up().max(1) }
        }
        Err(error) => return Err(problem(error).into()),
    };
    let status = match problem {
        DeviceCodeProblem::TooMany { .. } => StatusCode::TOO_MANY_REQUESTS,
        _ => StatusCode::UNPROCESSABLE_ENTITY,
    };
    let page = DeviceCode { shell: visit.shell_for(&who), problem: Some(problem) };
    visit.page_with(status, &page)
}

fn problem(error: DeviceError) -> Problem {
    match error {
        DeviceError::Store(error) => error.into(),
        DeviceError::SessionEnded => Problem::session_ended(),
        other => Problem::forbidden(other.code()),
    }
}

/// The code that waits in this browser.
fn waiting_code(visit: &Visit) -> Option<Typed> {
    visit.open(cookies::DEVICE, visit.sealed.device.as_deref())
}

async fn ask(mut visit: Visit) -> Answer {
    let who = visit.full().await?;
    let Some(typed) = waiting_code(&visit) else { return visit.see_other("/device") };
    match device_grant::look(&visit.app.service, &mut visit.caller(), &typed).await {
        Ok(found) => asked(visit, &who, &typed, &found),
        Err(DeviceError::Unknown) => over(visit, DeviceEnd::Over),
        Err(error) => Err(problem(error).into()),
    }
}

fn asked(mut visit: Visit, who: &Who, typed: &Typed, found: &Found) -> Answer {
    let scopes = Scopes::parse(&found.device.request.scopes).unwrap_or_default();
    let scope = |scope: &str| AskedScope { scope: scope.to_owned(), optional: false, groups: Vec::new() };
    let page = DeviceApproval {
        shell: visit.shell_for(who),
        application: Seen::of(&found.application).requester(),
        code: typed.code.clone(),
        device: found.device.request.device.browser.clone(),
        address: found.device.request.device.address.clone(),
        same_network: found.same_network,
        asked_at: found.device.created,
        scopes: scopes.iter().map(scope).collect(),
        resources: found.device.request.resources.clone(),
        target: encoding::hex(&device_grant::target(&typed.code)),
    };
    visit.page(&page)
}

async fn approve(mut visit: Visit) -> Answer {
    let who = visit.full().await?;
    let Some(typed) = waiting_code(&visit) else { return over(visit, DeviceEnd::Over) };
    let mut caller = visit.caller();
    match device_grant::approve(&visit.app.service, &mut caller, &who, &typed).await {
        Ok(()) => over(visit, DeviceEnd::Approved),
        // The page asks for the passkey.
        Err(DeviceError::ConfirmNeeded) => visit.see_other("/device/approve"),
        Err(DeviceError::TooWeak) => over(visit, DeviceEnd::TooWeak),
        Err(DeviceError::NotAssigned) => over(visit, DeviceEnd::NotYours),
        Err(DeviceError::Unknown) => over(visit, DeviceEnd::Over),
        Err(error) => Err(problem(error).into()),
    }
}

async fn decline(mut visit: Visit) -> Answer {
    let who = visit.full().await?;
    let Some(typed) = waiting_code(&visit) else { return over(visit, DeviceEnd::Over) };
    let mut caller = visit.caller();
    match device_grant::decline(&visit.app.service, &mut caller, &who, &typed).await {
        Ok(()) => over(visit, DeviceEnd::Declined),
        Err(DeviceError::Unknown) => over(visit, DeviceEnd::Over),
        Err(error) => Err(problem(error).into()),
    }
}

/// Nothing waits in this browser any more, and the person is told how it ended.
fn over(mut visit: Visit, end: DeviceEnd) -> Answer {
    visit.set_cookies.push(cookies::remove(cookies::DEVICE));
    visit.see_other(&format!("/device/end?how={}", end.code()))
}

#[derive(Deserialize)]
struct How {
    #[serde(default)]
    how: String,
}

async fn end(mut visit: Visit, Query(query): Query<How>) -> Answer {
    let who = visit.full().await?;
    let end = DeviceEnd::parse(&query.how).unwrap_or(DeviceEnd::Over);
    let page = DeviceEnded { shell: visit.shell_for(&who), end };
    visit.page(&page)
}
