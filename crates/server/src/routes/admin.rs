//! The administrators' console.

mod apps;
mod bulk_passes;
mod directory;
mod groups;
mod hooks;
mod import;
mod insight;
mod keys;
mod log;
mod log_query;
mod models;
pub(super) mod orders;
mod pass_routes;
pub(super) mod passes;
mod people;
mod person;
mod policy;
mod reports;
mod strengths;

use std::sync::Arc;

use axum::Router;

use crate::app::App;

pub(super) fn all() -> Router<Arc<App>> {
    Router::new()
        .merge(insight::routes())
        .merge(directory::routes())
        .merge(pass_routes::all())
        .merge(policy::routes())
        .merge(strengths::routes())
        .merge(models::routes())
        .merge(keys::routes())
        .merge(hooks::routes())
        .merge(apps::routes())
}
