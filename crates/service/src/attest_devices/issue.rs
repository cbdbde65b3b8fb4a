//! Certifying a device: its key was proven in the ceremony for which it asks, and its owner stands behind it.

use std::sync::Arc;

use account::attested_device::{self, Device, LIFETIME, MOST, SOFTWARE};
use account::audit::EventKind;
use account::user::User;
use primitives::cose::{Algorithm, PublicKey};
use primitives::digest;
use primitives::entropy;
use primitives::id::Id;
use primitives::keys::KeyRing;
use primitives::time::Timestamp;
use primitives::x509::{Certificate, Issue, Name, oid};
use store::attested_devices::{self, Authority};
use store::{StoreError, Tx};

use super::AttestError;
use super::authority::{BEFORE, key_of, organization, parsed, root_name};
use crate::context::{Caller, Context};
use crate::drawn::Drawn;
use crate::events::Pen;

/// What stands before what is signed, so that the signature is good for nothing else.
const PROOF: &[u8] = b"keyward attestation v1\0";

/// What a device sends that wants a certificate.
#[derive(Clone, Debug)]
pub struct Request {
    /// Its public key: a COSE_Key for ES256.
    pub key: Vec<u8>,
    /// Its signature over the challenge of the ceremony, see [`proven`].
    pub proof: Vec<u8>,
    /// What the device calls itself.
    pub name: Option<String>,
}

/// A certified device.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Certified {
    /// The device with its certificate.
    pub device: Device,
}

/// A key with its name that was proven.
#[derive(Clone)]
pub(crate) struct Proven {
    key: PublicKey,
    name: Option<String>,
}

/// Checks that whoever asks holds the key: it signed `"keyward attestation v1" ‖ 00 ‖ challenge ‖ SHA-256(key)`.
pub(crate) fn proven(request: &Request, challenge: &[u8]) -> Result<Proven, AttestError> {
    let key = PublicKey::parse(&request.key).map_err(|_| AttestError::Key)?;
    if key.algorithm() != Algorithm::Es256 {
        return Err(AttestError::Key);
    }
    let message = [PROOF, challenge, &digest::sha256(&request.key)].concat();
    key.verify(&message, &request.proof).map_err(|_| AttestError::Proof)?;
    let name = request.name.as_deref().map(attested_device::parse_name).transpose();
    Ok(Proven { key, name: name.map_err(AttestError::Name)? })
}

/// Everything that certifying needs, made before the writer is entered.
#[derive(Clone)]
pub(crate) struct Issuing {
    keys: Arc<KeyRing>,
    organization: String,
    proven: Proven,
    drawn: Drawn,
    pen: Pen,
}

impl Issuing {
    pub(crate) fn new(cx: &Context, caller: &mut Caller, proven: Proven, pen: Pen) -> Self {
        let organization = organization(cx.relying_party.name());
        Self { keys: Arc::clone(&cx.keys), organization, proven, drawn: Drawn::from(caller), pen }
    }

    /// The same, in the name of somebody who was found out later.
    pub(crate) fn by(self, pen: Pen) -> Self {
        Self { pen, ..self }
    }

    /// Certifies the key for a device of `user`, whose row the caller has locked. The same key gets the same certificate
    /// until that is due.
    pub(crate) fn run(&mut self, tx: &mut Tx<'_>, user: &User) -> Result<Certified, AttestError> {
        let now = tx.now()?;
        let authority = attested_devices::authority(tx)?.ok_or(AttestError::Off)?;
        let key = self.proven.key.encode();
        let device = match attested_devices::lock_by_key(tx, &key)? {
            Some(Device { revoked: Some(_), .. }) => return Err(AttestError::Revoked),
            Some(device) if !device.is_due(now) && is_of(&authority, &device)? => {
                return Ok(Certified { device });
            }
            Some(device) => {
                let (certificate, ends) = self.certificate(now, &authority, &device)?;
                // Several accounts may be in one authenticator: what it is called is its owner's to say.
                let own = self.proven.name.clone().filter(|_| device.user == user.id);
                let name = own.unwrap_or_else(|| device.name.clone());
                let renewed = Device { name, certificate, issued: now, ends, ..device };
                if !attested_devices::update(tx, &renewed)? {
                    return Err(StoreError::Contention.into());
                }
                renewed
            }
            None => self.first(tx, now, &authority, (user, key))?,
        };
        let kind = EventKind::DeviceAttested { device: device.id };
        let name = Some(device.name.clone()).filter(|name| !name.is_empty());
        self.pen.write_with_note(tx, now, Some(device.user), kind, name)?;
        Ok(Certified { device })
    }

    fn first(
        &mut self,
        tx: &mut Tx<'_>,
        now: Timestamp,
        authority: &Authority,
        (user, key): (&User, Vec<u8>),
    ) -> Result<Device, AttestError> {
        if attested_devices::of_user(tx, user.id)?.len() >= MOST {
            return Err(AttestError::TooMany);
        }
        let device = Device {
            id: Id::new(now, &mut self.drawn),
            user: user.id,
            name: self.proven.name.clone().unwrap_or_default(),
            key,
            certificate: Vec::new(),
            created: now,
            issued: now,
            ends: now,
            revoked: None,
        };
        let (certificate, ends) = self.certificate(now, authority, &device)?;
        let device = Device { certificate, ends, ..device };
        if !attested_devices::insert(tx, &device)? {
            return Err(StoreError::Contention.into());
        }
        Ok(device)
    }

    /// A certificate that ends with the authority's at the latest.
    fn certificate(
        &mut self,
        now: Timestamp,
        authority: &Authority,
        device: &Device,
    ) -> Result<(Vec<u8>, Timestamp), AttestError> {
        let (root, key) = (parsed(authority)?, key_of(&self.keys, authority)?);
        // As the root says it, whatever the organisation is called by now.
        let named = root.0.subject(oid::ORGANIZATION).next().map(str::to_owned);
        let organization = named.unwrap_or_else(|| self.organization.clone());
        let ends = (now + LIFETIME).min(root.ends());
        let common_name = format!("Keyfob {} (software key)", device.id);
        let subject = Name {
            organizational_unit: "Authenticator Attestation",
            common_name: &common_name,
            ..root_name(&organization)
        };
        let issue = Issue {
            serial: u64::from_be_bytes(entropy::array(&mut self.drawn)) >> 1 | 1,
            not_before: now - BEFORE,
            not_after: ends,
            aaguid: Some(SOFTWARE.0),
            ..Issue::new(root_name(&organization), subject, &self.proven.key)
        };
        Ok((issue.sign(&key), ends))
    }
}

/// Whether the device's certificate is this authority's: one that was certified while another went has none of this.
fn is_of(authority: &Authority, device: &Device) -> Result<bool, AttestError> {
    let root = parsed(authority)?;
    let leaf = Certificate::parse(&device.certificate).ok();
    Ok(leaf.is_some_and(|leaf| leaf.is_issued_by(&root.0).is_ok()))
}
