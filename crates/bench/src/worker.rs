//! One connection's work: complete sign-ins of its own people, or a fetch of one path.

use std::time::{Duration, Instant};

use serde::Deserialize;
use serde_json::value::RawValue;

use crate::http::{Answer, Body, Connection, Endpoint, HttpError};
use crate::person::Person;
use crate::token::errand::Errand;

/// The session's cookie.
pub(crate) const SESSION: &str = "__Host-keyward-session";
/// The browser's cookie.
const BROWSER: &str = "__Host-keyward-browser";

/// How long the parts of one job took.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Laps {
    /// When the job was begun.
    pub(crate) begun: Instant,
    /// Each request from its sending to its complete answer; unused ones are zero.
    pub(crate) steps: [Duration; 3],
}

/// What a worker does again and again.
pub(crate) enum Job {
    /// GET this path.
    Fetch(String),
    /// Sign in as the next of these people, each of which no other worker has.
    SignIn(People),
    /// What an application asks for.
    Errand(Errand),
}

/// The people of one worker, who take turns.
pub(crate) struct People {
    people: Vec<Person>,
    next: usize,
}

impl People {
    /// People who take turns in this order.
    pub(crate) fn new(people: Vec<Person>) -> Self {
        Self { people, next: 0 }
    }

    fn next(&mut self) -> Option<&mut Person> {
        let index = self.next;
        self.next = (index + 1) % self.people.len().max(1);
        self.people.get_mut(index)
    }
}

/// A connection that does one job at a time.
pub(crate) struct Worker {
    endpoint: Endpoint,
    connection: Option<Connection>,
    job: Job,
    /// The `Cookie` header of a browser that is not signed in.
    browser: String,
}

impl Worker {
    /// A worker that connects when it is first run.
    pub(crate) fn new(endpoint: Endpoint, job: Job) -> Self {
        Self { endpoint, connection: None, job, browser: String::new() }
    }

    /// Does the job once. The error is `step: code`, as the server or the connection gave it.
    pub(crate) async fn run(&mut self) -> Result<Laps, String> {
        let result = self.attempt().await;
        if result.is_err() {
            // The connection may stand in the middle of an answer.
            self.hang_up();
        }
        result
    }

    /// What it does, and what it has gathered.
    pub(crate) fn into_job(self) -> Job {
        self.job
    }

    /// Drops the connection; the next run opens another.
    pub(crate) fn hang_up(&mut self) {
        self.connection = None;
    }

    async fn attempt(&mut self) -> Result<Laps, String> {
        let mut connection = match self.connection.take() {
            Some(connection) => connection,
            None => Connection::open(&self.endpoint).await.map_err(|error| at("connect", &error))?,
        };
        if self.browser.is_empty() && matches!(self.job, Job::SignIn(_)) {
            self.browser = browser_cookie(&mut connection).await?;
        }
        let laps = match &mut self.job {
            Job::Fetch(path) => fetch(&mut connection, path).await?,
            Job::Errand(errand) => errand.run(&mut connection).await?,
            Job::SignIn(people) => {
                let person = people.next().ok_or("setup: no people")?;
                sign_in(&mut connection, &self.browser, &self.endpoint, person).await?.0
            }
        };
        self.connection = Some(connection);
        Ok(laps)
    }
}

/// What a browser brings along that has been here before.
pub(crate) async fn browser_cookie(connection: &mut Connection) -> Result<String, String> {
    let page = connection.send("/signin", "", Body::None).await.map_err(|error| at("page", &error))?;
    expect(&page, 200, "page")?;
    let value = page.cookie(BROWSER).ok_or("page: no browser cookie")?;
    Ok(format!("{BROWSER}={value}"))
}

async fn fetch(connection: &mut Connection, path: &str) -> Result<Laps, String> {
    let begun = Instant::now();
    let answer = connection.send(path, "", Body::None).await.map_err(|error| at("fetch", &error))?;
    if answer.status >= 400 {
        return Err(format!("fetch: status_{}", answer.status));
    }
    Ok(Laps { begun, steps: [begun.elapsed(), Duration::ZERO, Duration::ZERO] })
}

/// What the server says when a ceremony begins.
#[derive(Deserialize)]
pub(crate) struct Begun<'a> {
    /// For the authenticator, untouched.
    #[serde(borrow)]
    pub(crate) options: &'a RawValue,
    /// To be sent back.
    pub(crate) state: &'a str,
}

/// What every ceremony's answer says.
#[derive(Deserialize)]
struct Outcome<'a> {
    ok: bool,
    #[serde(borrow, default)]
    code: Option<std::borrow::Cow<'a, str>>,
}

/// The whole of one sign-in, as the page's script does it, and the first page that needs it; and the `Cookie` header
/// of whoever is signed in now.
pub(crate) async fn sign_in(
    connection: &mut Connection,
    browser: &str,
    endpoint: &Endpoint,
    person: &mut Person,
) -> Result<(Laps, String), String> {
    let begun = Instant::now();
    let answer = connection.send("/signin/begin", browser, Body::Json("{}")).await;
    let answer = answer.map_err(|error| at("begin", &error))?;
    let begin = begun.elapsed();
    succeeded(&answer, "begin")?;
    let started: Begun<'_> = parse(answer.body, "begin")?;
    let response = person.assert(started.options.get(), &endpoint.origin())?;
    let body = format!("{{\"state\":\"{}\",\"response\":{response}}}", started.state);

    let sent = Instant::now();
    let answer = connection.send("/signin/finish", browser, Body::Json(&body)).await;
    let answer = answer.map_err(|error| at("finish", &error))?;
    let finish = sent.elapsed();
    succeeded(&answer, "finish")?;
    let session = answer.cookie(SESSION).ok_or("finish: no session cookie")?;
    let cookies = format!("{browser}; {SESSION}={session}");

    let sent = Instant::now();
    let answer = connection.send("/me/security", &cookies, Body::None).await;
    let answer = answer.map_err(|error| at("page", &error))?;
    let page = sent.elapsed();
    expect(&answer, 200, "page")?;
    Ok((Laps { begun, steps: [begin, finish, page] }, cookies))
}

/// Whether a ceremony's answer says that it went well; the error is `step: code`.
pub(crate) fn succeeded(answer: &Answer<'_>, step: &str) -> Result<(), String> {
    expect(answer, 200, step)?;
    let outcome: Outcome<'_> = parse(answer.body, step)?;
    match outcome {
        Outcome { ok: true, .. } => Ok(()),
        Outcome { code, .. } => Err(format!("{step}: {}", code.as_deref().unwrap_or("no code"))),
    }
}

/// Whether the answer has that status.
pub(crate) fn expect(answer: &Answer<'_>, status: u16, step: &str) -> Result<(), String> {
    if answer.status == status { Ok(()) } else { Err(format!("{step}: status_{}", answer.status)) }
}

/// Reads what a step answered.
pub(crate) fn parse<'a, T: Deserialize<'a>>(body: &'a [u8], step: &str) -> Result<T, String> {
    serde_json::from_slice(body).map_err(|_| format!("{step}: unexpected JSON"))
}

/// How a connection's error is counted.
pub(crate) fn at(step: &str, error: &HttpError) -> String {
    format!("{step}: {}", error.code())
}
