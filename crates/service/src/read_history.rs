//! What happened to a person's account, as they are shown it (screens SH-1 and SH-2).

use std::collections::BTreeMap;
use std::net::IpAddr;

use account::audit::{Actor, Event, EventId, EventKind};
use account::history::{self, Triage, Verdict};
use account::passkey::PasskeyId;
use account::session::{Session, SessionId};
use account::user::UserId;
use primitives::time::{Span, Timestamp};
use store::audit::{self, Entry, Filter, Seen};
use store::reported_entries::{self, ReportedEntry};
use store::{StoreError, Tx, passkeys};

use crate::context::{Context, Who};

/// Entries of a page.
pub const PAGE: usize = 50;
/// Events that are read for a page at most, in turns; behind them the page ends and another begins.
const TURN: u32 = 200;
/// Turns for one page.
const TURNS: usize = 5;
/// How far apart refusals may lie that are shown as one.
const TOGETHER: Span = Span::from_minutes(10);
/// How far back a browser and a network are remembered before they are unfamiliar again.
const REMEMBERED: Span = Span::from_days(180);
/// Removed passkeys whose names are looked for, and reports that are shown.
const MOST: u32 = 200;

/// Which entries.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Show {
    /// All of them.
    #[default]
    All,
    /// Those about signing in.
    SignIns,
    /// Those about what changed.
    Changes,
}

impl Show {
    fn lets(self, verdict: Verdict) -> bool {
        match self {
            Show::All => true,
            Show::SignIns => verdict.is_sign_in(),
            Show::Changes => !verdict.is_sign_in(),
        }
    }
}

/// An entry of the history.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HistoryEntry {
    /// The newest event that it stands for.
    pub event: Event,
    /// How it stands.
    pub verdict: Verdict,
    /// How many equal events it stands for.
    pub times: u32,
    /// The passkey's name, also of one that was removed since, where it is known.
    pub passkey_name: Option<String>,
    /// Whether it opened the session that asks.
    pub this_session: bool,
    /// Whether nobody was let in from this browser and network before.
    pub unfamiliar: bool,
    /// Whether somebody else than the person did it.
    pub by_another: bool,
    /// What it means if it was not the person; `None` where there is nothing that they could do.
    pub triage: Option<Triage>,
    /// When it was reported, if it was.
    pub reported: Option<ReportedEntry>,
}

/// A page of the history.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HistoryPage {
    /// Newest first.
    pub entries: Vec<HistoryEntry>,
    /// Behind which event the next page begins, if there may be one.
    pub next: Option<EventId>,
}

/// The entries of the last `days` days, newest first, from behind `before`.
pub async fn list(
    cx: &Context,
    now: Timestamp,
    who: &Who,
    show: Show,
    days: i64,
    before: Option<EventId>,
) -> Result<HistoryPage, StoreError> {
    let (user, session) = (who.user.id, who.session.clone());
    let from = now - Span::from_days(days);
    cx.db
        .read(move |tx| {
            let known = Known::read(tx, user, session.clone(), now)?;
            page(tx, &known, Asked { show, from, before })
        })
        .await
}

/// One entry, alone.
pub async fn entry(
    cx: &Context,
    now: Timestamp,
    who: &Who,
    id: EventId,
) -> Result<Option<HistoryEntry>, StoreError> {
    let (user, session) = (who.user.id, who.session.clone());
    cx.db
        .read(move |tx| {
            let Some(found) = audit::of_person(tx, user, id)? else { return Ok(None) };
            let known = Known::read(tx, user, session.clone(), now)?;
            Ok(history::verdict(&found.event.kind).map(|verdict| known.shown(found.event, verdict)))
        })
        .await
}

struct Asked {
    show: Show,
    from: Timestamp,
    before: Option<EventId>,
}

fn page(tx: &mut Tx<'_>, known: &Known, asked: Asked) -> Result<HistoryPage, StoreError> {
    let (mut entries, mut before) = (Vec::new(), asked.before);
    for _ in 0..TURNS {
        let filter =
            Filter { subject: Some(known.user), from: Some(asked.from), before, ..Filter::default() };
        let read = audit::list(tx, &filter, TURN)?;
        let all = read.len() < usize::try_from(TURN).unwrap_or(usize::MAX);
        for Entry { event, .. } in read {
            if entries.len() == PAGE && !is_of_last(&entries, &event) {
                return Ok(HistoryPage { entries, next: before });
            }
            before = Some(event.id);
            take(known, asked.show, &mut entries, event);
        }
        if all {
            return Ok(HistoryPage { entries, next: None });
        }
    }
    Ok(HistoryPage { entries, next: before })
}

/// Puts an event, which is older than all before it, into the list: as an entry of its own, as another of the one
/// before, or not at all.
fn take(known: &Known, show: Show, entries: &mut Vec<HistoryEntry>, event: Event) {
    let Some(verdict) = history::verdict(&event.kind).filter(|verdict| show.lets(*verdict)) else { return };
    if is_of_last(entries, &event)
        && let Some(last) = entries.last_mut()
    {
        last.times = last.times.saturating_add(1);
        return;
    }
    if event.kind == EventKind::FirstStepPassed && was_continued(entries, &event) {
        return;
    }
    entries.push(known.shown(event, verdict));
}

