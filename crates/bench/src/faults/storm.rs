//! People who arrive when they arrive, whatever the server does: sign-ins in the open loop, each counted as let in,
//! refused or failed, its time counted from the moment of arrival.

use std::collections::BTreeMap;
use std::time::{Duration, Instant};

use tokio::task::LocalSet;

use super::random::Random;
use crate::failure::Failure;
use crate::histogram::{Histogram, real};
use crate::http::{Answer, Body, Connection, Endpoint};
use crate::person::Person;
use crate::worker::{Begun, SESSION, browser_cookie, parse, succeeded};

/// Nobody waits longer than this for one answer.
const PATIENCE: Duration = Duration::from_secs(10);

/// A browser whose people take turns.
pub(crate) struct Browser {
    endpoint: Endpoint,
    people: Vec<Person>,
    next: usize,
    cookie: String,
    connection: Option<Connection>,
}

/// How one arrival ended.
enum Arrived {
    /// Signed in, and saw the first page.
    Signed,
    /// Refused by 503 or 429 with `Retry-After`, after so long from the sending of that request.
    Refused { step: usize, took: Duration },
    /// Anything else.
    Failed(String),
}

/// What a storm came to.
#[derive(Clone, Debug, Default)]
pub(crate) struct Weather {
    /// Complete sign-ins, from arrival to the first page.
    pub(crate) signed: Histogram,
    /// Refusals, from the sending of the request to the complete answer.
    pub(crate) refused: Histogram,
    /// Refusals by the request that was refused: begin, finish, page.
    pub(crate) refused_at: [u64; 3],
    /// Browsers that still had somebody waiting at the end.
    pub(crate) late: u64,
    /// What else happened, by its code.
    pub(crate) failures: BTreeMap<String, u64>,
    /// The same as `signed` for each second of the storm, by arrival.
    pub(crate) seconds: Vec<Histogram>,
    /// Refusals for each second.
    pub(crate) refused_in: Vec<u64>,
}

impl Weather {
    fn note(&mut self, since: Duration, arrived: Arrived, total: Duration) {
        let second = usize::try_from(since.as_secs()).unwrap_or(0);
        if self.seconds.len() <= second {
            self.seconds.resize_with(second + 1, Histogram::default);
            self.refused_in.resize(second + 1, 0);
        }
        match arrived {
            Arrived::Signed => {
                self.signed.record(total);
                if let Some(histogram) = self.seconds.get_mut(second) {
                    histogram.record(total);
                }
            }
            Arrived::Refused { step, took } => {
                self.refused.record(took);
                if let Some(count) = self.refused_at.get_mut(step) {
                    *count += 1;
                }
                if let Some(count) = self.refused_in.get_mut(second) {
                    *count += 1;
                }
            }
            Arrived::Failed(code) => *self.failures.entry(code).or_default() += 1,
        }
    }

    /// All that were refused.
    pub(crate) fn refusals(&self) -> u64 {
        self.refused_at.iter().sum()
    }

    /// The failures in words; empty if there were none.
    pub(crate) fn failed(&self) -> String {
        self.failures.iter().map(|(code, count)| format!("{code} ×{count}")).collect::<Vec<_>>().join(", ")
    }

    fn merge(&mut self, other: &Weather) {
        self.signed.merge(&other.signed);
        self.refused.merge(&other.refused);
        self.late += other.late;
        for (to, from) in self.refused_at.iter_mut().zip(other.refused_at) {
            *to += from;
        }
        for (code, count) in &other.failures {
            *self.failures.entry(code.clone()).or_default() += count;
        }
        let seconds = self.seconds.len().max(other.seconds.len());
        self.seconds.resize_with(seconds, Histogram::default);
        self.refused_in.resize(seconds, 0);
        for (to, from) in self.seconds.iter_mut().zip(&other.seconds) {
            to.merge(from);
        }
        for (to, from) in self.refused_in.iter_mut().zip(&other.refused_in) {
            *to += from;
        }
    }
}

/// How hard it blows.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Force {
    /// Each browser signs in again as soon as it has its answer.
    Closed,
    /// So many arrivals a second among all browsers.
    Open(f64),
}

/// Lets the browsers sign in for so long, and gives them back.
pub(crate) fn blow(
    browsers: Vec<Browser>,
    force: Force,
    length: Duration,
    seed: u64,
) -> Result<(Weather, Vec<Browser>), Failure> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
    let runtime = runtime.map_err(Failure::because("cannot start the load generator"))?;
    let mut random = Random::new(seed);
    let count = real(u64::try_from(browsers.len().max(1)).unwrap_or(1));
    LocalSet::new().block_on(&runtime, async {
        let start = Instant::now();
        let tasks: Vec<_> = browsers
            .into_iter()
            .map(|browser| {
                let random = random.branch();
                tokio::task::spawn_local(async move {
                    match force {
                        Force::Closed => closed(browser, start, length).await,
                        Force::Open(rate) => open(browser, (rate / count, random), start, length).await,
                    }
                })
            })
            .collect();
        let (mut weather, mut back) = (Weather::default(), Vec::new());
        for task in tasks {
            let (part, mut browser) = task.await.map_err(Failure::because("a browser of the load failed"))?;
            weather.merge(&part);
            // A socket belongs to the runtime that opened it, and this one ends here.
            browser.connection = None;
            back.push(browser);
        }
        Ok((weather, back))
    })
}

