//! Somebody else applied a version meanwhile: what they changed, what the draft changed, and one draft of both.

use account::policy::document::{self, Change};
use account::role::Permission;
use service::Who;
use service::administer_policy::{self, Version};

use super::{Desk, author, authors, keep, problem};
use crate::context::Visit;
use crate::fields::Form;
use crate::pages::console::policy_impact::{Contested, MergePage, only};
use crate::policy_form::{Choice, Fields, Merge, Part};
use crate::problem::{Answer, Stop};

/// The draft's base, and what is newer.
async fn versions(visit: &Visit, desk: &Desk) -> Result<(Version, Version), Stop> {
    let cx = &visit.app.service;
    let base = administer_policy::version(cx, desk.base()).await.map_err(problem)?;
    let theirs = administer_policy::version(cx, desk.newest).await.map_err(problem)?;
    Ok((base, theirs))
}

pub(crate) async fn show(mut visit: Visit) -> Answer {
    let who = visit.console(Permission::EditPolicy).await?;
    let desk = Desk::of(&visit, &who).await?;
    if desk.base() == desk.newest {
        return visit.see_other("/admin/policy/impact");
    }
    let page = page(&mut visit, &who, &desk).await?;
    visit.page(&page)
}

async fn page(visit: &mut Visit, who: &Who, desk: &Desk) -> Result<MergePage, Stop> {
    let (base, newest) = versions(visit, desk).await?;
    let names = authors(visit, std::iter::once(newest.author)).await?;
    let merge = Merge { base: &base.policy, theirs: &newest.policy, yours: desk.policy()? };
    let both = merge.contested();
    let changes = |part: Part, to| document::compare(merge.base, &only(part, merge.base, to), &desk.names);
    let alone = |to| -> Vec<Change> {
        let parts = Part::ALL.into_iter().filter(|part| !both.contains(part));
        parts.flat_map(|part| changes(part, to)).collect()
    };
    let contested = |part: &Part| Contested {
        code: part.code(),
        theirs: changes(*part, merge.theirs),
        yours: changes(*part, merge.yours),
    };
    let (shell, nav) = (visit.shell_for(who), visit.nav(who));
    Ok(MergePage {
        newest: newest.number,
        author: author(shell.text, newest.author, &names),
        at: newest.made,
        theirs: alone(merge.theirs),
        yours: alone(merge.yours),
        contested: both.iter().map(contested).collect(),
        shell,
        nav,
    })
}

pub(crate) async fn save(mut visit: Visit, Form(sent): Form<Vec<(String, String)>>) -> Answer {
    let who = visit.console(Permission::EditPolicy).await?;
    let desk = Desk::of(&visit, &who).await?;
    let fields = Fields::from(sent);
    // What was compared is not the newest any more: it is compared again.
    if fields.one("newest") != desk.newest.to_string() {
        let page = page(&mut visit, &who, &desk).await?;
        return visit.page(&page);
    }
    let (base, newest) = versions(&visit, &desk).await?;
    let merge = Merge { base: &base.policy, theirs: &newest.policy, yours: desk.policy()? };
    let merged = merge.merged(|part| match fields.one(part.code()) {
        "yours" => Choice::Yours,
        _ => Choice::Theirs,
    });
    let text = document::render(&merged, &desk.names);
    // Two changes that are each a policy may be none together, such as a strength removed here and asked for there.
    if document::parse(&text, &desk.names).is_err() {
        return keep(visit, &who, (desk.newest, &text), ("stay", "/admin/policy/text")).await;
    }
    keep(visit, &who, (desk.newest, &text), ("check", "/admin/policy")).await
}
