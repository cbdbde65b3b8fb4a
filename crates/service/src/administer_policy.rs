//! The organisation's policy: what is in force, what a change of it would do, and changing it.

mod change;
mod error;
mod forecast;
mod guards;
mod population;
mod replay;

use std::sync::Arc;

use account::audit::Actor;
use account::policy::Policy;
use account::policy::document::{self, LONGEST_DOCUMENT};
use account::user::UserId;
use primitives::time::Timestamp;
use store::policies::StoredPolicy;
use store::policy_drafts::StoredDraft;
use store::{StoreError, Tx, groups, policies, policy_drafts};

pub use account::policy::document::{Change, DocumentRefusal, Names};
pub use account::policy::impact::{Reason, Summary, Verdict};

pub use self::change::{LATEST_EFFECT, LONGEST_COMMENT, UNDO, apply, undo};
pub(crate) use self::change::{guard, laws_without, undone};
pub use self::error::{Block, PolicyError};
use self::forecast::Laws;
use crate::context::Context;

/// A version of the policy.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Version {
    /// Its number; zero is the configuration's.
    pub number: i64,
    /// Its document, with today's names of groups.
    pub document: String,
    /// What it says.
    pub policy: Policy,
    /// Who applied it.
    pub author: Actor,
    /// What they said about it.
    pub comment: String,
    /// When it was applied.
    pub made: Timestamp,
    /// From when it is in force.
    pub effective: Timestamp,
    /// When it was undone, if so.
    pub undone: Option<Timestamp>,
    /// What it did to people when it was applied.
    pub impact: Summary,
}

/// What a change would do.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Impact {
    /// When it was computed.
    pub as_of: Timestamp,
    /// The newest version then.
    pub base: i64,
    /// How many people.
    pub summary: Summary,
    /// Those that do not keep in; at most [`MOST_AFFECTED`].
    pub people: Vec<Affected>,
    /// What becomes of whoever asks.
    pub actor: Option<Verdict>,
    /// The last 30 days' sign-ins under it.
    pub replay: Replay,
    /// What keeps it from being applied, and warnings.
    pub blocked: Vec<Block>,
    /// What it says otherwise than the policy in force.
    pub changes: Vec<Change>,
}

impl Impact {
    /// Whether it could be applied, given the right words.
    pub fn may_apply(&self) -> bool {
        !self.blocked.iter().any(|block| block.stops())
    }
}

/// Versions that one reading of the history gives at most.
pub const MOST_VERSIONS: u32 = 200;

/// People that an [`Impact`] names at most; its summary counts all.
pub const MOST_AFFECTED: usize = 10_000;

/// Somebody who does not keep in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Affected {
    /// Who.
    pub user: UserId,
    /// As what they sign in.
    pub login: String,
    /// Their name.
    pub name: String,
    /// What becomes of them.
    pub verdict: Verdict,
    /// Why.
    pub reason: Reason,
}

/// Sign-ins of the last 30 days, judged by another policy.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Replay {
    /// Sign-ins that were looked at.
    pub sign_ins: u64,
    /// Of these, those that would have been asked for something stronger.
    pub asked_again: u64,
    /// Of these, those that would have been refused.
    pub refused: u64,
    /// Whether there were more than are looked at.
    pub more: bool,
}

/// Hears how far it is: people judged, and people there are.
pub type Progress = Arc<dyn Fn(u64, u64) + Send + Sync>;

/// A change to be applied.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Application {
    /// The new policy.
    pub document: String,
    /// The newest version that its author has seen.
    pub base: i64,
    /// What it is for.
    pub comment: String,
    /// From when; at once where absent.
    pub effective: Option<Timestamp>,
    /// How many people its author said it may lock out.
    pub locks_out: u64,
}

/// A document that somebody has begun.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Draft {
    /// The newest version when it was begun.
    pub base: i64,
    /// The document.
    pub document: String,
    /// When it was last saved.
    pub changed: Timestamp,
}

/// What stands when something is asked: names, numbers, and what is in force.
struct Standing {
    names: Names,
    newest: i64,
    version: Option<StoredPolicy>,
    policy: Policy,
}

async fn standing(cx: &Context) -> Result<Standing, PolicyError> {
    let configured = cx.configured_policy();
    cx.db
        .read(move |tx| {
            let now = tx.now()?;
            Ok(Standing {
                names: read_names(tx)?,
                newest: policies::newest(tx)?,
                version: policies::in_force(tx, now)?,
                policy: change::in_force(tx, now, &configured)?,
            })
        })
        .await
}

/// Groups of one reading.
const PAGE: u32 = 500;

