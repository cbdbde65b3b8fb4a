//! `keyfob links` as a program, and a `keyfob serve` that waits for the devices it lists.

#![expect(clippy::unwrap_used, reason = "a test: what cannot be done has failed")]

use std::io::{BufRead, BufReader, Read};
use std::net::TcpListener;
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};

use hybrid::linking::PhoneLink;
use keyfob::ambient;
use keyfob::links::{Given, keep};
use keyfob::vault_file::{Unlock, VaultFile};
use primitives::entropy::SystemEntropy;
use serde_json::Value;
use tempfile::TempDir;

const RELAY: u16 = 266;

struct Stand(TempDir);

impl Stand {
    /// A vault that knows two devices.
    fn new() -> Self {
        let stand = Self(tempfile::tempdir().unwrap());
        let mut vault =
            VaultFile::create(&stand.path("vault"), Unlock::Unattended, &mut SystemEntropy).unwrap();
        for name in ["office", "home"] {
            let link = PhoneLink::generate(&mut SystemEntropy);
            keep(&mut vault, Given { name: name.to_owned(), relay: RELAY, link }, ambient::now()).unwrap();
        }
        stand
    }

    fn path(&self, name: &str) -> PathBuf {
        self.0.path().join(name)
    }

    fn command(&self, arguments: &[&str]) -> Command {
        // A session of its own: there is no terminal to ask on, whoever runs the tests.
        let mut command = Command::new("setsid");
        command.arg("--wait").arg(env!("CARGO_BIN_EXE_keyfob")).args(arguments);
        command.arg("--vault").arg(self.path("vault"));
        command.env_clear().env("HOME", self.0.path()).env("XDG_RUNTIME_DIR", self.0.path());
        command.env("PATH", "/usr/bin:/bin").stdin(Stdio::null());
        command
    }

    fn run(&self, arguments: &[&str]) -> (Option<i32>, String, String) {
        let output = self.command(arguments).output().unwrap();
        let text = |bytes: &[u8]| String::from_utf8(bytes.to_vec()).unwrap();
        (output.status.code(), text(&output.stdout), text(&output.stderr))
    }

    fn names(&self) -> Vec<String> {
        let (code, out, error) = self.run(&["links", "--json"]);
        assert_eq!(code, Some(0), "{error}");
        let listed: Vec<Value> = serde_json::from_str(&out).unwrap();
        let mut names: Vec<String> =
            listed.iter().map(|device| device["name"].as_str().unwrap().to_owned()).collect();
        names.sort();
        names
    }
}

/// Ends with the test.
struct Serving(Child);

impl Drop for Serving {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

#[test]
fn devices_are_listed_and_forgotten() {
    let stand = Stand::new();
    assert_eq!(stand.names(), ["home", "office"]);
    let (code, out, _) = stand.run(&["links"]);
    assert_eq!(code, Some(0));
    assert!(out.contains("office") && out.contains("Until"), "{out}");
    let (code, out, _) = stand.run(&["links", "remove", "office"]);
    assert_eq!((code, out.trim()), (Some(0), "Forgotten: office. It needs a code again."));
    assert_eq!(stand.names(), ["home"]);
    let (code, out, error) = stand.run(&["links", "remove", "office"]);
    assert_eq!((code, out.as_str()), (Some(1), ""));
    assert!(error.starts_with("Nothing was forgotten: "), "{error}");
    let (_, out, _) = stand.run(&["links", "--json"]);
    let id = serde_json::from_str::<Value>(&out).unwrap()[0]["id"].as_str().unwrap().to_owned();
    let (code, out, _) = stand.run(&["links", "remove", &id, "--json"]);
    assert_eq!((code, out.contains("\"home\"")), (Some(0), true), "{out}");
    assert_eq!(stand.run(&["links"]).1.trim(), "No device may ask without a code.");
}

#[test]
fn a_serve_that_knows_a_relay_goes_there_for_each_device() {
    let stand = Stand::new();
    let relay = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = relay.local_addr().unwrap().to_string();
    let made = rcgen::generate_simple_self_signed(vec!["cable.wufkweyy3uaxb.com".to_owned()]).unwrap();
    std::fs::write(stand.path("ca.pem"), made.cert.pem()).unwrap();
    // Not through a program of its own, which would outlive what is killed here.
    let mut serving = Command::new(env!("CARGO_BIN_EXE_keyfob"));
    serving.args(["serve", "--json", "--relay-domain", "266", "--relay-address", &address, "--vault"]);
    serving.arg(stand.path("vault")).arg("--socket").arg(stand.path("key")).arg("--relay-ca");
    serving.arg(stand.path("ca.pem")).env_clear().env("HOME", stand.0.path());
    serving.env("XDG_RUNTIME_DIR", stand.0.path());
    serving.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::null());
    let mut serving = Serving(serving.spawn().unwrap());
    let mut line = String::new();
    BufReader::new(serving.0.stdout.take().unwrap()).read_line(&mut line).unwrap();
    assert!(line.contains("socket"), "{line}");
    for _ in 0..2 {
        let (mut came, _) = relay.accept().unwrap();
        let mut hello = [0; 2048];
        let length = came.read(&mut hello).unwrap();
        let name = b"cable.wufkweyy3uaxb.com";
        assert!(hello[..length].windows(name.len()).any(|window| window == name), "it asks for the relay");
    }
    // The same list, from whoever holds the vault.
    assert_eq!(stand.names(), ["home", "office"]);
    assert_eq!(stand.run(&["links", "remove", "home"]).0, Some(0));
    assert_eq!(stand.names(), ["office"]);
}

#[test]
fn a_relay_that_nobody_was_given_is_no_place_to_wait() {
    let stand = Stand::new();
    let socket = stand.path("key").display().to_string();
    for arguments in [
        &["serve", "--relay-domain", "2"][..],
        &["serve", "--relay-domain", "266", "--relay-ca", "/nonexistent"],
        &["scan", "--text", "x", "--link", "\u{1b}[2J"],
    ] {
        let more: &[&str] = if arguments[0] == "serve" { &["--socket", &socket] } else { &[] };
        let (code, out, error) = stand.run(&[arguments, more].concat());
        assert_ne!((code, error.trim()), (Some(0), ""), "{arguments:?}");
        assert!(error.starts_with("Nothing ") && out.is_empty(), "{arguments:?}: {error}");
    }
}
