//! What an errand that broke off has left behind, and how it is brought to an end.
//!
//! Before a passkey is made the vault notes for which server and account; once it is made, what is handed in. The next
//! command that opens the vault hands it in again: the server gives the answer that it gave before. A passkey
//! that was never handed in is deleted.

use std::fmt;
use std::path::PathBuf;

use primitives::digest;
use primitives::encoding::base64url;
use primitives::secret::SecretText;
use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;
use serde_json::{Value, json};

use super::{ALONE, ErrandError};
use crate::keeper::Keeper;
use crate::server::{Origin, Server, ServerError, plain};
use crate::text::Text;

/// For so long a server gives the same answer to the same request (docs/operator/enrolment.md), with some to spare.
const REMEMBERED: i64 = 50 * 60;

/// So long another command of this vault's may be about to hand in what it has just made.
pub const UNDER_WAY: i64 = 10 * 60;

/// An errand that has not ended. It holds the bearer text of its conversation, so it is a secret of the vault's.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Unfinished {
    /// Its name in the vault.
    pub name: String,
    /// The server's origin.
    pub server: String,
    /// The file of authorities by which it is known.
    pub ca: Option<PathBuf>,
    /// The errand's path.
    pub path: String,
    /// The conversation.
    #[serde(with = "bearer")]
    pub bearer: SecretText,
    /// For which site.
    pub rp_id: String,
    /// The user handle, base64url.
    pub user: String,
    /// The login name.
    pub account: String,
    /// Seconds of the epoch.
    pub since: i64,
    /// The passkey's id, base64url, and what is handed in.
    pub made: Option<(String, String)>,
}

mod bearer {
    use primitives::secret::SecretText;
    use serde::{Deserialize, Deserializer, Serializer};

    pub(super) fn serialize<S: Serializer>(secret: &SecretText, to: S) -> Result<S::Ok, S::Error> {
        to.serialize_str(secret.reveal())
    }

    pub(super) fn deserialize<'a, D: Deserializer<'a>>(from: D) -> Result<SecretText, D::Error> {
        String::deserialize(from).map(SecretText::new)
    }
}

impl fmt::Debug for Unfinished {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Unfinished").field("server", &self.server).finish_non_exhaustive()
    }
}

impl Unfinished {
    /// The name of the errand with that challenge.
    pub fn name_for(challenge: &str) -> String {
        base64url(&digest::sha256(challenge.as_bytes()))
    }
}

/// How an errand ended after all.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Ended {
    /// The server has the passkey, by that name.
    Stored(String),
    /// It has it not; here it is deleted, too.
    Deleted,
    /// It was never handed in; it is deleted.
    NeverHandedIn,
    /// It cannot be found out now.
    Unknown,
}

/// An errand that had broken off, and how it ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Resumed {
    /// At which server.
    pub server: String,
    /// For whom.
    pub account: String,
    /// How.
    pub ended: Ended,
}

impl Resumed {
    /// In words.
    pub fn said(&self, text: Text) -> String {
        let (server, account) = (plain(&self.server, 300), plain(&self.account, 200));
        let mut facts = vec![("server", server.as_str()), ("account", account.as_str())];
        let id = match &self.ended {
            Ended::Stored(name) => {
                facts.push(("name", name.as_str()));
                "created-alone"
            }
            Ended::Deleted => "resumed-deleted",
            Ended::NeverHandedIn => "resumed-never",
            Ended::Unknown => "resumed-unknown",
        };
        text.with(id, &facts)
    }
}

/// Brings to an end what has broken off; `alone` says that nobody else has this vault open.
pub async fn resume<K: Keeper>(
    keeper: &mut K,
    language: &'static str,
    now: i64,
    alone: bool,
) -> Result<Vec<Resumed>, ErrandError> {
    let mut all = Vec::new();
    for unfinished in keeper.unfinished().await? {
        let age = now.saturating_sub(unfinished.since);
        let ended = match &unfinished.made {
            None if alone || age > UNDER_WAY => never_handed_in(keeper, &unfinished).await?,
            // Another command may be at it.
            None => continue,
            Some((id, finish)) => hand_in_again(keeper, &unfinished, (id, finish), (language, age)).await?,
        };
        let Some(ended) = ended else { continue };
        let Unfinished { server, account, .. } = unfinished;
        all.push(Resumed { server, account, ended });
    }
    Ok(all)
}

/// Deletes what was made and never handed in; `None` if nothing was made.
async fn never_handed_in<K: Keeper>(
    keeper: &mut K,
    unfinished: &Unfinished,
) -> Result<Option<Ended>, ErrandError> {
    let orphans = keeper.orphans(unfinished).await?;
    for id in &orphans {
        keeper.forget(id).await?;
    }
    keeper.settle(&unfinished.name).await?;
    Ok((!orphans.is_empty()).then_some(Ended::NeverHandedIn))
}

async fn hand_in_again<K: Keeper>(
    keeper: &mut K,
    unfinished: &Unfinished,
    (id, finish): (&str, &str),
    (language, age): (&'static str, i64),
) -> Result<Option<Ended>, ErrandError> {
    if age > REMEMBERED {
        // The server does not remember any more what it answered.
        return left_to_the_list(keeper, unfinished, id).await;
    }
    let answer = match conversation(unfinished, language) {
        Ok(mut server) => {
            let finish = RawValue::from_string(finish.to_owned()).map_err(|_| ErrandError::Answer)?;
            let answer = server.post(&format!("{}/finish", unfinished.path), &finish).await;
            if unfinished.path == ALONE && !answer.as_ref().is_err_and(ServerError::passes) {
                // Nothing is left signed in.
                let _ = server.post(&format!("{ALONE}/sign-out"), &json!({})).await;
            }
            answer
        }
        Err(error) => Err(error),
    };
    Ok(Some(match answer {
        Ok(done) => {
            let name = plain(done.get("name").and_then(Value::as_str).unwrap_or_default(), 200);
            keeper.know(id, unfinished.about(&name)).await?;
            keeper.settle(&unfinished.name).await?;
            Ended::Stored(name)
        }
        Err(error) if error.judged() => {
            keeper.forget(id).await?;
            keeper.settle(&unfinished.name).await?;
            Ended::Deleted
        }
        // That the conversation is over says nothing about the passkey: the server may have it.
        Err(error) if error.is_final() => return left_to_the_list(keeper, unfinished, id).await,
        Err(_) => Ended::Unknown,
    }))
}

/// From now on the server is asked as for any passkey (`keyfob list --refresh`), and what it does not know is deleted
/// then.
async fn left_to_the_list<K: Keeper>(
    keeper: &mut K,
    unfinished: &Unfinished,
    id: &str,
) -> Result<Option<Ended>, ErrandError> {
    keeper.know(id, unfinished.about("")).await?;
    keeper.settle(&unfinished.name).await?;
    Ok(Some(Ended::Unknown))
}

fn conversation(unfinished: &Unfinished, language: &'static str) -> Result<Server, ServerError> {
    let origin = Origin::parse(&unfinished.server).map_err(|_| ServerError::NotKeyward)?;
    let server = Server::new(origin, unfinished.ca.as_deref(), language)?;
    Ok(server.resumed(unfinished.bearer.clone()))
}
