//! How long people's data stay in the audit log.
//!
//! Only the clear text goes: browser, address and free text, with the salts of the commitments to them. What happened, to
//! which account and when stays, and the chain with it.

use account::audit::EventId;
use account::sign_in_log::SIGN_IN_KINDS;
use primitives::time::{Span, Timestamp};
use store::audit::log::{self, Range};
use store::{StoreError, Tx, marks};

use crate::context::Context;

/// Events that one turn looks at.
const TURN: u32 = 500;

/// How long the clear text is kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Retention {
    /// Of sign-ins and what belongs to them.
    pub sign_ins: Span,
    /// Of everything else.
    pub events: Span,
}

impl Default for Retention {
    /// Half a year of sign-ins, which is as far back as an unfamiliar one is told from a familiar one; two years of the
    /// rest.
    fn default() -> Self {
        Self { sign_ins: Span::from_days(180), events: Span::from_days(730) }
    }
}

/// Shortest that may be configured: people are shown so much of their own history.
pub const SHORTEST: Span = Span::from_days(30);

/// What a turn did.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Erased {
    /// Events whose clear text is gone now.
    pub events: u64,
    /// Whether another turn would find more to look at.
    pub more: bool,
}

/// One turn of erasing what was kept long enough.
pub async fn sweep(cx: &Context) -> Result<Erased, StoreError> {
    let Retention { sign_ins, events } = cx.settings().retention;
    cx.db
        .write(move |tx| {
            let now = tx.now()?;
            let first = turn(tx, "sign-ins-erased", now - sign_ins, Some(SIGN_IN_KINDS))?;
            let second = turn(tx, "events-erased", now - events, None)?;
            Ok(Erased { events: first.events.saturating_add(second.events), more: first.more || second.more })
        })
        .await
}

/// Goes on from where the mark is, so that what was looked at once is not looked at again.
fn turn(
    tx: &mut Tx<'_>,
    mark: &'static str,
    until: Timestamp,
    only: Option<&[&str]>,
) -> Result<Erased, StoreError> {
    let from = marks::get(tx, mark)?;
    let range = Range::of(from.map(Timestamp::from_micros), Some(until));
    if from.is_some_and(|from| from >= until.micros()) {
        return Ok(Erased::default());
    }
    let (last, events) = log::erase_range(tx, range, only, TURN)?;
    let Some(to) = last.as_ref().map(millis_of) else { return Ok(Erased::default()) };
    // The millisecond of the last one is looked at again, for it may hold more; a full turn of a single millisecond is not.
    let stuck = from == Some(to.micros());
    let to = if stuck { to + Span::from_millis(1) } else { to };
    if from != Some(to.micros()) && !marks::advance(tx, mark, from, to.micros())? {
        return Ok(Erased::default());
    }
    Ok(Erased { events, more: events > 0 || !stuck })
}

fn millis_of(id: &EventId) -> Timestamp {
    let mut millis = [0_u8; 8];
    for (to, from) in millis.iter_mut().skip(2).zip(id.as_bytes()) {
        *to = *from;
    }
    Timestamp::from_micros(i64::from_be_bytes(millis).saturating_mul(1000))
}
