//! `/admin`: the console's overview.

use std::sync::Arc;

use account::model::Aaguid;
use account::readiness::Survival;
use account::role::Permission;
use account::sign_in_log::{ErrorClass, Method, Outcome};
use axum::Router;
use axum::routing::get;
use primitives::time::Timestamp;
use service::insight::{self, Bucket, DAYS, Fleet, Overview as Found};
use service::read_log::Sight;

use super::log::{self, row};
use super::reports;
use crate::app::App;
use crate::context::Visit;
use crate::pages::console::chart::{BarRow, Bars, Column, Columns};
use crate::pages::console::log::{error_keys, method_key};
use crate::pages::console::overview::{Counted, Overview};
use crate::pages::console::reports::survival_key;
use crate::problem::Answer;
use crate::report_lines::model_name;
use crate::text::{Style, Text};

pub(super) fn routes() -> Router<Arc<App>> {
    Router::new()
        .route("/admin", get(show))
        .route("/admin/log", get(log::list))
        .route("/admin/log.csv", get(log::csv))
        .route("/admin/log/events", get(log::events))
        .route("/admin/log/{id}", get(log::entry))
        .route("/admin/reports", get(reports::list))
        .route("/admin/reports/registration.csv", get(reports::csv))
        .route("/admin/users/{id}/readiness", get(reports::person))
}

async fn show(mut visit: Visit) -> Answer {
    let who = visit.console(Permission::ReadUsers).await?;
    let role = who.user.role;
    let sight = role.may(Permission::ReadLog).then_some(Sight::Of(role));
    let found = insight::overview(&visit.app.service, visit.now(), sight).await?;
    let (nav, shell) = (visit.nav(&who), visit.shell_for(&who));
    let text = shell.text;
    let Found { fleet, trend, days, refusals, waiting } = found;
    let page = Overview {
        counted: fleet.map(|(at, fleet)| counted(&visit.app, text, at, &fleet, trend)),
        used: used(text, &days),
        reasons: reasons(text, &days),
        days: columns(
            text,
            text.say("insight-sign-ins-days").count("count", &DAYS).to_string(),
            &days,
            Style::Date,
        ),
        refusals: sight.map(|_| refusals.into_iter().map(|line| row(&visit.app, line)).collect()),
        waiting: role.may(Permission::IssuePasses).then(|| i64::from(waiting)),
        shell,
        nav,
    };
    visit.page(&page)
}

fn number(count: u64) -> i64 {
    i64::try_from(count).unwrap_or(i64::MAX)
}

fn bars(text: Text, caption: &str, heads: [&str; 2], whole: i64, rows: Vec<BarRow>) -> Bars {
    let said = |key: &str| text.say(key).to_string();
    Bars { caption: said(caption), heads: heads.map(said), whole, rows }
}

fn line(label: String, value: u64) -> BarRow {
    BarRow { label, value: number(value), href: None }
}

fn counted(app: &App, text: Text, at: Timestamp, fleet: &Fleet, trend: Vec<(Timestamp, Fleet)>) -> Counted {
    let invited = number(fleet.invited);
    let steps = [
        ("insight-step-invited", fleet.invited),
        ("insight-step-opened", fleet.opened),
        ("insight-step-enrolled", fleet.enrolled),
        ("insight-step-second", fleet.second),
        ("insight-step-passwordless", fleet.passwordless),
    ];
    let steps = steps.into_iter().map(|(key, count)| line(text.say(key).to_string(), count)).collect();
    let survival = Survival::ALL.iter().rev().map(|one| {
        let count = fleet.survival.get(one.as_str()).copied().unwrap_or(0);
        line(text.say(survival_key(*one)).to_string(), count)
    });
    let methods = fleet.methods.iter().map(|(name, count)| line(name.clone(), *count)).collect();
    let models = fleet.models.iter().map(|(model, count)| {
        let known = model.parse::<Aaguid>().ok();
        let name = known.and_then(|aaguid| model_name(&app.service, aaguid));
        let href = known.map(|aaguid| format!("/admin/log?model={aaguid}"));
        let label = name.unwrap_or_else(|| match known {
            Some(Aaguid::UNKNOWN) | None => text.say("insight-model-none").to_string(),
            Some(aaguid) => aaguid.to_string(),
        });
        BarRow { label, value: number(*count), href }
    });
    let models: Vec<_> = models.collect();
    let passkeys = models.iter().map(|model| model.value).fold(0, i64::saturating_add);
    Counted {
        at,
        funnel: bars(text, "insight-funnel", ["insight-step", "insight-count"], invited, steps),
        survival: bars(
            text,
            "insight-survival",
            ["insight-lose", "insight-count"],
            invited,
            survival.collect(),
        ),
        methods: bars(text, "insight-methods", ["insight-method", "insight-count"], invited, methods),
        models: bars(text, "insight-models", ["insight-model", "insight-passkey-count"], passkeys, models),
        score: number(fleet.score()),
        ready: number(fleet.ready()),
        invited,
        people: number(fleet.people),
        disabled: number(fleet.disabled),
        trend: trend
            .into_iter()
            .rev()
            .map(|(at, fleet)| (at, number(fleet.invited), number(fleet.second)))
            .collect(),
    }
}

/// The chart of sign-ins over time.
pub(super) fn columns(text: Text, caption: String, buckets: &[Bucket], style: Style) -> Columns {
    let columns = buckets.iter().map(|bucket| Column {
        when: text.moment(&Timestamp::from_secs(bucket.begins), style),
        success: number(bucket.of(Outcome::Success)),
        failure: number(bucket.of(Outcome::Failure)),
    });
    Columns { caption, columns: columns.collect() }
}

/// What was counted under words that begin so, by what follows.
fn by_word(days: &[Bucket], begin: &str) -> Vec<(String, u64)> {
    let mut sums = std::collections::BTreeMap::<String, u64>::new();
    for (what, count) in days.iter().flat_map(|day| &day.tally) {
        if let Some(word) = what.strip_prefix(begin) {
            let sum = sums.entry(word.to_owned()).or_default();
            *sum = sum.saturating_add(*count);
        }
    }
    let mut sums: Vec<_> = sums.into_iter().collect();
    sums.sort_by_key(|(_, count)| std::cmp::Reverse(*count));
    sums
}

fn total(rows: &[BarRow]) -> i64 {
    rows.iter().map(|row| row.value).fold(0, i64::saturating_add)
}

fn used(text: Text, days: &[Bucket]) -> Bars {
    let words = |names: &str| {
        let methods = names.split('+').filter_map(Method::parse);
        let words: Vec<_> = methods.map(|method| text.say(method_key(method)).to_string()).collect();
        words.join(" + ")
    };
    let rows: Vec<_> =
        by_word(days, "success/").into_iter().map(|(names, count)| line(words(&names), count)).collect();
    bars(text, "insight-used", ["insight-method", "insight-sign-ins"], total(&rows), rows)
}

fn reasons(text: Text, days: &[Bucket]) -> Bars {
    let rows = by_word(days, "failure/").into_iter().filter_map(|(class, count)| {
        let [name, _] = error_keys(ErrorClass::parse(&class)?);
        Some(line(text.say(name).to_string(), count))
    });
    let rows: Vec<_> = rows.collect();
    bars(text, "insight-reasons", ["insight-reason", "insight-outcome-failure"], total(&rows), rows)
}
