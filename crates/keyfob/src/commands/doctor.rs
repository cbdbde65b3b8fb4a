//! `keyfob doctor`.

use clap::Args;

use super::Failure;
use crate::cli::Common;

/// Its arguments.
#[derive(Debug, Args)]
pub struct Arguments {}

pub(super) fn run(_common: &Common, _arguments: &Arguments) -> Result<(), Failure> {
    Err(Failure::refused("Nothing was done: this command is not there yet."))
}
