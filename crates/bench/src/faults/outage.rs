//! What a deployment says while its database is away: asked from outside, again and again, with a clock in hand.

use std::collections::BTreeMap;
use std::io::{Read, Write};
use std::net::TcpStream;
use std::time::{Duration, Instant};

use super::client::{Client, Request, Stop, lock};
use crate::failure::Failure;
use crate::http::{Body, Endpoint};
use crate::worker::{Begun, parse};

/// Between two rounds of questions.
const PAUSE: Duration = Duration::from_millis(200);
/// By then every request has its answer.
const BOUND: Duration = Duration::from_secs(5);
/// So soon the probe for readiness must say what is wrong.
const NOTICED: Duration = Duration::from_secs(5);
/// A prober that has no answer by then gives up: far beyond what is promised.
const PATIENCE: Duration = Duration::from_secs(12);

/// Somebody who asks, in a browser with people of their own.
pub(crate) struct Prober {
    client: Client,
    runtime: tokio::runtime::Runtime,
    /// The session of the first of them.
    session: String,
    /// A sign-in that was begun before the outage, to be finished in it and after it.
    body: String,
    style_sheet: String,
}

/// What was seen.
#[derive(Debug, Default)]
pub(crate) struct Seen {
    /// Answers by what was asked and what came.
    answers: BTreeMap<String, u64>,
    slowest: BTreeMap<&'static str, Duration>,
    problems: Vec<String>,
}

impl Seen {
    fn note(&mut self, what: &'static str, answer: &str, took: Duration, well: bool) {
        *self.answers.entry(format!("{what} {answer}")).or_default() += 1;
        let slowest = self.slowest.entry(what).or_default();
        *slowest = took.max(*slowest);
        if !well && self.problems.len() < 5 {
            self.problems.push(format!(
                "while the database is away, {what} gets {answer} after {} ms",
                took.as_millis()
            ));
        }
    }

    /// The slowest answer of all.
    pub(crate) fn slowest(&self) -> Duration {
        self.slowest.values().max().copied().unwrap_or_default()
    }

    /// The broken promises.
    pub(crate) fn problems(&self) -> Vec<String> {
        let slow = self.slowest.iter().filter(|(_, took)| **took > BOUND);
        let slow = slow.map(|(what, took)| format!("{what} took {} ms, promised are 5000", took.as_millis()));
        self.problems.iter().cloned().chain(slow).collect()
    }

    /// The answers, and the slowest of each kind.
    pub(crate) fn summary(&self) -> String {
        let answers: Vec<String> =
            self.answers.iter().map(|(what, count)| format!("{what} ×{count}")).collect();
        format!("{}; slowest {} ms (5000)", answers.join(", "), self.slowest().as_millis())
    }
}

/// One answer, from a connection of its own.
struct Plain {
    status: u16,
    head: String,
    body: String,
    took: Duration,
}

impl Prober {
    /// Somebody who uses this browser.
    pub(crate) fn new(client: Client) -> Result<Self, Failure> {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
        let runtime = runtime.map_err(Failure::because("cannot start a runtime"))?;
        Ok(Self { client, runtime, session: String::new(), body: String::new(), style_sheet: String::new() })
    }

    /// Gives the browser back.
    pub(crate) fn give_back(mut self) -> Client {
        self.client.hang_up();
        self.client
    }

    /// Signs somebody in, begins another sign-in, and looks at a page, all before the outage.
    pub(crate) fn prepare(&mut self) -> Result<(), Failure> {
        let mut person = self.client.people.remove(0);
        self.runtime.block_on(self.client.sign_in(&mut person)).map_err(stopped)?;
        self.session = person.session.clone().unwrap_or_default();
        self.client.people.insert(0, person);
        let page = ask(&self.client.endpoint, "/signin", "").map_err(Failure::because("no page"))?;
        let after = page.body.split("href=\"/static/").find(|part| part.contains(".css\""));
        let path = after.and_then(|part| part.split('"').next()).unwrap_or_default();
        self.style_sheet = format!("/static/{path}");
        let Self { client, runtime, .. } = self;
        self.body = runtime.block_on(async {
            let begin =
                Request { path: "/signin/begin", session: None, body: Body::Json("{}"), leads_to: None };
            let begun = client.ask(begin).await.map_err(stopped)?;
            let begun: Begun<'_> = parse(begun.body.as_bytes(), "begin").map_err(Failure::new)?;
            let held = client.people.last_mut().and_then(|person| person.keys.first_mut());
            let held = held.ok_or_else(|| Failure::new("nobody to sign in as"))?;
            let response = held.authenticator.assert(begun.options.get(), &client.endpoint.origin());
            let response = response.map_err(Failure::new)?;
            Ok::<_, Failure>(format!("{{\"state\":\"{}\",\"response\":{response}}}", begun.state))
        })?;
        Ok(())
    }

    /// Asks for everything in turn, for so long.
    pub(crate) fn watch(&mut self, begun: Instant, length: Duration) -> Result<Seen, Failure> {
        let mut seen = Seen::default();
        self.finish(&mut seen);
        let endpoint = self.client.endpoint.clone();
        let cookies = self.client.cookies(Some(&self.session));
        while begun.elapsed() < length {
            for (what, path) in [
                ("healthz", "/healthz"),
                ("sign-in page", "/signin"),
                ("style sheet", self.style_sheet.as_str()),
            ] {
                see(&mut seen, what, ask(&endpoint, path, ""), |answer| {
                    answer.status == 200 && answer.took < Duration::from_secs(1)
                });
            }
            let since = begun.elapsed();
            see(&mut seen, "readyz", ask(&endpoint, "/readyz", ""), |answer| {
                since < NOTICED || (answer.status == 503 && answer.body.contains("\"database\""))
            });
            see(&mut seen, "signed-in page", ask(&endpoint, "/me/security", &cookies), is_clear);
            self.sign_in(&mut seen);
            std::thread::sleep(PAUSE);
        }
        Ok(seen)
    }

