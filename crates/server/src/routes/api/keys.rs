//! API keys. No key makes, lists or revokes another: only people do.

use std::sync::Arc;

use account::api_key::{self, ApiKey, Scope, Terms};
use account::role::Permission;
use primitives::time::Span;
use serde::{Deserialize, Serialize};
use service::administer_keys::{self, KeyError};
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::address::ById;
use super::answer;
use super::body::{Body, whole};
use super::call::Call;
use super::names::ScopeName;
use super::paging::{Page, Paging};
use super::refused::refused;
use crate::app::App;
use crate::fields::{Path, Query};
use crate::problem::Answer;

pub(super) fn operations() -> OpenApiRouter<Arc<App>> {
    OpenApiRouter::new().routes(routes!(list, make)).routes(routes!(revoke))
}

/// An API key; its value is shown once, when it is made.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct Key {
    /// Its id.
    #[schema(format = "uuid")]
    id: String,
    /// What it is for.
    name: String,
    /// What it may do.
    #[schema(value_type = Vec<ScopeName>)]
    scopes: Vec<&'static str>,
    /// The id of whom it acts for.
    person: Option<String>,
    /// Who made it.
    author: String,
    /// When it was made.
    #[schema(format = DateTime)]
    created_at: String,
    /// When it ends.
    #[schema(format = DateTime)]
    ends_at: String,
    /// When it was last used, to the hour.
    #[schema(format = DateTime)]
    last_used_at: Option<String>,
    /// When it was taken back.
    #[schema(format = DateTime)]
    revoked_at: Option<String>,
}

impl From<ApiKey> for Key {
    fn from(key: ApiKey) -> Self {
        Self {
            id: key.id.to_string(),
            name: key.name,
            scopes: key.scopes.iter().map(|scope| scope.as_str()).collect(),
            person: key.person.map(|(person, _)| person.to_string()),
            author: key.author.to_string(),
            created_at: key.created.to_string(),
            ends_at: key.ends.to_string(),
            last_used_at: key.last_used.map(|at| at.to_string()),
            revoked_at: key.revoked.map(|at| at.to_string()),
        }
    }
}

/// API keys, newest first. Only people list them
#[utoipa::path(get, path = "/api/v1/keys", tag = "keys", params(Paging),
    responses((status = 200, description = "A page of them", body = Page<Key>)))]
async fn list(call: Call, Query(paging): Query<Paging>) -> Answer {
    call.person(Some(Permission::EditKeys))?;
    let limit = paging.limit()?;
    let after = paging.after(|id| id.parse().ok())?;
    let found = administer_keys::list(call.service(), after, limit.saturating_add(1)).await?;
    let page = Page::of(found, limit, |last| last.id.to_string(), Key::from);
    answer::show(&call, &page)
}

/// What the key shall be.
#[derive(Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[schema(as = NewKey)]
struct Wanted {
    /// What it is for.
    #[schema(min_length = 1, max_length = 100)]
    name: String,
    /// What it may do.
    #[schema(value_type = Vec<ScopeName>, min_items = 1)]
    scopes: Vec<Scope>,
    /// How many minutes it lives: up to 730 days, up to an hour for one that acts for whoever makes it.
    #[serde(deserialize_with = "whole")]
    #[schema(minimum = 1, maximum = 1_051_200)]
    lifetime_minutes: u32,
    /// Whether it acts for whoever makes it, and ends with that session.
    #[serde(default)]
    personal: bool,
}

/// A key with its value.
#[derive(Serialize, ToSchema)]
#[schema(as = MadeKey)]
struct Made {
    /// The value, which is shown this once.
    value: String,
    /// The key.
    key: Key,
}

/// Make an API key. Only a person does so, who has confirmed these very terms; the value is in this answer alone
#[utoipa::path(post, path = "/api/v1/keys", tag = "keys", request_body = Wanted,
    responses((status = 201, description = "The key with its value", body = Made)))]
async fn make(call: Call, Body(sent): Body<Wanted>) -> Answer {
    call.person(None)?;
    let lifetime = Span::from_minutes(sent.lifetime_minutes.into());
    let terms = Terms::new(&sent.name, sent.scopes, lifetime, sent.personal);
    let terms = terms.map_err(|refusal| refused(KeyError::Terms(refusal)))?;
    let mut caller = call.visit.caller();
    let made = administer_keys::make(call.service(), &mut caller, call.authority(), terms).await;
    let made = made.map_err(refused)?;
    let shown = Made { value: api_key::spell(&made.value), key: Key::from(made.key) };
    answer::created_once(&shown, "/api/v1/keys")
}

/// Take an API key back. Only a person does so, who has confirmed it
#[utoipa::path(delete, path = "/api/v1/keys/{id}", tag = "keys", params(ById),
    responses((status = 200, description = "The key as it is now", body = Key)))]
async fn revoke(call: Call, Path(at): Path<ById>) -> Answer {
    call.person(None)?;
    let (id, mut caller) = (at.id()?, call.visit.caller());
    let done = administer_keys::revoke(call.service(), &mut caller, call.authority(), id).await;
    let key: ApiKey = done.map_err(refused)?;
    Ok(answer::json(axum::http::StatusCode::OK, &Key::from(key)))
}
