//! What a person does to a passkey in the app happens at the server, too (`/api/authenticator`): renaming and removing it, and
//! asking which are still known. Each is one assertion by that very passkey, bound to the action.

use authenticator::client::Client;
use serde::Serialize;
use serde_json::{Value, json};

use crate::errand::ErrandError;
use crate::keeper::Keeper;
use crate::server::{Server, ServerError, plain};

/// What is done.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Action<'a> {
    /// Ask which passkeys the account has.
    List,
    /// Call it that.
    Rename(&'a str),
    /// Remove it.
    Remove,
}

impl Action<'_> {
    const fn as_str(self) -> &'static str {
        match self {
            Self::List => "list",
            Self::Rename(_) => "rename",
            Self::Remove => "remove",
        }
    }
}

/// What the server says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Done {
    /// It is done; this is its answer.
    Answer(Value),
    /// It has no such passkey, or none any more.
    Gone,
}

/// A passkey as its server knows it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Known {
    /// Its id, base64url.
    pub credential: String,
    /// What it is called there.
    pub name: String,
    /// RFC 3339, where it was used.
    pub last_used: Option<String>,
}

/// Asks the server to do something with the passkey `credential`, which the person approves.
pub async fn act<K: Keeper>(
    server: &mut Server,
    keeper: &mut K,
    credential: &str,
    action: Action<'_>,
) -> Result<Done, ErrandError> {
    let mut body = json!({ "credential": credential, "action": action.as_str() });
    if let (Action::Rename(name), Some(body)) = (action, body.as_object_mut()) {
        body.insert("name".to_owned(), json!(name));
    }
    let begun = server.post("/api/authenticator/begin", &body).await?;
    let options = begun.get("options").ok_or(ErrandError::Answer)?;
    let state = begun.get("state").ok_or(ErrandError::Answer)?;
    let asked =
        Client::new(server.origin().as_str()).request_message(options).map_err(|_| ErrandError::Options)?;
    let origin = server.origin().clone();
    let reply = keeper.command(&origin, asked.request().to_vec()).await?;
    let response = asked.authentication(&reply).map_err(|_| ErrandError::Cancelled)?;
    let finish = json!({ "state": state, "response": response });
    match server.post("/api/authenticator/finish", &finish).await {
        Ok(answer) => Ok(Done::Answer(answer)),
        Err(ServerError::Refused(refused)) if refused.code == "unknown_credential" => Ok(Done::Gone),
        Err(error) => Err(error.into()),
    }
}

/// The passkeys of an answer to [`Action::List`]; `None` if it is none.
pub fn known(answer: &Value) -> Option<Vec<Known>> {
    let text =
        |value: &Value, member: &str| value.get(member).and_then(Value::as_str).map(|text| plain(text, 1400));
    let one = |value: &Value| {
        Some(Known {
            credential: text(value, "credential")?,
            name: text(value, "name").unwrap_or_default(),
            last_used: text(value, "last_used"),
        })
    };
    answer.get("passkeys")?.as_array()?.iter().map(one).collect()
}

/// Removes a passkey at its server and here, together: here only after the server has said that it is gone there.
pub async fn remove<K: Keeper>(
    server: &mut Server,
    keeper: &mut K,
    credential: &str,
) -> Result<Done, ErrandError> {
    let done = act(server, keeper, credential, Action::Remove).await?;
    keeper.forget(credential).await?;
    Ok(done)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_list_is_read_or_refused_whole() {
        let answer = json!({ "ok": true, "passkeys": [
            { "id": "1", "credential": "AQ", "name": "Lap\u{1b}top", "last_used": null, "this": true },
        ]});
        let expected = Known { credential: "AQ".to_owned(), name: "Laptop".to_owned(), last_used: None };
        assert_eq!(known(&answer), Some(vec![expected]));
        for nonsense in [json!({}), json!({ "passkeys": 1 }), json!({ "passkeys": [{}] }), json!([])] {
            assert_eq!(known(&nonsense), None, "{nonsense}");
        }
    }
}
