//! `fido2Methods`: passkeys of somebody, and registering one on a security key.

use account::api_key::Scope;
use account::passkey::{Passkey, PasskeyId};
use axum::http::StatusCode;
use axum::response::IntoResponse;
use primitives::time::Span;
use serde::Deserialize;
use serde_json::{Map, Value, json};
use service::administer_users;
use service::provision_passkey::{self, MadeElsewhere};

use super::odata::{self, Options};
use super::people::{self, Named};
use crate::aaguid;
use crate::fields::Query;
use crate::problem::{Answer, Problem};
use crate::routes::api::{Body, Call, refused};

const CONTEXT: &str = "users('')/authentication/fido2Methods";

/// A passkey in Graph's shape.
fn shown(passkey: &Passkey) -> Value {
    json!({
        "@odata.type": "#microsoft.graph.fido2AuthenticationMethod",
        "id": passkey.id,
        "displayName": passkey.name,
        "createdDateTime": passkey.created.to_string(),
        "lastUsedDateTime": passkey.last_used.map(|at| at.to_string()),
        "aaGuid": aaguid::spell(&passkey.aaguid),
        "model": aaguid::name(&passkey.aaguid),
        "attestationCertificates": [],
        "attestationLevel": if passkey.attestation_trusted { "attested" } else { "notAttested" },
        "passkeyType": if passkey.backup_eligible { "synced" } else { "deviceBound" },
    })
}

pub(super) async fn list(call: Call, at: Named, Query(options): Query<Options>) -> Answer {
    call.may(Scope::UsersRead)?;
    let ignored = options.judged(false)?;
    let person = people::named(&call, &at).await?;
    odata::collection(CONTEXT, person.passkeys.iter().map(shown).collect(), None, &ignored)
}

pub(super) async fn show(call: Call, at: Named) -> Answer {
    call.may(Scope::UsersRead)?;
    let (person, id): (_, PasskeyId) = (people::named(&call, &at).await?, people::method(&at)?);
    let found = person.passkeys.iter().find(|passkey| passkey.id == id);
    let passkey = found.ok_or_else(Problem::not_found)?;
    Ok(odata::entity(StatusCode::OK, &format!("{CONTEXT}/$entity"), shown(passkey), &[]))
}

pub(super) async fn remove(call: Call, at: Named) -> Answer {
    call.may(Scope::MethodsRemove)?;
    let (person, id) = (people::named(&call, &at).await?.user.id, people::method(&at)?);
    let mut caller = call.visit.caller();
    let done =
        administer_users::remove_passkey(call.service(), &mut caller, call.authority(), person, id).await;
    done.map_err(refused)?;
    Ok(StatusCode::NO_CONTENT.into_response())
}

/// Graph says it in brackets in its beta and as a query elsewhere; here it is the query.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(super) struct Lifetime {
    challenge_timeout_in_minutes: Option<u32>,
}

pub(super) async fn options(call: Call, at: Named, Query(lifetime): Query<Lifetime>) -> Answer {
    call.may(Scope::PasskeysProvision)?;
    let person = people::named(&call, &at).await?.user.id;
    let minutes = lifetime.challenge_timeout_in_minutes.unwrap_or(5);
    let (lifetime, mut caller) = (Span::from_minutes(minutes.into()), call.visit.caller());
    let begun =
        provision_passkey::begin(call.service(), &mut caller, call.authority(), person, lifetime).await;
    let begun = begun.map_err(refused)?;
    let options = json!({
        "@odata.type": "#microsoft.graph.webauthnCredentialCreationOptions",
        "challengeTimeoutDateTime": begun.expires.to_string(),
        "publicKey": begun.options,
    });
    let context = "microsoft.graph.webauthnCredentialCreationOptions";
    Ok(odata::entity(StatusCode::OK, context, options, &[]))
}

/// What Graph's scripts send. `type` and `rawId` are left out by them; here they follow from the rest.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Made {
    display_name: Option<String>,
    public_key_credential: Map<String, Value>,
    #[serde(flatten)]
    more: Map<String, Value>,
}

pub(super) async fn add(call: Call, at: Named, Body(sent): Body<Made>) -> Answer {
    call.may(Scope::PasskeysProvision)?;
    let person = people::named(&call, &at).await?.user.id;
    let mut credential = sent.public_key_credential;
    credential.entry("type").or_insert_with(|| json!("public-key"));
    if let Some(id) = credential.get("id").cloned() {
        credential.entry("rawId").or_insert(id);
    }
    let response = Value::Object(credential).to_string();
    let suggested_name = |aaguid: [u8; 16]| aaguid::suggest(&aaguid, None, "Security key", &[]);
    let made = MadeElsewhere {
        response: &response,
        name: sent.display_name.as_deref(),
        suggested_name: &suggested_name,
    };
    let mut caller = call.visit.caller();
    let done = provision_passkey::finish(call.service(), &mut caller, call.authority(), person, made).await;
    let passkey = done.map_err(refused)?;
    let ignored: Vec<String> = sent.more.keys().filter(|name| *name != "@odata.type").cloned().collect();
    Ok(odata::entity(StatusCode::CREATED, &format!("{CONTEXT}/$entity"), shown(&passkey), &ignored))
}
