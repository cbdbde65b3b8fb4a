//! People.

mod changes;
mod state;

use std::sync::Arc;

use account::api_key::Scope;
use account::role::Role;
use account::search::{Condition, Filter, LONGEST_TEXT};
use account::user::{self, Login};
use axum::http::StatusCode;
use serde::{Deserialize, Serialize};
use service::administer_users;
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::address::{self, ById};
use super::answer;
use super::call::Call;
use super::names::{ConditionName, RoleName, StatusName};
use super::paging::{self, Page};
use super::refused::refused;
use crate::app::App;
use crate::fields::{Path, Query};
use crate::problem::{Answer, Problem};

pub(super) fn operations() -> OpenApiRouter<Arc<App>> {
    OpenApiRouter::new()
        .routes(routes!(list, changes::add))
        .routes(routes!(show, changes::change, state::delete))
        .routes(routes!(state::disable))
        .routes(routes!(state::enable))
        .routes(routes!(state::restore))
}

/// An account.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct User {
    /// Its id, which never changes.
    #[schema(format = "uuid")]
    id: String,
    /// What the person types to sign in.
    login: String,
    /// The person's name.
    name: String,
    /// Where notices go.
    email: Option<String>,
    /// What the person may do to others.
    #[schema(value_type = RoleName)]
    role: String,
    /// Whether it may be used.
    #[schema(value_type = StatusName)]
    status: String,
    /// The language in which the person is written to.
    language: Option<String>,
    /// When it was added.
    #[schema(format = DateTime)]
    created_at: String,
    /// When it was deleted; it can be restored for 30 days.
    #[schema(format = DateTime)]
    deleted_at: Option<String>,
    /// Whether it stays usable whatever policy says.
    break_glass: bool,
    /// Ids of the groups that it is in.
    groups: Vec<String>,
    /// What the organisation's directory says.
    directory: Directory,
}

/// What the organisation's directory says of somebody.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct Directory {
    /// What the system that provisions the account calls it.
    external_id: Option<String>,
    /// The id of whoever may order a pass for this person.
    manager: Option<String>,
    /// The given name.
    given_name: Option<String>,
    /// The family name.
    family_name: Option<String>,
    /// What the person does.
    title: Option<String>,
    /// Where in the organisation.
    department: Option<String>,
    /// A private address.
    private_email: Option<String>,
}

impl From<user::User> for User {
    fn from(user: user::User) -> Self {
        let told = user.directory;
        Self {
            id: user.id.to_string(),
            login: user.login.shown().to_owned(),
            name: user.name,
            email: user.email,
            role: user.role.to_string(),
            status: user.status.to_string(),
            language: user.language,
            created_at: user.created.to_string(),
            deleted_at: user.deleted.map(|at| at.to_string()),
            break_glass: user.break_glass,
            groups: user.groups.iter().map(ToString::to_string).collect(),
            directory: Directory {
                external_id: told.external_id,
                manager: told.manager.map(|id| id.to_string()),
                given_name: told.given_name,
                family_name: told.family_name,
                title: told.title,
                department: told.department,
                private_email: told.private_email,
            },
        }
    }
}

/// An account as it is now, under its version.
pub(super) fn changed(user: user::User) -> Answer {
    let tag = user.version();
    answer::changed(&User::from(user), &tag)
}

/// Which people, and which page of them.
#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct Wanted {
    /// At most so many.
    #[param(minimum = 1, maximum = 200, default = 50)]
    limit: Option<u32>,
    /// The `next` of the page before.
    #[param(max_length = 1500)]
    cursor: Option<String>,
    /// A part of login, name or e-mail address.
    #[param(max_length = 100)]
    text: Option<String>,
    /// Only of that role.
    #[param(inline, value_type = Option<RoleName>)]
    role: Option<Role>,
    /// Only in the group of that id.
    #[param(format = "uuid")]
    group: Option<String>,
    /// Only those for whom this holds; `deleted` finds those that can be restored.
    #[param(inline, value_type = Option<ConditionName>)]
    condition: Option<Condition>,
}

/// People in the order of their logins
#[utoipa::path(get, path = "/api/v1/users", tag = "users", params(Wanted), security(("key" = ["users.read"])),
    responses((status = 200, description = "A page of them", body = Page<User>)))]
async fn list(call: Call, Query(wanted): Query<Wanted>) -> Answer {
    call.may(Scope::UsersRead)?;
    let limit = paging::limit(wanted.limit)?;
    let after = paging::after(wanted.cursor.as_deref(), |key| Login::parse(key).ok())?;
    if wanted.text.as_ref().is_some_and(|text| text.chars().count() > LONGEST_TEXT) {
        return Err(Problem::refused(StatusCode::BAD_REQUEST, "bad_request").into());
    }
    let filter = Filter {
        text: wanted.text,
        role: wanted.role,
        group: wanted.group.as_deref().map(address::read).transpose()?,
        conditions: wanted.condition.into_iter().collect(),
    };
    let found = administer_users::search(call.service(), filter, after, limit.saturating_add(1)).await;
    let found = found.map_err(refused)?;
    let page =
        Page::of(found, limit, |last| last.user.login.key().to_owned(), |found| User::from(found.user));
    answer::show(&call, &page)
}

/// One of them
#[utoipa::path(get, path = "/api/v1/users/{id}", tag = "users", params(ById), security(("key" = ["users.read"])),
    responses((status = 200, description = "The account", body = User)))]
async fn show(call: Call, Path(at): Path<ById>) -> Answer {
    call.may(Scope::UsersRead)?;
    let shown = administer_users::show_by_id(call.service(), at.id()?).await.map_err(refused)?;
    let tag = shown.user.version();
    answer::show_version(&call, &User::from(shown.user), &tag)
}
