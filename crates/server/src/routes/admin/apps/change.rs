//! Changing an application: its terms part by part, its secrets, its picture, whether it is on.

use account::role::Permission;
use axum::http::{StatusCode, header};
use axum::response::IntoResponse;
use oidc::client::ClientId;
use primitives::encoding;
use primitives::time::Span;
use service::administer_clients::{self as use_case, Change, ClientAdminError, Terms};
use service::{Authority, Who};
use store::clients::Stored;

use super::{at, find, page, pastes, problem, terms_of, told};
use crate::client_form::{self as form, Around, Part};
use crate::client_terms::{GroupNames, groups_of};
use crate::context::Visit;
use crate::fields::{Form, Path};
use crate::pages::Flash;
use crate::pages::console::apps::{MadeApp, OneApp, Review, ReviewLine, Tab};
use crate::policy_form::{Fields, Wrong};
use crate::problem::{Answer, Problem, Stop};
use crate::text::Text;

type Sent = Form<Vec<(String, String)>>;

pub(super) async fn client(visit: Visit, Path(id): Path<String>) -> Answer {
    edit(visit, &id, (Tab::Client, Part::Client)).await
}

pub(super) async fn access(visit: Visit, Path(id): Path<String>) -> Answer {
    edit(visit, &id, (Tab::Access, Part::Access)).await
}

pub(super) async fn tokens(visit: Visit, Path(id): Path<String>) -> Answer {
    edit(visit, &id, (Tab::Tokens, Part::Tokens)).await
}

pub(super) async fn save_client(visit: Visit, Path(id): Path<String>, Form(sent): Sent) -> Answer {
    save(visit, &id, (Tab::Client, Part::Client), sent).await
}

pub(super) async fn save_access(visit: Visit, Path(id): Path<String>, Form(sent): Sent) -> Answer {
    save(visit, &id, (Tab::Access, Part::Access), sent).await
}

pub(super) async fn save_tokens(visit: Visit, Path(id): Path<String>, Form(sent): Sent) -> Answer {
    save(visit, &id, (Tab::Tokens, Part::Tokens), sent).await
}

/// What a part's page holds.
struct Held {
    fields: Fields,
    wrong: Vec<Wrong>,
    review: Option<Review>,
    problem: Option<&'static str>,
}

impl Held {
    fn of(fields: Fields) -> Self {
        Self { fields, wrong: Vec::new(), review: None, problem: None }
    }
}

async fn names(visit: &Visit, terms: &Terms) -> Result<GroupNames, Stop> {
    let found = GroupNames::of(&visit.app.service, groups_of(&terms.application)).await;
    found.map_err(super::super::people::problem)
}

async fn edit(mut visit: Visit, id: &str, (tab, part): (Tab, Part)) -> Answer {
    let who = visit.console(Permission::ReadApplications).await?;
    let stored = find(&visit, id).await?;
    let groups = names(&visit, &terms_of(&stored)).await?;
    let held = Held::of(form::fill(part, &terms_of(&stored), &groups));
    show(visit, &who, (&stored, tab, part), held).await
}

async fn show(mut visit: Visit, who: &Who, (stored, tab, part): (&Stored, Tab, Part), held: Held) -> Answer {
    let settings = visit.app.service.settings();
    let around = Around { text: Text::new(visit.facts.spoken()), policy: &settings.policy };
    let failed = held.problem.is_some() || !held.wrong.is_empty();
    let status = if failed { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK };
    let controls = form::controls(part, &around, &held.fields, &held.wrong);
    let page = page(&mut visit, who, stored, tab).await?;
    visit.page_with(status, &OneApp { controls, review: held.review, problem: held.problem, ..page })
}

