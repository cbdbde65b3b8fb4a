//! Which accounts stay usable whatever policy says (DESIGN 5a.12).

use account::action::Action;
use account::audit::EventKind;
use account::passkey::{Attachment, Passkey, Place};
use account::role::Role;
use account::user::{User, UserId};
use store::{passkeys, users};

use super::{AdministerError, changeable};
use crate::authority::Grant;
use crate::context::{Authority, Caller, Context};
use crate::events::Pen;

/// Security keys that a break-glass account has at least: one in each safe.
const KEYS: usize = 2;

/// Makes an account a break-glass account, or an ordinary one again. It must be an enabled administrator's, with two security
/// keys.
pub async fn set_break_glass(
    cx: &Context,
    caller: &mut Caller,
    authority: Authority<'_>,
    user: UserId,
    on: bool,
) -> Result<User, AdministerError> {
    let (pen, grant) = (Pen::new(caller, authority.actor()), Grant::from(authority));
    let settings = cx.settings();
    let action = if on { Action::MarkBreakGlass(user) } else { Action::UnmarkBreakGlass(user) };
    cx.db
        .write(move |tx| {
            let now = tx.now()?;
            let target = changeable(tx, now, &settings, &grant, (user, action))?;
            if target.break_glass == on {
                return Ok(target);
            }
            if on {
                if target.role != Role::Administrator || !target.is_enabled() {
                    return Err(AdministerError::BreakGlassRole);
                }
                if passkeys::of_user(tx, user)?.iter().filter(|passkey| is_key(passkey)).count() < KEYS {
                    return Err(AdministerError::BreakGlassKeys);
                }
            }
            let changed = User { break_glass: on, ..target };
            if !users::update(tx, &changed)? {
                return Err(AdministerError::NotFound);
            }
            pen.clone().write(tx, now, Some(user), EventKind::BreakGlassChanged { on })?;
            Ok(changed)
        })
        .await
}

/// Whether it lies on a security key, as far as is known: it came from outside or was made as one, and is never copied.
fn is_key(passkey: &Passkey) -> bool {
    let outside =
        passkey.attachment == Some(Attachment::CrossPlatform) || passkey.place == Place::SecurityKey;
    let opens = passkey.is_enabled() && passkey.vouches_for(Role::Administrator);
    opens && !passkey.backup_eligible && outside
}
