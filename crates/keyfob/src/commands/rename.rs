//! `keyfob rename`.

use std::path::PathBuf;

use clap::Args;
use serde_json::{Value, json};

use super::unlock;
use super::{Failure, choose, now, print};
use crate::cli::Common;
use crate::holder::{About, Holder, Passkey};
use crate::keeper::Keeper;
use crate::manage::{self, Action, Done};
use crate::server::plain;
use crate::text::Text;

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
    let wanted = Wanted { passkey, name: &name, ca: arguments.ca.as_ref(), only_here: arguments.only_here };
    let Renamed { name, told } = apply(open.text, &mut open.holder, wanted).await?;
    let json = json!({ "id": passkey.id, "name": name, "server_told": told });
    print(common, &json, || open.text.with("renamed", &[("name", &name)]))
}

/// What is to be called how.
pub(crate) struct Wanted<'a> {
    /// The passkey.
    pub(crate) passkey: &'a Passkey,
    /// Its new name.
    pub(crate) name: &'a str,
    /// Another file of authorities than the one that is known.
    pub(crate) ca: Option<&'a PathBuf>,
    /// Whether the server is not told.
    pub(crate) only_here: bool,
}

/// What it is called now.
pub(crate) struct Renamed {
    /// Its name.
    pub(crate) name: String,
    /// Whether its server knows.
    pub(crate) told: bool,
}

/// Renames a passkey at its server and here.
pub(crate) async fn apply(text: Text, holder: &mut Holder, wanted: Wanted<'_>) -> Result<Renamed, Failure> {
    let failed = |error: &dyn std::fmt::Display| Failure::refused(format!("{REFUSAL}: {error}."));
    let Wanted { passkey, name, ca, only_here } = wanted;
    let server = match only_here {
        true => None,
        false => choose::server(&passkey.about, ca, text, REFUSAL)?,
    };
    let mut about = About { name: Some(name.to_owned()), ..passkey.about.clone() };
    let told = server.is_some();
    if let Some(mut server) = server {
        match manage::act(&mut server, holder, &passkey.id, Action::Rename(name)).await {
            Ok(Done::Answer(answer)) => {
                // What it made of the name is what it is called.
                let named = answer.get("name").and_then(Value::as_str).map(|name| plain(name, 60));
                about.name = named.or(about.name);
            }
            Ok(Done::Gone) => {
                let (site, account) = (plain(&passkey.site, 253), plain(&passkey.account, 100));
                holder.forget(&passkey.id).await.map_err(|error| failed(&error))?;
                return Err(Failure::refused(
                    text.with("gone-there", &[("site", site.as_str()), ("account", &account)]),
                ));
            }
            Err(error) => return Err(failed(&error)),
        }
    }
    let name = about.name.clone().unwrap_or_default();
    holder.know(&passkey.id, about).await.map_err(|error| failed(&error))?;
    Ok(Renamed { name, told })
}
