//! Groups, and who is in them.

use std::sync::Arc;

use account::api_key::Scope;
use account::group::{self, GroupId};
use account::user::UserId;
use axum::http::StatusCode;
use primitives::time::Timestamp;
use serde::{Deserialize, Serialize};
use service::administer_groups::{self, GroupChanges, NewGroup};
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::address::{self, ById};
use super::answer;
use super::body::{Body, given, present};
use super::call::Call;
use super::paging::{Page, Paging};
use super::refused::refused;
use super::users::User;
use crate::app::App;
use crate::fields::{Path, Query};
use crate::problem::{Answer, Problem, Stop};

pub(super) fn operations() -> OpenApiRouter<Arc<App>> {
    OpenApiRouter::new()
        .routes(routes!(list, add))
        .routes(routes!(show, change, remove))
        .routes(routes!(members, set_members))
}

/// A group.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct Group {
    /// Its id, which never changes.
    #[schema(format = "uuid")]
    id: String,
    /// Its name.
    name: String,
    /// What it is for.
    description: String,
    /// What the system that provisions it calls it.
    external_id: Option<String>,
    /// When it was added.
    #[schema(format = DateTime)]
    created_at: String,
    /// When its name or description last changed.
    #[schema(format = DateTime)]
    changed_at: String,
}

impl From<group::Group> for Group {
    fn from(group: group::Group) -> Self {
        Self {
            id: group.id.to_string(),
            name: group.name,
            description: group.description,
            external_id: group.external_id,
            created_at: group.created.to_string(),
            changed_at: group.changed.to_string(),
        }
    }
}

/// The version of a group: when it last changed.
fn version(group: &group::Group) -> String {
    group.changed.micros().to_string()
}

fn changed(group: group::Group) -> Answer {
    let tag = version(&group);
    answer::changed(&Group::from(group), &tag)
}

/// Groups in the order of their names
#[utoipa::path(get, path = "/api/v1/groups", tag = "groups", params(Paging), security(("key" = ["users.read"])),
    responses((status = 200, description = "A page of them", body = Page<Group>)))]
async fn list(call: Call, Query(paging): Query<Paging>) -> Answer {
    call.may(Scope::UsersRead)?;
    let limit = paging.limit()?;
    let after = paging.after(|name| Some(name.to_owned()))?;
    let found = administer_groups::list(call.service(), after, limit.saturating_add(1)).await;
    let found = found.map_err(refused)?;
    let page = Page::of(found, limit, |last| last.group.name.clone(), |listed| Group::from(listed.group));
    answer::show(&call, &page)
}

/// One of them
#[utoipa::path(get, path = "/api/v1/groups/{id}", tag = "groups", params(ById), security(("key" = ["users.read"])),
    responses((status = 200, description = "The group", body = Group)))]
async fn show(call: Call, Path(at): Path<ById>) -> Answer {
    call.may(Scope::UsersRead)?;
    let group = administer_groups::show(call.service(), at.id()?).await.map_err(refused)?.group;
    let tag = version(&group);
    answer::show_version(&call, &Group::from(group), &tag)
}

/// A group to be added.
#[derive(Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[schema(as = NewGroup)]
struct Added {
    /// Its name.
    #[schema(min_length = 1, max_length = 100, pattern = "^[^\\s\\p{C}]([^\\p{C}]*[^\\s\\p{C}])?$")]
    name: String,
    /// What it is for.
    #[serde(default)]
    #[schema(max_length = 500)]
    description: String,
    /// What the system that provisions it calls it.
    #[schema(max_length = 256)]
    external_id: Option<String>,
}

/// Add a group
#[utoipa::path(post, path = "/api/v1/groups", tag = "groups", request_body = Added,
    security(("key" = ["groups.write"])),
    responses((status = 201, description = "The new group", body = Group)))]
async fn add(call: Call, Body(sent): Body<Added>) -> Answer {
    let new = NewGroup { name: sent.name, description: sent.description, external_id: sent.external_id };
    let mut caller = call.visit.caller();
    let added = administer_groups::add(call.service(), &mut caller, call.authority(), new).await;
    let group = added.map_err(refused)?;
    let location = format!("/api/v1/groups/{}", group.id);
    answer::created(&Group::from(group), &location)
}

