//! `/admin/reports`: what people have registered, and whether they could lose a device today.

use std::sync::Arc;

use account::policy::judge;
use account::role::Permission;
use account::user::UserId;
use axum::body::Bytes;
use serde::Deserialize;
use service::registration_details::{self, Details};
use tokio::sync::mpsc;

use super::log::download;
use crate::app::App;
use crate::context::Visit;
use crate::csv;
use crate::fields::{Path, Query};
use crate::pages::console::reports::{PersonReadiness, Report, ReportRow};
use crate::problem::{Answer, Problem};
use crate::report_lines;

/// People of a page.
const PEOPLE: u32 = 50;

/// Behind whom a page begins.
#[derive(Deserialize)]
pub(super) struct After {
    after: Option<String>,
}

pub(super) async fn list(mut visit: Visit, Query(asked): Query<After>) -> Answer {
    let who = visit.console(Permission::ReadUsers).await?;
    let after: Option<UserId> = asked.after.as_deref().and_then(|text| text.parse().ok());
    let people = registration_details::page(&visit.app.service, visit.now(), after, PEOPLE).await?;
    let (nav, shell) = (visit.nav(&who), visit.shell_for(&who));
    let page = Report {
        // A page may be short of people who were deleted; the next one says whether there are more.
        next: people.last().map(|last| last.user.id.to_string()),
        rows: people.iter().map(row).collect(),
        later: after.is_some(),
        shell,
        nav,
    };
    visit.page(&page)
}

fn row(details: &Details) -> ReportRow {
    let Details { user, readiness, .. } = details;
    ReportRow {
        id: user.id.to_string(),
        login: user.login.shown().to_owned(),
        name: user.name.clone(),
        admin: details.is_admin(),
        mfa_registered: readiness.mfa_registered,
        mfa_capable: readiness.mfa_capable,
        passwordless_capable: readiness.passwordless_capable,
        methods: readiness.methods.clone(),
        survival: readiness.survival,
        updated: details.updated(),
    }
}

pub(super) async fn person(mut visit: Visit, Path(text): Path<String>) -> Answer {
    let who = visit.console(Permission::ReadUsers).await?;
    let id: UserId = text.parse().map_err(|_| Problem::not_found())?;
    let found = registration_details::of(&visit.app.service, visit.now(), id).await?;
    let details = found.ok_or_else(Problem::not_found)?;
    let settings = visit.app.service.settings();
    let policy = settings.of(&details.user).passkeys;
    let passkeys = details.registered.passkeys.iter().filter(|passkey| passkey.is_enabled());
    let passkeys = passkeys
        .map(|passkey| (passkey.name.clone(), judge::may_use(&policy, passkey, &settings.models).is_ok()))
        .collect();
    let (nav, shell) = (visit.nav(&who), visit.shell_for(&who));
    let page = PersonReadiness {
        row: row(&details),
        advice: details.readiness.advice.clone(),
        passkeys,
        shell,
        nav,
    };
    visit.page(&page)
}

pub(super) async fn csv(mut visit: Visit) -> Answer {
    let who = visit.console(Permission::ReadUsers).await?;
    let Some(place) = visit.app.live.watch(who.session.id) else {
        return Err(Problem::unavailable("too many exports and live pages at once").into());
    };
    let (pipe, lines) = mpsc::channel(4);
    let (app, now) = (Arc::clone(&visit.app), visit.now());
    tokio::spawn(async move {
        let _place = place;
        export(&app, now, &pipe).await;
    });
    Ok(download("registration.csv", lines))
}

async fn export(app: &App, now: primitives::time::Timestamp, pipe: &mpsc::Sender<Bytes>) {
    let mut after = None;
    if pipe.send(Bytes::from(csv::record(report_lines::PEOPLE))).await.is_err() {
        return;
    }
    loop {
        let page =
            match registration_details::page(&app.service, now, after, registration_details::MOST).await {
                Ok(page) => page,
                Err(error) => {
                    tracing::error!(%error, "a report was not exported to its end");
                    return;
                }
            };
        let Some(last) = page.last() else { return };
        after = Some(last.user.id);
        let text: String = page
            .iter()
            .map(|details| csv::record(report_lines::person(details).iter().map(String::as_str)))
            .collect();
        if pipe.send(Bytes::from(text)).await.is_err() {
            return;
        }
    }
}
