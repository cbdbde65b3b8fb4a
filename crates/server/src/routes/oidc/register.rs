//! `/oauth/register`: clients that register themselves, with an API key as the initial access token (RFC 7591), and what
//! they do with their registration (RFC 7592). Off unless the configuration says otherwise.

use std::sync::Arc;

use account::api_key::{self, Scope};
use axum::body::{Body, to_bytes};
use axum::extract::{FromRequestParts, Path, Request, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use oidc::client::ClientId;
use oidc::error::OAuthError;
use oidc::json;
use oidc::registration::{Issued, render};
use primitives::secret::{SecretText, Token};
use serde_json::Value;
use service::administer_keys::{self, KeyRefused};
use service::register_client::{self, RegisterError, Registered, read_token};

use super::refused::{Challenge, Refused};
use crate::app::App;
use crate::context::Visit;
use crate::fields::LONGEST_BODY;
use crate::pages::passes::percent_encoded;
use crate::problem::Problem;

/// A request with the metadata that came along.
struct Asked {
    visit: Visit,
    bearer: Option<String>,
    body: Vec<u8>,
    json: bool,
}

impl Asked {
    async fn read(app: &Arc<App>, request: Request) -> Result<Self, Response> {
        let (mut parts, body): (_, Body) = request.into_parts();
        let visit = Visit::from_request_parts(&mut parts, app).await.map_err(Problem::into_response)?;
        let body = to_bytes(body, LONGEST_BODY).await;
        let body = body.map_err(|_| Problem::body(StatusCode::PAYLOAD_TOO_LARGE).into_response())?;
        let kind = text(&parts.headers, header::CONTENT_TYPE).unwrap_or_default();
        let kind = kind.split(';').next().unwrap_or_default().trim();
        let bearer = text(&parts.headers, header::AUTHORIZATION).and_then(|text| {
            let (scheme, token) = text.split_once(' ')?;
            scheme.eq_ignore_ascii_case("bearer").then(|| token.trim().to_owned())
        });
        let json = kind.eq_ignore_ascii_case("application/json");
        Ok(Self { visit, bearer, body: body.to_vec(), json })
    }

    /// The metadata: one JSON object, no member twice.
    fn metadata(&self) -> Result<Value, Refused> {
        let invalid = |code| Refused::new(OAuthError::InvalidClientMetadata, code);
        if !self.json {
            return Err(invalid("media_type").with_status(StatusCode::UNSUPPORTED_MEDIA_TYPE));
        }
        let bounds = json::Bounds { bytes: LONGEST_BODY, depth: 8 };
        json::read(&self.body, bounds).map(Value::Object).map_err(|refusal| invalid(refusal.code()))
    }

    /// The registration access token, and whose registration the address names.
    fn own(&self, id: &str) -> Result<(ClientId, Token), Refused> {
        let token = self.bearer.as_deref().and_then(read_token);
        ClientId::parse(id).ok().zip(token).ok_or_else(|| refused(&RegisterError::Token))
    }

    fn reply(&self, answer: Result<Response, Refused>) -> Response {
        answer.unwrap_or_else(|refused| refused.respond(self.visit.facts.reference.as_str()))
    }

    fn shown(&self, status: StatusCode, registered: &Registered) -> Response {
        let origin = self.visit.app.site.origin.as_str();
        let id = percent_encoded(registered.stored.client.id.as_str());
        let issued = Issued {
            at: registered.stored.created,
            secret: registered.secret.as_ref().map(SecretText::reveal),
            secret_ends: None,
            access_token: registered.token.as_ref().map(SecretText::reveal),
            client_uri: &format!("{origin}/oauth/register/{id}"),
        };
        let headers = [(header::CACHE_CONTROL, "no-store")];
        (status, headers, axum::Json(render(&registered.registration, &issued))).into_response()
    }
}

fn text(headers: &HeaderMap, name: header::HeaderName) -> Option<String> {
    headers.get(name)?.to_str().ok().map(str::to_owned)
}

fn refused(error: &RegisterError) -> Refused {
    match error {
        RegisterError::Token => {
            Refused::new(OAuthError::InvalidToken, error.code()).asking(Challenge::Bearer)
        }
        RegisterError::Metadata(refusal) => Refused::new(refusal.error(), refusal.code()),
        RegisterError::Terms(refusal) => Refused::new(OAuthError::InvalidClientMetadata, refusal.code()),
        RegisterError::InHand => Refused::new(OAuthError::InvalidClientMetadata, error.code()),
        RegisterError::TooMany => Refused::new(OAuthError::TemporarilyUnavailable, error.code()),
        RegisterError::Version => {
            Refused::new(OAuthError::InvalidRequest, error.code()).with_status(StatusCode::CONFLICT)
        }
        RegisterError::Store(error) => Refused::from(error.clone()),
    }
}

/// Registers a client.
pub(super) async fn register(State(app): State<Arc<App>>, request: Request) -> Response {
    if !app.site.registration {
        return Problem::not_found().into_response();
    }
    let asked = match Asked::read(&app, request).await {
        Ok(asked) => asked,
        Err(response) => return response,
    };
    let answer = add(&app, &asked).await;
    asked.reply(answer)
}

async fn add(app: &App, asked: &Asked) -> Result<Response, Refused> {
    let stranger = || refused(&RegisterError::Token);
    let value = asked.bearer.as_deref().and_then(api_key::read).ok_or_else(stranger)?;
    let (mut caller, now) = (asked.visit.caller(), asked.visit.now());
    let key = administer_keys::authenticate(&app.service, now, &value, Scope::ClientsRegister).await;
    let key = key.map_err(|error| match error {
        KeyRefused::Store(error) => Refused::from(error),
        KeyRefused::Stranger | KeyRefused::Scope => stranger(),
    })?;
    let metadata = asked.metadata()?;
    let registered = register_client::register(&app.service, &mut caller, &key, &metadata).await;
    let registered = registered.map_err(|error| refused(&error))?;
    Ok(asked.shown(StatusCode::CREATED, &registered))
}

/// What a client registered.
pub(super) async fn read(State(app): State<Arc<App>>, Path(id): Path<String>, request: Request) -> Response {
    manage(&app, &id, request, Doing::Read).await
}

/// A client replaces what it registered.
pub(super) async fn replace(
    State(app): State<Arc<App>>,
    Path(id): Path<String>,
    request: Request,
) -> Response {
    manage(&app, &id, request, Doing::Replace).await
}

/// A client takes itself away.
pub(super) async fn remove(
    State(app): State<Arc<App>>,
    Path(id): Path<String>,
    request: Request,
) -> Response {
    manage(&app, &id, request, Doing::Remove).await
}

enum Doing {
    Read,
    Replace,
    Remove,
}

async fn manage(app: &Arc<App>, id: &str, request: Request, doing: Doing) -> Response {
    if !app.site.registration {
        return Problem::not_found().into_response();
    }
    let asked = match Asked::read(app, request).await {
        Ok(asked) => asked,
        Err(response) => return response,
    };
    let answer = done(app, &asked, id, doing).await;
    asked.reply(answer)
}

async fn done(app: &App, asked: &Asked, id: &str, doing: Doing) -> Result<Response, Refused> {
    let (id, token) = asked.own(id)?;
    let mut caller = asked.visit.caller();
    let found = match doing {
        Doing::Read => register_client::read(&app.service, &id, &token).await,
        Doing::Replace => {
            let metadata = asked.metadata()?;
            register_client::replace(&app.service, &mut caller, (&id, &token), &metadata).await
        }
        Doing::Remove => {
            let gone = register_client::deregister(&app.service, &mut caller, (&id, &token)).await;
            return gone.map(|()| StatusCode::NO_CONTENT.into_response()).map_err(|error| refused(&error));
        }
    };
    found.map(|registered| asked.shown(StatusCode::OK, &registered)).map_err(|error| refused(&error))
}
