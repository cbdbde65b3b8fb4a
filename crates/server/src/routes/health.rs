//! Probes, files and the documents at well-known addresses.

use std::sync::Arc;

use account::attested_device::SOFTWARE;
use axum::body::Bytes;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use axum::{Json, Router};
use serde_json::json;
use service::attest_devices::pem;

use crate::app::App;
use crate::assets;
use crate::fields::Path;
use crate::problem::Problem;

const A_DAY: &str = "public, max-age=86400";

pub(super) fn all() -> Router<Arc<App>> {
    Router::new()
        .route("/healthz", get(|| async { "ok\n" }))
        .route("/readyz", get(ready))
        .route("/static/{hash}/{name}", get(asset))
        .route("/favicon.ico", get(icon))
        .route("/.well-known/webauthn", get(related_origins))
        .route("/.well-known/passkey-endpoints", get(passkey_endpoints))
        .route("/.well-known/keyfob", get(keyfob))
}

/// Whether this node may be sent requests.
async fn ready(State(app): State<Arc<App>>) -> Response {
    match app.readiness.check(&app.service.db, app.ambient.now()).await {
        Ok(()) => Json(json!({ "ready": true })).into_response(),
        Err(why) => (StatusCode::SERVICE_UNAVAILABLE, Json(json!({ "ready": false, "code": why.code() })))
            .into_response(),
    }
}

async fn asset(Path((hash, name)): Path<(String, String)>, headers: HeaderMap) -> Response {
    let response = assets::respond(&hash, &name, headers.get(header::IF_NONE_MATCH));
    if response.status() == StatusCode::NOT_FOUND { Problem::not_found().into_response() } else { response }
}

async fn icon(headers: HeaderMap) -> Response {
    assets::respond("", "icon.svg", headers.get(header::IF_NONE_MATCH))
}

/// WebAuthn Level 3 section 5.11.1: the origins that may use this relying-party ID, the server's own first.
async fn related_origins(State(app): State<Arc<App>>) -> Response {
    document(app.related_origins.clone())
}

/// The passkey endpoints (W3C well-known URL): where password managers lead people to.
async fn passkey_endpoints(State(app): State<Arc<App>>) -> Response {
    document(app.passkey_endpoints.clone())
}

/// What an authenticator of ours has to know to work with this server (`docs/operator/enrolment.md`).
async fn keyfob(State(app): State<Arc<App>>) -> Response {
    let (site, settings) = (&app.site, app.service.settings());
    let origin = site.origin.as_str();
    let attestation = settings
        .anchors
        .authority
        .as_ref()
        .map(|root| json!({ "models": [SOFTWARE.to_string()], "root": pem(root) }));
    // The tunnel service answers at this very name.
    let relay = site.relay.then(|| origin.split_once("://").map_or(origin, |(_, host)| host));
    let document = json!({
        "name": site.organisation.name,
        "origin": origin,
        "rp_id": site.rp_id,
        "api": 1,
        "enrolment": format!("{origin}/api/enrolment"),
        "authenticator": format!("{origin}/api/authenticator"),
        "relay": relay,
        "attestation": attestation,
    });
    ([(header::CACHE_CONTROL, "public, max-age=300")], Json(document)).into_response()
}

fn document(body: Bytes) -> Response {
    ([(header::CONTENT_TYPE, "application/json"), (header::CACHE_CONTROL, A_DAY)], body).into_response()
}
