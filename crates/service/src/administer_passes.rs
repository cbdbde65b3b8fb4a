//! Issuing, listing and revoking temporary access passes.

mod grant;
mod look;

pub use grant::{Give, Granted, give};
pub use look::{Listed, Overview, listed, overview};

use std::sync::Arc;

use account::action::Action;
use account::audit::EventKind;
use account::notice::NoticeKind;
use account::role::Permission;
use account::temporary_pass::{self, IssueRefusal, Pass, PassBlocked, PassState, Terms, Wish};
use account::user::{User, UserId};
use primitives::id::Id;
use primitives::secret::SecretText;
use primitives::slow_hash;
use primitives::time::{Span, Timestamp};
use store::{StoreError, Tx, guesses, pass_mails, sessions, temporary_passes, users};

use crate::administer_users::AdministerError;
use crate::authority::{self, Grant, Issuer};
use crate::context::{Authority, Caller, Context, Settings};
use crate::drawn::Drawn;
use crate::events::Pen;
use crate::notify::{self, Telling};

/// A pass with its value, which nobody sees again.
#[derive(Clone, Debug)]
pub struct Issued {
    /// The pass.
    pub pass: Pass,
    /// Its value, without dashes; [`account::temporary_pass::grouped`] shows it.
    pub value: SecretText,
}

/// Issues a pass for `user`, in place of any older one.
///
/// Nobody issues for himself or for someone whose role his own does not include, and a person gives a reason.
pub async fn issue(
    cx: &Context,
    caller: &mut Caller,
    authority: Authority<'_>,
    user: UserId,
    wish: Wish,
) -> Result<Issued, AdministerError> {
    let prepared = Prepared::new(cx, caller, authority).await?;
    let value = prepared.value.clone();
    let pass = cx.db.write(move |tx| prepared.clone().issue(tx, user, wish.clone())).await?;
    Ok(Issued { pass, value })
}

/// Everything about a pass that is slow or random, made before the writer is entered.
#[derive(Clone)]
pub(crate) struct Prepared {
    settings: Arc<Settings>,
    grant: Grant,
    /// The value.
    pub(crate) value: SecretText,
    hash: String,
    ids: Drawn,
    pen: Pen,
}

impl Prepared {
    pub(crate) async fn new(
        cx: &Context,
        caller: &mut Caller,
        authority: Authority<'_>,
    ) -> Result<Self, AdministerError> {
        let place = cx.hashing.admit()?;
        let value =
            temporary_pass::generate(cx.settings().policy.passes.terms.length, caller.entropy.as_mut());
        let (keys, cost) = (Arc::clone(&cx.keys), cx.settings().cost);
        let (hashed, mut salt) = (value.clone(), Drawn::from(caller));
        let hash = place.run(move || slow_hash::hash(&keys, cost, hashed.reveal(), &mut salt)).await?;
        Ok(Self {
            settings: cx.settings(),
            pen: Pen::new(caller, authority.actor()),
            grant: authority.into(),
            value,
            hash,
            ids: Drawn::from(caller),
        })
    }

    /// Decides and stores the pass.
    pub(crate) fn issue(
        mut self,
        tx: &mut Tx<'_>,
        user: UserId,
        wish: Wish,
    ) -> Result<Pass, AdministerError> {
        let now = tx.now()?;
        let issuer = authority::authorise(tx, now, &self.settings, &self.grant, Action::IssuePass(user))?;
        let (target, terms) = self.judge(tx, now, issuer, (user, wish))?;
        if needs_second_person(&self.settings, now, issuer, &target) {
            return Err(AdministerError::NeedsApproval);
        }
        Ok(self.insert(tx, now, &target, terms, issuer.actor())?)
    }

    /// By whose authority.
    pub(crate) fn grant(&self) -> &Grant {
        &self.grant
    }

    /// Issues one pass of a list whose whole was confirmed.
    pub(crate) fn issue_of_list(
        mut self,
        tx: &mut Tx<'_>,
        now: Timestamp,
        issuer: Issuer,
        wanted: (UserId, Wish),
    ) -> Result<Issued, AdministerError> {
        let (target, terms) = self.judge(tx, now, issuer, wanted)?;
        // The account may have risen since the list was looked at; its row is locked only now.
        if target.role.is_privileged() || needs_second_person(&self.settings, now, issuer, &target) {
            return Err(AdministerError::Conflict);
        }
        let pass = self.insert(tx, now, &target, terms, issuer.actor())?;
        Ok(Issued { pass, value: self.value })
    }

    /// Whether `issuer` may issue such a pass for that account, whose row is locked; a second person left aside.
    fn judge(
        &self,
        tx: &mut Tx<'_>,
        now: Timestamp,
        issuer: Issuer,
        (user, wish): (UserId, Wish),
    ) -> Result<(User, Terms), AdministerError> {
        let target = users::lock(tx, user)?.ok_or(AdministerError::NotFound)?;
        if issuer.is(target.id) {
            return Err(AdministerError::Oneself);
        }
        if !issuer.may_to(Permission::IssuePasses, target.role) {
            return Err(AdministerError::Role);
        }
        usable_by(&self.settings, &target)?;
        // Be it by a key that acts for the person.
        if matches!(issuer, Issuer::Person(..)) && wish.reason.trim().is_empty() {
            return Err(AdministerError::ReasonMissing);
        }
        let terms = self.settings.of(&target).passes.terms(wish, now).map_err(AdministerError::Issue)?;
        Ok((target, terms))
    }

