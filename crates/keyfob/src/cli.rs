//! The command line: what can be said to `keyfob`, and with what it answers.
//!
//! Every command exits with 0, 1 (refused: nothing was changed) or 2 (the arguments make no sense), and says on
//! standard error in one sentence what did not happen. With `--json` a command prints one line of JSON on standard
//! output: an object, for lists an array of objects; times are RFC 3339 in UTC. What a command takes is written beside
//! what it does, in `commands/`.

use std::path::PathBuf;

use clap::{Args, Parser, Subcommand};

use crate::commands::{
    add, backup, change_passphrase, create, doctor, export, import, init, links, list, relay, remove, rename,
    scan, serve,
};

/// Passkeys on this computer: for its browsers, for other devices, for your organisation's sign-in server.
#[derive(Debug, Parser)]
#[command(name = "keyfob", version, propagate_version = true)]
#[command(after_help = "Without a command: your passkeys, on the whole terminal.\n\
Every command takes --json: one line, an object, for lists an array of objects, times in UTC. \
Exit status: 0 done, 1 refused and nothing changed, 2 the arguments make no sense.")]
pub struct Cli {
    /// What is common to all commands.
    #[command(flatten)]
    pub common: Common,
    /// What to do; without, the face on the whole terminal.
    #[command(subcommand)]
    pub command: Option<Command>,
}

/// What is common to all commands.
#[derive(Clone, Debug, Default, Args)]
pub struct Common {
    /// The vault; $XDG_DATA_HOME/keyfob/vault if nothing is said
    #[arg(long, global = true, value_name = "PATH", env = "KEYFOB_VAULT")]
    pub vault: Option<PathBuf>,
    /// File whose first line is the vault's passphrase, instead of asking for it
    #[arg(long, global = true, value_name = "FILE", env = "KEYFOB_PASSPHRASE_FILE")]
    pub passphrase_file: Option<PathBuf>,
    /// Print one line of JSON
    #[arg(long, global = true)]
    pub json: bool,
}

/// What to do.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Make a vault
    Init(init::Arguments),
    /// Sign in at your organisation's server and create a passkey for it
    Add(add::Arguments),
    /// Create the passkey that a computer's wizard waits for, by its code or address
    Create(create::Arguments),
    /// List the passkeys
    List(list::Arguments),
    /// Give a passkey another name, here and at the server
    Rename(rename::Arguments),
    /// Remove a passkey, here and at the server
    Remove(remove::Arguments),
    /// Be this computer's security key
    Serve(serve::Arguments),
    /// Sign in on another device: read the QR code that it shows
    Scan(scan::Arguments),
    /// List the devices that may ask without a code, or forget one
    Links(links::Arguments),
    /// Run a tunnel service for cross-device sign-in
    Relay(relay::Arguments),
    /// Write the passkeys to an encrypted file in the FIDO Credential Exchange Format
    Export(export::Arguments),
    /// Take passkeys from such a file
    Import(import::Arguments),
    /// Copy the vault, encrypted as it is
    Backup(backup::Arguments),
    /// Change what opens the vault
    ChangePassphrase(change_passphrase::Arguments),
    /// Say what is missing on this computer, and mend what may be mended
    Doctor(doctor::Arguments),
}

#[cfg(test)]
mod tests;
