//! The application: what every request shares, the router, and the one middleware around it.

use std::any::Any;
use std::net::IpAddr;
use std::sync::Arc;
use std::time::{Duration, Instant};

use axum::Router;
use axum::body::Bytes;
use axum::extract::{DefaultBodyLimit, MatchedPath, Request, State};
use axum::http::{HeaderName, HeaderValue, Method, StatusCode, header};
use axum::middleware::{self, Next};
use axum::response::{IntoResponse, Response};
use primitives::encoding;
use primitives::time::Timestamp;
use serde_json::json;
use tower_http::catch_panic::CatchPanicLayer;

use crate::admission::{self, BodyRefused, Bounds, Gate};
use crate::config::{Network, Organisation, Origin};
use crate::context::{Ambient, Facts};
use crate::headers::SecurityHeaders;
use crate::live::Live;
use crate::policy_checks::Checks;
use crate::problem::Problem;
use crate::readiness::Readiness;
use crate::refusal::Refusals;
use crate::routes::oidc;
use crate::text::Language;
use crate::{cookies, fields, measure, reply, routes, same_origin};

/// By this header, the log and the page the same request is meant.
const REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");

const NO_ANSWER: &str = "no answer within the deadline";

/// Everything that requests share.
pub struct App {
    /// The use cases' deployment.
    pub service: Arc<service::Context>,
    /// What pages and headers say about this deployment.
    pub site: Site,
    /// Where time and randomness come from.
    pub ambient: Ambient,
    pub(crate) readiness: Readiness,
    pub(crate) gate: Gate,
    pub(crate) live: Live,
    pub(crate) checks: Checks,
    pub(crate) headers: SecurityHeaders,
    pub(crate) discovery: oidc::documents::Discovery,
    pub(crate) key_set: oidc::documents::KeySet,
    pub(crate) related_origins: Bytes,
    pub(crate) passkey_endpoints: Bytes,
}

/// What pages and headers say about this deployment.
#[derive(Clone, Debug)]
pub struct Site {
    /// Where people reach it.
    pub origin: Origin,
    /// The relying-party ID.
    pub rp_id: String,
    /// The relying-party ID before a move, while its passkeys are still taken.
    pub former_rp_id: Option<String>,
    /// Origins outside the RP ID whose pages may use these passkeys.
    pub related_origins: Vec<Origin>,
    /// Who runs it.
    pub organisation: Organisation,
    /// The language for browsers that ask for none that we have.
    pub language: Language,
    /// Peers whose `X-Forwarded-For` counts.
    pub trusted_proxies: Vec<Network>,
    /// Whether newer metadata about authenticators is looked for.
    pub looks_for_metadata: bool,
    /// How this server connects to others, when somebody tries a receiver.
    pub outbound: crate::config::Outbound,
    /// Until then people sign in and read, and change nothing.
    pub read_only_until: Option<Timestamp>,
    /// Whether applications may register themselves (RFC 7591).
    pub registration: bool,
    /// Whether the address of a document may name an application (OAuth Client ID Metadata Document).
    pub client_documents: bool,
    /// Whether this server is a tunnel service, too.
    pub relay: bool,
    /// Whether mail is sent.
    pub mails: bool,
    /// By then a request must have been answered.
    pub deadline: Duration,
    /// How much is let in at the same time.
    pub bounds: Bounds,
}

impl Site {
    /// A site at `origin` with nothing else chosen.
    pub fn at(origin: Origin) -> Self {
        Self {
            rp_id: origin.host().to_owned(),
            former_rp_id: None,
            origin,
            related_origins: Vec::new(),
            organisation: Organisation {
                name: "Keyward".to_owned(),
                help: String::new(),
                language: "en".to_owned(),
            },
            language: Language::English,
            trusted_proxies: Vec::new(),
            looks_for_metadata: false,
            outbound: crate::config::Outbound::default(),
            read_only_until: None,
            registration: false,
            client_documents: false,
            relay: false,
            mails: false,
            deadline: Duration::from_secs(4),
            bounds: Bounds::default(),
        }
    }
}

