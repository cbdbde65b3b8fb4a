//! The tables `attestation_authorities`, `attested_devices` and `attested_passkeys`: the organisation's own attestation
//! authority, what it certified, and what that attested.
//!
//! Only a row here makes a certificate worth anything: one that no row knows is not trusted, whoever signed it.

use account::attested_device::{Device, DeviceId};
use account::passkey::PasskeyId;
use account::user::UserId;
use primitives::digest;
use primitives::id::Id;
use primitives::time::Timestamp;

use crate::db::{Row, Tx};
use crate::error::StoreError;
use crate::row_mac::RowMac;

const AUTHORITIES: &str = "attestation_authorities";
const DEVICES: &str = "attested_devices";

/// Identifies an [`Authority`].
pub type AuthorityId = Id<Authority>;

/// The authority as its row holds it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Authority {
    /// Its identifier.
    pub id: AuthorityId,
    /// The root certificate in DER.
    pub certificate: Vec<u8>,
    /// The private half, sealed.
    pub sealed: Vec<u8>,
    /// When it was made.
    pub created: Timestamp,
}

fn authority_mac(authority: &Authority) -> RowMac {
    RowMac::new(AUTHORITIES)
        .with(&authority.id)
        .with(&authority.certificate)
        .with(&authority.sealed)
        .with(authority.created)
}

fn read_authority(tx: &Tx<'_>, row: Row) -> Result<Authority, StoreError> {
    let mut columns = row.columns(AUTHORITIES);
    let authority = Authority {
        id: columns.id()?,
        certificate: columns.bytes()?,
        sealed: columns.bytes()?,
        created: columns.time()?,
    };
    authority_mac(&authority).check(tx.keys(), &columns.bytes()?, authority.id)?;
    Ok(authority)
}

/// The authority, if there is one.
pub fn authority(tx: &mut Tx<'_>) -> Result<Option<Authority>, StoreError> {
    let row = tx.query_one(
        "SELECT id, certificate, sealed, created, mac FROM attestation_authorities ORDER BY id LIMIT 1",
        &[],
    )?;
    row.map(|row| read_authority(tx, row)).transpose()
}

/// Stores the authority. Whether there may be one is decided under [`crate::settings::lock_deployment`].
pub fn insert_authority(tx: &mut Tx<'_>, authority: &Authority) -> Result<(), StoreError> {
    let mac = authority_mac(authority).make(tx.keys());
    tx.execute(
        "INSERT INTO attestation_authorities (id, certificate, sealed, created, mac) VALUES ($1, $2, $3, $4, $5)",
        &[
            (&authority.id).into(),
            (&authority.certificate).into(),
            (&authority.sealed).into(),
            authority.created.into(),
            (&mac).into(),
        ],
    )?;
    Ok(())
}

/// Writes back the seal of an authority, made anew; `false` if it is gone.
pub fn reseal_authority(tx: &mut Tx<'_>, authority: &Authority) -> Result<bool, StoreError> {
    let mac = authority_mac(authority).make(tx.keys());
    let changed = tx.execute(
        "UPDATE attestation_authorities SET sealed = $2, mac = $3 WHERE id = $1",
        &[(&authority.id).into(), (&authority.sealed).into(), (&mac).into()],
    )?;
    Ok(changed == 1)
}

/// Removes the authority; `false` if it is gone.
pub fn remove_authority(tx: &mut Tx<'_>, id: AuthorityId) -> Result<bool, StoreError> {
    let gone =
        tx.query_one("DELETE FROM attestation_authorities WHERE id = $1 RETURNING id", &[(&id).into()])?;
    Ok(gone.is_some())
}

macro_rules! select {
    ($rest:literal) => {
        concat!(
            "SELECT id, user_id, name, public, certificate, created, issued, ends, revoked, mac FROM attested_devices ",
            $rest
        )
    };
}

