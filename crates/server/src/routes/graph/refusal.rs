//! What did not happen, in the shape of Graph's errors.

use axum::Json;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde_json::json;

use crate::problem::Problem;
use crate::routes::api::problem::sentence;

/// A problem as Graph would tell it. Graph's own words say the class, `innerError.code` says which of ours it is.
pub(crate) fn graph_problem(problem: &Problem, reference: &str) -> Response {
    let (status, code) = (problem.status(), problem.code());
    let message = match code {
        "query_option" => "This query option is not supported here.",
        "filter" => "Keyward filters by userPrincipalName eq '…' and no further here.",
        "self" => "A key of a program has no 'me'.",
        _ => sentence(status, code),
    };
    let body = json!({ "error": {
        "code": word(status),
        "message": message,
        "innerError": { "code": code, "request-id": reference, "client-request-id": reference },
    } });
    let mut response = (status, Json(body)).into_response();
    let headers = response.headers_mut();
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    if status == StatusCode::UNAUTHORIZED {
        headers.insert(header::WWW_AUTHENTICATE, HeaderValue::from_static("Bearer realm=\"Keyward\""));
    }
    response
}

fn word(status: StatusCode) -> &'static str {
    match status {
        StatusCode::UNAUTHORIZED => "InvalidAuthenticationToken",
        StatusCode::FORBIDDEN => "Authorization_RequestDenied",
        StatusCode::NOT_FOUND => "Request_ResourceNotFound",
        StatusCode::CONFLICT => "conflict",
        StatusCode::METHOD_NOT_ALLOWED => "Request_BadRequest",
        StatusCode::NOT_IMPLEMENTED => "notSupported",
        StatusCode::SERVICE_UNAVAILABLE => "serviceNotAvailable",
        status if status.is_server_error() => "generalException",
        _ => "badRequest",
    }
}
