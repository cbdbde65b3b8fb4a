//! The administrators' console.

mod reports;
mod log_query;
mod log;
mod insight;
mod bulk_passes;
mod directory;
mod groups;
mod import;
mod keys;
mod models;
pub(super) mod orders;
pub(super) mod passes;
mod pass_routes;
mod people;
mod person;
mod policy;
mod strengths;

use std::sync::Arc;

use axum::Router;

use crate::app::App;

pub(super) fn all() -> Router<Arc<App>> {
    Router::new().merge(insight::routes()).merge(directory::routes()).merge(pass_routes::all()).merge(policy::routes()).merge(strengths::routes()).merge(models::routes()).merge(keys::routes())
}
