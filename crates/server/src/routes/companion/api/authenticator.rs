//! `/api/authenticator/…`: what a person does to a passkey in the authenticator that holds it.

use std::sync::Arc;

use account::passkey::Passkey;
use axum::Router;
use axum::http::StatusCode;
use axum::routing::post;
use primitives::encoding;
use serde::Deserialize;
use serde_json::value::RawValue;
use serde_json::{Value, json};
use service::manage_by_passkey::{self, Done, ManageError, Wish};
use service::manage_passkeys::ManagePasskeysError;

use super::attestation::{self, not_certified};
use super::body::Body;
use super::confirm::{asked, not_asserted};
use super::program::Program;
use crate::app::App;
use crate::problem::{Answer, Problem};

/// Longest credential id (WebAuthn Level 3 section 4).
const LONGEST_ID: usize = 1023;

pub(super) fn all() -> Router<Arc<App>> {
    Router::new()
        .route("/api/authenticator/begin", post(begin))
        .route("/api/authenticator/finish", post(finish))
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Begin {
    credential: String,
    action: String,
    #[serde(default)]
    name: Option<String>,
}

fn not_a_wish() -> Problem {
    Problem::bad_request(StatusCode::UNPROCESSABLE_ENTITY, "not an action on a passkey of ours")
}

async fn begin(mut program: Program, Body(sent): Body<Begin>) -> Answer {
    let credential = encoding::from_base64url(&sent.credential)
        .filter(|id| (1..=LONGEST_ID).contains(&id.len()))
        .ok_or_else(not_a_wish)?;
    let wish = match (sent.action.as_str(), sent.name.as_deref()) {
        ("list", None) => Wish::List,
        ("remove", None) => Wish::Remove,
        ("attest", None) => Wish::Attest,
        ("rename", Some(name)) => match Wish::rename(name) {
            Ok(wish) => wish,
            Err(error) => {
                let message = program.visit.shell().say("ph-passkey-name").to_string();
                let status = StatusCode::UNPROCESSABLE_ENTITY;
                return program.refuse(status, error.code(), &message, json!({}));
            }
        },
        _ => return Err(not_a_wish().into()),
    };
    let mut caller = program.visit.caller();
    let started = manage_by_passkey::begin(program.service(), &mut caller, &credential, wish);
    asked(program, started)
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Sent {
    state: String,
    response: Box<RawValue>,
    #[serde(default)]
    key: Option<String>,
    #[serde(default)]
    proof: Option<String>,
    #[serde(default)]
    device: Option<String>,
}

async fn finish(program: Program, Body(sent): Body<Sent>) -> Answer {
    let request = match (&sent.key, &sent.proof) {
        (Some(key), Some(proof)) => match attestation::request(key, proof, sent.device) {
            Ok(request) => Some(request),
            Err(error) => return not_certified(program, error),
        },
        (None, None) => None,
        _ => return Err(not_a_wish().into()),
    };
    let mut caller = program.visit.caller();
    let (state, response) = (&sent.state, sent.response.get());
    let done = manage_by_passkey::finish(program.service(), &mut caller, state, response, request.as_ref());
    match done.await {
        Ok(done) => program.ok(described(&done)),
        Err(ManageError::Ceremony(error)) => not_asserted(program, &error),
        Err(ManageError::Attest(error)) => not_certified(program, error),
        Err(ManageError::Passkey(error)) => stays(program, &error),
        Err(ManageError::Store(error)) => Err(Problem::from(error).into()),
    }
}

fn described(done: &Done) -> Value {
    let credential = |passkey: &Passkey| encoding::base64url(&passkey.credential_id);
    match done {
        Done::Listed { user, passkeys, this } => {
            let line = |passkey: &Passkey| {
                json!({
                    "id": passkey.id.to_string(),
                    "credential": credential(passkey),
                    "name": passkey.name,
                    "created": passkey.created.to_string(),
                    "last_used": passkey.last_used.map(|at| at.to_string()),
                    "enabled": passkey.is_enabled(),
                    "this": passkey.id == *this,
                })
            };
            let passkeys: Vec<Value> = passkeys.iter().map(line).collect();
            json!({ "login": user.login.shown(), "name": user.name, "passkeys": passkeys })
        }
        Done::Renamed(passkey) => json!({ "passkey": passkey.id.to_string(), "name": passkey.name }),
        Done::Removed { passkey, remaining } => {
            let remaining: Vec<String> = remaining.iter().map(credential).collect();
            json!({ "passkey": passkey.id.to_string(), "remaining": remaining })
        }
        Done::Attested(certified) => attestation::described(certified),
    }
}

/// The passkey stays as it is, on both sides.
fn stays(mut program: Program, error: &ManagePasskeysError) -> Answer {
    let status = match error {
        ManagePasskeysError::LastMethod | ManagePasskeysError::Required => StatusCode::FORBIDDEN,
        _ => StatusCode::UNPROCESSABLE_ENTITY,
    };
    let message = program.visit.shell().say("ph-passkey-stays").to_string();
    program.refuse(status, error.code(), &message, json!({}))
}
