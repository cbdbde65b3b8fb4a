//! How the application is answered, and how people are told that it is not.

use std::sync::Arc;

use axum::http::{HeaderValue, StatusCode, header};
use axum::response::IntoResponse;
use oidc::error::OAuthError;
use oidc::redirect;
use oidc::response::AuthorizationResponse;
use oidc::scope::Scopes;
use service::Who;
use service::authorize::{self, AuthorizeError, BeginError, Declined, Step};

use super::waiting::Waiting;
use super::{Chosen, sign_in_first};
use crate::context::Visit;
use crate::headers;
use crate::pages::application::{FormPost, ProtocolError, Stopped};
use crate::problem::{Answer, Problem};

/// Leads to the application with its answer. The address is a registered one: [`AuthorizationResponse`] has no other.
pub(super) fn respond(
    mut visit: Visit,
    application: Option<String>,
    response: AuthorizationResponse,
) -> Answer {
    visit.end_waiting();
    if let Some(location) = response.location() {
        let mut location = HeaderValue::try_from(location).map_err(Problem::internal)?;
        // It may hold a code.
        location.set_sensitive(true);
        return visit.plain((StatusCode::SEE_OTHER, [(header::LOCATION, location)]).into_response());
    }
    let Some((action, fields)) = response.form() else {
        return Err(Problem::internal("an answer that goes nowhere").into());
    };
    // A form that posts itself to us would be one of ours: whoever may register an address could press any of our buttons.
    let to = redirect::origin_for_csp(action);
    let site = &visit.app.site;
    if std::iter::once(&site.origin).chain(&site.related_origins).any(|own| own.as_str() == to) {
        let name = OAuthError::InvalidRequest.name();
        return stopped(visit, application, name, "redirect_uri_mismatch");
    }
    let policy = headers::leading_to(&to);
    let page = FormPost {
        shell: visit.shell(),
        application,
        action: action.to_owned(),
        fields: fields.iter().map(|(name, value)| ((*name).to_owned(), value.clone())).collect(),
    };
    let mut answered = visit.page(&page)?;
    if let Some(policy) = policy {
        answered.headers_mut().insert(header::CONTENT_SECURITY_POLICY, policy);
    }
    Ok(answered)
}

/// Nothing waits any more.
pub(super) fn over(mut visit: Visit) -> Answer {
    visit.end_waiting();
    let page =
        ProtocolError { shell: visit.shell(), stopped: Stopped::Over, application: None, details: None };
    visit.page_with(StatusCode::CONFLICT, &page)
}

/// The request is not one that can be answered, and nobody is led anywhere (OC-4): the error in the protocol's terms,
/// and our code.
pub(in crate::routes) fn stopped(
    mut visit: Visit,
    application: Option<String>,
    error: &'static str,
    code: &'static str,
) -> Answer {
    let stopped = match code {
        "client_unknown" if application.is_some() => Stopped::Disabled,
        "client_unknown" => Stopped::Unknown,
        "redirect_uri_mismatch" | "post_logout_redirect_uri" => Stopped::Address,
        _ => Stopped::Request,
    };
    tracing::info!(reference = visit.facts.reference.as_str(), code, "an application's request was refused");
    let details = Some((format!("error={error}"), format!("code={code}")));
    let page = ProtocolError { shell: visit.shell(), stopped, application, details };
    visit.page_with(StatusCode::BAD_REQUEST, &page)
}

/// A request that does not even wait.
pub(super) fn refused(visit: Visit, error: BeginError) -> Answer {
    match error {
        BeginError::Shown(refusal, application) => {
            stopped(visit, application, refusal.error().name(), refusal.code())
        }
        BeginError::Answered(_, response) => respond(visit, None, response),
        BeginError::Store(error) => Err(Problem::from(error).into()),
    }
}