/// Shows what a change would be, or makes it.
async fn save(mut visit: Visit, id: &str, (tab, part): (Tab, Part), sent: Vec<(String, String)>) -> Answer {
    let who = visit.console(Permission::EditApplications).await?;
    let stored = find(&visit, id).await?;
    let fields = Fields::from(sent);
    let before = terms_of(&stored);
    let typed = form::groups_named(&fields);
    let groups = GroupNames::named(&visit.app.service, typed.iter().map(String::as_str)).await;
    let groups = groups.map_err(super::super::people::problem)?;
    let terms = match form::read(part, &before, &fields, &groups) {
        Ok(terms) => terms,
        Err(wrong) => {
            let held = Held { wrong, ..Held::of(fields) };
            return show(visit, &who, (&stored, tab, part), held).await;
        }
    };
    let mut held = Held::of(fields);
    held.review = Some(review(&visit, (part, &stored), &terms, (&held.fields, &groups)).await?);
    if held.fields.one("then") != "save" {
        return show(visit, &who, (&stored, tab, part), held).await;
    }
    let version = held.fields.one("version").parse().ok();
    let wanted = Change { terms, enabled: stored.enabled, version };
    match apply(&mut visit, &who, wanted, "changed").await {
        Ok(()) => visit.see_other(&format!("{}{}", at(&stored.client.id), tab.path())),
        Err(ClientAdminError::Terms(refusal)) => {
            let held = Held { wrong: vec![form::wrong(refusal)], review: None, ..held };
            show(visit, &who, (&stored, tab, part), held).await
        }
        Err(error) => {
            held.problem = Some(told(error)?);
            show(visit, &who, (&stored, tab, part), held).await
        }
    }
}

/// What differs, thing by thing, and what is sent again.
async fn review(
    visit: &Visit,
    (part, stored): (Part, &Stored),
    terms: &Terms,
    (fields, groups): (&Fields, &GroupNames),
) -> Result<Review, Stop> {
    let settings = visit.app.service.settings();
    let old = names(visit, &terms_of(stored)).await?;
    let said = |terms: &Terms, groups: &GroupNames| {
        let around = Around { text: Text::new(visit.facts.spoken()), policy: &settings.policy };
        let controls = form::controls(part, &around, &form::fill(part, terms, groups), &[]);
        controls.iter().filter_map(form::said).collect::<Vec<_>>()
    };
    let (before, after) = (said(&terms_of(stored), &old), said(terms, groups));
    let changed = before.into_iter().zip(after).filter(|(before, after)| before != after);
    let lines =
        changed.map(|((label, before), (_, after))| ReviewLine { label, before: Some(before), after });
    let own = ["then", "version"];
    let mut hidden: Vec<(String, String)> = fields
        .pairs()
        .filter(|(name, _)| !own.contains(name))
        .map(|(name, value)| (name.into(), value.into()))
        .collect();
    hidden.push(("then".to_owned(), "save".to_owned()));
    hidden.push(("version".to_owned(), stored.version.to_string()));
    let target = encoding::hex(&terms.digest_for(stored.enabled));
    Ok(Review { action: "change-client", target, hidden, lines: lines.collect() })
}

async fn apply(visit: &mut Visit, who: &Who, wanted: Change, done: &str) -> Result<(), ClientAdminError> {
    let mut caller = visit.caller();
    let stored = use_case::change(&visit.app.service, &mut caller, Authority::Person(who), wanted).await?;
    visit.set_flash(&Flash::Application { done: done.to_owned(), name: stored.application.name });
    Ok(())
}

/// Turns an application on or off, and changes nothing else about it.
pub(super) async fn switch(mut visit: Visit, Path(id): Path<String>, Form(sent): Sent) -> Answer {
    let who = visit.console(Permission::EditApplications).await?;
    let stored = find(&visit, &id).await?;
    let enabled = Fields::from(sent).flag("on");
    let wanted = Change { terms: terms_of(&stored), enabled, version: Some(stored.version) };
    let done = if enabled { "on" } else { "off" };
    match apply(&mut visit, &who, wanted, done).await {
        Ok(()) => visit.see_other(&at(&stored.client.id)),
        Err(error) => refused(visit, &who, (&stored, Tab::Overview), error).await,
    }
}

