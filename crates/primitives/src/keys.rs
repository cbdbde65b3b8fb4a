//! The deployment's root keys: one file outside the database, one derived key for each purpose.
//!
//! DESIGN 5a.1: whoever can write the database but not read this file can forge nothing, because every
//! row that gives authority carries a MAC under a key derived here.

use std::fmt;

use aws_lc_rs::{hkdf, hmac};
use zeroize::Zeroizing;

use crate::cose::{Algorithm, SigningKey};
use crate::digest::{self, Digest};
use crate::encoding;
use crate::entropy::{self, Entropy};
use crate::time::Timestamp;

/// What a derived key is for. No key serves two purposes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Purpose {
    /// MACs over the authority columns of rows.
    RowMac,
    /// Looking up bearer tokens by HMAC.
    TokenLookup,
    /// Pepper of slow hashes (passes, recovery codes).
    Pepper,
    /// MACs over audit events before the sequencer numbers them.
    AuditEvent,
    /// Choosing the slot of the throttle table for a name.
    Throttle,
    /// Commitments to personal data inside audit events.
    Commitment,
    /// Refresh tokens, which stand nowhere.
    RefreshToken,
    /// What lets this deployment recognise its own access tokens without verifying a signature.
    AccessToken,
}

impl Purpose {
    const ALL: [Purpose; 8] = [
        Purpose::RowMac,
        Purpose::TokenLookup,
        Purpose::Pepper,
        Purpose::AuditEvent,
        Purpose::Throttle,
        Purpose::Commitment,
        Purpose::RefreshToken,
        Purpose::AccessToken,
    ];

    fn label(self) -> &'static [u8] {
        match self {
            Purpose::RowMac => b"keyward row mac v1",
            Purpose::TokenLookup => b"keyward token lookup v1",
            Purpose::Pepper => b"keyward pepper v1",
            Purpose::AuditEvent => b"keyward audit event v1",
            Purpose::Throttle => b"keyward throttle v1",
            Purpose::Commitment => b"keyward commitment v1",
            Purpose::RefreshToken => b"keyward refresh token v1",
            Purpose::AccessToken => b"keyward access token v1",
        }
    }
}

/// Where a root key stands in its life.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum KeyState {
    /// Known to every node, not yet used to make anything.
    Next,
    /// Makes and checks.
    Current,
    /// Only checks what it once made.
    Retired,
}

impl KeyState {
    /// The stable name, as the key file holds it.
    pub fn name(self) -> &'static str {
        match self {
            KeyState::Next => "next",
            KeyState::Current => "current",
            KeyState::Retired => "retired",
        }
    }
}

/// One root key with everything derived from it.
struct RootKey {
    id: u32,
    state: KeyState,
    created: Timestamp,
    secret: Zeroizing<[u8; 32]>,
    derived: Vec<hmac::Key>,
}

impl RootKey {
    fn new(id: u32, state: KeyState, created: Timestamp, secret: [u8; 32]) -> Self {
        let secret = Zeroizing::new(secret);
        let derived = Purpose::ALL
            .iter()
            .map(|purpose| hmac::Key::new(hmac::HMAC_SHA256, expand(&secret, &[purpose.label()]).as_slice()))
            .collect();
        Self { id, state, created, secret, derived }
    }

    fn hmac(&self, purpose: Purpose, parts: &[&[u8]]) -> Digest {
        Purpose::ALL
            .iter()
            .zip(&self.derived)
            .find(|(candidate, _)| **candidate == purpose)
            .map(|(_, key)| digest::hmac_parts(key, parts))
            .unwrap_or_else(|| unreachable!("every purpose is in Purpose::ALL"))
    }
}

/// HKDF-SHA-256 (RFC 5869) of a root secret for the context `info`.
pub(crate) fn expand(secret: &[u8; 32], info: &[&[u8]]) -> Zeroizing<[u8; 32]> {
    let salt = hkdf::Salt::new(hkdf::HKDF_SHA256, b"keyward root key v1");
    let mut out = Zeroizing::new([0; 32]);
    let filled =
        salt.extract(secret).expand(info, hkdf::HKDF_SHA256).and_then(|okm| okm.fill(out.as_mut_slice()));
    if filled.is_err() {
        unreachable!("32 bytes are within HKDF-SHA-256's bound");
    }
    out
}

/// The root keys of a deployment. Exactly one is current.
pub struct KeyRing {
    keys: Vec<RootKey>,
    current: usize,
}

