//! AU-1 and AU-3: the list of people, and adding one.

use account::role::{Permission, Role};
use account::search::{Condition, Filter};
use account::user::{Directory, Login, UserId};
use axum::http::StatusCode;
use serde::Deserialize;
use service::administer_users::{self, AdministerError, NewUser};
use service::{Authority, Context, Unauthorised, Who, administer_groups};

use crate::context::Visit;
use crate::fields::{Form, Query};
use crate::pages::Flash;
use crate::pages::console::people::{Asked, GroupChoice, NewPerson, People, PersonFields, problem_key};
use crate::problem::{Answer, Problem, Stop};

/// People on one page.
const PAGE: u32 = 50;

/// Groups that a form offers at most.
const MOST_CHOICES: u32 = 500;

/// What is looked for, as the address says.
#[derive(Default, Deserialize)]
pub(super) struct Sought {
    #[serde(default)]
    q: String,
    #[serde(default)]
    show: String,
    #[serde(default)]
    role: String,
    #[serde(default)]
    group: String,
    #[serde(default)]
    after: String,
}

pub(super) async fn list(mut visit: Visit, Query(sought): Query<Sought>) -> Answer {
    let who = visit.console(Permission::ReadUsers).await?;
    let service = &visit.app.service;
    let asked = Asked {
        text: sought.q.trim().chars().take(account::search::LONGEST_TEXT).collect(),
        role: Role::parse(&sought.role),
        group: sought
            .group
            .parse()
            .map_or_else(|_| String::new(), |id: account::group::GroupId| id.to_string()),
        show: Condition::parse(&sought.show),
    };
    let filter = Filter {
        text: Some(asked.text.clone()).filter(|text| !text.is_empty()),
        role: asked.role,
        group: asked.group.parse().ok(),
        conditions: asked.show.into_iter().collect(),
    };
    let after = Login::parse(&sought.after).ok();
    let later = after.is_some();
    let total = administer_users::count(service, filter.clone()).await.map_err(problem)?;
    let total = i64::try_from(total).unwrap_or(i64::MAX);
    let more = PAGE.saturating_add(1);
    let mut found = administer_users::search(service, filter, after, more).await.map_err(problem)?;
    let next = cut(&mut found, PAGE).map(|last| last.user.login.shown().to_owned());
    let groups = choices(service).await?;
    let may_edit = who.user.role.may(Permission::EditUsers);
    let (shell, nav) = (visit.shell_for(&who), visit.nav(&who));
    visit.page(&People { shell, nav, asked, groups, found, total, next, later, may_edit })
}

/// Cuts a page off that was read with one more than it holds; gives its last one if there are more.
pub(super) fn cut<T>(found: &mut Vec<T>, page: u32) -> Option<&T> {
    let page = usize::try_from(page).unwrap_or(usize::MAX);
    let more = found.len() > page;
    found.truncate(page);
    found.last().filter(|_| more)
}

/// The groups that a form offers.
pub(super) async fn choices(service: &Context) -> Result<Vec<GroupChoice>, Stop> {
    let listed = administer_groups::list(service, None, MOST_CHOICES).await.map_err(problem)?;
    Ok(listed.into_iter().map(|listed| listed.group.into()).collect())
}

/// What is typed about a person.
#[derive(Clone, Default, Deserialize)]
#[serde(default)]
pub(super) struct Typed {
    login: String,
    name: String,
    email: String,
    language: String,
    given_name: String,
    family_name: String,
    title: String,
    department: String,
    private_email: String,
    manager: String,
}

impl Typed {
    /// The same for the form to show again.
    pub(super) fn fields(&self) -> PersonFields {
        let Self { login, name, email, language, given_name, family_name, title, department, .. } =
            self.clone();
        let (private_email, manager) = (self.private_email.clone(), self.manager.clone());
        PersonFields {
            login,
            name,
            email,
            language,
            given_name,
            family_name,
            title,
            department,
            private_email,
            manager,
        }
    }

    pub(super) fn login(&self) -> String {
        self.login.clone()
    }

    pub(super) fn name(&self) -> String {
        self.name.clone()
    }

    pub(super) fn email(&self) -> Option<String> {
        given(&self.email)
    }

    pub(super) fn language(&self) -> Option<String> {
        given(&self.language)
    }

