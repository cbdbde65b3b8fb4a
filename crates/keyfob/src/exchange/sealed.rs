//! An encrypted export.
//!
//! ```text
//!  0   8  89 "KEYFBX" 0A
//!  8   2  version, 1
//! 10   4  Argon2id: memory in KiB
//! 14   4  Argon2id: passes
//! 18  16  salt
//! 34  12  nonce
//! 46   n  JSON under AES-256-GCM, the tag last; associated data: the 46 bytes in front
//! ```

use primitives::aead::Aes256Gcm;
use primitives::entropy::{self, Entropy};
use primitives::secret::SecretText;
use primitives::slow_hash::{self, Cost};
use unicode_normalization::UnicodeNormalization;
use zeroize::Zeroizing;

use super::{ExchangeRefusal, LONGEST};

const MAGIC: [u8; 8] = *b"\x89KEYFBX\n";
const VERSION: u16 = 1;
const HEAD: usize = 46;
/// Fewer characters than these are no passphrase.
const SHORTEST_PASSPHRASE: usize = 8;

/// Encrypts `json` with a passphrase.
pub fn seal(
    json: &[u8],
    passphrase: &SecretText,
    cost: Cost,
    entropy: &mut dyn Entropy,
) -> Result<Vec<u8>, ExchangeRefusal> {
    if passphrase.reveal().chars().count() < SHORTEST_PASSPHRASE {
        return Err(ExchangeRefusal::Passphrase);
    }
    if json.len() > LONGEST {
        return Err(ExchangeRefusal::TooLong);
    }
    let salt: [u8; 16] = entropy::array(entropy);
    let nonce: [u8; 12] = entropy::array(entropy);
    let mut file = Vec::with_capacity(HEAD);
    file.extend_from_slice(&MAGIC);
    file.extend_from_slice(&VERSION.to_be_bytes());
    file.extend_from_slice(&cost.memory_kib().to_be_bytes());
    file.extend_from_slice(&cost.iterations().to_be_bytes());
    file.extend_from_slice(&salt);
    file.extend_from_slice(&nonce);
    // The salt is this file's alone, and so is the key: its nonce serves once.
    let sealed = Aes256Gcm::new(&key(passphrase, cost, &salt)).seal(&nonce, &file, json);
    file.extend_from_slice(&sealed);
    Ok(file)
}

/// Whether this is an encrypted export, of whichever version.
pub fn is_sealed(file: &[u8]) -> bool {
    file.starts_with(&MAGIC)
}

/// Decrypts an export.
pub fn open(file: &[u8], passphrase: &SecretText) -> Result<Zeroizing<Vec<u8>>, ExchangeRefusal> {
    if file.len() > LONGEST + HEAD + 16 {
        return Err(ExchangeRefusal::TooLong);
    }
    let rest = file.strip_prefix(&MAGIC).ok_or(ExchangeRefusal::NotAnExport)?;
    let (version, rest) = rest.split_first_chunk::<2>().ok_or(ExchangeRefusal::NotAnExport)?;
    match u16::from_be_bytes(*version) {
        VERSION => {}
        0 => return Err(ExchangeRefusal::NotAnExport),
        _ => return Err(ExchangeRefusal::Newer),
    }
    let read = || {
        let (memory, rest) = rest.split_first_chunk::<4>()?;
        let (passes, rest) = rest.split_first_chunk::<4>()?;
        let (salt, rest) = rest.split_first_chunk::<16>()?;
        let (nonce, sealed) = rest.split_first_chunk::<12>()?;
        let cost = Cost::stated(u32::from_be_bytes(*memory), u32::from_be_bytes(*passes))?;
        Some((cost, salt, nonce, file.get(..HEAD)?, sealed))
    };
    let (cost, salt, nonce, head, sealed) = read().ok_or(ExchangeRefusal::NotAnExport)?;
    let key = key(passphrase, cost, salt);
    Aes256Gcm::new(&key).open(nonce, head, sealed).map_err(|_| ExchangeRefusal::WrongKey)
}

fn key(passphrase: &SecretText, cost: Cost, salt: &[u8; 16]) -> Zeroizing<[u8; 32]> {
    let normal: Zeroizing<String> = Zeroizing::new(passphrase.reveal().nfc().collect());
    slow_hash::derive_key(cost, salt, normal.as_bytes())
}
