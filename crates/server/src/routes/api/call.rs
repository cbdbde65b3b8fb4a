//! A request of a program, once it is known who calls.

use std::sync::Arc;

use account::api_key::Scope;
use account::role::Permission;
use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use axum::http::{HeaderMap, StatusCode, header};
use service::administer_keys::Bearer;
use service::idempotency::Client;
use service::{Authority, Context, Who};

use crate::app::App;
use crate::context::Visit;
use crate::problem::Problem;

/// Who calls.
#[derive(Clone)]
pub(in crate::routes) enum Principal {
    /// Whoever shows an API key.
    Key(Box<Bearer>),
    /// A page of ours, with the session of whoever looks at it.
    Person(Box<Who>),
}

impl Principal {
    /// Whose idempotency keys these are.
    pub(super) fn client(&self) -> Client {
        match self {
            Principal::Key(bearer) => Client::Key(bearer.key.id),
            Principal::Person(who) => Client::Session(who.session.id),
        }
    }
}

/// The request.
pub(in crate::routes) struct Call {
    pub(in crate::routes) visit: Visit,
    pub(in crate::routes) principal: Principal,
    headers: HeaderMap,
}

impl FromRequestParts<Arc<App>> for Call {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, app: &Arc<App>) -> Result<Self, Problem> {
        let principal = parts.extensions.remove::<Principal>();
        let principal = principal.ok_or_else(|| Problem::internal("an operation without its door"))?;
        let visit = Visit::from_request_parts(parts, app).await?;
        Ok(Self { visit, principal, headers: parts.headers.clone() })
    }
}

impl Call {
    /// The use cases' deployment.
    pub(in crate::routes) fn service(&self) -> &Context {
        &self.visit.app.service
    }

    /// By whose authority it acts.
    pub(in crate::routes) fn authority(&self) -> Authority<'_> {
        match &self.principal {
            Principal::Key(bearer) => Authority::Key(&bearer.key),
            Principal::Person(who) => Authority::Person(who),
        }
    }

    /// Whether the caller may do what that scope is for.
    pub(in crate::routes) fn may(&self, scope: Scope) -> Result<(), Problem> {
        match &self.principal {
            Principal::Key(bearer) if bearer.may(scope) => Ok(()),
            Principal::Key(_) => Err(Problem::forbidden("scope_missing")),
            Principal::Person(who) if who.user.role.may(scope.permission()) => Ok(()),
            Principal::Person(_) => Err(Problem::forbidden("role_too_low")),
        }
    }

    /// The person whose page calls; no key does what only people do.
    pub(in crate::routes) fn person(&self, permission: Option<Permission>) -> Result<&Who, Problem> {
        match &self.principal {
            Principal::Key(_) => Err(Problem::forbidden("scope_missing")),
            Principal::Person(who) if permission.is_none_or(|needed| who.user.role.may(needed)) => Ok(who),
            Principal::Person(_) => Err(Problem::forbidden("role_too_low")),
        }
    }

    /// What `If-Match` asks for: the one tag without its quotes; none if it is absent or `*`.
    pub(super) fn expected(&self) -> Result<Option<String>, Problem> {
        let mut given = self.headers.get_all(header::IF_MATCH).iter();
        let (first, second) = (given.next(), given.next());
        let Some(first) = first else { return Ok(None) };
        let text = first.to_str().ok().filter(|_| second.is_none()).map(str::trim);
        match text {
            Some("*") => Ok(None),
            Some(text) => {
                let tag = text.strip_prefix('"').and_then(|text| text.strip_suffix('"'));
                // Of several tags, or a weak one, none is the version that the caller saw.
                let tag = tag.filter(|tag| !tag.contains('"')).unwrap_or("?");
                Ok(Some(tag.to_owned()))
            }
            None => Err(Problem::refused(StatusCode::BAD_REQUEST, "bad_request")),
        }
    }

    /// Refuses if the caller saw another version than `tag`.
    pub(super) fn matches(&self, tag: &str) -> Result<(), Problem> {
        match self.expected()? {
            Some(expected) if expected != tag => {
                Err(Problem::refused(StatusCode::PRECONDITION_FAILED, "version_conflict"))
            }
            _ => Ok(()),
        }
    }

    /// Whether the caller has that version already.
    pub(super) fn has(&self, tag: &str) -> bool {
        let quoted = format!("\"{tag}\"");
        self.headers
            .get_all(header::IF_NONE_MATCH)
            .iter()
            .filter_map(|value| value.to_str().ok())
            .flat_map(|value| value.split(','))
            .any(|known| known.trim().trim_start_matches("W/") == quoted)
    }
}
