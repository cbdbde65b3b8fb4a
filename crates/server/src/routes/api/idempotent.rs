//! `Idempotency-Key`: a POST that is sent again does nothing again and gets the same answer.

use axum::body::{Body, Bytes, to_bytes};
use axum::extract::Request;
use axum::http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use serde_json::json;
use service::Caller;
use service::idempotency::{self, Client, Kept, Slot, Turn};

use crate::app::App;
use crate::context::Facts;
use crate::fields::LONGEST_BODY;
use crate::problem::Problem;

const HEADER: &str = "idempotency-key";
/// Longest key that a client may choose.
const LONGEST: usize = 200;
/// Headers that belong to an answer.
const KEPT: [HeaderName; 3] = [header::LOCATION, header::ETAG, header::CONTENT_TYPE];
/// Says that an answer is the one to an earlier request.
const REPLAYED: HeaderName = HeaderName::from_static("idempotency-replayed");

/// Marks an answer that holds a secret: it is shown once and not kept.
#[derive(Clone, Copy)]
pub(in crate::routes) struct ShownOnce;

/// What is kept of such an answer.
fn told_once() -> Kept {
    let problem = json!({
        "type": "about:blank",
        "title": "This was done, and its secret was shown: it is shown once",
        "status": 409,
        "code": "shown_once",
    });
    let media_type = (header::CONTENT_TYPE.as_str().to_owned(), "application/problem+json".to_owned());
    Kept { status: StatusCode::CONFLICT.as_u16(), headers: vec![media_type], body: problem.to_string() }
}

/// Runs the operation, once for each key.
pub(super) async fn run(app: &App, facts: &Facts, client: Client, request: Request, next: Next) -> Response {
    let key = match key(request.method(), request.headers()) {
        Ok(Some(key)) => key,
        Ok(None) => return next.run(request).await,
        Err(problem) => return problem.into_response(),
    };
    let (parts, body) = request.into_parts();
    let Ok(body) = to_bytes(body, LONGEST_BODY).await else {
        return Problem::body(StatusCode::PAYLOAD_TOO_LARGE).into_response();
    };
    let address = parts.uri.to_string();
    let slot = Slot::new(client, &key, &[parts.method.as_str().as_bytes(), address.as_bytes(), &body]);
    match idempotency::begin(&app.service, slot).await {
        Ok(Turn::First) => {}
        Ok(Turn::Again(kept)) => return again(kept),
        Ok(Turn::Other) => {
            return Problem::refused(StatusCode::UNPROCESSABLE_ENTITY, "idempotency_key_reused")
                .into_response();
        }
        Ok(Turn::Running) => {
            return Problem::refused(StatusCode::CONFLICT, "idempotency_in_progress").into_response();
        }
        Err(error) => return Problem::from(error).into_response(),
    }
    let response = next.run(Request::from_parts(parts, Body::from(body))).await;
    if response.status().is_success() {
        return keep(app, facts, slot, response).await;
    }
    // Whatever else was refused has changed nothing.
    let unknown = response.extensions().get::<Problem>().map(Problem::code) == Some("outcome_unknown");
    if !unknown {
        idempotency::give_back(&app.service, slot).await;
    }
    response
}

/// The key, if one came with a request that may make something.
fn key(method: &Method, headers: &HeaderMap) -> Result<Option<String>, Problem> {
    let mut given = headers.get_all(HEADER).iter();
    let (first, second) = (given.next(), given.next());
    let Some(first) = first.filter(|_| *method == Method::POST) else { return Ok(None) };
    let fits =
        |key: &&str| (1..=LONGEST).contains(&key.len()) && key.bytes().all(|byte| byte.is_ascii_graphic());
    let key = first.to_str().ok().filter(fits).filter(|_| second.is_none());
    match key {
        Some(key) => Ok(Some(key.to_owned())),
        None => Err(Problem::refused(StatusCode::BAD_REQUEST, "idempotency_key")),
    }
}

async fn keep(app: &App, facts: &Facts, slot: Slot, response: Response) -> Response {
    let (parts, body) = response.into_parts();
    // What our own handlers answer is in memory already.
    let Ok(bytes) = to_bytes(body, usize::MAX).await else {
        return Problem::outcome_unknown("an answer was cut off").into_response();
    };
    let text = |name: &HeaderName| {
        let value = parts.headers.get(name)?.to_str().ok()?;
        Some((name.as_str().to_owned(), value.to_owned()))
    };
    let kept = match parts.extensions.get() {
        Some(ShownOnce) => told_once(),
        None => Kept {
            status: parts.status.as_u16(),
            headers: KEPT.iter().filter_map(text).collect(),
            body: String::from_utf8_lossy(&bytes).into_owned(),
        },
    };
    let mut caller = Caller {
        now: facts.now,
        entropy: app.ambient.entropy(),
        browser: facts.browser,
        client: account::session::ClientLabel::default(),
        reference: facts.reference.as_str().to_owned(),
    };
    idempotency::keep(&app.service, &mut caller, slot, &kept).await;
    Response::from_parts(parts, Body::from(bytes))
}

fn again(kept: Kept) -> Response {
    let status = StatusCode::from_u16(kept.status).unwrap_or(StatusCode::OK);
    let mut response = (status, Body::from(Bytes::from(kept.body))).into_response();
    let headers = response.headers_mut();
    for (name, value) in kept.headers {
        if let (Ok(name), Ok(value)) = (HeaderName::try_from(name), HeaderValue::try_from(value)) {
            headers.insert(name, value);
        }
    }
    headers.insert(REPLAYED, HeaderValue::from_static("true"));
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    response
}
