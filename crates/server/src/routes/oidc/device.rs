//! `/oauth/device`: a device that cannot show a sign-in page asks for its codes (RFC 8628 section 3.1).

use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use oidc::error::OAuthError;
use oidc::scope::Scopes;
use serde_json::json;
use service::device_grant::{self, DeviceError};

use super::program::{Answer, Program};
use super::refused::Refused;

const PATH: &str = "/oauth/device";

/// Where people type the code.
pub(crate) const PAGE: &str = "/device";

pub(super) async fn begin(program: Program) -> Response {
    let reference = program.reference();
    Program::reply(&reference, answer(&program).await)
}

async fn answer(program: &Program) -> Answer {
    let client = program.client(PATH).await?;
    let scopes = Scopes::parse(program.parameters.get("scope").unwrap_or_default())
        .map_err(|_| Refused::new(OAuthError::InvalidScope, "scope"))?;
    let resources = program.parameters.all("resource").map(str::to_owned).collect();
    let mut caller = program.caller();
    let service = &program.visit.app.service;
    let begun =
        device_grant::begin(service, &mut caller, &client, scopes, resources).await.map_err(refused)?;
    // No `verification_uri_complete`: the code is typed by whoever has the device before them (section 5.4).
    let body = json!({
        "device_code": begun.device_code.encode(),
        "user_code": begun.user_code,
        "verification_uri": program.url(PAGE),
        "expires_in": begun.expires_in.secs(),
        "interval": begun.interval.secs(),
    });
    Ok((StatusCode::OK, axum::Json(body)).into_response())
}

fn refused(error: DeviceError) -> Refused {
    let code = error.code();
    match error {
        DeviceError::Store(error) => error.into(),
        DeviceError::Resource => Refused::new(OAuthError::InvalidTarget, code),
        DeviceError::TooMany => Refused::new(OAuthError::TemporarilyUnavailable, code).after(60),
        DeviceError::AssertionUsed => Refused::new(OAuthError::InvalidClient, code),
        _ => Refused::new(OAuthError::UnauthorizedClient, code),
    }
}
