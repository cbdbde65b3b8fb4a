use std::fs;
use std::os::unix::fs::PermissionsExt;

use tempfile::TempDir;

use super::*;
use crate::vault_file::{Unlock, VaultFile};

/// A computer of a test's own: a folder in the place of `/`, no buses.
fn computer(folder: &TempDir) -> Around {
    for path in ["dev", "etc/udev/rules.d", "home/keyfob"] {
        fs::create_dir_all(folder.path().join(path)).unwrap();
    }
    let vault = folder.path().join("home/keyfob/vault");
    fs::set_permissions(vault.parent().unwrap(), fs::Permissions::from_mode(0o700)).unwrap();
    VaultFile::create(&vault, Unlock::Unattended, &mut crate::ambient::entropy()).unwrap();
    Around {
        root: folder.path().to_owned(),
        vault,
        serving: false,
        system: None,
        session: None,
        bluetooth: Bluetooth::on("unix:path=/nonexistent/bus"),
        path: None,
        now: Timestamp::from_secs(1_800_000_000),
        superuser: false,
        servers: Vec::new(),
    }
}

async fn codes(around: &Around, fix: bool) -> Vec<(&'static str, State)> {
    examine(around, fix).await.iter().map(|finding| (finding.code, finding.state)).collect()
}

#[tokio::test]
async fn a_bare_computer_is_told_what_it_lacks() {
    let folder = tempfile::tempdir().unwrap();
    let around = computer(&folder);
    let found = codes(&around, false).await;
    for expected in [
        ("doctor-vault-unattended", State::Optional),
        ("doctor-serve-missing", State::Optional),
        ("doctor-uhid-missing", State::Bad),
        ("doctor-rule-missing", State::Bad),
        ("doctor-bluetooth-missing", State::Optional),
        ("doctor-keyring-missing", State::Optional),
        ("doctor-tpm-missing", State::Optional),
        ("doctor-camera-missing", State::Optional),
        ("doctor-clock-unknown", State::Optional),
    ] {
        assert!(found.contains(&expected), "{expected:?}: {found:?}");
    }
}

#[tokio::test]
async fn what_others_could_read_is_closed_when_told_so() {
    let folder = tempfile::tempdir().unwrap();
    let around = computer(&folder);
    let backup = around.vault.with_file_name("vault.1");
    fs::write(&backup, "x").unwrap();
    for path in [&around.vault, &backup] {
        fs::set_permissions(path, fs::Permissions::from_mode(0o644)).unwrap();
    }
    assert_eq!(codes(&around, false).await[0], ("doctor-vault-open", State::Bad));
    assert_eq!(codes(&around, true).await[0], ("doctor-vault-closed", State::Mended));
    assert_eq!(codes(&around, false).await[0].1, State::Optional);
    for path in [&around.vault, &backup] {
        assert_eq!(fs::metadata(path).unwrap().permissions().mode() & 0o777, 0o600);
    }
}

#[tokio::test]
async fn only_root_makes_the_rule() {
    let folder = tempfile::tempdir().unwrap();
    let mut around = computer(&folder);
    let place = folder.path().join("etc/udev/rules.d/70-keyfob.rules");
    codes(&around, true).await;
    assert!(!place.exists());
    around.superuser = true;
    assert!(!codes(&around, false).await.contains(&("doctor-rule-made", State::Mended)));
    assert!(!place.exists(), "nothing is changed without being told so");
    assert!(codes(&around, true).await.contains(&("doctor-rule-made", State::Mended)));
    assert_eq!(fs::read_to_string(&place).unwrap(), files::RULE);
    assert!(codes(&around, true).await.contains(&("doctor-rule-good", State::Good)));
}

#[tokio::test]
async fn what_is_there_is_good() {
    let folder = tempfile::tempdir().unwrap();
    let mut around = computer(&folder);
    for file in ["dev/uhid", "dev/video0", "etc/udev/rules.d/70-keyfob.rules"] {
        fs::write(folder.path().join(file), "").unwrap();
    }
    for program in ["ffmpeg", "maim"] {
        let path = folder.path().join(program);
        fs::write(&path, "").unwrap();
        fs::set_permissions(&path, fs::Permissions::from_mode(0o755)).unwrap();
    }
    around.path = Some(folder.path().into());
    around.serving = true;
    let found = codes(&around, false).await;
    for code in [
        "doctor-uhid-good",
        "doctor-rule-good",
        "doctor-screen-good",
        "doctor-camera-good",
        "doctor-serve-good",
    ] {
        assert!(found.contains(&(code, State::Good)), "{code}: {found:?}");
    }
}

#[tokio::test]
async fn a_vault_that_is_none_and_a_clock_that_was_never_set_are_bad() {
    let folder = tempfile::tempdir().unwrap();
    let mut around = computer(&folder);
    around.now = Timestamp::from_secs(86_400);
    fs::write(&around.vault, "nonsense").unwrap();
    let found = codes(&around, true).await;
    assert!(found.contains(&("doctor-clock-never", State::Bad)));
    assert_eq!(found[0], ("doctor-vault-unreadable", State::Bad));
    fs::remove_file(&around.vault).unwrap();
    assert_eq!(codes(&around, true).await[0], ("doctor-vault-missing", State::Bad));
    assert!(!around.vault.exists());
}

#[tokio::test]
async fn every_finding_says_something_in_both_languages() {
    let folder = tempfile::tempdir().unwrap();
    let mut around = computer(&folder);
    around.servers = vec![(Origin::parse("http://localhost:1").unwrap(), None)];
    let found = examine(&around, false).await;
    assert_eq!(
        found.last().map(|finding| (finding.code, finding.state)),
        Some(("doctor-server-bad", State::Bad))
    );
    for finding in found {
        for text in [Text::English, Text::German] {
            let said = finding.said(text);
            assert!(said.ends_with(['.', '!']) && !said.contains('{'), "{said}");
        }
        let json = finding.json(Text::English);
        assert!(["good", "mended", "optional", "bad"].contains(&json["state"].as_str().unwrap()));
    }
}
