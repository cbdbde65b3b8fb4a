//! AU-2 and AT-1: one person.

use account::audit::Actor;
use account::group::GroupId;
use account::passkey::PasskeyId;
use account::role::{Permission, Role};
use account::user::{User, UserId};
use axum::http::StatusCode;
use serde::Deserialize;
use service::administer_users::{self, AdministerError, Changes, Shown};
use service::read_history::network;
use service::read_log::Sight;
use service::{Authority, Context, Who, administer_groups, read_audit};
use store::audit::Filter;

use super::people::{Typed, again, choices, problem};
use crate::context::Visit;
use crate::fields::{Form, Path};
use crate::pages::Flash;
use crate::pages::console::people::{PersonFields, problem_key};
use crate::pages::console::person::{Happened, Person, Tab};
use crate::problem::{Answer, Problem, Stop};

/// What happened last, as far as the page shows it.
const MOST_HAPPENED: u32 = 50;

fn id(text: &str) -> Result<UserId, Problem> {
    text.parse().map_err(|_| Problem::not_found())
}

pub(super) async fn profile(visit: Visit, path: Path<String>) -> Answer {
    show(visit, path, Tab::Profile).await
}

pub(super) async fn methods(visit: Visit, path: Path<String>) -> Answer {
    show(visit, path, Tab::Methods).await
}

pub(super) async fn sessions(visit: Visit, path: Path<String>) -> Answer {
    show(visit, path, Tab::Sessions).await
}

pub(super) async fn activity(visit: Visit, path: Path<String>) -> Answer {
    show(visit, path, Tab::Activity).await
}

async fn show(mut visit: Visit, Path(text): Path<String>, tab: Tab) -> Answer {
    let who = visit.console(Permission::ReadUsers).await?;
    let page = page(&mut visit, &who, (id(&text)?, tab), None).await?;
    visit.page(&page)
}

async fn page(
    visit: &mut Visit,
    who: &Who,
    (id, tab): (UserId, Tab),
    wrong: Option<&'static str>,
) -> Result<Person, Stop> {
    let service = &visit.app.service;
    let shown = administer_users::show_by_id(service, id).await.map_err(problem)?;
    let user = &shown.user;
    let groups = administer_groups::of_user(service, user).await.map_err(problem)?;
    let mut others = if tab == Tab::Profile { choices(service).await? } else { Vec::new() };
    others.retain(|choice| groups.iter().all(|group| group.id.to_string() != choice.id));
    let own = user.id == who.user.id;
    let may = |permission: &Permission| !own && who.user.role.may_to(*permission, user.role);
    let mut sessions = match tab {
        Tab::Sessions => administer_users::sessions_of(service, visit.now(), id).await.map_err(problem)?,
        _ => Vec::new(),
    };
    let mut happened = if tab == Tab::Activity { happened(service, &shown).await? } else { Vec::new() };
    // The log shortens the addresses of those whom the reader may not help; here they are no longer.
    if !own && !Sight::Of(who.user.role).sees(Some(user.role)) {
        sessions.iter_mut().for_each(|session| session.client.address = network(&session.client.address));
        happened.iter_mut().for_each(|happened| happened.address = network(&happened.address));
    }
    Ok(Person {
        tab,
        fields: fields(service, user).await?,
        version: user.version(),
        groups: groups.into_iter().map(Into::into).collect(),
        others,
        sessions,
        happened,
        own,
        may: Permission::ALL.iter().copied().filter(may).collect(),
        problem: wrong,
        shown,
        shell: visit.shell_for(who),
        nav: visit.nav(who),
    })
}

async fn fields(service: &Context, user: &User) -> Result<PersonFields, Stop> {
    let told = user.directory.clone();
    let manager = match told.manager {
        Some(manager) => name_of(service, manager).await?,
        None => String::new(),
    };
    Ok(PersonFields {
        login: user.login.shown().to_owned(),
        name: user.name.clone(),
        email: user.email.clone().unwrap_or_default(),
        language: user.language.clone().unwrap_or_default(),
        given_name: told.given_name.unwrap_or_default(),
        family_name: told.family_name.unwrap_or_default(),
        title: told.title.unwrap_or_default(),
        department: told.department.unwrap_or_default(),
        private_email: told.private_email.unwrap_or_default(),
        manager,
    })
}

