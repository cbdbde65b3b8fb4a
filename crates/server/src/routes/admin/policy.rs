//! PO-1: the methods and what holds for each; what the other pages about policy share.

pub(super) mod edit;
mod history;
mod impact;
mod merge;
mod text;

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

use account::audit::Actor;
use account::policy::Policy;
use account::policy::document::{self, DocumentRefusal, Names};
use account::role::Permission;
use account::user::UserId;
use axum::Router;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::IntoResponse;
use axum::routing::{get, post};
use primitives::time::Timestamp;
use service::administer_policy::{self, Draft, PolicyError, Version};
use service::name_people::name_people;
use service::{Unauthorised, Who};

use crate::app::App;
use crate::context::Visit;
use crate::pages::Flash;
use crate::pages::console::policy::{Deed, MethodRow, Pending, PolicyList, PolicyNews, refused, summary};
use crate::policy_form::{Groups, Part};
use crate::problem::{Answer, Problem, Stop};
use crate::text::Text;

/// Versions that are looked through for who changed what last.
const LOOKED_BACK: u32 = 50;

/// The addresses below `/admin/policy`.
pub(super) fn routes() -> Router<Arc<App>> {
    Router::new()
        .route("/admin/policy", get(list))
        .route("/admin/policy/discard", post(discard))
        .route("/admin/policy/text", get(text::show).post(text::save))
        .route("/admin/policy/impact", get(impact::show))
        .route("/admin/policy/impact/stage", get(impact::stage))
        .route("/admin/policy/impact/again", post(impact::again))
        .route("/admin/policy/impact/passes", get(impact::passes))
        .route("/admin/policy/impact.csv", get(impact::csv))
        .route("/admin/policy/apply", post(impact::apply))
        .route("/admin/policy/merge", get(merge::show).post(merge::save))
        .route("/admin/policy/history", get(history::list))
        .route("/admin/policy/history/{number}", get(history::show))
        .route("/admin/policy/history/{number}/restore", post(history::restore))
        .route("/admin/policy/history/{number}/undo", post(history::undo))
        .route("/admin/policy/history/{number}/impact", get(impact::show_version))
        .route("/admin/policy/history/{number}/impact/stage", get(impact::stage_version))
        .route("/admin/policy/history/{number}/impact.csv", get(impact::csv_version))
        .route("/admin/policy/passkeys/profiles/{place}", get(edit::show_profile).post(edit::save_profile))
        .route("/admin/policy/passkeys/profiles/{place}/remove", post(edit::remove_profile))
        .route("/admin/policy/{part}", get(edit::show).post(edit::save))
}

/// What somebody who edits policy has before them.
pub(super) struct Desk {
    /// What groups are called.
    pub(super) names: Names,
    /// The same, in order.
    pub(super) groups: Groups,
    /// The version in force.
    pub(super) in_force: Version,
    /// The number of the newest version, in force or not.
    pub(super) newest: i64,
    /// What they have begun.
    pub(super) draft: Option<Draft>,
    /// What it says.
    drafted: Option<Result<Policy, DocumentRefusal>>,
}

impl Desk {
    pub(super) async fn of(visit: &Visit, who: &Who) -> Result<Self, Stop> {
        let cx = &visit.app.service;
        let names = administer_policy::names(cx).await.map_err(problem)?;
        let in_force = administer_policy::in_force(cx).await.map_err(problem)?;
        let newest = administer_policy::history(cx, None, 1).await.map_err(problem)?;
        let draft = administer_policy::draft(cx, who.user.id).await.map_err(problem)?;
        let drafted = draft.as_ref().map(|draft| document::parse(&draft.document, &names));
        Ok(Self {
            groups: Groups::new(names.iter().map(|(id, name)| (id, name.to_owned())).collect()),
            newest: newest.first().map_or(0, |version| version.number),
            names,
            in_force,
            draft,
            drafted,
        })
    }

    /// What is edited: the draft, else what is in force. A draft that is no policy any more, because a group that it
    /// speaks of is gone, is mended as text.
    pub(super) fn policy(&self) -> Result<&Policy, Stop> {
        match &self.drafted {
            None => Ok(&self.in_force.policy),
            Some(Ok(policy)) => Ok(policy),
            Some(Err(_)) => {
                let location = HeaderValue::from_static("/admin/policy/text");
                Err((StatusCode::SEE_OTHER, [(header::LOCATION, location)]).into_response().into())
            }
        }
    }

    /// The version that a draft belongs to.
    pub(super) fn base(&self) -> i64 {
        self.draft.as_ref().map_or(self.newest, |draft| draft.base)
    }

    /// The document of that policy, if it is one.
    pub(super) fn document(&self, policy: &Policy) -> Result<String, DocumentRefusal> {
        let text = document::render(policy, &self.names);
        document::parse(&text, &self.names).map(|_| text)
    }
}

/// Keeps a draft and goes on to what was asked for.
pub(super) async fn keep(
    mut visit: Visit,
    who: &Who,
    (base, document): (i64, &str),
    (then, stay): (&str, &str),
) -> Answer {
    let cx = &visit.app.service;
    administer_policy::save_draft(cx, who.user.id, base, document).await.map_err(problem)?;
    if then == "check" {
        return visit.see_other("/admin/policy/impact");
    }
    visit.set_flash(&Flash::Policy(PolicyNews::Saved));
    visit.see_other(stay)
}

