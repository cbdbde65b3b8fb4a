//! Refresh tokens: computed from the grant that they belong to, and stored nowhere.

use primitives::encoding::{base64url_append, from_base64url};
use primitives::keys::{KeyRing, MAC_LENGTH, Purpose};

/// What a refresh token begins with, so that those who scan for leaked secrets find it.
pub const PREFIX: &str = "kwr_";

/// What a refresh token says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RefreshToken {
    /// The grant.
    pub grant: [u8; 16],
    /// How many came before it; the grant's row says which one counts.
    pub generation: u64,
}

/// Octets of grant, generation and MAC: a multiple of three, so that every text stands for other octets.
const LENGTH: usize = 16 + 8 + MAC_LENGTH;
const TEXT: usize = PREFIX.len() + LENGTH / 3 * 4;

impl RefreshToken {
    /// Its text.
    pub fn spell(&self, keys: &KeyRing) -> String {
        let generation = self.generation.to_be_bytes();
        let mac = keys.mac(Purpose::RefreshToken, &[&self.grant, &generation]);
        let mut out = String::with_capacity(TEXT);
        out.push_str(PREFIX);
        base64url_append(&[self.grant.as_slice(), &generation, &mac].concat(), &mut out);
        out
    }

    /// Reads a text that [`RefreshToken::spell`] made; nothing for any other.
    pub fn read(keys: &KeyRing, text: &str) -> Option<Self> {
        if text.len() != TEXT {
            return None;
        }
        let octets = from_base64url(text.strip_prefix(PREFIX)?)?;
        let (grant, rest) = octets.split_first_chunk::<16>()?;
        let (generation, mac) = rest.split_first_chunk::<8>()?;
        keys.verify_mac(Purpose::RefreshToken, &[grant, generation], mac).ok()?;
        Some(Self { grant: *grant, generation: u64::from_be_bytes(*generation) })
    }
}

#[cfg(test)]
mod tests;