fn read_names(tx: &mut Tx<'_>) -> Result<Names, StoreError> {
    let (mut names, mut after) = (Vec::new(), None::<String>);
    loop {
        let page = groups::list(tx, after.as_deref(), PAGE)?;
        let Some(last) = page.last() else { break };
        after = Some(last.name.clone());
        names.extend(page.into_iter().map(|group| (group.id, group.name)));
    }
    Ok(names.into_iter().collect())
}

fn version_of(stored: StoredPolicy, names: &Names) -> Result<Version, PolicyError> {
    let policy = document::parse(&stored.document, &Names::default())?;
    Ok(Version {
        number: stored.version,
        document: document::render(&policy, names),
        policy,
        author: stored.author,
        comment: stored.comment,
        made: stored.made,
        effective: stored.effective,
        undone: stored.undone,
        impact: serde_json::from_str(&stored.impact).unwrap_or_default(),
    })
}

/// The configuration's policy as if it were a version.
fn configured(cx: &Context, names: &Names) -> Version {
    let policy = cx.configured_policy();
    Version {
        number: 0,
        document: document::render(&policy, names),
        policy,
        author: Actor::Operator,
        comment: String::new(),
        made: Timestamp::EPOCH,
        effective: Timestamp::EPOCH,
        undone: None,
        impact: Summary::default(),
    }
}

/// The version that is in force.
pub async fn in_force(cx: &Context) -> Result<Version, PolicyError> {
    let standing = standing(cx).await?;
    match standing.version {
        Some(stored) => version_of(stored, &standing.names),
        None => Ok(configured(cx, &standing.names)),
    }
}

/// Versions, the newest first, from before `before`; that of the configuration is not among them.
pub async fn history(cx: &Context, before: Option<i64>, limit: u32) -> Result<Vec<Version>, PolicyError> {
    let names = names(cx).await?;
    let stored = cx.db.read(move |tx| policies::list(tx, before, limit.min(MOST_VERSIONS))).await?;
    stored.into_iter().map(|stored| version_of(stored, &names)).collect()
}

/// That version; zero is the configuration's.
pub async fn version(cx: &Context, number: i64) -> Result<Version, PolicyError> {
    let names = names(cx).await?;
    if number == 0 {
        return Ok(configured(cx, &names));
    }
    let stored = cx.db.read(move |tx| policies::by_version(tx, number)).await?;
    version_of(stored.ok_or(PolicyError::NotFound)?, &names)
}

/// What groups are called.
pub async fn names(cx: &Context) -> Result<Names, PolicyError> {
    Ok(cx.db.read(read_names).await?)
}

/// What `document` would do if it were applied by `actor`.
pub async fn check(
    cx: &Context,
    document: &str,
    actor: Option<UserId>,
    progress: Progress,
) -> Result<Impact, PolicyError> {
    let standing = standing(cx).await?;
    let new = document::parse(document, &standing.names)?;
    let as_of = cx.db.now().await?;
    let changes = document::compare(&standing.policy, &new, &standing.names);
    let models = Arc::clone(&cx.settings().models);
    let laws = Arc::new(Laws { old: standing.policy, new, models, now: as_of });
    let forecast = forecast::everybody(cx, &laws, actor, &progress).await?;
    Ok(Impact {
        as_of,
        base: standing.newest,
        summary: forecast.summary,
        actor: forecast.actor,
        replay: replay::replay(cx, as_of, &forecast).await?,
        blocked: forecast.guards.blocks(forecast.harm),
        people: forecast.people,
        changes,
    })
}

/// What that person has begun.
pub async fn draft(cx: &Context, who: UserId) -> Result<Option<Draft>, PolicyError> {
    let stored = cx.db.read(move |tx| policy_drafts::of_user(tx, who)).await?;
    Ok(stored.map(|StoredDraft { base, document, changed }| Draft { base, document, changed }))
}

/// Keeps what that person has begun, in place of whatever they had. It need not be a policy yet.
pub async fn save_draft(cx: &Context, who: UserId, base: i64, document: &str) -> Result<(), PolicyError> {
    if document.len() > LONGEST_DOCUMENT {
        return Err(DocumentRefusal::TooLong.into());
    }
    let document = document.to_owned();
    cx.db
        .write(move |tx| {
            let draft = StoredDraft { base, document: document.clone(), changed: tx.now()? };
            Ok(policy_drafts::put(tx, who, &draft)?)
        })
        .await
}

/// Forgets what that person has begun.
pub async fn discard_draft(cx: &Context, who: UserId) -> Result<(), PolicyError> {
    cx.db.write(move |tx| Ok(policy_drafts::remove(tx, who).map(|_| ())?)).await
}
