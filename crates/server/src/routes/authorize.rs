//! `/authorize`: an application asks that somebody be signed in (OpenID Connect Core section 3.1.2), and the pages that
//! come between its question and its answer.
//!
//! The question travels sealed in a cookie ([`waiting`]) while the person signs in. Each look at `/authorize/continue`
//! asks the use case for the next step; nobody is led to an address that is not registered.

pub(super) mod answer;
mod pages;
pub(crate) mod waiting;

use std::sync::Arc;

use account::user::Login;
use axum::Router;
use axum::body::Bytes;
use axum::extract::RawQuery;
use axum::http::{HeaderMap, StatusCode, header};
use axum::routing::get;
use oidc::parameters::Parameters;
use service::authorize::{self, Step};

use self::answer::{failed, over, refused, respond, stopped};
use self::waiting::Waiting;
use crate::app::App;
use crate::context::Visit;
use crate::destination::Destination;
use crate::problem::{Answer, Problem, Stop};
use crate::reply::Interaction;
use crate::routes::oidc::client::fetch_keys;

/// Longer than any list of what may be left out.
const MOST_CHOICES: usize = 64;

pub(super) fn all() -> Router<Arc<App>> {
    Router::new()
        .route("/authorize", get(begin).post(by_post))
        .route("/authorize/continue", get(go_on).post(chosen))
        .route("/authorize/logo/{digest}", get(pages::logo))
}

/// The question. What can be answered at once is; everything else waits while the person is led on.
async fn begin(mut visit: Visit, RawQuery(query): RawQuery) -> Answer {
    let (mut caller, service) = (visit.caller(), Arc::clone(&visit.app.service));
    let (issuer, now) = (visit.app.site.origin.as_str().to_owned(), visit.now());
    let query = query.unwrap_or_default();
    crate::client_documents::look(&visit, &query).await;
    fetch_keys_for(&visit, &query).await?;
    let pending = match authorize::begin(&service, now, &issuer, &query).await {
        Ok(pending) => pending,
        Err(error) => return refused(visit, error),
    };
    let who = visit.who().await?;
    let step = match authorize::next(&service, &mut caller, &issuer, &pending, who.as_ref()).await {
        Ok(step) => step,
        Err(error) => return failed(visit, error),
    };
    if let Step::Answer(response) = step {
        // Only the page of a form names the application.
        let name = match response.form() {
            Some(_) => authorize::application(&service, &pending).await.ok().map(|shown| shown.name),
            None => None,
        };
        return respond(visit, name, response);
    }
    let waiting = match authorize::application(&service, &pending).await {
        Ok(shown) => Waiting::new(&visit, pending, &shown),
        Err(error) => return failed(visit, error),
    };
    if !visit.let_wait(&waiting) {
        return stopped(visit, Some(waiting.seen.name), "invalid_request", "request_too_long");
    }
    if matches!(step, Step::SignIn) {
        return sign_in_first(visit, &waiting, "/signin");
    }
    visit.see_other("/authorize/continue")
}

/// A request that the application signed is verified with its keys, which may stand elsewhere (RFC 9101).
async fn fetch_keys_for(visit: &Visit, query: &str) -> Result<(), Stop> {
    let Ok(parameters) = Parameters::parse(query) else { return Ok(()) };
    if parameters.get("request").is_none() {
        return Ok(());
    }
    if let Ok(id) = oidc::authorization::client_id(&parameters) {
        fetch_keys(visit, &id, false).await?;
    }
    Ok(())
}

/// The question in a form. It comes from another site, so without our cookies: it is asked again by GET, with them.
async fn by_post(visit: Visit, headers: HeaderMap, sent: Bytes) -> Answer {
    let kind = headers.get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let kind = kind.split(';').next().unwrap_or_default().trim();
    if !kind.eq_ignore_ascii_case("application/x-www-form-urlencoded") {
        return Err(Problem::bad_request(StatusCode::UNSUPPORTED_MEDIA_TYPE, "no form").into());
    }
    let read = std::str::from_utf8(&sent).ok().and_then(|text| Parameters::parse(text).ok());
    match read {
        // What is asked is what was sent, spelled as addresses are.
        Some(parameters) => visit.see_other(&format!("/authorize?{}", parameters.encode())),
        None => stopped(visit, None, "invalid_request", "parameters"),
    }
}

/// What waits, as far as it has come.
async fn go_on(mut visit: Visit) -> Answer {
    let Some(waiting) = visit.waiting() else { return over(visit) };
    let (mut caller, service) = (visit.caller(), Arc::clone(&visit.app.service));
    let issuer = visit.app.site.origin.as_str().to_owned();
    let who = visit.who().await?;
    let step = authorize::next(&service, &mut caller, &issuer, &waiting.pending, who.as_ref()).await;
    match (step, who) {
        (Err(error), _) => failed(visit, error),
        (Ok(Step::Answer(response)), _) => respond(visit, Some(waiting.seen.name), response),
        (Ok(Step::SignIn), _) | (Ok(_), None) => sign_in_first(visit, &waiting, "/signin"),
        (Ok(step), Some(who)) => pages::show(visit, &waiting, &who, step).await,
    }
}

/// To the sign-in, which knows whom the application expects.
fn sign_in_first(mut visit: Visit, waiting: &Waiting, to: &str) -> Answer {
    let hint = waiting.pending.request.login_hint.as_deref().and_then(|hint| Login::parse(hint).ok());
    let interaction = Interaction {
        identifier: hint.map(|login| login.shown().to_owned()),
        masked: None,
        continue_to: Some(Destination::Application),
    };
    visit.set_interaction(&interaction);
    visit.see_other(to)
}

/// What was chosen on one of the pages.
#[derive(Default)]
struct Chosen {
    /// Which request was on the page, and whose it was.
    request: String,
    what: String,
    /// What stays of what may be left out.
    scopes: Vec<String>,
}

impl Chosen {
    fn read(sent: &[u8]) -> Option<Self> {
        let mut chosen = Self::default();
        for pair in
            std::str::from_utf8(sent).ok()?.split('&').filter(|pair| !pair.is_empty()).take(MOST_CHOICES)
        {
            let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
            let value = oidc::parameters::decode(value)?;
            match name {
                "request" => chosen.request = value,
                "do" => chosen.what = value,
                "scope" => chosen.scopes.push(value),
                _ => {}
            }
        }
        Some(chosen)
    }
}

async fn chosen(mut visit: Visit, sent: Bytes) -> Answer {
    let chosen =
        Chosen::read(&sent).ok_or_else(|| Problem::bad_request(StatusCode::BAD_REQUEST, "no form"))?;
    let Some(waiting) = visit.waiting() else { return over(visit) };
    let Some(who) = visit.who().await? else { return sign_in_first(visit, &waiting, "/signin") };
    // The page was about another request, or for another account: what is asked now is shown first.
    if chosen.request != waiting.name(&who) {
        return visit.see_other("/authorize/continue");
    }
    answer::choose(visit, waiting, &who, chosen).await
}
