//! A client exchanges a code for tokens (OpenID Connect Core section 3.1.3).
//!
//! One durable commit: the code is spent with the grant as its outcome, the grant stored, the event written. Whoever brings
//! the code a second time finds the outcome, and ends it (RFC 6749 section 4.1.2).

use account::application::GrantId;
use account::audit::{Actor, EventKind};
use oidc::client::GrantType;
use oidc::dpop::Proof;
use oidc::pkce::{PkceRefusal, Verifier};
use oidc::scope::OFFLINE_ACCESS;
use primitives::id::Id;
use primitives::time::Timestamp;
use store::clients::Stored;
use store::grants::{self, Grant, GrantTerms};
use store::spent::{self, SpentKey, Taken};
use store::{StoreError, Tx, logout_notices, sessions, users};

use crate::authorize::Facts;
use crate::client_authentication::AuthenticatedClient;
use crate::context::{Caller, Context, Settings};
use crate::drawn::Drawn;
use crate::events::Pen;
use crate::granted::{self, Ended, Look};
use crate::manage_sessions;
use crate::tokens::{self, Making, TokenError, Tokens};
use crate::told::{self, Told, Wanted};

/// What a client brings.
#[derive(Clone, Copy, Debug)]
pub struct Exchange<'a> {
    /// `code`.
    pub code: &'a str,
    /// `redirect_uri`.
    pub redirect_uri: Option<&'a str>,
    /// `code_verifier`.
    pub verifier: Option<&'a str>,
    /// `resource`: of those that were granted.
    pub resources: &'a [String],
    /// The proof of possession, if there is one.
    pub proof: Option<&'a Proof>,
}

/// Exchanges a code.
pub async fn exchange(
    cx: &Context,
    caller: &mut Caller,
    issuer: &str,
    authenticated: &AuthenticatedClient,
    asked: Exchange<'_>,
) -> Result<Tokens, TokenError> {
    let client = &authenticated.stored.client;
    if !client.may(GrantType::AuthorizationCode) {
        return Err(TokenError::Grant);
    }
    let facts = Facts::open(cx, asked.code).ok_or(TokenError::Code)?;
    // Whoever else has it learns nothing by it, and ends nothing with it.
    if facts.client != client.id {
        return Err(TokenError::CodeOfAnother);
    }
    let spends = facts.spends(asked.code);
    let now = cx.db.not_before(caller.now);
    let checked = check(&facts, now, &asked).and_then(|()| {
        tokens::proves(facts.dpop.as_deref(), asked.proof)?;
        if client.dpop_bound && asked.proof.is_none() {
            return Err(TokenError::ProofMissing);
        }
        tokens::has_keys(cx, client, now)?;
        tokens::narrowed(&facts.resources, asked.resources)
    });
    let resources = match checked {
        Ok(resources) => resources,
        Err(refusal) => return Err(refused(cx, caller, authenticated, (&facts, spends), refusal).await),
    };
    let exchanging = Exchanging {
        settings: cx.settings(),
        authenticated: authenticated.clone(),
        pen: Pen::new(caller, Actor::User(facts.user)),
        ids: Drawn::from(caller),
        proof: asked.proof.cloned(),
        nonce: facts.nonce.clone(),
        facts,
        spends,
    };
    let nonce = exchanging.nonce.clone();
    let outcome = cx.db.write(move |tx| exchanging.clone().run(tx)).await?;
    let Granted { grant, stored, told } = outcome?;
    let scopes = grant.terms.scopes.clone();
    let making = Making {
        grant: &grant,
        stored: &stored,
        told: &told,
        scopes,
        resources,
        nonce: nonce.as_deref(),
        generation: 0,
    };
    tokens::make(cx, caller, issuer, grant.created, &making)
}

/// The grant that came of a code, if one did: for whoever has it already, and wants to know whether it is this one.
pub(crate) async fn came_of(cx: &Context, code: &str) -> Result<Option<GrantId>, StoreError> {
    let Some(facts) = Facts::open(cx, code) else { return Ok(None) };
    let key = facts.spends(code);
    cx.db
        .read(move |tx| Ok(spent::outcome_of(tx, &key)?.and_then(|outcome| GrantId::from_slice(&outcome))))
        .await
}

/// What of a code can be judged without the store.
fn check(facts: &Facts, now: Timestamp, asked: &Exchange<'_>) -> Result<(), TokenError> {
    if now >= facts.expires() {
        return Err(TokenError::CodeExpired);
    }
    let redirect = asked.redirect_uri.map(crate::authorize::redirect_digest);
    if redirect.as_deref() != Some(facts.redirect.as_str()) {
        return Err(TokenError::RedirectUri);
    }
    let verifier = asked.verifier.ok_or(TokenError::Pkce(PkceRefusal::VerifierMissing))?;
    let verifier = Verifier::parse(verifier).map_err(TokenError::Pkce)?;
    if verifier.verifies(&facts.challenge) { Ok(()) } else { Err(TokenError::Pkce(PkceRefusal::Mismatch)) }
}

/// The refusal of a code that does not hold, unless it had been used: then that is the refusal, and what came of it ends.
async fn refused(
    cx: &Context,
    caller: &mut Caller,
    authenticated: &AuthenticatedClient,
    (facts, spends): (&Facts, SpentKey),
    refusal: TokenError,
) -> TokenError {
    let key = spends.clone();
    let used = match cx.db.read(move |tx| spent::outcome_of(tx, &key)).await {
        Ok(used) => used,
        Err(error) => return error.into(),
    };
    let Some(outcome) = used else { return refusal };
    let (mut pen, user) = (Pen::new(caller, Actor::User(facts.user)), facts.user);
    let client = authenticated.id().to_string();
    let ended = cx.db.write(move |tx| {
        let now = tx.now()?;
        users::lock(tx, user)?;
        used_again(tx, now, &outcome, &client, &mut pen)
    });
    match ended.await {
        Ok(()) => TokenError::CodeUsed,
        Err(error) => error.into(),
    }
}

