//! Disabling and enabling accounts, and changing roles.

use account::action::Action;
use account::audit::{Actor, EventKind};
use account::role::Role;
use account::user::{User, UserId, UserStatus};
use primitives::time::Timestamp;
use store::{StoreError, Tx, passkeys, sessions, temporary_passes, users};

use super::{AdministerError, changeable_by, is_last_administrator};
use crate::administer_passes;
use crate::authority::{Grant, Issuer};
use crate::context::{Authority, Caller, Context};
use crate::events::Pen;

/// Disables an account: nobody signs in to it, its sessions end, its pass is revoked.
pub async fn disable(
    cx: &Context,
    caller: &mut Caller,
    authority: Authority<'_>,
    user: UserId,
) -> Result<User, AdministerError> {
    alter(cx, caller, authority, user, Change::Status(UserStatus::Disabled)).await
}

/// Enables an account. What ended when it was disabled stays ended.
pub async fn enable(
    cx: &Context,
    caller: &mut Caller,
    authority: Authority<'_>,
    user: UserId,
) -> Result<User, AdministerError> {
    alter(cx, caller, authority, user, Change::Status(UserStatus::Enabled)).await
}

/// Gives an account another role.
pub async fn set_role(
    cx: &Context,
    caller: &mut Caller,
    authority: Authority<'_>,
    user: UserId,
    role: Role,
) -> Result<User, AdministerError> {
    alter(cx, caller, authority, user, Change::Role(role)).await
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Change {
    Status(UserStatus),
    Role(Role),
}

async fn alter(
    cx: &Context,
    caller: &mut Caller,
    authority: Authority<'_>,
    user: UserId,
    change: Change,
) -> Result<User, AdministerError> {
    let (pen, grant) = (Pen::new(caller, authority.actor()), Grant::from(authority));
    let settings = cx.settings();
    cx.db
        .write(move |tx| {
            let now = tx.now()?;
            let action = match change {
                Change::Status(UserStatus::Enabled) => Action::EnableUser(user),
                Change::Status(UserStatus::Disabled) => Action::DisableUser(user),
                Change::Role(role) => Action::SetRole(user, role),
            };
            let found = changeable_by(tx, now, &settings, &grant, (user, action))?;
            apply(tx, now, found, change, &mut pen.clone())
        })
        .await
}

fn apply(
    tx: &mut Tx<'_>,
    now: Timestamp,
    (target, issuer): (User, Issuer),
    change: Change,
    pen: &mut Pen,
) -> Result<User, AdministerError> {
    let changed = changed(now, &target, issuer, change)?;
    if changed == target {
        return Ok(target);
    }
    if target.break_glass {
        return Err(AdministerError::BreakGlass);
    }
    let was_administrator = target.role == Role::Administrator && target.is_enabled();
    let is_administrator = changed.role == Role::Administrator && changed.is_enabled();
    if was_administrator && !is_administrator && is_last_administrator(tx, target.id)? {
        return Err(AdministerError::LastAdministrator);
    }
    let mut note = None;
    let kind = match change {
        Change::Role(to) => {
            revoke_lower_pass(tx, now, &target, to, pen)?;
            note = not_vouched(tx, &target, to)?;
            EventKind::RoleChanged { from: target.role, to }
        }
        Change::Status(UserStatus::Enabled) => EventKind::UserEnabled,
        Change::Status(UserStatus::Disabled) => {
            sessions::remove_of_user(tx, target.id, None)?;
            if let Some(pass) = temporary_passes::newest(tx, target.id)? {
                administer_passes::revoke_outstanding(tx, now, &pass, false, pen)?;
            }
            EventKind::UserDisabled
        }
    };
    if !users::update(tx, &changed)? {
        return Err(AdministerError::NotFound);
    }
    pen.write_with_note(tx, now, Some(target.id), kind, note)?;
    Ok(changed)
}

/// The account as it shall be.
fn changed(now: Timestamp, target: &User, issuer: Issuer, change: Change) -> Result<User, AdministerError> {
    let mut changed = target.clone();
    match change {
        Change::Role(role) => {
            changed.role = role;
            if target.role.is_privileged() && !role.is_privileged() {
                changed.role_ended = Some(now);
            }
        }
        Change::Status(UserStatus::Enabled) => {
            if issuer.is_program() && !target.is_enabled() && !target.disabled_by_program {
                return Err(AdministerError::HeldByPerson);
            }
            changed.status = UserStatus::Enabled;
            changed.disabled_by_program = false;
        }
        Change::Status(UserStatus::Disabled) => {
            // What a person locked stays locked by a person.
            changed.disabled_by_program =
                issuer.is_program() && (target.is_enabled() || target.disabled_by_program);
            changed.status = UserStatus::Disabled;
            if changed != *target {
                changed.security_epoch = changed.security_epoch.saturating_add(1);
            }
        }
    }
    Ok(changed)
}

/// What the log says of passkeys that do not open the console for the new role: somebody bound them whose role does not
/// include it, and may hold them.
fn not_vouched(tx: &mut Tx<'_>, target: &User, to: Role) -> Result<Option<String>, StoreError> {
    let passkeys = passkeys::of_user(tx, target.id)?;
    let names: Vec<&str> =
        passkeys.iter().filter(|one| !one.vouches_for(to)).map(|one| one.name.as_str()).collect();
    let told = to.is_privileged() && !names.is_empty();
    Ok(told.then(|| format!("passkeys_not_vouched: {}", names.join(", "))))
}

/// Revokes the pass of an account that rises: whoever holds it would rise too, and whoever issued it may not be one who
/// issues passes for the new role (DESIGN 5a.12). The operator is.
fn revoke_lower_pass(
    tx: &mut Tx<'_>,
    now: Timestamp,
    target: &User,
    to: Role,
    pen: &mut Pen,
) -> Result<(), StoreError> {
    if !target.role.includes(to)
        && let Some(pass) = temporary_passes::newest(tx, target.id)?
        && pass.issuer != Actor::Operator
    {
        administer_passes::revoke_outstanding(tx, now, &pass, false, pen)?;
    }
    Ok(())
}
