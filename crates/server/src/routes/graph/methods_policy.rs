//! Policies of methods and strengths, read: `authenticationMethodsPolicy` and `authenticationStrengthPolicies`.

use std::sync::Arc;

use account::api_key::Scope;
use account::policy::Policy;
use account::strength::Strength;
use axum::Router;
use axum::http::StatusCode;
use axum::routing::get;
use serde_json::{Value, json};

use super::odata::{self, Options};
use crate::app::App;
use crate::fields::{Path, Query};
use crate::problem::{Answer, Problem};
use crate::routes::api::Call;

const STRENGTHS: &str = "policies/authenticationStrengthPolicies";

pub(super) fn all() -> Router<Arc<App>> {
    let policy = "/graph/v1.0/policies/authenticationMethodsPolicy";
    let strengths = "/graph/v1.0/policies/authenticationStrengthPolicies";
    Router::new()
        .route(policy, get(show))
        .route(&format!("{policy}/authenticationMethodConfigurations/{{method}}"), get(method))
        .route(strengths, get(list_strengths))
        .route(&format!("{strengths}/{{id}}"), get(strength))
}

fn state(on: bool) -> &'static str {
    if on { "enabled" } else { "disabled" }
}

/// The configurations that Keyward has, in Graph's shapes.
fn configurations(policy: &Policy) -> Vec<Value> {
    let of = policy.of_anybody();
    let terms = &policy.passes.terms;
    let everybody = json!([{ "targetType": "group", "id": "all_users", "isRegistrationRequired": false }]);
    vec![
        json!({
            "@odata.type": "#microsoft.graph.fido2AuthenticationMethodConfiguration",
            "id": "Fido2",
            "state": state(of.passkeys.enabled),
            "isSelfServiceRegistrationAllowed": of.passkeys.enabled,
            "isAttestationEnforced": false,
            "keyRestrictions": { "isEnforced": false, "enforcementType": "allow", "aaGuids": [] },
            "includeTargets": everybody,
            "excludeTargets": [],
        }),
        json!({
            "@odata.type": "#microsoft.graph.temporaryAccessPassAuthenticationMethodConfiguration",
            "id": "TemporaryAccessPass",
            "state": state(of.passes.enabled),
            "minimumLifetimeInMinutes": terms.shortest.minutes_up(),
            "maximumLifetimeInMinutes": terms.longest.minutes_up(),
            "defaultLifetimeInMinutes": terms.default.minutes_up(),
            "defaultLength": terms.length,
            "isUsableOnce": terms.one_time_only,
            "includeTargets": everybody,
            "excludeTargets": [],
        }),
        json!({
            "@odata.type": "#microsoft.graph.softwareOathAuthenticationMethodConfiguration",
            "id": "SoftwareOath",
            "state": state(of.codes.enabled),
            "includeTargets": everybody,
            "excludeTargets": [],
        }),
    ]
}

async fn show(call: Call, Query(options): Query<Options>) -> Answer {
    call.may(Scope::PolicyRead)?;
    let ignored = options.judged(false)?;
    let settings = call.service().settings();
    let shown = json!({
        "id": "authenticationMethodsPolicy",
        "displayName": "Authentication Methods Policy",
        "policyVersion": settings.policy_version.to_string(),
        "policyMigrationState": "migrationComplete",
        "authenticationMethodConfigurations": configurations(&settings.policy),
    });
    Ok(odata::entity(StatusCode::OK, "authenticationMethodsPolicy", shown, &ignored))
}

async fn method(call: Call, Path(id): Path<String>) -> Answer {
    call.may(Scope::PolicyRead)?;
    let settings = call.service().settings();
    // Graph spells these in whatever case.
    let named = |value: &Value| value["id"].as_str().is_some_and(|own| own.eq_ignore_ascii_case(&id));
    let found = configurations(&settings.policy).into_iter().find(named).ok_or_else(Problem::not_found)?;
    let context = "authenticationMethodConfigurations/$entity";
    Ok(odata::entity(StatusCode::OK, context, found, &[]))
}

/// Built-in strengths under Graph's fixed ids where Graph has them.
fn strengths() -> Vec<Value> {
    let built_in = |id: &str, strength: Strength, name: &str, combinations: &[&str]| {
        json!({
            "id": id,
            "displayName": name,
            "description": strength.acr(),
            "policyType": "builtIn",
            "requirementsSatisfied": "mfa",
            "allowedCombinations": combinations,
            "combinationConfigurations": [],
        })
    };
    let (once, many) = ("temporaryAccessPassOneTime", "temporaryAccessPassMultiUse");
    vec![
        built_in(
            "00000000-0000-0000-0000-000000000002",
            Strength::Multifactor,
            "Multifactor authentication",
            &["fido2", once, many, "password,softwareOath"],
        ),
        built_in(
            "00000000-0000-0000-0000-000000000003",
            Strength::Passwordless,
            "Passwordless MFA",
            &["fido2"],
        ),
        built_in(
            "00000000-0000-0000-0000-000000000004",
            Strength::PhishingResistant,
            "Phishing resistant MFA",
            &["fido2"],
        ),
        built_in(
            "00000000-0000-0000-0000-000000000005",
            Strength::PhishingResistantHardware,
            "Phishing resistant MFA in hardware",
            &["fido2"],
        ),
    ]
}

async fn list_strengths(call: Call, Query(options): Query<Options>) -> Answer {
    call.may(Scope::PolicyRead)?;
    let ignored = options.judged(false)?;
    odata::collection(STRENGTHS, strengths(), None, &ignored)
}

async fn strength(call: Call, Path(id): Path<String>) -> Answer {
    call.may(Scope::PolicyRead)?;
    let named = |value: &Value| value["id"].as_str() == Some(id.as_str());
    let found = strengths().into_iter().find(named).ok_or_else(Problem::not_found)?;
    Ok(odata::entity(StatusCode::OK, &format!("{STRENGTHS}/$entity"), found, &[]))
}
