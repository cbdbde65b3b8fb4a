//! A client acts for itself (RFC 6749 section 4.4). There is no grant and no row: what ends its tokens is the end of the
//! client, and that they live for minutes.

use oidc::client::GrantType;
use oidc::dpop::Proof;
use oidc::scope::{EMAIL, GROUPS, OFFLINE_ACCESS, OPENID, PROFILE, Scopes};
use oidc::token::{self, AccessToken};

use crate::client_authentication::{AuthenticatedClient, is_confidential};
use crate::context::{Caller, Context};
use crate::tokens::{self, TokenError, Tokens};

/// What a client asks for.
#[derive(Clone, Copy, Debug)]
pub struct Ask<'a> {
    /// `scope`; all that it may have, if it asks for none.
    pub scopes: Option<&'a Scopes>,
    /// `resource`, of those that it registered.
    pub resources: &'a [String],
    /// The proof of possession, if there is one.
    pub proof: Option<&'a Proof>,
}

/// What is about people.
fn personal() -> Scopes {
    let text = [OPENID, PROFILE, EMAIL, GROUPS, OFFLINE_ACCESS].join(" ");
    Scopes::parse(&text).unwrap_or_default()
}

/// Makes an access token for the client itself.
pub async fn issue(
    cx: &Context,
    caller: &mut Caller,
    issuer: &str,
    authenticated: &AuthenticatedClient,
    ask: Ask<'_>,
) -> Result<Tokens, TokenError> {
    let (stored, client) = (&authenticated.stored, &authenticated.stored.client);
    if !client.may(GrantType::ClientCredentials) || !is_confidential(client) {
        return Err(TokenError::Grant);
    }
    let may = client.scopes.without(&personal());
    let scopes = match ask.scopes {
        Some(scopes) if may.includes(scopes) => scopes.clone(),
        Some(_) => return Err(TokenError::Scope),
        None => may,
    };
    if !ask.resources.iter().all(|resource| client.resources.contains(resource)) {
        return Err(TokenError::Resource);
    }
    if client.dpop_bound && ask.proof.is_none() {
        return Err(TokenError::ProofMissing);
    }
    spend(cx, authenticated, ask.proof).await?;
    let now = cx.db.not_before(caller.now);
    let span = tokens::access_span(stored);
    let ring = cx.signing.current();
    let key = ring.signer(tokens::access_alg(client), now).ok_or(TokenError::NoKey)?;
    let access = AccessToken {
        grant: None,
        subject: client.id.to_string(),
        client: client.id.clone(),
        audience: match ask.resources {
            [] => vec![issuer.to_owned()],
            resources => resources.to_vec(),
        },
        scopes: scopes.clone(),
        issued: now,
        expires: now + span,
        auth_time: None,
        acr: None,
        amr: Vec::new(),
        sid: None,
        jkt: ask.proof.map(|proof| proof.jkt.clone()),
        serial: [0; 8],
    };
    Ok(Tokens {
        access_token: token::mint(&cx.keys, key.signer(), issuer, &access, caller.entropy.as_mut()),
        bound: access.jkt.is_some(),
        expires_in: span,
        refresh_token: None,
        id_token: None,
        scopes,
    })
}

/// Uses up what works once, if anything does.
async fn spend(
    cx: &Context,
    authenticated: &AuthenticatedClient,
    proof: Option<&Proof>,
) -> Result<(), TokenError> {
    if !authenticated.is_once() && proof.is_none() {
        return Ok(());
    }
    let (authenticated, proof) = (authenticated.clone(), proof.cloned());
    cx.db
        .write(move |tx| {
            if !authenticated.spend(tx)? {
                return Err(TokenError::AssertionUsed);
            }
            match &proof {
                Some(proof) if !tokens::spend_proof(tx, proof)? => Err(TokenError::ProofUsed),
                _ => Ok(()),
            }
        })
        .await
}
