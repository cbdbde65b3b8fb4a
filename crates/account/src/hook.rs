//! Receivers of audit events (webhooks): on what terms they are sent to, and when they are tried again.

use primitives::digest::{self, Digest};
use primitives::id::Id;
use primitives::time::{Span, Timestamp};

use crate::audit::Actor;

mod kinds;

pub use kinds::KINDS;

/// Identifies a [`Hook`].
pub type HookId = Id<Hook>;

/// Receivers there may be. Each has a connection of its own, so that none holds up another.
pub const MOST: usize = 32;

/// Longest address.
pub const LONGEST_URL: usize = 2048;

/// Longest text of what a receiver last answered.
pub const LONGEST_STATUS: usize = 200;

/// For so long a receiver may take nothing before it is turned off.
pub const PATIENCE: Span = Span::from_hours(24);

/// A receiver.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Hook {
    /// Its identifier.
    pub id: HookId,
    /// What is sent, and where to.
    pub terms: Terms,
    /// The secret that signatures are made with, sealed for this receiver.
    pub secret: Vec<u8>,
    /// Whether anything is sent.
    pub enabled: bool,
    /// When it was added.
    pub created: Timestamp,
    /// Who added it.
    pub author: Actor,
    /// How far it has come.
    pub delivery: Delivery,
}

/// How far a receiver has come.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Delivery {
    /// The number of the first event that it was not offered yet.
    pub next_seq: i64,
    /// Attempts that failed since the last one that did not.
    pub attempts: u32,
    /// Since when it takes nothing, if so.
    pub failing_since: Option<Timestamp>,
    /// When it is tried next, or until when a node has it to itself.
    pub next_try: Timestamp,
    /// How the last attempt ended: a code, with the status of HTTP behind it if there was one.
    pub last_status: Option<String>,
    /// When that was.
    pub last_at: Option<Timestamp>,
}

impl Delivery {
    /// Begins with the event `next_seq`.
    pub fn from(next_seq: i64, now: Timestamp) -> Self {
        Self { next_seq, attempts: 0, failing_since: None, next_try: now, last_status: None, last_at: None }
    }
}

/// What is sent, and where to. Two different ones never share a [`Terms::digest`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Terms {
    /// The `https` address.
    pub url: String,
    /// The kinds of events, sorted, each once; none means all.
    pub kinds: Vec<&'static str>,
    /// Whether browsers, addresses and notes go with the events.
    pub personal: bool,
}

impl Terms {
    /// Judges what was asked for. Whether the address can be asked at all is for whoever asks it.
    pub fn new<'k>(
        url: &str,
        kinds: impl IntoIterator<Item = &'k str>,
        personal: bool,
    ) -> Result<Self, TermsRefusal> {
        let url = url.trim();
        let printable = url.bytes().all(|byte| byte.is_ascii_graphic());
        if !url.starts_with("https://") || url.len() > LONGEST_URL || !printable {
            return Err(TermsRefusal::Url);
        }
        let mut found = Vec::new();
        for kind in kinds {
            let known = KINDS.iter().copied().find(|known| *known == kind);
            found.push(known.ok_or(TermsRefusal::Kind)?);
        }
        found.sort_unstable();
        found.dedup();
        Ok(Self { url: url.to_owned(), kinds: found, personal })
    }

    /// Whether events of that kind are sent.
    pub fn wants(&self, kind: &str) -> bool {
        self.kinds.is_empty() || self.kinds.contains(&kind)
    }

    /// The host with its port: what may be told, where the rest of an address may be a secret.
    pub fn host(&self) -> &str {
        let rest = self.url.strip_prefix("https://").unwrap_or_default();
        let authority = rest.split(['/', '?', '#']).next().unwrap_or_default();
        authority.rsplit('@').next().unwrap_or_default()
    }

    /// The kinds as one text.
    pub fn spell_kinds(&self) -> String {
        self.kinds.join(" ")
    }

    /// What a confirmation of exactly these terms for a new receiver holds.
    pub fn digest(&self) -> Digest {
        let kinds = self.spell_kinds();
        let parts: [&[u8]; 4] =
            [b"keyward hook v1", self.url.as_bytes(), kinds.as_bytes(), &[u8::from(self.personal)]];
        digest::sha256_parts(&parts)
    }

    /// What a confirmation of a change of that receiver to exactly these terms holds.
    pub fn digest_for(&self, hook: HookId, enabled: bool) -> Digest {
        digest::sha256_parts(&[
            b"keyward hook change v1",
            hook.as_bytes(),
            &self.digest(),
            &[u8::from(enabled)],
        ])
    }
}

/// Why there is no receiver on such terms.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TermsRefusal {
    /// The address is none that can be asked.
    Url,
    /// There is no such kind of event.
    Kind,
}

impl TermsRefusal {
    /// The stable code.
    pub fn code(self) -> &'static str {
        match self {
            TermsRefusal::Url => "hook_url",
            TermsRefusal::Kind => "hook_kind",
        }
    }
}

/// How long to wait after so many failures in a row.
pub fn pause(attempts: u32) -> Span {
    match attempts {
        0 | 1 => Span::from_secs(5),
        2 => Span::from_secs(30),
        3 => Span::from_minutes(2),
        4 => Span::from_minutes(10),
        5 => Span::from_minutes(30),
        6 => Span::from_hours(1),
        7 => Span::from_hours(2),
        _ => Span::from_hours(4),
    }
}

/// When a receiver that fails since `since` is tried again after its failure number `attempts` at `now`; `None` if that
/// was its last one. The last attempt is made when the time is over, not hours before.
pub fn next_try(attempts: u32, since: Timestamp, now: Timestamp) -> Option<Timestamp> {
    let end = since + PATIENCE;
    if now >= end { None } else { Some((now + pause(attempts)).min(end)) }
}

#[cfg(test)]
mod tests;
