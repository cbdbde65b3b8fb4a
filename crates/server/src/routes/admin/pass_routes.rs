//! Addresses of passes and orders in the console.

use std::sync::Arc;

use axum::Router;
use axum::routing::{get, post};

use super::{bulk_passes, orders, passes};
use crate::app::App;

pub(super) fn all() -> Router<Arc<App>> {
    Router::new()
        .route("/admin/users/{id}/pass", get(passes::show).post(passes::issue))
        .route("/admin/users/{id}/pass/revoke", post(passes::revoke))
        .route("/admin/passes", get(passes::list))
        .route("/admin/passes/bulk", get(bulk_passes::show).post(bulk_passes::look))
        .route("/admin/passes/bulk/create", post(bulk_passes::create))
        .route("/admin/passes/serials", post(bulk_passes::serials))
        .route("/admin/orders", get(orders::list))
        .route("/admin/orders/{id}", get(orders::show))
        .route("/admin/orders/{id}/approve", post(orders::approve))
        .route("/admin/orders/{id}/decline", post(orders::decline))
}