/// Ends what came of a code or token that was used before.
fn used_again(
    tx: &mut Tx<'_>,
    now: Timestamp,
    outcome: &[u8],
    client: &str,
    pen: &mut Pen,
) -> Result<(), StoreError> {
    let Some(id) = GrantId::from_slice(outcome) else { return Ok(()) };
    end_reused(tx, now, id, client, pen)
}

/// Ends a grant whose code or refresh token came back, once.
pub(crate) fn end_reused(
    tx: &mut Tx<'_>,
    now: Timestamp,
    id: GrantId,
    client: &str,
    pen: &mut Pen,
) -> Result<(), StoreError> {
    let Some(grant) = grants::by_id(tx, id)? else { return Ok(()) };
    if grants::remove(tx, id)? {
        if grant.notify {
            // Whoever came in by it is to be out; with the grant gone, signing out would not tell the application.
            logout_notices::add(tx, grant.client.as_str(), grant.user, grant.sid)?;
        }
        let kind = EventKind::TokenReused { client: client.to_owned(), grant: id };
        pen.write(tx, now, Some(grant.user), kind)?;
    }
    Ok(())
}

#[derive(Clone)]
struct Exchanging {
    settings: std::sync::Arc<Settings>,
    authenticated: AuthenticatedClient,
    pen: Pen,
    ids: Drawn,
    proof: Option<Proof>,
    facts: Facts,
    nonce: Option<String>,
    spends: SpentKey,
}

/// A new grant, and what its tokens say.
struct Granted {
    grant: Grant,
    stored: Stored,
    told: Told,
}

type Outcome = Result<Granted, TokenError>;

impl Exchanging {
    /// A refusal here is an outcome, not an error: that a code was used again must be committed.
    fn run(mut self, tx: &mut Tx<'_>) -> Result<Outcome, TokenError> {
        let now = tx.now()?;
        let Some(user) = users::lock(tx, self.facts.user)? else {
            return Err(Ended::UserDisabled.into());
        };
        if let Some(outcome) = spent::outcome_of(tx, &self.spends)? {
            let client = self.authenticated.id().to_string();
            used_again(tx, now, &outcome, &client, &mut self.pen)?;
            return Ok(Err(TokenError::CodeUsed));
        }
        // By the database's clock: what expires once expires for all nodes.
        if now >= self.facts.expires() || self.facts.issued > now + account::session::SKEW {
            return Err(TokenError::CodeExpired);
        }
        let session = sessions::by_sid(tx, user.id, self.facts.sid)?;
        let standing = match session {
            Some(session) => manage_sessions::standing(tx, now, &self.settings, session)?,
            None => None,
        };
        let who = standing.filter(|who| !who.session.is_limited()).ok_or(Ended::SessionEnded)?;
        let grant = self.grant(now, who.session.ends);
        let found = granted::standing(tx, now, &self.settings, &grant, Look::Whole)?;
        let granted::Standing { stored, user } = found?;
        self.spend(tx, &grant)?;
        grants::insert(tx, &grant)?;
        let asked = tokens::asked(&grant);
        let wanted = Wanted { application: &stored.application, scopes: &grant.terms.scopes, claims: &asked };
        let told = told::told(tx, &self.settings, (&user, &grant.terms.evidence), wanted)?;
        let kind = EventKind::ApplicationEntered {
            client: grant.client.to_string(),
            grant: grant.id,
            session: grant.sid,
            acr: grant.terms.acr.clone(),
            needed: self.facts.needed.clone(),
        };
        self.pen.write(tx, now, Some(user.id), kind)?;
        Ok(Ok(Granted { grant, stored, told }))
    }

    fn grant(&mut self, now: Timestamp, session_ends: Timestamp) -> Grant {
        let Facts { scopes, resources, evidence, acr, auth_time, claims, .. } = self.facts.clone();
        let stored = &self.authenticated.stored;
        let client = &stored.client;
        // Without leave to outlive it, a grant ends with the session that it began in.
        let ends = match scopes.has(OFFLINE_ACCESS) {
            true => now + stored.application.lifetimes.refresh,
            false => session_ends,
        };
        Grant {
            id: Id::new(now, &mut self.ids),
            client: client.id.clone(),
            user: self.facts.user,
            sid: self.facts.sid,
            generation: 0,
            rotated: None,
            instance: None,
            security_epoch: self.facts.security_epoch,
            deployment_epoch: self.settings.deployment_epoch,
            notify: client.backchannel_logout_uri.is_some(),
            created: now,
            ends,
            terms: GrantTerms {
                scopes,
                resources,
                evidence,
                acr,
                auth_time,
                claims: match claims.is_empty() {
                    true => serde_json::Value::Null,
                    false => serde_json::to_value(&claims).unwrap_or_default(),
                },
                dpop: self.facts.dpop.clone().or_else(|| self.proof.as_ref().map(|proof| proof.jkt.clone())),
                refreshes: client.may(GrantType::RefreshToken),
            },
        }
    }

    /// Uses up everything that works once.
    fn spend(&self, tx: &mut Tx<'_>, grant: &Grant) -> Result<(), TokenError> {
        if spent::take(tx, &self.spends, grant.id.as_bytes())? != Taken::First {
            return Err(TokenError::CodeUsed);
        }
        if !self.authenticated.spend(tx)? {
            return Err(TokenError::AssertionUsed);
        }
        match &self.proof {
            Some(proof) if !tokens::spend_proof(tx, proof)? => Err(TokenError::ProofUsed),
            _ => Ok(()),
        }
    }
}
