//! Problems as programs read them (RFC 9457).

use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde::Serialize;
use utoipa::ToSchema;

use crate::problem::Problem;

/// A face that programs see; each says in its own way what went wrong.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Face {
    /// `/api/v1`.
    Own,
    /// `/graph/v1.0`.
    Graph,
    /// `/oauth`.
    OAuth,
}

/// The face to which a path belongs; none for pages.
pub(crate) fn face(path: &str) -> Option<Face> {
    let path = path.split('?').next().unwrap_or_default();
    let below =
        |root: &str| path.strip_prefix(root).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'));
    if below("/api/v1") {
        Some(Face::Own)
    } else if below("/graph") {
        Some(Face::Graph)
    } else if crate::routes::oidc::is_for_programs(path) {
        Some(Face::OAuth)
    } else {
        None
    }
}

/// What did not happen (RFC 9457).
#[derive(Serialize, ToSchema)]
pub(crate) struct ProblemDetails {
    /// Names the problem: `urn:keyward:problem:` and the code.
    #[serde(rename = "type")]
    kind: String,
    /// The problem in a sentence.
    title: &'static str,
    /// The status of the answer.
    #[schema(minimum = 400, maximum = 599)]
    status: u16,
    /// The stable code.
    code: &'static str,
    /// By this the log and the answer mean the same request.
    reference: String,
}

/// The problem for a program of that face.
pub(crate) fn render(face: Face, problem: &Problem, reference: &str) -> Response {
    if face == Face::Graph {
        return crate::routes::graph_problem(problem, reference);
    }
    if face == Face::OAuth {
        return crate::routes::oidc::render(problem, reference);
    }
    let (status, code) = (problem.status(), problem.code());
    let details = ProblemDetails {
        kind: format!("urn:keyward:problem:{code}"),
        title: sentence(status, code),
        status: status.as_u16(),
        code,
        reference: reference.to_owned(),
    };
    let body = serde_json::to_string(&details).unwrap_or_default();
    let mut response = (status, [(header::CONTENT_TYPE, "application/problem+json")], body).into_response();
    let headers = response.headers_mut();
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    if status == StatusCode::UNAUTHORIZED {
        headers.insert(header::WWW_AUTHENTICATE, HeaderValue::from_static("Bearer realm=\"Keyward\""));
    }
    response
}

/// A sentence for whoever writes the program.
pub(crate) fn sentence(status: StatusCode, code: &str) -> &'static str {
    match code {
        "unauthenticated" => "Send the value of an API key that stands: Authorization: Bearer kwk_….",
        "scope_missing" => "This key may not do this. No key does what only people do.",
        "role_too_low" => "The role of whoever asks does not include this.",
        "confirm_needed" => "Only a person does this who has confirmed it with a passkey a moment ago.",
        "stronger_evidence_needed" => {
            "Only a session of a phishing-resistant passkey reaches this, whose binder's role includes one's own."
        }
        "held_by_person" => "A person disabled or deleted the account. No program undoes that.",
        "not_for_oneself" => "Nobody does this to the own account.",
        "version_conflict" => "It has changed since the version that If-Match names. Nothing was changed.",
        "limit" => "A page holds 1 to 200.",
        "cursor" => "The cursor is none that this list gave.",
        "idempotency_key" => "An Idempotency-Key has 1 to 200 visible characters and is sent once.",
        "idempotency_key_reused" => "This Idempotency-Key was used for another request.",
        "idempotency_in_progress" => {
            "A request with this Idempotency-Key has begun and not been answered. See whether it was done."
        }
        "outcome_unknown" => "It may have been done or not. See, or send it again with its Idempotency-Key.",
        "read_only" => "Changes are paused at the moment. Nothing was changed.",
        "origin" => "The request came from a page of another site. Nothing was changed.",
        "too_large" => "The body is larger than 64 KiB.",
        "media_type" => "The body must be application/json.",
        "method_not_allowed" => "This address does not take this method.",
        "busy" | "unavailable" => "This cannot be answered at the moment. Nothing was changed.",
        _ => by_status(status),
    }
}

fn by_status(status: StatusCode) -> &'static str {
    match status {
        StatusCode::BAD_REQUEST => "The request is not what this address takes. Nothing was changed.",
        StatusCode::FORBIDDEN => "Whoever asks may not do this.",
        StatusCode::NOT_FOUND => "There is nothing here.",
        StatusCode::CONFLICT => "What is there stands against it. Nothing was changed.",
        StatusCode::UNPROCESSABLE_ENTITY => "A rule refuses what was sent. Nothing was changed.",
        status if status.is_server_error() => "Keyward failed; its log says why, under the reference.",
        _ => "The request was refused. Nothing was changed.",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn faces_are_told_apart_by_their_paths() {
        for (path, known) in [
            ("/api/v1", Some(Face::Own)),
            ("/api/v1/users?limit=1", Some(Face::Own)),
            ("/api/v10", None),
            ("/api/enrolment/x", None),
            ("/graph/v1.0/me", Some(Face::Graph)),
            ("/graphs", None),
            ("/oauth/token?x=1", Some(Face::OAuth)),
            ("/oauth/end-session", None),
            ("/authorize", None),
            ("/admin/users", None),
        ] {
            assert_eq!(face(path), known, "{path}");
        }
    }
}
