//! The administrators' console.

use std::sync::Arc;

use axum::Router;

use crate::app::App;

pub(super) fn all() -> Router<Arc<App>> {
    Router::new()
}
