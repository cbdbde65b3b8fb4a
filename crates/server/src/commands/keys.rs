//! `keyward key`.

use account::audit::EventKind;
use primitives::entropy::SystemEntropy;
use serde_json::{Value, json};
use service::Authority;
use service::signing_keys::SigningKeyError;
use store::signing_keys::{self, StoredKey};

use super::{Failure, open, print, table};
use crate::cli::{Common, Key as Command};
use crate::config::Config;
use crate::context::system_now;
use crate::key_file::KeyFile;
use crate::node::{NodeError, operator};

pub(super) async fn run(common: &Common, command: Command) -> Result<(), Failure> {
    match command {
        Command::List { signing: true } => return list_signing(common).await,
        Command::Rotate { signing: true, now } => return rotate_signing(common, now).await,
        Command::List { .. } | Command::Rotate { .. } => {}
    }
    let config = Config::load(common.config.as_deref(), &common.overlay())?;
    let mut file = KeyFile::open(&config.key_file).map_err(NodeError::from)?;
    match command {
        Command::List { .. } => {
            let keys = file.ring.summaries();
            let lines = keys.iter().map(|key| {
                json!({ "id": key.id, "state": key.state.name(), "createdAt": key.created.to_string() })
            });
            print(common, &Value::Array(lines.collect()), || {
                let row = |key: &primitives::keys::KeySummary| {
                    vec![key.id.to_string(), key.state.name().to_owned(), key.created.to_string()]
                };
                table(&keys.iter().map(row).collect::<Vec<_>>())
            })
        }
        Command::Rotate { .. } => {
            // Opened before the rotation: what does not open with the old keys shall not get new ones.
            drop(open(common).await?);
            let id = file.rotate(system_now(), &mut SystemEntropy).map_err(NodeError::from)?;
            let node = open(common).await?;
            service::housekeeping::record(&node.service, &mut operator(), EventKind::KeyRotated { key: id })
                .await?;
            print(common, &json!({ "id": id, "state": "current" }), || {
                format!(
                    "Key {id} is current; the earlier ones keep checking what they made. Start the server again."
                )
            })
        }
    }
}

async fn list_signing(common: &Common) -> Result<(), Failure> {
    let node = open(common).await?;
    let found = node.service.db.read(signing_keys::all).await?;
    let now = system_now();
    let state =
        |key: &StoredKey| match (key.retired.is_some_and(|retired| retired <= now), key.activates <= now) {
            (true, _) => "retired",
            (false, true) => "signs",
            (false, false) => "published",
        };
    let lines = found.iter().map(|key| {
        json!({
            "kid": key.kid,
            "algorithm": key.alg,
            "state": state(key),
            "createdAt": key.created.to_string(),
            "signsFrom": key.activates.to_string(),
            "goneAt": key.ends.map(|ends| ends.to_string()),
        })
    });
    print(common, &Value::Array(lines.collect()), || {
        let row = |key: &StoredKey| {
            let (algorithm, from) = (key.alg.name().to_owned(), key.activates.to_string());
            vec![key.kid.clone(), algorithm, state(key).to_owned(), from]
        };
        table(&found.iter().map(row).collect::<Vec<_>>())
    })
}

async fn rotate_signing(common: &Common, now: bool) -> Result<(), Failure> {
    let node = open(common).await?;
    let cx = &node.service;
    let failed = |error: SigningKeyError| Failure::refused(format!("No key was made ({}).", error.code()));
    service::signing_keys::ensure(cx).await.map_err(failed)?;
    service::signing_keys::rotate(cx, &mut operator(), Authority::Operator, now).await.map_err(failed)?;
    print(common, &json!({ "rotated": true, "atOnce": now }), || match now {
        true => "New keys sign from now on; what the old ones signed is worth nothing any more.".to_owned(),
        false => "New keys are published and sign in six minutes; the old ones stay for what they signed."
            .to_owned(),
    })
}
