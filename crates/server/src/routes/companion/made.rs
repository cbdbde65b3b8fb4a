//! What this browser created, remembered by the browser itself: sealed, so that nobody else's can be put in its place.

use account::passkey::{Passkey, PasskeyId};
use account::user::UserId;
use primitives::time::Timestamp;
use serde::{Deserialize, Serialize};

use crate::context::Visit;
use crate::cookies;

/// Passkeys that a browser remembers.
const MOST: usize = 6;

/// A passkey that the companion created in this browser.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Made {
    pub(super) user: UserId,
    pub(super) passkey: PasskeyId,
    pub(super) name: String,
    pub(super) created: Timestamp,
}

impl Visit {
    /// What was created here, the newest first.
    pub(super) fn made_here(&self) -> Vec<Made> {
        self.open(cookies::MADE, self.sealed.made.as_deref()).unwrap_or_default()
    }

    /// Remembers that this passkey was created here.
    pub(super) fn remember_made(&mut self, passkey: &Passkey) {
        let mut made = self.made_here();
        made.retain(|other| other.passkey != passkey.id);
        let (user, id, created) = (passkey.user, passkey.id, passkey.created);
        made.insert(0, Made { user, passkey: id, name: passkey.name.clone(), created });
        made.truncate(MOST);
        self.seal(cookies::MADE, &made, cookies::LONG);
    }
}
