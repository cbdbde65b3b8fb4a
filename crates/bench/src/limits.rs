//! What this machine can do at best, measured in the same run: figures mean little without these beside them.

use std::fs::File;
use std::hint::black_box;
use std::io::{BufRead, BufReader};
use std::os::unix::fs::FileExt;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use primitives::cose::{Algorithm, PublicKey, SigningKey};
use primitives::entropy::{self, SystemEntropy};
use primitives::keys::KeyRing;
use primitives::slow_hash::{self, Cost};
use primitives::time::Timestamp;
use serde::Serialize;

use crate::failure::Failure;
use crate::histogram::real;
use crate::http::Endpoint;
use crate::load::{Pace, Run, drive};
use crate::worker::{Job, Worker};

/// How long each limit is measured.
const LENGTH: Duration = Duration::from_secs(1);
/// What the disk is asked to keep: one page of a database.
const PAGE: [u8; 4096] = [0x6b; 4096];
/// Pages of the file that is written over and over, as a write-ahead log is.
const PAGES: u64 = 1024;

/// The limits, each on its own.
#[derive(Clone, Copy, Debug, Serialize)]
pub(crate) struct Limits {
    /// ES256 verifications a second on one core with the key at hand (aws-lc-rs).
    pub(crate) verifies: f64,
    /// The same with the COSE key read and checked each time.
    pub(crate) verifies_with_key: f64,
    /// ES256 signatures a second on one core: what the load generator spends.
    pub(crate) signs: f64,
    /// 4 kB writes a second, one after another, each followed by `fdatasync`.
    pub(crate) flushes: f64,
    /// Requests a second that an axum handler without any work answers to this load generator.
    pub(crate) empty_requests: f64,
    /// Processor time of one empty request, in microseconds, server and kernel.
    pub(crate) empty_request_micros: f64,
    /// One Argon2id hash at the cost of production, in milliseconds.
    pub(crate) argon2id_millis: f64,
}

/// Measures all of them; `dir` lies on the disk to judge.
pub(crate) fn measure(dir: &Path, connections: usize, threads: usize) -> Result<Limits, Failure> {
    let (verifies, verifies_with_key, signs) = signatures()?;
    let (empty_requests, empty_request_micros) = empty_requests(connections, threads)?;
    Ok(Limits {
        verifies,
        verifies_with_key,
        signs,
        flushes: flushes(dir).map_err(Failure::because("cannot measure the disk"))?,
        empty_requests,
        empty_request_micros,
        argon2id_millis: argon2id(),
    })
}

fn signatures() -> Result<(f64, f64, f64), Failure> {
    let no_key = |_| Failure::new("cannot make an ES256 key");
    let key = SigningKey::generate(Algorithm::Es256, &mut SystemEntropy).map_err(no_key)?;
    // As long as authenticator data and the hash of client data are.
    let message: [u8; 69] = entropy::array(&mut SystemEntropy);
    let signature = key.sign(&message);
    let cose = key.public_key().encode();
    let verifies = per_second(|| black_box(key.public_key().verify(&message, &signature)).is_ok());
    let with_key =
        per_second(|| PublicKey::parse(&cose).is_ok_and(|key| key.verify(&message, &signature).is_ok()));
    let signs = per_second(|| !black_box(key.sign(&message)).is_empty());
    Ok((verifies, with_key, signs))
}

/// How often `work` succeeds in a second, without looking at the clock each time.
fn per_second(mut work: impl FnMut() -> bool) -> f64 {
    let begun = Instant::now();
    let mut done = 0;
    while begun.elapsed() < LENGTH {
        done += (0..64).filter(|_| work()).count();
    }
    real(u64::try_from(done).unwrap_or(0)) / begun.elapsed().as_secs_f64()
}

