//! `keyfob create`: the passkey that a computer's wizard waits for.

use std::path::PathBuf;

use clap::Args;
use serde_json::Value;

use super::person::{Person, secret};
use super::unlock::{self, Open};
use super::{Failure, now, print};
use crate::cli::Common;
use crate::errand::{self, Created, Enrolment, ErrandError, Pace, Ticket};
use crate::io::hid::token::Key;
use crate::server::{Origin, Server};
use crate::text::Text;

/// Its arguments.
#[derive(Debug, Args)]
pub struct Arguments {
    /// The address that the wizard's QR code holds, such as https://id.example.com/a/e/…
    #[arg(value_name = "ADDRESS", conflicts_with_all = ["server", "ticket", "code"])]
    address: Option<String>,
    /// The sign-in server
    #[arg(long, value_name = "URL")]
    server: Option<String>,
    /// The ticket of that address
    #[arg(long, value_name = "TICKET", requires = "server")]
    ticket: Option<String>,
    /// The code that the wizard shows, such as 4KD-92M
    #[arg(long, value_name = "CODE", requires = "server", conflicts_with = "ticket")]
    code: Option<String>,
    /// File whose first line is your temporary access pass, instead of asking for it
    #[arg(long, value_name = "FILE")]
    pass_file: Option<PathBuf>,
    /// Sign in with a passkey that you have elsewhere: on this security key, such as /dev/hidraw3
    #[arg(long, value_name = "DEVICE", conflicts_with = "pass_file")]
    key: Option<PathBuf>,
    /// Certificates of the authorities that the server's may come from, in PEM; the system's without
    #[arg(long, value_name = "FILE")]
    ca: Option<PathBuf>,
    /// What the server shall call the passkey if it does not know Keyfob
    #[arg(long, value_name = "NAME")]
    name: Option<String>,
    /// I have started this myself: do not ask
    #[arg(long)]
    yes: bool,
}

pub(super) fn run(common: &Common, arguments: &Arguments) -> Result<(), Failure> {
    now(create(common, arguments))
}

/// What the arguments mean.
enum Wanted {
    Ticket(Ticket),
    Code(String),
}

fn wanted(arguments: &Arguments) -> Result<(Origin, Wanted), Failure> {
    let usage = |why: &dyn std::fmt::Display| Failure::usage(format!("No passkey was created: {why}."));
    if let Some(address) = &arguments.address {
        let (origin, ticket) = errand::address(address).map_err(|error| usage(&error))?;
        return Ok((origin, Wanted::Ticket(ticket)));
    }
    let Some(server) = &arguments.server else {
        return Err(usage(&"say the address of the wizard's code, or --server with --code or --ticket"));
    };
    let origin = Origin::parse(server).map_err(|error| usage(&error))?;
    match (&arguments.ticket, &arguments.code) {
        (Some(ticket), _) => {
            Ok((origin, Wanted::Ticket(Ticket::parse(ticket).map_err(|error| usage(&error))?)))
        }
        (None, Some(code)) => Ok((origin, Wanted::Code(code.clone()))),
        (None, None) => Err(usage(&"say --code or --ticket; `keyfob add` needs neither")),
    }
}

async fn create(common: &Common, arguments: &Arguments) -> Result<(), Failure> {
    let (origin, wanted) = wanted(arguments)?;
    let pass = arguments.pass_file.as_deref().map(secret).transpose()?;
    let Open { text, mut holder, terminal, .. } = unlock::open(common, "No passkey was created").await?;
    let refused = |error: ErrandError| not_created(&error);
    let mut server =
        Server::new(origin, arguments.ca.as_deref(), text.tag()).map_err(|error| refused(error.into()))?;
    let ticket = match wanted {
        Wanted::Ticket(ticket) => ticket,
        Wanted::Code(code) => errand::find(&mut server, &code).await.map_err(refused)?,
    };
    let mut person = Person { text, yes: arguments.yes, login: None, pass, terminal };
    let enrolment = Enrolment {
        server,
        keeper: &mut holder,
        talk: &mut person,
        pace: Pace::default(),
        name: arguments.name.clone(),
        ca: arguments.ca.as_ref().and_then(|ca| ca.canonicalize().ok()),
        key: arguments.key.clone().map(Key::at),
    };
    let created = enrolment.run(&ticket).await.map_err(refused)?;
    report(common, text, &created)
}

/// Says what was created.
pub(super) fn report(common: &Common, text: Text, created: &Created) -> Result<(), Failure> {
    let json = serde_json::to_value(created).unwrap_or(Value::Null);
    let id = if created.followed { "created" } else { "created-alone" };
    let facts = [("name", created.name.as_str()), ("account", &created.account), ("server", &created.server)];
    print(common, &json, || text.with(id, &facts))
}

/// Says why nothing was.
pub(super) fn not_created(error: &ErrandError) -> Failure {
    Failure::refused(format!("No passkey was created: {error}."))
}