/// What may be told about a root key.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct KeySummary {
    /// Its id.
    pub id: u32,
    /// Where it stands in its life.
    pub state: KeyState,
    /// When it was made.
    pub created: Timestamp,
}

/// Length of a MAC as stored: four bytes of key id, then the tag.
pub const MAC_LENGTH: usize = 36;

/// Length of a MAC in a short-lived token: four bytes of key id, then the first 16 of the tag.
pub const SHORT_MAC_LENGTH: usize = 20;

impl KeyRing {
    /// A new ring with one current key.
    pub fn generate(now: Timestamp, entropy: &mut dyn Entropy) -> Self {
        Self { keys: vec![RootKey::new(1, KeyState::Current, now, entropy::array(entropy))], current: 0 }
    }

    /// Retires the current key and makes the next one (or a fresh one) current.
    pub fn rotate(&mut self, now: Timestamp, entropy: &mut dyn Entropy) {
        let id = self.keys.iter().map(|key| key.id).max().unwrap_or(0).saturating_add(1);
        for key in &mut self.keys {
            if key.state == KeyState::Current {
                key.state = KeyState::Retired;
            }
        }
        match self.keys.iter().position(|key| key.state == KeyState::Next) {
            Some(next) => {
                if let Some(key) = self.keys.get_mut(next) {
                    key.state = KeyState::Current;
                }
                self.current = next;
            }
            None => {
                self.keys.push(RootKey::new(id, KeyState::Current, now, entropy::array(entropy)));
                self.current = self.keys.len().saturating_sub(1);
            }
        }
    }

    fn current(&self) -> &RootKey {
        self.keys.get(self.current).unwrap_or_else(|| unreachable!("a ring has a current key"))
    }

    fn by_id(&self, id: u32) -> Option<&RootKey> {
        self.keys.iter().find(|key| key.id == id && key.state != KeyState::Next)
    }

    /// The id of the key that makes new MACs and seals.
    pub fn current_id(&self) -> u32 {
        self.current().id
    }

    /// A MAC over `parts`, led by the id of the key that made it.
    pub fn mac(&self, purpose: Purpose, parts: &[&[u8]]) -> [u8; MAC_LENGTH] {
        let key = self.current();
        let mut out = [0; MAC_LENGTH];
        let tag = key.hmac(purpose, parts);
        for (to, from) in out.iter_mut().zip(key.id.to_be_bytes().iter().chain(&tag)) {
            *to = *from;
        }
        out
    }

    /// Checks a MAC made by [`KeyRing::mac`], by the key that it names.
    pub fn verify_mac(&self, purpose: Purpose, parts: &[&[u8]], mac: &[u8]) -> Result<(), BadMac> {
        let (id, tag) = mac.split_first_chunk::<4>().ok_or(BadMac)?;
        let key = self.by_id(u32::from_be_bytes(*id)).ok_or(BadMac)?;
        if encoding::constant_time_eq(&key.hmac(purpose, parts), tag) { Ok(()) } else { Err(BadMac) }
    }

    /// A MAC whose tag is cut to 128 bits, for tokens that live for minutes and should be short.
    pub fn short_mac(&self, purpose: Purpose, parts: &[&[u8]]) -> [u8; SHORT_MAC_LENGTH] {
        let mut out = [0; SHORT_MAC_LENGTH];
        for (to, from) in out.iter_mut().zip(self.mac(purpose, parts)) {
            *to = from;
        }
        out
    }

    /// Checks a MAC made by [`KeyRing::short_mac`], by the key that it names.
    pub fn verify_short_mac(&self, purpose: Purpose, parts: &[&[u8]], mac: &[u8]) -> Result<(), BadMac> {
        let (id, tag) = mac.split_first_chunk::<4>().ok_or(BadMac)?;
        let key = self.by_id(u32::from_be_bytes(*id)).ok_or(BadMac)?;
        let whole = key.hmac(purpose, parts);
        let (short, _) = whole.split_first_chunk::<{ SHORT_MAC_LENGTH - 4 }>().ok_or(BadMac)?;
        if encoding::constant_time_eq(short, tag) { Ok(()) } else { Err(BadMac) }
    }

    /// The keyed digest under which a new `value` is looked up.
    pub fn lookup(&self, purpose: Purpose, value: &[u8]) -> Digest {
        self.current().hmac(purpose, &[value])
    }

    /// The keyed digest of `value` by root key `key_id`, if the ring has that key.
    pub(crate) fn keyed_digest(&self, key_id: u32, purpose: Purpose, value: &[u8]) -> Option<Digest> {
        self.by_id(key_id).map(|key| key.hmac(purpose, &[value]))
    }

