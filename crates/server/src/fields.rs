//! What a browser sent: a form or JSON, bounded and of the right kind, or a problem.

use axum::extract::{FromRequest, Request};
use serde::de::DeserializeOwned;

use crate::problem::Problem;

/// No request of ours is larger.
pub(crate) const LONGEST_BODY: usize = 64 * 1024;

/// All that the log learns: what the parser says may quote a pass or a response.
const UNREADABLE: &str = "the body is not what this address takes";

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
