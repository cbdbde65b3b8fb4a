//! What lets a session register a passkey, and how strongly the new one is bound by it (DESIGN 5a.3).

use account::action::Action;
use account::audit::Actor;
use account::evidence::Evidence;
use account::passkey::{Binding, Passkey};
use account::policy::Area;
use account::role::Role;
use account::session::{FRESHNESS, Restriction, SKEW, Session, SessionId, SessionKind};
use account::strength::Strength;
use account::temporary_pass::Pass;
use account::user::User;
use primitives::time::Timestamp;
use store::{StoreError, Tx, interrupts, partial_sign_ins, temporary_passes, users};

use crate::authority::Issuer;
use crate::ceremony::CeremonyError;
use crate::context::{Settings, Who};
use crate::events::Pen;
use crate::judged;
use crate::manage_password;
use crate::second_factor;

/// What lets a session register a passkey.
pub(crate) enum Permission {
    /// Its pass.
    Pass(Pass),
    /// That it confirmed so.
    Confirmed { at: Timestamp },
    /// That a password and a code opened it a moment ago, for an account that has no passkey to confirm with.
    Fresh { at: Timestamp },
    /// That it is restricted to just this.
    Restricted,
    /// That the browser creates one silently after a password and a code.
    Conditional,
}

/// Whether `session` may add a passkey to `existing`: an onboarding session one, on its pass; a restricted session one; a
/// full one after a confirmation, whose age is the caller's to judge, or, where there is nothing to confirm with, on the
/// two factors that were proven just now.
pub(crate) fn permission(
    tx: &mut Tx<'_>,
    now: Timestamp,
    (settings, user): (&Settings, &User),
    session: &Session,
    existing: &[Passkey],
) -> Result<Permission, CeremonyError> {
    let policy = settings.of(user);
    let found = match session.kind {
        SessionKind::Full => {
            let digest = Action::AddPasskey.digest(session.id);
            match session.confirmed.filter(|confirmation| confirmation.digest == digest) {
                Some(confirmation) => Ok(Permission::Confirmed { at: confirmation.at }),
                None if may_add_first(session, existing, (settings, user)) => {
                    Ok(Permission::Fresh { at: session.authenticated_at })
                }
                None => Err(CeremonyError::ConfirmNeeded),
            }
        }
        _ if registered_in(session, existing) => Err(CeremonyError::OnboardingDone),
        SessionKind::Onboarding { pass } => temporary_passes::by_id(tx, pass)?
            .filter(|pass| pass.allows_registration(session.id, now, &policy.passes))
            .map(Permission::Pass)
            .ok_or(CeremonyError::PassEnded),
        SessionKind::Restricted(Restriction::RecoveryCode) => Ok(Permission::Restricted),
        // It may add a first passkey. Whoever has one by now uses that.
        SessionKind::Restricted(Restriction::PasswordAlone) => {
            let passwords = &policy.passwords;
            let second = second_factor::methods_of(tx, settings, user)?.had_second;
            let allowed = passwords.enabled
                && passwords.alone_registers
                && !second
                && !settings.has_usable(user, existing);
            if allowed { Ok(Permission::Restricted) } else { Err(CeremonyError::ConfirmNeeded) }
        }
    }?;
    if found.is_enough((settings, user), session) { Ok(found) } else { Err(CeremonyError::TooWeak) }
}

/// Whether a conditional creation may begin in `session` at `now`: it was opened just now by a password and a code.
pub(crate) fn may_create_silently(session: &Session, now: Timestamp) -> bool {
    opened_by_password_and_code(session) && now.since(session.created) < FRESHNESS
}

/// A full session of a password and a code, and of nothing stronger that could be mistaken for what binds.
pub(crate) fn opened_by_password_and_code(session: &Session) -> bool {
    session.kind == SessionKind::Full
        && session.evidence.passkey().is_none()
        && Strength::Multifactor.satisfied_by(&session.evidence)
}

fn may_add_first(session: &Session, existing: &[Passkey], (settings, user): (&Settings, &User)) -> bool {
    opened_by_password_and_code(session) && !settings.has_usable(user, existing)
}

impl Permission {
    /// Whether it rests on what policy asks of who adds methods. A pass always lets the one passkey be added for which it
    /// was issued: whoever has nothing yet could satisfy nothing, and would be kept out for ever.
    fn is_enough(&self, (settings, user): (&Settings, &User), session: &Session) -> bool {
        let reaches = |proven: &Evidence| settings.reaches(user, Area::SecurityInfo, proven);
        match self {
            Permission::Pass(_) => true,
            // A confirmation without its proof is none that this program makes.
            Permission::Confirmed { .. } => {
                session.confirming_evidence().is_some_and(|proven| reaches(&proven))
            }
            Permission::Fresh { .. } | Permission::Restricted | Permission::Conditional => {
                reaches(&session.evidence)
            }
        }
    }

    /// When it was given, where that was a moment of its own.
    pub(crate) fn given(&self) -> Option<Timestamp> {
        match self {
            Permission::Pass(_) | Permission::Restricted | Permission::Conditional => None,
            Permission::Confirmed { at } | Permission::Fresh { at } => Some(*at),
        }
    }

