//! Signing out, and what is said and done afterwards (OC-5).

use std::collections::BTreeSet;

use axum::http::{HeaderValue, StatusCode, header};
use axum::response::IntoResponse;
use oidc::redirect;
use serde::{Deserialize, Serialize};
use service::end_session::{self, Leaving};
use service::sign_out::SignedOutOf;

use crate::context::Visit;
use crate::cookies::{self, Keep};
use crate::headers;
use crate::pages::sign_in::SignedOut;
use crate::problem::{Answer, Problem};

/// How long the page waits to be shown.
const FAREWELL: Keep = Keep::Seconds(60);

/// Longest value of its cookie that browsers surely keep.
const LONGEST: usize = 3800;

/// What the signed-out page is made of.
#[derive(Default, Serialize, Deserialize)]
struct Farewell {
    ended: Option<SignedOutOf>,
    leaving: Leaving,
}

pub(super) async fn submit(mut visit: Visit) -> Answer {
    let ended = match visit.who().await? {
        Some(who) => {
            let mut caller = visit.caller();
            Some(service::sign_out::sign_out(&visit.app.service, &mut caller, &who).await?)
        }
        // Whoever had no session any more wants none either.
        None => None,
    };
    visit.end_session();
    say_goodbye(visit, ended, Leaving::default())
}

/// Leads on to the application that asked: at once, or by the signed-out page if others have to be told in frames.
pub(super) async fn leave(visit: Visit, ended: Option<SignedOutOf>, leaving: Leaving) -> Answer {
    let (service, issuer) = (&visit.app.service, visit.app.site.origin.as_str());
    let farewell = end_session::farewell(service, issuer, ended.as_ref(), &leaving).await?;
    match farewell.go_on {
        Some((_, url)) if farewell.frames.is_empty() => visit.lead_on(&url),
        _ => say_goodbye(visit, ended, leaving),
    }
}

/// Leads to the signed-out page, which says what ended.
pub(super) fn say_goodbye(mut visit: Visit, ended: Option<SignedOutOf>, leaving: Leaving) -> Answer {
    if ended.as_ref().is_some_and(|ended| !ended.clients.is_empty()) || leaving.to.is_some() {
        let mut farewell = Farewell { ended, leaving };
        let before = visit.set_cookies.len();
        visit.seal(cookies::FAREWELL, &farewell, FAREWELL);
        // Identifiers of clients may be long, and a cookie is not: the earliest opened go first.
        while visit.set_cookies.last().is_some_and(|cookie| cookie.len() > LONGEST)
            && farewell.ended.as_mut().and_then(|ended| ended.clients.pop()).is_some()
        {
            visit.set_cookies.truncate(before);
            visit.seal(cookies::FAREWELL, &farewell, FAREWELL);
        }
    }
    visit.see_other("/signed-out")
}

pub(super) async fn show(mut visit: Visit) -> Answer {
    let shell = visit.shell();
    let sealed = visit.sealed.farewell.take();
    let Farewell { ended, leaving } = visit.open(cookies::FAREWELL, sealed.as_deref()).unwrap_or_default();
    if sealed.is_some() {
        visit.set_cookies.push(cookies::remove(cookies::FAREWELL));
    }
    let (service, issuer) = (&visit.app.service, visit.app.site.origin.as_str());
    let said = end_session::farewell(service, issuer, ended.as_ref(), &leaving).await?;
    let origins: BTreeSet<String> =
        said.frames.iter().map(|(_, url)| redirect::origin_for_csp(url)).collect();
    let page = SignedOut { shell, applications: said.applications, frames: said.frames, go_on: said.go_on };
    let mut response = visit.page(&page)?;
    if let Some(policy) = headers::framing(&origins) {
        response.headers_mut().insert(header::CONTENT_SECURITY_POLICY, policy);
    }
    Ok(response)
}

impl Visit {
    /// Sends the browser to an address that an application has registered.
    fn lead_on(mut self, url: &str) -> Answer {
        let location = HeaderValue::try_from(url).map_err(Problem::internal)?;
        let mut response = (StatusCode::SEE_OTHER, [(header::LOCATION, location)]).into_response();
        for cookie in self.set_cookies.drain(..) {
            response.headers_mut().append(header::SET_COOKIE, cookie);
        }
        Ok(response)
    }
}