impl App {
    /// Puts the application together.
    pub fn new(service: Arc<service::Context>, site: Site, ambient: Ambient) -> Arc<Self> {
        let origin = &site.origin;
        let origins: Vec<&str> =
            std::iter::once(origin).chain(&site.related_origins).map(Origin::as_str).collect();
        let headers = SecurityHeaders::new(origin.is_https());
        let refusals = Refusals::new(&site.organisation.name, site.language, headers.clone());
        Arc::new(Self {
            discovery: oidc::documents::Discovery::default(),
            key_set: oidc::documents::KeySet::default(),
            gate: Gate::new(site.bounds, refusals),
            related_origins: Bytes::from(json!({ "origins": origins }).to_string()),
            passkey_endpoints: Bytes::from(
                json!({
                    "enroll": format!("{origin}/me/security/add"),
                    "manage": format!("{origin}/me/security"),
                })
                .to_string(),
            ),
            headers,
            readiness: Readiness::default(),
            live: Live::default(),
            checks: Checks::default(),
            service,
            site,
            ambient,
        })
    }

    /// Whether a forwarded header of `peer` counts.
    pub fn trusts(&self, peer: IpAddr) -> bool {
        self.site.trusted_proxies.iter().any(|network| network.contains(peer))
    }
}

/// The whole application as one service.
pub fn router(app: Arc<App>) -> Router {
    routes::all()
        .fallback(|| async { Problem::not_found() })
        .method_not_allowed_fallback(|| async { Problem::method() })
        .layer(DefaultBodyLimit::max(fields::LONGEST_BODY))
        .layer(CatchPanicLayer::custom(panicked))
        .layer(middleware::from_fn_with_state(Arc::clone(&app), around))
        .layer(middleware::from_fn_with_state(Arc::clone(&app), admission::admit))
        // What every relying party fetches all the time passes through none of it.
        .merge(oidc::documents::all())
        .with_state(app)
}

/// A handler that panics is a bug of ours; the person is told so, and what was said stays in the log of the panic.
fn panicked(_: Box<dyn Any + Send>) -> Response {
    Problem::internal("a handler panicked").into_response()
}

/// What happens around every request: origin check, deadline, the reader's words for problems, security
/// headers, one line in the log and one count.
async fn around(State(app): State<Arc<App>>, mut request: Request, next: Next) -> Response {
    let started = Instant::now();
    let facts = Facts::gather(&app, request.headers(), request.uri().query().unwrap_or_default());
    let method = request.method().clone();
    let path = request.uri().path_and_query().map_or("/", |path| path.as_str()).to_owned();
    let route = request.extensions().get::<MatchedPath>().cloned();

    // Its own door judges what comes from programs, who first.
    let face = routes::face(&path);
    if face.is_some() {
        request.extensions_mut().insert(Arc::clone(&app));
    }

    let mut response = if face.is_none() && !may_proceed(&app, &request) {
        Problem::origin().into_response()
    } else if let Some(until) = facts.read_only_until.filter(|_| changes_an_account(&request)) {
        Problem::read_only(until).into_response()
    } else if let (None, Some(BodyRefused(status))) = (face, request.extensions().get()) {
        Problem::body(*status).into_response()
    } else {
        request.extensions_mut().insert(facts.clone());
        match tokio::time::timeout(app.site.deadline, next.run(request)).await {
            Ok(response) => response,
            // What only looked has changed nothing; what was to change something may still be doing so.
            Err(_) if same_origin::is_safe(&method) => Problem::unavailable(NO_ANSWER).into_response(),
            Err(_) => Problem::outcome_unknown(NO_ANSWER).into_response(),
        }
    };

    if let Some(problem) = response.extensions_mut().remove::<Problem>() {
        response = describe(&app, &facts, &path, &problem, response);
    }
    let anonymous = !gives_identity(&path) || is_request_by_post(&method, &path);
    if facts.browser_is_new && !anonymous {
        let value = encoding::base64url(facts.browser.as_bytes());
        let cookie = cookies::set(cookies::BROWSER, &value, cookies::LONG);
        response.headers_mut().append(header::SET_COOKIE, cookie);
    }
    if facts.language_asked && !anonymous {
        // A link may bring its language along; the pages behind it speak it too. It is this browser's taste, no state
        // of anybody's.
        let cookie = cookies::set(cookies::LANGUAGE, facts.language.code(), cookies::LONG);
        response.headers_mut().append(header::SET_COOKIE, cookie);
    }
    if let Ok(reference) = HeaderValue::from_str(facts.reference.as_str()) {
        response.headers_mut().insert(REQUEST_ID, reference);
    }
    if oidc::is_for_programs(&path) {
        oidc::open_to_all(response.headers_mut());
    }
    app.headers.apply(response.headers_mut());

    let route = route.as_ref().map_or("-", MatchedPath::as_str);
    let (status, took) = (response.status(), started.elapsed());
    log(&facts, &method, route, status, took);
    measure::request(&method, route, status, took);
    response
}