/// Covers all but what people call it; the digest follows from the key.
fn mac(device: &Device) -> RowMac {
    RowMac::new(DEVICES)
        .with(&device.id)
        .with(&device.user)
        .with(&device.key)
        .with(&device.certificate)
        .with(device.created)
        .with(device.issued)
        .with(device.ends)
        .with(device.revoked)
}

fn read(tx: &Tx<'_>, row: Row) -> Result<Device, StoreError> {
    let mut columns = row.columns(DEVICES);
    let device = Device {
        id: columns.id()?,
        user: columns.id()?,
        name: columns.text()?,
        key: columns.bytes()?,
        certificate: columns.bytes()?,
        created: columns.time()?,
        issued: columns.time()?,
        ends: columns.time()?,
        revoked: columns.optional_time()?,
    };
    mac(&device).check(tx.keys(), &columns.bytes()?, device.id)?;
    Ok(device)
}

/// The device with that key, a COSE_Key; its row is locked until the transaction ends.
pub fn lock_by_key(tx: &mut Tx<'_>, key: &[u8]) -> Result<Option<Device>, StoreError> {
    let digest = digest::sha256(key);
    let row = tx.query_one(select!("WHERE digest = $1 FOR UPDATE"), &[(&digest).into()])?;
    let device = row.map(|row| read(tx, row)).transpose()?;
    // The digest is not under the MAC: a row that was moved to another key's digest is none of that key.
    Ok(device.filter(|device| device.key == key))
}

/// The device of that id.
pub fn by_id(tx: &mut Tx<'_>, id: DeviceId) -> Result<Option<Device>, StoreError> {
    let row = tx.query_one(select!("WHERE id = $1"), &[(&id).into()])?;
    row.map(|row| read(tx, row)).transpose()
}

/// The device of that id; its row is locked until the transaction ends.
pub fn lock(tx: &mut Tx<'_>, id: DeviceId) -> Result<Option<Device>, StoreError> {
    let row = tx.query_one(select!("WHERE id = $1 FOR UPDATE"), &[(&id).into()])?;
    row.map(|row| read(tx, row)).transpose()
}

/// The devices of a user, oldest first.
pub fn of_user(tx: &mut Tx<'_>, user: UserId) -> Result<Vec<Device>, StoreError> {
    let rows = tx.query(select!("WHERE user_id = $1 ORDER BY id"), &[(&user).into()])?;
    rows.into_iter().map(|row| read(tx, row)).collect()
}

/// Devices behind `after`, in the order of their ids.
pub fn page(tx: &mut Tx<'_>, after: Option<DeviceId>, limit: u32) -> Result<Vec<Device>, StoreError> {
    let after: &[u8] = after.as_ref().map_or(&[], |id| id.as_bytes());
    let rows = tx.query(select!("WHERE id > $1 ORDER BY id LIMIT $2"), &[after.into(), limit.into()])?;
    rows.into_iter().map(|row| read(tx, row)).collect()
}

/// Stores a new device; `false` if there is one with that key.
pub fn insert(tx: &mut Tx<'_>, device: &Device) -> Result<bool, StoreError> {
    let (mac, digest) = (mac(device).make(tx.keys()), digest::sha256(&device.key));
    let changed = tx.execute(
        "INSERT INTO attested_devices (id, user_id, name, digest, public, certificate, created, issued, ends, revoked, \
         mac) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11) ON CONFLICT DO NOTHING",
        &[
            (&device.id).into(),
            (&device.user).into(),
            (&device.name).into(),
            (&digest).into(),
            (&device.key).into(),
            (&device.certificate).into(),
            device.created.into(),
            device.issued.into(),
            device.ends.into(),
            device.revoked.into(),
            (&mac).into(),
        ],
    )?;
    Ok(changed == 1)
}

