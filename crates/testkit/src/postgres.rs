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
        let _ = fs::remove_dir_all(&folder);
        Self::make(&folder, programs, fsync)?;
        Self::run_on(folder, programs, "-m immediate stop; rm -rf \"$folder\"")
    }

    /// A server on the files in `folder`, with `fsync`; they are made if there are none, and stay when it ends. Its
    /// first [`Postgres::database`] is the same each time.
    pub fn start_kept(folder: &Path, programs: &Path) -> io::Result<Self> {
        if !folder.join("data/PG_VERSION").is_file() {
            Self::make(folder, programs, true)?;
        }
        Self::run_on(folder.to_owned(), programs, "-m fast stop")
    }

    /// Makes the files of a server.
    fn make(folder: &Path, programs: &Path, fsync: bool) -> io::Result<()> {
        let data = folder.join("data");
        fs::create_dir(folder)?;
        let initdb = programs.join("initdb");
        let flags =
            ["--auth=trust", "--username=keyward", "--encoding=UTF8", "--locale=C", "--no-sync", "-D"];
        if is_root() {
            run(Command::new("chown").arg("postgres").arg(folder))?;
        }
        run(unprivileged(&initdb).args(flags).arg(&data))?;
        let mut settings = "listen_addresses = ''\nmax_connections = 300\n\
             max_pred_locks_per_transaction = 256\n"
            .to_owned();
        if !fsync {
            settings.push_str("fsync = off\nfull_page_writes = off\nsynchronous_commit = off\n");
        }
        fs::OpenOptions::new().append(true).open(data.join("postgresql.conf"))?.write_all(settings.as_bytes())
    }

    /// Starts the server on the files in `folder`; the watcher ends it with `pg_ctl` and the words `end`.
    fn run_on(folder: PathBuf, programs: &Path, end: &str) -> io::Result<Self> {
        let pg_ctl = programs.join("pg_ctl");
        start_on(&folder, programs)?;
        let stop = unprivileged(&pg_ctl);
        let mut watcher = Command::new("sh")
            .arg("-c")
            .arg(format!("folder=$1; shift; read -r _; \"$@\" -D \"$folder/data\" -s {end}"))
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

    /// Stops the server in that way of `pg_ctl stop` (`fast`, `immediate`), until [`Postgres::start_again`].
    pub fn stop(&self, mode: &str) -> io::Result<()> {
        let mut stop = unprivileged(&self.programs.join("pg_ctl"));
        run(stop.arg("-D").arg(self.folder.join("data")).args(["-w", "-s", "-m", mode, "stop"]))
    }

    /// Starts the server again after it has ended in whatever way, and waits until it answers.
    pub fn start_again(&self) -> io::Result<()> {
        start_on(&self.folder, &self.programs)
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

    /// The folder with the files of its databases.
    pub fn files(&self) -> PathBuf {
        self.folder.join("data/base")
    }

    /// Vacuums and analyses a database and writes it out, as the server would do by itself in the next minutes.
    pub fn settle(&self, url: &str) -> io::Result<()> {
        let psql = self.programs.join("psql");
        run(Command::new(psql).args(["-X", "-q", "-c", "VACUUM (ANALYZE)", "-c", "CHECKPOINT", url]))
    }

    /// The URL of a new, empty database; of one that is kept, where there is one.
    pub fn database(&self) -> io::Result<String> {
        let name = format!("test_{}", self.databases.fetch_add(1, Ordering::Relaxed));
        let folder = self.folder.display();
        let made = run(Command::new(self.programs.join("createdb"))
            .arg(format!("--host={folder}"))
            .args(["--username=keyward", &name]));
        made.or_else(|error| if error.to_string().contains("already exists") { Ok(()) } else { Err(error) })?;
        Ok(format!("postgresql:///{name}?host={folder}&user=keyward"))
    }
}

impl Drop for Postgres {
    fn drop(&mut self) {
        self.leash = None;
        let _ = self.watcher.wait();
    }
}

/// Everything in a database as SQL text.
pub fn dump(url: &str) -> io::Result<String> {
    let program = find_programs().map(|programs| programs.join("pg_dump"));
    let program = program.ok_or_else(|| io::Error::other("PostgreSQL is not installed"))?;
    let output = Command::new(program).args(["--inserts", "--no-owner", url]).output()?;
    // Newer ones fence the text with a word that is drawn each time.
    let text = String::from_utf8_lossy(&output.stdout);
    let lines =
        text.lines().filter(|line| !line.starts_with("\\restrict") && !line.starts_with("\\unrestrict"));
    if output.status.success() {
        return Ok(lines.collect::<Vec<_>>().join("\n"));
    }
    Err(io::Error::other(String::from_utf8_lossy(&output.stderr).into_owned()))
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

/// Starts the server on the files in `folder` and waits until it answers.
fn start_on(folder: &Path, programs: &Path) -> io::Result<()> {
    let mut start = unprivileged(&programs.join("pg_ctl"));
    start.arg("-D").arg(folder.join("data")).arg("-l").arg(folder.join("log"));
    // Not in the settings: kept files may have been moved.
    start.arg("-o").arg(format!("-c unix_socket_directories='{}'", folder.display()));
    run(start.args(["-w", "-s", "start"]))
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
