//! The addresses, and the files that answer them: a tree that mirrors the URLs.
//!
//! Handlers are thin: parse, call one use case, render. GET changes nothing.

mod confirm;
mod health;
mod help;
mod portal;
mod sign_in;
mod sign_out;
mod tap;

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
        .route("/signin/tap", get(tap::show).post(tap::submit))
        .route("/signout", post(sign_out::submit))
        .route("/signed-out", get(sign_out::show))
        .route("/help", get(help::show))
        .route("/language", post(help::language))
        .route("/me/confirm", get(confirm::show))
        .route("/me/confirm/begin", post(confirm::begin))
        .route("/me/confirm/finish", post(confirm::finish))
        .merge(portal::all())
        .merge(health::all())
}
