//! `keyfob init`.

use std::path::PathBuf;

use clap::Args;
use serde_json::json;

use super::{Failure, own};
use crate::ambient::{self, Environment};
use crate::cli::Common;
use crate::config::Paths;
use crate::face::terminal::Terminal;
use crate::face::verify::Verifier;
use crate::vault_file::{LockKind, Unlock, VaultFile};

/// Its arguments.
#[derive(Debug, Args)]
pub struct Arguments {
    /// The vault opens with the desktop's keyring instead of a passphrase
    #[arg(long)]
    pub keyring: bool,
    /// The vault opens with this computer's TPM instead of a passphrase, and on no other computer
    #[arg(long, conflicts_with = "keyring")]
    pub tpm: bool,
    /// The vault needs nothing to open and approves everything by itself: for tests, never for passkeys that matter
    #[arg(long, conflicts_with_all = ["keyring", "tpm"])]
    pub unattended: bool,
}

/// Where the vault is: where the person said, or where a person's vault is.
pub(crate) fn place(common: &Common) -> Result<PathBuf, Failure> {
    let usual = || Paths::of(&Environment::read()).map(|paths| paths.vault);
    common.vault.clone().or_else(usual).ok_or_else(|| {
        Failure::usage("Nothing was done: there is no home folder; say where the vault is with --vault.")
    })
}

pub(super) fn run(common: &Common, arguments: &Arguments) -> Result<(), Failure> {
    super::now(make(common, arguments))
}

/// Offers to make the first vault, for whoever starts Keyfob without one; whether there is one now.
pub(crate) async fn offer(common: &Common) -> Result<bool, Failure> {
    let (text, path) = (own::text(), place(common)?);
    let Ok(mut terminal) = Terminal::open(text, Verifier::Nobody) else { return Ok(false) };
    let shown = path.display().to_string();
    terminal.line(&text.say("face-help"));
    if !terminal.ask_yes(&text.with("init-offer", &[("vault", &shown)])).await {
        return Ok(false);
    }
    drop(terminal);
    let arguments = Arguments { keyring: false, tpm: false, unattended: false };
    make(common, &arguments).await.map(|()| true)
}

async fn make(common: &Common, arguments: &Arguments) -> Result<(), Failure> {
    let path = place(common)?;
    if path.symlink_metadata().is_ok() {
        // Before anybody thinks up a passphrase.
        return Err(not_made(&path, crate::vault_file::VaultError::Exists));
    }
    let unlock = match (arguments.unattended, arguments.keyring, arguments.tpm) {
        (true, ..) => Unlock::Unattended,
        (false, true, _) => Unlock::Keyring,
        (false, false, true) => Unlock::Tpm(Environment::read().tpm()),
        (false, false, false) => Unlock::Passphrase(
            own::new_secret(common.passphrase_file.as_deref(), "passphrase-new", "No vault was made").await?,
        ),
    };
    let vault =
        VaultFile::create(&path, unlock, &mut ambient::entropy()).map_err(|error| not_made(&path, error))?;
    let said = json!({ "vault": path, "lock": vault.lock().name() });
    super::print(common, &said, || match vault.lock() {
        LockKind::Unattended => format!(
            "{} is there. It needs nothing to open and approves everything by itself: use it for tests alone.",
            path.display()
        ),
        _ => format!(
            "{} is there. Without what opens it, nobody gets at its passkeys: not even you.",
            path.display()
        ),
    })
}

fn not_made(path: &std::path::Path, error: crate::vault_file::VaultError) -> Failure {
    Failure::refused(format!("No vault was made at {}: {error}.", path.display()))
}
