//! Whether rows stand where the audit log says that they came to (DESIGN 5a.1).
//!
//! A MAC shows that this deployment wrote a row, not that it wrote it last: whoever can write to the database can put
//! an earlier row back, and an account that was disabled is enabled again. Only what would grant more than the log
//! says is a fault; that rows are missing harms nobody but the one whom they let in.

mod applications;

use std::collections::HashMap;

use account::api_key::KeyId;
use account::attested_device::DeviceId;
use account::audit::{Event, EventId, EventKind};
use account::group::GroupId;
use account::passkey::PasskeyId;
use account::role::Role;
use account::session::SessionId;
use account::temporary_pass::{PassId, PassState};
use account::user::{User, UserId, UserStatus};
use primitives::digest::sha256;
use primitives::encoding::hex;
use primitives::time::Timestamp;
use store::audit::{self, Fault, FaultKind, Filter};
use store::{
    StoreError, Tx, api_keys, attested_devices, authenticator_codes, passkeys, passwords, policies,
    recovery_codes, sessions, temporary_passes, users,
};

/// Events and accounts read at once.
const PAGE: u32 = 1000;
/// Events that may wait for their number; more are overdue and reported as such.
const WAITING: u32 = 10_000;

/// What the log says last of something. Changes of one microsecond have no order: each of them may be the last.
struct Latest<T> {
    at: Timestamp,
    values: Vec<T>,
    event: EventId,
}

impl<T: PartialEq> Latest<T> {
    fn may_be(&self, value: &T) -> bool {
        self.values.contains(value)
    }
}

fn note<K: std::hash::Hash + Eq, T>(map: &mut HashMap<K, Latest<T>>, key: K, value: T, event: &Event) {
    match map.get_mut(&key) {
        Some(latest) if latest.at > event.at => {}
        Some(latest) if latest.at == event.at => latest.values.push(value),
        _ => {
            map.insert(key, Latest { at: event.at, values: vec![value], event: event.id });
        }
    }
}

/// What the whole log comes to.
#[derive(Default)]
struct Told {
    roles: HashMap<UserId, Latest<Role>>,
    statuses: HashMap<UserId, Latest<UserStatus>>,
    removed: HashMap<PasskeyId, (UserId, EventId)>,
    ended: HashMap<SessionId, (UserId, EventId)>,
    one_time: HashMap<PassId, bool>,
    redeemed: HashMap<PassId, EventId>,
    over: HashMap<PassId, EventId>,
    /// Whether there is a password.
    passwords: HashMap<UserId, Latest<bool>>,
    /// Whether there is an authenticator app.
    codes: HashMap<UserId, Latest<bool>>,
    /// How many recovery codes are left.
    recovery: HashMap<UserId, Latest<usize>>,
    /// Whether it is deleted.
    deleted: HashMap<UserId, Latest<bool>>,
    /// Whether it stays usable whatever policy says.
    break_glass: HashMap<UserId, Latest<bool>>,
    /// Who is in which group.
    members: HashMap<UserId, HashMap<GroupId, Latest<bool>>>,
    /// API keys that were taken back.
    keys: HashMap<KeyId, EventId>,
    /// Devices that were revoked.
    devices: HashMap<DeviceId, EventId>,
    /// Roots of attestation authorities that were removed.
    roots: HashMap<String, EventId>,
    /// Versions of the policy, and whether they were undone.
    policies: HashMap<i64, (bool, EventId)>,
    applications: applications::Told,
}

