//! What people have registered, and whether they could lose a device today: person by person.

use std::collections::BTreeMap;

use account::readiness::{self, Readiness, Registered};
use account::role::Role;
use account::user::{User, UserId};
use primitives::time::Timestamp;
use store::{
    StoreError, Tx, authenticator_codes, known_browsers, passkeys, passwords, recovery_codes,
    temporary_passes, users,
};

use crate::context::Context;

/// People of a page at most.
pub const MOST: u32 = 200;

/// One person in the report.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Details {
    /// The account.
    pub user: User,
    /// What they have registered.
    pub registered: Registered,
    /// What it is good for.
    pub readiness: Readiness,
}

impl Details {
    /// Whether they may do anything to others.
    pub fn is_admin(&self) -> bool {
        self.user.role != Role::User
    }

    /// When what they registered last changed.
    pub fn updated(&self) -> Timestamp {
        self.readiness.updated.unwrap_or(self.user.created)
    }

    /// What they would be asked for first.
    pub fn preferred(&self) -> Option<&'static str> {
        let passkey = self.readiness.methods.iter().find(|name| name.starts_with("passKey"));
        let other = ["softwareOneTimePasscode", "temporaryAccessPass", "password"];
        passkey.copied().or_else(|| other.into_iter().find(|name| self.readiness.methods.contains(name)))
    }
}

/// People in the order in which they were added, from behind `after`; accounts that were deleted are left out.
pub async fn page(
    cx: &Context,
    now: Timestamp,
    after: Option<UserId>,
    limit: u32,
) -> Result<Vec<Details>, StoreError> {
    let settings = cx.settings();
    let limit = limit.clamp(1, MOST);
    cx.db
        .read(move |tx| {
            let mut after = after;
            // A page of deleted accounts is no end.
            loop {
                let people = read(tx, after, limit)?;
                let Some((last, _)) = people.last() else { return Ok(Vec::new()) };
                after = Some(last.id);
                let there: Vec<_> = people.into_iter().filter(|(user, _)| user.deleted.is_none()).collect();
                if !there.is_empty() {
                    return Ok(there.into_iter().map(|person| details(&settings, person, now)).collect());
                }
            }
        })
        .await
}

/// One person; `None` if there is no such account.
pub async fn of(cx: &Context, now: Timestamp, user: UserId) -> Result<Option<Details>, StoreError> {
    let settings = cx.settings();
    cx.db
        .read(move |tx| {
            let Some(user) = users::by_id(tx, user)? else { return Ok(None) };
            let registered = registered_of(tx, user.id)?;
            Ok(Some(details(&settings, (user, registered), now)))
        })
        .await
}

fn details(settings: &crate::Settings, (user, registered): (User, Registered), now: Timestamp) -> Details {
    let readiness = readiness::assess(&registered, &settings.of(&user), &settings.models, &user, now);
    Details { user, registered, readiness }
}

fn registered_of(tx: &mut Tx<'_>, user: UserId) -> Result<Registered, StoreError> {
    let recovery = recovery_codes::of_user(tx, user)?;
    let codes = authenticator_codes::of_user(tx, user)?;
    Ok(Registered {
        passkeys: passkeys::of_user(tx, user)?,
        password: passwords::of_user(tx, user)?.is_some_and(|password| password.hash.is_some()),
        codes: codes.is_some_and(|codes| !codes.is_locked()),
        recovery_codes: left(recovery.iter().filter(|code| code.used.is_none()).count()),
        pass: temporary_passes::newest(tx, user)?,
        seen: !known_browsers::seen_of_users(tx, before(user), user)?.is_empty(),
    })
}

fn left(count: usize) -> u32 {
    u32::try_from(count).unwrap_or(u32::MAX)
}

/// The id right before that one.
fn before(id: UserId) -> UserId {
    let number = u128::from_be_bytes(*id.as_bytes()).saturating_sub(1);
    UserId::from_bytes(number.to_be_bytes())
}

/// A page of people with what they have registered: one question to each table, for the ids from the first to the last.
pub(crate) fn read(
    tx: &mut Tx<'_>,
    after: Option<UserId>,
    limit: u32,
) -> Result<Vec<(User, Registered)>, StoreError> {
    let people = users::page_by_id(tx, after, limit)?;
    let Some(last) = people.last().map(|user| user.id) else { return Ok(Vec::new()) };
    let first = after.unwrap_or_else(|| UserId::from_bytes([0; 16]));
    let mut found: BTreeMap<UserId, Registered> = BTreeMap::new();
    for passkey in passkeys::of_users(tx, first, last)? {
        found.entry(passkey.user).or_default().passkeys.push(passkey);
    }
    for password in passwords::of_users(tx, first, last)? {
        found.entry(password.user).or_default().password = password.hash.is_some();
    }
    for codes in authenticator_codes::of_users(tx, first, last)? {
        found.entry(codes.user).or_default().codes = !codes.is_locked();
    }
    for code in recovery_codes::of_users(tx, first, last)? {
        if code.used.is_none() {
            let registered = found.entry(code.user).or_default();
            registered.recovery_codes = registered.recovery_codes.saturating_add(1);
        }
    }
    for pass in temporary_passes::of_users(tx, first, last)? {
        // In the order of their ids: the newest comes last.
        let user = pass.user;
        found.entry(user).or_default().pass = Some(pass);
    }
    for user in known_browsers::seen_of_users(tx, first, last)? {
        found.entry(user).or_default().seen = true;
    }
    Ok(people
        .into_iter()
        .map(|user| {
            let registered = found.remove(&user.id).unwrap_or_default();
            (user, registered)
        })
        .collect())
}
