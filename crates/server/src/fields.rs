//! What a browser sent: a form, JSON, or the parts of an address, bounded and of the right kind, or a problem.

use axum::extract::{FromRequest, FromRequestParts, Request};
use axum::http::StatusCode;
use axum::http::request::Parts;
use serde::de::DeserializeOwned;

use crate::problem::Problem;

/// No request of ours is larger.
pub(crate) const LONGEST_BODY: usize = 64 * 1024;

/// All that the log learns: what the parser says may quote a pass or a response.
const UNREADABLE: &str = "the request is not what this address takes";

/// Nor is one that holds a whole file: a list of people, a policy.
pub(crate) const LONGEST_FILE: usize = 4 * 1024 * 1024;

/// Nor is one that holds a picture, in base64 and, at the worst, each sign of it escaped for a form.
pub(crate) const LONGEST_PICTURE: usize = 4 * crate::logo::LONGEST + 1024;

/// How long a request to that path may be.
pub(crate) fn longest_body(path: &str) -> usize {
    let picture = path.starts_with("/admin/apps/client/") && path.ends_with("/picture");
    match path.starts_with("/admin/users/import") {
        true => LONGEST_FILE,
        false if picture => LONGEST_PICTURE,
        false => LONGEST_BODY,
    }
}

/// A form's fields.
pub(crate) struct Form<T>(pub T);

/// A script's JSON.
pub(crate) struct Json<T>(pub T);

impl<T: DeserializeOwned, S: Send + Sync> FromRequest<S> for Form<T> {
    type Rejection = Problem;

    async fn from_request(request: Request, state: &S) -> Result<Self, Problem> {
        let form = axum::Form::<T>::from_request(request, state).await;
        form.map(|axum::Form(fields)| Self(fields))
            .map_err(|rejection| Problem::bad_request(rejection.status(), UNREADABLE))
    }
}

impl<T: DeserializeOwned, S: Send + Sync> FromRequest<S> for Json<T> {
    type Rejection = Problem;

    async fn from_request(request: Request, state: &S) -> Result<Self, Problem> {
        let json = axum::Json::<T>::from_request(request, state).await;
        json.map(|axum::Json(fields)| Self(fields))
            .map_err(|rejection| Problem::bad_request(rejection.status(), UNREADABLE))
    }
}

/// The parts of an address that its pattern leaves open; what is no text is the address of nothing.
pub(crate) struct Path<T>(pub T);

/// The query of an address.
pub(crate) struct Query<T>(pub T);

impl<T: DeserializeOwned + Send, S: Send + Sync> FromRequestParts<S> for Path<T> {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Problem> {
        let path = axum::extract::Path::<T>::from_request_parts(parts, state).await;
        path.map(|axum::extract::Path(parts)| Self(parts)).map_err(|_| Problem::not_found())
    }
}

impl<T: DeserializeOwned, S: Send + Sync> FromRequestParts<S> for Query<T> {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Problem> {
        let query = axum::extract::Query::<T>::from_request_parts(parts, state).await;
        query
            .map(|axum::extract::Query(fields)| Self(fields))
            .map_err(|_| Problem::bad_request(StatusCode::BAD_REQUEST, UNREADABLE))
    }
}