/// Who did that, by name.
pub(super) async fn authors(
    visit: &Visit,
    actors: impl Iterator<Item = Actor>,
) -> Result<BTreeMap<UserId, String>, Stop> {
    let ids = actors.filter_map(|actor| match actor {
        Actor::User(id) => Some(id),
        _ => None,
    });
    Ok(name_people(&visit.app.service, ids.collect()).await?)
}

pub(super) fn author(text: Text, actor: Actor, names: &BTreeMap<UserId, String>) -> String {
    let key = match actor {
        Actor::User(id) => {
            return names.get(&id).cloned().unwrap_or_else(|| text.say("policy-by-gone").to_string());
        }
        Actor::Key(_) => "policy-by-key",
        Actor::Operator => "policy-by-operator",
        Actor::System => "policy-by-system",
    };
    text.say(key).to_string()
}

/// Until when that version can be undone.
pub(super) fn undo_until(version: &Version, now: Timestamp) -> Option<Timestamp> {
    let until = version.effective + administer_policy::UNDO;
    (version.number > 0 && version.undone.is_none() && now < until).then_some(until)
}

pub(super) fn problem(error: PolicyError) -> Stop {
    match error {
        PolicyError::Store(error) => Problem::from(error).into(),
        PolicyError::NotFound => Problem::not_found().into(),
        PolicyError::Unauthorised(Unauthorised::SessionEnded) => Problem::session_ended().into(),
        other => Problem::forbidden(other.code()).into(),
    }
}

/// The sentence about a check or a document that failed.
pub(super) fn said(text: Text, error: &PolicyError) -> String {
    match error {
        PolicyError::Document(refusal) => refused(text, refusal),
        _ => text.say("impact-failed-hint").to_string(),
    }
}

pub(super) async fn list(mut visit: Visit) -> Answer {
    let who = visit.console(Permission::ReadPolicy).await?;
    let page = overview(&mut visit, &who, false).await?;
    visit.page(&page)
}

pub(super) async fn overview(visit: &mut Visit, who: &Who, unconfirmed: bool) -> Result<PolicyList, Stop> {
    let desk = Desk::of(visit, who).await?;
    let cx = &visit.app.service;
    let versions = administer_policy::history(cx, None, LOOKED_BACK).await.map_err(problem)?;
    let names = authors(visit, versions.iter().map(|version| version.author)).await?;
    let now = visit.now();
    let (shell, nav) = (visit.shell_for(who), visit.nav(who));
    let text = shell.text;
    let deed = |version: &Version| Deed { by: author(text, version.author, &names), at: version.effective };
    let changed = last_changes(&visit.app.service, &versions, now).await?;
    let in_force = &desk.in_force;
    let row = |part: Part| {
        let (state, terms) = summary(text, part, &in_force.policy, &desk.groups);
        let drafted = matches!(&desk.drafted, Some(Ok(draft)) if !part.same(draft, &in_force.policy));
        let changed = changed.get(part.code()).map(|version| deed(version));
        MethodRow { code: part.code(), path: part.path(), state, terms, changed, drafted }
    };
    let waits = |version: &&Version| version.effective > now && version.undone.is_none();
    let pending = |version: &Version| Pending { number: version.number, effective: version.effective };
    Ok(PolicyList {
        number: in_force.number,
        applied: (in_force.number > 0).then(|| deed(in_force)),
        undo: undo_until(in_force, now),
        pending: versions.iter().filter(waits).map(pending).collect(),
        draft: desk.draft.as_ref().map(|draft| draft.changed),
        rows: Part::ALL.into_iter().map(row).collect(),
        may_edit: nav.may(Permission::EditPolicy),
        unconfirmed,
        shell,
        nav,
    })
}

/// The version that changed each part last, as far as those go that are looked through.
async fn last_changes<'v>(
    cx: &service::Context,
    versions: &'v [Version],
    now: Timestamp,
) -> Result<HashMap<&'static str, &'v Version>, Stop> {
    let came = |version: &&Version| version.effective <= now && version.undone.is_none();
    let chain: Vec<&Version> = versions.iter().filter(came).collect();
    let before = match chain.last() {
        Some(oldest) if u32::try_from(versions.len()).unwrap_or(u32::MAX) < LOOKED_BACK => {
            let first = administer_policy::version(cx, 0).await.map_err(problem)?;
            Some((*oldest, first.policy))
        }
        _ => None,
    };
    let mut found = HashMap::new();
    for part in Part::ALL {
        let pairs = chain.iter().zip(chain.iter().skip(1));
        let mut changes = pairs.filter(|(newer, older)| !part.same(&newer.policy, &older.policy));
        let first = before.as_ref().filter(|(oldest, first)| !part.same(&oldest.policy, first));
        let changed = changes.next().map(|(newer, _)| *newer).or(first.map(|(oldest, _)| *oldest));
        if let Some(version) = changed {
            found.insert(part.code(), version);
        }
    }
    Ok(found)
}

pub(super) async fn discard(mut visit: Visit) -> Answer {
    let who = visit.console(Permission::EditPolicy).await?;
    administer_policy::discard_draft(&visit.app.service, who.user.id).await.map_err(problem)?;
    visit.app.checks.forget(who.user.id);
    visit.set_flash(&Flash::Policy(PolicyNews::Discarded));
    visit.see_other("/admin/policy")
}
