//! Applying a policy, and undoing it.

use std::sync::Arc;

use account::action::Action;
use account::audit::EventKind;
use account::policy::Policy;
use account::policy::document::{self, Names};
use account::role::Permission;
use account::user::{self, UserId};
use primitives::digest;
use primitives::time::{Span, Timestamp};
use store::policies::StoredPolicy;
use store::{Tx, policies, policy_drafts, settings};

use super::forecast::{self, Forecast, Laws};
use super::guards::Guards;
use super::{Application, PolicyError, Progress, Version, standing};
use crate::authority::{self, Grant, Issuer, Unauthorised};
use crate::context::{Authority, Caller, Context, Settings};
use crate::events::Pen;
use crate::policy_in_force;

/// How long a version can be undone after it took effect.
pub const UNDO: Span = Span::from_hours(24);
/// How far ahead a version may take effect.
pub const LATEST_EFFECT: Span = Span::from_days(366);
/// Longest comment in characters.
pub const LONGEST_COMMENT: usize = 500;

impl Application {
    /// What a person confirms: this document, for the groups that are called so now, from then, locking out that many and
    /// no others. Whoever renames groups before it is applied changes what was confirmed.
    pub fn action(&self, names: &Names) -> Result<Action, PolicyError> {
        Ok(self.action_for(&document::parse(&self.document, names)?))
    }

    fn action_for(&self, policy: &Policy) -> Action {
        let (effective, meant) =
            (self.effective.map_or(0, Timestamp::micros), document::render(policy, &Names::default()));
        Action::ApplyPolicy(digest::sha256_parts(&[
            b"keyward policy v2",
            self.document.as_bytes(),
            meant.as_bytes(),
            &effective.to_be_bytes(),
            &self.locks_out.to_be_bytes(),
        ]))
    }
}

/// Applies a policy. Everybody is judged before, those whom no change may lock out again in the commit.
pub async fn apply(
    cx: &Context,
    caller: &mut Caller,
    authority: Authority<'_>,
    application: Application,
) -> Result<Version, PolicyError> {
    let actor = may_ask(authority)?;
    let (comment, standing) = (comment(&application.comment)?, standing(cx).await?);
    let policy = document::parse(&application.document, &standing.names)?;
    let now = cx.db.not_before(caller.now);
    let (settings, names) = (cx.settings(), standing.names.clone());
    let laws =
        Arc::new(Laws { old: standing.policy, new: policy, models: Arc::clone(&settings.models), now });
    let silent: Progress = Arc::new(|_, _| {});
    let forecast = forecast::everybody(cx, &laws, actor, &silent).await?;
    check_words(&forecast, application.locks_out)?;
    let applied = Applied {
        action: application.action_for(&laws.new),
        actor,
        base: application.base,
        effective: application.effective,
        comment,
        document: document::render(&laws.new, &Names::default()),
        laws,
        forecast: Arc::new(forecast),
        settings,
        configured: cx.configured_policy(),
        grant: Grant::from(authority),
        pen: Pen::new(caller, authority.actor()),
    };
    let stored = cx.db.write(move |tx| applied.run(tx)).await?;
    policy_in_force::refresh(cx).await?;
    super::version_of(stored, &names)
}

/// Refuses early whoever could not apply anything, before people are judged for him; the commit decides.
fn may_ask(authority: Authority<'_>) -> Result<Option<UserId>, PolicyError> {
    match authority {
        Authority::Operator => Ok(None),
        Authority::Key(_) => Err(PolicyError::Unauthorised(Unauthorised::Scope)),
        Authority::Person(who) if who.user.role.may(Permission::EditPolicy) => Ok(Some(who.user.id)),
        Authority::Person(_) => Err(PolicyError::Role),
    }
}

fn comment(text: &str) -> Result<String, PolicyError> {
    if text.trim().is_empty() {
        return Ok(String::new());
    }
    user::bounded_text(text, LONGEST_COMMENT).map_err(|_| PolicyError::Comment)
}

/// Whoever locks people out has said how many.
fn check_words(forecast: &Forecast, said: u64) -> Result<(), PolicyError> {
    match forecast.summary.locked_out {
        0 => Ok(()),
        found if found == said => Ok(()),
        found => Err(PolicyError::LocksOut(found)),
    }
}

/// What the commit needs; it may run again.
struct Applied {
    action: Action,
    actor: Option<UserId>,
    base: i64,
    effective: Option<Timestamp>,
    comment: String,
    document: String,
    laws: Arc<Laws>,
    forecast: Arc<Forecast>,
    settings: Arc<Settings>,
    configured: Policy,
    grant: Grant,
    pen: Pen,
}

