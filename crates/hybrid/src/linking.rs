//! Linking (CTAP 2.3 section 11.5.1.6, "state-assisted"): after a code was scanned once, the phone may give the client
//! what it needs to reach it without one.
//!
//! A radio is needed all the same: the link only spares the person the code.

use std::fmt;

use primitives::agreement::PrivateKey;
use primitives::cbor::{self, Key, Value};
use primitives::digest;
use primitives::encoding::{constant_time_eq, from_hex, hex};
use primitives::entropy::{self, Entropy};
use zeroize::Zeroize;

use crate::qr::Hint;

/// The longest name of a device and the longest contact that are taken.
const LONGEST_NAME: usize = 256;
const LONGEST_CONTACT: usize = 512;
/// More is in no header of a client.
const LONGEST_PAYLOAD: usize = 512;

/// What the client remembers of a phone.
#[derive(Clone, PartialEq, Eq)]
pub struct Link {
    /// Under which the tunnel service reaches the phone; opaque.
    pub contact: Vec<u8>,
    /// Under which the phone finds the secret.
    pub id: [u8; 8],
    /// What both share.
    pub secret: [u8; 32],
    /// The phone's key: P-256, uncompressed.
    pub identity: [u8; 65],
    /// What the phone calls itself, which nothing vouches for.
    pub name: String,
}

impl Link {
    /// The update that gives the link to the client, signed for this one handshake.
    pub fn update(&self, signature: &[u8; 32]) -> Vec<u8> {
        let linking = Value::Map(vec![
            (Key::Integer(1), Value::Bytes(&self.contact)),
            (Key::Integer(2), Value::Bytes(&self.id)),
            (Key::Integer(3), Value::Bytes(&self.secret)),
            (Key::Integer(4), Value::Bytes(&self.identity)),
            (Key::Integer(5), Value::Text(&self.name)),
            (Key::Integer(6), Value::Bytes(signature)),
        ]);
        Value::Map(vec![(Key::Integer(1), linking)]).encode()
    }

    /// From an update, if it holds a link: checks the signature with the client's key of the code.
    pub fn from_update(
        update: &[u8],
        client_key: &PrivateKey,
        hash: &[u8; 32],
    ) -> Result<Option<Self>, LinkRefusal> {
        let value = cbor::parse(update, cbor::CTAP2_DEPTH).map_err(|_| LinkRefusal::Form)?;
        if value.as_map().is_none() {
            return Err(LinkRefusal::Form);
        }
        let Some(linking) = value.at(1) else { return Ok(None) };
        let link = Self::from_map(linking).ok_or(LinkRefusal::Form)?;
        let signature = linking.at(6).and_then(Value::as_bytes).ok_or(LinkRefusal::Form)?;
        let expected = sign(client_key, &link.identity, hash)?;
        if constant_time_eq(&expected, signature) { Ok(Some(link)) } else { Err(LinkRefusal::Signature) }
    }

    fn from_map(map: &Value<'_>) -> Option<Self> {
        let bytes = |key| map.at(key).and_then(Value::as_bytes);
        let contact = bytes(1).filter(|contact| !contact.is_empty() && contact.len() <= LONGEST_CONTACT)?;
        let name = map.at(5).and_then(Value::as_text).filter(|name| name.len() <= LONGEST_NAME)?;
        Some(Self {
            contact: contact.to_vec(),
            id: bytes(2)?.try_into().ok()?,
            secret: bytes(3)?.try_into().ok()?,
            identity: bytes(4)?.try_into().ok()?,
            name: name.to_owned(),
        })
    }
}

/// The secret stays out of logs.
impl fmt::Debug for Link {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Link").field("name", &self.name).finish_non_exhaustive()
    }
}

impl Drop for Link {
    fn drop(&mut self) {
        self.secret.zeroize();
    }
}

/// What the phone remembers of the clients that it gave a link to. To be kept as a passkey is: whoever has it can
/// stand in for the phone, though not for its passkeys.
#[derive(Clone, PartialEq, Eq)]
pub struct PhoneLink {
    /// With which the phone waits at the tunnel service; its digest is the contact.
    pub waiting: [u8; 32],
    /// Under which a client names the link.
    pub id: [u8; 8],
    /// What both share.
    pub secret: [u8; 32],
    /// The scalar of the phone's key.
    pub identity: [u8; 32],
}

impl PhoneLink {
    /// A new one.
    pub fn generate(entropy: &mut dyn Entropy) -> Self {
        let (waiting, id, secret) =
            (entropy::array(entropy), entropy::array(entropy), entropy::array(entropy));
        loop {
            let identity = entropy::array(entropy);
            // All but one in 2^32 numbers are scalars of P-256.
            if PrivateKey::from_scalar(identity).is_ok() {
                return Self { waiting, id, secret, identity };
            }
        }
    }

