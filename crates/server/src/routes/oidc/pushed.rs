//! `/oauth/par`: a request that the application sends ahead of the browser (RFC 9126).

use axum::http::StatusCode;
use axum::response::Response;
use oidc::error::OAuthError;
use serde_json::json;
use service::authorize::{self, PushError};

use super::program::{Answer, Program};
use super::refused::Refused;
use super::token;

const PATH: &str = "/oauth/par";

pub(super) async fn push(program: Program) -> Response {
    let reference = program.reference();
    Program::reply(&reference, answer(&program).await)
}

async fn answer(program: &Program) -> Answer {
    let client = program.client(PATH).await?;
    let proof = program.proof(PATH, None)?;
    let (mut caller, service) = (program.caller(), &program.visit.app.service);
    let asked = (&program.parameters, proof.as_ref());
    match authorize::push(service, &mut caller, program.issuer(), &client, asked).await {
        Ok(pushed) => {
            let body = json!({ "request_uri": pushed.request_uri, "expires_in": pushed.expires_in.secs() });
            Ok(token::json(StatusCode::CREATED, body))
        }
        Err(PushError::Refused(refusal)) => Err(Refused::new(refusal.error(), refusal.code())),
        Err(PushError::Client(error)) => Err(program.unproven(&error)),
        Err(PushError::Proof(error)) => Err(Refused::new(OAuthError::InvalidDpopProof, error.code())),
        Err(PushError::Store(error)) => Err(error.into()),
    }
}
