//! Whether a grant still stands: everything that it rests on is read again wherever it is used (assurance O6).

use account::application::Consent;
use account::session::Session;
use account::user::User;
use oidc::scope::OFFLINE_ACCESS;
use primitives::time::Timestamp;
use store::clients::Stored;
use store::grants::Grant;
use store::{StoreError, Tx, clients, consents, passkeys, sessions, users};

use crate::application_needs::is_assigned;
use crate::context::Settings;
use crate::manage_sessions;

/// Why a grant is worth nothing any more.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ended {
    /// There is none: it was revoked, or its line of sessions ended.
    Gone,
    /// Its time is over.
    Expired,
    /// The application was removed or switched off.
    ClientDisabled,
    /// The account was disabled or deleted.
    UserDisabled,
    /// Everything that the account had granted was ended.
    Epoch,
    /// The session that it lives with is over.
    SessionEnded,
    /// The person may not use the application any more.
    NotAssigned,
    /// The person took the consent back.
    ConsentWithdrawn,
    /// A passkey that it rests on is gone or disabled.
    CredentialRevoked,
    /// What was proven is less than the application asks for now.
    TooWeak,
}

impl Ended {
    /// The stable code.
    pub fn code(self) -> &'static str {
        match self {
            Ended::Gone => "grant_gone",
            Ended::Expired => "grant_expired",
            Ended::ClientDisabled => "client_disabled",
            Ended::UserDisabled => "disabled_user",
            Ended::Epoch => "grant_void",
            Ended::SessionEnded => "session_ended",
            Ended::NotAssigned => "not_assigned",
            Ended::ConsentWithdrawn => "consent_withdrawn",
            Ended::CredentialRevoked => "credential_revoked",
            Ended::TooWeak => "stronger_evidence_needed",
        }
    }
}

/// What a grant stands on.
#[derive(Clone, Debug)]
pub(crate) struct Standing {
    pub(crate) stored: Stored,
    pub(crate) user: User,
}

/// How closely is looked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Look {
    /// Where new tokens are made of it.
    Whole,
    /// Where a token is shown that lives for minutes: whatever ends a passkey ends its grants with it.
    Quick,
}

/// Reads again what `grant` stands on. A session need not be there for what may outlive it.
pub(crate) fn standing(
    tx: &mut Tx<'_>,
    now: Timestamp,
    settings: &Settings,
    grant: &Grant,
    look: Look,
) -> Result<Result<Standing, Ended>, StoreError> {
    if now >= grant.ends {
        return Ok(Err(Ended::Expired));
    }
    let Some(stored) = clients::by_id(tx, &grant.client)?.filter(|stored| stored.enabled) else {
        return Ok(Err(Ended::ClientDisabled));
    };
    let Some(user) = users::by_id(tx, grant.user)?.filter(User::is_enabled) else {
        return Ok(Err(Ended::UserDisabled));
    };
    if grant.security_epoch != user.security_epoch || grant.deployment_epoch != settings.deployment_epoch {
        return Ok(Err(Ended::Epoch));
    }
    if !grant.terms.scopes.has(OFFLINE_ACCESS) && session_of(tx, now, settings, grant)?.is_none() {
        return Ok(Err(Ended::SessionEnded));
    }
    if let Some(ended) = unfounded(tx, settings, grant, (&stored, &user))? {
        return Ok(Err(ended));
    }
    if look == Look::Whole && !has_credentials(tx, grant)? {
        return Ok(Err(Ended::CredentialRevoked));
    }
    Ok(Ok(Standing { stored, user }))
}

/// The session that carries on the line that the grant began in, if it stands and reaches applications.
pub(crate) fn session_of(
    tx: &mut Tx<'_>,
    now: Timestamp,
    settings: &Settings,
    grant: &Grant,
) -> Result<Option<Session>, StoreError> {
    let Some(session) = sessions::by_sid(tx, grant.user, grant.sid)? else { return Ok(None) };
    let standing = manage_sessions::standing(tx, now, settings, session)?;
    Ok(standing.map(|who| who.session).filter(|session| !session.is_limited()))
}

/// What the organisation, policy and the person would not allow today.
pub(crate) fn unfounded(
    tx: &mut Tx<'_>,
    settings: &Settings,
    grant: &Grant,
    (stored, user): (&Stored, &User),
) -> Result<Option<Ended>, StoreError> {
    let application = &stored.application;
    if !is_assigned(user, application) {
        return Ok(Some(Ended::NotAssigned));
    }
    if application.consent != Consent::PreApproved {
        let consent = consents::get(tx, user.id, stored.id())?;
        if consent.is_none_or(|consent| !consent.scopes.includes(&grant.terms.scopes)) {
            return Ok(Some(Ended::ConsentWithdrawn));
        }
    }
    let opens = settings.opens(user, application, &grant.terms.evidence);
    Ok(if opens { None } else { Some(Ended::TooWeak) })
}

/// Whether every passkey is there and enabled that the evidence rests on.
pub(crate) fn has_credentials(tx: &mut Tx<'_>, grant: &Grant) -> Result<bool, StoreError> {
    for proof in grant.terms.evidence.proofs() {
        if let account::evidence::Proof::Passkey { passkey, .. } = proof
            && !passkeys::by_id(tx, grant.user, *passkey)?.is_some_and(|passkey| passkey.is_enabled())
        {
            return Ok(false);
        }
    }
    Ok(true)
}
