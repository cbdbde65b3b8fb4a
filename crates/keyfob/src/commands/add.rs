//! `keyfob add`: signs in at a server and creates a passkey for it, without a computer's wizard.

use std::path::PathBuf;

use clap::Args;

use super::create::{not_created, report};
use super::person::{Person, secret};
use super::unlock::{self, Open};
use super::{Failure, now};
use crate::cli::Common;
use crate::errand::{Enrolment, Pace};
use crate::io::hid::token::Key;
use crate::server::{Origin, Server};

/// Its arguments.
#[derive(Debug, Args)]
pub struct Arguments {
    /// Your organisation's sign-in server, such as id.example.com
    #[arg(value_name = "SERVER")]
    server: String,
    /// Your login name, instead of asking for it
    #[arg(long, value_name = "NAME")]
    login: Option<String>,
    /// File whose first line is your temporary access pass, instead of asking for it
    #[arg(long, value_name = "FILE")]
    pass_file: Option<PathBuf>,
    /// Sign in with a passkey that you have elsewhere: on this security key, such as /dev/hidraw3
    #[arg(long, value_name = "DEVICE", conflicts_with_all = ["pass_file", "login"])]
    key: Option<PathBuf>,
    /// Certificates of the authorities that the server's may come from, in PEM; the system's without
    #[arg(long, value_name = "FILE")]
    ca: Option<PathBuf>,
    /// What the server shall call the passkey if it does not know Keyfob
    #[arg(long, value_name = "NAME")]
    name: Option<String>,
}

pub(super) fn run(common: &Common, arguments: &Arguments) -> Result<(), Failure> {
    now(add(common, arguments))
}

async fn add(common: &Common, arguments: &Arguments) -> Result<(), Failure> {
    let origin = Origin::parse(&arguments.server)
        .map_err(|error| Failure::usage(format!("No passkey was created: {error}.")))?;
    let pass = arguments.pass_file.as_deref().map(secret).transpose()?;
    let Open { text, mut holder, terminal, .. } = unlock::open(common, "No passkey was created").await?;
    let server = Server::new(origin, arguments.ca.as_deref(), text.tag())
        .map_err(|error| not_created(&error.into()))?;
    let mut person = Person { text, yes: true, login: arguments.login.clone(), pass, terminal };
    let enrolment = Enrolment {
        server,
        keeper: &mut holder,
        talk: &mut person,
        pace: Pace::default(),
        name: arguments.name.clone(),
        ca: arguments.ca.as_ref().and_then(|ca| ca.canonicalize().ok()),
        key: arguments.key.clone().map(Key::at),
    };
    let created = enrolment.run_alone().await.map_err(|error| not_created(&error))?;
    report(common, text, &created)
}
