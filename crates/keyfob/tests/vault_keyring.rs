//! A vault that the desktop's keyring opens: the program, a session's bus of its own, and a stand-in for the keyring on it.

#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test: what cannot be done has failed")]

use std::io::{BufRead, BufReader};
use std::path::PathBuf;
use std::process::{Child, Command, Output, Stdio};
use std::sync::{Arc, Mutex};

use tempfile::TempDir;
use zbus::{Connection, connection};

#[path = "../src/vault_file/keyring/standin.rs"]
mod standin;

use standin::{Collection, Prompt, Service, Shared, State};

/// A bus with a keyring on it, and a folder for a vault.
struct Session {
    bus: Child,
    address: String,
    keyring: Shared,
    _connection: Connection,
    folder: TempDir,
}

impl Session {
    /// `None` where there is no `dbus-daemon`.
    async fn start(state: State) -> Option<Self> {
        let started = Command::new("dbus-daemon")
            .args(["--session", "--nofork", "--print-address"])
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn();
        let Ok(mut bus) = started else {
            #[expect(
                clippy::disallowed_methods,
                reason = "a test: whether it runs where everything must be there"
            )]
            let ci = std::env::var("CI").is_ok_and(|value| value == "true");
            assert!(!ci, "dbus-daemon is missing, and CI=true");
            eprintln!("dbus-daemon is not installed: no keyring was tried");
            return None;
        };
        let mut address = String::new();
        BufReader::new(bus.stdout.take().unwrap()).read_line(&mut address).unwrap();
        let address = address.trim().to_owned();
        let keyring = Arc::new(Mutex::new(state));
        let connection = connection::Builder::address(address.as_str())
            .name("org.freedesktop.secrets")
            .serve_at("/org/freedesktop/secrets", Service(Arc::clone(&keyring)))
            .serve_at("/collection", Collection(Arc::clone(&keyring)))
            .serve_at("/prompt", Prompt(Arc::clone(&keyring)))
            .build()
            .await
            .unwrap();
        let folder = tempfile::tempdir().unwrap();
        Some(Self { bus, address, keyring, _connection: connection, folder })
    }

    fn vault(&self) -> PathBuf {
        self.folder.path().join("vault")
    }

    /// The program in this session; `limit` is the longest file that it may write, in blocks, and it lives on when it
    /// wants to write a longer one.
    fn run(&self, limit: &str, arguments: &[&str]) -> Output {
        let mut command = Command::new("sh");
        command.arg("-c").arg("trap '' XFSZ; ulimit -f \"$1\"; shift; exec \"$@\"").arg("sh").arg(limit);
        command.arg(env!("CARGO_BIN_EXE_keyfob")).arg("--json").arg("--vault").arg(self.vault());
        command.args(arguments).env("DBUS_SESSION_BUS_ADDRESS", &self.address);
        command.env("HOME", self.folder.path()).env_remove("XDG_RUNTIME_DIR").output().unwrap()
    }

    fn succeeds(&self, arguments: &[&str]) {
        let output = self.run("unlimited", arguments);
        assert!(output.status.success(), "{arguments:?}: {}", String::from_utf8_lossy(&output.stderr));
    }
}

impl Drop for Session {
    fn drop(&mut self) {
        let _ = self.bus.kill();
        let _ = self.bus.wait();
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_vault_opens_with_the_session() {
    let Some(session) = Session::start(State::default()).await else { return };
    session.succeeds(&["init", "--keyring"]);
    session.succeeds(&["list"]);
    session.keyring.lock().unwrap().items.clear();
    let output = session.run("unlimited", &["list"]);
    assert_eq!(output.status.code(), Some(1));
    let why = String::from_utf8_lossy(&output.stderr);
    assert!(why.contains("the desktop's keyring has no key for this vault"), "{why}");
}

/// The new key reaches the keyring before the file is written anew, which fails: the old key must still be there.
#[tokio::test(flavor = "multi_thread")]
async fn a_change_that_fails_half_way_leaves_a_vault_that_opens() {
    let Some(session) = Session::start(State::default()).await else { return };
    session.succeeds(&["init", "--keyring"]);
    let before = std::fs::read(session.vault()).unwrap();
    let output = session.run("0", &["change-passphrase", "--keyring"]);
    assert_eq!(output.status.code(), Some(1), "{output:?}");
    let why = String::from_utf8_lossy(&output.stderr);
    assert!(why.contains("The vault opens as before: the vault's file: "), "{why}");
    assert_eq!(session.keyring.lock().unwrap().items.len(), 2, "the new key was kept already");
    assert_eq!(std::fs::read(session.vault()).unwrap(), before);
    session.succeeds(&["list"]);
    session.succeeds(&["change-passphrase", "--keyring"]);
    assert_ne!(std::fs::read(session.vault()).unwrap(), before);
    session.succeeds(&["list"]);
}
