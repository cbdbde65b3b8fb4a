//! Userinfo (OpenID Connect Core section 5.3): the token is judged by its MAC, and everything that its grant rests on is
//! read again in the same read as the answer.

use account::application::GrantId;
use oidc::dpop::Proof;
use oidc::error::OAuthError;
use oidc::scope::OPENID;
use oidc::token::{AccessToken, TokenRefusal};
use oidc::userinfo;
use primitives::time::Timestamp;
use serde_json::{Map, Value};
use store::grants::{self, Grant};
use store::{StoreError, Tx};

use crate::context::{Context, Settings};
use crate::granted::{self, Ended, Look, Standing};
use crate::tokens;
use crate::told::{self, Told, Wanted};

/// What an application is told.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Userinfo {
    /// As JSON.
    Json(Map<String, Value>),
    /// As a signed token, for clients that registered an algorithm.
    Signed(String),
}

/// Why an access token opens nothing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum AccessRefused {
    /// The token does not count.
    Token(TokenRefusal),
    /// What it came of has ended.
    Ended(Ended),
    /// It was made for somebody else.
    Audience,
    /// It is not good for this.
    Scope,
    /// A proof of possession is missing.
    ProofMissing,
    /// The proof is of another key, or the token is bound to none.
    ProofKey,
    /// The proof was used before.
    ProofUsed,
    /// There is no key that signs for this client.
    NoKey,
    /// The store failed.
    Store(StoreError),
}

impl From<StoreError> for AccessRefused {
    fn from(error: StoreError) -> Self {
        AccessRefused::Store(error)
    }
}

impl From<Ended> for AccessRefused {
    fn from(ended: Ended) -> Self {
        AccessRefused::Ended(ended)
    }
}

impl AccessRefused {
    /// The stable code.
    pub fn code(&self) -> &'static str {
        match self {
            AccessRefused::Token(refusal) => refusal.code(),
            AccessRefused::Ended(ended) => ended.code(),
            AccessRefused::Audience => "token_audience",
            AccessRefused::Scope => "token_scope",
            AccessRefused::ProofMissing => "dpop_missing",
            AccessRefused::ProofKey => "dpop_other_key",
            AccessRefused::ProofUsed => "dpop_used",
            AccessRefused::NoKey => "signing_key_missing",
            AccessRefused::Store(_) => "unknown",
        }
    }

    /// What it is called in the protocol (RFC 6750 section 3.1, RFC 9449 section 7.1).
    pub fn error(&self) -> OAuthError {
        match self {
            AccessRefused::Token(_) | AccessRefused::Ended(_) | AccessRefused::Audience => {
                OAuthError::InvalidToken
            }
            AccessRefused::Scope => OAuthError::InsufficientScope,
            AccessRefused::ProofMissing | AccessRefused::ProofKey => OAuthError::InvalidToken,
            AccessRefused::ProofUsed => OAuthError::InvalidDpopProof,
            AccessRefused::NoKey | AccessRefused::Store(_) => OAuthError::ServerError,
        }
    }
}

/// Says who the person behind an access token is. `proof` is what came with it under the scheme `DPoP`.
pub async fn read(
    cx: &Context,
    now: Timestamp,
    issuer: &str,
    access_token: &str,
    proof: Option<&Proof>,
) -> Result<Userinfo, AccessRefused> {
    let now = cx.db.not_before(now);
    let token = open(cx, now, issuer, (access_token, proof))?;
    if !token.is_for(issuer) {
        return Err(AccessRefused::Audience);
    }
    if !token.scopes.has(OPENID) {
        return Err(AccessRefused::Scope);
    }
    spend(cx, proof).await?;
    let (settings, scopes) = (cx.settings(), token.scopes.clone());
    let found = cx.db.read(move |tx| find(tx, now, &settings, &token)).await?;
    let claims = found.told.for_userinfo(&scopes, &tokens::asked(&found.grant));
    let client = &found.standing.stored.client;
    let Some(alg) = client.userinfo_alg else { return Ok(Userinfo::Json(claims)) };
    let ring = cx.signing.current();
    let key = ring.signer(alg, now).ok_or(AccessRefused::NoKey)?;
    Ok(Userinfo::Signed(userinfo::sign(key.signer(), issuer, &client.id, claims)))
}

/// An access token of ours that has not expired, and whose key was proven if it is bound to one.
pub(crate) fn open(
    cx: &Context,
    now: Timestamp,
    issuer: &str,
    (text, proof): (&str, Option<&Proof>),
) -> Result<AccessToken, AccessRefused> {
    let token = tokens::open(cx, text, (issuer, now)).map_err(AccessRefused::Token)?;
    match (&token.jkt, proof) {
        (None, None) => Ok(token),
        (Some(jkt), Some(proof)) if *jkt == proof.jkt => Ok(token),
        (Some(_), None) => Err(AccessRefused::ProofMissing),
        (Some(_) | None, Some(_)) => Err(AccessRefused::ProofKey),
    }
}

/// Uses a proof up, in a commit of its own: nothing else is written.
async fn spend(cx: &Context, proof: Option<&Proof>) -> Result<(), AccessRefused> {
    let Some(proof) = proof.cloned() else { return Ok(()) };
    let first = cx.db.write(move |tx| tokens::spend_proof(tx, &proof)).await?;
    if first { Ok(()) } else { Err(AccessRefused::ProofUsed) }
}

struct Found {
    grant: Grant,
    standing: Standing,
    told: Told,
}

fn find(
    tx: &mut Tx<'_>,
    now: Timestamp,
    settings: &Settings,
    token: &AccessToken,
) -> Result<Found, AccessRefused> {
    let grant = grant_of(tx, token)?;
    let standing = granted::standing(tx, now, settings, &grant, Look::Quick)??;
    let asked = tokens::asked(&grant);
    let wanted = Wanted { application: &standing.stored.application, scopes: &token.scopes, claims: &asked };
    let told = told::told(tx, settings, (&standing.user, &grant.terms.evidence), wanted)?;
    Ok(Found { grant, standing, told })
}

/// The grant that a token came of. A client's own has none, and there is nobody behind it.
fn grant_of(tx: &mut Tx<'_>, token: &AccessToken) -> Result<Grant, AccessRefused> {
    let id = token.grant.map(GrantId::from_bytes).ok_or(AccessRefused::Scope)?;
    Ok(grants::by_id(tx, id)?.ok_or(Ended::Gone)?)
}
