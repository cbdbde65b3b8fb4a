//! The database under test: a SQLite file, or a PostgreSQL server of our own that keeps its promises (fsync on).

use std::fs::{self, File, Permissions};
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use crate::failure::Failure;
use crate::host::{free_endpoint, interrupt};

/// The account that PostgreSQL runs under where we are root, which it refuses to be.
const ACCOUNT: &str = "postgres";
/// Where Debian keeps the programs of each version.
const DEBIAN: &str = "/usr/lib/postgresql";
/// A server that does not answer by then has failed to start.
const START_LIMIT: Duration = Duration::from_secs(20);

/// Where the server under test keeps what must survive.
pub(crate) enum Database {
    /// A file, its path also as text.
    Sqlite(PathBuf, String),
    /// A private PostgreSQL server; ended with this value.
    Postgres(Postgres),
}

/// A PostgreSQL server in a folder of its own.
pub(crate) struct Postgres {
    server: Child,
    programs: PathBuf,
    port: u16,
    url: String,
}

impl Database {
    /// A SQLite file in `folder`; the server makes it.
    pub(crate) fn sqlite(folder: &Path) -> Self {
        let path = folder.join("keyward.db");
        let text = path.display().to_string();
        Self::Sqlite(path, text)
    }

    /// Starts a PostgreSQL server in `folder`, with its defaults: every commit reaches the disk.
    pub(crate) fn postgres(folder: &Path) -> Result<Self, Failure> {
        Postgres::start(folder).map(Self::Postgres)
    }

    /// What the configuration of keyward calls it.
    pub(crate) fn url(&self) -> &str {
        match self {
            Self::Sqlite(_, text) => text,
            Self::Postgres(postgres) => &postgres.url,
        }
    }

    /// Its name in reports.
    pub(crate) fn name(&self) -> &'static str {
        match self {
            Self::Sqlite(..) => "sqlite",
            Self::Postgres(_) => "postgres",
        }
    }

    /// The parent of its processes, if it has any.
    pub(crate) fn pid(&self) -> Option<u32> {
        match self {
            Self::Sqlite(..) => None,
            Self::Postgres(postgres) => Some(postgres.server.id()),
        }
    }

    /// Its size in bytes. SQLite's is exact only while no server has it open.
    pub(crate) fn size(&self) -> Result<u64, Failure> {
        match self {
            Self::Sqlite(path, text) => {
                let files = [path.clone(), PathBuf::from(format!("{text}-wal"))];
                Ok(files.iter().filter_map(|file| fs::metadata(file).ok()).map(|file| file.len()).sum())
            }
            Self::Postgres(postgres) => {
                let size = postgres.ask("keyward", "SELECT pg_database_size('keyward')")?;
                size.parse().map_err(Failure::because("PostgreSQL does not tell its size"))
            }
        }
    }
}

impl Postgres {
    fn start(folder: &Path) -> Result<Self, Failure> {
        let programs = programs()?;
        let data = folder.join("postgres");
        fs::create_dir(&data).map_err(Failure::because("cannot make PostgreSQL's folder"))?;
        if is_root()? {
            // The folder stays ours, but the account must be able to reach its own within.
            let reachable = fs::set_permissions(folder, Permissions::from_mode(0o711));
            reachable.map_err(Failure::because("cannot open the folder to PostgreSQL"))?;
            run(Command::new("chown").arg(ACCOUNT).arg(&data))?;
        }
        let user = ["--username=keyward", "--auth=trust", "--encoding=UTF8", "--locale=C.UTF-8"];
        run(as_account(&programs.join("initdb"))?.args(user).arg("--pgdata").arg(&data))?;
        let port = free_endpoint()?.address.port();
        let log = File::create(folder.join("postgres.log"))
            .map_err(Failure::because("cannot write PostgreSQL's log"))?;
        let server = as_account(&programs.join("postgres"))?
            .arg("-D")
            .arg(&data)
            .args([
                "-c",
                &format!("port={port}"),
                "-c",
                "listen_addresses=127.0.0.1",
                "-c",
                "unix_socket_directories=",
            ])
            .current_dir(&data)
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(log)
            .spawn()
            .map_err(Failure::because("cannot start PostgreSQL"))?;
        let url = format!("postgres://keyward@127.0.0.1:{port}/keyward");
        let postgres = Self { server, programs, port, url };
        let begun = Instant::now();
        while let Err(failure) = postgres.ask("postgres", "SELECT 1") {
            if begun.elapsed() > START_LIMIT {
                return Err(failure);
            }
            std::thread::sleep(Duration::from_millis(20));
        }
        postgres.ask("postgres", "CREATE DATABASE keyward")?;
        Ok(postgres)
    }

    /// One statement's only value.
    fn ask(&self, database: &str, sql: &str) -> Result<String, Failure> {
        let mut command = Command::new(self.programs.join("psql"));
        let place = format!("host=127.0.0.1 port={} user=keyward dbname={database}", self.port);
        run(command.args(["--no-psqlrc", "--quiet", "--tuples-only", "--no-align", "--command", sql, &place]))
    }
}

impl Drop for Postgres {
    fn drop(&mut self) {
        // SIGINT is its fast shutdown; its folder is removed afterwards, so all its processes must have ended.
        if interrupt(&self.server, "INT").is_err() {
            let _ = self.server.kill();
        }
        let _ = self.server.wait();
    }
}

/// The folder of the newest PostgreSQL's programs.
fn programs() -> Result<PathBuf, Failure> {
    let versions = fs::read_dir(DEBIAN).into_iter().flatten().flatten();
    let newest = versions
        .filter_map(|entry| {
            Some((entry.file_name().to_str()?.parse::<u32>().ok()?, entry.path().join("bin")))
        })
        .filter(|(_, programs)| programs.join("initdb").is_file())
        .max_by_key(|(version, _)| *version);
    newest.map(|(_, programs)| programs).ok_or_else(|| {
        Failure::new(format!("there is no PostgreSQL under {DEBIAN}: install the package postgresql"))
    })
}

/// The program under an account that PostgreSQL accepts; it replaces the process, so its id is the server's.
fn as_account(program: &Path) -> Result<Command, Failure> {
    if !is_root()? {
        return Ok(Command::new(program));
    }
    let mut command = Command::new("setpriv");
    command.args(["--reuid", ACCOUNT, "--regid", ACCOUNT, "--init-groups"]).arg(program);
    Ok(command)
}

fn is_root() -> Result<bool, Failure> {
    run(Command::new("id").arg("-u")).map(|id| id == "0")
}

/// Runs a program to its end and gives what it printed.
fn run(command: &mut Command) -> Result<String, Failure> {
    let name = command.get_program().to_string_lossy().into_owned();
    let output =
        command.stdin(Stdio::null()).output().map_err(Failure::because(format!("cannot run {name}")))?;
    if output.status.success() {
        return Ok(String::from_utf8_lossy(&output.stdout).trim().to_owned());
    }
    let words = String::from_utf8_lossy(&output.stderr);
    Err(Failure::new(format!("{name} failed: {}", words.trim().lines().last().unwrap_or("without a word"))))
}
