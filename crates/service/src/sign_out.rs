//! Signing out.

use account::audit::{Actor, EventKind};
use store::{StoreError, users};

use crate::context::{Caller, Context, Who};
use crate::events::Pen;
use crate::manage_sessions;

/// Ends the session. Signing out twice is the same as once.
pub async fn sign_out(cx: &Context, caller: &mut Caller, who: &Who) -> Result<(), StoreError> {
    let pen = Pen::new(caller, Actor::User(who.user.id));
    let (user, session) = (who.user.id, who.session.id);
    cx.db
        .write(move |tx| {
            let now = tx.now()?;
            let mut pen = pen.clone();
            users::lock(tx, user)?;
            if manage_sessions::end(tx, now, user, session, &mut pen)? {
                pen.write(tx, now, Some(user), EventKind::SignedOut { session })?;
            }
            Ok(())
        })
        .await
}
