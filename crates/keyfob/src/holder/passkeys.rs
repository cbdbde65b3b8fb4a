//! Passkeys as people see them, and what is known about them beside themselves.

use std::path::PathBuf;

use authenticator::{Credential, Vault};
use fido::authenticator_data::AuthenticatorData;
use fido::ctap::make_credential::Response;
use primitives::digest;
use primitives::encoding::{base64url, from_base64url};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use zeroize::Zeroizing;

use crate::errand::unfinished::Unfinished;
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
    /// Whether an errand of Keyfob's made it that has not come to its end.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub under_way: bool,
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
    /// The user handle, base64url: names change, and go to other people.
    pub user: String,
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
        user: base64url(&credential.user.id),
        display_name: credential.user.display_name.clone(),
        created: credential.created.to_string(),
        last_used: credential.last_used.map(|used| used.to_string()),
        about: about(vault, &credential.id),
    };
    let list: Vec<Passkey> = vault.all().map(seen).collect();
    serde_json::to_value(list).map_err(|_| KeeperError::Gone)
}

/// Where errands that have not ended are kept.
const ERRANDS: &str = "errand/";

pub(super) fn note(vault: &mut VaultFile, unfinished: &Unfinished) -> Result<Value, KeeperError> {
    let bytes = Zeroizing::new(serde_json::to_vec(unfinished).map_err(|_| KeeperError::Unknown)?);
    vault.set_item(&errand(&unfinished.name)?, Some(&bytes))?;
    Ok(Value::Null)
}

pub(super) fn settle(vault: &mut VaultFile, name: &str) -> Result<Value, KeeperError> {
    vault.set_item(&errand(name)?, None)?;
    Ok(Value::Null)
}

/// The place of an errand: its name is a digest, and nothing else's.
fn errand(name: &str) -> Result<String, KeeperError> {
    let digest = from_base64url(name).filter(|digest| digest.len() == 32).ok_or(KeeperError::Unknown)?;
    Ok(format!("{ERRANDS}{}", base64url(&digest)))
}

pub(super) fn unfinished(vault: &VaultFile) -> Result<Value, KeeperError> {
    let names = vault.item_names().filter(|name| name.starts_with(ERRANDS));
    let read = |name| vault.item(name).and_then(|bytes| serde_json::from_slice(bytes).ok());
    let all: Vec<Unfinished> = names.filter_map(read).collect();
    serde_json::to_value(all).map_err(|_| KeeperError::Gone)
}

pub(super) fn orphans(vault: &VaultFile, rp_id: &str, user: &str, since: i64) -> Result<Value, KeeperError> {
    let user = from_base64url(user).ok_or(KeeperError::Unknown)?;
    let made = vault.credentials(rp_id).filter(|credential| {
        let handle: &[u8] = &credential.user.id;
        // What a browser had made for the same account in the meantime is none: the site has it.
        handle == user && credential.created.secs() >= since && about(vault, &credential.id).under_way
    });
    let ids: Vec<String> = made.map(|credential| base64url(&credential.id)).collect();
    Ok(Value::from(ids))
}

/// Marks the passkey that the reply to a makeCredential of an errand brought.
pub(super) fn made_by_an_errand(vault: &mut VaultFile, reply: &[u8]) -> Result<Value, KeeperError> {
    let made = reply.split_first().and_then(|(_, cbor)| Response::parse(cbor).ok());
    let Some(made) = made else { return Ok(Value::Null) };
    let data = AuthenticatorData::parse(made.object.authenticator_data).ok();
    let Some(credential) = data.and_then(|data| data.attested_credential) else { return Ok(Value::Null) };
    let about = About { under_way: true, ..About::default() };
    know(vault, &base64url(credential.credential_id), &about)
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