fn flushes(dir: &Path) -> std::io::Result<f64> {
    let path = dir.join("flushes.tmp");
    let file = File::create(&path)?;
    for page in 0..PAGES {
        file.write_all_at(&PAGE, page * 4096)?;
    }
    file.sync_all()?;
    let begun = Instant::now();
    let mut done = 0;
    while begun.elapsed() < LENGTH {
        file.write_all_at(&PAGE, (done % PAGES) * 4096)?;
        file.sync_data()?;
        done += 1;
    }
    let rate = real(done) / begun.elapsed().as_secs_f64();
    std::fs::remove_file(path)?;
    Ok(rate)
}

fn argon2id() -> f64 {
    let ring = KeyRing::generate(Timestamp::EPOCH, &mut SystemEntropy);
    let stored = slow_hash::hash(&ring, Cost::STANDARD, "K7QXMM4P29TD", &mut SystemEntropy);
    1e3 / per_second_of_one(|| slow_hash::verify(&ring, &stored, "K7QXMM4P29TD"))
}

/// As [`per_second`], for work that takes milliseconds.
fn per_second_of_one(mut work: impl FnMut() -> bool) -> f64 {
    let begun = Instant::now();
    let mut done = 0_u32;
    while begun.elapsed() < LENGTH {
        done += u32::from(work());
    }
    f64::from(done) / begun.elapsed().as_secs_f64()
}

/// Requests a second, and microseconds of the answering process for each.
fn empty_requests(connections: usize, threads: usize) -> Result<(f64, f64), Failure> {
    let (server, endpoint) = EmptyServer::start()?;
    let mut workers: Vec<Worker> =
        (0..connections).map(|_| Worker::new(endpoint.clone(), Job::Fetch("/".to_owned()))).collect();
    let run = Run { threads, warm_up: LENGTH / 4, measure: LENGTH, pace: Pace::Closed };
    let (tally, before, after) =
        drive(&run, &mut workers, || Ok((Instant::now(), crate::process::cpu(server.0.id())?)))?;
    tally.all_well("empty requests")?;
    let answered = real(tally.total.count());
    let spent = after.1.saturating_sub(before.1).as_secs_f64();
    Ok((answered / (after.0 - before.0).as_secs_f64(), spent * 1e6 / answered))
}

/// This program again, in a process of its own, answering nothing.
struct EmptyServer(Child);

impl EmptyServer {
    fn start() -> Result<(Self, Endpoint), Failure> {
        let own = std::env::current_exe().map_err(Failure::because("cannot find this program's own path"))?;
        let child =
            Command::new(own).arg("answer-nothing").stdin(Stdio::null()).stdout(Stdio::piped()).spawn();
        let mut server = Self(child.map_err(Failure::because("cannot start the empty server"))?);
        let mut line = String::new();
        if let Some(stdout) = server.0.stdout.take() {
            let read = BufReader::new(stdout).read_line(&mut line);
            read.map_err(Failure::because("the empty server does not say where it listens"))?;
        }
        let address = line
            .trim()
            .parse()
            .map_err(Failure::because("the empty server does not say where it listens"))?;
        Ok((server, Endpoint { address, authority: "localhost".to_owned() }))
    }
}

impl Drop for EmptyServer {
    fn drop(&mut self) {
        // It is ours alone, and holds nothing.
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

/// The empty server's whole program: prints its address, then answers 204 to everything until it is killed.
pub(crate) async fn answer_nothing() -> Result<(), Failure> {
    let listener = tokio::net::TcpListener::bind((std::net::Ipv4Addr::LOCALHOST, 0)).await;
    let listener = listener.map_err(Failure::because("cannot listen"))?;
    let address = listener.local_addr().map_err(Failure::because("cannot listen"))?;
    println!("{address}");
    let app = axum::Router::new().fallback(async || axum::http::StatusCode::NO_CONTENT);
    axum::serve(
        axum::serve::ListenerExt::tap_io(listener, |stream| {
            // As the server does: an answer is one write.
            let _ = stream.set_nodelay(true);
        }),
        app,
    )
    .await
    .map_err(Failure::because("the empty server failed"))
}
