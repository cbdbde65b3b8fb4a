//! Receivers of audit events (webhooks): adding, changing, removing and listing them.
//!
//! What they are sent, and what becomes of it, is in [`deliver`]. A receiver begins with the first event after it was
//! added; one that was off goes on where it stood.

pub mod deliver;
pub mod message;

use std::sync::Arc;

use account::action::Action;
use account::audit::EventKind;
use account::hook::{Delivery, Hook, HookId, MOST, Terms, TermsRefusal};
use account::role::Permission;
use primitives::encoding::base64;
use primitives::id::Id;
use primitives::seal;
use primitives::secret::{SecretText, Token};
use store::{StoreError, Tx, audit, hooks};

use crate::authority::{self, Grant, Unauthorised};
use crate::context::{Authority, Caller, Context, Settings};
use crate::drawn::Drawn;
use crate::events::Pen;

/// What a secret is sealed for, with the receiver's id.
const SEAL: &str = "hook secret";

/// How secrets begin (Standard Webhooks, "Symmetric").
pub const SECRET_PREFIX: &str = "whsec_";

/// Why nothing was done about a receiver.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum HookError {
    /// Whoever asks may not administer at all, or has not confirmed it.
    Unauthorised(Unauthorised),
    /// The role of whoever asks does not include it.
    Role,
    /// There is no such receiver.
    NotFound,
    /// There is none on such terms.
    Terms(TermsRefusal),
    /// There are as many as there may be.
    TooMany,
    /// The store failed.
    Store(StoreError),
}

impl From<StoreError> for HookError {
    fn from(error: StoreError) -> Self {
        HookError::Store(error)
    }
}

impl From<Unauthorised> for HookError {
    fn from(refusal: Unauthorised) -> Self {
        match refusal {
            Unauthorised::Store(error) => HookError::Store(error),
            other => HookError::Unauthorised(other),
        }
    }
}

impl HookError {
    /// The stable code.
    pub fn code(&self) -> &'static str {
        match self {
            HookError::Unauthorised(refusal) => refusal.code(),
            HookError::Role => "role_too_low",
            HookError::NotFound => "not_found",
            HookError::Terms(refusal) => refusal.code(),
            HookError::TooMany => "too_many_hooks",
            HookError::Store(_) => "unknown",
        }
    }
}

/// A new receiver with its secret, which nobody sees again.
#[derive(Clone, Debug)]
pub struct Added {
    /// The receiver.
    pub hook: Hook,
    /// The secret, as receivers are told it.
    pub secret: SecretText,
}

/// Adds a receiver with a secret of its own.
pub async fn add(
    cx: &Context,
    caller: &mut Caller,
    authority: Authority<'_>,
    terms: Terms,
) -> Result<Added, HookError> {
    let secret = Token::generate(caller.entropy.as_mut());
    let adding = Adding {
        settings: cx.settings(),
        grant: authority.into(),
        pen: Pen::new(caller, authority.actor()),
        ids: Drawn::from(caller),
        secret: secret.clone(),
        terms,
    };
    let keys = Arc::clone(&cx.keys);
    let hook = cx.db.write(move |tx| adding.clone().run(tx, &keys)).await?;
    let secret = SecretText::new(format!("{SECRET_PREFIX}{}", base64(secret.as_bytes())));
    Ok(Added { hook, secret })
}

#[derive(Clone)]
struct Adding {
    settings: Arc<Settings>,
    grant: Grant,
    pen: Pen,
    ids: Drawn,
    secret: Token,
    terms: Terms,
}

impl Adding {
    fn run(mut self, tx: &mut Tx<'_>, keys: &primitives::keys::KeyRing) -> Result<Hook, HookError> {
        let now = tx.now()?;
        let action = Action::AddHook(self.terms.digest());
        let issuer = authority::authorise(tx, now, &self.settings, &self.grant, action)?;
        if !issuer.may(Permission::EditKeys) {
            return Err(HookError::Role);
        }
        if hooks::list(tx)?.len() >= MOST {
            return Err(HookError::TooMany);
        }
        let id: HookId = Id::new(now, &mut self.ids);
        let next_seq = audit::last_seq(tx)?.saturating_add(1);
        let hook = Hook {
            id,
            terms: self.terms,
            secret: seal::seal(keys, SEAL, id.as_bytes(), self.secret.as_bytes(), now, &mut self.ids),
            enabled: true,
            created: now,
            author: issuer.actor(),
            delivery: Delivery::from(next_seq, now),
        };
        hooks::insert(tx, &hook)?;
        let note = Some(hook.terms.host().to_owned());
        self.pen.write_with_note(tx, now, None, EventKind::HookAdded { hook: id }, note)?;
        Ok(hook)
    }
}

/// All receivers, newest first.
pub async fn list(cx: &Context) -> Result<Vec<Hook>, StoreError> {
    cx.db.read(hooks::list).await
}

/// That receiver.
pub async fn show(cx: &Context, id: HookId) -> Result<Hook, HookError> {
    cx.db.read(move |tx| hooks::by_id(tx, id)?.ok_or(HookError::NotFound)).await
}

/// What a receiver shall be.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Change {
    /// What is sent, and where to.
    pub terms: Terms,
    /// Whether anything is sent.
    pub enabled: bool,
}

/// Changes a receiver, turns it off, or on again: then it goes on where it stood.
pub async fn change(
    cx: &Context,
    caller: &mut Caller,
    authority: Authority<'_>,
    id: HookId,
    change: Change,
) -> Result<Hook, HookError> {
    let (pen, grant, settings) = (Pen::new(caller, authority.actor()), Grant::from(authority), cx.settings());
    cx.db
        .write(move |tx| {
            let now = tx.now()?;
            let action = Action::ChangeHook(change.terms.digest_for(id, change.enabled));
            let issuer = authority::authorise(tx, now, &settings, &grant, action)?;
            if !issuer.may(Permission::EditKeys) {
                return Err(HookError::Role);
            }
            let hook = hooks::lock(tx, id)?.ok_or(HookError::NotFound)?;
            let next = Hook { terms: change.terms.clone(), enabled: change.enabled, ..hook };
            if !hooks::change(tx, &next, now)? {
                return Err(HookError::NotFound);
            }
            let kind = EventKind::HookChanged { hook: id, enabled: next.enabled };
            pen.clone().write_with_note(tx, now, None, kind, Some(next.terms.host().to_owned()))?;
            Ok(next)
        })
        .await
}

/// Removes a receiver; nothing more is sent to it.
pub async fn remove(
    cx: &Context,
    caller: &mut Caller,
    authority: Authority<'_>,
    id: HookId,
) -> Result<Hook, HookError> {
    let (pen, grant, settings) = (Pen::new(caller, authority.actor()), Grant::from(authority), cx.settings());
    cx.db
        .write(move |tx| {
            let now = tx.now()?;
            let issuer = authority::authorise(tx, now, &settings, &grant, Action::RemoveHook(id))?;
            if !issuer.may(Permission::EditKeys) {
                return Err(HookError::Role);
            }
            let hook = hooks::lock(tx, id)?.ok_or(HookError::NotFound)?;
            if !hooks::remove(tx, id)? {
                return Err(HookError::NotFound);
            }
            let (kind, note) = (EventKind::HookRemoved { hook: id }, Some(hook.terms.host().to_owned()));
            pen.clone().write_with_note(tx, now, None, kind, note)?;
            Ok(hook)
        })
        .await
}