/// A request that goes no further.
pub(super) fn failed(visit: Visit, error: AuthorizeError) -> Answer {
    let application = visit.waiting().map(|waiting| waiting.seen.name);
    match error {
        AuthorizeError::Expired => over(visit),
        AuthorizeError::Refused(refusal) => {
            stopped(visit, application, refusal.error().name(), refusal.code())
        }
        AuthorizeError::SessionEnded => visit.see_other("/authorize/continue"),
        AuthorizeError::Scopes => Err(Problem::bad_request(StatusCode::BAD_REQUEST, "other scopes").into()),
        AuthorizeError::NoKey => Err(Problem::unavailable("no key signs for this application").into()),
        AuthorizeError::Store(error) => Err(Problem::from(error).into()),
    }
}

/// Does what was chosen. Whatever changes what waits leads back to it by GET.
pub(super) async fn choose(mut visit: Visit, waiting: Waiting, who: &Who, chosen: Chosen) -> Answer {
    match chosen.what.as_str() {
        "allow" => allow(visit, &waiting, who, &chosen.scopes).await,
        "deny" => decline(visit, &waiting, Declined::ByPerson).await,
        "cancel" => {
            let reason = reason(&visit, &waiting, who).await;
            decline(visit, &waiting, reason).await
        }
        "continue" => keep(visit, Waiting { pending: waiting.pending.with_account(), ..waiting }),
        "skip" => keep(visit, Waiting { pending: waiting.pending.going_without(), ..waiting }),
        "again" => sign_in_first(visit, &waiting, "/signin?ended=again"),
        "switch" => {
            // Whoever signs in now is who is meant.
            let waiting = Waiting { pending: waiting.pending.with_account(), ..waiting };
            visit.let_wait(&waiting);
            sign_in_first(visit, &waiting, "/signin?ended=switch")
        }
        _ => Err(Problem::bad_request(StatusCode::BAD_REQUEST, "an unknown choice").into()),
    }
}

fn keep(mut visit: Visit, waiting: Waiting) -> Answer {
    visit.let_wait(&waiting);
    visit.see_other("/authorize/continue")
}

async fn allow(visit: Visit, waiting: &Waiting, who: &Who, chosen: &[String]) -> Answer {
    let (mut caller, service) = (visit.caller(), Arc::clone(&visit.app.service));
    let issuer = visit.app.site.origin.as_str().to_owned();
    let pending = &waiting.pending;
    let before = match authorize::next(&service, &mut caller, &issuer, pending, Some(who)).await {
        Ok(before) => before,
        Err(error) => return failed(visit, error),
    };
    let Step::Consent(asked) = before else { return visit.see_other("/authorize/continue") };
    // What may be left out is there if it was chosen; what was allowed before stays.
    let chosen = Scopes::parse(&chosen.join(" ")).unwrap_or_default();
    let kept = asked.new.and(&asked.optional).and(&chosen);
    let granted = asked.new.without(&asked.optional).or(&asked.known).or(&kept);
    match authorize::consent(&service, &mut caller, &issuer, pending, (who, granted)).await {
        Ok(Step::Answer(response)) => respond(visit, Some(waiting.seen.name.clone()), response),
        Ok(_) => visit.see_other("/authorize/continue"),
        Err(error) => failed(visit, error),
    }
}

async fn decline(visit: Visit, waiting: &Waiting, reason: Declined) -> Answer {
    let (service, issuer) = (Arc::clone(&visit.app.service), visit.app.site.origin.as_str().to_owned());
    match authorize::decline(&service, visit.now(), &issuer, &waiting.pending, reason).await {
        Ok(response) => respond(visit, Some(waiting.seen.name.clone()), response),
        Err(error) => failed(visit, error),
    }
}

/// Why somebody turns back: by what the page asked of them.
async fn reason(visit: &Visit, waiting: &Waiting, who: &Who) -> Declined {
    let mut caller = visit.caller();
    let issuer = visit.app.site.origin.as_str();
    let step = authorize::next(&visit.app.service, &mut caller, issuer, &waiting.pending, Some(who)).await;
    match step {
        Ok(Step::StepUp { too_old: false, .. } | Step::AddPasskey { .. }) => Declined::Unmet,
        Ok(Step::NotAssigned(_)) => Declined::NotAssigned,
        _ => Declined::ByPerson,
    }
}
