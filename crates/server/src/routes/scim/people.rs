//! `/scim/v2/Users`.

use account::user::UserId;
use axum::extract::Path;
use axum::http::StatusCode;
use axum::response::IntoResponse;
use scim::projection::Projection;
use scim::schema::USERS;
use scim::{Refusal, Resource, message, patch, read};
use serde_json::Value;
use service::Authority;
use service::administer_users::{self, AdministerError};
use service::provision::{self, Provisioned, Wanted as Whom};

use super::answer::{ATTEMPTS, Answer, Asked, Look, No, Program, Sent, json};
use super::person::{self, Wanted};

fn gone() -> Refusal {
    Refusal::status(404, "There is no such user")
}

async fn find(program: &Program, text: &str) -> Result<Provisioned, No> {
    let id: UserId = text.parse().map_err(|_| gone())?;
    Ok(provision::user(&program.visit.app.service, id).await?.ok_or_else(gone)?)
}

fn answered(program: &Program, status: StatusCode, asked: &Asked, found: &Provisioned) -> Answer {
    let projection = Look::of_query(&USERS, asked)?.projection;
    Ok(program.resource(status, &USERS, &projection, person::resource(&program.base(), found)))
}

pub(super) async fn list(program: Program, asked: Asked) -> Answer {
    page(&program, Look::of_query(&USERS, &asked)?).await
}

pub(super) async fn search(program: Program, Sent(body): Sent) -> Answer {
    page(&program, Look::of_body(&USERS, &body)?).await
}

async fn page(program: &Program, look: Look) -> Answer {
    let (total, resources) = found(program, &look, look.start.saturating_sub(1), look.count).await?;
    Ok(json(StatusCode::OK, &message::list(total, look.start, resources)))
}

/// What a look finds: how many in all, and those from the `skip`-th on.
pub(super) async fn found(
    program: &Program,
    look: &Look,
    skip: u64,
    count: u32,
) -> Result<(u64, Vec<Value>), No> {
    let base = program.base();
    let whom = match look.filter.clone() {
        None => Whom::All,
        Some(filter) => match filter.equality() {
            Some(("userName", login)) => Whom::Login(login.to_owned()),
            Some(("externalId", id)) => Whom::ExternalId(id.to_owned()),
            _ => {
                let base = base.clone();
                Whom::Matching(std::sync::Arc::new(move |found: &Provisioned| {
                    filter.matches(&person::resource(&base, found))
                }))
            }
        },
    };
    let page = provision::page(&program.visit.app.service, whom, skip, count).await?;
    Ok((page.total, page.found.iter().map(|found| shown(&base, &look.projection, found)).collect()))
}

fn shown(base: &str, projection: &Projection, found: &Provisioned) -> Value {
    Value::Object(projection.of(&USERS, person::resource(base, found)))
}

pub(super) async fn show(program: Program, asked: Asked, Path(text): Path<String>) -> Answer {
    let found = find(&program, &text).await?;
    answered(&program, StatusCode::OK, &asked, &found)
}

pub(super) async fn create(program: Program, asked: Asked, Sent(body): Sent) -> Answer {
    let wanted = Wanted::read(&read::resource(&USERS, body)?)?;
    let service = &program.visit.app.service;
    let authority = Authority::Key(&program.key);
    let mut caller = program.visit.caller();
    let added = administer_users::add(service, &mut caller, authority, wanted.into_new()).await?;
    let found = find(&program, &added.id.to_string()).await?;
    answered(&program, StatusCode::CREATED, &asked, &found)
}

/// Makes the account what `of` makes of its resource. A change by somebody else meanwhile is met again, unless the client
/// said which version it means.
async fn change(
    program: &Program,
    text: &str,
    of: impl Fn(&Resource) -> Result<Resource, Refusal>,
) -> Result<Provisioned, No> {
    let service = &program.visit.app.service;
    let authority = Authority::Key(&program.key);
    for _ in 0..ATTEMPTS {
        let found = find(program, text).await?;
        program.expects(&person::version(&found.user))?;
        let wanted = Wanted::read(&of(&person::resource(&program.base(), &found))?)?;
        let active = wanted.active.unwrap_or(found.user.is_enabled());
        if active && !found.user.is_enabled() && !found.user.disabled_by_program {
            // The commit would refuse it too, but only behind the other changes.
            return Err(AdministerError::HeldByPerson.into());
        }
        let mut caller = program.visit.caller();
        let user = found.user.id;
        let changes = wanted.into_changes(&found.user);
        match administer_users::change(service, &mut caller, authority, user, changes).await {
            Ok(changed) if changed.is_enabled() == active => {}
            Ok(_) if active => {
                administer_users::enable(service, &mut caller, authority, user).await?;
            }
            Ok(_) => {
                administer_users::disable(service, &mut caller, authority, user).await?;
            }
            Err(AdministerError::Conflict) if !program.is_conditional() => continue,
            Err(error) => return Err(error.into()),
        }
        return find(program, text).await;
    }
    Err(Refusal::status(409, "Others change this user at the same time").into())
}

pub(super) async fn put(
    program: Program,
    asked: Asked,
    Path(text): Path<String>,
    Sent(body): Sent,
) -> Answer {
    let wanted = read::resource(&USERS, body)?;
    let found = change(&program, &text, |_| Ok(wanted.clone())).await?;
    answered(&program, StatusCode::OK, &asked, &found)
}

pub(super) async fn patch(
    program: Program,
    asked: Asked,
    Path(text): Path<String>,
    Sent(body): Sent,
) -> Answer {
    let operations = patch::read(body)?;
    let found = change(&program, &text, |resource| patch::apply(&USERS, resource, &operations)).await?;
    answered(&program, StatusCode::OK, &asked, &found)
}

pub(super) async fn remove(program: Program, Path(text): Path<String>) -> Answer {
    let found = find(&program, &text).await?;
    program.expects(&person::version(&found.user))?;
    let mut caller = program.visit.caller();
    let service = &program.visit.app.service;
    administer_users::delete(service, &mut caller, Authority::Key(&program.key), found.user.id).await?;
    Ok(StatusCode::NO_CONTENT.into_response())
}
