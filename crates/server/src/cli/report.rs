//! `keyward report`: what can be said of it.

use account::sign_in_log::Outcome;
use account::user::Login;
use clap::{Args, Subcommand};
use primitives::time::Timestamp;

use super::{login, time};

/// Reports for administrators and auditors.
#[derive(Debug, Subcommand)]
pub enum Report {
    /// What everybody has registered, and what of it policy lets them use
    Registration {
        /// Comma-separated values instead of a table
        #[arg(long, conflicts_with = "json")]
        csv: bool,
    },
    /// Who could lose a device today without having to ask anybody, worst first
    Readiness {
        /// Comma-separated values instead of a table
        #[arg(long, conflicts_with = "json")]
        csv: bool,
        /// Only those who could not
        #[arg(long)]
        unready: bool,
    },
    /// Sign-ins, newest first
    SignIns(SignIns),
}

/// Which sign-ins.
#[derive(Debug, Args)]
pub struct SignIns {
    /// Only those of this person
    #[arg(long, value_parser = login)]
    pub user: Option<Login>,
    /// From then on, in RFC 3339
    #[arg(long, value_parser = time, value_name = "TIME")]
    pub from: Option<Timestamp>,
    /// Before then, in RFC 3339
    #[arg(long, value_parser = time, value_name = "TIME")]
    pub until: Option<Timestamp>,
    /// success, interrupted or failure
    #[arg(long, value_parser = result, value_name = "RESULT")]
    pub result: Option<Outcome>,
    /// At most so many
    #[arg(long, default_value_t = 100, value_parser = clap::value_parser!(u32).range(1..=100_000))]
    pub limit: u32,
    /// Comma-separated values instead of a table
    #[arg(long, conflicts_with = "json")]
    pub csv: bool,
}

fn result(text: &str) -> Result<Outcome, String> {
    let known = Outcome::parse(text).filter(|outcome| *outcome != Outcome::Change);
    known.ok_or_else(|| "a result is success, interrupted or failure".to_owned())
}
