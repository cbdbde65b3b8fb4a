//! What makes the companion something to put on the home screen: manifest, worker, and the page without a network.

use std::sync::Arc;

use axum::extract::State;
use axum::http::{HeaderMap, header};
use axum::response::{IntoResponse, Response};
use serde_json::json;

use crate::app::App;
use crate::assets::{self, ASSETS};
use crate::context::{Visit, preferred_language};
use crate::pages::companion::Offline;
use crate::problem::Answer;
use crate::text::Text;

/// What the page without a network consists of.
const OFFLINE_FILES: [&str; 6] = ["keyward.css", "icon.svg", "page.js", "time.js", "offline.js", "forms.js"];

/// The manifest, in the language that the browser asks for.
pub(super) async fn manifest(State(app): State<Arc<App>>, headers: HeaderMap) -> Response {
    let text = Text::new(preferred_language(&headers).unwrap_or(app.site.language));
    let icon = |name: &str, sizes: &str, purpose: &str| json!({ "src": assets::url(name), "sizes": sizes, "type": "image/png", "purpose": purpose });
    let manifest = json!({
        "id": "/a/",
        "start_url": "/a/",
        "scope": "/a/",
        "display": "standalone",
        "name": text.say("ph-app-name").with("organisation", &app.site.organisation.name).to_string(),
        "short_name": text.say("ph-app").to_string(),
        "lang": text.language.code(),
        "dir": text.language.direction(),
        "theme_color": "#0f5c56",
        "background_color": "#ffffff",
        "icons": [
            icon("icon-192.png", "192x192", "any"),
            icon("icon-512.png", "512x512", "any"),
            icon("icon-maskable-512.png", "512x512", "maskable"),
        ],
    });
    let headers = [(header::CONTENT_TYPE, "application/manifest+json"), (header::CACHE_CONTROL, "no-cache")];
    (headers, manifest.to_string()).into_response()
}

/// The worker, with what belongs to this build in front.
pub(super) async fn worker() -> Response {
    let files: Vec<String> = OFFLINE_FILES.into_iter().map(assets::url).collect();
    let build =
        json!({ "cache": format!("keyward-{}", assets::hash()), "page": "/a/offline", "files": files });
    let script = ASSETS.iter().find(|asset| asset.name == "sw.js").map_or(&[][..], |asset| asset.body);
    let body = [format!("globalThis.keywardBuild = {build};\n").as_bytes(), script].concat();
    let headers =
        [(header::CONTENT_TYPE, "text/javascript; charset=utf-8"), (header::CACHE_CONTROL, "no-cache")];
    (headers, body).into_response()
}

/// Asked for without cookies by the worker. Whoever asks, it names nobody.
pub(super) async fn offline(mut visit: Visit) -> Answer {
    visit.token = None;
    visit.sealed.flash = None;
    let shell = visit.shell();
    super::companion(visit.page(&Offline { shell }))
}
