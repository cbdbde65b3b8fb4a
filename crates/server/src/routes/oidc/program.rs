//! A request of an application: one form, at most one `Authorization`, nothing in the address.

use std::sync::Arc;

use axum::body::to_bytes;
use axum::extract::{FromRequest, FromRequestParts, Request};
use axum::http::{HeaderMap, HeaderName, Method, StatusCode, header};
use axum::response::{IntoResponse, Response};
use oidc::error::OAuthError;
use oidc::parameters::Parameters;
use service::Caller;

use super::refused::Refused;
use crate::admission::BodyRefused;
use crate::app::App;
use crate::context::Visit;
use crate::fields::LONGEST_BODY;
use crate::problem::Problem;

const DPOP: HeaderName = HeaderName::from_static("dpop");
const FORM: &str = "application/x-www-form-urlencoded";

/// The request.
pub(in crate::routes) struct Program {
    /// Who asks from where, with an identity that nobody keeps.
    pub(in crate::routes) visit: Visit,
    /// What its body holds.
    pub(in crate::routes) parameters: Parameters,
    /// Its `Authorization`.
    pub(in crate::routes) authorization: Option<String>,
    /// Its proof of possession (RFC 9449).
    pub(in crate::routes) dpop: Option<String>,
    pub(in crate::routes) method: Method,
}

/// What an endpoint answers.
pub(in crate::routes) type Answer = Result<Response, Refused>;

impl Program {
    /// The request as use cases see it.
    pub(in crate::routes) fn caller(&self) -> Caller {
        self.visit.caller()
    }

    /// The issuer's identifier: the origin, without a slash.
    pub(in crate::routes) fn issuer(&self) -> &str {
        self.visit.app.site.origin.as_str()
    }

    /// The address of an endpoint of ours, for what is signed for it.
    pub(in crate::routes) fn url(&self, path: &str) -> String {
        format!("{}{path}", self.issuer())
    }

    /// An answer or a refusal, as it goes out.
    pub(in crate::routes) fn reply(reference: &str, answer: Answer) -> Response {
        answer.unwrap_or_else(|refused| refused.respond(reference))
    }

    /// By this the log and the answer mean the same request.
    pub(in crate::routes) fn reference(&self) -> String {
        self.visit.facts.reference.as_str().to_owned()
    }
}

impl FromRequest<Arc<App>> for Program {
    type Rejection = Response;

    async fn from_request(request: Request, app: &Arc<App>) -> Result<Self, Response> {
        let (mut parts, body) = request.into_parts();
        let refused = parts.extensions.get::<BodyRefused>().copied();
        let visit = Visit::from_request_parts(&mut parts, app).await.map_err(Problem::into_response)?;
        let reference = visit.facts.reference.as_str().to_owned();
        if let Some(BodyRefused(status)) = refused {
            return Err(Problem::body(status).into_response());
        }
        let body = to_bytes(body, LONGEST_BODY).await;
        let body = body.map_err(|_| Problem::body(StatusCode::PAYLOAD_TOO_LARGE).into_response())?;
        let read = || -> Result<_, Refused> {
            // What stands in an address stands in logs and histories (RFC 6749 section 2.3.1).
            if parts.uri.query().is_some_and(|query| !query.is_empty()) {
                return Err(Refused::new(OAuthError::InvalidRequest, "query"));
            }
            let parameters = parameters(&parts.headers, &body)?;
            Ok((parameters, single(&parts.headers, header::AUTHORIZATION)?, single(&parts.headers, DPOP)?))
        };
        let (parameters, authorization, dpop) = read().map_err(|refused| refused.respond(&reference))?;
        Ok(Self { visit, parameters, authorization, dpop, method: parts.method })
    }
}

/// The one form that the body is; none where there is no body.
fn parameters(headers: &HeaderMap, body: &[u8]) -> Result<Parameters, Refused> {
    if body.is_empty() {
        return Ok(Parameters::default());
    }
    let kind = single(headers, header::CONTENT_TYPE)?.unwrap_or_default();
    let kind = kind.split(';').next().unwrap_or_default().trim();
    if !kind.eq_ignore_ascii_case(FORM) {
        let status = StatusCode::UNSUPPORTED_MEDIA_TYPE;
        return Err(Refused::new(OAuthError::InvalidRequest, "media_type").with_status(status));
    }
    let text = std::str::from_utf8(body)
        .map_err(|_| Refused::new(OAuthError::InvalidRequest, "parameters_encoding"))?;
    Parameters::parse(text).map_err(|refusal| Refused::new(OAuthError::InvalidRequest, refusal.code()))
}

/// A header that is there once, or not at all.
fn single(headers: &HeaderMap, name: HeaderName) -> Result<Option<String>, Refused> {
    let mut values = headers.get_all(name).iter();
    let (first, second) = (values.next(), values.next());
    let Some(first) = first else { return Ok(None) };
    let text = first.to_str().ok().filter(|_| second.is_none());
    let text = text.ok_or_else(|| Refused::new(OAuthError::InvalidRequest, "header"))?;
    Ok(Some(text.to_owned()))
}
