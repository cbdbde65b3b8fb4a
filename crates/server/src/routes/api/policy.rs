//! Policy: the version in force, what a change would do, applying and undoing one, and the history.

use std::sync::Arc;

use account::api_key::Scope;
use account::role::Permission;
use primitives::time::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use service::Authority;
use service::administer_policy::{self, Application};
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::answer;
use super::body::{Body, whole};
use super::call::{Call, Principal};
use super::paging::{Page, Paging};
use super::refused::refused;
use crate::app::App;
use crate::fields::{Path, Query};
use crate::problem::{Answer, Problem};

pub(super) fn operations() -> OpenApiRouter<Arc<App>> {
    OpenApiRouter::new()
        .routes(routes!(show))
        .routes(routes!(check))
        .routes(routes!(history, apply))
        .routes(routes!(undo))
}

/// A version of the policy.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = PolicyVersion)]
struct Version {
    /// Its number; 0 is the configuration's.
    number: i64,
    /// Its document, TOML.
    document: String,
    /// Who applied it.
    author: String,
    /// What they said about it.
    comment: String,
    /// When it was applied.
    #[schema(format = DateTime)]
    made_at: String,
    /// From when it is in force.
    #[schema(format = DateTime)]
    effective_at: String,
    /// When it was undone.
    #[schema(format = DateTime)]
    undone_at: Option<String>,
    /// What it did to people when it was applied.
    #[schema(value_type = Object)]
    impact: Value,
}

impl From<administer_policy::Version> for Version {
    fn from(version: administer_policy::Version) -> Self {
        Self {
            number: version.number,
            document: version.document,
            author: version.author.to_string(),
            comment: version.comment,
            made_at: version.made.to_string(),
            effective_at: version.effective.to_string(),
            undone_at: version.undone.map(|at| at.to_string()),
            impact: serde_json::to_value(version.impact).unwrap_or_default(),
        }
    }
}

/// The policy in force
#[utoipa::path(get, path = "/api/v1/policy", tag = "policy", security(("key" = ["policy.read"])),
    responses((status = 200, description = "The version in force", body = Version)))]
async fn show(call: Call) -> Answer {
    call.may(Scope::PolicyRead)?;
    let version = administer_policy::in_force(call.service()).await.map_err(refused)?;
    answer::show(&call, &Version::from(version))
}

/// A document to be judged.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = PolicyDocument)]
struct Checked {
    /// The policy, TOML.
    document: String,
}

/// What a change would do.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = PolicyImpact)]
struct Impact {
    /// The newest version at that time; applying names it.
    base: i64,
    /// How many people keep in, must register, would be locked out.
    #[schema(value_type = Object)]
    summary: Value,
    /// Those that do not keep in, the first thousand of them.
    people: Vec<Affected>,
    /// What keeps it from being applied, and warnings.
    blocked: Vec<&'static str>,
    /// What it says otherwise than the policy in force.
    changes: Vec<Change>,
}

/// Somebody who does not keep in.
#[derive(Serialize, ToSchema)]
#[schema(as = AffectedUser)]
struct Affected {
    /// The id.
    user: String,
    /// The login.
    login: String,
    /// What becomes of them.
    #[schema(value_type = String)]
    verdict: Value,
}

/// A setting that changes.
#[derive(Serialize, ToSchema)]
#[schema(as = PolicyChange)]
struct Change {
    /// Which.
    key: String,
    /// What it is now.
    from: String,
    /// What it would be.
    to: String,
}

/// People that an answer names at most.
const MOST_NAMED: usize = 1000;

/// What a change of the policy would do. Changes nothing
#[utoipa::path(post, path = "/api/v1/policy/check", tag = "policy", request_body = Checked,
    security(("key" = ["policy.read"])),
    responses((status = 200, description = "Who keeps in, who must register, who would be locked out", body = Impact)))]
