//! The addresses of people and groups.

use std::sync::Arc;

use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::routing::{get, post};

use super::{groups, import, people, person};
use crate::app::App;
use crate::fields::LONGEST_FILE;

pub(super) fn routes() -> Router<Arc<App>> {
    let files = Router::new()
        .route("/admin/users/import", get(import::show).post(import::preview))
        .route("/admin/users/import/apply", post(import::apply))
        .layer(DefaultBodyLimit::max(LONGEST_FILE));
    Router::new()
        .route("/admin/users", get(people::list))
        .route("/admin/users/new", get(people::new).post(people::add))
        .route("/admin/users/{id}", get(person::profile).post(person::change))
        .route("/admin/users/{id}/methods", get(person::methods))
        .route("/admin/users/{id}/sessions", get(person::sessions))
        .route("/admin/users/{id}/activity", get(person::activity))
        .route("/admin/users/{id}/disable", post(person::disable))
        .route("/admin/users/{id}/enable", post(person::enable))
        .route("/admin/users/{id}/delete", post(person::delete))
        .route("/admin/users/{id}/restore", post(person::restore))
        .route("/admin/users/{id}/erase", post(person::erase))
        .route("/admin/users/{id}/role", post(person::role))
        .route("/admin/users/{id}/break-glass", post(person::break_glass))
        .route("/admin/users/{id}/break-glass/off", post(person::no_break_glass))
        .route("/admin/users/{id}/sign-out", post(person::sign_out))
        .route("/admin/users/{id}/register", post(person::register))
        .route("/admin/users/{id}/passkeys/{passkey}/remove", post(person::remove_passkey))
        .route("/admin/users/{id}/groups/join", post(person::join))
        .route("/admin/users/{id}/groups/leave", post(person::leave))
        .route("/admin/groups", get(groups::list).post(groups::add))
        .route("/admin/groups/{id}", get(groups::show).post(groups::change))
        .route("/admin/groups/{id}/remove", post(groups::remove))
        .route("/admin/groups/{id}/join", post(groups::join))
        .route("/admin/groups/{id}/leave", post(groups::leave))
        .merge(files)
}
