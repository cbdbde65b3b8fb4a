//! Discovery (OpenID Connect Discovery section 4, RFC 8414) and the key set (RFC 7517): the same for everybody.
//!
//! Every relying party asks for them, and often, so they stand outside everything that other requests pass through: their
//! bytes and headers are made once.

use std::sync::{Arc, PoisonError, RwLock};

use axum::Router;
use axum::body::{Body, Bytes};
use axum::extract::State;
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::Response;
use axum::routing::get;
use oidc::discovery::{self, Offers};
use primitives::{digest, encoding};
use service::Settings;

use super::{open_to_all, preflight};
use crate::app::App;
use crate::headers::SecurityHeaders;
use crate::text::Language;

/// Where OpenID Connect clients look.
pub(crate) const OPENID: &str = "/.well-known/openid-configuration";
/// Where OAuth 2 clients look.
pub(crate) const OAUTH: &str = "/.well-known/oauth-authorization-server";
const JWKS: &str = "/oauth/jwks";

/// New keys are published for longer than this before they sign.
const FIVE_MINUTES: &str = "public, max-age=300";

pub(crate) fn all() -> Router<Arc<App>> {
    Router::new()
        .route(OPENID, get(discovered).options(preflight))
        .route(OAUTH, get(discovered).options(preflight))
        .route(JWKS, get(key_set).options(preflight))
}

/// A document with its headers, made once.
#[derive(Clone, Debug)]
pub(crate) struct Document {
    body: Bytes,
    headers: HeaderMap,
    etag: HeaderValue,
}

impl Document {
    pub(crate) fn new(body: Bytes, security: &SecurityHeaders) -> Self {
        let mut name = encoding::base64url(&digest::sha256(&body));
        name.truncate(22);
        let etag = HeaderValue::try_from(format!("\"{name}\"")).unwrap_or(HeaderValue::from_static("\"\""));
        let mut headers = HeaderMap::new();
        headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/json"));
        headers.insert(header::CACHE_CONTROL, HeaderValue::from_static(FIVE_MINUTES));
        headers.insert(header::ETAG, etag.clone());
        open_to_all(&mut headers);
        security.apply(&mut headers);
        Self { body, headers, etag }
    }

    fn respond(&self, asked: &HeaderMap) -> Response {
        let known = asked.get(header::IF_NONE_MATCH).and_then(|value| value.to_str().ok());
        let own = self.etag.to_str().unwrap_or_default();
        let known = known.is_some_and(|tags| {
            tags.split(',').any(|tag| tag.trim().trim_start_matches("W/") == own || tag.trim() == "*")
        });
        let body = if known { Body::empty() } else { Body::from(self.body.clone()) };
        let mut response = Response::new(body);
        *response.headers_mut() = self.headers.clone();
        if known {
            *response.status_mut() = StatusCode::NOT_MODIFIED;
        }
        response
    }
}

/// Discovery as it was made last, with the settings that it was made from.
#[derive(Default)]
pub(crate) struct Discovery(RwLock<Option<(Arc<Settings>, Document)>>);

impl Discovery {
    fn respond(&self, app: &App, asked: &HeaderMap) -> Response {
        let settings = app.service.settings();
        if let Some((made_from, document)) = &*self.0.read().unwrap_or_else(PoisonError::into_inner)
            && Arc::ptr_eq(made_from, &settings)
        {
            return document.respond(asked);
        }
        let text = discovery::document(app.site.origin.as_str(), &offers(app, &settings)).to_string();
        let document = Document::new(Bytes::from(text), &app.headers);
        let response = document.respond(asked);
        *self.0.write().unwrap_or_else(PoisonError::into_inner) = Some((settings, document));
        response
    }
}

fn offers(app: &App, settings: &Settings) -> Offers {
    Offers {
        registration: app.site.registration,
        client_documents: app.site.client_documents,
        device: true,
        acr_values: settings.acr_values(),
        ui_locales: Language::ALL.iter().map(|language| language.code().to_owned()).collect(),
        claims: Vec::new(),
    }
}

/// The key set that was published last, with the text that it was made from.
#[derive(Debug, Default)]
pub(crate) struct KeySet(RwLock<Option<(Arc<str>, Document)>>);

impl KeySet {
    fn respond(&self, published: &Arc<str>, security: &SecurityHeaders, asked: &HeaderMap) -> Response {
        if let Some((text, document)) = &*self.0.read().unwrap_or_else(PoisonError::into_inner)
            && Arc::ptr_eq(text, published)
        {
            return document.respond(asked);
        }
        let document = Document::new(Bytes::copy_from_slice(published.as_bytes()), security);
        let response = document.respond(asked);
        *self.0.write().unwrap_or_else(PoisonError::into_inner) = Some((Arc::clone(published), document));
        response
    }
}

async fn discovered(State(app): State<Arc<App>>, asked: HeaderMap) -> Response {
    app.discovery.respond(&app, &asked)
}

async fn key_set(State(app): State<Arc<App>>, asked: HeaderMap) -> Response {
    let published = service::signing_keys::published(&app.service);
    app.key_set.respond(&published, &app.headers, &asked)
}
