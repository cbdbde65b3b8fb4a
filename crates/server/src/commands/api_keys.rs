//! `keyward api-key`.

use account::api_key::{self, ApiKey, Terms, TermsRefusal};
use serde_json::{Value, json};
use service::administer_keys::{self, KeyError, Made};
use service::{Authority, Context};

use super::{Failure, open, print, table};
use crate::cli::{ApiKey as Command, Common};
use crate::context::system_now;
use crate::node::operator;

/// Keys read from the store at once.
const PAGE: u32 = 200;

pub(super) async fn run(common: &Common, command: Command) -> Result<(), Failure> {
    let node = open(common).await?;
    let cx = &node.service;
    match command {
        Command::Make { name, scopes, lifetime } => {
            let terms = Terms::new(&name, scopes, lifetime, false);
            let terms = terms.map_err(|refusal| refused(KeyError::Terms(refusal)))?;
            let made = administer_keys::make(cx, &mut operator(), Authority::Operator, terms).await;
            let Made { key, value } = made.map_err(refused)?;
            // The one place where the value is shown; whoever runs this command hands it on.
            let value = api_key::spell(&value);
            let json = json!({ "id": key.id, "value": value, "endsAt": key.ends.to_string() });
            print(common, &json, || format!("{value}\nIt works until {}, and is not shown again.", key.ends))
        }
        Command::List => {
            let keys = all(cx).await?;
            let lines = Value::Array(keys.iter().map(|key| json(key, cx)).collect());
            print(common, &lines, || table(&keys.iter().map(|key| row(key, cx)).collect::<Vec<_>>()))
        }
        Command::Revoke { id } => {
            let key = administer_keys::revoke(cx, &mut operator(), Authority::Operator, id).await;
            let key = key.map_err(refused)?;
            print(common, &json(&key, cx), || format!("The key \"{}\" opens nothing any more.", key.name))
        }
    }
}

async fn all(cx: &Context) -> Result<Vec<ApiKey>, Failure> {
    let mut keys: Vec<ApiKey> = Vec::new();
    loop {
        let page = administer_keys::list(cx, keys.last().map(|key| key.id), PAGE).await?;
        if page.is_empty() {
            return Ok(keys);
        }
        keys.extend(page);
    }
}

fn state(key: &ApiKey, cx: &Context) -> &'static str {
    match key.revoked {
        Some(_) => "revoked",
        None if key.stands(cx.settings().deployment_epoch, system_now()) => "stands",
        None => "ended",
    }
}

fn scopes(key: &ApiKey) -> Vec<&'static str> {
    key.scopes.iter().map(|scope| scope.as_str()).collect()
}

fn json(key: &ApiKey, cx: &Context) -> Value {
    json!({
        "id": key.id,
        "name": key.name,
        "state": state(key, cx),
        "scopes": scopes(key),
        "person": key.person.map(|(person, _)| person),
        "author": key.author,
        "createdAt": key.created.to_string(),
        "endsAt": key.ends.to_string(),
        "lastUsedAt": key.last_used.map(|at| at.to_string()),
    })
}

fn row(key: &ApiKey, cx: &Context) -> Vec<String> {
    vec![
        key.id.to_string(),
        key.name.clone(),
        state(key, cx).to_owned(),
        scopes(key).join(","),
        format!("until {}", key.ends),
    ]
}

fn refused(error: KeyError) -> Failure {
    Failure::refused(match error {
        KeyError::Terms(TermsRefusal::NeedsPerson) => "No key was made: a program neither enrols nor mints; \
             a person opens a key of their own for an hour in the console."
            .to_owned(),
        KeyError::Terms(TermsRefusal::Lifetime) => {
            "No key was made: it lives a minute at least and 730 days at most.".to_owned()
        }
        KeyError::Terms(TermsRefusal::Name(_)) => {
            "No key was made: a name has 1 to 100 characters and no control characters.".to_owned()
        }
        KeyError::TooMany => "No key was made: there are 200 that stand; revoke one first.".to_owned(),
        KeyError::NotFound => "Nothing was changed: there is no such key that stands.".to_owned(),
        KeyError::Store(error) => format!("The database failed: {error}."),
        other => format!("Nothing was changed ({}).", other.code()),
    })
}
