//! What the token endpoint gives, and why it does not.

use account::evidence::Evidence;
use oidc::claims_request::ClaimsRequest;
use oidc::client::{Client, SigningAlg};
use oidc::dpop::{self, Proof};
use oidc::error::OAuthError;
use oidc::grant::RefreshToken;
use oidc::id_token::{self, IdToken};
use oidc::jwt;
use oidc::pkce::PkceRefusal;
use oidc::scope::{OPENID, Scopes};
use oidc::token::{self, AccessToken, TokenRefusal};
use primitives::digest::{self, Digest};
use primitives::time::{Span, Timestamp};
use store::clients::Stored;
use store::grants::Grant;
use store::spent::{self, SpentKey, Taken};
use store::{StoreError, Tx};

use crate::context::{Caller, Context};
use crate::granted::Ended;
use crate::told::Told;

/// The longest that an access token lives, whatever an application wishes.
pub const LONGEST_ACCESS: Span = Span::from_hours(1);

/// What the token endpoint gives. Nothing of it is printed.
#[derive(Clone, PartialEq, Eq)]
pub struct Tokens {
    /// The access token.
    pub access_token: String,
    /// Whether it is bound to a key (`token_type` is then `DPoP`).
    pub bound: bool,
    /// How long it lives.
    pub expires_in: Span,
    /// What the next access token is had for.
    pub refresh_token: Option<String>,
    /// The ID token, where `openid` was granted.
    pub id_token: Option<String>,
    /// What the access token is good for.
    pub scopes: Scopes,
}

impl std::fmt::Debug for Tokens {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Tokens({})", self.scopes)
    }
}

/// Why there are no tokens.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum TokenError {
    /// The client may not use this grant.
    Grant,
    /// The code is none of ours.
    Code,
    /// The code is older than a minute.
    CodeExpired,
    /// The code was used before; what came of it has ended.
    CodeUsed,
    /// The code is another client's.
    CodeOfAnother,
    /// The redirect URI is another than the code was sent to.
    RedirectUri,
    /// The verifier does not go with the code.
    Pkce(PkceRefusal),
    /// The refresh token is none of ours, or another client's.
    RefreshToken,
    /// The refresh token had been used; everything that came of it has ended.
    RefreshReused,
    /// The refresh token lay unused for too long.
    RefreshIdle,
    /// What the tokens would rest on has ended.
    Ended(Ended),
    /// More is asked for than was granted.
    Scope,
    /// A resource server is asked for that is not the client's to ask for.
    Resource,
    /// A proof of possession is missing.
    ProofMissing,
    /// The proof is of another key than the grant is bound to.
    ProofKey,
    /// The proof was used before.
    ProofUsed,
    /// The client's assertion was used before.
    AssertionUsed,
    /// There is no key that signs for this client.
    NoKey,
    /// The store failed; nothing was changed.
    Store(StoreError),
}

impl From<StoreError> for TokenError {
    fn from(error: StoreError) -> Self {
        TokenError::Store(error)
    }
}

impl From<Ended> for TokenError {
    fn from(ended: Ended) -> Self {
        TokenError::Ended(ended)
    }
}