    /// The same, unless it was given too long ago for a registration to begin on it.
    pub(crate) fn fresh(self, now: Timestamp) -> Result<Self, CeremonyError> {
        match self.given() {
            Some(at) if at > now + SKEW || now.since(at) >= FRESHNESS => Err(CeremonyError::ConfirmNeeded),
            _ => Ok(self),
        }
    }

    /// What lets `session` finish what its browser created silently; how long ago that began is bounded by the challenge.
    /// Beside a passkey there is one to confirm with, and a silent one would need no proof at all.
    pub(crate) fn conditional(
        session: &Session,
        existing: &[Passkey],
        (settings, user): (&Settings, &User),
    ) -> Result<Self, CeremonyError> {
        if !may_add_first(session, existing, (settings, user)) {
            return Err(CeremonyError::ConfirmNeeded);
        }
        let enough = Permission::Conditional.is_enough((settings, user), session);
        if enough { Ok(Permission::Conditional) } else { Err(CeremonyError::TooWeak) }
    }

    /// Under which evidence a passkey is bound that `session` adds so. A confirmation is judged by the proof that gave it
    /// alone: who confirms with a weak passkey binds weakly, however strongly they had signed in.
    pub(crate) fn binding(&self, session: &Session) -> Binding {
        match self {
            Permission::Pass(_) | Permission::Restricted | Permission::Fresh { .. } => {
                session.evidence.binding_of_new_passkey()
            }
            // A confirmation without its proof is none that this program makes; the least is taken from it.
            Permission::Confirmed { .. } => session
                .confirming_evidence()
                .as_ref()
                .map_or(Binding::Password, Evidence::binding_of_new_passkey),
            Permission::Conditional => Binding::ConditionalCreate,
        }
    }

    /// The role up to which somebody answers for a passkey that `session` adds so: whoever issued its pass, or, as a
    /// passkey begets no better one, whoever answers for what it was confirmed with.
    pub(crate) fn vouched(
        &self,
        tx: &mut Tx<'_>,
        settings: &Settings,
        owner: &User,
        session: &Session,
    ) -> Result<Option<Role>, StoreError> {
        let pass = match self {
            Permission::Pass(pass) => Some(pass.clone()),
            Permission::Confirmed { .. } => {
                return Ok(session.confirming_evidence().map_or(Some(Role::User), |found| found.vouched()));
            }
            Permission::Fresh { .. } | Permission::Restricted | Permission::Conditional => None,
        };
        let Some(pass) = pass else { return Ok(session.evidence.vouched()) };
        let issuer = match pass.issuer {
            Actor::Operator => Issuer::Operator,
            // As the role is now: who has lost it answers for less.
            Actor::User(id) => {
                let role =
                    users::by_id(tx, id)?.filter(User::is_enabled).map_or(Role::User, |user| user.role);
                Issuer::Person(id, role)
            }
            Actor::Key(_) | Actor::System => return Ok(Some(owner.role)),
        };
        Ok(judged::vouched_by(settings, issuer, owner))
    }
}

/// Whether something has to be proven before another passkey is added: always, but for the one that a limited session
/// may add (ADR 4), and for the first after a password and a code.
pub fn must_confirm(settings: &Settings, who: &Who, existing: &[Passkey], now: Timestamp) -> bool {
    let Who { user, session } = who;
    if session.is_limited() {
        return registered_in(session, existing);
    }
    let first = may_add_first(session, existing, (settings, user)) && session.is_fresh(now);
    !first && !session.has_confirmed(&Action::AddPasskey.digest(session.id), now)
}

/// Whether one of the passkeys was stored in this limited session, after which it only names and tries.
fn registered_in(session: &Session, existing: &[Passkey]) -> bool {
    existing.iter().any(|passkey| is_of_onboarding(session, passkey))
}

/// Whether the passkey was stored in this limited session. Sessions of a pass do not overlap with others that bind by
/// pass: an account has one pass. Those of a password or a recovery code may; what is at stake is a name and a try.
pub(crate) fn is_of_onboarding(session: &Session, passkey: &Passkey) -> bool {
    session.is_limited()
        && passkey.binding == session.evidence.binding_of_new_passkey()
        && passkey.created >= session.created
}

/// With its first passkey an account is asked for nothing less any more: what a password had opened elsewhere ends,
/// except the session that registers, and the computer's for which a phone does so.
pub(crate) fn end_weaker(
    tx: &mut Tx<'_>,
    now: Timestamp,
    settings: &Settings,
    (user, existing): (&User, &[Passkey]),
    keep: &[SessionId],
    pen: &mut Pen,
) -> Result<(), StoreError> {
    interrupts::forget(tx, user.id)?;
    if settings.has_usable(user, existing) || settings.of(user).passwords.beside_passkeys {
        return Ok(());
    }
    partial_sign_ins::remove_of_user(tx, user.id)?;
    manage_password::end_sessions_by_password(tx, now, user.id, keep, pen).map(|_| ())
}