/// Whether it is the same refusal again, from the same browser, shortly before.
fn is_of_last(entries: &[HistoryEntry], event: &Event) -> bool {
    entries.last().is_some_and(|last| {
        last.verdict == Verdict::Failed
            && last.event.kind == event.kind
            && last.event.client == event.client
            && last.event.at.since(event.at) <= TOGETHER
    })
}

/// Whether a right password led to what the list shows already: it is no entry of its own then.
fn was_continued(entries: &[HistoryEntry], first: &Event) -> bool {
    entries.iter().rev().take_while(|later| later.event.at.since(first.at) <= TOGETHER).any(|later| {
        later.event.client == first.client
            && matches!(
                later.event.kind,
                EventKind::SignedInOtherwise { .. }
                    | EventKind::SignedIn { .. }
                    | EventKind::SecondStepRefused { .. }
            )
    })
}

/// What entries are judged by.
struct Known {
    user: UserId,
    session: Session,
    names: BTreeMap<[u8; 16], String>,
    seen: Vec<Seen>,
    reported: Vec<ReportedEntry>,
}

impl Known {
    fn read(tx: &mut Tx<'_>, user: UserId, session: Session, now: Timestamp) -> Result<Self, StoreError> {
        let removed =
            Filter { subject: Some(user), kind: Some("passkey_removed".to_owned()), ..Filter::default() };
        let mut names = BTreeMap::new();
        for Entry { event, .. } in audit::list(tx, &removed, MOST)? {
            if let (EventKind::PasskeyRemoved { passkey, .. }, Some(name)) = (&event.kind, event.note) {
                names.insert(*passkey.as_bytes(), name);
            }
        }
        let there = passkeys::of_user(tx, user)?;
        names.extend(there.into_iter().map(|passkey| (*passkey.id.as_bytes(), passkey.name)));
        let from = now - REMEMBERED;
        Ok(Self {
            user,
            session,
            names,
            seen: audit::seen(tx, user, from)?,
            reported: reported_entries::of_user(tx, user, from, MOST)?,
        })
    }

    fn shown(&self, event: Event, verdict: Verdict) -> HistoryEntry {
        let by_another = event.actor != Actor::User(self.user) && event.actor != Actor::System;
        HistoryEntry {
            passkey_name: passkey_of(&event.kind)
                .and_then(|passkey| self.names.get(passkey.as_bytes()).cloned()),
            this_session: session_of(&event.kind)
                .is_some_and(|session| session == self.session.id || event.at == self.session.created),
            unfamiliar: verdict.is_sign_in() && self.is_unfamiliar(&event),
            by_another,
            triage: Triage::of(&event.kind).filter(|_| !by_another),
            reported: self.reported.iter().find(|reported| reported.event == event.id).cloned(),
            times: 1,
            verdict,
            event,
        }
    }

    /// Somebody's first sign-in is not unfamiliar: there is nothing that it could differ from.
    fn is_unfamiliar(&self, event: &Event) -> bool {
        let Some(client) = &event.client else { return false };
        let mut earlier = self.seen.iter().filter(|seen| seen.first < event.at).peekable();
        earlier.peek().is_some()
            && !earlier.any(|seen| {
                seen.browser == client.browser && network(&seen.address) == network(&client.address)
            })
    }
}

/// The session that an event opened.
fn session_of(kind: &EventKind) -> Option<SessionId> {
    match kind {
        EventKind::SignedIn { session, .. }
        | EventKind::SignedInOtherwise { session, .. }
        | EventKind::PassRedeemed { session, .. } => Some(*session),
        _ => None,
    }
}

/// The passkey that an event is about.
fn passkey_of(kind: &EventKind) -> Option<PasskeyId> {
    match kind {
        EventKind::SignedIn { passkey, .. }
        | EventKind::PasskeyAdded { passkey, .. }
        | EventKind::PasskeyRenamed { passkey }
        | EventKind::PasskeyRemoved { passkey, .. }
        | EventKind::PasskeyDisabled { passkey, .. }
        | EventKind::PasskeyEnabled { passkey }
        | EventKind::PasskeyModelBroken { passkey, .. } => Some(*passkey),
        EventKind::SignInRefused { passkey, .. } => *passkey,
        _ => None,
    }
}

/// The network of an address, as people are shown it: the first three numbers of IPv4, the first three groups of IPv6.
/// What is no address is its own network.
pub fn network(address: &str) -> String {
    match address.parse::<IpAddr>() {
        Ok(IpAddr::V4(v4)) => {
            let [a, b, c, _] = v4.octets();
            format!("{a}.{b}.{c}.…")
        }
        Ok(IpAddr::V6(v6)) => {
            let [a, b, c, ..] = v6.segments();
            format!("{a:x}:{b:x}:{c:x}:…")
        }
        Err(_) => address.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::network;

    #[test]
    fn networks_are_shortened_addresses() {
        assert_eq!(network("203.0.113.77"), "203.0.113.…");
        assert_eq!(network("2001:db8:1:2::3"), "2001:db8:1:…");
        assert_eq!(network("nonsense"), "nonsense");
    }
}
