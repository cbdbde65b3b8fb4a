//! Strengths, and what is known about models of authenticators.

use std::sync::Arc;

use account::api_key::Scope;
use account::strength::Strength;
use serde::Serialize;
use service::metadata;
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::answer;
use super::call::Call;
use crate::app::App;
use crate::problem::Answer;

pub(super) fn operations() -> OpenApiRouter<Arc<App>> {
    OpenApiRouter::new().routes(routes!(list)).routes(routes!(models))
}

/// A strength.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = Strength)]
struct Described {
    /// Its name.
    name: String,
    /// Whether Keyward brings it along; the others are the policy's.
    built_in: bool,
    /// The authentication context class reference of a built-in one.
    acr: Option<&'static str>,
}

/// All strengths.
#[derive(Serialize, ToSchema)]
struct Strengths {
    /// The built-in ones from the weakest to the strongest, then the policy's.
    items: Vec<Described>,
}

/// Strengths, built-in and the policy's
#[utoipa::path(get, path = "/api/v1/strengths", tag = "policy", security(("key" = ["policy.read"])),
    responses((status = 200, description = "All of them", body = Strengths)))]
async fn list(call: Call) -> Answer {
    call.may(Scope::PolicyRead)?;
    let settings = call.service().settings();
    let built_in = Strength::ALL.iter().map(|strength| Described {
        name: strength.to_string(),
        built_in: true,
        acr: Some(strength.acr()),
    });
    let custom = settings.policy.strengths.iter();
    let custom = custom.map(|strength| Described { name: strength.name.clone(), built_in: false, acr: None });
    answer::show(&call, &Strengths { items: built_in.chain(custom).collect() })
}

/// How FIDO's metadata stands.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct Metadata {
    /// The number of the newest blob that was taken; absent if none ever was.
    number: Option<i64>,
    /// By when the next one is due.
    #[schema(format = DateTime)]
    next_update_at: Option<String>,
    /// Why the last look found nothing to take.
    last_error: Option<String>,
    /// How many models are known.
    #[schema(minimum = 0)]
    known_models: usize,
    /// How many models are known or in use.
    #[schema(minimum = 0)]
    models: usize,
}

/// How FIDO's metadata stands
#[utoipa::path(get, path = "/api/v1/metadata", tag = "policy", security(("key" = ["policy.read"])),
    responses((status = 200, description = "Number, due date, error", body = Metadata)))]
async fn models(call: Call) -> Answer {
    call.may(Scope::PolicyRead)?;
    let overview = metadata::overview(call.service()).await?;
    let shown = Metadata {
        known_models: overview.known(),
        models: overview.models.len(),
        number: overview.fido.as_ref().map(|source| source.number),
        next_update_at: overview.fido.as_ref().map(|source| source.next_update.to_string()),
        last_error: overview.fido.and_then(|source| source.last_error),
    };
    answer::show(&call, &shown)
}
