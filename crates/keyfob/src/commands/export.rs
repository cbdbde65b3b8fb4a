//! `keyfob export`.

use std::fs::OpenOptions;
use std::io::Write;
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};

use authenticator::vault::Vault;
use clap::Args;
use primitives::slow_hash::Cost;
use serde_json::json;

use super::{Failure, own};
use crate::ambient;
use crate::cli::Common;
use crate::exchange::{ExchangeRefusal, LONGEST, sealed, write};

const REFUSAL: &str = "Nothing was exported";

/// Its arguments.
#[derive(Debug, Args)]
pub struct Arguments {
    /// The file to write; there must be none yet
    #[arg(value_name = "FILE")]
    pub file: PathBuf,
    /// Only the passkeys for this site
    #[arg(long, value_name = "DOMAIN")]
    pub site: Option<String>,
    /// File whose first line is the passphrase that encrypts the export, instead of asking for one
    #[arg(long, value_name = "FILE")]
    pub export_passphrase_file: Option<PathBuf>,
    /// Do not encrypt: whoever reads the file has the passkeys. For programs that take nothing else
    #[arg(long, conflicts_with = "export_passphrase_file")]
    pub in_clear: bool,
}

pub(super) fn run(common: &Common, arguments: &Arguments) -> Result<(), Failure> {
    super::now(export(common, arguments))
}

async fn export(common: &Common, arguments: &Arguments) -> Result<(), Failure> {
    let refused = |why: &dyn std::fmt::Display| Failure::refused(format!("{REFUSAL}: {why}."));
    let vault = own::open(common, REFUSAL).await?;
    let wanted = |site: &str| arguments.site.as_deref().is_none_or(|wanted| wanted == site);
    let chosen = vault.all().filter(|credential| wanted(&credential.rp_id));
    let written = write::write(vault.id(), chosen, ambient::now());
    if written.passkeys == 0 {
        return Err(refused(&"there are no such passkeys"));
    }
    if written.json.len() > LONGEST {
        // Encrypted or not, it would not be taken back.
        return Err(refused(&ExchangeRefusal::TooLong));
    }
    let sealed;
    let file = if arguments.in_clear {
        written.json.as_slice()
    } else {
        let from = arguments.export_passphrase_file.as_deref();
        let passphrase = own::new_secret(from, "passphrase-export", REFUSAL).await?;
        sealed = sealed::seal(&written.json, &passphrase, Cost::VAULT, &mut ambient::entropy())
            .map_err(|error| refused(&error))?;
        sealed.as_slice()
    };
    save(&arguments.file, file).map_err(|error| refused(&error))?;
    let said = json!({
        "file": arguments.file,
        "passkeys": written.passkeys,
        "device_bound": written.device_bound,
        "left_out": written.left_out,
        "encrypted": !arguments.in_clear,
    });
    super::print(common, &said, || told(arguments, &written))
}

fn told(arguments: &Arguments, written: &write::Written) -> String {
    let mut lines = vec![format!("{} has {} passkeys.", arguments.file.display(), written.passkeys)];
    if arguments.in_clear {
        lines.push("It is not encrypted: delete it as soon as the other program has read it.".to_owned());
    }
    if written.device_bound > 0 {
        lines.push(format!(
            "Of these, {} told their sites that they never leave this authenticator: Keyfob takes them back, other \
             programs may find that the sites refuse them.",
            written.device_bound
        ));
    }
    if !written.left_out.is_empty() {
        lines.push(format!(
            "Left out, because the format has no room for their keys: {}.",
            written.left_out.join(", ")
        ));
    }
    lines.join("\n")
}

/// Writes a file that was not there, for its owner's eyes only.
fn save(path: &Path, bytes: &[u8]) -> std::io::Result<()> {
    let mut file = OpenOptions::new().write(true).create_new(true).mode(0o600).open(path)?;
    let written = file.write_all(bytes).and_then(|()| file.sync_all());
    if written.is_err() {
        // Half an export looks like one, and nothing is written over it the next time.
        std::fs::remove_file(path)?;
    }
    written
}
