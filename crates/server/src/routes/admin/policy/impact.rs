//! PO-3: what a change would do to everybody, as a page, as a file, and applying it.

use std::time::Duration;

use account::action::Action;
use account::policy::impact::Verdict;
use account::role::Permission;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::IntoResponse;
use primitives::digest::{self, Digest};
use primitives::encoding;
use primitives::time::Span;
use serde::Deserialize;
use serde_json::json;
use service::administer_policy::{self, Affected, Application, Impact, PolicyError, Version};
use service::{Authority, Unauthorised, Who};

use super::{Desk, problem, said};
use crate::context::Visit;
use crate::fields::{Form, Path, Query};
use crate::pages::Flash;
use crate::pages::console::policy::PolicyNews;
use crate::pages::console::policy_impact::{
    ApplyProblem, ApplyTyped, Confirming, ImpactPage, ImpactStage, reason, word,
};
use crate::policy_checks::{STALE, Stage};
use crate::policy_form::{day, parse_day};
use crate::problem::{Answer, Problem, Stop};
use crate::text::Text;

/// A page waits so long for its check before it says how far it is; well within a request's deadline.
const PATIENCE: Duration = Duration::from_millis(1500);
const DRAFT: &str = "/admin/policy/impact";

#[derive(Default, Deserialize)]
pub(crate) struct Shown {
    show: Option<Verdict>,
    page: Option<usize>,
}

/// What is checked.
struct Checked {
    document: String,
    /// The version that a draft belongs to, and the newest; none where a version is only looked at.
    draft: Option<(i64, i64)>,
    address: String,
}

impl Checked {
    fn digest(&self) -> Digest {
        digest::sha256(self.document.as_bytes())
    }
}

/// The reader's draft, if they have one.
async fn of_draft(visit: &Visit, who: &Who) -> Result<Option<Checked>, Stop> {
    let desk = Desk::of(visit, who).await?;
    let draft = desk.draft.as_ref().map(|draft| (draft.document.clone(), draft.base));
    Ok(draft.map(|(document, base)| Checked {
        document,
        draft: Some((base, desk.newest)),
        address: DRAFT.to_owned(),
    }))
}

async fn of_version(visit: &Visit, number: i64) -> Result<Checked, Stop> {
    let version: Version = administer_policy::version(&visit.app.service, number).await.map_err(problem)?;
    let address = format!("/admin/policy/history/{number}/impact");
    Ok(Checked { document: version.document, draft: None, address })
}

async fn stage_of(visit: &Visit, who: &Who, checked: &Checked, patience: Duration) -> Stage {
    let (service, now) = (&visit.app.service, visit.now());
    let (checks, document) = (&visit.app.checks, (checked.document.as_str(), checked.digest()));
    let stage = checks.of(service, now, who.user.id, document).stage_soon(patience).await;
    // What a version would do is asked for today: an old answer is none.
    match &stage {
        Stage::Done(impact) if checked.draft.is_none() && now.since(impact.as_of) >= STALE => {
            checks.forget(who.user.id);
            checks.of(service, now, who.user.id, document).stage_soon(patience).await
        }
        _ => stage,
    }
}

/// The page, with what was typed on it.
async fn page(
    visit: &mut Visit,
    who: &Who,
    checked: &Checked,
    shown: Shown,
    (typed, problem): (ApplyTyped, Option<ApplyProblem>),
) -> ImpactPage {
    let stage = stage_of(visit, who, checked, PATIENCE).await;
    let (now, nav) = (visit.now(), visit.nav(who));
    let shell = visit.shell_for(who);
    let may = nav.may(Permission::EditPolicy);
    let stale = matches!(&stage, Stage::Done(impact) if now.since(impact.as_of) >= STALE);
    ImpactPage {
        address: checked.address.clone(),
        stage: match stage {
            Stage::Running(done, total) => ImpactStage::Running(done, total),
            Stage::Failed(error) => ImpactStage::Failed(said(shell.text, &error)),
            Stage::Done(impact) => ImpactStage::Done(impact),
        },
        digest: checked.draft.filter(|_| may).map(|_| encoding::hex(&checked.digest())),
        conflict: checked.draft.is_some_and(|(base, newest)| base != newest),
        stale,
        reader: who.user.name.clone(),
        typed,
        problem,
        confirming: None,
        show: shown.show,
        page: shown.page.unwrap_or(1).max(1),
        earliest: day(now + Span::from_days(1)),
        shell,
        nav,
    }
}

pub(crate) async fn show(mut visit: Visit, Query(shown): Query<Shown>) -> Answer {
    let who = visit.console(Permission::ReadPolicy).await?;
    let Some(checked) = of_draft(&visit, &who).await? else {
        return visit.see_other("/admin/policy");
    };
    let page = page(&mut visit, &who, &checked, shown, Default::default()).await;
    visit.page(&page)
}

pub(crate) async fn show_version(
    mut visit: Visit,
    Path(number): Path<i64>,
    Query(shown): Query<Shown>,
) -> Answer {
    let who = visit.console(Permission::ReadPolicy).await?;
    let checked = of_version(&visit, number).await?;
    let page = page(&mut visit, &who, &checked, shown, Default::default()).await;
    visit.page(&page)
}

