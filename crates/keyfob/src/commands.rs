//! What each command takes and does. Each has a file of its own: its arguments, and `run`.

pub mod add;
pub mod backup;
pub mod change_passphrase;
pub mod create;
pub mod doctor;
pub mod export;
pub mod import;
pub mod init;
pub mod links;
pub mod list;
pub mod relay;
pub mod remove;
pub mod rename;
pub mod scan;
pub mod serve;
pub mod tunnel_service;

mod choose;
mod own;
mod person;
mod unlock;

use std::fmt::Display;
use std::future::Future;
use std::io::{ErrorKind, IsTerminal, Write};
use std::process::ExitCode;

use clap::Parser;
use serde_json::Value;

use crate::cli::{Cli, Command, Common};
use crate::screen;
use crate::vault_file::{VaultError, VaultFile};

/// Reads the arguments, does what they say, and exits with 0, 1 or 2.
pub fn main() -> ExitCode {
    // Where the system forbids even that, it is no reason to do nothing.
    let _ = crate::ambient::leave_no_core();
    let cli = match Cli::try_parse() {
        Ok(cli) => cli,
        Err(error) => {
            // Help and version are no failure and go to standard output.
            let _ = error.print();
            return ExitCode::from(u8::try_from(error.exit_code()).unwrap_or(2));
        }
    };
    match run(cli) {
        Ok(()) => ExitCode::SUCCESS,
        Err(Failure { sentence, status }) => {
            let _ = writeln!(std::io::stderr(), "{sentence}");
            ExitCode::from(status)
        }
    }
}

fn run(cli: Cli) -> Result<(), Failure> {
    let Cli { common, command } = cli;
    let Some(command) = command else {
        return now(show(&common));
    };
    match command {
        Command::Init(arguments) => init::run(&common, &arguments),
        Command::Add(arguments) => add::run(&common, &arguments),
        Command::Create(arguments) => create::run(&common, &arguments),
        Command::List(arguments) => list::run(&common, &arguments),
        Command::Rename(arguments) => rename::run(&common, &arguments),
        Command::Remove(arguments) => remove::run(&common, &arguments),
        Command::Serve(arguments) => serve::run(&common, &arguments),
        Command::Scan(arguments) => scan::run(&common, &arguments),
        Command::Links(arguments) => links::run(&common, &arguments),
        Command::Relay(arguments) => relay::run(&common, &arguments),
        Command::Export(arguments) => export::run(&common, &arguments),
        Command::Import(arguments) => import::run(&common, &arguments),
        Command::Backup(arguments) => backup::run(&common, &arguments),
        Command::ChangePassphrase(arguments) => change_passphrase::run(&common, &arguments),
        Command::Doctor(arguments) => doctor::run(&common, &arguments),
    }
}

/// Without a command: the face on the whole terminal.
async fn show(common: &Common) -> Result<(), Failure> {
    if common.json {
        return Err(Failure::usage("Nothing was shown: the face is for people; `keyfob list --json` lists."));
    }
    if !on_a_terminal() {
        return Err(Failure::usage(
            "Nothing was shown: there is no terminal. `keyfob --help` lists the commands.",
        ));
    }
    if VaultFile::lock_of(&init::place(common)?) == Err(VaultError::Missing) && !init::offer(common).await? {
        return Err(Failure::refused("Nothing was shown: there is no vault; `keyfob init` makes one."));
    }
    let behind = unlock::behind(common).await?;
    screen::run::run(behind).await.map_err(|error| Failure::refused(format!("The face has ended: {error}.")))
}

/// Whether somebody sits there: what is read and what is written is a terminal's.
fn on_a_terminal() -> bool {
    std::io::stdin().is_terminal() && std::io::stdout().is_terminal()
}

/// Runs a command to its end; what it starts besides runs on other threads.
pub(crate) fn now<T>(command: impl Future<Output = Result<T, Failure>>) -> Result<T, Failure> {
    let runtime =
        tokio::runtime::Builder::new_multi_thread().enable_all().build().map_err(Failure::refused)?;
    let done = runtime.block_on(command);
    // A thread may wait for a line that nobody types any more.
    runtime.shutdown_background();
    done
}

/// What did not happen.
#[derive(Debug)]
pub struct Failure {
    sentence: String,
    status: u8,
}

impl Failure {
    /// Refused: nothing was changed.
    pub fn refused(sentence: impl Display) -> Self {
        Self { sentence: sentence.to_string(), status: 1 }
    }

    /// The arguments or the configuration make no sense.
    pub fn usage(sentence: impl Display) -> Self {
        Self { sentence: sentence.to_string(), status: 2 }
    }

    /// The sentence for standard error.
    pub fn sentence(&self) -> &str {
        &self.sentence
    }
}

/// Prints a command's outcome: one line of JSON, or what people read.
pub(crate) fn print(common: &Common, json: &Value, text: impl FnOnce() -> String) -> Result<(), Failure> {
    let line = if common.json { json.to_string() } else { text() };
    if line.is_empty() {
        return Ok(());
    }
    match writeln!(std::io::stdout(), "{line}") {
        // Who closes the pipe has read enough.
        Err(error) if error.kind() != ErrorKind::BrokenPipe => {
            Err(Failure::refused(format!("The output was not taken: {error}.")))
        }
        _ => Ok(()),
    }
}

/// A table for people: columns as wide as their widest cell.
pub(crate) fn table(rows: &[Vec<String>]) -> String {
    let columns = rows.iter().map(Vec::len).max().unwrap_or(0);
    let width = |column: usize| {
        rows.iter().filter_map(|row| row.get(column)).map(|cell| cell.chars().count()).max().unwrap_or(0)
    };
    let widths: Vec<usize> = (0..columns).map(width).collect();
    let line = |row: &Vec<String>| {
        let cells = row.iter().zip(&widths).map(|(cell, width)| format!("{cell:<width$}"));
        cells.collect::<Vec<_>>().join("  ").trim_end().to_owned()
    };
    rows.iter().map(line).collect::<Vec<_>>().join("\n")
}
