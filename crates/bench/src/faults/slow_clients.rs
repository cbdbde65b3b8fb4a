//! `slow_clients`: ten thousand connections that say nothing, heads and bodies that arrive a byte at a time, and bodies of
//! a hundred megabytes, while people sign in. Those must not notice, and the others are shown out.

use std::collections::BTreeMap;
use std::time::{Duration, Instant};

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

use super::stand::Stand;
use super::storm::{self, Force, Weather};
use super::{Outcome, Setting};
use crate::database::Database;
use crate::failure::Failure;
use crate::histogram::{millis, real};
use crate::http::Endpoint;
use crate::process;

/// Connections that say nothing; fewer where this process may not have so many files.
const IDLE: usize = 10_000;
/// Heads, and bodies, that arrive a byte a second.
const SLOW: usize = 200;
/// Bodies that are announced as, and sent for as long as anybody reads them, a hundred megabytes.
const HUGE: usize = 10;
const HUGE_BYTES: usize = 100_000_000;
/// Browsers of people who sign in.
const BROWSERS: usize = 32;
/// How long sign-ins are measured without and with them.
const MEASURE: Duration = Duration::from_secs(12);
/// Deadlines of this server, short so that the end of the slow ones is seen.
const LIMITS: &str = "[limits]\nhead = \"5s\"\nbody = \"5s\"\n";
/// The slow ones are gone so long after that deadline.
const SHOWN_OUT: Duration = Duration::from_secs(8);
/// The promises.
const TWICE: f64 = 2.0;
const UNNOTICED: Duration = Duration::from_millis(10);
const MEMORY: u64 = 512 * 1024 * 1024;
const REFUSED_WITHIN: Duration = Duration::from_secs(1);

/// The scenario; the database has no part in it, so it is SQLite unless only PostgreSQL is wanted.
pub(crate) fn run(setting: &Setting) -> Result<Vec<Outcome>, Failure> {
    let mut databases = Stand::databases(setting)?;
    databases.truncate(1);
    databases.into_iter().map(|database| on(setting, database)).collect()
}

/// What became of those who are no good.
#[derive(Debug, Default)]
struct Shown {
    idle: usize,
    idle_ended: usize,
    slow_ended: usize,
    slowest_end: Duration,
    huge_refused: usize,
    slowest_refusal: Duration,
    sent: u64,
}

fn on(setting: &Setting, database: Database) -> Result<Outcome, Failure> {
    let (stand, people) = Stand::new(setting, database, 4 * BROWSERS, LIMITS)?;
    let browsers = stand.browsers(people, BROWSERS);
    let (capacity, _, browsers) = stand.capacity(browsers)?;
    let rate = capacity / 4.0;
    let (alone, browsers) = storm::blow(browsers, Force::Open(rate), MEASURE, setting.seed)?;
    let endpoint = stand.host.endpoint.clone();
    let crowd = std::thread::spawn(move || crowd(&endpoint));
    let (beside, _) = storm::blow(browsers, Force::Open(rate), MEASURE, setting.seed)?;
    let shown = crowd.join().map_err(|_| Failure::new("the slow clients failed"))??;
    let peak = process::memory(stand.pid()?)?.peak;
    Ok(outcome(stand.database.name(), (&alone, &beside), &shown, peak))
}

fn crowd(endpoint: &Endpoint) -> Result<Shown, Failure> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
    let runtime = runtime.map_err(Failure::because("cannot start the slow clients"))?;
    runtime.block_on(async {
        let mut shown = Shown::default();
        let begun = Instant::now();
        let mut idle = Vec::new();
        while idle.len() < IDLE {
            match TcpStream::connect(endpoint.address).await {
                Ok(stream) => idle.push(tokio::spawn(wait_for_end(stream))),
                // No more files in this process; how many there were is told.
                Err(_) => break,
            }
            if idle.len() % 500 == 0 {
                // All of them within some seconds, not in one moment: nobody's accept queue holds ten thousand.
                tokio::time::sleep(Duration::from_millis(100)).await;
            }
        }
        shown.idle = idle.len();
        let slow: Vec<_> =
            (0..2 * SLOW).map(|number| tokio::spawn(trickle(endpoint.clone(), number % 2 == 0))).collect();
        for _ in 0..HUGE {
            let asked = Instant::now();
            let (refused, sent) = huge(endpoint).await;
            shown.huge_refused += usize::from(refused);
            shown.sent = shown.sent.max(sent);
            shown.slowest_refusal = shown.slowest_refusal.max(asked.elapsed());
        }
        for task in slow {
            if let Ok(Some(took)) = task.await {
                shown.slow_ended += 1;
                shown.slowest_end = shown.slowest_end.max(took);
            }
        }
        for task in idle {
            shown.idle_ended += usize::from(task.await.unwrap_or(false));
        }
        if begun.elapsed() > 3 * MEASURE {
            return Err(Failure::new("the slow clients were not shown out in time"));
        }
        Ok(shown)
    })
}

/// Says nothing until the server hangs up; whether it did.
async fn wait_for_end(mut stream: TcpStream) -> bool {
    let mut nothing = [0; 64];
    let ended = tokio::time::timeout(SHOWN_OUT + MEASURE, async {
        while !matches!(stream.read(&mut nothing).await, Ok(0) | Err(_)) {}
    });
    ended.await.is_ok()
}

