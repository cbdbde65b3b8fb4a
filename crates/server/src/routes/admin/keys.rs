//! `/admin/keys`: making, listing and revoking keys, and opening one of one's own.

use std::collections::BTreeMap;
use std::sync::Arc;

use account::api_key::{self, ApiKey, KeyId, LONGEST_FOR_PERSON, Scope, Terms};
use account::role::Permission;
use axum::Router;
use axum::http::StatusCode;
use axum::routing::{get, post};
use primitives::encoding;
use primitives::time::Span;
use service::administer_keys::{self, KeyError};
use service::{Authority, Unauthorised, Who};

use crate::app::App;
use crate::context::Visit;
use crate::fields::{Form, Path, Query};
use crate::pages::console::keys::{
    KeyFields, KeyLine, KeyProblem, KeyReview, Keys, MadeKey, NewKey, ScopeChoice,
};
use crate::problem::{Answer, Problem, Stop};

/// Keys on a page.
const PAGE: u32 = 50;

/// The addresses below `/admin/keys`.
pub(super) fn routes() -> Router<Arc<App>> {
    Router::new()
        .route("/admin/keys", get(list))
        .route("/admin/keys/new", get(new).post(make))
        .route("/admin/keys/{id}/revoke", post(revoke))
}

type Fields = BTreeMap<String, String>;

async fn list(mut visit: Visit, Query(fields): Query<Fields>) -> Answer {
    let who = visit.console(Permission::EditKeys).await?;
    let after = fields.get("after").and_then(|id| id.parse().ok());
    let page = page(&mut visit, &who, after, false).await?;
    visit.page(&page)
}

async fn page(visit: &mut Visit, who: &Who, after: Option<KeyId>, unconfirmed: bool) -> Result<Keys, Stop> {
    let service = &visit.app.service;
    let mut found = administer_keys::list(service, after, PAGE.saturating_add(1)).await?;
    let more = found.len() > usize::try_from(PAGE).unwrap_or(usize::MAX);
    found.truncate(usize::try_from(PAGE).unwrap_or(usize::MAX));
    let after = found.last().filter(|_| more).map(|last| format!("/admin/keys?after={}", last.id));
    let epoch = service.settings().deployment_epoch;
    let now = visit.now();
    let line = |key: ApiKey| KeyLine {
        id: key.id.to_string(),
        scopes: key.scopes.iter().map(|scope| scope.as_str()).collect(),
        personal: key.person.is_some(),
        ends: key.ends,
        used: key.last_used,
        stands: key.stands(epoch, now),
        revoked: key.revoked.is_some(),
        name: key.name,
    };
    let (nav, lines) = (visit.nav(who), found.into_iter().map(line).collect());
    Ok(Keys { shell: visit.shell_for(who), nav, lines, after, unconfirmed })
}

/// The scopes that are ticked one by one, or named in one field.
fn scopes(fields: &Fields) -> Vec<Scope> {
    let named = fields.get("scopes").map(String::as_str).unwrap_or_default();
    let is_chosen = |scope: &Scope| {
        fields.contains_key(scope.as_str()) || named.split(' ').any(|name| name == scope.as_str())
    };
    Scope::ALL.iter().copied().filter(is_chosen).collect()
}

fn text<'f>(fields: &'f Fields, name: &str) -> &'f str {
    fields.get(name).map(String::as_str).unwrap_or_default()
}

fn terms(fields: &Fields) -> Result<Terms, KeyProblem> {
    let personal = fields.contains_key("personal");
    let days = text(fields, "days").trim().parse::<u32>().unwrap_or(0);
    let lifetime = if personal { LONGEST_FOR_PERSON } else { Span::from_days(days.min(100_000).into()) };
    Terms::new(text(fields, "name"), scopes(fields), lifetime, personal).map_err(KeyProblem::Terms)
}

fn typed(fields: &Fields) -> KeyFields {
    let chosen = scopes(fields);
    let choice = |scope: &Scope| ScopeChoice { scope: scope.as_str(), chosen: chosen.contains(scope) };
    let days = fields.get("days").map_or("90", String::as_str);
    KeyFields {
        name: text(fields, "name").chars().take(200).collect(),
        scopes: Scope::ALL.iter().map(choice).collect(),
        days: days.chars().take(10).collect(),
        personal: fields.contains_key("personal"),
    }
}

