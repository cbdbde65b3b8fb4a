//! PO-4: versions, what each changed, restoring and undoing.

use account::policy::document;
use account::role::Permission;
use axum::http::StatusCode;
use primitives::time::Timestamp;
use serde::Deserialize;
use service::administer_policy::{self, PolicyError, Version};
use service::{Authority, Unauthorised, Who};

use super::{Desk, author, authors, keep, problem, undo_until};
use crate::context::Visit;
use crate::fields::{Path, Query};
use crate::pages::Flash;
use crate::pages::console::policy::PolicyNews;
use crate::pages::console::policy_history::{PolicyHistory, PolicyVersion, Standing, VersionLine};
use crate::problem::{Answer, Stop};

/// Versions on a page.
const SHOWN: u32 = 50;

#[derive(Deserialize)]
pub(crate) struct Before {
    before: Option<i64>,
}

fn line(version: &Version, author: String, in_force: i64, now: Timestamp) -> VersionLine {
    let standing = if version.number == in_force {
        Standing::InForce
    } else if version.undone.is_some() {
        Standing::Undone
    } else if version.effective > now {
        Standing::Pending
    } else {
        Standing::Past
    };
    VersionLine {
        number: version.number,
        author,
        comment: version.comment.clone(),
        made: version.made,
        effective: version.effective,
        standing,
        impact: version.impact,
    }
}

pub(crate) async fn list(mut visit: Visit, Query(Before { before }): Query<Before>) -> Answer {
    let who = visit.console(Permission::ReadPolicy).await?;
    let cx = &visit.app.service;
    let in_force = administer_policy::in_force(cx).await.map_err(problem)?.number;
    let versions = administer_policy::history(cx, before, SHOWN).await.map_err(problem)?;
    let names = authors(&visit, versions.iter().map(|version| version.author)).await?;
    let now = visit.now();
    let (shell, nav) = (visit.shell_for(&who), visit.nav(&who));
    let full = u32::try_from(versions.len()).unwrap_or(u32::MAX) >= SHOWN;
    let last = versions.last().map(|version| version.number);
    let lines = versions.iter().map(|version| {
        let by = author(shell.text, version.author, &names);
        line(version, by, in_force, now)
    });
    let (versions, more) = (lines.collect(), last.filter(|number| full && *number > 1));
    visit.page(&PolicyHistory { versions, more, shell, nav })
}

pub(crate) async fn show(mut visit: Visit, Path(number): Path<i64>) -> Answer {
    let who = visit.console(Permission::ReadPolicy).await?;
    let page = version(&mut visit, &who, number, false).await?;
    visit.page(&page)
}

async fn version(
    visit: &mut Visit,
    who: &Who,
    number: i64,
    unconfirmed: bool,
) -> Result<PolicyVersion, Stop> {
    let desk = Desk::of(visit, who).await?;
    let cx = &visit.app.service;
    let found = administer_policy::version(cx, number).await.map_err(problem)?;
    let before = match number {
        0 => None,
        number => Some(before(visit, number).await?),
    };
    let names = authors(visit, std::iter::once(found.author)).await?;
    let changes = before.map(|before| document::compare(&before.policy, &found.policy, &desk.names));
    let now = visit.now();
    let (shell, nav) = (visit.shell_for(who), visit.nav(who));
    let by = author(shell.text, found.author, &names);
    Ok(PolicyVersion {
        line: line(&found, by, desk.in_force.number, now),
        changes: changes.unwrap_or_default(),
        since: document::compare(&found.policy, &desk.in_force.policy, &desk.names),
        undo: undo_until(&found, now),
        document: found.document,
        may_edit: nav.may(Permission::EditPolicy),
        unconfirmed,
        shell,
        nav,
    })
}

/// What was in force before that version took its place, as far as versions tell: the one before it that stood.
async fn before(visit: &Visit, number: i64) -> Result<Version, Stop> {
    let cx = &visit.app.service;
    let older = administer_policy::history(cx, Some(number), SHOWN).await.map_err(problem)?;
    match older.into_iter().find(|version| version.undone.is_none()) {
        Some(version) => Ok(version),
        None => administer_policy::version(cx, 0).await.map_err(problem),
    }
}

pub(crate) async fn restore(mut visit: Visit, Path(number): Path<i64>) -> Answer {
    let who = visit.console(Permission::EditPolicy).await?;
    let desk = Desk::of(&visit, &who).await?;
    let found = administer_policy::version(&visit.app.service, number).await.map_err(problem)?;
    keep(visit, &who, (desk.newest, &found.document), ("check", "/admin/policy")).await
}

pub(crate) async fn undo(mut visit: Visit, Path(number): Path<i64>) -> Answer {
    let who = visit.console(Permission::EditPolicy).await?;
    let mut caller = visit.caller();
    let authority = Authority::Person(&who);
    match administer_policy::undo(&visit.app.service, &mut caller, authority, number).await {
        Ok(_) => {
            visit.app.checks.forget(who.user.id);
            visit.set_flash(&Flash::Policy(PolicyNews::Undone));
            visit.see_other("/admin/policy")
        }
        Err(PolicyError::Unauthorised(Unauthorised::ConfirmNeeded)) => {
            let page = version(&mut visit, &who, number, true).await?;
            visit.page_with(StatusCode::UNPROCESSABLE_ENTITY, &page)
        }
        Err(error) => Err(problem(error)),
    }
}