/// What changes; what is absent stays.
#[derive(Default, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[schema(as = GroupChange)]
struct Changed {
    /// Its name.
    #[serde(default, deserialize_with = "present")]
    #[schema(
        min_length = 1,
        max_length = 100,
        nullable = false,
        pattern = "^[^\\s\\p{C}]([^\\p{C}]*[^\\s\\p{C}])?$"
    )]
    name: Option<String>,
    /// What it is for.
    #[serde(default, deserialize_with = "present")]
    #[schema(max_length = 500, nullable = false)]
    description: Option<String>,
    /// What the system that provisions it calls it.
    #[serde(default, deserialize_with = "given")]
    #[schema(value_type = Option<String>, max_length = 256)]
    external_id: Option<Option<String>>,
}

/// Change a group
///
/// With If-Match nothing is changed if it has changed since.
#[utoipa::path(patch, path = "/api/v1/groups/{id}", tag = "groups", params(ById), request_body = Changed,
    security(("key" = ["groups.write"])),
    responses((status = 200, description = "The group as it is now", body = Group)))]
async fn change(call: Call, Path(at): Path<ById>, Body(sent): Body<Changed>) -> Answer {
    let id: GroupId = at.id()?;
    // A tag that is no time is that of no version.
    let expected = call.expected()?.map(|tag| tag.parse().map_or(Timestamp::EPOCH, Timestamp::from_micros));
    let Changed { name, description, external_id } = sent;
    let changes = GroupChanges { name, description, external_id, expected };
    let mut caller = call.visit.caller();
    let done = administer_groups::change(call.service(), &mut caller, call.authority(), id, changes).await;
    changed(done.map_err(refused)?)
}

/// Remove a group that policy does not name
#[utoipa::path(delete, path = "/api/v1/groups/{id}", tag = "groups", params(ById),
    security(("key" = ["groups.write"])), responses((status = 204, description = "It is gone")))]
async fn remove(call: Call, Path(at): Path<ById>) -> Answer {
    let (id, mut caller) = (at.id()?, call.visit.caller());
    let done = administer_groups::remove(call.service(), &mut caller, call.authority(), id).await;
    done.map_err(refused)?;
    answer::done()
}

/// Who is in a group
#[utoipa::path(get, path = "/api/v1/groups/{id}/members", tag = "groups", params(ById, Paging),
    security(("key" = ["users.read"])),
    responses((status = 200, description = "A page of them", body = Page<User>)))]
async fn members(call: Call, Path(at): Path<ById>, Query(paging): Query<Paging>) -> Answer {
    call.may(Scope::UsersRead)?;
    let (id, limit): (GroupId, u32) = (at.id()?, paging.limit()?);
    let after = paging.after(|id| id.parse().ok())?;
    administer_groups::show(call.service(), id).await.map_err(refused)?;
    let found = administer_groups::members(call.service(), id, after, limit.saturating_add(1)).await;
    let found = found.map_err(refused)?;
    let page = Page::of(found, limit, |last| last.id.to_string(), User::from);
    answer::show(&call, &page)
}

/// Who comes and who goes.
#[derive(Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = MemberChange)]
struct Members {
    /// Ids of people to put into the group.
    #[serde(default)]
    #[schema(max_items = 1000)]
    add: Vec<String>,
    /// Ids of people to take out of it.
    #[serde(default)]
    #[schema(max_items = 1000)]
    remove: Vec<String>,
}

/// A text that is no id is nobody's; the group itself is there.
fn unknown_member() -> Problem {
    Problem::refused(StatusCode::UNPROCESSABLE_ENTITY, "member_unknown")
}

fn people(ids: &[String]) -> Result<Vec<UserId>, Stop> {
    ids.iter().map(|id| address::read(id).map_err(|_| unknown_member().into())).collect()
}

/// Put people into a group and take others out of it
#[utoipa::path(patch, path = "/api/v1/groups/{id}/members", tag = "groups", params(ById), request_body = Members,
    security(("key" = ["groups.write"])),
    responses((status = 200, description = "The group", body = Group)))]
async fn set_members(call: Call, Path(at): Path<ById>, Body(sent): Body<Members>) -> Answer {
    let (id, mut caller) = (at.id()?, call.visit.caller());
    let (add, remove) = (people(&sent.add)?, people(&sent.remove)?);
    let done =
        administer_groups::set_members(call.service(), &mut caller, call.authority(), id, add, remove).await;
    changed(done.map_err(refused)?)
}
