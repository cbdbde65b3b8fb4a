//! Groups, and who is in them.

use account::group::GroupId;
use account::role::Permission;
use account::user::UserId;
use axum::http::StatusCode;
use primitives::time::Timestamp;
use serde::Deserialize;
use service::administer_groups::{self, GroupChanges, NewGroup};
use service::administer_users::{self, AdministerError};
use service::{Authority, Who};

use super::people::{again, cut, problem};
use crate::context::Visit;
use crate::fields::{Form, Path, Query};
use crate::pages::Flash;
use crate::pages::console::groups::{Groups, OneGroup};
use crate::pages::console::people::problem_key;
use crate::problem::{Answer, Problem, Stop};

/// Groups or members on one page.
const PAGE: u32 = 50;

fn id(text: &str) -> Result<GroupId, Problem> {
    text.parse().map_err(|_| Problem::not_found())
}

#[derive(Default, Deserialize)]
pub(super) struct Behind {
    #[serde(default)]
    after: String,
}

/// What is typed about a group.
#[derive(Default, Deserialize)]
pub(super) struct Typed {
    #[serde(default)]
    name: String,
    #[serde(default)]
    description: String,
    #[serde(default)]
    changed: String,
}

async fn list_page(
    visit: &mut Visit,
    who: &Who,
    after: &str,
    (typed, wrong): (Typed, Option<&'static str>),
) -> Result<Groups, Stop> {
    let service = &visit.app.service;
    let after = Some(after.to_owned()).filter(|after| !after.is_empty());
    let later = after.is_some();
    let more = PAGE.saturating_add(1);
    let mut groups = administer_groups::list(service, after, more).await.map_err(problem)?;
    let next = cut(&mut groups, PAGE).map(|last| last.group.name.clone());
    Ok(Groups {
        groups,
        next,
        later,
        may_edit: who.user.role.may(Permission::EditGroups),
        name: typed.name,
        description: typed.description,
        problem: wrong,
        shell: visit.shell_for(who),
        nav: visit.nav(who),
    })
}

pub(super) async fn list(mut visit: Visit, Query(behind): Query<Behind>) -> Answer {
    let who = visit.console(Permission::ReadUsers).await?;
    let page = list_page(&mut visit, &who, &behind.after, (Typed::default(), None)).await?;
    visit.page(&page)
}

pub(super) async fn add(mut visit: Visit, Form(typed): Form<Typed>) -> Answer {
    let who = visit.console(Permission::EditGroups).await?;
    let new =
        NewGroup { name: typed.name.clone(), description: typed.description.clone(), external_id: None };
    let (mut caller, by) = (visit.caller(), Authority::Person(&who));
    let error = match administer_groups::add(&visit.app.service, &mut caller, by, new).await {
        Ok(group) => {
            visit.set_flash(&Flash::Directory { done: "group-added".to_owned(), name: group.name });
            return visit.see_other(&format!("/admin/groups/{}", group.id));
        }
        Err(error) => again(error)?,
    };
    let page = list_page(&mut visit, &who, "", (typed, Some(problem_key(&error)))).await?;
    visit.page_with(StatusCode::UNPROCESSABLE_ENTITY, &page)
}

async fn page(visit: &mut Visit, who: &Who, id: GroupId, after: &str) -> Result<OneGroup, Stop> {
    let service = &visit.app.service;
    let listed = administer_groups::show(service, id).await.map_err(problem)?;
    let after: Option<UserId> = after.parse().ok();
    let later = after.is_some();
    let more = PAGE.saturating_add(1);
    let mut members = administer_groups::members(service, id, after, more).await.map_err(problem)?;
    let next = cut(&mut members, PAGE).map(|last| last.id.to_string());
    Ok(OneGroup {
        name: listed.group.name.clone(),
        description: listed.group.description.clone(),
        count: i64::try_from(listed.members).unwrap_or(i64::MAX),
        listed,
        members,
        next,
        later,
        login: String::new(),
        may_edit: who.user.role.may(Permission::EditGroups),
        problem: None,
        shell: visit.shell_for(who),
        nav: visit.nav(who),
    })
}

pub(super) async fn show(mut visit: Visit, Path(text): Path<String>, Query(behind): Query<Behind>) -> Answer {
    let who = visit.console(Permission::ReadUsers).await?;
    let page = page(&mut visit, &who, id(&text)?, &behind.after).await?;
    visit.page(&page)
}

pub(super) async fn change(mut visit: Visit, Path(text): Path<String>, Form(typed): Form<Typed>) -> Answer {
    let who = visit.console(Permission::EditGroups).await?;
    let id = id(&text)?;
    let changes = GroupChanges {
        name: Some(typed.name.clone()),
        description: Some(typed.description.clone()),
        expected: typed.changed.parse().ok().map(Timestamp::from_micros),
        ..GroupChanges::default()
    };
    let (mut caller, by) = (visit.caller(), Authority::Person(&who));
    let error = match administer_groups::change(&visit.app.service, &mut caller, by, id, changes).await {
        Ok(group) => {
            visit.set_flash(&Flash::Directory { done: "changed".to_owned(), name: group.name });
            return visit.see_other(&format!("/admin/groups/{id}"));
        }
        Err(error) => again(error)?,
    };
    let mut page = page(&mut visit, &who, id, "").await?;
    if error != AdministerError::Conflict {
        (page.name, page.description) = (typed.name, typed.description);
    }
    page.problem = Some(problem_key(&error));
    visit.page_with(StatusCode::UNPROCESSABLE_ENTITY, &page)
}

pub(super) async fn remove(mut visit: Visit, Path(text): Path<String>) -> Answer {
    let who = visit.console(Permission::EditGroups).await?;
    let id = id(&text)?;
    let (mut caller, by) = (visit.caller(), Authority::Person(&who));
    let error = match administer_groups::remove(&visit.app.service, &mut caller, by, id).await {
        Ok(group) => {
            visit.set_flash(&Flash::Directory { done: "group-removed".to_owned(), name: group.name });
            return visit.see_other("/admin/groups");
        }
        Err(error) => again(error)?,
    };
    let page = OneGroup { problem: Some(problem_key(&error)), ..page(&mut visit, &who, id, "").await? };
    visit.page_with(StatusCode::UNPROCESSABLE_ENTITY, &page)
}

/// Who comes in, by login, or goes, by id.
#[derive(Default, Deserialize)]
pub(super) struct Moved {
    #[serde(default)]
    login: String,
    #[serde(default)]
    user: String,
}

pub(super) async fn join(visit: Visit, path: Path<String>, form: Form<Moved>) -> Answer {
    move_member(visit, path, form, true).await
}

pub(super) async fn leave(visit: Visit, path: Path<String>, form: Form<Moved>) -> Answer {
    move_member(visit, path, form, false).await
}

async fn move_member(
    mut visit: Visit,
    Path(text): Path<String>,
    Form(moved): Form<Moved>,
    joins: bool,
) -> Answer {
    let who = visit.console(Permission::EditGroups).await?;
    let id = id(&text)?;
    let wrong = match try_move(&mut visit, &who, id, (&moved, joins)).await {
        Ok(name) => {
            let done = if joins { "joined" } else { "left" };
            visit.set_flash(&Flash::Directory { done: done.to_owned(), name });
            return visit.see_other(&format!("/admin/groups/{id}"));
        }
        // The group is looked up for the page, which says so if it is gone: here it is the person.
        Err(AdministerError::NotFound) => "people-problem-nobody",
        Err(error) => problem_key(&again(error)?),
    };
    let page = OneGroup { problem: Some(wrong), login: moved.login, ..page(&mut visit, &who, id, "").await? };
    visit.page_with(StatusCode::UNPROCESSABLE_ENTITY, &page)
}

async fn try_move(
    visit: &mut Visit,
    who: &Who,
    id: GroupId,
    (moved, joins): (&Moved, bool),
) -> Result<String, AdministerError> {
    let service = &visit.app.service;
    let user = match joins {
        true => administer_users::show(service, &moved.login).await?.user,
        false => {
            let user = moved.user.parse().map_err(|_| AdministerError::NotFound)?;
            administer_users::show_by_id(service, user).await?.user
        }
    };
    let (add, remove) = if joins { (vec![user.id], Vec::new()) } else { (Vec::new(), vec![user.id]) };
    let (mut caller, by) = (visit.caller(), Authority::Person(who));
    administer_groups::set_members(service, &mut caller, by, id, add, remove).await?;
    Ok(user.name)
}
