//! A passkey for somebody else: options, a security key, and what it made.

use std::sync::Arc;

use account::api_key::Scope;
use primitives::time::Span;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use serde_json::value::RawValue;
use service::provision_passkey::{self, MadeElsewhere};
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::address::ById;
use super::answer;
use super::body::Body;
use super::call::Call;
use super::methods::Passkey;
use super::refused::refused;
use crate::aaguid;
use crate::app::App;
use crate::fields::{Path, Query};
use crate::problem::Answer;

pub(super) fn operations() -> OpenApiRouter<Arc<App>> {
    OpenApiRouter::new().routes(routes!(options)).routes(routes!(register))
}

/// How long a security key may take.
#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct Lifetime {
    /// In minutes.
    #[param(minimum = 5, maximum = 43200, default = 5)]
    minutes: Option<u32>,
}

/// What to ask a security key for.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = PasskeyOptions)]
struct Options {
    /// Until then the key may answer.
    #[schema(format = DateTime)]
    ends_at: String,
    /// PublicKeyCredentialCreationOptionsJSON of WebAuthn Level 3.
    #[schema(value_type = Object)]
    public_key: Value,
}

/// What to ask a security key for, for somebody else. Changes nothing
#[utoipa::path(get, path = "/api/v1/users/{id}/passkeys/options", tag = "methods", params(ById, Lifetime),
    security(("key" = ["passkeys.provision"])),
    responses((status = 200, description = "The options", body = Options)))]
async fn options(call: Call, Path(at): Path<ById>, Query(lifetime): Query<Lifetime>) -> Answer {
    call.may(Scope::PasskeysProvision)?;
    let lifetime =
        lifetime.minutes.map_or(provision_passkey::SHORTEST, |minutes| Span::from_minutes(minutes.into()));
    let mut caller = call.visit.caller();
    let authority = call.authority();
    let begun = provision_passkey::begin(call.service(), &mut caller, authority, at.id()?, lifetime).await;
    let begun = begun.map_err(refused)?;
    let options = Options { ends_at: begun.expires.to_string(), public_key: begun.options };
    Ok(answer::json(axum::http::StatusCode::OK, &options))
}

/// What a security key made.
#[derive(Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[schema(as = MadePasskey)]
struct Made {
    /// What its owner will know it by; named by its model if absent.
    #[schema(min_length = 1, max_length = 60)]
    name: Option<String>,
    /// RegistrationResponseJSON of WebAuthn Level 3.
    #[schema(value_type = Object)]
    credential: Box<RawValue>,
}

/// Register what a security key made for somebody else
#[utoipa::path(post, path = "/api/v1/users/{id}/passkeys", tag = "methods", params(ById), request_body = Made,
    security(("key" = ["passkeys.provision"])),
    responses((status = 201, description = "The new passkey", body = Passkey)))]
async fn register(call: Call, Path(at): Path<ById>, Body(sent): Body<Made>) -> Answer {
    let (id, mut caller) = (at.id()?, call.visit.caller());
    let suggested_name = |aaguid: [u8; 16]| aaguid::suggest(&aaguid, None, "Security key", &[]);
    let made = MadeElsewhere {
        response: sent.credential.get(),
        name: sent.name.as_deref(),
        suggested_name: &suggested_name,
    };
    let done = provision_passkey::finish(call.service(), &mut caller, call.authority(), id, made).await;
    let passkey = done.map_err(refused)?;
    let location = format!("/api/v1/users/{}/methods", passkey.user);
    answer::created(&Passkey::from(&passkey), &location)
}
