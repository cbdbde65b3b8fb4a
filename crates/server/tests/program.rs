//! The program as its operator meets it: arguments, exit codes, files, start and stop.

#![expect(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "helpers of tests fail as tests do"
)]

#[path = "program/attestation.rs"]
mod attestation;
#[path = "program/explain.rs"]
mod explain;
#[path = "program/relay.rs"]
mod relay;

use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::process::{Child, Command, Output, Stdio};

use serde_json::Value;
use tempfile::TempDir;

fn keyward(folder: &Path, arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_keyward"));
    command.current_dir(folder).args(arguments).env_remove("KEYWARD_CONFIG").stdin(Stdio::null());
    command
}

/// Runs it to its end; one that does not end is a server that should not have started.
fn run(folder: &Path, arguments: &[&str]) -> Output {
    let mut command = Command::new("timeout");
    command.args(["60", env!("CARGO_BIN_EXE_keyward")]).args(arguments);
    command.current_dir(folder).env_remove("KEYWARD_CONFIG").stdin(Stdio::null()).output().unwrap()
}

fn json(folder: &Path, arguments: &[&str]) -> Value {
    let output = run(folder, arguments);
    assert!(output.status.success(), "{arguments:?}: {}", String::from_utf8_lossy(&output.stderr));
    let text = String::from_utf8(output.stdout).unwrap();
    assert_eq!(text.lines().count(), 1, "{text}");
    serde_json::from_str(&text).unwrap()
}

/// The exit status and what it says on standard error.
fn refused(folder: &Path, arguments: &[&str]) -> (i32, String) {
    let output = run(folder, arguments);
    (output.status.code().unwrap(), String::from_utf8(output.stderr).unwrap())
}

/// A running server, stopped by SIGTERM when dropped.
struct Server {
    child: Child,
    ready: Value,
}

impl Server {
    fn start(folder: &Path, arguments: &[&str]) -> Self {
        let mut command = keyward(folder, &["serve", "--json", "--listen", "127.0.0.1:0"]);
        let mut child =
            command.args(arguments).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
        let mut line = String::new();
        BufReader::new(child.stdout.as_mut().unwrap()).read_line(&mut line).unwrap();
        if line.is_empty() {
            let mut error = String::new();
            child.stderr.as_mut().unwrap().read_to_string(&mut error).unwrap();
            panic!("{error}");
        }
        Self { child, ready: serde_json::from_str(&line).unwrap() }
    }

    fn get(&self, key: &str, path: &str) -> String {
        let mut stream = TcpStream::connect(self.ready[key].as_str().unwrap()).unwrap();
        write!(stream, "GET {path} HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n\r\n").unwrap();
        let mut answer = String::new();
        stream.read_to_string(&mut answer).unwrap();
        answer
    }

