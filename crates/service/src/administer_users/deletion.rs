//! Deleting an account, and bringing it back before it is erased.

use account::action::Action;
use account::audit::EventKind;
use account::role::Role;
use account::user::{User, UserId};
use store::{temporary_passes, users};

use super::reset::end_sessions;
use super::{AdministerError, changeable_by, is_last_administrator};
use crate::administer_passes;
use crate::authority::Grant;
use crate::context::{Authority, Caller, Context};
use crate::events::Pen;

/// Deletes an account: nobody signs in to it, its sessions end, its pass is revoked. It can be brought back for
/// [`account::user::KEPT_DELETED`]; then housekeeping erases what is known of it.
pub async fn delete(
    cx: &Context,
    caller: &mut Caller,
    authority: Authority<'_>,
    user: UserId,
) -> Result<User, AdministerError> {
    let (pen, grant) = (Pen::new(caller, authority.actor()), Grant::from(authority));
    let settings = cx.settings();
    cx.db
        .write(move |tx| {
            let now = tx.now()?;
            let (target, issuer) =
                changeable_by(tx, now, &settings, &grant, (user, Action::DeleteUser(user)))?;
            if target.break_glass {
                return Err(AdministerError::BreakGlass);
            }
            let is_administrator = target.role == Role::Administrator && target.is_enabled();
            if is_administrator && is_last_administrator(tx, user)? {
                return Err(AdministerError::LastAdministrator);
            }
            let mut pen = pen.clone();
            end_sessions(tx, user)?;
            if let Some(pass) = temporary_passes::newest(tx, user)? {
                administer_passes::revoke_outstanding(tx, now, &pass, false, &mut pen)?;
            }
            let security_epoch = target.security_epoch.saturating_add(1);
            let deleted_by_program = issuer.is_program();
            let changed = User { deleted: Some(now), deleted_by_program, security_epoch, ..target };
            if !users::update(tx, &changed)? {
                return Err(AdministerError::NotFound);
            }
            pen.write(tx, now, Some(user), EventKind::UserDeleted)?;
            Ok(changed)
        })
        .await
}

/// Brings a deleted account back as it was, disabled if it was; what ended when it was deleted stays ended.
pub async fn restore(
    cx: &Context,
    caller: &mut Caller,
    authority: Authority<'_>,
    user: UserId,
) -> Result<User, AdministerError> {
    let (pen, grant) = (Pen::new(caller, authority.actor()), Grant::from(authority));
    let settings = cx.settings();
    cx.db
        .write(move |tx| {
            let now = tx.now()?;
            let (target, issuer) =
                changeable_by(tx, now, &settings, &grant, (user, Action::RestoreUser(user)))?;
            if issuer.is_program() && !target.deleted_by_program {
                return Err(AdministerError::HeldByPerson);
            }
            let changed = User { deleted: None, deleted_by_program: false, ..target };
            if !users::update(tx, &changed)? {
                return Err(AdministerError::NotFound);
            }
            pen.clone().write(tx, now, Some(user), EventKind::UserRestored)?;
            Ok(changed)
        })
        .await
}
