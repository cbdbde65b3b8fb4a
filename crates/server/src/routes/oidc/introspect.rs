//! `/oauth/introspect` and `/oauth/revoke`: what a token is worth (RFC 7662), and that it shall be worth nothing
//! (RFC 7009).

use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use oidc::error::OAuthError;
use serde_json::Value;

use super::program::{Answer, Program};
use super::refused::Refused;
use super::token;

pub(super) async fn introspect(program: Program) -> Response {
    let reference = program.reference();
    Program::reply(&reference, inspected(&program).await)
}

async fn inspected(program: &Program) -> Answer {
    let client = program.confidential_client("/oauth/introspect").await?;
    let (now, service) = (program.visit.now(), &program.visit.app.service);
    let said =
        service::introspect::introspect(service, now, program.issuer(), &client, asked(program)?).await;
    said.map(|said| token::json(StatusCode::OK, Value::Object(said))).map_err(token::refused)
}

pub(super) async fn revoke(program: Program) -> Response {
    let reference = program.reference();
    Program::reply(&reference, revoked(&program).await)
}

async fn revoked(program: &Program) -> Answer {
    let client = program.client("/oauth/revoke").await?;
    let (mut caller, service) = (program.caller(), &program.visit.app.service);
    let asked = asked(program)?;
    service::revoke_token::revoke(service, &mut caller, program.issuer(), &client, asked)
        .await
        .map_err(token::refused)?;
    // Whether there was such a token is not said (section 2.2).
    Ok((StatusCode::OK, [(header::CACHE_CONTROL, "no-store")]).into_response())
}

fn asked(program: &Program) -> Result<&str, Refused> {
    let missing = || Refused::new(OAuthError::InvalidRequest, "token_missing");
    program.parameters.get("token").ok_or_else(missing)
}
