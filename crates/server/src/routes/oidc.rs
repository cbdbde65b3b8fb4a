//! `/oauth` and the documents of discovery: what applications ask for by themselves (RFC 6749, OpenID Connect).
//!
//! These addresses are for programs: they know no cookies, and any page of the web may ask them. Errors are those of
//! RFC 6749 section 5.2, with our code beside them.

pub(super) mod client;
pub(super) mod device;
pub(crate) mod documents;
pub(super) mod end_session;
mod introspect;
mod program;
mod pushed;
mod refused;
mod register;
mod token;
mod userinfo;

use std::sync::Arc;

use axum::Router;
use axum::http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::{MethodRouter, get, post};

use crate::app::App;

pub(crate) use self::refused::render;

/// What a page of another site may send.
const ALLOWED_HEADERS: &str = "authorization, content-type, dpop";
/// What it may read.
const EXPOSED_HEADERS: &str = "www-authenticate, x-request-id";
/// How long its browser remembers that, in seconds.
const REMEMBERED: &str = "7200";

pub(super) fn all() -> Router<Arc<App>> {
    Router::new()
        .route("/oauth/par", open(post(pushed::push)))
        .route("/oauth/token", open(post(token::exchange)))
        .route("/oauth/userinfo", open(get(userinfo::read).post(userinfo::read)))
        .route("/oauth/device", open(post(device::begin)))
        .route("/oauth/end-session", get(end_session::show).post(end_session::by_post))
        .route("/oauth/introspect", open(post(introspect::introspect)))
        .route("/oauth/revoke", open(post(introspect::revoke)))
        .route("/oauth/register", open(post(register::register)))
        .route(
            "/oauth/register/{id}",
            open(get(register::read).put(register::replace).delete(register::remove)),
        )
}

/// Whether the path is for programs, and not for browsers with somebody in front of them.
pub(crate) fn is_for_programs(path: &str) -> bool {
    let path = path.split('?').next().unwrap_or_default();
    path == documents::OPENID
        || path == documents::OAUTH
        || path.strip_prefix("/oauth/").is_some_and(|rest| rest != "end-session")
}

/// The address answers pages of other sites that ask whether they may ask (Fetch standard, CORS preflight).
pub(in crate::routes) fn open(methods: MethodRouter<Arc<App>>) -> MethodRouter<Arc<App>> {
    methods.options(preflight)
}

pub(super) async fn preflight() -> Response {
    let headers = [
        (header::ACCESS_CONTROL_ALLOW_METHODS, "GET, POST, PUT, DELETE"),
        (header::ACCESS_CONTROL_ALLOW_HEADERS, ALLOWED_HEADERS),
        (header::ACCESS_CONTROL_MAX_AGE, REMEMBERED),
    ];
    let mut response = (StatusCode::NO_CONTENT, headers).into_response();
    open_to_all(response.headers_mut());
    response
}

/// Opens an answer to pages of every site. There are no cookies here, so whoever asks gets what they bring a token for.
pub(crate) fn open_to_all(headers: &mut HeaderMap) {
    let fixed = [
        (header::ACCESS_CONTROL_ALLOW_ORIGIN, "*"),
        (header::ACCESS_CONTROL_EXPOSE_HEADERS, EXPOSED_HEADERS),
        (HeaderName::from_static("cross-origin-resource-policy"), "cross-origin"),
    ];
    for (name, value) in fixed {
        headers.insert(name, HeaderValue::from_static(value));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_signing_out_is_for_people() {
        for path in ["/oauth/token", "/oauth/token?x=1", "/oauth/register/abc", documents::OPENID] {
            assert!(is_for_programs(path), "{path}");
        }
        for path in ["/oauth/end-session", "/oauth/end-session?x=1", "/oauth", "/authorize", "/oauths/token"]
        {
            assert!(!is_for_programs(path), "{path}");
        }
    }
}
