//! What the flags say of an application's terms.

use oidc::client::ClientKeys;
use service::Context;
use service::administer_clients::Terms;

use crate::cli::ClientTerms;
use crate::client_terms::GroupNames;
use crate::commands::Failure;

/// Writes what was named over what is there.
pub(super) async fn apply(cx: &Context, terms: &mut Terms, over: &ClientTerms) -> Result<(), Failure> {
    protocol(terms, over);
    keys(terms, over)?;
    organisation(cx, terms, over).await
}

fn list(into: &mut Vec<String>, over: &[String]) {
    if !over.is_empty() {
        *into = over.iter().filter(|text| !text.is_empty()).cloned().collect();
    }
}

fn place(into: &mut Option<String>, over: Option<&String>) {
    if let Some(text) = over {
        *into = Some(text.clone()).filter(|text| !text.is_empty());
    }
}

fn protocol(terms: &mut Terms, over: &ClientTerms) {
    let client = &mut terms.client;
    list(&mut client.redirect_uris, &over.redirect_uri);
    list(&mut client.post_logout_redirect_uris, &over.post_logout_redirect_uri);
    list(&mut client.resources, &over.resource);
    place(&mut client.backchannel_logout_uri, over.backchannel_logout_uri.as_ref());
    place(&mut client.frontchannel_logout_uri, over.frontchannel_logout_uri.as_ref());
    if let Some(method) = over.auth {
        client.authentication = method.into();
    }
    if let Some(scopes) = &over.scopes {
        client.scopes = scopes.clone();
    }
    if !over.grants.is_empty() {
        client.grants = over.grants.iter().map(|grant| (*grant).into()).collect();
    }
    client.id_token_alg = over.algorithm.unwrap_or(client.id_token_alg);
    client.pushed_only = over.pushed_only.unwrap_or(client.pushed_only);
    client.signed_only = over.signed_only.unwrap_or(client.signed_only);
    client.dpop_bound = over.dpop_bound.unwrap_or(client.dpop_bound);
}

fn keys(terms: &mut Terms, over: &ClientTerms) -> Result<(), Failure> {
    if let Some(path) = &over.jwks {
        let text = std::fs::read(path).map_err(Failure::usage)?;
        let set = serde_json::from_slice(&text).map_err(Failure::usage)?;
        terms.client.keys = ClientKeys { set: Some(set), uri: None };
    }
    if let Some(uri) = &over.jwks_uri {
        terms.client.keys = ClientKeys { set: None, uri: Some(uri.clone()).filter(|uri| !uri.is_empty()) };
    }
    Ok(())
}

async fn organisation(cx: &Context, terms: &mut Terms, over: &ClientTerms) -> Result<(), Failure> {
    let application = &mut terms.application;
    let wanted: Vec<&str> =
        over.groups.iter().flatten().map(|name| name.trim()).filter(|name| !name.is_empty()).collect();
    let named = wanted.iter().copied().chain(over.claim.iter().flat_map(|claim| claim.groups()));
    let groups = GroupNames::named(cx, named).await?;
    let unknown = |name: String| Failure::refused(format!("Nothing was done: there is no group \"{name}\"."));
    if over.groups.is_some() {
        let found: Result<_, _> = wanted.iter().map(|name| groups.find(name)).collect();
        application.groups = found.map_err(unknown)?;
    }
    if over.no_claims {
        application.claims.clear();
    }
    if !over.claim.is_empty() {
        let found: Result<_, _> = over.claim.iter().cloned().map(|claim| claim.resolve(&groups)).collect();
        application.claims = found.map_err(unknown)?;
    }
    if let Some(needed) = &over.needs {
        application.needed = needed.clone();
    }
    application.prefers = over.prefers.unwrap_or(application.prefers);
    application.consent = over.consent.unwrap_or(application.consent);
    let lifetimes = &mut application.lifetimes;
    lifetimes.access = over.access_lifetime.unwrap_or(lifetimes.access);
    lifetimes.refresh_idle = over.refresh_idle.unwrap_or(lifetimes.refresh_idle);
    lifetimes.refresh = over.refresh_lifetime.unwrap_or(lifetimes.refresh);
    application.profile_in_id_token = over.profile_in_id_token.unwrap_or(application.profile_in_id_token);
    list(&mut application.guards, &over.guard);
    Ok(())
}
