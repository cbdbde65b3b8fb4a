//! What the SCIM face can do (RFC 7644 section 4).

use axum::extract::Path;
use axum::http::StatusCode;
use scim::schema::{GROUPS, ResourceType, Schema, USERS};
use scim::{Refusal, message};
use serde_json::Value;

use super::MOST;
use super::answer::{Answer, No, Program, json};

const TYPES: [&ResourceType; 2] = [&USERS, &GROUPS];

fn known() -> impl Iterator<Item = &'static Schema> {
    TYPES.into_iter().flat_map(|kind| std::iter::once(kind.schema).chain(kind.extensions.iter().copied()))
}

fn all(described: Vec<Value>) -> Answer {
    let total = u64::try_from(described.len()).unwrap_or(u64::MAX);
    Ok(json(StatusCode::OK, &message::list(total, 1, described)))
}

pub(super) async fn config(program: Program) -> Answer {
    let documentation = format!("{}/help", program.visit.app.site.origin);
    Ok(json(StatusCode::OK, &message::service_provider_config(&program.base(), &documentation, MOST)))
}

pub(super) async fn resource_types(program: Program) -> Answer {
    let base = program.base();
    all(TYPES.iter().map(|kind| kind.described(&base)).collect())
}

pub(super) async fn resource_type(program: Program, Path(name): Path<String>) -> Answer {
    let kind = TYPES.into_iter().find(|kind| kind.name == name).ok_or_else(none)?;
    Ok(json(StatusCode::OK, &kind.described(&program.base())))
}

pub(super) async fn schemas(program: Program) -> Answer {
    let base = program.base();
    all(known().map(|schema| schema.described(&base)).collect())
}

pub(super) async fn schema(program: Program, Path(urn): Path<String>) -> Answer {
    let schema = known().find(|schema| schema.urn.eq_ignore_ascii_case(&urn)).ok_or_else(none)?;
    Ok(json(StatusCode::OK, &schema.described(&program.base())))
}

pub(super) async fn nowhere(_: Program) -> No {
    No(none())
}

pub(super) async fn method(_: Program) -> No {
    No(Refusal::status(405, "This address does not take this method"))
}

fn none() -> Refusal {
    Refusal::status(404, "There is nothing at this address")
}
