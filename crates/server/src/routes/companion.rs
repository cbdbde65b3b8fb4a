//! The companion: the pages that a phone opens (`/a/…`), and the same errand for programs (`/api/enrolment/…`).

mod api;
mod app;
mod enrol;
mod home;
mod made;
mod scripted;

use std::sync::Arc;

use axum::Router;
use axum::http::{HeaderValue, header};
use axum::routing::{get, post};

use crate::app::App;
use crate::context::Visit;
use crate::headers::COMPANION_POLICY;
use crate::problem::{Answer, Stop};

pub(super) fn all() -> Router<Arc<App>> {
    Router::new()
        .route("/a", get(home::short))
        .route("/a/", get(home::show))
        .route("/a/code", post(home::code))
        .route("/a/sign-in", post(home::sign_in))
        .route("/a/switch", post(home::switch))
        .route("/a/offline", get(app::offline))
        .route("/a/manifest.webmanifest", get(app::manifest))
        .route("/a/sw.js", get(app::worker))
        .route("/a/e/{ticket}", get(enrol::show))
        .route("/a/e/{ticket}/claim", post(enrol::claim))
        .route("/a/e/{ticket}/decline", post(enrol::decline))
        .route("/a/e/{ticket}/switch", post(enrol::switch))
        .route("/a/e/{ticket}/stage", get(scripted::stage))
        .route("/a/e/{ticket}/report", post(scripted::report))
        .route("/a/e/{ticket}/begin", post(scripted::begin))
        .route("/a/e/{ticket}/finish", post(scripted::finish))
        .merge(api::all())
}

/// A page of the companion: it alone may have a manifest and a worker.
fn companion(answer: Answer) -> Answer {
    answer.map(|mut response| {
        let policy = HeaderValue::from_static(COMPANION_POLICY);
        response.headers_mut().insert(header::CONTENT_SECURITY_POLICY, policy);
        response
    })
}

/// Signs out whoever is signed in, because somebody else is about to.
async fn leave(visit: &mut Visit) -> Result<(), Stop> {
    if let Some(who) = visit.who().await? {
        let mut caller = visit.caller();
        service::sign_out::sign_out(&visit.app.service, &mut caller, &who).await?;
        visit.end_session();
    }
    Ok(())
}
