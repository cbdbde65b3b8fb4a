//! What a trusted attestation is worth in the commit that stores its passkey: an authority's signature alone is not
//! enough, the device has to stand.

use account::attested_device::Device;
use account::passkey::Passkey;
use primitives::cose::Algorithm;
use primitives::x509::Certificate;
use store::{StoreError, Tx, attested_devices};
use webauthn::RegisteredCredential;

use crate::context::Settings;

/// The key of the device that attested the credential, if the organisation's own authority vouches for it.
pub(crate) fn attested_key(settings: &Settings, credential: &RegisteredCredential) -> Option<Vec<u8>> {
    let (path, own) = (credential.attested_by.as_ref()?, settings.anchors.authority.as_ref()?);
    if path.anchor != own.der() {
        return None;
    }
    let leaf = Certificate::parse(&path.leaf).ok();
    // A leaf whose key is none that is certified is one that no row knows.
    let key = leaf.and_then(|leaf| leaf.public_key(Algorithm::Es256).ok());
    Some(key.map(|key| key.encode()).unwrap_or_default())
}

/// The device with the key `attested_by`, which attested the credential. One that was revoked, or that no row knows,
/// vouches for nothing: the credential is then attested by nobody.
pub(crate) fn settle(
    tx: &mut Tx<'_>,
    attested_by: Option<&[u8]>,
    credential: &mut RegisteredCredential,
) -> Result<Option<Device>, StoreError> {
    let Some(key) = attested_by else { return Ok(None) };
    let device = attested_devices::lock_by_key(tx, key)?.filter(|device| device.revoked.is_none());
    credential.attestation.trusted &= device.is_some();
    Ok(device)
}

/// Notes that the device attested the passkey, so that its end takes that away again.
pub(crate) fn note(tx: &mut Tx<'_>, device: &Device, passkey: &Passkey) -> Result<(), StoreError> {
    attested_devices::note_passkey(tx, device.id, passkey.user, passkey.id)
}