pub(crate) async fn stage(mut visit: Visit) -> Answer {
    let who = visit.console(Permission::ReadPolicy).await?;
    match of_draft(&visit, &who).await? {
        Some(checked) => told(visit, &who, &checked).await,
        None => visit.ok(json!({ "over": true })),
    }
}

pub(crate) async fn stage_version(mut visit: Visit, Path(number): Path<i64>) -> Answer {
    let who = visit.console(Permission::ReadPolicy).await?;
    let checked = of_version(&visit, number).await?;
    told(visit, &who, &checked).await
}

/// How far it is. A page whose check is over or unknown here looks again, and begins another if it must.
async fn told(visit: Visit, who: &Who, checked: &Checked) -> Answer {
    let job = visit.app.checks.known(who.user.id, checked.digest());
    let Some(Stage::Running(done, total)) = job.map(|job| job.stage()) else {
        return visit.ok(json!({ "over": true }));
    };
    let number = |number: u64| i64::try_from(number).unwrap_or(i64::MAX);
    let text = Text::new(visit.facts.spoken());
    let said = text.say("impact-progress").count("done", &number(done)).count("total", &number(total));
    visit.ok(json!({ "over": false, "done": done, "total": total, "text": said.to_string() }))
}

pub(crate) async fn again(mut visit: Visit) -> Answer {
    let who = visit.console(Permission::ReadPolicy).await?;
    visit.app.checks.forget(who.user.id);
    visit.see_other(DRAFT)
}

pub(crate) async fn csv(mut visit: Visit) -> Answer {
    let who = visit.console(Permission::ReadPolicy).await?;
    let checked = of_draft(&visit, &who).await?.ok_or_else(Problem::not_found)?;
    file(visit, &who, &checked).await
}

pub(crate) async fn csv_version(mut visit: Visit, Path(number): Path<i64>) -> Answer {
    let who = visit.console(Permission::ReadPolicy).await?;
    let checked = of_version(&visit, number).await?;
    file(visit, &who, &checked).await
}

async fn file(visit: Visit, who: &Who, checked: &Checked) -> Answer {
    let Stage::Done(impact) = stage_of(&visit, who, checked, PATIENCE).await else {
        return visit.see_other(&checked.address);
    };
    let headers = [
        (header::CONTENT_TYPE, HeaderValue::from_static("text/csv; charset=utf-8")),
        (header::CONTENT_DISPOSITION, HeaderValue::from_static("attachment; filename=\"impact.csv\"")),
        (header::CACHE_CONTROL, HeaderValue::from_static("no-store")),
    ];
    let text = Text::new(visit.facts.spoken());
    Ok((headers, table(text, &impact)).into_response())
}

fn table(text: Text, impact: &Impact) -> String {
    let row = |person: &Affected| {
        let why = reason(text, person.reason);
        let Affected { login, name, verdict, reason, .. } = person;
        crate::csv::record([login.as_str(), name, verdict.as_str(), reason.as_str(), &why])
    };
    let head = crate::csv::record(["login", "name", "verdict", "reason", "explanation"]);
    std::iter::once(head).chain(impact.people.iter().map(row)).collect()
}

/// Leads to where passes are issued, with those who would be locked out.
pub(crate) async fn passes(mut visit: Visit) -> Answer {
    let who = visit.console(Permission::IssuePasses).await?;
    let checked = of_draft(&visit, &who).await?.ok_or_else(Problem::not_found)?;
    let Stage::Done(impact) = stage_of(&visit, &who, &checked, PATIENCE).await else {
        return visit.see_other(DRAFT);
    };
    let locked = impact.people.iter().filter(|person| person.verdict == Verdict::LockedOut);
    let logins: Vec<String> = locked.take(MOST_PASSES).map(|person| person.login.clone()).collect();
    let (shell, nav) = (visit.shell_for(&who), visit.nav(&who));
    visit.page(&crate::pages::console::policy_impact::PassesPage { logins, shell, nav })
}

/// Passes that are issued at once.
const MOST_PASSES: usize = 500;

/// What is typed on the form that applies.
#[derive(Default, Deserialize)]
pub(crate) struct Sent {
    #[serde(default)]
    digest: String,
    #[serde(default)]
    people: u64,
    #[serde(default)]
    when: String,
    #[serde(default)]
    date: String,
    #[serde(default)]
    comment: String,
    #[serde(default)]
    word: String,
    #[serde(default)]
    step: String,
}

impl Sent {
    fn typed(&self) -> ApplyTyped {
        ApplyTyped {
            word: self.word.clone(),
            comment: self.comment.clone(),
            later: self.when == "later",
            date: self.date.clone(),
        }
    }

