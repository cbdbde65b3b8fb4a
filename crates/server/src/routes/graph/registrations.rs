//! `reports/authenticationMethods/userRegistrationDetails`: who could sign in how.

use account::api_key::Scope;
use account::search::Filter;
use account::user::Login;
use serde_json::{Value, json};
use service::administer_users::{self, Found, Shown};

use super::odata::{self, Options};
use crate::fields::Query;
use crate::problem::Answer;
use crate::routes::api::{Call, refused};
use service::manage_password::PasswordStatus;

const ADDRESS: &str = "/graph/v1.0/reports/authenticationMethods/userRegistrationDetails";

/// Somebody's registrations in Graph's shape: "registered" is there, "capable" is there and may be used.
fn shown(found: &Found, shown: &Shown) -> Value {
    let user = &found.user;
    let usable = user.is_enabled() && found.passkeys > 0;
    let password = matches!(shown.password, PasswordStatus::On { .. });
    let second = password && shown.codes;
    let mut methods: Vec<&str> = Vec::new();
    for passkey in &shown.passkeys {
        methods.push(if passkey.backup_eligible { "passKeySynced" } else { "passKeyDeviceBound" });
    }
    methods.sort_unstable();
    methods.dedup();
    if shown.codes {
        methods.push("softwareOneTimePasscode");
    }
    if found.pass {
        methods.push("temporaryAccessPass");
    }
    json!({
        "id": user.id,
        "userPrincipalName": user.login.shown(),
        "userDisplayName": user.name,
        "userType": "member",
        "isAdmin": user.role.is_privileged(),
        "isMfaRegistered": !shown.passkeys.is_empty() || second,
        "isMfaCapable": usable || (user.is_enabled() && second),
        "isPasswordlessCapable": usable,
        "isSsprRegistered": false,
        "isSsprEnabled": false,
        "isSsprCapable": false,
        "isSystemPreferredAuthenticationMethodEnabled": true,
        "systemPreferredAuthenticationMethods": if usable { vec!["fido2"] } else { Vec::new() },
        "methodsRegistered": methods,
    })
}

pub(super) async fn list(call: Call, Query(options): Query<Options>) -> Answer {
    call.may(Scope::UsersRead)?;
    let ignored = options.judged(true)?;
    let (top, skip) = (options.top()?, options.skip()?);
    let after = skip.map(|key| Login::parse(&key)).transpose().map_err(|_| odata::refused("query_option"))?;
    let mut wanted = None;
    if let Some(text) = options.filter() {
        let login = odata::equals(text, "userPrincipalName").and_then(|login| Login::parse(&login).ok());
        wanted = Some(login.ok_or_else(|| odata::refused("filter"))?);
    }
    let service = call.service();
    let filter = Filter { text: wanted.as_ref().map(|login| login.shown().to_owned()), ..Filter::default() };
    let found = administer_users::search(service, filter, after, top).await.map_err(refused)?;
    let full = found.len() >= usize::try_from(top).unwrap_or(usize::MAX);
    let next = found.last().filter(|_| full && wanted.is_none());
    let next = next.map(|last| last.user.login.key().to_owned());
    let mut items = Vec::new();
    for found in &found {
        if wanted.as_ref().is_some_and(|login| login.key() != found.user.login.key()) {
            continue;
        }
        let methods = administer_users::show_by_id(service, found.user.id).await.map_err(refused)?;
        items.push(shown(found, &methods));
    }
    let address = format!("{ADDRESS}?$top={top}");
    odata::collection("userRegistrationDetails", items, next.map(|key| (address.as_str(), key)), &ignored)
}
