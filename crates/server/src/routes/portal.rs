//! What a signed-in person sees: Security info, the wizard, sessions, the first sign-in and the first run.

mod add;
mod cards;
mod passkeys;
mod security;
mod sessions;
mod setup;
mod try_it;
mod welcome;

use std::sync::Arc;

use axum::Router;
use axum::routing::{get, post};
use service::manage_passkeys::ManagePasskeysError;

use crate::app::App;
use crate::problem::{Problem, Stop};

pub(super) fn all() -> Router<Arc<App>> {
    Router::new()
        .route("/welcome", get(welcome::show))
        .route("/welcome/done", get(welcome::done))
        .route("/setup", get(setup::show).post(setup::submit))
        .route("/me/security", get(security::show))
        .route("/me/security/later", post(security::later))
        .route("/me/security/pass/delete", post(security::delete_pass))
        .route("/me/security/passkeys/{id}", get(passkeys::details))
        .route("/me/security/passkeys/{id}/rename", get(passkeys::rename_form).post(passkeys::rename))
        .route("/me/security/passkeys/{id}/remove", get(passkeys::remove_form).post(passkeys::remove))
        .route("/me/security/add", get(add::choose).post(add::chosen))
        .route("/me/security/add/begin", post(add::begin))
        .route("/me/security/add/finish", post(add::finish))
        .route("/me/security/add/{place}/create", get(add::create))
        .route("/me/security/add/{id}/name", get(add::name_form).post(add::name))
        .route("/me/security/add/{id}/try", get(try_it::show))
        .route("/me/security/add/{id}/backup", get(add::backup))
        .route("/me/security/add/{id}/done", get(add::done))
        .route("/me/security/try/begin", post(try_it::begin))
        .route("/me/security/try/finish", post(try_it::finish))
        .route("/me/sessions", get(sessions::show))
        .route("/me/sessions/revoke-others", post(sessions::revoke_others))
        .route("/me/sessions/{id}/revoke", post(sessions::revoke))
}

/// What a page says when passkeys could not be managed.
pub(super) fn passkeys_problem(error: ManagePasskeysError) -> Stop {
    match error {
        ManagePasskeysError::Store(error) => Problem::from(error).into(),
        ManagePasskeysError::SessionEnded => Problem::session_ended().into(),
        ManagePasskeysError::Onboarding => Problem::pass_not_enough().into(),
        ManagePasskeysError::NotFound => Problem::not_found().into(),
        other => Problem::forbidden(other.code()).into(),
    }
}