/// The login of somebody, or the id of whoever is erased.
async fn name_of(service: &Context, id: UserId) -> Result<String, Stop> {
    match administer_users::show_by_id(service, id).await {
        Ok(shown) => Ok(shown.user.login.shown().to_owned()),
        Err(AdministerError::NotFound) => Ok(id.to_string()),
        Err(error) => Err(problem(error)),
    }
}

async fn happened(service: &Context, shown: &Shown) -> Result<Vec<Happened>, Stop> {
    let filter = Filter { subject: Some(shown.user.id), ..Filter::default() };
    let mut happened = Vec::new();
    for entry in read_audit::list(service, filter, MOST_HAPPENED).await? {
        let event = entry.event;
        let by = match event.actor {
            Actor::User(id) if id == shown.user.id => shown.user.login.shown().to_owned(),
            Actor::User(id) => name_of(service, id).await?,
            other => other.to_string(),
        };
        let (at, kind, reference) = (event.at, event.kind, event.reference);
        let client = event.client.unwrap_or_default();
        let (browser, address) = (client.browser, client.address);
        happened.push(Happened { at, kind, by, browser, address, reference });
    }
    Ok(happened)
}

#[derive(Deserialize)]
pub(super) struct Changed {
    #[serde(flatten)]
    typed: Typed,
    #[serde(default)]
    version: String,
}

pub(super) async fn change(
    mut visit: Visit,
    Path(text): Path<String>,
    Form(changed): Form<Changed>,
) -> Answer {
    let who = visit.console(Permission::EditUsers).await?;
    let id = id(&text)?;
    let error = match try_change(&mut visit, &who, id, &changed).await {
        Ok(user) => return done(visit, ("changed", &user), Tab::Profile),
        Err(error) => again(error)?,
    };
    let mut page = page(&mut visit, &who, (id, Tab::Profile), Some(problem_key(&error))).await?;
    // What was typed stays, under the version that it was typed against, unless that is what was wrong: then the page shows
    // what there is now.
    if error != AdministerError::Conflict {
        page.fields = changed.typed.fields();
        page.version = changed.version;
    }
    visit.page_with(StatusCode::UNPROCESSABLE_ENTITY, &page)
}

async fn try_change(
    visit: &mut Visit,
    who: &Who,
    id: UserId,
    changed: &Changed,
) -> Result<User, AdministerError> {
    let service = &visit.app.service;
    let before = administer_users::show_by_id(service, id).await?.user.directory;
    let typed = &changed.typed;
    let changes = Changes {
        login: Some(typed.login()),
        name: Some(typed.name()),
        email: Some(typed.email()),
        language: Some(typed.language()),
        directory: Some(typed.directory(service, &before).await?),
        expected: Some(changed.version.clone()),
    };
    administer_users::change(service, &mut visit.caller(), Authority::Person(who), id, changes).await
}

fn done(mut visit: Visit, (what, user): (&str, &User), tab: Tab) -> Answer {
    visit.set_flash(&Flash::Directory { done: what.to_owned(), name: user.name.clone() });
    visit.see_other(&format!("/admin/users/{}{}", user.id, tab.path()))
}

/// Shows the page again and says why nothing was changed, or goes on.
async fn outcome(
    mut visit: Visit,
    who: &Who,
    (id, tab): (UserId, Tab),
    (what, result): (&str, Result<User, AdministerError>),
) -> Answer {
    let error = match result {
        Ok(user) => return done(visit, (what, &user), tab),
        Err(error) => again(error)?,
    };
    let page = page(&mut visit, who, (id, tab), Some(problem_key(&error))).await?;
    visit.page_with(StatusCode::UNPROCESSABLE_ENTITY, &page)
}

/// What is done to a person by one press of a button.
macro_rules! pressed {
    ($($name:ident, $permission:ident, $tab:ident, $what:literal, |$service:ident, $caller:ident, $by:ident, $id:ident| $act:expr;)+) => {
        $(pub(super) async fn $name(mut visit: Visit, Path(text): Path<String>) -> Answer {
            let who = visit.console(Permission::$permission).await?;
            let $id = id(&text)?;
            let mut caller = visit.caller();
            let result = {
                let ($service, $caller, $by) = (&visit.app.service, &mut caller, Authority::Person(&who));
                $act.await
            };
            outcome(visit, &who, ($id, Tab::$tab), ($what, result)).await
        })+
    };
}