impl Told {
    fn hear(&mut self, event: &Event) {
        self.applications.hear(event);
        match event.kind {
            EventKind::ApiKeyRevoked { key } => {
                self.keys.insert(key, event.id);
            }
            EventKind::DeviceRevoked { device, .. } => {
                self.devices.insert(device, event.id);
            }
            EventKind::AttestationAuthorityRemoved { ref root } => {
                self.roots.insert(root.clone(), event.id);
            }
            EventKind::PolicyApplied { version, .. } => {
                self.policies.entry(version).or_insert((false, event.id));
            }
            EventKind::PolicyUndone { version, .. } => {
                self.policies.insert(version, (true, event.id));
            }
            _ => {}
        }
        let Some(user) = event.subject else { return };
        match event.kind {
            EventKind::UserDeleted => note(&mut self.deleted, user, true, event),
            EventKind::UserRestored => note(&mut self.deleted, user, false, event),
            EventKind::BreakGlassChanged { on } => note(&mut self.break_glass, user, on, event),
            EventKind::GroupJoined { group } => {
                note(self.members.entry(user).or_default(), group, true, event);
            }
            EventKind::GroupLeft { group } => {
                note(self.members.entry(user).or_default(), group, false, event);
            }
            EventKind::UserAdded { role } => {
                note(&mut self.roles, user, role, event);
                note(&mut self.statuses, user, UserStatus::Enabled, event);
            }
            EventKind::RoleChanged { to, .. } => note(&mut self.roles, user, to, event),
            EventKind::UserDisabled => note(&mut self.statuses, user, UserStatus::Disabled, event),
            EventKind::UserEnabled => note(&mut self.statuses, user, UserStatus::Enabled, event),
            EventKind::PasswordSet { .. } => note(&mut self.passwords, user, true, event),
            EventKind::PasswordTurnedOff { .. } | EventKind::PasswordAllowed => {
                note(&mut self.passwords, user, false, event);
            }
            EventKind::CodesAdded => note(&mut self.codes, user, true, event),
            EventKind::CodesRemoved => note(&mut self.codes, user, false, event),
            EventKind::RecoveryCodesMade { count: left } | EventKind::RecoveryCodeUsed { left } => {
                note(&mut self.recovery, user, usize::try_from(left).unwrap_or(usize::MAX), event);
            }
            EventKind::PasskeyRemoved { passkey, .. } => {
                self.removed.insert(passkey, (user, event.id));
            }
            EventKind::SignedOut { session } | EventKind::SessionRevoked { session } => {
                self.ended.insert(session, (user, event.id));
            }
            EventKind::PassIssued { pass, one_time, .. } => {
                self.one_time.insert(pass, one_time);
            }
            EventKind::PassRedeemed { pass, .. } => {
                self.redeemed.insert(pass, event.id);
            }
            EventKind::PassLocked { pass }
            | EventKind::PassRevoked { pass, .. }
            | EventKind::PassSpent { pass }
            | EventKind::PasskeyAdded { pass: Some(pass), .. } => {
                self.over.insert(pass, event.id);
            }
            _ => {}
        }
    }

    /// What the log says of an account and its row does not.
    fn otherwise(&self, user: &User) -> Option<EventId> {
        let flags = [
            self.deleted.get(&user.id).filter(|told| !told.may_be(&user.deleted.is_some())),
            self.break_glass.get(&user.id).filter(|told| !told.may_be(&user.break_glass)),
        ];
        if let Some(told) = flags.into_iter().flatten().next() {
            return Some(told.event);
        }
        let groups = self.members.get(&user.id)?;
        let wrong = groups.iter().find(|(group, told)| !told.may_be(&user.groups.contains(group)));
        wrong.map(|(_, told)| told.event)
    }
}

/// The first row found that grants more than the log says.
pub(crate) fn find(tx: &mut Tx<'_>) -> Result<Option<Fault>, StoreError> {
    let told = listen(tx)?;
    let mut event = None;
    for look in [changed_user, returned, returned_method, usable_pass, standing, applications::find] {
        event = look(tx, &told)?;
        if event.is_some() {
            break;
        }
    }
    Ok(event.map(|event| Fault { kind: FaultKind::RolledBack, seq: None, event: Some(event) }))
}

fn listen(tx: &mut Tx<'_>) -> Result<Told, StoreError> {
    let (mut told, mut after) = (Told::default(), 0);
    loop {
        let page = audit::export(tx, after, PAGE)?;
        let Some(last) = page.last() else { break };
        after = last.seq;
        page.iter().for_each(|exported| told.hear(&exported.event));
    }
    let newest = audit::list(tx, &Filter::default(), WAITING)?;
    newest.iter().filter(|entry| entry.seq.is_none()).for_each(|entry| told.hear(&entry.event));
    Ok(told)
}

