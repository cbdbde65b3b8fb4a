//! SH-1 to SH-3: the sign-in history, an entry's details, and "This wasn't me".

use std::collections::BTreeMap;

use account::audit::{EventId, EventKind};
use account::history::Remedy;
use account::passkey::PasskeyId;
use account::session::Restriction;
use axum::http::StatusCode;
use serde::Deserialize;
use service::Who;
use service::read_history::{self, HistoryEntry, HistoryPage, Show};
use service::report_entry::{self, Mine, Offer, ReportError};

use super::security::id;
use crate::context::Visit;
use crate::fields::{Form, Path, Query};
use crate::pages::Flash;
use crate::pages::history::{
    Frozen, History, HistoryDetails, HistoryLine, NotMe, ReportProblem, Told, WhatToDo,
};
use crate::problem::{Answer, Problem, Stop};

/// Which entries are asked for; what makes no sense is the default.
#[derive(Deserialize)]
pub(super) struct Asked {
    show: Option<String>,
    days: Option<String>,
    before: Option<String>,
}

impl Asked {
    fn show(&self) -> (Show, &'static str) {
        match self.show.as_deref() {
            Some("sign-ins") => (Show::SignIns, "sign-ins"),
            Some("changes") => (Show::Changes, "changes"),
            _ => (Show::All, "all"),
        }
    }

    fn days(&self) -> i64 {
        if self.days.as_deref() == Some("90") { 90 } else { 30 }
    }
}

/// Who may read: a pass or a recovery code too, for whoever secures an account with it (screen LP-3); a password alone
/// learns nothing of where the person is.
async fn reader(visit: &mut Visit) -> Result<Who, Stop> {
    let who = visit.anyone().await?;
    match who.session.restriction() {
        Some(Restriction::PasswordAlone) => Err(Problem::pass_not_enough().into()),
        Some(Restriction::RecoveryCode) | None => Ok(who),
    }
}

pub(super) async fn show(mut visit: Visit, Query(asked): Query<Asked>) -> Answer {
    let who = reader(&mut visit).await?;
    let (show, code) = asked.show();
    let before: Option<EventId> = asked.before.as_deref().and_then(|text| text.parse().ok());
    let (now, days) = (visit.now(), asked.days());
    let HistoryPage { entries, next } =
        read_history::list(&visit.app.service, now, &who, show, days, before).await?;
    let limited = who.session.is_limited();
    let page = History {
        lines: entries.into_iter().map(|entry| line(entry, limited)).collect(),
        show: code,
        days,
        next: next.map(|id| id.to_string()),
        later: before.is_some(),
        shell: visit.shell_for(&who),
    };
    visit.page(&page)
}

fn line(entry: HistoryEntry, limited: bool) -> HistoryLine {
    let client = entry.event.client.unwrap_or_default();
    HistoryLine {
        id: entry.event.id.to_string(),
        at: entry.event.at,
        verdict: entry.verdict,
        passkey: entry.passkey_name,
        times: i64::from(entry.times),
        device: client.browser,
        network: match client.address.is_empty() {
            true => String::new(),
            false => read_history::network(&client.address),
        },
        this_session: entry.this_session,
        unfamiliar: entry.unfamiliar,
        by_another: entry.by_another,
        not_me: entry.triage.is_some() && entry.reported.is_none() && !limited,
        reported: entry.reported.map(|reported| reported.at),
        kind: entry.event.kind,
    }
}

async fn entry(visit: &Visit, who: &Who, text: &str) -> Result<HistoryEntry, Stop> {
    let found = read_history::entry(&visit.app.service, visit.now(), who, id(text)?).await?;
    Ok(found.ok_or_else(Problem::not_found)?)
}

pub(super) async fn details(mut visit: Visit, Path(text): Path<String>) -> Answer {
    let who = reader(&mut visit).await?;
    let entry = entry(&visit, &who, &text).await?;
    let page = HistoryDetails {
        strength: match &entry.event.kind {
            EventKind::SignedIn { strength, .. } | EventKind::SignedInOtherwise { strength, .. } => {
                Some(*strength)
            }
            _ => None,
        },
        reference: entry.event.reference.clone(),
        line: line(entry, who.session.is_limited()),
        shell: visit.shell_for(&who),
    };
    visit.page(&page)
}

pub(super) async fn not_me(mut visit: Visit, Path(text): Path<String>) -> Answer {
    let who = visit.full().await?;
    match report_entry::offer(&visit.app.service, visit.now(), &who, id(&text)?).await {
        Ok(Offer { entry, .. }) if entry.reported.is_some() => told_page(visit, &who, entry, true),
        Ok(Offer { entry, .. }) => {
            let page = NotMe { line: line(entry, false), shell: visit.shell_for(&who) };
            visit.page(&page)
        }
        Err(error) => refused(visit, &who, &text, error).await,
    }
}

pub(super) async fn what_to_do(mut visit: Visit, Path(text): Path<String>) -> Answer {
    let who = visit.full().await?;
    what_to_do_page(visit, &who, &text, None).await
}

async fn what_to_do_page(mut visit: Visit, who: &Who, text: &str, problem: Option<ReportProblem>) -> Answer {
    match report_entry::offer(&visit.app.service, visit.now(), who, id(text)?).await {
        Ok(Offer { entry, .. }) if entry.reported.is_some() => told_page(visit, who, entry, true),
        Ok(Offer { entry, triage, remedies, only_suspicious }) => {
            let line = line(entry, false);
            let shell = visit.shell_for(who);
            let triage = triage.code();
            let page = WhatToDo { shell, line, triage, remedies, only_suspicious, problem };
            let status = if problem.is_some() { StatusCode::CONFLICT } else { StatusCode::OK };
            visit.page_with(status, &page)
        }
        Err(error) => refused(visit, who, text, error).await,
    }
}

