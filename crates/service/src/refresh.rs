//! A client has the next access token for its refresh token (RFC 6749 section 6), which another one replaces.
//!
//! The grant's row says which generation counts. One that was replaced and comes back ends the whole family, because one of
//! two who hold it has stolen it. Only the one before, within two seconds and from the same instance of the client, gets the
//! same successor again: that is a client that asked twice at once, or lost the answer.

use account::application::GrantId;
use account::audit::Actor;
use oidc::client::GrantType;
use oidc::dpop::Proof;
use oidc::grant::RefreshToken;
use oidc::scope::Scopes;
use primitives::digest::Digest;
use primitives::time::{Span, Timestamp};
use store::clients::Stored;
use store::grants::{self, Grant};
use store::{Tx, users};

use crate::client_authentication::AuthenticatedClient;
use crate::context::{Caller, Context, Settings};
use crate::events::Pen;
use crate::exchange_code::end_reused;
use crate::granted::{self, Ended, Look};
use crate::tokens::{self, Making, TokenError, Tokens};
use crate::told::{self, Told, Wanted};

/// How long the same instance may ask again with the token before.
pub const GRACE: Span = Span::from_secs(2);

/// What a client brings.
#[derive(Clone, Copy, Debug)]
pub struct Refresh<'a> {
    /// `refresh_token`.
    pub token: &'a str,
    /// `scope`: less than was granted, for this access token.
    pub scopes: Option<&'a Scopes>,
    /// `resource`: of those that were granted.
    pub resources: &'a [String],
    /// The proof of possession, if there is one.
    pub proof: Option<&'a Proof>,
}

/// Makes the next tokens of a grant.
pub async fn refresh(
    cx: &Context,
    caller: &mut Caller,
    issuer: &str,
    authenticated: &AuthenticatedClient,
    asked: Refresh<'_>,
) -> Result<Tokens, TokenError> {
    let client = &authenticated.stored.client;
    if !client.may(GrantType::RefreshToken) {
        return Err(TokenError::Grant);
    }
    let presented = RefreshToken::read(&cx.keys, asked.token).ok_or(TokenError::RefreshToken)?;
    tokens::has_keys(cx, client, cx.db.not_before(caller.now))?;
    let id = GrantId::from_bytes(presented.grant);
    let generation = i64::try_from(presented.generation).map_err(|_| TokenError::RefreshToken)?;
    // Whose row is to be locked says the grant.
    let found = cx.db.read(move |tx| grants::by_id(tx, id)).await?;
    let grant = found.ok_or(Ended::Gone)?;
    if grant.client != client.id {
        return Err(TokenError::RefreshToken);
    }
    let refreshing = Refreshing {
        settings: cx.settings(),
        authenticated: authenticated.clone(),
        pen: Pen::new(caller, Actor::User(grant.user)),
        instance: tokens::instance(caller, asked.proof),
        proof: asked.proof.cloned(),
        scopes: asked.scopes.cloned(),
        resources: asked.resources.to_vec(),
        grant,
        generation,
    };
    let Refreshed { grant, stored, told, scopes, resources, now } =
        cx.db.write(move |tx| refreshing.clone().run(tx)).await??;
    let making = Making {
        grant: &grant,
        stored: &stored,
        told: &told,
        scopes,
        resources,
        nonce: None,
        generation: grant.generation,
    };
    tokens::make(cx, caller, issuer, now, &making)
}

#[derive(Clone)]
struct Refreshing {
    settings: std::sync::Arc<Settings>,
    authenticated: AuthenticatedClient,
    pen: Pen,
    instance: Digest,
    proof: Option<Proof>,
    scopes: Option<Scopes>,
    resources: Vec<String>,
    /// As it was found before the writer was entered.
    grant: Grant,
    generation: i64,
}

struct Refreshed {
    grant: Grant,
    stored: Stored,
    told: Told,
    scopes: Scopes,
    resources: Vec<String>,
    now: Timestamp,
}

/// What a refresh token is worth beside the grant's row.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Worth {
    /// It counts.
    Current,
    /// It was replaced a moment ago, and whoever did that asks again.
    Again,
    /// It was replaced, and comes back.
    Reused,
}

fn worth(grant: &Grant, generation: i64, instance: &Digest, now: Timestamp) -> Worth {
    if generation == grant.generation {
        return Worth::Current;
    }
    let before = generation.checked_add(1) == Some(grant.generation);
    let recent = grant.rotated.is_some_and(|rotated| now.since(rotated) <= GRACE);
    if before && recent && grant.instance.as_ref() == Some(instance) { Worth::Again } else { Worth::Reused }
}

impl Refreshing {
    /// A refusal that ends something is an outcome, not an error: it must be committed.
    fn run(mut self, tx: &mut Tx<'_>) -> Result<Result<Refreshed, TokenError>, TokenError> {
        let now = tx.now()?;
        users::lock(tx, self.grant.user)?;
        let grant = grants::by_id(tx, self.grant.id)?.ok_or(Ended::Gone)?;
        let worth = worth(&grant, self.generation, &self.instance, now);
        if worth == Worth::Reused {
            let client = grant.client.to_string();
            end_reused(tx, now, grant.id, &client, &mut self.pen)?;
            return Ok(Err(TokenError::RefreshReused));
        }
        let standing = granted::standing(tx, now, &self.settings, &grant, Look::Whole)??;
        let granted::Standing { stored, user } = standing;
        if now.since(grant.rotated.unwrap_or(grant.created)) >= stored.application.lifetimes.refresh_idle {
            return Err(TokenError::RefreshIdle);
        }
        tokens::proves(grant.terms.dpop.as_deref(), self.proof.as_ref())?;
        // What the application asks for now counts for what was granted before, too.
        if stored.client.dpop_bound && self.proof.is_none() {
            return Err(TokenError::ProofMissing);
        }
        let scopes = self.scopes.clone().unwrap_or_else(|| grant.terms.scopes.clone());
        if scopes.is_empty() || !grant.terms.scopes.includes(&scopes) {
            return Err(TokenError::Scope);
        }
        let resources = tokens::narrowed(&grant.terms.resources, &self.resources)?;
        self.spend(tx)?;
        let grant = match worth {
            Worth::Current => self.rotate(tx, now, grant)?,
            _ => grant,
        };
        let asked = tokens::asked(&grant);
        let wanted = Wanted { application: &stored.application, scopes: &grant.terms.scopes, claims: &asked };
        let told = told::told(tx, &self.settings, (&user, &grant.terms.evidence), wanted)?;
        Ok(Ok(Refreshed { grant, stored, told, scopes, resources, now }))
    }

    fn rotate(&self, tx: &mut Tx<'_>, now: Timestamp, grant: Grant) -> Result<Grant, TokenError> {
        // Its owner's row is locked: nobody else rotates it meanwhile.
        if !grants::rotate(tx, &grant, now, &self.instance)? {
            return Err(Ended::Gone.into());
        }
        Ok(Grant {
            generation: grant.generation.saturating_add(1),
            rotated: Some(now),
            instance: Some(self.instance),
            ..grant
        })
    }

    fn spend(&self, tx: &mut Tx<'_>) -> Result<(), TokenError> {
        if !self.authenticated.spend(tx)? {
            return Err(TokenError::AssertionUsed);
        }
        match &self.proof {
            Some(proof) if !tokens::spend_proof(tx, proof)? => Err(TokenError::ProofUsed),
            _ => Ok(()),
        }
    }
}
