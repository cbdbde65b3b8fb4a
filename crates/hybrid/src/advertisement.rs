//! The advertisement (CTAP 2.3 section 11.5.1.2): twenty bytes by radio that only a phone near the screen can have
//! made, and only whoever showed the code can read.

use primitives::block_cipher;
use primitives::cbor::{self, Key, Value};
use primitives::digest;
use primitives::encoding::constant_time_eq;
use primitives::entropy::{self, Entropy};
use zeroize::{Zeroize, Zeroizing};

use crate::keys;
use crate::qr::L2CAP;
use crate::tunnel_domain;

/// The service under which a phone advertises, as sixteen bits.
pub const SERVICE: u16 = 0xfff9;
/// The service that older phones use.
pub const LEGACY_SERVICE: u16 = 0xfde2;
/// An advertisement without what CTAP 2.3 may append to it.
pub const LENGTH: usize = 20;
/// The channels of L2CAP that a program is given: what else there is belongs to fixed services.
pub const DYNAMIC: std::ops::RangeInclusive<u16> = 0x80..=0xff;
/// More does not fit a legacy advertisement; an extended one has no reason to be longer.
const LONGEST: usize = 64;

/// What the phone tells in an advertisement that answers a QR code.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Eid {
    /// Random.
    pub nonce: [u8; 10],
    /// Where at the tunnel service the phone waits.
    pub routing_id: [u8; 3],
    /// Which tunnel service.
    pub domain: u16,
}

impl Eid {
    /// One of its own kind.
    pub fn generate(routing_id: [u8; 3], domain: u16, entropy: &mut dyn Entropy) -> Self {
        Self { nonce: entropy::array(entropy), routing_id, domain }
    }

    /// The plaintext: what the key of the handshake is made of, too.
    pub fn plain(&self) -> [u8; 16] {
        let mut out = [0; 16];
        let parts = [&[0_u8][..], &self.nonce, &self.routing_id, &self.domain.to_le_bytes()];
        for (to, from) in out.iter_mut().zip(parts.into_iter().flatten()) {
            *to = *from;
        }
        out
    }

    /// From the plaintext of an advertisement that answers a QR code of a client that knows `assigned` domains.
    pub fn from_plain(plain: &[u8; 16], assigned: u64) -> Result<Self, AdvertisementRefusal> {
        let [_, nonce @ .., r0, r1, r2, d0, d1] = *plain;
        let domain = u16::from_le_bytes([d0, d1]);
        if !tunnel_domain::known_to(domain, assigned) || tunnel_domain::name(domain).is_err() {
            return Err(AdvertisementRefusal::Domain);
        }
        Ok(Self { nonce, routing_id: [r0, r1, r2], domain })
    }
}

/// The plaintext of an advertisement that answers a contact (state-assisted): nothing but random.
pub fn contact_plain(entropy: &mut dyn Entropy) -> [u8; 16] {
    let mut plain: [u8; 16] = entropy::array(entropy);
    if let Some(reserved) = plain.first_mut() {
        *reserved = 0;
    }
    plain
}

/// The two keys of the advertisements of one code or contact.
pub struct EidKey {
    cipher: [u8; 32],
    mac: [u8; 32],
}

impl EidKey {
    /// Of a QR code's secret.
    pub fn of_qr(secret: &[u8; 16]) -> Self {
        Self::from_bytes(&keys::eid_key(secret, &[]))
    }

    /// Of a link's secret and the client's nonce.
    pub fn of_link(secret: &[u8; 32], nonce: &[u8; 16]) -> Self {
        Self::from_bytes(&keys::eid_key(secret, nonce))
    }

    fn from_bytes(bytes: &Zeroizing<[u8; 64]>) -> Self {
        let mut key = Self { cipher: [0; 32], mac: [0; 32] };
        for (to, from) in key.cipher.iter_mut().chain(key.mac.iter_mut()).zip(bytes.iter()) {
            *to = *from;
        }
        key
    }

    /// What goes out by radio.
    pub fn seal(&self, plain: [u8; 16]) -> [u8; LENGTH] {
        let sealed = block_cipher::aes256_ecb_block(&self.cipher, plain);
        let tag = self.tag(&sealed);
        let mut out = [0; LENGTH];
        for (to, from) in out.iter_mut().zip(sealed.iter().chain(&tag)) {
            *to = *from;
        }
        out
    }

    /// What came in by radio, if it is one of ours.
    pub fn open(&self, advertisement: &[u8]) -> Result<Opened, AdvertisementRefusal> {
        if advertisement.len() > LONGEST {
            return Err(AdvertisementRefusal::Length);
        }
        let (sealed, rest) = advertisement.split_first_chunk::<16>().ok_or(AdvertisementRefusal::Length)?;
        let (tag, suffix) = rest.split_first_chunk::<4>().ok_or(AdvertisementRefusal::Length)?;
        if !constant_time_eq(&self.tag(sealed), tag) {
            return Err(AdvertisementRefusal::NotOurs);
        }
        let plain = block_cipher::aes256_ecb_block_open(&self.cipher, *sealed);
        if plain.first() != Some(&0) {
            return Err(AdvertisementRefusal::Reserved);
        }
        Ok(Opened { plain, psm: psm(suffix) })
    }

    fn tag(&self, sealed: &[u8; 16]) -> [u8; 4] {
        digest::hmac_sha256(&self.mac, sealed).first_chunk().copied().unwrap_or_default()
    }
}

impl Drop for EidKey {
    fn drop(&mut self) {
        self.cipher.zeroize();
        self.mac.zeroize();
    }
}

/// An advertisement that was made with our key.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Opened {
    /// The plaintext.
    pub plain: [u8; 16],
    /// Where the phone listens on L2CAP, if it does.
    pub psm: Option<u16>,
}

/// The advertisement with what tells of an L2CAP channel (CTAP 2.3): only for clients whose code offers one, since
/// others take nothing but twenty bytes.
pub fn with_psm(advertisement: [u8; LENGTH], psm: u16) -> Vec<u8> {
    let channel = i64::try_from(L2CAP).unwrap_or_default();
    let mut out = advertisement.to_vec();
    out.extend(Value::Map(vec![(Key::Integer(channel), Value::Integer(i64::from(psm)))]).encode());
    out
}

/// What cannot be read here is not for us; the tunnel is there all the same.
fn psm(suffix: &[u8]) -> Option<u16> {
    let value = cbor::parse(suffix, 1).ok()?;
    let psm = u16::try_from(value.at(i64::try_from(L2CAP).ok()?)?.as_integer()?).ok()?;
    DYNAMIC.contains(&psm).then_some(psm)
}

/// Why an advertisement is not taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AdvertisementRefusal {
    /// Not twenty bytes, nor those with something after them.
    Length,
    /// Made with another key: another code's, or nobody's.
    NotOurs,
    /// The first byte is reserved and not zero.
    Reserved,
    /// It names a tunnel service that nobody was given or that the client does not know.
    Domain,
}

impl AdvertisementRefusal {
    /// The name by which people and logs know it.
    pub fn code(self) -> &'static str {
        match self {
            AdvertisementRefusal::Length => "advertisement_length",
            AdvertisementRefusal::NotOurs => "advertisement_not_ours",
            AdvertisementRefusal::Reserved => "advertisement_reserved",
            AdvertisementRefusal::Domain => "advertisement_domain",
        }
    }
}

#[cfg(test)]
mod tests;
