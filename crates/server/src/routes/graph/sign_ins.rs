//! `auditLogs/signIns`: the sign-in log, read.

use account::api_key::Scope;
use account::audit::EventId;
use account::sign_in_log::Outcome;
use account::user::Login;
use serde_json::{Value, json};
use service::read_log::{self, Filter, Line, Show};

use super::odata::{self, Options};
use crate::fields::Query;
use crate::problem::Answer;
use crate::routes::api::{Call, sight};

const ADDRESS: &str = "/graph/v1.0/auditLogs/signIns";

/// A sign-in in Graph's shape. What Keyward does not know is left out rather than invented.
fn shown(line: &Line) -> Value {
    let (event, person) = (&line.event, line.person.as_ref());
    let failed = line.outcome == Outcome::Failure;
    let code = if failed { 50_126 } else { 0 };
    let methods: Vec<&str> = line.methods.iter().map(|method| method.as_str()).collect();
    let details = methods.iter().map(|method| {
        json!({
            "authenticationStepDateTime": event.at.to_string(),
            "authenticationMethod": method,
            "authenticationMethodDetail": line.passkey.as_ref().and_then(|passkey| passkey.name.clone()),
            "succeeded": !failed,
        })
    });
    json!({
        "id": event.id,
        "createdDateTime": event.at.to_string(),
        "userId": event.subject,
        "userPrincipalName": person.map(|person| person.login.clone()),
        "userDisplayName": person.map(|person| person.name.clone()),
        "appDisplayName": "Keyward",
        "clientAppUsed": "Browser",
        "ipAddress": event.client.as_ref().map(|client| client.address.clone()),
        "userAgent": event.client.as_ref().map(|client| client.browser.clone()),
        "isInteractive": true,
        "correlationId": event.reference,
        "authenticationMethodsUsed": methods,
        "authenticationDetails": details.collect::<Vec<_>>(),
        "status": { "errorCode": code, "failureReason": failed.then(|| event.kind.name()) },
    })
}

pub(super) async fn list(call: Call, Query(options): Query<Options>) -> Answer {
    call.may(Scope::LogRead)?;
    let ignored = options.judged(true)?;
    let (top, skip) = (options.top()?, options.skip()?);
    let before: Option<EventId> =
        skip.map(|id| id.parse()).transpose().map_err(|_| odata::refused("query_option"))?;
    let mut filter = Filter { show: Show::SignIns, ..Filter::default() };
    let mut address = format!("{ADDRESS}?$top={top}");
    if let Some(text) = options.filter() {
        let login = odata::equals(text, "userPrincipalName").and_then(|login| Login::parse(&login).ok());
        let login = login.ok_or_else(|| odata::refused("filter"))?;
        match read_log::person_of(call.service(), login).await? {
            Some(user) => filter.user = Some(user),
            None => return odata::collection("auditLogs/signIns", Vec::new(), None, &ignored),
        }
        address.push_str(&format!("&$filter={}", odata::escaped(text)));
    }
    let page = read_log::page(call.service(), sight(&call), &filter, before, top).await?;
    let next = page.next.map(|id| (address.as_str(), id.to_string()));
    odata::collection("auditLogs/signIns", page.lines.iter().map(shown).collect(), next, &ignored)
}
