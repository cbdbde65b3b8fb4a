//! "Apps with access": what a person has allowed, and taking it back (AP-1).

use std::collections::BTreeMap;

use account::audit::{Actor, EventKind};
use oidc::client::ClientId;
use oidc::scope::Scopes;
use primitives::time::Timestamp;
use store::{StoreError, clients, consents, grants};

use crate::context::{Caller, Context, Who};
use crate::events::Pen;
use crate::manage_sessions;

/// Applications that are listed at most.
pub const MOST: u32 = 200;

/// Grants that are looked at, the newest ones.
const LOOKED_AT: u32 = 1000;

/// An application that a person let in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Access {
    /// Which.
    pub client: ClientId,
    /// Its name.
    pub name: String,
    /// Where it is.
    pub home: Option<String>,
    /// The digest that its picture's address holds, if it has one.
    pub logo: Option<primitives::digest::Digest>,
    /// What it may see and do.
    pub scopes: Scopes,
    /// Since when: the consent, or the oldest that was granted.
    pub since: Timestamp,
    /// When it was last given tokens; nothing if it holds none now.
    pub last_used: Option<Timestamp>,
    /// Whether the person was asked, rather than the organisation having decided.
    pub consented: bool,
}

/// Why nothing was taken back.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum AccessError {
    /// The application has no access.
    NotFound,
    /// The session that asks has ended, or reaches no such thing.
    SessionEnded,
    /// The store failed; nothing was changed.
    Store(StoreError),
}

impl From<StoreError> for AccessError {
    fn from(error: StoreError) -> Self {
        AccessError::Store(error)
    }
}

impl AccessError {
    /// The stable code.
    pub fn code(&self) -> &'static str {
        match self {
            AccessError::NotFound => "not_found",
            AccessError::SessionEnded => "session_ended",
            AccessError::Store(_) => "unknown",
        }
    }
}

/// The applications that somebody let in, in the order of their names.
pub async fn list(cx: &Context, who: &Who) -> Result<Vec<Access>, StoreError> {
    let user = who.user.id;
    cx.db
        .read(move |tx| {
            let mut found: BTreeMap<ClientId, (Scopes, Timestamp, Option<Timestamp>, bool)> = BTreeMap::new();
            for consent in consents::of_user(tx, user, MOST)? {
                found.insert(consent.client, (consent.scopes, consent.given, None, true));
            }
            for grant in grants::of_user(tx, user, None, LOOKED_AT)? {
                let used = grant.rotated.unwrap_or(grant.created);
                let entry = found
                    .entry(grant.client)
                    .or_insert_with(|| (Scopes::default(), grant.created, None, false));
                entry.0 = entry.0.or(&grant.terms.scopes);
                entry.1 = entry.1.min(grant.created);
                entry.2 = entry.2.max(Some(used));
            }
            let mut listed = Vec::new();
            for (client, (scopes, since, last_used, consented)) in found {
                let Some(stored) = clients::by_id(tx, &client)? else { continue };
                let logo = clients::logo_digest(tx, &client)?;
                let (name, home) = (stored.application.name, stored.application.home);
                listed.push(Access { client, name, home, logo, scopes, since, last_used, consented });
            }
            listed.sort_by(|one, other| (&one.name, &one.client).cmp(&(&other.name, &other.client)));
            Ok(listed)
        })
        .await
}

/// Takes an application's access back: the consent, and everything that it was granted.
pub async fn withdraw(
    cx: &Context,
    caller: &mut Caller,
    who: &Who,
    client: &ClientId,
) -> Result<(), AccessError> {
    let pen = Pen::new(caller, Actor::User(who.user.id));
    let (settings, who, client) = (cx.settings(), who.clone(), client.clone());
    cx.db
        .write(move |tx| {
            let now = tx.now()?;
            let who = manage_sessions::lock_standing(tx, now, &settings, &who)?
                .filter(|who| !who.session.is_limited())
                .ok_or(AccessError::SessionEnded)?;
            let given = consents::remove(tx, who.user.id, &client)?;
            let ended = grants::end_of_client(tx, who.user.id, &client)?;
            if !given && ended == 0 {
                return Err(AccessError::NotFound);
            }
            let kind = EventKind::ConsentWithdrawn { client: client.to_string() };
            pen.clone().write(tx, now, Some(who.user.id), kind)?;
            Ok(())
        })
        .await
}
