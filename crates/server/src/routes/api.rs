//! `/api/v1`: what the console does, for programs. `/api/v1/openapi.json` describes it; `docs/admin/api.md` explains it.
//!
//! Whoever calls shows an API key, or is a page of ours with the person's session. A stranger is answered 401 before
//! anything else is looked at: address, method, media type and body say nothing to somebody who may not ask.

mod address;
mod answer;
mod body;
mod call;
mod clients;
pub(super) mod door;
mod groups;
mod idempotent;
pub(in crate::routes) use idempotent::ShownOnce;
mod keys;
mod log;
mod me;
mod methods;
mod names;
mod paging;
mod passes;
mod policy;
pub(crate) mod problem;
mod provisioning;
mod refused;
mod roles;
mod spec;
mod strengths;
mod users;

use std::sync::Arc;

use axum::Router;
use axum::middleware;
use axum::routing::{any, get};
use utoipa_axum::router::OpenApiRouter;

pub(super) use self::body::Body;
pub(super) use self::call::{Call, Principal};
pub(super) use self::log::sight;
pub(super) use self::refused::refused;

use crate::app::App;
use crate::problem::Problem;

pub(super) fn all() -> Router<Arc<App>> {
    let (operations, described) = operations().split_for_parts();
    let document = spec::document(described);
    operations
        .route("/api/v1", any(nowhere))
        .route("/api/v1/", any(nowhere))
        .route("/api/v1/{*rest}", any(nowhere))
        .method_not_allowed_fallback(|| async { Problem::method() })
        .layer(middleware::from_fn(door::admit))
        .route("/api/v1/openapi.json", get(move || spec::show(document.clone())))
}

fn operations() -> OpenApiRouter<Arc<App>> {
    OpenApiRouter::new()
        .merge(me::operations())
        .merge(users::operations())
        .merge(methods::operations())
        .merge(provisioning::operations())
        .merge(passes::operations())
        .merge(groups::operations())
        .merge(roles::operations())
        .merge(keys::operations())
        .merge(clients::operations())
        .merge(policy::operations())
        .merge(strengths::operations())
        .merge(log::operations())
}

/// Nothing is at this address.
pub(super) async fn nowhere() -> Problem {
    Problem::not_found()
}
