//! `/oauth/token`: tokens for a code, for a refresh token, for the application itself or for a device (RFC 6749 section 3.2).

use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use oidc::dpop::Proof;
use oidc::error::OAuthError;
use oidc::scope::Scopes;
use serde_json::{Map, Value};
use service::client_authentication::AuthenticatedClient;
use service::client_credentials::{self, Ask};
use service::device_grant::{self, PollError};
use service::exchange_code::{self, Exchange};
use service::refresh::{self, Refresh};
use service::tokens::{TokenError, Tokens};

use super::program::{Answer, Program};
use super::refused::{Challenge, Refused};

const PATH: &str = "/oauth/token";

pub(super) async fn exchange(program: Program) -> Response {
    let reference = program.reference();
    Program::reply(&reference, answer(&program).await)
}

async fn answer(program: &Program) -> Answer {
    let client = program.client(PATH).await?;
    let proof = program.proof(PATH, None)?;
    let resources: Vec<String> = program.parameters.all("resource").map(str::to_owned).collect();
    let asked = Asked { client: &client, proof: proof.as_ref(), resources: &resources };
    let missing = || Refused::new(OAuthError::InvalidRequest, "grant_type_missing");
    let given = match program.parameters.get("grant_type").ok_or_else(missing)? {
        "authorization_code" => by_code(program, asked).await,
        "refresh_token" => by_refresh_token(program, asked).await,
        "client_credentials" => for_itself(program, asked).await,
        "urn:ietf:params:oauth:grant-type:device_code" => by_device(program, asked).await,
        _ => Err(Refused::new(OAuthError::UnsupportedGrantType, "grant_type")),
    };
    given.map(|tokens| granted(&tokens))
}

/// What every grant looks at.
#[derive(Clone, Copy)]
struct Asked<'a> {
    client: &'a AuthenticatedClient,
    proof: Option<&'a Proof>,
    resources: &'a [String],
}

async fn by_code(program: &Program, asked: Asked<'_>) -> Result<Tokens, Refused> {
    let parameters = &program.parameters;
    let exchange = Exchange {
        code: needed(program, "code", "code_missing")?,
        redirect_uri: parameters.get("redirect_uri"),
        verifier: parameters.get("code_verifier"),
        resources: asked.resources,
        proof: asked.proof,
    };
    let (mut caller, service) = (program.caller(), &program.visit.app.service);
    exchange_code::exchange(service, &mut caller, program.issuer(), asked.client, exchange)
        .await
        .map_err(refused)
}

async fn by_refresh_token(program: &Program, asked: Asked<'_>) -> Result<Tokens, Refused> {
    let scopes = scopes(program)?;
    let refresh = Refresh {
        token: needed(program, "refresh_token", "refresh_token_missing")?,
        scopes: scopes.as_ref(),
        resources: asked.resources,
        proof: asked.proof,
    };
    let (mut caller, service) = (program.caller(), &program.visit.app.service);
    refresh::refresh(service, &mut caller, program.issuer(), asked.client, refresh).await.map_err(refused)
}

async fn for_itself(program: &Program, asked: Asked<'_>) -> Result<Tokens, Refused> {
    let scopes = scopes(program)?;
    let ask = Ask { scopes: scopes.as_ref(), resources: asked.resources, proof: asked.proof };
    let (mut caller, service) = (program.caller(), &program.visit.app.service);
    client_credentials::issue(service, &mut caller, program.issuer(), asked.client, ask)
        .await
        .map_err(refused)
}

async fn by_device(program: &Program, asked: Asked<'_>) -> Result<Tokens, Refused> {
    let ask = device_grant::Ask {
        device_code: needed(program, "device_code", "device_code_missing")?,
        resources: asked.resources,
        proof: asked.proof,
    };
    let (mut caller, service) = (program.caller(), &program.visit.app.service);
    let given = device_grant::exchange(service, &mut caller, program.issuer(), asked.client, ask).await;
    given.map_err(|error| match error {
        PollError::Token(error) => refused(error),
        PollError::SlowDown { pause } => Refused::new(error.error(), error.code()).after(pause.secs()),
        other => Refused::new(other.error(), other.code()),
    })
}

fn needed<'a>(program: &'a Program, name: &str, code: &'static str) -> Result<&'a str, Refused> {
    program.parameters.get(name).ok_or_else(|| Refused::new(OAuthError::InvalidRequest, code))
}

fn scopes(program: &Program) -> Result<Option<Scopes>, Refused> {
    let asked = program.parameters.get("scope").map(Scopes::parse).transpose();
    asked.map_err(|_| Refused::new(OAuthError::InvalidScope, "scope"))
}

pub(super) fn refused(error: TokenError) -> Refused {
    let (called, code) = (error.error(), error.code());
    match error {
        TokenError::Store(error) => error.into(),
        TokenError::AssertionUsed => Refused::new(called, code).asking(Challenge::Basic),
        _ => Refused::new(called, code),
    }
}

/// The tokens as RFC 6749 section 5.1 has them.
fn granted(tokens: &Tokens) -> Response {
    let mut body = Map::new();
    let mut put = |name: &str, value: Value| body.insert(name.to_owned(), value);
    put("access_token", tokens.access_token.as_str().into());
    put("token_type", if tokens.bound { "DPoP" } else { "Bearer" }.into());
    put("expires_in", tokens.expires_in.secs().into());
    put("scope", tokens.scopes.to_string().into());
    if let Some(refresh_token) = &tokens.refresh_token {
        put("refresh_token", refresh_token.as_str().into());
    }
    if let Some(id_token) = &tokens.id_token {
        put("id_token", id_token.as_str().into());
    }
    json(StatusCode::OK, Value::Object(body))
}

/// An answer that nobody keeps.
pub(super) fn json(status: StatusCode, body: Value) -> Response {
    let headers = [
        (header::CONTENT_TYPE, "application/json"),
        (header::CACHE_CONTROL, "no-store"),
        (header::PRAGMA, "no-cache"),
    ];
    (status, headers, body.to_string()).into_response()
}
