//! `/oauth/end-session`: an application asks that somebody be signed out (OpenID Connect RP-Initiated Logout 1.0, OC-5).
//!
//! This is the one address where a GET may end something: the protocol wants it so, and only an ID token of ours that was
//! made for whoever is signed in does it. Everything else is put to the person.

use std::sync::Arc;

use axum::extract::RawQuery;
use axum::http::{HeaderMap, StatusCode, header};
use oidc::error::OAuthError;
use oidc::parameters::Parameters;
use oidc::redirect;
use primitives::{encoding, seal};
use serde::Deserialize;
use service::Who;
use service::end_session::{self, EndSessionError, Leaving, Step};

use crate::context::Visit;
use crate::fields::Form;
use crate::headers;
use crate::pages::sign_in::AskToSignOut;
use crate::problem::{Answer, Problem};
use crate::routes::authorize;
use crate::routes::sign_out;

/// What the page's answer is sealed for.
const SEAL: &str = "end session";

/// The request.
pub(super) async fn show(mut visit: Visit, RawQuery(query): RawQuery) -> Answer {
    let who = visit.who().await?;
    let parameters = Parameters::parse(query.as_deref().unwrap_or_default());
    let step = match parameters {
        Ok(parameters) => {
            let issuer = visit.app.site.origin.as_str();
            end_session::read(&visit.app.service, issuer, &parameters, who.as_ref()).await
        }
        Err(refusal) => Err(EndSessionError::Parameters(refusal)),
    };
    match (step, who) {
        (Ok(Step::End(leaving)), Some(who)) => end(visit, &who, leaving).await,
        (Ok(Step::Ask { application, leaving }), Some(who)) => ask(visit, &who, application, &leaving),
        (Ok(Step::Nobody { leaving, proven: true }), _) => sign_out::leave(visit, None, leaving).await,
        (Ok(Step::Nobody { leaving, .. } | Step::End(leaving) | Step::Ask { leaving, .. }), _) => {
            sign_out::say_goodbye(visit, None, leaving)
        }
        (Err(EndSessionError::Store(error)), _) => Err(error.into()),
        (Err(error), _) => {
            authorize::answer::stopped(visit, None, OAuthError::InvalidRequest.name(), error.code())
        }
    }
}

/// The same in a form. It comes from another site, so without our cookies: it is asked again by GET, with them.
pub(super) async fn by_post(visit: Visit, headers: HeaderMap, sent: axum::body::Bytes) -> Answer {
    let kind = headers.get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let kind = kind.split(';').next().unwrap_or_default().trim();
    if !kind.eq_ignore_ascii_case("application/x-www-form-urlencoded") {
        return Err(Problem::bad_request(StatusCode::UNSUPPORTED_MEDIA_TYPE, "no form").into());
    }
    match std::str::from_utf8(&sent).ok().and_then(|text| Parameters::parse(text).ok()) {
        Some(parameters) => visit.see_other(&format!("/oauth/end-session?{}", parameters.encode())),
        None => authorize::answer::stopped(visit, None, OAuthError::InvalidRequest.name(), "parameters"),
    }
}

fn ask(mut visit: Visit, who: &Who, application: Option<String>, leaving: &Leaving) -> Answer {
    let plain = serde_json::to_vec(leaving).map_err(Problem::internal)?;
    let (keys, now, mut entropy) = (&visit.app.service.keys, visit.now(), visit.app.ambient.entropy());
    let sealed = seal::seal(keys, SEAL, &binding(&visit, who), &plain, now, entropy.as_mut());
    let page =
        AskToSignOut { shell: visit.shell_for(who), application, request: encoding::base64url(&sealed) };
    // What follows the form may lead to the application at once.
    let policy = leaving.to.as_deref().map(redirect::origin_for_csp);
    let mut response = visit.page(&page)?;
    if let Some(policy) = policy.and_then(|source| headers::leading_to(&source)) {
        response.headers_mut().insert(header::CONTENT_SECURITY_POLICY, policy);
    }
    Ok(response)
}

/// Of this browser and this session: nobody's answer is given to another's question.
fn binding(visit: &Visit, who: &Who) -> Vec<u8> {
    [visit.facts.browser.as_bytes().as_slice(), who.session.id.as_bytes()].concat()
}

/// What the page sends.
#[derive(Deserialize)]
pub(in crate::routes) struct Confirmed {
    #[serde(default)]
    request: String,
}

/// The person wants it.
pub(in crate::routes) async fn confirm(mut visit: Visit, Form(sent): Form<Confirmed>) -> Answer {
    let Some(who) = visit.who().await? else {
        visit.end_session();
        return sign_out::say_goodbye(visit, None, Leaving::default());
    };
    let sealed = encoding::from_base64url(&sent.request);
    let plain = sealed
        .and_then(|sealed| seal::open(&visit.app.service.keys, SEAL, &binding(&visit, &who), &sealed).ok());
    // Whoever signed in again meanwhile still wants to sign out; only the way on is not known any more.
    let leaving = plain.and_then(|plain| serde_json::from_slice(&plain).ok()).unwrap_or_default();
    end(visit, &who, leaving).await
}

async fn end(mut visit: Visit, who: &Who, leaving: Leaving) -> Answer {
    let (mut caller, service) = (visit.caller(), Arc::clone(&visit.app.service));
    let ended = service::sign_out::sign_out(&service, &mut caller, who).await?;
    visit.end_session();
    sign_out::leave(visit, Some(ended), leaving).await
}
