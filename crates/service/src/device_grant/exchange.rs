//! The device asks whether it may come in, and fetches its tokens (RFC 8628 section 3.4).

use std::sync::Arc;

use account::audit::{Actor, EventKind};
use account::device_code::{Answer, Approval, DeviceCode};
use oidc::client::GrantType;
use oidc::dpop::Proof;
use oidc::scope::{OFFLINE_ACCESS, Scopes};
use primitives::id::Id;
use primitives::secret::Token;
use primitives::time::Timestamp;
use store::clients::Stored;
use store::grants::{self, Grant, GrantTerms};
use store::{Tx, device_codes, sessions, users};

use super::PollError;
use crate::client_authentication::AuthenticatedClient;
use crate::context::{Caller, Context, Settings};
use crate::drawn::Drawn;
use crate::events::Pen;
use crate::granted::{self, Ended, Look};
use crate::manage_sessions;
use crate::tokens::{self, Making, TokenError, Tokens};
use crate::told::{self, Told, Wanted};

/// What a device brings.
#[derive(Clone, Copy, Debug)]
pub struct Ask<'a> {
    /// `device_code`.
    pub device_code: &'a str,
    /// `resource`: of those that it asked for at first.
    pub resources: &'a [String],
    /// The proof of possession, if there is one.
    pub proof: Option<&'a Proof>,
}

/// Answers a device that asks with its code; gives the tokens once, and not before somebody has let it in.
pub async fn exchange(
    cx: &Context,
    caller: &mut Caller,
    issuer: &str,
    authenticated: &AuthenticatedClient,
    ask: Ask<'_>,
) -> Result<Tokens, PollError> {
    let client = &authenticated.stored.client;
    if !client.may(GrantType::DeviceCode) {
        return Err(TokenError::Grant.into());
    }
    if client.dpop_bound && ask.proof.is_none() {
        return Err(TokenError::ProofMissing.into());
    }
    tokens::has_keys(cx, client, cx.db.not_before(caller.now))?;
    let asking = Asking {
        settings: cx.settings(),
        authenticated: authenticated.clone(),
        code: Token::parse(ask.device_code).ok_or(PollError::Unknown)?,
        resources: ask.resources.to_vec(),
        proof: ask.proof.cloned(),
        ids: Drawn::from(caller),
        pen: Pen::new(caller, Actor::System),
    };
    let outcome = cx.db.write(move |tx| asking.clone().run(tx)).await?;
    let Granted { grant, stored, told, resources } = outcome?;
    let scopes = grant.terms.scopes.clone();
    let making =
        Making { grant: &grant, stored: &stored, told: &told, scopes, resources, nonce: None, generation: 0 };
    Ok(tokens::make(cx, caller, issuer, grant.created, &making)?)
}

#[derive(Clone)]
struct Asking {
    settings: Arc<Settings>,
    authenticated: AuthenticatedClient,
    code: Token,
    resources: Vec<String>,
    proof: Option<Proof>,
    ids: Drawn,
    pen: Pen,
}

struct Granted {
    grant: Grant,
    stored: Stored,
    told: Told,
    resources: Vec<String>,
}

type Outcome = Result<Granted, PollError>;

impl Asking {
    /// That a device asked too early must be committed, so an answer that is no success is an outcome and no error.
    fn run(mut self, tx: &mut Tx<'_>) -> Result<Outcome, PollError> {
        let now = tx.now()?;
        let found = device_codes::by_device_code(tx, &self.code)?;
        let found = found.filter(|device| device.client == self.authenticated.id().as_str());
        let Some(device) = found else { return Err(PollError::Unknown) };
        if !self.authenticated.spend(tx)? {
            return Err(TokenError::AssertionUsed.into());
        }
        match device.answer(now) {
            Answer::Expired => Err(PollError::Expired),
            Answer::Denied => Err(PollError::Denied),
            Answer::Pending => {
                device_codes::polled(tx, device.id, now, device.pause)?;
                Ok(Err(PollError::Pending))
            }
            Answer::SlowDown { pause } => {
                device_codes::polled(tx, device.id, now, pause)?;
                Ok(Err(PollError::SlowDown { pause }))
            }
            Answer::Approved(approval) => self.grant(tx, now, &device, &approval).map(Ok),
        }
    }

    /// Everything is read again that the approval rested on, behind its owner's row.
    fn grant(
        &mut self,
        tx: &mut Tx<'_>,
        now: Timestamp,
        device: &DeviceCode,
        approval: &Approval,
    ) -> Result<Granted, PollError> {
        let user = users::lock(tx, approval.user)?.ok_or(TokenError::Ended(Ended::UserDisabled))?;
        if !device_codes::take(tx, device.id)? {
            return Err(PollError::Unknown);
        }
        let session = sessions::by_sid(tx, user.id, approval.sid)?;
        let standing = match session {
            Some(session) => manage_sessions::standing(tx, now, &self.settings, session)?,
            None => None,
        };
        let who = standing.filter(|who| !who.session.is_limited());
        let who = who.ok_or(TokenError::Ended(Ended::SessionEnded))?;
        let resources = tokens::narrowed(&device.request.resources, &self.resources)?;
        let grant = self.granted(now, device, approval, who.session.ends);
        let found = granted::standing(tx, now, &self.settings, &grant, Look::Whole)?;
        let granted::Standing { stored, user } = found.map_err(TokenError::Ended)?;
        match &self.proof {
            Some(proof) if !tokens::spend_proof(tx, proof)? => return Err(TokenError::ProofUsed.into()),
            _ => grants::insert(tx, &grant)?,
        }
        let asked = tokens::asked(&grant);
        let wanted = Wanted { application: &stored.application, scopes: &grant.terms.scopes, claims: &asked };
        let told = told::told(tx, &self.settings, (&user, &grant.terms.evidence), wanted)?;
        let kind = EventKind::ApplicationEntered {
            client: grant.client.to_string(),
            grant: grant.id,
            session: grant.sid,
            acr: grant.terms.acr.clone(),
            needed: None,
        };
        self.pen.write(tx, now, Some(user.id), kind)?;
        Ok(Granted { grant, stored, told, resources })
    }

    fn granted(
        &mut self,
        now: Timestamp,
        device: &DeviceCode,
        approval: &Approval,
        session_ends: Timestamp,
    ) -> Grant {
        let stored = &self.authenticated.stored;
        let scopes = Scopes::parse(&device.request.scopes).unwrap_or_default();
        // Without leave to outlive it, a grant ends with the session that it began in.
        let ends = match scopes.has(OFFLINE_ACCESS) {
            true => now + stored.application.lifetimes.refresh,
            false => session_ends,
        };
        Grant {
            id: Id::new(now, &mut self.ids),
            client: stored.client.id.clone(),
            user: approval.user,
            sid: approval.sid,
            generation: 0,
            rotated: None,
            instance: None,
            security_epoch: approval.security_epoch,
            deployment_epoch: approval.deployment_epoch,
            notify: stored.client.backchannel_logout_uri.is_some(),
            created: now,
            ends,
            terms: GrantTerms {
                scopes,
                resources: device.request.resources.clone(),
                acr: self.settings.acr_of([], &approval.evidence),
                evidence: approval.evidence.clone(),
                auth_time: approval.at,
                claims: serde_json::Value::Null,
                dpop: self.proof.as_ref().map(|proof| proof.jkt.clone()),
                refreshes: stored.client.may(GrantType::RefreshToken),
            },
        }
    }
}
