//! Sessions: what a browser may do, and on what evidence.

use std::fmt;

use primitives::digest::{self, Digest};
use primitives::id::Id;
use primitives::time::{Span, Timestamp};
use serde::{Deserialize, Serialize};

use crate::evidence::Evidence;
use crate::names::named_enum;
use crate::temporary_pass::PassId;
use crate::user::{User, UserId};

/// Identifies a [`Session`]. It is no secret: the token is.
pub type SessionId = Id<Session>;

/// How long an authentication counts as fresh, and a confirmation holds.
pub const FRESHNESS: Span = Span::from_minutes(5);

/// How far the clocks of one deployment may differ. What was issued later than this after `now` comes from a clock that
/// was wrong, and is worth nothing: it would outlive its time by as much.
pub const SKEW: Span = Span::from_secs(60);

/// How often `last_seen` is written at most.
pub const LAST_SEEN_GRAIN: Span = Span::from_minutes(1);

/// A signed-in browser. There is none without [`Evidence`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Session {
    /// Its identifier; a new one at every authentication.
    pub id: SessionId,
    /// The identifier of the first session of its line: where a session takes another's place in the same browser, it
    /// inherits this. Applications know the person's sign-in by it, as `sid` (ADR 14).
    pub sid: SessionId,
    /// Who is signed in.
    pub user: UserId,
    /// What it reaches.
    pub kind: SessionKind,
    /// What was proven.
    pub evidence: Evidence,
    /// The user's security epoch when it began; it ends when the user's is another.
    pub security_epoch: i64,
    /// The deployment's epoch when it began; it ends when a restore was accepted since.
    pub deployment_epoch: i64,
    /// When it began.
    pub created: Timestamp,
    /// When the person last proved who they are.
    pub authenticated_at: Timestamp,
    /// When it was last used, to within [`LAST_SEEN_GRAIN`].
    pub last_seen: Timestamp,
    /// When it ends whatever happens, exclusive.
    pub ends: Timestamp,
    /// The browser that it was opened in, by digest of its stable cookie.
    pub browser: Digest,
    /// What the person recognises that browser by.
    pub client: ClientLabel,
    /// An action that the person has just confirmed with a passkey.
    pub confirmed: Option<Confirmation>,
}

/// What a session reaches.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SessionKind {
    /// Everything that the evidence allows.
    Full,
    /// Security info and the wizard, opened by a pass.
    Onboarding {
        /// The pass that it ends with.
        pass: PassId,
    },
    /// Security info and the wizard, opened by less than two factors.
    Restricted(Restriction),
}

named_enum! {
    /// What opened a session that reaches Security info and the wizard only.
    pub enum Restriction {
        /// A password alone, of an account that has no second step: it may add a passkey (screen SI-7).
        PasswordAlone = "password-alone",
        /// A recovery code alone: it may secure the account and add a passkey (screen LP-3).
        RecoveryCode = "recovery-code",
    }
}

/// How long a [`SessionKind::Restricted`] session lasts.
pub const RESTRICTED_SESSION: Span = Span::from_minutes(30);

/// What people recognise a browser by.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ClientLabel {
    /// Such as `Chrome on Linux`.
    pub browser: String,
    /// The network address.
    pub address: String,
}

/// That the person confirmed one action with a passkey.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Confirmation {
    /// [`crate::action::Action::digest`] of the action.
    pub digest: Digest,
    /// When.
    pub at: Timestamp,
}

/// The value of the stable browser cookie.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct BrowserId([u8; 32]);

impl BrowserId {
    /// From the cookie's 256 bits.
    pub const fn from_bytes(bytes: [u8; 32]) -> Self {
        Self(bytes)
    }

    /// Its bytes, to bind seals to.
    pub const fn as_bytes(&self) -> &[u8; 32] {
        &self.0
    }

    /// What sessions and rows remember it by.
    pub fn digest(&self) -> Digest {
        digest::sha256_parts(&[b"keyward browser v1", &self.0])
    }
}

impl fmt::Debug for BrowserId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("BrowserId(…)")
    }
}

/// How long sessions last.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SessionPolicy {
    /// Unused for this long, a session ends.
    pub idle: Span,
    /// A full session ends this long after it began.
    pub absolute: Span,
}

impl Default for SessionPolicy {
    fn default() -> Self {
        Self { idle: Span::from_hours(2), absolute: Span::from_hours(12) }
    }
}

/// In which browser, under which epochs and when a session is opened.
#[derive(Clone, Debug)]
pub struct Opening {
    /// Its fresh identifier.
    pub id: SessionId,
    /// The deployment's epoch.
    pub deployment_epoch: i64,
    /// The browser's digest.
    pub browser: Digest,
    /// The browser's label.
    pub client: ClientLabel,
    /// Now.
    pub now: Timestamp,
}

