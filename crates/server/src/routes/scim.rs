//! `/scim/v2`: SCIM 2.0 (RFC 7643, RFC 7644), by which an HR system or Entra ID keeps people and groups up to date.
//!
//! The crate `scim` knows the protocol, these files which attribute is which of ours, and the use cases are those of the
//! console. Whoever calls has an API key of the scope `scim`; a stranger is refused before anything else is read.

mod answer;
mod discovery;
mod everything;
mod groups;
mod people;
mod person;

use std::sync::Arc;

use axum::Router;
use axum::routing::get;

use crate::app::App;

/// Where it is.
const ROOT: &str = "/scim/v2";

/// The largest page.
const MOST: u32 = 200;

pub(super) fn all() -> Router<Arc<App>> {
    Router::new()
        .route("/scim/v2/ServiceProviderConfig", get(discovery::config))
        .route("/scim/v2/ResourceTypes", get(discovery::resource_types))
        .route("/scim/v2/ResourceTypes/{name}", get(discovery::resource_type))
        .route("/scim/v2/Schemas", get(discovery::schemas))
        .route("/scim/v2/Schemas/{urn}", get(discovery::schema))
        .route("/scim/v2/.search", axum::routing::post(everything::search))
        .route("/scim/v2/Users", get(people::list).post(people::create))
        .route("/scim/v2/Users/.search", axum::routing::post(people::search))
        .route(
            "/scim/v2/Users/{id}",
            get(people::show).put(people::put).patch(people::patch).delete(people::remove),
        )
        .route("/scim/v2/Groups", get(groups::list).post(groups::create))
        .route("/scim/v2/Groups/.search", axum::routing::post(groups::search))
        .route(
            "/scim/v2/Groups/{id}",
            get(groups::show).put(groups::put).patch(groups::patch).delete(groups::remove),
        )
        .route("/scim/v2/{*rest}", axum::routing::any(discovery::nowhere))
        .method_not_allowed_fallback(discovery::method)
}
