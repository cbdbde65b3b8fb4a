//! Devices that may ask without a code (CTAP 2.3 section 11.5.1.6): what the vault keeps of the links that were given.
//!
//! A link spares the person the code and nothing else: the other device must be near, and each time the person is asked.
//! It is kept as passkeys are, since whoever has it can stand in for this device, and ends after a year.

pub mod waiting;

use std::fmt;

use hybrid::linking::{ClientPayload, PhoneLink};
use primitives::encoding::{base64url, from_base64url};
use primitives::time::{Span, Timestamp};
use serde::{Deserialize, Serialize};
use zeroize::Zeroizing;

use crate::keeper::KeeperError;
use crate::vault_file::VaultFile;

/// So many are kept; one more takes the place of the oldest.
pub const MOST: usize = 16;
/// How long a device may ask without a code.
pub const LIFE: Span = Span::from_days(365);
/// The longest name of a device, in characters.
pub const LONGEST_NAME: usize = 60;

/// Where links are kept.
const LINKS: &str = "link/";
/// So many of a link's last contacts are remembered, so that none counts twice.
const CONTACTS: usize = 64;

/// A link that is about to be given, on its way into the vault.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Given {
    /// What the person calls the other device.
    pub name: String,
    /// The number of the relay's domain at which it is waited for.
    pub relay: u16,
    /// The link.
    #[serde(with = "sealed")]
    pub link: PhoneLink,
}

/// The secret stays out of logs.
impl fmt::Debug for Given {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Given").field("name", &self.name).finish_non_exhaustive()
    }
}

mod sealed {
    use hybrid::linking::PhoneLink;
    use primitives::encoding::{base64url, from_base64url};
    use serde::de::Error;
    use serde::{Deserialize, Deserializer, Serializer};
    use zeroize::Zeroizing;

    pub(super) fn serialize<S: Serializer>(link: &PhoneLink, to: S) -> Result<S::Ok, S::Error> {
        let bytes = Zeroizing::new(link.write());
        to.serialize_str(&Zeroizing::new(base64url(&bytes)))
    }

    pub(super) fn deserialize<'a, D: Deserializer<'a>>(from: D) -> Result<PhoneLink, D::Error> {
        let text = Zeroizing::new(String::deserialize(from)?);
        let bytes = from_base64url(&text).map(Zeroizing::new);
        bytes.and_then(|bytes| PhoneLink::read(&bytes).ok()).ok_or_else(|| D::Error::custom("no link"))
    }
}

/// A link as it lies in the vault.
#[derive(Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Kept {
    given: Given,
    /// Seconds of the epoch.
    since: i64,
    /// The same of the last contact.
    used: Option<i64>,
    /// The last contacts' nonces, base64url, oldest first.
    contacts: Vec<String>,
}

impl Kept {
    fn until(&self) -> Timestamp {
        Timestamp::from_secs(self.since) + LIFE
    }
}

/// A device that may ask without a code, as people see it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Device {
    /// The link's id, base64url.
    pub id: String,
    /// What the person calls it.
    pub name: String,
    /// The number of the relay's domain at which it is waited for.
    pub relay: u16,
    /// Since when: RFC 3339.
    pub since: String,
    /// Until when: RFC 3339.
    pub until: String,
    /// When it last asked: RFC 3339.
    pub last_used: Option<String>,
}

/// Why a contact is not answered.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ContactRefusal {
    /// The link is not kept any more, or its year is over.
    Unknown,
    /// This contact was made before.
    Replayed,
    /// The vault did not take note of it.
    Vault(KeeperError),
}

impl ContactRefusal {
    /// The name by which logs know it.
    pub fn code(&self) -> &str {
        match self {
            Self::Unknown => "link_unknown",
            Self::Replayed => "contact_replayed",
            Self::Vault(error) => error.code(),
        }
    }
}

fn place(id: &[u8; 8]) -> String {
    format!("{LINKS}{}", base64url(id))
}

fn read(vault: &VaultFile, name: &str) -> Option<Kept> {
    serde_json::from_slice(vault.item(name)?).ok()
}