    /// What the client is given.
    pub fn link(&self, name: &str) -> Result<Link, LinkRefusal> {
        let identity = self.key()?.public_uncompressed();
        let contact = contact(&self.waiting).to_vec();
        let name = name.chars().take(LONGEST_NAME / 4).collect();
        Ok(Link { contact, id: self.id, secret: self.secret, identity, name })
    }

    /// The phone's key.
    pub fn key(&self) -> Result<PrivateKey, LinkRefusal> {
        PrivateKey::from_scalar(self.identity).map_err(|_| LinkRefusal::Point)
    }

    /// As it is kept, sealed with the passkeys.
    pub fn write(&self) -> Vec<u8> {
        Value::Map(vec![
            (Key::Integer(1), Value::Bytes(&self.waiting)),
            (Key::Integer(2), Value::Bytes(&self.id)),
            (Key::Integer(3), Value::Bytes(&self.secret)),
            (Key::Integer(4), Value::Bytes(&self.identity)),
        ])
        .encode()
    }

    /// From what was kept.
    pub fn read(bytes: &[u8]) -> Result<Self, LinkRefusal> {
        let value = cbor::parse(bytes, 1).map_err(|_| LinkRefusal::Form)?;
        let bytes = |key| value.at(key).and_then(Value::as_bytes);
        let read = || {
            Some(Self {
                waiting: bytes(1)?.try_into().ok()?,
                id: bytes(2)?.try_into().ok()?,
                secret: bytes(3)?.try_into().ok()?,
                identity: bytes(4)?.try_into().ok()?,
            })
        };
        read().ok_or(LinkRefusal::Form)
    }
}

/// Nothing of it is for a log.
impl fmt::Debug for PhoneLink {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("PhoneLink").finish_non_exhaustive()
    }
}

impl Drop for PhoneLink {
    fn drop(&mut self) {
        self.waiting.zeroize();
        self.secret.zeroize();
        self.identity.zeroize();
    }
}

/// The contact of a phone that waits with that secret. Clients know the contact and could otherwise wait in its place.
pub fn contact(waiting: &[u8; 32]) -> [u8; 32] {
    digest::sha256(waiting)
}

/// The signature of a link: made by the phone with its identity key and the public key of the code, checked by the
/// client the other way round.
pub fn sign(ours: &PrivateKey, theirs: &[u8], hash: &[u8; 32]) -> Result<[u8; 32], LinkRefusal> {
    let shared = ours.agree(theirs).map_err(|_| LinkRefusal::Point)?;
    Ok(digest::hmac_sha256(shared.as_slice(), hash))
}

/// What a client says when it contacts a linked phone, in the header `X-caBLE-Client-Payload`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ClientPayload {
    /// Which link.
    pub link_id: [u8; 8],
    /// Random of this contact.
    pub nonce: [u8; 16],
    /// What the client means to do.
    pub hint: Hint,
}

impl ClientPayload {
    /// The header's text.
    pub fn write(&self) -> String {
        let map = Value::Map(vec![
            (Key::Integer(1), Value::Bytes(&self.link_id)),
            (Key::Integer(2), Value::Bytes(&self.nonce)),
            (Key::Integer(3), Value::Text(self.hint.text())),
        ]);
        hex(&map.encode())
    }

    /// From the header's text.
    pub fn read(text: &str) -> Result<Self, LinkRefusal> {
        if text.len() > LONGEST_PAYLOAD {
            return Err(LinkRefusal::Form);
        }
        Self::from_cbor(&from_hex(text).ok_or(LinkRefusal::Form)?)
    }

    /// From the bytes that the header stands for.
    pub fn from_cbor(bytes: &[u8]) -> Result<Self, LinkRefusal> {
        let value = cbor::parse(bytes, cbor::CTAP2_DEPTH).map_err(|_| LinkRefusal::Form)?;
        let read = || {
            Some(Self {
                link_id: value.at(1)?.as_bytes()?.try_into().ok()?,
                nonce: value.at(2)?.as_bytes()?.try_into().ok()?,
                hint: Hint::from_text(value.at(3)?.as_text()?),
            })
        };
        read().ok_or(LinkRefusal::Form)
    }
}

/// Why a link or a contact is refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LinkRefusal {
    /// Not the map that it should be.
    Form,
    /// What should be a point of the curve is none.
    Point,
    /// Not signed by that phone for this handshake.
    Signature,
}

impl LinkRefusal {
    /// The name by which people and logs know it.
    pub fn code(self) -> &'static str {
        match self {
            LinkRefusal::Form => "link_form",
            LinkRefusal::Point => "link_point",
            LinkRefusal::Signature => "link_signature",
        }
    }
}

#[cfg(test)]
mod tests;