impl TokenError {
    /// The stable code.
    pub fn code(&self) -> &'static str {
        match self {
            TokenError::Grant => "grant_not_allowed",
            TokenError::Code => "code_invalid",
            TokenError::CodeExpired => "code_expired",
            TokenError::CodeUsed => "code_used",
            TokenError::CodeOfAnother => "code_of_another_client",
            TokenError::RedirectUri => "redirect_uri_mismatch",
            TokenError::Pkce(refusal) => refusal.code(),
            TokenError::RefreshToken => "refresh_token_invalid",
            TokenError::RefreshReused => "refresh_token_used",
            TokenError::RefreshIdle => "refresh_token_idle",
            TokenError::Ended(ended) => ended.code(),
            TokenError::Scope => "scope_not_granted",
            TokenError::Resource => "resource_not_allowed",
            TokenError::ProofMissing => "dpop_missing",
            TokenError::ProofKey => "dpop_other_key",
            TokenError::ProofUsed => "dpop_used",
            TokenError::AssertionUsed => "client_assertion_used",
            TokenError::NoKey => "signing_key_missing",
            TokenError::Store(_) => "unknown",
        }
    }

    /// What it is called in the protocol.
    pub fn error(&self) -> OAuthError {
        match self {
            TokenError::Grant => OAuthError::UnauthorizedClient,
            TokenError::Pkce(PkceRefusal::VerifierMissing | PkceRefusal::Verifier) => {
                OAuthError::InvalidRequest
            }
            TokenError::Code
            | TokenError::CodeExpired
            | TokenError::CodeUsed
            | TokenError::CodeOfAnother
            | TokenError::RedirectUri
            | TokenError::Pkce(_)
            | TokenError::RefreshToken
            | TokenError::RefreshReused
            | TokenError::RefreshIdle
            | TokenError::Ended(_) => OAuthError::InvalidGrant,
            TokenError::Scope => OAuthError::InvalidScope,
            TokenError::Resource => OAuthError::InvalidTarget,
            TokenError::ProofMissing | TokenError::ProofKey | TokenError::ProofUsed => {
                OAuthError::InvalidDpopProof
            }
            TokenError::AssertionUsed => OAuthError::InvalidClient,
            TokenError::NoKey | TokenError::Store(_) => OAuthError::ServerError,
        }
    }
}

/// Uses a proof of possession up; `false` if it was used before.
pub(crate) fn spend_proof(tx: &mut Tx<'_>, proof: &Proof) -> Result<bool, StoreError> {
    let once = digest::sha256_parts(&[b"dpop proof", proof.jkt.as_bytes(), proof.jti.as_bytes()]);
    // It may be ahead of our clock by as much as is forgiven, and is then good for that much longer.
    let key = SpentKey::new(proof.iat + dpop::WINDOW + jwt::LEEWAY, &once);
    Ok(spent::take(tx, &key, &[])? == Taken::First)
}

/// Whether a proof is what a token, a grant or a client bound to `jkt` asks for.
pub(crate) fn proves(bound: Option<&str>, proof: Option<&Proof>) -> Result<(), TokenError> {
    match (bound, proof) {
        (Some(_), None) => Err(TokenError::ProofMissing),
        (Some(jkt), Some(proof)) if proof.jkt != jkt => Err(TokenError::ProofKey),
        _ => Ok(()),
    }
}

/// What an access token is signed with: ES256, but for clients that know nothing else than RS256.
pub(crate) fn access_alg(client: &Client) -> SigningAlg {
    if client.id_token_alg == SigningAlg::Rs256 { SigningAlg::Rs256 } else { SigningAlg::Es256 }
}

/// How long an access token of that application lives.
pub(crate) fn access_span(stored: &Stored) -> Span {
    stored.application.lifetimes.access.min(LONGEST_ACCESS)
}

/// Whose tokens these are: the resource servers that were granted, or of these the ones that are asked for.
pub(crate) fn narrowed(granted: &[String], asked: &[String]) -> Result<Vec<String>, TokenError> {
    if asked.is_empty() {
        return Ok(granted.to_vec());
    }
    if asked.iter().all(|asked| granted.contains(asked)) {
        Ok(asked.to_vec())
    } else {
        Err(TokenError::Resource)
    }
}

/// Whether there are keys for what that client is given.
pub(crate) fn has_keys(cx: &Context, client: &Client, now: Timestamp) -> Result<(), TokenError> {
    let ring = cx.signing.current();
    let signs = |alg| ring.signer(alg, now).is_some();
    if signs(access_alg(client)) && signs(client.id_token_alg) { Ok(()) } else { Err(TokenError::NoKey) }
}

