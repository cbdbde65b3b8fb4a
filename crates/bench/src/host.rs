//! The server under test: starts the `keyward` binary on a database of its own, times its starts, and ends it.

use std::fs::{self, File};
use std::io::{Read, Write};
use std::net::{Ipv4Addr, SocketAddr, TcpListener, TcpStream, ToSocketAddrs};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use crate::failure::Failure;
use crate::http::Endpoint;

/// A server that has not answered by then has failed to start.
const START_LIMIT: Duration = Duration::from_secs(20);
/// A server that has not ended by then hangs.
const STOP_LIMIT: Duration = Duration::from_secs(20);

/// One deployment of `keyward`: its files, its addresses, and the process while it runs.
pub(crate) struct Host {
    /// The program.
    pub(crate) binary: PathBuf,
    /// Where its configuration, key file, log and SQLite file lie.
    pub(crate) dir: PathBuf,
    /// Where its pages are.
    pub(crate) endpoint: Endpoint,
    /// Where its metrics are.
    pub(crate) metrics: Endpoint,
    child: Option<Child>,
}

impl Host {
    /// Writes a configuration into `dir` (which must exist) for a database: a `postgres://` URL, or a SQLite file's path.
    pub(crate) fn prepare(binary: &Path, dir: &Path, database: &str) -> Result<Self, Failure> {
        let (endpoint, metrics) = (free_endpoint()?, free_endpoint()?);
        let config = format!(
            "origin = \"{}\"\nlisten = \"{}\"\nmetrics_listen = \"{}\"\ndatabase = \"{database}\"\nkey_file = \"{}\"\n",
            endpoint.origin(),
            endpoint.address,
            metrics.address,
            dir.join("keyward.key").display(),
        );
        let host = Self { binary: binary.to_owned(), dir: dir.to_owned(), endpoint, metrics, child: None };
        fs::write(host.config(), config)
            .map_err(Failure::because("cannot write the server's configuration"))?;
        Ok(host)
    }

    /// Its configuration file.
    pub(crate) fn config(&self) -> PathBuf {
        self.dir.join("keyward.toml")
    }

    /// Starts the process; the time until the sign-in page was there.
    pub(crate) fn start(&mut self) -> Result<Duration, Failure> {
        self.start_with(&[])
    }

    /// The same with further arguments.
    pub(crate) fn start_with(&mut self, arguments: &[&str]) -> Result<Duration, Failure> {
        let log = File::options().create(true).append(true).open(self.log());
        let log = log.map_err(Failure::because("cannot write the server's log"))?;
        let out = log.try_clone().map_err(Failure::because("cannot write the server's log"))?;
        let begun = Instant::now();
        let child = Command::new(&self.binary)
            .args(["serve", "--config"])
            .arg(self.config())
            .args(arguments)
            .current_dir(&self.dir)
            .stdin(Stdio::null())
            .stdout(out)
            .stderr(log)
            .spawn();
        let binary = self.binary.display();
        self.child = Some(child.map_err(Failure::because(format!("cannot start {binary}")))?);
        loop {
            if matches!(fetch(&self.endpoint, "/signin"), Ok((200, _))) {
                return Ok(begun.elapsed());
            }
            let ended = self.child.as_mut().and_then(|child| child.try_wait().ok().flatten());
            if ended.is_some() || begun.elapsed() > START_LIMIT {
                return Err(Failure::new(format!(
                    "the server did not start; its last words: {}",
                    self.last_words()
                )));
            }
            std::thread::sleep(Duration::from_micros(200));
        }
    }

    /// Ends the process gracefully; the time that took.
    pub(crate) fn stop(&mut self) -> Result<Duration, Failure> {
        let Some(mut child) = self.child.take() else { return Ok(Duration::ZERO) };
        let begun = Instant::now();
        interrupt(&child, "TERM")?;
        loop {
            match child.try_wait() {
                Ok(Some(status)) if status.success() => return Ok(begun.elapsed()),
                Ok(Some(status)) => {
                    let words = self.last_words();
                    return Err(Failure::new(format!(
                        "the server did not end well ({status}); its last words: {words}"
                    )));
                }
                Ok(None) if begun.elapsed() < STOP_LIMIT => std::thread::sleep(Duration::from_micros(200)),
                _ => {
                    self.child = Some(child);
                    return Err(Failure::new("the server did not end within 20 s of SIGTERM"));
                }
            }
        }
    }

    /// Ends the process with SIGKILL: it does nothing more, and no time is left for it to notice.
    pub(crate) fn kill(&mut self) -> Result<(), Failure> {
        let Some(mut child) = self.child.take() else { return Ok(()) };
        child.kill().and_then(|()| child.wait()).map_err(Failure::because("cannot kill the server"))?;
        Ok(())
    }

