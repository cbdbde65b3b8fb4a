//! `/admin/apps`: applications, their terms, secrets and pictures, and the keys that sign for them.

mod add;
mod change;
mod signing;
mod trying;

use std::sync::Arc;

use account::role::Permission;
use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::routing::{get, post};
use oidc::client::{Authentication, ClientId};
use primitives::encoding;
use serde::Deserialize;
use service::administer_clients::{self as use_case, ClientAdminError, Terms, digest_of};
use service::{Unauthorised, Who};
use store::clients::Stored;

use crate::app::App;
use crate::client_templates::{self as templates, Filled, GENERIC, Paste};
use crate::context::Visit;
use crate::fields::{LONGEST_PICTURE, Path, Query};
use crate::pages::console::apps::{AppFacts, AppLine, Apps, OneApp, Tab};
use crate::pages::passes::percent_encoded;
use crate::problem::{Answer, Problem, Stop};

const LIST: &str = "/admin/apps";

/// Applications on one page.
const PAGE: u32 = 50;

/// The addresses below `/admin/apps`.
pub(super) fn routes() -> Router<Arc<App>> {
    let longer = DefaultBodyLimit::max(LONGEST_PICTURE);
    Router::new()
        .route("/admin/apps", get(list))
        .route("/admin/apps/new", get(add::new).post(add::submit))
        .route("/admin/apps/keys", get(signing::list).post(signing::rotate))
        .route("/admin/apps/client/{id}", get(overview))
        .route("/admin/apps/client/{id}/client", get(change::client).post(change::save_client))
        .route("/admin/apps/client/{id}/access", get(change::access).post(change::save_access))
        .route("/admin/apps/client/{id}/tokens", get(change::tokens).post(change::save_tokens))
        .route("/admin/apps/client/{id}/secrets", get(secrets).post(change::new_secret))
        .route("/admin/apps/client/{id}/picture", get(picture).post(change::set_picture).layer(longer))
        .route("/admin/apps/client/{id}/try", get(trying::show).post(trying::submit))
        .route("/admin/apps/client/{id}/switch", post(change::switch))
        .route("/admin/apps/client/{id}/remove", post(change::remove))
        .route("/logo/{id}", get(change::logo))
}

/// The page of that application.
fn at(id: &ClientId) -> String {
    format!("{LIST}/client/{}", percent_encoded(id.as_str()))
}

#[derive(Default, Deserialize)]
struct Behind {
    #[serde(default)]
    after: String,
    #[serde(default)]
    id: String,
}

async fn list(mut visit: Visit, Query(behind): Query<Behind>) -> Answer {
    let who = visit.console(Permission::ReadApplications).await?;
    let after = ClientId::parse(&behind.id).ok().map(|id| (behind.after, id));
    let later = after.is_some();
    let mut found = use_case::list(&visit.app.service, after, PAGE.saturating_add(1)).await?;
    let page = usize::try_from(PAGE).unwrap_or(usize::MAX);
    let more = found.len() > page;
    found.truncate(page);
    let last = found.last().map(|last| (last.application.name.clone(), last.client.id.to_string()));
    let line = |stored: Stored| AppLine {
        at: at(&stored.client.id),
        id: stored.client.id.to_string(),
        name: stored.application.name,
        home: stored.application.home,
        origin: stored.application.origin,
        groups: i64::try_from(stored.application.groups.len()).unwrap_or(i64::MAX),
        enabled: stored.enabled,
    };
    let (nav, shell) = (visit.nav(&who), visit.shell_for(&who));
    visit.page(&Apps {
        lines: found.into_iter().map(line).collect(),
        next: last.filter(|_| more),
        later,
        may_edit: nav.may(Permission::EditApplications),
        shell,
        nav,
    })
}

/// The application of that address.
async fn find(visit: &Visit, id: &str) -> Result<Stored, Stop> {
    let id = ClientId::parse(id).map_err(|_| Problem::not_found())?;
    use_case::show(&visit.app.service, id).await.map_err(problem)
}

fn terms_of(stored: &Stored) -> Terms {
    Terms { client: stored.client.clone(), application: stored.application.clone() }
}

/// Our origin as applications know it.
fn issuer(visit: &Visit) -> String {
    visit.app.site.origin.to_string().trim_end_matches('/').to_owned()
}