    /// What the directory shall say; what stands in no form is as it was.
    pub(super) async fn directory(
        &self,
        service: &Context,
        before: &Directory,
    ) -> Result<Directory, AdministerError> {
        Ok(Directory {
            external_id: before.external_id.clone(),
            manager: manager(service, &self.manager).await?,
            given_name: given(&self.given_name),
            family_name: given(&self.family_name),
            title: given(&self.title),
            department: given(&self.department),
            private_email: given(&self.private_email),
        })
    }
}

fn given(text: &str) -> Option<String> {
    Some(text.trim().to_owned()).filter(|text| !text.is_empty())
}

async fn manager(service: &Context, login: &str) -> Result<Option<UserId>, AdministerError> {
    if login.trim().is_empty() {
        return Ok(None);
    }
    match administer_users::show(service, login).await {
        Ok(shown) => Ok(Some(shown.user.id)),
        Err(AdministerError::NotFound | AdministerError::Login(_)) => Err(AdministerError::ManagerUnknown),
        Err(error) => Err(error),
    }
}

/// What is typed to add a person.
#[derive(Default, Deserialize)]
pub(super) struct Added {
    #[serde(flatten)]
    typed: Typed,
    #[serde(default)]
    role: String,
    #[serde(default)]
    group: String,
}

pub(super) async fn new(mut visit: Visit) -> Answer {
    let who = visit.console(Permission::EditUsers).await?;
    let page = new_page(&mut visit, &who, &Added::default(), None).await?;
    visit.page(&page)
}

async fn new_page(
    visit: &mut Visit,
    who: &Who,
    added: &Added,
    problem: Option<&'static str>,
) -> Result<NewPerson, Stop> {
    Ok(NewPerson {
        fields: added.typed.fields(),
        role: Role::parse(&added.role).unwrap_or(Role::User),
        group: added.group.clone(),
        groups: choices(&visit.app.service).await?,
        problem,
        shell: visit.shell_for(who),
        nav: visit.nav(who),
    })
}

pub(super) async fn add(mut visit: Visit, Form(added): Form<Added>) -> Answer {
    let who = visit.console(Permission::EditUsers).await?;
    let error = match try_add(&mut visit, &who, &added).await {
        Ok(user) => {
            visit.set_flash(&Flash::Directory { done: "added".to_owned(), name: added.typed.name() });
            return visit.see_other(&format!("/admin/users/{user}/methods"));
        }
        Err(error) => again(error)?,
    };
    let page = new_page(&mut visit, &who, &added, Some(problem_key(&error))).await?;
    visit.page_with(StatusCode::UNPROCESSABLE_ENTITY, &page)
}

async fn try_add(visit: &mut Visit, who: &Who, added: &Added) -> Result<UserId, AdministerError> {
    let service = &visit.app.service;
    let group = match added.group.as_str() {
        "" => None,
        group => Some(group.parse().map_err(|_| AdministerError::GroupUnknown)?),
    };
    let new = NewUser {
        login: added.typed.login(),
        name: added.typed.name(),
        email: added.typed.email(),
        role: Role::parse(&added.role).unwrap_or(Role::User),
        directory: added.typed.directory(service, &Directory::default()).await?,
        groups: group.into_iter().collect(),
        language: added.typed.language(),
        disabled: false,
    };
    let mut caller = visit.caller();
    let user = administer_users::add(service, &mut caller, Authority::Person(who), new).await?;
    Ok(user.id)
}

/// What is told on the form itself; the rest is a problem of its own.
pub(super) fn again(error: AdministerError) -> Result<AdministerError, Stop> {
    match error {
        AdministerError::Store(_)
        | AdministerError::NotFound
        | AdministerError::Unauthorised(Unauthorised::SessionEnded) => Err(problem(error)),
        told => Ok(told),
    }
}

/// What is no matter of a form.
pub(super) fn problem(error: AdministerError) -> Stop {
    match error {
        AdministerError::Store(error) => Problem::from(error).into(),
        AdministerError::NotFound => Problem::not_found().into(),
        AdministerError::Unauthorised(Unauthorised::SessionEnded) => Problem::session_ended().into(),
        other => Problem::forbidden(other.code()).into(),
    }
}
