//! Adding and changing people.

use account::role::Role;
use account::user::{self, UserId};
use serde::Deserialize;
use service::administer_users::{self, AdministerError, Changes, NewUser};
use utoipa::ToSchema;

use super::{User, changed};
use crate::fields::Path;
use crate::problem::{Answer, Stop};
use crate::routes::api::address::{self, ById};
use crate::routes::api::answer;
use crate::routes::api::body::{Body, given, present};
use crate::routes::api::call::Call;
use crate::routes::api::names::RoleName;
use crate::routes::api::refused::refused;

/// Somebody to be added.
#[derive(Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[schema(as = NewUser)]
pub(super) struct Added {
    /// What the person will type to sign in: an e-mail address or a user name.
    #[schema(min_length = 1, max_length = 254, pattern = "^[^\\s\\p{C}]+$")]
    login: String,
    /// The person's name.
    #[schema(min_length = 1, max_length = 120, pattern = "^[^\\s\\p{C}]([^\\p{C}]*[^\\s\\p{C}])?$")]
    name: String,
    /// Where notices go; the login where that is an e-mail address and nothing is given.
    #[schema(max_length = 254)]
    email: Option<String>,
    /// What the person may do to others; only people give roles, and only those they have.
    #[schema(value_type = Option<RoleName>)]
    role: Option<Role>,
    /// The language in which the person is written to, as a BCP 47 tag.
    #[schema(max_length = 35)]
    language: Option<String>,
    /// Ids of the groups that it is in.
    #[serde(default)]
    #[schema(max_items = 200)]
    groups: Vec<String>,
    /// What the organisation's directory says.
    directory: Option<DirectoryChange>,
}

/// What the organisation's directory says; what is absent stays, `null` takes it away.
#[derive(Default, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(super) struct DirectoryChange {
    /// What the system that provisions the account calls it.
    #[serde(default, deserialize_with = "given")]
    #[schema(value_type = Option<String>, max_length = 256)]
    external_id: Option<Option<String>>,
    /// The id of whoever may order a pass for this person.
    #[serde(default, deserialize_with = "given")]
    #[schema(value_type = Option<String>, format = "uuid")]
    manager: Option<Option<String>>,
    /// The given name.
    #[serde(default, deserialize_with = "given")]
    #[schema(value_type = Option<String>, max_length = 120)]
    given_name: Option<Option<String>>,
    /// The family name.
    #[serde(default, deserialize_with = "given")]
    #[schema(value_type = Option<String>, max_length = 120)]
    family_name: Option<Option<String>>,
    /// What the person does.
    #[serde(default, deserialize_with = "given")]
    #[schema(value_type = Option<String>, max_length = 120)]
    title: Option<Option<String>>,
    /// Where in the organisation.
    #[serde(default, deserialize_with = "given")]
    #[schema(value_type = Option<String>, max_length = 120)]
    department: Option<Option<String>>,
    /// A private address.
    #[serde(default, deserialize_with = "given")]
    #[schema(value_type = Option<String>, max_length = 254)]
    private_email: Option<Option<String>>,
}

impl DirectoryChange {
    fn apply(self, told: user::Directory) -> Result<user::Directory, Stop> {
        let manager = match self.manager {
            Some(Some(text)) => {
                Some(text.parse::<UserId>().map_err(|_| refused(AdministerError::ManagerUnknown))?)
            }
            Some(None) => None,
            None => told.manager,
        };
        Ok(user::Directory {
            external_id: self.external_id.unwrap_or(told.external_id),
            manager,
            given_name: self.given_name.unwrap_or(told.given_name),
            family_name: self.family_name.unwrap_or(told.family_name),
            title: self.title.unwrap_or(told.title),
            department: self.department.unwrap_or(told.department),
            private_email: self.private_email.unwrap_or(told.private_email),
        })
    }
}

/// Add somebody
#[utoipa::path(post, path = "/api/v1/users", tag = "users", request_body = Added, security(("key" = ["users.write"])),
    responses((status = 201, description = "The new account; Location says where it is", body = User)))]
pub(super) async fn add(call: Call, Body(sent): Body<Added>) -> Answer {
    let unknown = |_| refused(AdministerError::GroupUnknown);
    let groups = sent.groups.iter().map(|id| address::read(id).map_err(unknown));
    let new = NewUser {
        login: sent.login,
        name: sent.name,
        email: sent.email,
        role: sent.role.unwrap_or(Role::User),
        language: sent.language,
        groups: groups.collect::<Result<_, Stop>>()?,
        directory: sent.directory.unwrap_or_default().apply(user::Directory::default())?,
        disabled: false,
    };
    let mut caller = call.visit.caller();
    let added = administer_users::add(call.service(), &mut caller, call.authority(), new).await;
    let user = added.map_err(refused)?;
    let location = format!("/api/v1/users/{}", user.id);
    answer::created(&User::from(user), &location)
}

/// What changes; what is absent stays.
#[derive(Default, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[schema(as = UserChange)]
pub(super) struct Changed {
    /// What the person will type to sign in.
    #[serde(default, deserialize_with = "present")]
    #[schema(min_length = 1, max_length = 254, nullable = false, pattern = "^[^\\s\\p{C}]+$")]
    login: Option<String>,
    /// The person's name.
    #[serde(default, deserialize_with = "present")]
    #[schema(
        min_length = 1,
        max_length = 120,
        nullable = false,
        pattern = "^[^\\s\\p{C}]([^\\p{C}]*[^\\s\\p{C}])?$"
    )]
    name: Option<String>,
    /// Where notices go; `null` for nowhere.
    #[serde(default, deserialize_with = "given")]
    #[schema(value_type = Option<String>, max_length = 254)]
    email: Option<Option<String>>,
    /// The language in which the person is written to; `null` leaves it to each browser.
    #[serde(default, deserialize_with = "given")]
    #[schema(value_type = Option<String>, max_length = 35)]
    language: Option<Option<String>>,
    /// What the organisation's directory says.
    #[serde(default, deserialize_with = "present")]
    #[schema(nullable = false)]
    directory: Option<DirectoryChange>,
}

/// Change somebody
///
/// With If-Match nothing is changed if it has changed since.
#[utoipa::path(patch, path = "/api/v1/users/{id}", tag = "users", params(ById), request_body = Changed,
    security(("key" = ["users.write"])),
    responses((status = 200, description = "The account as it is now", body = User)))]
pub(super) async fn change(call: Call, Path(at): Path<ById>, Body(sent): Body<Changed>) -> Answer {
    let (service, id) = (call.service(), at.id()?);
    let mut expected = call.expected()?;
    let mut directory = None;
    if let Some(change) = sent.directory {
        // What was not sent stays as it is now; that it still is so, the commit makes sure.
        let user = administer_users::show_by_id(service, id).await.map_err(refused)?.user;
        expected.get_or_insert(user.version());
        directory = Some(change.apply(user.directory)?);
    }
    let Changed { login, name, email, language, .. } = sent;
    let changes = Changes { login, name, email, language, directory, expected };
    let mut caller = call.visit.caller();
    let done = administer_users::change(service, &mut caller, call.authority(), id, changes).await;
    changed(done.map_err(refused)?)
}
