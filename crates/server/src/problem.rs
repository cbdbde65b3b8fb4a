//! What a person or a script is told when a request did not succeed: the one place where errors become answers.
//!
//! A handler returns a [`Problem`]; the middleware in [`crate::app`] renders it as a page or as JSON, by route,
//! in the reader's language, with the request's reference, and logs its cause once.

use axum::Json;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{Html, IntoResponse, Response};
use primitives::time::Timestamp;
use serde_json::json;
use store::StoreError;

use crate::pages::problem::ProblemKind;
use crate::pages::sign_in::SessionEnd;
use crate::pages::{Ceremony, Shell, problem};
use crate::routes::{Face, render};

/// Why a request did not succeed.
#[derive(Clone, Debug)]
pub struct Problem {
    status: StatusCode,
    code: &'static str,
    kind: ProblemKind,
    /// For the log only; may name rows and machines, never secrets.
    cause: Option<String>,
}

impl Problem {
    fn new(status: StatusCode, code: &'static str, kind: ProblemKind) -> Self {
        Self { status, code, kind, cause: None }
    }

    fn because(mut self, cause: impl ToString) -> Self {
        self.cause = Some(cause.to_string());
        self
    }

    /// Nothing is at this address, or nothing that this person may know of.
    pub fn not_found() -> Self {
        Self::new(StatusCode::NOT_FOUND, "not_found", ProblemKind::NotFound)
    }

    /// The address does not take this method.
    pub fn method() -> Self {
        Self::new(StatusCode::METHOD_NOT_ALLOWED, "method_not_allowed", ProblemKind::BadRequest)
    }

    /// The request did not come from a page of ours (G-6).
    pub fn origin() -> Self {
        Self::new(StatusCode::FORBIDDEN, "origin", ProblemKind::Origin)
    }

    /// The page was open too long (G-5).
    pub fn expired() -> Self {
        Self::new(StatusCode::CONFLICT, "expired", ProblemKind::Expired)
    }

    /// A script asks without a session (G-8); pages lead to the sign-in instead. An outcome of the ceremony like any
    /// other: a status of refusal would be an error in the browser's console.
    pub fn session_ended_for_script() -> Self {
        Self::new(StatusCode::OK, "session_ended", ProblemKind::SessionEnded(SessionEnd::TimedOut))
    }

    /// What a program sent as its bearer text is none of ours.
    pub fn bearer() -> Self {
        Self::new(StatusCode::UNAUTHORIZED, "bearer", ProblemKind::BadRequest)
    }

    /// The session ended while the form was on its way.
    pub fn session_ended() -> Self {
        Self::new(StatusCode::UNAUTHORIZED, "session_ended", ProblemKind::SessionEnded(SessionEnd::TimedOut))
    }

    /// An onboarding session does not reach this.
    pub fn pass_not_enough() -> Self {
        Self::new(StatusCode::FORBIDDEN, "pass_not_enough", ProblemKind::PassNotEnough)
    }

    /// This person may not do this.
    pub fn forbidden(code: &'static str) -> Self {
        Self::new(StatusCode::FORBIDDEN, code, ProblemKind::Forbidden)
    }

    /// What a program is told by status and code.
    pub(crate) fn refused(status: StatusCode, code: &'static str) -> Self {
        Self::new(status, code, ProblemKind::BadRequest)
    }

    /// Changes are paused (G-10).
    pub fn read_only(until: Timestamp) -> Self {
        Self::new(StatusCode::SERVICE_UNAVAILABLE, "read_only", ProblemKind::ReadOnly { until })
    }

    /// Too many tries (G-7).
    pub fn too_many(minutes: i64) -> Self {
        Self::new(StatusCode::TOO_MANY_REQUESTS, "rate_limited", ProblemKind::TooMany { minutes })
    }

    /// The request makes no sense: `status` says in which way.
    pub fn bad_request(status: StatusCode, cause: impl ToString) -> Self {
        let code = match status {
            StatusCode::PAYLOAD_TOO_LARGE => "too_large",
            StatusCode::UNSUPPORTED_MEDIA_TYPE => "media_type",
            StatusCode::REQUEST_TIMEOUT => "timeout",
            _ => "bad_request",
        };
        Self::new(status, code, ProblemKind::BadRequest).because(cause)
    }

    /// The body of the request was not taken: too long, too slow, or too many like it.
    pub(crate) fn body(status: StatusCode) -> Self {
        match status {
            StatusCode::SERVICE_UNAVAILABLE => Self::unavailable("too many slow bodies at once"),
            status => Self::bad_request(status, "the body was not taken"),
        }
    }

