//! `/admin/log`: the sign-in log (AL-1), its entries (AL-2), its CSV, and its live tail.

use std::sync::Arc;

use account::audit::EventId;
use account::role::Permission;
use account::sign_in_log::{self, Outcome};
use axum::body::{Body, Bytes};
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use primitives::time::Span;
use serde_json::json;
use service::Who;
use service::insight::{self, Grain};
use service::read_log::{self, Detail, Filter, Line, Page, Sight};
use tokio::sync::mpsc;

use super::insight::columns;
use super::log_query::{Query as Asked, read as read_query};
use crate::app::App;
use crate::context::Visit;
use crate::csv;
use crate::fields::{Path, Query};
use crate::live::{self, Seen};
use crate::pages::Shell;
use crate::pages::console::chart::Columns;
use crate::pages::console::log::{Log, LogEntry, LogRow};
use crate::problem::{Answer, Problem, Stop};
use crate::report_lines::{self, model_name};
use crate::text::{Style, Text};

/// Lines of a page.
const LINES: u32 = 50;
/// Lines that the live tail looks at.
const TAIL: u32 = 20;
/// Lines of a CSV file at most; a span of time divides the rest.
const EXPORTED: usize = 100_000;
/// Up to so long a span is charted by hours.
const BY_HOURS: Span = Span::from_days(2);
/// What is charted where no span is asked for.
const CHARTED: Span = Span::from_days(30);

pub(super) fn sight(who: &Who) -> Sight {
    Sight::Of(who.user.role)
}

pub(super) async fn list(mut visit: Visit, Query(asked): Query<Asked>) -> Answer {
    let who = visit.console(Permission::ReadLog).await?;
    let (filter, wrong) = read_query(&visit.app, &asked).await?;
    let before: Option<EventId> = asked.before.as_deref().and_then(|text| text.parse().ok());
    let found = match wrong {
        // Nothing fits a filter that cannot be read; what fits the others would mislead.
        Some(_) => Page::default(),
        None => read_log::page(&visit.app.service, sight(&who), &filter, before, LINES).await?,
    };
    let query = asked.query();
    let chart = match filter.is_plain() && before.is_none() && wrong.is_none() {
        true => Some(chart(&visit, &filter, Text::new(visit.facts.spoken())).await?),
        false => None,
    };
    let (nav, shell) = (visit.nav(&who), visit.shell_for(&who));
    let retention = visit.app.service.settings().retention;
    let page = Log {
        shortened: found.lines.iter().any(|line| line.redacted),
        rows: found.lines.into_iter().map(|line| row(&visit.app, line)).collect(),
        next: found
            .next
            .map(|id| if query.is_empty() { format!("before={id}") } else { format!("{query}&before={id}") }),
        reached: found.reached,
        later: before.is_some(),
        erased_before: shell.now - retention.sign_ins,
        asked: asked.shown(),
        wrong,
        query,
        chart,
        shell,
        nav,
    };
    let status = if wrong.is_some() { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK };
    visit.page_with(status, &page)
}

async fn chart(visit: &Visit, filter: &Filter, text: Text) -> Result<Columns, Stop> {
    let until = filter.until.unwrap_or(visit.now()).min(visit.now());
    let from = filter.from.unwrap_or(until - CHARTED);
    let (grain, style) = match until.since(from) <= BY_HOURS {
        true => (Grain::Hours, Style::DateTime),
        false => (Grain::Days, Style::Date),
    };
    let buckets = insight::sign_ins(&visit.app.service, from, until, grain).await?;
    let caption = text.say("insight-sign-ins-span").on("from", &from).on("until", &until).to_string();
    Ok(columns(text, caption, &buckets, style))
}

/// A line as pages show it.
pub(super) fn row(app: &App, line: Line) -> LogRow {
    let client = line.event.client.unwrap_or_default();
    let model = line
        .passkey
        .as_ref()
        .and_then(|passkey| passkey.model)
        .and_then(|aaguid| model_name(&app.service, aaguid));
    LogRow {
        id: line.event.id.to_string(),
        at: line.event.at,
        kind: line.event.kind.name(),
        outcome: line.outcome,
        person: line.person.map(|person| (person.id.to_string(), person.login, person.name)),
        by: line.by.map(|person| person.login),
        methods: line.methods,
        strength: line.strength,
        passkey: line.passkey.and_then(|passkey| passkey.name),
        model,
        device: client.browser,
        address: client.address,
        code: sign_in_log::code(&line.event.kind).map(str::to_owned),
        reference: line.event.reference,
    }
}

pub(super) async fn entry(mut visit: Visit, Path(text): Path<String>) -> Answer {
    let who = visit.console(Permission::ReadLog).await?;
    let id: EventId = text.parse().map_err(|_| Problem::not_found())?;
    let found = read_log::entry(&visit.app.service, sight(&who), id).await?;
    let Detail { line, steps, related, explainable } = found.ok_or_else(Problem::not_found)?;
    let (nav, shell) = (visit.nav(&who), visit.shell_for(&who));
    let code = sign_in_log::code(&line.event.kind).map(str::to_owned);
    let failed = line.outcome == Outcome::Failure || code.is_some();
    let app = Arc::clone(&visit.app);
    let rows = |lines: Vec<Line>| lines.into_iter().map(|line| row(&app, line)).collect();
    let page = LogEntry {
        steps: rows(steps),
        related: rows(related),
        needed: sign_in_log::needed(&line.event.kind).map(place_and_strength),
        class: code.as_deref().filter(|_| failed).map(sign_in_log::error_class),
        explainable,
        note: line.event.note.clone(),
        raw: raw(&line),
        erased: line.erased,
        redacted: line.redacted,
        may_act: who.user.role.may(Permission::ManageMethods),
        row: row(&app, line),
        shell,
        nav,
    };
    visit.page(&page)
}

