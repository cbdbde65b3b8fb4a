//! Holds a deployment against the history after a fault: its database, its audit chain, and its server.

use std::collections::BTreeMap;

use store::audit::{self, Filter};
use store::{Db, StoreError};

use super::client::{OneTime, Record, lock};
use super::ground::Ground;
use super::history::{Broken, End, Key, Value};
use super::look::look;
use crate::failure::Failure;
use crate::http::{Body, Connection};
use crate::worker::{Begun, browser_cookie, parse};

/// Things tried over HTTP after each round, of each kind.
const TRIED: usize = 6;
/// Events of one kind that a deployment of one test has at most.
const MOST_EVENTS: u32 = 1_000_000;

/// Calls of a deployment's life by event: how many were acknowledged, and how many nobody knows of.
pub(crate) type Counts = BTreeMap<&'static str, (u64, u64)>;

/// What a check came to.
#[derive(Debug, Default)]
pub(crate) struct Findings {
    /// Acknowledged calls since the last check.
    pub(crate) acknowledged: u64,
    /// Calls since then whose end nobody knew.
    pub(crate) unknown: u64,
    /// Things that were acknowledged and are not so.
    pub(crate) lost: u64,
    /// Each broken promise, the lost ones among them.
    pub(crate) problems: Vec<String>,
}

impl Ground {
    /// The database against the history, everything ever known with `all`. Settles the history.
    pub(crate) fn check_database(&mut self, db: &Db, all: bool) -> Result<Findings, Failure> {
        let keys = lock(&self.record).history.keys(all);
        let found = self.runtime.block_on(db.read(move |tx| look(tx, &keys)));
        let found = match found {
            Ok(found) => found,
            // A row that does not stand under its MAC is a finding, not the end of the search for others.
            Err(error @ (StoreError::Forged { .. } | StoreError::Inconsistent { .. })) => {
                return Ok(Findings { lost: 1, problems: vec![error.to_string()], ..Findings::default() });
            }
            Err(error) => return Err(Failure::because("cannot look into the database")(error)),
        };
        let mut record = lock(&self.record);
        let findings = judge(&mut record, &found);
        record.history.settle(found);
        Ok(findings)
    }

    /// `keyward audit verify`: the chain, and the rows against it.
    pub(crate) fn check_audit(&self) -> Result<Vec<String>, Failure> {
        let said = self.run(&["audit", "verify"])?;
        Ok(said.err().map(|why| format!("keyward audit verify: {why}")).into_iter().collect())
    }

    /// The audit log has one event for each acknowledged call, and none that no call explains.
    pub(crate) fn check_events(&self, db: &Db, counts: &Counts) -> Result<Vec<String>, Failure> {
        let mut problems = Vec::new();
        for (event, (acknowledged, unknown)) in counts {
            let filter = Filter { kind: Some((*event).to_owned()), ..Filter::default() };
            let listed = self.runtime.block_on(db.read(move |tx| audit::list(tx, &filter, MOST_EVENTS)));
            let listed = listed.map_err(Failure::because("cannot list audit events"))?;
            let events = u64::try_from(listed.len()).unwrap_or(u64::MAX);
            // Replacing a pass and disabling an account revoke passes too.
            let most =
                if *event == "pass_revoked" { u64::MAX } else { acknowledged.saturating_add(*unknown) };
            if events < *acknowledged || events > most {
                problems.push(format!(
                    "audit: {events} events {event} for {acknowledged} acknowledged calls and {unknown} unknown ones"
                ));
            }
        }
        Ok(problems)
    }