    /// Stops it; gives what it logged.
    fn stop(mut self) -> String {
        let pid = self.child.id().to_string();
        assert!(Command::new("kill").args(["-TERM", &pid]).status().unwrap().success());
        let mut log = String::new();
        self.child.stderr.as_mut().unwrap().read_to_string(&mut log).unwrap();
        assert!(self.child.wait().unwrap().success(), "{log}");
        log
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// A folder in which a server has run once.
fn started() -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    Server::start(folder.path(), &[]).stop();
    folder
}

#[test]
fn people_and_passes_on_the_database_of_a_running_server() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path();
    let server = Server::start(path, &["--metrics-listen", "127.0.0.1:0"]);
    let user = json(path, &["user", "add", "ana@example.com", "--name", "Ana Meier", "--json"]);
    assert_eq!((user["email"].as_str(), user["name"].as_str()), (Some("ana@example.com"), Some("Ana Meier")));
    assert_eq!(user.as_object().unwrap().len(), 3);
    let tomorrow = server::context::system_now() + primitives::time::Span::from_hours(24);
    let (start, end) = (tomorrow.to_string(), (tomorrow + primitives::time::Span::from_hours(2)).to_string());
    let later = json(
        path,
        &["pass", "issue", "ANA@example.com", "--json", "--once", "--lifetime", "2h", "--start", &start],
    );
    assert_eq!(later["startsAt"], start);
    assert_eq!((later["endsAt"].as_str(), later["oneTime"].as_bool()), (Some(end.as_str()), Some(true)));
    let pass = json(path, &["pass", "issue", "ana@example.com", "--json", "--reason", "first day"]);
    let value = pass["pass"].as_str().unwrap().to_owned();
    assert_eq!((value.len(), value.matches('-').count()), (14, 2), "{value}");
    let listed = json(path, &["pass", "list", "ana@example.com", "--json"]);
    assert_eq!(listed[0]["state"], "usable");
    assert!(!listed.to_string().contains(&value));
    json(path, &["user", "disable", "ana@example.com", "--json"]);
    assert_eq!(json(path, &["user", "show", "ana@example.com", "--json"])["status"], "disabled");
    json(path, &["user", "enable", "ana@example.com", "--json"]);
    json(path, &["role", "set", "ana@example.com", "helpdesk", "--json"]);
    assert_eq!(
        json(path, &["role", "list", "--json"]).as_array().unwrap().len(),
        2,
        "and the first administrator"
    );
    assert_eq!(json(path, &["user", "list", "--json"]).as_array().unwrap().len(), 2);
    assert_eq!(json(path, &["passkey", "list", "ana@example.com", "--json"]), Value::Array(Vec::new()));
    assert!(server.get("listen", "/readyz").contains("\"ready\":true"));
    assert!(server.get("metricsListen", "/metrics").contains("keyward_http_requests_total"));
    assert!(server.get("listen", "/metrics").starts_with("HTTP/1.1 404"));
    let log = server.stop();
    assert!(!log.contains(&value) && !log.contains(later["pass"].as_str().unwrap()), "{log}");
    let report = json(path, &["audit", "verify", "--json"]);
    assert_eq!((report["ok"].as_bool(), report["pending"].as_i64()), (Some(true), Some(0)), "{report}");
    let events = json(path, &["audit", "list", "--json", "--limit", "100"]).to_string();
    for kind in ["user_added", "pass_issued", "pass_revoked", "user_disabled", "user_enabled", "role_changed"]
    {
        assert!(events.contains(kind), "{kind}");
    }
    assert!(!events.contains(&value));
    json(path, &["audit", "export", "audit.jsonl", "--json"]);
    let exported = std::fs::read_to_string(path.join("audit.jsonl")).unwrap();
    assert!(
        exported.lines().count() > 6
            && exported.lines().all(|line| serde_json::from_str::<Value>(line).is_ok())
    );
}

#[test]
fn what_is_refused_exits_with_one_and_nonsense_with_two() {
    let folder = started();
    let path = folder.path();
    json(path, &["user", "add", "ana@example.com", "--name", "Ana", "--json"]);
    for arguments in [
        &["user", "add", "ANA@Example.com", "--name", "Other"][..],
        &["user", "show", "bob@example.com"],
        &["pass", "issue", "bob@example.com"],
        &["pass", "issue", "ana@example.com", "--lifetime", "31d"],
        &["pass", "revoke", "ana@example.com"],
        &["role", "set", "admin", "user"],
        &["user", "list", "--database", "nowhere.db"],
        &["restore", "nowhere.db"],
    ] {
        let (status, sentence) = refused(path, arguments);
        assert_eq!((status, sentence.lines().count()), (1, 1), "{arguments:?}: {sentence}");
    }
    for arguments in [
        &["pass", "issue", "ana@example.com", "--lifetime", "soon"][..],
        &["user", "add", "", "--name", "x"],
        &["user", "add", "a@b"],
        &["bogus"],
    ] {
        assert_eq!(refused(path, arguments).0, 2, "{arguments:?}");
    }
    std::fs::write(path.join("keyward.toml"), "orgin = 'https://id.example.com'").unwrap();
    let (status, sentence) = refused(path, &["config", "check"]);
    assert_eq!(status, 2);
    assert!(sentence.contains("orgin"), "{sentence}");
}

#[test]
fn the_first_pass_goes_to_a_file_of_its_owner_and_not_to_the_log() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path();
    let server = Server::start(path, &[]);
    let file = path.join(server.ready["firstAdministrator"]["passFile"].as_str().unwrap());
    assert_eq!(std::fs::metadata(&file).unwrap().permissions().mode() & 0o777, 0o600);
    let pass = std::fs::read_to_string(&file).unwrap();
    assert_eq!(pass.trim().len(), 14);
    assert!(server.get("listen", "/setup").starts_with("HTTP/1.1 200"));
    let ready = server.ready.to_string();
    let log = server.stop();
    assert!(!log.contains(pass.trim()) && !ready.contains(pass.trim()));
    let again = Server::start(path, &[]);
    assert_eq!(again.ready.get("firstAdministrator"), None, "one, once");
    again.stop();
}

