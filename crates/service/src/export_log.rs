//! The log as it is written elsewhere as it comes: to a file, or to a syslog server.
//!
//! Each export has a name and remembers in the store where it stands. One node writes at a time; what it wrote is
//! remembered after it was written, so that whatever ends a node loses nothing.

use primitives::time::{Span, Timestamp};
use serde_json::Value;
use store::exports::{self, Held};
use store::{StoreError, audit};

use crate::context::Context;
use crate::hooks::message;

/// For how long one node has an export to itself. Whoever writes gives up long before.
pub const LEASE: Span = Span::from_minutes(1);

/// Events that are written at once.
pub const MOST: u32 = 500;

/// From where an export begins that never ran.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Beginning {
    /// From the first event that there is.
    First,
    /// From what happens from now on.
    Now,
}

/// An event as it is written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Line {
    /// Its number.
    pub seq: i64,
    /// When.
    pub at: Timestamp,
    /// Its kind's name.
    pub kind: &'static str,
    /// All of it, in JSON.
    pub event: Value,
}

/// Events that this node has to write, in order.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Claimed {
    held: Held,
    /// The events.
    pub lines: Vec<Line>,
}

impl Claimed {
    /// Where the export stands when all of it is written.
    pub fn next_seq(&self) -> i64 {
        self.lines.last().map_or(self.held.next_seq, |line| line.seq.saturating_add(1))
    }
}

/// Notes that there is such an export, once.
pub async fn begin(cx: &Context, name: &str, beginning: Beginning) -> Result<(), StoreError> {
    let name = name.to_owned();
    cx.db
        .write(move |tx| {
            if exports::next_seq(tx, &name)?.is_some() {
                return Ok(());
            }
            let next = match beginning {
                Beginning::First => 1,
                Beginning::Now => audit::last_seq(tx)?.saturating_add(1),
            };
            exports::begin(tx, &name, next)
        })
        .await
}

/// Takes what is due, for the node that `holder` names; nothing if there is nothing, or another node has it.
pub async fn claim(
    cx: &Context,
    name: &str,
    holder: [u8; 16],
    personal: bool,
) -> Result<Option<Claimed>, StoreError> {
    let wanted = name.to_owned();
    if !cx.db.read(move |tx| exports::is_due(tx, &wanted)).await? {
        return Ok(None);
    }
    let wanted = name.to_owned();
    let held = cx.db.write(move |tx| exports::claim(tx, &wanted, &holder, LEASE)).await?;
    let Some(held) = held else { return Ok(None) };
    let read = move |tx: &mut store::Tx<'_>| audit::export(tx, held.next_seq.saturating_sub(1), MOST);
    let events = cx.db.read(read).await?;
    let line = |exported: &audit::ExportedEvent| Line {
        seq: exported.seq,
        at: exported.event.at,
        kind: exported.event.kind.name(),
        event: message::event(exported, personal),
    };
    Ok(Some(Claimed { held, lines: events.iter().map(line).collect() }))
}

/// All of it is written; `false` if another node has the export by now, which writes it again.
pub async fn done(cx: &Context, name: &str, holder: [u8; 16], claimed: &Claimed) -> Result<bool, StoreError> {
    let (name, next) = (name.to_owned(), claimed.next_seq());
    cx.db.write(move |tx| exports::done(tx, &name, &holder, next)).await
}

/// It could not be written; says when it is tried again.
pub async fn not_done(
    cx: &Context,
    name: &str,
    holder: [u8; 16],
    claimed: &Claimed,
) -> Result<Timestamp, StoreError> {
    let (name, held) = (name.to_owned(), claimed.held);
    cx.db.write(move |tx| exports::not_done(tx, &name, &holder, held)).await
}
