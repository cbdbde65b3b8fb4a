//! `keyfob rename`.

use std::path::PathBuf;

use clap::Args;
use serde_json::{Value, json};

use super::unlock;
use super::{Failure, choose, now, print};
use crate::cli::Common;
use crate::holder::About;
use crate::keeper::Keeper;
use crate::manage::{self, Action, Done};
use crate::server::plain;

const REFUSAL: &str = "Nothing was renamed";

/// Its arguments.
#[derive(Debug, Args)]
pub struct Arguments {
    /// Its id or the beginning of it, its name, its account, or its site
    #[arg(value_name = "PASSKEY")]
    passkey: String,
    /// The new name
    #[arg(value_name = "NAME")]
    name: String,
    /// Certificates of the authorities that the server's may come from, in PEM
    #[arg(long, value_name = "FILE")]
    ca: Option<PathBuf>,
    /// Do not tell the server
    #[arg(long)]
    only_here: bool,
}

pub(super) fn run(common: &Common, arguments: &Arguments) -> Result<(), Failure> {
    now(rename(common, arguments))
}

async fn rename(common: &Common, arguments: &Arguments) -> Result<(), Failure> {
    let name = plain(arguments.name.trim(), 60);
    if name.is_empty() || name != arguments.name.trim() {
        return Err(Failure::usage(format!("{REFUSAL}: a name has 1 to 60 characters.")));
    }
    let failed = |error: &dyn std::fmt::Display| Failure::refused(format!("{REFUSAL}: {error}."));
    let mut open = unlock::open(common, REFUSAL).await?;
    let passkeys = open.holder.passkeys().await.map_err(|error| failed(&error))?;
    let passkey = choose::one(&passkeys, &arguments.passkey, REFUSAL)?;
    let server = match arguments.only_here {
        true => None,
        false => choose::server(&passkey.about, arguments.ca.as_ref(), open.text, REFUSAL)?,
    };
    let mut about = About { name: Some(name), ..passkey.about.clone() };
    let told = server.is_some();
    if let Some(mut server) = server {
        let asked = about.name.clone().unwrap_or_default();
        let action = Action::Rename(&asked);
        match manage::act(&mut server, &mut open.holder, &passkey.id, action).await {
            Ok(Done::Answer(answer)) => {
                // What it made of the name is what it is called.
                let named = answer.get("name").and_then(Value::as_str).map(|name| plain(name, 60));
                about.name = named.or(about.name);
            }
            Ok(Done::Gone) => {
                let facts = [("site", passkey.site.as_str()), ("account", &passkey.account)];
                open.holder.forget(&passkey.id).await.map_err(|error| failed(&error))?;
                return Err(Failure::refused(open.text.with("gone-there", &facts)));
            }
            Err(error) => return Err(failed(&error)),
        }
    }
    let name = about.name.clone().unwrap_or_default();
    open.holder.know(&passkey.id, about).await.map_err(|error| failed(&error))?;
    let json = json!({ "id": passkey.id, "name": name, "server_told": told });
    print(common, &json, || open.text.with("renamed", &[("name", &name)]))
}
