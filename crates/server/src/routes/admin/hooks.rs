//! `/admin/hooks`: adding, changing, trying and removing receivers of events.

use std::collections::BTreeMap;
use std::sync::Arc;

use account::hook::{Hook, HookId, KINDS, Terms, TermsRefusal};
use account::role::Permission;
use axum::Router;
use axum::http::StatusCode;
use axum::routing::{get, post};
use primitives::encoding;
use service::hooks::{self as use_case, Change, HookError};
use service::{Authority, Unauthorised, Who};

use crate::app::App;
use crate::context::Visit;
use crate::fields::{Form, Path, Query};
use crate::outbound::{Outbound, Target};
use crate::pages::Flash;
use crate::pages::console::hooks::{
    AddedHook, EditHook, HookFields, HookLine, HookProblem, HookReview, Hooks,
};
use crate::problem::{Answer, Problem, Stop};

const LIST: &str = "/admin/hooks";

/// The addresses below `/admin/hooks`.
pub(super) fn routes() -> Router<Arc<App>> {
    Router::new()
        .route("/admin/hooks", get(list))
        .route("/admin/hooks/new", get(new).post(add))
        .route("/admin/hooks/{id}", get(edit).post(change))
        .route("/admin/hooks/{id}/test", post(test))
        .route("/admin/hooks/{id}/switch", post(switch))
        .route("/admin/hooks/{id}/remove", post(remove))
}

type Fields = BTreeMap<String, String>;

async fn list(mut visit: Visit) -> Answer {
    let who = visit.console(Permission::EditKeys).await?;
    let page = page(&mut visit, &who, false).await?;
    visit.page(&page)
}

async fn page(visit: &mut Visit, who: &Who, unconfirmed: bool) -> Result<Hooks, Stop> {
    let found = use_case::list(&visit.app.service).await?;
    let line = |hook: Hook| HookLine {
        id: hook.id.to_string(),
        host: hook.terms.host().to_owned(),
        kinds: hook.terms.kinds.clone(),
        personal: hook.terms.personal,
        enabled: hook.enabled,
        failing: hook.delivery.failing_since,
        again: hook.delivery.failing_since.map(|_| hook.delivery.next_try),
        last: hook.delivery.last_status.clone().zip(hook.delivery.last_at),
        switch: encoding::hex(&hook.terms.digest_for(hook.id, !hook.enabled)),
        url: hook.terms.url,
    };
    let (nav, lines) = (visit.nav(who), found.into_iter().map(line).collect());
    Ok(Hooks { shell: visit.shell_for(who), nav, lines, unconfirmed })
}

fn text<'f>(fields: &'f Fields, name: &str) -> &'f str {
    fields.get(name).map(String::as_str).unwrap_or_default()
}

fn terms(fields: &Fields) -> Result<Terms, HookProblem> {
    let target: Result<Target, _> = text(fields, "url").trim().parse();
    let target = target.map_err(|_| HookProblem::Terms(TermsRefusal::Url))?;
    let kinds = text(fields, "kinds").split([' ', ',', '\r', '\n', '\t']).filter(|kind| !kind.is_empty());
    Terms::new(&target.to_string(), kinds, fields.contains_key("personal")).map_err(HookProblem::Terms)
}

fn typed(fields: &Fields) -> HookFields {
    HookFields {
        url: text(fields, "url").chars().take(2048).collect(),
        kinds: text(fields, "kinds").chars().take(8192).collect(),
        personal: fields.contains_key("personal"),
    }
}

fn fields_of(terms: &Terms) -> HookFields {
    HookFields { url: terms.url.clone(), kinds: terms.spell_kinds(), personal: terms.personal }
}

fn review(terms: &Terms, hook: Option<&Hook>) -> HookReview {
    let (action, digest) = match hook {
        None => ("add-hook", terms.digest()),
        Some(hook) => ("change-hook", terms.digest_for(hook.id, hook.enabled)),
    };
    HookReview { action, terms: encoding::hex(&digest), kinds: terms.kinds.clone() }
}

