//! Forward authentication: what reverse proxies ask about requests to applications that know no sign-in of their own, and
//! the way in on the application's own host (docs/admin/forward-auth.md).
//!
//! Which application is asked about stands in headers that only a configured proxy may set, each exactly once. What is
//! missing, there twice, too long or unreadable is refused (assurance A3).

mod asked;

use std::sync::Arc;

use axum::Router;
use axum::extract::RawQuery;
use axum::http::{HeaderName, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use oidc::error::OAuthError;
use oidc::parameters::Parameters;
use primitives::secret::Token;
use service::forward_auth::{self, Admitted, ForwardError};

use self::asked::{Asked, Unreadable};
use crate::app::App;
use crate::context::Visit;
use crate::cookies::{self, Keep};
use crate::problem::{Answer, Problem};
use crate::routes::authorize;

/// Holds the sealed reference to what the person was granted, on the application's host.
const TICKET: &str = "__Host-keyward-forward";
/// Holds 256 random bits that stay with the browser, on the application's host.
const BROWSER: &str = "__Host-keyward-forward-browser";

const USER: HeaderName = HeaderName::from_static("remote-user");
const NAME: HeaderName = HeaderName::from_static("remote-name");
const EMAIL: HeaderName = HeaderName::from_static("remote-email");
const GROUPS: HeaderName = HeaderName::from_static("remote-groups");
const ASSERTION: HeaderName = HeaderName::from_static("x-keyward-assertion");

pub(super) fn all() -> Router<Arc<App>> {
    Router::new()
        .route("/forward/check", get(check))
        .route("/forward/redirect", get(redirect))
        .route("/forward/stopped", get(stopped))
        .route("/.keyward/start", get(start))
        .route("/.keyward/callback", get(callback))
        .route("/.keyward/sign-out", get(sign_out))
}

/// Whether the path is answered on hosts of applications, or to their proxies: no cookie of ours belongs there.
pub(crate) fn is_forward(path: &str) -> bool {
    path.starts_with("/forward/") || path.starts_with("/.keyward/")
}

/// What was found out about a request.
enum Verdict {
    Admitted(Box<Admitted>),
    /// The person can do something about it: sign in, or prove more.
    Enter,
    /// Nothing that a browser sends.
    Refuse,
}

async fn judge(visit: &Visit, asked: &Result<Asked, Unreadable>) -> Result<Verdict, Problem> {
    let asked = match asked {
        Ok(asked) => asked,
        Err(unreadable) => {
            tracing::warn!(code = unreadable.code(), "a proxy's question was refused");
            return Ok(Verdict::Refuse);
        }
    };
    let held = match asked.cookie(TICKET) {
        Ok(held) => held,
        Err(_) => return Ok(Verdict::Refuse),
    };
    let (mut caller, issuer) = (visit.caller(), visit.app.site.origin.as_str());
    let origin = asked.origin.as_str();
    let service = &visit.app.service;
    match forward_auth::check(service, &mut caller, issuer, origin, held.as_deref()).await {
        Ok(admitted) => Ok(Verdict::Admitted(Box::new(admitted))),
        Err(ForwardError::Store(error)) => Err(error.into()),
        Err(ForwardError::NoKey) => Err(Problem::unavailable("no key to sign with")),
        Err(error) => {
            tracing::debug!(code = error.code(), origin, "a request to an application was not let through");
            Ok(Verdict::Enter)
        }
    }
}

/// For nginx `auth_request`: 200 with headers, 401 or 403, and nothing else.
async fn check(visit: Visit, asked: Result<Asked, Unreadable>) -> Answer {
    Ok(match judge(&visit, &asked).await? {
        Verdict::Admitted(admitted) => let_through(&admitted),
        Verdict::Enter => StatusCode::UNAUTHORIZED.into_response(),
        Verdict::Refuse => StatusCode::FORBIDDEN.into_response(),
    })
}

/// For Caddy `forward_auth` and Traefik `forwardAuth`: the same, but a browser that wants a page is led to the sign-in.
async fn redirect(visit: Visit, asked: Result<Asked, Unreadable>) -> Answer {
    let verdict = judge(&visit, &asked).await?;
    Ok(match (verdict, asked) {
        (Verdict::Admitted(admitted), _) => let_through(&admitted),
        (Verdict::Enter, Ok(asked)) if asked.wants_page => {
            // Of the application's own host, whichever that is: no address of elsewhere can come of it.
            found(&format!("/.keyward/start?rd={}", asked.path))?
        }
        (Verdict::Enter, _) => StatusCode::UNAUTHORIZED.into_response(),
        (Verdict::Refuse, _) => StatusCode::FORBIDDEN.into_response(),
    })
}

fn let_through(admitted: &Admitted) -> Response {
    let mut response = StatusCode::OK.into_response();
    let headers = response.headers_mut();
    let groups: Vec<String> = admitted.groups.iter().map(|group| in_list(group)).collect();
    // All of them are always there: a proxy that copies them leaves none of those that a browser made up.
    for (name, text) in [
        (USER, admitted.user.as_str()),
        (NAME, admitted.name.as_deref().unwrap_or_default()),
        (EMAIL, admitted.email.as_deref().unwrap_or_default()),
        (GROUPS, &groups.join(",")),
        (ASSERTION, &admitted.assertion),
    ] {
        // UTF-8, as applications expect it; what no header can hold has no control characters in our rows.
        headers
            .insert(name, HeaderValue::from_bytes(text.as_bytes()).unwrap_or(HeaderValue::from_static("")));
    }
    response
}

/// A group's name in a list with commas: one that has a comma itself must not pass for two groups.
fn in_list(group: &str) -> String {
    group.replace('%', "%25").replace(',', "%2C")
}

/// The way in, on the application's host.
async fn start(visit: Visit, asked: Result<Asked, Unreadable>, RawQuery(query): RawQuery) -> Answer {
    let Ok(asked) = asked else { return Ok(StatusCode::FORBIDDEN.into_response()) };
    let Ok(held) = asked.cookie(BROWSER) else { return Ok(StatusCode::FORBIDDEN.into_response()) };
    // The rest of the query as it stands: proxies write the address there that was asked for, and nginx cannot encode it.
    let back = query.as_deref().and_then(|query| query.strip_prefix("rd=")).unwrap_or("/");
    let mut caller = visit.caller();
    let known = held.as_deref().and_then(Token::parse);
    let browser = known.clone().unwrap_or_else(|| Token::generate(caller.entropy.as_mut()));
    let (service, issuer) = (&visit.app.service, visit.app.site.origin.as_str());
    let place = (asked.origin.as_str(), &browser);
    match forward_auth::begin(service, &mut caller, issuer, place, back).await {
        Ok(begun) => {
            let mut response = found(&begun.location)?;
            if known.is_none() {
                let cookie = cookies::set(BROWSER, &browser.encode(), Keep::Session);
                response.headers_mut().append(header::SET_COOKIE, cookie);
            }
            Ok(response)
        }
        Err(error) => failed(&visit, error),
    }
}

/// The answer of the authorization endpoint, on the application's host.
async fn callback(visit: Visit, asked: Result<Asked, Unreadable>, RawQuery(query): RawQuery) -> Answer {
    let Ok(asked) = asked else { return Ok(StatusCode::FORBIDDEN.into_response()) };
    let Ok(held) = asked.cookie(BROWSER) else { return Ok(StatusCode::FORBIDDEN.into_response()) };
    let parsed = Parameters::parse(query.as_deref().unwrap_or_default());
    let (Some(browser), Ok(answer)) = (held.as_deref().and_then(Token::parse), parsed) else {
        return failed(&visit, ForwardError::State);
    };
    let mut caller = visit.caller();
    let (service, issuer) = (&visit.app.service, visit.app.site.origin.as_str());
    let place = (asked.origin.as_str(), &browser);
    let ticket = asked.cookie(TICKET).ok().flatten();
    match forward_auth::again(service, place, &answer, ticket.as_deref()).await {
        Ok(None) => {}
        Ok(Some(back)) => return Ok(found(&back)?),
        Err(error) => return failed(&visit, error),
    }
    match forward_auth::finish(service, &mut caller, issuer, place, &answer).await {
        Ok(entered) => {
            let mut response = found(&entered.back)?;
            let cookie = cookies::set(TICKET, &entered.ticket, Keep::Session);
            response.headers_mut().append(header::SET_COOKIE, cookie);
            Ok(response)
        }
        Err(error) => failed(&visit, error),
    }
}

/// The way out: what is asked there is asked of the person. Nothing ends by coming here.
async fn sign_out(visit: Visit, asked: Result<Asked, Unreadable>) -> Answer {
    match asked {
        Ok(_) => Ok(found(&format!("{}/oauth/end-session", visit.app.site.origin))?),
        Err(_) => Ok(StatusCode::FORBIDDEN.into_response()),
    }
}

/// People are told on our own host: the application's has none of our pages.
fn failed(visit: &Visit, error: ForwardError) -> Answer {
    if let ForwardError::Store(error) = error {
        return Err(error.into());
    }
    tracing::info!(code = error.code(), "nobody was let in to an application");
    let why = match error {
        ForwardError::Origin => "origin",
        ForwardError::NotRegistered => "registered",
        ForwardError::Refused => "refused",
        _ => "again",
    };
    Ok(found(&format!("{}/forward/stopped?why={why}", visit.app.site.origin))?)
}

/// Why nobody was let in, on our own host.
async fn stopped(visit: Visit, RawQuery(query): RawQuery) -> Answer {
    let code = match query.as_deref() {
        Some("why=origin") => "client_unknown",
        Some("why=registered") => "redirect_uri_mismatch",
        Some("why=refused") => "forward_refused",
        _ => "forward_state",
    };
    authorize::answer::stopped(visit, None, OAuthError::InvalidRequest.name(), code)
}

fn found(location: &str) -> Result<Response, Problem> {
    let mut location = HeaderValue::try_from(location).map_err(Problem::internal)?;
    // It may hold a sealed state.
    location.set_sensitive(true);
    Ok((StatusCode::FOUND, [(header::LOCATION, location)]).into_response())
}

#[cfg(test)]
mod tests;