/// `portal phishing-resistant` says for which place which strength was asked.
fn place_and_strength(needed: &str) -> (String, String) {
    let (place, strength) = needed.split_once(' ').unwrap_or(("", needed));
    (place.to_owned(), strength.to_owned())
}

/// Ids and codes as they stand in the log.
fn raw(line: &Line) -> Vec<(String, String)> {
    let event = &line.event;
    let mut raw = vec![
        ("id".to_owned(), event.id.to_string()),
        ("seq".to_owned(), line.seq.map_or_else(String::new, |seq| seq.to_string())),
        ("actor".to_owned(), event.actor.to_string()),
        ("subject".to_owned(), event.subject.map_or_else(String::new, |id| id.to_string())),
        ("reference".to_owned(), event.reference.clone()),
    ];
    if let Ok(serde_json::Value::Object(fields)) = serde_json::to_value(&event.kind) {
        raw.extend(fields.into_iter().map(|(name, value)| match value {
            serde_json::Value::String(text) => (name, text),
            other => (name, other.to_string()),
        }));
    }
    raw
}

pub(super) async fn csv(mut visit: Visit, Query(asked): Query<Asked>) -> Answer {
    let who = visit.console(Permission::ReadLog).await?;
    let (filter, wrong) = read_query(&visit.app, &asked).await?;
    if let Some(field) = wrong {
        return Err(Problem::bad_request(StatusCode::UNPROCESSABLE_ENTITY, field).into());
    }
    // An export holds a place of those who follow something: so many at once, and so many of one person.
    let Some(place) = visit.app.live.watch(who.session.id) else {
        return Err(Problem::unavailable("too many exports and live pages at once").into());
    };
    let (pipe, lines) = mpsc::channel(4);
    let (app, sight) = (Arc::clone(&visit.app), sight(&who));
    tokio::spawn(async move {
        let _place = place;
        export(&app, sight, &filter, &pipe).await;
    });
    Ok(download("sign-ins.csv", lines))
}

/// A file that is made while it is sent.
pub(super) fn download(name: &str, lines: mpsc::Receiver<Bytes>) -> Response {
    let headers = [
        (header::CONTENT_TYPE, "text/csv; charset=utf-8".to_owned()),
        (header::CONTENT_DISPOSITION, format!("attachment; filename=\"{name}\"")),
        (header::CACHE_CONTROL, "no-store".to_owned()),
    ];
    (headers, Body::from_stream(live::Events(lines))).into_response()
}

async fn export(app: &App, sight: Sight, filter: &Filter, pipe: &mpsc::Sender<Bytes>) {
    let (mut before, mut count) = (None, 0);
    if pipe.send(Bytes::from(csv::record(report_lines::SIGN_INS))).await.is_err() {
        return;
    }
    while count < EXPORTED {
        let page = match read_log::page(&app.service, sight, filter, before, read_log::MOST).await {
            Ok(page) => page,
            Err(error) => {
                tracing::error!(%error, "a log was not exported to its end");
                return;
            }
        };
        count += page.lines.len();
        let text: String = page.lines.iter().map(|line| exported(app, line)).collect();
        if !text.is_empty() && pipe.send(Bytes::from(text)).await.is_err() {
            return;
        }
        let Some(next) = page.next else { return };
        before = Some(next);
    }
}

fn exported(app: &App, line: &Line) -> String {
    csv::record(report_lines::sign_in(&app.service, line).iter().map(String::as_str))
}

pub(super) async fn events(mut visit: Visit, Query(asked): Query<Asked>) -> Answer {
    let who = visit.console(Permission::ReadLog).await?;
    let (filter, wrong) = read_query(&visit.app, &asked).await?;
    if wrong.is_some() {
        return Ok(live::full());
    }
    let Some(watcher) = visit.app.live.watch(who.session.id) else { return Ok(live::full()) };
    let (app, shell, token) = (Arc::clone(&visit.app), visit.shell_for(&who), visit.token.clone());
    let role = who.user.role;
    Ok(live::stream(watcher, move || {
        let (app, shell, token, filter) = (Arc::clone(&app), shell.clone(), token.clone(), filter.clone());
        async move {
            // A session that ended, and a role that was taken away, end the stream.
            let now = app.service.db.not_before(app.ambient.now());
            let (who, _) = service::notify::authenticate(&app.service, now, token.as_ref()?).await.ok()??;
            if who.user.role != role {
                return None;
            }
            let lines = read_log::follow(&app.service, Sight::Of(role), &filter, TAIL).await.ok()?;
            Some(told(&app, &shell, lines))
        }
    }))
}

fn told(app: &App, shell: &Shell, lines: Vec<Line>) -> Seen {
    use std::hash::{DefaultHasher, Hash, Hasher};
    let mut hasher = DefaultHasher::new();
    lines.iter().for_each(|line| line.event.id.hash(&mut hasher));
    let entries: Vec<_> = lines
        .into_iter()
        .map(|line| row(app, line))
        .map(|row| {
            json!({
                "id": row.id,
                "at": row.at.to_string(),
                "kind": row.class(),
                "code": row.code.clone().unwrap_or_default(),
                "cells": [
                    row.login(), &row.result(shell), &row.what(shell), &row.strong(shell), &row.key(),
                    &row.device, &row.address, &row.reference,
                ],
            })
        })
        .collect();
    Seen { told: json!({ "ok": true, "entries": entries }), mark: hasher.finish(), last: false }
}