fn may_proceed(app: &App, request: &Request) -> bool {
    same_origin::is_safe(request.method())
        || is_request_by_post(request.method(), request.uri().path())
        || same_origin::is_same_origin(request.headers(), app.site.origin.as_str())
}

/// An application's request in a form (OpenID Connect Core section 3.1.2.1), which comes from its site. It changes nothing
/// and comes without the browser's cookies, so none are given: what follows asks again by GET.
fn is_request_by_post(method: &Method, path: &str) -> bool {
    *method == Method::POST && matches!(path.split('?').next(), Some("/authorize" | "/oauth/end-session"))
}

/// What waits while changes are paused: everything that people change about themselves. Signing in and out goes on.
fn changes_an_account(request: &Request) -> bool {
    let path = request.uri().path();
    let theirs =
        ["/me/", "/admin/", "/a/e/", "/api/enrolment/", "/api/authenticator/", "/scim/", "/oauth/register"];
    // A search is sent as what changes something, and changes nothing.
    let theirs = theirs.iter().any(|start| path.starts_with(start)) && !path.ends_with("/.search");
    !same_origin::is_safe(request.method()) && (theirs || path == "/setup")
}

/// The problem in the reader's words, with whatever headers the answer had already.
fn describe(app: &App, facts: &Facts, path: &str, problem: &Problem, carrier: Response) -> Response {
    problem.log(facts.reference.as_str());
    if let Some(face) = routes::face(path) {
        let mut described = problem.for_program(face, facts.reference.as_str());
        if let Some(allow) = carrier.headers().get(header::ALLOW) {
            described.headers_mut().insert(header::ALLOW, allow.clone());
        }
        return described;
    }
    let account = facts.signed_in.get().cloned();
    let organisation = app.site.organisation.name.clone();
    let shell = reply::shell(organisation, facts, path.to_owned(), None, account);
    let mut described = if reply::is_scripted(path) { problem.json(&shell) } else { problem.page(shell) };
    for (name, value) in carrier.headers() {
        if name == header::ALLOW || name == header::SET_COOKIE {
            described.headers_mut().append(name.clone(), value.clone());
        }
    }
    described
}

/// Files, probes and well-known documents are the same for every browser, and may be cached for all.
fn gives_identity(path: &str) -> bool {
    let shared = [
        "/static/",
        "/.well-known/",
        "/authorize/logo/",
        "/logo/",
        "/scim/",
        "/healthz",
        "/readyz",
        "/api/v1",
        "/graph/",
        "/a/manifest.webmanifest",
        "/a/sw.js",
        "/a/offline",
    ];
    let programs = oidc::is_for_programs(path) || routes::forward::is_forward(path);
    !programs && !shared.iter().any(|prefix| path.starts_with(prefix))
}

/// One line for each request. The route is the pattern: neither identifiers nor queries reach the log.
fn log(facts: &Facts, method: &Method, route: &str, status: StatusCode, took: Duration) {
    let micros = u64::try_from(took.as_micros()).unwrap_or(u64::MAX);
    let (request, method, status) = (facts.reference.as_str(), method.as_str(), status.as_u16());
    if route.starts_with("/static/") || route == "/healthz" || route == "/readyz" {
        tracing::debug!(request, method, route, status, micros, "answered");
    } else {
        tracing::info!(request, method, route, status, micros, "answered");
    }
}
