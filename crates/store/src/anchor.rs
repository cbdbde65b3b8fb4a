//! What this node remembers of its database outside of it (DESIGN 5a.9).
//!
//! A file beside the key file holds the deployment's epoch and the newest audit head that this node saw. A database
//! that does not lead there any more was restored from a backup, or lost commits in a failover: what it grants may
//! have been revoked or spent since. Such a database does not start until the operator accepts it, and accepting
//! begins a new epoch, which ends every session and revokes every pass that is out ([`crate::settings::begin_epoch`]).

use std::fmt;
use std::io;
use std::path::{Path, PathBuf};

use primitives::encoding;
use serde::{Deserialize, Serialize};

use crate::audit::{self, Head};
use crate::db::{Db, Tx};
use crate::error::{OpenError, StoreError};
use crate::{key_file, settings};

/// What the file holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Anchor {
    /// The deployment's epoch.
    pub epoch: i64,
    /// The newest head, if anything was chained yet.
    pub head: Option<Head>,
}

/// The file as text.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Text {
    epoch: i64,
    seq: i64,
    head: String,
}

/// Where an [`Anchor`] is kept.
#[derive(Clone, Debug)]
pub struct AnchorFile(PathBuf);

impl AnchorFile {
    /// The file beside `key_file`, with `.anchor` behind its name.
    pub fn beside(key_file: &Path) -> Self {
        let mut name = key_file.to_owned().into_os_string();
        name.push(".anchor");
        Self(PathBuf::from(name))
    }

    /// Its path.
    pub fn path(&self) -> &Path {
        &self.0
    }

    /// What it holds; `None` if this node has not seen its database yet.
    pub fn load(&self) -> io::Result<Option<Anchor>> {
        let text = match std::fs::read_to_string(&self.0) {
            Ok(text) => text,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
            Err(error) => return Err(error),
        };
        let Text { epoch, seq, head } = serde_json::from_str(&text).map_err(io::Error::other)?;
        let hash = encoding::from_hex(&head).and_then(|hash| hash.try_into().ok());
        match (seq, hash) {
            (0, _) => Ok(Some(Anchor { epoch, head: None })),
            (seq, Some(hash)) => Ok(Some(Anchor { epoch, head: Some(Head { seq, hash }) })),
            (_, None) => Err(io::Error::other("the head is not 32 bytes of hexadecimal")),
        }
    }

    /// Replaces it, durable when this returns; a crash leaves the old or the new one whole.
    pub fn store(&self, anchor: &Anchor) -> io::Result<()> {
        let text = Text {
            epoch: anchor.epoch,
            seq: anchor.head.map_or(0, |head| head.seq),
            head: anchor.head.map_or(String::new(), |head| encoding::hex(&head.hash)),
        };
        let text = serde_json::to_string(&text).map_err(io::Error::other)?;
        key_file::write_atomically(&self.0, format!("{text}\n").as_bytes())
    }
}

/// A database that does not lead to where this node has seen it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Behind {
    /// The epoch that this node has seen.
    pub seen_epoch: i64,
    /// The database's.
    pub epoch: i64,
    /// The number of the last audit event that this node has seen chained.
    pub seen_seq: i64,
    /// The number of the database's last.
    pub seq: i64,
}

impl fmt::Display for Behind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Behind { seen_epoch, epoch, seen_seq, seq } = self;
        write!(
            f,
            "The database is not the one this node last used (epoch {epoch} with audit event {seq}, seen: epoch \
             {seen_epoch} with audit event {seen_seq}): if you restored it, start once with --accept-restored, which \
             ends all sessions and passes."
        )
    }
}

/// What the database stands at.
pub fn current(tx: &mut Tx<'_>) -> Result<Anchor, StoreError> {
    Ok(Anchor { epoch: settings::deployment(tx)?.epoch, head: audit::head(tx)? })
}

/// Whether the database still leads to `seen`.
fn compare(tx: &mut Tx<'_>, seen: &Anchor) -> Result<Option<Behind>, StoreError> {
    let now = current(tx)?;
    let leads = match seen.head {
        // A later epoch means that the operator accepted what it is now, here or on another node.
        _ if now.epoch > seen.epoch => true,
        _ if now.epoch < seen.epoch => false,
        None => true,
        Some(head) => audit::head_of(tx, head.seq)? == Some(head),
    };
    Ok((!leads).then(|| Behind {
        seen_epoch: seen.epoch,
        epoch: now.epoch,
        seen_seq: seen.head.map_or(0, |head| head.seq),
        seq: now.head.map_or(0, |head| head.seq),
    }))
}

/// Checks an opened database against the anchor file, before anything else uses it.
///
/// # Errors
/// [`OpenError::Behind`] until the operator accepts it; [`OpenError::Unreachable`] if the file cannot be read.
pub async fn check(db: &Db, file: &AnchorFile) -> Result<(), OpenError> {
    let seen =
        file.load().map_err(|error| OpenError::Unreachable(format!("{}: {error}", file.path().display())))?;
    let Some(seen) = seen else { return Ok(()) };
    match db.read(move |tx| compare(tx, &seen)).await? {
        None => Ok(()),
        Some(behind) => Err(OpenError::Behind(behind)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_what_it_wrote_and_refuses_what_is_cut() {
        let folder = std::env::temp_dir().join(format!("keyward-anchor-{}", std::process::id()));
        std::fs::create_dir_all(&folder).unwrap();
        let file = AnchorFile::beside(&folder.join("keyward.db.key"));
        assert_eq!(file.load().unwrap(), None);
        for head in [None, Some(Head { seq: 7, hash: [9; 32] })] {
            let anchor = Anchor { epoch: 3, head };
            file.store(&anchor).unwrap();
            assert_eq!(file.load().unwrap(), Some(anchor));
        }
        std::fs::write(file.path(), "{\"epoch\":3,\"seq\":7,\"head\":\"09\"}").unwrap();
        assert!(file.load().is_err());
        std::fs::remove_dir_all(&folder).unwrap();
    }
}