    /// Waits for a process that was told to end in another way.
    pub(crate) fn await_end(&mut self) -> Result<(), Failure> {
        let Some(mut child) = self.child.take() else { return Ok(()) };
        child.wait().map(|_| ()).map_err(Failure::because("cannot wait for the server"))
    }

    /// Its process.
    pub(crate) fn pid(&self) -> Option<u32> {
        self.child.as_ref().map(Child::id)
    }

    /// Where what it prints goes.
    fn log(&self) -> PathBuf {
        self.dir.join("keyward.log")
    }

    fn last_words(&self) -> String {
        let log = fs::read_to_string(self.log()).unwrap_or_default();
        last(log.lines())
    }

    /// Adds to a failure what the server logged as errors: its folder is removed with this run.
    pub(crate) fn explain(&self, failure: Failure) -> Failure {
        let log = fs::read_to_string(self.log()).unwrap_or_default();
        let errors = last(log.lines().filter(|line| line.contains(" ERROR ")));
        if errors.is_empty() {
            return failure;
        }
        Failure::new(format!("{failure}; the server's last errors: {errors}"))
    }
}

impl Drop for Host {
    fn drop(&mut self) {
        if let Some(mut child) = self.child.take() {
            // Nothing can be done about an error here, and the process is ours alone.
            let _ = child.kill();
            let _ = child.wait();
        }
    }
}

/// The last few lines, in one.
fn last<'a>(lines: impl DoubleEndedIterator<Item = &'a str>) -> String {
    let lines: Vec<&str> = lines.rev().take(3).collect();
    lines.into_iter().rev().collect::<Vec<_>>().join(" / ")
}

/// The `keyward` that was built together with this program.
pub(crate) fn sibling_binary() -> Result<PathBuf, Failure> {
    let own = std::env::current_exe().map_err(Failure::because("cannot find this program's own path"))?;
    let sibling = own.with_file_name("keyward");
    if sibling.is_file() {
        return Ok(sibling);
    }
    let sibling = sibling.display();
    Err(Failure::new(format!("there is no {sibling}: build it with `cargo build --release --bin keyward`")))
}

/// Sends a signal, by its name without `SIG`, to a process that we started.
pub(crate) fn interrupt(child: &Child, signal: &str) -> Result<(), Failure> {
    let status = Command::new("kill").arg(format!("-{signal}")).arg(child.id().to_string()).status();
    match status {
        Ok(status) if status.success() => Ok(()),
        _ => Err(Failure::new(format!("cannot send SIG{signal}"))),
    }
}

/// A loopback address that nobody listens on.
pub(crate) fn free_endpoint() -> Result<Endpoint, Failure> {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).and_then(|listener| listener.local_addr());
    let address: SocketAddr = listener.map_err(Failure::because("cannot find a free port"))?;
    Ok(Endpoint { address, authority: format!("localhost:{}", address.port()) })
}

/// The server that a URL such as `http://localhost:8080` names.
pub(crate) fn endpoint_of(url: &str) -> Result<Endpoint, Failure> {
    let authority =
        url.strip_prefix("http://").map(|rest| rest.trim_end_matches('/')).filter(|rest| !rest.contains('/'));
    let authority =
        authority.ok_or_else(|| Failure::new(format!("{url} is not of the form http://HOST:PORT")))?;
    let socket = if authority.contains(':') { authority.to_owned() } else { format!("{authority}:80") };
    let addresses = socket.to_socket_addrs().map_err(Failure::because(format!("cannot find {authority}")))?;
    // `localhost` may name both loopbacks; servers here listen on IPv4.
    let address = addresses.min_by_key(SocketAddr::is_ipv6);
    let address = address.ok_or_else(|| Failure::new(format!("{authority} has no address")))?;
    Ok(Endpoint { address, authority: authority.to_owned() })
}

/// One GET on a connection of its own, blocking: status and body.
pub(crate) fn fetch(endpoint: &Endpoint, path: &str) -> std::io::Result<(u16, String)> {
    let mut stream = TcpStream::connect(endpoint.address)?;
    stream.set_read_timeout(Some(START_LIMIT))?;
    let authority = &endpoint.authority;
    let request = format!("GET {path} HTTP/1.1\r\nhost: {authority}\r\nconnection: close\r\n\r\n");
    stream.write_all(request.as_bytes())?;
    let mut answer = String::new();
    stream.read_to_string(&mut answer)?;
    let (head, body) = answer.split_once("\r\n\r\n").unwrap_or((&answer, ""));
    let status = head.get(9..12).and_then(|status| status.parse().ok()).unwrap_or(0);
    Ok((status, body.to_owned()))
}