/// Writes back name, certificate and revocation of a device that was read in this transaction; `false` if it is gone.
pub fn update(tx: &mut Tx<'_>, device: &Device) -> Result<bool, StoreError> {
    let mac = mac(device).make(tx.keys());
    let changed = tx.execute(
        "UPDATE attested_devices SET name = $2, certificate = $3, issued = $4, ends = $5, revoked = $6, mac = $7 \
         WHERE id = $1",
        &[
            (&device.id).into(),
            (&device.name).into(),
            (&device.certificate).into(),
            device.issued.into(),
            device.ends.into(),
            device.revoked.into(),
            (&mac).into(),
        ],
    )?;
    Ok(changed == 1)
}

/// Forgets all devices, as when their authority goes; how many there were.
pub fn remove_all(tx: &mut Tx<'_>) -> Result<u64, StoreError> {
    tx.execute("DELETE FROM attested_passkeys", &[])?;
    tx.execute("DELETE FROM attested_devices", &[])
}

/// Notes that a device attested a passkey.
pub fn note_passkey(
    tx: &mut Tx<'_>,
    device: DeviceId,
    user: UserId,
    passkey: PasskeyId,
) -> Result<(), StoreError> {
    tx.execute(
        "INSERT INTO attested_passkeys (passkey_id, device_id, user_id) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING",
        &[(&passkey).into(), (&device).into(), (&user).into()],
    )?;
    Ok(())
}

/// The passkeys that a device attested, with their owners; those that are gone meanwhile among them.
pub fn passkeys_of(tx: &mut Tx<'_>, device: DeviceId) -> Result<Vec<(PasskeyId, UserId)>, StoreError> {
    let rows = tx.query(
        "SELECT passkey_id, user_id FROM attested_passkeys WHERE device_id = $1 ORDER BY passkey_id",
        &[(&device).into()],
    )?;
    rows.into_iter()
        .map(|row| {
            let mut columns = row.columns("attested_passkeys");
            Ok((columns.id()?, columns.id()?))
        })
        .collect()
}

/// Whatever devices of `leaving` attested passkeys of others goes on as theirs, nameless: several accounts may be in one
/// authenticator, and it has to stay revocable for those that remain. The caller removes the rest.
pub fn hand_over(tx: &mut Tx<'_>, leaving: UserId) -> Result<(), StoreError> {
    for device in of_user(tx, leaving)? {
        let owners = passkeys_of(tx, device.id)?.into_iter().map(|(_, owner)| owner);
        let Some(next) = owners.filter(|owner| *owner != leaving).min() else { continue };
        let device = Device { user: next, name: String::new(), ..device };
        tx.execute(
            "UPDATE attested_devices SET user_id = $2, name = $3, mac = $4 WHERE id = $1",
            &[
                (&device.id).into(),
                (&device.user).into(),
                (&device.name).into(),
                (&mac(&device).make(tx.keys())).into(),
            ],
        )?;
    }
    Ok(())
}

/// Checks the rows of authorities whose ids are behind `after`, in their order; gives their ids.
pub(crate) fn check_authorities(tx: &mut Tx<'_>, after: &[u8]) -> Result<Vec<Vec<u8>>, StoreError> {
    let rows = tx.query(
        "SELECT id, certificate, sealed, created, mac FROM attestation_authorities WHERE id > $1 ORDER BY id LIMIT $2",
        &[after.into(), crate::SWEEP.into()],
    )?;
    rows.into_iter()
        .map(|row| read_authority(tx, row).map(|authority| authority.id.as_bytes().to_vec()))
        .collect()
}

/// The same for devices.
pub(crate) fn check_page(tx: &mut Tx<'_>, after: &[u8]) -> Result<Vec<Vec<u8>>, StoreError> {
    let rows =
        tx.query(select!("WHERE id > $1 ORDER BY id LIMIT $2"), &[after.into(), crate::SWEEP.into()])?;
    rows.into_iter().map(|row| read(tx, row).map(|device| device.id.as_bytes().to_vec())).collect()
}
