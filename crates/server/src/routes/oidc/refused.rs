//! Errors as applications read them (RFC 6749 section 5.2).

use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use oidc::error::OAuthError;
use serde_json::json;
use store::StoreError;

use crate::problem::Problem;
use crate::routes::api::problem::sentence;

/// What did not happen, for whoever wrote the application.
#[derive(Debug)]
pub(in crate::routes) struct Refused {
    /// The error in the protocol's terms.
    pub(super) error: OAuthError,
    /// Our stable code.
    pub(super) code: &'static str,
    /// The scheme that the client is asked to authenticate by, where it is.
    pub(super) challenge: Option<Challenge>,
    /// Seconds until the next try counts.
    pub(super) retry_after: Option<i64>,
    status: Option<StatusCode>,
}

/// How a client is asked to say who it is (RFC 9110 section 11.6.1).
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Challenge {
    /// With its secret.
    Basic,
    /// With an access token; the scope that it lacks, if it lacks one.
    Bearer,
    /// With an access token and a proof (RFC 9449 section 7.1).
    Dpop,
    /// With either, and nothing was shown: no error is named (RFC 6750 section 3.1).
    Nothing,
}

impl Refused {
    pub(in crate::routes) fn new(error: OAuthError, code: &'static str) -> Self {
        Self { error, code, challenge: None, retry_after: None, status: None }
    }

    /// Asks for authentication by that scheme.
    pub(super) fn asking(self, challenge: Challenge) -> Self {
        Self { challenge: Some(challenge), ..self }
    }

    /// With another status than the error has elsewhere.
    pub(super) fn with_status(self, status: StatusCode) -> Self {
        Self { status: Some(status), ..self }
    }

    /// To be tried again after so many seconds.
    pub(super) fn after(self, seconds: i64) -> Self {
        Self { retry_after: Some(seconds), ..self }
    }

    fn status(&self) -> StatusCode {
        let usual = StatusCode::from_u16(self.error.status());
        self.status.or(usual.ok()).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR)
    }

    /// The answer.
    pub(in crate::routes) fn respond(&self, reference: &str) -> Response {
        let (status, error) = (self.status(), self.error.name());
        let mut response = answer(status, error, self.code, reference);
        let headers = response.headers_mut();
        for challenge in self.challenges() {
            if let Ok(value) = HeaderValue::try_from(challenge) {
                headers.append(header::WWW_AUTHENTICATE, value);
            }
        }
        if let Some(seconds) = self.retry_after {
            headers.insert(header::RETRY_AFTER, HeaderValue::from(seconds.clamp(1, 3600)));
        }
        response
    }

    fn challenges(&self) -> Vec<String> {
        let (error, code) = (self.error.name(), self.code);
        let named = format!("error=\"{error}\", error_description=\"{code}\"");
        match self.challenge {
            None => Vec::new(),
            Some(Challenge::Basic) => vec![format!("Basic realm=\"Keyward\", charset=\"UTF-8\"")],
            Some(Challenge::Bearer) => vec![format!("Bearer realm=\"Keyward\", {named}")],
            Some(Challenge::Dpop) => vec![format!("DPoP algs=\"{DPOP_ALGS}\", {named}")],
            Some(Challenge::Nothing) => {
                vec!["Bearer realm=\"Keyward\"".to_owned(), format!("DPoP algs=\"{DPOP_ALGS}\"")]
            }
        }
    }
}

/// What proofs may be signed with.
const DPOP_ALGS: &str = "ES256 EdDSA";

impl From<StoreError> for Refused {
    fn from(error: StoreError) -> Self {
        match error {
            StoreError::Unavailable(_) | StoreError::Contention | StoreError::Unknown => {
                tracing::error!(%error, "an application was not served");
                Self::new(OAuthError::TemporarilyUnavailable, "unavailable").after(5)
            }
            other => {
                tracing::error!(error = %other, "an application was not served");
                Self::new(OAuthError::ServerError, "internal")
            }
        }
    }
}

/// A problem that came before, or instead of, the application's request.
pub(crate) fn render(problem: &Problem, reference: &str) -> Response {
    let status = problem.status();
    let error = match status {
        StatusCode::INTERNAL_SERVER_ERROR => OAuthError::ServerError,
        StatusCode::SERVICE_UNAVAILABLE | StatusCode::TOO_MANY_REQUESTS => OAuthError::TemporarilyUnavailable,
        StatusCode::UNAUTHORIZED => OAuthError::InvalidToken,
        _ => OAuthError::InvalidRequest,
    };
    answer(status, error.name(), problem.code(), reference)
}

fn answer(status: StatusCode, error: &str, code: &str, reference: &str) -> Response {
    let body = json!({
        "error": error,
        "error_description": described(status, code),
        "code": code,
        "reference": reference,
    });
    let headers = [
        (header::CONTENT_TYPE, "application/json"),
        (header::CACHE_CONTROL, "no-store"),
        (header::PRAGMA, "no-cache"),
    ];
    (status, headers, body.to_string()).into_response()
}

/// A sentence for whoever writes the application: printable ASCII without quotes (RFC 6749 section 5.2).
fn described(status: StatusCode, code: &str) -> &'static str {
    match code {
        "query" => "Send parameters in the body, not in the address.",
        "media_type" => "Send application/x-www-form-urlencoded.",
        "header" => "A header was sent twice, or is no text.",
        "too_many_tries" => "Too many failed tries. Wait as long as Retry-After says.",
        "too_large" => "The body is too large.",
        _ if status == StatusCode::UNAUTHORIZED => "The client or its token is not accepted.",
        _ => sentence(status, code),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_error_is_one_of_rfc_6749() {
        let refused = Refused::new(OAuthError::InvalidClient, "client_secret").asking(Challenge::Basic);
        let response = refused.respond("7F3K-22QX");
        assert_eq!(response.status(), StatusCode::UNAUTHORIZED);
        assert_eq!(response.headers()["cache-control"], "no-store");
        assert_eq!(response.headers()["www-authenticate"], "Basic realm=\"Keyward\", charset=\"UTF-8\"");
        let throttled = Refused::new(OAuthError::InvalidClient, "too_many_tries")
            .with_status(StatusCode::TOO_MANY_REQUESTS)
            .after(90);
        let response = throttled.respond("7F3K-22QX");
        assert_eq!(response.status(), StatusCode::TOO_MANY_REQUESTS);
        assert_eq!(response.headers()["retry-after"], "90");
    }
}
