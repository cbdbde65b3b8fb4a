//! The code: a seal of its facts, good for a minute and for one client.

use account::evidence::Evidence;
use account::session::SessionId;
use account::user::UserId;
use oidc::claims_request::ClaimsRequest;
use oidc::client::ClientId;
use oidc::pkce::Challenge;
use oidc::response::AuthorizationResponse;
use oidc::scope::Scopes;
use primitives::time::{Span, Timestamp};
use primitives::{digest, encoding, seal};
use serde::{Deserialize, Serialize};
use store::clients::Stored;
use store::spent::SpentKey;

use super::{AuthorizeError, Pending, ready, strength};
use crate::context::{Caller, Context, Who};

/// How long a code is good for.
pub const LIFETIME: Span = Span::from_secs(60);

/// What the seal of a code is for.
const PURPOSE: &str = "keyward code";

/// What a code stands for.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Facts {
    #[serde(rename = "c")]
    pub(crate) client: ClientId,
    #[serde(rename = "u")]
    pub(crate) user: UserId,
    #[serde(rename = "l")]
    pub(crate) sid: SessionId,
    #[serde(rename = "s")]
    pub(crate) scopes: Scopes,
    #[serde(default, rename = "r", skip_serializing_if = "Vec::is_empty")]
    pub(crate) resources: Vec<String>,
    /// The digest of the redirect URI.
    #[serde(rename = "d")]
    pub(crate) redirect: String,
    #[serde(rename = "p")]
    pub(crate) challenge: Challenge,
    #[serde(default, rename = "n", skip_serializing_if = "Option::is_none")]
    pub(crate) nonce: Option<String>,
    #[serde(rename = "e")]
    pub(crate) evidence: Evidence,
    #[serde(default, rename = "a", skip_serializing_if = "Option::is_none")]
    pub(crate) acr: Option<String>,
    #[serde(rename = "t")]
    pub(crate) auth_time: Timestamp,
    #[serde(default, rename = "q", skip_serializing_if = "ClaimsRequest::is_empty")]
    pub(crate) claims: ClaimsRequest,
    #[serde(default, rename = "j", skip_serializing_if = "Option::is_none")]
    pub(crate) dpop: Option<String>,
    #[serde(rename = "x")]
    pub(crate) security_epoch: i64,
    /// What the application asked for, for the log.
    #[serde(default, rename = "w", skip_serializing_if = "Option::is_none")]
    pub(crate) needed: Option<String>,
    #[serde(rename = "i")]
    pub(crate) issued: Timestamp,
}

/// The digest by which a code remembers where it was sent.
pub(crate) fn redirect_digest(redirect_uri: &str) -> String {
    encoding::base64url(&digest::sha256(redirect_uri.as_bytes()))
}

fn binding(cx: &Context) -> [u8; 8] {
    // A restored database has forgotten which codes were used.
    cx.settings().deployment_epoch.to_be_bytes()
}

impl Facts {
    /// The code.
    pub(crate) fn seal(&self, cx: &Context, caller: &mut Caller) -> String {
        let plain =
            serde_json::to_vec(self).unwrap_or_else(|_| unreachable!("facts hold only what JSON can say"));
        let sealed = seal::seal(&cx.keys, PURPOSE, &binding(cx), &plain, caller.now, caller.entropy.as_mut());
        encoding::base64url(&sealed)
    }

    /// The facts of a code of ours, however old.
    pub(crate) fn open(cx: &Context, code: &str) -> Option<Self> {
        let sealed = encoding::from_base64url(code)?;
        let plain = seal::open(&cx.keys, PURPOSE, &binding(cx), &sealed).ok()?;
        serde_json::from_slice(&plain).ok()
    }

    /// When the code ends.
    pub(crate) fn expires(&self) -> Timestamp {
        self.issued + LIFETIME
    }

    /// What using the code spends.
    pub(crate) fn spends(&self, code: &str) -> SpentKey {
        SpentKey::new(self.expires(), &digest::sha256_parts(&[b"code", code.as_bytes()]))
    }
}

/// The answer that brings a code for `scopes`.
pub(super) fn answer(
    cx: &Context,
    caller: &mut Caller,
    issuer: &str,
    pending: &Pending,
    (stored, who, scopes): (&Stored, &Who, &Scopes),
) -> Result<AuthorizationResponse, AuthorizeError> {
    let (settings, request) = (cx.settings(), &pending.request);
    let now = cx.db.not_before(caller.now);
    let recent = strength::evidence_that_counts(pending, now, who);
    let evidence = recent.unwrap_or_else(|| who.session.evidence.clone());
    let wished = strength::wished(pending);
    let needed = wished.first().map(|acr| (*acr).to_owned());
    let application = &stored.application.needed;
    let needed = needed.or_else(|| {
        let anything = *application == account::policy::Needed::Anything;
        (!anything).then(|| application.to_string())
    });
    let facts = Facts {
        client: stored.id().clone(),
        user: who.user.id,
        sid: who.session.sid,
        scopes: scopes.clone(),
        resources: request.resources.clone(),
        redirect: redirect_digest(&request.redirect_uri),
        challenge: request.challenge.clone(),
        nonce: request.nonce.clone(),
        acr: settings.acr_of(wished, &evidence),
        evidence,
        auth_time: who.session.authenticated_at,
        claims: request.claims.clone(),
        dpop: request.dpop_jkt.clone(),
        security_epoch: who.session.security_epoch,
        needed: needed.map(|needed| format!("application {needed}")),
        issued: now,
    };
    let code = facts.seal(cx, caller);
    ready(cx, now, stored, AuthorizationResponse::code(request.recipient(issuer), code))
}
