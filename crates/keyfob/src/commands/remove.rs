//! `keyfob remove`: at the server and here, together.

use std::path::PathBuf;

use clap::Args;
use serde_json::json;

use super::unlock;
use super::{Failure, choose, now, print};
use crate::cli::Common;
use crate::holder::{Holder, Passkey};
use crate::keeper::Keeper;
use crate::manage;
use crate::server::plain;
use crate::text::Text;

const REFUSAL: &str = "Nothing was removed";

/// Its arguments.
#[derive(Debug, Args)]
pub struct Arguments {
    /// Its id or the beginning of it, its name, its account, or its site
    #[arg(value_name = "PASSKEY")]
    passkey: String,
    /// Certificates of the authorities that the server's may come from, in PEM
    #[arg(long, value_name = "FILE")]
    ca: Option<PathBuf>,
    /// Do not tell the server, which goes on to offer it
    #[arg(long)]
    only_here: bool,
    /// Do not ask
    #[arg(long)]
    yes: bool,
}

pub(super) fn run(common: &Common, arguments: &Arguments) -> Result<(), Failure> {
    now(remove(common, arguments))
}

async fn remove(common: &Common, arguments: &Arguments) -> Result<(), Failure> {
    let failed = |error: &dyn std::fmt::Display| Failure::refused(format!("{REFUSAL}: {error}."));
    let mut open = unlock::open(common, REFUSAL).await?;
    let text = open.text;
    let passkeys = open.holder.passkeys().await.map_err(|error| failed(&error))?;
    let passkey = choose::one(&passkeys, &arguments.passkey, REFUSAL)?;
    let (site, account) = (plain(&passkey.site, 253), plain(&passkey.account, 100));
    let facts = [("site", site.as_str()), ("account", account.as_str())];
    if !arguments.yes {
        let sure = match &mut open.terminal {
            Some(terminal) => terminal.ask_yes(&text.with("remove-ask", &facts)).await,
            None => {
                return Err(Failure::usage(format!("{REFUSAL}: there is no terminal to ask on; say --yes.")));
            }
        };
        if !sure {
            return Err(Failure::refused(format!("{REFUSAL}.")));
        }
    }
    let told = apply(text, &mut open.holder, passkey, arguments.ca.as_ref(), arguments.only_here).await?;
    let json =
        json!({ "id": passkey.id, "site": passkey.site, "account": passkey.account, "server_told": told });
    print(common, &json, || said(text, passkey, told))
}

/// Removes a passkey; whether its server knows.
pub(crate) async fn apply(
    text: Text,
    holder: &mut Holder,
    passkey: &Passkey,
    ca: Option<&PathBuf>,
    only_here: bool,
) -> Result<bool, Failure> {
    let failed = |error: &dyn std::fmt::Display| Failure::refused(format!("{REFUSAL}: {error}."));
    let server = match only_here {
        true => None,
        false => choose::server(&passkey.about, ca, text, REFUSAL)?,
    };
    let told = server.is_some();
    match server {
        Some(mut server) => {
            manage::remove(&mut server, holder, &passkey.id).await.map_err(|error| failed(&error))?;
        }
        None => holder.forget(&passkey.id).await.map_err(|error| failed(&error))?,
    }
    Ok(told)
}

/// Says what was removed, and where.
pub(crate) fn said(text: Text, passkey: &Passkey, told: bool) -> String {
    let (site, account) = (plain(&passkey.site, 253), plain(&passkey.account, 100));
    let facts = [("site", site.as_str()), ("account", account.as_str())];
    match told {
        true => text.with("removed-server", &facts),
        false => format!("{}\n{}", text.with("removed", &facts), text.with("remove-only-here", &facts)),
    }
}