fn review(visit: &Visit, terms: &Terms) -> KeyReview {
    KeyReview {
        action: if terms.personal { "open-key" } else { "make-key" },
        terms: encoding::hex(&terms.digest()),
        scopes: terms.scopes.iter().map(|scope| scope.as_str()).collect(),
        ends: visit.now() + terms.lifetime,
    }
}

/// The form, or what it would make; changes nothing. Whoever does something for others may open a key of their own.
async fn new(mut visit: Visit, Query(fields): Query<Fields>) -> Answer {
    let who = visit.console(Permission::ReadUsers).await?;
    let checked = fields.contains_key("check").then(|| terms(&fields)).transpose();
    let (status, review, problem) = match checked {
        Ok(terms) => (StatusCode::OK, terms.map(|terms| review(&visit, &terms)), None),
        Err(problem) => (StatusCode::UNPROCESSABLE_ENTITY, None, Some(problem)),
    };
    let (nav, shell) = (visit.nav(&who), visit.shell_for(&who));
    visit.page_with(status, &NewKey { shell, nav, fields: typed(&fields), review, problem })
}

/// The value is in the answer to this very POST and nowhere else.
async fn make(mut visit: Visit, Form(fields): Form<Fields>) -> Answer {
    let who = visit.console(Permission::ReadUsers).await?;
    let wanted = terms(&fields);
    let wrong = match wanted.clone() {
        Ok(terms) => {
            let mut caller = visit.caller();
            let authority = Authority::Person(&who);
            match administer_keys::make(&visit.app.service, &mut caller, authority, terms).await {
                Ok(made) => {
                    let (nav, shell) = (visit.nav(&who), visit.shell_for(&who));
                    let (name, ends, value) = (made.key.name, made.key.ends, api_key::spell(&made.value));
                    return visit.page(&MadeKey { shell, nav, name, value, ends });
                }
                Err(KeyError::Unauthorised(Unauthorised::ConfirmNeeded)) => KeyProblem::Unconfirmed,
                Err(KeyError::Role) => KeyProblem::Role,
                Err(KeyError::TooMany) => KeyProblem::TooMany,
                Err(error) => return Err(problem(error)),
            }
        }
        Err(problem) => problem,
    };
    // What could be reviewed is shown again, to be confirmed.
    let review = wanted.ok().filter(|_| wrong == KeyProblem::Unconfirmed).map(|terms| review(&visit, &terms));
    let (nav, shell) = (visit.nav(&who), visit.shell_for(&who));
    let page = NewKey { shell, nav, fields: typed(&fields), review, problem: Some(wrong) };
    visit.page_with(StatusCode::UNPROCESSABLE_ENTITY, &page)
}

async fn revoke(mut visit: Visit, Path(id): Path<String>) -> Answer {
    let who = visit.console(Permission::EditKeys).await?;
    let id: KeyId = id.parse().map_err(|_| Problem::not_found())?;
    let mut caller = visit.caller();
    match administer_keys::revoke(&visit.app.service, &mut caller, Authority::Person(&who), id).await {
        // Somebody else was faster: the list says so.
        Ok(_) | Err(KeyError::NotFound) => visit.see_other("/admin/keys"),
        Err(KeyError::Unauthorised(Unauthorised::ConfirmNeeded)) => {
            let page = page(&mut visit, &who, None, true).await?;
            visit.page_with(StatusCode::UNPROCESSABLE_ENTITY, &page)
        }
        Err(error) => Err(problem(error)),
    }
}

fn problem(error: KeyError) -> Stop {
    match error {
        KeyError::Store(error) => Problem::from(error).into(),
        KeyError::NotFound => Problem::not_found().into(),
        KeyError::Unauthorised(Unauthorised::SessionEnded) => Problem::session_ended().into(),
        other => Problem::forbidden(other.code()).into(),
    }
}
