//! `keyfob change-passphrase`.

use std::path::PathBuf;

use clap::Args;
use serde_json::json;

use super::{Failure, own};
use crate::ambient::Environment;
use crate::cli::Common;
use crate::vault_file::{Unlock, VaultError};

const REFUSAL: &str = "The vault opens as before";

/// Its arguments.
#[derive(Debug, Args)]
pub struct Arguments {
    /// From now on the desktop's keyring opens the vault, and no passphrase
    #[arg(long)]
    pub keyring: bool,
    /// From now on this computer's TPM opens the vault, and no passphrase
    #[arg(long, conflicts_with = "keyring")]
    pub tpm: bool,
    /// File whose first line is the new passphrase, instead of asking for it
    #[arg(long, value_name = "FILE", conflicts_with_all = ["keyring", "tpm"])]
    pub new_passphrase_file: Option<PathBuf>,
}

pub(super) fn run(common: &Common, arguments: &Arguments) -> Result<(), Failure> {
    super::now(change(common, arguments))
}

async fn change(common: &Common, arguments: &Arguments) -> Result<(), Failure> {
    let mut vault = own::open(common, REFUSAL).await?;
    let unlock = match (arguments.keyring, arguments.tpm) {
        (true, _) => Unlock::Keyring,
        (false, true) => Unlock::Tpm(Environment::read().tpm()),
        (false, false) => {
            let from = arguments.new_passphrase_file.as_deref();
            Unlock::Passphrase(own::new_secret(from, "passphrase-changed", REFUSAL).await?)
        }
    };
    let changed = tokio::task::spawn_blocking(move || vault.change_lock(&unlock).map(|()| vault)).await;
    let vault = changed.map_err(Failure::refused)?.map_err(not_changed)?;
    let said = json!({ "vault": vault.path(), "lock": vault.lock().name() });
    super::print(common, &said, || {
        format!(
            "The vault opens with {} now. Its backups opened with the old secret and are deleted; copies that you made \
             elsewhere still do.",
            vault.lock()
        )
    })
}

fn not_changed(error: VaultError) -> Failure {
    match error {
        VaultError::Unsure => Failure::refused(
            "The disk failed while the vault was written: it opens with the new secret or, if the current was lost, with \
             the old one.",
        ),
        error => Failure::refused(format!("{REFUSAL}: {error}.")),
    }
}