/// A form, with what was typed and what is wrong with it.
struct Shown<'h> {
    hook: Option<&'h Hook>,
    fields: HookFields,
    review: Option<HookReview>,
    problem: Option<HookProblem>,
}

fn show(mut visit: Visit, who: &Who, shown: Shown<'_>) -> Answer {
    let address = shown.hook.map_or_else(|| format!("{LIST}/new"), |hook| format!("{LIST}/{}", hook.id));
    let status = if shown.problem.is_some() { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK };
    let (nav, shell) = (visit.nav(who), visit.shell_for(who));
    let page = EditHook {
        shell,
        nav,
        address,
        new: shown.hook.is_none(),
        fields: shown.fields,
        known: KINDS,
        review: shown.review,
        problem: shown.problem,
    };
    visit.page_with(status, &page)
}

/// What was typed, reviewed if it is to be and can be.
fn checked<'h>(fields: &Fields, hook: Option<&'h Hook>) -> Shown<'h> {
    let checked = fields.contains_key("check").then(|| terms(fields)).transpose();
    match checked {
        Ok(None) => {
            let fields = hook.map_or_else(|| typed(fields), |hook| fields_of(&hook.terms));
            Shown { hook, fields, review: None, problem: None }
        }
        Ok(Some(terms)) => {
            let review = Some(review(&terms, hook));
            Shown { hook, fields: fields_of(&terms), review, problem: None }
        }
        Err(problem) => Shown { hook, fields: typed(fields), review: None, problem: Some(problem) },
    }
}

/// The form, or what it would add; changes nothing.
async fn new(mut visit: Visit, Query(fields): Query<Fields>) -> Answer {
    let who = visit.console(Permission::EditKeys).await?;
    let shown = checked(&fields, None);
    show(visit, &who, shown)
}

/// The secret is in the answer to this very POST and nowhere else.
async fn add(mut visit: Visit, Form(fields): Form<Fields>) -> Answer {
    let who = visit.console(Permission::EditKeys).await?;
    let terms = match terms(&fields) {
        Ok(terms) => terms,
        Err(problem) => {
            let shown = Shown { hook: None, fields: typed(&fields), review: None, problem: Some(problem) };
            return show(visit, &who, shown);
        }
    };
    let mut caller = visit.caller();
    let authority = Authority::Person(&who);
    let added = use_case::add(&visit.app.service, &mut caller, authority, terms.clone()).await;
    let problem = match added {
        Ok(added) => {
            let (nav, shell) = (visit.nav(&who), visit.shell_for(&who));
            // The one page that shows it.
            let (url, secret) = (added.hook.terms.url, added.secret.reveal().to_owned());
            return visit.page(&AddedHook { shell, nav, url, secret });
        }
        Err(HookError::Unauthorised(Unauthorised::ConfirmNeeded)) => HookProblem::Unconfirmed,
        Err(HookError::TooMany) => HookProblem::TooMany,
        Err(error) => return Err(problem(error)),
    };
    let review = Some(review(&terms, None)).filter(|_| problem == HookProblem::Unconfirmed);
    show(visit, &who, Shown { hook: None, fields: fields_of(&terms), review, problem: Some(problem) })
}

async fn edit(mut visit: Visit, Path(id): Path<String>, Query(fields): Query<Fields>) -> Answer {
    let who = visit.console(Permission::EditKeys).await?;
    let hook = find(&visit, &id).await?;
    let shown = checked(&fields, Some(&hook));
    show(visit, &who, shown)
}

async fn change(mut visit: Visit, Path(id): Path<String>, Form(fields): Form<Fields>) -> Answer {
    let who = visit.console(Permission::EditKeys).await?;
    let hook = find(&visit, &id).await?;
    let terms = match terms(&fields) {
        Ok(terms) => terms,
        Err(problem) => {
            let problem = Some(problem);
            let shown = Shown { hook: Some(&hook), fields: typed(&fields), review: None, problem };
            return show(visit, &who, shown);
        }
    };
    let wanted = Change { terms: terms.clone(), enabled: hook.enabled };
    match apply(&mut visit, &who, hook.id, wanted).await? {
        true => visit.see_other(LIST),
        false => {
            let (fields, review) = (fields_of(&terms), Some(review(&terms, Some(&hook))));
            let problem = Some(HookProblem::Unconfirmed);
            show(visit, &who, Shown { hook: Some(&hook), fields, review, problem })
        }
    }
}

