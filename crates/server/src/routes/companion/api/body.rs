//! A JSON object, strictly: what is none, or has a member that is not known, is refused.

use axum::body::Bytes;
use axum::extract::{FromRequest, Request};
use axum::http::{StatusCode, header};
use serde::de::DeserializeOwned;

use crate::problem::Problem;

/// All that the log learns: what the parser says may quote a pass or a response.
const UNREADABLE: &str = "the body is not the JSON object that this address takes";

/// The members of the object that was sent.
pub(super) struct Body<T>(pub(super) T);

impl<T: DeserializeOwned, S: Send + Sync> FromRequest<S> for Body<T> {
    type Rejection = Problem;

    async fn from_request(request: Request, state: &S) -> Result<Self, Problem> {
        let kind = request.headers().get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok());
        let kind = kind.and_then(|kind| kind.split(';').next()).map(str::trim);
        if !kind.is_some_and(|kind| kind.eq_ignore_ascii_case("application/json")) {
            return Err(Problem::bad_request(StatusCode::UNSUPPORTED_MEDIA_TYPE, UNREADABLE));
        }
        let bytes = Bytes::from_request(request, state)
            .await
            .map_err(|rejection| Problem::bad_request(rejection.status(), UNREADABLE))?;
        // A list would be taken for an object whose members stand in order.
        let object = bytes.trim_ascii_start().starts_with(b"{");
        let read = object.then(|| serde_json::from_slice(&bytes).ok()).flatten();
        read.map(Self).ok_or_else(|| Problem::bad_request(StatusCode::BAD_REQUEST, UNREADABLE))
    }
}
