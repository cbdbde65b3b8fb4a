//! Who is calling.

use serde::Serialize;
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use std::sync::Arc;

use super::answer;
use super::call::{Call, Principal};
use super::names::{RoleName, ScopeName};
use crate::app::App;
use crate::problem::Answer;

pub(super) fn operations() -> OpenApiRouter<Arc<App>> {
    OpenApiRouter::new().routes(routes!(show))
}

/// Whoever calls.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct Me {
    /// The id of the key, if one was shown.
    key: Option<String>,
    /// The name of the key.
    key_name: Option<String>,
    /// What the key may do.
    #[schema(value_type = Vec<ScopeName>)]
    scopes: Vec<String>,
    /// When the key ends, or the session.
    #[schema(format = DateTime)]
    ends_at: String,
    /// The person that calls or for whom the key acts.
    user: Option<String>,
    /// That person's role.
    #[schema(value_type = Option<RoleName>)]
    role: Option<String>,
}

/// Who calls, and what the key may do
#[utoipa::path(get, path = "/api/v1/me", tag = "me", responses((status = 200, description = "Whoever calls", body = Me)))]
async fn show(call: Call) -> Answer {
    let me = match &call.principal {
        Principal::Key(bearer) => Me {
            key: Some(bearer.key.id.to_string()),
            key_name: Some(bearer.key.name.clone()),
            scopes: bearer.key.scopes.iter().map(ToString::to_string).collect(),
            ends_at: bearer.key.ends.to_string(),
            user: bearer.person.as_ref().map(|person| person.id.to_string()),
            role: bearer.person.as_ref().map(|person| person.role.to_string()),
        },
        Principal::Person(who) => Me {
            key: None,
            key_name: None,
            scopes: Vec::new(),
            ends_at: who.session.ends.to_string(),
            user: Some(who.user.id.to_string()),
            role: Some(who.user.role.to_string()),
        },
    };
    answer::show(&call, &me)
}
