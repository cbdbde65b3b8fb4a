//! `keyward key`.

use account::audit::EventKind;
use primitives::entropy::SystemEntropy;
use serde_json::{Value, json};

use super::{Failure, open, print, table};
use crate::cli::{Common, Key as Command};
use crate::config::Config;
use crate::context::system_now;
use crate::key_file::KeyFile;
use crate::node::{NodeError, operator};

pub(super) async fn run(common: &Common, command: Command) -> Result<(), Failure> {
    let config = Config::load(common.config.as_deref(), &common.overlay())?;
    let mut file = KeyFile::open(&config.key_file).map_err(NodeError::from)?;
    match command {
        Command::List => {
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
        Command::Rotate => {
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