impl Applied {
    fn run(&self, tx: &mut Tx<'_>) -> Result<StoredPolicy, PolicyError> {
        let now = tx.now()?;
        // Changes of policy meet on the row on which those of administrators do.
        settings::lock_deployment(tx)?;
        let issuer = authorised(tx, now, &self.settings, &self.grant, self.action)?;
        let newest = policies::newest(tx)?;
        if newest != self.base {
            return Err(PolicyError::Conflict { newest });
        }
        let effective = self.effective.unwrap_or(now);
        if effective > now + LATEST_EFFECT || effective + Span::from_minutes(5) < now {
            return Err(PolicyError::Effective);
        }
        // What is in force may have become so by time alone since everybody was judged.
        let old = in_force(tx, now, &self.configured)?;
        let laws = Laws { old, new: self.laws.new.clone(), models: Arc::clone(&self.laws.models), now };
        guard(tx, &laws, self.actor, self.forecast.harm)?;
        let summary = self.forecast.summary;
        let stored = StoredPolicy {
            version: newest.saturating_add(1),
            document: self.document.clone(),
            author: issuer.actor(),
            comment: self.comment.clone(),
            made: now,
            effective: effective.max(now),
            undone: None,
            impact: serde_json::to_string(&summary).unwrap_or_default(),
        };
        if !policies::insert(tx, &stored)? {
            return Err(PolicyError::Conflict { newest: stored.version });
        }
        if let Some(actor) = self.actor {
            policy_drafts::remove(tx, actor)?;
        }
        let kind = EventKind::PolicyApplied {
            version: stored.version,
            effective: stored.effective,
            locked_out: summary.locked_out,
        };
        let note = (!stored.comment.is_empty()).then(|| stored.comment.clone());
        self.pen.clone().write_with_note(tx, now, None, kind, note)?;
        Ok(stored)
    }
}

fn authorised(
    tx: &mut Tx<'_>,
    now: Timestamp,
    settings: &Settings,
    grant: &Grant,
    action: Action,
) -> Result<Issuer, PolicyError> {
    let issuer = authority::authorise(tx, now, settings, grant, action)?;
    if issuer.may(Permission::EditPolicy) { Ok(issuer) } else { Err(PolicyError::Role) }
}

/// What is in force now, read in this transaction.
pub(crate) fn in_force(tx: &mut Tx<'_>, now: Timestamp, configured: &Policy) -> Result<Policy, PolicyError> {
    match policies::in_force(tx, now)? {
        Some(stored) => Ok(document::parse(&stored.document, &Names::default())?),
        None => Ok(configured.clone()),
    }
}

/// Refuses what would lock out those who must not be.
pub(crate) fn guard(
    tx: &mut Tx<'_>,
    laws: &Laws,
    actor: Option<UserId>,
    harm: bool,
) -> Result<(), PolicyError> {
    let guards = Guards::read(tx, laws.before(), laws.after(), actor)?;
    match guards.blocks(harm).into_iter().find(|block| block.stops()) {
        Some(block) => Err(PolicyError::Blocked(block)),
        None => Ok(()),
    }
}

/// Undoes a version within 24 hours of its taking effect, or before; gives what is in force then.
pub async fn undo(
    cx: &Context,
    caller: &mut Caller,
    authority: Authority<'_>,
    version: i64,
) -> Result<Version, PolicyError> {
    let actor = may_ask(authority)?;
    let (settings, configured) = (cx.settings(), cx.configured_policy());
    let (grant, pen) = (Grant::from(authority), Pen::new(caller, authority.actor()));
    cx.db
        .write(move |tx| {
            let now = tx.now()?;
            settings::lock_deployment(tx)?;
            authorised(tx, now, &settings, &grant, Action::UndoPolicy(version))?;
            let undoable = undoable(tx, now, version)?;
            let laws = laws_without(tx, now, &undoable, (&settings, &configured))?;
            guard(tx, &laws, actor, false)?;
            undone(tx, now, &undoable, &mut pen.clone())
        })
        .await?;
    policy_in_force::refresh(cx).await?;
    super::in_force(cx).await
}

/// The version, if it is the newest that stands and took effect no longer than a day ago.
fn undoable(tx: &mut Tx<'_>, now: Timestamp, version: i64) -> Result<StoredPolicy, PolicyError> {
    let stored = policies::by_version(tx, version)?.ok_or(PolicyError::NotFound)?;
    if stored.undone.is_some() || now >= stored.effective + UNDO {
        return Err(PolicyError::TooLate);
    }
    let newest = policies::newest_standing(tx)?;
    if newest == version { Ok(stored) } else { Err(PolicyError::Conflict { newest }) }
}

/// What holds now, and what would hold without that version.
pub(crate) fn laws_without(
    tx: &mut Tx<'_>,
    now: Timestamp,
    stored: &StoredPolicy,
    (settings, configured): (&Settings, &Policy),
) -> Result<Laws, PolicyError> {
    let new = match policies::in_force_without(tx, stored.version, now)? {
        Some(stored) => document::parse(&stored.document, &Names::default())?,
        None => configured.clone(),
    };
    let old = in_force(tx, now, configured)?;
    Ok(Laws { old, new, models: Arc::clone(&settings.models), now })
}

/// Marks it as undone and says so in the log.
pub(crate) fn undone(
    tx: &mut Tx<'_>,
    now: Timestamp,
    stored: &StoredPolicy,
    pen: &mut Pen,
) -> Result<(), PolicyError> {
    if !policies::undo(tx, stored, now)? {
        return Err(PolicyError::TooLate);
    }
    let in_force = policies::number_in_force(tx, now)?;
    let kind = EventKind::PolicyUndone { version: stored.version, in_force };
    pen.write(tx, now, None, kind)?;
    Ok(())
}