/// The remedies that were chosen, as fields of the waiting form.
pub(in crate::routes) fn chosen_fields(fields: &BTreeMap<String, String>) -> Vec<(String, String)> {
    chosen(fields).into_iter().map(|remedy| (remedy.as_str().to_owned(), "on".to_owned())).collect()
}

fn chosen(fields: &BTreeMap<String, String>) -> Vec<Remedy> {
    fields.keys().filter_map(|name| Remedy::parse(name)).collect()
}

pub(super) async fn report(
    mut visit: Visit,
    Path(text): Path<String>,
    Form(fields): Form<BTreeMap<String, String>>,
) -> Answer {
    let who = visit.full().await?;
    let (event, chosen): (EventId, _) = (id(&text)?, chosen(&fields));
    let mut caller = visit.caller();
    let reported = report_entry::report(&visit.app.service, &mut caller, &who, event, chosen.clone()).await;
    match reported {
        Ok(reported) if reported.frozen => {
            visit.end_session();
            visit.set_flash(&Flash::AccountFrozen { reference: reported.reference });
            visit.see_other("/signed-out")
        }
        Ok(reported) => {
            let outcomes = reported.outcomes.into_iter();
            let outcomes = outcomes
                .map(|(remedy, outcome)| (remedy.as_str().to_owned(), outcome.code().to_owned()))
                .collect();
            visit.set_flash(&Flash::EntryReported { outcomes });
            visit.see_other(&format!("/me/history/{event}/told"))
        }
        Err(ReportError::ConfirmNeeded) => {
            let chosen: String = chosen.iter().map(|remedy| format!("&{}=on", remedy.as_str())).collect();
            visit.see_other(&format!("/me/confirm?for=report-entry&target={event}{chosen}"))
        }
        Err(ReportError::SuspiciousMethod) => {
            what_to_do_page(visit, &who, &text, Some(ReportProblem::Suspicious)).await
        }
        Err(ReportError::NotOffered) => {
            what_to_do_page(visit, &who, &text, Some(ReportProblem::NotOffered)).await
        }
        Err(error) => refused(visit, &who, &text, error).await,
    }
}

/// What is told instead: where there is an entry, a page of its own; else a problem.
async fn refused(visit: Visit, who: &Who, text: &str, error: ReportError) -> Answer {
    match error {
        ReportError::TooOld => {
            let entry = entry(&visit, who, text).await?;
            told_page(visit, who, entry, false)
        }
        ReportError::AlreadyReported => {
            let entry = entry(&visit, who, text).await?;
            told_page(visit, who, entry, true)
        }
        ReportError::SessionEnded => Err(Problem::session_ended().into()),
        ReportError::Onboarding => Err(Problem::pass_not_enough().into()),
        ReportError::Store(error) => Err(Problem::from(error).into()),
        ReportError::NotFound
        | ReportError::NotOffered
        | ReportError::ConfirmNeeded
        | ReportError::SuspiciousMethod => Err(Problem::not_found().into()),
    }
}

pub(super) async fn told(mut visit: Visit, Path(text): Path<String>) -> Answer {
    let who = visit.full().await?;
    let entry = entry(&visit, &who, &text).await?;
    if entry.reported.is_none() {
        return Err(Problem::not_found().into());
    }
    told_page(visit, &who, entry, true)
}

/// SH-3c; `reported` is false where the entry is too old for it.
fn told_page(mut visit: Visit, who: &Who, entry: HistoryEntry, reported: bool) -> Answer {
    let shell = visit.shell_for(who);
    let outcomes = match &shell.flash {
        Some(Flash::EntryReported { outcomes }) => outcomes.clone(),
        _ => Vec::new(),
    };
    let reference = entry.reported.as_ref().map(|report| report.reference.clone()).filter(|_| reported);
    visit.page(&Told { shell, line: line(entry, false), reference, outcomes })
}

/// Whoever came in by a pass lifts a freeze.
pub(super) async fn frozen(mut visit: Visit) -> Answer {
    let who = visit.anyone().await?;
    if who.session.pass().is_none() {
        return Err(Problem::pass_not_enough().into());
    }
    let frozen = report_entry::frozen(&visit.app.service, &who).await?;
    let passkeys = frozen.passkeys.into_iter();
    let passkeys = passkeys.map(|passkey| (passkey.id.to_string(), passkey.name)).collect();
    let shell = visit.shell_for(&who);
    visit.page(&Frozen { shell, passkeys, password: frozen.password })
}

pub(super) async fn lift(mut visit: Visit, Form(fields): Form<BTreeMap<String, String>>) -> Answer {
    let who = visit.anyone().await?;
    let passkeys: Vec<PasskeyId> = fields.keys().filter_map(|name| name.parse().ok()).collect();
    let mine = Mine { passkeys, password: fields.contains_key("password") };
    let mut caller = visit.caller();
    let lifted = match report_entry::lift(&visit.app.service, &mut caller, &who, mine).await {
        Ok(lifted) => lifted,
        Err(ReportError::SessionEnded) => return Err(Problem::session_ended().into()),
        Err(ReportError::Store(error)) => return Err(Problem::from(error).into()),
        Err(_) => return Err(Problem::pass_not_enough().into()),
    };
    let count = i64::try_from(lifted.passkeys.len()).unwrap_or(i64::MAX);
    visit.set_flash(&match lifted.password && count == 0 {
        true => Flash::PasswordChanged { first: true },
        false => Flash::FrozenLifted { count },
    });
    visit.see_other("/me/security")
}
