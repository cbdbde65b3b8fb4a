//! `keyfob backup`.

use std::path::PathBuf;

use clap::Args;
use serde_json::json;

use super::{Failure, own};
use crate::cli::Common;

const REFUSAL: &str = "No backup was made";

/// Its arguments.
#[derive(Debug, Args)]
pub struct Arguments {
    /// The file to write; there must be none yet. It opens with what opens the vault today
    #[arg(value_name = "FILE")]
    pub file: PathBuf,
}

pub(super) fn run(common: &Common, arguments: &Arguments) -> Result<(), Failure> {
    super::now(back_up(common, arguments))
}

async fn back_up(common: &Common, arguments: &Arguments) -> Result<(), Failure> {
    // Opened first: a backup of what does not open is none.
    let vault = own::open(common, REFUSAL).await?;
    vault.back_up_to(&arguments.file).map_err(|error| Failure::refused(format!("{REFUSAL}: {error}.")))?;
    let said = json!({ "file": arguments.file, "passkeys": vault.count(), "lock": vault.lock().name() });
    super::print(common, &said, || {
        format!(
            "{} has {} passkeys. It opens with {}, as the vault does.",
            arguments.file.display(),
            vault.count(),
            vault.lock()
        )
    })
}
