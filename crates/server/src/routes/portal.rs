//! What a signed-in person sees: Security info, the wizard, sessions, the first sign-in and the first run.

mod add;
mod apps;
mod cards;
mod codes;
pub(super) mod history;
mod interrupt;
pub(super) mod methods;
mod notices;
mod orders;
mod passkeys;
mod password;
mod passwordless;
mod phone;
mod recovery_codes;
mod secure;
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
        .route("/me/orders", get(orders::list).post(orders::order))
        .route("/me/orders/new", get(orders::new_form))
        .route("/me/orders/{id}", get(orders::show))
        .route("/me/orders/{id}/pick-up", post(orders::pick_up))
        .route("/me/orders/{id}/withdraw", post(orders::withdraw))
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
        .route("/me/security/add/{id}/try/stage", get(try_it::stage))
        .route("/me/security/add/phone/check", get(phone::check))
        .route("/me/security/add/phone/which", get(phone::which).post(phone::which_chosen))
        .route("/me/security/add/phone/how", get(phone::how))
        .route("/me/security/add/phone/{id}", get(phone::show))
        .route("/me/security/add/phone/{id}/events", get(phone::events))
        .route("/me/security/add/phone/{id}/stage", get(phone::stage))
        .route("/me/security/add/phone/{id}/number", post(phone::number))
        .route("/me/security/add/phone/{id}/stop", post(phone::stop))
        .route("/me/security/add/phone/{id}/again", post(phone::again))
        .route("/me/security/add/{id}/backup", get(add::backup))
        .route("/me/security/add/{id}/done", get(add::done))
        .route("/me/security/try/begin", post(try_it::begin))
        .route("/me/security/try/finish", post(try_it::finish))
        .route("/me/apps", get(apps::show))
        .route("/me/apps/remove", post(apps::remove))
        .route("/me/history", get(history::show))
        .route("/me/history/{id}", get(history::details))
        .route("/me/history/{id}/not-me", get(history::not_me).post(history::report))
        .route("/me/history/{id}/not-me/what", get(history::what_to_do))
        .route("/me/history/{id}/told", get(history::told))
        .route("/me/frozen", get(history::frozen).post(history::lift))
        .route("/me/security/password", get(password::show).post(password::submit))
        .route("/me/security/password/off", get(passwordless::show).post(passwordless::submit))
        .route("/me/security/codes", get(codes::show).post(codes::submit))
        .route("/me/security/codes/remove", get(codes::remove_form).post(codes::remove))
        .route("/me/security/recovery-codes", get(recovery_codes::show).post(recovery_codes::make))
        .route("/me/security/recovery-codes/kept", post(recovery_codes::kept))
        .route("/me/security/recovery-codes/download", post(recovery_codes::download))
        .route("/me/interrupt", get(interrupt::show))
        .route("/me/interrupt/postpone", post(interrupt::postpone))
        .route("/me/offer", get(interrupt::offer))
        .route("/me/offer/begin", post(interrupt::begin))
        .route("/me/offer/finish", post(interrupt::finish))
        .route("/me/offer/not-now", post(interrupt::not_now))
        .route("/me/offer/never", post(interrupt::never))
        .route("/me/secure", get(secure::show).post(secure::submit))
        .route("/me/notices", get(notices::show))
        .route("/me/notices/seen", post(notices::seen))
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
