//! Requests that are sent again because their answer was lost, and must do nothing again.
//!
//! Under a key that the client chose, the first request takes a slot before anything is done and leaves its answer there.
//! What was refused gives the slot back: nothing was done. Where the process died in between, nobody knows, and the slot
//! says so for a day.

use account::api_key::KeyId;
use account::session::SessionId;
use primitives::digest::{self, Digest};
use primitives::seal;
use serde::{Deserialize, Serialize};
use store::StoreError;
use store::idempotent_answers::{self, Known};

use crate::context::{Caller, Context};

/// What the seal of an answer is for.
const PURPOSE: &str = "keyward idempotent answer";

/// Longest answer that is kept; what creates something answers with less.
pub const LONGEST_ANSWER: usize = 12 * 1024;

/// Whose request it is; two callers may choose the same key.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Client {
    /// A program or person by an API key.
    Key(KeyId),
    /// A person by the session.
    Session(SessionId),
}

/// The slot of a request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Slot {
    slot: Digest,
    request: Digest,
}

impl Slot {
    /// Of a request under that client's key; `request` is everything that was asked: method, address and body.
    pub fn new(caller: Client, key: &str, request: &[&[u8]]) -> Self {
        let (kind, id): (&[u8], [u8; 16]) = match caller {
            Client::Key(id) => (b"key", *id.as_bytes()),
            Client::Session(id) => (b"session", *id.as_bytes()),
        };
        Self {
            slot: digest::sha256_parts(&[b"keyward idempotency v1", kind, &id, key.as_bytes()]),
            request: digest::sha256_parts(request),
        }
    }
}

/// An answer as it is given again.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Kept {
    /// The status.
    pub status: u16,
    /// Headers that belong to it.
    pub headers: Vec<(String, String)>,
    /// The body.
    pub body: String,
}

/// What is to be done with a request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Turn {
    /// It is the first: do it, then [`keep`] the answer or [`give_back`] the slot.
    First,
    /// It was answered so.
    Again(Kept),
    /// The key was used for another request.
    Other,
    /// The first one has not been answered, and perhaps never will be.
    Running,
}

/// Takes the slot, or says what became of whoever took it.
pub async fn begin(cx: &Context, slot: Slot) -> Result<Turn, StoreError> {
    let known = cx
        .db
        .write(move |tx| {
            let now = tx.now()?;
            if idempotent_answers::take(tx, &slot.slot, &slot.request, now)? {
                return Ok(None);
            }
            idempotent_answers::find(tx, &slot.slot)
        })
        .await?;
    Ok(match known {
        None => Turn::First,
        Some(Known { request, .. }) if request != slot.request => Turn::Other,
        Some(Known { status: 0, .. }) => Turn::Running,
        Some(Known { answer, .. }) => {
            let plain = seal::open(&cx.keys, PURPOSE, &slot.slot, &answer).ok();
            let kept = plain.and_then(|plain| serde_json::from_slice(&plain).ok());
            kept.map_or(Turn::Running, Turn::Again)
        }
    })
}

/// Keeps the answer. One that is too long, or cannot be kept, leaves the slot taken: it was done.
pub async fn keep(cx: &Context, caller: &mut Caller, slot: Slot, kept: &Kept) {
    let Ok(plain) = serde_json::to_vec(kept) else { return };
    if plain.len() > LONGEST_ANSWER {
        return;
    }
    let sealed = seal::seal(&cx.keys, PURPOSE, &slot.slot, &plain, caller.now, caller.entropy.as_mut());
    let status = u32::from(kept.status);
    let kept = cx.db.write(move |tx| idempotent_answers::answer(tx, &slot.slot, status, &sealed)).await;
    if let Err(error) = kept {
        tracing::warn!(%error, "an answer was not kept under its idempotency key");
    }
}

/// Gives the slot back: nothing was done.
pub async fn give_back(cx: &Context, slot: Slot) {
    if let Err(error) = cx.db.write(move |tx| idempotent_answers::give_back(tx, &slot.slot)).await {
        tracing::warn!(%error, "an idempotency key was not given back");
    }
}
