//! The console's overview, log and reports.

use account::readiness::{Advice, Survival};
use account::role::Role;
use account::sign_in_log::{ErrorClass, Method, Outcome};
use account::strength::Strength;
use primitives::time::Span;

use super::samples::{Sample, now, sample, signed_in};
use crate::pages::console::Nav;
use crate::pages::console::chart::{BarRow, Bars, Column, Columns};
use crate::pages::console::log::{Asked, Log, LogEntry, LogRow};
use crate::pages::console::overview::{Counted, Overview};
use crate::pages::console::reports::{PersonReadiness, Report, ReportRow};
use crate::text::Text;

pub(super) fn all(text: Text) -> Vec<Sample> {
    let mut samples = overviews(text);
    samples.extend(logs(text));
    samples.extend(ErrorClass::ALL.iter().map(|class| entry(text, Some(*class))));
    samples.push(entry(text, None));
    samples.extend(reports(text));
    samples
}

fn nav(path: &str) -> Nav {
    Nav::new(Role::Administrator, path)
}

fn bars(text: Text, key: &str) -> Bars {
    let row =
        |label: &str, value| BarRow { label: label.to_owned(), value, href: Some("/admin/log".to_owned()) };
    Bars {
        caption: text.say(key).to_string(),
        heads: ["insight-step", "insight-count"].map(|key| text.say(key).to_string()),
        whole: 40,
        rows: vec![row("<1>", 40), row("2", 0)],
    }
}

fn columns(text: Text, most: i64) -> Columns {
    let column = |success, failure| Column { when: "22 November 2026".to_owned(), success, failure };
    Columns {
        caption: text.say("insight-sign-ins-days").count("count", &30).to_string(),
        columns: vec![column(most, 1), column(0, 0)],
    }
}

fn row(outcome: Outcome) -> LogRow {
    LogRow {
        id: "0198f1c2-0000-7000-8000-00000000000a".to_owned(),
        at: now(),
        kind: "signed_in",
        outcome,
        person: Some((
            "0198f1c2-0000-7000-8000-000000000001".into(),
            "ana@example.com".into(),
            "Ana <5>".into(),
        )),
        by: Some("eve@example.com".to_owned()),
        methods: Method::ALL.to_vec(),
        strength: Some(Strength::PhishingResistant),
        passkey: Some("YubiKey <5>".to_owned()),
        model: Some("YubiKey 5".to_owned()),
        device: "Chrome on Windows".to_owned(),
        address: "203.0.113.7".to_owned(),
        code: Some("pass_wrong".to_owned()),
        reference: "7F3K-22QX".to_owned(),
    }
}

fn rows() -> Vec<LogRow> {
    Outcome::ALL.iter().map(|outcome| row(*outcome)).collect()
}

fn overviews(text: Text) -> Vec<Sample> {
    let counted = Counted {
        at: now(),
        funnel: bars(text, "insight-funnel"),
        survival: bars(text, "insight-survival"),
        methods: bars(text, "insight-methods"),
        models: bars(text, "insight-models"),
        score: 71,
        ready: 1,
        invited: 40,
        people: 41,
        disabled: 1,
        trend: vec![(now(), 40, 7), (now() - Span::from_days(1), 39, 6)],
    };
    let overview = |counted: Option<Counted>| Overview {
        days: columns(text, if counted.is_some() { 9 } else { 0 }),
        used: bars(text, "insight-used"),
        reasons: bars(text, "insight-reasons"),
        refusals: Some(if counted.is_some() { vec![row(Outcome::Failure)] } else { Vec::new() }),
        waiting: counted.as_ref().map(|_| 2),
        shell: signed_in(text, "/admin"),
        nav: nav("/admin"),
        counted,
    };
    let bare = Overview {
        refusals: None,
        days: Columns { columns: Vec::new(), ..columns(text, 0) },
        ..overview(None)
    };
    vec![
        sample("overview", &overview(Some(counted))),
        sample("overview-empty", &overview(None)),
        sample("overview-reader", &bare),
    ]
}

