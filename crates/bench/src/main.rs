//! Drives a running `keyward` over HTTP with our authenticator, and prints figures beside the machine's limits.
//!
//! `bench sign-in` measures complete sign-ins, `token` what applications ask for, `growth` whether they stay as fast while a deployment grows, `verify` what a
//! verification costs beside the bare signature check, `enumeration` whether answers tell which names exist. Linux only: it reads `/proc`.

mod ctap;
mod database;
mod enumeration;
mod failure;
mod faults;
mod flushes;
mod growth;
mod histogram;
mod host;
mod http;
mod hybrid;
mod limits;
mod load;
mod measure;
mod person;
mod population;
mod process;
mod registration;
mod relay;
mod report;
mod sign_in;
mod token;
mod vault;
mod verify;
mod worker;

use std::process::ExitCode;

use clap::{Parser, Subcommand};

use crate::failure::Failure;

/// Measures keyward: figures, and their ratios to what the machine could do at best.
#[derive(Parser)]
#[command(name = "bench", version, about, long_about = None)]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Complete sign-ins over HTTP: begin, assertion, finish, and the first page.
    SignIn(sign_in::Options),
    /// What applications ask of the provider: codes, tokens, userinfo, introspection, keys.
    Token(token::Options),
    /// Breaks what a deployment stands on, and checks what it kept of what it acknowledged.
    Faults(faults::Options),
    /// Whether answers tell names that exist from names that do not.
    Enumeration(enumeration::Options),
    /// Whether waiting stays the same while a deployment grows.
    Growth(growth::Options),
    /// What Keyfob's authenticator takes for a passkey and for a signature.
    Ctap(ctap::Options),
    /// What a registration over the hybrid transport costs of our own time.
    Hybrid(hybrid::Options),
    /// What a relay full of idle tunnels holds in memory.
    Relay(relay::Options),
    /// One authentication against the bare signature check.
    Verify(verify::Options),
    /// How long Keyfob's vault takes to open, and a change to reach the disk.
    Vault(vault::Options),
    /// A server that does no work, the measure of what requests cost by themselves.
    #[command(hide = true)]
    AnswerNothing,
}

fn main() -> ExitCode {
    let done = match Cli::parse().command {
        Command::SignIn(options) => sign_in::run(&options),
        Command::Token(options) => token::run(&options),
        Command::Faults(options) => faults::run(&options),
        Command::Enumeration(options) => enumeration::run(&options),
        Command::Growth(options) => growth::run(&options),
        Command::Ctap(options) => ctap::run(&options),
        Command::Hybrid(options) => hybrid::run(&options),
        Command::Relay(options) => relay::run(&options),
        Command::Verify(options) => verify::run(&options),
        Command::Vault(options) => vault::run(&options),
        Command::AnswerNothing => answer_nothing(),
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => {
            eprintln!("bench: {failure}");
            ExitCode::FAILURE
        }
    }
}

fn answer_nothing() -> Result<(), Failure> {
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build();
    let runtime = runtime.map_err(Failure::because("cannot start the empty server"))?;
    runtime.block_on(limits::answer_nothing())
}
