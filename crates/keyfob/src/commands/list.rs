//! `keyfob list`.

use std::collections::BTreeSet;

use clap::Args;
use serde_json::{Value, json};

use super::unlock;
use super::{Failure, choose, now, print, table};
use crate::cli::Common;
use crate::errand::ErrandError;
use crate::holder::{About, Holder, Passkey};
use crate::keeper::Keeper;
use crate::manage::{self, Action, Done};
use crate::server::plain;
use crate::text::Text;

const REFUSAL: &str = "The passkeys were not listed";

/// Its arguments.
#[derive(Debug, Args)]
pub struct Arguments {
    /// Only those for this site
    #[arg(value_name = "SITE")]
    site: Option<String>,
    /// Ask the sign-in servers which they still know, with one of the passkeys for each: those that are gone there are
    /// removed here
    #[arg(long)]
    refresh: bool,
}

pub(super) fn run(common: &Common, arguments: &Arguments) -> Result<(), Failure> {
    now(list(common, arguments))
}

async fn list(common: &Common, arguments: &Arguments) -> Result<(), Failure> {
    let mut open = unlock::open(common, REFUSAL).await?;
    let failed = |error: &dyn std::fmt::Display| Failure::refused(format!("{REFUSAL}: {error}."));
    if arguments.refresh {
        for line in refresh(open.text, &mut open.holder).await? {
            if !common.json {
                print(common, &Value::Null, || line)?;
            }
        }
    }
    let mut passkeys = open.holder.passkeys().await.map_err(|error| failed(&error))?;
    if let Some(site) = &arguments.site {
        passkeys.retain(|passkey| passkey.site == *site);
    }
    let json = serde_json::to_value(&passkeys).unwrap_or_else(|_| json!([]));
    print(common, &json, || shown(open.text, &passkeys))
}

/// The table; ids are as long as they must be to be told apart.
fn shown(text: Text, passkeys: &[Passkey]) -> String {
    if passkeys.is_empty() {
        return text.say("list-empty");
    }
    let head = ["list-site", "list-account", "list-name", "list-created", "list-used", "list-id"];
    let mut rows = vec![head.map(|id| text.say(id)).to_vec()];
    for passkey in passkeys {
        let day = |at: &str| at.split('T').next().unwrap_or_default().to_owned();
        let used = passkey.last_used.as_deref().map_or_else(|| text.say("never"), day);
        let name = passkey.about.name.clone().unwrap_or_default();
        rows.push(vec![
            plain(&passkey.site, 60),
            plain(&passkey.account, 60),
            plain(&name, 60),
            day(&passkey.created),
            used,
            short(&passkey.id, passkeys),
        ]);
    }
    table(&rows)
}

fn short(id: &str, all: &[Passkey]) -> String {
    let unique = |length: &usize| {
        let start: String = id.chars().take(*length).collect();
        all.iter().filter(|other| other.id.starts_with(&start)).count() == 1
    };
    let length = (8..id.len()).find(unique).unwrap_or(id.len());
    id.chars().take(length).collect()
}

/// Asks each server once, by the first passkey that it still knows; says what is gone.
pub(crate) async fn refresh(text: Text, holder: &mut Holder) -> Result<Vec<String>, Failure> {
    let failed = |error: &dyn std::fmt::Display| Failure::refused(format!("{REFUSAL}: {error}."));
    let passkeys = holder.passkeys().await.map_err(|error| failed(&error))?;
    let mut asked: BTreeSet<(String, String)> = BTreeSet::new();
    let mut lines = Vec::new();
    for passkey in &passkeys {
        let Some(origin) = passkey.about.server.clone() else { continue };
        let Some(mut server) = choose::server(&passkey.about, None, text, REFUSAL)? else { continue };
        let account = (origin.clone(), passkey.user.clone());
        if asked.contains(&account) {
            continue;
        }
        let done = manage::act(&mut server, holder, &passkey.id, Action::List).await;
        match done.map_err(|error: ErrandError| failed(&error))? {
            Done::Gone => lines.push(gone(text, holder, passkey).await?),
            Done::Answer(answer) => {
                let known = manage::known(&answer).ok_or_else(|| failed(&ErrandError::Answer))?;
                asked.insert(account);
                for mine in passkeys.iter().filter(|other| {
                    other.about.server.as_ref() == Some(&origin) && other.user == passkey.user
                }) {
                    match known.iter().find(|known| known.credential == mine.id) {
                        None => lines.push(gone(text, holder, mine).await?),
                        Some(known) if mine.about.name.as_ref() != Some(&known.name) => {
                            let about = About { name: Some(known.name.clone()), ..mine.about.clone() };
                            holder.know(&mine.id, about).await.map_err(|error| failed(&error))?;
                        }
                        Some(_) => {}
                    }
                }
            }
        }
    }
    Ok(lines)
}

async fn gone(text: Text, holder: &mut Holder, passkey: &Passkey) -> Result<String, Failure> {
    match holder.forget(&passkey.id).await {
        Ok(()) | Err(crate::keeper::KeeperError::Unknown) => {}
        Err(error) => return Err(Failure::refused(format!("{REFUSAL}: {error}."))),
    }
    let (site, account) = (plain(&passkey.site, 253), plain(&passkey.account, 100));
    let facts = [("site", site.as_str()), ("account", &account)];
    Ok(text.with("gone-there", &facts))
}
