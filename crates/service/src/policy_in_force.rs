//! Follows the policy that is in force, on every node.
//!
//! Each node asks twice a second which version it is, and takes it over where it is another one than before: applied or
//! undone by another node, or due since a moment ago.

use account::audit::Actor;
use account::policy::document::{self, Names};
use account::session::{BrowserId, ClientLabel};
use primitives::entropy::SystemEntropy;
use primitives::time::Timestamp;
use store::policies::StoredPolicy;
use store::{Tx, policies, settings};

use crate::administer_policy::{self, PolicyError, UNDO};
use crate::context::{Caller, Context};
use crate::events::Pen;

/// Takes over the version in force; says whether it was another one than before.
///
/// A version that was to hold from a later time was judged when it was applied. Those whom no policy may lock out are judged
/// again when its time comes; where it would, it is undone instead.
pub async fn refresh(cx: &Context) -> Result<bool, PolicyError> {
    let seen = cx.settings().policy_version;
    let number = |tx: &mut Tx<'_>| {
        let now = tx.now()?;
        policies::number_in_force(tx, now)
    };
    let current = cx.db.read(number).await?;
    if current == seen {
        return Ok(false);
    }
    let now = cx.db.now().await?;
    let stored = cx.db.read(move |tx| policies::in_force(tx, now)).await?;
    let stored = match stored {
        Some(due) if due.effective > due.made && now < due.effective + UNDO => still_good(cx, due).await?,
        other => other,
    };
    let (policy, version) = match stored {
        Some(stored) => (document::parse(&stored.document, &Names::default())?, stored.version),
        None => (cx.configured_policy(), 0),
    };
    cx.change_settings(|settings| {
        settings.policy = policy;
        settings.policy_version = version;
    });
    tracing::info!(version, "another policy is in force");
    Ok(version != seen)
}

/// A version whose time has come, or what holds in its stead.
async fn still_good(cx: &Context, due: StoredPolicy) -> Result<Option<StoredPolicy>, PolicyError> {
    let (settings, configured) = (cx.settings(), cx.configured_policy());
    let pen = Pen::new(&mut by_time(due.effective), Actor::System);
    cx.db
        .write(move |tx: &mut Tx<'_>| {
            let now = tx.now()?;
            settings::lock_deployment(tx)?;
            let Some(stored) = policies::by_version(tx, due.version)?.filter(|due| due.undone.is_none())
            else {
                return Ok(policies::in_force(tx, now)?);
            };
            // What holds without it against what holds with it.
            let laws = administer_policy::laws_without(tx, now, &stored, (&settings, &configured))?.swapped();
            match administer_policy::guard(tx, &laws, None, false) {
                Ok(()) => {}
                Err(PolicyError::Blocked(block)) => {
                    tracing::error!(
                        version = stored.version,
                        block = block.code(),
                        "a policy that came due was undone"
                    );
                    administer_policy::undone(tx, now, &stored, &mut pen.clone())?;
                }
                Err(error) => return Err(error),
            }
            Ok(policies::in_force(tx, now)?)
        })
        .await
}

/// Nobody: time alone.
fn by_time(now: Timestamp) -> Caller {
    Caller {
        now,
        entropy: Box::new(SystemEntropy),
        browser: BrowserId::from_bytes([0; 32]),
        client: ClientLabel::default(),
        reference: String::new(),
    }
}
