//! `keyward password`.

use account::user::Login;
use clap::Subcommand;

use super::login;

/// Passwords.
#[derive(Debug, Subcommand)]
pub enum Password {
    /// Set a person's password: one line of standard input, never an argument
    Set {
        /// Email address or user name
        #[arg(value_parser = login)]
        email: Login,
        /// The person must change it before it opens anything
        #[arg(long)]
        must_change: bool,
    },
    /// Turn a person's password off; sessions that rest on it end
    Off {
        /// Email address or user name
        #[arg(value_parser = login)]
        email: Login,
    },
    /// Let a person have a password again whose password was turned off
    Allow {
        /// Email address or user name
        #[arg(value_parser = login)]
        email: Login,
    },
}
