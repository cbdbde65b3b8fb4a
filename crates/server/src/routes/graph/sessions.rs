//! `revokeSignInSessions`: ending all sessions of somebody.

use axum::http::StatusCode;
use serde_json::json;
use service::administer_users;

use super::odata;
use super::people::{self, Named};
use crate::problem::Answer;
use crate::routes::api::{Call, refused};

/// Nobody does this to the own account by a key: who signs out everywhere does so in the portal.
pub(super) async fn revoke(call: Call, at: Named) -> Answer {
    let person = people::named(&call, &at).await?.user.id;
    let mut caller = call.visit.caller();
    let done = administer_users::sign_out(call.service(), &mut caller, call.authority(), person).await;
    done.map_err(refused)?;
    Ok(odata::entity(StatusCode::OK, "Edm.Boolean", json!({ "value": true }), &[]))
}
