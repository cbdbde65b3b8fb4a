//! Applications, what people granted them, and the keys that sign.

use std::collections::HashMap;

use account::application::GrantId;
use account::audit::{Event, EventId, EventKind};
use account::user::UserId;
use oidc::client::ClientId;
use primitives::time::Timestamp;
use store::{StoreError, Tx, clients, consents, grants, signing_keys};

use super::{Latest, note};

/// What became of an application.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Fate {
    There { enabled: bool },
    Removed,
}

/// What the log says of all this.
#[derive(Default)]
pub(super) struct Told {
    fates: HashMap<String, Latest<Fate>>,
    /// When an application last got other terms or another secret.
    changed: HashMap<String, (Timestamp, EventId)>,
    /// Whether somebody allows an application something.
    consents: HashMap<(UserId, String), Latest<bool>>,
    ended: HashMap<GrantId, EventId>,
    retired: HashMap<String, EventId>,
}

impl Told {
    pub(super) fn hear(&mut self, event: &Event) {
        match &event.kind {
            EventKind::ClientAdded { client } => {
                note(&mut self.fates, client.clone(), Fate::There { enabled: true }, event);
            }
            EventKind::ClientChanged { client, enabled } => {
                note(&mut self.fates, client.clone(), Fate::There { enabled: *enabled }, event);
                self.changed(client, event);
            }
            EventKind::ClientSecretMade { client } => self.changed(client, event),
            EventKind::ClientRemoved { client } => {
                note(&mut self.fates, client.clone(), Fate::Removed, event);
            }
            EventKind::ConsentGiven { client, .. } => self.consent(client, true, event),
            EventKind::ConsentWithdrawn { client } => self.consent(client, false, event),
            EventKind::GrantRevoked { grant, .. } | EventKind::TokenReused { grant, .. } => {
                self.ended.insert(*grant, event.id);
            }
            EventKind::SigningKeyRetired { kid } => {
                self.retired.insert(kid.clone(), event.id);
            }
            _ => {}
        }
    }

    fn changed(&mut self, client: &str, event: &Event) {
        let latest = self.changed.entry(client.to_owned()).or_insert((event.at, event.id));
        if event.at > latest.0 {
            *latest = (event.at, event.id);
        }
    }

    fn consent(&mut self, client: &str, stands: bool, event: &Event) {
        if let Some(user) = event.subject {
            note(&mut self.consents, (user, client.to_owned()), stands, event);
        }
    }
}

/// The first row that grants more than the log says.
pub(super) fn find(tx: &mut Tx<'_>, told: &super::Told) -> Result<Option<EventId>, StoreError> {
    let told = &told.applications;
    for look in [application, consent, grant, key] {
        let found = look(tx, told)?;
        if found.is_some() {
            return Ok(found);
        }
    }
    Ok(None)
}

/// An application that came back, stands again though it was switched off, or has the terms or secrets of before.
fn application(tx: &mut Tx<'_>, told: &Told) -> Result<Option<EventId>, StoreError> {
    for (client, fate) in &told.fates {
        let Ok(id) = ClientId::parse(client) else { continue };
        let Some(row) = clients::by_id(tx, &id)? else { continue };
        if !fate.may_be(&Fate::There { enabled: row.enabled }) {
            return Ok(Some(fate.event));
        }
        if let Some((at, event)) = told.changed.get(client)
            && row.changed < *at
            && row.created <= *at
        {
            return Ok(Some(*event));
        }
    }
    Ok(None)
}

fn consent(tx: &mut Tx<'_>, told: &Told) -> Result<Option<EventId>, StoreError> {
    for ((user, client), latest) in told.consents.iter().filter(|(_, latest)| !latest.may_be(&true)) {
        let Ok(id) = ClientId::parse(client) else { continue };
        if consents::get(tx, *user, &id)?.is_some() {
            return Ok(Some(latest.event));
        }
    }
    Ok(None)
}

fn grant(tx: &mut Tx<'_>, told: &Told) -> Result<Option<EventId>, StoreError> {
    for (grant, event) in &told.ended {
        if grants::by_id(tx, *grant)?.is_some() {
            return Ok(Some(*event));
        }
    }
    Ok(None)
}

/// A key that had signed for the last time and signs again.
fn key(tx: &mut Tx<'_>, told: &Told) -> Result<Option<EventId>, StoreError> {
    let keys = signing_keys::all(tx)?;
    let back = keys.iter().filter(|key| key.ends.is_none());
    Ok(back.filter_map(|key| told.retired.get(&key.kid)).next().copied())
}