    /// The keyed digests under which an old `value` may be stored: the current key's first.
    pub fn lookups(&self, purpose: Purpose, value: &[u8]) -> Vec<Digest> {
        let mut keys: Vec<&RootKey> = self.keys.iter().filter(|key| key.state != KeyState::Next).collect();
        keys.sort_by_key(|key| key.state != KeyState::Current);
        keys.into_iter().map(|key| key.hmac(purpose, &[value])).collect()
    }

    /// The subkey of root key `id` for `info`, for [`crate::seal`] and signing keys.
    pub(crate) fn subkey(&self, id: u32, info: &[&[u8]]) -> Option<Zeroizing<[u8; 32]>> {
        self.by_id(id).map(|key| expand(&key.secret, info))
    }

    /// The Ed25519 key, derived from root key `id`, that signs the heads of the audit chain (DESIGN 5a.8).
    ///
    /// Its public half checks exported heads without the key file.
    pub fn audit_signer(&self, id: u32) -> Option<SigningKey> {
        let seed = self.subkey(id, &[b"keyward audit head v1"])?;
        SigningKey::from_seed(Algorithm::EdDsa, &seed).ok()
    }

    /// What may be told about each key, in the order of the file.
    pub fn summaries(&self) -> Vec<KeySummary> {
        let summary = |key: &RootKey| KeySummary { id: key.id, state: key.state, created: key.created };
        self.keys.iter().map(summary).collect()
    }

    /// The text of the key file: one line a key, `id state created base64url-secret`.
    pub fn encode(&self) -> Zeroizing<String> {
        let mut out = Zeroizing::new(String::from(KEY_FILE_HEADER));
        for key in &self.keys {
            let secret = Zeroizing::new(encoding::base64url(key.secret.as_slice()));
            let line = Zeroizing::new(format!(
                "{} {} {} {}\n",
                key.id,
                key.state.name(),
                key.created.secs(),
                *secret
            ));
            out.push_str(&line);
        }
        out
    }

    /// Reads the text of a key file.
    pub fn parse(text: &str) -> Result<Self, KeyFileRefusal> {
        let mut keys: Vec<RootKey> = Vec::new();
        for line in text.lines().filter(|line| !line.is_empty() && !line.starts_with('#')) {
            let key = parse_line(line).ok_or(KeyFileRefusal::Line)?;
            if keys.iter().any(|other| other.id == key.id) {
                return Err(KeyFileRefusal::DuplicateId);
            }
            keys.push(key);
        }
        let mut current = keys.iter().enumerate().filter(|(_, key)| key.state == KeyState::Current);
        let index = match (current.next(), current.next()) {
            (Some((index, _)), None) => index,
            _ => return Err(KeyFileRefusal::NotOneCurrent),
        };
        Ok(Self { keys, current: index })
    }
}

const KEY_FILE_HEADER: &str =
    "# Keyward root keys. Keep this file secret (mode 0600) and back it up apart from the database.\n";

fn parse_line(line: &str) -> Option<RootKey> {
    let mut words = line.split_ascii_whitespace();
    let id = words.next()?.parse().ok()?;
    let state = match words.next()? {
        "next" => KeyState::Next,
        "current" => KeyState::Current,
        "retired" => KeyState::Retired,
        _ => return None,
    };
    let created = Timestamp::from_secs(words.next()?.parse().ok()?);
    let secret = Zeroizing::new(encoding::from_base64url(words.next()?)?);
    let secret: [u8; 32] = secret.as_slice().try_into().ok()?;
    words.next().is_none().then(|| RootKey::new(id, state, created, secret))
}

impl fmt::Debug for KeyRing {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "KeyRing(current {})", self.current().id)
    }
}

/// A MAC that no key of this deployment made over these parts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct BadMac;

/// Why a text is no key file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum KeyFileRefusal {
    /// A line is not `id state created secret`.
    Line,
    /// Two keys have the same id.
    DuplicateId,
    /// There must be exactly one current key.
    NotOneCurrent,
}

impl fmt::Display for KeyFileRefusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            KeyFileRefusal::Line => "a line of the key file is not `id state created secret`",
            KeyFileRefusal::DuplicateId => "two keys of the key file have the same id",
            KeyFileRefusal::NotOneCurrent => "the key file must hold exactly one current key",
        })
    }
}

impl std::error::Error for KeyFileRefusal {}

#[cfg(test)]
mod tests;
