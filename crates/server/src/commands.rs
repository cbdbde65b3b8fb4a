//! What each command does: open the deployment, call one use case, print.

mod api_keys;
mod attestation;
mod audit;
mod backup;
mod clients;
mod config;
mod directory;
mod explain;
mod hooks;
mod keys;
mod letter;
mod mail;
mod metadata;
mod orders;
mod passes;
mod passkeys;
mod passwords;
mod policy;
mod report;
mod requests;
mod upgrade;
mod users;

use std::fmt::Display;
use std::future::Future;
use std::io::Write;
use std::process::ExitCode;

use clap::Parser;
use serde_json::Value;
use service::administer_users::AdministerError;

use crate::cli::{Cli, Command, Common};
use crate::config::{Config, ConfigRefusal};
use crate::node::{Node, NodeError, Use};
use crate::serve;

/// Reads the arguments, does what they say, and exits with 0, 1 or 2.
pub fn main() -> ExitCode {
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
    match command {
        Command::Serve(arguments) => serve::run(&common, &arguments),
        Command::User(command) => now(users::run(&common, command)),
        Command::Group(command) => now(directory::groups(&common, command)),
        Command::Role(command) => now(users::roles(&common, command)),
        Command::Pass(command) => now(passes::run(&common, command)),
        Command::Passkey(command) => now(passkeys::run(&common, command)),
        Command::Password(command) => now(passwords::run(&common, command)),
        Command::Policy(command) => now(policy::run(&common, command)),
        Command::Audit(command) => now(audit::run(&common, command)),
        Command::Report(command) => now(report::run(&common, command)),
        Command::Request(command) => now(requests::run(&common, command)),
        Command::Order(command) => now(orders::run(&common, command)),
        Command::Mail(command) => now(mail::run(&common, command)),
        Command::Metadata(command) => now(metadata::run(&common, command)),
        Command::Attestation(command) => now(attestation::run(&common, command)),
        Command::Config(command) => config::run(&common, &command),
        Command::Backup { path } => now(backup::backup(&common, &path)),
        Command::Restore { path } => now(backup::restore(&common, &path)),
        Command::Upgrade(arguments) => now(upgrade::run(&common, arguments)),
        Command::ApiKey(command) => now(api_keys::run(&common, command)),
        Command::Hook(command) => now(hooks::run(&common, command)),
        Command::Client(command) => now(clients::run(&common, command)),
        Command::Key(command) => now(keys::run(&common, command)),
        Command::Explain(arguments) => explain::run(&common, &arguments),
    }
}

/// Runs a command to its end on this thread.
fn now<T>(command: impl Future<Output = Result<T, Failure>>) -> Result<T, Failure> {
    let runtime =
        tokio::runtime::Builder::new_current_thread().enable_all().build().map_err(Failure::refused)?;
    runtime.block_on(command)
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
}

impl From<ConfigRefusal> for Failure {
    fn from(refusal: ConfigRefusal) -> Self {
        Self::usage(refusal)
    }
}

impl From<NodeError> for Failure {
    fn from(error: NodeError) -> Self {
        Self::refused(error)
    }
}

impl From<store::StoreError> for Failure {
    fn from(error: store::StoreError) -> Self {
        Self::from(NodeError::Store(error))
    }
}

impl From<AdministerError> for Failure {
    fn from(error: AdministerError) -> Self {
        Self::refused(match &error {
            AdministerError::NotFound => {
                "Nothing was changed: there is no such person, passkey or pass.".to_owned()
            }
            AdministerError::LoginTaken => {
                "Nobody was added: somebody has this email address already.".to_owned()
            }
            AdministerError::DisabledUser => "Nothing was changed: the account is disabled.".to_owned(),
            AdministerError::LastAdministrator => {
                "Nothing was changed: it is the last administrator who can sign in.".to_owned()
            }
            AdministerError::Store(error) => format!("The database failed: {error}."),
            other => format!("Nothing was changed ({}).", other.code()),
        })
    }
}

/// Opens the deployment that the flags and the configuration name.
async fn open(common: &Common) -> Result<Node, Failure> {
    let config = Config::load(common.config.as_deref(), &common.overlay())?;
    let origin = config.origin_at(config.listen);
    Ok(Node::open(&config, &origin, Use::Administer).await?)
}

/// Prints a command's outcome: one line of JSON, or what people read.
pub(crate) fn print(common: &Common, json: &Value, text: impl FnOnce() -> String) -> Result<(), Failure> {
    let line = if common.json { json.to_string() } else { text() };
    if line.is_empty() {
        return Ok(());
    }
    writeln!(std::io::stdout(), "{line}")
        .map_err(|error| Failure::refused(format!("The output was not taken: {error}.")))
}

/// A table for people: columns as wide as their widest cell.
fn table(rows: &[Vec<String>]) -> String {
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_line_up() {
        let rows = [vec!["a".to_owned(), "bb".to_owned()], vec!["ccc".to_owned(), "d".to_owned()]];
        assert_eq!(table(&rows), "a    bb\nccc  d");
        assert_eq!(table(&[]), "");
    }
}
