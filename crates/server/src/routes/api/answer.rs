//! Answers: JSON with its version, and where something new is.

use axum::Json;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use primitives::{digest, encoding};
use serde::Serialize;

use super::call::Call;
use super::idempotent::ShownOnce;
use crate::problem::{Answer, Problem};

/// The version of what is shown: it changes with whatever is.
pub(super) fn tag_of(shown: &impl Serialize) -> String {
    let text = serde_json::to_vec(shown).unwrap_or_default();
    let digest = digest::sha256(&text);
    encoding::base64url(digest.split_at(16).0)
}

/// Shows something; to whoever has it already, that it is the same.
pub(super) fn show(call: &Call, shown: &impl Serialize) -> Answer {
    show_version(call, shown, &tag_of(shown))
}

/// The same, under a version of its own.
pub(super) fn show_version(call: &Call, shown: &impl Serialize, tag: &str) -> Answer {
    if call.has(tag) {
        return Ok(tagged(StatusCode::NOT_MODIFIED.into_response(), tag)?);
    }
    Ok(tagged(json(StatusCode::OK, shown), tag)?)
}

/// Something that was changed, with its new version.
pub(super) fn changed(shown: &impl Serialize, tag: &str) -> Answer {
    Ok(tagged(json(StatusCode::OK, shown), tag)?)
}

/// Something new, and where it is.
pub(super) fn created(shown: &impl Serialize, location: &str) -> Answer {
    let mut response = json(StatusCode::CREATED, shown);
    let location = HeaderValue::try_from(location).map_err(Problem::internal)?;
    response.headers_mut().insert(header::LOCATION, location);
    Ok(response)
}

/// Something new that holds a secret: nobody sees it again, whoever asks again.
pub(super) fn created_once(shown: &impl Serialize, location: &str) -> Answer {
    let mut response = created(shown, location)?;
    response.extensions_mut().insert(ShownOnce);
    Ok(response)
}

/// What is shown to nobody else and kept nowhere on the way.
pub(super) fn json(status: StatusCode, shown: &impl Serialize) -> Response {
    let mut response = (status, Json(shown)).into_response();
    response.headers_mut().insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    response
}

/// Done, and nothing to say of it.
pub(super) fn done() -> Answer {
    Ok(StatusCode::NO_CONTENT.into_response())
}

fn tagged(mut response: Response, tag: &str) -> Result<Response, Problem> {
    let tag = HeaderValue::try_from(format!("\"{tag}\"")).map_err(Problem::internal)?;
    response.headers_mut().insert(header::ETAG, tag);
    // Kept by whoever asked, and asked about each time.
    response.headers_mut().insert(header::CACHE_CONTROL, HeaderValue::from_static("private, no-cache"));
    Ok(response)
}