    /// The server cannot reach what it needs, for now.
    pub fn unavailable(cause: impl ToString) -> Self {
        Self::new(StatusCode::SERVICE_UNAVAILABLE, "unavailable", ProblemKind::Unavailable).because(cause)
    }

    /// The answer of the database to a commit was lost, or did not come in time: it may have happened or not.
    pub fn outcome_unknown(cause: impl ToString) -> Self {
        Self::new(StatusCode::SERVICE_UNAVAILABLE, "outcome_unknown", ProblemKind::OutcomeUnknown)
            .because(cause)
    }

    /// Our fault (G-11).
    pub fn internal(cause: impl ToString) -> Self {
        Self::new(StatusCode::INTERNAL_SERVER_ERROR, "internal", ProblemKind::Internal).because(cause)
    }

    /// The status.
    pub(crate) fn status(&self) -> StatusCode {
        self.status
    }

    /// The answer to a program of that face.
    pub(crate) fn for_program(&self, face: Face, reference: &str) -> Response {
        self.finish(render(face, self, reference))
    }

    /// The stable code.
    pub fn code(&self) -> &'static str {
        self.code
    }

    /// Writes the cause to the log, once, at the edge.
    pub(crate) fn log(&self, reference: &str) {
        let cause = self.cause.as_deref().unwrap_or("");
        if self.status.is_server_error() {
            tracing::error!(reference, code = self.code, cause, "request failed");
        } else if !cause.is_empty() {
            tracing::debug!(reference, code = self.code, cause, "request refused");
        }
    }

    /// The answer to a script.
    pub(crate) fn json(&self, shell: &Shell) -> Response {
        let message = match self.kind {
            ProblemKind::ReadOnly { until } => shell.say("read-only").at("until", &until).to_string(),
            _ => Ceremony::Get.message(shell.text, self.code, &shell.reference),
        };
        let body =
            json!({ "ok": false, "code": self.code, "message": message, "reference": shell.reference });
        // That changes are paused is no failure: a status of refusal would be an error in the browser's console.
        let paused = matches!(self.kind, ProblemKind::ReadOnly { .. });
        self.finish((if paused { StatusCode::OK } else { self.status }, Json(body)).into_response())
    }

    /// The answer to a person.
    pub(crate) fn page(&self, shell: Shell) -> Response {
        let page = problem::Problem { shell, kind: self.kind };
        self.finish(match askama::Template::render(&page) {
            Ok(html) => (self.status, Html(html)).into_response(),
            Err(_) => self.status.into_response(),
        })
    }

    fn finish(&self, mut response: Response) -> Response {
        let wait = match self.kind {
            ProblemKind::TooMany { minutes } => Some(minutes.clamp(1, 60).saturating_mul(60)),
            ProblemKind::Unavailable | ProblemKind::OutcomeUnknown => Some(5),
            _ => None,
        };
        if let Some(seconds) = wait {
            response.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from(seconds));
        }
        response
    }
}

/// Carries the problem to the middleware, which knows the reader.
impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        let mut response = self.status.into_response();
        response.extensions_mut().insert(self);
        response
    }
}

impl From<StoreError> for Problem {
    fn from(error: StoreError) -> Self {
        match error {
            StoreError::Unavailable(_) | StoreError::Contention => Self::unavailable(error),
            StoreError::Unknown => Self::outcome_unknown(error),
            other => Self::internal(other),
        }
    }
}

impl From<askama::Error> for Problem {
    fn from(error: askama::Error) -> Self {
        Self::internal(error)
    }
}

/// What ends a handler early: a problem, or an answer that comes instead of the page asked for.
#[derive(Debug)]
pub enum Stop {
    /// It did not succeed.
    Problem(Box<Problem>),
    /// Something else is shown, such as the sign-in.
    Instead(Box<Response>),
}

/// What handlers return.
pub(crate) type Answer = Result<Response, Stop>;

impl<P: Into<Problem>> From<P> for Stop {
    fn from(problem: P) -> Self {
        Stop::Problem(Box::new(problem.into()))
    }
}

impl From<Response> for Stop {
    fn from(response: Response) -> Self {
        Stop::Instead(Box::new(response))
    }
}

impl IntoResponse for Stop {
    fn into_response(self) -> Response {
        match self {
            Stop::Problem(problem) => problem.into_response(),
            Stop::Instead(response) => *response,
        }
    }
}
