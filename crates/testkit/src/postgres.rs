//! A private PostgreSQL for tests: one server a test process, one fresh database a test.
//!
//! The server listens on a Unix socket in a temporary folder only. A shell watches over it: when this process ends, in
//! whatever way, the pipe to the shell closes, and the shell stops the server and removes the folder.

use std::fs;
use std::io::{self, Write};
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdin, Command, Stdio};
use std::sync::OnceLock;
use std::sync::atomic::{AtomicU32, Ordering};

/// A running server.
#[derive(Debug)]
pub struct Postgres {
    folder: PathBuf,
    programs: PathBuf,
    databases: AtomicU32,
    watcher: Child,
    /// Closing it ends the server.
    leash: Option<ChildStdin>,
}

/// The URL of a fresh, empty database on this process's server, or `None` where PostgreSQL is not installed.
///
/// # Panics
/// If the server does not start, and with `CI=true` also if PostgreSQL is missing.
#[expect(clippy::panic, reason = "a test without its database has failed")]
pub fn fresh_database() -> Option<String> {
    static SERVER: OnceLock<Option<Postgres>> = OnceLock::new();
    let server = SERVER.get_or_init(|| match find_programs() {
        Some(programs) => Some(Postgres::start(&programs, false).unwrap_or_else(|error| panic!("{error}"))),
        None => {
            let reason =
                "PostgreSQL is not installed (no initdb by pg_config --bindir or /usr/lib/postgresql)";
            #[expect(clippy::disallowed_methods, reason = "tests have no configuration to read it from")]
            let ci = std::env::var("CI").is_ok_and(|value| value == "true");
            assert!(!ci, "{reason}");
            // Not `eprintln!`, which the test harness would capture.
            let _ = writeln!(io::stderr(), "\n*** SKIPPED: {reason}\n");
            None
        }
    });
    server.as_ref().map(|server| server.database().unwrap_or_else(|error| panic!("{error}")))
}

impl Postgres {
    /// Starts a server whose programs are in the folder `programs`. Without `fsync` a power cut may lose commits, and
    /// tests run much faster.
    pub fn start(programs: &Path, fsync: bool) -> io::Result<Self> {
        Self::start_in(&std::env::temp_dir(), programs, fsync)
    }

    /// The same with its folder in `parent`, which must be short: the path of a Unix socket has at most 107 bytes.
    pub fn start_in(parent: &Path, programs: &Path, fsync: bool) -> io::Result<Self> {
        static STARTED: AtomicU32 = AtomicU32::new(0);
        let number = STARTED.fetch_add(1, Ordering::Relaxed);
        let folder = parent.join(format!("keyward-postgres-{}-{number}", std::process::id()));
        let data = folder.join("data");
        let _ = fs::remove_dir_all(&folder);
        fs::create_dir(&folder)?;
        let initdb = programs.join("initdb");
        let flags =
            ["--auth=trust", "--username=keyward", "--encoding=UTF8", "--locale=C", "--no-sync", "-D"];
        if is_root() {
            run(Command::new("chown").arg("postgres").arg(&folder))?;
        }
        run(unprivileged(&initdb).args(flags).arg(&data))?;
        let mut settings = format!(
            "listen_addresses = ''\nunix_socket_directories = '{}'\nmax_connections = 300\n\
             max_pred_locks_per_transaction = 256\n",
            folder.display()
        );
        if !fsync {
            settings.push_str("fsync = off\nfull_page_writes = off\nsynchronous_commit = off\n");
        }
        fs::OpenOptions::new()
            .append(true)
            .open(data.join("postgresql.conf"))?
            .write_all(settings.as_bytes())?;

        let pg_ctl = programs.join("pg_ctl");
        let mut start = unprivileged(&pg_ctl);
        run(start.arg("-D").arg(&data).arg("-l").arg(folder.join("log")).args(["-w", "-s", "start"]))?;
        let stop = unprivileged(&pg_ctl);
        let mut watcher = Command::new("sh")
            .arg("-c")
            .arg("folder=$1; shift; read -r _; \"$@\" -D \"$folder/data\" -s -m immediate stop; rm -rf \"$folder\"")
            .arg("watcher")
            .arg(&folder)
            .arg(stop.get_program())
            .args(stop.get_args())
            .stdin(Stdio::piped())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            // Ctrl-C is for the tests; the watcher follows when they are gone.
            .process_group(0)
            .spawn()?;
        let leash = watcher.stdin.take();
        Ok(Self { folder, programs: programs.to_owned(), databases: AtomicU32::new(0), watcher, leash })
    }

    /// The process id of the server, the parent of all its processes.
    pub fn process(&self) -> io::Result<u32> {
        let text = fs::read_to_string(self.folder.join("data/postmaster.pid"))?;
        let first = text.lines().next().and_then(|line| line.parse().ok());
        first.ok_or_else(|| io::Error::other("postmaster.pid does not begin with a process id"))
    }

    /// The size in bytes of a database that [`Postgres::database`] made.
    pub fn size(&self, url: &str) -> io::Result<u64> {
        let sql = "SELECT pg_database_size(current_database())";
        let output =
            Command::new(self.programs.join("psql")).args(["-X", "-A", "-t", "-c", sql, url]).output()?;
        let size = String::from_utf8_lossy(&output.stdout).trim().parse();
        size.map_err(|_| io::Error::other(String::from_utf8_lossy(&output.stderr).into_owned()))
    }

    /// The URL of a new, empty database.
    pub fn database(&self) -> io::Result<String> {
        let name = format!("test_{}", self.databases.fetch_add(1, Ordering::Relaxed));
        let folder = self.folder.display();
        run(Command::new(self.programs.join("createdb"))
            .arg(format!("--host={folder}"))
            .args(["--username=keyward", &name]))?;
        Ok(format!("postgresql:///{name}?host={folder}&user=keyward"))
    }
}

impl Drop for Postgres {
    fn drop(&mut self) {
        self.leash = None;
        let _ = self.watcher.wait();
    }
}

/// The folder with PostgreSQL's programs.
pub fn find_programs() -> Option<PathBuf> {
    let configured = Command::new("pg_config").arg("--bindir").output().ok();
    let configured = configured.map(|output| PathBuf::from(String::from_utf8_lossy(&output.stdout).trim()));
    let packaged = fs::read_dir("/usr/lib/postgresql").into_iter().flatten().flatten();
    let mut packaged: Vec<PathBuf> = packaged.map(|entry| entry.path().join("bin")).collect();
    packaged.sort();
    configured.into_iter().chain(packaged.into_iter().rev()).find(|folder| folder.join("initdb").exists())
}

fn is_root() -> bool {
    Command::new("id").arg("-u").output().is_ok_and(|output| output.stdout.starts_with(b"0\n"))
}

/// PostgreSQL refuses to run as root; then it runs as the user that its package made.
fn unprivileged(program: &Path) -> Command {
    if !is_root() {
        return Command::new(program);
    }
    let mut command = Command::new("setpriv");
    command.args(["--reuid=postgres", "--regid=postgres", "--init-groups"]).arg(program);
    command
}

fn run(command: &mut Command) -> io::Result<()> {
    // Its files are made by a user who may not be allowed in the current folder.
    let output = command.current_dir("/").stdin(Stdio::null()).output()?;
    if output.status.success() {
        return Ok(());
    }
    let stderr = String::from_utf8_lossy(&output.stderr);
    Err(io::Error::other(format!("{}: {}{stderr}", command.get_program().display(), output.status)))
}
