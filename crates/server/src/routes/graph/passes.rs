//! `temporaryAccessPassMethods`: the pass of somebody.

use account::api_key::Scope;
use account::temporary_pass::{Pass, PassId, PassPolicy, Usability, Wish, grouped};
use axum::http::StatusCode;
use axum::response::IntoResponse;
use primitives::time::{Span, Timestamp};
use serde::Deserialize;
use serde_json::{Map, Value, json};
use service::administer_passes;

use super::super::api::ShownOnce;
use super::odata::{self, Options};
use super::people::{self, Named};
use crate::fields::Query;
use crate::problem::{Answer, Problem};
use crate::routes::api::{Body, Call, refused};

const CONTEXT: &str = "users('')/authentication/temporaryAccessPassMethods";

/// Graph's scripts give no reason; the log says where the pass came from.
const REASON: &str = "Issued through /graph/v1.0";

/// A pass in Graph's shape. Its value is in the answer that issued it and `null` ever after.
fn shown(pass: &Pass, now: Timestamp, policy: &PassPolicy, value: Option<&str>) -> Value {
    let usability = pass.usability(now, policy);
    let reason = match usability {
        Usability::Usable => "EnabledByPolicy",
        Usability::NotYetValid { .. } => "NotYetValid",
        Usability::Expired { .. } => "Expired",
        Usability::Used { .. } => "OneTimeUsed",
        _ => "DisabledByPolicy",
    };
    json!({
        "@odata.type": "#microsoft.graph.temporaryAccessPassAuthenticationMethod",
        "id": pass.id,
        "temporaryAccessPass": value,
        "createdDateTime": pass.created.to_string(),
        "startDateTime": pass.starts.to_string(),
        "lifetimeInMinutes": pass.ends.since(pass.starts).minutes_up(),
        "isUsableOnce": pass.one_time,
        "isUsable": usability == Usability::Usable,
        "methodUsabilityReason": reason,
    })
}

/// A pass that was taken back is gone, as Graph's are.
fn listed(pass: &Pass, now: Timestamp, policy: &PassPolicy) -> bool {
    pass.usability(now, policy) != Usability::Revoked
}

pub(super) async fn list(call: Call, at: Named, Query(options): Query<Options>) -> Answer {
    call.may(Scope::UsersRead)?;
    let ignored = options.judged(false)?;
    let person = people::named(&call, &at).await?;
    let (now, policy) = (call.visit.now(), call.service().settings().of(&person.user).passes);
    let passes = person.pass.iter().filter(|pass| listed(pass, now, &policy));
    let items = passes.map(|pass| shown(pass, now, &policy, None)).collect();
    odata::collection(CONTEXT, items, None, &ignored)
}

pub(super) async fn show(call: Call, at: Named) -> Answer {
    call.may(Scope::UsersRead)?;
    let (person, id): (_, PassId) = (people::named(&call, &at).await?, people::method(&at)?);
    let (now, policy) = (call.visit.now(), call.service().settings().of(&person.user).passes);
    let found = person.pass.filter(|pass| pass.id == id && listed(pass, now, &policy));
    let pass = found.ok_or_else(Problem::not_found)?;
    let shown = shown(&pass, now, &policy, None);
    Ok(odata::entity(StatusCode::OK, &format!("{CONTEXT}/$entity"), shown, &[]))
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Wanted {
    start_date_time: Option<String>,
    lifetime_in_minutes: Option<u32>,
    is_usable_once: Option<bool>,
    #[serde(flatten)]
    more: Map<String, Value>,
}

pub(super) async fn issue(call: Call, at: Named, Body(sent): Body<Wanted>) -> Answer {
    call.may(Scope::PassesIssue)?;
    let person = people::named(&call, &at).await?.user;
    let starts = sent.start_date_time.as_deref().map(Timestamp::parse_rfc3339).transpose();
    let wish = Wish {
        lifetime: sent.lifetime_in_minutes.map(|minutes| Span::from_minutes(minutes.into())),
        starts: starts.map_err(|_| odata::refused("bad_request"))?,
        one_time: sent.is_usable_once.unwrap_or(false),
        reason: REASON.to_owned(),
    };
    let mut caller = call.visit.caller();
    let issued =
        administer_passes::issue(call.service(), &mut caller, call.authority(), person.id, wish).await;
    let issued = issued.map_err(refused)?;
    let policy = call.service().settings().of(&person).passes;
    // The one place where the value is shown to whoever issued it.
    let value = grouped(&issued.value);
    let shown = shown(&issued.pass, call.visit.now(), &policy, Some(value.reveal()));
    let ignored: Vec<String> = sent.more.keys().filter(|name| *name != "@odata.type").cloned().collect();
    let mut answer = odata::entity(StatusCode::CREATED, &format!("{CONTEXT}/$entity"), shown, &ignored);
    answer.extensions_mut().insert(ShownOnce);
    Ok(answer)
}

pub(super) async fn revoke(call: Call, at: Named) -> Answer {
    call.may(Scope::PassesIssue)?;
    let (person, id): (_, PassId) = (people::named(&call, &at).await?, people::method(&at)?);
    if person.pass.is_none_or(|pass| pass.id != id) {
        return Err(Problem::not_found().into());
    }
    let (user, mut caller) = (person.user.id, call.visit.caller());
    let done = administer_passes::revoke(call.service(), &mut caller, call.authority(), user).await;
    done.map_err(refused)?;
    Ok(StatusCode::NO_CONTENT.into_response())
}
