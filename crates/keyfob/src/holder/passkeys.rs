//! Passkeys as people see them, and what is known about them beside themselves.

use std::path::PathBuf;

use authenticator::{Credential, Vault};
use primitives::digest;
use primitives::encoding::{base64url, from_base64url};
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::keeper::KeeperError;
use crate::vault_file::VaultFile;

/// What is known about a passkey beside itself: where it was created by Keyfob, and what people call it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct About {
    /// The sign-in server's origin.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub server: Option<String>,
    /// The file of authorities by which it is known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ca: Option<PathBuf>,
    /// What it is called.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
}

/// A passkey as people see it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Passkey {
    /// Its id, base64url.
    pub id: String,
    /// The site.
    pub site: String,
    /// The name to sign in with.
    pub account: String,
    /// The name to read.
    pub display_name: String,
    /// RFC 3339.
    pub created: String,
    /// RFC 3339.
    pub last_used: Option<String>,
    /// What is known beside.
    #[serde(flatten)]
    pub about: About,
}

/// The name of the item about a passkey: ids that others made may be longer than a name.
fn item(id: &[u8]) -> String {
    format!("about/{}", base64url(&digest::sha256(id)))
}

fn about(vault: &VaultFile, id: &[u8]) -> About {
    vault.item(&item(id)).and_then(|bytes| serde_json::from_slice(bytes).ok()).unwrap_or_default()
}

pub(super) fn all(vault: &VaultFile) -> Result<Value, KeeperError> {
    let seen = |credential: &Credential| Passkey {
        id: base64url(&credential.id),
        site: credential.rp_id.clone(),
        account: credential.user.name.clone(),
        display_name: credential.user.display_name.clone(),
        created: credential.created.to_string(),
        last_used: credential.last_used.map(|used| used.to_string()),
        about: about(vault, &credential.id),
    };
    let list: Vec<Passkey> = vault.all().map(seen).collect();
    serde_json::to_value(list).map_err(|_| KeeperError::Gone)
}

pub(super) fn forget(vault: &mut VaultFile, id: &str) -> Result<Value, KeeperError> {
    let id = from_base64url(id).ok_or(KeeperError::Unknown)?;
    vault.remove(&id)?;
    vault.set_item(&item(&id), None)?;
    Ok(Value::Null)
}

pub(super) fn know(vault: &mut VaultFile, id: &str, about: &About) -> Result<Value, KeeperError> {
    let id = from_base64url(id).ok_or(KeeperError::Unknown)?;
    vault.get(&id).ok_or(KeeperError::Unknown)?;
    let bytes = serde_json::to_vec(about).map_err(|_| KeeperError::Unknown)?;
    vault.set_item(&item(&id), Some(&bytes))?;
    Ok(Value::Null)
}