pressed! {
    disable, EditUsers, Profile, "disabled",
        |service, caller, by, id| administer_users::disable(service, caller, by, id);
    enable, EditUsers, Profile, "enabled",
        |service, caller, by, id| administer_users::enable(service, caller, by, id);
    delete, EditUsers, Profile, "deleted",
        |service, caller, by, id| administer_users::delete(service, caller, by, id);
    restore, EditUsers, Profile, "restored",
        |service, caller, by, id| administer_users::restore(service, caller, by, id);
    sign_out, ManageMethods, Methods, "signed-out",
        |service, caller, by, id| administer_users::sign_out(service, caller, by, id);
    register, ManageMethods, Methods, "register",
        |service, caller, by, id| administer_users::require_new_registration(service, caller, by, id);
    break_glass, EditRoles, Profile, "break-glass",
        |service, caller, by, id| administer_users::set_break_glass(service, caller, by, id, true);
    no_break_glass, EditRoles, Profile, "no-break-glass",
        |service, caller, by, id| administer_users::set_break_glass(service, caller, by, id, false);
}

pub(super) async fn erase(mut visit: Visit, Path(text): Path<String>) -> Answer {
    let who = visit.console(Permission::EditUsers).await?;
    let id = id(&text)?;
    let name = administer_users::show_by_id(&visit.app.service, id).await.map_err(problem)?.user.name;
    let mut caller = visit.caller();
    let erased = administer_users::erase(&visit.app.service, &mut caller, Authority::Person(&who), id).await;
    let error = match erased {
        Ok(()) => {
            visit.set_flash(&Flash::Directory { done: "erased".to_owned(), name });
            return visit.see_other("/admin/users");
        }
        Err(error) => error,
    };
    outcome(visit, &who, (id, Tab::Profile), ("erased", Err(error))).await
}

#[derive(Deserialize)]
pub(super) struct Given {
    role: String,
}

pub(super) async fn role(mut visit: Visit, Path(text): Path<String>, Form(given): Form<Given>) -> Answer {
    let who = visit.console(Permission::EditRoles).await?;
    let id = id(&text)?;
    let role = Role::parse(&given.role).ok_or_else(Problem::not_found)?;
    let (mut caller, by) = (visit.caller(), Authority::Person(&who));
    let result = administer_users::set_role(&visit.app.service, &mut caller, by, id, role).await;
    outcome(visit, &who, (id, Tab::Profile), ("role", result)).await
}

pub(super) async fn remove_passkey(
    mut visit: Visit,
    Path((text, passkey)): Path<(String, String)>,
) -> Answer {
    let who = visit.console(Permission::ManageMethods).await?;
    let id = id(&text)?;
    let passkey: PasskeyId = passkey.parse().map_err(|_| Problem::not_found())?;
    let (mut caller, by) = (visit.caller(), Authority::Person(&who));
    let service = &visit.app.service;
    let result = match administer_users::remove_passkey(service, &mut caller, by, id, passkey).await {
        Ok(_) => administer_users::show_by_id(service, id).await.map(|shown| shown.user),
        Err(error) => Err(error),
    };
    outcome(visit, &who, (id, Tab::Methods), ("passkey-removed", result)).await
}

#[derive(Deserialize)]
pub(super) struct Chosen {
    group: String,
}

pub(super) async fn join(visit: Visit, path: Path<String>, form: Form<Chosen>) -> Answer {
    move_to(visit, path, form, true).await
}

pub(super) async fn leave(visit: Visit, path: Path<String>, form: Form<Chosen>) -> Answer {
    move_to(visit, path, form, false).await
}

async fn move_to(
    mut visit: Visit,
    Path(text): Path<String>,
    Form(chosen): Form<Chosen>,
    joins: bool,
) -> Answer {
    let who = visit.console(Permission::EditGroups).await?;
    let id = id(&text)?;
    let group: GroupId = chosen.group.parse().map_err(|_| Problem::not_found())?;
    let (mut caller, by) = (visit.caller(), Authority::Person(&who));
    let service = &visit.app.service;
    let (add, remove) = if joins { (vec![id], Vec::new()) } else { (Vec::new(), vec![id]) };
    let result = match administer_groups::set_members(service, &mut caller, by, group, add, remove).await {
        Ok(_) => administer_users::show_by_id(service, id).await.map(|shown| shown.user),
        Err(error) => Err(error),
    };
    let what = if joins { "joined" } else { "left" };
    outcome(visit, &who, (id, Tab::Profile), (what, result)).await
}
