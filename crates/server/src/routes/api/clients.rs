//! Applications, their terms and their secrets.

mod terms;

use std::sync::Arc;

use account::api_key::Scope;
use account::application::Consent;
use oidc::client::ClientId;
use primitives::time::Span;
use serde::{Deserialize, Serialize};
use service::administer_clients::{self, Change, ClientAdminError, Terms as Wanted};
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use self::terms::{Client, Terms};
use super::answer;
use super::body::{Body, whole};
use super::call::Call;
use super::paging::{Page, Paging};
use super::refused::{Refusal, by_code, refused};
use crate::app::App;
use crate::client_templates::{self as templates, GENERIC};
use crate::fields::{Path, Query};
use crate::pages::passes::percent_encoded;
use crate::problem::{Answer, Problem, Stop};

pub(super) fn operations() -> OpenApiRouter<Arc<App>> {
    OpenApiRouter::new()
        .routes(routes!(list, add))
        .routes(routes!(show, change, remove))
        .routes(routes!(new_secret))
}

impl Refusal for ClientAdminError {
    fn problem(self) -> Problem {
        match self {
            ClientAdminError::Store(error) => error.into(),
            other => by_code(other.code()),
        }
    }
}

/// One application.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Path)]
struct ByClient {
    /// Its client_id.
    #[param(min_length = 1, max_length = 255)]
    id: String,
}

impl ByClient {
    fn id(&self) -> Result<ClientId, Stop> {
        ClientId::parse(&self.id).map_err(|_| Problem::not_found().into())
    }
}

/// Applications in the order of their names
#[utoipa::path(get, path = "/api/v1/clients", tag = "clients", params(Paging), security(("key" = ["applications.read"])),
    responses((status = 200, description = "A page of them", body = Page<Client>)))]
async fn list(call: Call, Query(paging): Query<Paging>) -> Answer {
    call.may(Scope::ApplicationsRead)?;
    let limit = paging.limit()?;
    // No client_id holds a line feed.
    let after = paging.after(|cursor| {
        let (id, name) = cursor.split_once('\n')?;
        Some((name.to_owned(), ClientId::parse(id).ok()?))
    })?;
    let found = administer_clients::list(call.service(), after, limit.saturating_add(1)).await?;
    let cursor = |last: &store::clients::Stored| format!("{}\n{}", last.client.id, last.application.name);
    let page = Page::of(found, limit, cursor, Client::from);
    answer::show(&call, &page)
}

/// One of them
#[utoipa::path(get, path = "/api/v1/clients/{id}", tag = "clients", params(ByClient),
    security(("key" = ["applications.read"])),
    responses((status = 200, description = "The application", body = Client)))]
async fn show(call: Call, Path(at): Path<ByClient>) -> Answer {
    call.may(Scope::ApplicationsRead)?;
    let stored = administer_clients::show(call.service(), at.id()?).await.map_err(refused)?;
    let tag = stored.version.to_string();
    answer::show_version(&call, &Client::from(stored), &tag)
}

/// An application to be added.
#[derive(Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = NewClient)]
struct Added {
    /// Its client_id; drawn from its name if absent.
    #[schema(min_length = 1, max_length = 255, pattern = "^[!#-&(-;=?-\\[\\]-~]+$")]
    client_id: Option<String>,
    /// The template that says what is absent here, such as `grafana`.
    template: Option<String>,
    /// What it says itself.
    #[serde(flatten)]
    terms: Terms,
}

/// An application with its secret.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct MadeClient {
    /// The secret, which is shown this once; absent where it proves itself otherwise.
    client_secret: Option<String>,
    /// The application.
    client: Client,
}

/// Add an application
///
/// The secret is in this answer alone. People are asked unless `consent` says otherwise, which a key may not.
#[utoipa::path(post, path = "/api/v1/clients", tag = "clients", request_body = Added,
    security(("key" = ["applications.write"])),
    responses((status = 201, description = "The application with its secret", body = MadeClient)))]
