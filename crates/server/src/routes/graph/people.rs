//! Whom an address names: `/users/{id or userPrincipalName}` or `/me`.

use std::collections::BTreeMap;

use account::user::UserId;
use service::administer_users::{self, Shown};

use crate::fields::Path;
use crate::problem::{Problem, Stop};
use crate::routes::api::{Call, Principal, refused};

/// What an address leaves open.
pub(super) type Named = Path<BTreeMap<String, String>>;

/// The person that the address names.
pub(super) async fn named(call: &Call, Path(parts): &Named) -> Result<Shown, Stop> {
    let service = call.service();
    match parts.get("id") {
        Some(id) => match id.parse::<UserId>() {
            Ok(id) => administer_users::show_by_id(service, id).await,
            Err(_) => administer_users::show(service, id).await,
        }
        .map_err(|error| match error {
            // A text that is no login names nobody.
            administer_users::AdministerError::Login(_) => Problem::not_found().into(),
            other => refused(other),
        }),
        None => administer_users::show_by_id(service, oneself(call)?).await.map_err(refused),
    }
}

/// Whose page calls, or for whom the key acts; a program is nobody.
pub(super) fn oneself(call: &Call) -> Result<UserId, Stop> {
    match &call.principal {
        Principal::Person(who) => Ok(who.user.id),
        Principal::Key(bearer) => match &bearer.person {
            Some(person) => Ok(person.id),
            None => Err(super::odata::refused("self")),
        },
    }
}

/// The method that the address names.
pub(super) fn method<T>(Path(parts): &Named) -> Result<primitives::id::Id<T>, Problem> {
    let text = parts.get("method").map(String::as_str).unwrap_or_default();
    text.parse().map_err(|_| Problem::not_found())
}
