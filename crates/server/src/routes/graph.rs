//! `/graph/v1.0`: a part of Microsoft Graph, so that scripts made for Entra ID run against Keyward.
//!
//! The shapes are Graph's, the use cases those of the console, and the keys those of `/api/v1`. What is sent and means
//! nothing here is named in `@keyward.ignored` (docs/admin/graph.md).

mod fido2;
mod methods_policy;
mod odata;
mod passes;
mod people;
mod refusal;
mod registrations;
mod sessions;
mod sign_ins;

use std::sync::Arc;

use axum::Router;
use axum::middleware;
use axum::routing::{any, get, post};

pub(crate) use self::refusal::graph_problem;
use super::api::door;
use crate::app::App;
use crate::problem::Problem;

pub(super) fn all() -> Router<Arc<App>> {
    let mut router = Router::new()
        .route("/graph", any(super::api::nowhere))
        .route("/graph/{*rest}", any(super::api::nowhere))
        .route("/graph/v1.0/auditLogs/signIns", get(sign_ins::list))
        .route("/graph/v1.0/reports/authenticationMethods/userRegistrationDetails", get(registrations::list))
        .merge(methods_policy::all());
    for root in ["/graph/v1.0/users/{id}", "/graph/v1.0/me"] {
        let below = |path: &str| format!("{root}{path}");
        let (fido, pass) = ("/authentication/fido2Methods", "/authentication/temporaryAccessPassMethods");
        router = router
            .route(&below(fido), get(fido2::list).post(fido2::add))
            .route(&below(&format!("{fido}/creationOptions")), get(fido2::options))
            .route(&below(&format!("{fido}/{{method}}")), get(fido2::show).delete(fido2::remove))
            .route(&below(pass), get(passes::list).post(passes::issue))
            .route(&below(&format!("{pass}/{{method}}")), get(passes::show).delete(passes::revoke))
            .route(&below("/revokeSignInSessions"), post(sessions::revoke));
    }
    router.method_not_allowed_fallback(|| async { Problem::method() }).layer(middleware::from_fn(door::admit))
}
