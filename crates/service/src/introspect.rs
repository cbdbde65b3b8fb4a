//! Introspection (RFC 7662): what a token is worth now, to whom it concerns.

use account::application::GrantId;
use oidc::client::{Client, GrantType};
use oidc::grant::RefreshToken;
use oidc::introspection;
use oidc::token::AccessToken;
use primitives::time::Timestamp;
use serde_json::{Map, Value};
use store::{StoreError, Tx, clients, grants};

use crate::client_authentication::{AuthenticatedClient, is_confidential};
use crate::context::{Context, Settings};
use crate::granted::{self, Look};
use crate::tokens::{self, TokenError};

/// Says what a token is worth. What does not count, and what is none of the caller's business, is inactive alike.
pub async fn introspect(
    cx: &Context,
    now: Timestamp,
    issuer: &str,
    authenticated: &AuthenticatedClient,
    token: &str,
) -> Result<Map<String, Value>, TokenError> {
    let client = &authenticated.stored.client;
    if !is_confidential(client) {
        return Err(TokenError::Grant);
    }
    if authenticated.is_once() {
        let authenticated = authenticated.clone();
        let first = cx.db.write(move |tx| authenticated.spend(tx)).await?;
        if !first {
            return Err(TokenError::AssertionUsed);
        }
    }
    let (now, settings) = (cx.db.not_before(now), cx.settings());
    let said = if let Some(refresh) = RefreshToken::read(&cx.keys, token) {
        let client = client.clone();
        cx.db.read(move |tx| of_refresh(tx, now, &settings, &client, refresh)).await?.map(
            |(subject, scopes, ends)| {
                introspection::refresh_token(issuer, authenticated.id(), &subject, &scopes, ends)
            },
        )
    } else if let Ok(access) = tokens::open(cx, token, (issuer, now))
        && concerns(client, &access)
    {
        let found = access.clone();
        let person = cx.db.read(move |tx| of_access(tx, now, &settings, &found)).await?;
        person.map(|login| introspection::access_token(issuer, &access, login.as_deref()))
    } else {
        None
    };
    Ok(said.unwrap_or_else(introspection::inactive))
}

/// Whether an access token is the client's business: it is its own, or it was made for a resource server that the client
/// is. That one is registered under its URI and signs nobody in; what an application asks for is not what it is, so the
/// tokens that others have for it are none of its business.
fn concerns(client: &Client, token: &AccessToken) -> bool {
    let signs_in = client.may(GrantType::AuthorizationCode) || client.may(GrantType::DeviceCode);
    token.client == client.id
        || token.is_for(client.id.as_str())
        || !signs_in && client.resources.iter().any(|resource| token.is_for(resource))
}

/// The login name of the person behind a token that counts; of a client's own, nobody's.
fn of_access(
    tx: &mut Tx<'_>,
    now: Timestamp,
    settings: &Settings,
    token: &AccessToken,
) -> Result<Option<Option<String>>, StoreError> {
    let Some(id) = token.grant.map(GrantId::from_bytes) else {
        let stored = clients::by_id(tx, &token.client)?;
        return Ok(stored.filter(|stored| stored.enabled).map(|_| None));
    };
    let Some(grant) = grants::by_id(tx, id)? else { return Ok(None) };
    let standing = granted::standing(tx, now, settings, &grant, Look::Quick)?;
    Ok(standing.ok().map(|standing| Some(standing.user.login.shown().to_owned())))
}

type OfRefresh = Option<(String, oidc::scope::Scopes, Timestamp)>;

fn of_refresh(
    tx: &mut Tx<'_>,
    now: Timestamp,
    settings: &Settings,
    client: &Client,
    token: RefreshToken,
) -> Result<OfRefresh, StoreError> {
    let Some(grant) = grants::by_id(tx, GrantId::from_bytes(token.grant))? else { return Ok(None) };
    let counts = i64::try_from(token.generation) == Ok(grant.generation);
    if grant.client != client.id || !counts {
        return Ok(None);
    }
    let standing = granted::standing(tx, now, settings, &grant, Look::Quick)?;
    Ok(standing.ok().map(|standing| {
        let idle =
            grant.rotated.unwrap_or(grant.created) + standing.stored.application.lifetimes.refresh_idle;
        (standing.user.id.to_string(), grant.terms.scopes.clone(), grant.ends.min(idle))
    }))
}