/// The page of that part, with what is wrong.
async fn refused(
    mut visit: Visit,
    who: &Who,
    (stored, tab): (&Stored, Tab),
    error: ClientAdminError,
) -> Answer {
    let problem = Some(told(error)?);
    let page = page(&mut visit, who, stored, tab).await?;
    visit.page_with(StatusCode::UNPROCESSABLE_ENTITY, &OneApp { problem, ..page })
}

pub(super) async fn remove(mut visit: Visit, Path(id): Path<String>) -> Answer {
    let who = visit.console(Permission::EditApplications).await?;
    let stored = find(&visit, &id).await?;
    let mut caller = visit.caller();
    let (authority, id) = (Authority::Person(&who), stored.client.id.clone());
    match use_case::remove(&visit.app.service, &mut caller, authority, id).await {
        Ok(stored) => {
            let done = "removed".to_owned();
            visit.set_flash(&Flash::Application { done, name: stored.application.name });
            visit.see_other(super::LIST)
        }
        Err(error) => refused(visit, &who, (&stored, Tab::Overview), error).await,
    }
}

/// The secret is in the answer to this very POST and nowhere else.
pub(super) async fn new_secret(mut visit: Visit, Path(id): Path<String>, Form(sent): Sent) -> Answer {
    let who = visit.console(Permission::EditApplications).await?;
    let stored = find(&visit, &id).await?;
    let keep: Span = Fields::from(sent).one("keep").parse().unwrap_or(Span::ZERO);
    let mut caller = visit.caller();
    let (authority, id) = (Authority::Person(&who), stored.client.id.clone());
    match use_case::new_secret(&visit.app.service, &mut caller, authority, (id, keep)).await {
        Ok((stored, secret)) => {
            let pastes = pastes(&visit, &stored, Some(secret.reveal()));
            let (nav, shell) = (visit.nav(&who), visit.shell_for(&who));
            visit.page(&MadeApp {
                shell,
                nav,
                name: stored.application.name,
                at: at(&stored.client.id),
                id: stored.client.id.to_string(),
                secret: Some(secret.reveal().to_owned()),
                pastes,
                rotated: true,
            })
        }
        Err(error) => refused(visit, &who, (&stored, Tab::Secrets), error).await,
    }
}

pub(super) async fn set_picture(mut visit: Visit, Path(id): Path<String>, Form(sent): Sent) -> Answer {
    let who = visit.console(Permission::EditApplications).await?;
    let stored = find(&visit, &id).await?;
    let fields = Fields::from(sent);
    let png = match fields.flag("none") {
        true => Ok(None),
        false => redrawn(fields.one("png")).map(Some),
    };
    let set = match png {
        Ok(png) => {
            let mut caller = visit.caller();
            let (authority, id) = (Authority::Person(&who), stored.client.id.clone());
            use_case::set_logo(&visit.app.service, &mut caller, authority, (id, png)).await
        }
        Err(error) => Err(error),
    };
    match set {
        Ok(()) => {
            let name = stored.application.name.clone();
            visit.set_flash(&Flash::Application { done: "picture".to_owned(), name });
            visit.see_other(&format!("{}/picture", at(&stored.client.id)))
        }
        Err(error) => refused(visit, &who, (&stored, Tab::Picture), error).await,
    }
}

fn redrawn(base64: &str) -> Result<Vec<u8>, ClientAdminError> {
    let bytes = encoding::from_base64(base64).ok_or(ClientAdminError::Logo("client_logo_not_png"))?;
    crate::logo::redrawn(&bytes).map_err(|refusal| ClientAdminError::Logo(refusal.code()))
}

/// The picture of an application, for whoever sees its name.
pub(super) async fn logo(visit: Visit, Path(id): Path<String>) -> Answer {
    let id = ClientId::parse(&id).map_err(|_| Problem::not_found())?;
    let logo =
        use_case::logo(&visit.app.service, id).await.map_err(ClientAdminError::Store).map_err(problem)?;
    let logo = logo.ok_or_else(Problem::not_found)?;
    let headers = [(header::CONTENT_TYPE, "image/png"), (header::CACHE_CONTROL, "public, max-age=3600")];
    Ok((headers, logo.png).into_response())
}