async fn closed(mut browser: Browser, start: Instant, length: Duration) -> (Weather, Browser) {
    let mut weather = Weather::default();
    while start.elapsed() < length {
        let begun = Instant::now();
        let arrived = browser.visit().await;
        weather.note(begun - start, arrived, begun.elapsed());
    }
    (weather, browser)
}

/// A browser's own arrivals: whoever arrives while the one before is still at it waits, and that counts.
async fn open(
    mut browser: Browser,
    (rate, mut random): (f64, Random),
    start: Instant,
    length: Duration,
) -> (Weather, Browser) {
    let mut weather = Weather::default();
    let mut next = start;
    loop {
        // Exponential gaps make a Poisson process.
        next += Duration::from_secs_f64(-unit(&mut random).ln() / rate);
        if next >= start + length {
            return (weather, browser);
        }
        tokio::time::sleep_until(next.into()).await;
        if start.elapsed() >= length {
            // The load generator is behind its own plan; nobody knows what the server would have said.
            weather.late += 1;
            return (weather, browser);
        }
        let arrived = browser.visit().await;
        weather.note(next - start, arrived, next.elapsed());
    }
}

/// A number above 0 and at most 1.
fn unit(random: &mut Random) -> f64 {
    (f64::from(random.bits()) + 1.0) / (f64::from(u32::MAX) + 1.0)
}

impl Browser {
    /// A browser that connects when somebody first uses it.
    pub(crate) fn new(endpoint: Endpoint, people: Vec<Person>) -> Self {
        Self { endpoint, people, next: 0, cookie: String::new(), connection: None }
    }

    /// One sign-in from begin to the first page.
    async fn visit(&mut self) -> Arrived {
        match tokio::time::timeout(PATIENCE, self.attempt()).await {
            Ok(Ok(arrived)) => arrived,
            Ok(Err(code)) => {
                // The connection may stand in the middle of an answer.
                self.connection = None;
                Arrived::Failed(code)
            }
            Err(_) => {
                self.connection = None;
                Arrived::Failed("no answer in 10 s".to_owned())
            }
        }
    }

    async fn attempt(&mut self) -> Result<Arrived, String> {
        let mut connection = match self.connection.take() {
            Some(connection) => connection,
            None => Connection::open(&self.endpoint)
                .await
                .map_err(|error| format!("connect: {}", error.code()))?,
        };
        if self.cookie.is_empty() {
            // Whoever is refused here has not been let in either; the next arrival tries again.
            let asked = Instant::now();
            match browser_cookie(&mut connection).await {
                Ok(cookie) => self.cookie = cookie,
                Err(code) if code.ends_with("status_503") => {
                    self.connection = Some(connection);
                    return Ok(Arrived::Refused { step: 0, took: asked.elapsed() });
                }
                Err(code) => return Err(code),
            }
        }
        let count = self.people.len().max(1);
        let person = self.people.get_mut(self.next % count).ok_or("setup: no people")?;
        self.next = (self.next + 1) % count;
        let arrived = sign_in(&mut connection, &self.cookie, &self.endpoint, person).await?;
        self.connection = Some(connection);
        Ok(arrived)
    }
}

async fn sign_in(
    connection: &mut Connection,
    cookie: &str,
    endpoint: &Endpoint,
    person: &mut Person,
) -> Result<Arrived, String> {
    let sent = Instant::now();
    let answer = connection.send("/signin/begin", cookie, Body::Json("{}")).await;
    let answer = answer.map_err(|error| format!("begin: {}", error.code()))?;
    if is_refusal(&answer) {
        return Ok(Arrived::Refused { step: 0, took: sent.elapsed() });
    }
    succeeded(&answer, "begin")?;
    let begun: Begun<'_> = parse(answer.body, "begin")?;
    let response = person.assert(begun.options.get(), &endpoint.origin())?;
    let body = format!("{{\"state\":\"{}\",\"response\":{response}}}", begun.state);

    let sent = Instant::now();
    let answer = connection.send("/signin/finish", cookie, Body::Json(&body)).await;
    let answer = answer.map_err(|error| format!("finish: {}", error.code()))?;
    if is_refusal(&answer) {
        return Ok(Arrived::Refused { step: 1, took: sent.elapsed() });
    }
    succeeded(&answer, "finish")?;
    let session = answer.cookie(SESSION).ok_or("finish: no session cookie")?;
    let cookies = format!("{cookie}; {SESSION}={session}");

    let sent = Instant::now();
    let answer = connection.send("/me/security", &cookies, Body::None).await;
    let answer = answer.map_err(|error| format!("page: {}", error.code()))?;
    if is_refusal(&answer) {
        return Ok(Arrived::Refused { step: 2, took: sent.elapsed() });
    }
    match answer.status {
        200 => Ok(Arrived::Signed),
        status => Err(format!("page: status_{status}")),
    }
}

/// A clear word that there is no room now and when to come back; without the when it is a failure.
fn is_refusal(answer: &Answer<'_>) -> bool {
    matches!(answer.status, 429 | 503) && answer.header("retry-after").is_some()
}
