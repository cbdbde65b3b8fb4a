//! Answers (RFC 7644 sections 3.4.2 and 3.12, RFC 7643 section 5).

use serde_json::{Value, json};

use crate::Refusal;

/// The media type of every body (RFC 7644 section 3.1).
pub const MEDIA_TYPE: &str = "application/scim+json";

/// A page of resources; `start` counts from one.
pub fn list(total: u64, start: u64, resources: Vec<Value>) -> Value {
    json!({
        "schemas": ["urn:ietf:params:scim:api:messages:2.0:ListResponse"],
        "totalResults": total,
        "startIndex": start,
        "itemsPerPage": resources.len(),
        "Resources": resources,
    })
}

/// An error.
pub fn error(refusal: &Refusal) -> Value {
    let mut error = json!({
        "schemas": ["urn:ietf:params:scim:api:messages:2.0:Error"],
        "status": refusal.status.to_string(),
        "detail": refusal.detail,
    });
    if let (Some(object), Some(kind)) = (error.as_object_mut(), refusal.kind) {
        object.insert("scimType".into(), Value::String(kind.as_str().into()));
    }
    error
}

/// What this server can do; `most` is the size of the largest page.
pub fn service_provider_config(base: &str, documentation: &str, most: u32) -> Value {
    json!({
        "schemas": ["urn:ietf:params:scim:schemas:core:2.0:ServiceProviderConfig"],
        "documentationUri": documentation,
        "patch": { "supported": true },
        "bulk": { "supported": false, "maxOperations": 0, "maxPayloadSize": 0 },
        "filter": { "supported": true, "maxResults": most },
        "changePassword": { "supported": false },
        "sort": { "supported": false },
        "etag": { "supported": true },
        "authenticationSchemes": [{
            "type": "oauthbearertoken",
            "name": "Bearer token",
            "description": "An API key of the scope scim (RFC 6750)",
            "specUri": "https://www.rfc-editor.org/info/rfc6750",
            "primary": true,
        }],
        "meta": { "resourceType": "ServiceProviderConfig", "location": format!("{base}/ServiceProviderConfig") },
    })
}
