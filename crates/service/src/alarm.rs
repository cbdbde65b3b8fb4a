//! That a break-glass account was used is an event of its own, and all administrators are told (DESIGN 5a.12).

use account::audit::EventKind;
use account::session::SessionId;
use account::user::User;
use primitives::time::Timestamp;
use store::{StoreError, Tx};

use crate::events::Pen;

/// Raises the alarm where `session` is one of a break-glass account; to be called wherever a session opens.
pub(crate) fn raise(
    tx: &mut Tx<'_>,
    now: Timestamp,
    user: &User,
    session: SessionId,
    pen: &mut Pen,
) -> Result<(), StoreError> {
    if !user.break_glass {
        return Ok(());
    }
    pen.write_to_administrators(tx, now, user, EventKind::BreakGlassUsed { session })
}
