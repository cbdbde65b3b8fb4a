//! What is on the disk: the vault, the kernel's devices and the rule for them, programs that see.

use std::fs::{self, OpenOptions, Permissions};
use std::io::ErrorKind;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};

use tokio::process::Command;

use super::{Around, Finding, State};
use crate::io::scan::{Programs, SCREEN_PROGRAMS};
use crate::vault_file::{LockKind, TpmDevice, VaultError, VaultFile};

/// Modes that only their owner may use.
const OWN_FILE: u32 = 0o600;
const OWN_FOLDER: u32 = 0o700;
const OTHERS: u32 = 0o077;

/// The rule that lets who sits at the computer at the device, as the package installs it.
pub(super) const RULE: &str = include_str!("../../debian/70-keyfob.rules");

/// Where a rule is looked for; the first is where one is made by hand.
const RULES: [&str; 3] = [
    "etc/udev/rules.d/70-keyfob.rules",
    "usr/lib/udev/rules.d/70-keyfob.rules",
    "lib/udev/rules.d/70-keyfob.rules",
];

pub(super) fn vault(around: &Around, fix: bool) -> Finding {
    let found = |state, code| Finding::new("vault", state, code).with("vault", around.vault.display());
    let kind = match VaultFile::lock_of(&around.vault) {
        Ok(kind) => kind,
        Err(VaultError::Missing) => return found(State::Bad, "doctor-vault-missing"),
        Err(error) => return found(State::Bad, "doctor-vault-unreadable").with("why", error),
    };
    let open = open_to_others(&around.vault);
    if !open.is_empty() {
        let closed = fix
            && open
                .iter()
                .all(|(path, mode)| fs::set_permissions(path, Permissions::from_mode(*mode)).is_ok());
        return match closed {
            true => found(State::Mended, "doctor-vault-closed"),
            false => found(State::Bad, "doctor-vault-open"),
        };
    }
    match kind {
        LockKind::Unattended => found(State::Optional, "doctor-vault-unattended"),
        _ => found(State::Good, "doctor-vault-good").with("lock", kind),
    }
}

/// What others could read, and the mode that it should have: the vault, its folder, and its backups there.
fn open_to_others(vault: &Path) -> Vec<(PathBuf, u32)> {
    let mode = |path: &Path| fs::metadata(path).map(|meta| meta.permissions().mode()).unwrap_or_default();
    let mut open = Vec::new();
    let Some((folder, name)) = vault.parent().zip(vault.file_name()) else { return open };
    // A folder of Keyfob's own is nobody else's; one that the person named may be shared.
    if folder.file_name().is_some_and(|own| own == "keyfob") && mode(folder) & OTHERS != 0 {
        open.push((folder.to_owned(), OWN_FOLDER));
    }
    let beside = fs::read_dir(folder).into_iter().flatten().flatten().map(|entry| entry.path());
    let ours = |path: &PathBuf| {
        let beside = path.file_name().map(|of| of.to_string_lossy().into_owned()).unwrap_or_default();
        path.is_file() && beside.starts_with(&*name.to_string_lossy())
    };
    open.extend(beside.filter(ours).filter(|path| mode(path) & OTHERS != 0).map(|path| (path, OWN_FILE)));
    open
}

pub(super) fn serving(around: &Around) -> Finding {
    match around.serving {
        true => Finding::new("serve", State::Good, "doctor-serve-good"),
        false => Finding::new("serve", State::Optional, "doctor-serve-missing"),
    }
}

pub(super) async fn uhid(around: &Around, fix: bool) -> Finding {
    let path = around.root.join("dev/uhid");
    let look = || OpenOptions::new().read(true).write(true).open(&path).map_err(|error| error.kind());
    let found = |state, code| Finding::new("uhid", state, code);
    match look() {
        Ok(_) => found(State::Good, "doctor-uhid-good"),
        Err(ErrorKind::PermissionDenied) => found(State::Bad, "doctor-uhid-denied"),
        Err(_) => {
            if fix && around.superuser && succeeds("modprobe", &["uhid"]).await && look().is_ok() {
                return found(State::Mended, "doctor-uhid-loaded");
            }
            found(State::Bad, "doctor-uhid-missing")
        }
    }
}

pub(super) async fn rule(around: &Around, fix: bool) -> Finding {
    let found = |state, code| Finding::new("rule", state, code);
    if RULES.iter().any(|path| around.root.join(path).is_file()) {
        return found(State::Good, "doctor-rule-good");
    }
    let here = around.root.join("etc/udev/rules.d");
    let place = here.join("70-keyfob.rules");
    if fix && around.superuser && here.is_dir() && fs::write(&place, RULE).is_ok() {
        // Without a running udev it counts from the next start on.
        if around.root == Path::new("/") {
            succeeds("udevadm", &["control", "--reload"]).await;
            succeeds("udevadm", &["trigger", "--sysname-match=uhid"]).await;
        }
        return found(State::Mended, "doctor-rule-made").with("file", place.display());
    }
    found(State::Bad, "doctor-rule-missing")
}

/// Whether a program of the system's ends well.
async fn succeeds(program: &str, arguments: &[&str]) -> bool {
    let mut command = Command::new(program);
    command.args(arguments).stdin(std::process::Stdio::null());
    command.output().await.is_ok_and(|output| output.status.success())
}

/// Whether the TPM seals: it is asked to, and what it makes is forgotten again.
pub(super) fn tpm(around: &Around) -> Finding {
    let found = |state, code| Finding::new("tpm", state, code);
    let needed = VaultFile::lock_of(&around.vault) == Ok(LockKind::Tpm);
    match TpmDevice::at(Some(around.root.join("dev/tpmrm0"))).try_out() {
        Ok(()) => found(State::Good, "doctor-tpm-good"),
        Err(why) if needed => found(State::Bad, "doctor-tpm-needed").with("why", why),
        Err(why) => found(State::Optional, "doctor-tpm-missing").with("why", why),
    }
}

pub(super) fn screen(around: &Around) -> Finding {
    let programs = Programs::on(around.path.clone());
    match SCREEN_PROGRAMS.iter().find(|(name, _)| programs.find(name).is_some()) {
        Some((name, _)) => Finding::new("screen", State::Good, "doctor-screen-good").with("program", name),
        None => Finding::new("screen", State::Optional, "doctor-screen-missing"),
    }
}

pub(super) fn camera(around: &Around) -> Finding {
    let found = |state, code| Finding::new("camera", state, code);
    if !around.root.join("dev/video0").exists() {
        return found(State::Optional, "doctor-camera-missing");
    }
    match Programs::on(around.path.clone()).find("ffmpeg") {
        Some(_) => found(State::Good, "doctor-camera-good"),
        None => found(State::Optional, "doctor-camera-program"),
    }
}