fn changed_user(tx: &mut Tx<'_>, told: &Told) -> Result<Option<EventId>, StoreError> {
    let mut after = None;
    loop {
        let page = users::list(tx, after.as_ref(), PAGE)?;
        let Some(last) = page.last() else { return Ok(None) };
        after = Some(last.login.clone());
        for user in &page {
            if let Some(role) = told.roles.get(&user.id).filter(|role| !role.may_be(&user.role)) {
                return Ok(Some(role.event));
            }
            if let Some(status) = told.statuses.get(&user.id).filter(|status| !status.may_be(&user.status)) {
                return Ok(Some(status.event));
            }
            if let Some(event) = told.otherwise(user) {
                return Ok(Some(event));
            }
        }
    }
}

fn returned(tx: &mut Tx<'_>, told: &Told) -> Result<Option<EventId>, StoreError> {
    for (passkey, (user, event)) in &told.removed {
        if passkeys::by_id(tx, *user, *passkey)?.is_some() {
            return Ok(Some(*event));
        }
    }
    for (session, (user, event)) in &told.ended {
        if sessions::by_id(tx, *user, *session)?.is_some() {
            return Ok(Some(*event));
        }
    }
    Ok(None)
}

/// A password, an authenticator app or a recovery code that came back.
fn returned_method(tx: &mut Tx<'_>, told: &Told) -> Result<Option<EventId>, StoreError> {
    for (user, latest) in told.passwords.iter().filter(|(_, latest)| !latest.may_be(&true)) {
        if passwords::of_user(tx, *user)?.is_some_and(|password| password.hash.is_some()) {
            return Ok(Some(latest.event));
        }
    }
    for (user, latest) in told.codes.iter().filter(|(_, latest)| !latest.may_be(&true)) {
        if authenticator_codes::of_user(tx, *user)?.is_some() {
            return Ok(Some(latest.event));
        }
    }
    for (user, latest) in &told.recovery {
        let codes = recovery_codes::of_user(tx, *user)?;
        let left = codes.iter().filter(|code| code.used.is_none()).count();
        if latest.values.iter().all(|told| left > *told) {
            return Ok(Some(latest.event));
        }
    }
    Ok(None)
}

fn usable_pass(tx: &mut Tx<'_>, told: &Told) -> Result<Option<EventId>, StoreError> {
    let once = told.redeemed.iter().filter(|(pass, _)| told.one_time.get(pass) == Some(&true));
    for (pass, event) in told.over.iter().chain(once) {
        let Some(row) = temporary_passes::by_id(tx, *pass)? else { continue };
        let is_back = match row.state {
            PassState::Issued => true,
            PassState::Reserved { .. } => told.over.contains_key(pass),
            PassState::Spent { .. } | PassState::Revoked { .. } | PassState::Locked { .. } => false,
        };
        if is_back {
            return Ok(Some(*event));
        }
    }
    Ok(None)
}

/// A key that was taken back and stands, or a version of the policy that is gone, stands again, or was never applied.
fn standing(tx: &mut Tx<'_>, told: &Told) -> Result<Option<EventId>, StoreError> {
    for (device, event) in &told.devices {
        if attested_devices::by_id(tx, *device)?.is_some_and(|device| device.revoked.is_none()) {
            return Ok(Some(*event));
        }
    }
    let root = attested_devices::authority(tx)?.map(|authority| hex(&sha256(&authority.certificate)));
    if let Some(event) = root.and_then(|root| told.roots.get(&root)) {
        return Ok(Some(*event));
    }
    for (key, event) in &told.keys {
        if api_keys::by_id(tx, *key)?.is_some_and(|key| key.revoked.is_none()) {
            return Ok(Some(*event));
        }
    }
    for (version, (undone, event)) in &told.policies {
        // Without its row an older one would be in force.
        if policies::by_version(tx, *version)?.is_none_or(|row| row.undone.is_some() != *undone) {
            return Ok(Some(*event));
        }
    }
    Ok(None)
}
