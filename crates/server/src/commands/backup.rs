//! `keyward backup` and `keyward restore`.

use std::path::Path;
use std::sync::Arc;

use account::audit::EventKind;
use serde_json::json;
use store::anchor::AnchorFile;
use store::backup;

use super::{Failure, open, print};
use crate::cli::Common;
use crate::config::Config;
use crate::key_file::KeyFile;
use crate::node::{NodeError, operator};

pub(super) async fn backup(common: &Common, path: &Path) -> Result<(), Failure> {
    let node = open(common).await?;
    backup::backup(&node.service.db, path).await.map_err(Failure::refused)?;
    service::housekeeping::record(&node.service, &mut operator(), EventKind::BackupMade).await?;
    print(common, &json!({ "path": path.display().to_string() }), || {
        format!("The database was copied to {}. Keep the key file too, in another place.", path.display())
    })
}

pub(super) async fn restore(common: &Common, path: &Path) -> Result<(), Failure> {
    let config = Config::load(common.config.as_deref(), &common.overlay())?;
    let key_file = KeyFile::open(&config.key_file).map_err(NodeError::from)?;
    key_file.lock_alone().map_err(NodeError::from)?;
    let (ring, _lock) = key_file.into_parts();
    let anchor = AnchorFile::beside(&config.key_file);
    let seen = anchor.load().ok().flatten().map_or(0, |anchor| anchor.epoch);
    let epoch =
        backup::restore(path, &config.database, Arc::new(ring), seen).await.map_err(Failure::refused)?;
    let node = open(common).await?;
    service::housekeeping::record(&node.service, &mut operator(), EventKind::RestoreAccepted { epoch })
        .await?;
    // From here on this is the database that the node has seen.
    let current = node.service.db.read(store::anchor::current).await?;
    anchor.store(&current).map_err(|error| NodeError::Anchor(anchor.path().display().to_string(), error))?;
    print(common, &json!({ "epoch": epoch }), || {
        "The backup is in place. All sessions have ended and passes that were out are revoked. Start the server.".to_owned()
    })
}
