//! Keys take turns: the next ones are made and published, the old ones sign until those do.

use std::sync::Arc;

use account::action::Action;
use account::audit::{Actor, EventKind};
use account::role::Permission;
use oidc::client::SigningAlg;
use primitives::time::Timestamp;
use store::signing_keys::{self, StoredKey};
use store::{StoreError, Tx, settings};

use super::{AHEAD, KEPT, SigningKeyError, TURN, insert, load, make_all};
use crate::authority::{self, Grant};
use crate::context::{Authority, Caller, Context, Settings};
use crate::events::Pen;

/// Makes new keys. They sign once everybody has had the time to fetch them; `at_once` they sign now, and the old ones are
/// gone from the key set, as after a theft: what those signed is worth nothing any more.
pub async fn rotate(
    cx: &Context,
    caller: &mut Caller,
    authority: Authority<'_>,
    at_once: bool,
) -> Result<(), SigningKeyError> {
    make_next(cx, caller, Some(authority), at_once).await
}

pub(super) async fn make_next(
    cx: &Context,
    caller: &mut Caller,
    authority: Option<Authority<'_>>,
    at_once: bool,
) -> Result<(), SigningKeyError> {
    let grant = authority.map(Grant::from);
    let actor = authority.map_or(Actor::System, |authority| authority.actor());
    let settings = cx.settings();
    if let Some(grant) = &grant {
        may(cx, &settings, grant).await?;
    }
    let algs = cx.db.read(signing_keys::all).await?.into_iter().map(|key| key.alg);
    let algs: Vec<SigningAlg> =
        SigningAlg::ALL.into_iter().filter(|alg| algs.clone().any(|other| other == *alg)).collect();
    let fresh = make_all(cx, algs, caller.now, caller).await;
    let pen = Pen::new(caller, actor);
    let done = cx.db.write(move |tx| {
        let (now, mut pen) = (tx.now()?, pen.clone());
        match &grant {
            Some(grant) => {
                let issuer = authority::authorise(tx, now, &settings, grant, Action::RotateSigningKey)?;
                if !issuer.may(Permission::EditApplications) {
                    return Err(SigningKeyError::Role);
                }
            }
            // Another node may have been faster.
            None if !overdue(&signing_keys::all(tx)?, now) => return Ok(()),
            None => {}
        }
        settings::lock_deployment(tx)?;
        let activates = if at_once { now } else { now + AHEAD };
        for old in signing_keys::all(tx)? {
            retire(tx, now, old, (activates, at_once), &mut pen)?;
        }
        for fresh in &fresh {
            insert(tx, now, &fresh.stored(now, activates), &mut pen)?;
        }
        Ok(())
    });
    done.await?;
    load(cx).await
}

/// Asks beforehand who must not make keys, which takes a while; the commit asks again and uses the confirmation up.
async fn may(cx: &Context, settings: &Arc<Settings>, grant: &Grant) -> Result<(), SigningKeyError> {
    let (settings, grant) = (Arc::clone(settings), grant.clone());
    let asked = cx.db.write(move |tx| -> Result<(), Asked> {
        let now = tx.now()?;
        let issuer = authority::authorise(tx, now, &settings, &grant, Action::RotateSigningKey)
            .map_err(|refusal| Asked::Refused(refusal.into()))?;
        // Rolled back, so that nothing is used up.
        Err(if issuer.may(Permission::EditApplications) {
            Asked::May
        } else {
            Asked::Refused(SigningKeyError::Role)
        })
    });
    match asked.await {
        Ok(()) | Err(Asked::May) => Ok(()),
        Err(Asked::Refused(refusal)) => Err(refusal),
    }
}

enum Asked {
    May,
    Refused(SigningKeyError),
}

impl From<StoreError> for Asked {
    fn from(error: StoreError) -> Self {
        Asked::Refused(error.into())
    }
}

fn overdue(stored: &[StoredKey], now: Timestamp) -> bool {
    SigningAlg::ALL.into_iter().any(|alg| {
        let newest = stored.iter().filter(|key| key.alg == alg).map(|key| key.activates).max();
        newest.is_some_and(|newest| now.since(newest) >= TURN)
    })
}

/// Lets a key sign until `activates`, and keeps it for as long as what it signed.
fn retire(
    tx: &mut Tx<'_>,
    now: Timestamp,
    old: StoredKey,
    (activates, at_once): (Timestamp, bool),
    pen: &mut Pen,
) -> Result<(), StoreError> {
    let ends = if at_once { now } else { activates + KEPT };
    if old.ends.is_some_and(|earlier| earlier <= ends) {
        return Ok(());
    }
    let retired = old.retired.map_or(activates, |retired| retired.min(activates));
    let kid = old.kid.clone();
    signing_keys::update(tx, &StoredKey { retired: Some(retired), ends: Some(ends), ..old })?;
    pen.write(tx, now, None, EventKind::SigningKeyRetired { kid })
}
