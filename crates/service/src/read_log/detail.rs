//! One entry of the log, and what belongs to it (screen AL-2).

use account::audit::{Event, EventId, EventKind};
use account::sign_in_log::{self, Outcome};
use primitives::time::Span;
use store::audit::log::{self, By, Range};
use store::{StoreError, Tx, refused_ceremonies};

use super::{Line, Reader, Sight};
use crate::context::Context;

/// How far apart the steps of one sign-in may lie.
const TOGETHER: Span = Span::from_minutes(15);
/// How long after a sign-in what became of its session is looked for.
const AFTER: Span = Span::from_hours(24);
/// Events that are looked through before and behind.
const AROUND: u32 = 200;
/// Steps and related entries that are shown at most.
const SHOWN: usize = 40;

/// One entry with what belongs to it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Detail {
    /// The entry.
    pub line: Line,
    /// The steps of the same sign-in or session, this one among them, oldest first.
    pub steps: Vec<Line>,
    /// What else happened to the person about then, oldest first.
    pub related: Vec<Line>,
    /// Whether the refused ceremony was kept, so that `keyward explain` explains it.
    pub explainable: bool,
}

/// That entry; `None` if there is none.
pub async fn entry(cx: &Context, sight: Sight, id: EventId) -> Result<Option<Detail>, StoreError> {
    cx.db.read(move |tx| read(tx, sight, id)).await
}

fn read(tx: &mut Tx<'_>, sight: Sight, id: EventId) -> Result<Option<Detail>, StoreError> {
    let Some(found) = log::by_id(tx, id)? else { return Ok(None) };
    let about = found.event.clone();
    let around = around(tx, &about)?;
    let mut reader = Reader::new(sight);
    let mut line = reader.shown(tx, found)?;
    let (mut steps, mut related) = (Vec::new(), Vec::new());
    for entry in around {
        let own = entry.event.id == about.id;
        let belongs = own || is_step(&about, &entry.event);
        let shown = reader.shown(tx, entry)?;
        let list = if belongs { &mut steps } else { &mut related };
        if own || list.len() < SHOWN {
            list.push(shown);
        }
    }
    name_removed(&mut line, &related);
    let explainable =
        line.outcome == Outcome::Failure || matches!(about.kind, EventKind::PasskeyRefused { .. });
    let explainable = explainable && refused_ceremonies::by_reference(tx, &about.reference)?.is_some();
    Ok(Some(Detail { line, steps, related, explainable }))
}

/// What happened to the same person about then; where nobody is known, what stands under the same reference.
fn around(tx: &mut Tx<'_>, about: &Event) -> Result<Vec<store::audit::Entry>, StoreError> {
    let Some(subject) = about.subject else {
        let mut same = log::newest(tx, &By::Reference(about.reference.clone()), Range::ALL, AROUND)?;
        same.reverse();
        return Ok(same);
    };
    let before = Range::of(Some(about.at - TOGETHER), None).before(Some(about.id));
    let mut entries = log::newest(tx, &By::Subject(subject), before, AROUND)?;
    entries.reverse();
    entries.extend(log::by_id(tx, about.id)?);
    let behind = Range::of(None, Some(about.at + AFTER)).after(about.id);
    entries.extend(log::oldest_of(tx, subject, behind, AROUND)?);
    Ok(entries)
}

/// Whether `other` is a step of what `about` is one of: by the request, by the session, or as a sign-in from the same
/// browser shortly before or after.
fn is_step(about: &Event, other: &Event) -> bool {
    if !about.reference.is_empty() && about.reference == other.reference {
        return true;
    }
    let session = sign_in_log::session(&about.kind);
    if session.is_some() && session == sign_in_log::session(&other.kind) {
        return true;
    }
    let sign_in = |event: &Event| sign_in_log::outcome(&event.kind) != Outcome::Change;
    let near = about.at.since(other.at) <= TOGETHER && other.at.since(about.at) <= TOGETHER;
    near && sign_in(about) && sign_in(other) && about.client.is_some() && about.client == other.client
}

/// A removed passkey is named by the entry of its removal, where that is at hand.
fn name_removed(line: &mut Line, related: &[Line]) {
    let Some(passkey) = line.passkey.as_mut().filter(|passkey| passkey.name.is_none()) else { return };
    passkey.name = related.iter().find_map(|other| match other.event.kind {
        EventKind::PasskeyRemoved { passkey: removed, .. } if removed == passkey.id => {
            other.event.note.clone()
        }
        _ => None,
    });
    if let EventKind::PasskeyRemoved { .. } = line.event.kind {
        passkey.name.clone_from(&line.event.note);
    }
}