async fn add(call: Call, Body(sent): Body<Added>) -> Answer {
    let mut caller = call.visit.caller();
    let unknown = || Stop::from(by_code("client_template"));
    let template = templates::find(sent.template.as_deref().unwrap_or(GENERIC)).ok_or_else(unknown)?;
    let name = sent.terms.name.clone().unwrap_or_default();
    let id = match &sent.client_id {
        Some(text) => ClientId::parse(text).map_err(|_| Stop::from(by_code("client_id")))?,
        None => ClientId::draw(&name, caller.entropy.as_mut()),
    };
    let url = sent.terms.url.clone().flatten().unwrap_or_default();
    let mut drafted = template.terms(id, &name, &url);
    // The templates are for people who decide; a program may not decide this for them.
    drafted.application.consent = Consent::Remembered;
    let terms = sent.terms.over(call.service(), drafted).await?;
    let added = administer_clients::add(call.service(), &mut caller, call.authority(), terms).await;
    let (stored, secret) = added.map_err(refused)?;
    let location = format!("/api/v1/clients/{}", percent_encoded(stored.client.id.as_str()));
    let client_secret = secret.map(|secret| secret.reveal().to_owned());
    answer::created_once(&MadeClient { client_secret, client: Client::from(stored) }, &location)
}

/// Change an application
///
/// What is absent stays. With If-Match nothing is changed if it has changed since.
#[utoipa::path(patch, path = "/api/v1/clients/{id}", tag = "clients", params(ByClient), request_body = Terms,
    security(("key" = ["applications.write"])),
    responses((status = 200, description = "The application as it is now", body = Client)))]
async fn change(call: Call, Path(at): Path<ByClient>, Body(sent): Body<Terms>) -> Answer {
    // A tag that is no number is that of no version.
    let expected = call.expected()?.map(|tag| tag.parse().unwrap_or(-1));
    let stored = administer_clients::show(call.service(), at.id()?).await.map_err(refused)?;
    let enabled = sent.enabled.unwrap_or(stored.enabled);
    // What is absent is what was read just now: if that changes before the commit, nothing is changed.
    let version = Some(expected.unwrap_or(stored.version));
    let before = Wanted { client: stored.client, application: stored.application };
    let terms = sent.over(call.service(), before).await?;
    let mut caller = call.visit.caller();
    let wanted = Change { terms, enabled, version };
    let done = administer_clients::change(call.service(), &mut caller, call.authority(), wanted).await;
    let stored = done.map_err(refused)?;
    let tag = stored.version.to_string();
    answer::changed(&Client::from(stored), &tag)
}

/// Remove an application with everything that people granted it
#[utoipa::path(delete, path = "/api/v1/clients/{id}", tag = "clients", params(ByClient),
    security(("key" = ["applications.write"])), responses((status = 204, description = "It is gone")))]
async fn remove(call: Call, Path(at): Path<ByClient>) -> Answer {
    let (id, mut caller) = (at.id()?, call.visit.caller());
    let done = administer_clients::remove(call.service(), &mut caller, call.authority(), id).await;
    done.map_err(refused)?;
    answer::done()
}

/// How the old secret ends.
#[derive(Default, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[schema(as = NewClientSecret)]
struct Rotated {
    /// For how many minutes the old secret goes on beside the new one.
    #[serde(default, deserialize_with = "whole")]
    #[schema(minimum = 0, maximum = 129_600)]
    keep_old_minutes: u32,
}

/// Make another secret
///
/// It is in this answer alone.
#[utoipa::path(post, path = "/api/v1/clients/{id}/secrets", tag = "clients", params(ByClient), request_body = Rotated,
    security(("key" = ["applications.write"])),
    responses((status = 201, description = "The application with its new secret", body = MadeClient)))]
async fn new_secret(call: Call, Path(at): Path<ByClient>, Body(sent): Body<Rotated>) -> Answer {
    let (id, mut caller) = (at.id()?, call.visit.caller());
    let keep = Span::from_minutes(sent.keep_old_minutes.into());
    let about = (id, keep);
    let made = administer_clients::new_secret(call.service(), &mut caller, call.authority(), about).await;
    let (stored, secret) = made.map_err(refused)?;
    let location = format!("/api/v1/clients/{}", percent_encoded(stored.client.id.as_str()));
    let client_secret = Some(secret.reveal().to_owned());
    answer::created_once(&MadeClient { client_secret, client: Client::from(stored) }, &location)
}
