//! `bench relay`: what a `keyfob relay` full of idle tunnels holds in memory, behind a proxy and with TLS of its own.
//!
//! Each tunnel has both its connections, which is what a sign-in has while the person looks at the phone; a message goes
//! through each before it falls silent. The figure is the process's resident memory, before and after.

mod socket;

use std::fmt::Write as _;
use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::Instant;

use clap::Args;
use serde::Serialize;

use crate::failure::Failure;
use crate::process;
use socket::{Socket, Trust};

/// What 10,000 idle tunnels may take behind a proxy, MiB.
const AIM: f64 = 200.0;
/// For how many the aim is.
const AIMED: f64 = 10_000.0;
const MIB: f64 = 1_048_576.0;

/// What to measure.
#[derive(Args, Debug)]
pub(crate) struct Options {
    /// Tunnels; each has two connections, and so two open files here and there.
    #[arg(long, default_value_t = 10_000)]
    tunnels: usize,
    /// Exit with 1 if they take more than the aim.
    #[arg(long)]
    strict: bool,
    /// One line of JSON instead of a table.
    #[arg(long)]
    json: bool,
}

/// A whole run.
#[derive(Debug, Serialize)]
struct Report {
    /// Always `relay`.
    bench: &'static str,
    /// Version of the programs.
    version: &'static str,
    /// What 10,000 tunnels may take behind a proxy, MiB.
    aim_mib: f64,
    /// Whether they do, extrapolated from those there were.
    met: bool,
    /// Behind a proxy, and with TLS.
    runs: Vec<Figures>,
}

/// One service.
#[derive(Debug, Serialize)]
struct Figures {
    /// Whether the service spoke TLS itself.
    tls: bool,
    /// Tunnels that were open at once.
    tunnels: usize,
    /// Resident memory without any, MiB.
    empty_mib: f64,
    /// Resident memory with all of them, MiB.
    full_mib: f64,
    /// What one connection took, KiB.
    connection_kib: f64,
    /// What 10,000 tunnels take by that, MiB.
    ten_thousand_mib: f64,
    /// How long opening took, seconds.
    seconds: f64,
}

/// The whole subcommand.
pub(crate) fn run(options: &Options) -> Result<(), Failure> {
    if options.tunnels == 0 {
        return Err(Failure::new("no tunnels tell nothing"));
    }
    let runs = vec![measure(options.tunnels, false)?, measure(options.tunnels, true)?];
    let met = runs.iter().all(|run| run.tls || run.ten_thousand_mib <= AIM);
    let report = Report { bench: "relay", version: env!("CARGO_PKG_VERSION"), aim_mib: AIM, met, runs };
    if options.json {
        let line = serde_json::to_string(&report).map_err(Failure::because("cannot write the JSON"))?;
        println!("{line}");
    } else {
        print!("{}", report.table());
    }
    if options.strict && !met {
        return Err(Failure::new("idle tunnels take more memory than they may"));
    }
    Ok(())
}

fn measure(tunnels: usize, tls: bool) -> Result<Figures, Failure> {
    let folder = tempfile::tempdir().map_err(Failure::because("cannot make a folder"))?;
    let trust = if tls { Some(Trust::make(folder.path())?) } else { None };
    let service = Service::start(folder.path(), tls)?;
    let empty = real(process::memory(service.pid())?.resident) / MIB;
    let began = Instant::now();
    let mut open = Vec::with_capacity(tunnels.saturating_mul(2));
    for number in 0..tunnels {
        open.extend(pair(&service.address, number, trust.as_ref())?);
    }
    let seconds = began.elapsed().as_secs_f64();
    let full = real(process::memory(service.pid())?.resident) / MIB;
    let connections = open.len();
    drop(open);
    let each = (full - empty) / count(connections);
    Ok(Figures {
        tls,
        tunnels,
        empty_mib: empty,
        full_mib: full,
        connection_kib: each * 1024.0,
        ten_thousand_mib: each.mul_add(2.0 * AIMED, empty),
        seconds,
    })
}

/// A phone, its client, and one message between them.
fn pair(address: &str, number: usize, trust: Option<&Trust>) -> Result<[Socket; 2], Failure> {
    let (mut phone, head) = Socket::open(address, &format!("/cable/new/{number:032x}"), trust)?;
    let routing = head.lines().find_map(|line| line.strip_prefix("x-cable-routing-id: "));
    let routing = routing.ok_or_else(|| Failure::new("the relay gave no routing id"))?.trim();
    let (mut client, _) = Socket::open(address, &format!("/cable/connect/{routing}/{number:032x}"), trust)?;
    client.send()?;
    phone.receive()?;
    Ok([phone, client])
}

struct Service {
    program: Child,
    address: String,
}

impl Service {
    fn start(folder: &Path, tls: bool) -> Result<Self, Failure> {
        let mut command = Command::new(binary()?);
        command.args(["relay", "--listen", "127.0.0.1:0", "--json", "--tunnels", "1000000"]);
        command.args(["--tunnels-from-one", "1000000", "--attempts-from-one", "4000000"]);
        if tls {
            command.arg("--certificate").arg(folder.join("chain.pem"));
            command.arg("--key").arg(folder.join("key.pem"));
        }
        command.stdout(Stdio::piped()).stderr(Stdio::null());
        let mut program = command.spawn().map_err(Failure::because("cannot start keyfob"))?;
        let mut line = String::new();
        if let Some(output) = program.stdout.take() {
            let read = BufReader::new(output).read_line(&mut line);
            read.map_err(Failure::because("keyfob said nothing"))?;
        }
        let said: serde_json::Value =
            serde_json::from_str(&line).map_err(Failure::because("keyfob did not start"))?;
        let address = said.get("listening").and_then(|at| at.as_str()).unwrap_or_default().to_owned();
        Ok(Self { program, address })
    }

    fn pid(&self) -> u32 {
        self.program.id()
    }
}

impl Drop for Service {
    fn drop(&mut self) {
        let _ = self.program.kill();
        let _ = self.program.wait();
    }
}

/// The `keyfob` beside this program.
fn binary() -> Result<PathBuf, Failure> {
    let own = std::env::current_exe().map_err(Failure::because("cannot find this program's own path"))?;
    let keyfob = own.with_file_name("keyfob");
    if keyfob.is_file() {
        return Ok(keyfob);
    }
    let path = keyfob.display();
    Err(Failure::new(format!("there is no {path}: build it with `cargo build --release --bin keyfob`")))
}

fn real(bytes: u64) -> f64 {
    crate::histogram::real(bytes)
}

fn count(number: usize) -> f64 {
    real(u64::try_from(number).unwrap_or(u64::MAX))
}

impl Report {
    fn table(&self) -> String {
        let mut out = String::from(
            "| service | tunnels | empty, MiB | full, MiB | a connection, KiB | 10,000 tunnels, MiB | opened in, s |\n\
             |---|---|---|---|---|---|---|\n",
        );
        for run in &self.runs {
            let name = if run.tls { "TLS of its own" } else { "behind a proxy" };
            let _ = writeln!(
                out,
                "| {name} | {} | {:.1} | {:.1} | {:.2} | {:.0} | {:.1} |",
                run.tunnels,
                run.empty_mib,
                run.full_mib,
                run.connection_kib,
                run.ten_thousand_mib,
                run.seconds
            );
        }
        let verdict = if self.met { "met" } else { "missed" };
        let _ = writeln!(out, "\nAim: 10,000 behind a proxy in {:.0} MiB: {verdict}.", self.aim_mib);
        out
    }
}