/// All that count now, oldest first, with the names of their items.
fn kept(vault: &VaultFile, now: Timestamp) -> Vec<(String, Kept)> {
    let names = vault.item_names().filter(|name| name.starts_with(LINKS));
    let all = names.filter_map(|name| Some((name.to_owned(), read(vault, name)?)));
    let mut all: Vec<_> = all.filter(|(_, kept)| now < kept.until()).collect();
    all.sort_by_key(|(_, kept)| kept.since);
    all
}

fn write(vault: &mut VaultFile, kept: &Kept) -> Result<(), KeeperError> {
    let bytes = Zeroizing::new(serde_json::to_vec(kept).map_err(|_| KeeperError::Unknown)?);
    Ok(vault.set_item(&place(&kept.given.link.id), Some(&bytes))?)
}

/// Keeps a link. One of the same name goes, and the oldest where there are too many; and what has ended anyway.
pub fn keep(vault: &mut VaultFile, given: Given, now: Timestamp) -> Result<(), KeeperError> {
    if !is_name(&given.name) {
        return Err(KeeperError::Unknown);
    }
    let kept = Kept { given, since: now.secs(), used: None, contacts: Vec::new() };
    // Before the others go: a vault that takes nothing more loses nothing by it.
    write(vault, &kept)?;
    let ours = place(&kept.given.link.id);
    let mut others = self::kept(vault, now);
    others.retain(|(name, other)| *name != ours && other.given.name != kept.given.name);
    let surplus = others.len().saturating_sub(MOST - 1);
    let stay: Vec<&String> = others.iter().skip(surplus).map(|(name, _)| name).chain([&ours]).collect();
    let names = vault.item_names().filter(|name| name.starts_with(LINKS));
    let go: Vec<String> = names.map(str::to_owned).filter(|name| !stay.contains(&name)).collect();
    for name in go {
        vault.set_item(&name, None)?;
    }
    Ok(())
}

/// The devices that may ask without a code, oldest first.
pub fn devices(vault: &VaultFile, now: Timestamp) -> Vec<Device> {
    let seen = |(_, kept): (String, Kept)| Device {
        id: base64url(&kept.given.link.id),
        name: kept.given.name.clone(),
        relay: kept.given.relay,
        since: Timestamp::from_secs(kept.since).to_string(),
        until: kept.until().to_string(),
        last_used: kept.used.map(|used| Timestamp::from_secs(used).to_string()),
    };
    kept(vault, now).into_iter().map(seen).collect()
}

/// Forgets the link of that id, base64url.
pub fn forget(vault: &mut VaultFile, id: &str) -> Result<(), KeeperError> {
    let id: Option<[u8; 8]> = from_base64url(id).and_then(|id| id.try_into().ok());
    let name = place(&id.ok_or(KeeperError::Unknown)?);
    vault.item(&name).ok_or(KeeperError::Unknown)?;
    Ok(vault.set_item(&name, None)?)
}

/// The links that are waited for at that relay.
pub fn waited_for(vault: &VaultFile, relay: u16, now: Timestamp) -> Vec<PhoneLink> {
    let all = kept(vault, now).into_iter().map(|(_, kept)| kept.given);
    all.filter(|given| given.relay == relay).map(|given| given.link).collect()
}

/// Takes note of a contact; the name of whoever makes it. None counts twice, for what the vault remembers: whoever
/// says one again learns by what is on the air whether this device is near.
pub fn contacted(
    vault: &mut VaultFile,
    link: &[u8; 8],
    payload: &ClientPayload,
    now: Timestamp,
) -> Result<String, ContactRefusal> {
    let mut kept = read(vault, &place(link)).filter(|kept| now < kept.until());
    let kept = kept.as_mut().filter(|_| payload.link_id == *link).ok_or(ContactRefusal::Unknown)?;
    let nonce = base64url(&payload.nonce);
    if kept.contacts.contains(&nonce) {
        return Err(ContactRefusal::Replayed);
    }
    kept.contacts.push(nonce);
    let surplus = kept.contacts.len().saturating_sub(CONTACTS);
    kept.contacts.drain(..surplus);
    kept.used = Some(now.secs());
    write(vault, kept).map_err(ContactRefusal::Vault)?;
    Ok(kept.given.name.clone())
}

/// Whether a device can be called that.
pub fn is_name(name: &str) -> bool {
    let plain = crate::server::plain(name, LONGEST_NAME);
    !name.trim().is_empty() && plain == name
}

#[cfg(test)]
mod tests;