async fn check(call: Call, Body(sent): Body<Checked>) -> Answer {
    call.may(Scope::PolicyRead)?;
    let actor = match &call.principal {
        Principal::Person(who) => Some(who.user.id),
        Principal::Key(bearer) => bearer.person.as_ref().map(|person| person.id),
    };
    // Everybody is judged for it: programs wait for each other as pages do.
    let _turn = call.visit.app.checks.turn().await;
    let quiet = Arc::new(|_: u64, _: u64| {});
    let impact = administer_policy::check(call.service(), &sent.document, actor, quiet).await;
    let impact = impact.map_err(refused)?;
    let affected = impact.people.into_iter().take(MOST_NAMED).map(|person| Affected {
        user: person.user.to_string(),
        login: person.login,
        verdict: Value::String(format!("{:?}", person.verdict)),
    });
    let changes = impact.changes.into_iter();
    let shown = Impact {
        base: impact.base,
        summary: serde_json::to_value(impact.summary).unwrap_or_default(),
        people: affected.collect(),
        blocked: impact.blocked.iter().map(|block| block.code()).collect(),
        changes: changes.map(|change| Change { key: change.key, from: change.from, to: change.to }).collect(),
    };
    Ok(answer::json(axum::http::StatusCode::OK, &shown))
}

/// Versions, newest first
#[utoipa::path(get, path = "/api/v1/policy/versions", tag = "policy", params(Paging),
    security(("key" = ["policy.read"])),
    responses((status = 200, description = "A page of them", body = Page<Version>)))]
async fn history(call: Call, Query(paging): Query<Paging>) -> Answer {
    call.may(Scope::PolicyRead)?;
    // The reading gives 200 at most, of which one says whether there are more.
    let limit = paging.limit()?.min(administer_policy::MOST_VERSIONS.saturating_sub(1));
    let before = paging.after(|number| number.parse().ok())?;
    let found = administer_policy::history(call.service(), before, limit.saturating_add(1)).await;
    let found = found.map_err(refused)?;
    let page = Page::of(found, limit, |last| last.number.to_string(), Version::from);
    answer::show(&call, &page)
}

/// A policy to be applied.
#[derive(Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[schema(as = NewPolicy)]
struct Applied {
    /// The policy, TOML.
    document: String,
    /// The newest version that the caller knows.
    #[serde(deserialize_with = "whole")]
    base: i64,
    /// Why.
    #[serde(default)]
    comment: String,
    /// From when; at once if absent.
    #[schema(format = DateTime)]
    effective_at: Option<String>,
    /// How many people it locks out, as the caller knows it.
    #[serde(default, deserialize_with = "whole")]
    locks_out: u64,
}

fn person(call: &Call) -> Result<Authority<'_>, Problem> {
    call.person(Some(Permission::EditPolicy)).map(Authority::Person)
}

/// Apply a policy. Only a person does so, who has confirmed this very document
#[utoipa::path(post, path = "/api/v1/policy/versions", tag = "policy", request_body = Applied,
    responses((status = 201, description = "The new version", body = Version)))]
async fn apply(call: Call, Body(sent): Body<Applied>) -> Answer {
    let authority = person(&call)?;
    let unreadable = |_| Problem::refused(axum::http::StatusCode::BAD_REQUEST, "bad_request");
    let effective = sent.effective_at.as_deref().map(Timestamp::parse_rfc3339).transpose();
    let application = Application {
        document: sent.document,
        base: sent.base,
        comment: sent.comment,
        effective: effective.map_err(unreadable)?,
        locks_out: sent.locks_out,
    };
    let mut caller = call.visit.caller();
    let done = administer_policy::apply(call.service(), &mut caller, authority, application).await;
    answer::created(&Version::from(done.map_err(refused)?), "/api/v1/policy/versions")
}

/// A version.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Path)]
struct ByNumber {
    /// Its number.
    #[param(minimum = 0)]
    number: i64,
}

/// Undo a version that is not older than a day. Only a person does so, who has confirmed it
#[utoipa::path(post, path = "/api/v1/policy/versions/{number}/undo", tag = "policy", params(ByNumber),
    responses((status = 200, description = "The version", body = Version)))]
async fn undo(call: Call, Path(at): Path<ByNumber>) -> Answer {
    let authority = person(&call)?;
    let mut caller = call.visit.caller();
    let done = administer_policy::undo(call.service(), &mut caller, authority, at.number).await;
    let version = Version::from(done.map_err(refused)?);
    Ok(answer::json(axum::http::StatusCode::OK, &version))
}
