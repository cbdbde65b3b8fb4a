//! Temporary access passes. Only a person issues one, be it by a key that acts for that person.

use std::sync::Arc;

use account::api_key::Scope;

use account::temporary_pass::{self, PassPolicy, Wish, grouped};
use axum::http::StatusCode;
use primitives::time::{Span, Timestamp};
use serde::{Deserialize, Serialize};
use service::administer_passes;
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::address::ById;
use super::answer;
use super::body::{Body, maybe_whole};
use super::call::Call;
use super::paging::{Page, Paging};
use super::refused::refused;
use crate::app::App;
use crate::fields::{Path, Query};
use crate::problem::{Answer, Problem};

pub(super) fn operations() -> OpenApiRouter<Arc<App>> {
    OpenApiRouter::new().routes(routes!(list)).routes(routes!(issue, revoke))
}

/// A pass; its value is shown once, when it is issued.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct Pass {
    /// Its id.
    #[schema(format = "uuid")]
    id: String,
    /// The id of whoever signs in with it.
    #[schema(format = "uuid")]
    user: String,
    /// What it is worth now.
    state: String,
    /// From when it works.
    #[schema(format = DateTime)]
    starts_at: String,
    /// Until when.
    #[schema(format = DateTime)]
    ends_at: String,
    /// Whether it works once.
    one_time: bool,
    /// Who issued it.
    issuer: String,
    /// Why.
    reason: String,
}

impl Pass {
    /// A pass as it is worth at `now`.
    pub(super) fn of(pass: &temporary_pass::Pass, now: Timestamp, policy: &PassPolicy) -> Self {
        let code = pass.usability(now, policy).code();
        Self {
            id: pass.id.to_string(),
            user: pass.user.to_string(),
            state: code.strip_prefix("pass_").unwrap_or(code).to_owned(),
            starts_at: pass.starts.to_string(),
            ends_at: pass.ends.to_string(),
            one_time: pass.one_time,
            issuer: pass.issuer.to_string(),
            reason: pass.reason.clone(),
        }
    }
}

/// Passes of everybody, newest first
#[utoipa::path(get, path = "/api/v1/passes", tag = "passes", params(Paging), security(("key" = ["users.read"])),
    responses((status = 200, description = "A page of them", body = Page<Pass>)))]
async fn list(call: Call, Query(paging): Query<Paging>) -> Answer {
    call.may(Scope::UsersRead)?;
    let limit = paging.limit()?;
    let after = paging.after(|id| id.parse().ok())?;
    let found = administer_passes::list(call.service(), after, limit.saturating_add(1)).await?;
    let policy = call.service().settings().policy.of_anybody().passes;
    let now = call.visit.now();
    let page = Page::of(found, limit, |last| last.id.to_string(), |pass| Pass::of(&pass, now, &policy));
    answer::show(&call, &page)
}

/// What the pass shall be.
#[derive(Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[schema(as = NewPass)]
struct Wanted {
    /// How many minutes it works; as policy says if absent.
    #[serde(default, deserialize_with = "maybe_whole")]
    #[schema(minimum = 1, maximum = 43200)]
    lifetime_minutes: Option<u32>,
    /// From when; at once if absent.
    #[schema(format = DateTime)]
    starts_at: Option<String>,
    /// Whether it works once.
    #[serde(default)]
    one_time: bool,
    /// Why, and how the person was recognised.
    #[schema(min_length = 1, max_length = 500)]
    reason: String,
}

/// A pass with its value.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = IssuedPass)]
struct Issued {
    /// The value, which is shown this once.
    value: String,
    /// The pass.
    pass: Pass,
}

/// Issue a pass for somebody in place of any earlier one; its value is in this answer alone
#[utoipa::path(post, path = "/api/v1/users/{id}/pass", tag = "passes", params(ById), request_body = Wanted,
    security(("key" = ["passes.issue"])),
    responses((status = 201, description = "The pass with its value", body = Issued)))]
async fn issue(call: Call, Path(at): Path<ById>, Body(sent): Body<Wanted>) -> Answer {
    // Before a slow hash is made of it.
    call.may(Scope::PassesIssue)?;
    let id = at.id()?;
    if sent.reason.trim().is_empty() {
        return Err(Problem::refused(StatusCode::UNPROCESSABLE_ENTITY, "reason_missing").into());
    }
    let unreadable = |_| Problem::refused(StatusCode::BAD_REQUEST, "bad_request");
    let wish = Wish {
        lifetime: sent.lifetime_minutes.map(|minutes| Span::from_minutes(minutes.into())),
        starts: sent.starts_at.as_deref().map(Timestamp::parse_rfc3339).transpose().map_err(unreadable)?,
        one_time: sent.one_time,
        reason: sent.reason,
    };
    let mut caller = call.visit.caller();
    let issued = administer_passes::issue(call.service(), &mut caller, call.authority(), id, wish).await;
    let issued = issued.map_err(refused)?;
    let policy = call.service().settings().policy.of_anybody().passes;
    let shown = Issued {
        // The one place where the value is shown to whoever issued it.
        value: grouped(&issued.value).reveal().to_owned(),
        pass: Pass::of(&issued.pass, call.visit.now(), &policy),
    };
    answer::created_once(&shown, &format!("/api/v1/users/{id}/methods"))
}

/// Take a person's pass back; the session that it opened ends
#[utoipa::path(delete, path = "/api/v1/users/{id}/pass", tag = "passes", params(ById),
    security(("key" = ["passes.issue"])), responses((status = 204, description = "It works no more")))]
async fn revoke(call: Call, Path(at): Path<ById>) -> Answer {
    let (id, mut caller) = (at.id()?, call.visit.caller());
    let done = administer_passes::revoke(call.service(), &mut caller, call.authority(), id).await;
    done.map_err(refused)?;
    answer::done()
}