/// What to paste there; a secret that is not known any more is named by what stands in its place.
fn pastes(visit: &Visit, stored: &Stored, secret: Option<&str>) -> Vec<Paste> {
    let template = stored.application.template.as_deref().and_then(templates::find);
    let issuer = issuer(visit);
    let filled = Filled {
        issuer: &issuer,
        url: stored.application.home.as_deref().unwrap_or_default(),
        client: stored.client.id.as_str(),
        secret: secret.unwrap_or(if stored.client.is_public() { "" } else { "kws_…" }),
    };
    template.or_else(|| templates::find(GENERIC)).map_or_else(Vec::new, |template| template.pastes(filled))
}

async fn facts(visit: &Visit, stored: &Stored) -> Result<AppFacts, Stop> {
    let client = &stored.client;
    let logo = use_case::logo(&visit.app.service, client.id.clone()).await?;
    let address = |logo: use_case::Logo| {
        let version: String = encoding::hex(&logo.digest).chars().take(16).collect();
        format!("/logo/{}?v={version}", percent_encoded(client.id.as_str()))
    };
    Ok(AppFacts {
        id: client.id.to_string(),
        name: stored.application.name.clone(),
        home: stored.application.home.clone(),
        origin: stored.application.origin,
        enabled: stored.enabled,
        has_secret: matches!(
            client.authentication,
            Authentication::ClientSecretBasic | Authentication::ClientSecretPost
        ),
        secrets: stored.secrets.iter().map(|secret| (secret.created, secret.ends)).collect(),
        picture: logo.map(address),
        changed: stored.changed,
        switch: encoding::hex(&terms_of(stored).digest_for(!stored.enabled)),
        target: encoding::hex(&digest_of(&client.id)),
    })
}

/// The page of that part, without a form.
async fn page(visit: &mut Visit, who: &Who, stored: &Stored, tab: Tab) -> Result<OneApp, Stop> {
    let facts = facts(visit, stored).await?;
    let pastes = if tab == Tab::Overview { pastes(visit, stored, None) } else { Vec::new() };
    let (nav, shell) = (visit.nav(who), visit.shell_for(who));
    Ok(OneApp {
        at: at(&stored.client.id),
        tab,
        facts,
        pastes,
        controls: Vec::new(),
        review: None,
        tried: None,
        may_edit: nav.may(Permission::EditApplications),
        problem: None,
        shell,
        nav,
    })
}

async fn show(mut visit: Visit, id: &str, (tab, permission): (Tab, Permission)) -> Answer {
    let who = visit.console(permission).await?;
    let stored = find(&visit, id).await?;
    let page = page(&mut visit, &who, &stored, tab).await?;
    visit.page(&page)
}

async fn overview(visit: Visit, Path(id): Path<String>) -> Answer {
    show(visit, &id, (Tab::Overview, Permission::ReadApplications)).await
}

async fn secrets(visit: Visit, Path(id): Path<String>) -> Answer {
    show(visit, &id, (Tab::Secrets, Permission::EditApplications)).await
}

async fn picture(visit: Visit, Path(id): Path<String>) -> Answer {
    show(visit, &id, (Tab::Picture, Permission::EditApplications)).await
}

/// What the page tells by itself; everything else is a problem.
fn told(error: ClientAdminError) -> Result<&'static str, Stop> {
    match error {
        ClientAdminError::Unauthorised(Unauthorised::ConfirmNeeded) => Ok("hooks-confirm-first"),
        ClientAdminError::Version => Ok("apps-problem-version"),
        ClientAdminError::Taken => Ok("apps-problem-taken"),
        ClientAdminError::TooMany => Ok("apps-problem-too-many"),
        ClientAdminError::Guarded => Ok("apps-problem-guarded"),
        ClientAdminError::Logo(code) => Ok(match code {
            "client_logo_svg" => "apps-problem-svg",
            "client_logo_too_large" => "apps-problem-too-large",
            "client_logo_too_long" => "apps-problem-too-long",
            _ => "apps-problem-not-png",
        }),
        error => Err(problem(error)),
    }
}

fn problem(error: ClientAdminError) -> Stop {
    match error {
        ClientAdminError::Store(error) => Problem::from(error).into(),
        ClientAdminError::NotFound => Problem::not_found().into(),
        ClientAdminError::Unauthorised(Unauthorised::SessionEnded) => Problem::session_ended().into(),
        other => Problem::forbidden(other.code()).into(),
    }
}