#[test]
fn each_thing_that_stops_the_start_says_what_to_do() {
    let folder = started();
    let path = folder.path();
    let serve = |arguments: &[&str]| {
        let (status, said) = refused(path, &[&["serve", "--listen", "127.0.0.1:0"], arguments].concat());
        // Before the sentence there may be lines of the log.
        let sentence = said.lines().last().unwrap_or_default().to_owned();
        assert!(matches!(status, 1 | 2) && sentence.ends_with('.'), "{arguments:?}: {sentence}");
        sentence
    };
    assert!(serve(&["--origin", "https://id.example.com", "--rp-id", "example.org"]).contains("rp_id"));
    assert!(serve(&["--origin", "https://id.example.com"]).contains("bound to localhost"));
    assert!(serve(&["--origin", "http://id.example.com"]).contains("https"));
    assert!(refused(path, &["serve", "--listen", "0.0.0.0:0"]).1.contains("trusted_proxies"));
    assert!(
        serve(&["--database", "/proc/keyward.db", "--key-file", "keyward.db.key"]).contains("--database")
    );
    let key = path.join("keyward.db.key");
    std::fs::set_permissions(&key, std::fs::Permissions::from_mode(0o644)).unwrap();
    assert!(serve(&[]).contains("chmod 600"));
    std::fs::rename(&key, path.join("elsewhere.key")).unwrap();
    assert!(serve(&[]).contains("--key-file"));
    let stranger = tempfile::tempdir().unwrap();
    Server::start(stranger.path(), &[]).stop();
    std::fs::copy(stranger.path().join("keyward.db.key"), &key).unwrap();
    assert!(serve(&[]).contains("does not belong"));
}

#[test]
fn a_backup_made_under_way_comes_back_and_ends_what_was_granted() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path();
    let server = Server::start(path, &[]);
    json(path, &["user", "add", "ana@example.com", "--name", "Ana", "--json"]);
    json(path, &["pass", "issue", "ana@example.com", "--json"]);
    json(path, &["backup", "backup.db", "--json"]);
    assert_eq!(refused(path, &["backup", "backup.db"]).0, 1, "nothing is overwritten");
    assert!(refused(path, &["restore", "backup.db"]).1.contains("stop it first"));
    assert!(refused(path, &["key", "rotate"]).1.contains("stop it first"));
    json(path, &["user", "add", "ben@example.com", "--name", "Ben", "--json"]);
    server.stop();
    for file in ["keyward.db", "keyward.db-wal", "keyward.db-shm"] {
        let _ = std::fs::rename(path.join(file), path.join(format!("{file}.old")));
    }
    json(path, &["restore", "backup.db", "--json"]);
    assert_eq!(json(path, &["user", "list", "--json"]).as_array().unwrap().len(), 2);
    assert_eq!(json(path, &["pass", "list", "ana@example.com", "--json"])[0]["state"], "revoked");
    Server::start(path, &[]).stop();
    assert_eq!(json(path, &["audit", "verify", "--json"])["ok"], true);
}

#[test]
fn a_database_put_back_behind_our_back_does_not_start_until_it_is_accepted() {
    let folder = started();
    let path = folder.path();
    for suffix in ["", "-wal"] {
        let _ = std::fs::copy(path.join(format!("keyward.db{suffix}")), path.join(format!("old.db{suffix}")));
    }
    let server = Server::start(path, &[]);
    json(path, &["user", "add", "ana@example.com", "--name", "Ana", "--json"]);
    server.stop();
    for suffix in ["", "-wal", "-shm"] {
        let _ = std::fs::remove_file(path.join(format!("keyward.db{suffix}")));
        let _ = std::fs::copy(path.join(format!("old.db{suffix}")), path.join(format!("keyward.db{suffix}")));
    }
    let (status, sentence) = refused(path, &["serve", "--listen", "127.0.0.1:0"]);
    assert_eq!(status, 1);
    assert!(sentence.contains("--accept-restored"), "{sentence}");
    Server::start(path, &["--accept-restored"]).stop();
    Server::start(path, &[]).stop();
}