impl Session {
    /// A full session on `evidence`.
    pub fn open(user: &User, evidence: Evidence, policy: &SessionPolicy, opening: Opening) -> Self {
        let ends = opening.now + policy.absolute;
        Self::opened(user, evidence, SessionKind::Full, ends, opening)
    }

    /// An onboarding session that ends at `ends` with `pass`.
    pub fn open_onboarding(
        user: &User,
        evidence: Evidence,
        pass: PassId,
        ends: Timestamp,
        opening: Opening,
    ) -> Self {
        Self::opened(user, evidence, SessionKind::Onboarding { pass }, ends, opening)
    }

    /// A restricted session on `evidence`.
    pub fn open_restricted(
        user: &User,
        evidence: Evidence,
        restriction: Restriction,
        opening: Opening,
    ) -> Self {
        let ends = opening.now + RESTRICTED_SESSION;
        Self::opened(user, evidence, SessionKind::Restricted(restriction), ends, opening)
    }

    fn opened(user: &User, evidence: Evidence, kind: SessionKind, ends: Timestamp, opening: Opening) -> Self {
        Self {
            id: opening.id,
            sid: opening.id,
            user: user.id,
            kind,
            authenticated_at: evidence.latest(),
            evidence,
            security_epoch: user.security_epoch,
            deployment_epoch: opening.deployment_epoch,
            created: opening.now,
            last_seen: opening.now,
            ends,
            browser: opening.browser,
            client: opening.client,
            confirmed: None,
        }
    }

    /// The same in the line of `before`, whose place it takes.
    #[must_use]
    pub fn continuing(self, before: &Session) -> Self {
        Self { sid: before.sid, ..self }
    }

    /// Whether time has not ended it. Epochs, the user and the pass can end it too: [`Session::stands_with`].
    pub fn is_live(&self, now: Timestamp, policy: &SessionPolicy) -> bool {
        let from_the_future = self.created.max(self.last_seen) > now + SKEW;
        !from_the_future && now < self.ends && now.since(self.last_seen) < policy.idle
    }

    /// Whether the account and the deployment still stand behind it.
    pub fn stands_with(&self, user: &User, deployment_epoch: i64) -> bool {
        self.user == user.id
            && user.is_enabled()
            && self.security_epoch == user.security_epoch
            && self.deployment_epoch == deployment_epoch
    }

    /// Whether the person proved who they are within the last five minutes.
    pub fn is_fresh(&self, now: Timestamp) -> bool {
        is_recent(self.authenticated_at, now)
    }

    /// Whether it was opened by a pass.
    pub fn is_onboarding(&self) -> bool {
        matches!(self.kind, SessionKind::Onboarding { .. })
    }

    /// Whether it reaches Security info and the wizard only, whatever opened it.
    pub fn is_limited(&self) -> bool {
        !matches!(self.kind, SessionKind::Full)
    }

    /// What restricts it, if it was opened by less than two factors.
    pub fn restriction(&self) -> Option<Restriction> {
        match self.kind {
            SessionKind::Restricted(restriction) => Some(restriction),
            SessionKind::Full | SessionKind::Onboarding { .. } => None,
        }
    }

    /// The pass of an onboarding session.
    pub fn pass(&self) -> Option<PassId> {
        match self.kind {
            SessionKind::Full | SessionKind::Restricted(_) => None,
            SessionKind::Onboarding { pass } => Some(pass),
        }
    }

    /// Whether the person confirmed the action of this digest within the last five minutes.
    pub fn has_confirmed(&self, action: &Digest, now: Timestamp) -> bool {
        self.confirmed
            .is_some_and(|confirmation| confirmation.digest == *action && is_recent(confirmation.at, now))
    }

    /// What the ceremony that gave the standing confirmation proved, without what the session had before: who confirms
    /// with a weak passkey has confirmed weakly, however strongly they signed in.
    pub fn confirming_evidence(&self) -> Option<Evidence> {
        self.confirmed.and_then(|confirmation| self.evidence.given_at(confirmation.at))
    }

    /// Whether `last_seen` has aged enough to be written again.
    pub fn wants_touch(&self, now: Timestamp) -> bool {
        now.since(self.last_seen) >= LAST_SEEN_GRAIN
    }
}

/// Whether `at` lies within the last five minutes, and not in the future.
fn is_recent(at: Timestamp, now: Timestamp) -> bool {
    at <= now + SKEW && now.since(at) < FRESHNESS
}

#[cfg(test)]
mod tests;
