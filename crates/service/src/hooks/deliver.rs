//! What receivers are sent, and what becomes of it.
//!
//! A node takes the receivers that are due ([`claim`]), makes each its message ([`prepare`]), sends it, and says what came
//! of it ([`taken`], [`not_taken`]). Events are offered in the order of their numbers, and the next ones only after these
//! were taken; whoever loses an answer is sent them again.

use account::audit::{Actor, EventKind};
use account::hook::{Hook, HookId};
use primitives::seal;
use primitives::time::Span;
use store::hooks::{self as table, Failed};
use store::{StoreError, audit};

use super::{HookError, SEAL, message};
use crate::context::{Caller, Context};
use crate::events::Pen;
use crate::notify::{self, Telling};

pub use super::message::Message;

/// For how long one node has a receiver to itself. Whoever sends gives up long before.
pub const LEASE: Span = Span::from_minutes(2);

/// Events in one message.
pub const MOST_EVENTS: usize = 100;

/// Events that are looked at for one message.
const LOOKED_AT: u32 = 500;

/// What a receiver is sent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Prepared {
    /// A message, and where the receiver stands once it was taken.
    Send(Message, i64),
    /// Nothing: none of the events was for it, and it stands there now.
    Nothing,
    /// The secret cannot be opened with the keys that there are.
    Sealed,
}

/// Takes the receivers that are due for the node that `holder` names.
pub async fn claim(cx: &Context, holder: [u8; 16]) -> Result<Vec<Hook>, StoreError> {
    if !cx.db.read(table::is_due).await? {
        return Ok(Vec::new());
    }
    cx.db.write(move |tx| table::claim(tx, &holder, LEASE)).await
}

/// Makes the message for a receiver that `holder` has.
pub async fn prepare(cx: &Context, holder: [u8; 16], hook: &Hook) -> Result<Prepared, StoreError> {
    let (id, from) = (hook.id, hook.delivery.next_seq);
    let read = move |tx: &mut store::Tx<'_>| audit::export(tx, from.saturating_sub(1), LOOKED_AT);
    let looked_at = cx.db.read(read).await?;
    let mut events = Vec::new();
    let (mut first, mut last) = (from, from.saturating_sub(1));
    for exported in &looked_at {
        if events.len() >= MOST_EVENTS {
            break;
        }
        last = exported.seq;
        if hook.terms.wants(exported.event.kind.name()) {
            if events.is_empty() {
                first = exported.seq;
            }
            events.push(message::event(exported, hook.terms.personal));
        }
    }
    let next = last.saturating_add(1);
    if events.is_empty() {
        cx.db.write(move |tx| table::passed_over(tx, id, &holder, next)).await?;
        return Ok(Prepared::Nothing);
    }
    let Some(secret) = open(cx, hook) else { return Ok(Prepared::Sealed) };
    let now = cx.db.now().await?;
    // The same events have the same name, and others never: a receiver may know it by heart.
    let name = format!("{id}.{first}.{last}");
    Ok(Prepared::Send(Message::new(name, now, message::events(events, now), &secret), next))
}

/// A message that says that messages arrive; it changes nothing about what was delivered.
pub async fn test(cx: &Context, caller: &mut Caller, id: HookId) -> Result<(Hook, Message), HookError> {
    let hook = super::show(cx, id).await?;
    let secret = open(cx, &hook).ok_or(HookError::NotFound)?;
    let name = format!("{id}.test.{}", caller.reference);
    let message = Message::new(name, caller.now, message::test(caller.now), &secret);
    Ok((hook, message))
}

fn open(cx: &Context, hook: &Hook) -> Option<Vec<u8>> {
    let opened = seal::open(&cx.keys, SEAL, hook.id.as_bytes(), &hook.secret);
    if opened.is_err() {
        tracing::error!(hook = %hook.id, "the secret of a receiver was not sealed under these keys");
    }
    opened.ok()
}

/// The receiver took everything before `next_seq`; `false` if it was changed meanwhile, or another node has it.
pub async fn taken(
    cx: &Context,
    holder: [u8; 16],
    id: HookId,
    (next_seq, status): (i64, String),
) -> Result<bool, StoreError> {
    cx.db.write(move |tx| table::taken(tx, id, &holder, next_seq, &status)).await
}

/// How an attempt failed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Failure {
    /// A code, with the status of HTTP behind it if there was one.
    pub status: String,
    /// The receiver wants nothing more.
    pub for_good: bool,
}

/// The receiver took nothing. After a day of that it is turned off, and the administrators are told.
pub async fn not_taken(
    cx: &Context,
    caller: &mut Caller,
    holder: [u8; 16],
    hook: &Hook,
    failure: Failure,
) -> Result<Failed, StoreError> {
    let pen = Pen::new(caller, Actor::System);
    let (id, host) = (hook.id, hook.terms.host().to_owned());
    cx.db
        .write(move |tx| {
            let Failure { status, for_good } = &failure;
            let failed = table::not_taken(tx, id, &holder, (status, *for_good))?;
            if failed == Failed::Disabled {
                let now = tx.now()?;
                let whom = notify::administrators_beside(tx, &[])?;
                let kind = account::notice::NoticeKind::HookDisabled;
                let telling = Telling { kind, whom, about: host.clone() };
                let event = EventKind::HookDisabled { hook: id, code: status.clone() };
                pen.clone().write_told(tx, now, event, &telling)?;
            }
            Ok(failed)
        })
        .await
}
