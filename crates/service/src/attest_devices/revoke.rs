//! Listing devices, and revoking one: what it attested is attested no longer.

use std::collections::BTreeSet;

use account::attested_device::{Device, DeviceId};
use account::audit::{Actor, EventKind};
use account::user::UserId;
use store::{StoreError, Tx, attested_devices, passkeys, sessions, users};

use super::AttestError;
use crate::context::{Caller, Context};
use crate::events::Pen;

/// Devices read at once.
const PAGE: u32 = 500;

/// A device, and whose it is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DeviceLine {
    /// The device.
    pub device: Device,
    /// The login name of who had it certified.
    pub login: String,
}

/// Everything that was certified, oldest first; of one person or of all.
pub async fn devices(cx: &Context, of: Option<UserId>) -> Result<Vec<DeviceLine>, AttestError> {
    let mut lines = Vec::new();
    let mut after = None;
    loop {
        let found = cx.db.read(move |tx| page(tx, of, after)).await?;
        let next = found.last().map(|line| line.device.id);
        lines.extend(found);
        match next {
            Some(last) if of.is_none() => after = Some(last),
            _ => return Ok(lines),
        }
    }
}

fn page(tx: &mut Tx<'_>, of: Option<UserId>, after: Option<DeviceId>) -> Result<Vec<DeviceLine>, StoreError> {
    let found = match of {
        Some(user) => attested_devices::of_user(tx, user)?,
        None => attested_devices::page(tx, after, PAGE)?,
    };
    found
        .into_iter()
        .map(|device| {
            let owner = users::by_id(tx, device.user)?;
            let login = owner.map(|user| user.login.shown().to_owned()).unwrap_or_default();
            Ok(DeviceLine { device, login })
        })
        .collect()
}

/// A revoked device.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Revoked {
    /// Which one.
    pub device: Device,
    /// Passkeys that are not attested any more.
    pub passkeys: u64,
    /// Sessions that ended with that.
    pub sessions: u64,
}

/// Revokes a device: it gets no certificate again, what it attests is not trusted, and the passkeys that it attested are
/// attested no longer. Policy decides what they are still good for. By the operator.
pub async fn revoke(cx: &Context, caller: &mut Caller, id: DeviceId) -> Result<Revoked, AttestError> {
    let pen = Pen::new(caller, Actor::Operator);
    cx.db
        .write(move |tx| {
            lock_owners(tx, &[id])?;
            end(tx, &mut pen.clone(), id)
        })
        .await
}

/// Revokes whatever device is not, as its authority goes; says how many passkeys and sessions that concerned.
pub(super) fn revoke_all(tx: &mut Tx<'_>, pen: &mut Pen) -> Result<(u64, u64), AttestError> {
    let mut standing = Vec::new();
    let mut after = None;
    loop {
        let found = attested_devices::page(tx, after, PAGE)?;
        let Some(last) = found.last() else { break };
        after = Some(last.id);
        standing.extend(found.iter().filter(|device| device.revoked.is_none()).map(|device| device.id));
    }
    lock_owners(tx, &standing)?;
    let (mut passkeys, mut sessions) = (0_u64, 0_u64);
    for id in standing {
        match end(tx, pen, id) {
            Ok(revoked) => {
                passkeys = passkeys.saturating_add(revoked.passkeys);
                sessions = sessions.saturating_add(revoked.sessions);
            }
            // Somebody else was first: with this one there is nothing left to do.
            Err(AttestError::NotFound | AttestError::Revoked) => {}
            Err(other) => return Err(other),
        }
    }
    Ok((passkeys, sessions))
}

/// Owners before what is theirs, in one order for everybody.
fn lock_owners(tx: &mut Tx<'_>, devices: &[DeviceId]) -> Result<(), StoreError> {
    let mut owners = BTreeSet::new();
    for id in devices {
        owners.extend(attested_devices::passkeys_of(tx, *id)?.into_iter().map(|(_, owner)| owner));
    }
    for owner in owners {
        users::lock(tx, owner)?;
    }
    Ok(())
}

/// Revokes a device; the owners of what it attested are locked.
fn end(tx: &mut Tx<'_>, pen: &mut Pen, id: DeviceId) -> Result<Revoked, AttestError> {
    let now = tx.now()?;
    let device = attested_devices::lock(tx, id)?.ok_or(AttestError::NotFound)?;
    if device.revoked.is_some() {
        return Err(AttestError::Revoked);
    }
    let (mut distrusted, mut ended) = (0_u64, 0_u64);
    // Read again: a registration under way takes the device's row before it notes what it stored.
    for (passkey, owner) in attested_devices::passkeys_of(tx, id)? {
        let Some(passkey) = passkeys::by_id(tx, owner, passkey)? else { continue };
        if passkeys::distrust(tx, &passkey)? {
            distrusted = distrusted.saturating_add(1);
            ended = ended.saturating_add(sessions::remove_of_passkey(tx, owner, passkey.id, None)?);
        }
    }
    let device = Device { revoked: Some(now), ..device };
    if !attested_devices::update(tx, &device)? {
        return Err(AttestError::NotFound);
    }
    let kind = EventKind::DeviceRevoked { device: id, passkeys: distrusted };
    let name = Some(device.name.clone()).filter(|name| !name.is_empty());
    pen.write_with_note(tx, now, Some(device.user), kind, name)?;
    Ok(Revoked { device, passkeys: distrusted, sessions: ended })
}
