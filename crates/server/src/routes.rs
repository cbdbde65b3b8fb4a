//! The addresses, and the files that answer them: a tree that mirrors the URLs.
//!
//! Handlers are thin: parse, call one use case, render. GET changes nothing.

mod admin;
mod api;
mod authorize;
mod companion;
mod confirm;
mod device;
pub(crate) mod forward;
mod graph;
mod health;
mod help;
pub(crate) mod oidc;
mod password;
mod portal;
mod recover;
mod recovery;
mod requests;
mod scim;
mod second_step;
mod sign_in;
mod sign_out;
mod tap;
mod topics;

pub(crate) use self::api::problem::{Face, face, render};
pub(crate) use self::graph::graph_problem;

use std::sync::Arc;

use axum::Router;
use axum::routing::{get, post};

use crate::app::App;

/// Every address.
pub(crate) fn all() -> Router<Arc<App>> {
    Router::new()
        .route("/", get(sign_in::home))
        .route("/signin", get(sign_in::show).post(sign_in::identify))
        .route("/signin/method", get(sign_in::methods))
        .route("/signin/forget", post(sign_in::forget))
        .route("/signin/begin", post(sign_in::begin))
        .route("/signin/finish", post(sign_in::finish))
        .route("/signin/password", get(password::show).post(password::submit))
        .route("/signin/password/new", get(password::new_form).post(password::new))
        .route("/signin/step", get(second_step::show).post(second_step::submit))
        .route("/signin/recovery", get(recovery::show).post(recovery::submit))
        .route("/signin/tap", get(tap::show).post(tap::submit))
        .route("/signout", post(sign_out::submit))
        .route("/signout/asked", post(oidc::end_session::confirm))
        .route("/signed-out", get(sign_out::show))
        .route("/help", get(help::show))
        .route("/help/passkeys", get(topics::guide))
        .route("/help/letter", get(topics::letter))
        .route("/help/pictures/{file}", get(topics::picture))
        .route("/help/{topic}", get(topics::show))
        .route("/help/signin", get(recover::help))
        .route("/recover", get(recover::show).post(recover::submit))
        .route("/recover/sent", get(recover::sent))
        .route("/admin/requests", get(requests::list))
        .route("/admin/requests/{id}", get(requests::show))
        .route("/admin/requests/{id}/pass", post(requests::issue))
        .route("/admin/requests/{id}/dismiss", post(requests::dismiss))
        .route("/language", post(help::language))
        .route("/me/language", get(topics::language_form).post(topics::language))
        .route("/me/confirm", get(confirm::show))
        .route("/me/confirm/begin", post(confirm::begin))
        .route("/me/confirm/finish", post(confirm::finish))
        .route("/me/confirm/password", post(confirm::by_password))
        .merge(admin::all())
        .merge(authorize::all())
        .merge(oidc::all())
        .merge(api::all())
        .merge(graph::all())
        .merge(portal::all())
        .merge(scim::all())
        .merge(companion::all())
        .merge(device::all())
        .merge(forward::all())
        .merge(health::all())
}