/// Turns a receiver on or off, and changes nothing else about it.
async fn switch(mut visit: Visit, Path(id): Path<String>, Form(fields): Form<Fields>) -> Answer {
    let who = visit.console(Permission::EditKeys).await?;
    let hook = find(&visit, &id).await?;
    let wanted = Change { terms: hook.terms.clone(), enabled: fields.contains_key("on") };
    match apply(&mut visit, &who, hook.id, wanted).await? {
        true => visit.see_other(LIST),
        false => unconfirmed(visit, &who).await,
    }
}

/// `false` if it was not confirmed.
async fn apply(visit: &mut Visit, who: &Who, id: HookId, wanted: Change) -> Result<bool, Stop> {
    let mut caller = visit.caller();
    let authority = Authority::Person(who);
    match use_case::change(&visit.app.service, &mut caller, authority, id, wanted).await {
        Ok(hook) => {
            visit.set_flash(&Flash::HookChanged { host: hook.terms.host().to_owned() });
            Ok(true)
        }
        Err(HookError::Unauthorised(Unauthorised::ConfirmNeeded)) => Ok(false),
        Err(error) => Err(problem(error)),
    }
}

/// Sends a message that says that messages arrive. It tells nobody anything, so it needs no confirmation.
async fn test(mut visit: Visit, Path(id): Path<String>) -> Answer {
    visit.console(Permission::EditKeys).await?;
    let hook = find(&visit, &id).await?;
    let outbound = Outbound::new(&visit.app.site.outbound).map_err(Problem::internal)?;
    let mut caller = visit.caller();
    let tested = crate::hooks::test(&visit.app.service, &mut caller, &outbound, hook.id).await;
    let (hook, outcome) = tested.map_err(problem)?;
    let (host, status) = (hook.terms.host().to_owned(), outcome.status());
    visit.set_flash(&Flash::HookTested { host, status, taken: outcome.is_taken() });
    visit.see_other(LIST)
}

async fn remove(mut visit: Visit, Path(id): Path<String>) -> Answer {
    let who = visit.console(Permission::EditKeys).await?;
    let id: HookId = id.parse().map_err(|_| Problem::not_found())?;
    let mut caller = visit.caller();
    match use_case::remove(&visit.app.service, &mut caller, Authority::Person(&who), id).await {
        Ok(hook) => {
            visit.set_flash(&Flash::HookRemoved { host: hook.terms.host().to_owned() });
            visit.see_other(LIST)
        }
        // Somebody else was faster: the list says so.
        Err(HookError::NotFound) => visit.see_other(LIST),
        Err(HookError::Unauthorised(Unauthorised::ConfirmNeeded)) => unconfirmed(visit, &who).await,
        Err(error) => Err(problem(error)),
    }
}

async fn unconfirmed(mut visit: Visit, who: &Who) -> Answer {
    let page = page(&mut visit, who, true).await?;
    visit.page_with(StatusCode::UNPROCESSABLE_ENTITY, &page)
}

async fn find(visit: &Visit, id: &str) -> Result<Hook, Stop> {
    let id: HookId = id.parse().map_err(|_| Problem::not_found())?;
    use_case::show(&visit.app.service, id).await.map_err(problem)
}

fn problem(error: HookError) -> Stop {
    match error {
        HookError::Store(error) => Problem::from(error).into(),
        HookError::NotFound => Problem::not_found().into(),
        HookError::Unauthorised(Unauthorised::SessionEnded) => Problem::session_ended().into(),
        other => Problem::forbidden(other.code()).into(),
    }
}
