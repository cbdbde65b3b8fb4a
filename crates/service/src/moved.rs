//! Moving to another RP ID: for a while passkeys of both are taken.
//!
//! A passkey belongs to one RP ID for ever (WebAuthn Level 3 section 6.1), and no row says to which: it is the one that
//! was in force when the passkey was created, and the moves between them are remembered with their times.

use std::sync::Arc;

use account::passkey::Passkey;
use account::session::Session;
use primitives::time::Timestamp;
use serde::{Deserialize, Serialize};
use store::{StoreError, Tx, settings};
use webauthn::RelyingParty;

use crate::context::Context;

/// The setting that keeps the RP ID in force.
const RP_ID: &str = "rp_id";
/// The setting that keeps those before it.
const MOVES: &str = "rp_id_moves";

/// An RP ID that was in force.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Move {
    /// The RP ID.
    pub rp_id: String,
    /// Until when: passkeys created earlier are its.
    pub until: Timestamp,
}

/// The relying party before the move, whose passkeys are still taken.
#[derive(Debug)]
pub struct Former {
    /// With the same origins as the one in force.
    pub relying_party: Arc<RelyingParty>,
    /// All moves, oldest first.
    pub moves: Vec<Move>,
}

/// For which relying party a ceremony is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Party {
    /// The one in force.
    Current,
    /// The one before the move.
    Former,
}

impl Context {
    /// The relying party; a former one only while it is configured.
    pub(crate) fn party(&self, party: Party) -> Option<&Arc<RelyingParty>> {
        match party {
            Party::Current => Some(&self.relying_party),
            Party::Former => self.former.as_ref().map(|former| &former.relying_party),
        }
    }

    /// The RP ID that a passkey belongs to, if it is one of those that are taken.
    pub fn rp_id_of(&self, passkey: &Passkey) -> Option<&str> {
        self.party_of(passkey).and_then(|party| self.party(party)).map(|party| party.id())
    }

    /// For which relying party a passkey was created; `None` if for neither of the two.
    pub(crate) fn party_of(&self, passkey: &Passkey) -> Option<Party> {
        let Some(former) = &self.former else { return Some(Party::Current) };
        let moved = former.moves.iter().find(|moved| passkey.created < moved.until);
        match moved.map(|moved| moved.rp_id.as_str()) {
            None => Some(Party::Current),
            Some(id) if id == self.relying_party.id() => Some(Party::Current),
            Some(id) if id == former.relying_party.id() => Some(Party::Former),
            Some(_) => None,
        }
    }

    /// For which relying party a signed-in person is asked, of those that `passkeys` can answer: a request names one.
    /// That of the passkey which the session rests on, for it is at hand.
    pub(crate) fn party_to_ask(&self, passkeys: &[&Passkey], session: &Session) -> Party {
        let used = session.evidence.passkey();
        let at_hand = passkeys.iter().find(|passkey| Some(passkey.id) == used);
        if let Some(party) = at_hand.and_then(|passkey| self.party_of(passkey)) {
            return party;
        }
        let any_current = passkeys.iter().any(|passkey| self.party_of(passkey) == Some(Party::Current));
        if any_current || self.former.is_none() { Party::Current } else { Party::Former }
    }
}

/// Why the configured RP ID cannot be taken.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ClaimError {
    /// Another one is in force, and it is not the one that is configured as the former.
    Other {
        /// The one in force.
        stored: String,
    },
    /// The store failed.
    Store(StoreError),
}

impl ClaimError {
    /// The stable code.
    pub fn code(&self) -> &'static str {
        match self {
            ClaimError::Other { .. } => "other_rp_id",
            ClaimError::Store(_) => "unknown",
        }
    }
}

impl From<StoreError> for ClaimError {
    fn from(error: StoreError) -> Self {
        ClaimError::Store(error)
    }
}

/// Puts `configured` in force: at the first start, or as a move away from what is in force, if that is `former`.
/// Whether this moved.
pub fn claim(tx: &mut Tx<'_>, configured: &str, former: Option<&str>) -> Result<bool, ClaimError> {
    settings::lock_deployment(tx)?;
    match settings::get(tx, RP_ID)? {
        Some(stored) if stored == configured => Ok(false),
        None => {
            settings::put(tx, RP_ID, configured)?;
            Ok(false)
        }
        Some(stored) if Some(stored.as_str()) == former => {
            let mut moves = moves(tx)?;
            moves.push(Move { rp_id: stored, until: tx.now()? });
            let text =
                serde_json::to_string(&moves).map_err(|error| StoreError::Database(error.to_string()))?;
            settings::put(tx, MOVES, &text)?;
            settings::put(tx, RP_ID, configured)?;
            Ok(true)
        }
        Some(stored) => Err(ClaimError::Other { stored }),
    }
}

/// The moves there were, oldest first.
pub fn moves(tx: &mut Tx<'_>) -> Result<Vec<Move>, StoreError> {
    let Some(text) = settings::get(tx, MOVES)? else { return Ok(Vec::new()) };
    serde_json::from_str(&text).map_err(|error| StoreError::Database(error.to_string()))
}
