//! `keyfob import`.

use std::fs::File;
use std::io::Read;
use std::path::{Path, PathBuf};

use clap::Args;
use serde_json::json;
use zeroize::Zeroizing;

use super::{Failure, own};
use crate::ambient;
use crate::cli::Common;
use crate::exchange::{LONGEST, read, sealed};

const REFUSAL: &str = "Nothing was imported";
/// So many passkeys that were not taken are named; a file may have any number.
const MOST_SHOWN: usize = 40;

/// Its arguments.
#[derive(Debug, Args)]
pub struct Arguments {
    /// An export of Keyfob's, or a file in the FIDO Credential Exchange Format
    #[arg(value_name = "FILE")]
    pub file: PathBuf,
    /// File whose first line is the passphrase of the export, instead of asking for it
    #[arg(long, value_name = "FILE")]
    pub export_passphrase_file: Option<PathBuf>,
}

pub(super) fn run(common: &Common, arguments: &Arguments) -> Result<(), Failure> {
    super::now(import(common, arguments))
}

async fn import(common: &Common, arguments: &Arguments) -> Result<(), Failure> {
    let refused = |why: &dyn std::fmt::Display| Failure::refused(format!("{REFUSAL}: {why}."));
    let file = load(&arguments.file).map_err(|error| refused(&error))?;
    let json = if sealed::is_sealed(&file) {
        let from = arguments.export_passphrase_file.as_deref();
        let prompt = own::text().say("passphrase-import");
        let passphrase = own::secret(from, &prompt, REFUSAL).await?;
        sealed::open(&file, &passphrase).map_err(|error| refused(&error))?
    } else {
        file
    };
    let found =
        read::read(&json, ambient::now(), &mut ambient::entropy()).map_err(|error| refused(&error))?;
    let (passkeys, mut kept) = (found.passkeys.len(), 0);
    if passkeys > 0 {
        let mut vault = own::open(common, REFUSAL).await?;
        kept = vault.add_all(found.passkeys).map_err(|error| refused(&error))?;
    }
    let known = passkeys.saturating_sub(kept);
    let reasons: Vec<_> =
        found.refused.iter().map(|(title, why)| json!({ "title": title, "code": why.code() })).collect();
    let said =
        json!({ "imported": kept, "known_already": known, "others": found.others, "refused": reasons });
    super::print(common, &said, || {
        let mut lines = vec![format!("{kept} passkeys are in the vault now; {known} were there already.")];
        if found.others > 0 {
            lines.push(format!("{} entries are no passkeys and were left alone.", found.others));
        }
        for (title, why) in found.refused.iter().take(MOST_SHOWN) {
            // A title from a file may have anything in it; a terminal shall not obey it.
            lines.push(format!("Not taken: {}: {why}.", crate::server::plain(title, 80)));
        }
        if let Some(more) = found.refused.len().checked_sub(MOST_SHOWN).filter(|more| *more > 0) {
            lines.push(format!("And {more} more, for such reasons."));
        }
        lines.join("\n")
    })
}

fn load(path: &Path) -> std::io::Result<Zeroizing<Vec<u8>>> {
    let file = File::open(path)?;
    let most = u64::try_from(LONGEST).unwrap_or(u64::MAX).saturating_add(64);
    // Room for all of it at once, and a byte more than is taken, for who reads it to see.
    let length = file.metadata()?.len().min(most).saturating_add(1);
    let mut bytes = Zeroizing::new(Vec::with_capacity(usize::try_from(length).unwrap_or_default()));
    file.take(most.saturating_add(1)).read_to_end(&mut bytes)?;
    Ok(bytes)
}