    /// Stores the pass for an account whose row is locked, and revokes any older one.
    pub(crate) fn insert(
        &mut self,
        tx: &mut Tx<'_>,
        now: Timestamp,
        target: &User,
        terms: Terms,
        issuer: account::audit::Actor,
    ) -> Result<Pass, StoreError> {
        let older = temporary_passes::newest(tx, target.id)?;
        if let Some(older) = &older {
            revoke_outstanding(tx, now, older, true, &mut self.pen)?;
        }
        // The newest pass is the one with the latest id, also when two are issued in one millisecond.
        let mut made = now;
        let mut id = Id::new(made, &mut self.ids);
        while older.as_ref().is_some_and(|older| id <= older.id) {
            made = made + Span::from_millis(1);
            id = Id::new(made, &mut self.ids);
        }
        let pass = Pass {
            id,
            user: target.id,
            hash: self.hash.clone(),
            starts: terms.starts,
            ends: terms.ends,
            one_time: terms.one_time,
            reason: terms.reason.clone(),
            issuer,
            created: now,
            tries: 0,
            state: PassState::Issued,
        };
        temporary_passes::insert(tx, &pass)?;
        guesses::clear(tx, target.login.key())?;
        let kind = EventKind::PassIssued {
            pass: pass.id,
            starts: pass.starts,
            ends: pass.ends,
            one_time: pass.one_time,
        };
        let note = Some(terms.reason).filter(|reason| !reason.is_empty());
        let telling = if target.role.is_privileged() {
            let whom = notify::administrators_beside(tx, &[Some(target.id), self.grant.person()])?;
            Telling { kind: NoticeKind::PrivilegedPass, whom, about: target.name.clone() }
        } else {
            Telling::nobody()
        };
        self.pen.write_telling(tx, now, target.id, (kind, note), &telling)?;
        Ok(pass)
    }
}

/// Refuses a pass that would be of no use, with the reason.
pub(crate) fn usable_by(settings: &Settings, target: &User) -> Result<(), AdministerError> {
    match temporary_pass::blocked(&settings.policy, target) {
        None => Ok(()),
        Some(PassBlocked::Disabled) => Err(AdministerError::DisabledUser),
        Some(PassBlocked::Deleted) => Err(AdministerError::DeletedUser),
        Some(PassBlocked::Off) => Err(AdministerError::Issue(IssueRefusal::PassesOff)),
        Some(blocked) => Err(AdministerError::PassBlocked(blocked)),
    }
}

/// Whether a person who issues for `target` needs a second one. The operator holds the key file and needs nobody. Taking
/// the role away, to give it back behind the pass, is no way around.
pub(crate) fn needs_second_person(
    settings: &Settings,
    now: Timestamp,
    issuer: Issuer,
    target: &User,
) -> bool {
    let person = matches!(issuer, Issuer::Person(..));
    settings.policy.second_approver && person && target.is_or_was_privileged(now)
}

/// Revokes a pass that may still be worth something and ends its sessions; its owner's row is locked. Whether it
/// was.
pub(crate) fn revoke_outstanding(
    tx: &mut Tx<'_>,
    now: Timestamp,
    pass: &Pass,
    replaced: bool,
    pen: &mut Pen,
) -> Result<bool, StoreError> {
    let sessions_ended = sessions::remove_of_pass(tx, pass.user, pass.id)?;
    pass_mails::stop(tx, pass.id)?;
    let outstanding = match pass.state {
        PassState::Issued | PassState::Reserved { .. } => now < pass.ends,
        // Spent by a passkey whose onboarding session was still there.
        PassState::Spent { .. } => return Ok(sessions_ended > 0),
        PassState::Revoked { .. } | PassState::Locked { .. } => false,
    };
    if !outstanding || temporary_passes::set_state(tx, pass, PassState::Revoked { at: now })?.is_none() {
        return Ok(false);
    }
    pen.write(tx, now, Some(pass.user), EventKind::PassRevoked { pass: pass.id, replaced })?;
    Ok(true)
}

/// The user's newest pass, whatever it is worth.
pub async fn current(cx: &Context, user: UserId) -> Result<Option<Pass>, StoreError> {
    cx.db.read(move |tx| temporary_passes::newest(tx, user)).await
}

/// Passes of all users, newest first, from behind `after`.
pub async fn list(
    cx: &Context,
    after: Option<account::temporary_pass::PassId>,
    limit: u32,
) -> Result<Vec<Pass>, StoreError> {
    cx.db.read(move |tx| temporary_passes::list(tx, after, limit)).await
}

/// Revokes the user's pass and ends its sessions.
pub async fn revoke(
    cx: &Context,
    caller: &mut Caller,
    authority: Authority<'_>,
    user: UserId,
) -> Result<(), AdministerError> {
    let (pen, grant) = (Pen::new(caller, authority.actor()), Grant::from(authority));
    let settings = cx.settings();
    cx.db
        .write(move |tx| {
            let now = tx.now()?;
            let issuer = authority::authorise(tx, now, &settings, &grant, Action::RevokePass(user))?;
            let target = users::lock(tx, user)?.ok_or(AdministerError::NotFound)?;
            if !issuer.may_to(Permission::IssuePasses, target.role) {
                return Err(AdministerError::Role);
            }
            let pass = temporary_passes::newest(tx, user)?.ok_or(AdministerError::NotFound)?;
            if revoke_outstanding(tx, now, &pass, false, &mut pen.clone())? {
                Ok(())
            } else {
                Err(AdministerError::NotFound)
            }
        })
        .await
}