    /// What only a server can answer: sessions are what the database says, and nothing one-time works twice.
    pub(crate) fn check_server(&mut self) -> Result<Vec<String>, Failure> {
        let mut probe = Probe::default();
        let OneTime { finished, removed, used, ended } = std::mem::take(&mut lock(&self.record).one_time);
        let Some(client) = self.clients.first() else { return Ok(Vec::new()) };
        let endpoint = client.endpoint.clone();
        let mut sessions: Vec<(String, bool)> =
            ended.into_iter().rev().take(TRIED).map(|cookies| (cookies, false)).collect();
        for client in &self.clients {
            let live = client.people.iter().find_map(|person| person.session.as_deref());
            sessions.extend(live.map(|token| (client.cookies(Some(token)), true)));
        }
        let tried = self.runtime.block_on(async {
            let mut connection = Connection::open(&endpoint).await.map_err(|error| error.to_string())?;
            for (cookies, live) in &sessions {
                probe.session(&mut connection, cookies, *live).await?;
            }
            for (cookies, body) in finished.iter().rev().take(TRIED) {
                probe.replayed_sign_in(&mut connection, cookies, body).await?;
            }
            let browser = browser_cookie(&mut connection).await?;
            for mut authenticator in removed.into_iter().rev().take(TRIED) {
                let begun = connection.send("/signin/begin", &browser, Body::Json("{}")).await;
                let begun = begun.map_err(|error| error.to_string())?;
                let begun: Begun<'_> = parse(begun.body, "begin")?;
                let response = authenticator.assert(begun.options.get(), &endpoint.origin())?;
                let body = format!("{{\"state\":\"{}\",\"response\":{response}}}", begun.state);
                probe.removed_passkey(&mut connection, &browser, &body).await?;
            }
            for (login, pass) in used.iter().rev().take(1) {
                let form = format!("identifier={}&pass={pass}", login.replace('@', "%40"));
                probe.used_pass(&mut connection, &browser, &form).await?;
            }
            Ok::<_, String>(())
        });
        tried.map_err(|error| Failure::new(format!("cannot ask the server: {error}")))?;
        Ok(probe.problems)
    }
}

/// Judges what was found, with what the server refused or failed meanwhile.
fn judge(record: &mut Record, found: &BTreeMap<Key, Value>) -> Findings {
    let broken = record.history.check(found);
    let is_loss = |broken: &&Broken| matches!(broken, Broken::Impossible { acknowledged: true, .. });
    let lost = broken.iter().filter(is_loss).count();
    let mut problems: Vec<String> = broken.iter().map(Broken::to_string).collect();
    problems
        .extend(record.refusals.drain(..).map(|what| format!("refused what should have been done: {what}")));
    let count = |count: usize| u64::try_from(count).unwrap_or(u64::MAX);
    Findings {
        acknowledged: count(record.history.count(End::Acknowledged)),
        unknown: count(record.history.count(End::Unknown)),
        lost: count(lost),
        problems,
    }
}

/// Adds the calls since the last check to the counts of the deployment's life.
pub(crate) fn add_counts(counts: &mut Counts, record: &Record) {
    for call in record.history.calls() {
        let (acknowledged, unknown) = counts.entry(call.event).or_default();
        match call.end {
            End::Acknowledged => *acknowledged += 1,
            End::Unknown => *unknown += 1,
            End::Refused => {}
        }
    }
}

/// Asks a server what it must answer in one way only.
#[derive(Default)]
struct Probe {
    problems: Vec<String>,
}

impl Probe {
    async fn session(
        &mut self,
        connection: &mut Connection,
        cookies: &str,
        live: bool,
    ) -> Result<(), String> {
        let answer = connection.send("/me/sessions", cookies, Body::None).await;
        let status = answer.map_err(|error| error.to_string())?.status;
        // An onboarding session is told that it does not reach this page: it lives too.
        if matches!(status, 200 | 403) != live {
            self.problems
                .push(format!("a session that is {}live gets {status}", if live { "" } else { "not " }));
        }
        Ok(())
    }

    async fn replayed_sign_in(
        &mut self,
        connection: &mut Connection,
        cookies: &str,
        body: &str,
    ) -> Result<(), String> {
        if accepted(connection, cookies, body).await? {
            self.problems.push("used twice: the same assertion opened a second session".to_owned());
        }
        Ok(())
    }

    async fn removed_passkey(
        &mut self,
        connection: &mut Connection,
        cookies: &str,
        body: &str,
    ) -> Result<(), String> {
        if accepted(connection, cookies, body).await? {
            self.problems.push("came back: a removed passkey signed in".to_owned());
        }
        Ok(())
    }

    async fn used_pass(
        &mut self,
        connection: &mut Connection,
        cookies: &str,
        form: &str,
    ) -> Result<(), String> {
        let answer = connection.send("/signin/tap", cookies, Body::Form(form)).await;
        if answer.map_err(|error| error.to_string())?.status != 422 {
            self.problems
                .push("used twice: a pass that had registered a passkey opened a session".to_owned());
        }
        Ok(())
    }
}

/// Whether the server takes this sign-in.
async fn accepted(connection: &mut Connection, cookies: &str, body: &str) -> Result<bool, String> {
    let answer = connection.send("/signin/finish", cookies, Body::Json(body)).await;
    let answer = answer.map_err(|error| error.to_string())?;
    Ok(answer.cookie(crate::worker::SESSION).is_some())
}
