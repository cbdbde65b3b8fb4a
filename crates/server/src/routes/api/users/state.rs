//! Disabling, deleting, and taking it back.

use account::user::UserId;
use service::administer_users;

use super::{User, changed};
use crate::fields::Path;
use crate::problem::{Answer, Stop};
use crate::routes::api::address::ById;
use crate::routes::api::call::Call;
use crate::routes::api::refused::refused;

/// The id of somebody whom the caller saw as they are now, if If-Match asks for that.
async fn seen(call: &Call, at: &ById) -> Result<UserId, Stop> {
    let id = at.id()?;
    if call.expected()?.is_some() {
        let shown = administer_users::show_by_id(call.service(), id).await.map_err(refused)?;
        call.matches(&shown.user.version())?;
    }
    Ok(id)
}

/// Disable somebody: nobody signs in as them, and what they were granted ends
#[utoipa::path(post, path = "/api/v1/users/{id}/disable", tag = "users", params(ById),
    security(("key" = ["users.write"])),
    responses((status = 200, description = "The account as it is now", body = User)))]
pub(super) async fn disable(call: Call, Path(at): Path<ById>) -> Answer {
    let (id, mut caller) = (seen(&call, &at).await?, call.visit.caller());
    let done = administer_users::disable(call.service(), &mut caller, call.authority(), id).await;
    changed(done.map_err(refused)?)
}

/// Let somebody sign in again
#[utoipa::path(post, path = "/api/v1/users/{id}/enable", tag = "users", params(ById),
    security(("key" = ["users.write"])),
    responses((status = 200, description = "The account as it is now", body = User)))]
pub(super) async fn enable(call: Call, Path(at): Path<ById>) -> Answer {
    let (id, mut caller) = (seen(&call, &at).await?, call.visit.caller());
    let done = administer_users::enable(call.service(), &mut caller, call.authority(), id).await;
    changed(done.map_err(refused)?)
}

/// Delete somebody; it can be undone for 30 days
#[utoipa::path(delete, path = "/api/v1/users/{id}", tag = "users", params(ById),
    security(("key" = ["users.write"])),
    responses((status = 200, description = "The account as it is now", body = User)))]
pub(super) async fn delete(call: Call, Path(at): Path<ById>) -> Answer {
    let (id, mut caller) = (seen(&call, &at).await?, call.visit.caller());
    let done = administer_users::delete(call.service(), &mut caller, call.authority(), id).await;
    changed(done.map_err(refused)?)
}

/// Bring somebody back who was deleted
#[utoipa::path(post, path = "/api/v1/users/{id}/restore", tag = "users", params(ById),
    security(("key" = ["users.write"])),
    responses((status = 200, description = "The account as it is now", body = User)))]
pub(super) async fn restore(call: Call, Path(at): Path<ById>) -> Answer {
    let (id, mut caller) = (seen(&call, &at).await?, call.visit.caller());
    let done = administer_users::restore(call.service(), &mut caller, call.authority(), id).await;
    changed(done.map_err(refused)?)
}