    /// A whole new sign-in, which must be refused clearly.
    fn sign_in(&mut self, seen: &mut Seen) {
        let count = self.client.people.len().max(1);
        let Some(mut person) = (count > 1).then(|| self.client.people.remove(1)) else { return };
        let asked = Instant::now();
        let signed_in = self.runtime.block_on(self.client.sign_in(&mut person));
        let (answer, well) = match signed_in {
            Err(Stop::Failed) => (self.last_failure(), true),
            Err(Stop::Gone) => ("no answer".to_owned(), false),
            Err(_) => ("refused".to_owned(), false),
            Ok(()) => ("done".to_owned(), false),
        };
        // A page says 503 and no code; a busy machine turns people away before it asks the database.
        let clear = ["503 unavailable", "503 outcome_unknown", "503 overloaded", ": 503 "];
        let well = well && clear.iter().any(|end| answer.ends_with(end));
        seen.note("sign-in", answer.rsplit(": ").next().unwrap_or_default(), asked.elapsed(), well);
        self.client.people.insert(1, person);
    }

    fn last_failure(&self) -> String {
        lock(&self.client.record).failures.last().cloned().unwrap_or_default()
    }

    /// Finishes the sign-in that was begun before, in the first moment of the outage.
    fn finish(&mut self, seen: &mut Seen) {
        let asked = Instant::now();
        let finished = self.send_body();
        let answer = match finished {
            Ok(_) => "done".to_owned(),
            Err(Stop::Failed) => self.last_failure(),
            Err(stop) => format!("{stop:?}"),
        };
        let answer = answer.rsplit(": ").next().unwrap_or_default().to_owned();
        let well = answer.starts_with("503") || answer == "done";
        seen.note("sign-in under way", &answer, asked.elapsed(), well);
    }

    fn send_body(&mut self) -> Result<super::client::Done, Stop> {
        let request =
            Request { path: "/signin/finish", session: None, body: Body::Json(&self.body), leads_to: None };
        self.runtime.block_on(self.client.change("signed_in", Vec::new(), request))
    }

    /// Until somebody can sign in again: how long that took.
    pub(crate) fn until_signed_in(&mut self, returned: Instant) -> Result<Duration, Failure> {
        while returned.elapsed() < Duration::from_secs(30) {
            let mut person = self.client.people.remove(0);
            let done = self.runtime.block_on(self.client.sign_in(&mut person));
            self.client.people.insert(0, person);
            if done.is_ok() {
                return Ok(returned.elapsed());
            }
            std::thread::sleep(Duration::from_millis(20));
        }
        Err(Failure::new("nobody could sign in within 30 s after the database was back"))
    }

    /// Sends what was cut off again, twice: it is done now, or refused because it was done then, and never done twice.
    pub(crate) fn send_again(&mut self) -> Result<Result<(), String>, Failure> {
        let first = self.send_body();
        let second = self.send_body();
        let mut record = lock(&self.client.record);
        // These refusals are what should happen.
        record.refusals.retain(|refusal| refusal != "signed_in: 200 challenge_expired");
        Ok(match (first, second) {
            (Ok(_) | Err(Stop::Refused), Err(Stop::Refused)) => Ok(()),
            (Ok(_), Ok(_)) => Err("what was cut off was done twice when it was sent again".to_owned()),
            (first, second) => Err(format!(
                "what was cut off got {:?} and {:?} when it was sent again",
                first.err(),
                second.err()
            )),
        })
    }
}

fn stopped(stop: Stop) -> Failure {
    Failure::new(format!("a sign-in stopped before the outage: {stop:?}"))
}

/// A refusal that says what to do: 503, and when to come back.
fn is_clear(answer: &Plain) -> bool {
    answer.status == 503 && answer.head.to_ascii_lowercase().contains("\r\nretry-after:")
}

fn see(
    seen: &mut Seen,
    what: &'static str,
    answer: std::io::Result<Plain>,
    well: impl FnOnce(&Plain) -> bool,
) {
    match answer {
        Ok(answer) => {
            let well = well(&answer);
            seen.note(what, &answer.status.to_string(), answer.took, well);
        }
        Err(error) => seen.note(what, &error.kind().to_string(), PATIENCE, false),
    }
}

/// One GET on a connection of its own.
fn ask(endpoint: &Endpoint, path: &str, cookies: &str) -> std::io::Result<Plain> {
    let begun = Instant::now();
    let mut stream = TcpStream::connect(endpoint.address)?;
    stream.set_read_timeout(Some(PATIENCE))?;
    let cookies = if cookies.is_empty() { String::new() } else { format!("cookie: {cookies}\r\n") };
    let authority = &endpoint.authority;
    let request = format!("GET {path} HTTP/1.1\r\nhost: {authority}\r\n{cookies}connection: close\r\n\r\n");
    stream.write_all(request.as_bytes())?;
    let mut answer = String::new();
    stream.read_to_string(&mut answer)?;
    let (head, body) = answer.split_once("\r\n\r\n").unwrap_or((&answer, ""));
    let status = head.get(9..12).and_then(|status| status.parse().ok()).unwrap_or(0);
    Ok(Plain { status, head: head.to_owned(), body: body.to_owned(), took: begun.elapsed() })
}