    fn application(&self, checked: &Checked) -> Result<Application, ApplyProblem> {
        let effective = match self.when.as_str() {
            "later" => Some(parse_day(&self.date).ok_or(ApplyProblem::Date)?),
            _ => None,
        };
        let typed = self.word.split_whitespace().collect::<Vec<_>>().join(" ").to_uppercase();
        let locks_out = if self.people > 0 && typed == word(self.people) { self.people } else { 0 };
        let base = checked.draft.map_or(0, |(base, _)| base);
        let (document, comment) = (checked.document.clone(), self.comment.clone());
        Ok(Application { document, base, comment, effective, locks_out })
    }
}

/// First what was typed is looked at, then the passkey confirms exactly that, then it is applied.
pub(crate) async fn apply(mut visit: Visit, Form(sent): Form<Sent>) -> Answer {
    let who = visit.console(Permission::EditPolicy).await?;
    let Some(checked) = of_draft(&visit, &who).await? else {
        visit.set_flash(&Flash::Policy(PolicyNews::Gone));
        return visit.see_other("/admin/policy");
    };
    if sent.digest != encoding::hex(&checked.digest()) {
        visit.set_flash(&Flash::Policy(PolicyNews::Changed));
        return visit.see_other(DRAFT);
    }
    let wrong = match sent.application(&checked) {
        Err(wrong) => wrong,
        Ok(application) if sent.step != "confirmed" => {
            match looked_at(&visit, &who, &checked, (&application, sent.people)).await {
                Some(wrong) => wrong,
                None => return confirm(visit, &who, &checked, &sent, &application).await,
            }
        }
        Ok(application) => {
            let mut caller = visit.caller();
            let later = application.effective.is_some();
            let authority = Authority::Person(&who);
            match administer_policy::apply(&visit.app.service, &mut caller, authority, application).await {
                Ok(_) => return applied(visit, &who, later),
                Err(PolicyError::Conflict { .. }) => return visit.see_other("/admin/policy/merge"),
                Err(error) => not_applied(&visit, &who, error)?,
            }
        }
    };
    let held = (sent.typed(), Some(wrong));
    let page = page(&mut visit, &who, &checked, Shown::default(), held).await;
    visit.page_with(StatusCode::UNPROCESSABLE_ENTITY, &page)
}

fn applied(mut visit: Visit, who: &Who, later: bool) -> Answer {
    visit.app.checks.forget(who.user.id);
    visit.set_flash(&Flash::Policy(if later { PolicyNews::Scheduled } else { PolicyNews::Applied }));
    visit.see_other("/admin/policy")
}

/// What is told on the page; everything else is a problem of its own.
fn not_applied(visit: &Visit, who: &Who, error: PolicyError) -> Result<ApplyProblem, Stop> {
    Ok(match error {
        // Somebody has changed something about people meanwhile: they are counted anew.
        PolicyError::LocksOut(_) => {
            visit.app.checks.forget(who.user.id);
            ApplyProblem::Stale
        }
        PolicyError::Blocked(_) => {
            visit.app.checks.forget(who.user.id);
            ApplyProblem::Blocked
        }
        PolicyError::Comment => ApplyProblem::Comment,
        PolicyError::Effective => ApplyProblem::Date,
        PolicyError::Unauthorised(Unauthorised::ConfirmNeeded) => ApplyProblem::Unconfirmed,
        other => return Err(problem(other)),
    })
}

/// What is wrong before anybody is asked for a passkey.
async fn looked_at(
    visit: &Visit,
    who: &Who,
    checked: &Checked,
    (application, people): (&Application, u64),
) -> Option<ApplyProblem> {
    let Stage::Done(impact) = stage_of(visit, who, checked, PATIENCE).await else {
        return Some(ApplyProblem::Stale);
    };
    let too_early = |effective| effective <= visit.now();
    if !impact.may_apply() {
        Some(ApplyProblem::Blocked)
    } else if impact.summary.locked_out != people {
        Some(ApplyProblem::Stale)
    } else if people != application.locks_out {
        Some(ApplyProblem::Word)
    } else if application.comment.chars().count() > administer_policy::LONGEST_COMMENT {
        Some(ApplyProblem::Comment)
    } else if application.effective.is_some_and(too_early) {
        Some(ApplyProblem::Date)
    } else {
        None
    }
}

/// The same page, which asks for the passkey.
async fn confirm(
    mut visit: Visit,
    who: &Who,
    checked: &Checked,
    sent: &Sent,
    application: &Application,
) -> Answer {
    let names = administer_policy::names(&visit.app.service).await.map_err(problem)?;
    let target = match application.action(&names).map_err(problem)? {
        Action::ApplyPolicy(terms) => encoding::hex(&terms),
        _ => return Err(Problem::internal("a policy is applied by another action").into()),
    };
    let mut page = page(&mut visit, who, checked, Shown::default(), (sent.typed(), None)).await;
    let people = sent.people.to_string();
    let fields: Vec<(&'static str, String)> = vec![
        ("digest", sent.digest.clone()),
        ("people", people),
        ("when", sent.when.clone()),
        ("date", sent.date.clone()),
        ("comment", sent.comment.clone()),
        ("word", sent.word.clone()),
        ("step", "confirmed".to_owned()),
    ];
    page.confirming = Some(Confirming { target, fields, effective: application.effective });
    visit.page(&page)
}
