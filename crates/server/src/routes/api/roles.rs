//! Roles, and giving them. Only people give roles.

use std::sync::Arc;

use account::api_key::Scope;
use account::role::{Permission, Role};
use serde::{Deserialize, Serialize};
use service::administer_users;
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::address::ById;
use super::answer;
use super::body::Body;
use super::call::Call;
use super::names::RoleName;
use super::refused::refused;
use super::users::{User, changed};
use crate::app::App;
use crate::fields::Path;
use crate::problem::Answer;

pub(super) fn operations() -> OpenApiRouter<Arc<App>> {
    OpenApiRouter::new().routes(routes!(list)).routes(routes!(set))
}

/// A role.
#[derive(Serialize, ToSchema)]
#[schema(as = Role)]
struct Described {
    /// Its name.
    #[schema(value_type = RoleName)]
    role: &'static str,
    /// What it may do to others.
    permissions: Vec<&'static str>,
}

/// All roles.
#[derive(Serialize, ToSchema)]
struct Roles {
    /// From the least to the most.
    items: Vec<Described>,
}

/// Roles, and what each may do to others
#[utoipa::path(get, path = "/api/v1/roles", tag = "roles", security(("key" = ["users.read"])),
    responses((status = 200, description = "All of them", body = Roles)))]
async fn list(call: Call) -> Answer {
    call.may(Scope::UsersRead)?;
    let permissions = |role: Role| {
        let may = Permission::ALL.iter().filter(move |permission| role.may(**permission));
        may.map(|permission| permission.as_str()).collect()
    };
    let described = |role: &Role| Described { role: role.as_str(), permissions: permissions(*role) };
    answer::show(&call, &Roles { items: Role::ALL.iter().map(described).collect() })
}

/// The role to give.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = GivenRole)]
struct Given {
    /// Its name.
    #[schema(value_type = RoleName)]
    role: Role,
}

/// Give somebody a role. Only a person does so, who has confirmed it
#[utoipa::path(put, path = "/api/v1/users/{id}/role", tag = "roles", params(ById), request_body = Given,
    responses((status = 200, description = "The account as it is now", body = User)))]
async fn set(call: Call, Path(at): Path<ById>, Body(sent): Body<Given>) -> Answer {
    let (id, mut caller) = (at.id()?, call.visit.caller());
    let done = administer_users::set_role(call.service(), &mut caller, call.authority(), id, sent.role).await;
    changed(done.map_err(refused)?)
}
