//! `keyward report`.

use serde_json::{Map, Value};
use service::Context;
use service::read_log::{self, Filter, Sight};
use service::registration_details::{self, Details};

use super::users::find;
use super::{Failure, open, print, table};
use crate::cli::{Common, Report as Command, SignIns};
use crate::context::system_now;
use crate::csv;
use crate::report_lines::{self, PEOPLE, SIGN_INS};

pub(super) async fn run(common: &Common, command: Command) -> Result<(), Failure> {
    let node = open(common).await?;
    let cx = &node.service;
    match command {
        Command::Registration { csv } => people(common, csv, &everybody(cx).await?),
        Command::Readiness { csv, unready } => {
            let mut found = everybody(cx).await?;
            found.retain(|person| !unready || !person.readiness.survival.is_ready());
            found.sort_by_key(|person| person.readiness.survival.score());
            people(common, csv, &found)
        }
        Command::SignIns(asked) => sign_ins(common, cx, asked).await,
    }
}

async fn everybody(cx: &Context) -> Result<Vec<Details>, Failure> {
    let (mut people, now) = (Vec::<Details>::new(), system_now());
    loop {
        let after = people.last().map(|person| person.user.id);
        let page = registration_details::page(cx, now, after, registration_details::MOST).await?;
        if page.is_empty() {
            return Ok(people);
        }
        people.extend(page);
    }
}

fn people(common: &Common, csv: bool, people: &[Details]) -> Result<(), Failure> {
    let rows: Vec<Vec<String>> = people.iter().map(|person| report_lines::person(person).to_vec()).collect();
    if csv || common.json {
        return told(common, csv, &PEOPLE, &rows);
    }
    // For people: who, what is left after a loss, and what to do about it.
    let short = people.iter().map(|person| {
        let advice: Vec<_> = person.readiness.advice.iter().map(|advice| advice.as_str()).collect();
        vec![
            person.user.login.shown().to_owned(),
            person.readiness.survival.score().to_string(),
            person.readiness.survival.as_str().to_owned(),
            if person.readiness.mfa_capable { "capable" } else { "not-capable" }.to_owned(),
            person.readiness.methods.join(" "),
            advice.join(" "),
        ]
    });
    print(common, &Value::Null, || table(&short.collect::<Vec<_>>()))
}

async fn sign_ins(common: &Common, cx: &Context, asked: SignIns) -> Result<(), Failure> {
    let user = match &asked.user {
        Some(login) => Some(find(cx, login).await?),
        None => None,
    };
    let filter =
        Filter { user, from: asked.from, until: asked.until, outcome: asked.result, ..Filter::default() };
    let wanted = usize::try_from(asked.limit).unwrap_or(usize::MAX);
    let (mut rows, mut before) = (Vec::new(), None);
    while rows.len() < wanted {
        let page = read_log::page(cx, Sight::Everything, &filter, before, read_log::MOST).await?;
        rows.extend(page.lines.iter().map(|line| report_lines::sign_in(cx, line).to_vec()));
        let Some(next) = page.next else { break };
        before = Some(next);
    }
    rows.truncate(wanted);
    if asked.csv || common.json {
        return told(common, asked.csv, &SIGN_INS, &rows);
    }
    // Time, person, result, methods, device, address, reason and reference.
    let short = rows.iter().map(|row| {
        [0, 1, 4, 5, 9, 10, 11, 12].iter().filter_map(|column| row.get(*column).cloned()).collect::<Vec<_>>()
    });
    print(common, &Value::Null, || table(&short.collect::<Vec<_>>()))
}

/// Everything, for programs.
fn told(common: &Common, csv: bool, heads: &[&str], rows: &[Vec<String>]) -> Result<(), Failure> {
    if csv {
        let lines = rows.iter().map(|row| csv::record(row.iter().map(String::as_str)));
        let file: String = std::iter::once(csv::record(heads.iter().copied())).chain(lines).collect();
        return print(common, &Value::Null, || file.trim_end().to_owned());
    }
    let objects = rows.iter().map(|row| {
        let fields = heads.iter().zip(row).map(|(name, value)| ((*name).to_owned(), typed(value)));
        Value::Object(fields.collect::<Map<_, _>>())
    });
    print(common, &Value::Array(objects.collect()), String::new)
}

/// Truth values are told as such.
fn typed(value: &str) -> Value {
    match value {
        "true" => Value::Bool(true),
        "false" => Value::Bool(false),
        text => Value::String(text.to_owned()),
    }
}