/// Sends a head or a body a byte at a time until the server has had enough: how long that took.
async fn trickle(endpoint: Endpoint, head: bool) -> Option<Duration> {
    let begun = Instant::now();
    let mut stream = TcpStream::connect(endpoint.address).await.ok()?;
    let authority = &endpoint.authority;
    let start = if head {
        format!("GET /signin HTTP/1.1\r\nhost: {authority}\r\nx-slow: ")
    } else {
        format!(
            "POST /signin/finish HTTP/1.1\r\nhost: {authority}\r\norigin: http://{authority}\r\nsec-fetch-site: \
             same-origin\r\ncontent-type: application/json\r\ncontent-length: 1000\r\n\r\n"
        )
    };
    stream.write_all(start.as_bytes()).await.ok()?;
    let mut answer = [0; 4096];
    while begun.elapsed() < SHOWN_OUT + MEASURE {
        let heard = tokio::time::timeout(Duration::from_secs(1), stream.read(&mut answer)).await;
        match heard {
            // Any answer, or the end, is the end of the trick.
            Ok(_) => return Some(begun.elapsed()),
            Err(_) if stream.write_all(b"x").await.is_err() => return Some(begun.elapsed()),
            Err(_) => {}
        }
    }
    None
}

/// Announces a hundred megabytes and sends them while anybody reads: whether that was refused, and what was sent.
async fn huge(endpoint: &Endpoint) -> (bool, u64) {
    let authority = &endpoint.authority;
    let head = format!(
        "POST /signin/finish HTTP/1.1\r\nhost: {authority}\r\norigin: http://{authority}\r\nsec-fetch-site: same-origin\r\n\
         content-type: application/json\r\ncontent-length: {HUGE_BYTES}\r\n\r\n"
    );
    let Ok(mut stream) = TcpStream::connect(endpoint.address).await else { return (false, 0) };
    if stream.write_all(head.as_bytes()).await.is_err() {
        return (false, 0);
    }
    let (mut reader, mut writer) = stream.split();
    let mut sent = 0;
    let chunk = [b'x'; 16 * 1024];
    let mut answer = vec![0; 4096];
    let sending = async {
        while writer.write_all(&chunk).await.is_ok() {
            sent += 16 * 1024;
        }
    };
    let answered = tokio::select! {
        read = reader.read(&mut answer) => read.ok(),
        () = sending => None,
    };
    let answer = answer.get(..answered.unwrap_or(0)).unwrap_or_default();
    // Whoever is hung up on in the middle of sending may lose the answer, but was refused all the same.
    let refused = answer.starts_with(b"HTTP/1.1 413") || answer.is_empty();
    (refused, sent)
}

fn problems((alone, beside): (&Weather, &Weather), shown: &Shown, peak: u64) -> Vec<String> {
    let (usual, crowded) = (alone.signed.quantile(990), beside.signed.quantile(990));
    let mut problems = Vec::new();
    let mut broken = |is_broken: bool, what: String| {
        if is_broken {
            problems.push(what);
        }
    };
    broken(
        crowded > usual.mul_f64(TWICE).max(UNNOTICED),
        format!("p99 rose from {:.1} to {:.1} ms, promised is twice", millis(usual), millis(crowded)),
    );
    let failed = [alone.failed(), beside.failed()].concat();
    broken(!failed.is_empty(), format!("sign-ins failed: {failed}"));
    broken(alone.refusals() + beside.refusals() > 0, "sign-ins were refused".to_owned());
    broken(peak > MEMORY, format!("the server took {} MiB, promised are 512", peak >> 20));
    broken(shown.idle_ended < shown.idle, format!("{} idle ones stayed", shown.idle - shown.idle_ended));
    broken(shown.slow_ended < 2 * SLOW, format!("{} slow ones stayed", 2 * SLOW - shown.slow_ended));
    broken(shown.slowest_end > SHOWN_OUT, format!("a slow one stayed for {} s", shown.slowest_end.as_secs()));
    broken(shown.huge_refused < HUGE, format!("{} of {HUGE} huge bodies were refused", shown.huge_refused));
    broken(shown.slowest_refusal > REFUSED_WITHIN, "a huge body was refused late".to_owned());
    broken(
        shown.idle < 1_000,
        format!("control: only {} idle connections, so this was no crowd", shown.idle),
    );
    problems
}

fn outcome(database: &str, (alone, beside): (&Weather, &Weather), shown: &Shown, peak: u64) -> Outcome {
    let (usual, crowded) = (alone.signed.quantile(990), beside.signed.quantile(990));
    let problems = problems((alone, beside), shown, peak);
    let summary = format!(
        "{} idle connections, {SLOW} slow heads, {SLOW} slow bodies, {HUGE} bodies of 100 MB: sign-in p99 {:.1} ms alone, \
         {:.1} ms beside them (at most twice), idle ones closed {}, slow ones {} after at most {:.1} s (deadline 5), huge \
         bodies refused {} within {:.0} ms after at most {} kB, memory {} MiB (512): {}",
        shown.idle,
        millis(usual),
        millis(crowded),
        shown.idle_ended,
        shown.slow_ended,
        shown.slowest_end.as_secs_f64(),
        shown.huge_refused,
        millis(shown.slowest_refusal),
        shown.sent / 1000,
        peak >> 20,
        if problems.is_empty() { "kept" } else { "BROKEN" },
    );
    let count = |count: usize| real(u64::try_from(count).unwrap_or(u64::MAX));
    let figures = BTreeMap::from([
        ("idle_connections", count(shown.idle)),
        ("alone_p99_millis", millis(usual)),
        ("beside_p99_millis", millis(crowded)),
        ("slowest_end_seconds", shown.slowest_end.as_secs_f64()),
        ("refusal_millis", millis(shown.slowest_refusal)),
        ("peak_bytes", real(peak)),
    ]);
    Outcome { scenario: "slow_clients", database: database.to_owned(), summary, problems, figures }
}