#[test]
fn keys_rotate_while_nothing_runs() {
    let folder = started();
    let path = folder.path();
    assert_eq!(json(path, &["key", "rotate", "--json"])["id"], 2);
    let keys = json(path, &["key", "list", "--json"]);
    assert_eq!((keys[0]["state"].as_str(), keys[1]["state"].as_str()), (Some("retired"), Some("current")));
    Server::start(path, &[]).stop();
    assert_eq!(json(path, &["audit", "verify", "--json"])["ok"], true);
}

#[test]
fn the_demonstration_leaves_nothing_behind() {
    let folder = tempfile::tempdir().unwrap();
    let mut command = keyward(folder.path(), &["serve", "--demo", "--json", "--listen", "127.0.0.1:0"]);
    let mut child =
        command.env("TMPDIR", folder.path()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    let mut line = String::new();
    BufReader::new(child.stdout.as_mut().unwrap()).read_line(&mut line).unwrap();
    let server = Server { child, ready: serde_json::from_str(&line).unwrap() };
    assert_eq!(server.ready["demo"][0]["pass"].as_str().map(str::len), Some(14), "{line}");
    assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 1);
    server.stop();
    assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 0);
}

/// The golden database of schema 1 in a folder of its own.
fn of_the_release_before() -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    let golden = Path::new(env!("CARGO_MANIFEST_DIR")).join("../testkit/fixtures/schema-1");
    for (from, to) in [("keyward.db", "keyward.db"), ("keyward.key", "keyward.db.key")] {
        let to = folder.path().join(to);
        std::fs::copy(golden.join(from), &to).unwrap();
        std::fs::set_permissions(&to, std::fs::Permissions::from_mode(0o600)).unwrap();
    }
    folder
}

fn files(folder: &Path) -> Vec<String> {
    let entries = std::fs::read_dir(folder).unwrap();
    let mut names: Vec<String> =
        entries.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
    names.sort();
    names
}

#[test]
fn a_database_of_the_release_before_is_upgraded_when_told() {
    let folder = of_the_release_before();
    let path = folder.path();
    let before = std::fs::read(path.join("keyward.db")).unwrap();
    let (status, sentence) = refused(path, &["user", "list"]);
    assert_eq!(status, 1);
    assert!(sentence.contains("schema 1, this program needs 13"), "{sentence}");
    let checked = json(path, &["upgrade", "--check", "--json"]);
    assert_eq!(
        (&checked["ok"], &checked["schema"], &checked["needed"]),
        (&true.into(), &1.into(), &13.into())
    );
    assert_eq!(checked["migrations"][0]["name"], "refused_ceremonies");
    assert_eq!((&checked["checked"]["users"], &checked["checked"]["events"]), (&3.into(), &14.into()));
    let elsewhere = refused(path, &["upgrade", "--check", "--folder", "nowhere"]);
    assert_eq!(elsewhere.0, 1, "{}", elsewhere.1);
    assert_eq!(std::fs::read(path.join("keyward.db")).unwrap(), before);
    assert_eq!(files(path), ["keyward.db", "keyward.db.key"]);

    let upgraded = json(path, &["upgrade", "--json"]);
    let copy = upgraded["copy"].as_str().unwrap();
    assert_eq!((&upgraded["upgraded"], upgraded["schema"].as_i64()), (&true.into(), Some(1)));
    assert!(copy.starts_with("keyward.db.schema-1.") && path.join(copy).is_file(), "{copy}");
    assert_eq!(json(path, &["user", "list", "--json"]).as_array().unwrap().len(), 3);
    assert_eq!(json(path, &["upgrade", "--check", "--json"])["upgraded"], false);
    let restored = refused(path, &["restore", copy, "--database", "new.db", "--key-file", "keyward.db.key"]);
    assert!(restored.0 == 1 && restored.1.contains("the release that made it"), "{}", restored.1);
}

#[test]
fn or_by_the_server_at_its_start() {
    let folder = of_the_release_before();
    let server = Server::start(folder.path(), &["--origin", "http://localhost:8080"]);
    let (status, sentence) = refused(folder.path(), &["upgrade"]);
    assert!(status == 1 && sentence.contains("stop it first"), "{sentence}");
    let log = server.stop();
    assert!(log.contains("the database was upgraded") && log.contains("keyward.db.schema-1."), "{log}");
    let missing = refused(tempfile::tempdir().unwrap().path(), &["upgrade", "--check"]);
    assert!(missing.0 == 1 && missing.1.contains("There is no database"), "{}", missing.1);
}
