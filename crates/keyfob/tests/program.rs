//! `keyfob` as a program: exit codes, JSON, nonsense, no terminal, secrets.

#![expect(clippy::unwrap_used, reason = "a test: what cannot be done has failed")]

use std::os::unix::fs::PermissionsExt;
use std::path::PathBuf;
use std::process::{Command, Output, Stdio};

use serde_json::Value;
use tempfile::TempDir;

/// A person's home without anything in it.
struct Home(TempDir);

impl Home {
    fn new() -> Self {
        Self(tempfile::tempdir().unwrap())
    }

    fn with_vault() -> Self {
        let home = Self::new();
        assert_eq!(home.run(&["init", "--unattended"]).status.code(), Some(0));
        home
    }

    fn path(&self, name: &str) -> PathBuf {
        self.0.path().join(name)
    }

    fn command(&self, arguments: &[&str]) -> Command {
        // A session of its own: there is no terminal to ask on, whoever runs the tests.
        let mut command = Command::new("setsid");
        command.arg("--wait").arg(env!("CARGO_BIN_EXE_keyfob")).args(arguments);
        command.env_clear().env("HOME", self.0.path()).env("PATH", "/usr/bin:/bin").stdin(Stdio::null());
        command
    }

    fn run(&self, arguments: &[&str]) -> Output {
        self.command(arguments).output().unwrap()
    }
}

fn said(output: &Output) -> (Option<i32>, String, String) {
    let text = |bytes: &[u8]| String::from_utf8(bytes.to_vec()).unwrap();
    (output.status.code(), text(&output.stdout), text(&output.stderr))
}

#[test]
fn every_command_has_help_and_says_it_on_standard_output() {
    let home = Home::new();
    let (code, help, _) = said(&home.run(&["--help"]));
    assert_eq!(code, Some(0));
    for command in [
        "init",
        "add",
        "create",
        "list",
        "rename",
        "remove",
        "serve",
        "scan",
        "links",
        "relay",
        "export",
        "import",
        "backup",
        "change-passphrase",
        "doctor",
    ] {
        assert!(help.contains(&format!("  {command} ")), "{command}: {help}");
        let (code, own, error) = said(&home.run(&[command, "--help"]));
        assert_eq!((code, error.as_str()), (Some(0), ""), "{command}");
        assert!(own.contains("Usage: keyfob") && own.contains("--json"), "{own}");
    }
    assert!(said(&home.run(&["--version"])).1.starts_with("keyfob "));
}

#[test]
fn nonsense_is_2_and_says_so_on_standard_error_alone() {
    let home = Home::with_vault();
    for arguments in [
        &["everything"][..],
        &["list", "--all"],
        &["init", "--keyring", "--unattended"],
        &["create"],
        &["create", "--server", "id.example.com"],
        &["create", "--code", "4KD-92M"],
        &["create", "https://id.example.com/"],
        &["create", "--server", "id.example.com", "--ticket", "short"],
        &["add"],
        &["add", "http://id.example.com"],
        &["add", "ftp://id.example.com"],
        &["add", "https://127.0.0.1"],
        &["add", "id.example.com/path"],
        &["rename", "x", ""],
        &["rename", "x", "\u{1b}[2J"],
        &["remove"],
        &["doctor", "--server", "http://id.example.com"],
        &["list", "--passphrase-file"],
        &[],
        &["--json"],
    ] {
        let (code, out, error) = said(&home.run(arguments));
        assert_eq!((code, out.as_str()), (Some(2), ""), "{arguments:?}: {error}");
        assert!(!error.trim().is_empty(), "{arguments:?}");
    }
}

#[test]
fn what_is_refused_is_1_and_says_what_did_not_happen() {
    let home = Home::with_vault();
    for (arguments, sentence) in [
        (&["init"][..], "No vault was made"),
        (&["remove", "nothing", "--yes"], "Nothing was removed"),
        (&["rename", "nothing", "x"], "Nothing was renamed"),
        (&["list", "--vault", "/nonexistent/vault"], "The passkeys were not listed"),
        (&["add", "http://localhost:9", "--login", "ana"], "No passkey was created"),
        (&["create", "http://localhost:9/a/e/AAAAAAAAAAAAAAAAAAAAAA", "--yes"], "No passkey was created"),
        (&["serve", "--uhid", "/nonexistent/uhid"], "Nothing is served"),
    ] {
        let (code, out, error) = said(&home.run(arguments));
        assert_eq!((code, out.as_str()), (Some(1), ""), "{arguments:?}: {error}");
        assert!(error.lines().any(|line| line.starts_with(sentence)), "{arguments:?}: {error}");
    }
}