/// What tokens of a grant are made of.
pub(crate) struct Making<'a> {
    pub(crate) grant: &'a Grant,
    pub(crate) stored: &'a Stored,
    pub(crate) told: &'a Told,
    /// What the access token is for, of what was granted.
    pub(crate) scopes: Scopes,
    /// Whose it is, of what was granted.
    pub(crate) resources: Vec<String>,
    /// What the ID token says again.
    pub(crate) nonce: Option<&'a str>,
    /// Which refresh token counts.
    pub(crate) generation: i64,
}

/// Makes them.
pub(crate) fn make(
    cx: &Context,
    caller: &mut Caller,
    issuer: &str,
    now: Timestamp,
    making: &Making<'_>,
) -> Result<Tokens, TokenError> {
    let (grant, client) = (making.grant, &making.stored.client);
    let settings = cx.settings();
    let evidence: &Evidence = &grant.terms.evidence;
    let amr = settings.amr_of(evidence);
    let (sid, span) = (grant.sid.to_string(), access_span(making.stored));
    let mut audience = making.resources.clone();
    // Userinfo is ours.
    if audience.is_empty() || making.scopes.has(OPENID) {
        audience.insert(0, issuer.to_owned());
    }
    let access = AccessToken {
        grant: Some(*grant.id.as_bytes()),
        subject: making.told.subject.clone(),
        client: client.id.clone(),
        audience,
        scopes: making.scopes.clone(),
        issued: now,
        expires: now + span,
        auth_time: Some(grant.terms.auth_time),
        acr: grant.terms.acr.clone(),
        amr: amr.clone(),
        sid: Some(sid.clone()),
        jkt: grant.terms.dpop.clone(),
        serial: [0; 8],
    };
    let ring = cx.signing.current();
    let alg = access_alg(client);
    let key = ring.signer(alg, now).ok_or(TokenError::NoKey)?;
    let access_token = token::mint(&cx.keys, key.signer(), issuer, &access, caller.entropy.as_mut());
    let id_token = if grant.terms.scopes.has(OPENID) {
        let key = ring.signer(client.id_token_alg, now).ok_or(TokenError::NoKey)?;
        let asked: ClaimsRequest = asked(grant);
        let all = making.stored.application.profile_in_id_token;
        let claims = id_token::claims(IdToken {
            issuer,
            subject: &making.told.subject,
            client: &client.id,
            issued: now,
            auth_time: grant.terms.auth_time,
            nonce: making.nonce,
            acr: grant.terms.acr.as_deref(),
            amr: &amr,
            sid: Some(&sid),
            access_token: Some((&access_token, client.id_token_alg)),
            more: making.told.for_id_token(&grant.terms.scopes, &asked, all),
        });
        Some(jwt::sign(key.signer(), id_token::TYP, &claims))
    } else {
        None
    };
    let refresh_token = grant.terms.refreshes.then(|| refresh_token(cx, grant, making.generation));
    Ok(Tokens {
        access_token,
        bound: access.jkt.is_some(),
        expires_in: span,
        refresh_token,
        id_token,
        scopes: making.scopes.clone(),
    })
}

/// Opens an access token of ours.
pub(crate) fn open(cx: &Context, text: &str, about: (&str, Timestamp)) -> Result<AccessToken, TokenRefusal> {
    token::open(&cx.keys, || cx.signing.current().verifying(), text, about)
}

fn refresh_token(cx: &Context, grant: &Grant, generation: i64) -> String {
    let generation = u64::try_from(generation).unwrap_or(0);
    RefreshToken { grant: *grant.id.as_bytes(), generation }.spell(&cx.keys)
}

/// The single claims that a grant's request asked for.
pub(crate) fn asked(grant: &Grant) -> ClaimsRequest {
    serde_json::from_value(grant.terms.claims.clone()).unwrap_or_default()
}

/// Which instance of a client calls: the one that holds a key, or the one at an address.
pub(crate) fn instance(caller: &Caller, proof: Option<&Proof>) -> Digest {
    match proof {
        Some(proof) => digest::sha256_parts(&[b"client instance key", proof.jkt.as_bytes()]),
        None => digest::sha256_parts(&[b"client instance address", caller.client.address.as_bytes()]),
    }
}
