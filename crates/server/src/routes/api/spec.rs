//! The description of the operations, OpenAPI 3.1.

use axum::body::Bytes;
use axum::http::header;
use axum::response::{IntoResponse, Response};
use serde_json::{Map, Value, json};
use utoipa::ToSchema;
use utoipa::openapi::OpenApi;

use super::problem::ProblemDetails;

/// Problems that every operation may answer, with what they mean.
const EVERYWHERE: &[(&str, &str)] = &[
    ("400", "The request is not what this address takes"),
    ("401", "No key that stands, and no session"),
    ("403", "The caller may not do this"),
    ("404", "There is no such thing"),
    ("405", "Not this method"),
    ("413", "The body is too large"),
    ("500", "A fault of the server"),
    ("503", "Not at the moment"),
];

/// Problems of operations that take something.
const OF_CHANGES: &[(&str, &str)] = &[
    ("409", "What is there stands against it"),
    ("412", "It has changed since the version that If-Match names"),
    ("415", "The body is not JSON"),
];

pub(super) async fn show(document: Bytes) -> Response {
    let headers = [(header::CONTENT_TYPE, "application/json"), (header::CACHE_CONTROL, "no-cache")];
    (headers, document).into_response()
}

/// The whole document: what the operations say of themselves, and what all of them have in common.
pub(super) fn document(described: OpenApi) -> Bytes {
    let mut document = serde_json::to_value(&described).unwrap_or_default();
    put(
        &mut document,
        "info",
        json!({
            "title": "Keyward",
            "version": "1",
            "description": "What the console of Keyward does, for programs. Errors are RFC 9457 problems with a stable `code`; \
                lists come in pages with a `next` cursor; a POST with an Idempotency-Key can be sent again.",
            "license": { "name": "MIT OR Apache-2.0", "identifier": "MIT OR Apache-2.0" },
        }),
    );
    put(&mut document, "security", json!([{ "key": [] }]));
    if let Some(components) = document.get_mut("components").and_then(Value::as_object_mut) {
        components.insert("securitySchemes".to_owned(), json!({
            "key": { "type": "http", "scheme": "bearer", "description": "The value of an API key, kwk_…" },
        }));
        let details = serde_json::to_value(<ProblemDetails as utoipa::PartialSchema>::schema());
        if let Some(schemas) = components.get_mut("schemas").and_then(Value::as_object_mut) {
            schemas.insert(ProblemDetails::name().into_owned(), details.unwrap_or_default());
        }
    }
    if let Some(paths) = document.get_mut("paths").and_then(Value::as_object_mut) {
        for item in paths.values_mut().filter_map(Value::as_object_mut) {
            for (method, operation) in item.iter_mut() {
                if let Some(operation) = operation.as_object_mut() {
                    complete(method, operation);
                }
            }
        }
    }
    Bytes::from(document.to_string())
}

/// Adds what every operation has.
fn complete(method: &str, operation: &mut Map<String, Value>) {
    let changes = method != "get";
    let queries = operation.get("parameters").and_then(Value::as_array).is_some_and(|all| !all.is_empty());
    let mut common: Vec<(&str, &str)> = EVERYWHERE.to_vec();
    if changes {
        common.extend(OF_CHANGES);
    }
    if changes || queries {
        common.push(("422", "A rule refuses what was sent"));
    }
    if let Some(responses) = operation.get_mut("responses").and_then(Value::as_object_mut) {
        for (status, description) in common {
            responses.entry(status).or_insert_with(|| problem(description));
        }
    }
    if method == "post" {
        let parameters = operation.entry("parameters").or_insert_with(|| json!([]));
        if let Some(parameters) = parameters.as_array_mut() {
            parameters.push(json!({
                "name": "Idempotency-Key", "in": "header", "required": false,
                "description": "Sent again with the same key, the request does nothing again and gets the same answer.",
                "schema": { "type": "string", "minLength": 1, "maxLength": 200, "pattern": "^[!-~]+$" },
            }));
        }
    }
}

fn problem(description: &str) -> Value {
    json!({
        "description": description,
        "content": {
            "application/problem+json": { "schema": { "$ref": "#/components/schemas/ProblemDetails" } },
        },
    })
}

fn put(document: &mut Value, name: &str, value: Value) {
    if let Some(document) = document.as_object_mut() {
        document.insert(name.to_owned(), value);
    }
}