#[test]
fn json_is_one_line_of_the_promised_shape() {
    let home = Home::with_vault();
    let json = |arguments: &[&str]| -> Value {
        let (_, out, _) = said(&home.run(arguments));
        assert_eq!(out.lines().count(), 1, "{arguments:?}: {out}");
        serde_json::from_str(&out).unwrap()
    };
    assert_eq!(json(&["list", "--json"]), serde_json::json!([]));
    let made = json(&["init", "--unattended", "--json", "--vault", home.path("other").to_str().unwrap()]);
    assert_eq!(made["lock"], "unattended");
    let copied = json(&["backup", home.path("copy").to_str().unwrap(), "--json"]);
    assert_eq!(copied["passkeys"], 0);
    let found = json(&["doctor", "--json"]);
    let found = found.as_array().unwrap();
    assert!(
        found
            .iter()
            .all(|finding| ["what", "state", "code", "text"].iter().all(|key| finding[key].is_string()))
    );
    assert!(found.iter().any(|finding| finding["code"] == "doctor-vault-unattended"));
}

#[test]
fn without_a_terminal_no_secret_is_asked_for() {
    let home = Home::new();
    for arguments in [&["init"][..], &["init", "--vault", "relative"]] {
        let (code, out, error) = said(&home.run(arguments));
        assert!(code == Some(2) && out.is_empty() && error.contains("no terminal"), "{error}");
    }
    let file = home.path("secret");
    std::fs::write(&file, "correct horse\n").unwrap();
    let file = file.to_str().unwrap();
    assert_eq!(said(&home.run(&["init", "--passphrase-file", file])).0, Some(0));
    let (code, out, error) = said(&home.run(&["list"]));
    assert!(code == Some(1) && out.is_empty() && error.contains("--passphrase-file"), "{error}");
    assert_eq!(said(&home.run(&["list", "--passphrase-file", file])).0, Some(0));
    std::fs::write(home.path("wrong"), "wrong horse\n").unwrap();
    let (code, _, error) =
        said(&home.run(&["list", "--passphrase-file", home.path("wrong").to_str().unwrap()]));
    assert!(code == Some(1) && error.contains("does not open"), "{error}");
    std::fs::write(home.path("empty"), "\n").unwrap();
    assert_eq!(
        said(&home.run(&["list", "--passphrase-file", home.path("empty").to_str().unwrap()])).0,
        Some(2)
    );
    let vault = home.path(".local/share/keyfob/vault");
    assert_eq!(std::fs::metadata(&vault).unwrap().permissions().mode() & 0o777, 0o600);
    assert_eq!(std::fs::metadata(vault.parent().unwrap()).unwrap().permissions().mode() & 0o077, 0);
}

#[test]
fn no_secret_is_taken_from_the_command_line_or_the_environment() {
    let home = Home::new();
    for command in ["add", "create", "init", "list", "export", "import", "change-passphrase", "serve"] {
        let (_, help, _) = said(&home.run(&[command, "--help"]));
        for option in help.split_whitespace().filter(|word| word.starts_with("--")) {
            let secret = ["pass", "secret", "pin", "token"].iter().any(|word| option.contains(word));
            assert!(!secret || option.trim_end_matches([',', ']']).ends_with("-file"), "{command} {option}");
        }
        assert!(!help.contains("env: KEYFOB_PASS]") && !help.contains("PASSPHRASE="), "{help}");
    }
}

#[test]
fn the_languages_are_two() {
    let home = Home::with_vault();
    let in_language = |language: &str| {
        let output = home.command(&["list"]).env("LANG", language).output().unwrap();
        said(&output).1
    };
    assert_eq!(in_language("en_US.UTF-8").trim(), "The vault holds no passkeys.");
    assert_ne!(in_language("de_CH.UTF-8"), in_language("C.UTF-8"));
}

#[test]
fn nothing_is_coloured_where_nobody_sees_it() {
    let home = Home::with_vault();
    for arguments in [&["list"][..], &["doctor"], &["--help"], &["everything"]] {
        let output = home.command(arguments).env("NO_COLOR", "1").output().unwrap();
        let (_, out, error) = said(&output);
        assert!(!out.contains('\u{1b}') && !error.contains('\u{1b}'), "{arguments:?}");
    }
}
