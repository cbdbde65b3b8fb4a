//! Signing out.

use account::audit::{Actor, EventKind};
use account::session::SessionId;
use oidc::client::ClientId;
use serde::{Deserialize, Serialize};
use store::{StoreError, grants, users};

use crate::context::{Caller, Context, Who};
use crate::events::Pen;
use crate::manage_sessions;

/// Applications that are named as signed out along with a session.
const NAMED: usize = 20;

/// Grants of a line of sessions that are looked at for that.
const LOOKED_AT: u32 = 200;

/// What ended with a session.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SignedOutOf {
    /// The line of sessions, as applications knew it.
    pub sid: SessionId,
    /// The applications that had been opened in it, the latest first.
    pub clients: Vec<ClientId>,
}

/// Ends the session. Signing out twice is the same as once.
pub async fn sign_out(cx: &Context, caller: &mut Caller, who: &Who) -> Result<SignedOutOf, StoreError> {
    let pen = Pen::new(caller, Actor::User(who.user.id));
    let (user, session, sid) = (who.user.id, who.session.id, who.session.sid);
    cx.db
        .write(move |tx| {
            let now = tx.now()?;
            let mut pen = pen.clone();
            users::lock(tx, user)?;
            let mut clients = Vec::new();
            for grant in grants::of_sid(tx, sid, LOOKED_AT)? {
                if clients.len() < NAMED && !clients.contains(&grant.client) {
                    clients.push(grant.client);
                }
            }
            if manage_sessions::end(tx, now, user, session, &mut pen)? {
                pen.write(tx, now, Some(user), EventKind::SignedOut { session })?;
            }
            Ok(SignedOutOf { sid, clients })
        })
        .await
}
