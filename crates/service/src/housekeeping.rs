//! What runs by itself: the audit sequencer, and sweeping what is over. No decision waits for the sweeping.

use primitives::time::Span;
use store::audit::{self, Sequenced};
use store::{StoreError, sessions, spent};

use crate::context::Context;

/// How long the sequencer's lease lasts; it is renewed at every turn, once a second.
const LEASE: Span = Span::from_secs(10);

/// One turn of the audit sequencer. `holder` is random and names this process.
pub async fn sequence_once(cx: &Context, holder: [u8; 16]) -> Result<Sequenced, StoreError> {
    cx.db.write(move |tx| audit::sequence(tx, &holder, LEASE)).await
}

/// How many rows a [`sweep`] removed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Swept {
    /// Spent challenges past their time.
    pub spent: u64,
    /// Sessions that had ended.
    pub sessions: u64,
}

/// Removes some rows that decide nothing any more.
pub async fn sweep(cx: &Context) -> Result<Swept, StoreError> {
    cx.db.write(|tx| Ok(Swept { spent: spent::sweep(tx)?, sessions: sessions::sweep(tx)? })).await
}