fn logs(text: Text) -> Vec<Sample> {
    let log = || Log {
        shell: signed_in(text, "/admin/log"),
        nav: nav("/admin/log"),
        asked: Asked::default(),
        wrong: None,
        rows: rows(),
        chart: Some(columns(text, 5)),
        next: Some("before=0198f1c2".to_owned()),
        query: String::new(),
        reached: None,
        later: false,
        erased_before: now() - Span::from_days(180),
        shortened: false,
    };
    let narrow = Asked {
        show: "all".into(),
        result: "failure".into(),
        method: "passkey".into(),
        strength: "phishing-resistant".into(),
        kind: "signed_in".into(),
        user: "<ana>".into(),
        passkey: "0198f1c2".into(),
        model: "ee882879".into(),
        ..Asked::default()
    };
    let far =
        Log { rows: Vec::new(), chart: None, reached: Some(now()), later: true, asked: narrow, ..log() };
    let none = Log { rows: Vec::new(), chart: None, next: None, ..log() };
    let later = Log { reached: Some(now()), shortened: true, later: true, ..log() };
    let wrong = Log { rows: Vec::new(), chart: None, wrong: Some("from"), ..log() };
    vec![
        sample("al-1", &log()),
        sample("al-1-far", &far),
        sample("al-1-none", &none),
        sample("al-1-later", &later),
        sample("al-1-wrong", &wrong),
    ]
}

fn entry(text: Text, class: Option<ErrorClass>) -> Sample {
    let places = ["portal", "console", "security-info", "applications", "vault"];
    let place =
        places[class.map_or(0, |class| ErrorClass::ALL.iter().position(|one| *one == class).unwrap() % 5)];
    let strength = match place {
        "portal" => "anything",
        "vault" => "keys-of-the-vault",
        _ => "phishing-resistant",
    };
    let page = LogEntry {
        shell: signed_in(text, "/admin/log/0198f1c2"),
        nav: nav("/admin/log/0198f1c2"),
        row: if class.is_some() {
            row(Outcome::Failure)
        } else {
            LogRow { person: None, ..row(Outcome::Success) }
        },
        steps: rows(),
        related: if class.is_some() { rows() } else { Vec::new() },
        needed: Some((place.to_owned(), strength.to_owned())),
        class,
        explainable: class.is_some(),
        note: Some("Lost <it>".to_owned()),
        raw: vec![("id".to_owned(), "0198f1c2".to_owned())],
        erased: class.is_none(),
        redacted: class.is_none(),
        may_act: class.is_some(),
    };
    sample("al-2", &page)
}

fn report_row(survival: Survival) -> ReportRow {
    ReportRow {
        id: "0198f1c2-0000-7000-8000-000000000001".to_owned(),
        login: "ana@example.com".to_owned(),
        name: "Ana Meier".to_owned(),
        admin: false,
        mfa_registered: true,
        mfa_capable: true,
        passwordless_capable: false,
        methods: vec!["passKeySynced", "password"],
        survival,
        updated: now(),
    }
}

fn reports(text: Text) -> Vec<Sample> {
    let report = |rows: Vec<ReportRow>| Report {
        shell: signed_in(text, "/admin/reports"),
        nav: nav("/admin/reports"),
        next: rows.first().map(|row| row.id.clone()),
        later: !rows.is_empty(),
        rows,
    };
    let person = |advice: Vec<Advice>| PersonReadiness {
        shell: signed_in(text, "/admin/users/0198f1c2/readiness"),
        nav: nav("/admin/users/0198f1c2/readiness"),
        row: report_row(Survival::Restorable),
        passkeys: if advice.is_empty() {
            Vec::new()
        } else {
            vec![("Phone".to_owned(), true), ("Old".to_owned(), false)]
        },
        advice,
    };
    vec![
        sample("report", &report(Survival::ALL.iter().map(|survival| report_row(*survival)).collect())),
        sample("report-empty", &report(Vec::new())),
        sample("readiness", &person(Advice::ALL.to_vec())),
        sample("readiness-empty", &person(Vec::new())),
    ]
}
