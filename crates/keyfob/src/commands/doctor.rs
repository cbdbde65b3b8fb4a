//! `keyfob doctor`.

use std::path::PathBuf;

use clap::Args;
use serde_json::Value;
use zbus::Connection;

use super::{Failure, init, now, print};
use crate::ambient::{self, Environment};
use crate::cli::Common;
use crate::config::Paths;
use crate::control::{self, Client};
use crate::doctor::{Around, State, examine};
use crate::holder::Holder;
use crate::io::bluetooth::Bluetooth;
use crate::server::Origin;
use crate::text::Text;

/// Its arguments.
#[derive(Debug, Args)]
pub struct Arguments {
    /// Mend what may be mended: modes of your files, Bluetooth that is off; for root the kernel's module and the rule for it
    #[arg(long)]
    fix: bool,
    /// Look at this sign-in server, too: its certificate, its clock against yours, its tunnel service
    #[arg(long, value_name = "URL")]
    server: Vec<String>,
    /// Certificates of the authorities that the server's may come from, in PEM
    #[arg(long, value_name = "FILE", requires = "server")]
    ca: Option<PathBuf>,
}

pub(super) fn run(common: &Common, arguments: &Arguments) -> Result<(), Failure> {
    now(look(common, arguments))
}

async fn look(common: &Common, arguments: &Arguments) -> Result<(), Failure> {
    let environment = Environment::read();
    let text = Text::of(environment.language.as_deref());
    let vault = init::place(common)?;
    let mut servers = Vec::new();
    for server in &arguments.server {
        let origin = Origin::parse(server)
            .map_err(|error| Failure::usage(format!("Nothing was looked at: {error}.")))?;
        servers.push((origin, arguments.ca.clone()));
    }
    let socket = Paths::of(&environment).and_then(|paths| control::place(&paths, &vault));
    let client = match socket {
        Some(socket) => Client::find(&socket, &vault).await,
        None => None,
    };
    let serving = client.is_some();
    if let Some(client) = client
        && servers.is_empty()
    {
        // Without the passphrase nobody else knows which servers there are.
        servers = known(&Holder::There(client)).await;
    }
    let around = Around {
        root: PathBuf::from("/"),
        vault,
        serving,
        system: Connection::system().await.ok(),
        session: Connection::session().await.ok(),
        bluetooth: Bluetooth::of_this_computer(),
        path: environment.path.clone(),
        now: ambient::now(),
        superuser: rustix::process::geteuid().is_root(),
        servers,
    };
    let found = examine(&around, arguments.fix).await;
    let json: Vec<Value> = found.iter().map(|finding| finding.json(text)).collect();
    print(common, &Value::from(json), || {
        let lines = found.iter().map(|finding| format!("{}  {}", finding.state.mark(), finding.said(text)));
        lines.collect::<Vec<_>>().join("\n")
    })?;
    let bad = found.iter().filter(|finding| finding.state == State::Bad).count();
    match bad {
        0 => Ok(()),
        bad => Err(Failure::refused(text.counted("doctor-bad", "count", bad.try_into().unwrap_or(u64::MAX)))),
    }
}

/// The servers that passkeys of the vault were created for.
async fn known(holder: &Holder) -> Vec<(Origin, Option<PathBuf>)> {
    let mut known: Vec<(Origin, Option<PathBuf>)> = Vec::new();
    for passkey in holder.passkeys().await.unwrap_or_default() {
        let Some(Ok(origin)) = passkey.about.server.as_deref().map(Origin::parse) else { continue };
        if known.iter().all(|(other, _)| *other != origin) {
            known.push((origin, passkey.about.ca));
        }
    }
    known
}
